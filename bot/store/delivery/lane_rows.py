"""How lanes stand, and letting parked ones go on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, text, update

from bot.ports.records import DeliveryState
from bot.store.database.upsert import upsert
from bot.store.record.tables import DELIVERY, LANE, PARKED_STATE


def set_lane(connection: Connection, key: str, **values: object) -> None:
    """Write how a lane stands."""
    upsert(connection, LANE, [{"key": key, **values}], keys=("key",))


def rest(connection: Connection, lanes: Collection[str], *, until: datetime) -> None:
    """Let *lanes* rest, none of which is parked as a whole; what the operator was told of them stays."""
    fresh = {"rests_until": until, "parked_because": None, "operator_told": False}
    upsert(connection, LANE, [{"key": key, **fresh} for key in sorted(lanes)], keys=("key",), changing=("rests_until",))


def resume(connection: Connection, lane: str, *, now: datetime) -> int:
    """Let a lane go on, its parked deliveries first; returns how many wait again."""
    parked = (DELIVERY.c.lane == lane) & text(PARKED_STATE)
    again = update(DELIVERY).where(parked).values(state=DeliveryState.PENDING.value, next_at=now)
    set_lane(connection, lane, rests_until=None, parked_because=None, operator_told=False)
    return connection.execute(again).rowcount


def resume_parked(connection: Connection, lanes: Collection[str], *, now: datetime) -> None:
    """Let those of *lanes* go on that are parked as a whole."""
    if lanes:
        parked = select(LANE.c.key).where(LANE.c.key.in_(sorted(lanes)), LANE.c.parked_because.is_not(None))
        for lane in connection.execute(parked).scalars().all():
            resume(connection, lane, now=now)
