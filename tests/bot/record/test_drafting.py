"""Making drafts beside the writer: what is recorded meanwhile, who asks meanwhile, and what dies meanwhile."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from analysis.document import Document
from analysis.errors import Refused
from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Incident
from analysis.people import Access, Person
from bot.app import build
from bot.flows.dispatcher import Dispatcher
from bot.flows.drafting import TRIES, DraftMaking
from bot.late import build_drafts, build_signing
from bot.ports.outbox import Sent
from bot.ports.records import Delivery, DeliveryKind, Reply
from bot.usecases.postmortem.composing import Composing, TemplatesAlone
from bot.usecases.postmortem.drafting import Drafting, MakeDraft, draft_lane
from bot.usecases.postmortem.signing import Signing
from bot.usecases.postmortem.store_draft import StoreDraft, store_draft
from tests.bot.conftest import ready_database
from tests.bot.record.processes import revisions
from tests.dialects import SQLITE_FIRST
from tests.erasing import erase_field
from tests.slack_room import ADMIN, COMMANDER, OPERATIONS, OTHER, RESPONDER, Room, open_room


@dataclass(slots=True)
class Meanwhile:
    """A composer that lets one thing happen each time before it composes by templates."""

    names: Callable[[str], str]
    happens: list[Callable[[], object]] = field(default_factory=list)
    times: int = 0

    def __call__(self, incident: Incident, events: Sequence[TimelineEvent]) -> Document:
        """The document of what was read before that happened."""
        self.times += 1
        if self.happens:
            self.happens.pop(0)()
        return TemplatesAlone(names=self.names)(incident, events)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A room whose drafts are composed by *meanwhile*."""

    room: Room
    meanwhile: Meanwhile

    def resolved(self) -> tuple[int, str]:
        """An incident that can be drafted, with a note on record."""
        number, channel = self.room.declare()
        self.room.join(COMMANDER, channel)
        self.room.ask(RESPONDER, "note The switch was thrown", channel)
        self.room.ask(COMMANDER, "resolve", channel)
        self.room.settle()
        self.meanwhile.times = 0
        return number, channel

    def kinds(self, number: int) -> list[EventKind]:
        """What is on record, without what follows from Slack's answers."""
        return [event.kind for event in self.room.events(number)]


@contextmanager
def sending(room: Room, drafts: DraftMaking) -> Iterator[None]:
    """Send as the application does, but let *drafts* make the drafts."""
    handlers = {**room.app.slack.handlers, DeliveryKind.MAKE_DRAFT: drafts.make}
    dispatcher = Dispatcher(room.app.store.outbox, handlers, room.clock)
    room.app.store.writer.add_commit_hook(lambda written: dispatcher.wake() if written else None)
    room.app = replace(room.app, dispatcher=dispatcher)
    dispatcher.start()
    yield
    dispatcher.stop()


@pytest.fixture(scope="module", params=SQLITE_FIRST)
def shared_desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Yield a desk on each database."""
    folder = tmp_path_factory.mktemp("drafting")
    with ready_database(request, folder) as url, open_room(url, folder) as room:
        room.app.dispatcher.stop()
        meanwhile = Meanwhile(names=room.app.directory.name)
        composing = Composing(signing=build_signing(room.settings), composer=meanwhile, names=room.app.directory.name)
        with sending(room, DraftMaking(composing, snapshots=room.app.store.snapshots)):
            yield Desk(room=room, meanwhile=meanwhile)


@pytest.fixture
def desk(shared_desk: Desk) -> Iterator[Desk]:
    """Yield the desk at rest."""
    yield shared_desk
    shared_desk.meanwhile.happens.clear()
    shared_desk.room.slack.heal()
    shared_desk.room.settle()


# ---------------------------------------------------------------- what is recorded meanwhile


def test_draft_that_was_overtaken_by_a_note_is_composed_again(desk: Desk) -> None:
    """A note that arrives between reading and storing is in the one draft there is."""
    number, channel = desk.resolved()
    desk.meanwhile.happens = [lambda: desk.room.ask(RESPONDER, "note It came back for a second", channel)]

    answer = desk.room.draft(COMMANDER, channel)

    (revision,) = revisions(desk.room.app, number)
    assert answer.startswith(f"Drafting #{number} from the ")
    assert answer.endswith(" entries of its ledger; it is offered here in a moment.")
    assert desk.meanwhile.times == 2
    assert "It came back for a second" in str(revision.document)
    assert desk.kinds(number).count(EventKind.DRAFTED) == 1
    assert "in_review" in {event.payload.get("to") for event in desk.room.events(number)}


def test_bookkeeping_meanwhile_does_not_hold_a_draft_up(desk: Desk) -> None:
    """That the channel was renamed changes nothing that the document says."""
    number, channel = desk.resolved()
    renamed = {"type": "channel_rename", "channel": {"id": channel, "name": f"inc-{number}-other", "created": 1}}
    desk.meanwhile.happens = [lambda: desk.room.event(renamed)]

    desk.room.draft(COMMANDER, channel)

    assert desk.meanwhile.times == 1
    assert desk.kinds(number)[-3:].count(EventKind.CHANNEL_LINKED) == 1
    assert [one.number for one in revisions(desk.room.app, number)] == [1]


def test_words_erased_meanwhile_are_not_in_the_draft(desk: Desk) -> None:
    """A draft composed from words that are erased before it is stored is composed again without them."""
    number, channel = desk.resolved()
    desk.meanwhile.happens = [lambda: _erase_note(desk.room, number)]

    desk.room.draft(COMMANDER, channel)

    (revision,) = revisions(desk.room.app, number)
    assert desk.meanwhile.times == 2
    assert "The switch was thrown" not in str(revision.document)


@pytest.mark.thorough
def test_record_that_does_not_keep_still_gets_no_draft_and_says_so(desk: Desk) -> None:
    """After a few times the asker is told, nothing is stored, and the incident can be drafted as before."""
    number, channel = desk.resolved()
    desk.meanwhile.happens = [lambda: desk.room.ask(RESPONDER, "note And another thing", channel) for _ in range(TRIES)]

    desk.room.draft(COMMANDER, channel)
    desk.room.settle()

    (told,) = [said for said in desk.room.slack.ephemerals(COMMANDER) if f"Draft 1 of #{number}" in said]
    assert f"was not made: the record changed each of the {TRIES} times" in told
    assert desk.meanwhile.times == TRIES
    assert revisions(desk.room.app, number) == ()
    assert "resolved" in desk.room.ask(COMMANDER, "status", channel)
    desk.room.draft(COMMANDER, channel)
    assert [one.number for one in revisions(desk.room.app, number)] == [1]


def test_incident_reopened_meanwhile_gets_no_draft(desk: Desk) -> None:
    """What is not over is not drafted; who asked hears why."""
    number, channel = desk.resolved()
    desk.meanwhile.happens = [lambda: desk.room.ask(RESPONDER, "reopen It came back at once", channel)]

    desk.room.draft(COMMANDER, channel)
    desk.room.settle()

    assert revisions(desk.room.app, number) == ()
    assert any(
        said.startswith(f"Draft 1 of #{number} was not made: #{number} is investigating, so it cannot be drafted.")
        for said in desk.room.slack.ephemerals(COMMANDER)
    )


def test_incident_closed_meanwhile_stays_closed(desk: Desk) -> None:
    """A draft that was asked for before does not undo what somebody decided since; who asked hears why."""
    number, channel = desk.resolved()
    desk.room.draft(COMMANDER, channel)
    desk.room.ask(RESPONDER, "note It was a drill", channel)
    desk.meanwhile.happens = [lambda: desk.room.ask(COMMANDER, "close It was a drill", channel)]

    desk.room.draft(COMMANDER, channel)
    desk.room.settle()

    assert [one.number for one in revisions(desk.room.app, number)] == [1]
    assert "closed" in desk.room.ask(COMMANDER, "status", channel)
    told = f"Draft 2 of #{number} was not made: #{number} was closed meanwhile. `/incident draft` makes it all the same"
    assert f"{told}." in desk.room.slack.ephemerals(COMMANDER)
    desk.room.draft(COMMANDER, channel)
    assert [one.number for one in revisions(desk.room.app, number)] == [1, 2]


# ---------------------------------------------------------------- who asks meanwhile


def test_second_asker_hears_that_the_draft_is_being_made(desk: Desk) -> None:
    """Two people ask while one draft is composed: one draft, by the first; messages go on meanwhile."""
    number, channel = desk.resolved()
    began, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        assert go_on.wait(10)

    desk.meanwhile.happens = [wait]
    desk.room.ask(COMMANDER, "draft", channel)
    assert began.wait(10)

    second = desk.room.ask(ADMIN, "draft", channel)
    desk.room.ask(OTHER, "role scribe me", channel)
    desk.room.clock.move(seconds=5)
    desk.room.app.dispatcher.wake()
    desk.room.wait_for("the card", lambda: "otto" in str(desk.room.card(channel)["blocks"]))
    assert revisions(desk.room.app, number) == ()
    go_on.set()
    desk.room.settle()

    (revision,) = revisions(desk.room.app, number)
    assert second == f"Draft 1 of #{number} is being made already; it is offered here in a moment."
    assert revision.authors == {f"slack:{COMMANDER}"}
    assert [post["text"] for post in desk.room.slack.posts(channel)][-1].startswith(f"#{number}: Draft 1 is ready")


def test_draft_made_elsewhere_meanwhile_is_the_only_one(desk: Desk) -> None:
    """A second process that makes the same draft while the first composes it leaves one revision and one offer."""
    number, channel = desk.resolved()
    desk.meanwhile.happens = [lambda: make_elsewhere(desk.room, number)]

    desk.room.draft(COMMANDER, channel)
    desk.room.settle()

    offers = [post for post in desk.room.slack.posts(channel) if "Draft 1 is ready" in post["text"]]
    assert [(one.number, one.authors) for one in revisions(desk.room.app, number)] == [(1, {"cli:ops"})]
    assert desk.kinds(number).count(EventKind.DRAFTED) == 1
    assert len(offers) == 1


def make_elsewhere(room: Room, number: int) -> Reply:
    """Make the draft in another process on the same database, as the command line does."""
    other = build(room.settings, clock=room.clock)
    try:
        drafts = build_drafts(build_signing(room.settings), other.store.snapshots, other.directory.name)
        command = MakeDraft(
            person=Person(id="cli:ops", access=frozenset({Access.COMMANDER})),
            workspace_id=other.workspace_id,
            natural_key=f"cli:draft:{number}",
            source=Source.COMMAND_LINE,
            number=number,
        )

        def submit(store: StoreDraft) -> Reply:
            return other.store.writer.submit(store_draft, store).result()

        return drafts.make_now(command, submit)
    finally:
        other.store.close()


@pytest.mark.thorough
def test_news_are_what_the_timeline_says_anew(desk: Desk) -> None:
    """Another mark of a marked message and another voice for the same tag are none; a new tag and a new line are."""
    room, (number, channel) = desk.room, desk.resolved()
    ts = room.slack.say(channel, OTHER, "looks better")
    room.react(RESPONDER, channel, ts)
    room.settle()
    answers = []
    for happens in (
        lambda: None,
        lambda: room.react(COMMANDER, channel, ts),
        lambda: room.ask(RESPONDER, "promote E1 as fact", channel),
        lambda: room.ask(COMMANDER, "promote E1 as fact", channel),
        lambda: room.edit(channel, ts, "looks much better"),
        lambda: room.ask(RESPONDER, "note It is over", channel),
    ):
        happens()
        room.settle()
        answers.append(room.ask(COMMANDER, "draft", channel).startswith("Drafting"))
        room.settle()

    assert answers == [True, False, True, False, True, True]
    assert [one.number for one in revisions(room.app, number)] == [1, 2, 3, 4]


@pytest.mark.thorough
def test_draft_under_other_terms_is_made_without_news(desk: Desk) -> None:
    """Where the document would go elsewhere or to others, the same record gives another draft."""
    number, channel = desk.resolved()
    desk.room.draft(COMMANDER, channel)
    ours = build_signing(desk.room.settings)

    answers = [_asked(desk.room, number, signing) for signing in (ours, replace(ours, audience="the board"))]

    assert answers[0] == f"Draft 1 of #{number} is up to date: nothing on record changed since."
    assert answers[1].startswith(f"Drafting #{number}")


# ---------------------------------------------------------------- what fails or dies meanwhile


def test_composing_that_crashes_is_parked_and_the_incident_can_be_drafted_again(desk: Desk) -> None:
    """The operator hears of it, nothing is stuck, and what was parked makes no second draft when it goes on."""
    number, channel = desk.resolved()
    desk.meanwhile.happens = [_crash]

    desk.room.draft(COMMANDER, channel)
    desk.room.settle()
    told = desk.room.slack.posts(OPERATIONS)[-1]["text"]

    assert told.startswith(f"One message of #{number} was not sent (make draft): an unexpected error")
    assert revisions(desk.room.app, number) == ()
    assert "resolved" in desk.room.ask(COMMANDER, "status", channel)
    desk.room.draft(COMMANDER, channel)
    resumed = desk.room.app.store.outbox.resume(_lane(desk.room, number))
    desk.room.settle()
    assert resumed == 1
    assert [one.number for one in revisions(desk.room.app, number)] == [1]
    assert desk.kinds(number).count(EventKind.DRAFTED) == 1


def test_incident_closed_while_its_draft_waits_stays_closed(ready_sqlite_url: str, tmp_path: Path) -> None:
    """It is made once other drafts are, from a record that says by then that the incident is closed."""
    with open_room(ready_sqlite_url, tmp_path) as room:
        number, channel = room.declare()
        room.ask(COMMANDER, "resolve", channel)
        room.draft(COMMANDER, channel)
        room.ask(RESPONDER, "note It was a drill", channel)
        room.app.dispatcher.stop()
        room.ask(COMMANDER, "draft", channel)
        room.ask(COMMANDER, "close It was a drill", channel)
        drafts = build_drafts(build_signing(room.settings), room.app.store.snapshots, room.app.directory.name)

        with sending(room, drafts):
            room.settle()

        assert "closed" in room.ask(COMMANDER, "status", channel)
        assert [one.number for one in revisions(room.app, number)] == [1]


@pytest.mark.thorough
def test_process_killed_between_asking_and_storing_leaves_one_draft(ready_url: str, tmp_path: Path) -> None:
    """What a dead process had begun is made once by the next one, and stored once however often it is tried."""
    with open_room(ready_url, tmp_path) as room:
        number, channel = room.declare()
        room.ask(COMMANDER, "resolve", channel)
        room.settle()
        room.app.dispatcher.stop()
        asked = room.ask(COMMANDER, "draft", channel)
        killed = _claim(room, DeliveryKind.MAKE_DRAFT)
        drafts = build_drafts(build_signing(room.settings), room.app.store.snapshots, room.app.directory.name)

        with sending(room, drafts):
            room.settle()
        late = drafts.make(killed)

        assert asked.startswith(f"Drafting #{number}")
        assert [one.number for one in revisions(room.app, number)] == [1]
        assert [event.kind for event in room.events(number)].count(EventKind.DRAFTED) == 1
        assert late == Sent()
        assert sum("Draft 1 is ready" in post["text"] for post in room.slack.posts(channel)) == 1


def _asked(room: Room, number: int, signing: Signing) -> str:
    """What is answered to a request for a draft under these terms."""
    command = MakeDraft(
        person=Person(id=f"slack:{COMMANDER}", access=frozenset({Access.COMMANDER})),
        workspace_id=room.app.workspace_id,
        natural_key=f"terms:{number}",
        number=number,
    )
    try:
        return room.app.store.writer.submit(Drafting(signing=signing), command).result().text
    except Refused as refusal:
        return refusal.message


def _crash() -> None:
    raise ZeroDivisionError


def _claim(room: Room, kind: DeliveryKind) -> Delivery:
    """Claim everything that waits, as a process does that is killed then; returns the one of *kind*."""
    claimed = room.app.store.outbox.claim(limit=20, busy_lanes=frozenset())
    return next(one for one in claimed if one.kind is kind)


def _lane(room: Room, number: int) -> str:
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        return draft_lane(incident)


def _erase_note(room: Room, number: int) -> None:
    (entry,) = [event.seq for event in room.events(number) if event.kind is EventKind.NOTE]
    erase_field(room, number, entry)
