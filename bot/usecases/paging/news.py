"""Acknowledging and resolving pages: from here to the pager, and from the pager to here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from analysis.errors import NotFound, Refused
from analysis.events import EventKind, Source
from analysis.incident import Incident
from analysis.overtaken import OF_PAGES, PageWord, last_word, page_words
from analysis.paging import PageNews, PageStatus, Told
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.paging import FORWARD_KEY, Page
from bot.ports.records import Changes, DeliveryKind, NewDelivery, Reply
from bot.usecases.asking import Command, IncidentCommand, Wanted, announce, card, find, record
from bot.usecases.paging.forward_ended import forward_ended
from bot.usecases.paging.outcome import about, is_told
from bot.usecases.paging.page import page_delivery

_KINDS = {
    PageNews.ACKNOWLEDGED: EventKind.PAGE_ACKNOWLEDGED,
    PageNews.RESOLVED: EventKind.PAGE_RESOLVED,
    PageNews.REOPENED: EventKind.PAGE_REOPENED,
}
#: Where a page is once that was said of it last.
_BECAME = {
    PageNews.ACKNOWLEDGED: PageStatus.ACKNOWLEDGED,
    PageNews.RESOLVED: PageStatus.RESOLVED,
    PageNews.REOPENED: PageStatus.SENT,
}
#: What the coalesce key of a word about a page begins with, before its number.
PAGE_WORD = "page:"
#: A pager may report all that it has; whoever sets it up reads that its key is not ours.
NO_SUCH_PAGE = (
    "No page of Debrief's has this `key`, so nothing was recorded: send the very key that the page was asked for with."
)
#: So far a pager's clock may be behind ours.
MOST_BEHIND = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage(IncidentCommand):
    """Acknowledge or resolve page `page` of the incident."""

    page: int
    news: PageNews


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport(Command):
    """What a pager says of the page with our `key`, of the instant `at`, under its own name `report` for that.

    The key may be that of an alert of a route in line, too. `is_by_person` where it says that a user of its own did it,
    rather than what asks it, such as Debrief; `is_handed_on` where somebody else is asked, so that nobody works on it
    any more if anybody did.
    """

    key: str
    news: PageNews
    at: datetime
    report: str
    is_by_person: bool = False
    is_handed_on: bool = False


def answer_page(reads: Reads, command: AnswerPage) -> Changes:
    """Record it, and have the pager told."""
    incident = find(reads, command, Action.RECORD)
    page = next((one for one in reads.pages.of_incident(incident.id) if one.number == command.page), None)
    if page is None:
        message = f"{incident.reference} has no page {command.page}. `page` alone lists them."
        raise NotFound(message)
    _check_answer(page, command.news)
    wanted = Wanted(kind=_KINDS[command.news], payload=about(page), key=f"page:{page.number}:{command.news}")
    deliveries = [_to_pager(reads, page, command.news)]
    if is_told(incident):
        deliveries += _posts(reads, incident, page, f"{command.natural_key}:{wanted.key}")
    reply = f"Page {page.number} of {incident.reference} is {command.news}; the pager is told."
    changes = record(reads, command, incident, [wanted], reply=reply, deliveries=deliveries)
    return replace(changes, pages=(_heard(page, command.news, reads.now),))


def report_page(reads: Reads, command: PageReport) -> Changes:
    """Record what the pager says; the pager is told nothing back, so nothing goes round in circles.

    An acknowledgement or resolution that was said here first comes back from the pager as its own: it confirms what is
    on record and is no second fact. An alert of a route in line is no page: of it only an end matters.
    """
    page = reads.pages.by_key(command.key)
    incident = reads.incident(page.incident_id) if page else None
    if page is None or incident is None:
        if not command.key.startswith(FORWARD_KEY):
            return Changes(reply=Reply(text=NO_SUCH_PAGE))
        is_end = command.news is PageNews.RESOLVED
        return forward_ended(reads, command.key, command.at) if is_end else Changes()
    at = min(command.at, reads.now)  # a pager's clock may run ahead of ours
    heard = _heard(page, command.news, at)
    if command.is_handed_on and page.status is not PageStatus.ACKNOWLEDGED:
        # Nothing changes, unless the acknowledgement before it is still to come.
        return Changes(pages=(replace(page, told=heard.told),) if page.status is PageStatus.SENT else ())
    said = _said(reads, page)
    if _is_echo(reads, page, command, at, last_word(said)):
        return Changes(pages=(heard,))
    fact = f"page:{page.number}:told:{command.report}"
    # Nobody answers a page that is not asked for yet: a clock says so that is wrong, or whoever knows the secret.
    happened = at if at > page.asked_at - MOST_BEHIND else page.asked_at
    word = PageWord(kind=_KINDS[command.news], at=happened, seq=_next(said), is_of_pager=True)
    last = last_word([*said, word])
    if command.is_handed_on and last is not word:
        return Changes()  # it was acknowledged since
    if last is not None and last.kind is EventKind.PAGE_REOPENED:
        # Whatever the times of two clocks make of it: what was said before counts no more, also once it is taken anew.
        heard = replace(heard, status=PageStatus.SENT, told=Told(reopened_at=heard.told.reopened_at))
    wanted = Wanted(kind=_KINDS[command.news], payload=about(page), occurred_at=happened, fact=fact)
    # What came late leaves the page as it is, so that a word on it would be a false last one.
    is_so = last is word and heard.status is _BECAME[command.news]
    told: list[NewDelivery] = []
    if is_told(incident) and is_so:
        told = _posts(reads, incident, page, fact, must_be_noticed=_is_unattended(reads, page, command.news))
    changes = record(reads, command, incident, [wanted], reply="", deliveries=told)
    return replace(changes, pages=(heard,))


def resolve_pages(reads: Reads, incident: Incident) -> tuple[Sequence[Wanted], Sequence[NewDelivery], tuple[Page, ...]]:
    """What follows for the pages of an incident that is over: each that is open is resolved, here and there.

    One that failed may have arrived all the same and ring on, so it is resolved there, too, and stays failed here.
    """
    pages = reads.pages.of_incident(incident.id)
    still_open = [page for page in pages if page.is_open]
    wanted = [
        Wanted(
            kind=EventKind.PAGE_RESOLVED,
            payload=about(page),
            key=f"page:{page.number}:{PageNews.RESOLVED}",
            follows=True,
        )
        for page in still_open
    ]
    deliveries = [_to_pager(reads, page, PageNews.RESOLVED) for page in pages if page.status is not PageStatus.RESOLVED]
    return wanted, deliveries, tuple(_heard(page, PageNews.RESOLVED, reads.now) for page in still_open)


def _check_answer(page: Page, news: PageNews) -> None:
    if page.status is PageStatus.FAILED:
        message = (
            f"Page {page.number} failed, so there is nothing to {_VERBS[news]} here. "
            f"If it rings all the same, {_VERBS[news]} it at the pager."
        )
        raise Refused(message)
    if page.status is PageStatus.RESOLVED or page.status.value == news.value:
        message = f"Page {page.number} is {page.status} already."
        raise Refused(message)
    if page.status is PageStatus.ASKED and news is PageNews.ACKNOWLEDGED:
        message = (
            f"Page {page.number} is still on its way to the pager; acknowledge it once the channel says it arrived."
        )
        raise Refused(message)


def _to_pager(reads: Reads, page: Page, news: PageNews) -> NewDelivery:
    return page_delivery(reads, page, DeliveryKind.TELL_PAGER, news=news.value)


def _posts(
    reads: Reads, incident: Incident, page: Page, fact: str, *, must_be_noticed: bool = False
) -> list[NewDelivery]:
    """The word on how the page is now, and the card, which says so where the word is held back.

    Of several words that wait the newest is posted: a pager that flaps would fill the channel.
    """
    word = announce(reads, incident, fact, must_be_noticed=must_be_noticed, coalesce=f"{PAGE_WORD}{page.number}")
    return [card(reads, incident), word]


def _is_unattended(reads: Reads, page: Page, news: PageNews) -> bool:
    """Whether nobody works on the page any more, and the channel has not read so last.

    Who never read that somebody works on it misses nothing, and a pager that flaps takes no place from a rise.
    """
    posted = reads.last_posted(page.incident_id, f"{PAGE_WORD}{page.number}")
    events = reads.events_of_kind(page.incident_id, OF_PAGES) if posted else ()
    read = next((event.kind for event in events if event.natural_key == posted), EventKind.PAGE_REOPENED)
    return news is not PageNews.ACKNOWLEDGED and read is not _KINDS[news]


def _said(reads: Reads, page: Page) -> list[PageWord]:
    """What was said of the page, and when by its own clock the pager confirmed it, which is no entry of the record."""
    said = page_words(reads.events_of_kind(page.incident_id, OF_PAGES), page.number)
    for news in (PageNews.ACKNOWLEDGED, PageNews.RESOLVED):
        same = [word for word in said if word.kind is _KINDS[news]]
        heard, ours = page.told.since(news), [word.seq for word in same if not word.is_of_pager]
        if heard is not None and ours and all(word.at != heard for word in same):
            said.append(PageWord(kind=_KINDS[news], at=heard, seq=max(ours), is_of_pager=True))
    return said


def _next(said: Sequence[PageWord]) -> int:
    """A place behind all of them."""
    return max((word.seq for word in said), default=0) + 1


def _heard(page: Page, news: PageNews, at: datetime) -> Page:
    told = page.told.hear(news, at)
    return replace(page, told=told, status=told.status)


def _is_echo(reads: Reads, page: Page, report: PageReport, at: datetime, last: PageWord | None) -> bool:
    """Whether it is what was said here since the page was last opened, by the same person or as the pager hears us.

    PagerDuty hears us as a user of its own only where the page is one of its REST API, which names it in the answer.
    Such a user is us for the first report that follows once our word has left, and whatever is not newer than that.
    Nothing is where the *last* word is that the page is open.
    """
    if last is not None and last.kind is EventKind.PAGE_REOPENED:
        return False
    since, events = page.told.reopened_at, reads.events_of_kind(page.incident_id, OF_PAGES)
    of_page = [event for event in events if event.payload.get("page") == page.number]
    opened = max((event.seq for event in of_page if event.kind is EventKind.PAGE_REOPENED), default=0)
    ours = [
        event
        for event in of_page
        if event.kind is _KINDS[report.news]
        and event.source is not Source.WEBHOOK
        and event.seq > opened
        and (since is None or event.occurred_at > since)
    ]
    if not ours or any(event.actor == report.person.id for event in ours):
        return bool(ours)
    if report.is_by_person and not (page.pager_id and reads.pages.has_left(page, report.news)):
        return False
    heard = page.told.since(report.news)
    return heard is None or at <= heard or heard <= max(event.occurred_at for event in ours)


_VERBS = {PageNews.ACKNOWLEDGED: "acknowledge", PageNews.RESOLVED: "resolve"}
