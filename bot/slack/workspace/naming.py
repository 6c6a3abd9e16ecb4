"""Our command under the name that it has in this workspace; sentences are written with the default name."""

import re
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.web import SlackResponse

#: As sentences show what to type.
_SHOWN = re.compile(r"`/incident(?=[ `])")
NO_TOKEN = "there is no token: set DEBRIEF_SLACK_BOT_TOKEN and start the server again"  # noqa: S105 - a sentence


class NoToken(SlackClientError):
    """Nobody has given us a token, so Slack need not be asked."""


def named(value: Any, command: str) -> Any:  # noqa: ANN401 - JSON for Slack
    """Return *value* with `command` in every text that says what to type."""
    if isinstance(value, str):
        return _SHOWN.sub(lambda _: f"`{command}", value)
    if isinstance(value, dict):
        return {name: named(inner, command) for name, inner in value.items()}
    return [named(inner, command) for inner in value] if isinstance(value, list) else value


class NamingClient(WebClient):
    """A client whose posts and forms say `command`."""

    def __init__(self, command: str, **arguments: Any) -> None:  # noqa: ANN401 - those of `WebClient`
        """Talk to Slack as *arguments* say."""
        super().__init__(**arguments)
        self._command = command

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:  # noqa: ANN401 - likewise
        """Name the command in what is sent as JSON, which all that people read is.

        Raises
        ------
        NoToken
            If there is none: Slack would refuse the call for good, and whatever is sent later can be sent.
        """
        if not self.token:
            raise NoToken(NO_TOKEN)
        return super().api_call(api_method, **{**arguments, "json": named(arguments.get("json"), self._command)})
