"""Changing a record behind Debrief's back with plain SQL, as the database's owner would, and looking for it."""

from pathlib import Path

from sqlalchemy import text

from analysis.chain import CONTENT_FIELDS, GENESIS, Link, link_hash
from analysis.incident import Incident
from analysis.verification import Fault
from bot.store.proof.anchors import Anchors, read_anchors
from bot.store.proof.verification import Report, verify_database
from tests.bot.store.parts import Store, note


def eight_entries(store: Store) -> Incident:
    """Return incident #2 with eight entries, beside #1 that stays untouched."""
    store.append(store.declare("Untouched"), note(1))
    declared = store.declare()
    store.append(declared, *(note(number) for number in range(2, 9)))
    return declared


def tamper(store: Store, incident: Incident, *statements: str) -> None:
    """Run plain SQL, in which `:incident` is the incident's id."""
    value = incident.id.hex if store.database.is_sqlite else incident.id
    with store.database.write_engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), {"incident": value} if ":incident" in statement else {})


def edit(store: Store, incident: Incident, seq: int, assignments: str) -> None:
    """Change one entry."""
    tamper(store, incident, f"UPDATE timeline_event SET {assignments} WHERE incident_id = :incident AND seq = {seq}")  # noqa: S608


def delete(store: Store, incident: Incident, condition: str) -> None:
    """Remove entries."""
    tamper(store, incident, f"DELETE FROM timeline_event WHERE incident_id = :incident AND {condition}")  # noqa: S608


def verify(store: Store, anchors: Path | None = None) -> Report:
    """Verify with the store's own key."""
    file = read_anchors(anchors) if anchors else None
    return verify_database(store.database, sealer=store.sealer, anchors=file)


def found(store: Store, anchors: Path | None = None) -> tuple[tuple[str, int, Fault], ...]:
    """Verify, and return the name, place and kind of each finding."""
    return tuple((finding.incident, finding.seq, finding.fault) for finding in verify(store, anchors).findings)


def anchor(store: Store, path: Path) -> Path:
    """Anchor all heads that moved, and return where."""
    Anchors(store.database, store.writer, path).anchor()
    return path


def cut_tail_and_head(store: Store, incident: Incident) -> None:
    """Remove the last entries and let the head say so."""
    delete(store, incident, "seq > 5")
    head = "(SELECT hash FROM timeline_event WHERE incident_id = :incident AND seq = 5)"
    tamper(store, incident, f"UPDATE incident SET sequence_head = 5, head_hash = {head} WHERE id = :incident")  # noqa: S608


def rewrite_chain(store: Store, incident: Incident) -> None:
    """Change an entry and recompute every hash, the head's included."""
    edit(store, incident, 4, "source = 'import'")
    events = store.events(incident)
    commitments = "SELECT seq, actor_commitment, text_commitment, payload_commitment FROM timeline_event"
    with store.database.write_engine.begin() as connection:
        value = incident.id.hex if store.database.is_sqlite else incident.id
        rows = connection.execute(text(f"{commitments} WHERE incident_id = :incident"), {"incident": value})
        by_seq = {row.seq: row for row in rows}
        previous = GENESIS
        for event in events:
            link = Link(
                incident_id=str(incident.id),
                seq=event.seq,
                event_id=str(event.id),
                kind=event.kind,
                occurred_at=event.occurred_at,
                precision=event.precision,
                recorded_at=event.recorded_at,
                source=event.source,
                natural_key=event.natural_key,
                refers_to=None,
                commitments={field: getattr(by_seq[event.seq], f"{field}_commitment") for field in CONTENT_FIELDS},
            )
            previous = link_hash(link, previous)
            entry = {"hash": previous, "incident": value, "seq": event.seq}
            connection.execute(
                text("UPDATE timeline_event SET hash = :hash WHERE incident_id = :incident AND seq = :seq"), entry
            )
        head = {"hash": previous, "incident": value}
        connection.execute(text("UPDATE incident SET head_hash = :hash WHERE id = :incident"), head)
