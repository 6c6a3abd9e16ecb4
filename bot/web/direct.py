"""What is before the router: requests that pass it by, and addresses with a slash at the end."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class DirectPosts:
    """An ASGI application around *app* that answers posts to *prefix* and one more word by itself.

    They come by thousands, and the router costs more than reading an alert.

    The router of *app* has the same route, for whatever else is asked of that path.
    """

    def __init__(
        self, app: ASGIApp, prefix: str, parameter: str, answer: Callable[[Request], Awaitable[Response]]
    ) -> None:
        """The last word of a path reaches *answer* as the path's *parameter*."""
        self._app = app
        self._prefix = prefix
        self._parameter = parameter
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or leave it to the application."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(self._prefix):
            word = scope["path"][len(self._prefix) :]
            if word and "/" not in word:
                scope["path_params"] = {self._parameter: word}
                response = await self._answer(Request(scope, receive))
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Unslashed:
    """An ASGI application around *app* to which a slash at the end of a path says nothing.

    The router would redirect to the address without it, as `http` and by whatever host the request names: senders that
    follow send their token there, in the clear.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Its router redirects nobody."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does at the address without the slash."""
        if scope["type"] == "http" and scope["path"].endswith("/"):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)
