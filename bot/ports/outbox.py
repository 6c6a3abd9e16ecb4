"""The lanes: claiming what must be sent, and saying what became of it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.ports.ledger import Reads
from bot.ports.records import Changes, Delivery

FollowUp = Callable[[Reads], Changes]


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

    def next_due(self) -> datetime | None:
        """When the next pending delivery is due, if any waits."""
        ...
