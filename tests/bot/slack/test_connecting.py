"""Coming up beside Slack and a database that may be away at that very moment."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from analysis.errors import Unavailable
from bot.slack.client import Degrading, build_client
from bot.slack.directory import SlackDirectory
from bot.slack.learning import PeopleLearning
from bot.slack.serving import Identity, SlackConnection
from tests.slack_room import Room


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


@pytest.mark.parametrize("error", [Unavailable("The database did not answer."), KeyError("members")])
def test_people_are_read_again_where_what_slack_says_cannot_be_kept(own_room: Room, error: Exception) -> None:
    """Neither a database that is away nor an answer that nobody foresaw leaves the bot without its people for good."""
    learning, directory = _reading(own_room, error)
    own_room.slack.add_user("U0NEW", "nora")
    client = WebClient(token="xoxb-fake")
    app = App(client=client, signing_secret="secret", token_verification_enabled=False)
    slack = SlackConnection(app, Identity(client, user_id="U0BOT"), app_token="", base_url="", learning=learning)

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
