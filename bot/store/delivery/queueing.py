"""Putting deliveries into their lanes: newer replaces waiting, and an incident's first half hour stays quiet."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, text, update

from bot.ports.records import HELD_BACK, DeliveryState, NewDelivery
from bot.store.database.chunking import chunks
from bot.store.database.insert import insert_rows
from bot.store.delivery.budget import Budget, channel_of
from bot.store.delivery.delivery_rows import delivery_values
from bot.store.record.reads import SqlReads
from bot.store.record.sealing import Sealer
from bot.store.record.tables import DELIVERY, OPEN_STATES

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


_NOTHING = _Replaced()
_PLACE = func.coalesce(DELIVERY.c.place, DELIVERY.c.seq)
_WAITING = (
    select(DELIVERY.c.seq, DELIVERY.c.lane, DELIVERY.c.coalesce, _PLACE, DELIVERY.c.is_post)
    .where(
        text(OPEN_STATES),
        DELIVERY.c.state == DeliveryState.PENDING.value,
        DELIVERY.c.attempts == 0,
        DELIVERY.c.lane.in_(bindparam("lanes", expanding=True)),
        DELIVERY.c.coalesce.in_(bindparam("keys", expanding=True)),
    )
    .order_by(_PLACE)
)
_SUPERSEDE = (
    update(DELIVERY)
    .where(DELIVERY.c.seq.in_(bindparam("numbers", expanding=True)))
    .values(state=DeliveryState.SUPERSEDED.value)
)


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
    placed = [(each, replaced.get((each.lane, each.coalesce or ""), _NOTHING)) for each in latest]
    posts |= {each.id for each, old in placed if old.is_post}
    may_go = _next_at(connection, reads, [each for each in latest if each.id in posts])
    rows = []
    for delivery, old in placed:
        next_at = may_go.get(delivery.id, reads.now)
        place = None if delivery.must_be_noticed else old.place
        is_post = delivery.id in posts
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
    for part in chunks(newer):
        names = {(each.lane, each.coalesce) for each in part}
        wanted = {"lanes": sorted({lane for lane, _ in names}), "keys": list({key for _, key in names})}
        for seq, lane, key, position, is_post in connection.execute(_WAITING, wanted):
            if (lane, key) in names:
                earlier = found.get((lane, key), _Replaced(place=position))
                found[lane, key] = _Replaced(place=earlier.place, is_post=earlier.is_post or is_post)
                superseded.append(seq)
    for numbers in chunks(superseded):
        connection.execute(_SUPERSEDE, {"numbers": numbers})
    return found


def _next_at(connection: Connection, reads: SqlReads, posts: Sequence[NewDelivery]) -> dict[UUID, datetime]:
    """When each of *posts* that belong to an incident may be sent, by its id."""
    found = [(each, reads.stored(each.incident_id)) for each in posts if each.incident_id]
    of_incidents = [(each, stored.incident) for each, stored in found if stored]
    budget = Budget(connection, reads.now)
    budget.look_up(incident for _, incident in of_incidents)
    return {
        each.id: budget.next_at(incident, channel_of(each.lane), each.kind, must_be_noticed=each.must_be_noticed)
        for each, incident in of_incidents
    }
