"""Files of alerts: JSON lines or one JSON document, perhaps gzipped, read whole before anything is written."""

import codecs
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.alerts.alert import AlertStatus
from analysis.alerts.identity import fingerprint
from analysis.errors import InvalidInput
from bot.settings import AlertFormat
from bot.usecases.alerts.receive import ToldAlert, masked_alert
from bot.web.bodies import parse_object
from bot.web.formats.history import read_history

MAXIMUM_BYTES = 256 * 1024 * 1024
#: What a file leaves firing, and fired within so long, is of now: people are told of it.
STANDS_FOR = timedelta(days=7)
_GZIP = b"\x1f\x8b"
#: Where an export has its rows.
_LISTS = ("incidents", "alerts", "data")

#: A row's place in words, and its bytes.
Row = tuple[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert of a file, with its series and a digest of the row that told it and of its place in that."""

    told: ToldAlert
    series: str
    digest: bytes


def read_alert_file(
    path: Path, form: AlertFormat, *, source: str, now: datetime, on_row: Callable[[int], None]
) -> list[Told]:
    """Every alert of the file in the order in which they were heard of; *on_row* hears how many rows are left.

    Raises
    ------
    InvalidInput
        If the file cannot be read, or a row of it: the sentence says which.
    """
    content = file_content(path).removeprefix(codecs.BOM_UTF8)
    rows = list(_rows(content))
    found: list[Told] = []
    for place, (where, row) in enumerate(rows):
        try:
            told = read_history(parse_object(row), form, source=source, now=now)
        except InvalidInput as error:
            broken = _break(row, content if place == 0 else row)
            message = f"{path}, {where}: {error.message}{broken} Nothing was recorded."
            raise InvalidInput(message) from error
        whole = hashlib.sha256(row).digest()
        found += [
            Told(told=one, series=fingerprint(masked_alert(one.alert)), digest=_digest(whole, number))
            for number, one in enumerate(told)
        ]
        on_row(len(rows) - place - 1)
    return _of_the_past(sorted(found, key=lambda one: one.told.alert.received_at), now)


def _digest(row: bytes, number: int) -> bytes:
    """What tells an alert from all others of a file, by the digest of its *row*: of one notification all have that."""
    return hashlib.sha256(row + number.to_bytes(4)).digest()


def _of_the_past(found: Sequence[Told], now: datetime) -> list[Told]:
    """Mark as past all but what is the last word on its series, says that it fires, and is not old."""
    last = {one.series: place for place, one in enumerate(found)}
    marked = []
    for place, one in enumerate(found):
        alert = one.told.alert
        is_firing = last[one.series] == place and alert.status is AlertStatus.FIRING
        is_past = not is_firing or now - alert.received_at > STANDS_FOR
        # what is past is told of the series as a whole, so that no part of it fires beside what fires now
        told = replace(alert, is_per_severity=False, is_per_labels=False) if is_past else alert
        marked.append(replace(one, told=replace(one.told, alert=told, is_past=is_past)))
    return marked


def file_content(path: Path) -> bytes:
    """The bytes of a file, unpacked if it is gzipped.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is larger than can be held.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
        if content.startswith(_GZIP):
            with gzip.open(path) as packed:
                content = packed.read(MAXIMUM_BYTES + 1)
    except (OSError, EOFError) as error:
        because = getattr(error, "strerror", None) or "it is no whole gzip file"
        message = f"{path} cannot be read: {because}."
        raise InvalidInput(message) from error
    if len(content) > MAXIMUM_BYTES:
        message = f"{path} is larger than {MAXIMUM_BYTES // 1024 // 1024} MiB; split it by lines."
        raise InvalidInput(message)
    return content


def _rows(content: bytes) -> Iterator[Row]:
    document = _document(content)
    if document is not None:
        for place, row in enumerate(document):
            yield f"row {place + 1}", json.dumps(row).encode()
        return
    for place, line in enumerate(content.splitlines()):
        if line.strip():
            yield f"line {place + 1}", line


def _break(row: bytes, content: bytes) -> str:
    """Where *row* stops being JSON; of a first row also where *content* does, which may have been one document."""
    try:
        json.loads(row.decode())
    except UnicodeDecodeError as error:
        return f" It breaks at byte {error.start + 1}."
    except json.JSONDecodeError as error:
        return f" It breaks at column {error.colno}: {error.msg}.{_break_of_document(content)}"
    except (ValueError, RecursionError):
        return ""
    return ""


def _break_of_document(content: bytes) -> str:
    try:
        json.loads(content)
    except json.JSONDecodeError as error:
        is_elsewhere = error.lineno > 1
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        return f" Read as one document, it breaks at {where}." if is_elsewhere else ""
    except (ValueError, RecursionError):
        return ""
    return ""


def _document(content: bytes) -> Sequence[Any] | None:
    """The rows of a file that is one JSON document; None where each line is one."""
    first = content.lstrip().partition(b"\n")[0]
    if not content.lstrip().startswith(b"[") and _is_json(first):
        value = json.loads(first) if first.strip() == content.strip() else None
    else:
        value = json.loads(content) if _is_json(content) else None
    if isinstance(value, Mapping):
        value = next((value[name] for name in _LISTS if _is_export(value, name)), [value])
    return value if isinstance(value, list) else None


def _is_export(value: Mapping[str, Any], name: str) -> bool:
    """Whether the document is a list of rows by this name, and no notification with alerts in it."""
    return isinstance(value.get(name), list) and not {"receiver", "groupKey", "status"} & value.keys()


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
