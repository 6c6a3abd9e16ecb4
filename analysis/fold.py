"""The incident's state as a fold over its events: the projection and the ledger cannot disagree."""

from collections.abc import Mapping
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
    changes = _changes(incident, event)
    return replace(incident, **changes, changed_at=event.recorded_at) if changes else incident


def _changes(incident: Incident, event: NewEvent) -> dict[str, Any]:  # noqa: PLR0911 - one return a kind reads best
    payload = event.payload
    match event.kind:
        case EventKind.STATUS_CHANGED:
            return {"status": Status(payload["to"]), "duplicate_of": payload.get("duplicate_of")}
        case EventKind.REOPENED:
            moved = incident.in_phase(int(payload["phase"]))
            return {"status": Status(payload["to"]), "phase": moved.phase, "channel_phase": moved.channel_phase}
        case EventKind.SEVERITY_CHANGED:
            return {"severity": Severity(payload["to"])}
        case EventKind.VISIBILITY_CHANGED:
            return {"visibility": Visibility(payload["to"])}
        case EventKind.ROLE_ASSIGNED:
            return {"roles": _with_role(incident, Role(payload["role"]), payload["person"])}
        case EventKind.IMPACT_SET | EventKind.CORRECTED:
            return _impact(event)
        case EventKind.CARD_PINNED:
            return {"card_ts": payload["ts"]}
        case _:
            return _channel_changes(incident, event)


def _channel_changes(incident: Incident, event: NewEvent) -> dict[str, Any]:
    payload = event.payload
    match event.kind:
        case EventKind.CHANNEL_LINKED:
            return _linked(incident, payload)
        case EventKind.CHANNEL_CLOSED:
            # It stays the incident's: what was marked there in time may arrive late, and its members go on seeing it.
            return {"is_channel_closed": True} if incident.channel_id == payload["channel"] else {}
        case EventKind.CHANNEL_LEFT:
            return _left(incident) if incident.channel_id == payload["channel"] else {}
        case _:
            return {}


def _impact(event: NewEvent) -> dict[str, Any]:
    """The impact as it is stated, or as a correction of the last statement has it."""
    is_stated = event.kind is EventKind.IMPACT_SET or event.payload.get("sets_impact")
    return {"impact": event.text} if is_stated else {}


def _linked(incident: Incident, payload: Mapping[str, Any]) -> dict[str, Any]:
    # A channel that was only renamed still has its card, and is as private as it was.
    is_same = incident.channel_id == payload["channel"]
    return {
        "channel_id": payload["channel"],
        "channel_name": payload["name"],
        "card_ts": incident.card_ts if is_same else None,
        "is_channel_closed": False,
        "is_channel_private": payload.get("is_private", is_same and incident.is_channel_private),
    }


def _left(incident: Incident) -> dict[str, Any]:
    return {
        "channel_id": None,
        "channel_name": None,
        "card_ts": None,
        "is_channel_closed": False,
        "is_channel_private": False,
        "channels_left": incident.channels_left + 1,
    }


def _with_role(incident: Incident, role: Role, person: str) -> MappingProxyType[Role, str]:
    roles = {**incident.roles, role: person}
    return MappingProxyType({role: holder for role, holder in roles.items() if holder})
