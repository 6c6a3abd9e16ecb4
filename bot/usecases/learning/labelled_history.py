"""What a workspace has to learn from: its alerts as they were taken, where they are now, and what people said."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph
from analysis.alerts.episodes import News
from analysis.alerts.learning_replay import History
from analysis.alerts.site_labels import Opinions, PlacedAlert, truth_of
from analysis.duplicates import TAKEN_BACK, Meant, meant_by
from analysis.incident import ACTIVE_STATUSES, Incident, Status
from bot.ports.grouping import Feedback, FeedbackKind, FeedbackOrigin, InputKind, PlacedInput, StreamEvent
from bot.ports.learning import IncidentOfGroup, said_by_tickets
from bot.ports.ledger import Reads, Snapshots
from bot.usecases.groups.called_mattered import called_mattered
from bot.usecases.groups.confirm_calls import known_calls
from bot.usecases.groups.places import GroupPlaces, places_of

#: How many events are read at a time.
CHUNK = 1000
#: Of these nobody can say that what was attached was one incident.
_NOT_MEANT = TAKEN_BACK | {Status.DUPLICATE}
_JUDGING = frozenset({FeedbackKind.NOISE, FeedbackKind.NOT_NOISE, FeedbackKind.SPLIT, FeedbackKind.MERGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledHistory:
    """`data_hash` is that of every alert, label and event in it.

    `labels` counts those that are about its alerts by kind and origin; none of a private incident, because whoever
    reads of them may not know of it. `ungrouped` alerts of its time are in no group yet, and so not in it.
    """

    history: History
    data_hash: str
    labels: Mapping[str, int]
    since: datetime
    until: datetime
    ungrouped: int = 0


def labelled_history(
    snapshots: Snapshots,
    workspace_id: UUID,
    *,
    since: datetime,
    graph: ServiceGraph,
    on_event: Callable[[], None],
) -> LabelledHistory:
    """Everything of *since* and later that was grouped, in the order of time, also what was imported after the rest.

    It is read in parts, so that nothing waits for it.
    """
    with snapshots.snapshot() as reads:
        first = reads.learning.first_event_since(workspace_id, since)
        last = reads.groups.position(workspace_id).seq
        recorded = reads.learning.events_heard(workspace_id, since=since, until=reads.now)
        inputs = reads.groups.placed(workspace_id, since=first - 1)
        places = places_of(reads.learning.roots(workspace_id), inputs)
        labels = _done(reads.learning.feedback(workspace_id), places)
        attached = reads.learning.attached(workspace_id)
        meant = _meant(reads, workspace_id, attached)
        private = reads.learning.private_incidents(workspace_id)
        calls = known_calls(reads, workspace_id)
        until = reads.now
    grouped = (one for one in _events(snapshots, workspace_id, first - 1, last, on_event) if one.group_id)
    events = sorted((one for one in grouped if one.alert.received_at >= since), key=lambda one: one.alert.received_at)
    placed = _placed(events, places)
    truth = truth_of(placed, _opinions(labels, attached, meant, events, places))
    happenings = [_happening(given) for given in inputs if given.kind is InputKind.HAPPENING]
    history = History(
        alerts=[event.alert for event in events if not event.goes_on],
        truth=truth,
        happenings=happenings,
        graph=_with_calls(graph, calls),
    )
    about = _About(events, places)
    return LabelledHistory(
        history=history,
        data_hash=_hash(history),
        labels=_counts(
            [label for label in labels if label.incident_id not in private and about.has_label(label)],
            [one for one in attached if one.incident.id not in private and about.has_group(one.group_id)],
        ),
        since=since,
        until=until,
        ungrouped=max(0, recorded - len(events)),
    )


class _About:
    """Tells which labels are about some events: about one of them, or a group that they were or are in."""

    def __init__(self, events: Iterable[StreamEvent], places: GroupPlaces) -> None:
        self._places = places
        self._seqs: set[int] = set()
        self._groups: set[UUID] = set()
        for event in events:
            self._seqs.add(event.seq)
            if event.group_id:
                self._groups |= {places.root(event.group_id), places.of(event.group_id, event.fingerprint)}

    def has_label(self, label: Feedback) -> bool:
        return label.seq in self._seqs if label.group_id is None else self.has_group(label.group_id)

    def has_group(self, group_id: UUID) -> bool:
        return self._places.root(group_id) in self._groups


def _counts(labels: Iterable[Feedback], attached: Iterable[IncidentOfGroup]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for label in labels:
        name = label.kind.value if label.origin is FeedbackOrigin.PERSON else f"{label.kind} ({label.origin})"
        counts[name] = counts.get(name, 0) + 1
    return {**counts, "incidents over": len({one.incident.id for one in attached if _is_over(one)})}


def _events(
    snapshots: Snapshots, workspace_id: UUID, after: int, upto: int, on_event: Callable[[], None]
) -> Iterable[StreamEvent]:
    while True:
        with snapshots.snapshot() as reads:
            events = reads.groups.events(workspace_id, after=after, limit=CHUNK, upto=upto)
        for event in events:
            on_event()
            yield event
        if len(events) < CHUNK:
            return
        after = events[-1].seq


def _placed(events: Iterable[StreamEvent], places: GroupPlaces) -> list[PlacedAlert]:
    """The firings among *events*; a rise in severity is the same firing."""
    return [
        PlacedAlert(event.alert.id, event.fingerprint, str(places.of(event.group_id, event.fingerprint)))
        for event in events
        if event.group_id and event.alert.status is AlertStatus.FIRING and event.news is not News.WORSENED
    ]


def _meant(reads: Reads, workspace_id: UUID, attached: Iterable[IncidentOfGroup]) -> list[tuple[UUID, Meant]]:
    """The incident that each attached group belongs to, of a duplicate the original."""
    by_number = partial(reads.incident_by_number, workspace_id)
    found = [(one.group_id, meant_by(one.incident, by_number)) for one in attached]
    return [(group_id, meant) for group_id, meant in found if meant]


def _opinions(
    labels: Iterable[Feedback],
    attached: Iterable[IncidentOfGroup],
    meant: Iterable[tuple[UUID, Meant]],
    events: Iterable[StreamEvent],
    places: GroupPlaces,
) -> Opinions:
    noise, needed, judged = _of_groups(labels, places)
    tickets = said_by_tickets(labels)
    return Opinions(
        closed=_by_group(((one.group_id, one.incident) for one in attached if _is_over(one)), places),
        attached=_by_group(((group_id, one.incident) for group_id, one in meant), places),
        private=frozenset(str(one.incident.id) for _, one in meant if one.is_private),
        judged=frozenset(judged | {str(places.root(group)) for group in places.touched}),
        noise=frozenset(noise),
        needed=frozenset(needed),
        mattered={
            **_called_mattered(labels, events, places),
            **{str(seq): f"ticket {ticket}" for seq, ticket in tickets.mattered.items()},
        },
        dismissed={str(seq): f"ticket {ticket}" for seq, ticket in tickets.dismissed.items()},
    )


def _called_mattered(labels: Iterable[Feedback], events: Iterable[StreamEvent], places: GroupPlaces) -> dict[str, str]:
    """The firings of a group, or of a series in one, of which a person says that they mattered."""
    mattered = called_mattered(labels, places)
    named = ((event, mattered.name_of(event)) for event in events)
    return {event.alert.id: f"label {name}" for event, name in named if name}


def _done(labels: Iterable[Feedback], places: GroupPlaces) -> list[Feedback]:
    """Without what asked for a merge that was not done, because an incident has one of the two: nothing is of it."""
    return [
        one
        for one in labels
        if one.kind is not FeedbackKind.MERGED or (one.group_id and places.root(one.group_id) != one.group_id)
    ]


def _of_groups(labels: Iterable[Feedback], places: GroupPlaces) -> tuple[set[str], set[str], set[str]]:
    """The groups that were called noise last, those that were called needed last, and all that were looked at."""
    noise: set[str] = set()
    needed: set[str] = set()
    judged: set[str] = set()
    for label in labels:
        if label.group_id is None or label.kind not in _JUDGING:
            continue
        group = str(places.root(label.group_id))
        judged.add(group)
        if label.kind is FeedbackKind.NOISE:
            noise.add(group)
            needed.discard(group)
        elif label.kind is FeedbackKind.NOT_NOISE:
            needed.add(group)
            noise.discard(group)
    return noise, needed, judged


def _by_group(attached: Iterable[tuple[UUID, Incident]], places: GroupPlaces) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group_id, incident in attached:
        group = str(places.root(group_id))
        found[group] = found.get(group, frozenset()) | {str(incident.id)}
    return found


def _with_calls(graph: ServiceGraph, calls: Iterable[Sequence[str]]) -> ServiceGraph:
    """The file's graph with the calls that the next engine would know besides."""
    return replace(graph, calls=graph.calls | {(caller, callee) for caller, callee in calls})


def _is_over(one: IncidentOfGroup) -> bool:
    return one.incident.status not in ACTIVE_STATUSES and one.incident.status not in _NOT_MEANT


def _happening(given: PlacedInput) -> Happening:
    content = given.content
    return Happening(
        at=datetime.fromisoformat(content["at"]),
        kind=HappeningKind(content["kind"]),
        service=content["service"],
        environment=content.get("environment", ""),
    )


def _hash(history: History) -> str:
    """The hash of everything that the fit and its evaluation look at."""
    whole = hashlib.sha256()
    truth = history.truth
    for alert in history.alerts:
        member = truth.memberships.get(alert.id)
        belongs = [member.incident, member.is_private] if member else None
        label = [truth.causes.get(alert.id), alert.id in truth.fault_causes, belongs]
        whole.update(_line([*_told(alert), *label]))
    for one in history.happenings:
        whole.update(_line([one.at.isoformat(), one.kind, one.service, one.environment]))
    graph = history.graph
    whole.update(_line([sorted(graph.calls), sorted(graph.pods.items()), sorted(graph.pod_node.items())]))
    whole.update(_line([sorted(graph.node_zone.items()), sorted(graph.kinds.items())]))
    whole.update(_line([[name, sorted(users)] for name, users in sorted(graph.third_party.items())]))
    return whole.hexdigest()


def _told(alert: Alert) -> list[object]:
    ends = alert.ends_at.isoformat() if alert.ends_at else None
    times = [alert.starts_at.isoformat(), ends, alert.received_at.isoformat()]
    named = [sorted(alert.labels.items()), sorted(alert.annotations.items())]
    return [alert.id, alert.source, alert.rule, alert.severity, alert.status, *times, *named]


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"
