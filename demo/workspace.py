"""People's hands in the stand-in: what they can do and see, through its own doors only.

The doors are its control API and the websocket of its browser page (`docs/reference/stand-in.md`).
"""

import http.client
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

import websocket

from demo.message import Message, initial_values
from demo.waiting import wait_for

# The stand-in answers a command or click only after the bot has acknowledged it, at most five seconds later.
_TIMEOUT_SECONDS = 30.0
_SCREEN_SECONDS = 10.0


class DoorClosed(Exception):
    """The stand-in refused what a person tried, or the thing to act on is not there."""


class Workspace:
    """The doors of one running stand-in, at *url*."""

    def __init__(self, url: str) -> None:
        self.url = url
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80

    # ---- what can be seen

    def is_up(self) -> bool:
        """Whether it answers at all."""
        try:
            self._get("/_control/state")
        except OSError:
            return False
        return True

    def is_bot_connected(self) -> bool:
        """Whether the bot's socket is open (always false where the bot is reached by HTTP)."""
        return any(app.get("connected") for app in self.screen()["apps"])

    def screen(self) -> Mapping[str, Any]:
        """All that the browser page would show: channels, messages, modals, homes."""
        with self._page() as page:
            return page.state

    def channels(self) -> dict[str, str]:
        """The ids of the channels, by name; direct messages left out."""
        found = self._get("/_control/state")["channels"]
        return {channel["name"]: channel["id"] for channel in found if not channel["is_im"]}

    def messages(self, channel: str) -> list[Message]:
        """The messages of *channel*, oldest first, thread replies and ephemerals too."""
        found = self._get(f"/_control/messages/{channel}")["messages"]
        return [Message(channel=channel, ts=raw["ts"], user=raw.get("user", ""), raw=raw) for raw in found]

    def message(self, channel: str, ts: str) -> Message:
        """One message as it stands now."""
        for message in self.messages(channel):
            if message.ts == ts:
                return message
        raise DoorClosed(f"there is no message {ts} in {channel}")

    def modal(self) -> Mapping[str, Any] | None:
        """The form on top; the stand-in has one stack for everybody."""
        stack = self.screen()["modalStack"]
        return stack[-1] if stack else None

    def home(self, user: str) -> Mapping[str, Any] | None:
        """The App Home that the bot has published for *user*."""
        views = self.screen()["homeViews"].get(user) or {}
        return next(iter(views.values()), None)

    def exchanges(self) -> list[Mapping[str, Any]]:
        """The last thousand exchanges between the stand-in and the bot."""
        return list(self._get("/_control/log")["log"])

    # ---- what people can do

    def say(self, user: str, channel: str, text: str, *, thread: str | None = None) -> str:
        """Write a message; return its `ts`."""
        answer = self._post("message", channel=channel, user=user, text=text, thread_ts=thread)
        return str(answer["message"]["ts"])

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Change one's own message."""
        self._post("edit-message", channel=channel, ts=ts, user=user, text=text)

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's own message."""
        self._post("delete-message", channel=channel, ts=ts, user=user)

    def react(self, user: str, channel: str, ts: str, emoji: str, *, present: bool = True) -> None:
        """Add a reaction, or take it back."""
        self._post("reaction", channel=channel, ts=ts, user=user, name=emoji, present=present)

    def command(self, user: str, channel: str, text: str, *, command: str = "/incident") -> None:
        """Send a slash command; back when the bot has acknowledged it."""
        self._post("command", channel=channel, user=user, command=command, text=text)

    def press(self, user: str, message: Message, action_id: str) -> None:
        """Press a button of *message* as it stands now; one that is not there cannot be pressed."""
        now = self.message(message.channel, message.ts)
        button = next((button for button in now.buttons() if button.action_id == action_id), None)
        if button is None:
            there = ", ".join(button.action_id for button in now.buttons()) or "none"
            raise DoorClosed(f"message {message.ts} has no button {action_id}; it has {there}")
        action = {
            "type": "button",
            "action_id": button.action_id,
            "block_id": button.block_id,
            "value": button.value,
            "text": {"type": "plain_text", "text": button.text},
        }
        self._post("interact", channel=message.channel, messageTs=message.ts, user=user, action=action)

    def open_home(self, user: str) -> None:
        """Open the bot's App Home."""
        self._post("open-home", user=user)

    def submit(self, user: str, values: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """Submit the form on top; return its field errors, empty when it closed.

        Fields that are not in *values* keep what the form came with, as in Slack; the stand-in would send them empty.
        """
        with self._page() as page:
            before = len(page.state["modalStack"])
            if not before:
                raise DoorClosed("there is no form to submit")
            filled_in = {**initial_values(page.state["modalStack"][-1]), **values}
            page.send({"t": "view_submit", "user": user, "values": filled_in})
            answer = page.until(lambda told: told["t"] in {"view", "view_errors"}, "the bot answers the form")
            return dict(answer.get("errors") or {})

    def close(self, user: str) -> None:
        """Close the form on top."""
        with self._page() as page:
            page.send({"t": "view_close", "user": user})
            page.until(lambda told: told["t"] == "view", "the form closes")

    # ---- waiting

    def wait_for_channel(self, prefix: str, *, seconds: float = 20.0) -> tuple[str, str]:
        """The name and id of the newest channel whose name begins with *prefix*, once there is one."""

        def look() -> tuple[str, str] | None:
            found = [(name, id_) for name, id_ in self.channels().items() if name.startswith(prefix)]
            return found[-1] if found else None

        return wait_for(f"a channel {prefix}…", look, seconds=seconds)

    def wait_for_message(
        self, what: str, channel: str, wanted: Callable[[Message], bool], *, after: int = 0, seconds: float = 20.0
    ) -> Message:
        """The first message from number *after* on that is *wanted*, once there is one."""

        def look() -> Message | None:
            return next((message for message in self.messages(channel)[after:] if wanted(message)), None)

        return wait_for(what, look, seconds=seconds)

    # ---- doors

    def _get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        status, body = self._request("GET", path)
        if status != http.client.OK:
            raise DoorClosed(f"{path}: {status} {body.decode(errors='replace')[:200]}")
        return json.loads(body)

    def _post(self, door: str, **values: object) -> Any:  # noqa: ANN401 - JSON
        body = json.dumps({name: value for name, value in values.items() if value is not None})
        status, answer = self._request("POST", f"/_control/{door}", body)
        if status != http.client.OK:
            raise DoorClosed(f"{door}: {status} {answer.decode(errors='replace')[:200]}")
        return json.loads(answer)

    def _request(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        # Not urllib, which would send requests for loopback to a proxy named in the environment.
        with closing(http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_SECONDS)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()

    @contextmanager
    def _page(self) -> Iterator["_Page"]:
        handle = socket.create_connection((self._host, self._port), timeout=_SCREEN_SECONDS)
        with closing(websocket.create_connection(f"ws://{self._host}:{self._port}/ui", socket=handle)) as connection:
            yield _Page(connection)


class _Page:
    """The websocket of the browser page: a state first, changes after."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self._connection = connection
        self.state: Mapping[str, Any] = json.loads(connection.recv())["state"]

    def send(self, message: Mapping[str, Any]) -> None:
        self._connection.send(json.dumps(message))

    def until(self, wanted: Callable[[Mapping[str, Any]], bool], what: str) -> Mapping[str, Any]:
        try:
            while True:
                told: Mapping[str, Any] = json.loads(self._connection.recv())
                if wanted(told):
                    return told
        except websocket.WebSocketTimeoutException as error:
            raise DoorClosed(f"{what}: not within {_SCREEN_SECONDS:g} s") from error
