"""The App Home and `help`: what each person finds there."""

from bot.usecases.verbs import VERBS
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Room


def test_home_lists_mine_all_open_ones_and_drafts_that_wait(room: Room) -> None:
    """My incidents stand under mine, everybody's under all, drafts under those that wait."""
    mine, channel = room.declare(OTHER, "SEV3 Mine to solve")
    room.ask(OTHER, "role scribe me", channel)
    others, _ = room.declare(RESPONDER, "SEV3 Somebody else's")
    waiting, waiting_channel = room.declare(RESPONDER, "SEV4 Waits for a signature")
    room.ask(COMMANDER, "resolve", waiting_channel)
    room.draft(COMMANDER, waiting_channel)

    home = room.home(OTHER)

    own, rest = home.split("All open incidents")
    active, drafts = rest.split("Drafts that wait for approval")
    assert f"*#{mine}*" in own
    assert f"*#{others}*" not in own
    assert f"*#{mine}*" in active
    assert f"*#{others}*" in active
    assert f"*#{waiting}*" not in active
    assert f"*#{waiting}*" in drafts


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
