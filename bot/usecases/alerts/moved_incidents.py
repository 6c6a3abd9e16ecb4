"""Incidents of PagerDuty that were moved to another service: there they are another series, and the first is over.

An event names the service of now alone, so that what fires as the same incident is looked for among what was heard.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from analysis.alerts.alert import ENDED_BECAUSE, Alert, AlertStatus
from bot.ports.ledger import Reads
from bot.ports.records import ReceivedAlert, RepeatedAlert

#: The labels by which an incident of PagerDuty is known, and no other sender's alert; two services may have one key.
_KEY, _SERVICE = "incident_key", "service_id"
#: The annotation that leads to the incident itself, wherever it is.
_LINK = "link"
#: What an incident begins with says where it is for the first time.
_BEGINS = "incident.triggered"
#: Of more that fire the newest are looked at: those that are moved were told of lately.
_MOST = 500


def left_behind(reads: Reads, received: Sequence[ReceivedAlert | RepeatedAlert]) -> tuple[ReceivedAlert, ...]:
    """The ends of what still fires on a service that the incident of one of *received* has left."""
    moved = (one for one in received if isinstance(one, ReceivedAlert) and _may_be_moved(one))
    return tuple(end for one in moved for end in _ends(reads, one))


def _may_be_moved(one: ReceivedAlert) -> bool:
    labels, link = one.alert.labels, one.alert.annotations.get(_LINK)
    return bool(_KEY in labels and _SERVICE in labels and link) and one.extra.get("event_type", _BEGINS) != _BEGINS


def _ends(reads: Reads, one: ReceivedAlert) -> list[ReceivedAlert]:
    firing = reads.groups.firing_beside(one.workspace_id, one.alert.source, one.fingerprint, _MOST)
    same = (event for event in firing if _incident(event.alert) == _incident(one.alert))
    return [replace(one, fingerprint=event.fingerprint, alert=_ended(event.alert, one.alert)) for event in same]


def _incident(alert: Alert) -> tuple[str | None, str | None]:
    return alert.labels.get(_KEY), alert.annotations.get(_LINK)


def _ended(there: Alert, here: Alert) -> Alert:
    """What fires *there* once it is *here*: it goes on, unless that is over."""
    place = here.labels.get("service") or "another service of PagerDuty"
    is_over = here.status is AlertStatus.RESOLVED
    because = {} if is_over else {ENDED_BECAUSE: f"it was moved to {place} and goes on there"}
    return replace(
        there,
        id=here.id,
        status=AlertStatus.RESOLVED,
        starts_at=here.starts_at,
        ends_at=here.starts_at,
        received_at=here.received_at,
        is_moment=True,
        annotations=MappingProxyType({**there.annotations, **because}),
    )
