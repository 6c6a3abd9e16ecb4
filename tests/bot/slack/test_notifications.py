"""What wakes people: the answer first, of which incident, by whom and why; and the record's head in small print."""

import json
from datetime import datetime, timedelta

from tests.slack_room import ADMIN, COMMANDER, OTHER, RESPONDER, Room


def _texts(room: Room, channel: str) -> list[str]:
    return [post["text"] for post in room.slack.posts(channel)]


def test_notification_says_what_is_so_now_and_of_what(room: Room) -> None:
    """A phone shows the notification alone: it has the new state first, then the title, then who and why."""
    number, channel = room.declare(text="SEV3 Card payments fail")

    for text in ("severity SEV1 money at risk", "update We have found it", "resolve", "reopen It came back at once"):
        room.ask(COMMANDER, text, channel)
        room.settle()

    assert [text for text in _texts(room, channel) if text.startswith(f"#{number} ")][-4:] == [
        f"#{number} SEV1, raised from SEV3: Card payments fail. By cleo: money at risk",
        f"#{number} Card payments fail: Update from cleo: We have found it",
        f"#{number} resolved (was declared): Card payments fail. By cleo",
        f"#{number} open again, phase 2 (was resolved): Card payments fail. By cleo: It came back at once",
    ]


def test_rise_in_severity_is_a_new_post_and_a_fall_is_none(room: Room) -> None:
    """An edit of the card notifies nobody, so what got worse is posted."""
    _, channel = room.declare(text="SEV3 Card payments fail")
    before = len(_texts(room, channel))

    room.ask(RESPONDER, "severity SEV2", channel)
    room.settle()
    risen = _texts(room, channel)[before:]
    room.ask(RESPONDER, "severity SEV4", channel)
    room.settle()

    assert len(risen) == 1
    assert "SEV2, raised from SEV3" in risen[0]
    assert len(_texts(room, channel)) == before + 1


def test_long_title_leaves_room_for_the_rest(room: Room) -> None:
    """The title is shortened in a notification, the update is not."""
    _, channel = room.declare(text="SEV3 " + "very " * 39)

    room.ask(RESPONDER, "update We have found it", channel)
    room.settle()

    (post,) = [one for one in room.slack.posts(channel) if "Update from" in one["text"]]
    assert post["text"].endswith("…: Update from remy: We have found it")
    assert len(post["text"]) < 130


def test_head_of_the_record_is_on_the_card_and_in_every_change_of_state(room: Room) -> None:
    """People see twelve letters; the whole hash is in the block's id, in a post that later edits do not reach."""
    number, channel = room.declare(text="SEV3 Card payments fail")
    room.ask(COMMANDER, "severity SEV1 money at risk", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    ledger = {event.seq: event.hash.hex() for event in room.events(number)}
    resolved_at = max(event.seq for event in room.events(number) if event.kind == "status_changed")

    room.ask(COMMANDER, "note One more thing", channel)
    room.settle()

    kept = [post for post in room.slack.posts(channel) if "By cleo" in post["text"]]
    heads = [_head(post) for post in (*kept, room.card(channel))]
    ledger |= {event.seq: event.hash.hex() for event in room.events(number)}
    assert len(heads) == 3
    assert [ledger[seq] for seq, _, _ in heads] == [whole for _, whole, _ in heads]
    assert [shown for _, _, shown in heads] == [f"Record: entry {seq}, hash {whole[:12]}" for seq, whole, _ in heads]
    assert heads[1][0] >= resolved_at
    assert heads[2][0] == max(ledger)
    assert not [
        word
        for word in json.dumps([*kept, room.card(channel)]).split()
        if word.strip('",').isalnum() and len(word) > 60
    ]


def test_answers_name_times_on_the_readers_own_clock(room: Room) -> None:
    """Typed, in a form or again after a lost answer: instants are tokens, at the precision that was given."""
    number, channel = room.declare()
    room.clock.move(minutes=30)
    now = room.clock.now().replace(second=0, microsecond=0)
    minutes, seconds = (
        ("{time} {date_short}", "%Y-%m-%d %H:%M UTC"),
        ("{time_secs} {date_short}", "%Y-%m-%d %H:%M:%S UTC"),
    )

    def token(at: datetime, shown: tuple[str, str]) -> str:
        return f"<!date^{int(at.timestamp())}^{shown[0]}|{at:{shown[1]}}>"

    signed = room.command(OTHER, f"note {now:%H:%M:%S} the switch was thrown", channel)
    noted = [room.send(signed).text for _ in range(2)]
    first = room.ask(OTHER, f"milestone detection {now - timedelta(minutes=5):%H:%M}", channel)
    again = room.ask(OTHER, f"milestone detection {now - timedelta(minutes=4):%H:%M}", channel)
    form = room.open_form(OTHER, "note", number, channel)
    filled = room.submit(OTHER, form, text="<b> & the rest", time=f"{now:%H:%M}")

    before, after = (token(now - timedelta(minutes=by), minutes) for by in (5, 4))
    assert noted == [f"Noted on #{number} at {token(now, seconds)}: the switch was thrown"] * 2
    assert first == f"#{number}: detection was at {before}."
    assert again == f"#{number}: detection was at {after}. Before, it was {before}."
    (block,) = filled["view"]["blocks"]
    assert block["text"]["text"] == f"Noted on #{number} at {token(now, minutes)}: &lt;b&gt; &amp; the rest"


def test_card_says_impact_and_since_when(room: Room) -> None:
    """Customer impact stands on the card once it is known, and the state has its time."""
    _, channel = room.declare(text="SEV3 Card payments fail")
    before = json.dumps(room.card(channel))
    room.clock.move(minutes=5)
    room.ask(RESPONDER, "impact 3 % of card payments fail", channel)
    room.ask(RESPONDER, "status mitigating", channel)
    moved = int(room.clock.now().timestamp())
    room.settle()

    after = json.dumps(room.card(channel))

    assert "*Customer impact:* not yet known" in before
    assert "*Customer impact:* 3 % of card payments fail" in after
    assert f"*State*\\nmitigating since <!date^{moved}^" in after


def test_role_lines_name_who_has_the_role_and_who_gave_it(room: Room) -> None:
    """Giving, handing over, taking and giving back are four different lines."""
    number, channel = room.declare()

    for user, text in (
        (COMMANDER, f"role commander <@{RESPONDER}>"),
        (COMMANDER, f"role commander <@{OTHER}>"),
        (RESPONDER, "role scribe me"),
        (COMMANDER, "role scribe none"),
    ):
        room.ask(user, text, channel)

    lines = [line for line in room.timeline(COMMANDER, number) if "commander" in line or "scribe" in line]
    assert [line.rpartition("> ")[2] for line in lines] == [
        "cleo: remy became incident commander (by cleo)",
        "cleo: otto became incident commander (by cleo)",
        "remy: remy became scribe",
        "cleo: remy is no longer scribe (by cleo)",
    ]


def test_going_public_asks_once_and_names_what_becomes_readable(room: Room) -> None:
    """The verb asks; its button does it, `public confirm` too, and declining leaves it private."""
    number, channel = room.declare(COMMANDER, "SEV3 private: Payout file leaked")

    question = room.say(COMMANDER, "public", channel).json
    hidden = room.ask(OTHER, f"#{number} status")
    yes, no = question["blocks"][-1]["elements"]
    room.press_only(COMMANDER, no["action_id"], no["value"], channel)
    still_hidden = room.ask(OTHER, f"#{number} status")
    answer = room.press(COMMANDER, yes["action_id"], yes["value"], channel)

    assert "will be able to read its whole record. Make it public?" in question["text"]
    assert hidden == still_hidden == f"There is no incident #{number} here. `/incident list` shows the open ones."
    assert answer.startswith(f"#{number} is now public")
    assert "Payout file leaked" in room.ask(OTHER, f"#{number} status")
    assert room.ask(ADMIN, f"#{number} public").startswith(f"#{number} is already public.")


def test_alike_of_a_one_line_declaration_are_those_its_declarer_may_see(room: Room) -> None:
    """The answer of `declare SEV3 title` names open look-alikes, and no private one to outsiders."""
    hidden, _ = room.declare(COMMANDER, "SEV3 private: Ledger export stalled twice today")
    open_one, _ = room.declare(COMMANDER, "SEV3 Ledger export stalled late today")

    outside = room.ask(OTHER, "declare SEV3 Ledger export stalled again today")
    inside = room.ask(COMMANDER, "declare SEV3 Ledger export stalled wrongly today")

    assert f"#{open_one} “Ledger export stalled late today”" in outside
    assert f"#{hidden} “" not in outside
    assert f"#{hidden} “Ledger export stalled twice today”" in inside


def _head(post: dict[str, object]) -> tuple[int, str, str]:
    """The entry and whole hash that a message keeps, and what people see of it."""
    blocks: list[dict[str, object]] = post["blocks"]  # type: ignore[assignment]
    (block,) = [one for one in blocks if str(one.get("block_id", "")).startswith("head:")]
    _, seq, whole = str(block["block_id"]).split(":")
    (element,) = block["elements"]  # type: ignore[misc]
    return int(seq), whole, "Record: " + str(element["text"]).partition("Record: ")[2]  # type: ignore[index]
