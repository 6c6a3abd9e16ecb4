"""What people are reminded of once: a draft that nobody approves, a commander who is gone, and a duplicate."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.events import EventKind
from bot.background import build_reminding
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, OTHER, RESPONDER, Room, open_room, served_again

HALF_AN_HOUR = timedelta(minutes=31)


@pytest.fixture
def fresh(ready_sqlite_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room of its own: on Sunday the first of March 2026 at nine."""
    with open_room(ready_sqlite_url, tmp_path) as room:
        yield room


def _step(room: Room) -> None:
    """What a running server does every minute, then everything that is to be sent."""
    app = room.app
    build_reminding(room.settings, app.store, app.workspace_id, room.clock, app.directory).step()
    room.settle(horizon=HALF_AN_HOUR)


def _in_review(room: Room, words: str = "SEV2 Wallets empty") -> tuple[int, str]:
    number, channel = room.declare(COMMANDER, words)
    for text in ("role commander me", "resolve"):
        room.ask(COMMANDER, text, channel)
    room.draft(COMMANDER, channel)
    room.settle(horizon=HALF_AN_HOUR)
    return number, channel


def _texts(room: Room, channel: str, words: str) -> list[str]:
    return [str(post["text"]) for post in room.slack.posts(channel) if words in str(post["text"])]


WAITED = "has waited for an approval since"


def test_draft_that_nobody_approves_is_told_once_in_working_hours(fresh: Room) -> None:
    """Not on a Sunday, not before a day has passed, and not again after a restart; the commander is notified."""
    number, channel = _in_review(fresh)

    _step(fresh)
    fresh.clock.move(hours=21)
    _step(fresh)
    early = _texts(fresh, channel, WAITED)
    fresh.clock.move(hours=3)
    for _ in range(2):
        _step(fresh)
    with served_again(fresh) as again:
        _step(again)
        (told,) = _texts(again, channel, WAITED)

    assert early == []
    assert re.fullmatch(
        rf"#{number} <@{COMMANDER}> draft 1 {WAITED} <!date\^\d+\^.*>\. It counts as SEV2: somebody with the approver "
        r"role, who wrote no part of it, may approve it\.",
        told,
    )


def test_next_draft_is_reminded_of_too_and_says_what_keeps_it_from_being_signed(fresh: Room) -> None:
    """A draft that the record has overtaken cannot be signed: the reminder says to make another."""
    _, channel = _in_review(fresh, "SEV4 Typo on the receipt")
    fresh.ask(OTHER, "note One thing more", channel)

    fresh.clock.move(hours=25)
    _step(fresh)
    fresh.draft(COMMANDER, channel)
    fresh.settle()
    fresh.clock.move(hours=24)
    _step(fresh)

    first, second = _texts(fresh, channel, WAITED)
    assert first.endswith(
        "It cannot be approved as it is, because the record changed since it was made: `/incident draft` makes another."
    )
    assert second.endswith("The incident commander, or somebody with the approver role, may approve it.")


@pytest.mark.parametrize("then", ["approve", "close", "off"])
def test_nobody_is_reminded_of_what_does_not_wait(fresh: Room, then: str) -> None:
    """An approved or abandoned draft waits for nobody, and a setting turns it off."""
    _, channel = _in_review(fresh)
    if then == "approve":
        fresh.ask(APPROVER, f"approve {fresh.shown_hash(channel)}", channel)
    elif then == "close":
        fresh.ask(COMMANDER, "close It was a drill", channel)
    over = {"approval_reminder_hours": 0.0} if then == "off" else {}

    with served_again(fresh, **over) as room:
        room.clock.move(hours=30)
        _step(room)

        assert _texts(room, channel, WAITED) == []


@pytest.mark.parametrize("words", ["SEV2 Wallets empty", "SEV2 private: Insider trading suspected"])
def test_archived_channel_is_told_to_the_operator_unless_private(fresh: Room, words: str) -> None:
    """Nothing is parked for ever in a channel where nobody reads, and no private number is told elsewhere."""
    number, channel = _in_review(fresh, words)
    fresh.slack.channels[channel].is_archived = True
    fresh.event({"type": "channel_archive", "channel": channel, "user": COMMANDER})
    fresh.settle()

    fresh.clock.move(hours=25)
    for _ in range(2):
        _step(fresh)

    told = _texts(fresh, OPERATIONS, WAITED)
    assert len(told) == (0 if "private" in words else 1)
    assert all(one.startswith(f"Draft 1 of #{number} {WAITED} ") for one in told)
    assert fresh.parked_lanes(number) == []
    assert [one.payload["about"] for one in fresh.events(number) if one.kind is EventKind.REMINDED] == ["draft"]


def test_private_incident_is_reminded_of_in_its_own_channel_only(fresh: Room) -> None:
    """Its people read it, and no other channel has a word of it."""
    _, channel = _in_review(fresh, "SEV2 private: Insider trading suspected")

    fresh.clock.move(hours=25)
    _step(fresh)

    assert len(_texts(fresh, channel, WAITED)) == 1
    others = [each for each in fresh.slack.channels if each != channel]
    assert [text for each in others for text in _texts(fresh, each, WAITED)] == []


def test_commander_whose_account_is_closed_is_told_once(fresh: Room) -> None:
    """The card says it, one post says who may take over, and whoever does is the commander again."""
    number, channel = fresh.declare(text="SEV1 Wallets empty")
    fresh.ask(RESPONDER, "role commander me", channel)
    account = fresh.slack.users[RESPONDER]
    fresh.event({"type": "user_change", "user": {**account, "deleted": True, "updated": 1772355700}})

    for _ in range(2):
        _step(fresh)
    with served_again(fresh) as again:
        again.event({"type": "user_change", "user": {**account, "deleted": True, "updated": 1772355700}})
        _step(again)
        (told,) = _texts(again, channel, "is closed")
        card = str(again.card(channel)["blocks"])
        again.ask(OTHER, "role commander me", channel)
        _step(again)
        later = str(again.card(channel)["blocks"])

    assert told == (
        f"#{number} The Slack account of remy, who is the incident commander, is closed. Any responder may take over: "
        "`/incident role commander me`."
    )
    assert "remy (their Slack account is closed)" in card
    assert "closed" not in later
    assert "*Incident commander*\\notto" in later


def test_original_reads_which_incidents_turned_out_to_be_it(fresh: Room) -> None:
    """Its people see where the others come from, without a title, in one post where several wait for the budget."""
    original, there = fresh.declare(text="SEV2 Refunds are late")
    numbers = [fresh.declare(text=f"SEV3 Money is gone {place}")[0] for place in range(3)]
    private, _ = fresh.declare(COMMANDER, "SEV3 private: Insider trading suspected")
    for number in (*numbers, private):
        fresh.ask(COMMANDER, f"#{number} duplicate of {original}")

    fresh.settle(horizon=HALF_AN_HOUR)

    told = _texts(fresh, there, "of this incident")
    assert told[-1].startswith(f"#{original} #{numbers[0]} <#C")
    assert told[-1].endswith(" are duplicates of this incident, and people go on here.")
    assert all(f"#{number}" in told[-1] for number in numbers)
    assert f"#{private}" not in "".join(told)
    assert "Money is gone" not in "".join(told)
    assert len(fresh.slack.posts(there)) <= 6


def test_reminders_leave_the_record_provable_and_no_news(fresh: Room) -> None:
    """That somebody was reminded is on record and changes no draft: it can be approved as before."""
    number, channel = _in_review(fresh)
    fresh.clock.move(hours=25)
    _step(fresh)

    answer = fresh.ask(APPROVER, f"approve {fresh.shown_hash(channel)}", channel)

    assert [one.payload["about"] for one in fresh.events(number) if one.kind is EventKind.REMINDED] == ["draft"]
    assert answer.startswith("You approved draft 1")
