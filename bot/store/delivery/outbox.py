"""The lanes (`bot.ports.outbox.Outbox`): one process claims, sends, and says what became of it.

Every step is a transaction of the one writer. An attempt is counted and committed before anything is sent, so that
after a crash the delivery comes out again first in its lane, with more than one attempt, to be looked for. Where the
process that began it may live on although another one sends now, its lane rests for longer than most attempts take.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, or_, select, text, update

from analysis.errors import Conflict, Refused
from bot.ports.outbox import LONGEST_REST, FollowUp
from bot.ports.outside import Clock
from bot.ports.records import Delivery, DeliveryKind, DeliveryState
from bot.store.database.engine import Database
from bot.store.delivery.delivery_rows import to_delivery
from bot.store.delivery.lane_rows import rest, resume, set_lane
from bot.store.delivery.parked import ParkedMessage, tell_of_parked, was_told
from bot.store.record.sealing import Unopenable
from bot.store.record.tables import DELIVERY, LANE, OPEN_STATES
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter

log = logging.getLogger(__name__)

#: A delivery whose every attempt ends the process would end it for ever.
MOST_INTERRUPTIONS = 10

_INTERRUPTED = "interrupted"
#: Stands in the `result` of what waits without holding its lane, in the words of the mark that finds it.
_ASIDE = "stepped_aside"
_ASIDE_MARK = f'"{_ASIDE}": true'
_BEGUN = (DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """Which deliveries an outbox has: those of `only` these kinds, or of all kinds `without` some."""

    only: frozenset[DeliveryKind] | None = None
    without: frozenset[DeliveryKind] = frozenset()


class SqlOutbox:
    """Deliveries, one at a time in each lane."""

    def __init__(
        self,
        database: Database,
        writer: SqlWriter,
        clock: Clock,
        *,
        only: frozenset[DeliveryKind] | None = None,
        without: frozenset[DeliveryKind] = frozenset(),
        longest_attempt: timedelta = timedelta(0),
    ) -> None:
        """Claim and settle through *writer* those of the kinds *only*, or all *without* some; no lane has both.

        For so long as the *longest_attempt* takes, nobody begins another one of what was claimed and not settled.
        """
        self._database = database
        self._writer = writer
        self._clock = clock
        self._kinds = Kinds(only=only, without=without)
        self._longest_attempt = min(longest_attempt, LONGEST_REST)

    def claim(self, *, limit: int, busy_lanes: frozenset[str]) -> tuple[Delivery, ...]:
        """See the port. Posts that wait for the end of an incident's first half hour do not hold up what follows."""

        def take(transaction: Transaction) -> tuple[Delivery, ...]:
            rows = _claim(transaction, limit, busy_lanes, self._kinds)
            self._keep_others_out(transaction, [row["lane"] for row in rows])
            claimed = [_read(transaction, row) for row in rows]
            return tuple(delivery for delivery in claimed if delivery)

        return self._writer.call(take).result()

    def settle_sent(
        self, delivery: Delivery, result: Mapping[str, Any], follow_up: FollowUp | None, *, pause: timedelta
    ) -> None:
        def settle(transaction: Transaction) -> None:
            now = transaction.reads.now
            _mark(transaction, delivery, state=DeliveryState.SENT, result=_kept(delivery, result), because="")
            set_lane(
                transaction.connection, delivery.lane, rests_until=now + pause, parked_because=None, operator_told=False
            )
            _follow(transaction, delivery, follow_up)

        self._writer.call(settle).result()

    def remember(self, delivery: Delivery, result: Mapping[str, Any]) -> Delivery:
        def keep(transaction: Transaction) -> None:
            _mark(transaction, delivery, state=DeliveryState.SENDING, result=json.dumps(dict(result)))
            self._keep_others_out(transaction, [delivery.lane])

        self._writer.call(keep).result()
        return replace(delivery, result=MappingProxyType(dict(result)))

    def settle_retry(
        self,
        delivery: Delivery,
        *,
        at: datetime,
        because: str,
        is_unknown: bool = False,
        holds_lane: bool = True,
        result: Mapping[str, Any] | None = None,
        follow_up: FollowUp | None = None,
    ) -> None:
        state = DeliveryState.UNKNOWN if is_unknown else DeliveryState.PENDING
        kept = _kept(delivery, result, steps_aside=not holds_lane)

        def settle(transaction: Transaction) -> None:
            _mark(transaction, delivery, state=state, next_at=at, because=because, result=kept)
            told = was_told(transaction, delivery.lane)
            rests_until = at if holds_lane else None
            set_lane(
                transaction.connection, delivery.lane, rests_until=rests_until, parked_because=None, operator_told=told
            )
            _follow(transaction, delivery, follow_up)

        self._writer.call(settle).result()

    def settle_parked(
        self,
        delivery: Delivery,
        *,
        because: str,
        whole_lane: bool,
        result: Mapping[str, Any] | None = None,
        follow_up: FollowUp | None = None,
    ) -> bool:
        kept = _kept(delivery, result)

        def settle(transaction: Transaction) -> bool:
            _mark(transaction, delivery, state=DeliveryState.PARKED, because=because, result=kept)
            is_told = tell_of_parked(transaction, delivery, because=because, whole_lane=whole_lane)
            _follow(transaction, delivery, follow_up)
            return is_told

        return self._writer.call(settle).result()

    def resume(self, lane: str) -> int:
        def go_on(transaction: Transaction) -> int:
            return resume(transaction.connection, lane, now=transaction.reads.now)

        return self._writer.call(go_on).result()

    def next_due(self, *, busy_lanes: frozenset[str] = frozenset()) -> datetime | None:
        values = {**_moments(self._clock.now()), "busy": sorted(busy_lanes)}
        with self._database.reading() as connection:
            instant: datetime | None = connection.execute(_earliest_due(self._kinds), values).scalar()
        return instant

    def _keep_others_out(self, transaction: Transaction, lanes: Sequence[str]) -> None:
        """Let *lanes* rest while an attempt goes on; what becomes of it says when they go on."""
        if self._longest_attempt:
            rest(transaction.connection, lanes, until=transaction.reads.now + self._longest_attempt)


def _claim(transaction: Transaction, limit: int, busy_lanes: frozenset[str], kinds: Kinds) -> list[Mapping[str, Any]]:
    """Count the attempt of what comes next, and return those rows, unless another process has just begun with them."""
    values = {**_moments(transaction.reads.now), "most": limit, "busy": sorted(busy_lanes)}
    chosen = transaction.connection.execute(_first_of_lanes(kinds), values).mappings().all()
    if not chosen:
        return []
    row = DELIVERY.c
    as_read = (
        and_(row.seq == each["seq"], row.state == each["state"], row.attempts == each["attempts"]) for each in chosen
    )
    counted = update(DELIVERY).where(or_(*as_read)).returning(row.seq)
    counting = counted.values(state=DeliveryState.SENDING.value, attempts=row.attempts + 1)
    ours = set(transaction.connection.execute(counting).scalars())
    return [{**each, "attempts": each["attempts"] + 1} for each in chosen if each["seq"] in ours]


def _read(transaction: Transaction, row: Mapping[str, Any]) -> Delivery | None:
    """The delivery of a row, or nothing where it cannot be attempted: that one is parked, so that the others go on."""
    interrupted = _interrupted(row)
    if interrupted >= MOST_INTERRUPTIONS:
        _park_row(transaction, row, f"the process ended {interrupted} times while it sent this; see the log")
        return None
    try:
        return to_delivery({**row, "result": _count_interrupted(transaction, row, interrupted)}, transaction.sealer)
    except (Unopenable, ValueError) as error:
        log.warning("delivery cannot be read", extra={"delivery": str(row["id"]), "because": str(error)})
        _park_row(transaction, row, "it cannot be read; see the log")
        return None


def _interrupted(row: Mapping[str, Any]) -> int:
    """How many attempts in a row nobody settled, as the row stood before it was claimed."""
    if row["state"] != DeliveryState.SENDING.value:
        return 0
    return int(json.loads(row["result"]).get(_INTERRUPTED, 0)) + 1


def _count_interrupted(transaction: Transaction, row: Mapping[str, Any], interrupted: int) -> str:
    """The row's `result`, with the count kept in it until an attempt is settled."""
    if not interrupted:
        return str(row["result"])
    result = json.dumps({**json.loads(row["result"]), _INTERRUPTED: interrupted})
    transaction.connection.execute(update(DELIVERY).where(DELIVERY.c.seq == row["seq"]).values(result=result))
    return result


def _park_row(transaction: Transaction, row: Mapping[str, Any], because: str) -> None:
    parked = update(DELIVERY).where(DELIVERY.c.seq == row["seq"])
    transaction.connection.execute(parked.values(state=DeliveryState.PARKED.value, because=because))
    what = ParkedMessage(lane=row["lane"], kind=row["kind"], incident_id=row["incident_id"])
    tell_of_parked(transaction, what, because=because, whole_lane=False)


def _kept(delivery: Delivery, result: Mapping[str, Any] | None, *, steps_aside: bool = False) -> str:
    """What the next attempt finds."""
    kept = delivery.result if result is None else result
    of_before = {name: value for name, value in kept.items() if name not in {_INTERRUPTED, _ASIDE}}
    return json.dumps({**of_before, _ASIDE: True} if steps_aside else of_before)


def has_stepped_aside(state: str, result: str) -> bool:
    """Whether a row in *state* with this *result* waits without holding its lane."""
    return state == DeliveryState.PENDING.value and _ASIDE_MARK in result


# Both questions are asked after every delivery: they are put together once, because that takes longer than asking.
@cache
def _earliest_due(kinds: Kinds) -> Select[Any]:
    """When the first of the lanes that are not `busy` may send again: `now` where one may already."""
    row, (now, latest) = DELIVERY.c, _bound()
    is_ready = _is_due(now, latest) & _is_awake(now, latest)
    due = case((is_ready, now), (LANE.c.rests_until > row.next_at, LANE.c.rests_until), else_=row.next_at)
    waiting = select(func.min(due)).select_from(DELIVERY.outerjoin(LANE, LANE.c.key == row.lane))
    return waiting.where(text(OPEN_STATES), _is_of(kinds), LANE.c.parked_because.is_(None), _is_free())


@cache
def _first_of_lanes(kinds: Kinds) -> Select[Any]:
    """What comes next in every lane that may send `now`: an attempt that was begun, else the first that is due.

    What has stepped aside comes after all others, in the order of its times: it may be so much that some of it is
    always due, and neither a new one nor the last of it waits for ever then.
    """
    row, (now, latest) = DELIVERY.c, _bound()
    is_aside = and_(row.state == DeliveryState.PENDING.value, row.attempts > 0, row.result.contains(_ASIDE_MARK))
    turns = case((row.state.in_(_BEGUN), 0), (is_aside, 2), else_=1)
    in_order = (turns, case((is_aside, row.next_at)), func.coalesce(row.place, row.seq), row.seq)
    turn = func.row_number().over(partition_by=row.lane, order_by=in_order).label("turn")
    ranked = select(row.seq, turn).select_from(DELIVERY.outerjoin(LANE, LANE.c.key == row.lane))
    ranked = ranked.where(text(OPEN_STATES), _is_of(kinds), _is_due(now, latest), _is_awake(now, latest), _is_free())
    candidates = ranked.subquery()
    first = select(candidates.c.seq).where(candidates.c.turn == 1)
    # Whoever is asked for by a person does not wait for a storm of alerts in line, each to a pager that is slow.
    is_alert = case((row.kind == DeliveryKind.FORWARD_ALERT.value, 1), else_=0)
    has_alerts = kinds.only is not None and DeliveryKind.FORWARD_ALERT in kinds.only
    order = (is_alert, row.seq) if has_alerts else (row.seq,)
    chosen = select(DELIVERY).where(row.seq.in_(first)).order_by(*order)
    return chosen.limit(bindparam("most", type_=row.seq.type))


def _moments(now: datetime) -> dict[str, datetime]:
    """Now, and the time after which no delivery rests unless the clock was set back."""
    return {"now": now, "latest": now + LONGEST_REST}


def _bound() -> tuple[BindParameter[datetime], BindParameter[datetime]]:
    """What `_moments` gives, in a statement."""
    of_time = DELIVERY.c.next_at.type
    return bindparam("now", type_=of_time), bindparam("latest", type_=of_time)


def _is_of(kinds: Kinds) -> ColumnElement[bool]:
    kind = DELIVERY.c.kind
    return kind.not_in(sorted(kinds.without)) if kinds.only is None else kind.in_(sorted(kinds.only))


def _is_due(now: ColumnElement[datetime], latest: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether its time has come, or was set by a clock that has been set back since.

    What was tried rests for its time all the same: what has stepped aside has no lane that rests with it.
    """
    row = DELIVERY.c
    is_of_ahead = or_(
        and_(row.attempts == 0, row.created_at > now),
        and_(row.attempts > 0, row.next_at > latest),
    )
    return or_(row.next_at <= now, is_of_ahead)


def _is_awake(now: ColumnElement[datetime], latest: ColumnElement[datetime]) -> ColumnElement[bool]:
    rests = LANE.c.rests_until
    rested = or_(rests.is_(None), rests <= now, rests > latest)
    return and_(LANE.c.parked_because.is_(None), rested)


def _is_free() -> ColumnElement[bool]:
    return DELIVERY.c.lane.not_in(bindparam("busy", expanding=True))


def _mark(transaction: Transaction, delivery: Delivery, *, state: DeliveryState, **values: object) -> None:
    """Change the row of this attempt while it is running: another process may have begun the next one meanwhile."""
    row = DELIVERY.c
    is_running = (row.state == DeliveryState.SENDING.value) & (row.attempts == delivery.attempts)
    marked = update(DELIVERY).where(row.id == delivery.id, is_running).values(state=state.value, **values)
    if transaction.connection.execute(marked).rowcount != 1:
        message = "This delivery is not being sent any more."
        raise Conflict(message)


def _follow(transaction: Transaction, delivery: Delivery, follow_up: FollowUp | None) -> None:
    """Write what follows from a delivery; a refusal cannot undo that it was sent."""
    if follow_up is None:
        return
    try:
        changes = follow_up(transaction.reads)
    except Refused as refusal:
        log.warning("follow-up refused", extra={"delivery": str(delivery.id), "because": refusal.message})
        return
    transaction.stage(changes)
