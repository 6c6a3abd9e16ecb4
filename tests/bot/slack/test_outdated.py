"""A newer version changes the tables under a server that runs: that one stops, says so, and loses nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from sqlalchemy import func, select, text

from bot.slack.client import Degrading
from bot.slack.serving import Identity, SlackConnection
from bot.slack.workspace.learning import PeopleLearning
from bot.store.database.engine import Database, open_database
from bot.store.delivery.sole_sender import SoleSender
from bot.store.migrate import upgrade
from bot.store.record.tables import METADATA
from bot.store.schema import known_revisions
from tests.bot.conftest import ready_database
from tests.bot.store.revisions import next_revisions
from tests.dialects import BOTH
from tests.slack_room import COMMANDER, RESPONDER, Answer, Room, open_room

CHANGED = "Another version of Debrief changed the tables of this database"


@pytest.fixture(params=BOTH)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Room]:
    """Yield a bot on a database of its own, whose writer is tried often."""
    with ready_database(request, tmp_path) as url, open_room(url, tmp_path, probe_interval_seconds=0.05) as room:
        yield room


@pytest.fixture
def elsewhere(served: Room) -> Iterator[Database]:
    """Yield the same database, as another process has it open."""
    database = open_database(served.settings.database_url)
    yield database
    database.close()


def test_server_under_which_the_tables_were_changed_stops_and_loses_nothing(
    served: Room, elsewhere: Database, tmp_path: Path
) -> None:
    """Everybody reads one sentence, nothing is stored or sent, another process may send; what waited goes on later."""
    number, channel = served.declare()
    served.slack.is_down = True
    served.ask(COMMANDER, "update The switch is back", channel)
    upgrade(elsewhere, folder=next_revisions(tmp_path))
    failing = _told(served, 503)
    before, said = _rows(elsewhere), len(served.slack.posts(channel))
    deploy: dict[str, Any] = {"kind": "deploy", "text": "api 1.2.3", "incident": number}

    served.slack.is_down = False
    refused = served.webhook(deploy, key="deploy:1")
    answer = served.say(RESPONDER, "note <switch> is back", channel)
    other = SoleSender(elsewhere)
    served.wait_for("the other's turn", other.holds)

    assert failing.json["writer"].startswith(CHANGED)
    assert failing.json["sends"] is False
    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert refused.json["error"].startswith(CHANGED)
    assert CHANGED in answer.text
    assert answer.text.endswith("```note &lt;switch&gt; is back```")
    assert _rows(elsewhere) == before
    assert len(served.slack.posts(channel)) == said

    other.release()
    with elsewhere.write_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :last"), {"last": known_revisions()[-1]})
    _told(served, 200)
    served.wait_for("its turn", lambda: served.get("/healthz").json["sends"])
    again = served.webhook(deploy, key="deploy:1")
    served.settle()
    assert again.json["recorded"] is True
    assert sum("The switch is back" in str(post) for post in served.slack.posts(channel)) == 1


class _Socket:
    """Says yes to being opened and closed."""

    def __init__(self, *_: object, **__: object) -> None:
        self.is_open = False
        self.client = self

    def connect(self) -> None:
        self.is_open = True

    def close(self) -> None:
        self.is_open = False

    def is_connected(self) -> bool:
        return self.is_open


def test_slacks_socket_is_left_to_the_process_that_knows_the_tables(own_room: Room) -> None:
    """Slack hands a request to any one of an app's sockets: this one is closed, and opened again when all is well."""
    sockets: list[_Socket] = []
    knows = [True]

    def open_socket(*given: object, **more: object) -> _Socket:
        sockets.append(_Socket(*given, **more))
        return sockets[-1]

    client = WebClient(token="xoxb-fake", base_url=own_room.slack.url)
    slack = SlackConnection(
        App(client=client, signing_secret="secret", token_verification_enabled=False),
        Identity(client, user_id="U0BOT"),
        app_token="xapp-fake",
        learning=PeopleLearning(client, own_room.app.directory, Degrading(client, print)),
        retry_seconds=0.01,
        may_listen=lambda: knows[0],
        open_socket=open_socket,
    )

    slack.start()
    own_room.wait_for("the socket", lambda: slack.is_connected)
    knows[0] = False
    own_room.wait_for("its end", lambda: not slack.is_connected)
    left = [each.is_open for each in sockets]
    knows[0] = True
    own_room.wait_for("another one", lambda: slack.is_connected)
    slack.stop()

    assert left == [False]
    assert [each.is_open for each in sockets] == [False, False]


def _rows(database: Database) -> dict[str, int]:
    """How many rows each table has that keeps what happened."""
    names = ("timeline_event", "inbox", "delivery", "alert")
    with database.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(METADATA.tables[name])).scalar_one()
            for name in names
        }


def _told(room: Room, status: int) -> Answer:
    """What `/healthz` says once its status is *status*."""
    return room.wait_for(f"health {status}", lambda: (told := room.get("/healthz")).status == status and told)
