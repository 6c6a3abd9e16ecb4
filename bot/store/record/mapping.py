"""Rows to records and back; contents are sealed on the way in and opened on the way out."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from analysis.chain import CONTENT_FIELDS, Link, canonical_bytes, commit, link_hash
from analysis.events import EventKind, NewEvent, Source, TimelineEvent
from analysis.incident import Incident, Role, Severity, Status, Visibility
from analysis.precision import Precision
from bot.store.record.sealing import Sealer

Row = RowMapping | Mapping[str, Any]

_CONTENT_COLUMNS = tuple((field, f"{field}_salt", f"{field}_commitment", f"{field}_sealed") for field in CONTENT_FIELDS)


@dataclass(slots=True, kw_only=True)
class StoredIncident:
    """An incident with the head of its chain; not frozen, as one is made for each append, but nobody changes it."""

    incident: Incident
    seq: int
    hash: bytes


#: Where the sealed part of an incident's row has the phase in which its channel began.
CHANNEL_PHASE = "channel_phase"


def incident_values(stored: StoredIncident, sealer: Sealer) -> dict[str, Any]:
    """The row of an incident."""
    incident = stored.incident
    return {
        "id": incident.id,
        "workspace_id": incident.workspace_id,
        "number": incident.number,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "visibility": incident.visibility.value,
        "phase": incident.phase,
        "declared_at": incident.declared_at,
        "changed_at": incident.changed_at,
        "channel_id": incident.channel_id,
        "card_ts": incident.card_ts,
        "duplicate_of": incident.duplicate_of,
        "content": sealer.seal_whole("incident", canonical_bytes(incident_content(incident))),
        "sequence_head": stored.seq,
        "head_hash": stored.hash,
    }


def to_incident(row: Row, sealer: Sealer) -> StoredIncident:
    """The incident of a row."""
    content = json.loads(sealer.open_whole("incident", row["content"]))
    incident = Incident(
        id=row["id"],
        workspace_id=row["workspace_id"],
        number=row["number"],
        title=content["title"],
        severity=Severity(row["severity"]),
        status=Status(row["status"]),
        visibility=Visibility(row["visibility"]),
        declared_at=row["declared_at"],
        declared_by=content["declared_by"],
        phase=row["phase"],
        roles=MappingProxyType({Role(role): holder for role, holder in content["roles"].items()}),
        impact=content["impact"],
        channel_id=row["channel_id"],
        channel_name=content["channel_name"],
        is_channel_closed=content.get("is_channel_closed", False),
        is_channel_private=content.get("is_channel_private", False),
        channels_left=content.get("channels_left", 0),
        # An earlier version gave each phase a lane of its own: what waits there is still told first.
        channel_phase=content.get(CHANNEL_PHASE, row["phase"]),
        card_ts=row["card_ts"],
        duplicate_of=row["duplicate_of"],
        changed_at=row["changed_at"],
    )
    return StoredIncident(incident=incident, seq=row["sequence_head"], hash=row["head_hash"])


def content_values(events: Collection[NewEvent], sealer: Sealer) -> list[dict[str, bytes]]:
    """The part of each event's row that is sealed and can be erased.

    It is made field by field for all *events*: the same few steps over and over take two thirds of the time that they
    take in turn with everything else that a row needs.
    """
    rows: list[dict[str, bytes]] = [{} for _ in events]
    for field, salt_column, commitment_column, sealed_column in _CONTENT_COLUMNS:
        values = [getattr(event, field) for event in events]
        contents = [canonical_bytes(value if isinstance(value, str) else dict(value)) for value in values]
        for row, content, (salt, sealed) in zip(rows, contents, sealer.seal_all(field, contents), strict=True):
            row[salt_column], row[sealed_column] = salt, sealed
            row[commitment_column] = commit(salt, field, content)
    return rows


def event_values(
    event: NewEvent, incident_id: UUID, seq: int, previous: bytes, content: Mapping[str, bytes]
) -> dict[str, Any]:
    """The row that puts *event* with its *content* in place *seq*, after the entry whose hash is *previous*."""
    link = _link(event, incident_id, seq, {field: content[column] for field, _, column, _ in _CONTENT_COLUMNS})
    return {
        "id": event.id,
        "incident_id": incident_id,
        "seq": seq,
        "kind": link.kind,
        "occurred_at": event.occurred_at,
        "precision": link.precision,
        "recorded_at": event.recorded_at,
        "source": link.source,
        "natural_key": event.natural_key,
        "refers_to": event.refers_to,
        "hash": link_hash(link, previous),
        **content,
    }


def to_event(row: Row, sealer: Sealer) -> TimelineEvent:
    """The event of a row; fields that were erased read as empty."""
    opened = {field: _open_field(row, field, sealer) for field in CONTENT_FIELDS}
    return TimelineEvent(
        id=row["id"],
        kind=EventKind(row["kind"]),
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        actor=opened["actor"] or "",
        source=Source(row["source"]),
        natural_key=row["natural_key"],
        precision=Precision(row["precision"]),
        text=opened["text"] or "",
        payload=MappingProxyType(opened["payload"] or {}),
        refers_to=row["refers_to"],
        incident_id=row["incident_id"],
        seq=row["seq"],
        hash=row["hash"],
        erased=frozenset(field for field, content in opened.items() if content is None),
    )


def incident_content(incident: Incident) -> dict[str, Any]:
    """What of an incident is sealed in its row."""
    return {
        "title": incident.title,
        "impact": incident.impact,
        "declared_by": incident.declared_by,
        "roles": {role.value: holder for role, holder in incident.roles.items()},
        "channel_name": incident.channel_name,
        "is_channel_closed": incident.is_channel_closed,
        "is_channel_private": incident.is_channel_private,
        "channels_left": incident.channels_left,
        CHANNEL_PHASE: incident.channel_phase,
    }


def json_text(value: object) -> str:
    """A JSON value as the one text that equal values share."""
    return canonical_bytes(value).decode()


def _link(event: NewEvent, incident_id: UUID, seq: int, commitments: Mapping[str, bytes]) -> Link:
    return Link(
        incident_id=str(incident_id),
        seq=seq,
        event_id=str(event.id),
        kind=event.kind.value,
        occurred_at=event.occurred_at,
        precision=event.precision.value,
        recorded_at=event.recorded_at,
        source=event.source.value,
        natural_key=event.natural_key,
        refers_to=str(event.refers_to) if event.refers_to else None,
        commitments=commitments,
    )


def _open_field(row: Row, field: str, sealer: Sealer) -> Any:  # noqa: ANN401 - any JSON value
    salt, sealed = row[f"{field}_salt"], row[f"{field}_sealed"]
    if salt is None or sealed is None:
        return None
    return json.loads(sealer.open(field, salt, sealed))
