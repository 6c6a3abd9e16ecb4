"""Who may send alerts: each system's own signature, Debrief's, or a token, with every secret of a rotation."""

import json
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.settings import AlertFormat
from bot.web import alerts
from bot.web.alerts import LONG_BODY_BYTES, MAXIMUM_BODY_BYTES
from bot.web.senders import check_sender
from bot.web.signatures import WrongSignatureError
from tests import slack_requests as requests
from tests.alert_payloads import digest, payload
from tests.slack_requests import WEBHOOK_SECRETS
from tests.slack_room import PATIENCE_SECONDS, START, Answer, Room

NEW, OLD = WEBHOOK_SECRETS
Headers = Callable[[Room, bytes, str], dict[str, str]]


def now(room: Room) -> int:
    """The room's time in Unix seconds."""
    return int(room.clock.now().timestamp())


def of_debrief(room: Room, body: bytes, secret: str) -> dict[str, str]:
    """Sign as Debrief documents it."""
    return dict(requests.webhook(body, at=now(room), secret=secret).headers)


def of_grafana(room: Room, body: bytes, secret: str, *, late: int = 0) -> dict[str, str]:
    """Sign as Grafana does when it is told to send the time."""
    at = str(now(room) - late)
    signature = digest(f"{at}:".encode() + body, secret)
    return {"X-Grafana-Alerting-Signature": signature, "X-Grafana-Alerting-Timestamp": at}


PROOFS: dict[str, tuple[str, Headers]] = {
    "grafana, body": ("grafana_firing", lambda _, body, secret: {"X-Grafana-Alerting-Signature": digest(body, secret)}),
    "grafana, body and time": ("grafana_firing", of_grafana),
    "pagerduty": (
        "pagerduty_triggered",
        lambda _, body, secret: {"X-PagerDuty-Signature": f"v1={digest(body, 'gone')}, v1={digest(body, secret)}"},
    ),
    "sentry": ("sentry_event_alert", lambda _, body, secret: {"Sentry-Hook-Signature": digest(body, secret)}),
    "datadog, token": ("datadog_triggered", lambda _, __, secret: {"Authorization": f"Bearer {secret}"}),
    "datadog, Debrief's": ("datadog_triggered", of_debrief),
    "sentry, Debrief's": ("sentry_event_alert", of_debrief),
    "pagerduty, token": ("pagerduty_triggered", lambda _, __, secret: {"authorization": f"bearer {secret}"}),
    "grafana, token": ("grafana_firing", lambda _, __, secret: {"Authorization": f"Bearer {secret}"}),
}


def send(room: Room, name: str, headers: Headers, secret: str, *, change: bytes = b"") -> Answer:
    """Send the recorded body *name*, new in a field, with *change* added after it was signed."""
    body = json.dumps({**payload(name), "told": uuid.uuid4().hex}).encode()
    signed = requests.Signed(body=body + change, headers=headers(room, body, secret))
    return room.send(signed, f"/webhooks/alerts/{name.partition('_')[0]}")


@pytest.mark.parametrize("secret", [NEW, OLD], ids=["the newer secret", "the older secret"])
@pytest.mark.parametrize("how", sorted(PROOFS))
def test_sender_that_proves_itself_is_let_in(quick_room: Room, how: str, secret: str) -> None:
    """Each secret of a rotation signs, in every scheme of the format."""
    answer = send(quick_room, *PROOFS[how], secret)

    assert (answer.status, answer.json) == (200, {"recorded": True, "alerts": 1})


@pytest.mark.parametrize("how", sorted(PROOFS))
def test_sender_that_knows_no_secret_is_refused(quick_room: Room, how: str) -> None:
    """Another secret is 401 in the same words, and nothing is kept."""
    answer = send(quick_room, *PROOFS[how], "a-secret-of-somebody-else")

    assert answer.status == 401
    assert answer.json == {"error": "The signature is missing, wrong or too old; nothing was stored."}


@pytest.mark.parametrize("how", sorted(how for how in PROOFS if "token" not in how))
def test_altered_body_is_refused(quick_room: Room, how: str) -> None:
    """A signature is over every byte."""
    assert send(quick_room, *PROOFS[how], NEW, change=b" ").status == 401


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        pytest.param("grafana_firing", {"X-Grafana-Alerting-Signature": ""}, id="empty signature"),
        pytest.param("grafana_firing", {"X-Grafana-Alerting-Signature": "\xe9\xff"}, id="no ASCII"),
        pytest.param("pagerduty_triggered", {"X-PagerDuty-Signature": "v2=00,,v1="}, id="other versions"),
        pytest.param("pagerduty_triggered", {"X-PagerDuty-Signature": "v1=" + ",v1=" * 3000}, id="a bomb"),
        pytest.param("sentry_event_alert", {"Sentry-Hook-Signature": "0" * 64}, id="wrong"),
        pytest.param(
            "grafana_firing",
            {"X-Grafana-Alerting-Signature": "0" * 64, "X-Grafana-Alerting-Timestamp": "9" * 5000},
            id="an endless time",
        ),
    ],
)
def test_wrong_signature_is_not_saved_by_a_token(quick_room: Room, name: str, headers: dict[str, str]) -> None:
    """Whoever signs wrongly is refused, even with the right token beside it."""
    token = {"Authorization": f"Bearer {NEW}"}

    assert send(quick_room, name, lambda *_: {**token, **headers}, NEW).status == 401


def test_time_that_grafana_signed_long_ago_is_refused(quick_room: Room) -> None:
    """A request that was caught cannot be sent later, nor can one that was signed for later."""
    answers = [
        send(quick_room, "grafana_firing", lambda *given, late=late: of_grafana(*given, late=late), NEW)
        for late in (299, 301, -299, -301)
    ]

    assert [answer.status for answer in answers] == [200, 401, 200, 401]


def test_signature_of_one_system_opens_no_door_of_another(quick_room: Room) -> None:
    """A header counts for the format that is known to send it."""
    answer = send(quick_room, "datadog_triggered", PROOFS["sentry"][1], NEW)

    assert answer.status == 401


def test_signature_of_a_long_body_holds_up_nobody(quick_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows no secret could have kept Slack's requests waiting by bodies that take long to be signed."""
    is_looked_at, others_are_answered = threading.Event(), threading.Event()

    def check(*given: Any, **more: Any) -> None:
        is_looked_at.set()
        others_are_answered.wait(PATIENCE_SECONDS / 3)
        check_sender(*given, **more)

    monkeypatch.setattr(alerts, "check_sender", check)
    body = b" " * LONG_BODY_BYTES + b"{}"
    with ThreadPoolExecutor(1) as sending:
        answer = sending.submit(quick_room.alerts, "pagerduty", body, X_PagerDuty_Signature="v1=00")
        assert is_looked_at.wait(PATIENCE_SECONDS)
        health = quick_room.get("/healthz")
        others_are_answered.set()

    assert (health.status, answer.result().status) == (200, 401)
    assert health.seconds < PATIENCE_SECONDS / 4


def seconds_to_refuse(headers: dict[str, str], secrets: list[str], form: AlertFormat | None) -> float:
    """How long it takes to find that a body of 4 MiB is of nobody."""
    body, costs = b" " * MAXIMUM_BODY_BYTES, []
    for _ in range(3):
        began = time.thread_time()
        with pytest.raises(WrongSignatureError):
            check_sender(headers, body, secrets, START, form=form)
        costs.append(time.thread_time() - began)
    return min(costs)


@pytest.mark.parametrize("header", ["x-debrief-signature", "x-pagerduty-signature", "sentry-hook-signature"])
def test_time_does_not_tell_which_sources_there_are(header: str) -> None:
    """Looking at a signature takes long for a long body; whoever tries names could have read them off a clock."""
    headers = {header: "v1=00", "x-debrief-timestamp": str(int(START.timestamp()))}

    known = [seconds_to_refuse(headers, [NEW], form) for form in (AlertFormat.PAGERDUTY, AlertFormat.ALERTMANAGER)]
    unknown = seconds_to_refuse(headers, [], None)

    assert max(*known, unknown) < 2 * min(*known, unknown)
