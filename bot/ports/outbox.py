"""The lanes: claiming what must be sent, and saying what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.ports.ledger import Reads
from bot.ports.records import Changes, Delivery, DeliveryKind

#: Where notes for the operator wait, so that no incident waits for them.
OPERATOR_LANE = "operator"

#: No lane waits for longer after an attempt; what seems to wait longer was set by a clock that has been set back since.
LONGEST_REST = timedelta(minutes=5)

#: What goes to a pager: it has lanes and workers of its own, so that no page waits for Slack.
PAGER_KINDS = frozenset(
    {
        DeliveryKind.SEND_PAGE,
        DeliveryKind.TELL_PAGER,
        DeliveryKind.LOOK_FOR_PAGE,
        DeliveryKind.FORWARD_ALERT,
    }
)

FollowUp = Callable[[Reads], Changes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """It arrived, with what came back and what follows from it."""

    result: Mapping[str, Any] = field(default_factory=dict)
    follow_up: FollowUp | None = None
    pause: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """It did not arrive, or nobody knows (`is_unknown`); try again after `after`.

    With `backs_off` it takes longer with each attempt. Without `holds_lane` what is behind it goes on meanwhile. The
    next attempt finds `result` in the delivery, where one is given; `follow_up` is what follows from the failure.
    """

    because: str
    after: timedelta = timedelta(seconds=1)
    backs_off: bool = True
    holds_lane: bool = True
    is_unknown: bool = False
    result: Mapping[str, Any] | None = None
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """It cannot arrive until somebody acts; with `whole_lane`, neither can what follows it.

    `result` and `follow_up` are as of `Retry`.
    """

    because: str
    whole_lane: bool = True
    result: Mapping[str, Any] | None = None
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of it is done: remember `result`, so that no later attempt does it again, and go on at once."""

    result: Mapping[str, Any]


Outcome = Sent | Retry | Park | Step


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

    def remember(self, delivery: Delivery, result: Mapping[str, Any]) -> Delivery:
        """Keep what an attempt that goes on has done so far; the delivery with it."""
        ...

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
        """Try again at *at*, before anything later in its lane; *is_unknown* if it may have arrived.

        Without *holds_lane* the others go on meanwhile, and once it is due it comes after those that hold the lane.
        """
        ...

    def settle_parked(
        self,
        delivery: Delivery,
        *,
        because: str,
        whole_lane: bool,
        result: Mapping[str, Any] | None = None,
        follow_up: FollowUp | None = None,
    ) -> bool:
        """Stop until somebody acts; true when the operator is told of it, once until the lane has sent something."""
        ...

    def resume(self, lane: str) -> int:
        """Let a parked lane go on, its parked deliveries first; returns how many wait again."""
        ...

    def next_due(self, *, busy_lanes: frozenset[str] = frozenset()) -> datetime | None:
        """When the next pending delivery is due, if any waits."""
        ...
