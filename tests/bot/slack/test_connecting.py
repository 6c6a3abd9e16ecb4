"""Coming up beside Slack and a database that may be away at that very moment."""

import threading
from collections.abc import Callable

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from analysis.errors import Unavailable
from bot.slack.serving import Identity, SlackConnection


def connection(learn: Callable[[], None]) -> SlackConnection:
    """Over HTTP, of a bot that knows who it is; tries again at once."""
    client = WebClient(token="xoxb-fake")
    app = App(client=client, signing_secret="secret", token_verification_enabled=False)
    identity = Identity(client, user_id="U0BOT")
    return SlackConnection(app, identity, app_token="", base_url="", learn=learn, retry_seconds=0.001)


@pytest.mark.parametrize("error", [Unavailable("The database did not answer."), KeyError("members")])
def test_connecting_tries_again_where_what_slack_says_cannot_be_kept(error: Exception) -> None:
    """Neither a database that is away nor an answer that nobody foresaw leaves the bot without its people for good."""
    tries: list[int] = []
    learned = threading.Event()

    def learn() -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise error
        learned.set()

    slack = connection(learn)

    slack.start()

    assert learned.wait(10)
    slack.stop()
    assert tries == [0, 1]
