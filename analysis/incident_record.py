"""Reading an incident that was recorded elsewhere: a JSON file of timed events (`docs/reference/incident-record.md`).

The whole file is read before anything is done with it, so one bad entry refuses the record by the entry's number and
reason, and nothing is half taken over.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NoReturn

from analysis.errors import InvalidInput
from analysis.incident import ACTIVE_STATUSES, Severity, Status
from analysis.milestones import Milestone
from analysis.precision import Precision
from analysis.record_times import RecordTime, precision_of, read_time
from analysis.slacktext import clean

MAXIMUM_BYTES = 16 * 1024 * 1024
_MOST_SHOWN = 60
#: An entity as a document writes it; without its semicolon it is part of something else, such as a link's query.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MILESTONE_WORDS = {
    "started": Milestone.OCCURRENCE,
    "detected": Milestone.DETECTION,
    "acknowledged": Milestone.AWARENESS,
    "classified": Milestone.CLASSIFICATION,
    "mitigated": Milestone.MITIGATION,
    "recovered": Milestone.RECOVERY,
    "resolved": Milestone.RESOLUTION,
}


class EntryKind(StrEnum):
    """What an entry of a record does when it is replayed."""

    NOTE = "note"  #: somebody noted it; the kind of an entry that names none
    STATUS = "status"  #: `to` is the state it went to: investigating, mitigating, monitoring or resolved
    SEVERITY = "severity"  #: `to` is the severity from then on
    REOPEN = "reopen"  #: it was not over; `text` says why
    MILESTONE = "milestone"  #: `milestone` was at this instant
    IMPACT = "impact"  #: `text` is what customers felt
    UPDATE = "update"  #: `text` is what stakeholders were told


#: Moves that need no words; words that one has all the same are a note of their own.
WORDLESS_KINDS = frozenset({EntryKind.STATUS, EntryKind.SEVERITY, EntryKind.MILESTONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEntry:
    """One timed event; `number` is its place in the file from 1 on, `value` the state, severity or milestone."""

    number: int
    at: datetime
    precision: Precision
    kind: EntryKind
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEvent:
    """A milestone that the record gives beside its timeline."""

    milestone: Milestone
    at: datetime
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecord:
    """A record that was read: entries by time, those of one instant in the file's order.

    `severity` is `None` where the record states none. `unused` counts the fields of entries that mean nothing to
    Debrief, so that the reader can be told.
    """

    id: str
    title: str
    severity: Severity | None
    entries: tuple[RecordEntry, ...]
    key_events: tuple[KeyEvent, ...]
    unused: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def read_record(content: bytes) -> IncidentRecord:
    """The record in a file.

    Raises
    ------
    InvalidInput
        If the file is no record; the sentence names the entry and the reason.
    """
    raw = _json_object(content)
    zone = _text_of(raw, "timezone", "The record", default="UTC")
    entries, times = _entries(raw, zone), _key_times(raw, zone)
    by_second = any(time.has_seconds for time in (*(time for _, time in entries), *times.values()))
    dated = [replace(entry, precision=precision_of(time, by_second=by_second)) for entry, time in entries]
    return IncidentRecord(
        id=_plain(_text_of(raw, "id", "The record", default="record")),
        title=_title(raw),
        severity=_severity(raw),
        entries=tuple(sorted(dated, key=lambda entry: (entry.at, entry.number))),
        key_events=tuple(
            KeyEvent(milestone=milestone, at=time.at, precision=precision_of(time, by_second=by_second))
            for milestone, time in sorted(times.items(), key=lambda item: (item[1].at, list(Milestone).index(item[0])))
        ),
        unused=MappingProxyType(_unused(raw)),
    )


def decode_entities(text: str) -> str:
    """The text with its HTML entities decoded once; what they spell is plain text from then on.

    >>> decode_entities("S&amp;O: &amp;lt;none&gt;, see ?a=1&copy=2")
    'S&O: &lt;none>, see ?a=1&copy=2'
    """
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _json_object(content: bytes) -> dict[str, Any]:
    if len(content) > MAXIMUM_BYTES:
        raise InvalidInput(f"The record is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB.")
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise InvalidInput(f"The record is not UTF-8 text: byte {error.start} cannot be read.") from error
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"The record is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise InvalidInput("The record is nested too deeply to be an incident.") from error
    except ValueError as error:
        raise InvalidInput(f"The record is not JSON: {error}.") from error
    if not isinstance(value, dict):
        raise InvalidInput("The record is not a JSON object with `title` and `timeline`.")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the name “{_shown(twice)}” stands twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number of JSON")


def _entries(raw: Mapping[str, Any], zone: str) -> list[tuple[RecordEntry, RecordTime]]:
    listed = raw.get("timeline")
    if not isinstance(listed, list):
        raise InvalidInput("The record has no `timeline`, a list of entries with `at` and `text`.")
    if not listed:
        raise InvalidInput("The record's `timeline` is empty, so there is nothing to replay.")
    return [_entry(number, entry, zone) for number, entry in enumerate(listed, start=1)]


def _entry(number: int, raw: object, zone: str) -> tuple[RecordEntry, RecordTime]:
    name = f"Entry {number}"
    if not isinstance(raw, dict):
        raise InvalidInput(f"{name} is not an object with `at` and `text`.")
    time = _time(_text_of(raw, "at", name), _text_of(raw, "zone", name, default=zone), name)
    kind = _kind(_text_of(raw, "kind", name, default=EntryKind.NOTE.value), name)
    text = _plain(_text_of(raw, "text", name, default="" if kind in WORDLESS_KINDS else None))
    if not text and kind not in WORDLESS_KINDS:
        raise InvalidInput(f"{name} has no text.")
    entry = RecordEntry(
        number=number, at=time.at, precision=Precision.SECOND, kind=kind, text=text, value=_value(raw, kind, name)
    )
    return entry, time


_FIELDS = frozenset({"at", "zone", "kind", "text"})
_VALUE_FIELDS = {EntryKind.STATUS: "to", EntryKind.SEVERITY: "to", EntryKind.MILESTONE: "milestone"}


def _kind(word: str, name: str) -> EntryKind:
    if word not in {kind.value for kind in EntryKind}:
        kinds = ", ".join(EntryKind)
        raise InvalidInput(f"{name} has the kind “{_shown(word)}”, which is none of: {kinds}.")
    return EntryKind(word)


def _value(raw: Mapping[str, Any], kind: EntryKind, name: str) -> str:
    if kind not in _VALUE_FIELDS:
        return ""
    word = _text_of(raw, _VALUE_FIELDS[kind], name)
    if kind is EntryKind.MILESTONE:
        return _milestone(word, name).value
    if kind is EntryKind.SEVERITY:
        return _parsed_severity(word, name).value
    targets = [status.value for status in Status if status in {*ACTIVE_STATUSES, Status.RESOLVED} - {Status.DECLARED}]
    if word not in targets:
        raise InvalidInput(f"{name} goes to “{_shown(word)}”, which is none of: {', '.join(targets)}.")
    return word


def _key_times(raw: Mapping[str, Any], zone: str) -> dict[Milestone, RecordTime]:
    given = raw.get("key_events")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise InvalidInput("The record's `key_events` is not an object of milestones with their times.")
    found: dict[Milestone, RecordTime] = {}
    for word, value in given.items():
        name = f"The key event “{_shown(word)}”"
        if value is None:
            continue
        milestone = _milestone(word, name)
        if milestone in found:
            raise InvalidInput(f"{name} gives the {milestone} a second time.")
        found[milestone] = _time(_text_of({"time": value}, "time", name), zone, name)
    return found


def _milestone(word: str, name: str) -> Milestone:
    plain = word.strip().lower()
    if plain in {milestone.value for milestone in Milestone}:
        return Milestone(plain)
    known = _MILESTONE_WORDS.get(plain.removesuffix("_at"))
    if known is None:
        raise InvalidInput(f"{name} is not a milestone. Use one of: {', '.join(Milestone)}.")
    return known


def _severity(raw: Mapping[str, Any]) -> Severity | None:
    if raw.get("severity") is None:
        return None
    return _parsed_severity(_text_of(raw, "severity", "The record"), "The record")


def _parsed_severity(word: str, name: str) -> Severity:
    try:
        return Severity.parse(word[:_MOST_SHOWN])
    except InvalidInput as error:
        raise InvalidInput(f"{name} has no usable severity: {_line(error.message)}") from error


def _title(raw: Mapping[str, Any]) -> str:
    title = " ".join(_plain(_text_of(raw, "title", "The record")).split())
    if not title:
        raise InvalidInput("The record's `title` is empty.")
    return title


def _time(text: str, zone: str, name: str) -> RecordTime:
    try:
        return read_time(text, zone)
    except InvalidInput as error:
        raise InvalidInput(f"{name} has no usable time. {_line(error.message)}") from error


def _text_of(raw: Mapping[str, Any], field_name: str, name: str, *, default: str | None = None) -> str:
    value = raw.get(field_name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        what = "has no" if value is None else "needs text as its"
        raise InvalidInput(f"{name} {what} `{field_name}`.")
    return value


def _plain(text: str) -> str:
    return clean(decode_entities(text)).strip()


def _unused(raw: Mapping[str, Any]) -> dict[str, int]:
    counts = Counter(_shown(name) for name in _unused_fields(raw["timeline"]))
    return dict(sorted(counts.items()))


def _unused_fields(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        kind = EntryKind(entry.get("kind") or EntryKind.NOTE)
        yield from entry.keys() - _FIELDS - {_VALUE_FIELDS.get(kind, "at")}


def _shown(text: str) -> str:
    line = _line(text)
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"


def _line(text: str) -> str:
    """The text on one line, without what hides: a refusal is one sentence, whatever it quotes."""
    return " ".join(clean(text).split())
