"""Which lanes have messages that wait, of which incident, since when, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text, union_all

from bot.ports.records import DeliveryState
from bot.store.database.engine import Database
from bot.store.delivery.outbox import has_stepped_aside
from bot.store.record.mapping import Row
from bot.store.record.tables import DELIVERY, INCIDENT, LANE, OPEN_STATES, PARKED_STATE

#: So many reasons of one lane are shown.
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLane:
    """A lane: how many messages wait for their turn (`unknown` of them may have arrived), and how many for somebody.

    `since` is the age of the oldest, `because` the reason of what holds the lane and of what waits for somebody, else
    of what has stepped aside, and `incidents` the numbers that they are about.
    """

    key: str
    waiting: int
    unknown: int
    parked: int
    since: datetime | None
    because: str
    is_parked: bool
    incidents: tuple[int, ...]

    @property
    def command(self) -> str:
        """What lets it go on; nothing where it goes on by itself."""
        return f"debrief lanes resume {self.key}" if self.parked or self.is_parked else ""


def lanes_that_wait(database: Database) -> tuple[WaitingLane, ...]:
    """Every lane that has something to send or is parked, by name.

    Raises
    ------
    analysis.errors.Unavailable
        If the database does not answer.
    """
    held = select(LANE.c.key, LANE.c.parked_because).where(LANE.c.parked_because.is_not(None))
    with database.reading() as connection:
        rows = connection.execute(unsettled_deliveries()).mappings().all()
        parked_lanes: dict[str, str] = dict(connection.execute(held).all())
    by_lane: dict[str, list[Row]] = {key: [] for key in parked_lanes}
    for each in rows:
        by_lane.setdefault(each["lane"], []).append(each)
    return tuple(_lane(key, by_lane[key], parked_lanes.get(key)) for key in sorted(by_lane))


def unsettled_deliveries() -> Select[Any]:
    """Find what waits, in order; the words are those of the two indexes, each of which has its own part of it."""
    row = DELIVERY.c
    parts = [select(row.seq).where(text(states)) for states in (OPEN_STATES, PARKED_STATE)]
    of_incident = DELIVERY.outerjoin(INCIDENT, INCIDENT.c.id == row.incident_id)
    found = select(row.lane, row.state, row.created_at, row.because, row.result, INCIDENT.c.number)
    found = found.select_from(of_incident)
    return found.where(row.seq.in_(union_all(*parts))).order_by(row.seq)


def _because(rows: Sequence[Row]) -> str:
    """The few reasons that count: the first of what holds the lane and all that wait for somebody, else of all."""
    given = [row for row in rows if row["because"]]
    parked = [row["because"] for row in given if row["state"] == DeliveryState.PARKED.value]
    holding = [row["because"] for row in given if _holds_lane(row)]
    reasons = list(dict.fromkeys([*holding[:1], *parked] or (row["because"] for row in given)))
    more = [f"{len(reasons) - _MOST_REASONS} more"] if len(reasons) > _MOST_REASONS else []
    return "; ".join([*reasons[:_MOST_REASONS], *more])


def _holds_lane(row: Row) -> bool:
    return row["state"] != DeliveryState.PARKED.value and not has_stepped_aside(row["state"], row["result"])


def _lane(key: str, rows: Sequence[Row], parked_because: str | None) -> WaitingLane:
    states = [row["state"] for row in rows]
    parked = states.count(DeliveryState.PARKED.value)
    return WaitingLane(
        key=key,
        waiting=len(rows) - parked,
        unknown=states.count(DeliveryState.UNKNOWN.value),
        parked=parked,
        since=min((row["created_at"] for row in rows), default=None),
        because=parked_because or _because(rows),
        is_parked=parked_because is not None,
        incidents=tuple(sorted({row["number"] for row in rows if row["number"]})),
    )
