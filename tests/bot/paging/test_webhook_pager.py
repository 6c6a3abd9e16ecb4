"""Any other pager: signed requests out, signed reports in, as the OpenAPI document says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis.events import EventKind
from bot.web import page_api
from tests import slack_requests as requests
from tests.alert_payloads import payload
from tests.described_requests import described, send
from tests.effort import ON_FIXTURES, examples, leading
from tests.fake_pagerduty import FakePagerDuty
from tests.fake_watch import FakeWatch
from tests.fake_webhook_pager import SECRET, FakeWebhookPager
from tests.paging import CALL, open_paging_room
from tests.slack_room import OPERATIONS, RESPONDER, Answer, Room

DOCUMENT: dict[str, Any] = json.loads(page_api.FILE.read_bytes())
REPORTED = DOCUMENT["paths"][page_api.PATH]["post"]
REWRITE = ".venv/bin/python -c 'from bot.web.page_api import write_page_api; write_page_api()'"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, FakeWebhookPager]]:
    """Yield a bot that pages `ledger` through another pager, and that pager."""
    folder = tmp_path_factory.mktemp("webhook")
    with FakeWebhookPager() as pager, FakeWatch() as watch:
        over = {
            "heartbeat": {"url": watch.url},
            "in_line": [
                {"source": source, "labels": {"team": "ledger"}, "service": "ledger"}
                for source in ("generic", "alertmanager")
            ],
            "webhook": {"url": pager.url, "secrets": [SECRET, "the-secret-before-it"]},
            "services": {"ledger": {"pager": "webhook", "call": "the ledger desk"}},
            "pagerduty": None,
        }
        with open_paging_room(f"sqlite:///{folder / 'debrief.db'}", folder, over=over) as (room, _):
            yield room, pager


@pytest.fixture
def room(pair: tuple[Room, FakeWebhookPager]) -> Iterator[Room]:
    """Yield the bot, an hour later each time."""
    yield pair[0]
    pair[0].settle()
    pair[0].clock.move(hours=1)


@pytest.fixture
def pager(pair: tuple[Room, FakeWebhookPager]) -> FakeWebhookPager:
    """Return its pager, with nothing asked yet."""
    for kept in (pair[1].bodies, pair[1].woken, pair[1].done, pair[1].wrong, pair[1].statuses):
        kept.clear()
    return pair[1]


def paged(room: Room) -> tuple[int, str]:
    """An incident that `ledger` was paged for."""
    number, channel = room.declare(text="SEV2 Bookings stand still")
    room.ask(RESPONDER, "page confirm ledger the queue grows", channel)
    room.settle()
    return number, channel


def report(room: Room, body: Any, *, secret: str = SECRET, key: str = "", late: float = 0.0) -> Answer:
    """Send what the pager says."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = room.clock.now().timestamp() - late
    return room.send(requests.webhook(content, at=at, key=key, secret=secret), "/webhooks/pages")


@pytest.mark.parametrize("key", ["evt-of-the-pager", "debrief-page-01a214d3-9859-76e6-9c33-acc39ec9d21b"])
def test_report_of_no_page_of_ours_is_not_said_to_be_recorded(room: Room, key: str) -> None:
    """A pager that was set up to report its own names read that all was on record, and nothing ever was."""
    answers = [report(room, {"key": key, "event": "acknowledged", "id": "1"}, key=f"of no page: {key}") for _ in "ab"]

    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.json["recorded"] for answer in answers] == [False, False]
    assert all("send the very key that the page was asked for with" in answer.json["message"] for answer in answers)


def test_operator_is_told_of_reports_that_are_not_taken(room: Room, pager: FakeWebhookPager) -> None:
    """A page that somebody acknowledged at the pager goes on as if nobody had: once an hour it is said why."""
    paged(room)
    before = len(room.slack.posts(OPERATIONS))
    refused = [report(room, {"key": pager.bodies[0]["key"], "event": "acknowledged"}, secret="old") for _ in range(2)]
    refused.append(report(room, {"key": pager.bodies[0]["key"], "event": "accepted"}))

    def told() -> list[str]:
        room.settle()
        return [str(post["text"]).partition(". ")[0] for post in room.slack.posts(OPERATIONS)[before:]]

    room.wait_for("the operator's notes", lambda: len(told()) >= 2)
    assert [answer.status for answer in refused] == [401, 401, 400]
    assert told() == [
        "Somebody reports what became of pages with a signature that is missing, wrong or too old",
        "What the pager reports of a page was refused: `event` must be one of: acknowledged, resolved, reopened",
    ]
    assert 'debrief_refused_requests_total{door="pages",status="401"} ' in room.get("/metrics").body


def test_committed_document_is_the_one_in_code() -> None:
    """What is described in code is what is committed."""
    assert page_api.FILE.read_text(encoding="utf-8") == page_api.page_api_text(), f"Write it anew: {REWRITE}"


@pytest.mark.parametrize(
    ("mode", "statuses"),
    [
        pytest.param("positive", {200, 400, 409}, id="what the document allows is taken, but for a time before 1990"),
        pytest.param("negative", {200, 400, 409, 413}, id="what it forbids is refused"),
    ],
)
@given(data=st.data(), is_ours=st.booleans())
@settings(
    max_examples=examples(120),
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=ON_FIXTURES,
)
def test_answer_to_a_report_is_one_that_the_document_describes(
    pair: tuple[Room, FakeWebhookPager], mode: str, statuses: set[int], data: st.DataObject, *, is_ours: bool
) -> None:
    """Its status, its body and its headers, also where it is about a page that there is; the record stays whole."""
    room, pager = pair
    case = data.draw(described(page_api.FILE, page_api.PATH, mode, refusable="400"))
    if is_ours and mode == "positive" and isinstance(case.body, dict):
        case.body = {**case.body, "key": _known_key(room, pager)}

    answer = send(
        room, case, lambda body: requests.webhook(body, at=room.clock.now().timestamp(), secret=SECRET).headers
    )

    case.validate_response(answer)
    assert answer.status_code in statuses, answer.text
    assert mode == "negative" or answer.status_code != 400 or "`at` must be a time" in answer.text


def _known_key(room: Room, pager: FakeWebhookPager) -> str:
    """The key of a page that this pager has."""
    if not pager.bodies:
        paged(room)
    return str(pager.bodies[0]["key"])


def test_page_is_asked_of_the_other_pager(room: Room, pager: FakeWebhookPager) -> None:
    """It is signed, has every field that the document names, and its own link comes back."""
    number, channel = paged(room)

    (asked,) = pager.bodies
    assert asked["summary"] == f"Incident #{number}, SEV2: Bookings stand still. the queue grows"
    assert asked.keys() == page_api.EXAMPLES["page"].keys()
    assert (len(pager.woken), pager.wrong) == (1, [])
    assert "Page 1 for ledger asked for, through the pager" in json.dumps(room.slack.posts(channel))


@pytest.mark.parametrize("statuses", leading(1, [[500], [503, 503], [408], [429]]))
def test_trouble_wakes_nobody_twice(room: Room, pager: FakeWebhookPager, statuses: list[int]) -> None:
    """The same idempotency key comes again until it is taken."""
    pager.statuses += statuses

    number, _ = paged(room)

    assert (len(pager.woken), len(pager.bodies)) == (1, len(statuses) + 1)
    assert EventKind.PAGE_SENT in {event.kind for event in room.events(number)}


def test_refusal_is_loud(room: Room, pager: FakeWebhookPager) -> None:
    """A pager that says no has the channel read whom to call: of this service, its own desk."""
    pager.statuses.append(422)

    _, channel = paged(room)

    said = json.dumps(room.slack.posts(channel))
    assert "NOT PAGED. the pager answered 422. Debrief has stopped trying. Call the ledger desk" in said
    assert CALL not in said


def test_reports_go_both_ways_and_not_in_circles(room: Room, pager: FakeWebhookPager) -> None:
    """What the pager says is a fact by its name; what we say reaches it once, and its echo is no second fact."""
    number, channel = paged(room)
    key = pager.bodies[0]["key"]
    acknowledged = {"key": key, "event": "acknowledged", "by": "Nadia Novak", "id": "1"}

    first, again = report(room, acknowledged), report(room, {**acknowledged, "more": 1})
    room.ask(RESPONDER, "page resolve 1", channel)
    room.settle()
    report(room, {"key": key, "event": "resolved", "by": "Debrief", "id": "2"})
    room.settle()

    assert (first.json, again.status) == ({"recorded": True}, 200)
    facts = [event for event in room.events(number) if event.kind.startswith("page_") and event.kind != "page_sent"]
    assert [(event.kind, event.actor) for event in facts] == [
        ("page_acknowledged", "tool:Nadia Novak:Nadia Novak"),
        ("page_resolved", f"slack:{RESPONDER}"),
    ]
    assert [body["action"] for body in pager.bodies] == ["page", "resolve"]


@pytest.mark.parametrize("has_time", [True, False], ids=["with their times", "without"])
def test_reports_without_a_name_are_told_apart_by_when_they_are_of(
    room: Room, pager: FakeWebhookPager, *, has_time: bool
) -> None:
    """A pager that has no ids says the same of a page twice, and means it twice."""
    number, _ = paged(room)
    key = pager.bodies[0]["key"]

    for news in ("acknowledged", "reopened", "acknowledged"):
        room.clock.move(minutes=1)
        at = {"at": room.clock.now().isoformat()} if has_time else {}
        report(room, {"key": key, "event": news, "by": "Nadia Novak", **at})

    kinds = [event.kind for event in room.events(number) if event.kind.startswith("page_")]
    assert kinds == ["page_sent", "page_acknowledged", "page_reopened", "page_acknowledged"]


def test_page_that_was_reopened_is_resolved_there_once_more(room: Room, pager: FakeWebhookPager) -> None:
    """What answers something else is another request there; what is sent again because of trouble is not."""
    _, channel = paged(room)
    key = pager.bodies[0]["key"]
    for number in (1, 2):
        pager.statuses += [503]
        room.ask(RESPONDER, "page ack 1", channel)
        room.settle()
        room.ask(RESPONDER, "page resolve 1", channel)
        room.settle()
        room.clock.move(minutes=1)
        report(room, {"key": key, "event": "reopened", "id": f"reopened-{number}"})
        room.clock.move(minutes=1)

    assert pager.done == ["page", *["acknowledge", "resolve"] * 2]
    assert len(pager.bodies) == 7


def test_alert_in_line_wakes_again_when_it_fires_again(room: Room, pager: FakeWebhookPager) -> None:
    """One key for the series, one idempotency key for each firing, although the body is the same."""
    alert = {"rule": "QueueGrows", "severity": "warning", "labels": {"team": "ledger"}}
    for status in ("firing", "firing", "resolved", "firing"):
        assert room.alerts("generic", {**alert, "status": status}).status == 200
        room.settle()
        room.clock.move(minutes=1)

    first, over, again = pager.bodies
    assert (first["action"], over["action"], again) == ("page", "resolve", first)
    assert (first["target"], first["urgency"]) == ({"kind": "service", "name": "ledger"}, "warning")
    assert (pager.woken, pager.wrong) == ([first["key"]] * 2, [])


def test_alert_of_unknown_severity_is_told_as_the_worst(room: Room, pager: FakeWebhookPager) -> None:
    """What a pager takes for information wakes nobody."""
    room.alerts("generic", {"rule": "NobodySaysHowBad", "severity": "purple", "labels": {"team": "ledger"}})
    room.settle()

    assert [body["urgency"] for body in pager.bodies] == ["critical"]


@pytest.mark.parametrize("source", leading(1, ["generic", "alertmanager"]))
def test_firing_with_the_same_beginning_after_its_end_wakes_again(
    room: Room, pager: FakeWebhookPager, source: str
) -> None:
    """Alertmanager says so of what was held for over while Prometheus was away; each round is told, and told once."""
    began = room.clock.now().isoformat()
    alert = {"rule": "Forgotten", "severity": "warning", "labels": {"team": "ledger"}, "starts_at": began}
    for status in ("firing", "resolved", "firing", "firing", "resolved", "firing"):
        body = {**alert, "status": status}
        if source == "alertmanager":
            one = alertmanager_alert(status, began, over_at=room.clock.now().isoformat())
            body = {**payload("alertmanager_firing"), "status": status, "alerts": [one]}
        assert room.alerts(source, body).status == 200
        room.settle()
        room.clock.move(minutes=1)

    assert pager.done == ["page", "resolve", "page", "resolve", "page"]
    assert len(set(pager.woken)) == 1


def alertmanager_alert(status: str, began: str, *, over_at: str) -> dict[str, Any]:
    """An alert as Alertmanager has it in its list."""
    return {
        "status": status,
        "labels": {"alertname": "Forgotten", "severity": "warning", "team": "ledger"},
        "annotations": {},
        "startsAt": began,
        "endsAt": over_at if status == "resolved" else "0001-01-01T00:00:00Z",
        "generatorURL": "",
        "fingerprint": "00000000000000aa",
    }


@pytest.mark.parametrize("name", sorted(page_api.REPORTS))
def test_example_is_taken(room: Room, pager: FakeWebhookPager, name: str) -> None:
    """Each example of the document works as it stands, also about a page that is not there."""
    value = REPORTED["requestBody"]["content"]["application/json"]["examples"][name]["value"]

    assert report(room, value).status == 200


@pytest.mark.parametrize(
    ("body", "given", "status", "said"),
    [
        pytest.param({"key": "k", "event": "acknowledged"}, {"secret": "x" * 20}, 401, "signature", id="wrong secret"),
        pytest.param({"key": "k", "event": "acknowledged"}, {"late": 301.0}, 401, "too old", id="too old"),
        pytest.param({"key": "k", "event": "seen"}, {}, 400, "`event` must be one of", id="unknown event"),
        pytest.param({"key": "k", "event": ["resolved"]}, {}, 400, "`event` must be one of", id="a list"),
        pytest.param({"event": "resolved"}, {}, 400, "`key` must be a text", id="no key"),
        pytest.param({"key": "k" * 201, "event": "resolved"}, {}, 400, "200 fit", id="a long key"),
        pytest.param({"key": "k", "event": "resolved", "by": 7}, {}, 400, "`by` must be a text", id="a number"),
        pytest.param({"key": "k", "event": "resolved", "at": "soon"}, {}, 400, "`at` must be a time", id="no time"),
        pytest.param({"key": "k", "event": "resolved", "at": "2026-03-01T09:00:00"}, {}, 400, "`at`", id="no zone"),
        pytest.param({"key": "k", "event": "resolved", "at": ""}, {}, 400, "`at`", id="an empty time"),
        pytest.param({"key": "k", "event": "resolved", "at": True}, {}, 400, "`at`", id="a truth for a time"),
        pytest.param(b"[]", {}, 400, "JSON object", id="no object"),
        pytest.param(b"{", {}, 400, "JSON", id="no JSON"),
        pytest.param(b'{"key": "k\\u0000", "event": "resolved"}', {}, 400, "NUL", id="NUL"),
    ],
)
def test_bad_report_stores_nothing(
    room: Room, pager: FakeWebhookPager, body: Any, given: dict[str, Any], status: int, said: str
) -> None:
    """One sentence says what is wrong."""
    answer = report(room, body, **given)

    assert (answer.status, said in answer.json["error"]) == (status, True), answer


def test_same_key_with_another_body_is_a_conflict(room: Room, pager: FakeWebhookPager) -> None:
    """A repetition is a 200 without effect, another body under its key a 409."""
    paged(room)
    body = {"key": pager.bodies[0]["key"], "event": "acknowledged"}

    answers = [report(room, one, key="once") for one in (body, body, {**body, "event": "resolved"})]

    assert [answer.status for answer in answers] == [200, 200, 409]
    assert [answer.json.get("recorded") for answer in answers[:2]] == [True, False]


def test_without_a_secret_nobody_can_report(tmp_path: Any, ready_sqlite_url: str) -> None:
    """A bot whose file names no other pager takes no report."""
    with open_paging_room(ready_sqlite_url, tmp_path) as (room, account):
        assert isinstance(account, FakePagerDuty)
        assert report(room, {"key": "k", "event": "resolved"}, secret="").status == 401
