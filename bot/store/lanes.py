"""How the lanes are, for `/healthz` and the operator."""

from typing import Any

from sqlalchemy import func, select

from bot.ports.records import DeliveryState
from bot.store.engine import Database
from bot.store.tables import DELIVERY, LANE

_WORTH_COUNTING = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.PARKED)


def lane_report(database: Database) -> dict[str, Any]:
    """How many deliveries are in each state but the settled ones, and which lanes are parked, and why."""
    state = DELIVERY.c.state
    counted = select(state, func.count()).where(state.in_([each.value for each in _WORTH_COUNTING])).group_by(state)
    parked = select(LANE.c.key, LANE.c.parked_because).where(LANE.c.parked_because.is_not(None)).order_by(LANE.c.key)
    with database.reading() as connection:
        counts: dict[str, int] = dict(connection.execute(counted).all())
        reasons: dict[str, str] = dict(connection.execute(parked).all())
    deliveries = {each.value: counts.get(each.value, 0) for each in _WORTH_COUNTING}
    return {"deliveries": deliveries, "parked_lanes": reasons}
