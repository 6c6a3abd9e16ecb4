"""How much waits in the database, and since when, for whoever watches: a few counts, of what is open alone."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import case, func, select, text

from bot.ports.outbox import PAGER_KINDS
from bot.ports.records import DeliveryKind
from bot.store.database.engine import Database
from bot.store.delivery.lanes import parked_lanes
from bot.store.holding.hold_tables import ALERT_HOLD
from bot.store.paging.paging_tables import FORWARD
from bot.store.record.tables import DELIVERY, LANE, OPEN_STATES

#: Where deliveries go; all others to Slack.
_ELSEWHERE: Mapping[str, str] = {
    **{kind.value: "pager" for kind in PAGER_KINDS},
    DeliveryKind.MAKE_DRAFT.value: "draft",
    DeliveryKind.PUBLISH.value: "target",
}
DESTINATIONS = ("slack", *sorted(set(_ELSEWHERE.values())))
#: An alert that waits is told after minutes (`hold`), or listed after an hour.
ACTIONS = ("hold", "digest")


class Waiting(NamedTuple):
    """How many wait, and since when the oldest does."""

    number: int = 0
    oldest_at: datetime | None = None

    def and_also(self, other: "Waiting") -> "Waiting":
        """Both together."""
        ages = [at for at in (self.oldest_at, other.oldest_at) if at]
        return Waiting(self.number + other.number, min(ages, default=None))


class Backlog(NamedTuple):
    """What waits: messages that are due by where they go, alerts that are held, alerts in line, and lanes for somebody.

    Neither what is kept for the end of an incident's first half hour is due, nor what is parked, with all that stands
    in a lane parked as a whole: those lanes are counted, too, by where they go.
    """

    deliveries: Mapping[str, Waiting]
    held: Mapping[str, Waiting]
    in_line: Waiting
    parked: Mapping[str, int]


def backlog(database: Database, workspace_id: UUID, now: datetime, services: Collection[str]) -> Backlog:
    """What waits; of alerts in line those for *services*, which a route leads to.

    Raises
    ------
    analysis.errors.Unavailable
        If the database does not answer.
    """
    one, hold, forward = DELIVERY.c, ALERT_HOLD.c, FORWARD.c
    lanes = DELIVERY.outerjoin(LANE, LANE.c.key == one.lane)
    is_due = LANE.c.parked_because.is_(None) & ((one.next_at <= now) | (one.attempts > 0))
    # What was kept for a while has waited since that was over.
    since = case((one.attempts == 0, one.next_at), else_=one.created_at)
    due = select(one.kind, func.count(), func.min(since)).select_from(lanes)
    # A page that is looked for is with the pager already: nobody waits for that.
    is_waited_for = one.kind != DeliveryKind.LOOK_FOR_PAGE.value
    due = due.where(text(OPEN_STATES), is_due, is_waited_for).group_by(one.kind)
    held = select(hold.action, func.count(), func.min(hold.since))
    held = held.where(hold.workspace_id == workspace_id, hold.ended_at.is_(None))
    in_line = select(func.count(), func.min(forward.asked_at)).where(forward.taken_at.is_(None))
    with database.reading() as connection:
        deliveries = dict.fromkeys(DESTINATIONS, Waiting())
        for kind, count, oldest_at in connection.execute(due):
            to = _destination(kind)
            deliveries[to] = deliveries[to].and_also(Waiting(count, oldest_at))
        holds = dict.fromkeys(ACTIONS, Waiting())
        for action, count, oldest_at in connection.execute(held.where(hold.action.in_(ACTIONS)).group_by(hold.action)):
            holds[action] = Waiting(count, oldest_at)
        waiting = connection.execute(in_line.where(forward.service.in_(services))).one()
        parked = Counter(_destination(lane.kind) for lane in parked_lanes(connection).values())
    return Backlog(deliveries, holds, Waiting(*waiting), {to: parked[to] for to in DESTINATIONS})


def _destination(kind: str | None) -> str:
    """Where a kind goes; a lane in which nothing is parked any more was parked as a whole, which Slack alone does."""
    return _ELSEWHERE.get(kind or "", "slack")
