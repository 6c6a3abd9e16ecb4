"""A process that is killed at any step of a draft with a model leaves one that ends in exactly one draft."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from analysis.events import EventKind
from analysis.writing.account import KEY
from bot.flows.dispatcher import Dispatcher
from bot.late import build_author, build_drafts, build_signing, patience_of
from bot.ports.records import DeliveryKind
from bot.settings import Settings
from bot.store.model.model_call_tables import MODEL_CALL
from tests.bot.conftest import ready_database
from tests.bot.flows.desk import asking, resolved
from tests.bot.flows.dying import STEPS
from tests.bot.record.processes import revisions
from tests.dialects import SQLITE_FIRST
from tests.effort import leading
from tests.model_endpoint import FakeEndpoint, endpoint, says
from tests.slack_room import COMMANDER, Room, open_room

GOOD = "The payment gateway was restarted"


@pytest.fixture(scope="module")
def dying() -> Iterator[subprocess.Popen[str]]:
    """Yield the process that forks those which are killed."""
    command = [sys.executable, "-m", "tests.bot.flows.dying"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin
        process.stdin.close()
        process.wait()


@pytest.fixture(scope="module", params=SQLITE_FIRST)
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room on each database whose drafts nobody makes until a test lets somebody."""
    folder = tmp_path_factory.mktemp("dying")
    with ready_database(request, folder) as url, open_room(url, folder) as opened:
        yield opened
        opened.app.dispatcher.stop()


@pytest.fixture(scope="module")
def model() -> Iterator[FakeEndpoint]:
    """Yield an endpoint whose first answers have one sentence that fails, and whose second ones are true."""

    def answer(handler: Any, body: dict[str, Any]) -> None:
        material = json.loads(body["messages"][1]["content"])
        label = next(event["id"] for event in material["events"] if "restarted" in event.get("text", ""))
        true = {"events": [label], "section": "response", "text": GOOD}
        lie = {**true, "text": "The database was deleted at 10:00"}
        sentences = [{**true, "number": 2}] if "refused" in material else [true, lie]
        says(json.dumps({"sentences": sentences}))(handler, body)

    with endpoint(answer) as fake:
        yield fake


@pytest.mark.parametrize("step", leading(1, reversed(STEPS)))
def test_kill_at_any_step_ends_in_exactly_one_draft(
    room: Room, model: FakeEndpoint, dying: subprocess.Popen[str], step: str
) -> None:
    """One revision, one fact, one offer; every question is on record, and none that was answered is asked again."""
    settings = room.settings.model_copy(update=asking(model.url))
    number, channel = resolved(room)
    room.app.dispatcher.stop()
    room.ask(COMMANDER, "draft", channel)
    model.received.clear()

    killed_by = _killed(dying, settings, room, step)
    before = revisions(room.app, number)
    _make(room, settings)
    room.settle()

    (revision,) = revisions(room.app, number)
    offers = [post for post in room.slack.posts(channel) if f"#{number}: Draft 1 is ready" in post["text"]]
    assert killed_by == signal.SIGKILL
    assert len(before) == (1 if step == "settled 1" else 0)
    assert [event.kind for event in room.events(number)].count(EventKind.DRAFTED) == 1
    assert len(offers) == 1
    assert revision.document["writing"]["kept"] == 2
    assert GOOD in str(next(one for one in revision.document["sections"] if one["key"] == KEY))
    rows = _calls(room, number)
    asked_again = step in {"asked 1", "asked 2"}
    assert len(model.received) == 2 + asked_again
    assert len(rows) == 2 + (asked_again or step in {"reserved 1", "reserved 2"})
    assert all(row["tokens"] > 0 for row in rows)


def _killed(dying: subprocess.Popen[str], settings: Settings, room: Room, step: str) -> int:
    """Let a process make the draft until it dies; returns the signal that ended it."""
    assert dying.stdin
    assert dying.stdout
    given = {name: value for name, value in _plain(settings).items() if value is not None}
    dying.stdin.write(json.dumps({"settings": given, "now": room.clock.now().isoformat(), "step": step}) + "\n")
    dying.stdin.flush()
    return int(dying.stdout.readline())


def _plain(settings: Settings) -> dict[str, Any]:
    """Settings as JSON values with their secrets."""
    secrets = {name: getattr(settings, name).get_secret_value() for name in ("slack_bot_token", "slack_signing_secret")}
    kept = settings.model_dump(
        mode="json", exclude={"webhook_secrets", "alert_sources", "llm_api_key", "slack_app_token"}
    )
    return {**kept, **secrets}


def _make(room: Room, settings: Settings) -> None:
    """Go on as the next process of the same bot does, with a model."""
    author = build_author(settings, room.app.store, room.clock)
    drafts = build_drafts(
        build_signing(settings),
        room.app.store.snapshots,
        room.app.directory.name,
        author=author,
        patience=patience_of(settings),
    )
    handlers = {**room.app.slack.handlers, DeliveryKind.MAKE_DRAFT: drafts.make}
    dispatcher = Dispatcher(room.app.store.outbox, handlers, room.clock)
    room.app.store.writer.add_commit_hook(lambda written: dispatcher.wake() if written else None)
    room.app = replace(room.app, dispatcher=dispatcher)
    dispatcher.start()


def _calls(room: Room, number: int) -> list[Any]:
    with room.app.store.database.reading() as connection:
        incident = next(event.incident_id for event in room.events(number))
        return list(connection.execute(select(MODEL_CALL).where(MODEL_CALL.c.incident_id == incident)).mappings())
