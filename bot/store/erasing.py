"""Destroying one field of one event: its salt and ciphertext go, its commitment stays, and so does the chain."""

from dataclasses import replace

from sqlalchemy import Connection, RowMapping, select, update

from analysis.chain import CONTENT_FIELDS
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.incident import Incident
from bot.ports.records import Changes, erasure_key
from bot.store.mapping import StoredIncident, to_event
from bot.store.sealing import Sealer
from bot.store.tables import TIMELINE_EVENT


def check_erasures(changes: Changes) -> None:
    """Refuse an erasure that no event of the same changes records: verification would call it tampering."""
    if not changes.erasures:
        return
    recorded = {event.natural_key for event in changes.events if event.kind is EventKind.ERASED}
    for incident_id, seq, field in changes.erasures:
        is_recorded = changes.incident is not None and changes.incident.id == incident_id
        if not is_recorded or field not in CONTENT_FIELDS or erasure_key(seq, field) not in recorded:
            message = f"the erasure of {field!r} in entry {seq} needs an `erased` event with its key"
            raise ValueError(message)


def erase(connection: Connection, sealer: Sealer, stored: StoredIncident, seq: int, field: str) -> StoredIncident:
    """Destroy *field* of entry *seq*, and blank what the incident's own row repeats of it.

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
    return replace(stored, incident=_blanked(stored.incident, row, field, sealer))


#: What an incident's customer impact may have come from.
_IMPACTS = frozenset({EventKind.IMPACT_SET, EventKind.CORRECTED})


def _blanked(incident: Incident, row: RowMapping, field: str, sealer: Sealer) -> Incident:
    event = to_event(row, sealer)
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
