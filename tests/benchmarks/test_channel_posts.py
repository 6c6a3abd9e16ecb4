"""The benchmark of the channel lives through a stream with the real grouping, and counts messages, not edits."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from benchmarks.channel_posts import MOST, Stream, lived
from benchmarks.channel_returns import LET_STAY, let_stay
from tests.analysis.alerts.streams import make_alert

STEP = "shaw:service_scan"
CRITICAL = AlertSeverity.CRITICAL


def at_host(minute: float, rule: str) -> Alert:
    """An alert of intrusion detection at one host."""
    return make_alert(minute, rule=rule, place="web", id=f"{rule}-{minute:g}")


@pytest.mark.thorough
def test_step_that_joins_a_group_of_an_endless_sender_is_told_by_a_new_message() -> None:
    """Its first alert was an edit before."""
    noise = [at_host(12.0 * number, "noise") for number in range(25)]
    stream = Stream(name="ids", alerts=[*noise, at_host(300, "scan")], causes={"scan-300": STEP})

    channel = lived(stream)

    assert timedelta(0) < channel.delay(STEP) <= MOST
    assert (channel.own, channel.together, channel.late) == (2, 0, [])


def test_step_that_is_an_edit_is_not_told() -> None:
    """However soon somebody might see it."""
    alerts = [at_host(0, "noise"), at_host(1, "scan")]

    channel = lived(Stream(name="short", alerts=alerts, causes={"scan-1": STEP}))

    assert (channel.own, channel.late, channel.joined[STEP]) == (1, [STEP], timedelta(minutes=1))


def flapping(until: int) -> list[Alert]:
    """A critical alert that is on for three minutes of every ten."""
    fired = [
        make_alert(10.0 * number, rule="DiskFull", place="web", severity=CRITICAL) for number in range(until // 10)
    ]
    return sorted(
        [*fired, *(resolved(one, one.received_at + timedelta(minutes=3)) for one in fired)],
        key=lambda one: one.received_at,
    )


def resolved(alert: Alert, at: datetime) -> Alert:
    """The end of an alert."""
    return replace(alert, id=f"{alert.id}r", status=AlertStatus.RESOLVED, ends_at=at, received_at=at)


def test_firing_that_is_let_stay_is_told_in_time_and_what_flaps_is_not_counted() -> None:
    """One of the later firings of the day lasts for an hour, and nothing else of its series comes meanwhile."""
    alerts = let_stay(flapping(200), ())

    channel = lived(Stream(name="flapping", alerts=alerts, causes={}))

    (back,) = channel.returns.staying(is_critical=True)
    assert len(alerts) < len(flapping(200))
    assert back.over is not None
    assert back.over - back.at == LET_STAY
    assert back.told is not None
    assert channel.returns.late_words(is_critical=True) == "0 of 1, 0 never"
    assert channel.returns.late_words(is_critical=False) == "0 of 0, 0 never"
