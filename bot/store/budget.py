"""How many messages an incident has brought into its present channel, and when it may bring the next."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, case, func, or_, select

from analysis.incident import Incident
from analysis.quiet import FIRST_WHILE, may_post_at
from bot.ports.records import DeliveryKind, DeliveryState
from bot.store.tables import DELIVERY

#: Deliveries that are more than one message: an offer comes below the draft's file.
_MESSAGES = {DeliveryKind.OFFER_DRAFT: 2}
#: A lane is `incident:ID:PHASE`, with the number of the channels that were left before it where there are any.
_PLACE_OF_CHANNEL = 3


class Budget:
    """When the next posts may be sent, as of *now*; each that is let go counts for those after it."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """Nothing was asked yet."""
        self._connection = connection
        self._now = now
        self._posted: dict[tuple[UUID, int], int] = {}

    def next_at(self, incident: Incident, channel: int, kind: DeliveryKind, *, must_be_noticed: bool) -> datetime:
        """Now, or the end of the first half hour where its *channel* has had as much as the post may find there."""
        ends = incident.declared_at + FIRST_WHILE
        if self._now >= ends:
            return self._now
        key, messages = (incident.id, channel), _MESSAGES.get(kind, 1)
        if key not in self._posted:
            self._posted[key] = _count(self._connection, incident.id, channel, ends)
        next_at = may_post_at(
            incident.declared_at,
            self._now,
            posted=self._posted[key],
            must_be_noticed=must_be_noticed,
            messages=messages,
        )
        self._posted[key] += messages if next_at == self._now else 0
        return next_at


def channel_of(lane: str) -> int:
    """Which of its incident's channels a lane sends to, whatever the phase: how many were left before it."""
    parts = lane.split(":")
    return int(parts[_PLACE_OF_CHANNEL]) if len(parts) > _PLACE_OF_CHANNEL else 0


def _count(connection: Connection, incident_id: UUID, channel: int, ends: datetime) -> int:
    """The posts into that channel that were not held back, sent or not."""
    row = DELIVERY.c
    messages = case(*((row.kind == kind.value, count) for kind, count in _MESSAGES.items()), else_=1)
    posts = select(row.lane, func.sum(messages)).where(
        row.incident_id == incident_id,
        row.is_post,
        or_(row.next_at < ends, row.attempts > 0),
        row.created_at < ends,
        row.state != DeliveryState.SUPERSEDED.value,
    )
    found = connection.execute(posts.group_by(row.lane)).all()
    return sum(int(count) for lane, count in found if channel_of(lane) == channel)
