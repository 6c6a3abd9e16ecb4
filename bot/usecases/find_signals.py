"""Compare the groups of now with the open incidents: what is found, as far as it differs from what is on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from analysis.alerts.attaching import Fit, GroupFacts, IncidentFacts, fit, relate
from analysis.alerts.reasons import Reason, logit_of
from analysis.alerts.topology import Topology
from analysis.incident import Incident, Visibility
from analysis.signals import SignalKind, Verdict
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.ports.signals import FoundSignal
from bot.usecases.asking_groups import is_elsewhere

#: What is looked at, so that looking takes no longer in a storm: the newest of each.
MOST_INCIDENTS = 20
MOST_GROUPS = 50
MOST_ATTACHED = 30
#: How long a group that is quiet is compared, and how far before a declaration it may have had its last alert.
LOOKED_BACK = timedelta(minutes=15)
#: A change of the logit that is worth writing.
_LEAST_CHANGE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """An open incident as it is compared."""

    incident: Incident
    facts: IncidentFacts
    attached: Mapping[UUID, AlertGroup]
    attached_by_itself: frozenset[UUID]
    known: Mapping[str, FoundSignal]
    declined: frozenset[UUID]
    taken_off: frozenset[UUID]


def find_signals(reads: Reads, workspace_id: UUID, topology: Topology) -> Mapping[UUID, tuple[FoundSignal, ...]]:
    """What is found anew about each open incident."""
    incidents = reads.incidents(workspace_id, limit=MOST_INCIDENTS)
    if not incidents:
        return {}
    recent = reads.groups.current(workspace_id, since=reads.now - LOOKED_BACK, limit=MOST_GROUPS)
    look = _Look(reads, [_side(reads, incident) for incident in incidents], topology)
    found = {side.incident.id: tuple(_findings(reads, side, look, recent)) for side in look.sides}
    return {incident_id: signals for incident_id, signals in found.items() if signals}


def subject_of(group_id: UUID) -> str:
    """The key of a group among the signals of an incident."""
    return f"group:{group_id}"


def _side(reads: Reads, incident: Incident) -> _Side:
    attached = reads.groups.attached_to(incident.id)
    newest = sorted(attached, key=lambda group: group.number)[-MOST_ATTACHED:]
    verdicts = reads.signals.verdicts(incident.id)
    return _Side(
        incident=incident,
        facts=IncidentFacts(
            declared_at=incident.declared_at, title=incident.title, groups=tuple(_facts(group) for group in newest)
        ),
        attached={group.id: group for group in newest},
        attached_by_itself=reads.signals.attached_by_itself(incident.id),
        known={one.subject: one for one in reads.signals.of_incident(incident.id)},
        declined=frozenset(group for group, verdict in verdicts.items() if verdict is Verdict.NOT_RELATED),
        taken_off=reads.signals.taken_off(incident.id),
    )


def _facts(group: AlertGroup) -> GroupFacts:
    digest = group.digest
    return GroupFacts(
        id=str(group.id),
        reference=group.reference,
        opened_at=group.began_at,
        entities=digest.entities,
        alerts=group.alerts,
        places=len(digest.places),
        minutes=digest.minutes,
        near=digest.near,
        is_lane=digest.is_lane,
    )


class _Look:
    """One look at all of them: each group is compared with each incident once."""

    def __init__(self, reads: Reads, sides: Sequence[_Side], topology: Topology) -> None:
        self._reads = reads
        self.sides = sides
        self._topology = topology
        self._reasons: dict[tuple[UUID, UUID], tuple[Reason, ...]] = {}

    def reasons(self, group: AlertGroup, side: _Side) -> tuple[Reason, ...]:
        """Why the group may be a part of the incident; one that is attached is compared with the others there."""
        key = (group.id, side.incident.id)
        if key not in self._reasons:
            others = tuple(one for one in side.facts.groups if one.id != str(group.id))
            facts = side.facts if len(others) == len(side.facts.groups) else replace(side.facts, groups=others)
            self._reasons[key] = relate(_facts(group), facts, self._topology)
        return self._reasons[key]

    def fit(self, group: AlertGroup, side: _Side) -> Fit:
        """What becomes of the group; no incident that not everybody may see has a say in what others show."""
        if _is_of_another_environment(group, side):
            return Fit.NONE
        rivals = [one for one in self.sides if one is not side and one.incident.visibility is Visibility.PUBLIC]
        rival = max((logit_of(self.reasons(group, one)) for one in rivals), default=None)
        what = fit(self.reasons(group, side), rival)
        if what is not Fit.ATTACH:
            return what
        is_taken = group.id in side.taken_off or is_elsewhere(self._reads, group, side.incident)
        return Fit.SUGGEST if is_taken else what


def _is_of_another_environment(group: AlertGroup, side: _Side) -> bool:
    """Whether what people attached to the incident names environments, and the group's alerts name another.

    What was attached by itself says nothing of that: a title alone names a service, not where it runs.
    """
    by_people = (one for one in side.attached.values() if one.id not in side.attached_by_itself)
    named = {one.digest.environment for one in by_people} - {""}
    return bool(named and group.digest.environment) and group.digest.environment not in named


def _findings(reads: Reads, side: _Side, look: _Look, recent: Sequence[AlertGroup]) -> list[FoundSignal]:
    since = side.incident.declared_at - LOOKED_BACK
    candidates = {group.id: group for group in recent if group.last_at >= since and not group.is_closed}
    found = []
    for group in {**candidates, **side.attached}.values():
        if not group.alerts:  # all that was in it may be in other groups by now
            continue
        if group.id in side.declined:
            continue
        one = FoundSignal(
            incident_id=side.incident.id,
            kind=SignalKind.ALERT_GROUP,
            subject=subject_of(group.id),
            fit=Fit.ATTACH if group.id in side.attached else look.fit(group, side),
            reasons=look.reasons(group, side),
            changed_at=reads.now,
            group_id=group.id,
        )
        if _is_news(one, side.known.get(one.subject)):
            found.append(one)
    return found


def _is_news(found: FoundSignal, known: FoundSignal | None) -> bool:
    if known is None:
        return found.fit is not Fit.NONE
    if found.fit is not known.fit or abs(found.logit - known.logit) >= _LEAST_CHANGE:
        return True
    return [reason.code for reason in found.reasons] != [reason.code for reason in known.reasons]
