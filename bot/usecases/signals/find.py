"""Compare the groups of now with the open incidents: what is found, as far as it differs from what is on record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from analysis.alerts.attaching import Fit, GroupFacts, IncidentFacts, fit, relate
from analysis.alerts.reasons import Reason, ReasonCode, logit_of
from analysis.alerts.topology import Topology
from analysis.events import EventKind
from analysis.incident import Incident, Status, Visibility
from analysis.signals import SignalKind, Verdict
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.ports.signals import FoundSignal
from bot.usecases.groups.asking import Belonging

#: What is looked at, so that looking takes no longer in a storm: the newest of each.
MOST_INCIDENTS = 20
MOST_GROUPS = 50
MOST_ATTACHED = 30
#: How long a group that is quiet is compared, and how far before a declaration it may have had its last alert.
LOOKED_BACK = timedelta(minutes=15)
#: A change of the logit that is worth writing.
_LEAST_CHANGE = 0.25
_OVER = frozenset(status.value for status in Status if not status.is_active)
#: What it weighs that a person called the incident that has the group a duplicate: as much as if they had attached it.
_SAID_OF_DUPLICATE = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phase:
    """When the present phase of an incident began, and when the one before it began and ended; all one in the first."""

    since: datetime
    before: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """An open incident as it is compared: since it began, or since it was reopened.

    `earlier` is how it was compared before it was reopened. `of_duplicates` are the groups of what people called a
    duplicate of it, each with why it belongs here, `of_earlier_phase` those attached before it was reopened.
    """

    incident: Incident
    phase: _Phase
    facts: IncidentFacts
    earlier: IncidentFacts
    of_duplicates: Mapping[UUID, tuple[AlertGroup, Reason]]
    attached: Mapping[UUID, AlertGroup]
    attached_by_itself: frozenset[UUID]
    of_earlier_phase: frozenset[UUID]
    known: Mapping[str, FoundSignal]
    declined: frozenset[UUID]
    taken_off: frozenset[UUID]


def find_signals(reads: Reads, workspace_id: UUID, topology: Topology) -> Mapping[UUID, tuple[FoundSignal, ...]]:
    """What is found anew about each open incident."""
    incidents = reads.incidents(workspace_id, limit=MOST_INCIDENTS)
    if not incidents:
        return {}
    current = reads.groups.current(workspace_id, since=reads.now - LOOKED_BACK, limit=MOST_GROUPS)
    look = _Look(reads, [_side(reads, incident) for incident in incidents], current, topology)
    settled = {group.id for group in current if look.belonging.is_settled(group)}
    found = {}
    for side in look.sides:
        recent = [one for one in current if one.id not in settled or not look.belonging.is_settled(one, side.incident)]
        found[side.incident.id] = tuple(_findings(reads, side, look, recent))
    return {incident_id: signals for incident_id, signals in found.items() if signals}


def subject_of(group_id: UUID) -> str:
    """The key of a group among the signals of an incident."""
    return f"group:{group_id}"


def _side(reads: Reads, incident: Incident) -> _Side:
    attached = reads.groups.attached_to(incident.id)
    newest = sorted(attached, key=lambda group: group.number)[-MOST_ATTACHED:]
    verdicts = reads.signals.verdicts(incident.id)
    phase = _phase(reads, incident)
    attached_at = reads.signals.attached_at(incident.id) if incident.phase > 1 else {}
    return _Side(
        incident=incident,
        phase=phase,
        facts=_incident_facts(incident, newest, attached_at, phase.since),
        earlier=_incident_facts(incident, newest, attached_at, phase.before),
        of_duplicates=_of_duplicates(reads, incident, phase.since, {group.id for group in attached}),
        attached={group.id: group for group in newest},
        attached_by_itself=reads.signals.attached_by_itself(incident.id),
        of_earlier_phase=frozenset(group for group, at in attached_at.items() if at < phase.since),
        known={one.subject: one for one in reads.signals.of_incident(incident.id)},
        declined=frozenset(group for group, verdict in verdicts.items() if verdict is Verdict.NOT_RELATED),
        taken_off=reads.signals.taken_off(incident.id),
    )


def _phase(reads: Reads, incident: Incident) -> _Phase:
    """When its phases began: what fired in one that is over tells nothing of what is wrong since the reopening."""
    first = incident.declared_at
    if incident.phase == 1:
        return _Phase(since=first, before=first, ended_at=first)
    events = reads.events_of_kind(incident.id, {EventKind.REOPENED, EventKind.STATUS_CHANGED})
    reopened = [event.occurred_at for event in events if event.kind is EventKind.REOPENED]
    *_, before, since = sorted([first, first, *reopened])
    over = [event.occurred_at for event in events if event.payload.get("to") in _OVER]
    return _Phase(since=since, before=before, ended_at=min((at for at in over if before <= at < since), default=since))


def _incident_facts(
    incident: Incident, groups: Sequence[AlertGroup], attached_at: Mapping[UUID, datetime], since: datetime
) -> IncidentFacts:
    """The facts of a phase that began at *since*; what was attached before does not say when that was."""
    own = []
    for group in groups:
        facts = _facts(group)
        is_earlier = attached_at.get(group.id, since) < since
        own.append(replace(facts, opened_at=max(facts.opened_at, since)) if is_earlier else facts)
    return IncidentFacts(declared_at=since, title=incident.title, groups=tuple(own))


def _duplicates(reads: Reads, incident: Incident) -> list[Incident]:
    """What people called a duplicate of *incident*, or of such a one, as far as everybody may know of it."""
    found: dict[UUID, Incident] = {}
    left = [incident]
    while left:
        more = [one for one in reads.duplicates_of(left.pop()) if one.visibility is Visibility.PUBLIC]
        left += [one for one in more if one.id not in found]
        found.update((one.id, one) for one in more)
    return list(found.values())


def _of_duplicates(
    reads: Reads, incident: Incident, since: datetime, own: Collection[UUID]
) -> dict[UUID, tuple[AlertGroup, Reason]]:
    """The groups of its duplicates; after a reopening those of now, because the others were of what was wrong then.

    What is of another incident that is over is left out: it would be refused whenever it is found.
    """
    groups = [
        one for each in _duplicates(reads, incident) for one in reads.groups.attached_to(each.id)[-MOST_ATTACHED:]
    ]
    belonging = Belonging(reads, groups)
    if incident.phase > 1:
        groups = [one for one in groups if one.firing or one.last_at >= since - LOOKED_BACK]
    return {one.id: (one, _said_of(one)) for one in groups if one.id in own or not belonging.is_settled(one, incident)}


def _said_of(group: AlertGroup) -> Reason:
    """Without the number of the duplicate, which may become private when this stands on a timeline for good."""
    words = "it belongs to what a person called a duplicate of this"
    return Reason(ReasonCode.SAID, _SAID_OF_DUPLICATE, (group.reference,), (words,))


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

    def __init__(self, reads: Reads, sides: Sequence[_Side], current: Sequence[AlertGroup], topology: Topology) -> None:
        self.sides = sides
        of_duplicates = [group for side in sides for group, _ in side.of_duplicates.values()]
        self.belonging = Belonging(reads, [*current, *of_duplicates])
        self._topology = topology
        self._reasons: dict[tuple[UUID, UUID], tuple[Reason, ...]] = {}

    def reasons(self, group: AlertGroup, side: _Side) -> tuple[Reason, ...]:
        """Why the group may be a part of the incident; one that is attached is compared with the others there.

        What began before the incident was over was compared then; where more speaks for it as of the reopening, that is
        said.
        """
        key = (group.id, side.incident.id)
        if key not in self._reasons:
            related = self._related(group, side.facts)
            if _began_before_end(group, side):
                related = max(self._related(group, side.earlier), related, key=logit_of)
            said = side.of_duplicates.get(group.id)
            self._reasons[key] = (*related, *([said[1]] if said else []))
        return self._reasons[key]

    def _related(self, group: AlertGroup, facts: IncidentFacts) -> tuple[Reason, ...]:
        others = tuple(one for one in facts.groups if one.id != str(group.id))
        return tuple(relate(_facts(group), replace(facts, groups=others), self._topology))

    def fit(self, group: AlertGroup, side: _Side) -> Fit:
        """What becomes of the group; no incident that not everybody may see has a say in what others show."""
        is_said = group.id in side.of_duplicates
        if _is_of_another_environment(group, side) and not is_said:
            return Fit.NONE
        rivals = [one for one in self.sides if one is not side and one.incident.visibility is Visibility.PUBLIC]
        rival = max((logit_of(self.reasons(group, one)) for one in rivals), default=None)
        what = Fit.ATTACH if is_said else fit(self.reasons(group, side), rival)
        if what is not Fit.ATTACH:
            return what
        is_taken = group.id in side.taken_off or self.belonging.is_elsewhere(group, side.incident)
        return Fit.SUGGEST if is_taken or (self._is_of_reopening_alone(group, side, rival) and not is_said) else what

    def _is_of_reopening_alone(self, group: AlertGroup, side: _Side, rival: float | None) -> bool:
        """Whether it was no part of the incident before that was over, so that a person has to say that it is."""
        if not _began_before_end(group, side):
            return False
        return fit(self._related(group, side.earlier), rival) is not Fit.ATTACH


def _began_before_end(group: AlertGroup, side: _Side) -> bool:
    return group.began_at < side.phase.ended_at


def _is_of_another_environment(group: AlertGroup, side: _Side) -> bool:
    """Whether what people attached to the incident names environments, and the group's alerts name another.

    What was attached by itself says nothing of that: a title alone names a service, not where it runs.
    """
    by_people = (one for one in side.attached.values() if one.id not in side.attached_by_itself)
    named = {one.digest.environment for one in by_people} - {""}
    return bool(named and group.digest.environment) and group.digest.environment not in named


def _findings(reads: Reads, side: _Side, look: _Look, recent: Sequence[AlertGroup]) -> list[FoundSignal]:
    since = side.phase.since - LOOKED_BACK
    candidates = {group.id: group for group in recent if group.last_at >= since}
    of_duplicates = {group.id: group for group, _ in side.of_duplicates.values()}
    found = []
    for group in {**candidates, **of_duplicates, **side.attached}.values():
        if not group.alerts:  # all that was in it may be in other groups by now
            continue
        if group.id in side.declined:
            continue
        if group.id in side.of_earlier_phase and subject_of(group.id) in side.known:
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
