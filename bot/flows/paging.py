"""Asking the pager: each page in a lane of its own, looked for before it is sent again, and never lost in silence."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from analysis.errors import Refused, Unavailable
from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Incident
from analysis.paging import PageNews, PageStatus, what_leaves
from bot.flows.dispatcher import backoff
from bot.ports.ledger import Reads, Snapshots
from bot.ports.outbox import FollowUp, Outcome, Park, Retry, Sent
from bot.ports.outside import Clock
from bot.ports.paging import Page, Pager, PagingPlan, Summons, Taken, Unanswered
from bot.ports.records import Changes, Delivery, DeliveryKind
from bot.usecases.asking import DEBRIEF
from bot.usecases.paging.outcome import (
    IS_THERE,
    PageNamed,
    PageNotTaken,
    PageTaken,
    page_named,
    page_not_taken,
    page_taken,
)

log = logging.getLogger(__name__)

_PERHAPS = "; it may have arrived all the same"
_NOTHING_MADE = "service disabled or in maintenance, nobody on call, or a rule or grouping there"
#: The channel is told after so long that a page has not arrived yet; somebody has to call meanwhile.
LATE = timedelta(seconds=15)
#: Nothing more is tried then: a page that comes when nobody waits for it any more wakes somebody for nothing.
GIVE_UP = timedelta(minutes=10)
#: A pager that cannot say whether the page is there holds it up no longer than this; the same key keeps it one page.
LOOK_UP_FOR = timedelta(seconds=30)
LONGEST_WAIT = timedelta(seconds=15)
#: What is only news to the pager, such as that an incident is over, may take longer.
TELL_FOR = timedelta(hours=1)
#: How often and how many times it is looked whether the pager made anything of what it took: it may take seconds.
LOOK_EVERY, LOOKS = timedelta(seconds=5), 6
MAY_HAVE_ARRIVED, INTERRUPTED = "may_have_arrived", "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A page with what it was asked for in."""

    page: Page
    incident: Incident
    event: TimelineEvent

    @property
    def summons(self) -> Summons:
        """What the pager is told; rendered now, so that an incident that became private says less."""
        return Summons(
            key=self.page.key,
            kind=self.page.kind,
            name=self.page.name,
            summary=what_leaves(self.incident, self.event.text),
            severity=self.incident.severity,
            number=self.incident.number,
            incident_id=self.incident.id,
            asked_by=self.event.actor,
        )


class PageSending:
    """Handles `send_page`, `tell_pager` and `look_for_page` deliveries."""

    def __init__(self, pagers: Mapping[str, Pager], plan: PagingPlan, *, snapshots: Snapshots, clock: Clock) -> None:
        """Nothing is asked yet; *pagers* by the names that pages have."""
        self._pagers = pagers
        self._plan = plan
        self._snapshots = snapshots
        self._clock = clock

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        return {
            DeliveryKind.SEND_PAGE: self.send,
            DeliveryKind.TELL_PAGER: self.tell,
            DeliveryKind.LOOK_FOR_PAGE: self.look,
        }

    def send(self, delivery: Delivery) -> Outcome:
        """Ask the pager to wake somebody; what an earlier attempt may have left is looked for first."""
        asked = self._look_up(delivery)
        if asked is None or asked.page.status is not PageStatus.ASKED:
            return Sent()
        pager = self._pagers.get(asked.page.pager)
        if pager is None:
            return self._failed(asked, f"{asked.page.pager} is not set up any more")
        try:
            taken = self._found(pager, asked, delivery) or self._summon(pager, asked, delivery)
        except Unanswered as error:
            return self._not_yet(delivery, asked, error)
        except Refused as error:
            return self._failed(asked, error.message)
        except Unavailable as error:  # what came back could not be kept, so nobody knows whether it arrived
            return Retry(because=error.message, is_unknown=True, result={**delivery.result, MAY_HAVE_ARRIVED: True})
        return Sent(follow_up=_taken(asked, taken, pager.title))

    def tell(self, delivery: Delivery) -> Outcome:
        """Acknowledge or resolve a page there; repeating it changes nothing."""
        asked = self._look_up(delivery)
        if asked is None:
            return Sent()
        pager = self._pagers.get(asked.page.pager)
        if pager is None:
            return Sent()
        if not asked.page.pager_id and (first := self._name(delivery, pager, asked)):
            return first
        try:
            news = PageNews(str(delivery.arguments["news"]))
            pager.tell(asked.summons, asked.page.pager_id, news, once=str(delivery.id))
        except Unanswered as error:
            may_have_arrived = error.may_have_arrived or _is_in_doubt(delivery)
            return self._untold(delivery, asked, error, may_have_arrived=may_have_arrived)
        except Refused as error:
            return Park(because=error.message, whole_lane=False) if self._was_sent(asked) else Sent()
        return Sent()

    def _name(self, delivery: Delivery, pager: Pager, asked: _Asked) -> Outcome | None:
        """Keep what the pager calls the page before it is told: our word may come back before it is answered.

        A look-up that is refused is tried a few times, as `look` may name the page meanwhile; then somebody is needed.
        """
        try:
            named = pager.name(asked.summons)
        except Unanswered as error:
            return self._untold(delivery, asked, error, may_have_arrived=False)
        except Refused as error:
            if not self._was_sent(asked):
                return Sent()
            if delivery.attempts > LOOKS:
                return Park(because=error.message, whole_lane=False)
            return self._untold(delivery, asked, Unanswered(error.message, after=LOOK_EVERY), may_have_arrived=False)
        if named is None:
            return None
        because = f"{pager.title} has said what it calls the page, and is told next"
        return Retry(because=because, after=timedelta(0), backs_off=False, follow_up=_named(asked, named))

    def _untold(self, delivery: Delivery, asked: _Asked, error: Unanswered, *, may_have_arrived: bool) -> Outcome:
        if self._clock.now() - delivery.created_at > TELL_FOR:
            return Sent() if asked.page.status is PageStatus.FAILED else Park(because=error.message, whole_lane=False)
        return Retry(
            because=error.message,
            after=error.after,
            is_unknown=may_have_arrived,
            result={**delivery.result, MAY_HAVE_ARRIVED: may_have_arrived},
        )

    def look(self, delivery: Delivery) -> Outcome:
        """Look for a page that the pager took: whether it made anything of it, or what it calls it."""
        asked = self._look_up(delivery)
        pager = self._pagers.get(asked.page.pager) if asked else None
        if asked is None or pager is None:
            return Sent()
        looks = self._look_for_name if delivery.arguments.get(IS_THERE) else self._look_for_page
        return looks(delivery, pager, asked)

    def _look_for_page(self, delivery: Delivery, pager: Pager, asked: _Asked) -> Outcome:
        """Say so where nothing was made of it; where the pager cannot be asked, nobody knows that."""
        if asked.page.status is not PageStatus.SENT:
            return Sent()
        is_over = delivery.attempts > LOOKS
        try:
            if pager.find(asked.summons):
                return Sent()
        except (Unanswered, Refused) as error:
            log.warning("page not looked for", extra={"page": str(asked.page.id), "because": error.message})
            if is_over or not isinstance(error, Unanswered):
                return Sent()
            return Retry(because=error.message, after=max(error.after, LOOK_EVERY), backs_off=False)
        if not is_over:
            return Retry(because=f"{pager.title} shows no incident of it yet", after=LOOK_EVERY, backs_off=False)
        because = f"{pager.title} took it and made no incident of it ({_NOTHING_MADE})"
        return Sent(follow_up=self._not_taken(asked, because, is_final=True))

    def _look_for_name(self, delivery: Delivery, pager: Pager, asked: _Asked) -> Outcome:
        """Find out what the pager calls a page that it said it has, for an hour."""
        because = f"{pager.title} does not show it yet"
        if asked.page.pager_id or self._clock.now() - delivery.created_at > TELL_FOR:
            return Sent()
        try:
            if found := pager.find(asked.summons):
                return Sent(follow_up=_named(asked, found))
        except (Unanswered, Refused) as error:
            because = error.message
        return Retry(because=because, after=LOOK_EVERY)

    def _summon(self, pager: Pager, asked: _Asked, delivery: Delivery) -> Taken:
        """Page, unless nobody waits for it any more because the process was down."""
        if self._clock.now() > asked.page.asked_at + GIVE_UP:
            perhaps = _PERHAPS if _is_in_doubt(delivery) else ""
            minutes = round(GIVE_UP.total_seconds() / 60)
            message = f"Debrief could not bring it to {pager.title} within {minutes} minutes{perhaps}"
            raise Refused(message)
        return pager.summon(asked.summons)

    def _found(self, pager: Pager, asked: _Asked, delivery: Delivery) -> Taken | None:
        """What an attempt of which nobody knows has left with the pager."""
        if not _is_in_doubt(delivery):
            return None
        try:
            return pager.find(asked.summons)
        except (Unanswered, Refused) as error:
            if self._clock.now() - asked.page.asked_at < LOOK_UP_FOR:
                message = f"{pager.title} does not say whether it arrived ({error.message})"
                raise Unanswered(message, after=getattr(error, "after", timedelta(0))) from error
            log.warning("page sent again without looking", extra={"page": str(asked.page.id), "because": error.message})
            return None

    def _not_yet(self, delivery: Delivery, asked: _Asked, error: Unanswered) -> Outcome:
        """Try again soon, say so where it takes long, and end it in time."""
        now, wait = self._clock.now(), max(error.after, min(backoff(delivery.attempts), LONGEST_WAIT))
        if now + wait > asked.page.asked_at + GIVE_UP:
            return self._failed(asked, error.message + (_PERHAPS if error.may_have_arrived else ""))
        waited = now - asked.page.asked_at  # below nothing where the clock was set back, and then nobody knows
        is_late = waited + wait > LATE or waited < timedelta(0)
        may_have_arrived = error.may_have_arrived or bool(delivery.result.get(MAY_HAVE_ARRIVED))
        return Retry(
            because=error.message,
            after=wait,
            backs_off=False,
            is_unknown=error.may_have_arrived,
            result={**delivery.result, MAY_HAVE_ARRIVED: may_have_arrived},
            follow_up=self._not_taken(asked, error.message, is_final=False) if is_late else None,
        )

    def _failed(self, asked: _Asked, because: str) -> Outcome:
        log.warning("not paged", extra={"page": str(asked.page.id), "because": because})
        return Sent(follow_up=self._not_taken(asked, because, is_final=True))

    def _not_taken(self, asked: _Asked, because: str, *, is_final: bool) -> FollowUp:
        command = PageNotTaken(
            **_as_debrief(asked),
            page_id=asked.page.id,
            because=because,
            call=self._plan.call_for(asked.page.kind, asked.page.name),
            is_final=is_final,
            status=asked.page.status,
        )
        return partial(_written, page_not_taken, command)

    def _look_up(self, delivery: Delivery) -> _Asked | None:
        with self._snapshots.snapshot() as reads:
            page = reads.pages.page(UUID(str(delivery.arguments["page"])))
            incident = reads.incident(page.incident_id) if page else None
            if page is None or incident is None:
                return None
            paged = reads.events_of_kind(incident.id, {EventKind.PAGED})
        # Pages are numbered in the order of their facts, whose details may be erased while somebody is to be woken.
        return _Asked(page=page, incident=incident, event=paged[page.number - 1])

    def _was_sent(self, asked: _Asked) -> bool:
        with self._snapshots.snapshot() as reads:
            return reads.has_event(asked.incident.id, f"page:{asked.page.number}:sent")


def _is_in_doubt(delivery: Delivery) -> bool:
    """Whether an earlier attempt may have arrived."""
    return bool(delivery.result.get(MAY_HAVE_ARRIVED) or delivery.result.get(INTERRUPTED))


def _taken(asked: _Asked, taken: Taken, title: str) -> FollowUp:
    command = PageTaken(
        **_as_debrief(asked), page_id=asked.page.id, event=asked.event.natural_key, taken=taken, pager=title
    )
    return partial(_written, page_taken, command)


def _named(asked: _Asked, taken: Taken) -> FollowUp:
    return partial(_written, page_named, PageNamed(**_as_debrief(asked), page_id=asked.page.id, taken=taken))


def _written(use_case: Callable[[Reads, Any], Changes], command: Any, reads: Reads) -> Changes:  # noqa: ANN401
    return use_case(reads, command)


def _as_debrief(asked: _Asked) -> dict[str, Any]:
    return {
        "person": DEBRIEF,
        "workspace_id": asked.incident.workspace_id,
        "natural_key": f"debrief:page:{asked.page.id}",
        "source": Source.DEBRIEF,
    }
