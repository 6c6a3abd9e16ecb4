"""Counting requests, by the door they came to, who they are of, and the status they got."""

from collections.abc import Collection, Mapping
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a path begins with, and how its door is called; whatever else is asked for is `other`.
_DOORS = {
    "/slack/": "slack",
    "/webhooks/events/": "events",
    "/webhooks/alerts/": "alerts",
    "/webhooks/pages": "pages",
}
REFUSED = 400
#: A path may name anything, and a label's value may not.
UNKNOWN = "unknown"


class Count(Protocol):
    """Counts a request."""

    def __call__(self, door: str, source: str, status: int, *, is_refused: bool) -> None:
        """Count a request of *source* to *door* that was answered with *status*."""
        ...


class CountRequests:
    """An ASGI application around *app* that tells *count* of every answer."""

    def __init__(self, app: ASGIApp, count: Count, sources: Mapping[str, Collection[str]]) -> None:
        """Nothing is counted yet; *sources* are those that may come, by the door."""
        self._app = app
        self._count = count
        self._sources = sources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = message["status"]
                self._count(*self._of(scope["path"]), status, is_refused=status >= REFUSED)
            await send(message)

        await self._app(scope, receive, counted)

    def _of(self, path: str) -> tuple[str, str]:
        """The door, and the source where the door has some."""
        beginning, door = next(
            ((start, door) for start, door in _DOORS.items() if path.startswith(start)), ("", "other")
        )
        if door not in self._sources:
            return door, ""
        source = path[len(beginning) :]
        return door, source if source in self._sources[door] else UNKNOWN
