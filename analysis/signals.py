"""The signals on an incident: one list, one order and one vocabulary of reasons, whatever a signal is.

A signal is something that may tell what is wrong. What finds one says why in terms that add up to the logit of its
being a part of the incident (`analysis.alerts.reasons`); what people said of it is one more term.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from analysis.alerts.reasons import Reason, ReasonCode, logit_of, probability


class SignalKind(StrEnum):
    """What a signal is."""

    ALERT_GROUP = "alert_group"  #: a group of alerts


class SignalState(StrEnum):
    """Where a signal stands."""

    ATTACHED = "attached"  #: a person made it a part of the incident
    ATTACHED_ITSELF = "attached_itself"  #: Debrief did
    SUGGESTED = "suggested"  #: it may be a part; a person decides
    FAINT = "faint"  #: not suggested now: too little speaks for it, or its own incident is over
    DECLINED = "declined"  #: a person said that it is not related


class Verdict(StrEnum):
    """What people say of a signal."""

    USEFUL = "useful"  #: it helps
    NOT_RELATED = "not_related"  #: it has nothing to do with the incident


#: What a person says weighs more than everything that is found, all of which may be against it (-10.7 as weighed now).
SAID = {Verdict.USEFUL: 12.0, Verdict.NOT_RELATED: -12.0}
_ATTACHED_BY_PERSON = 12.0
_WORDS = ((0.9, "very likely"), (0.6, "likely"), (0.3, "possible"))
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One signal: how people call it, what it is in words, since when, and why it is here.

    `now` says how bad what is on is, and is empty once it is over, at `over_at`. `reasons` are those that were found;
    with `verdict`, what was said last. `row` tells it from another one that has its reference later.
    """

    kind: SignalKind
    row: UUID
    reference: str
    what: str
    since: datetime
    state: SignalState
    now: str = ""
    over_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    verdict: Verdict | None = None

    @property
    def all_reasons(self) -> tuple[Reason, ...]:
        """With what people said and did."""
        said = []
        if self.state is SignalState.ATTACHED:
            said.append(Reason(ReasonCode.SAID, _ATTACHED_BY_PERSON, (self.reference,), ("a person attached it",)))
        if self.verdict is not None:
            words = "a person called it useful" if self.verdict is Verdict.USEFUL else "a person called it not related"
            said.append(Reason(ReasonCode.SAID, SAID[self.verdict], (self.reference,), (words,)))
        return (*self.reasons, *said)

    @property
    def logit(self) -> float:
        """What all reasons add up to."""
        return logit_of(self.all_reasons)

    @property
    def is_shown(self) -> bool:
        """Whether it is worth somebody's look."""
        return self.state in {SignalState.ATTACHED, SignalState.ATTACHED_ITSELF, SignalState.SUGGESTED}


def ranked(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """The most likely first; what is equally likely by its beginning, then by its reference."""
    return tuple(sorted(signals, key=lambda one: (-one.logit, one.since, one.reference)))


def likelihood(signal: Signal) -> str:
    """How likely it is a part of the incident, as a word with the number behind it."""
    chance = probability(signal.logit)
    word = next((word for least, word in _WORDS if chance >= least), "unlikely")
    return f"{word}, {chance:.2f}"


def why(reasons: Sequence[Reason]) -> str:
    """The heaviest reasons in one clause, those that speak for it first; what holds for every signal is left out."""
    telling = [reason for reason in reasons if reason.weight and reason.code is not ReasonCode.OPEN_INCIDENT]
    heaviest = sorted(telling, key=lambda reason: (-abs(reason.weight), reason.code))
    pro = [reason for reason in heaviest if reason.weight > 0][:_MOST_REASONS]
    con = [reason for reason in heaviest if reason.weight < 0][:1]
    told = ", ".join(f"{reason.text} ({reason.weight:+.1f})" for reason in pro) or "nothing speaks for it"
    return f"{told}; against: {con[0].text} ({con[0].weight:+.1f})" if con else told
