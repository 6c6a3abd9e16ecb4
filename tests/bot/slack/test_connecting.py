"""Coming up beside Slack and a database that may be away at that very moment."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from pydantic import SecretStr
from slack_bolt import App
from slack_sdk import WebClient

from analysis.errors import InvalidInput, Unavailable
from bot.app import build, tell_the_operator
from bot.settings import Settings
from bot.slack.client import Degrading, build_client
from bot.slack.serving import ELSEWHERE, Identity, SlackConnection
from bot.slack.workspace.directory import SlackDirectory
from bot.slack.workspace.learning import PeopleLearning
from bot.store.delivery.waiting import lanes_that_wait
from bot.store.opening import Store
from tests.effort import leading
from tests.fake_slack import FakeSlack
from tests.slack_room import OTHER, RESPONDER, MovingClock, Room, open_room, populate, room_settings, served_again


class Forgetful(SlackDirectory):
    """Cannot keep the first page that it is told; does something after the next one."""

    error: Exception | None = None
    afterwards: Callable[[], object] | None = None

    def learn(self, users: Iterable[Mapping[str, Any]]) -> None:
        """Fail once, do something once."""
        if self.error:
            error, self.error = self.error, None
            raise error
        super().learn(users)
        if self.afterwards:
            afterwards, self.afterwards = self.afterwards, None
            afterwards()


def _reading(
    room: Room, error: Exception | None = None, *, tell: Callable[[str], object] = print
) -> tuple[PeopleLearning, Forgetful]:
    """What reads people into a directory of its own, and that directory."""
    client = build_client(room.settings)
    directory = Forgetful(room.app.store.people, room.settings)
    directory.error = error
    return PeopleLearning(client, directory, Degrading(client, tell), retry_seconds=0.001), directory


@pytest.mark.parametrize("error", leading(1, [Unavailable("The database did not answer."), KeyError("members")]))
def test_people_are_read_again_where_what_slack_says_cannot_be_kept(own_room: Room, error: Exception) -> None:
    """Neither a database that is away nor an answer that nobody foresaw leaves the bot without its people for good."""
    learning, directory = _reading(own_room, error)
    own_room.slack.add_user("U0NEW", "nora")
    client = WebClient(token="xoxb-fake")
    app = App(client=client, signing_secret="secret", token_verification_enabled=False)
    slack = SlackConnection(app, Identity(client, user_id="U0BOT"), app_token="", learning=learning)

    slack.start()

    own_room.wait_for("the new one", lambda: directory.is_known("U0NEW"))
    slack.stop()


def test_people_are_read_on_from_where_slack_asked_to_wait(own_room: Room) -> None:
    """A page that is limited is asked for again after the time that Slack gives; those before it are not."""
    for number in range(250):
        own_room.slack.add_user(f"U1MANY{number}", f"many{number}")
    learning, directory = _reading(own_room)
    before = len(own_room.slack.calls_of("users.list"))
    directory.afterwards = partial(own_room.slack.rate_limit, "users.list", 1)

    learning.start(own_room.slack.team)
    own_room.wait_for("the last one", lambda: directory.is_known("U1MANY249"))
    learning.stop()

    calls = own_room.slack.calls_of("users.list")[before:]
    assert [(str(call.arguments.get("cursor") or ""), call.error) for call in calls] == [
        ("", ""),
        ("200", "ratelimited"),
        ("200", ""),
    ]


def test_who_became_a_guest_unseen_may_do_nothing_any_more(own_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event may never have come: everybody is asked about once a day, not only when Debrief starts."""
    monkeypatch.setattr("bot.slack.workspace.learning.AGAIN_SECONDS", 0.05)
    learning, directory = _reading(own_room)
    asked = len(own_room.slack.calls_of("usergroups.list"))
    learning.start(own_room.slack.team)
    own_room.wait_for("the next round", lambda: len(own_room.slack.calls_of("usergroups.list")) > asked + 1)
    before = directory.person(OTHER)

    own_room.slack.users[OTHER] = {**own_room.slack.users[OTHER], "is_restricted": True}

    own_room.wait_for("the guest", lambda: (found := directory.person(OTHER)) and found.is_outsider)
    learning.stop()
    assert before is not None
    assert not before.is_outsider


def test_who_became_a_guest_while_the_socket_was_lost_may_do_nothing_any_more(
    own_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack tells an event again for some minutes only, and a day is long for somebody who was sent away."""
    monkeypatch.setattr("bot.slack.serving.UNHEARD_SECONDS", 0.5)
    learning, directory = _reading(own_room)
    socket = mock.Mock(**{"client.is_connected.return_value": True})
    slack = SlackConnection(
        App(client=WebClient(token="xoxb-fake"), signing_secret="secret", token_verification_enabled=False),
        Identity(build_client(own_room.settings), user_id="U0BOT", team_id=own_room.slack.team),
        app_token="xapp-fake",
        learning=learning,
        retry_seconds=0.01,
        open_socket=lambda *_, **__: socket,
    )
    slack.start()
    own_room.wait_for("the people", lambda: directory.is_known(OTHER) and slack.is_connected)
    own_room.wait_for("the groups", lambda: len(own_room.slack.calls_of("usergroups.list")) > 1)
    asked = len(own_room.slack.calls_of("users.list"))

    socket.client.is_connected.return_value = False
    own_room.slack.users[OTHER] = {**own_room.slack.users[OTHER], "is_restricted": True}
    time.sleep(0.6)
    meanwhile = len(own_room.slack.calls_of("users.list"))
    socket.client.is_connected.return_value = True

    own_room.wait_for("the guest", lambda: (found := directory.person(OTHER)) and found.is_outsider)
    slack.stop()
    assert meanwhile == asked


def test_who_became_a_guest_on_a_page_that_was_read_before_may_do_nothing_any_more(
    own_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round that stopped half-way does not stand for the one that is asked for after it; Slack's rest is kept."""
    monkeypatch.setattr("bot.slack.workspace.learning.PAGE", 2)
    own_room.slack.now = time.monotonic
    learning, directory = _reading(own_room)
    before = len(own_room.slack.calls_of("users.list"))
    directory.afterwards = partial(own_room.slack.rate_limit, "users.list", 1)
    first = next(iter(own_room.slack.users))
    learning.start(own_room.slack.team)
    own_room.wait_for("the limit", lambda: len(own_room.slack.calls_of("users.list")) == before + 2)

    own_room.slack.users[first] = {**own_room.slack.users[first], "is_restricted": True}
    learning.again()

    own_room.wait_for("the guest", lambda: (found := directory.person(first)) and found.is_outsider)
    learning.stop()
    calls = own_room.slack.calls_of("users.list")[before:]
    assert [(str(call.arguments.get("cursor") or ""), call.error) for call in calls[:4]] == [
        ("", ""),
        ("2", "ratelimited"),
        ("", ""),
        ("2", ""),
    ]
    assert calls[2].at - calls[1].at >= 1


def test_operator_hears_that_slack_does_not_say_who_is_who(own_room: Room) -> None:
    """Without that scope nobody new can record anything in Slack: one note says so, and it is asked for rarely."""
    told: list[str] = []
    learning, _ = _reading(own_room, tell=told.append)
    before = len(own_room.slack.calls_of("users.list"))
    own_room.slack.fail("users.list", "missing_scope", times=None)

    learning.start(own_room.slack.team)
    own_room.wait_for("the note", lambda: told)
    learning.stop()

    (note,) = told
    assert note.startswith("Slack has no users.list for Debrief (missing_scope); whoever it does not know yet is told ")
    assert len(own_room.slack.calls_of("users.list")) == before + 1


def test_slack_is_left_alone_where_there_is_no_token(own_room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """Debrief on the command line and its webhooks alone calls nobody every five seconds."""
    caplog.set_level("INFO")
    learning, _ = _reading(own_room)
    client = WebClient(base_url=own_room.slack.url)
    before = len(own_room.slack.calls)
    bolt = own_room.app.slack.bolt
    slack = SlackConnection(bolt, Identity(client), app_token="", learning=learning)

    slack.start()
    own_room.wait_for("the log", lambda: [one for one in caplog.records if one.msg == "without Slack"])
    slack.stop()

    assert "set DEBRIEF_SLACK_BOT_TOKEN" in _because(caplog, "without Slack")

    assert not slack.is_connected
    assert own_room.slack.calls[before:] == []


def test_what_waits_for_a_token_is_sent_once_there_is_one(
    ready_sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that has lost its token asks Slack for nothing, says what it waits for, and leaves no lane to resume."""
    with open_room(ready_sqlite_url, tmp_path) as room:
        token, posts = room.settings.slack_bot_token, len(room.slack.calls_of("chat.postMessage"))
        with served_again(room, slack_bot_token=SecretStr("")) as without:
            before, store = len(room.slack.calls), without.app.store
            tell_the_operator(store, "A first word.")
            without.wait_for("an attempt", lambda: [one for one in _reasons(store) if "DEBRIEF_SLACK_BOT_TOKEN" in one])
            (waiting,), asked = lanes_that_wait(store.database), room.slack.calls[before:]
            with served_again(without, slack_bot_token=token) as again:
                room.clock.move(minutes=6)
                again.wait_for("the word", lambda: room.slack.calls_of("chat.postMessage")[posts:])

    assert (asked, waiting.command) == ([], "")
    assert waiting.because == "there is no token: set DEBRIEF_SLACK_BOT_TOKEN and start the server again"
    assert not _because(caplog, "Slack does not answer")
    assert [vars(one)["note"] for one in caplog.records if one.msg == "operator note"] == ["A first word."]


def test_token_that_slack_refuses_is_named_with_its_setting(own_room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """Either token may be the wrong one, and Slack's word for both is the same."""
    learning, _ = _reading(own_room)
    client = build_client(own_room.settings)
    for identity, method in (
        (Identity(client), "auth.test"),
        (Identity(client, user_id="U0BOT"), "apps.connections.open"),
    ):
        own_room.slack.fail(method, "invalid_auth", times=None)
        slack = SlackConnection(own_room.app.slack.bolt, identity, app_token="xapp-1", learning=learning)
        slack.start()
        own_room.wait_for("the refusal", lambda identity=identity: _because(caplog, _refusal(identity)))
        slack.stop()

    assert _because(caplog, "Slack refused the token") == "invalid_auth; see DEBRIEF_SLACK_BOT_TOKEN"
    assert _because(caplog, "Slack refused the socket").startswith("invalid_auth; see DEBRIEF_SLACK_APP_TOKEN")


def test_socket_that_slack_refuses_leaves_no_threads(own_room: Room) -> None:
    """It is tried every few seconds: two threads of each try would fill a day's limit of the process."""
    learning, _ = _reading(own_room)
    client = build_client(own_room.settings)
    own_room.slack.fail("apps.connections.open", "invalid_auth", times=None)
    before, tried = threading.active_count(), len(own_room.slack.calls_of("apps.connections.open"))
    slack = SlackConnection(
        own_room.app.slack.bolt,
        Identity(client, user_id="U0BOT"),
        app_token="xapp-1",
        learning=learning,
        retry_seconds=0.01,
    )
    slack.start()
    own_room.wait_for("ten tries", lambda: len(own_room.slack.calls_of("apps.connections.open")) >= tried + 10)
    slack.stop()

    assert own_room.wait_for("the threads' end", lambda: threading.active_count() <= before + 2)


def _refusal(identity: Identity) -> str:
    return "Slack refused the socket" if identity.user_id else "Slack refused the token"


def test_bot_that_slack_has_no_way_to_is_not_connected(
    ready_sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With neither an app token nor a signing secret no command is ever heard, whatever Slack says of the token."""
    with open_room(ready_sqlite_url, tmp_path, slack_signing_secret="") as room:
        is_connected = room.app.slack.is_connected

    assert not is_connected
    assert "DEBRIEF_SLACK_APP_TOKEN for Socket Mode, or DEBRIEF_SLACK_SIGNING_SECRET" in _because(
        caplog, "Slack cannot reach this server"
    )


def _because(caplog: pytest.LogCaptureFixture, message: str) -> str:
    return next((str(vars(one)["because"]) for one in caplog.records if one.msg == message), "")


@contextmanager
def _another_workspace(url: str, folder: Path) -> Iterator[tuple[FakeSlack, Settings]]:
    """A workspace whose token is given to a bot on the record of a first one, where posts still wait."""
    with open_room(url, folder) as room:
        room.slack.is_down = True
        room.ask(RESPONDER, "declare SEV2 Ledger of the first one is wrong")
    with FakeSlack(team="T0ANOTHER") as slack:
        populate(slack)
        yield slack, room_settings(slack, url, folder)


def test_second_workspace_is_refused_where_another_ones_record_is(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Whatever waits for the first one would be posted into the second."""
    with (
        _another_workspace(ready_sqlite_url, tmp_path) as (_, settings),
        pytest.raises(InvalidInput, match=r"is the record of Home \(T0HOME\), and Slack's token is of T0ANOTHER"),
    ):
        build(settings)


def test_nothing_is_posted_into_a_workspace_that_slack_names_late(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Slack was down at the start, so nobody could know; the lanes ask before they post."""
    with _another_workspace(ready_sqlite_url, tmp_path) as (slack, settings):
        slack.is_down = True
        app = build(settings)
        slack.is_down = False
        app.start()
        room = Room(slack=slack, app=app, clock=MovingClock(), port=0, settings=settings)
        room.wait_for("an attempt", lambda: [one for one in _reasons(app.store) if ELSEWHERE in one])
        is_connected = app.slack.is_connected
        app.stop()

    assert not is_connected
    assert {call.method for call in slack.calls if not call.error} == {"auth.test"}


def _reasons(store: Store) -> list[str]:
    return [lane.because for lane in lanes_that_wait(store.database)]
