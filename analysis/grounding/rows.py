"""Reading timelines and sentences from the files that `debrief eval ground` takes (`docs/reference/evaluation.md`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from analysis.errors import InvalidInput
from analysis.grounding.records import Ground, Sentence, Tier
from analysis.precision import Precision

_MOST_SHOWN = 60
_UTC = ("UTC", "Etc/UTC", "Z")
Timelines = Mapping[str, Mapping[str, Ground]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A sentence of a file, with its own id and the incident whose timeline it cites."""

    id: str
    incident: str
    sentence: Sentence


def read_timelines(value: object) -> Timelines:
    """The timelines of a file by incident, each entry by its id.

    An entry without a tier is a statement that a person promoted; a time without seconds is known to the minute. A
    time in a sentence that names no zone is read as UTC, so that a timeline may say no other.

    Raises
    ------
    InvalidInput
        If a part is missing or is not what it must be; the sentence names it.
    """
    if not isinstance(value, list):
        raise InvalidInput("The timelines must be a list of objects with incident and events.")
    found: dict[str, dict[str, Ground]] = {}
    for row in value:
        fields = _object(row, "A timeline")
        events = fields.get("events")
        if not isinstance(events, list):
            raise InvalidInput("A timeline needs events, a list.")
        name = _text(fields, "incident")
        _refuse_zone(name, fields.get("tz"))
        if name in found:
            raise InvalidInput(f"The incident {name[:_MOST_SHOWN]} has two timelines.")
        found[name] = _entries(name, events)
    return found


def _refuse_zone(incident: str, zone: object) -> None:
    if zone is None or zone in _UTC:
        return
    raise InvalidInput(
        f"{incident[:_MOST_SHOWN]} has the tz {str(zone)[:_MOST_SHOWN]}: a time in a sentence that names no zone is "
        "read as UTC, so write tz as UTC, or leave it out and name the zone in the sentences."
    )


def _entries(incident: str, events: list[object]) -> dict[str, Ground]:
    entries: dict[str, Ground] = {}
    for event in events:
        fields = _object(event, "An event")
        label = _text(fields, "id")
        if label in entries:
            raise InvalidInput(f"{incident[:_MOST_SHOWN]} has two events {label[:_MOST_SHOWN]}.")
        entries[label] = _ground(fields)
    return entries


def read_question(known: Timelines, value: object) -> Question:
    """The sentence in a row.

    Raises
    ------
    InvalidInput
        If a field is missing or is not what it must be, or no timeline of *known* has the incident.
    """
    fields = _object(value, "A sentence")
    incident = _text(fields, "incident")
    if incident not in known:
        raise InvalidInput(f"No timeline has the incident {incident[:_MOST_SHOWN]}.")
    cites = _texts(fields, "cites")
    sentence = Sentence(text=_text(fields, "text", may_be_empty=True), cites=cites)
    return Question(id=_text(fields, "id"), incident=incident, sentence=sentence)


def _ground(fields: Mapping[str, Any]) -> Ground:
    at = _instant(fields)
    known = Precision.SECOND if at.second or at.microsecond else Precision.MINUTE
    return Ground(
        at=at,
        precision=_member(Precision, fields, "precision", known),
        text=_text(fields, "text", may_be_empty=True),
        who=_text(fields, "actor", default=""),
        tier=_member(Tier, fields, "tier", Tier.PROMOTED),
        tags=_texts(fields, "tags"),
        kind=_text(fields, "kind", default=""),
    )


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{what} must be an object.")
    return value


def _text(fields: Mapping[str, Any], name: str, *, default: str | None = None, may_be_empty: bool = False) -> str:
    value = fields.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str) or not (value or may_be_empty or default is not None):
        raise InvalidInput(f"{name} must be a text.")
    return value


def _texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = fields.get(name, [])
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise InvalidInput(f"{name} must be a list of texts.")
    return tuple(values)


def _instant(fields: Mapping[str, Any]) -> datetime:
    text = _text(fields, "ts")
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput(f"ts must be a time with its zone, such as 2026-03-02T14:05:00Z, not {text[:_MOST_SHOWN]}.")


def _member(kind: Any, fields: Mapping[str, Any], name: str, default: Any) -> Any:  # noqa: ANN401  # any StrEnum
    value = fields.get(name)
    if value is None:
        return default
    try:
        return kind(value)
    except ValueError as error:
        raise InvalidInput(f"{name} must be one of {', '.join(kind)}.") from error
