"""Which lanes have messages that wait, and why."""

from dataclasses import dataclass

from sqlalchemy import case, func, select

from bot.ports.records import DeliveryState
from bot.store.engine import Database
from bot.store.tables import DELIVERY, LANE

_UNSETTLED = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.PARKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLane:
    """A lane: how many messages wait for their turn, how many for somebody, and what was said of the last of those."""

    key: str
    waiting: int
    parked: int
    because: str


def lanes_that_wait(database: Database) -> tuple[WaitingLane, ...]:
    """Every lane that has something to send or is parked, by name.

    Raises
    ------
    analysis.errors.Unavailable
        If the database does not answer.
    """
    row = DELIVERY.c
    unsettled = row.state.in_([each.value for each in _UNSETTLED])
    is_parked = case((row.state == DeliveryState.PARKED.value, 1), else_=0)
    counted = select(row.lane, func.count(), func.sum(is_parked)).where(unsettled).group_by(row.lane)
    said = select(row.lane, row.because).where(unsettled, row.because != "").order_by(row.seq.desc())
    held = select(LANE.c.key, LANE.c.parked_because).where(LANE.c.parked_because.is_not(None))
    with database.reading() as connection:
        counts = {lane: (int(total), int(parked)) for lane, total, parked in connection.execute(counted)}
        reasons = {lane: str(because) for lane, because in connection.execute(said)}
        parked_lanes = {lane: str(because) for lane, because in connection.execute(held)}
    reasons |= parked_lanes
    return tuple(_lane(key, counts.get(key, (0, 0)), reasons.get(key, "")) for key in sorted({*counts, *parked_lanes}))


def _lane(key: str, counts: tuple[int, int], because: str) -> WaitingLane:
    total, parked = counts
    return WaitingLane(key=key, waiting=total - parked, parked=parked, because=because)
