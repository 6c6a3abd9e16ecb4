"""How many messages an incident has brought into its present channel, and when it may bring the next."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from analysis.incident import Incident
from analysis.quiet import FIRST_WHILE, may_post_at
from bot.ports.records import DeliveryKind, DeliveryState
from bot.store.database.chunking import chunks
from bot.store.record.tables import DELIVERY

#: Deliveries that are more than one message: an offer comes below the draft's file.
_MESSAGES = {DeliveryKind.OFFER_DRAFT: 2}
#: A lane is `incident:ID:PHASE`, with the number of the channels that were left before it where there are any.
_PLACE_OF_CHANNEL = 3

_ROW = DELIVERY.c
_POSTS = select(_ROW.incident_id, _ROW.lane, _ROW.kind, _ROW.next_at, _ROW.attempts, _ROW.created_at).where(
    _ROW.incident_id.in_(bindparam("incidents", expanding=True)),
    _ROW.is_post,
    _ROW.state != DeliveryState.SUPERSEDED.value,
)


class Budget:
    """When the next posts may be sent, as of *now*; each that is let go counts for those after it."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        """Nothing was asked yet."""
        self._connection = connection
        self._now = now
        self._posted: dict[UUID, Counter[int]] = {}

    def look_up(self, incidents: Iterable[Incident]) -> None:
        """Count at once what *incidents* have posted, where `next_at` will want to know."""
        ends = {one.id: one.declared_at + FIRST_WHILE for one in incidents if one.id not in self._posted}
        asked = {incident_id: end for incident_id, end in ends.items() if self._now < end}
        self._posted |= {incident_id: Counter() for incident_id in asked}
        for part in chunks(sorted(asked)):
            for incident_id, lane, kind, next_at, attempts, created_at in self._connection.execute(
                _POSTS, {"incidents": part}
            ):
                # What was held back until the end does not count, unless it was sent all the same.
                end = asked[incident_id]
                if created_at < end and (next_at < end or attempts > 0):
                    self._posted[incident_id][channel_of(lane)] += _messages(kind)

    def next_at(self, incident: Incident, channel: int, kind: DeliveryKind, *, must_be_noticed: bool) -> datetime:
        """Now, or the end of the first half hour where its *channel* has had as much as the post may find there."""
        self.look_up([incident])
        posted = self._posted.get(incident.id)
        if posted is None:
            return self._now
        messages = _messages(kind)
        next_at = may_post_at(
            incident.declared_at,
            self._now,
            posted=posted[channel],
            must_be_noticed=must_be_noticed,
            messages=messages,
        )
        posted[channel] += messages if next_at == self._now else 0
        return next_at


def channel_of(lane: str) -> int:
    """Which of its incident's channels a lane sends to, whatever the phase: how many were left before it."""
    parts = lane.split(":")
    return int(parts[_PLACE_OF_CHANNEL]) if len(parts) > _PLACE_OF_CHANNEL else 0


def _messages(kind: str) -> int:
    return _MESSAGES.get(DeliveryKind(kind), 1)
