"""The benchmark of the channel lives through a stream with the real grouping, and counts messages, not edits."""

from datetime import timedelta

import pytest

from analysis.alerts.alert import Alert
from benchmarks.channel_posts import MOST, Stream, lived
from tests.analysis.alerts.streams import make_alert

STEP = "shaw:service_scan"


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
