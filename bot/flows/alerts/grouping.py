"""Groups the alerts that were taken, in their order, in the one process that sends; taking them never waits for it."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from analysis.alerts.channel_news import ChannelNews, Pace
from analysis.alerts.label_calls import calls_in
from analysis.alerts.prior import Prior
from analysis.alerts.stream import Placed, Stream
from analysis.alerts.topology import Topology
from bot.flows.alerts.epoch_graphs import EpochGraphs
from bot.flows.alerts.group_news import NOTHING_HEARD, heard
from bot.flows.alerts.group_states import GroupStates
from bot.flows.alerts.group_stream import Beside, apply_input, next_epoch, of_epoch, rebuild
from bot.flows.alerts.hold_step import HoldStep
from bot.flows.alerts.holds import Holds
from bot.flows.alerts.touched_groups import TouchedGroups
from bot.flows.worker import Worker
from bot.ports.grouping import (
    Decided,
    GroupingBatch,
    InputKind,
    KnownGraph,
    NewInput,
    PlacedInput,
    Position,
    StreamEvent,
)
from bot.ports.ledger import Reads, Snapshots, Writer
from bot.ports.services import Call, EdgeSource, ServiceEdge
from bot.usecases.groups.confirm_calls import known_calls, labelled, taken_back
from bot.usecases.groups.record_decisions import RecordDecisions, record_decisions
from bot.usecases.learning.weights_in_force import InForce, weights_in_force

log = logging.getLogger(__name__)

#: How many alerts one step decides about, and how many inputs it sees before them.
BATCH = 500
MOST_INPUTS = 100
#: More calls than these are not learned from labels: names with a number in them would make a graph of everything.
MOST_CALLS = 5_000
#: How long nothing is done where nothing seems to be left to do, or where another process sends.
IDLE_SECONDS = 5.0
TURN_SECONDS = 1.0
#: After a step it rests as long as the step took, and so many times as long while alerts keep coming: taking them comes
#: first, and what waits is decided once they ebb. The least rest lets single alerts share a step, because a step that
#: decides about nothing costs as much as deciding about thirty alerts.
BUSY_RESTS = 4
LEAST_REST_SECONDS = 0.1
LEAST_BUSY_REST_SECONDS = 0.5
MOST_REST_SECONDS = 2.0


class Grouping:
    """Decides about what is recorded and not grouped yet; `wake` makes it look at once.

    Whatever ends it, it goes on where the last recorded decision is, and decides as it would have without the end.
    """

    def __init__(
        self,
        snapshots: Snapshots,
        writer: Writer,
        workspace_id: UUID,
        *,
        is_told: bool = False,
        known: KnownGraph | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
        may_group: Callable[[], bool] = lambda: True,
        batch: int = BATCH,
    ) -> None:
        """Nothing starts before `start`; *is_told* where a channel hears of groups.

        *is_stopped* tells whether a file says that nothing may wait.
        """
        known = known or KnownGraph()
        self._snapshots = snapshots
        self._writer = writer
        self._workspace_id = workspace_id
        self._is_told = is_told
        self._graphs = EpochGraphs(known.graph)
        self._graph_digest = known.digest
        self._labelled: set[Call] = set()
        self._told_problem = ""
        self._services = known.graph
        self._is_stopped = is_stopped
        self._holds = Holds(known.graph)
        self._news = ChannelNews()
        self._pace = Pace()
        self._may_group = may_group
        self._batch = batch
        self._stream: Stream | None = None
        self._position = Position()
        self._worker = Worker("grouping", self._look, when_failing="grouping waits")

    @property
    def topology(self) -> Topology:
        """The service graph in force."""
        return self._graphs.newest

    def start(self) -> None:
        """Begin with what was taken while nobody was there."""
        self._worker.start()

    def wake(self) -> None:
        """Look for alerts now."""
        self._worker.wake()

    def stop(self) -> None:
        """Finish the step that was begun."""
        self._worker.stop()

    def step(self) -> bool:
        """Decide about the next alerts; whether there was anything to do."""
        try:
            return self._step()
        except BaseException:
            self._stream = None  # it may have seen what was not recorded
            raise

    def _look(self) -> float:
        began = time.monotonic()
        if not self._may_group():
            self._stream = None
            self._worker.rest(TURN_SECONDS)
            return IDLE_SECONDS
        if not self.step():
            return IDLE_SECONDS
        self._rest(began)
        return 0.0

    def _rest(self, began: float) -> None:
        is_busy = self._worker.is_woken
        seconds = (BUSY_RESTS if is_busy else 1) * (time.monotonic() - began)
        least = LEAST_BUSY_REST_SECONDS if is_busy else LEAST_REST_SECONDS
        self._worker.rest(max(min(seconds, MOST_REST_SECONDS), least))

    def _step(self) -> bool:
        """No snapshot stays open while the engine is made, which reads up to two days in parts, nor while writing."""
        with self._snapshots.snapshot() as reads:
            does = self._next(reads)
        return does()

    def _next(self, reads: Reads) -> Callable[[], bool]:
        """What is to be done next; it returns whether there was anything to do."""
        position = reads.groups.position(self._workspace_id)
        epoch = reads.groups.epoch(self._workspace_id)
        weights = self._weights(reads)
        engine = f"{weights.prior.digest()}{self._graph_digest}"
        events = reads.groups.events(self._workspace_id, after=position.seq, limit=self._batch)
        beginning = next_epoch(epoch, events[0] if events else None, engine)
        if beginning is not None:
            calls = known_calls(reads, self._workspace_id)
            return partial(self._record, self._new_epoch(reads, position, events, {**beginning, "calls": calls}))
        if epoch is None:
            return _nothing
        if self._stream is None or self._position != position:
            known = reads.services.edges(self._workspace_id)
            return partial(self._go_on, epoch, position, weights.prior, known)
        command = self._decide(reads, self._stream, position, of_epoch(epoch, events), engine)
        return partial(self._record, command) if command else _nothing

    def _weights(self, reads: Reads) -> InForce:
        """What acts now; that a version cannot act is said once."""
        weights = weights_in_force(reads, self._workspace_id)
        if weights.problem and weights.problem != self._told_problem:
            log.error("weights not used", extra={"because": weights.problem})
        self._told_problem = weights.problem
        return weights

    def _go_on(
        self, epoch: PlacedInput, position: Position, prior: Prior, known: Collection[tuple[EdgeSource, Call]]
    ) -> bool:
        """Make the engine at *position* from the record, and take the next step with it."""
        self._labelled = {call for source, call in known if source is EdgeSource.LABELS}
        self._holds, self._news = Holds(self._services), ChannelNews()
        self._stream = rebuild(
            self._snapshots,
            self._workspace_id,
            epoch,
            position,
            topology=self._graphs.of(epoch),
            prior=prior,
            beside=Beside(holds=self._holds, news=self._news),
            rest=lambda: self._worker.rest(LEAST_REST_SECONDS),
        )
        self._position = position
        return self._step()

    def _new_epoch(
        self, reads: Reads, position: Position, events: Sequence[StreamEvent], content: Mapping[str, Any]
    ) -> RecordDecisions:
        self._stream = None
        after = position.seq or (events[0].seq - 1 if events else 0)
        placed = self._placed(InputKind.EPOCH, content, after=after, place=position.placed + 1)
        batch = GroupingBatch(
            workspace_id=self._workspace_id,
            expected=position,
            reached=Position(after, placed.place),
            engine=str(content["engine"]),
            placed=(placed,),
        )
        closed = reads.groups.closed(self._workspace_id)
        return RecordDecisions(batch=batch, closed=closed, notices={}, is_told=self._is_told)

    def _decide(
        self, reads: Reads, stream: Stream, position: Position, events: Sequence[StreamEvent], engine: str
    ) -> RecordDecisions | None:
        closed = reads.groups.closed(self._workspace_id)
        pending = reads.groups.pending(self._workspace_id, MOST_INPUTS)
        touched = TouchedGroups(reads, self._workspace_id)
        states = GroupStates(touched, reads.holds, self._pace)
        holding = HoldStep(reads, self._workspace_id, self._holds, states, self._news)
        due = self._see_what_is_due(holding, position)
        before = Position(position.seq, position.placed + len(due))
        placed = [*due, *self._see_inputs(stream, states, closed, before, pending)]
        placed += self._see_to_holding(holding, placed[len(due) :], position, len(placed))
        touched.load({event.alert_id for event in events})
        decided = [self._put(stream, states, holding, event) for event in events]
        if self._is_told:
            states.gather(reads.now)
        if not (placed or decided or holding.ends or touched.changed):
            return None
        batch = GroupingBatch(
            workspace_id=self._workspace_id,
            expected=position,
            reached=Position(events[-1].seq if events else position.seq, position.placed + len(placed)),
            engine=f"{engine}{self._graphs.digest}",
            placed=tuple(placed),
            decided=tuple(decided),
            new_groups=touched.new,
            changed_groups=touched.changed,
            members=touched.members,
            left=touched.left,
            holds=tuple(holding.new),
            hold_ends=tuple(holding.ends),
        )
        edges = self._edges(reads, events)
        return RecordDecisions(
            batch=batch,
            closed=closed,
            notices=states.notices,
            together=states.together,
            as_shown=states.as_shown,
            moved=touched.moved,
            is_told=self._is_told,
            edges=tuple(edges),
        )

    def _put(self, stream: Stream, states: GroupStates, holding: HoldStep, event: StreamEvent) -> Decided:
        """Put the next event into a group, and say why there and whether it waits."""
        one = stream.decide(event.alert, partial(states.group_for, event), goes_on=event.goes_on)
        waits, kept = holding.decide(event, states.root_id(one.group))
        news = heard(self._news, event, waits=waits) if self._is_told else NOTHING_HEARD
        states.take(event, one, self.topology.place(event.alert.labels), waits=waits, heard=news)
        return _decided(event, one, kept)

    def _edges(self, reads: Reads, events: Sequence[StreamEvent]) -> list[ServiceEdge]:
        """The calls that labels name for the first time; an engine goes by them from its beginning on."""
        edges = []
        for event in events:
            for call in calls_in(event.alert.labels):
                if call not in self._labelled and len(self._labelled) < MOST_CALLS:
                    self._labelled.add(call)
                    edges.append(labelled(self._workspace_id, call, event.alert.rule, reads))
        gone = taken_back(reads.services.edges(self._workspace_id).values()) if edges else frozenset()
        return [edge for edge in edges if edge.call not in gone]

    def _see_inputs(
        self,
        stream: Stream,
        states: GroupStates,
        closed: frozenset[UUID],
        position: Position,
        pending: Sequence[NewInput],
    ) -> list[PlacedInput]:
        """Give the inputs that wait their places before the next alert, and those that follow from ended incidents."""
        placed: list[PlacedInput] = []
        for given in pending:
            content = dict(given.content)
            if given.kind is InputKind.APART:
                content["into"] = _put_apart(states, content, self.topology)
            elif given.kind is InputKind.ONE:
                states.make_one(UUID(content["kept"]), UUID(content["gone"]))
            placed.append(self._as_placed(given, content, after=position.seq, place=position.placed + len(placed) + 1))
        for kind, ids in ((InputKind.CLOSED, closed - stream.closed), (InputKind.REOPENED, stream.closed - closed)):
            if ids:
                states.set_closed(ids, is_closed=kind is InputKind.CLOSED)
                content = {"groups": sorted(str(each) for each in ids)}
                place = position.placed + len(placed) + 1
                placed.append(self._placed(kind, content, after=position.seq, place=place))
        for one in placed:
            apply_input(stream, one)
        return placed

    def _see_what_is_due(self, holding: HoldStep, position: Position) -> list[PlacedInput]:
        """End first what has waited for as long as it may, so that nothing that comes later has to do with it."""
        content = holding.due()
        return [self._placed(InputKind.TICK, content, after=position.seq, place=position.placed + 1)] if content else []

    def _see_to_holding(
        self, holding: HoldStep, before: Sequence[PlacedInput], position: Position, count: int
    ) -> list[PlacedInput]:
        """Let holding back see the inputs *before*, and give its own their places behind all *count* so far."""
        for one in before:
            holding.end(self._holds.apply(one))
        placed: list[PlacedInput] = []
        for kind, content in holding.inputs(is_killed=self._is_stopped()):
            place = position.placed + count + len(placed) + 1
            placed.append(self._placed(kind, content, after=position.seq, place=place))
            holding.end(self._holds.apply(placed[-1]))
        holding.end_unknown()
        return placed

    def _placed(self, kind: InputKind, content: Mapping[str, Any], *, after: int, place: int) -> PlacedInput:
        key = f"{kind}:{place}"
        given = NewInput(workspace_id=self._workspace_id, kind=kind, natural_key=key, content=content)
        return self._as_placed(given, content, after=after, place=place)

    def _as_placed(self, given: NewInput, content: Mapping[str, Any], *, after: int, place: int) -> PlacedInput:
        return PlacedInput(
            workspace_id=given.workspace_id,
            kind=given.kind,
            natural_key=given.natural_key,
            content=content,
            after_seq=after,
            place=place,
        )

    def _record(self, command: RecordDecisions) -> bool:
        self._writer.submit(record_decisions, command).result()
        self._position = command.batch.reached
        if command.batch.decided:
            log.info(
                "alerts grouped",
                extra={"alerts": len(command.batch.decided), "new_groups": len(command.batch.new_groups)},
            )
        return True


def _nothing() -> bool:
    return False


def _put_apart(states: GroupStates, content: Mapping[str, Any], topology: Topology) -> str:
    """Move a series to a new group, or to the one that is named; returns the group's id, if it moved."""
    groups = [UUID(each) for each in content["groups"]]
    named, folded = (UUID(content[key]) if content.get(key) else None for key in ("into", "folded"))
    into = states.put_apart(groups, UUID(content["alert"]), topology, named)
    if into and folded:
        states.show_again(folded, None if content.get("is_back") else into)
    return str(into) if into else ""


def _decided(event: StreamEvent, placed: Placed, hold: Mapping[str, Any] | None) -> Decided:
    decision = placed.decision
    return Decided(
        seq=event.seq,
        group_id=placed.group,
        kind=decision.kind,
        logit=decision.logit,
        suggested=placed.suggested,
        reasons=tuple(_reason(reason) for reason in decision.reasons),
        links=tuple([str(link.kept), str(link.gone), _reason(link.reason)] for link in placed.links),
        hold=hold,
    )


def _reason(reason: Any) -> list[Any]:  # noqa: ANN401 - a named tuple
    """The reason as JSON keeps it."""
    return [reason.code, reason.weight, list(reason.evidence), list(reason.facts)]
