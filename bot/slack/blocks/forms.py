"""The forms: how they look; `bot.slack.incoming.filled` reads what was filled in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.incident import Incident, Role, Severity, Visibility
from analysis.lifecycle import Move, offered_moves
from analysis.milestones import Milestone
from bot.slack.blocks import ids
from bot.slack.blocks.cards import ENDINGS
from bot.slack.blocks.elements import Block, plain, section
from bot.slack.blocks.numbered_rows import of_incident

MAXIMUM_INPUT_LETTERS = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One input: `kind` is text, lines, choice or person."""

    name: str
    label: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    initial: str = ""
    hint: str = ""
    is_optional: bool = False


def declare_form(values: Mapping[str, str], lookalikes: Sequence[Incident] = ()) -> dict[str, Any]:
    """The form that opens an incident; open ones that look the same come first."""
    severities = tuple((severity.value, _severity_words(severity)) for severity in Severity)
    fields = [
        FormField(name="title", label="What is wrong", initial=values.get("title", "")),
        FormField(
            name="severity",
            label="Severity",
            kind="choice",
            choices=severities,
            initial=values.get("severity", Severity.SEV3.value),
        ),
        FormField(
            name="visibility",
            label="Who may see it",
            kind="choice",
            choices=tuple((member.value, member.value.capitalize()) for member in Visibility),
            initial=values.get("visibility", Visibility.PUBLIC.value),
        ),
        FormField(name="impact", label="Customer impact", is_optional=True),
        FormField(
            name="occurrence",
            label="Impact began",
            hint="Such as 14:02, in your time zone. Leave it empty if nobody knows yet.",
            is_optional=True,
        ),
        FormField(name="detection", label="First noticed", hint="Such as 14:05.", is_optional=True),
    ]
    return form_view("declare", "Declare incident", "Declare", "", fields, before=_lookalike_blocks(lookalikes))


def incident_form(name: str, incident: Incident) -> dict[str, Any]:
    """One of the forms on an existing incident: note, correct, update, severity, role, milestone, reopen or end."""
    title, submit, fields = _FORMS[name](incident)
    return form_view(name, title, submit, of_incident(incident), fields)


def form_view(
    name: str, title: str, submit: str, about: str, fields: Sequence[FormField], *, before: Sequence[Block] = ()
) -> dict[str, Any]:
    """A form of *fields* whose submission says *name* and what it is *about*; *before* comes above them."""
    return {
        "type": "modal",
        "callback_id": f"{ids.FORM_PREFIX}{name}",
        "private_metadata": about,
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [*before, *(_input(each) for each in fields)],
    }


def notice(sentence: str) -> dict[str, Any]:
    """What is shown in place of a form that its asker may not have."""
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": {"type": "plain_text", "text": "Not possible"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [section(plain(sentence))],
    }


def _note_form(_: Incident) -> tuple[str, str, list[FormField]]:
    hint = "Such as 14:02 or 2026-03-29 01:30 Europe/Berlin. Empty means now."
    fields = [
        FormField(name="text", label="What happened", kind="lines"),
        FormField(name="time", label="When", hint=hint, is_optional=True),
    ]
    return "Add to the timeline", "Add", fields


def _correct_form(_: Incident) -> tuple[str, str, list[FormField]]:
    words = {
        "correct": "Correct it",
        "withdraw": "Withdraw it: it does not belong on the timeline",
        "restore": "Restore it: it was withdrawn and belongs there",
    }
    fields = [
        FormField(name="label", label="Which entry", hint="Its label on the timeline, such as E7."),
        FormField(name="what", label="What to do", kind="choice", choices=tuple(words.items()), initial="correct"),
        FormField(
            name="text", label="What is right, or why it is withdrawn or restored", kind="lines", is_optional=True
        ),
        FormField(name="time", label="When it was", hint="Such as 14:02. Empty: as it is.", is_optional=True),
    ]
    return "Correct the timeline", "Record", fields


def _update_form(_: Incident) -> tuple[str, str, list[FormField]]:
    return "Stakeholder update", "Post", [FormField(name="text", label="What stakeholders should know", kind="lines")]


def _severity_form(incident: Incident) -> tuple[str, str, list[FormField]]:
    choices = tuple((severity.value, _severity_words(severity)) for severity in Severity)
    fields = [
        FormField(name="severity", label="Severity", kind="choice", choices=choices, initial=incident.severity.value),
        FormField(name="reason", label="Why", is_optional=True),
    ]
    return "Change severity", "Change", fields


def _role_form(_: Incident) -> tuple[str, str, list[FormField]]:
    choices = tuple((role.value, role.title.capitalize()) for role in Role)
    fields = [
        FormField(name="role", label="Role", kind="choice", choices=choices, initial=Role.INCIDENT_COMMANDER.value),
        FormField(name="holder", label="Who", kind="person"),
    ]
    return "Assign a role", "Assign", fields


def _milestone_form(incident: Incident) -> tuple[str, str, list[FormField]]:
    choices = tuple((member.value, member.value.capitalize()) for member in Milestone)
    fields = [
        FormField(name="milestone", label="Milestone", kind="choice", choices=choices, initial="recovery"),
        FormField(name="time", label="When", hint="Such as 14:02, in your time zone; none takes it back."),
    ]
    if incident.phase > 1:
        phases = tuple((str(number), f"Phase {number}") for number in range(1, incident.phase + 1))
        fields.append(
            FormField(name="phase", label="Phase", kind="choice", choices=phases, initial=str(incident.phase))
        )
    return "Set a milestone", "Set", fields


def _reopen_form(_: Incident) -> tuple[str, str, list[FormField]]:
    return "Reopen", "Reopen", [FormField(name="reason", label="Why was it not over", kind="lines")]


def _end_form(incident: Incident) -> tuple[str, str, list[FormField]]:
    moves = [move for move in ENDINGS if move in offered_moves(incident.status)]
    words = {
        Move.CLOSE: "Close: finish it, published or not",
        Move.DECLINE: "Decline: it was not an incident",
        Move.DUPLICATE: "Duplicate of another incident",
        Move.CANCEL: "Cancel: give it up",
    }
    fields = [
        FormField(
            name="move",
            label="How does it end",
            kind="choice",
            choices=tuple((move.value, words[move]) for move in moves),
            initial=moves[0].value if moves else "",
        ),
        FormField(name="reason", label="Why", kind="lines", hint="For a duplicate, begin with its number: of 12."),
    ]
    return "End it otherwise", "End", fields


_FORMS: Mapping[str, Callable[[Incident], tuple[str, str, list[FormField]]]] = {
    "note": _note_form,
    "correct": _correct_form,
    "update": _update_form,
    "severity": _severity_form,
    "role": _role_form,
    "milestone": _milestone_form,
    "reopen": _reopen_form,
    "end": _end_form,
}


def _input(field: FormField) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": {"type": "plain_text", "text": field.label},
        "optional": field.is_optional,
        "element": _element(field),
    }
    if field.hint:
        block["hint"] = {"type": "plain_text", "text": field.hint}
    return block


def _element(field: FormField) -> Block:
    if field.kind == "person":
        return {"type": "users_select", "action_id": "value"}
    if field.kind == "choice":
        options = {
            value: {"text": {"type": "plain_text", "text": text}, "value": value} for value, text in field.choices
        }
        element: Block = {"type": "static_select", "action_id": "value", "options": list(options.values())}
        if field.initial in options:
            element["initial_option"] = options[field.initial]
        return element
    element = {"type": "plain_text_input", "action_id": "value", "multiline": field.kind == "lines"}
    element["max_length"] = MAXIMUM_INPUT_LETTERS
    if field.initial:
        element["initial_value"] = field.initial
    return element


def _lookalike_blocks(lookalikes: Sequence[Incident]) -> list[Block]:
    if not lookalikes:
        return []
    lines = "\n".join(
        f"*{incident.reference}* {incident.severity} {plain(incident.shown_title, 120)}"
        + (f" <#{incident.channel_id}>" if incident.channel_id else "")
        for incident in lookalikes
    )
    return [section(f"These are open. If yours is one of them, join its channel instead:\n{lines}")]


def _severity_words(severity: Severity) -> str:
    return {
        Severity.SEV1: "SEV1 critical: customers cut off, or money at risk",
        Severity.SEV2: "SEV2 major: many customers affected",
        Severity.SEV3: "SEV3 moderate: partial loss, workaround exists",
        Severity.SEV4: "SEV4 minor: little customer impact",
        Severity.SEV5: "SEV5 cosmetic, or a drill",
    }[severity]
