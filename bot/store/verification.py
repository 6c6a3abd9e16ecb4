"""Verifying a database: every incident's chain is read as it lies there, whatever somebody wrote into its columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Select, Table, Text, cast, select, type_coerce
from sqlalchemy.types import NULLTYPE

from analysis.chain import CONTENT_FIELDS, GENESIS, Link
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.verification import Finding, StoredChain, StoredLink, verify
from bot.ports.records import erasure_key
from bot.store.anchors import AnchorFile
from bot.store.engine import Database
from bot.store.sealing import Sealer, Unopenable
from bot.store.tables import INCIDENT, TIMELINE_EVENT
from bot.store.types import UtcDateTime

_NO_INSTANT = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, the first fault of each tampered incident, and what could not be excluded."""

    incidents: int
    entries: int
    findings: tuple[Finding, ...]
    caveats: tuple[str, ...]


def verify_database(database: Database, *, sealer: Sealer | None, anchors: AnchorFile | None) -> Report:
    """Verify all incidents, one after another, in one view of the database.

    Without *sealer* contents stay closed, so that only the chain over their commitments is verified.

    Raises
    ------
    Unavailable
        If the database does not answer.
    """
    counts = {"incidents": 0, "entries": 0}
    with database.reading() as connection:
        findings = verify(_chains(connection, sealer, counts), anchors.anchors if anchors else ())
    return Report(
        incidents=counts["incidents"],
        entries=counts["entries"],
        findings=findings,
        caveats=tuple(caveats(anchors, is_open=sealer is not None)),
    )


def read_chain(database: Database, sealer: Sealer, incident_id: UUID) -> StoredChain:
    """One incident's chain as it lies there, its contents opened.

    Raises
    ------
    NotFound
        If there is no such incident.
    Unavailable
        If the database does not answer.
    """
    with database.reading() as connection:
        head = connection.execute(_raw(INCIDENT).where(INCIDENT.c.id == incident_id)).mappings().first()
        if head is None:
            raise NotFound
        return _chain(connection, dict(head), sealer)


def caveats(anchors: AnchorFile | None, *, is_open: bool) -> Iterator[str]:
    """What a verification cannot exclude, given these anchors and whether the contents could be opened."""
    if not is_open:
        yield "The right key is not at hand, so contents were not opened: only the chain over them was verified."
    if anchors is None:
        yield (
            "Without an anchor file this cannot exclude that the last entries were cut off, or a whole chain "
            "rewritten, by somebody who changed the incident's head as well."
        )
        return
    yield "What was recorded after an incident's last anchor is protected by its chain alone."
    if anchors.unreadable:
        lines = ", ".join(str(number) for number in anchors.unreadable)
        yield f"These lines of the anchor file could not be read: {lines}."


def _chains(connection: Connection, sealer: Sealer | None, counts: dict[str, int]) -> Iterator[StoredChain]:
    for head in [*connection.execute(_raw(INCIDENT).order_by(INCIDENT.c.id)).mappings(), *_ownerless(connection)]:
        chain = _chain(connection, head, sealer)
        counts["incidents"] += 1
        counts["entries"] += len(chain.links)
        yield chain


def _chain(connection: Connection, head: Mapping[str, Any], sealer: Sealer | None) -> StoredChain:
    of_incident = type_coerce(TIMELINE_EVENT.c.incident_id, NULLTYPE) == head["id"]
    rows = connection.execute(_raw(TIMELINE_EVENT).where(of_incident).order_by(TIMELINE_EVENT.c.seq)).mappings()
    links = [_stored_link(row, sealer) for row in rows]
    return StoredChain(
        incident_id=_id(head["id"]) or "",
        name=f"#{head['number']}" if head["number"] is not None else f"incident {_id(head['id'])}",
        claimed_seq=_number(head["sequence_head"]),
        claimed_hash=_bytes(head["head_hash"]),
        links=links,
        erasures=frozenset(_erasures(links)),
    )


def _ownerless(connection: Connection) -> list[Mapping[str, Any]]:
    """Heads for entries whose incident is gone, so that they are not passed over."""
    event = TIMELINE_EVENT.c
    owners = select(INCIDENT.c.id)
    found = select(type_coerce(event.incident_id, NULLTYPE)).where(event.incident_id.not_in(owners)).distinct()
    return [
        {"id": incident_id, "number": None, "sequence_head": 0, "head_hash": GENESIS}
        for incident_id in connection.execute(found).scalars()
    ]


def _raw(table: Table) -> Select[*tuple[Any, ...]]:
    """The columns as the driver gives them, instants as text: a type would refuse what a tamperer wrote."""
    return select(*(_as_found(column).label(column.name) for column in table.columns))


def _as_found(column: Column[Any]) -> ColumnElement[Any]:
    return cast(column, Text) if isinstance(column.type, UtcDateTime) else type_coerce(column, NULLTYPE)


def _stored_link(row: RowMapping, sealer: Sealer | None) -> StoredLink:
    link = Link(
        incident_id=_id(row["incident_id"]) or "",
        seq=_number(row["seq"]),
        event_id=_id(row["id"]) or "",
        kind=_text(row["kind"]),
        occurred_at=_instant(row["occurred_at"]),
        precision=_text(row["precision"]),
        recorded_at=_instant(row["recorded_at"]),
        source=_text(row["source"]),
        natural_key=_text(row["natural_key"]),
        refers_to=_id(row["refers_to"]),
        commitments={field: _bytes(row[f"{field}_commitment"]) for field in CONTENT_FIELDS},
    )
    return StoredLink(link=link, stored_hash=_bytes(row["hash"]), contents=dict(_contents(row, sealer)))


def _contents(row: RowMapping, sealer: Sealer | None) -> Iterator[tuple[str, tuple[bytes, bytes] | None]]:
    for field in CONTENT_FIELDS:
        salt, sealed = row[f"{field}_salt"], row[f"{field}_sealed"]
        if salt is None or sealed is None:
            yield field, None
        elif sealer is not None:
            yield field, (_bytes(salt), _opened(sealer, field, _bytes(salt), _bytes(sealed)))


def _opened(sealer: Sealer, field: str, salt: bytes, sealed: bytes) -> bytes:
    """The content, or bytes that no content has where it cannot be opened."""
    try:
        return sealer.open(field, salt, sealed)
    except Unopenable:
        return b""


def _erasures(links: Sequence[StoredLink]) -> Iterator[tuple[int, str]]:
    """What the chain itself says was erased; its plain natural keys tell, so no key is needed to know."""
    keys = {stored.link.natural_key for stored in links if stored.link.kind == EventKind.ERASED}
    for stored in links:
        for field in CONTENT_FIELDS:
            if erasure_key(stored.link.seq, field) in keys:
                yield stored.link.seq, field


def _id(raw: object) -> str | None:
    try:
        return None if raw is None else str(raw if isinstance(raw, UUID) else UUID(str(raw)))
    except ValueError:
        return repr(raw)


def _number(raw: object) -> int:
    """The number, or one that no entry has."""
    return raw if isinstance(raw, int) else -1


def _instant(raw: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        return _NO_INSTANT
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _text(raw: object) -> str:
    return raw if isinstance(raw, str) else repr(raw)


def _bytes(raw: object) -> bytes:
    return bytes(raw) if isinstance(raw, bytes | memoryview | bytearray) else repr(raw).encode()
