"""The webhook for deploys, flags and other events: signed, once, and indifferent to whatever is sent."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import slack_requests as requests
from tests.costs import cheap
from tests.dialects import on_both
from tests.effort import ON_FIXTURES, examples, thinned
from tests.slack_requests import Signed
from tests.slack_room import COMMANDER, PATIENCE_SECONDS, RESPONDER, Answer, Room

PATH = "/webhooks/events/deploys"
DEPLOY: Mapping[str, Any] = {
    "kind": "deploy",
    "text": "payments-api 1.2.3",
    "service": "payments-api",
    "version": "1.2.3",
    "at": "2026-03-01T08:55:00+00:00",
    "link": "https://deploys.example/1",
    "environment": "production",
}


def _send(room: Room, body: bytes, **more: Any) -> Answer:
    return room.webhook(body, **more)


@pytest.mark.parametrize("kind", ["deploy", "feature_flag", "event", "upstream_outage"])
def test_event_is_on_the_timeline_of_the_incident_it_names(room: Room, kind: str) -> None:
    """What a system reports stands at its own time, with what it said."""
    number, _ = room.declare()

    answer = room.webhook({**DEPLOY, "kind": kind, "incident": number})

    (event,) = [event for event in room.events(number) if event.source == "webhook"]
    assert (answer.status, answer.json) == (200, {"recorded": True, "message": f"Recorded on #{number}."})
    assert (event.text, event.payload["service"], event.payload["version"]) == (
        "payments-api 1.2.3",
        "payments-api",
        "1.2.3",
    )
    assert event.occurred_at.isoformat() == DEPLOY["at"]
    assert any("payments-api 1.2.3" in line for line in room.timeline(RESPONDER, number))


@on_both("room")
def test_event_without_an_incident_goes_to_the_workspaces_log(room: Room) -> None:
    """It is kept, and listed as no incident."""
    answer = room.webhook({"kind": "event", "text": "Certificate renewed"}, key=f"log-{time.monotonic()}")

    assert answer.json == {"recorded": True, "message": "Recorded in the workspace's log."}
    assert "Certificate renewed" not in room.ask(RESPONDER, "list all")


@pytest.mark.parametrize("secret", ["new-webhook-secret", "old-webhook-secret"])
def test_each_secret_of_a_rotation_is_accepted(room: Room, secret: str) -> None:
    """While senders change over, both the new secret and the old one sign."""
    answer = room.webhook({"kind": "event", "text": f"Signed by the {secret}"}, secret=secret)

    assert answer.status == 200


def _changed(**headers: str) -> Callable[[Signed], Signed]:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda signed: Signed(body=signed.body, headers={**signed.headers, **names})


REFUSED: dict[str, Callable[[Room, bytes], Signed]] = {
    "unsigned": lambda _, body: Signed(body=body, headers={"Content-Type": "application/json"}),
    "another secret": lambda room, body: requests.webhook(body, at=_now(room), secret="guessed"),
    "altered": lambda room, body: Signed(body=body + b" ", headers=requests.webhook(body, at=_now(room)).headers),
    "stale": lambda room, body: requests.webhook(body, at=_now(room) - 301),
    "from the future": lambda room, body: requests.webhook(body, at=_now(room) + 301),
    "words for a time": lambda room, body: _changed(X_Debrief_Timestamp="now")(requests.webhook(body, at=_now(room))),
    "an endless time": lambda room, body: _changed(X_Debrief_Timestamp="9" * 5000)(
        requests.webhook(body, at=_now(room))
    ),
    "no ASCII": lambda room, body: _changed(X_Debrief_Signature="v0=\xe9\xff")(requests.webhook(body, at=_now(room))),
}


@pytest.mark.parametrize("how", sorted(REFUSED))
def test_request_that_the_sender_did_not_sign_is_refused(quick_room: Room, how: str) -> None:
    """Wrong, stale, altered or malformed: 401 with the same words, and nothing stored."""
    number, _ = quick_room.kept_incident()
    before = quick_room.facts(number)

    answer = quick_room.send(REFUSED[how](quick_room, json.dumps({**DEPLOY, "incident": number}).encode()), PATH)

    assert (answer.status, len(answer.json)) == (401, 1)
    assert quick_room.facts(number) == before


@pytest.mark.parametrize("source", ["unknown", "Deploys", "..", "%00", "deploys%2f.."])
def test_source_without_a_secret_is_refused(quick_room: Room, source: str) -> None:
    """A source that nobody configured is nobody's, however it is spelled."""
    signed = requests.webhook(json.dumps(DEPLOY).encode(), at=_now(quick_room))

    answer = quick_room.send(signed, f"/webhooks/events/{source}")

    assert answer.status in {401, 404}


def test_replay_is_a_200_without_effect(room: Room) -> None:
    """The same delivery, with or without a key of its own, is recorded once and answered alike."""
    number, _ = room.declare()
    keyed, plain = {**DEPLOY, "incident": number}, {**DEPLOY, "incident": number, "text": "another"}

    answers = [room.webhook(keyed, key=f"k{number}") for _ in range(3)] + [room.webhook(plain) for _ in range(3)]

    assert [answer.status for answer in answers] == [200] * 6
    assert [answer.json["recorded"] for answer in answers] == [True, False, False] * 2
    assert len([event for event in room.events(number) if event.source == "webhook"]) == 2


def test_same_key_with_another_body_is_a_conflict(room: Room) -> None:
    """A key stands for one body; the second body is refused and not stored."""
    number, _ = room.declare()
    room.webhook({**DEPLOY, "incident": number}, key=f"c{number}")

    answer = room.webhook({**DEPLOY, "incident": number, "text": "something else"}, key=f"c{number}")

    assert answer.status == 409
    assert [event.text for event in room.events(number) if event.source == "webhook"] == ["payments-api 1.2.3"]


def test_equal_body_signed_later_is_another_delivery(room: Room) -> None:
    """Without a key of its own, the same thing may happen again: only the same signed request is a repeat."""
    number, _ = room.declare()
    body, now = {**DEPLOY, "incident": number}, _now(room)

    answers = [room.webhook(body, at=at) for at in (now, now, now + 60)]

    assert [answer.json["recorded"] for answer in answers] == [True, False, True]


def test_private_incident_is_to_a_source_as_one_that_is_not_there(room: Room) -> None:
    """Sources neither write into private incidents nor learn that they exist."""
    number, _ = room.declare(text="SEV3 private: Fraud by an employee")
    before = room.facts(number)

    answers = [room.webhook({**DEPLOY, "incident": each}) for each in (number, 99999)]

    assert [answer.status for answer in answers] == [404, 404]
    assert answers[0].json["error"].replace(str(number), "99999") == answers[1].json["error"]
    assert room.facts(number) == before


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 400)])
def test_time_long_before_the_declaration_is_refused(room: Room, hours: int, status: int) -> None:
    """What lies more than 24 hours before an incident's declaration is no event of that incident."""
    number, _ = room.declare()
    at = room.clock.now() - timedelta(hours=hours)

    answer = room.webhook({**DEPLOY, "incident": number, "at": at.isoformat()})

    assert answer.status == status
    assert ("more than 24 hours before" in answer.json.get("error", "")) == (status == 400)


def test_unknown_fields_are_left_out(room: Room) -> None:
    """Senders may say more than we keep."""
    number, _ = room.declare()

    answer = room.webhook({**DEPLOY, "incident": number, "colour": "red", "nested": {"deep": [1, 2]}})

    (event,) = [event for event in room.events(number) if event.source == "webhook"]
    assert answer.status == 200
    assert "red" not in str(event.payload)


WRONG: dict[str, tuple[Mapping[str, Any], str]] = {
    "no kind": ({"kind": None}, "`kind`"),
    "another kind": ({"kind": "party"}, "`kind`"),
    "no text": ({"text": None}, "`text`"),
    "empty text": ({"text": " "}, "`text`"),
    "invisible text": ({"text": "\u200b\u202e"}, "`text`"),
    "text of another type": ({"text": {"a": 1}}, "`text`"),
    "long text": ({"text": "x" * 2001}, "2000 fit"),
    "long service": ({"service": "x" * 501}, "500 fit"),
    "local time": ({"at": "2026-03-01T08:55:00"}, "time zone"),
    "no time": ({"at": "yesterday"}, "`at`"),
    "number for a time": ({"at": 1772355600}, "`at`"),
    "future": ({"at": "2026-12-01T08:55:00Z"}, "future"),
    "time before all times": ({"at": "0001-01-01T00:00:00+14:00"}, "out of range"),
    "other link": ({"link": "javascript:alert(1)"}, "https://"),
    "no such incident": ({"incident": 999_999}, "There is no incident"),
    "incident by name": ({"incident": "12"}, "`incident`"),
    "incident zero": ({"incident": 0}, "`incident`"),
    "incident true": ({"incident": True}, "`incident`"),
    "incident too large": ({"incident": 10**12}, "`incident`"),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_wrong_field_is_named_in_one_sentence(quick_room: Room, name: str) -> None:
    """A body that cannot be taken is a 4xx whose sentence names the field."""
    changed, words = WRONG[name]

    answer = quick_room.webhook({**DEPLOY, **changed})

    assert answer.status in {400, 404}
    assert words in answer.json["error"]


BOMBS: dict[str, tuple[bytes, int]] = {
    "ten megabytes": (b'{"text": "' + b"x" * 10_000_000 + b'"}', 413),
    "just too large": (b" " * (256 * 1024 + 1), 413),
    "deep lists": (b"[" * 100_000, 400),
    "deep objects": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
    "deep within": (b'{"kind":"event","text":"x","more":' + b"[" * 60 + b"]" * 60 + b"}", 400),
    "ten thousand labels": (json.dumps({f"label{count}": "x" for count in range(10_000)}).encode(), 400),
    "ten thousand labels within": (json.dumps({"labels": {str(c): "x" for c in range(10_000)}}).encode(), 400),
    "NaN": (b'{"kind": "event", "text": "x", "value": NaN}', 400),
    "infinity": (b'{"kind": "event", "text": "x", "value": -Infinity}', 400),
    "endless number": (b'{"kind": "event", "text": "x", "incident": ' + b"9" * 5_000 + b"}", 400),
    "repeated key": (b'{"kind": "event", "text": "x", "text": "y"}', 400),
    "repeated key within": (b'{"kind": "event", "text": "x", "a": {"b": 1, "b": 2}}', 400),
    "no UTF-8": (b'{"kind": "event", "text": "\xff\xfe"}', 400),
    "overlong UTF-8": (b'{"kind": "event", "text": "\xc0\x80"}', 400),
    "NUL": (b'{"kind": "event", "text": "a\x00b"}', 400),
    "escaped NUL": (b'{"kind": "event", "text": "a\\u0000b"}', 400),
    "nothing": (b"", 400),
    "no object": (b'["kind", "event"]', 400),
    "half an object": (b'{"kind": "event"', 400),
    "a BOM": (b'\xef\xbb\xbf{"kind": "event", "text": "x"}', 400),
    "many strings": (b'{"kind": "event", "more": [' + b",".join([b'"\xc3\xa9"'] * 40_000) + b"]}", 400),
}


@pytest.mark.parametrize("name", thinned(sorted(BOMBS), every=3))
def test_bomb_is_refused_cheaply(quick_room: Room, name: str) -> None:
    """Whatever is thrown at it, the answer is one sentence, costs little, and nothing is stored."""
    body, status = BOMBS[name]
    number, _ = quick_room.kept_incident()
    before, costs = quick_room.facts(number), []

    for _ in range(3):
        began = time.process_time()
        answer = _send(quick_room, body)
        costs.append((time.process_time() - began) * 1000)

    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert answer.json["error"].count(". ") <= 1
    assert min(costs) < cheap()
    assert quick_room.facts(number) == before


def test_brackets_in_a_text_are_no_depth(quick_room: Room) -> None:
    """What looks like nesting inside a text is text."""
    answer = quick_room.webhook({"kind": "event", "text": "[" * 100 + " and {" * 100})

    assert answer.status == 200


def test_written_backslash_u_is_no_nul(room: Room) -> None:
    """A text that speaks of the escape for NUL contains none."""
    answer = _send(room, rb'{"kind": "event", "text": "the literal \\u0000 in a log"}')

    assert answer.status == 200


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("kind", "text", "at", "service", "version", "flag", "value", "link", "environment", "incident")


@given(data=st.data())
@settings(max_examples=examples(150), deadline=None, suppress_health_check=ON_FIXTURES)
def test_no_field_causes_a_server_error(room: Room, data: st.DataObject) -> None:
    """Any value in any field, right or wrong, is recorded or refused."""
    changed = data.draw(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, min_size=1, max_size=3))
    body = json.dumps({**DEPLOY, **changed}).encode()

    answer = _send(room, body)

    assert answer.status in {200, 400, 404}, (answer, body)


@given(body=st.binary(max_size=200), key=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300))
@settings(max_examples=examples(100), deadline=None, suppress_health_check=ON_FIXTURES)
def test_no_body_and_no_key_causes_a_server_error(quick_room: Room, body: bytes, key: str) -> None:
    """Any bytes are refused in words, under any key."""
    answer = _send(quick_room, body, key=key)

    assert answer.status in {200, 400, 409}


def test_texts_that_no_database_takes_are_cleaned(room: Room) -> None:
    """Halves of surrogate pairs, which JSON can write, are replaced; controls and hidden letters are dropped."""
    number, _ = room.declare()
    body = json.dumps({**DEPLOY, "text": "a\ud83d\u202e\u200bb\u0007c", "incident": number}).encode()

    answer = _send(room, body)

    (event,) = [event for event in room.events(number) if event.source == "webhook"]
    assert answer.status == 200
    assert event.text == "a\ufffdbc"


def test_long_keys_are_told_apart(room: Room) -> None:
    """Two keys that begin alike are two keys, however long they are."""
    start, number = "k" * 250, room.declare()[0]

    answers = [room.webhook({**DEPLOY, "incident": number, "text": end}, key=start + end).status for end in "ab"]

    assert answers == [200, 200]


def test_event_that_changes_what_was_approved_does_not_pass_unseen(room: Room) -> None:
    """A late deploy event is news for whoever is about to sign."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    for text in ("resolve", "draft"):
        room.ask(COMMANDER, text, channel)
    room.settle()

    room.webhook({**DEPLOY, "incident": number, "at": (room.clock.now() - timedelta(minutes=5)).isoformat()})
    answer = room.ask("U0APPROVER", f"approve {room.shown_hash(channel)}", channel)

    assert answer.startswith("The record changed since this draft (1 line: ")


def test_other_methods_and_paths_are_refused(quick_room: Room) -> None:
    """The door is for POST, there is no schema to read, and whoever has the wrong address reads the right one."""
    answers = [quick_room.get(path) for path in (PATH, "/slack/events", "/docs", "/openapi.json")]

    assert [answer.status for answer in answers] == [405, 405, 404, 404]
    assert [answer.json["error"] for answer in answers[:2]] == ["This address takes POST only."] * 2
    assert "alerts are sent to /webhooks/alerts/SOURCE" in answers[2].json["error"]


@pytest.mark.parametrize("path", ["/webhooks/events/deploys/", "/webhooks/events/deploys//"])
def test_slash_at_the_end_leads_nowhere_else(quick_room: Room, path: str) -> None:
    """Redirected, a sender would have sent its body in the clear, to whatever host the request named."""
    signed = requests.webhook(json.dumps({"kind": "event", "text": path}).encode(), at=_now(quick_room))

    answer = quick_room.send(signed, path)

    assert (answer.status, answer.headers.get("location")) == (200, None)


def test_slash_at_the_end_of_the_alerts_door_leads_nowhere_else(quick_room: Room) -> None:
    """Nor would it have sent its token there."""
    answer = quick_room.alerts("generic/", {"rule": "BackupLate"})

    assert (answer.status, answer.json["alerts"]) == (200, 1)
    assert quick_room.get("/healthz/").status == 200
    assert quick_room.get("//evil.example/..").status == 404


def test_health_answers_those_who_want_no_body(quick_room: Room) -> None:
    """Monitors ask by HEAD."""
    connection = http.client.HTTPConnection("127.0.0.1", quick_room.port, timeout=PATIENCE_SECONDS)
    connection.request("HEAD", "/healthz")
    answer = connection.getresponse()

    assert (answer.status, answer.read()) == (200, b"")
    connection.close()


def test_refused_requests_are_counted_by_door(quick_room: Room) -> None:
    """Somebody who watches `/metrics` sees that a door is being tried."""
    before = [_refused(quick_room, door) for door in ("slack", "events")]

    quick_room.webhook({"kind": "event", "text": "x"}, secret="guessed-by-somebody")
    quick_room.send(Signed(body=b"{}", headers={"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"}))

    assert [_refused(quick_room, door) for door in ("slack", "events")] == [count + 1 for count in before]


def test_bad_requests_are_counted_as_refused_and_no_path_becomes_a_name(quick_room: Room) -> None:
    """Whoever tries addresses makes no figure for each; what a known source sends wrongly counts, too."""
    before = _refused(quick_room, "events", status=400)

    quick_room.webhook({**DEPLOY, "kind": "party"})
    quick_room.send(Signed(body=b"{}", headers={}), "/webhooks/events/made-up-by-somebody")
    quick_room.send(Signed(body=b"{}", headers={}), "/webhooks/alerts/made-up-by-somebody")

    assert _refused(quick_room, "events", status=400) == before + 1
    assert "made-up-by-somebody" not in quick_room.get("/metrics").body


def _refused(room: Room, door: str, *, status: int = 401) -> float:
    wanted = f'debrief_refused_requests_total{{door="{door}",status="{status}"}} '
    lines = room.get("/metrics").body.splitlines()
    return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))


def _now(room: Room) -> float:
    return room.clock.now().timestamp()
