"""What pagers say of pages that they have from us: PagerDuty by its webhooks, any other pager by a form of ours."""

import hashlib
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from analysis.errors import InvalidInput
from analysis.events import Source
from analysis.paging import PageNews
from analysis.people import Person
from analysis.tools import tool_actor
from bot.ports.ledger import Writer
from bot.ports.outside import Clock
from bot.ports.paging import FORWARD_KEY, PAGE_KEY
from bot.usecases.paging.news import PageReport, report_page
from bot.web.answers import Answers, written
from bot.web.bodies import one_line, parse_sent, read_capped
from bot.web.changes import inbox_key
from bot.web.formats.reading import instant_of, object_of, text_of
from bot.web.signatures import TIMESTAMP_HEADER, check_signature
from bot.web.untaken import PAGER, Untaken

PATH = "/webhooks/pages"
NAME_LETTERS, KEY_LETTERS = 80, 200
#: PagerDuty's events that say something of a page ("Webhooks: Overview", Event Types).
_PAGERDUTY = {
    "incident.acknowledged": PageNews.ACKNOWLEDGED,
    "incident.resolved": PageNews.RESOLVED,
    "incident.reopened": PageNews.REOPENED,
    "incident.unacknowledged": PageNews.REOPENED,
}
#: Each gives an incident to somebody else; one that was acknowledged may be triggered again without a word of that.
_HANDED_ON = frozenset({"incident.reassigned", "incident.escalated", "incident.delegated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerPeople:
    """Who the users of a pager are in Slack, as the pager's file says: `{user there: Slack id}`."""

    known: Mapping[str, str] = field(default_factory=dict)

    def actor(self, user: str, name: str) -> str:
        """The ledger's actor for a user of the pager."""
        slack_id = self.known.get(user)
        return f"slack:{slack_id}" if slack_id else tool_actor(user, name)


def pagerduty_key(body: Mapping[str, Any]) -> str:
    """The key of ours that a webhook of PagerDuty is about; empty where it is about no page of ours."""
    incident = object_of(object_of(body.get("event"), "event").get("data"), "event.data")
    key = text_of(incident.get("incident_key"))
    return key if key.startswith((PAGE_KEY, FORWARD_KEY)) else ""


def pagerduty_report(
    body: Mapping[str, Any], *, source: str, workspace_id: UUID, people: PagerPeople, now: datetime
) -> PageReport | None:
    """What a webhook of PagerDuty says of a page of ours; nothing where that is no news of it."""
    key = pagerduty_key(body)
    event = object_of(body.get("event"), "event")
    kind = text_of(event.get("event_type"))
    incident = object_of(event.get("data"), "event.data")
    is_handed_on = kind in _HANDED_ON and incident.get("status") == "triggered"
    news = PageNews.REOPENED if is_handed_on else _PAGERDUTY.get(kind)
    if not key or news is None:
        return None
    agent = object_of(event.get("agent"), "event.agent")
    is_person = text_of(agent.get("type")).startswith("user")
    name = text_of(agent.get("summary"), NAME_LETTERS) if is_person else "PagerDuty"
    return PageReport(
        person=Person(id=people.actor(text_of(agent.get("id"), NAME_LETTERS) or "pagerduty", name)),
        workspace_id=workspace_id,
        natural_key=f"webhook:{source}:{text_of(event.get('id'))}",
        source=Source.WEBHOOK,
        key=key,
        news=news,
        at=_instant(event.get("occurred_at"), now, "event.occurred_at"),
        report=_digest(f"{source}:{text_of(event.get('id'))}"),
        is_by_person=is_person,
        is_handed_on=is_handed_on,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDoor:
    """Takes what a pager behind our own webhook says of its pages."""

    secrets: tuple[str, ...]
    people: PagerPeople
    workspace_id: UUID
    writer: Writer
    clock: Clock
    answers: Answers
    untaken: Untaken

    async def receive(self, request: Request) -> Response:
        """Answer 200 once it is on disk, or say in one sentence why it is not.

        Raises
        ------
        analysis.errors.DebriefError
            The refusal, or what keeps it from being kept just now.
        """
        body = await read_capped(request)
        now = self.clock.now()
        with self.untaken.told(PAGER, now) if self.secrets else nullcontext():
            check_signature(request.headers, body, self.secrets, now)
            report = read_report(parse_sent(body), workspace_id=self.workspace_id, people=self.people, now=now)
            given, timestamp = request.headers.get("idempotency-key", ""), request.headers.get(TIMESTAMP_HEADER, "")
            key = inbox_key("pages", given, body, timestamp=timestamp)
            reply = await written(self.answers, self.writer, report_page, report, key)
        said = {"message": reply.text} if reply.text else {}
        return JSONResponse({"recorded": not (reply.repeated or said), **said})


def read_report(body: Mapping[str, Any], *, workspace_id: UUID, people: PagerPeople, now: datetime) -> PageReport:
    """The report that a body in our own form is.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    news = body.get("event")
    if not isinstance(news, str) or news not in {each.value for each in PageNews}:
        message = f"`event` must be one of: {', '.join(PageNews)}."
        raise InvalidInput(message)
    key = one_line(body.get("key"), "key", KEY_LETTERS, required=True)
    by = one_line(body.get("by"), "by", NAME_LETTERS) or "pager"
    user = one_line(body.get("user"), "user", NAME_LETTERS) or by
    report = one_line(body.get("id"), "id", KEY_LETTERS) or f"{key}:{news}:{body.get('at') or now.isoformat()}"
    return PageReport(
        person=Person(id=people.actor(user, by)),
        workspace_id=workspace_id,
        natural_key=f"webhook:pages:{_digest(report)}",
        source=Source.WEBHOOK,
        key=key,
        news=PageNews(news),
        at=_instant(body.get("at"), now, "at"),
        report=_digest(report),
    )


def _instant(value: object, now: datetime, field: str) -> datetime:
    """When it happened as the pager says; a time that cannot be read is never replaced by one that nobody said."""
    if value is None:
        return now
    at = instant_of(value, default=None)
    if at is None:
        message = f"`{field}` must be a time with its zone such as 2026-03-29T01:30:00Z, or Unix seconds."
        raise InvalidInput(message)
    return min(at, now)


def _digest(name: str) -> str:
    """A sender's name for something, in the form in which it may stand in a natural key."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32]
