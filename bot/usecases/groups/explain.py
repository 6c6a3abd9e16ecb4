"""Why what is in a group is there, and why it waited: its newest decisions with the reasons for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.alerts.decisions import DecisionKind
from analysis.alerts.hold_rows import to_decision
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.alerts.waiting import End
from analysis.wording import joined, length
from bot.ports.grouping import AlertGroup, StreamEvent
from bot.ports.holding import Hold
from bot.ports.ledger import Reads

_WORDS = {
    DecisionKind.JOIN: "joined",
    DecisionKind.SUGGEST: "a group of its own, another was near",
    DecisionKind.NEW: "a group of its own",
    DecisionKind.LANE: "repeats by itself",
    DecisionKind.SAME: "is here already",
}
_ENDS = {
    End.RESOLVED: "resolved by itself meanwhile",
    End.LISTED: "listed in a digest",
    End.UNRESOLVED: "told, because nothing resolved it",
    End.RELEASED: "told early",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A decision: the weights of `reasons` add up to `logit`; `hold` where the alert waited, or waits."""

    event: StreamEvent
    kind: DecisionKind
    logit: float
    reasons: Sequence[Reason]
    suggested: str = ""
    hold: Hold | None = None

    @property
    def waited(self) -> str:
        """That it was held back, as what, what became of it and why it might wait; empty where it did not wait."""
        if self.hold is None or self.event.hold is None:
            return ""
        end, at = self.hold.end, self.hold.ended_at
        became = f"{_ENDS[end]}, after {length(at - self.hold.since)}" if end and at else "waits now"
        why = joined([one.text.rstrip(".") for one in to_decision(self.event.hold).reasons])
        return f"Held back as {self.hold.pattern}: {became}. {why}."

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
            hold=reads.holds.hold(event.seq) if event.did_wait else None,
        )
        for event, decided in found
    ]


def to_reason(kept: Sequence[Any]) -> Reason:
    """The reason that JSON kept."""
    code, weight, evidence, facts = kept
    return Reason(ReasonCode(code), weight, tuple(evidence), tuple(facts))
