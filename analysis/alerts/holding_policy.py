"""What a site has decided about holding back: thresholds, which conditions count, approvals, and whether it acts.

The limits that no policy may loosen are not here but in `guard_rails`.
"""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum

from analysis.alerts.hold_reasons import Condition


class Mode(StrEnum):
    """Whether decisions have an effect."""

    SHADOW = "shadow"  #: it decides and records, and every alert is told as if it had not
    LIVE = "live"  #: it acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A critical pattern that people allow to be held: a rule, or every rule of a class during deploys.

    Two different people are needed; with fewer it allows nothing. `rule` may be a `RuleClass`' word.
    """

    rule: str
    approved_by: frozenset[str]
    expires_at: datetime | None = None

    def allows(self, rule: str, rule_class: str, at: datetime) -> bool:
        """Whether it covers an alert of *rule* at *at*."""
        is_current = self.expires_at is None or at < self.expires_at
        return is_current and len(self.approved_by) >= 2 and self.rule in {rule, rule_class}


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingPolicy:
    """Thresholds (`science.md` 6). Durations above the guard rails' are cut to them, whatever stands here.

    `most_share` is the largest upper bound of a rule's incident share, with error `error` over all rules together if
    `is_corrected`, at any time if `is_anytime`. `conditions` lists what must hold; leaving one out is for experiments,
    which a nightly replay has to catch.
    """

    mode: Mode = Mode.SHADOW
    is_killed: bool = False
    most_share: float = 0.02
    error: float = 0.05
    is_corrected: bool = True
    is_anytime: bool = True
    least_windows: int = 1
    least_scopes: int = 3
    least_role_windows: int = 3
    most_rate: float = 2.0
    longest_hold: timedelta = timedelta(minutes=5)
    longest_digest: timedelta = timedelta(hours=1)
    pass_through: float = 0.015
    decoys: float = 0.05
    seed: str = ""
    conditions: frozenset[Condition] = frozenset(Condition)
    approvals: tuple[Approval, ...] = ()
    protected_rules: frozenset[str] = frozenset()
    allowed_delay: timedelta = timedelta(seconds=60)
    least_shadow: timedelta = timedelta(days=30)
    least_shadow_incidents: int = 20

    def digest(self) -> str:
        """The hash of everything in it, which a benchmark prints and an approval signs."""
        return hashlib.sha256(json.dumps(_plain(self), sort_keys=True).encode()).hexdigest()


def go_live(policy: HoldingPolicy, *, shadowed: timedelta, incidents: int) -> HoldingPolicy:
    """The same policy, acting.

    Raises
    ------
    ValueError
        If it has not been in shadow mode for long enough, or has not lived through enough incidents.
    """
    if shadowed < policy.least_shadow or incidents < policy.least_shadow_incidents:
        message = (
            f"This policy was in shadow mode for {shadowed.days} days and {incidents} incidents; "
            f"it needs {policy.least_shadow.days} days and {policy.least_shadow_incidents} incidents first."
        )
        raise ValueError(message)
    return replace(policy, mode=Mode.LIVE)


def _plain(value: object) -> object:
    """*value* in JSON's terms, sets in order, so that equal policies have equal bytes."""
    if isinstance(value, HoldingPolicy | Approval):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(str(one) for one in value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
