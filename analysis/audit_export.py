"""The audit export: one incident's ledger as JSON lines that anybody can verify, with or without this program.

The first line names the incident and the head of its chain; each further line is an entry with its columns, its hash,
and for every content field the commitment, the salt and the content. `docs/reference/audit-export.md` has the formulas.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from analysis.chain import CONTENT_FIELDS, Link, canonical_bytes, stamp
from analysis.errors import InvalidInput
from analysis.events import EventKind
from analysis.verification import StoredChain, StoredLink

FORM = "debrief-ledger/1"
#: How the natural key of an `erased` event names what was erased.
_ERASURE = re.compile(rf"erased:([0-9]{{1,9}}):({'|'.join(CONTENT_FIELDS)})")


def to_lines(chain: StoredChain) -> Iterator[bytes]:
    """The export of *chain*, a line at a time; equal ledgers give equal bytes."""
    head = {
        "form": FORM,
        "incident": chain.incident_id,
        "name": chain.name,
        "seq": chain.claimed_seq,
        "hash": chain.claimed_hash.hex(),
    }
    yield canonical_bytes(head) + b"\n"
    for stored in chain.links:
        yield canonical_bytes(_entry(stored)) + b"\n"


def read_lines(content: bytes) -> StoredChain:
    """The chain in an export, as it lies there.

    Raises
    ------
    InvalidInput
        If the file is no export; the sentence names the line.
    """
    lines = [line for line in content.split(b"\n") if line.strip()]
    head = _line(1, lines[0] if lines else b"", _head)
    incident_id, name, claimed_seq, claimed_hash = head
    links = [_line(place, line, lambda value: _stored(value, incident_id)) for place, line in enumerate(lines[1:], 2)]
    return StoredChain(
        incident_id=incident_id,
        name=name,
        claimed_seq=claimed_seq,
        claimed_hash=claimed_hash,
        links=links,
        erasures=frozenset(_erasures(links)),
    )


def _entry(stored: StoredLink) -> dict[str, Any]:
    link = stored.link
    return {
        "seq": link.seq,
        "id": link.event_id,
        "kind": link.kind,
        "occurred_at": stamp(link.occurred_at),
        "precision": link.precision,
        "recorded_at": stamp(link.recorded_at),
        "source": link.source,
        "natural_key": link.natural_key,
        "refers_to": link.refers_to,
        "fields": {name: _field(stored, name) for name in CONTENT_FIELDS},
        "hash": stored.stored_hash.hex(),
    }


def _field(stored: StoredLink, name: str) -> dict[str, Any]:
    """A field's commitment with what it commits to; both are `null` where it was erased, and missing if not opened."""
    commitment = {"commitment": stored.link.commitments[name].hex()}
    if name not in stored.contents:
        return commitment
    opened = stored.contents[name]
    if opened is None:
        return {**commitment, "salt": None, "content": None}
    return {**commitment, "salt": opened[0].hex(), "content": _json(opened[1])}


def _json(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """The content as a value; what does not open to JSON is told as text, which verifies as little as it should."""
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")


def _line(number: int, line: bytes, read: Callable[[Mapping[str, Any]], Any]) -> Any:  # noqa: ANN401 - what `read` gives
    try:
        return read(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = f"Line {number} is not one of an export of the form {FORM}."
        raise InvalidInput(message) from error


def _head(value: Mapping[str, Any]) -> tuple[str, str, int, bytes]:
    if value["form"] != FORM:
        raise ValueError(value["form"])
    return str(value["incident"]), str(value["name"]), int(value["seq"]), bytes.fromhex(value["hash"])


def _stored(value: Mapping[str, Any], incident_id: str) -> StoredLink:
    fields = {name: value["fields"][name] for name in CONTENT_FIELDS}
    link = Link(
        incident_id=incident_id,
        seq=int(value["seq"]),
        event_id=str(value["id"]),
        kind=str(value["kind"]),
        occurred_at=datetime.fromisoformat(value["occurred_at"]),
        precision=str(value["precision"]),
        recorded_at=datetime.fromisoformat(value["recorded_at"]),
        source=str(value["source"]),
        natural_key=str(value["natural_key"]),
        refers_to=value["refers_to"],
        commitments={name: bytes.fromhex(field["commitment"]) for name, field in fields.items()},
    )
    return StoredLink(
        link=link,
        stored_hash=bytes.fromhex(value["hash"]),
        contents={name: _opened(field) for name, field in fields.items() if not _is_closed(field)},
    )


def _is_closed(field: Mapping[str, Any]) -> bool:
    return "salt" not in field and "content" not in field


def _opened(field: Mapping[str, Any]) -> tuple[bytes, bytes] | None:
    """The salt and the content; a content without a salt stays one, so that it verifies as little as it should."""
    if field.get("salt") is None:
        return None if field.get("content") is None else (b"", canonical_bytes(field["content"]))
    return bytes.fromhex(field["salt"]), canonical_bytes(field["content"])


def _erasures(links: list[StoredLink]) -> Iterator[tuple[int, str]]:
    for stored in links:
        found = _ERASURE.fullmatch(stored.link.natural_key)
        if found and stored.link.kind == EventKind.ERASED:
            yield int(found[1]), found[2]
