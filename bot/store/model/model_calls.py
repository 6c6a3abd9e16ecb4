"""Calls to the language model (`bot.ports.model.ModelCalls`): the budgets, and the answers that were paid for.

What left, byte for byte, is in the log of all calls (`bot.store.paging.egress`) under the same id.

Each call is written in one transaction that first looks at what is left, so that no two calls share the same rest and
none is forgotten by a kill: what never ended counts with all that was reserved for it.
"""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from analysis.chain import canonical_bytes
from bot.ports.model import Answer, ModelCall, OverBudgetError, Usage
from bot.ports.outside import Clock
from bot.store.database.advisory_locks import take_in_turns
from bot.store.database.engine import Database
from bot.store.model.model_call_tables import MODEL_CALL
from bot.store.record.erasing import refuse_erased
from bot.store.record.sealing import Sealer
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter

_FIELD = "model_call"
#: What an answer has had only since answers are taken out of what stands around them.
_NEWER = frozenset({"dropped", "unclear", "words"})
#: Any number that no other lock of Debrief uses: what another process reserves is seen before anything is left of it.
_LOCK = 7_032_021


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The most of one thing that may be spent; `None` for no limit. `setting` is how an operator changes it."""

    setting: str
    what: str
    of: Callable[[Usage], float]
    most: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may be spent on one incident, on all in one day by UTC, and on one incident in one day.

    `whose` names what the last is for, where that is no incident.
    """

    per_incident: tuple[Limit, ...] = field(default=())
    per_day: tuple[Limit, ...] = field(default=())
    per_incident_and_day: tuple[Limit, ...] = field(default=())
    whose: str = ""


def spent_on(database: Database, day: datetime) -> Usage:
    """What all calls of the *day* cost by UTC, with what is reserved for those that have not ended."""
    with database.reading() as connection:
        return _spent(connection, day=day)


class SqlModelCalls:
    """Written by the one writer, each step a commit."""

    def __init__(self, database: Database, sealer: Sealer, writer: SqlWriter, *, clock: Clock, limits: Limits) -> None:
        """Read from *database*, write through *writer*."""
        self._database = database
        self._sealer = sealer
        self._writer = writer
        self._clock = clock
        self._limits = limits

    def answered(self, incident_id: UUID, key: str) -> Answer | None:
        same = (MODEL_CALL.c.incident_id == incident_id) & (MODEL_CALL.c.key == key)
        found = select(MODEL_CALL.c.content).where(same, MODEL_CALL.c.outcome == "answered")
        newest = found.where(MODEL_CALL.c.content.is_not(None)).order_by(MODEL_CALL.c.began_at.desc()).limit(1)
        with self._database.reading() as connection:
            sealed = connection.execute(newest).scalar()
        if sealed is None:
            return None
        return Answer(**json.loads(self._sealer.open_whole(_FIELD, sealed))["answer"])

    def seconds_left(self, at: datetime) -> float:
        most = [limit.most for limit in self._limits.per_day if limit.what == "seconds" and limit.most is not None]
        return min(most) - spent_on(self._database, at).seconds if most else math.inf

    def begin(self, call: ModelCall) -> None:
        self._writer.call(lambda transaction: self._reserve(transaction, call)).result()

    def end(self, call: ModelCall, outcome: str, used: Usage, answer: Answer | None = None) -> None:
        said = canonical_bytes(asdict(answer)) if answer else b""
        values = {
            "ended_at": self._clock.now(),
            "outcome": outcome,
            **asdict(used),
            "answer_hash": hashlib.sha256(said).digest() if answer else b"",
        }
        # An erasure in between has taken the content away, and it stays away.
        sealed = self._sealed(answer)
        this = MODEL_CALL.c.id == call.id

        def settle(transaction: Transaction) -> None:
            transaction.connection.execute(update(MODEL_CALL).where(this).values(values))
            kept = update(MODEL_CALL).where(this, MODEL_CALL.c.content.is_not(None))
            transaction.connection.execute(kept.values(content=sealed))

        self._writer.call(settle).result()

    def _reserve(self, transaction: Transaction, call: ModelCall) -> None:
        refuse_erased(transaction.reads, call.incident_id, call.ledger_seq)
        take_in_turns(transaction.connection, _LOCK)
        self._check(transaction.connection, call)
        row = {
            "id": call.id,
            "incident_id": call.incident_id,
            "key": call.key,
            "model": call.model,
            "policy": call.policy,
            "began_at": call.began_at,
            "ended_at": None,
            "outcome": "",
            **asdict(call.most),
            "question_hash": hashlib.sha256(call.content.encode()).digest(),
            "answer_hash": b"",
            "content": self._sealed(None),
        }
        transaction.connection.execute(insert(MODEL_CALL), [row])

    def _check(self, connection: Connection, call: ModelCall) -> None:
        of_incident = _spent(connection, incident_id=call.incident_id)
        today = _spent(connection, day=call.began_at)
        both = _spent(connection, incident_id=call.incident_id, day=call.began_at)
        for limits, spent, whose in (
            (self._limits.per_incident, of_incident, "of this incident"),
            (self._limits.per_day, today, "of this day"),
            (self._limits.per_incident_and_day, both, self._limits.whose),
        ):
            for limit in limits:
                if limit.most is not None and limit.of(spent) + limit.of(call.most) > limit.most:
                    message = f"What is left of the {limit.what} {whose} ({limit.setting}) is less than it may cost."
                    raise OverBudgetError(message)

    def _sealed(self, answer: Answer | None) -> bytes:
        # What older versions do not know is written only where there is anything, so that they can read the others.
        said = asdict(answer).items() if answer else ()
        kept = {name: value for name, value in said if value or name not in _NEWER}
        content = {"answer": kept or None}
        return self._sealer.seal_whole(_FIELD, canonical_bytes(content))


def _spent(connection: Connection, *, incident_id: UUID | None = None, day: datetime | None = None) -> Usage:
    columns = (MODEL_CALL.c.tokens, MODEL_CALL.c.seconds, MODEL_CALL.c.money)
    summed = select(*(func.coalesce(func.sum(column), 0) for column in columns))
    if incident_id is not None:
        summed = summed.where(MODEL_CALL.c.incident_id == incident_id)
    if day is not None:
        start = day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        summed = summed.where(MODEL_CALL.c.began_at >= start, MODEL_CALL.c.began_at < start + timedelta(days=1))
    tokens, seconds, money = connection.execute(summed).one()
    return Usage(tokens=int(tokens), seconds=float(seconds), money=int(money))
