"""The engine of grouping, made again from what is recorded: the same alerts and inputs in the same order.

An engine is made anew at the beginning of each UTC day and is given the day before to begin with, so that any decision
can be computed again from two days of the record, and no process needs more than that to go on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from analysis.alerts.alert_rows import Happening, HappeningKind
from analysis.alerts.channel_news import ChannelNews
from analysis.alerts.prior import Prior
from analysis.alerts.stream import Stream
from analysis.alerts.topology import Topology
from bot.flows.alerts.group_news import heard, told_after_all
from bot.flows.alerts.holds import Holds
from bot.ports.grouping import InputKind, NewInput, PlacedInput, Position, StreamEvent
from bot.ports.ledger import Snapshots

#: Inputs that count until the next of their kind, whatever day they are of.
LASTING = (InputKind.EVIDENCE, InputKind.HOLDING, InputKind.INVOLVED)
#: How many events are read at a time.
CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What sees the same stream beside the engine: what is held back, and what the channel has heard."""

    holds: Holds
    news: ChannelNews


def rebuild(
    snapshots: Snapshots,
    workspace_id: UUID,
    epoch: PlacedInput,
    position: Position,
    *,
    topology: Topology,
    prior: Prior,
    beside: Beside,
    rest: Callable[[], object],
) -> Stream:
    """The engine as it was at *position*, and what is *beside* it brought there; *rest* is called between parts.

    What lies before *position* never changes, so it is read in parts, each in a snapshot of its own, for others' sake.
    """
    stream, holds = Stream(topology, prior), beside.holds
    first = int(epoch.content["from_seq"])
    with snapshots.snapshot() as reads:
        for kind in LASTING:
            if standing := reads.holds.latest_input(workspace_id, kind, before=first - 1):
                holds.apply(standing)
        inputs = iter(reads.groups.placed(workspace_id, since=first - 1))
    waiting = next(inputs, None)
    for event in _recorded(snapshots, workspace_id, first - 1, position.seq, rest):
        while waiting is not None and waiting.after_seq < event.seq:
            _apply(waiting, stream, beside)
            waiting = next(inputs, None)
        if event.group_id is not None:
            stream.remember(event.alert, event.group_id, goes_on=event.goes_on)
            told_after_all(beside.news, holds.remember(event))
            heard(beside.news, event, waits=event.did_wait)
    while waiting is not None and waiting.place <= position.placed:
        _apply(waiting, stream, beside)
        waiting = next(inputs, None)
    return stream


def apply_input(stream: Stream, given: NewInput) -> None:
    """Let *stream* see an input."""
    content = given.content
    match given.kind:
        case InputKind.HAPPENING:
            stream.observe(
                Happening(
                    at=datetime.fromisoformat(content["at"]),
                    kind=HappeningKind(content["kind"]),
                    service=content["service"],
                )
            )
        case InputKind.CLOSED:
            stream.close(_ids(content["groups"]))
        case InputKind.REOPENED:
            stream.reopen(_ids(content["groups"]))
        case InputKind.APART if content.get("into"):
            stream.put_apart(_ids(content["groups"]), content["series"], UUID(content["into"]))


def next_epoch(known: PlacedInput | None, first: StreamEvent | None, engine: str) -> dict[str, Any] | None:
    """What a new engine begins with, if the event *first* or another *engine* needs one."""
    day = _day(first) if first else None
    if known is None:
        return _epoch(day, first.seq, first.seq, engine) if first and day else None
    known_day, content = date.fromisoformat(known.content["day"]), known.content
    if first and day and day > known_day:
        is_next = day == known_day + timedelta(days=1)
        return _epoch(day, content["first_seq"] if is_next else first.seq, first.seq, engine)
    if content["engine"] != engine:
        return _epoch(known_day, content["from_seq"], content["first_seq"], engine)
    return None


def of_epoch(epoch: PlacedInput, events: Iterable[StreamEvent]) -> list[StreamEvent]:
    """The events before the first of a later day."""
    day = date.fromisoformat(epoch.content["day"])
    found = []
    for event in events:
        if _day(event) > day:
            break
        found.append(event)
    return found


def _apply(given: NewInput, stream: Stream, beside: Beside) -> None:
    apply_input(stream, given)
    told_after_all(beside.news, beside.holds.apply(given))


def _recorded(
    snapshots: Snapshots, workspace_id: UUID, after: int, upto: int, rest: Callable[[], object]
) -> Iterator[StreamEvent]:
    while True:
        with snapshots.snapshot() as reads:
            events = reads.groups.events(workspace_id, after=after, limit=CHUNK, upto=upto)
        yield from events
        if len(events) < CHUNK:
            return
        after = events[-1].seq
        rest()


def _day(event: StreamEvent) -> date:
    return event.alert.received_at.date()


def _epoch(day: date, from_seq: int, first_seq: int, engine: str) -> dict[str, Any]:
    return {"day": day.isoformat(), "from_seq": from_seq, "first_seq": first_seq, "engine": engine}


def _ids(named: Iterable[str]) -> list[UUID]:
    return [UUID(each) for each in named]
