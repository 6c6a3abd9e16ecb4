"""Holding back: what waits, who approved which pattern, and what the nightly replay found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from analysis.alerts.held_patterns import Pattern, Permit
from analysis.alerts.hold_reasons import Action
from analysis.alerts.waiting import End


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An event that waits, or would wait if somebody had approved its pattern; `seq` is the event's.

    `group_id` is where it was when it was decided; `guard` is the one reason for which it is told all the same.
    `digest_id` names the message that lists it.
    """

    seq: int
    workspace_id: UUID
    alert_id: UUID
    group_id: UUID
    pattern: Pattern
    action: Action
    would: Action
    since: datetime
    is_critical: bool = False
    guard: str = ""
    ended_at: datetime | None = None
    end: End | None = None
    digest_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnd:
    """Waiting ended, once: a second end of the same event changes nothing."""

    seq: int
    at: datetime
    end: End


class PolicyState(StrEnum):
    """Where the approval of a pattern is."""

    PROPOSED = "proposed"  #: the evidence allows it, and nobody has said yes or no
    SECOND = "second"  #: one person approved; it covers critical alerts, so it takes another one
    LIVE = "live"  #: its alerts wait, until it expires
    EXPIRED = "expired"  #: it has to be proposed and approved anew
    DECLINED = "declined"  #: somebody said no
    REVOKED = "revoked"  #: the nightly replay, a label or a person ended it


#: What may still be approved, and what is in force.
OPEN_STATES = frozenset({PolicyState.PROPOSED, PolicyState.SECOND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What speaks for holding a pattern, as it was when it was proposed.

    It would have been held `held` times in `days` days; `incidents` of `windows` independent windows belonged to
    incidents, so at most the share `upper` does; `replay` is the sentence of the nightly replay. `called` is what
    people call the rule where its sender knows it by a number.
    """

    held: int
    days: int
    windows: int = 0
    incidents: int = 0
    upper: float | None = None
    replay: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPolicy:
    """The question whether a pattern may be held, which people call P-`number`, and its answer.

    `approved_by` are the people who said yes; `why` is why it ended; `ts` is the message that asks.
    """

    id: UUID
    workspace_id: UUID
    number: int
    pattern: Pattern
    is_critical: bool
    state: PolicyState
    changed_at: datetime
    proof: Proof
    approved_by: tuple[str, ...] = ()
    expires_at: datetime | None = None
    why: str = ""
    ts: str | None = None

    @property
    def reference(self) -> str:
        """How people name it, such as `P-3`."""
        return f"P-{self.number}"

    @property
    def words(self) -> str:
        """Its pattern as people know it."""
        return f"{self.pattern}, “{self.proof.called}”" if self.proof.called else str(self.pattern)

    def state_at(self, now: datetime) -> PolicyState:
        """Its state at *now*: an approval is over when it expires, and no later than the night that says so."""
        is_over = self.state is PolicyState.LIVE and self.permit(now) is None
        return PolicyState.EXPIRED if is_over else self.state

    def permit(self, now: datetime) -> Permit | None:
        """What it permits at *now*."""
        if self.state is not PolicyState.LIVE or self.expires_at is None or self.expires_at <= now:
            return None
        return Permit(pattern=self.pattern, approved_by=frozenset(self.approved_by), expires_at=self.expires_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """The kill switch as somebody left it."""

    workspace_id: UUID
    is_on: bool
    changed_at: datetime
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One nightly replay, named by its UTC `day`; `found` is there once it is done: all of it, or nothing.

    `read` counts the events that it has read so far of `total`.
    """

    workspace_id: UUID
    day: str
    began_at: datetime
    read: int = 0
    total: int = 0
    finished_at: datetime | None = None
    found: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDigest:
    """A message that lists what was held; `ts` is set once it is posted."""

    id: UUID
    workspace_id: UUID
    at: datetime
    ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanges:
    """What a use case wants written about holding back; the events `listed` go into `digest`."""

    policies: tuple[HoldPolicy, ...] = ()
    switch: Switch | None = None
    night: Night | None = None
    digest: HoldDigest | None = None
    listed: tuple[int, ...] = ()


class Counted(NamedTuple):
    """How often a pattern waited or would have, in how many places, and how often its alert was critical."""

    pattern: Pattern
    held: int
    critical: int
    last: datetime
