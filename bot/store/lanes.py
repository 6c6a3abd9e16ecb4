"""How the lanes are, for `/healthz` and the operator."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text

from bot.ports.records import DeliveryState
from bot.store.engine import Database
from bot.store.tables import DELIVERY, LANE, OPEN_STATES

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN)


def lane_report(database: Database) -> dict[str, Any]:
    """How many deliveries are open, since when the oldest is, which lanes are parked, and why."""
    parked = select(LANE.c.key, LANE.c.parked_because).where(LANE.c.parked_because.is_not(None)).order_by(LANE.c.key)
    with database.reading() as connection:
        found = connection.execute(open_deliveries()).all()
        reasons: dict[str, str] = dict(connection.execute(parked).all())
    counts = {row.state: row.deliveries for row in found}
    return {
        "deliveries": {each.value: counts.get(each.value, 0) for each in _OPEN},
        "oldest_open_at": min((row.oldest_at for row in found), default=None),
        "parked_lanes": reasons,
    }


def open_deliveries() -> Select[tuple[str, int, datetime]]:
    """Count the open deliveries of each state, with the oldest; the words are the index's own, so that it is used."""
    row = DELIVERY.c
    counted, oldest = func.count().label("deliveries"), func.min(row.created_at).label("oldest_at")
    return select(row.state, counted, oldest).where(text(OPEN_STATES)).group_by(row.state)
