from collections.abc import Iterator

import pytest

from analysis.alerts.alert import Alert
from analysis.alerts.fail_open import FailOpen
from analysis.alerts.hold_reasons import Action, Guard
from analysis.alerts.holding import Holding, Observed
from analysis.alerts.holding_policy import HoldingPolicy, Mode
from analysis.alerts.waiting import End
from tests.analysis.alerts.streams import at, learnt, make_alert, noise_history, resolution

LIVE = HoldingPolicy(mode=Mode.LIVE)


class Breaking(Holding):
    """Holding back that breaks at the shop."""

    def observe(self, alert: Alert, *, group: str = "") -> Observed:
        """Break at the shop."""
        if alert.labels["service"] == "shop":
            raise KeyError("shop")
        return super().observe(alert, group=group)


def ticking(milliseconds: float) -> Iterator[float]:
    """Yield the seconds of a clock that moves by so much at each look."""
    seconds = 0.0
    while True:
        yield seconds
        seconds += milliseconds / 1000


def failing_open(milliseconds: float = 1) -> FailOpen:
    """Return holding back by clean history, each decision taking so long."""
    clock = ticking(milliseconds)
    return FailOpen(Breaking(LIVE, evidence=learnt(noise_history()), has_chance=False), lambda: next(clock))


def test_error_tells_the_alert_and_all_that_waits_and_all_that_follows() -> None:
    """Nobody misses anything because a decision broke."""
    one = failing_open()
    first = one.observe(make_alert())
    broken = one.observe(make_alert(1, place="shop"))
    later = one.observe(make_alert(2, place="pay"))

    assert first.decision is not None
    assert first.decision.action is Action.DIGEST
    assert [(end.alert.id, end.at, end.end) for end in broken.endings] == [("BatchNoise:cart:0", at(1), End.RELEASED)]
    for seen in (broken, later):
        assert seen.decision is not None
        assert seen.decision.action is Action.PASS
        assert [(reason.code, reason.text) for reason in seen.decision.reasons] == [
            (Guard.FAILED, "Deciding failed (KeyError), so everything is told.")
        ]
    assert one.observe(resolution(make_alert(), 3)).decision is None


@pytest.mark.parametrize(("milliseconds", "action"), [(49, Action.DIGEST), (51, Action.PASS)])
def test_slow_decision_tells_the_alert(milliseconds: float, action: Action) -> None:
    """Above 50 ms it is told now, and waits nowhere else."""
    one = failing_open(milliseconds)

    seen = one.observe(make_alert())

    assert seen.decision is not None
    assert (seen.decision.action, seen.endings) == (action, ())
    assert len(one.stop(at(1))) == (1 if action is Action.DIGEST else 0)


def test_kill_switch_works_without_the_policy() -> None:
    """It tells what waits and everything after it, whatever the state of the rest."""
    one = failing_open()
    one.observe(make_alert())

    assert [end.alert.id for end in one.stop(at(1))] == ["BatchNoise:cart:0"]
    seen = one.observe(make_alert(2))
    assert seen.decision is not None
    assert [reason.code for reason in seen.decision.reasons] == [Guard.KILLED]
