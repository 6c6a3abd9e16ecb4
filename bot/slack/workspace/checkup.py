"""Looking the connection to Slack over for the operator: who we are there, what we may do, and whose clock is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ports.outside import Clock
from bot.settings import Settings
from bot.slack.client import TRANSPORT_ERRORS, build_client, error_code


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackCheckup:
    """What Slack said; a problem is its own word for it, or the kind of silence.

    `skew` is how far our clock is ahead of Slack's; `scopes` are those of the token. Either is `None` where Slack does
    not say, as stand-ins may not.
    """

    problem: str = ""
    team: str = ""
    skew: timedelta | None = None
    scopes: frozenset[str] | None = None
    socket_problem: str = ""
    channel_problem: str = ""
    alerts_channel_problem: str = ""


def check_slack(settings: Settings, clock: Clock) -> SlackCheckup:
    """Ask Slack who we are, for a socket if there is an app token, and about the channels that settings name."""
    client = build_client(settings)
    before = clock.now()
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        return SlackCheckup(problem=error_code(error))
    except TRANSPORT_ERRORS as error:
        return SlackCheckup(problem=f"no answer ({type(error).__name__})")
    headers = {name.lower(): _text(value) for name, value in answer.headers.items()}
    granted = headers.get("x-oauth-scopes")
    return SlackCheckup(
        team=f"{answer.get('team') or '?'} ({answer.get('team_id') or '?'})",
        skew=_skew(headers, before, clock.now()),
        scopes=frozenset(word.strip() for word in granted.split(",") if word.strip()) if granted is not None else None,
        socket_problem=_socket_problem(client, settings),
        channel_problem=_channel_problem(client, settings.operations_channel),
        alerts_channel_problem=_channel_problem(client, settings.alerts_channel),
    )


def _skew(headers: Mapping[str, str], before: datetime, after: datetime) -> timedelta | None:
    """Our clock at the middle of the call against the second that Slack wrote on its answer."""
    try:
        theirs = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return None
    ours = before + (after - before) / 2
    return ours - theirs.replace(tzinfo=theirs.tzinfo or UTC)


def _socket_problem(client: WebClient, settings: Settings) -> str:
    token = settings.slack_app_token.get_secret_value()
    if not token:
        return ""
    try:
        client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return error_code(error)
    except TRANSPORT_ERRORS as error:
        return f"no answer ({type(error).__name__})"
    return ""


def _channel_problem(client: WebClient, channel: str) -> str:
    if not channel:
        return ""
    try:
        answer = client.conversations_info(channel=channel)
    except SlackApiError as error:
        return error_code(error)
    except TRANSPORT_ERRORS as error:
        return f"no answer ({type(error).__name__})"
    found = answer.get("channel") or {}
    if found.get("is_archived"):
        return "is_archived"
    return "" if found.get("is_member", True) else "not_in_channel"


def _text(value: object) -> str:
    return str(value[0]) if isinstance(value, list) else str(value)
