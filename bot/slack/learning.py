"""Reading who is who from Slack, page by page, for as long as it takes."""

import logging
import threading

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.errors import DebriefError
from bot.slack.client import TRANSPORT_ERRORS, Degrading, error_code, retry_after_seconds
from bot.slack.directory import SlackDirectory

log = logging.getLogger(__name__)

PAGE = 200
RETRY_SECONDS = 5.0
#: Somebody has to give the app a scope first.
LACKING_SECONDS = 300.0
STRANGERS = "whoever it does not know yet is told so and can record nothing in Slack; the command line still works"


class PeopleLearning:
    """Reads everybody and every user group once, in a thread of its own; a page that was read is not read again."""

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
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-people", daemon=True)

    def start(self, team_id: str) -> None:
        """Begin to read; who is not of the team *team_id* is an outsider."""
        self._directory.set_team(team_id)
        self._thread.start()

    def stop(self) -> None:
        """Read no further page."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=RETRY_SECONDS)

    def _run(self) -> None:
        rest = self._attempt()
        while rest is not None and not self._stopping.wait(rest):
            rest = self._attempt()

    def _attempt(self) -> float | None:
        """Read on from where it stopped; how many seconds to rest before the next attempt, `None` when all is read."""
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
            return None
        return self._retry_seconds

    def _read(self) -> None:
        while not self._is_everybody_known and not self._stopping.is_set():
            page = self._client.users_list(limit=PAGE, cursor=self._cursor)
            self._directory.learn(page["members"])
            self._cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            self._is_everybody_known = not self._cursor
        if self._stopping.is_set():
            return
        groups = self._degrading.call("usergroups.list", include_users=True)
        if groups:
            members = {group["id"]: group.get("users") or () for group in groups["usergroups"]}
            self._directory.learn_groups(members, is_all=True)

    def _rest_after(self, error: SlackApiError) -> float:
        code = error_code(error)
        log.warning("people not read yet", extra={"because": code})
        if code == "invalid_cursor":
            self._cursor = ""
        if self._degrading.tell_if_lacking("users.list", code, so=STRANGERS):
            return LACKING_SECONDS
        return max(retry_after_seconds(error), 1.0) if code in {"ratelimited", "rate_limited"} else self._retry_seconds
