"""The webhook that takes alerts from any system: checked, read, kept, and only then answered."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from analysis.errors import Unavailable
from bot.ports.ledger import Writer
from bot.ports.outside import Clock
from bot.ports.records import InboxKey
from bot.settings import AlertFormat, Settings
from bot.usecases.receive_alerts import ReceiveAlerts, ToldAlert, receive_alerts
from bot.web.answers import Answers
from bot.web.bodies import parse_object, read_capped
from bot.web.formats.alertmanager import read_alertmanager
from bot.web.formats.generic import read_generic
from bot.web.rates import Rate
from bot.web.senders import check_sender
from bot.web.signatures import WrongSignatureError

COMMIT_SECONDS = 5.0
MAXIMUM_BODY_BYTES = 4 * 1024 * 1024

READERS: Mapping[AlertFormat, Callable[..., list[ToldAlert]]] = {
    AlertFormat.ALERTMANAGER: read_alertmanager,
    AlertFormat.GENERIC: read_generic,
}


class TooManyAlertsError(Unavailable):
    """More alerts than this source may send; send it again later."""

    def __init__(self, wait_seconds: int) -> None:
        """Say when."""
        super().__init__(f"This source sends more alerts than it may; send it again in {wait_seconds} s.")
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDoor:
    """Takes requests of every configured source."""

    settings: Settings
    workspace_id: UUID
    writer: Writer
    clock: Clock
    answers: Answers
    rates: dict[str, Rate] = field(default_factory=dict)

    async def receive(self, request: Request) -> Response:
        """Answer 200 once every alert of the request is on disk, or say in one sentence why none is.

        Raises
        ------
        analysis.errors.DebriefError
            The refusal, or what keeps it from being kept just now.
        """
        name = str(request.path_params["source"])
        body = await read_capped(request, MAXIMUM_BODY_BYTES)
        now = self.clock.now()
        told = self._told(name, request.headers, body, now)
        self._check_rate(name, len(told), now)
        command = ReceiveAlerts(workspace_id=self.workspace_id, source=name, told=told)
        key = _inbox_key(name, request.headers.get("idempotency-key", ""), body)
        future = self.writer.submit(receive_alerts, command, key=key, bulk=True)
        try:
            reply = await asyncio.wait_for(self.answers.of(future), COMMIT_SECONDS)
        except TimeoutError:
            message = "The database did not answer in time; send it again."
            raise Unavailable(message) from None
        return JSONResponse({"recorded": not reply.repeated, "alerts": len(told)})

    def _told(self, name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> list[ToldAlert]:
        source = self.settings.alert_sources.get(name)
        secrets = [secret.get_secret_value() for secret in source.secrets] if source else []
        check_sender(headers, body, secrets, now)
        if source is None:
            raise WrongSignatureError
        return READERS[source.format](parse_object(body), source=name, now=now)

    def _check_rate(self, name: str, count: int, now: datetime) -> None:
        rate = self.rates.get(name)
        if rate is None:
            rate = Rate(per_second=self.settings.alerts_per_second, burst=self.settings.alert_burst)
            self.rates[name] = rate
        wait = rate.take(count, now)
        if wait:
            raise TooManyAlertsError(wait)


def _inbox_key(source: str, idempotency_key: str, body: bytes) -> InboxKey:
    """The sender's key for this delivery, else the body itself: what says the same again changes nothing."""
    digest = hashlib.sha256(body).digest()
    name = hashlib.sha256(idempotency_key.encode("utf-8", "surrogateescape")).hexdigest() if idempotency_key else ""
    return InboxKey(source=f"alerts.{source}", external_id=name or digest.hex(), body_hash=digest)
