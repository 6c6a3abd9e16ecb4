"""The forms behind the buttons of a group's message, and what was filled in there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from analysis.errors import InvalidInput, NotFound
from analysis.incident import Incident
from analysis.people import Action, can_see, require
from analysis.slacktext import truncate
from bot.ports.grouping import AlertGroup, SeriesOfGroup
from bot.ports.ledger import Reads
from bot.slack.blocks.forms import FormField, declare_form, form_view
from bot.slack.context import SlackContext
from bot.usecases.groups.asking import find_group, group_title, suggested_incidents
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.call_noise import SPANS, CallNoise, call_noise
from bot.usecases.groups.split import MOST_SERIES, SplitGroup, split_group
from bot.usecases.verbs import Asker, Request

#: Slack's limits for the options of a select.
OPTION_LETTERS = 75
MOST_OPTIONS = 100
PREFIX = "group_"


def group_form(context: SlackContext, name: str, asker: Asker) -> dict[str, Any]:
    """The form *name* about the group that the pressed button names.

    Raises
    ------
    analysis.errors.Refused
        If its presser may not, or there is nothing to choose from.
    """
    with context.snapshots.snapshot() as reads:
        require(asker.person, Action.DECLARE if name == "group_declare" else Action.RECORD)
        command = AttachGroup(**asker.base(), group=asker.number or 0)
        group = find_group(reads, command, command.group)
        return _FORMS[name](reads, asker, group)


def read_group_form(name: str, values: Mapping[str, str], asker: Asker) -> Request:
    """What the submitted form *name* asks for; the group's number is where an incident's would be."""
    number = asker.number or 0
    if name == "group_attach":
        attach = AttachGroup(**asker.base(), number=_number(values["incident"]), group=number)
        return Request(use_case=attach_group, command=attach)
    if name == "group_split":
        split = SplitGroup(**asker.base(), group=number, alert_id=_id(values["series"]))
        return Request(use_case=split_group, command=split)
    noise = CallNoise(**asker.base(), group=number, span=values["span"], reason=values["reason"])
    return Request(use_case=call_noise, command=noise)


def _declare_form(_: Reads, __: Asker, group: AlertGroup) -> dict[str, Any]:
    form = declare_form({"title": group_title(group)})
    return {**form, "callback_id": f"form.{PREFIX}declare", "private_metadata": str(group.number)}


def _attach_form(reads: Reads, asker: Asker, group: AlertGroup) -> dict[str, Any]:
    attached = {one.id for one in reads.groups.incidents_of(group.id)}
    found = reads.incidents(asker.workspace_id, limit=2 * MOST_OPTIONS)
    offered = [one for one in found if one.id not in attached and can_see(asker.person, one)][:MOST_OPTIONS]
    if not offered:
        message = f"There is no open incident that {group.reference} could be attached to. Declare one."
        raise NotFound(message)
    suggested = [str(one.incident.number) for one in suggested_incidents(reads, group) if one.incident in offered]
    field = FormField(
        name="incident",
        label="To which incident",
        kind="choice",
        choices=tuple((str(one.number), _named(one)) for one in offered),
        initial=(suggested or [""])[0],  # which one it is, nobody but its presser knows
    )
    return form_view(f"{PREFIX}attach", f"Attach {group.reference}", "Attach", str(group.number), [field])


def _split_form(reads: Reads, _: Asker, group: AlertGroup) -> dict[str, Any]:
    series = reads.groups.series_of(group.id, min(MOST_SERIES, MOST_OPTIONS))
    if len(series) < 2:
        message = f"{group.reference} has one series only, so there is nothing to put apart."
        raise NotFound(message)
    field = FormField(
        name="series",
        label="What does not belong here",
        kind="choice",
        choices=tuple((str(one.alert_id), _series_words(one)) for one in series),
        hint="It gets a group of its own, and stays there when it fires again.",
    )
    return form_view(f"{PREFIX}split", f"Split {group.reference}", "Put apart", str(group.number), [field])


def _noise_form(_: Reads, __: Asker, group: AlertGroup) -> dict[str, Any]:
    choices = tuple((span, words) for span, (words, _) in SPANS.items())
    fields = [
        FormField(name="span", label="For how long", kind="choice", choices=choices, initial="1d"),
        FormField(
            name="reason",
            label="Why it needs nobody",
            kind="lines",
            hint="Kept as your judgement. Nothing is held back: the group is shown all the same.",
        ),
    ]
    return form_view(f"{PREFIX}noise", f"{group.reference} is noise", "Record", str(group.number), fields)


_FORMS: Mapping[str, Callable[[Reads, Asker, AlertGroup], dict[str, Any]]] = {
    "group_declare": _declare_form,
    "group_attach": _attach_form,
    "group_split": _split_form,
    "group_noise": _noise_form,
}
#: The field under which a refusal of each is shown.
BLAMED = {"group_declare": "title", "group_attach": "incident", "group_split": "series", "group_noise": "reason"}


def _named(incident: Incident) -> str:
    return truncate(f"{incident.reference} {incident.severity} {incident.shown_title}", OPTION_LETTERS)


def _series_words(series: SeriesOfGroup) -> str:
    labels: Sequence[str] = [f"{name}={value}" for name, value in sorted(series.labels.items()) if name not in _KNOWN]
    firing = "firing" if series.is_firing else "resolved"
    return truncate(f"{series.rule} {firing} {' '.join(labels)}", OPTION_LETTERS)


#: What the rule says already.
_KNOWN = frozenset({"alertname", "severity"})


def _number(word: str) -> int:
    if not word.isdecimal():
        message = "Choose one of the open incidents."
        raise InvalidInput(message)
    return int(word)


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        message = "Choose one of the series."
        raise InvalidInput(message) from None
