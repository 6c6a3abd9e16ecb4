"""Verifying a database: every incident's chain is read as it lies there, whatever somebody wrote into its columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from analysis.chain import CONTENT_FIELDS, GENESIS, Link
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.verification import Fault, Finding, StoredChain, StoredLink, verify
from analysis.wording import joined
from bot.ports.records import erasure_key
from bot.store.database.engine import Database
from bot.store.database.raw import as_found, id_text, instant, number, octets, select_raw, words
from bot.store.proof.anchors import AnchorFile
from bot.store.proof.document_projection import altered_documents, stored_documents
from bot.store.proof.draft_verification import altered_drafts, erased_drafts, stored_drafts
from bot.store.proof.projection import altered_fields
from bot.store.record.sealing import Sealer, Unopenable
from bot.store.record.tables import INCIDENT, TIMELINE_EVENT

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, the first fault of each tampered incident, and what could not be excluded.

    `notes` say which drafts lost content to an erasure that is on record: that is no fault.
    """

    incidents: int
    entries: int
    findings: tuple[Finding, ...]
    caveats: tuple[str, ...]
    notes: tuple[str, ...] = ()


def verify_database(database: Database, *, sealer: Sealer | None, anchors: AnchorFile | None) -> Report:
    """Verify all incidents, one after another, in one view of the database.

    Without *sealer* contents stay closed, so that only the chain over their commitments is verified.

    Raises
    ------
    Unavailable
        If the database does not answer.
    """
    tally = _Tally(incidents=0, entries=0, altered_rows=[], notes=[], names={})
    with database.reading() as connection:
        findings = verify(_chains(connection, sealer, tally), anchors.anchors if anchors else ())
    tampered = {finding.incident for finding in findings}
    return Report(
        incidents=tally.incidents,
        entries=tally.entries,
        findings=(*findings, *(finding for finding in tally.altered_rows if finding.incident not in tampered)),
        caveats=tuple(caveats(anchors, tally.names, is_open=sealer is not None)),
        notes=tuple(tally.notes),
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
        head = connection.execute(select_raw(INCIDENT).where(INCIDENT.c.id == incident_id)).mappings().first()
        if head is None:
            raise NotFound
        return _chain(connection, dict(head), sealer)


def caveats(
    anchors: AnchorFile | None, names: Mapping[str, str], *, is_open: bool, of_export: bool = False
) -> Iterator[str]:
    """What a verification cannot exclude, given these anchors and whether the contents could be opened.

    *names* are those of the incidents that were looked at and have entries, by their ids.
    """
    if not is_open:
        yield "The right key is not at hand, so contents were not opened: only the chain over them was verified."
    if anchors is None:
        yield (
            "Without an anchor file this cannot exclude that the last entries were cut off, or a whole chain "
            "rewritten, by somebody who changed the incident's head as well."
        )
        return
    anchored = {anchor.incident_id for anchor in anchors.anchors}
    strange = [name for incident_id, name in names.items() if incident_id not in anchored]
    if strange:
        more = [f"{len(strange) - _MOST_NAMED} more"] if len(strange) > _MOST_NAMED else []
        where = "database that it was exported from" if of_export else "database that was looked at"
        yield (
            f"The anchor file has no head of {joined([*strange[:_MOST_NAMED], *more])}, so this cannot exclude that "
            f"the last entries there were cut off, or the whole chain rewritten. Take the anchors of the {where}; what "
            "is newer than those has its head written by `debrief anchor` there."
        )
    if len(strange) < len(names):
        yield "What was recorded after an incident's last anchor is protected by its chain alone."
    if anchors.unreadable:
        lines = ", ".join(str(line) for line in anchors.unreadable)
        yield f"These lines of the anchor file could not be read: {lines}."


@dataclass(slots=True)
class _Tally:
    """What was looked at so far, the rows beside the entries that do not say what those say, and what was erased.

    `names` are those of the chains that have entries, by the ids of their incidents.
    """

    incidents: int
    entries: int
    altered_rows: list[Finding]
    notes: list[str]
    names: dict[str, str]


def _chains(connection: Connection, sealer: Sealer | None, tally: _Tally) -> Iterator[StoredChain]:
    for head in [*connection.execute(select_raw(INCIDENT).order_by(INCIDENT.c.id)).mappings(), *_ownerless(connection)]:
        chain = _chain(connection, head, sealer)
        tally.incidents += 1
        tally.entries += len(chain.links)
        if chain.links:
            tally.names[chain.incident_id] = chain.name
        if sealer is not None and chain.links:
            tally.altered_rows += _altered_row(head, chain, sealer)
        drafts = stored_drafts(connection, head["id"])
        altered = list(altered_drafts(chain, drafts, sealer))
        if sealer is not None and not altered:
            stored = stored_documents(connection, head["id"], drafts)
            altered = [_altered(chain, what) for what in islice(altered_documents(chain, stored, sealer), 1)]
        tally.altered_rows += altered
        tally.notes += erased_drafts(chain, drafts)
        yield chain


def _altered_row(head: Mapping[str, Any], chain: StoredChain, sealer: Sealer) -> Iterator[Finding]:
    names = ", ".join(altered_fields(head, chain, sealer)).replace("_", " ")
    if names:
        yield _altered(chain, f"the incident's own row has another {names} than its entries say")


def _altered(chain: StoredChain, what: str) -> Finding:
    """That a row beside the entries says otherwise than they do."""
    sentence = f"{chain.name}: {what}"
    return Finding(incident=chain.name, seq=len(chain.links), fault=Fault.ALTERED, sentence=sentence)


def _chain(connection: Connection, head: Mapping[str, Any], sealer: Sealer | None) -> StoredChain:
    of_incident = as_found(TIMELINE_EVENT.c.incident_id) == head["id"]
    rows = connection.execute(select_raw(TIMELINE_EVENT).where(of_incident).order_by(TIMELINE_EVENT.c.seq)).mappings()
    links = [_stored_link(row, sealer) for row in rows]
    return StoredChain(
        incident_id=id_text(head["id"]) or "",
        name=f"#{head['number']}" if head["number"] is not None else f"incident {id_text(head['id'])}",
        claimed_seq=number(head["sequence_head"]),
        claimed_hash=octets(head["head_hash"]),
        links=links,
        erasures=frozenset(_erasures(links)),
    )


def _ownerless(connection: Connection) -> list[Mapping[str, Any]]:
    """Heads for entries whose incident is gone, so that they are not passed over."""
    event = TIMELINE_EVENT.c
    owners = select(INCIDENT.c.id)
    found = select(as_found(event.incident_id)).where(event.incident_id.not_in(owners)).distinct()
    return [
        {"id": incident_id, "number": None, "sequence_head": 0, "head_hash": GENESIS}
        for incident_id in connection.execute(found).scalars()
    ]


def _stored_link(row: RowMapping, sealer: Sealer | None) -> StoredLink:
    link = Link(
        incident_id=id_text(row["incident_id"]) or "",
        seq=number(row["seq"]),
        event_id=id_text(row["id"]) or "",
        kind=words(row["kind"]),
        occurred_at=instant(row["occurred_at"]),
        precision=words(row["precision"]),
        recorded_at=instant(row["recorded_at"]),
        source=words(row["source"]),
        natural_key=words(row["natural_key"]),
        refers_to=id_text(row["refers_to"]),
        commitments={field: octets(row[f"{field}_commitment"]) for field in CONTENT_FIELDS},
    )
    return StoredLink(link=link, stored_hash=octets(row["hash"]), contents=dict(_contents(row, sealer)))


def _contents(row: RowMapping, sealer: Sealer | None) -> Iterator[tuple[str, tuple[bytes, bytes] | None]]:
    for field in CONTENT_FIELDS:
        salt, sealed = row[f"{field}_salt"], row[f"{field}_sealed"]
        if salt is None or sealed is None:
            yield field, None
        elif sealer is not None:
            yield field, (octets(salt), _opened(sealer, field, octets(salt), octets(sealed)))


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
