"""How requests are taken: signed, fresh, repeated without effect, many at once."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import slack_requests as requests
from tests.dialects import on_both
from tests.operator_notes import notes
from tests.slack_requests import Signed
from tests.slack_room import OPERATIONS, OTHER, RESPONDER, Room, number_in, open_room


def _with_headers(signed: Signed, **changed: str | None) -> Signed:
    headers = {**signed.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
    return Signed(body=signed.body, headers={name: value for name, value in headers.items() if value is not None})


def _altered(signed: Signed) -> Signed:
    return Signed(body=signed.body.replace(b"SEV3", b"SEV1"), headers=signed.headers)


def _dated(seconds: float) -> Callable[[Signed], Signed]:
    def sign(signed: Signed) -> Signed:
        return requests.sign(signed.body, signed.headers["Content-Type"], at=time.time() + seconds)

    return sign


def _stamped(timestamp: str) -> Callable[[Signed], Signed]:
    return lambda signed: _with_headers(signed, X_Slack_Request_Timestamp=timestamp)


REFUSED: dict[str, Callable[[Signed], Signed]] = {
    "unsigned": lambda signed: _with_headers(signed, X_Slack_Signature=None),
    "undated": lambda signed: _with_headers(signed, X_Slack_Request_Timestamp=None),
    "altered": _altered,
    "another secret": lambda signed: requests.sign(signed.body, signed.headers["Content-Type"], secret="guessed"),
    "another signature": lambda signed: _with_headers(signed, X_Slack_Signature="v0=" + "0" * 64),
    "another version": lambda signed: _with_headers(
        signed, X_Slack_Signature=signed.headers["X-Slack-Signature"].replace("v0", "v1")
    ),
    "stale": _dated(-301),
    "from the future": _dated(301),
    "words for a time": _stamped("yesterday"),
    "a time with a point": _stamped("1772355600.5"),
    "a time in other digits": _stamped("\u0661\u0662\u0663".encode().decode("latin-1")),
    "a negative time": _stamped("-1"),
    "an endless time": _stamped("9" * 400),
    "no time": _stamped(""),
}


@pytest.mark.parametrize("how", sorted(REFUSED))
def test_request_that_slack_did_not_sign_is_refused_and_stores_nothing(quick_room: Room, how: str) -> None:
    """Wrong, stale, altered or malformed: 401, no incident, no trace."""
    before = quick_room.ask(RESPONDER, "list all")
    signed = quick_room.command(RESPONDER, "declare SEV3 Not from Slack")

    answer = quick_room.send(REFUSED[how](signed))

    assert answer.status == 401
    assert quick_room.ask(RESPONDER, "list all") == before


def test_body_that_is_no_text_is_refused(quick_room: Room) -> None:
    """Bytes that are not UTF-8 count as unsigned."""
    answer = quick_room.send(requests.sign(b"\xff\xfe", "application/x-www-form-urlencoded"))

    assert answer.status == 401


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"payload=%7B", b"[]", b"payload=[]", b"\x00"])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_unsigned_body_is_refused_before_it_is_read(quick_room: Room, body: bytes, content_type: str) -> None:
    """Whatever a stranger sends is answered 401, readable or not."""
    signed = requests.sign(body, content_type)

    guessed = quick_room.send(requests.sign(body, content_type, secret="guessed"))
    foreign = quick_room.send(_with_headers(signed, X_Slack_Signature="v0=\u00e9".encode().decode("latin-1")))

    assert (guessed.status, foreign.status) == (401, 401)


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"payload=%7B", b"[]", b"payload=[]", b"payload=3"])
def test_signed_body_that_cannot_be_read_is_refused_as_such(quick_room: Room, body: bytes) -> None:
    """What Slack signed but nobody can read is a bad request, not a crash."""
    kind = "application/x-www-form-urlencoded" if body.startswith(b"payload") else "application/json"

    answer = quick_room.send(requests.sign(body, kind))

    assert answer.status == 400


def test_without_a_signing_secret_nobody_is_believed(ready_sqlite_url: str, tmp_path: Path) -> None:
    """An empty secret is one that everybody knows: all is refused."""
    with open_room(ready_sqlite_url, tmp_path, slack_signing_secret="") as room:
        body = room.command(RESPONDER, "list").body
        answer = room.send(requests.sign(body, "application/x-www-form-urlencoded", secret=""))

    assert answer.status == 401


@pytest.mark.parametrize(
    ("over", "told"),
    [
        pytest.param({}, "it is not signed with DEBRIEF_SLACK_SIGNING_SECRET", id="another"),
        pytest.param({"slack_signing_secret": ""}, "DEBRIEF_SLACK_SIGNING_SECRET is not set", id="none"),
    ],
)
def test_request_that_is_not_signed_with_our_secret_is_told_in_the_log(
    ready_sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, over: dict[str, str], told: str
) -> None:
    """Slack says no more than that the address did not answer as it should; only we know why."""
    caplog.set_level("INFO")
    with open_room(ready_sqlite_url, tmp_path, **over) as room:
        answer = room.send(requests.sign(b'{"type": "url_verification"}', "application/json", secret="another one"))

    assert answer.status == 401
    (because,) = [str(vars(one)["because"]) for one in caplog.records if one.msg == "request refused"]
    assert because.startswith(told)


def test_huge_body_is_refused_before_it_is_read(quick_room: Room) -> None:
    """Ten megabytes are not worth checking a signature for."""
    answer = quick_room.send(requests.sign(b"x" * 10_000_000, "application/x-www-form-urlencoded"))

    assert answer.status == 413


def test_address_is_verified_when_slack_asks(quick_room: Room) -> None:
    """The challenge that Slack sends when an address is entered comes back."""
    asked = b'{"type": "url_verification", "token": "unused", "challenge": "abc"}'

    answer = quick_room.send(requests.sign(asked, "application/json"))

    assert (answer.status, answer.json["challenge"]) == (200, "abc")


def test_replayed_command_gives_the_first_answer_and_no_second_incident(room: Room) -> None:
    """Within the window of five minutes a signature still holds; the inbox does not take it twice."""
    signed = room.command(RESPONDER, "declare SEV3 Replayed")

    answers = [room.send(signed) for _ in range(3)]

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert room.ask(RESPONDER, "list").count("Replayed") == 1


@on_both("room")
def test_commands_replayed_at_once_are_one(room: Room) -> None:
    """Eight copies that arrive together make one incident."""
    signed = room.command(RESPONDER, "declare SEV3 All at once")
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(room.send(signed).text)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(answers)) == 1
    assert room.ask(RESPONDER, "list").count("All at once") == 1


def test_equal_commands_are_two_facts(room: Room) -> None:
    """Typing the same note again is saying it again."""
    number, channel = room.declare()

    for _ in range(2):
        room.ask(RESPONDER, "note Still failing", channel)

    assert sum("Still failing" in line for line in room.timeline(RESPONDER, number)) == 2


def test_replayed_press_and_shortcut_have_one_effect(room: Room) -> None:
    """A button and a shortcut, sent again as they were, add nothing."""
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")
    url = room.slack.response_url()
    press = requests.button(
        RESPONDER, "incident.status:monitoring", str(number), channel=channel, trigger="1.t", response_url=url
    )
    choice = requests.shortcut(
        RESPONDER, "add_to_timeline", room.slack.find_message(channel, ts), channel=channel, trigger="2.t", url=url
    )
    for signed in (press, choice):
        room.send(signed)
    before = room.facts(number)

    answers = [room.send(signed).status for signed in (press, choice)]

    assert answers == [200, 200]
    assert room.facts(number) == before


def test_many_commands_at_once_are_all_recorded(room: Room) -> None:
    """Forty notes from forty threads: forty lines, every answer its own."""
    number, channel = room.declare()
    answers: dict[int, Any] = {}

    def write(count: int) -> None:
        answers[count] = room.ask(RESPONDER, f"note line {count:02}", channel)

    threads = [threading.Thread(target=write, args=(count,)) for count in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == {count: f"Noted on #{number}: line {count:02}" for count in range(40)}
    assert sum(" line " in line for line in room.timeline(RESPONDER, number)) >= 38
    assert sum(event.text.startswith("line ") for event in room.events(number)) == 40
    assert number_in(answers[0]) == number


def test_operator_hears_that_slack_drops_events(own_room: Room) -> None:
    """Slack says so each minute while it lasts: one note an hour, because marks may be missing."""
    limited = json.dumps({"type": "app_rate_limited", "team_id": "T0HOME", "minute_rate_limited": 1772355600}).encode()

    answers = []
    for minutes in (1, 59, 1):
        answers.append(own_room.send(requests.sign(limited, "application/json")).status)
        own_room.clock.move(minutes=minutes)
    own_room.settle()

    notes = [post["text"] for post in own_room.slack.posts(OPERATIONS)]
    assert answers == [200, 200, 200]
    assert [note.startswith("Slack drops events for Debrief") for note in notes] == [True, True]


def test_operator_hears_that_slack_and_this_machine_disagree_about_the_time(own_room: Room) -> None:
    """With a clock that is wrong nothing that people type arrives, and Slack tells them no reason: one note an hour.

    Whoever has no secret brings nobody to look at the clock.
    """
    late = requests.sign(b"{}", "application/json", at=time.time() - 3600)
    early = requests.sign(b"{}", "application/json", at=time.time() + 400)
    stranger = requests.sign(b"{}", "application/json", at=time.time() - 3600, secret="guessed")

    answers = [own_room.send(stranger).status]
    own_room.settle()
    before = len(own_room.slack.posts(OPERATIONS))
    for signed in (late, late, early):
        answers.append(own_room.send(signed).status)
        own_room.clock.move(minutes=31)

    told = notes(own_room, 2)
    assert answers == [401] * 4
    assert before == 0
    assert [note.partition(". ")[0] for note in told] == [
        "A request that Slack signed was refused, because it seems to be 1 h old",
        "A request that Slack signed was refused, because it seems to be 7 min ahead of now",
    ]
