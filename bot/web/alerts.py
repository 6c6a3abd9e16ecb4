"""The webhook that takes alerts from any system: checked, read, kept, and only then answered."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.episodes import REFIRES_AFTER
from analysis.errors import DebriefError, InvalidInput, Unavailable
from bot.ports.ledger import Writer
from bot.ports.outside import Clock
from bot.ports.paging import FORWARD_KEY, PAGE_KEY
from bot.ports.records import InboxKey, RepeatedAlert
from bot.settings import AlertFormat, AlertSource, Settings
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.paging.forward_alerts import Forwarding
from bot.web.answers import Answers, written
from bot.web.bodies import BodyTooLargeError, headers_of, parse_sent, read_capped
from bot.web.formats.alertmanager import count_left_out, read_alertmanager, read_repeating
from bot.web.formats.datadog import read_datadog
from bot.web.formats.generic import read_generic
from bot.web.formats.grafana import read_grafana
from bot.web.formats.pagerduty import read_pagerduty
from bot.web.formats.repeats import Repeats
from bot.web.formats.sentry import RESOURCE_HEADER, is_minor_issue, is_new_issue, read_sentry
from bot.web.formats.trials import is_test
from bot.web.page_reports import PagerPeople, pagerduty_key, pagerduty_report
from bot.web.rates import Rate
from bot.web.senders import check_sender
from bot.web.signatures import WrongSignatureError
from bot.web.unheard import Unheard

#: What is longer takes the loop more than a few milliseconds.
LONG_BODY_BYTES = 128 * 1024
MAXIMUM_BODY_BYTES = 4 * 1024 * 1024

T = TypeVar("T")

CountAlerts = Callable[[str, int, datetime], None]
Told = Sequence[ToldAlert | RepeatedAlert]

READERS: Mapping[AlertFormat, Callable[..., list[ToldAlert]]] = {
    AlertFormat.ALERTMANAGER: read_alertmanager,
    AlertFormat.GRAFANA: read_grafana,
    AlertFormat.PAGERDUTY: read_pagerduty,
    AlertFormat.DATADOG: read_datadog,
    AlertFormat.SENTRY: read_sentry,
    AlertFormat.GENERIC: read_generic,
}
#: Sentry may send equal bodies that mean two things, so it names its deliveries.
_DELIVERY_HEADERS = {AlertFormat.SENTRY: "request-id"}
#: Sentry's hold what an application had in its variables when it failed, be it what an attacker sent.
_WITH_DATA_OF_APPLICATIONS = frozenset({AlertFormat.SENTRY})
_LEAVING_OUT = frozenset({AlertFormat.ALERTMANAGER, AlertFormat.GRAFANA})


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
    pager_people: PagerPeople = field(default_factory=PagerPeople)
    forwarding: Forwarding = field(default_factory=Forwarding)
    unheard: Unheard
    count: CountAlerts
    rates: dict[str, Rate] = field(default_factory=dict)
    #: One, as more would only take turns; and not of the pool where Slack's requests are answered.
    reader: ThreadPoolExecutor = field(default_factory=partial(ThreadPoolExecutor, 1, thread_name_prefix="alerts"))
    repeats: Repeats = field(init=False)
    #: When each source last told an end: what it says again after that is no repeat, though it says it to the letter.
    ends: dict[str, datetime] = field(default_factory=dict)
    began_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Remember no alert yet."""
        object.__setattr__(self, "repeats", Repeats(self.workspace_id))
        object.__setattr__(self, "began_at", self.clock.now())

    async def receive(self, request: Request) -> Response:
        """Answer 200 once every alert of the request is on disk, or say in one sentence why none is.

        Raises
        ------
        analysis.errors.DebriefError
            The refusal, or what keeps it from being kept just now.
        """
        name, headers = str(request.path_params["source"]), headers_of(request)
        body = await self._body(request, name, headers)
        now = self.clock.now()
        source = await self._proven(name, headers, body, now)
        try:
            return await self._take(name, source.format, headers, body, now)
        except Exception as error:
            self._refuse(name, error, now)
            raise

    async def _take(
        self, name: str, form: AlertFormat, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Response:
        told = await self._work(body, partial(self._read, form, headers, body, source=name, now=now))
        self._check_rate(name, len(told), now)
        forwarding = self.forwarding.of(name)
        more = {**self._page(name, form, body, now), "forwarding": forwarding}
        command = await self._work(body, partial(self._command, told, more))
        may_be_news = _may_be_news(told, now, is_in_line=forwarding is not None)
        heard = _heard(now, may_be_news=may_be_news)
        is_end = any(map(_is_end, told))
        if not is_end:
            heard += self.ends.get(name, self.began_at).isoformat()
        key = _inbox_key(name, _given_name(form, headers), heard, body)
        reply = await written(self.answers, self.writer, receive_alerts, command, key)
        if is_end:
            self.ends[name] = now
        if told:
            self.count(name, len(told), now)
        content = f'{{"recorded":{"false" if reply.repeated else "true"},"alerts":{len(told)}}}'
        return Response(content, media_type="application/json")

    async def _body(self, request: Request, name: str, headers: Mapping[str, str]) -> bytes:
        try:
            return await read_capped(request, MAXIMUM_BODY_BYTES)
        except BodyTooLargeError as error:
            now = self.clock.now()
            with suppress(WrongSignatureError):  # of what was not read, only a token can tell who sent it
                self._source(name, headers, b"", now)
                self._refuse(name, error, now)
            raise

    def _refuse(self, name: str, error: Exception, now: datetime) -> None:
        """What is to be sent again later is not refused, except for its number: few send it again after that."""
        if not isinstance(error, Unavailable) or isinstance(error, TooManyAlertsError):
            because = error.message if isinstance(error, DebriefError) else "something went wrong here; see the log"
            self.unheard.refused(name, because, now)

    async def _work(self, body: bytes, work: Callable[[], T]) -> T:
        """Do *work* on *body*; for a long one in a thread of its own, for Slack's requests share the loop.

        Anybody can have a signature looked at, which takes as long as the body is, once for each secret.
        """
        if len(body) < LONG_BODY_BYTES:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self.reader, work)

    def _page(self, name: str, form: AlertFormat, body: bytes, now: datetime) -> dict[str, Any]:
        """What a webhook of PagerDuty says of a page that we sent."""
        if form is not AlertFormat.PAGERDUTY or not any(key.encode() in body for key in (PAGE_KEY, FORWARD_KEY)):
            return {}
        parsed = parse_sent(body)
        report = pagerduty_report(
            parsed, source=name, workspace_id=self.workspace_id, people=self.pager_people, now=now
        )
        return {"page_key": pagerduty_key(parsed), "report": report}

    async def _proven(self, name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> AlertSource:
        try:
            return await self._work(body, partial(self._source, name, headers, body, now))
        except WrongSignatureError:
            if name in self.settings.alert_sources:  # most often a secret that was changed on one side alone
                self.unheard.unproven(name, now)
            raise

    def _source(self, name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> AlertSource:
        source = self.settings.alert_sources.get(name)
        secrets = [secret.get_secret_value() for secret in source.secrets] if source else []
        check_sender(headers, body, secrets, now, form=source.format if source else None)
        if source is None:
            raise WrongSignatureError
        return source

    def _read(self, form: AlertFormat, headers: Mapping[str, str], body: bytes, *, source: str, now: datetime) -> Told:
        if headers.get("content-encoding", "identity").lower() != "identity":
            message = "The body is compressed (`Content-Encoding`); send it as it is."
            raise InvalidInput(message)
        parsed = parse_sent(body, is_read_in_part=form in _WITH_DATA_OF_APPLICATIONS)
        if form in _LEAVING_OUT and (left_out := count_left_out(parsed)):
            self.unheard.left_out(source, left_out, now)
        if is_test(parsed, form):
            self.unheard.tested(source, now)
        if form is AlertFormat.ALERTMANAGER:
            return read_repeating(parsed, self.repeats, source=source, now=now)
        if form is AlertFormat.SENTRY:
            return self._read_sentry(parsed, headers.get(RESOURCE_HEADER, ""), source=source, now=now)
        return READERS[form](parsed, source=source, now=now)

    def _read_sentry(self, parsed: Mapping[str, Any], resource: str, *, source: str, now: datetime) -> Told:
        """A busy project has hundreds of new issues a day; where nobody has decided those that may matter are told."""
        decided = self.settings.alert_sources[source].new_issues
        told = read_sentry(parsed, source=source, now=now, resource=resource)
        if decided or not is_new_issue(parsed, resource):
            return told
        if decided is None and not is_minor_issue(parsed):
            return told
        if decided is None:
            self.unheard.unchosen(source)
        return []

    def _command(self, told: Told, more: Mapping[str, Any]) -> ReceiveAlerts:
        command = ReceiveAlerts(workspace_id=self.workspace_id, told=told, **more)
        self.repeats.learn(told, command.received)
        return command

    def _check_rate(self, name: str, count: int, now: datetime) -> None:
        rate = self.rates.get(name)
        if rate is None:
            rate = Rate(per_second=self.settings.alerts_per_second, burst=self.settings.alert_burst)
            self.rates[name] = rate
        wait = rate.take(count, now)
        if wait:
            raise TooManyAlertsError(wait)


def _given_name(form: AlertFormat, headers: Mapping[str, str]) -> str:
    """The sender's own name for this delivery; empty where it has none."""
    return headers.get("idempotency-key", "") or headers.get(_DELIVERY_HEADERS.get(form, ""), "")


def _heard(now: datetime, *, may_be_news: bool) -> str:
    """When a delivery without a name came, as far as that tells it from others with the same body.

    What is the same after so long may be an alert that was over in between and has kept its beginning.
    """
    return now.isoformat() if may_be_news else str(now.timestamp() // REFIRES_AFTER.total_seconds())


def _may_be_news(told: Told, now: datetime, *, is_in_line: bool) -> bool:
    """Whether it may be news although the same body came before.

    So is a message without a time of its own, which means something new whenever it comes; and one on a route in line,
    whose alerts may have been over in between and have kept their beginning. The pager is spared what it has.
    """
    return is_in_line or any(isinstance(one, ToldAlert) and _is_untimed(one.alert, now) for one in told)


def _is_end(one: ToldAlert | RepeatedAlert) -> bool:
    status = one.alert.status if isinstance(one, ToldAlert) else one.series.status
    return status is AlertStatus.RESOLVED


def _is_untimed(alert: Alert, now: datetime) -> bool:
    return alert.is_moment and alert.starts_at == now


def _inbox_key(source: str, given: str, heard: str, body: bytes) -> InboxKey:
    """The sender's name for this delivery, else its body and when it was *heard*."""
    digest = hashlib.sha256(body).digest()
    told = given.encode("utf-8", "surrogateescape") if given else heard.encode() + digest
    return InboxKey(source=f"alerts.{source}", external_id=hashlib.sha256(told).hexdigest(), body_hash=digest)
