"""The FastAPI application. Bodies are read on the event loop; Bolt runs in worker threads, never on the loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from analysis.errors import Conflict, DebriefError, Forbidden, NotFound, Refused, Unavailable
from bot.ports.ledger import Writer
from bot.ports.outside import Clock
from bot.settings import Settings
from bot.usecases.paging.forward_alerts import Forwarding
from bot.usecases.timeline.record_change import record_change
from bot.web.alerts import AlertDoor, CountAlerts, TooManyAlertsError
from bot.web.answers import Answers, written
from bot.web.bodies import BodyTooLargeError, parse_sent, read_capped
from bot.web.changes import inbox_key, read_change
from bot.web.direct import DirectPosts, Unslashed
from bot.web.page_reports import PATH as PAGES_PATH
from bot.web.page_reports import PageDoor, PagerPeople
from bot.web.pulse import Pulse
from bot.web.refusals import Count, CountRequests
from bot.web.signatures import TIMESTAMP_HEADER, WrongSignatureError, check_signature
from bot.web.unheard import Unheard
from bot.web.untaken import Untaken, sender_of_events

log = logging.getLogger(__name__)

ALERTS_PATH = "/webhooks/alerts/"
#: Whoever watches asks again soon, and an answer that comes late looks like none.
HEALTH_SECONDS = 1.0
RETRY_AFTER_SECONDS = "2"
NOTHING_THERE = (
    "There is nothing at this address: alerts are sent to /webhooks/alerts/SOURCE, deploys and other events to "
    "/webhooks/events/SOURCE."
)

#: Answers a Slack request: (body, headers) to (status, headers, body); runs in a worker thread.
SlackDispatch = Callable[[bytes, Mapping[str, str]], tuple[int, Mapping[str, str], str]]


class Health(Protocol):
    """How the process is; neither of the two waits."""

    def begin(self) -> Future[Mapping[str, Any]]:
        """Begin to read what only the database knows."""
        ...

    def report(self, reading: Future[Mapping[str, Any]]) -> dict[str, Any]:
        """What to answer, whether *reading* has ended or not."""
        ...


class Gauges(Protocol):
    """The same in figures; neither of the two waits."""

    def begin(self) -> Future[Mapping[str, Any]]:
        """Begin to read what only the database knows."""
        ...

    def figures(self, reading: Future[Mapping[str, Any]]) -> Mapping[str, Any]:
        """What is so now, whether *reading* has ended or not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """The parts that routes share; built once by the composition root."""

    settings: Settings
    workspace_id: UUID
    writer: Writer
    clock: Clock
    slack: SlackDispatch
    health: Health
    gauges: Gauges
    metrics: Callable[[Mapping[str, Any]], tuple[bytes, str]]
    count_request: Count
    count_alerts: CountAlerts
    page_secrets: tuple[str, ...] = field(default=(), repr=False)
    pager_people: PagerPeople = field(default_factory=PagerPeople)
    forwarding: Forwarding = field(default_factory=Forwarding)
    answers: Answers = field(default_factory=Answers)
    tell_operator: Callable[[str], object] = field(default=lambda _: None)
    heartbeat_seconds: float = 0.0


def build_web(context: WebContext) -> Pulse:
    """The application with its routes."""
    web = _router()
    in_line = {route.source for route in context.forwarding.routes}
    unheard = Unheard(context.tell_operator, in_line, heartbeat_seconds=context.heartbeat_seconds)
    door = _alert_door(context, unheard)
    untaken = Untaken(context.tell_operator)
    pages = PageDoor(
        untaken=untaken,
        secrets=context.page_secrets,
        people=context.pager_people,
        workspace_id=context.workspace_id,
        writer=context.writer,
        clock=context.clock,
        answers=context.answers,
    )

    async def slack_events(request: Request) -> Response:
        body = await read_capped(request)
        status, headers, text = await run_in_threadpool(context.slack, body, request.headers)
        return Response(text, status_code=status, headers=dict(headers))

    async def change(request: Request) -> Response:
        return await record_webhook(context, untaken, request)

    async def healthz() -> Response:
        reading = context.health.begin()
        await asyncio.wait([asyncio.wrap_future(reading)], timeout=HEALTH_SECONDS)
        report = context.health.report(reading)
        return JSONResponse(report, status_code=200 if report["status"] == "ok" else 503)

    async def metrics() -> Response:
        reading = context.gauges.begin()
        await asyncio.wait([asyncio.wrap_future(reading)], timeout=HEALTH_SECONDS)
        content, media_type = context.metrics(context.gauges.figures(reading))
        return Response(content, media_type=media_type)

    web.add_api_route("/slack/events", _answering(slack_events), methods=["POST"], include_in_schema=False)
    web.add_api_route("/webhooks/events/{source}", _answering(change), methods=["POST"], include_in_schema=False)
    web.add_api_route(PAGES_PATH, _answering(pages.receive), methods=["POST"], include_in_schema=False)
    alerts = _answering(door.receive)
    web.add_route(f"{ALERTS_PATH}{{source}}", alerts, methods=["POST"], include_in_schema=False)
    web.add_api_route("/healthz", healthz, methods=["GET", "HEAD"])
    web.add_api_route("/metrics", metrics, methods=["GET", "HEAD"])
    # Around the application, not within: what every framework does for every request costs more than reading an alert.
    direct = DirectPosts(web, prefix=ALERTS_PATH, parameter="source", answer=alerts)
    sources = {"alerts": context.settings.alert_sources, "events": context.settings.webhook_secrets}
    counted = Unslashed(CountRequests(direct, count=context.count_request, sources=sources))
    return Pulse(counted, door.reader, refusing=lambda: unheard.problem(context.clock.now()))


def _router() -> FastAPI:
    """Without its interactive docs, because they load code from elsewhere."""
    return FastAPI(
        title="Debrief",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        exception_handlers={HTTPException: _nothing_there},
    )


def _alert_door(context: WebContext, unheard: Unheard) -> AlertDoor:
    return AlertDoor(
        settings=context.settings,
        workspace_id=context.workspace_id,
        writer=context.writer,
        clock=context.clock,
        answers=context.answers,
        pager_people=context.pager_people,
        forwarding=context.forwarding,
        unheard=unheard,
        count=context.count_alerts,
    )


async def record_webhook(context: WebContext, untaken: Untaken, request: Request) -> Response:
    """Check, read, record, and answer only after the commit."""
    source = str(request.path_params["source"])
    body = await read_capped(request)
    secrets = [secret.get_secret_value() for secret in context.settings.webhook_secrets.get(source, ())]
    now = context.clock.now()
    with untaken.told(sender_of_events(source), now) if secrets else nullcontext():
        check_signature(request.headers, body, secrets, now)
        timestamp = request.headers.get(TIMESTAMP_HEADER, "")
        given = request.headers.get("idempotency-key", "")
        key = inbox_key(f"webhook.{source}", given, body, timestamp=timestamp)
        command = read_change(
            parse_sent(body), source=source, workspace_id=context.workspace_id, now=now, key=key.external_id
        )
        reply = await written(context.answers, context.writer, record_change, command, key)
    return JSONResponse({"recorded": not reply.repeated, "message": reply.text})


def _answering(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Turn what went wrong into its status and one clear sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except DebriefError as error:
            status = status_of(error)
            log.info("request refused", extra={"status": status, "because": type(error).__name__})
            retry = {"Retry-After": retry_after(error)} if isinstance(error, Unavailable) else {}
            return JSONResponse({"error": error.message}, status_code=status, headers=retry)
        except Exception:  # an edge: the server must outlive a faulty handler, and its sender gets a sentence
            log.exception("request failed")
            return JSONResponse({"error": "Something went wrong here; send it again later."}, status_code=500)

    return answer


async def _nothing_there(_: Request, error: HTTPException) -> Response:
    """What the router answers, in one sentence as everything else."""
    allowed = dict(error.headers or {})
    words = f"This address takes {allowed['Allow']} only." if "Allow" in allowed else NOTHING_THERE
    return JSONResponse({"error": words}, status_code=error.status_code, headers=allowed)


def retry_after(error: Unavailable) -> str:
    """In how many seconds it may work."""
    return str(error.wait_seconds) if isinstance(error, TooManyAlertsError) else RETRY_AFTER_SECONDS


def status_of(error: DebriefError) -> int:
    """The HTTP status that says the same as *error*."""
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return status
    return 500


_STATUSES: tuple[tuple[type[DebriefError], int], ...] = (
    (WrongSignatureError, 401),
    (BodyTooLargeError, 413),
    (Conflict, 409),
    (NotFound, 404),
    (Forbidden, 403),
    (Refused, 400),
    (TooManyAlertsError, 429),
    (Unavailable, 503),
)
