"""What people approve to be held: one rule by its history, or what deploys and outages cause by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class PatternKind(StrEnum):
    """What makes an alert wait."""

    RULE = "rule"  #: the history of its rule
    CLASS = "class"  #: a deploy or an upstream outage, which causes alerts of this class by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A rule of a source, or a `RuleClass`; `source` is empty for a class."""

    kind: PatternKind
    name: str
    source: str = ""

    def __str__(self) -> str:
        """How people name it."""
        if self.kind is PatternKind.RULE:
            return f"{self.name} ({self.source})"
        return f"{self.name.replace('_', ' ')} alerts during deploys and outages"

    def to_json(self) -> list[str]:
        """As JSON keeps it."""
        return [self.kind.value, self.source, self.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """That a pattern may be held until `expires_at`; by two people it covers critical alerts, too."""

    pattern: Pattern
    approved_by: frozenset[str]
    expires_at: datetime

    def to_json(self) -> list[Any]:
        """As JSON keeps it."""
        return [self.pattern.to_json(), sorted(self.approved_by), self.expires_at.isoformat()]


def to_pattern(kept: Sequence[str]) -> Pattern:
    """The pattern that `Pattern.to_json` kept."""
    kind, source, name = kept
    return Pattern(kind=PatternKind(kind), source=source, name=name)


def to_permit(kept: Sequence[Any]) -> Permit:
    """The permit that `Permit.to_json` kept."""
    pattern, approved_by, expires_at = kept
    return Permit(
        pattern=to_pattern(pattern),
        approved_by=frozenset(approved_by),
        expires_at=datetime.fromisoformat(expires_at),
    )
