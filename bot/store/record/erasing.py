"""Destroying one field of one event with its copies: its commitment stays, and so does the chain."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Table, delete, func, select, update

from analysis.chain import CONTENT_FIELDS
from analysis.errors import Conflict, NotFound
from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident
from analysis.redaction import Phrases, phrases, quotes
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, draft_erasure_key, erasure_key
from bot.store.delivery.delivery_rows import to_held
from bot.store.model.model_call_tables import forget_model_calls
from bot.store.model.vault_tables import VAULT
from bot.store.paging.paging_rows import forget_pages
from bot.store.record.document_rows import approval_values, publication_values, to_approval, to_publication
from bot.store.record.mapping import StoredIncident, to_event
from bot.store.record.sealing import Sealer
from bot.store.record.tables import APPROVAL, DELIVERY, HELD_MESSAGE, INBOX, PUBLICATION, REVISION, TIMELINE_EVENT

#: What an incident's customer impact may have come from.
_IMPACTS = frozenset({EventKind.IMPACT_SET, EventKind.CORRECTED})
#: How long a hash is that is kept as it is; a keyed one is shorter.
_PLAIN_BYTES = 32
#: What is written by an erasure, so that a database can be told to clean exactly these up.
TOUCHED = (
    *("timeline_event", "incident", "revision", "approval", "publication", "inbox", "held_message"),
    *("delivery", "egress", "page", "vault", "model_call"),
)


def check_erasures(changes: Changes) -> None:
    """Refuse an erasure that no event of the same changes records: verification would call it tampering."""
    if not changes.erasures and not changes.redactions:
        return
    recorded = {event.natural_key for event in changes.events if event.kind is EventKind.ERASED}
    for incident_id, seq, field in changes.erasures:
        is_recorded = changes.incident is not None and changes.incident.id == incident_id
        if not is_recorded or field not in CONTENT_FIELDS or erasure_key(seq, field) not in recorded:
            message = f"the erasure of {field!r} in entry {seq} needs an `erased` event with its key"
            raise ValueError(message)
    for revision in changes.redactions:
        if revision.is_erased and draft_erasure_key(revision.number) not in recorded:
            message = f"the erasure from draft {revision.number} needs an `erased` event with its key"
            raise ValueError(message)


def refuse_erased(reads: Reads, incident_id: UUID, seq: int) -> None:
    """Refuse to keep copies of a record that was read up to row *seq*, where something was erased since.

    What is erased later waits for this transaction, and finds the copies.

    Raises
    ------
    Conflict
        If something was erased.
    """
    reads.incident(incident_id)  # stays as it is until the transaction ends
    if any(kind is EventKind.ERASED for kind, _ in reads.keys_after(incident_id, seq)):
        message = "This draft was overtaken by an erasure; nothing more of it was sent or kept. Ask again."
        raise Conflict(message)


def erase(
    connection: Connection, sealer: Sealer, stored: StoredIncident, seq: int, field: str
) -> tuple[StoredIncident, TimelineEvent]:
    """Destroy *field* of entry *seq*, and blank what the incident's own row repeats of it; returns the entry as it was.

    Raises
    ------
    NotFound
        If there is no such entry.
    """
    event = TIMELINE_EVENT.c
    this = (event.incident_id == stored.incident.id) & (event.seq == seq)
    row = connection.execute(select(TIMELINE_EVENT).where(this)).mappings().first()
    if row is None:
        message = f"{stored.incident.reference} has no entry {seq}."
        raise NotFound(message)
    connection.execute(update(TIMELINE_EVENT).where(this).values({f"{field}_salt": None, f"{field}_sealed": None}))
    before = to_event(row, sealer)
    return replace(stored, incident=_blanked(stored.incident, before, field)), before


def forget_copies(connection: Connection, sealer: Sealer, erased: Sequence[tuple[TimelineEvent, str]]) -> None:
    """Destroy what bookkeeping repeats of the erased fields: answers, edits that wait for a mark, names, places.

    The vault goes as a whole: which of its placeholders stand for what was erased cannot be told from the others.
    """
    # Which answer quotes what cannot be told without opening each; they only serve a request that is sent again.
    connection.execute(update(INBOX).where(INBOX.c.reply.is_not(None)).values(reply=None))
    # Earlier versions kept hashes that are not keyed, from which a guess of what was typed can be confirmed.
    connection.execute(update(INBOX).where(func.length(INBOX.c.body_hash) == _PLAIN_BYTES).values(body_hash=b""))
    _forget_held(connection, sealer, erased)
    connection.execute(delete(VAULT).where(VAULT.c.incident_id.in_({event.incident_id for event, _ in erased})))
    for incident_id in {event.incident_id for event, _ in erased}:
        forget_model_calls(connection, incident_id)
    for event, field in erased:
        is_target = field == "payload" and event.kind is EventKind.PAGED
        forget_pages(connection, sealer, event.incident_id, number=event.payload["page"] if is_target else None)
        if field == "actor" and event.kind is EventKind.APPROVED:
            _forget_approver(connection, sealer, event)
        if field == "payload" and event.kind is EventKind.PUBLISHED:
            _forget_place(connection, sealer, event)


def _forget_held(connection: Connection, sealer: Sealer, erased: Sequence[tuple[TimelineEvent, str]]) -> None:
    """Edits and deletions of an erased message, and all that repeat what was erased."""
    words = phrases(event.text for event, field in erased if field == "text")
    messages = {
        (event.payload.get("channel"), event.payload.get("ts"))
        for event, _ in erased
        if event.kind is EventKind.MESSAGE
    }
    for row in connection.execute(select(HELD_MESSAGE)).mappings().all():
        held = to_held(row, sealer)
        if (held.channel, held.ts) in messages or _quotes(held.body.values(), words):
            connection.execute(delete(HELD_MESSAGE).where(HELD_MESSAGE.c.id == row["id"]))


def _quotes(values: object, words: Phrases) -> bool:
    if isinstance(values, str):
        return quotes(values, words)
    if isinstance(values, dict):
        return _quotes(values.values(), words)
    return any(_quotes(each, words) for each in values) if hasattr(values, "__iter__") else False


def _forget_approver(connection: Connection, sealer: Sealer, event: TimelineEvent) -> None:
    for row in connection.execute(_of_revision(APPROVAL, event)).mappings().all():
        approval = to_approval(row, sealer)
        if approval.approver == event.actor:
            values = approval_values(replace(approval, approver=""), sealer)
            connection.execute(update(APPROVAL).where(APPROVAL.c.id == approval.id).values(content=values["content"]))


def _forget_place(connection: Connection, sealer: Sealer, event: TimelineEvent) -> None:
    for row in connection.execute(_of_revision(PUBLICATION, event)).mappings().all():
        publication = to_publication(row, sealer)
        if publication.target == event.payload.get("target"):
            values = publication_values(replace(publication, where=""), sealer)
            this = update(PUBLICATION).where(PUBLICATION.c.id == publication.id)
            connection.execute(this.values(location=values["location"]))
    # An earlier version kept the place with the delivery, too.
    kept = (DELIVERY.c.incident_id == event.incident_id) & (DELIVERY.c.kind == DeliveryKind.PUBLISH.value)
    connection.execute(update(DELIVERY).where(kept, DELIVERY.c.result.like('%"where"%')).values(result="{}"))


def _of_revision(table: Table, event: TimelineEvent) -> Select[Any]:
    """The rows of *table* about the draft that *event* is about."""
    revision = (REVISION.c.incident_id == event.incident_id) & (REVISION.c.number == event.payload.get("revision"))
    return select(table).where(table.c.revision_id.in_(select(REVISION.c.id).where(revision)))


def _blanked(incident: Incident, event: TimelineEvent, field: str) -> Incident:
    kind = event.kind
    if field == "actor" and kind is EventKind.DECLARED:
        return replace(incident, declared_by="")
    if field == "text" and kind is EventKind.DECLARED:
        # The channel's name was made from the title.
        return replace(incident, title="", channel_name=None)
    if field == "text" and kind in _IMPACTS and incident.impact == event.text:
        return replace(incident, impact="")
    if field == "payload" and kind is EventKind.ROLE_ASSIGNED:
        held = {role: who for role, who in incident.roles.items() if who != event.payload.get("person")}
        return replace(incident, roles=held)
    if field == "payload" and kind is EventKind.CHANNEL_LINKED:
        return replace(incident, channel_name=None)
    return incident
