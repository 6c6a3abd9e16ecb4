"""`debrief doctor` says in one line a check how it stands and what to do, and changes nothing."""

import http.server
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from bot.cli.checking.checks import wanted_scopes
from bot.cli.checking.endpoint_check import check_endpoint
from bot.late import probe_model, probe_seconds
from bot.settings import Settings
from tests.bot.cli.conftest import Debrief
from tests.effort import leading, thinned
from tests.loopback import listening
from tests.model_endpoint import Answering, endpoint, refuses, says, status, trickles
from tests.slack_room import repository

OK: dict[str, Any] = {"ok": True, "team": "Example", "team_id": "T1"}
#: What a Slack in order answers, by method.
IN_ORDER: dict[str, dict[str, Any]] = {
    "auth.test": OK,
    "apps.connections.open": {"ok": True, "url": "wss://example.test"},
    "conversations.info": {"ok": True, "channel": {"id": "C0OPS", "is_member": True}},
}


@contextmanager
def slack(*, ahead: timedelta = timedelta(0), scopes: str | None = None, **answers: dict[str, Any]) -> Iterator[str]:
    """Answer as Slack does, its clock *ahead* of ours; *answers* replace those of a method; yields the base URL."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            method = self.path.rpartition("/")[2]
            body = json.dumps(answers.get(method.replace(".", "_"), IN_ORDER[method])).encode()
            self.send_response_only(200)
            self.send_header("Date", format_datetime(datetime.now(UTC) + ahead, usegmt=True))
            if scopes is not None:
                self.send_header("X-OAuth-Scopes", scopes)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}/api/"


@pytest.fixture
def all_set(debrief: Debrief, tables: None, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` with everything set that a check looks at, on a database that exists."""
    repository(own_folder / "documents")
    values = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "OPERATIONS_CHANNEL": "C0OPS",
        "ALERTS_CHANNEL": "C0ALERTS",
        "ACCESS": '{"approver": ["S0123"]}',
        "ANCHORS_FILE": str(own_folder / "anchors.jsonl"),
        "PUBLISH_GIT_DIR": str(own_folder / "documents"),
    }
    for name, value in values.items():
        monkeypatch.setenv(f"DEBRIEF_{name}", value)
    debrief("declare", "drill")
    return debrief


def verdicts(out: str) -> dict[str, str]:
    """Return how each check stands."""
    return {row["check"]: row["verdict"] for row in json.loads(out)}


def said_of(name: str, out: str) -> str:
    """Return what one check found, with what to do."""
    return next(f"{row['said']} {row['todo']}" for row in json.loads(out) if row["check"] == name)


def test_everything_in_order_is_ok(all_set: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check is ok, a line each, exit status 0."""
    with slack(scopes=",".join(wanted_scopes() or ())) as url:
        monkeypatch.setenv("DEBRIEF_SLACK_API_URL", url)
        as_json, plain = all_set("doctor", "--json"), all_set("doctor")

    assert set(verdicts(as_json.out).values()) == {"ok"}
    assert list(verdicts(as_json.out)) == [
        *("configuration", "database", "key file", "anchors", "slack", "clock", "scopes", "socket"),
        *("operations channel", "alerts channel", "approvers", "publishing", "documents", "model", "pager"),
    ]
    assert plain.status == 0
    assert len(plain.out.splitlines()) == 15
    assert " µs" in said_of("database", as_json.out)


@pytest.mark.parametrize(
    ("behaviour", "check", "verdict", "sentence"),
    thinned(
        [
            pytest.param({"ahead": timedelta(minutes=4)}, "clock", "fails", "behind Slack's Set it by NTP", id="late"),
            pytest.param({"ahead": timedelta(seconds=-30)}, "clock", "look", "ahead of Slack's", id="early"),
            pytest.param({"scopes": "chat:write"}, "scopes", "fails", "missing: channels:history", id="too-few"),
            pytest.param(
                {"scopes": ",".join(["admin", *(wanted_scopes() or ())])},
                "scopes",
                "look",
                "more than needed: admin",
                id="more",
            ),
            pytest.param(
                {"auth_test": {"ok": False, "error": "invalid_auth"}}, "slack", "fails", "invalid_auth", id="token"
            ),
            pytest.param(
                {"apps_connections_open": {"ok": False, "error": "not_allowed_token_type"}},
                "socket",
                "fails",
                "not_allowed_token_type",
                id="app-token",
            ),
            pytest.param(
                {"conversations_info": {"ok": True, "channel": {"id": "C0OPS", "is_member": False}}},
                "operations channel",
                "fails",
                "not_in_channel Invite the bot to C0OPS",
                id="channel",
            ),
            pytest.param(
                {"conversations_info": {"ok": True, "channel": {"id": "C0ALERTS", "is_archived": True}}},
                "alerts channel",
                "fails",
                "is_archived Invite the bot to C0ALERTS",
                id="alerts-channel",
            ),
        ],
        every=3,
    ),
)
def test_fault_of_slack_is_told_with_what_to_do(
    all_set: Debrief,
    monkeypatch: pytest.MonkeyPatch,
    behaviour: dict[str, Any],
    check: str,
    verdict: str,
    sentence: str,
) -> None:
    """The check that it concerns says it, and only what fails makes the exit status 1."""
    with slack(**{"scopes": ",".join(wanted_scopes() or ()), **behaviour}) as url:
        monkeypatch.setenv("DEBRIEF_SLACK_API_URL", url)
        answer = all_set("doctor", "--json")

    assert verdicts(answer.out)[check] == verdict
    assert sentence in said_of(check, answer.out)
    assert answer.status == (1 if verdict == "fails" else 0)


def test_slack_that_does_not_answer_is_told(all_set: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens there: the check fails and says that the verbs work meanwhile."""
    monkeypatch.setenv("DEBRIEF_SLACK_API_URL", "http://127.0.0.1:9/api/")

    answer = all_set("doctor", "--json")

    assert answer.status == 1
    assert "no answer" in said_of("slack", answer.out)
    assert "the verbs work on the command line meanwhile" in said_of("slack", answer.out)


def test_first_look_makes_nothing(debrief: Debrief, own_folder: Path) -> None:
    """Before the first start nothing fails, and no database, key or anchors are made by looking."""
    answer = debrief("doctor", "--json")

    assert answer.status == 0
    assert verdicts(answer.out)["database"] == "look"
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("settings", "check", "sentence"),
    [
        pytest.param({"SERVICE_GRAPH": "anchors.jsonl"}, "service graph", "it is not JSON, or nested", id="graph"),
        *thinned(
            [
                pytest.param({"HTTP_PORT": "x"}, "configuration", "DEBRIEF_HTTP_PORT is not usable", id="setting"),
                pytest.param(
                    {"SLACK_APP_TOKEN": ""}, "configuration", "Slack has no way to reach the bot", id="no-way-in"
                ),
                pytest.param(
                    {"DATABASE_URL": "sqlite:///anchors.jsonl"}, "database", "is damaged or is not", id="damaged"
                ),
                pytest.param(
                    {"DATABASE_URL": "sqlite:///empty.db"}, "database", "Run `debrief migrate`", id="no-tables"
                ),
                pytest.param({"KEY_FILE": "none.key"}, "key file", "none.key is missing Restore it", id="key-missing"),
                pytest.param({"KEY_FILE": "other.key"}, "key file", "is not the key of this database", id="key-wrong"),
                pytest.param(
                    {"KEY_FILE": "open.key"}, "key file", "can be read by others. Run: chmod 600", id="key-open"
                ),
                pytest.param({"ANCHORS_FILE": "folder"}, "anchors", "folder cannot be written", id="anchors-folder"),
                pytest.param({"PUBLISH_GIT_DIR": "."}, "publishing", "Make it a git repository", id="no-repository"),
                pytest.param({"PUBLISH_GIT_PUSH": "true"}, "publishing", "has no remote origin", id="no-remote"),
            ],
            every=3,
        ),
    ],
)
def test_fault_of_ours_is_told_with_what_to_do(
    all_set: Debrief,
    own_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    check: str,
    sentence: str,
) -> None:
    """Each says what is wrong and fails alone or not at all."""
    (own_folder / "anchors.jsonl").write_text("not a database, and too long to be an empty one, whatever is read\n")
    (own_folder / "empty.db").touch()
    (own_folder / "folder").mkdir()
    for name, mode in (("other.key", 0o600), ("open.key", 0o644)):
        (own_folder / name).write_bytes(bytes(32))
        (own_folder / name).chmod(mode)
    monkeypatch.setenv("DEBRIEF_SLACK_API_URL", "http://127.0.0.1:9/api/")
    for name, value in settings.items():
        monkeypatch.setenv(f"DEBRIEF_{name}", value)

    answer = all_set("doctor", "--json")

    assert answer.status == 1
    assert verdicts(answer.out)[check] == "fails"
    assert sentence in said_of(check, answer.out)


@pytest.mark.postgres
def test_postgres_is_asked_what_it_promises(
    debrief: Debrief, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server says whether a commit reaches its disk."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", postgres_url)
    debrief("migrate")

    answer = debrief("doctor", "--json")

    assert "fsync o" in said_of("database", answer.out)


@pytest.mark.parametrize(
    ("answering", "verdict", "sentence"),
    leading(
        3,
        [
            pytest.param(says('{"colour": "green"}'), "ok", "does chat, json_schema, json_object", id="all"),
            pytest.param(
                refuses(form="json_schema"),
                "fails",
                "does chat, json_object, and not json_schema, which DEBRIEF_LLM_ANSWER_FORM asks for "
                "(of json_schema it says: Unsupported: what was sent) Set DEBRIEF_LLM_ANSWER_FORM=json_object;",
                id="another form",
            ),
            pytest.param(
                refuses(keyword="minItems"),
                "fails",
                "refuses the arguments that DEBRIEF_LLM_ANSWER_FORM=json_schema sends (Unsupported: what was sent) "
                "Set DEBRIEF_LLM_ANSWER_FORM=json_object, with which it answers.",
                id="less of a schema",
            ),
            pytest.param(
                refuses("max_tokens", "temperature"),
                "fails",
                "refuses the arguments that DEBRIEF_LLM_ANSWER_LIMITS=usual sends (Unsupported: what was sent) "
                "Set DEBRIEF_LLM_ANSWER_LIMITS=reasoning,",
                id="other limits",
            ),
            pytest.param(
                refuses("seed", "max_completion_tokens"),
                "fails",
                "Set DEBRIEF_LLM_ANSWER_LIMITS=plain, with which it answers.",
                id="no seed",
            ),
            pytest.param(
                refuses("seed", keyword="maxItems"),
                "fails",
                "Set DEBRIEF_LLM_ANSWER_FORM=json_object and DEBRIEF_LLM_ANSWER_LIMITS=plain,",
                id="less of both",
            ),
            pytest.param(
                status(400, b'{"error": {"message": "No model\\u001b[2J pinned\\nfor the-key.", "code": "400"}}'),
                "fails",
                "answered with status 400, and says: No model [2J pinned for \N{HORIZONTAL ELLIPSIS} "
                "Look at DEBRIEF_LLM_MODEL and at DEBRIEF_LLM_BASE_URL, which ends before /chat/completions.",
                id="no such model",
            ),
            pytest.param(
                status(404, b"<html>Not Found</html>"),
                "fails",
                "The model's endpoint has no such model, or nothing at its address (status 404) Look at DEBRIEF_LLM_",
                id="a page of another path",
            ),
            pytest.param(
                refuses(form="json_schema", code=429), "look", "json_schema is not known: The model's", id="busy"
            ),
            pytest.param(
                says('Sure: {"colour": "green"}'),
                "look",
                "does chat; what it answers to json_schema stands among words. What stood around the JSON of the "
                "answer was dropped: words Drafts use the one JSON object of an answer;",
                id="words around it",
            ),
            pytest.param(
                says('{"colour": "green"}</s>'), "ok", "json_object. What stood around the JSON", id="a sign behind it"
            ),
            pytest.param(
                status(200, b'{"error": {"code": 401, "message": "No credentials for the-key"}}'),
                "fails",
                "(status 200 with code 401), and says: No credentials for \N{HORIZONTAL ELLIPSIS} Drafts are made",
                id="an error with 200",
            ),
            pytest.param(says("green"), "fails", "does chat only It must do json_schema or JSON mode", id="prose"),
            pytest.param(status(401), "fails", "DEBRIEF_LLM_API_KEY or DEBRIEF_LLM_HEADERS (status 401)", id="key"),
        ],
    ),
)
def test_endpoint_of_the_model_is_asked_what_it_can(
    all_set: Debrief, monkeypatch: pytest.MonkeyPatch, answering: Answering, verdict: str, sentence: str
) -> None:
    """What it does is told, and what it would have to do; only fixed words were sent."""
    with slack(scopes=",".join(wanted_scopes() or ())) as url, endpoint(answering) as model:
        monkeypatch.setenv("DEBRIEF_SLACK_API_URL", url)
        monkeypatch.setenv("DEBRIEF_LLM_BASE_URL", model.url)
        monkeypatch.setenv("DEBRIEF_LLM_MODEL", "pinned")
        monkeypatch.setenv("DEBRIEF_LLM_API_KEY", "the-key")
        monkeypatch.setenv("DEBRIEF_LLM_NETWORKS", '["127.0.0.0/8"]')
        told = all_set("doctor", "--json")

    assert verdicts(told.out)["model"] == verdict
    assert sentence in said_of("model", told.out)
    assert not any(b"drill" in each.body for each in model.received)
    assert "the-key" not in told.out + told.err


def test_field_of_ours_that_must_not_leave_is_told_before_any_draft(
    all_set: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate would stop every question for it, which people would first see in a draft."""
    with endpoint(says('{"colour": "green"}')) as model:
        monkeypatch.setenv("DEBRIEF_LLM_BASE_URL", model.url)
        monkeypatch.setenv("DEBRIEF_LLM_MODEL", "pinned")
        monkeypatch.setenv("DEBRIEF_LLM_NETWORKS", '["127.0.0.0/8"]')
        monkeypatch.setenv("DEBRIEF_LLM_EXTRA_BODY", '{"user": "jane.doe@example.com"}')
        told = all_set("doctor", "--json")

    assert "must not leave (email); nothing was sent" in said_of("model", told.out)
    assert not any(b"jane" in each.body for each in model.received)


@pytest.mark.parametrize(
    ("answers", "said", "todo"),
    [
        (407, "put the header that it wants, such as Proxy-Authorization, into DEBRIEF_LLM_HEADERS", "Drafts are made"),
        (410, "The model, or the path at its endpoint, is retired there (status 410)", "Look at DEBRIEF_LLM_MODEL and"),
    ],
)
def test_endpoint_that_is_closed_or_gone_has_a_next_step(answers: int, said: str, todo: str) -> None:
    """A proxy that asks for credentials, and what a vendor has taken away: whoever sets it up reads which setting."""
    with endpoint(status(answers)) as model:
        settings = Settings(llm_base_url=model.url, llm_model="pinned", llm_networks=(ip_network("127.0.0.0/8"),))

        told = next(check_endpoint(settings))

    assert said in told.said
    assert told.todo.startswith(todo)


def test_endpoint_that_never_ends_its_answer_is_left() -> None:
    """A head that comes line by line holds nobody at the terminal."""
    with endpoint(trickles) as model:
        settings = Settings(llm_base_url=model.url, llm_model="pinned", llm_networks=(ip_network("127.0.0.0/8"),))

        told = next(check_endpoint(settings, patience_seconds=0.5))

    assert told.said == f"pinned at {model.url}: The model's endpoint did not answer in time"


def test_endpoint_is_waited_for_as_a_draft_waits() -> None:
    """One that a draft would not wait for is not called in order, here or by the canary set."""

    def slow(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        time.sleep(0.6)
        says('{"colour": "green"}')(handler, body)

    with endpoint(slow) as model:
        settings = Settings(llm_base_url=model.url, llm_model="pinned", llm_networks=(ip_network("127.0.0.0/8"),))
        settings = settings.model_copy(update={"llm_patience_seconds": 0.3})

        told, found = next(check_endpoint(settings)), probe_model(settings, lambda _: None)

    assert told.said == f"pinned at {model.url}: The model's endpoint did not answer in time"
    assert set(found.values()) == {"The model's endpoint did not answer in time."}


def test_endpoint_that_always_takes_as_long_as_a_draft_waits_is_heard_out() -> None:
    """Three answers that drafts need, each within their patience, and three short ones."""
    assert probe_seconds(Settings(llm_patience_seconds=110)) > 3 * 110 + 3 * 20


def test_endpoint_inside_a_network_that_nobody_named_is_not_asked(
    all_set: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that is not on the internet has to be allowed by its network."""
    with endpoint(says("green")) as model:
        monkeypatch.setenv("DEBRIEF_LLM_BASE_URL", model.url)
        monkeypatch.setenv("DEBRIEF_LLM_MODEL", "pinned")
        told = all_set("doctor", "--json")

        assert "Name its network in DEBRIEF_LLM_NETWORKS" in said_of("model", told.out)
        assert model.received == []
