"""What holds a lane up, and telling the operator of it in the transaction that parks it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select, text

from analysis.operator_notes import parked
from bot.ports.outbox import OPERATOR_LANE
from bot.ports.records import Changes, Delivery, DeliveryKind, DeliveryState, NewDelivery
from bot.store.delivery.lane_rows import set_lane
from bot.store.record.tables import DELIVERY, INCIDENT, LANE, OPEN_STATES
from bot.store.writing.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMessage:
    """What can be said of a delivery that cannot be read."""

    lane: str
    kind: str
    incident_id: UUID | None


def tell_of_parked(transaction: Transaction, what: Delivery | ParkedMessage, *, because: str, whole_lane: bool) -> bool:
    """Write why the lane waits, and the note of it unless the operator has had one; whether there is a note.

    A note that cannot be delivered causes no further note.
    """
    is_news = not was_told(transaction, what.lane)
    parked_because = because if whole_lane else None
    set_lane(transaction.connection, what.lane, rests_until=None, parked_because=parked_because, operator_told=True)
    if is_news and what.lane != OPERATOR_LANE:
        note = parked(
            what.lane,
            what.kind,
            because,
            number=_number(transaction, what.incident_id),
            waiting=_waiting(transaction, what.lane),
            whole_lane=whole_lane,
        )
        transaction.stage(Changes(deliveries=(_note(transaction, note),)))
    return is_news


def was_told(transaction: Transaction, key: str) -> bool:
    """Whether the operator was told of this lane since it last sent something."""
    told = select(LANE.c.operator_told).where(LANE.c.key == key)
    return bool(transaction.connection.execute(told).scalar())


def _note(transaction: Transaction, sentence: str) -> NewDelivery:
    return NewDelivery(
        id=transaction.reads.new_id(),
        kind=DeliveryKind.TELL_OPERATOR,
        lane=OPERATOR_LANE,
        arguments={"sentence": sentence},
    )


def _number(transaction: Transaction, incident_id: UUID | None) -> int | None:
    number = select(INCIDENT.c.number).where(INCIDENT.c.id == incident_id)
    return transaction.connection.execute(number).scalar() if incident_id else None


def _waiting(transaction: Transaction, lane: str) -> int:
    row = DELIVERY.c
    is_parked = row.state == DeliveryState.PARKED.value
    waiting = select(func.count()).where(row.lane == lane, or_(text(OPEN_STATES), is_parked))
    return transaction.connection.execute(waiting).scalar_one()
