"""The Web API client, and what its errors mean for a delivery."""

import socket
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.ports.outbox import Outcome, Park, Retry
from bot.settings import Settings
from bot.slack.workspace.naming import NamingClient, NoToken

#: Methods that an incident can do without; a workspace or stand-in that lacks one costs a note to the operator.
DEGRADABLE = frozenset(
    {
        "conversations.invite",
        "conversations.join",
        "conversations.rename",
        "conversations.setTopic",
        "conversations.archive",
        "pins.add",
        "bookmarks.add",
        "chat.unfurl",
        "usergroups.list",
        "usergroups.users.list",
        "views.publish",
    }
)
#: Methods that read no JSON (docs.slack.dev, usergroups.users.list).
_WITHOUT_JSON = frozenset({"usergroups.list", "usergroups.users.list"})
_LACKING = frozenset(
    {"unknown_method", "missing_scope", "not_allowed_token_type", "method_deprecated", "no_permission"}
)
#: Nothing can be asked of Slack until somebody gives us another token.
TOKEN_TROUBLE = frozenset({"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive"})
_LANE_IS_CLOSED = TOKEN_TROUBLE | frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "team_access_not_granted",
        "missing_scope",
        "unknown_method",
    }
)
#: What the operator can do, where that is not plain from Slack's word.
_REMEDIES = {"is_archived": ", its channel was archived; unarchive it, or reopen the incident that it is of"}
_TRY_AGAIN = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)

TRANSPORT_ERRORS = (URLError, HTTPException, TimeoutError, OSError, SlackClientError)


def build_client(settings: Settings) -> WebClient:
    """A client for the configured base URL, without retries of its own: the lanes retry."""
    return NamingClient(
        settings.slack_command,
        token=settings.slack_bot_token.get_secret_value() or None,
        base_url=settings.slack_api_url,
        timeout=settings.slack_timeout_seconds,
        retry_handlers=[],
    )


def error_code(error: SlackApiError) -> str:
    """Slack's own word for what went wrong; `http_500` and the like where it gave none."""
    response = error.response
    if isinstance(response, SlackResponse):
        if response.status_code == 429:
            return "ratelimited"
        if isinstance(response.data, dict) and response.data.get("error"):
            return str(response.data["error"])
        return f"http_{response.status_code}"
    return str(response.get("error", "unknown_error"))


def outcome_of(error: Exception, *, is_post: bool) -> Outcome:
    """What becomes of a delivery whose call raised *error*; a post whose answer was lost may have arrived."""
    if isinstance(error, NoToken):
        return Retry(because=str(error))
    if not isinstance(error, SlackApiError):
        never_left = isinstance(error, URLError) and isinstance(error.reason, ConnectionRefusedError | socket.gaierror)
        because = f"Slack could not be reached: {type(error).__name__}"
        return Retry(because=because, is_unknown=is_post and not never_left)
    code = error_code(error)
    if code in {"ratelimited", "rate_limited"}:
        return Retry(because="Slack asks to wait", after=timedelta(seconds=max(1.0, retry_after_seconds(error))))
    if is_passing(code):
        return Retry(because=f"Slack answered {code}", is_unknown=is_post)
    because = f"Slack answered {code}{_REMEDIES.get(code, '')}"
    return Park(because=because, whole_lane=code in _LANE_IS_CLOSED)


def is_passing(code: str) -> bool:
    """Whether the same call may well be answered a moment later."""
    return code in _TRY_AGAIN or code.startswith("http_5")


def retry_after_seconds(error: SlackApiError) -> float:
    """How long Slack asks to wait; one second where it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return float(value[0] if isinstance(value, list) else value)
    except ValueError:
        return 1.0


class Degrading:
    """Calls methods that may be missing, and tells the operator once about each that is."""

    def __init__(self, client: WebClient, tell_operator: Callable[[str], None]) -> None:
        """Nothing is known to be missing yet."""
        self._client = client
        self._tell_operator = tell_operator
        self._told: set[str] = set()

    def call(self, method: str, *, fine: frozenset[str] = frozenset(), **arguments: Any) -> SlackResponse | None:  # noqa: ANN401
        """The answer, or `None` where Slack lacks the method or the scope, or answers one of *fine*.

        Raises
        ------
        slack_sdk.errors.SlackApiError
            For every other error, and for methods that an incident cannot do without.
        """
        try:
            if method in _WITHOUT_JSON:
                return self._client.api_call(method, http_verb="GET", params=arguments)
            return self._client.api_call(method, json=arguments)
        except SlackApiError as error:
            code = error_code(error)
            if code in fine or (method in DEGRADABLE and self.tell_if_lacking(method, code)):
                return None
            raise

    def tell_if_lacking(
        self, method: str, code: str, *, so: str = "incidents go on without it and nothing else is lost"
    ) -> bool:
        """Whether *code* says that the method or the scope is missing; the operator hears once what follows."""
        if code not in _LACKING:
            return False
        if method not in self._told:
            self._told.add(method)
            self._tell_operator(
                f"Slack has no {method} for Debrief ({code}); {so}. "
                "Give the app the scopes of manifest.json; `debrief doctor` names those that it lacks."
            )
        return True
