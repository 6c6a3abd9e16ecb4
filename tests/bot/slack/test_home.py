"""The App Home and `help`: what each person finds there."""

import itertools
from pathlib import Path

import pytest

from bot.slack.incoming import home
from bot.usecases.verbs import VERBS
from tests.slack_room import APPROVER, COMMANDER, OTHER, RESPONDER, Room, open_room


def test_home_lists_mine_and_all_open_ones(room: Room) -> None:
    """My incidents stand under mine, everybody's under all, and what is over under neither."""
    mine, channel = room.declare(OTHER, "SEV3 Mine to solve")
    room.ask(OTHER, "role scribe me", channel)
    others, _ = room.declare(RESPONDER, "SEV3 Somebody else's")
    over = _drafted(room, "SEV4 Waits for a signature")

    own, active, _ = _home(room, OTHER)

    assert f"*#{mine}*" in own
    assert f"*#{others}*" not in own
    assert f"*#{mine}*" in active
    assert f"*#{others}*" in active
    assert f"*#{over}*" not in active


def test_home_lists_the_drafts_that_its_reader_may_sign(room: Room) -> None:
    """Not those of others, not those somebody has a part in where four eyes are needed, and not what is signed."""
    light, heavy = _drafted(room, "SEV4 Waits for a signature"), _drafted(room, "SEV2 Waits for another's signature")

    readers = {user: _home(room, user)[-1] for user in (APPROVER, COMMANDER, OTHER)}
    number = f"#{heavy}"
    room.ask(APPROVER, f"{number} approve {room.shown_hash(room.slack.channel_named(f'inc-{heavy}-').id)}")
    after = _home(room, APPROVER)[-1]

    listed = {user: [one for one in (light, heavy) if f"*#{one}*" in text] for user, text in readers.items()}
    assert listed == {APPROVER: [light, heavy], COMMANDER: [light], OTHER: []}
    assert f"*#{heavy}*" not in after
    assert f"*#{light}*" in after


def test_home_keeps_a_draft_that_many_newer_incidents_followed(
    quick_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody has signed for weeks is what a reader must not lose sight of."""
    monkeypatch.setattr(home, "LISTED", 2)
    old = _drafted(quick_room, "SEV4 Waits for a signature")
    for title in ("First since", "Second since"):
        quick_room.ask(RESPONDER, f"declare SEV4 {title}")

    assert f"*#{old}*" in _home(quick_room, APPROVER)[-1]


@pytest.mark.thorough
def test_home_says_which_drafts_must_be_made_again(ready_sqlite_url: str, tmp_path: Path) -> None:
    """One of another configuration, or that the record overtook, is no draft to sign, and home says what to do."""
    with open_room(ready_sqlite_url, tmp_path, audience="all of engineering") as room:
        old, new = _drafted(room, "SEV4 Made for another audience"), _drafted(room, "SEV4 Overtaken")
    with open_room(ready_sqlite_url, tmp_path, audience="the risk committee") as room:
        room.slack.numbers = itertools.count(10_000)  # of a workspace that gives out no id twice
        room.clock.move(hours=1)
        room.draft(COMMANDER, text=f"#{new} draft")
        present = _home(room, APPROVER)[-1]
        refused = room.ask(APPROVER, f"#{old} approve {'0' * 8}")
        room.ask(RESPONDER, f"#{new} note it was the pool")
        overtaken = _home(room, APPROVER)[-1]

    begins = "draft it again by `/incident #{} draft`, because "
    assert f"*#{new}*" in present
    assert f"*#{old}*" not in present
    assert f"{begins.format(old)}the templates, audience or targets changed since it was made." in present
    assert refused.startswith("Name the draft you read by its hash.")
    assert f"*#{new}*" not in overtaken
    assert f"{begins.format(new)}the record changed since it was made." in overtaken


def test_home_has_no_private_draft_of_others(room: Room) -> None:
    """An approver who may not know of an incident is not told that its draft waits."""
    hidden = _drafted(room, "SEV2 private: Insider trading suspected")

    before = room.home(APPROVER)
    room.ask(COMMANDER, f"#{hidden} role responder <@{APPROVER}>")
    room.draft(COMMANDER, text=f"#{hidden} draft")
    after = _home(room, APPROVER)[-1]

    assert "Insider trading suspected" not in before
    assert f"*#{hidden}*" in after


def _drafted(room: Room, text: str) -> int:
    """Declare, resolve and draft as the commander; the incident's number."""
    number, channel = room.declare(COMMANDER, text)
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    return number


def _home(room: Room, user: str) -> list[str]:
    """The three parts of somebody's App Home."""
    own, rest = room.home(user).split("All open incidents")
    return [own, *rest.split("Drafts that wait for your approval")]


def test_home_offers_to_declare(quick_room: Room) -> None:
    """The button that opens the form is there."""
    assert "form.open:declare" in quick_room.home(RESPONDER)


def test_home_follows_what_happened(room: Room) -> None:
    """Opened again, it shows how things stand now."""
    number, channel = room.declare(RESPONDER, "SEV3 Soon over")
    before = room.home(RESPONDER)
    room.ask(COMMANDER, "resolve", channel)

    after = room.home(RESPONDER)

    assert f"*#{number}* SEV3 declared" in before
    assert f"*#{number}* SEV3 declared" not in after


def test_help_names_every_verb_with_its_usage(quick_room: Room) -> None:
    """Nothing that can be typed is left out, and a tail says how to name another incident."""
    shown = quick_room.ask(RESPONDER, "help")

    assert [verb.name for verb in VERBS.values() if f"`/incident {verb.usage}`" not in shown] == []
    assert "`/incident #12 status`" in shown
