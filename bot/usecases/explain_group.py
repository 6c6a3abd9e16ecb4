"""Why what is in a group is there: its newest decisions with the reasons that add up to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.alerts.decisions import DecisionKind
from analysis.alerts.reasons import Reason, ReasonCode
from bot.ports.grouping import AlertGroup, StreamEvent
from bot.ports.ledger import Reads

_WORDS = {
    DecisionKind.JOIN: "joined",
    DecisionKind.SUGGEST: "a group of its own, another was near",
    DecisionKind.NEW: "a group of its own",
    DecisionKind.LANE: "repeats by itself",
    DecisionKind.SAME: "is here already",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A decision: the weights of `reasons` add up to `logit`."""

    event: StreamEvent
    kind: DecisionKind
    logit: float
    reasons: Sequence[Reason]
    suggested: str = ""

    @property
    def words(self) -> str:
        """What was decided."""
        return _WORDS[self.kind]


def explained(reads: Reads, group: AlertGroup, limit: int) -> list[Explained]:
    """The newest decisions about *group*."""
    found = reads.groups.decisions_of(group.id, limit)
    near = reads.groups.several({decided.suggested for _, decided in found if decided.suggested})
    return [
        Explained(
            event=event,
            kind=decided.kind,
            logit=decided.logit,
            reasons=[to_reason(each) for each in decided.reasons],
            suggested=near[decided.suggested].reference if decided.suggested else "",
        )
        for event, decided in found
    ]


def to_reason(kept: Sequence[Any]) -> Reason:
    """The reason that JSON kept."""
    code, weight, evidence, facts = kept
    return Reason(ReasonCode(code), weight, tuple(evidence), tuple(facts))
