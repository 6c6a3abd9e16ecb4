"""Duplicates and other incidents that ended: where to go on, and what they still take."""

import pytest

from tests.effort import leading
from tests.slack_room import COMMANDER, RESPONDER, Room, number_in


def test_duplicate_is_announced_with_its_original_and_the_way_there(room: Room) -> None:
    """The post, the card and the timeline name the original whatever reason was given; post and card link it."""
    other, there = room.declare(text="SEV3 Refunds are late")
    number, channel = room.declare(text="SEV3 Money does not come back")

    room.ask(COMMANDER, f"duplicate of {other} same as payments", channel)
    room.settle()

    (post,) = [one for one in room.slack.posts(channel) if "duplicate of" in one["text"]]
    shown = [block["text"]["text"] for block in post["blocks"] if block["type"] == "section"]
    state = next(field["text"] for block in room.card(channel)["blocks"] for field in block.get("fields", ()))
    assert post["text"] == (
        f"#{number} duplicate of #{other} (was declared): Money does not come back. By cleo: same as payments"
    )
    assert shown == [
        f"*#{number}* duplicate of #{other} (was declared), by cleo: same as payments",
        f"Go on in #{other} <#{there}>: Refunds are late",
    ]
    assert state.startswith(f"*State*\nduplicate of #{other} <#{there}> since ")
    assert room.timeline(COMMANDER, number)[-1].endswith(f"duplicate of #{other} (was declared): same as payments")


def test_duplicate_of_a_private_incident_links_nowhere(room: Room) -> None:
    """Who reads of the duplicate may not know of the other one: neither its channel nor its title is shown."""
    other, there = room.declare(COMMANDER, "SEV3 private: Insider trading suspected")
    _, channel = room.declare(text="SEV3 Odd trades")

    room.ask(COMMANDER, f"duplicate of {other}", channel)
    room.settle()

    said = f"{room.slack.posts(channel)} {room.card(channel)}"
    assert f"duplicate of #{other}" in said
    assert there not in said
    assert "Insider trading" not in said


def test_original_that_becomes_private_is_named_by_no_duplicate(room: Room) -> None:
    """The post that led there and the card say neither its title nor its channel any more."""
    other, there = room.declare(text="SEV3 Insider trading suspected")
    _, channel = room.declare(text="SEV3 Odd trades")
    room.ask(COMMANDER, f"duplicate of {other}", channel)
    room.settle()
    before = f"{room.slack.posts(channel)} {room.card(channel)}"

    room.ask(COMMANDER, f"#{other} private")
    room.settle()

    after = f"{room.slack.posts(channel)} {room.card(channel)}"
    assert "Insider trading" in before
    assert "Insider trading" not in after
    assert there not in after
    assert f"is a duplicate of #{other}." in after


def test_original_that_becomes_public_takes_nothing_from_what_its_duplicates_said(room: Room) -> None:
    """What was posted while nobody could be sent there gives away nothing, so it stays, with its reason."""
    other, there = room.declare(COMMANDER, "SEV3 private: Insider trading suspected")
    room.join(COMMANDER, there)
    _, channel = room.declare(text="SEV3 Odd trades")
    room.ask(COMMANDER, f"duplicate of {other} same as other Seen by the same desk", channel)
    room.settle()
    before = [str(post["text"]) for post in room.slack.posts(channel)]

    public = room.ask(COMMANDER, f"#{other} public confirm")
    room.settle()

    assert public.startswith(f"#{other} is now public")
    assert any(text.endswith("same as other Seen by the same desk") for text in before)
    assert [str(post["text"]) for post in room.slack.posts(channel)] == before


def test_original_is_never_a_duplicate_or_ended_itself(room: Room) -> None:
    """No cycle and no dead end: the refusal says which one it points to, if its asker may know of it."""
    first, here = room.declare(text="SEV3 Payouts fail")
    second, there = room.declare(text="SEV3 Payouts are late")
    third, elsewhere = room.declare(text="SEV3 Payouts are missing")
    gone, channel = room.declare(text="SEV3 Payouts look odd")
    room.ask(COMMANDER, f"duplicate of {first} same as payments", there)
    room.ask(COMMANDER, "cancel Nobody needs it any more", channel)

    back = room.ask(COMMANDER, f"duplicate of {second} same as other", here)
    on = room.ask(COMMANDER, f"duplicate of {second} same as other", elsewhere)
    nothing = room.ask(COMMANDER, f"duplicate of {gone} same as other", elsewhere)
    taken = room.ask(COMMANDER, f"duplicate of {first} same as other", elsewhere)

    assert back == f"#{second} is a duplicate of #{first} already. Nothing was recorded."
    assert on.startswith(f"#{second} is itself a duplicate of #{first} “Payouts fail”. If that is the same, say")
    assert f"`/incident duplicate of {first}`" in on
    assert nothing == f"#{gone} is cancelled, so nothing can belong to it. Nothing was recorded."
    assert taken == f"#{third} is a duplicate of #{first} “Payouts fail”; go on there."


def test_refused_original_does_not_tell_of_a_private_one(room: Room) -> None:
    """A duplicate of what its asker may not see is a duplicate, of nothing in particular."""
    hidden = number_in(room.ask(COMMANDER, "declare SEV3 private: Insider trading suspected"))
    second, there = room.declare(text="SEV3 Odd trades")
    _, elsewhere = room.declare(text="SEV3 Odd trades again")
    room.ask(COMMANDER, f"duplicate of {hidden}", there)
    room.ask(RESPONDER, "role commander me", elsewhere)

    answer = room.ask(RESPONDER, f"duplicate of {second}", elsewhere)

    assert answer == f"#{second} is itself a duplicate, so nothing can belong to it. Nothing was recorded."


ACTED_ON = {
    "update We are on it": "stakeholders are told nothing from it",
    "severity SEV1": "its severity stays as it is",
    "role scribe me": "its roles stay as they are",
    "reopen It came back at once": "it cannot be reopened",
    "status mitigating": "it cannot be moved to another state",
}
ENDINGS = ("duplicate of {other}", "decline It was a planned test", "cancel Nobody needs it any more")


@pytest.mark.parametrize("ending", leading(1, ENDINGS))
def test_ended_incident_completes_its_record_and_does_nothing_else(quick_room: Room, ending: str) -> None:
    """Notes, impact, milestones and corrections are taken; what people would act on is refused, saying where to go."""
    other, _ = quick_room.declare(text="SEV3 Goes on")
    number, channel = quick_room.declare(text="SEV3 Is over")
    quick_room.ask(COMMANDER, ending.format(other=other), channel)
    quick_room.settle()
    posts, facts = len(quick_room.slack.posts(channel)), quick_room.facts(number)

    refused = {text: quick_room.ask(COMMANDER, text, channel) for text in ACTED_ON}
    still = quick_room.facts(number)
    taken = [
        quick_room.ask(COMMANDER, text, channel)
        for text in ("note Seen too late", "impact none", "milestone detection now")
    ]
    (label,) = [line.split("`")[1] for line in quick_room.timeline(COMMANDER, number) if "Seen too late" in line]
    taken.append(quick_room.ask(COMMANDER, f"correct {label} Seen early enough", channel))
    quick_room.settle()

    where = f"Go on in #{other};" if "duplicate" in ending else "Declare a new incident if it goes on;"
    assert [words for text, words in ACTED_ON.items() if words not in refused[text]] == []
    assert [text for text, answer in refused.items() if where not in answer] == []
    assert still == facts
    assert len(quick_room.facts(number)) == len(facts) + len(taken)
    assert len(quick_room.slack.posts(channel)) == posts
