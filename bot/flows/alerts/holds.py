"""What is held back at one workspace: decided beside grouping, and made again from the record as grouping is.

What governs it, what it learnt and what ended waiting without an alert are inputs with their place among the alerts, so
the same stretch of the record gives the same decisions, to the last bit.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.alerts.alert import AlertStatus
from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph
from analysis.alerts.fail_open import FailOpen
from analysis.alerts.held_patterns import Permit, to_permit
from analysis.alerts.hold_rows import decision_to_json, to_decision, to_evidence
from analysis.alerts.holding import Holding, Observed
from analysis.alerts.holding_policy import Approval, HoldingPolicy, Mode
from analysis.alerts.noise_evidence import NO_EVIDENCE
from analysis.alerts.waiting import Ending
from bot.ports.grouping import InputKind, NewInput, StreamEvent

#: What governs it before anybody approved anything.
UNGOVERNED: Mapping[str, Any] = MappingProxyType({"seed": "", "is_killed": False, "permits": []})
UNINVOLVED: Mapping[str, Any] = MappingProxyType({"public": [], "private": []})
#: By so much clocks of two machines that take alerts may differ.
CLOCKS_DIFFER = timedelta(minutes=1)
_LONG_AGO = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_NOTHING = Observed(decision=None, endings=())
#: The kinds of input that count here.
INPUTS = frozenset(
    {
        InputKind.HAPPENING,
        InputKind.HOLDING,
        InputKind.EVIDENCE,
        InputKind.INVOLVED,
        InputKind.TICK,
        InputKind.RESET,
    }
)


class Holds:
    """Feed it with everything in its order: what is recorded by `remember`, what is new by `decide`.

    Where deciding fails, everything is told until a `RESET` begins it anew, which tells all that waits.
    """

    def __init__(self, graph: ServiceGraph | None = None, timer: Callable[[], float] = time.perf_counter) -> None:
        """Nobody has approved anything; *timer* gives seconds."""
        self._graph = graph
        self._timer = timer
        self._evidence = NO_EVIDENCE
        self.governed = UNGOVERNED
        self.involved = UNINVOLVED
        #: Where each series is that is in an open incident, so that no step reads the same again.
        self.places: dict[UUID, str] = {}
        self._latest = _LONG_AGO
        self._open = self._begin()

    @property
    def has_failed(self) -> bool:
        """Whether everything is told because deciding failed."""
        return self._open.has_failed

    def is_ahead(self, now: datetime) -> bool:
        """Whether an alert that it has seen is of later than *now*: a clock was set back, and its moments are wrong."""
        return self._latest - now > CLOCKS_DIFFER

    def is_waiting(self, seq: int) -> bool:
        """Whether the event with this number waits."""
        return self._open.is_waiting(str(seq))

    def apply(self, given: NewInput) -> tuple[Ending, ...]:
        """See an input; what it ends."""
        if given.kind not in INPUTS:
            return ()
        content = given.content
        at = datetime.fromisoformat(content["at"]) if "at" in content else _LONG_AGO
        match given.kind:
            case InputKind.HOLDING:
                self.governed = content
            case InputKind.INVOLVED:
                self.involved = content
            case InputKind.RESET:
                endings = self._open.stop(at)
                self._open, self._latest = self._begin(), at
                return endings
        return self._open.act(lambda holding: self._change(holding, given, at), at)

    def remember(self, event: StreamEvent) -> tuple[Ending, ...]:
        """Take in an event that was decided on before; what it ended."""
        if event.is_past or event.is_end_of_part:
            return ()
        self._latest = max(self._latest, event.alert.received_at)
        if event.alert.status is AlertStatus.RESOLVED:
            return self._open.remember(event.alert, None)
        is_seen = event.hold is not None and event.hold["seen"]
        return self._open.remember(event.alert, to_decision(event.hold)) if is_seen and event.hold else ()

    def decide(self, event: StreamEvent, group: UUID) -> tuple[Observed, dict[str, Any] | None]:
        """Decide on an event that was put into *group*, with what is kept of the decision.

        What waits of a series does not end while it fires with another severity.
        """
        if event.is_end_of_part:
            return _NOTHING, None
        self._latest = max(self._latest, event.alert.received_at)
        seen = self._open.observe(event.alert, group=str(group))
        kept = {**decision_to_json(seen.decision), "seen": not self.has_failed} if seen.decision else None
        return seen, kept

    def _change(self, holding: Holding, given: NewInput, at: datetime) -> tuple[Ending, ...]:
        content = given.content
        match given.kind:
            case InputKind.HOLDING:
                return holding.govern(policy_of(content), permits_of(content), at)
            case InputKind.INVOLVED:
                return holding.involve(content["public"], content["private"], at)
            case InputKind.TICK:
                return holding.tick(at)
            case InputKind.EVIDENCE:
                self._evidence = to_evidence(content)
                holding.learn(self._evidence)
            case InputKind.HAPPENING:
                holding.happen(
                    Happening(
                        at=at,
                        kind=HappeningKind(content["kind"]),
                        service=content["service"],
                        environment=content.get("environment", ""),
                    )
                )
        return ()

    def _begin(self) -> FailOpen:
        holding = Holding(
            policy_of(self.governed), evidence=self._evidence, graph=self._graph, permits=permits_of(self.governed)
        )
        holding.involve(self.involved["public"], self.involved["private"], _LONG_AGO)
        return FailOpen(holding, self._timer)


def policy_of(governed: Mapping[str, Any]) -> HoldingPolicy:
    """The shipped policy with what people decided."""
    approvals = tuple(
        Approval(rule=one.pattern.name, approved_by=one.approved_by, expires_at=one.expires_at)
        for one in permits_of(governed)
        if len(one.approved_by) > 1
    )
    return HoldingPolicy(mode=Mode.LIVE, is_killed=governed["is_killed"], seed=governed["seed"], approvals=approvals)


def permits_of(governed: Mapping[str, Any]) -> tuple[Permit, ...]:
    """What may be held."""
    return tuple(to_permit(one) for one in governed["permits"])


def as_input(workspace_id: UUID, kind: InputKind, content: Mapping[str, Any], key: str) -> NewInput:
    """An input of ours."""
    return NewInput(workspace_id=workspace_id, kind=kind, natural_key=key, content=content)


def differs(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether *wanted* says something else than what is known, times aside."""
    return any(known[name] != value for name, value in wanted.items() if name != "at")
