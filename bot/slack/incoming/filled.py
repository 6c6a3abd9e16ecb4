"""What was filled in: how a submitted form becomes a command, and which field a refusal is about."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from analysis.errors import DebriefError, InvalidInput
from analysis.incident import DEFAULT_SEVERITY, Severity, Visibility
from analysis.slacktext import clean
from analysis.times import When, parse_when
from analysis.verb_words import label_and_words
from bot.slack.blocks.group_forms import BLAMED, PREFIX, read_group_form
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.declare_from_group import DeclareFromGroup, declare_from_group
from bot.usecases.incident.inform import checked_impact
from bot.usecases.timeline.correct import Correct, correct
from bot.usecases.timeline.note import Note, note
from bot.usecases.verbs import Asker, Late, Request, parse


def submitted_values(view: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field, without anything invisible; absent and empty ones read as an empty text."""
    state = (view.get("state") or {}).get("values") or {}
    return _Filled({name: _value(next(iter(elements.values()), {})) for name, elements in state.items()})


def read_submission(
    name: str,
    values: Mapping[str, str],
    asker: Asker,
    *,
    now: Callable[[], datetime],
    late: Mapping[str, Callable[[Asker, str], Request]],
) -> Request:
    """What the submitted form *name* asks for; *late* are the verbs that need more than the record.

    Raises
    ------
    FieldError
        If one field cannot be read; it names the field.
    """
    if name == "declare":
        return Request(use_case=declare, command=_declaration(values, asker, now=now))
    if name == "group_declare":
        declared = _declaration(values, asker, now=now)
        fields = {one.name: getattr(declared, one.name) for one in dataclasses.fields(declared)}
        return Request(use_case=declare_from_group, command=DeclareFromGroup(**fields, group=asker.number or 0))
    if name.startswith(PREFIX):
        return read_group_form(name, values, asker)
    if name == "note":
        command = Note(**asker.on_incident(), text=values["text"], when=values.get("time", ""))
        return Request(use_case=note, command=command)
    if name == "correct" and values["what"] in {"", "correct"}:
        return _corrected(values, asker)
    if name not in _TEXTS:
        message = "This form is from another version of Debrief. Open it again."
        raise InvalidInput(message)
    return _said(*_TEXTS[name](values), asker, late)


def _said(text: str, field_name: str, asker: Asker, late: Mapping[str, Callable[[Asker, str], Request]]) -> Request:
    """What *text* asks for, which *field_name* is to blame for where nobody can read it."""
    try:
        parsed = parse(text, asker)
    except InvalidInput as error:
        raise FieldError(field_name, error.message) from error
    if isinstance(parsed, Late):
        return late[parsed.name](parsed.asker, parsed.words)
    if not isinstance(parsed, Request):
        raise FieldError(field_name, "This is not filled in.")
    return parsed


def blamed_field(name: str, values: Mapping[str, str], error: DebriefError) -> str:
    """The field under which a refusal of form *name* is shown."""
    field = error.field_name if isinstance(error, FieldError) else _BLAMED.get(name, "")
    # Words that the form lets pass can only be misunderstood in their time.
    if name in {"note", "correct"} and isinstance(error, InvalidInput) and not isinstance(error, FieldError):
        field = "time" if values.get("time") else "text"
    return field if field in values else next(iter(values), field)


class _Filled(dict[str, str]):
    """What a form of another version left out reads as empty."""

    def __missing__(self, _: str) -> str:
        return ""


class FieldError(InvalidInput):
    """One field of a form cannot be read."""

    def __init__(self, field_name: str, message: str) -> None:
        """Blame *field_name*."""
        super().__init__(message)
        self.field_name = field_name


def _corrected(values: Mapping[str, str], asker: Asker) -> Request:
    try:
        label, more = label_and_words(values["label"], "E7")
    except InvalidInput as error:
        raise FieldError("label", error.message) from error
    if more:
        raise FieldError("label", "Name one entry by its label, such as E7.")
    command = Correct(**asker.on_incident(), label=label, text=values["text"], when=values.get("time", ""))
    return Request(use_case=correct, command=command)


def _declaration(values: Mapping[str, str], asker: Asker, *, now: Callable[[], datetime]) -> Declare:
    if not values.get("title"):
        raise FieldError("title", "Say what is wrong in a few words.")
    if values.get("impact"):
        try:
            checked_impact(values["impact"])
        except InvalidInput as error:
            raise FieldError("impact", error.message) from error
    return Declare(
        **asker.base(),
        title=values["title"],
        severity=Severity.parse(values.get("severity") or DEFAULT_SEVERITY),
        visibility=Visibility.PRIVATE if values.get("visibility") == Visibility.PRIVATE else Visibility.PUBLIC,
        impact=values.get("impact", ""),
        occurrence=_when(values, "occurrence", asker, now=now),
        detection=_when(values, "detection", asker, now=now),
    )


def _when(values: Mapping[str, str], name: str, asker: Asker, *, now: Callable[[], datetime]) -> When | None:
    if not values.get(name):
        return None
    try:
        return parse_when(values[name], now=now(), zone=asker.person.zone, declared_at=None, is_milestone=True)
    except InvalidInput as error:
        raise FieldError(name, error.message) from error


def _phase(values: Mapping[str, str]) -> str:
    """The phase, where the incident has several; words such as `now` mean the present one."""
    return f" phase {values['phase']}" if values.get("phase") and values["time"].lower() != "now" else ""


def _value(element: Mapping[str, Any]) -> str:
    option = element.get("selected_option") or {}
    return clean(str(element.get("value") or option.get("value") or element.get("selected_user") or "")).strip()


#: The command that each form stands for, and the field to blame when it cannot be read.
_TEXTS: Mapping[str, Callable[[Mapping[str, str]], tuple[str, str]]] = {
    "correct": lambda values: (f"{values['what']} {values['label']} {values['text']}", "label"),
    "update": lambda values: (f"update {values['text']}", "text"),
    "severity": lambda values: (f"severity {values['severity']} {values.get('reason', '')}", "severity"),
    "role": lambda values: (f"role {values['role']} @{values['holder']}", "holder"),
    "milestone": lambda values: (f"milestone {values['milestone']} {values['time']}{_phase(values)}", "time"),
    "reopen": lambda values: (f"reopen {values['reason']}", "reason"),
    "end": lambda values: (f"{values['move']} {values['reason']}", "reason"),
}

_BLAMED = {
    **BLAMED,
    "declare": "title",
    "note": "text",
    "correct": "label",
    "update": "text",
    "severity": "severity",
    "role": "holder",
    "milestone": "time",
    "reopen": "reason",
    "end": "reason",
}
