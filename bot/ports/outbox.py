"""The lanes: claiming what must be sent, and saying what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.ports.ledger import Reads
from bot.ports.records import Changes, Delivery

FollowUp = Callable[[Reads], Changes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It arrived, with what came back and what follows from it."""

    result: Mapping[str, Any] = field(default_factory=dict)
    follow_up: FollowUp | None = None
    pause: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """It did not arrive, or nobody knows (`is_unknown`); try again after `after`."""

    because: str
    after: timedelta = timedelta(seconds=1)
    is_unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """It cannot arrive until somebody acts; with `whole_lane`, neither can what follows it."""

    because: str
    whole_lane: bool = True


Outcome = Sent | Retry | Park


class Outbox(Protocol):
    """Deliveries, one at a time in each lane."""

    def claim(self, *, limit: int, busy_lanes: frozenset[str]) -> tuple[Delivery, ...]:
        """Take the next due delivery of up to *limit* lanes, none of *busy_lanes*, counting the attempt first."""
        ...

    def settle_sent(
        self, delivery: Delivery, result: Mapping[str, Any], follow_up: FollowUp | None, *, pause: timedelta
    ) -> None:
        """Mark it sent, write what follows from it in the same transaction, and rest the lane for *pause*."""
        ...

    def settle_retry(self, delivery: Delivery, *, at: datetime, because: str, is_unknown: bool = False) -> None:
        """Try again at *at*, before anything later in its lane; *is_unknown* if it may have arrived."""
        ...

    def settle_parked(self, delivery: Delivery, *, because: str, whole_lane: bool) -> bool:
        """Stop until somebody acts; true when the operator has not been told of this lane yet."""
        ...

    def next_due(self, *, busy_lanes: frozenset[str] = frozenset()) -> datetime | None:
        """When the next pending delivery is due, if any waits."""
        ...
