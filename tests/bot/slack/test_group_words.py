"""What people say of groups of alerts beside incidents: that one mattered, is noise, or holds what does not belong."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest

from bot.ports.grouping import AlertGroup
from tests.bot.slack.alert_room import buttons_of, fire, groups_of, messages, settle, text_of
from tests.slack_room import ALERTS, COMMANDER, GUEST, OTHER, RESPONDER, Room


@pytest.fixture
def room(alerts_room: Room) -> Room:
    """Return the room whose groups are posted in a channel."""
    return alerts_room


def name(letter: str = "R") -> str:
    """A rule or service that no other test has."""
    return f"{letter}{uuid.uuid4().hex[:10]}"


def test_group_without_an_incident_can_be_said_to_have_mattered(room: Room) -> None:
    """Somebody was woken, did something and declared nothing; whoever said so may take it back, and nobody twice."""
    rule = name()
    fire(room, rule, name("s"))
    (group,) = groups_of(room, rule)
    number, before = str(group.number), buttons_of(messages(room, rule)[0])

    said = room.press(RESPONDER, "group.mattered", number, ALERTS)
    again = room.press(OTHER, "group.mattered", number, ALERTS)
    settle(room)
    called, buttons = text_of(messages(room, rule)[0]), buttons_of(messages(room, rule)[0])
    asked = room.ask(OTHER, f"alerts {group.reference}")
    taken_back = room.press(OTHER, "group.not_mattered", number, ALERTS)
    settle(room)

    assert "Mattered" in before
    assert said == (
        f"Noted: {group.reference} mattered. Like an incident it speaks against holding back what is in it."
    )
    assert again == f"It is on record already that {group.reference} mattered."
    assert "It mattered: somebody had to act on it." in called
    assert "It mattered: somebody had to act on it." in asked
    assert ("Did not matter" in buttons, "Mattered" in buttons) == (True, False)
    assert taken_back.startswith(f"Taken back: nobody had to act on {group.reference}.")
    assert buttons_of(messages(room, rule)[0]) == before
    assert "It mattered" not in text_of(messages(room, rule)[0])


def test_what_mattered_is_no_noise_and_the_other_way_round(room: Room) -> None:
    """Of two words of which only one can be so, the later counts."""
    rule = name()
    fire(room, rule, name("s"))
    (group,) = groups_of(room, rule)

    room.ask(RESPONDER, f"alerts {group.reference} mattered")
    noise = room.ask(RESPONDER, f"alerts {group.reference} noise 7d a drill, told before")
    settle(room)
    as_noise = text_of(messages(room, rule)[0])
    room.ask(OTHER, f"alerts {group.reference} mattered")
    settle(room)

    assert noise.startswith(f"{group.reference} is called noise until <!date^")
    assert "a drill, told before" in as_noise
    assert "It mattered" not in as_noise
    assert "Called noise" not in text_of(messages(room, rule)[0])
    assert "It mattered" in text_of(messages(room, rule)[0])
    room.ask(OTHER, f"alerts {group.reference} not mattered")
    assert "Called noise" not in room.ask(OTHER, f"alerts {group.reference}")


def test_what_buttons_of_a_group_do_words_do(room: Room) -> None:
    """Without the channel of alerts, as on the command line, a series is put apart by its name, and put back."""
    first, second, where = name(), name(), name("s")
    fire(room, first, f"{where}/0", f"{where}/1")
    fire(room, second, f"{where}/0")
    (group,) = groups_of(room, first)

    unclear = room.ask(RESPONDER, f"alerts {group.reference} split pod={where}-0")
    done = room.ask(RESPONDER, f"alerts {group.reference} split {second}")
    settle(room)
    (apart,) = [one for one in groups_of(room, second) if one.digest.is_apart]
    back = room.ask(RESPONDER, f"alerts {apart.reference} put back")
    settle(room)

    assert unclear.startswith(f"2 series of {group.reference} are called “pod={where}-0”. Name one: ")
    assert done.startswith(f"{second} is put apart from {group.reference}")
    assert back == f"What is in {apart.reference} goes back to {group.reference} in a moment."
    assert "is called “nothing”" in room.ask(RESPONDER, f"alerts {group.reference} split nothing")
    assert "Nobody calls" in room.ask(RESPONDER, f"alerts {group.reference} not noise")
    assert "Nobody said that" in room.ask(RESPONDER, f"alerts {group.reference} not mattered")
    assert "Say for how long: 1h, 1d, 7d." in room.ask(RESPONDER, f"alerts {group.reference} noise forever")
    assert f"Say of {group.reference}: `alerts {group.reference} mattered`" in room.ask(
        RESPONDER, f"alerts {group.reference} matterd"
    )
    assert "mattered." not in room.ask(GUEST, f"alerts {group.reference} mattered")


def two_that_may_be_one(room: Room) -> tuple[AlertGroup, AlertGroup]:
    """Two groups at one service, the later a quarter of an hour after the earlier: grouping is not sure."""
    first, second, where = name(), name(), name("s")
    fire(room, first, f"{where}/0")
    room.clock.move(minutes=15)
    fire(room, second, f"{where}/1")
    (earlier,), (later,) = groups_of(room, first), groups_of(room, second)
    assert earlier.number != later.number
    return earlier, later


def test_two_groups_that_may_be_one_are_offered_to_be_merged(room: Room) -> None:
    """What fires in the later comes to the earlier from then on; its message says why, and undoes it."""
    earlier, later = two_that_may_be_one(room)
    (rule,) = later.digest.rules
    (message,) = messages(room, f"*{later.reference} ")
    offered, buttons = text_of(message), actions_of(message)

    asked = room.ask(OTHER, f"alerts {later.reference}")
    said = room.press(RESPONDER, buttons[f"Merge with {earlier.reference}"], f"{later.number}|{later.id}", ALERTS)
    settle(room)
    folded, (one,) = text_of(messages(room, f"*{later.reference}* ")[-1]), groups_of(room, rule)
    fire(room, rule, f"{next(iter(later.digest.places))}/7")
    (grown,) = groups_of(room, rule)
    room.press(OTHER, "group.take_apart", f"{later.number}|{later.id}", ALERTS)
    settle(room)
    apart = [group for group in groups_of(room, rule) if group.digest.is_apart]

    assert f"`alerts {later.reference} with {earlier.reference}` merges them." in asked
    assert f"It may be one with *{earlier.reference}* warning: {next(iter(earlier.digest.rules))} at " in asked
    assert f"It may be one with *{earlier.reference}*. Merge them?" in offered
    assert said.startswith(f"Noted: {later.reference} and {earlier.reference} are one. It is folded into ")
    assert f"*{later.reference}* is one with *{earlier.reference}*: a person said that they are one" in folded
    assert (one.number, one.series) == (earlier.number, 2)
    assert (grown.number, grown.series) == (earlier.number, 3)
    assert [group.series for group in apart] == [2]


def test_merge_is_offered_while_both_are_of_now_and_in_no_incident_that_all_see(room: Room) -> None:
    """That of a private incident changes nothing in what others are offered, which would tell them of it."""
    began = room.clock.now()
    earlier, later = two_that_may_be_one(room)
    (rule,), (where,) = earlier.digest.rules, earlier.digest.places
    (_, private), (_, public) = room.declare(COMMANDER, f"private: {name()}"), room.declare()

    def is_offered() -> bool:
        return f"`alerts {later.reference} with {earlier.reference}` merges" in room.ask(
            OTHER, f"alerts {later.reference}"
        )

    offered = {}
    room.ask(COMMANDER, f"attach {earlier.reference}", private)
    offered["private"] = is_offered()
    for group in (earlier, later):
        room.ask(COMMANDER, f"attach {group.reference}", public)
        offered[f"{group is later} attached"] = is_offered()
        room.ask(COMMANDER, f"detach {group.reference}", public)
    fire(room, rule, f"{where}/0", status="resolved", since=began)
    offered["just over"] = is_offered()
    room.clock.move(minutes=61)
    offered["over"] = is_offered()

    assert [key for key, is_so in offered.items() if is_so] == ["private", "just over"]


def test_what_belongs_to_an_incident_is_not_folded_away(room: Room) -> None:
    """It says to which, to whoever may see that; to others nothing differs, and the incident keeps its alerts."""
    earlier, later = two_that_may_be_one(room)
    _, channel = room.declare(COMMANDER, f"private: {name()}")
    room.ask(COMMANDER, f"attach {later.reference}", channel)
    settle(room)
    words = f"alerts {later.reference} with {earlier.reference}"

    theirs, mine = room.ask(OTHER, words), room.ask(COMMANDER, words)
    settle(room)

    assert theirs.startswith(f"Noted: {later.reference} and {earlier.reference} are one. It is folded into ")
    assert "Together because: a person" not in text_of(messages(room, f"*{earlier.reference} ")[-1])
    assert mine.startswith(f"{later.reference} belongs to #")
    assert mine.endswith(f"and stays there: attach {earlier.reference} to it, too.")
    assert later.reference in room.ask(COMMANDER, "alerts", channel)
    assert "are one already" in room.ask(OTHER, f"alerts {later.reference} with {later.reference}")


def test_what_was_moved_before_a_merge_comes_back_with_it(room: Room) -> None:
    """A series that was split off, and merged with another group than it came from, is taken apart like any."""
    (first, second), (where, elsewhere) = (name(), name()), (name("s"), name("s"))
    fire(room, first, where)
    fire(room, second, where)
    room.clock.move(hours=2)
    fire(room, third := name(), elsewhere)
    (group,), (other,) = groups_of(room, first), groups_of(room, third)
    room.ask(RESPONDER, f"alerts {group.reference} split {second}")
    settle(room)
    (apart,) = [one for one in groups_of(room, second) if one.digest.is_apart]

    room.ask(RESPONDER, f"alerts {apart.reference} with {other.reference}")
    settle(room)
    merged = [one.number for one in groups_of(room, second) if one.series == 2]
    said = room.ask(RESPONDER, f"alerts {apart.reference} apart")
    settle(room)

    assert merged == [other.number]
    assert said.startswith(f"What came in {apart.reference} leaves {other.reference}, 1 series:")
    assert [one.series for one in groups_of(room, second) if one.digest.is_apart and one.series] == [1]


def actions_of(message: Mapping[str, Any]) -> dict[str, str]:
    """The id of each button of a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return {each["text"]["text"]: each["action_id"] for row in rows for each in row}
