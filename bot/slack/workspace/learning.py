"""Reading from Slack who is who, and who is in the channels of private incidents, page by page."""

import logging
import threading
import time
from dataclasses import replace

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.errors import DebriefError
from bot.slack.client import (
    TOKEN_TROUBLE,
    TRANSPORT_ERRORS,
    Degrading,
    error_code,
    is_passing,
    retry_after_seconds,
)
from bot.slack.workspace.directory import SlackDirectory
from bot.slack.workspace.user_groups import UserGroup, user_group

log = logging.getLogger(__name__)

PAGE = 200
RETRY_SECONDS = 5.0
#: Somebody has to give the app a scope first.
LACKING_SECONDS = 300.0
#: Events tell who joined, left or became a guest; one that never came would leave somebody their access for good.
AGAIN_SECONDS = 86_400.0
UNSEEN = "who joined or left the channel of a private incident while Debrief was away is not found out"
STRANGERS = "whoever it does not know yet is told so and can record nothing in Slack; the command line still works"


def read_members(client: WebClient, directory: SlackDirectory, channel: str) -> None:
    """Ask Slack who is in *channel*, and keep that.

    Raises
    ------
    slack_sdk.errors.SlackApiError
        If Slack does not say.
    """
    moves = directory.moves(channel)
    members: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        members += page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
    if any(map(directory.is_own, members)):  # else it is not the whole answer: Debrief is in there itself
        directory.learn_members(channel, members, moves=moves)


class PeopleLearning:
    """Reads everybody, every user group and who is in private incidents' channels, at start and once a day.

    It does so in a thread of its own, and also when it is asked to, then from the beginning; a page or channel that was
    read is not read again in the same round.
    """

    def __init__(
        self,
        client: WebClient,
        directory: SlackDirectory,
        degrading: Degrading,
        *,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        """Nothing is read before `start`."""
        self._client = client
        self._directory = directory
        self._degrading = degrading
        self._retry_seconds = retry_seconds
        self._cursor = ""
        self._is_everybody_known = False
        self._channels: list[str] | None = None
        self._limited_until = 0.0
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-people", daemon=True)

    def start(self, team_id: str) -> None:
        """Begin to read; who is not of the team *team_id* is an outsider."""
        self._directory.set_team(team_id)
        self._thread.start()

    def again(self) -> None:
        """Begin another round as soon as Slack lets: what it told meanwhile may not have come."""
        self._woken.set()

    def stop(self) -> None:
        """Read no further page."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=RETRY_SECONDS)

    def _run(self) -> None:
        rest = self._attempt()
        while True:
            if self._woken.wait(rest):
                self._stopping.wait(max(self._limited_until - time.monotonic(), 0.0))
                self._woken.clear()  # before it looks whether to stop: `stop` sets both, that one first
                self._begin_anew()
            if self._stopping.is_set():
                return
            rest = self._attempt()

    def _begin_anew(self) -> None:
        """Count nothing as read: who is on a page that was read before may have changed since."""
        self._cursor = ""
        self._is_everybody_known = False
        self._channels = None

    def _attempt(self) -> float:
        """Read on from where it stopped; how many seconds to rest before the next attempt, or the next round."""
        try:
            self._read()
        except SlackApiError as error:
            return self._rest_after(error)
        except TRANSPORT_ERRORS as error:
            log.warning("people not read yet", extra={"because": type(error).__name__})
        except DebriefError as error:
            log.warning("people not read yet", extra={"because": error.message})
        except Exception:  # the thread's edge: without it nobody new would ever be known
            log.exception("people not read yet")
        else:
            return AGAIN_SECONDS
        return self._retry_seconds

    def _read(self) -> None:
        """Read all that is left of this round; the round is over then."""
        while not self._is_everybody_known and not self._stopping.is_set():
            page = self._client.users_list(limit=PAGE, cursor=self._cursor)
            self._directory.learn(page["members"])
            self._cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            self._is_everybody_known = not self._cursor
        if self._stopping.is_set():
            return
        self._read_groups()
        self._read_channels()
        self._is_everybody_known = False

    def _read_groups(self) -> None:
        groups = self._degrading.call("usergroups.list", include_users=True, include_count=True)
        if groups:
            self._directory.learn_groups([self._whole(user_group(one)) for one in groups["usergroups"]], is_all=True)

    def _whole(self, group: UserGroup) -> UserGroup:
        """*group* with all of its members, where Slack named only the first of them.

        Where it does not name the others, nobody is taken out who was known to be in it, and all else is read on.
        """
        if group.is_whole:
            return group
        try:
            answer = self._degrading.call("usergroups.users.list", usergroup=group.id)
        except SlackApiError as error:
            code = error_code(error)
            if is_passing(code) or code in TOKEN_TROUBLE:
                raise
            log.warning("group not read", extra={"group": group.id, "because": code})
            return group
        return replace(group, users=frozenset(answer["users"]), is_whole=True) if answer else group

    def _read_channels(self) -> None:
        if self._channels is None:
            self._channels = list(self._directory.private_channels())
        while self._channels and not self._stopping.is_set():
            self._read_channel(self._channels[0])
            del self._channels[0]
        self._channels = None

    def _read_channel(self, channel: str) -> None:
        """Keep who is in *channel*; what is known stays where Slack does not say."""
        try:
            read_members(self._client, self._directory, channel)
        except SlackApiError as error:
            code = error_code(error)
            if is_passing(code) or code in TOKEN_TROUBLE:
                raise
            if not self._degrading.tell_if_lacking("conversations.members", code, so=UNSEEN):
                log.warning("members not read", extra={"channel": channel, "because": code})

    def _rest_after(self, error: SlackApiError) -> float:
        code = error_code(error)
        log.warning("people not read yet", extra={"because": code})
        if code == "invalid_cursor":
            self._cursor = ""
        if self._degrading.tell_if_lacking("users.list", code, so=STRANGERS):
            return LACKING_SECONDS
        if code not in {"ratelimited", "rate_limited"}:
            return self._retry_seconds
        rest = max(retry_after_seconds(error), 1.0)
        self._limited_until = time.monotonic() + rest
        return rest
