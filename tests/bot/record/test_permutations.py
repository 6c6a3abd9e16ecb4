"""The record is the same in whatever order, and however often, Slack and other systems deliver what happened.

Signed requests go to the real application on both databases; what is compared was read back from them.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analysis.approval import without_head
from analysis.events import EventKind, NewEvent, Source, TimelineEvent
from analysis.milestones import PHASE_KINDS, phases
from analysis.timeline import Entry, taken_off, timeline
from analysis.voiding import voids
from bot.render.templates import TemplateRenderer
from bot.usecases.postmortem.news import changed_entries, concerned, has_news
from bot.usecases.timeline.entries import entry_at, keys_in_order
from tests.bot.record.histories import Delivery, Line, Step, Telling, expected, histories
from tests.effort import examples
from tests.slack_requests import Signed
from tests.slack_room import COMMANDER, OTHER, RESPONDER, START, Room

TOLD = frozenset({EventKind.NOTE, EventKind.DEPLOY, EventKind.MESSAGE})
#: What Slack answered to us: each incident has a channel and card of its own.
SLACKS_OWN = frozenset({EventKind.CHANNEL_LINKED, EventKind.CARD_PINNED})
#: Said in Slack's own seconds, in which each of the lives is lived anew.
SAID = frozenset({EventKind.CORRECTED, EventKind.WITHDRAWN, EventKind.RESTORED})
WHEN_CORRECTED = re.compile(r"(?<=\)) at [-0-9: ]+ UTC(?=; before)")
_TAGS = (f"living{number:05}x" for number in itertools.count())


class Rooms:
    """The bot on either database; no dataclass, because Hypothesis would print all that is in it."""

    def __init__(self, sqlite: Room, postgres: Room) -> None:
        self.sqlite, self.postgres = sqlite, postgres


@pytest.fixture(scope="session")
def rooms(sqlite_room: Room, postgres_room: Room) -> Rooms:
    """Return both, without their contents in the report of every failure."""
    return Rooms(sqlite_room, postgres_room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One delivery: which, whether as a repetition, whether Slack is asked meanwhile, and what it then shows."""

    place: int
    is_again: bool = False
    settles: bool = False
    is_late: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that must be the same, with the channel's and incident's own names taken out."""

    entries: tuple[object, ...]
    facts: frozenset[object]
    milestones: tuple[object, ...]
    draft: list[str]
    lines: tuple[Line, ...]


def read(room: Room, number: int, channel: str, tag: str) -> Reading:
    """What the database holds of the incident."""
    events = room.events(number)
    entries = timeline(events)

    def named(text: str) -> str:
        return WHEN_CORRECTED.sub("", text.replace(channel, "CHANNEL").replace(tag, "TAG").replace(f"#{number}", "#N"))

    return Reading(
        entries=tuple(_shown(entry, named) for entry in entries),
        facts=frozenset(_stated(event) for event in events if event.kind not in SLACKS_OWN),
        milestones=tuple(
            (phase.number, phase.started_at, phase.ended_at, phase.durations(), phase.missing)
            for phase in phases(events)
        ),
        draft=[line for line in named(draft(room, number)).splitlines() if not line.startswith("- **Draft:**")],
        lines=tuple(
            sorted((_line(one) for one in entries if one.event.kind in TOLD), key=lambda line: (line.at, line.text))
        ),
    )


def draft(room: Room, number: int) -> str:
    """The newest draft as it would be published, without its head: that names the ledger's, which may differ."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        document = without_head(reads.revisions(incident.id)[-1].document)
    return TemplateRenderer().render(document, form="markdown").decode()


def live(room: Room, steps: Sequence[Step], arrivals: Sequence[Arrival]) -> Reading:
    """Declare an incident, let *arrivals* come in, resolve and draft; returns what was recorded."""
    tag = next(_TAGS)
    room.clock.instant = START
    number, channel = room.declare(RESPONDER, "SEV3 Card payments fail")
    telling = Telling(steps, channel=channel, number=number, tag=tag, now=room.clock.now(), slack=room.slack.origin)
    post = Post(room, number, telling.deliveries)
    for arrival in arrivals:
        delivery = telling.deliveries[arrival.place]
        show(room, channel, telling.shown if arrival.is_late else delivery.shown)
        post.deliver(arrival)
        if arrival.settles:
            room.settle()
    assert not post.waiting
    show(room, channel, telling.shown)
    room.settle()
    room.clock.set(START + timedelta(hours=1))
    room.ask(OTHER, f"#{number} milestone detection 08:25")
    room.ask(COMMANDER, f"#{number} resolve")
    assert room.draft(COMMANDER, text=f"#{number} draft").startswith(f"Drafting #{number} from the ")
    room.settle()
    check_narrow_reads(room, number)
    return read(room, number, channel, tag)


class Post:
    """Brings deliveries to the bot; what is said of an entry waits until people can see that entry."""

    def __init__(self, room: Room, number: int, deliveries: Sequence[Delivery]) -> None:
        self._room, self._number, self._deliveries = room, number, deliveries
        self._signed: dict[str, tuple[Signed, Signed]] = {}
        self.waiting: list[Arrival] = []

    def deliver(self, arrival: Arrival) -> None:
        """Send it, and then all that has waited for it."""
        delivery = self._deliveries[arrival.place]
        if not delivery.needs <= self._signed.keys():
            self.waiting.append(arrival)
            return
        if delivery.key not in self._signed:
            self._signed[delivery.key] = delivery.sign(self._label(delivery.about))
        first, again = self._signed[delivery.key]
        answer = self._room.send(again if arrival.is_again else first, delivery.path)
        assert answer.status == 200, answer
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            self.deliver(each)

    def _label(self, natural_key: str) -> str:
        """The label that people see on the entry, once no marked message is on its way that could move it."""
        if natural_key:
            self._room.settle()
        events = self._room.events(self._number) if natural_key else ()
        entries = (*timeline(events), *taken_off(events))
        return next((entry.label for entry in entries if entry.event.natural_key == natural_key), "")


def check_narrow_reads(room: Room, number: int) -> None:
    """What use cases look up of the ledger decides as the whole ledger would, from every place in it."""
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        events = reads.events(incident.id)
        keys = keys_in_order(reads, incident)
        found = [entry_at(reads, incident, keys, place) for place in range(len(keys))]
        news = [has_news(reads, incident, event.seq) for event in events]
        phases_found = phases(reads.events_of_kind(incident.id, PHASE_KINDS))
        for event in _corrections_to_come(events):
            cites, narrow = frozenset({event.refers_to}), concerned(reads, incident.id, event)
            assert voids(event, cites=cites, ledger=narrow) == voids(event, cites=cites, ledger=events)
    by_label = {entry.label: entry for entry in (*timeline(events), *taken_off(events))}
    assert {one.entry.label: one.entry for one in found if one} == by_label
    assert phases_found == phases(events)
    assert news == [bool(changed_entries(events, event.seq)) for event in events]


def _corrections_to_come(events: Sequence[TimelineEvent]) -> Iterator[NewEvent]:
    """What could be said next of each entry."""
    at = max(event.occurred_at for event in events)
    kinds = {
        EventKind.CORRECTED: {"changes": ["text"]},
        EventKind.WITHDRAWN: {},
        EventKind.RESTORED: {},
        EventKind.FACT_UNPROMOTED: {"as": ""},
    }
    for entry in timeline(events):
        for kind, payload in kinds.items():
            message = {"message": entry.event.natural_key} if entry.event.kind is EventKind.MESSAGE else {}
            yield NewEvent(
                id=UUID(int=7),
                kind=kind,
                occurred_at=at,
                recorded_at=at,
                actor="slack:U0",
                source=Source.SLACK,
                natural_key=f"to-come:{kind}",
                text="otherwise",
                payload={**payload, **message},
                refers_to=entry.event.id,
            )


def show(room: Room, channel: str, messages: Mapping[str, Mapping[str, Any]]) -> None:
    """Let Slack have just these messages of people in the channel."""
    with room.slack.lock:
        posted = [message for message in room.slack.channels[channel].messages if message["user"] == room.slack.bot]
        room.slack.channels[channel].messages = [*(dict(message) for message in messages.values()), *posted]


def _shown(entry: Entry, named: Callable[[str], str]) -> tuple[object, ...]:
    versions = tuple(version.text for version in entry.versions)
    event = entry.event
    key = named(event.natural_key) if event.kind in TOLD else ""
    return (
        entry.label,
        entry.at,
        event.kind,
        key,
        entry.text,
        versions,
        entry.is_deleted,
        event.actor,
        event.precision,
        tuple((one.by, one.before, one.before_at) for one in entry.corrections),
    )


def _stated(event: TimelineEvent) -> tuple[object, ...]:
    """A fact without its place in the ledger; a text told by two doors is one."""
    if event.kind is EventKind.MESSAGE:
        return (event.kind, event.occurred_at, event.payload["version"], event.text, event.actor)
    told = tuple((name, event.payload.get(name)) for name in ("ts", "emoji", "at", "to", "milestone", "phase"))
    if event.kind in SAID:
        return (event.kind, event.actor, event.source, event.text, *told)
    return (event.kind, event.occurred_at, event.actor, event.source, event.text, *told)


def _line(entry: Entry) -> Line:
    return Line(
        at=entry.at,
        text=entry.text,
        versions=tuple(version.text for version in entry.versions),
        is_deleted=entry.is_deleted,
        actor=entry.event.actor,
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[tuple[Step, ...], list[Arrival], list[Arrival]]:
    """A history with two orders of arrival."""
    steps = draw(histories())
    count = deliveries_of(steps)
    return steps, draw(shuffled(count)), draw(shuffled(count))


@st.composite
def shuffled(draw: st.DrawFn, count: int) -> list[Arrival]:
    """Every delivery once, some again, in any order; Slack is asked for texts now and then."""
    again = [place for place in range(count) if draw(st.integers(0, 3)) == 0]
    seen: set[int] = set()
    arrivals = []
    for place in draw(st.permutations([*range(count), *again])):
        arrivals.append(Arrival(place=place, is_again=place in seen, settles=draw(st.booleans())))
        seen.add(place)
    return arrivals


def told_in_time(count: int) -> list[Arrival]:
    """Every delivery once, in order, with time for Debrief to ask Slack as it was then."""
    return [Arrival(place=place, settles=True, is_late=False) for place in range(count)]


def deliveries_of(steps: Sequence[Step]) -> int:
    """How many requests a history makes."""
    return len(Telling(steps, channel="C", number=1, tag="x", now=START, slack="").deliveries)


@pytest.mark.postgres
@given(cases())
@settings(
    deadline=None,
    max_examples=examples(10, fewest=1),
    # Shrinking would live each candidate through three times; the orders that are drawn are short enough to read.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_record_is_the_same_in_any_order_and_with_any_repetition(
    rooms: Rooms, case: tuple[tuple[Step, ...], list[Arrival], list[Arrival]]
) -> None:
    """Events, texts, order, milestones, durations and the draft's bytes are equal for every order on both databases."""
    steps, one, other = case

    told = live(rooms.sqlite, steps, told_in_time(deliveries_of(steps)))
    readings = [live(rooms.sqlite, steps, one), live(rooms.postgres, steps, other)]

    assert list(told.lines) == expected(steps)
    for reading in readings:
        for name in ("facts", "entries", "milestones", "draft"):
            assert getattr(reading, name) == getattr(told, name), name
