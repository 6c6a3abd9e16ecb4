"""What became of a page on its way to the pager: taken, not yet, or not at all."""

from dataclasses import dataclass, replace
from uuid import UUID

from analysis.events import EventKind
from analysis.incident import Incident
from analysis.operator_notes import not_paged
from analysis.paging import PageStatus
from bot.ports.ledger import Reads
from bot.ports.paging import Page, Taken
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.usecases.asking import Command, Wanted, announce, record
from bot.usecases.paging.page import page_delivery
from bot.usecases.tell_operator import operator_note

#: The argument of a look for a page that the pager said it has.
IS_THERE = "is_there"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTaken(Command):
    """The pager has the page that was asked for by the fact `event`."""

    page_id: UUID
    event: str
    taken: Taken
    pager: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNamed(Command):
    """What the pager calls a page that it has, which it had not told before."""

    page_id: UUID
    taken: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNotTaken(Command):
    """The pager has not got it: `is_final` where nothing more is tried; `call` is what people do instead.

    That is said of a page that is still as it was found, in `status`.
    """

    page_id: UUID
    because: str
    call: str
    is_final: bool
    status: PageStatus = PageStatus.ASKED


def page_taken(reads: Reads, command: PageTaken) -> Changes:
    """Record it, and tell the channel who is paged; what was said of the page meanwhile stays."""
    page = reads.pages.page(command.page_id)
    incident = reads.incident(page.incident_id) if page else None
    if page is None or incident is None:
        return Changes()
    status = PageStatus.SENT if page.status in {PageStatus.ASKED, PageStatus.FAILED} else page.status
    now = replace(
        page,
        status=status,
        pager_id=command.taken.pager_id or page.pager_id,
        link=command.taken.link or page.link,
    )
    payload = {"page": page.number, "pager": command.pager, "link": now.link}
    wanted = Wanted(kind=EventKind.PAGE_SENT, payload=payload, fact=f"page:{page.number}:sent")
    told = [announce(reads, incident, command.event, is_counted=False)]
    if command.taken.must_look or command.taken.must_name:
        told.append(_look(reads, page, is_there=command.taken.must_name))
    return replace(record(reads, command, incident, [wanted], reply="", deliveries=told), pages=(now,))


def page_named(reads: Reads, command: PageNamed) -> Changes:
    """Keep it: without it our own word on the page, as it comes back, would pass for somebody's."""
    page = reads.pages.page(command.page_id)
    if page is None or page.pager_id:
        return Changes()
    taken = command.taken
    return Changes(pages=(replace(page, pager_id=taken.pager_id, link=taken.link or page.link),))


def page_not_taken(reads: Reads, command: PageNotTaken) -> Changes:
    """Say it where nobody can miss it, once while it is tried and once when that ends."""
    page = reads.pages.page(command.page_id)
    incident = reads.incident(page.incident_id) if page else None
    if page is None or incident is None or page.status is not command.status:
        return Changes()
    wanted = failure_event(page, command)
    if reads.has_event(incident.id, wanted.fact):
        return Changes()
    told = [announce(reads, incident, wanted.fact, must_be_noticed=True, is_counted=False)]
    if command.is_final:
        told.append(operator_note(reads, not_paged(incident.number, page.number, command.because)))
    changes = record(reads, command, incident, [wanted], reply="", deliveries=told)
    return replace(changes, pages=(replace(page, status=PageStatus.FAILED),) if command.is_final else ())


def _look(reads: Reads, page: Page, *, is_there: bool) -> NewDelivery:
    """Have it looked for, for its name alone where it *is_there*.

    In a lane of its own, so that what is to be told of the page does not wait for that.
    """
    known = {IS_THERE: "yes"} if is_there else {}
    delivery = page_delivery(reads, page, DeliveryKind.LOOK_FOR_PAGE, **known)
    return replace(delivery, lane=f"{delivery.lane}:look")


def failure_event(page: Page, command: PageNotTaken) -> Wanted:
    """The fact that a page has not arrived."""
    return Wanted(
        kind=EventKind.PAGE_FAILED,
        payload={
            **about(page),
            "because": command.because.rstrip("."),
            "call": command.call,
            "is_final": command.is_final,
        },
        fact=f"page:{page.number}:{'failed' if command.is_final else 'late'}",
    )


def about(page: Page) -> dict[str, object]:
    """Which page a fact is about."""
    return {"page": page.number, "kind": page.kind.value, "target": page.name}


def is_told(incident: Incident) -> bool:
    """Whether the incident's channel still hears of its pages."""
    return incident.status.is_active
