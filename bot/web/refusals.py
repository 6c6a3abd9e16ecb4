"""Counting the requests that were refused, by the door they came to and the status they got."""

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What a path begins with, and how its door is called; whatever else is asked for is `other`.
_DOORS = {"/slack/": "slack", "/webhooks/events/": "events", "/webhooks/alerts/": "alerts"}
REFUSED = 400

Count = Callable[[str, int], None]


class CountRefusals:
    """An ASGI application around *app* that tells *count* of every answer that is a refusal."""

    def __init__(self, app: ASGIApp, count: Count) -> None:
        """Nothing is counted yet."""
        self._app = app
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= REFUSED:
                self._count(_door(scope["path"]), message["status"])
            await send(message)

        await self._app(scope, receive, counted)


def _door(path: str) -> str:
    return next((door for beginning, door in _DOORS.items() if path.startswith(beginning)), "other")
