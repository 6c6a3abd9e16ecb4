"""Posts whose answer is lost, and of which nothing is to be said by the time that they are looked for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from bot.ports.holding import HoldChanges, HoldPolicy, PolicyState, Proof
from bot.ports.records import Changes
from bot.usecases.holding.asking import policy_message
from tests.bot.flows.held import RESTARTS
from tests.bot.slack.alert_room import groups_of, messages, settle, take, text_of, wait_until_grouped
from tests.bot.slack.test_groups import a_rule, place
from tests.fake_slack import Fault
from tests.slack_room import ALERTS, COMMANDER, RESPONDER, START, Room, open_room

LIST = "*Signals on"


@pytest.fixture
def room(alerts_room: Room) -> Iterator[Room]:
    """Yield the room whose groups are posted in a channel, and leave it at rest."""
    yield alerts_room
    alerts_room.slack.heal()
    settle(alerts_room)


def _lose_answer(room: Room, channel: str, begin: Callable[[], object]) -> None:
    """Let *begin* lead to a post in *channel* that arrives, and of which nobody hears, nor can look for it yet."""
    before = len(room.slack.posts(channel))
    room.slack.break_down(Fault(method="chat.postMessage", channel=channel, loses="answer"))
    room.slack.fail("conversations.history", "internal_error", status=500, times=None)
    begin()
    room.app.dispatcher.wake()
    room.wait_for("the post", lambda: len(room.slack.posts(channel)) > before)
    # Not before the loss is on record: what is healed now would be found by the same attempt.
    room.wait_for("the loss", lambda: room.app.store.lane_report()["deliveries"]["unknown"])


def _healed(room: Room) -> None:
    room.slack.heal()
    room.clock.move(minutes=5)
    settle(room)


def _go_private(room: Room, number: int) -> str:
    """Make it private, and return the channel that it is in then."""
    room.ask(COMMANDER, f"#{number} private")
    _healed(room)
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
    assert incident is not None
    assert incident.channel_id is not None
    return incident.channel_id


def _shown(room: Room, channel: str, words: str) -> list[str]:
    return [text for text in map(text_of, room.slack.posts(channel)) if words in text]


def _go_on(room: Room) -> None:
    """Let a second pass, without waiting until all is sent, which Slack does not allow."""
    room.app.relating.step()
    room.clock.move(seconds=1)
    room.app.grouping.wake()
    room.app.dispatcher.wake()


def _suggested(room: Room) -> tuple[int, str, str, str]:
    """Number and channel of an incident whose list of signals arrived, with its answer lost; rule and place in it."""
    where, rule = place(), a_rule()
    number, channel = room.declare(text=f"SEV3 {where} is slow")
    room.settle()
    room.clock.move(minutes=3)

    def begin() -> None:
        take(room, rule, f"{where}/0")
        room.wait_for("the list", lambda: _go_on(room) or _shown(room, channel, LIST))

    _lose_answer(room, channel, begin)
    assert len(_shown(room, channel, LIST)) == 1
    return number, channel, rule, where


def _duplicated(room: Room) -> tuple[int, str, int]:
    """Number and channel of an incident whose post about a duplicate arrived with its answer lost; the other one."""
    number, channel = room.declare(text="SEV3 Refunds are late")
    other, there = room.declare(text="SEV3 Money does not come back")
    room.settle()
    _lose_answer(room, channel, lambda: room.ask(COMMANDER, f"duplicate of {number}", there))
    assert len(_shown(room, channel, "is a duplicate of this incident")) == 1
    return number, channel, other


def test_list_of_signals_is_not_left_in_a_channel_that_was_left(room: Room) -> None:
    """Made private before anybody knew that the list had arrived: it is read in the new channel alone."""
    number, old, rule, _ = _suggested(room)

    new = _go_private(room, number)

    assert rule not in str(room.slack.posts(old))
    assert _shown(room, old, LIST) == []
    assert len(_shown(room, new, LIST)) == 1


def test_list_of_signals_that_is_found_empty_says_so_and_is_known(room: Room) -> None:
    """What it suggests was declined meanwhile: it says that nothing stands out, and is emptied with the rest."""
    number, old, rule, _ = _suggested(room)
    (group,) = groups_of(room, rule)
    said = room.press(RESPONDER, "signal.not_related", f"{number}|{group.reference}", old)
    _healed(room)
    found = _shown(room, old, LIST)

    _go_private(room, number)

    assert "not" in said
    assert ["nothing stands out any more" in text for text in found] == [True]
    assert _shown(room, old, LIST) == []


def test_list_of_signals_that_is_found_shows_what_is_now(room: Room) -> None:
    """The alerts were over by the time that it was found, and no edit could know where the list was."""
    _, channel, rule, where = _suggested(room)
    began = room.clock.now()
    room.clock.move(minutes=2)
    take(room, rule, f"{where}/0", status="resolved", since=began)
    wait_until_grouped(room)
    _healed(room)

    (found,) = _shown(room, channel, LIST)
    assert "firing since" not in found
    assert "over since" in found


def test_reminder_is_not_left_in_a_channel_that_was_left(room: Room) -> None:
    """Made private before anybody knew that the post had arrived: it stands in the new channel alone."""
    number, old, _ = _duplicated(room)

    new = _go_private(room, number)

    assert _shown(room, old, "duplicate") == []
    assert len(_shown(room, new, "is a duplicate of this incident")) == 1


def test_reminder_that_is_found_to_be_needless_is_emptied_with_the_rest(room: Room) -> None:
    """The duplicate is private by now, so nothing is said of it. Going private reaches it all the same."""
    number, old, other = _duplicated(room)
    room.ask(COMMANDER, f"#{other} private")
    _healed(room)
    before = _shown(room, old, "is a duplicate of this incident")

    new = _go_private(room, number)

    assert len(before) == 1
    assert _shown(room, old, "duplicate") == []
    assert _shown(room, new, "is a duplicate of this incident") == []


def test_question_about_a_pattern_that_was_declined_meanwhile_says_so(tmp_path: Path, ready_sqlite_url: str) -> None:
    """It arrived, nobody heard of it, and a lead declined by command: nobody is asked by a question of before."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        policy = HoldPolicy(
            id=uuid4(),
            workspace_id=room.app.workspace_id,
            number=1,
            pattern=RESTARTS,
            is_critical=False,
            state=PolicyState.PROPOSED,
            changed_at=START,
            proof=Proof(held=1, days=30),
        )

        def ask() -> None:
            changes = Changes(holds=HoldChanges(policies=(policy,)))
            room.app.store.writer.submit(
                lambda reads, _: replace(changes, deliveries=(policy_message(reads, policy, is_new=True),)), None
            ).result()

        _lose_answer(room, ALERTS, ask)
        declined = room.ask(COMMANDER, "noise decline P-1 we need them")
        _healed(room)

        (question,) = messages(room, "P-1")
        assert "declined" in declined
        assert "*Declined*: we need them" in text_of(question)
        assert "Approve" not in str(question["blocks"])
