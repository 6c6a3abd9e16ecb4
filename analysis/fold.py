"""The incident's state as a fold over its events: the projection and the ledger cannot disagree."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.events import EventKind, NewEvent
from analysis.incident import Incident, Role, Severity, Status, Visibility


def begin(event: NewEvent, *, incident_id: UUID, workspace_id: UUID, number: int) -> Incident:
    """The incident that a `declared` event opens."""
    return Incident(
        id=incident_id,
        workspace_id=workspace_id,
        number=number,
        title=event.text,
        severity=Severity(event.payload["severity"]),
        status=Status.DECLARED,
        visibility=Visibility(event.payload["visibility"]),
        declared_at=event.occurred_at,
        declared_by=event.actor,
        changed_at=event.recorded_at,
    )


def apply(incident: Incident, event: NewEvent) -> Incident:
    """The incident after *event*; kinds that do not change the state give it back as it was."""
    change = _CHANGES.get(event.kind)
    changes = change(incident, event) if change else None
    return replace(incident, **changes, changed_at=event.recorded_at) if changes else incident


def _status(_: Incident, event: NewEvent) -> dict[str, Any]:
    return {"status": Status(event.payload["to"]), "duplicate_of": event.payload.get("duplicate_of")}


def _reopened(incident: Incident, event: NewEvent) -> dict[str, Any]:
    moved = incident.in_phase(int(event.payload["phase"]))
    return {"status": Status(event.payload["to"]), "phase": moved.phase, "channel_phase": moved.channel_phase}


def _severity(_: Incident, event: NewEvent) -> dict[str, Any]:
    return {"severity": Severity(event.payload["to"])}


def _visibility(_: Incident, event: NewEvent) -> dict[str, Any]:
    return {"visibility": Visibility(event.payload["to"])}


def _role(incident: Incident, event: NewEvent) -> dict[str, Any]:
    roles = {**incident.roles, Role(event.payload["role"]): event.payload["person"]}
    return {"roles": MappingProxyType({role: holder for role, holder in roles.items() if holder})}


def _impact(_: Incident, event: NewEvent) -> dict[str, Any]:
    """The impact as it is stated, or as a correction of the last statement has it."""
    is_stated = event.kind is EventKind.IMPACT_SET or event.payload.get("sets_impact")
    return {"impact": event.text} if is_stated else {}


def _card(_: Incident, event: NewEvent) -> dict[str, Any]:
    return {"card_ts": event.payload["ts"]}


def _linked(incident: Incident, event: NewEvent) -> dict[str, Any]:
    payload = event.payload
    # A channel that was renamed, or has another identifier, still has its card, and is as private as it was.
    is_same = incident.channel_id in {payload["channel"], payload.get("was", payload["channel"])}
    return {
        "channel_id": payload["channel"],
        "channel_name": payload["name"],
        "card_ts": incident.card_ts if is_same else None,
        "is_channel_closed": False,
        "is_channel_private": payload.get("is_private", is_same and incident.is_channel_private),
    }


def _closed(incident: Incident, event: NewEvent) -> dict[str, Any]:
    # It stays the incident's: what was marked there in time may arrive late, and its members go on seeing it.
    return {"is_channel_closed": True} if incident.channel_id == event.payload["channel"] else {}


def _left(incident: Incident, event: NewEvent) -> dict[str, Any]:
    if incident.channel_id != event.payload["channel"]:
        return {}
    return {
        "channel_id": None,
        "channel_name": None,
        "card_ts": None,
        "is_channel_closed": False,
        "is_channel_private": False,
        "channels_left": incident.channels_left + 1,
    }


#: What a kind of event changes; most kinds are not here, and finding that out should cost next to nothing.
_CHANGES: Mapping[EventKind, Callable[[Incident, NewEvent], dict[str, Any]]] = MappingProxyType(
    {
        EventKind.STATUS_CHANGED: _status,
        EventKind.REOPENED: _reopened,
        EventKind.SEVERITY_CHANGED: _severity,
        EventKind.VISIBILITY_CHANGED: _visibility,
        EventKind.ROLE_ASSIGNED: _role,
        EventKind.IMPACT_SET: _impact,
        EventKind.CORRECTED: _impact,
        EventKind.CARD_PINNED: _card,
        EventKind.CHANNEL_LINKED: _linked,
        EventKind.CHANNEL_CLOSED: _closed,
        EventKind.CHANNEL_LEFT: _left,
    }
)
