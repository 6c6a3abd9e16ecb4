"""The bot is killed outright between asking the pager and recording its answer: somebody is woken, once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from analysis.events import Source
from analysis.paging import PageStatus, page_words
from analysis.people import Access, Person
from bot.app import App, build
from bot.pager.building import TITLES
from bot.pager.config import read_pager_file
from bot.ports.paging import Page
from bot.settings import Settings
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.paging.page import AskPage, Paging
from tests.effort import leading
from tests.fake_pagerduty import FakePagerDuty
from tests.fake_slack import FakeSlack
from tests.paging import pager_file
from tests.slack_room import populate

#: Runs the bot until it is killed: by the test, or before the statement that would keep what came back.
BOT = """
import os, signal, sys, time
from sqlalchemy import Engine, event
from bot.app import build
from bot.settings import Settings

def kill(connection, cursor, executed, parameters, context, executemany):
    if sys.argv[1] and executed.startswith(sys.argv[1]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", kill)
build(Settings()).start()
time.sleep(120)
"""
PATIENCE_SECONDS = 30.0


@pytest.mark.parametrize(
    ("service", "statement"),
    leading(
        1,
        [
            pytest.param("payments", "", id="events, before the answer"),
            pytest.param("ledger", "", marks=pytest.mark.thorough, id="rest, before the answer"),
            pytest.param(
                "payments",
                "UPDATE egress",
                marks=pytest.mark.thorough,
                id="events, before anything is kept of the answer",
            ),
            pytest.param("ledger", "INSERT INTO page", id="rest, while the answer is being kept"),
        ],
    ),
)
def test_killed_bot_wakes_somebody_once(ready_sqlite_url: str, tmp_path: Path, service: str, statement: str) -> None:
    """After the restart the page is on record as sent, and the pager has woken one person one time."""
    with FakeSlack() as slack, FakePagerDuty() as pagerduty:
        populate(slack)
        environment = _environment(slack, ready_sqlite_url, tmp_path, pager_file(tmp_path, pagerduty))
        app = build(_settings(environment))
        _ask(app, service)
        app.stop()
        killed = subprocess.Popen([sys.executable, "-c", BOT, statement], env={**os.environ, **environment})
        if not statement:
            pagerduty.before_answer = lambda asked: killed.kill() if asked.method == "POST" else None
        ended = killed.wait(PATIENCE_SECONDS)
        pagerduty.before_answer = None
        left = len(pagerduty.woken)

        app = build(_settings(environment))
        app.start()
        page = _sent(app)
        app.stop()

        assert (ended, left) == (-signal.SIGKILL, 1)
        assert pagerduty.woken == [page.key]


def _environment(slack: FakeSlack, database_url: str, folder: Path, file: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "DEBRIEF_DATABASE_URL": database_url,
        "DEBRIEF_KEY_FILE": str(folder / "debrief.key"),
        "DEBRIEF_SLACK_API_URL": slack.url,
        "DEBRIEF_SLACK_BOT_TOKEN": "xoxb-fake",
        "DEBRIEF_SLACK_SIGNING_SECRET": "signing-secret-of-the-fake",
        "DEBRIEF_PAGER_FILE": str(file),
        "DEBRIEF_OUTSIDE_HOSTS": '["127.0.0.1"]',
    }


def _settings(environment: dict[str, str]) -> Settings:
    given: dict[str, Any] = {
        name.removeprefix("DEBRIEF_").lower(): value
        for name, value in environment.items()
        if name.startswith("DEBRIEF_")
    }
    return Settings(**{**given, "outside_hosts": {"127.0.0.1"}})


def _ask(app: App, service: str) -> None:
    """Declare an incident and page for it, as the command line does beside the server."""
    person = Person(id="cli:test", name="test", access=frozenset({Access.RESPONDER}))
    base = {"person": person, "workspace_id": app.workspace_id, "source": Source.COMMAND_LINE}
    declared = app.store.writer.submit(declare, Declare(**base, natural_key="cli:1", title="Cards fail")).result()
    asked = AskPage(**base, natural_key="cli:2", number=declared.number, words=page_words(service), is_confirmed=True)
    paging = Paging(plan=read_pager_file(app.settings).plan(), titles=dict(TITLES))
    app.store.writer.submit(paging, asked).result()


def _sent(app: App) -> Page:
    """The page, once it is on record as sent."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        with app.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(app.workspace_id, 1)
            pages = reads.pages.of_incident(incident.id) if incident else ()
        if pages and pages[0].status is PageStatus.SENT:
            return pages[0]
        time.sleep(0.05)
    raise TimeoutError(pages)
