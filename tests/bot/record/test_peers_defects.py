"""Defects that were read in other incident tools, each on the input on which theirs goes wrong.

The letters are the rows of a list of defects read in their code. What is about language models, alerts or private
incidents' ways out is not about the record and is not here: c (a drafter called with arguments that its adapter does
not take), the half of d about a prompt that is cut, m (a private incident's text sent to a hosted model), n (a report
told to guess), o (alerts of two hosts merged by name), q (private notes in a public prompt), r (redaction that fails
open). The whole record of a long incident in its draft is the other half of d.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analysis.events import EventKind
from analysis.milestones import Phase, phases
from analysis.timeline import timeline
from bot.app import App, build
from tests import slack_requests as requests
from tests.bot.record.processes import at_once, revisions
from tests.effort import leading, thinned
from tests.ledgers import Ledger
from tests.markdown import render
from tests.slack_room import ADMIN, COMMANDER, OTHER, RESPONDER, Room, open_room

BOT = Path(__file__).parents[3] / "bot"
HOUR = timedelta(hours=1)


def texts(room: Room, number: int) -> list[str]:
    """What people said on the timeline, in its order."""
    kinds = {EventKind.MESSAGE, EventKind.NOTE}
    return [entry.text for entry in timeline(room.events(number)) if entry.event.kind in kinds]


def phases_of(room: Room, number: int) -> tuple[Phase, ...]:
    """The incident's phases, as the database has them."""
    return phases(room.events(number))


def say(room: Room, channel: str, text: str, *, user: str = OTHER, **more: str) -> dict[str, str]:
    """Let somebody write a message; returns it as Slack sends it."""
    return room.slack.find_message(channel, room.slack.say(channel, user, text, **more))


def pin(room: Room, channel: str, ts: str, *, user: str = RESPONDER, is_on: bool = True) -> None:
    """Let somebody mark a message or take that back, and let Debrief read what it needs."""
    assert room.react(user, channel, ts, is_on=is_on).status == 200
    room.settle()


# ---------------------------------------------------------------- a: marks on replies


def test_mark_on_a_thread_reply_files_that_reply(room: Room) -> None:
    """Row a: the exact text of the reply is filed under the reply's time, not another message's."""
    number, channel = room.declare()
    root = say(room, channel, "what do we know?")
    reply = say(room, channel, "the pool is exhausted", thread=root["ts"])
    say(room, channel, "a later message in the channel")

    pin(room, channel, reply["ts"])

    entry = next(one for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE)
    assert (entry.text, f"{entry.at.timestamp():.6f}") == ("the pool is exhausted", reply["ts"])
    assert texts(room, number) == ["the pool is exhausted"]


def test_mark_whose_message_cannot_be_read_is_refused_in_words(room: Room) -> None:
    """Row a: where Slack does not give exactly that message, nothing is filed and whoever marked it is told."""
    number, channel = room.declare()
    root = say(room, channel, "what do we know?")
    reply = say(room, channel, "the pool is exhausted", thread=root["ts"])
    room.slack.channels[channel].messages.remove(reply)

    pin(room, channel, reply["ts"])

    assert texts(room, number) == []
    assert any("could not read that exact message" in told for told in room.slack.ephemerals(RESPONDER))


# ---------------------------------------------------------------- b: marks by several people


def test_marks_by_several_people_make_one_event_and_go_with_the_last(room: Room) -> None:
    """Row b: N reactions, one event; it leaves the timeline when the last is taken back, and stays in the record."""
    number, channel = room.declare()
    message = say(room, channel, "the pool is exhausted")
    people = (RESPONDER, COMMANDER, OTHER)
    for person in people:
        pin(room, channel, message["ts"], user=person)
    shown = texts(room, number)

    seen = []
    for person in people:
        pin(room, channel, message["ts"], user=person, is_on=False)
        seen.append(texts(room, number))

    assert shown == ["the pool is exhausted"]
    assert seen == [shown, shown, []]
    kinds = [event.kind for event in room.events(number)]
    counted = [EventKind.MESSAGE, EventKind.MESSAGE_MARKED, EventKind.MESSAGE_UNMARKED]
    assert [kinds.count(kind) for kind in counted] == [1, 3, 3]


# ---------------------------------------------------------------- d: long incidents


@pytest.mark.thorough
def test_draft_of_a_very_long_incident_keeps_its_ends_and_its_turns() -> None:
    """Row d: with two thousand long entries the first, the last and every change of severity are in the draft."""
    ledger = Ledger()
    ledger.declare(severity="SEV3")
    ledger.note(1, "the first words")
    for minute in range(2, 2002):
        ledger.note(minute, f"note {minute}: " + "and still the queue grows " * 12)
        if minute == 1000:
            ledger.severity(minute, "SEV3", "SEV1")
    ledger.severity(2003, "SEV1", "SEV4")
    ledger.note(2004, "rolled back, payments recover")
    ledger.status(2005, "monitoring", "resolved")

    document = render(ledger.document())

    assert "the first words" in document
    assert "Severity changed from SEV3 to SEV1" in document
    assert "Severity changed from SEV1 to SEV4" in document
    assert "rolled back, payments recover" in document
    assert "Status changed from monitoring to resolved" in document
    assert all(f"note {minute}: " in document for minute in range(2, 2002))


# ---------------------------------------------------------------- e: reopening


@pytest.mark.thorough
def test_reopening_twice_leaves_every_phase_as_it_was(room: Room) -> None:
    """Row e: no milestone of an earlier phase is overwritten, and each phase has its own time to resolve."""
    number, _ = room.declare()
    seen = []
    for hours in (1, 2, 3):
        room.ask(COMMANDER, f"#{number} milestone detection now")
        room.clock.move(hours=hours)
        room.ask(COMMANDER, f"#{number} status monitoring")
        room.ask(COMMANDER, f"#{number} resolve")
        seen.append(phases_of(room, number)[-1])
        if hours < 3:
            room.ask(COMMANDER, f"#{number} reopen the queue grows again")

    found = phases_of(room, number)

    assert list(found) == seen
    assert [one.durations()["time_to_resolve"] for one in found] == [HOUR, 2 * HOUR, 3 * HOUR]
    assert [one.durations()["time_to_mitigate"] for one in found] == [HOUR, 2 * HOUR, 3 * HOUR]


# ---------------------------------------------------------------- f, h: times


def test_late_mark_keeps_the_messages_time_and_three_days_are_72_hours(room: Room) -> None:
    """Row f: a message marked two days later stands at its own time, and the duration does not drop the days."""
    number, channel = room.declare()
    room.ask(COMMANDER, f"#{number} milestone detection now")
    began = room.clock.now()
    message = say(room, channel, "errors begin at the acquirer")
    room.clock.move(hours=47)
    note = "the acquirer confirms"
    room.ask(RESPONDER, f"#{number} note {note}")
    pin(room, channel, message["ts"])
    room.clock.set(began + timedelta(hours=72))
    room.ask(COMMANDER, f"#{number} resolve")
    room.draft(COMMANDER, text=f"#{number} draft")

    entry = next(one for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE)

    assert f"{entry.at.timestamp():.6f}" == message["ts"]
    assert texts(room, number) == ["errors begin at the acquirer", note]
    assert phases_of(room, number)[0].durations()["time_to_resolve"] == timedelta(hours=72)
    assert "72 h" in render(revisions(room.app, number)[-1].document)


@pytest.mark.thorough
def test_what_comes_after_the_resolution_does_not_move_durations(room: Room) -> None:
    """Row h: edits, deletions, notes and the review itself leave every duration as it was at the resolution."""
    number, channel = room.declare()
    room.ask(COMMANDER, f"#{number} milestone detection now")
    message = say(room, channel, "the pool is exhausted")
    pin(room, channel, message["ts"])
    room.clock.move(hours=2)
    room.ask(COMMANDER, f"#{number} resolve")
    before = phases_of(room, number)

    room.clock.move(hours=30)
    room.event(requests.edit(channel, message, "the pool was exhausted", at=room.slack.next_ts()))
    room.ask(RESPONDER, f"#{number} note written down later")
    room.ask(COMMANDER, f"#{number} impact 3 % of card payments")
    room.ask(COMMANDER, f"#{number} draft")
    room.settle()

    assert texts(room, number)[0] == "the pool was exhausted"
    assert phases_of(room, number) == before


# ---------------------------------------------------------------- g: images


def test_marking_an_image_makes_nothing_public(room: Room) -> None:
    """Row g: a marked message with a picture is recorded without any call that shares a file beyond the workspace."""
    number, channel = room.declare()
    message = say(room, channel, "look at this graph")
    message["files"] = [
        {"id": "F1", "mimetype": "image/png", "url_private": "https://files.slack.com/x.png", "is_public": False}
    ]
    calls = len(room.slack.calls)

    pin(room, channel, message["ts"])

    assert texts(room, number) == ["look at this graph"]
    called = {call.method for call in room.slack.calls[calls:]}
    assert called == {"conversations.replies", "chat.update"}


def test_no_call_that_publishes_a_file_is_in_the_code() -> None:
    """Row g: the method's name is nowhere in the bot, so no path can come to it."""
    code = "\n".join(path.read_text() for path in BOT.rglob("*.py"))

    assert "sharedPublicURL" not in code
    assert "public_url" not in code.lower()


# ---------------------------------------------------------------- i: two processes


@pytest.fixture
def two(ready_url: str, tmp_path: Path) -> Iterator[tuple[Room, App]]:
    """Yield a room, and a second application on the same database."""
    with open_room(ready_url, tmp_path) as room:
        other = build(room.settings, clock=room.clock)
        yield room, other
        other.store.close()


@pytest.mark.thorough
def test_one_request_to_two_processes_makes_one_draft(two: tuple[Room, App]) -> None:
    """Row i: the same command delivered to two processes at once has one effect and one answer."""
    room, other = two
    number, _ = room.declare()
    room.ask(COMMANDER, f"#{number} resolve")
    signed = room.command(COMMANDER, f"#{number} draft")

    answers = at_once(room, other, signed, signed)
    room.wait_for_draft(number)

    assert answers[0] == answers[1]
    assert [one.number for one in revisions(room.app, number)] == [1]
    assert [event.kind for event in room.events(number)].count(EventKind.DRAFTED) == 1


def test_two_people_who_draft_at_once_leave_one_current_draft(two: tuple[Room, App]) -> None:
    """Row i: of two commands on two processes one draft is made, and the second hears that it is made already."""
    room, other = two
    number, _ = room.declare()
    room.ask(COMMANDER, f"#{number} resolve")

    answers = at_once(room, other, room.command(COMMANDER, f"#{number} draft"), room.command(ADMIN, f"#{number} draft"))
    room.wait_for_draft(number)

    assert [(one.number, one.is_superseded) for one in revisions(other, number)] == [(1, False)]
    assert sum(f"Drafting #{number}" in answer for answer in answers) == 1
    assert sum("is being made already" in answer or "is up to date" in answer for answer in answers) == 1


# ---------------------------------------------------------------- j: words are never guessed


@pytest.mark.parametrize(
    "words",
    thinned(
        [
            "severity minor since 12:00",
            "severity SEV12",
            "severity 1st",
            "status minor since 12:00",
            "status monitoring since 12:00",
            "status resolved",
            "milestone detected at 1",
            "role 1",
            "sev 1",
        ],
        every=8,
    ),
)
def test_words_that_are_not_understood_change_nothing(sqlite_room: Room, words: str) -> None:
    """Row j: a number or state somewhere in a sentence is not taken for a severity; the refusal shows the usage."""
    room = sqlite_room
    number, channel = room.declare(text="SEV3 Card payments fail")
    before = room.events(number)

    said = room.ask(COMMANDER, words, channel)

    assert room.events(number) == before
    assert "`" in said or "Use " in said, said


# ---------------------------------------------------------------- k, l: one second


def test_messages_of_one_second_are_kept_apart(room: Room) -> None:
    """Rows k and l: equal words in the same second are two events; taking one mark back leaves the other."""
    number, channel = room.declare()
    second = int(room.clock.now().timestamp())
    messages = [{"type": "message", "user": OTHER, "text": "failed", "ts": f"{second}.00000{n}"} for n in (1, 2)]
    room.slack.channels[channel].messages += messages
    for message in (*messages, messages[0]):
        pin(room, channel, message["ts"])
    both = texts(room, number)

    pin(room, channel, messages[0]["ts"], is_on=False)

    assert both == ["failed", "failed"]
    (left,) = [one for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE]
    assert left.event.payload["ts"] == messages[1]["ts"]


def test_edits_of_one_second_are_all_kept(room: Room) -> None:
    """Row l: Slack gives two quick edits one time in whole seconds; neither is lost, and the later one is shown."""
    number, channel = room.declare()
    message = say(room, channel, "deploy: started")
    pin(room, channel, message["ts"])
    second = int(float(message["ts"])) + 5
    for fraction, text in ((200, "deploy: half way"), (700, "deploy: failed")):
        changed = requests.edit(channel, message, text, at=f"{second}.000{fraction}")
        room.event(changed)
        message = changed["message"]

    entry = next(one for one in timeline(room.events(number)) if one.event.kind is EventKind.MESSAGE)

    assert [version.text for version in entry.versions] == ["deploy: started", "deploy: half way", "deploy: failed"]


@pytest.mark.thorough
def test_hour_that_a_clock_shows_twice_is_asked_about_and_kept_apart(own_room: Room) -> None:
    """Row l: at the end of summer time the same wall time twice is two events an hour apart, never a guess."""
    room = own_room
    room.clock.set(datetime(2026, 10, 25, 3, 0, tzinfo=UTC))
    number, channel = room.declare(COMMANDER, "SEV3 Settlement file is late")
    stamps = [f"{datetime(2026, 10, 25, hour, 30, tzinfo=UTC).timestamp():.6f}" for hour in (0, 1)]
    for stamp, text in zip(stamps, ("before the change", "after the change"), strict=True):
        room.slack.channels[channel].messages.append({"type": "message", "user": OTHER, "text": text, "ts": stamp})

    asked = room.ask(COMMANDER, f"#{number} note 02:30 the file is late")
    for offset in ("+02:00", "+01:00"):
        assert "Noted" in room.ask(COMMANDER, f"#{number} note 02:30{offset} the file is late")
    for stamp in reversed(stamps):
        pin(room, channel, stamp)

    assert "+02:00" in asked
    assert "+01:00" in asked
    kinds = {EventKind.NOTE, EventKind.MESSAGE}
    found = [(one.at, one.text) for one in timeline(room.events(number)) if one.event.kind in kinds]
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert sorted(found) == [
        (first, "before the change"),
        (first, "the file is late"),
        (second, "after the change"),
        (second, "the file is late"),
    ]


# ---------------------------------------------------------------- p: deliveries that come again


@pytest.mark.parametrize("retry", leading(1, [1, 2, 3]))
def test_event_that_arrives_only_as_a_repetition_is_recorded(room: Room, retry: int) -> None:
    """Row p: when the first delivery died, the one that carries Slack's retry header has the effect."""
    number, channel = room.declare()
    message = say(room, channel, "the pool is exhausted")

    answer = room.event(requests.reaction(OTHER, channel, message["ts"], at=room.slack.next_ts()), retry=retry)
    room.settle()

    assert (answer.status, texts(room, number)) == (200, ["the pool is exhausted"])


def test_event_that_arrives_again_has_one_effect(room: Room) -> None:
    """Row p: the same event id, first plain and then with the retry header, is one fact."""
    number, channel = room.declare()
    message = say(room, channel, "the pool is exhausted")
    mark = requests.reaction(OTHER, channel, message["ts"], at=room.slack.next_ts())
    identity = f"EvAgain{number}{channel}"
    for retry in (0, 1, 2):
        assert room.event(mark, event_id=identity, retry=retry).status == 200
    room.settle()

    kinds = [event.kind for event in room.events(number)]

    assert (kinds.count(EventKind.MESSAGE_MARKED), kinds.count(EventKind.MESSAGE)) == (1, 1)
