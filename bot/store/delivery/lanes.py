"""How the lanes are, for `/healthz` and the operator."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select, text

from bot.ports.records import DeliveryState
from bot.store.database.engine import Database
from bot.store.record.tables import DELIVERY, LANE, OPEN_STATES, PARKED_STATE

_OPEN = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNKNOWN)
#: A message's own reason may name a service or an incident, and `/healthz` asks nobody who they are.
_SINGLE = "a message in it is parked; `debrief lanes list` says why"


class ParkedLane(NamedTuple):
    """Why a lane waits for somebody, and a kind of delivery that is parked in it, where one is."""

    because: str = _SINGLE
    kind: str | None = None


def lane_report(database: Database) -> dict[str, Any]:
    """How many deliveries are open, since when the oldest is, which lanes wait for somebody, and why."""
    with database.reading() as connection:
        found = connection.execute(open_deliveries()).all()
        parked = parked_lanes(connection)
    counts = {row.state: row.deliveries for row in found}
    return {
        "deliveries": {each.value: counts.get(each.value, 0) for each in _OPEN},
        "oldest_open_at": min((row.oldest_at for row in found), default=None),
        "parked_lanes": {key: parked[key].because for key in sorted(parked)},
    }


def parked_lanes(connection: Connection) -> dict[str, ParkedLane]:
    """Lanes that wait for somebody, by name: parked as a whole, or gone on past a delivery that is parked."""
    held = select(LANE.c.key, LANE.c.parked_because).where(LANE.c.parked_because.is_not(None))
    found = {row.lane: ParkedLane(kind=row.kind) for row in connection.execute(parked_deliveries())}
    for key, because in connection.execute(held):
        found[key] = found.get(key, ParkedLane())._replace(because=because)
    return found


def parked_deliveries() -> Select[tuple[str, str]]:
    """Find where deliveries are parked, each lane with a kind; the words are the index's own, so that it is used."""
    row = DELIVERY.c
    return select(row.lane, func.min(row.kind).label("kind")).where(text(PARKED_STATE)).group_by(row.lane)


def open_deliveries() -> Select[tuple[str, int, datetime]]:
    """Count the open deliveries of each state, with the oldest; the words are the index's own, so that it is used."""
    row = DELIVERY.c
    counted, oldest = func.count().label("deliveries"), func.min(row.created_at).label("oldest_at")
    return select(row.state, counted, oldest).where(text(OPEN_STATES)).group_by(row.state)
