"""What every use case about a group of alerts shares: find it, say what it is, label it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from analysis.alerts.attaching import Fit
from analysis.alerts.digest import MOST_KEPT, listed
from analysis.chain import stamp
from analysis.duplicates import leads_to, meant_by
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from analysis.masking import masked
from analysis.people import Action, require
from analysis.signals import Verdict, why
from analysis.wording import counted, instant, joined
from bot.ports.grouping import AlertGroup, Attachment, Feedback, FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.usecases.asking import Command, Wanted

_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCommand(Command):
    """A command on the group that people call G-`group`."""

    group: int


def find_group(reads: Reads, command: Command, number: int, action: Action = Action.RECORD) -> AlertGroup:
    """The group with *number*, once the person may do *action*; one that is merged stands for what it is one with.

    Raises
    ------
    analysis.errors.NotFound
        If there is none.
    """
    require(command.person, action)
    group = reads.groups.by_number(command.workspace_id, number)
    if group is None:
        message = f"There is no group G-{number}. `/incident alerts` lists those of now."
        raise NotFound(message)
    return group


def group_words(group: AlertGroup) -> str:
    """The group in words: rules, places, how many alerts since when."""
    return f"{what_and_where(group)}, {counted(group.alerts, 'alert')} since {instant(group.opened_at)}"


def what_and_where(group: AlertGroup) -> str:
    """The commonest rules and places of the group, and how many more there are."""
    places = joined(names_and_more(group.digest.places, _NAMES))
    where = f" at {places}" if places else ""
    where += f" in {group.digest.environment}" if group.digest.environment else ""
    what = joined(names_and_more(group.digest.rules, _NAMES)) or "alerts without a rule"
    return f"{what}{where}"


def names_and_more(counts: Mapping[str, int], most: int) -> list[str]:
    """The *most* frequent names, and how many others there are, of which a digest keeps only so many."""
    names, more = listed({name: count for name, count in counts.items() if name}, most)
    least = "at least " if len(counts) >= MOST_KEPT else ""
    return [*names, *([f"{least}{more} more"] if more else [])]


def group_title(group: AlertGroup) -> str:
    """A title for an incident about the group."""
    rules, _ = listed(group.digest.rules, 1)
    places, _ = listed(group.digest.places, 2)
    where = f" at {joined(list(places))}" if places else ""
    return masked(f"{''.join(rules)}{where}"[:150])


def attachment_event(kind: EventKind, group: AlertGroup) -> Wanted:
    """The fact that a group was attached or detached, as the timeline tells it."""
    rules, _ = listed(group.digest.rules, 1)
    payload = {
        "group": group.reference,
        "rule": "".join(rules),
        "alerts": group.alerts,
        "since": stamp(group.opened_at),
    }
    did = "attached" if kind is EventKind.ALERT_GROUP_ATTACHED else "detached"
    text = f"Alerts {group.reference} {did}: {group_words(group)}"
    return Wanted(kind=kind, text=text, payload=payload, key=f"{kind}:{group.id}")


def attachment(
    reads: Reads, command: Command, group: AlertGroup, incident: Incident, label: FeedbackKind
) -> GroupChanges:
    """What is written where a group is attached to an incident, or detached from it for the reason *label*."""
    is_attached = label is FeedbackKind.ATTACHED
    one = Attachment(group_id=group.id, incident_id=incident.id, is_attached=is_attached, changed_at=reads.now)
    return GroupChanges(attachments=(one,), feedback=(feedback(reads, command, group, label, incident_id=incident.id),))


def feedback(
    reads: Reads,
    command: Command,
    group: AlertGroup,
    kind: FeedbackKind,
    *,
    alert_id: UUID | None = None,
    incident_id: UUID | None = None,
    reason: str = "",
    until: datetime | None = None,
) -> Feedback:
    """A label by the person who asks, masked; after those that the group has, whatever the clock says by now."""
    return Feedback(
        id=reads.new_id(),
        workspace_id=command.workspace_id,
        kind=kind,
        at=_after_labels(reads, group.id),
        group_id=group.id,
        person=command.person.id,
        alert_id=alert_id,
        incident_id=incident_id,
        reason=masked(reason),
        until=until,
    )


def not_mattered(reads: Reads, command: Command, said: Iterable[Feedback], *, reason: str = "") -> list[Feedback]:
    """What takes back, one by one, what was *said* of groups and series: that they mattered."""
    groups = ((one, reads.groups.group(one.group_id)) for one in said if one.group_id)
    return [
        feedback(reads, command, group, FeedbackKind.NOT_MATTERED, alert_id=one.alert_id, reason=reason)
        for one, group in groups
        if group is not None
    ]


def mattered_too(reads: Reads, workspace_id: UUID, group_id: UUID, person: str, reason: str) -> Feedback:
    """What *person* said of a group, that it mattered, said of where that is now; *reason* says why that follows."""
    return Feedback(
        id=reads.new_id(),
        workspace_id=workspace_id,
        kind=FeedbackKind.MATTERED,
        at=_after_labels(reads, group_id),
        group_id=group_id,
        person=person,
        reason=reason,
    )


def _after_labels(reads: Reads, group_id: UUID) -> datetime:
    before = reads.groups.labelled_at(group_id)
    return max(reads.now, before + timedelta(microseconds=1)) if before else reads.now


def incidents_shown(reads: Reads, group: AlertGroup) -> dict[int, str]:
    """The incidents that the group's message names, by number, with their titles: what everybody may see."""
    attached = [one for one in reads.groups.incidents_of(group.id) if one.visibility is Visibility.PUBLIC]
    suggested = [one.incident for one in suggested_incidents(reads, group)] if not attached and group.firing else []
    return {one.number: one.shown_title for one in (*attached, *suggested)}


class Belonging:
    """Of which incidents groups are a part; looked up once for all *groups*, because many are asked about together."""

    def __init__(self, reads: Reads, groups: Iterable[AlertGroup]) -> None:
        """Look them up."""
        self._reads = reads
        self._incidents = reads.groups.incidents_by_group({group.id for group in groups})

    def is_elsewhere(self, group: AlertGroup, incident: Incident) -> bool:
        """Whether it is a part of another incident that everybody may see; what was none, or this one, is not."""
        public = (one for one in self._incidents.get(group.id, ()) if one.visibility is Visibility.PUBLIC)
        return any(one.id != incident.id for one in _meant(self._reads, public, incident))

    def is_settled(self, group: AlertGroup, incident: Incident | None = None) -> bool:
        """Whether the incident that the group was a part of is over, so that it is a part of no other.

        What was called off, or is a duplicate of what is open, was not its incident. Of a private one only itself knows
        that: *incident* is the one that asks.
        """
        if not group.is_closed:
            return False
        attached = self._incidents.get(group.id, ())
        return any(not one.status.is_active for one in _meant(self._reads, attached, incident))


def _meant(reads: Reads, incidents: Iterable[Incident], asks: Incident | None) -> list[Incident]:
    """What *incidents* turned out to be; an open one that *asks* knows what turned out to be itself."""
    found = []
    for one in incidents:
        by_number = partial(reads.incident_by_number, one.workspace_id)
        if asks is not None and asks.status.is_active and leads_to(one, asks, by_number):
            found.append(asks)
        elif meant := meant_by(one, by_number):
            found.append(meant.incident)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """An incident that a group may be a part of, and why."""

    incident: Incident
    why: str


def suggested_incidents(reads: Reads, group: AlertGroup) -> Sequence[Suggested]:
    """The open public incidents that the group is a signal on and is not attached to, the most likely first."""
    attached = {one.id for one in reads.groups.incidents_of(group.id)}
    found = []
    for signal in sorted(reads.signals.of_group(group.id), key=lambda one: -one.logit):
        incident = reads.incident(signal.incident_id)
        if incident is None or incident.visibility is not Visibility.PUBLIC or not incident.status.is_active:
            continue
        is_declined = reads.signals.verdicts(incident.id).get(group.id) is Verdict.NOT_RELATED
        if signal.fit is not Fit.NONE and incident.id not in attached and not is_declined:
            found.append(Suggested(incident=incident, why=why(signal.reasons)))
    return found
