"""Holding back that can fail without anybody missing an alert."""

from collections.abc import Callable
from datetime import datetime

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.guard_rails import SLOWEST_MILLISECONDS
from analysis.alerts.hold_reasons import Action, Guard, HoldDecision, against
from analysis.alerts.holding import Holding, Observed
from analysis.alerts.waiting import End, Ending


class FailOpen:
    """Asks `Holding`, and tells the alert where that fails or takes more than 50 ms.

    After an error its state is not to be trusted: everything that waits is told, and everything after it, until a new
    one is made. `timer` gives seconds; the decision about one alert is what it measures.
    """

    def __init__(self, holding: Holding, timer: Callable[[], float]) -> None:
        self._holding = holding
        self._timer = timer
        self._waiting: dict[str, Alert] = {}
        self._failure = ""

    def observe(self, alert: Alert, *, group: str = "") -> Observed:
        """Take in a delivery, whatever happens."""
        if self._failure:
            return Observed(decision=self._passed(alert, group, self._failure), endings=())
        began = self._timer()
        try:
            seen = self._holding.observe(alert, group=group)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody may miss the alert; the reason carries it
            return self._failed(alert, group, f"Deciding failed ({type(error).__name__}), so everything is told.")
        milliseconds = (self._timer() - began) * 1000
        if milliseconds > SLOWEST_MILLISECONDS and seen.decision and seen.decision.action is not Action.PASS:
            seen = self._too_slow(alert, group, seen)
        self._remember(alert, seen)
        return seen

    @property
    def has_failed(self) -> bool:
        """Whether nothing waits any more, because deciding failed."""
        return bool(self._failure)

    def act(self, change: Callable[[Holding], tuple[Ending, ...]], at: datetime) -> tuple[Ending, ...]:
        """Let *change* happen to what is held at *at*; what it ends, or everything where it fails."""
        if self._failure:
            return ()
        try:
            endings = change(self._holding)
        except Exception as error:  # noqa: BLE001 - as in `observe`
            self._failure = f"Holding back failed ({type(error).__name__}), so everything is told."
            return self._told(at)
        for ending in endings:
            self._waiting.pop(ending.alert.id, None)
        return endings

    def remember(self, alert: Alert, decision: HoldDecision | None) -> tuple[Ending, ...]:
        """Take in a delivery that *decision* was made about before, which stands; what it ended."""
        if self._failure:
            return ()
        try:
            seen = self._holding.observe(alert, group=decision.group if decision else "", recorded=decision)
        except Exception as error:  # noqa: BLE001 - as in `observe`
            return self._failed(
                alert, "", f"Remembering failed ({type(error).__name__}), so everything is told."
            ).endings
        self._remember(alert, seen)
        return seen.endings

    def is_waiting(self, alert_id: str) -> bool:
        """Whether the alert waits."""
        return alert_id in self._waiting

    def stop(self, at: datetime) -> tuple[Ending, ...]:
        """The kill switch: tell everything that waits, and everything from now on."""
        self._failure = "The kill switch is on: every alert is told."
        return self._told(at)

    def _too_slow(self, alert: Alert, group: str, seen: Observed) -> Observed:
        told = (one for one in self._holding.tell_at_once(alert) if one.alert.id != alert.id)
        reason = f"Deciding took more than {SLOWEST_MILLISECONDS:g} ms, so it is told."
        return Observed(decision=self._passed(alert, group, reason), endings=(*seen.endings, *told))

    def _failed(self, alert: Alert, group: str, reason: str) -> Observed:
        self._failure = reason
        return Observed(decision=self._passed(alert, group, reason), endings=self._told(alert.received_at))

    def _told(self, at: datetime) -> tuple[Ending, ...]:
        endings = tuple(Ending(alert=one, at=at, end=End.RELEASED) for one in self._waiting.values())
        self._waiting.clear()
        return endings

    def _remember(self, alert: Alert, seen: Observed) -> None:
        if seen.decision and seen.decision.action is not Action.PASS:
            self._waiting[alert.id] = alert
        for ending in seen.endings:
            self._waiting.pop(ending.alert.id, None)

    def _passed(self, alert: Alert, group: str, reason: str) -> HoldDecision | None:
        if alert.status is AlertStatus.RESOLVED:
            return None
        code = Guard.KILLED if reason.startswith("The kill switch") else Guard.FAILED
        return HoldDecision(
            alert_id=alert.id, action=Action.PASS, would=Action.PASS, reasons=(against(code, reason),), group=group
        )
