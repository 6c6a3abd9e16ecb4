"""Putting deliveries into their lanes: newer replaces waiting, and an incident's first half hour stays quiet."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, case, func, or_, select, text, update

from analysis.quiet import FIRST_WHILE, may_post_at
from bot.ports.records import HELD_BACK, DeliveryKind, DeliveryState, NewDelivery
from bot.store.chunking import chunks
from bot.store.delivery_rows import delivery_values
from bot.store.insert import insert_rows
from bot.store.reads import SqlReads
from bot.store.sealing import Sealer
from bot.store.tables import DELIVERY, OPEN_STATES

#: Deliveries that are more than one message: an offer comes below the draft's file.
_MESSAGES = {DeliveryKind.OFFER_DRAFT: 2}

#: What the row of a message says that waits for the end of the first half hour.
_HELD = {
    "because": "held back, so that the first half hour stays readable",
    "result": json.dumps({HELD_BACK: True}),
}


@dataclass(frozen=True, slots=True)
class _Replaced:
    """What a newer delivery takes over from the waiting one that it replaces."""

    place: int | None = None
    is_post: bool = False


def enqueue(connection: Connection, reads: SqlReads, sealer: Sealer, staged: Sequence[NewDelivery]) -> None:
    """Write *staged* in their order.

    One that replaces a waiting one takes its place in the lane, so that what was queued behind the first (such as
    pinning a card) still comes after the newest, and stays a post if the first was one. What must be noticed keeps a
    place of its own, so that the channel tells what happened in its order.
    """
    if not staged:
        return
    latest, posts = _coalesced(staged)
    replaced = _supersede(connection, [each for each in latest if each.coalesce])
    budget = _Budget(connection, reads)
    rows = []
    for delivery in latest:
        old = replaced.get((delivery.lane, delivery.coalesce or ""), _Replaced())
        is_post = delivery.id in posts or old.is_post
        next_at = budget.next_at(delivery) if is_post else reads.now
        place = None if delivery.must_be_noticed else old.place
        values = delivery_values(delivery, sealer, now=reads.now, next_at=next_at, place=place, is_post=is_post)
        rows.append(values | _HELD if next_at > reads.now else values)
    insert_rows(connection, DELIVERY, rows)


def _coalesced(staged: Sequence[NewDelivery]) -> tuple[list[NewDelivery], set[UUID]]:
    """The newest of each coalesce key, in its place as of `enqueue`; and the ids of those that count as posts."""
    found: dict[object, NewDelivery] = {}
    posts: set[object] = set()
    for delivery in staged:
        key = (delivery.lane, delivery.coalesce) if delivery.coalesce else delivery.id
        if delivery.must_be_noticed:
            found.pop(key, None)
        found[key] = delivery
        if delivery.is_post:
            posts.add(key)
    return list(found.values()), {delivery.id for key, delivery in found.items() if key in posts}


def _supersede(connection: Connection, newer: Sequence[NewDelivery]) -> Mapping[tuple[str, str], _Replaced]:
    """Mark the waiting deliveries that *newer* replaces; returns what each replacement takes over.

    One that was attempted stays: it may have arrived, and only it can find out.
    """
    found: dict[tuple[str, str], _Replaced] = {}
    superseded: list[int] = []
    row = DELIVERY.c
    place = func.coalesce(row.place, row.seq)
    for part in chunks(newer):
        names = {(each.lane, each.coalesce) for each in part}
        waiting = select(row.seq, row.lane, row.coalesce, place, row.is_post).where(
            text(OPEN_STATES),
            row.state == DeliveryState.PENDING.value,
            row.attempts == 0,
            row.lane.in_({lane for lane, _ in names}),
            row.coalesce.in_({key for _, key in names}),
        )
        for seq, lane, key, position, is_post in connection.execute(waiting.order_by(place)):
            if (lane, key) in names:
                earlier = found.get((lane, key), _Replaced(place=position))
                found[lane, key] = _Replaced(place=earlier.place, is_post=earlier.is_post or is_post)
                superseded.append(seq)
    for numbers in chunks(superseded):
        connection.execute(update(DELIVERY).where(row.seq.in_(numbers)).values(state=DeliveryState.SUPERSEDED.value))
    return found


class _Budget:
    """When an incident's next post may be sent."""

    def __init__(self, connection: Connection, reads: SqlReads) -> None:
        self._connection = connection
        self._reads = reads
        self._posted: dict[UUID, int] = {}

    def next_at(self, delivery: NewDelivery) -> datetime:
        """Now, or the end of the first half hour where the incident has posted as much as *delivery* may find there."""
        stored = self._reads.stored(delivery.incident_id) if delivery.incident_id else None
        now = self._reads.now
        if stored is None or now >= stored.incident.declared_at + FIRST_WHILE:
            return now
        incident, declared_at = stored.incident.id, stored.incident.declared_at
        if incident not in self._posted:
            self._posted[incident] = self._count(incident, declared_at + FIRST_WHILE)
        posted = self._posted[incident]
        messages = _MESSAGES.get(delivery.kind, 1)
        next_at = may_post_at(
            declared_at, now, posted=posted, must_be_noticed=delivery.must_be_noticed, messages=messages
        )
        self._posted[incident] += messages if next_at == now else 0
        return next_at

    def _count(self, incident_id: UUID, ends: datetime) -> int:
        """The incident's posts that were not held back, sent or not."""
        row = DELIVERY.c
        messages = case(*((row.kind == kind.value, count) for kind, count in _MESSAGES.items()), else_=1)
        posts = select(func.coalesce(func.sum(messages), 0)).where(
            row.incident_id == incident_id,
            row.is_post,
            or_(row.next_at < ends, row.attempts > 0),
            row.created_at < ends,
            row.state != DeliveryState.SUPERSEDED.value,
        )
        return int(self._connection.execute(posts).scalar_one())
