"""What Slack signs in no shape that it documents is refused as such: in time, without a trace or a crash."""

import json
import logging
import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import func, select

from bot.slack.blocks import ids
from bot.store.record.tables import INBOX
from tests import slack_requests as requests
from tests.effort import examples
from tests.slack_requests import Signed
from tests.slack_room import OTHER, RESPONDER, Room

SLACKS_PATIENCE_SECONDS = 3.0
SEED = 20261127
#: In each text that people wrote, so that it is found wherever it should not be.
WRITTEN = "Zanzibar"
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 1.5, "", "x", "9" * 30, "\0", "\ud800x"),
    *([], [None], ["x"], [[]], [{}], {}, {"x": 1}),
)
MARKED = {
    "text": f"{WRITTEN} grows",
    "user": OTHER,
    "bot_id": "B0TOOL",
    "bot_profile": {"id": "B0TOOL", "name": WRITTEN},
    "edited": {"ts": "1772355600.000100", "user": OTHER},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": WRITTEN}, "fields": [{"text": WRITTEN}]}],
    "attachments": [{"title": WRITTEN, "blocks": [{"type": "context", "elements": [{"text": WRITTEN}]}]}],
    "files": [{"id": "F1", "title": WRITTEN}],
}

#: A body of one kind, and what signs such bodies.
Made = tuple[dict[str, Any], Callable[[dict[str, Any]], Signed]]


def test_odd_request_is_answered_in_time_and_leaves_nothing(own_room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """Fields are left out, or are of another kind, at any depth: never 500, and what was refused is nowhere."""
    caplog.set_level(logging.INFO)
    chance, kinds = random.Random(SEED), list(_kinds(own_room))
    plain = [own_room.send(signed(body)).status for body, signed in (make() for make in kinds)]
    wrong: list[tuple[object, dict[str, Any]]] = []
    for _ in range(examples(1500, fewest=250)):
        body, signed = chance.choice(kinds)()
        odd = _mutated(body, chance)
        before = _arrived(own_room)

        answer = own_room.send(signed(odd))

        is_refused = answer.status == 400
        if answer.status not in {200, 400, 404, 503} or answer.seconds > SLACKS_PATIENCE_SECONDS:
            wrong.append((answer, odd))
        if is_refused and _arrived(own_room) != before:
            wrong.append(("stored", odd))

    assert plain == [200] * len(kinds)
    assert wrong == []
    assert not [one for one in caplog.records if one.exc_info or WRITTEN in str(vars(one))]
    assert json.loads(own_room.get("/healthz").body)["status"] == "ok"


@pytest.mark.parametrize("is_socket", [True, False])
@pytest.mark.parametrize(("cut", "kept"), [("The queue \ud83d", "The queue \ufffd"), ("The que\0ue", "The queue")])
def test_text_that_was_cut_within_a_letter_is_recorded(own_room: Room, cut: str, kept: str, *, is_socket: bool) -> None:
    """Half an emoji, as a tool leaves it that counts in UTF-16, takes the rest of the message with it no more."""
    number, channel = own_room.declare()
    ts = own_room.slack.say(channel, OTHER, "later")
    message = {**own_room.slack.find_message(channel, ts), "text": cut}
    signed = requests.shortcut(
        RESPONDER, ids.SHORTCUT_ADD, message, channel=channel, trigger=own_room.slack.trigger(), url=""
    )

    if is_socket:
        body = json.loads(_form(signed)["payload"])
        status = own_room.app.slack.bolt.dispatch(BoltRequest(mode="socket_mode", body=body)).status
    else:
        status = own_room.send(signed).status

    assert status == 200
    assert any(kept in line for line in own_room.timeline(RESPONDER, number))


def _kinds(room: Room) -> Iterator[Callable[[], Made]]:
    """What makes a body of each kind, new each time, and what signs it."""
    number, channel = room.declare()
    view = room.open_form(RESPONDER, "note", number, channel)
    message = {**MARKED, "type": "message", "ts": room.slack.say(channel, OTHER, WRITTEN)}
    new = {"trigger": room.slack.trigger, "response_url": room.slack.response_url}

    def press(action: str, value: str = "") -> Signed:
        made = {name: make() for name, make in new.items()}
        return requests.button(RESPONDER, action, value, channel=channel, **made)

    def choose(shortcut: str) -> Signed:
        url = room.slack.response_url()
        return requests.shortcut(RESPONDER, shortcut, message, channel=channel, trigger=room.slack.trigger(), url=url)

    yield lambda: (_form(room.command(RESPONDER, f"note {WRITTEN}", channel)), _command)
    for made in (
        lambda: press("form.open:note", str(number)),
        lambda: press("form.open:declare"),
        lambda: press(ids.TIMELINE, str(number)),
        lambda: press(f"{ids.MOVE_STATUS}:monitoring", str(number)),
        lambda: requests.submission(RESPONDER, view, {"text": WRITTEN}),
        lambda: choose(ids.SHORTCUT_ADD),
        lambda: choose(ids.SHORTCUT_DECLARE),
    ):
        yield partial(_interaction, made)
    for event in _events(channel, message):
        yield partial(_delivery, event)


def _interaction(made: Callable[[], Signed]) -> Made:
    return json.loads(_form(made())["payload"]), requests.interaction


def _delivery(event: Mapping[str, Any]) -> Made:
    return json.loads(requests.event(event).body), _json


def _events(channel: str, message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    ts, at = str(message["ts"]), {"event_ts": "1772355600.000100"}
    for is_on in (True, False):
        yield requests.reaction(RESPONDER, channel, ts, is_on=is_on)
    yield requests.edit(channel, message, f"{WRITTEN} shrinks", at="1772355600.000200")
    yield requests.deletion(channel, message)
    for kind in ("member_joined_channel", "member_left_channel"):
        yield {"type": kind, "user": OTHER, "channel": channel, **at}
    for kind in ("channel_archive", "channel_unarchive"):
        yield {"type": kind, "channel": "C0STRANGE", "user": OTHER, **at}
    yield {"type": "channel_id_changed", "old_channel_id": "C0STRANGE", "new_channel_id": "C0STRANGER", **at}
    yield {"type": "channel_rename", "channel": {"id": "C0STRANGE", "name": WRITTEN, "created": 1}, **at}
    yield {"type": "message", "subtype": "channel_convert_to_private", "channel": "C0STRANGE", **at}
    yield {"type": "user_change", "user": {"id": "U0NEW", "name": WRITTEN, "updated": 1, "profile": {}}, **at}
    yield {"type": "subteam_updated", "subteam": {"id": "S0NEW", "users": [OTHER], "user_count": 1, "date_update": 1}}
    yield {"type": "subteam_members_changed", "subteam_id": "S0NEW", "added_users": [OTHER], "date_update": 1}
    yield {"type": "app_home_opened", "user": RESPONDER, "channel": "D0HOME", "tab": "home"}


def _form(signed: Signed) -> dict[str, Any]:
    return {name: values[0] for name, values in parse_qs(signed.body.decode()).items()}


def _command(fields: Mapping[str, Any]) -> Signed:
    """A form has texts alone, of what UTF-8 has."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return requests.form({name: text.encode(errors="replace").decode() for name, text in texts.items()})


def _json(body: Mapping[str, Any]) -> Signed:
    return requests.sign(json.dumps(body).encode(), "application/json")


def _mutated(body: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """A copy of *body* in which one value or two, at any depth, are missing or odd."""
    copy: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(chance.choice((1, 1, 1, 2))):
        holder, name = chance.choice(list(_places(copy)))
        if isinstance(holder, dict) and chance.random() < 0.3:
            del holder[name]
        else:
            holder[name] = json.loads(json.dumps(chance.choice(ODD)))
    return copy


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each value within *value*, by what holds it and where."""
    names = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for name in names:
        yield value, name
        yield from _places(value[name])


def _arrived(room: Room) -> int:
    """How many requests of Slack are on record."""
    arrived = select(func.count()).select_from(INBOX).where(INBOX.c.source.like("slack.%"))
    with room.app.store.database.reading() as connection:
        return connection.execute(arrived).scalar_one()
