"""Bringing the Slack side up: who we are, who the people are, and the socket."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.slack.client import TRANSPORT_ERRORS, error_code
from bot.slack.incoming.dropped import NOTICE
from bot.slack.incoming.shapes import UnreadableError, readable
from bot.slack.workspace.learning import PeopleLearning
from bot.slack.workspace.naming import NO_TOKEN

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
#: After so long without Slack, what it told meanwhile is asked for: it tells an event again for some minutes only.
UNHEARD_SECONDS = 60.0
#: What is older may be sent again by anybody who saw it, says Slack.
LONGEST_SECONDS = 300
ELSEWHERE = "Slack's token is of another workspace than this record; see DEBRIEF_SLACK_BOT_TOKEN"
NO_WAY_IN = (
    "nobody's commands are heard: set DEBRIEF_SLACK_APP_TOKEN for Socket Mode, or DEBRIEF_SLACK_SIGNING_SECRET for HTTP"
)
NO_SECRET = "DEBRIEF_SLACK_SIGNING_SECRET is not set"  # noqa: S105 - a sentence
#: What else Slack refuses a socket for, beside a wrong token.
_NO_SOCKET = "see DEBRIEF_SLACK_APP_TOKEN: the app needs Socket Mode on, and an app-level token with connections:write"


@dataclass(slots=True)
class Identity:
    """Who the bot is in Slack; filled at start, and later where Slack was down.

    `home` is the workspace whose record this is, where it is known: nothing of it may be posted in another one.
    """

    client: WebClient
    team_id: str = ""
    team_name: str = ""
    user_id: str = ""
    bot_id: str = ""
    home: str = ""

    def is_elsewhere(self) -> bool:
        """Whether the token is of another workspace than `home`; asks Slack where it has not said yet."""
        if self.home and not self.user_id:
            self.learn()
        return bool(self.home and self.team_id and self.team_id != self.home)

    def learn(self) -> bool:
        """Ask Slack once; false where it does not answer, or there is no token to ask with."""
        if not self.client.token:
            return False
        try:
            answer = self.client.auth_test()
        except SlackApiError as error:
            because = f"{error_code(error)}; see DEBRIEF_SLACK_BOT_TOKEN"
            log.warning("Slack refused the token", extra={"because": because})
            return False
        except TRANSPORT_ERRORS as error:
            log.warning("Slack does not answer", extra={"because": type(error).__name__})
            return False
        self.team_id, self.team_name = str(answer.get("team_id") or ""), str(answer.get("team") or "")
        self.user_id, self.bot_id = str(answer.get("user_id") or ""), str(answer.get("bot_id") or "")
        return True

    def authorize(self) -> AuthorizeResult:
        """What Bolt wants for each request, from memory."""
        return AuthorizeResult(
            enterprise_id=None,
            team_id=self.team_id or None,
            bot_token=self.client.token,
            bot_id=self.bot_id or None,
            bot_user_id=self.user_id or None,
        )


class SlackConnection:
    """Keeps the socket up, trying again for as long as Slack is down; who is who is read once it is open."""

    def __init__(
        self,
        app: App,
        identity: Identity,
        *,
        app_token: str,
        learning: PeopleLearning,
        has_signing_secret: bool = True,
        retry_seconds: float = RETRY_SECONDS,
        may_listen: Callable[[], bool] = lambda: True,
        open_socket: Callable[..., Any] = SocketModeHandler,
    ) -> None:
        """Nothing is connected before `start`; without an app token Slack comes to us over HTTP, with a secret.

        The socket is closed while *may_listen* says no: Slack hands a request to any one of an app's sockets, so that
        another process gets all of them.
        """
        self._may_listen = may_listen
        self._open_socket = open_socket
        self._is_up = False
        self._has_signing_secret = has_signing_secret
        self._retry_seconds = retry_seconds
        self._app = app
        self._identity = identity
        self._app_token = app_token
        self._learning = learning
        self._socket: Any = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-connection", daemon=True)

    @property
    def is_connected(self) -> bool:
        """Whether requests of Slack can reach us, as far as we know; over HTTP, whether Slack knows our token."""
        if not self._app_token:
            return self._has_signing_secret and bool(self._identity.user_id) and not self._identity.is_elsewhere()
        socket = self._socket
        return socket is not None and bool(socket.client.is_connected())

    def start(self) -> None:
        """Connect in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Let go of the socket."""
        self._stopping.set()
        self._learning.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=RETRY_SECONDS)
        self._hang_up()

    def _run(self) -> None:
        if not self._identity.client.token:
            log.warning("without Slack", extra={"because": NO_TOKEN})
            return
        heard_at: float | None = None
        while not self._stopping.is_set():
            if not self._may_listen():
                self._hang_up()
            elif not self._is_up and self._connect():
                self._is_up = True
                if heard_at is None:
                    self._learning.start(self._identity.team_id)
                    heard_at = time.time()
            if heard_at is not None and self._is_up and self.is_connected:
                heard_at = self._caught_up(heard_at)
            self._stopping.wait(self._retry_seconds)

    def _caught_up(self, heard_at: float) -> float:
        """Have asked who is who, where that may have changed unheard since *heard_at*; when Slack was heard now."""
        now = time.time()  # which also goes on while the machine is suspended
        if now - heard_at >= UNHEARD_SECONDS:
            log.info("Slack is heard again", extra={"seconds": round(now - heard_at)})
            self._learning.again()
        return now

    def _hang_up(self) -> None:
        """Let go of the socket, if there is one."""
        socket, self._socket, self._is_up = self._socket, None, False
        if socket is None:
            return
        try:
            socket.close()
        except Exception:  # the thread's edge: whatever was wrong with it, it is not ours any more
            log.exception("Slack's socket did not close in good order")
        log.info("Slack's socket closed")

    @staticmethod
    def _opened(handler: Any) -> Any:  # noqa: ANN401 - slack-bolt leaves it untyped
        """The socket of *handler*, connected; one that does not connect keeps threads of its own until it is closed."""
        try:
            handler.connect()
        except BaseException:
            handler.close()
            raise
        return handler

    def _connect(self) -> bool:
        try:
            if not self._identity.user_id and not self._identity.learn():
                return False
            if self._identity.is_elsewhere():
                log.error("Slack not connected", extra={"because": ELSEWHERE})
                return False
            if self._app_token and self._socket is None:
                web_client = WebClient(token=self._identity.client.token, base_url=self._identity.client.base_url)
                self._socket = self._opened(self._open_socket(self._app, self._app_token, web_client=web_client))
        except SlackApiError as error:
            log.warning("Slack refused the socket", extra={"because": f"{error_code(error)}; {_NO_SOCKET}"})
            return False
        except TRANSPORT_ERRORS as error:
            log.warning("Slack does not answer", extra={"because": type(error).__name__})
            return False
        except Exception:  # the thread's edge: without it nobody would ever connect again
            log.exception("Slack not connected yet")
            return False
        if self._app_token or self._has_signing_secret:
            log.info("Slack connected", extra={"mode": "socket" if self._app_token else "http"})
        else:
            log.error("Slack cannot reach this server", extra={"because": NO_WAY_IN})
        return True


def dispatch_http(
    app: App,
    signing_secret: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    dropped: Callable[[], None],
    mistimed: Callable[[float], None],
) -> tuple[int, Mapping[str, str], str]:
    """Answer one signed request of Slack.

    The signature is checked here, before anything of the body is read; Bolt, which reads first, does not repeat it.
    *dropped* is called for the notice that Slack drops events, which Bolt does not know; *mistimed*, with the seconds
    between, for what Slack signed at another time than it is here, and is refused as what is sent again.
    """
    seconds = _signed_ago(signing_secret, body, headers)
    if seconds is None:
        because = "it is not signed with DEBRIEF_SLACK_SIGNING_SECRET"
        log.info("request refused", extra={"because": because if signing_secret else NO_SECRET})
        return 401, {}, "invalid request"
    if abs(seconds) > LONGEST_SECONDS:
        log.info("request refused", extra={"because": "it is signed more than five minutes off our clock"})
        mistimed(seconds)
        return 401, {}, "invalid request"
    try:
        request = BoltRequest(body=body.decode("utf-8"), headers={name: [value] for name, value in headers.items()})
        request.body = readable(request.body)
    except UnreadableError as error:
        log.warning("unreadable request", extra={"because": error.message})
        return 400, {}, "unreadable request"
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        log.warning("unreadable request", extra={"because": type(error).__name__})
        return 400, {}, "unreadable request"
    if request.body.get("type") == NOTICE:
        dropped()
        return 200, {}, ""
    response = app.dispatch(request)
    return response.status, _flat(response.headers), response.body


def _signed_ago(signing_secret: str, body: bytes, headers: Mapping[str, str]) -> float | None:
    """How many seconds ago Slack signed exactly this body; `None` if it did not: without a secret nobody can."""
    timestamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (signing_secret and timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None  # bytes are not text
    expected = SignatureVerifier(signing_secret).generate_signature(timestamp=timestamp, body=text)
    if not (expected and signature.isascii() and compare_digest(expected, signature)):
        return None
    return time.time() - int(timestamp)


def _flat(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name: values[0] if isinstance(values, list) else str(values) for name, values in headers.items()}
