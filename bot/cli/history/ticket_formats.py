"""What a row of ServiceNow's or Jira's export says: which alert it names, and whether that mattered.

ServiceNow's columns have the names of its table `incident` or their labels, whichever way the export was made; Jira's
are those of "Export CSV (all fields)" or of its search API.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from html import unescape
from typing import Any

from analysis.alerts.tickets import Ticket, TicketVerdict
from analysis.errors import InvalidInput
from analysis.slacktext import clean
from analysis.zones import instants
from bot.cli.history.ticket_files import Row
from bot.cli.history.ticket_states import is_open

_MOST_LETTERS = 20_000
_MOST_DEPTH = 30
_COLUMNS_NAMED, _MOST_NAMED_LETTERS = 4, 120
#: How exports write times besides ISO 8601: Jira by default (`11/May/24 3:26 PM`), in either length of year.
_TIMES = ("%d/%b/%y %I:%M %p", "%d/%b/%Y %I:%M %p", "%d/%b/%y %H:%M", "%Y-%m-%d %I:%M %p")


class TicketSystem(StrEnum):
    """Whose export it is."""

    SERVICENOW = "servicenow"  #: the table `incident` of ServiceNow
    JIRA = "jira"  #: issues of Jira, Cloud or Data Center


#: Closing a ticket by one of these says that somebody did something about it, or that nobody had to; others neither.
MATTERED = frozenset(
    {
        "solved (permanently)", "solved (work around)", "solved (workaround)", "solved remotely (permanently)",
        "solved remotely (work around)", "solution provided", "workaround provided", "resolved by change",
        "resolved by problem", "fixed", "done",
    }
)  # fmt: skip
NOISE = frozenset(
    {
        "false alarm", "false positive", "false-alarm", "false-positive", "no action required", "no action needed",
        "no fault found", "noise", "not an issue",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How rows are read: the clock of times without a zone, another form of times, and the words that close tickets."""

    system: TicketSystem
    zone: tzinfo
    now: datetime
    time_format: str = ""
    mattered: frozenset[str] = MATTERED
    noise: frozenset[str] = NOISE


class Silent(InvalidInput):
    """Nothing follows from the ticket; it is listed with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Under which names a system has what, the best first."""

    key: tuple[str, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    resolution: tuple[str, ...]
    tags: tuple[str, ...]
    places: tuple[str, ...]
    texts: tuple[str, ...]


_COLUMNS = {
    TicketSystem.SERVICENOW: _Columns(
        key=("number", "task_effective_number"),
        opened=("opened_at", "opened", "sys_created_on", "created"),
        closed=("resolved_at", "resolved", "closed_at", "closed"),
        resolution=("close_code", "resolution code", "close code"),
        tags=("sys_tags", "tags"),
        places=("cmdb_ci", "configuration item", "business_service", "service", "service_offering", "service offering"),
        texts=("short_description", "short description", "description", "close_notes", "close notes",
               "resolution notes", "work_notes", "work notes", "comments_and_work_notes"),
    ),
    TicketSystem.JIRA: _Columns(
        key=("issue key", "key"),
        opened=("created",),
        closed=("resolved", "resolutiondate", "resolution date"),
        resolution=("resolution",),
        tags=("labels",),
        places=("component/s", "components", "affected services", "custom field (affected services)"),
        texts=("summary", "description", "environment"),
    ),
}  # fmt: skip
#: Any column whose name has one of these in it holds what an integration wrote to find the alert again.
_REFERENCES = (
    *("correlation", "fingerprint", "alert id", "alert key", "alert url", "dedup", "message key", "external id"),
)
#: A shorter word beside others is rather a number of something than an id.
_LEAST_LETTERS = 3
#: Three letters at least: `AM`, `PM` and `UTC` stand at the end.
_MONTH = re.compile(r"[^\W\d_]{3,}(?!$)")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_SOME_TIME = datetime(2026, 3, 4, 17, 45, 12, tzinfo=UTC)


def checked_form(stated: str) -> str:
    """*stated* as a form of times for `Reading`.

    Raises
    ------
    InvalidInput
        If no time can be read by it, or a part of it would have to be invented.
    """
    try:
        read = datetime.strptime(_SOME_TIME.strftime(stated), stated)  # noqa: DTZ007 - only whether it can be read
    except (ValueError, re.error) as error:
        message = (
            f"--time-format “{stated}” reads no time, because a part of it is unknown or stands there twice; "
            "%d is the day, %m the month, %y or %Y the year, %H the hour and %M the minute."
        )
        raise InvalidInput(message) from error
    if stated and read.replace(second=0, tzinfo=UTC) != _SOME_TIME.replace(second=0):
        message = (
            f"--time-format “{stated}” leaves out a part of the time; it needs the day, the month, the year, the hour "
            "(%H, or %I with %p) and the minute."
        )
        raise InvalidInput(message)
    return stated


def read_ticket(row: Row, reading: Reading) -> Ticket:
    """The ticket in a row.

    Raises
    ------
    Silent
        If it is not closed, closed by words that do not say whether its alert mattered, or opened at no certain time.
    InvalidInput
        With one sentence that names the field.
    """
    fields, columns, key = _fields(row), _COLUMNS[reading.system], key_of(row, reading)
    verdict, because = _verdict(fields, columns, reading)
    opened_at = _time(fields, columns.opened, reading)
    if opened_at is None:
        message = f"{key} has no {columns.opened[0]}: without it nobody can tell which alert it is about."
        raise InvalidInput(message)
    return Ticket(
        where=row.where,
        system=reading.system.value,
        key=key,
        verdict=verdict,
        because=because,
        opened_at=opened_at,
        closed_at=_time(fields, columns.closed, reading),
        references=frozenset(_references(fields)),
        places=frozenset(one for name in columns.places for one in _texts(fields.get(name))),
        text="\n".join(one for name in columns.texts for one in _texts(fields.get(name)))[:_MOST_LETTERS],
    )


def key_of(row: Row, reading: Reading) -> str:
    """What people call the ticket of a row, such as INC0010001.

    Raises
    ------
    InvalidInput
        If it has no such name.
    """
    names = _COLUMNS[reading.system].key
    key = _first(_fields(row), names)
    if not key:
        has = ", ".join([name for name in row.fields if name][:_COLUMNS_NAMED])[:_MOST_NAMED_LETTERS]
        message = f"it has no {names[0]}, so it is no export of {reading.system}{f'; it has {has}' if has else ''}."
        if row.is_csv:
            message += " Export it with English names of columns."
        raise InvalidInput(message)
    return key[:100]


def _fields(row: Row) -> dict[str, Any]:
    """The row's fields by their names in small letters; Jira's API has them one level deeper."""
    inner = row.fields.get("fields")
    found = {**row.fields, **inner} if isinstance(inner, Mapping) else dict(row.fields)
    known = {name: str(row.names[name]) for name in found if isinstance(row.names.get(name), str)}
    return {known.get(name, name).strip().lower(): value for name, value in found.items()}


def _verdict(fields: Mapping[str, Any], columns: _Columns, reading: Reading) -> tuple[TicketVerdict, str]:
    resolution = _first(fields, columns.resolution)
    if not resolution or resolution.lower() == "unresolved" or is_open(fields):
        message = "it is not closed yet"
        raise Silent(message)
    words = [resolution, *(tag for name in columns.tags for one in _texts(fields.get(name)) for tag in one.split(","))]
    said = {word.strip().lower() for word in words}
    if said & reading.noise:
        return TicketVerdict.NOISE, min(word.strip() for word in words if word.strip().lower() in reading.noise)
    if said & reading.mattered:
        return TicketVerdict.MATTERED, resolution
    message = f"“{resolution[:60]}” does not say whether its alert mattered"
    raise Silent(message)


def _references(fields: Mapping[str, Any]) -> Iterable[str]:
    for name, value in fields.items():
        plain = name.replace("_", " ")
        if any(part in plain for part in _REFERENCES):
            for one in _texts(value):
                yield one
                yield from (word for word in one.replace(",", " ").split() if len(word) >= _LEAST_LETTERS)


def _time(fields: Mapping[str, Any], names: Sequence[str], reading: Reading) -> datetime | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, Mapping) and "value" in value:  # ServiceNow's API has the instant in UTC beside its text
            stated = str(value["value"] or "").strip()
            zone: tzinfo = UTC
        else:
            stated, zone = next(iter(_texts(value)), "").strip(), reading.zone
        if stated:
            return _instant(name, stated, zone, reading)
    return None


def _instant(name: str, stated: str, zone: tzinfo, reading: Reading) -> datetime:
    if not reading.time_format and _is_day(stated):
        message = f"“{stated}” in {name} is a day without a time; export it with the time of day."
        raise InvalidInput(message)
    read = _parsed(stated, reading.time_format)
    if read is None:
        english = "months are read in English, else " if _MONTH.search(stated) else ""
        message = f"“{stated[:40]}” in {name} is no time that can be read; {english}give its form by --time-format."
        raise InvalidInput(message)
    try:
        found = (read.astimezone(UTC),) if read.tzinfo is not None else instants(read, zone)
    except OverflowError:
        found = ()
    if len(found) == 2 or (not found and _EARLIEST.year < read.year <= reading.now.year):
        times = "exists twice" if found else "does not exist"
        message = f"{stated[:40]} in {name} {times} in {zone}, because clocks were changed; export it in UTC"
        raise Silent(message)
    if not found or not _EARLIEST < found[0] <= reading.now:
        clock = "" if read.tzinfo else f" on the clock {zone}; give that of whoever exported it by --zone"
        message = f"“{stated[:40]}” in {name} is in the future, or before {_EARLIEST.year}{clock}."
        raise InvalidInput(message)
    return found[0]


def _parsed(stated: str, time_format: str) -> datetime | None:
    for form in (time_format,) if time_format else _TIMES:
        try:
            return datetime.strptime(stated, form)  # noqa: DTZ007 - its zone is that of the export
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(stated) if not time_format else None
    except ValueError:
        return None


def _is_day(stated: str) -> bool:
    try:
        date.fromisoformat(stated)
    except ValueError:
        return False
    return True


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    return next((one.strip() for name in names for one in _texts(fields.get(name)) if one.strip()), "")


def _texts(value: object, depth: int = 0) -> list[str]:
    """Every text in a value: a cell, a list of them, a reference with its name, or Jira's tree of paragraphs."""
    if depth > _MOST_DEPTH:
        return []
    if isinstance(value, str):
        return [clean(unescape(value[:_MOST_LETTERS]))] if value else []  # many a field of either system is HTML
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, list):
        return [one for inner in value for one in _texts(inner, depth + 1)]
    return _of_object(value, depth) if isinstance(value, Mapping) else []


def _of_object(value: Mapping[str, Any], depth: int) -> list[str]:
    for name in ("display_value", "name"):
        if isinstance(value.get(name), str) and value[name]:
            return _texts(value[name], depth + 1)
    if isinstance(value.get("attrs"), Mapping):
        linked = _texts(value["attrs"].get("href") or value["attrs"].get("url"), depth + 1)
    else:
        linked = []
    inner = [value.get(name) for name in ("text", "value", "content", "marks")]
    return [*linked, *(one for part in inner for one in _texts(part, depth + 1))]
