"""What deliveries say of a series of which a sender has several alerts, for each severity or other label."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.episodes import News, Series
from analysis.alerts.in_line import InLine, decide, episode_of, is_about, series_after
from analysis.alerts.series_parts import MOST_PARTS, observe, part_of, with_part
from tests.effort import examples

START = datetime(2026, 3, 2, tzinfo=UTC)
HEARD = START + timedelta(hours=1)
FIRING, RESOLVED = AlertStatus
CRITICAL, WARNING, INFO = AlertSeverity.CRITICAL, AlertSeverity.WARNING, AlertSeverity.INFO


def told(
    severity: AlertSeverity,
    minute: int,
    status: AlertStatus = FIRING,
    *,
    watcher: str = "",
    is_per_severity: bool = True,
) -> Alert:
    """A delivery of the alert with *severity* that *watcher* tells, about its episode that began at *minute*."""
    begun = START + timedelta(minutes=minute)
    return Alert(
        id="a",
        source="am",
        rule="r",
        severity=severity,
        status=status,
        starts_at=begun,
        received_at=HEARD,
        ends_at=begun + timedelta(minutes=2) if status is RESOLVED else None,
        is_per_severity=is_per_severity,
        is_per_labels=is_per_severity,
        labels=MappingProxyType({"prometheus_replica": watcher} if watcher else {}),
    )


def observe_all(alerts: list[Alert]) -> tuple[Series, list[News]]:
    """Observe *alerts* in their order."""
    series, news = None, []
    for alert in alerts:
        series, one = observe(series, alert)
        news.append(one)
    assert series is not None
    return series, news


def ends(severity: AlertSeverity, minute: int) -> Alert:
    """The end of that episode."""
    return told(severity, minute, RESOLVED)


@pytest.mark.parametrize(
    ("alerts", "news", "stands"),
    [
        pytest.param(
            [told(WARNING, 0), told(CRITICAL, 5), ends(CRITICAL, 5)],
            [News.FIRED, News.REFIRED, News.EASED],
            (FIRING, WARNING),
            id="the worse is over",
        ),
        pytest.param(
            [told(WARNING, 0), told(CRITICAL, 5), ends(WARNING, 0)],
            [News.FIRED, News.REFIRED, News.EASED],
            (FIRING, CRITICAL),
            id="the milder is over",
        ),
        pytest.param(
            [told(WARNING, 0), told(CRITICAL, 5), ends(WARNING, 0), ends(CRITICAL, 5)],
            [News.FIRED, News.REFIRED, News.EASED, News.RESOLVED],
            (RESOLVED, CRITICAL),
            id="both are over",
        ),
        pytest.param(
            [told(WARNING, 0), told(CRITICAL, 0), ends(CRITICAL, 0)],
            [News.FIRED, News.WORSENED, News.EASED],
            (FIRING, WARNING),
            id="both began at once",
        ),
        pytest.param(
            [told(WARNING, 5), told(CRITICAL, 0)], [News.FIRED, News.WORSENED], (FIRING, CRITICAL), id="older and worse"
        ),
        pytest.param(
            [told(CRITICAL, 5), told(WARNING, 0)], [News.FIRED, News.LATE], (FIRING, CRITICAL), id="older and milder"
        ),
        pytest.param(
            [told(CRITICAL, 0), told(WARNING, 5), told(WARNING, 5)],
            [News.FIRED, News.REFIRED, News.NOTHING],
            (FIRING, CRITICAL),
            id="newer and milder",
        ),
        pytest.param(
            [told(WARNING, 0), ends(CRITICAL, 5), told(CRITICAL, 5)],
            [News.FIRED, News.EASED, News.LATE],
            (FIRING, WARNING),
            id="an end before its firing",
        ),
        pytest.param(
            [ends(CRITICAL, 5), told(WARNING, 0)],
            [News.RESOLVED, News.REFIRED],
            (FIRING, WARNING),
            id="what fires is heard of last",
        ),
        pytest.param(
            [ends(CRITICAL, 5), ends(WARNING, 0)], [News.RESOLVED, News.LATE], (RESOLVED, CRITICAL), id="only ends"
        ),
        pytest.param(
            [told(WARNING, 0), ends(WARNING, 5)],
            [News.FIRED, News.RESOLVED],
            (RESOLVED, WARNING),
            id="an end of its own severity with another beginning",
        ),
    ],
)
def test_end_ends_only_what_it_names(
    alerts: list[Alert], news: list[News], stands: tuple[AlertStatus, AlertSeverity]
) -> None:
    """The series is over when nothing of it fires, and as bad as the worst that does."""
    series, found = observe_all(alerts)

    assert (found, (series.status, series.severity)) == (news, stands)


DELIVERIES = st.lists(
    st.builds(told, st.sampled_from(AlertSeverity), st.integers(0, 3), st.sampled_from(AlertStatus)), min_size=1
)


A, B = partial(told, WARNING, watcher="a"), partial(told, WARNING, watcher="b")
NO_NEWS = News.NOTHING


@pytest.mark.parametrize(
    ("alerts", "news", "status"),
    [
        pytest.param([A(0), B(0), B(0, RESOLVED)], [News.FIRED, NO_NEWS, NO_NEWS], FIRING, id="one stops to watch"),
        pytest.param([A(0), B(0), A(0, RESOLVED)], [News.FIRED, NO_NEWS, NO_NEWS], FIRING, id="the first one does"),
        pytest.param(
            [A(0), B(0), B(0, RESOLVED), A(0, RESOLVED)],
            [News.FIRED, NO_NEWS, NO_NEWS, News.RESOLVED],
            RESOLVED,
            id="both say that it is over",
        ),
        pytest.param(
            [A(0), B(3), B(3, RESOLVED), A(0, RESOLVED)],
            [News.FIRED, News.REFIRED, NO_NEWS, News.RESOLVED],
            RESOLVED,
            id="each has a beginning of its own",
        ),
        pytest.param(
            [A(0), A(0, RESOLVED), B(0), B(0, RESOLVED)],
            [News.FIRED, News.RESOLVED, News.LATE, News.LATE],
            RESOLVED,
            id="what the other said comes late",
        ),
        pytest.param(
            [told(WARNING, 0), B(0), B(0, RESOLVED)],
            [News.FIRED, NO_NEWS, News.RESOLVED],
            RESOLVED,
            id="who watched was not kept",
        ),
        pytest.param(
            [A(0), B(0), told(CRITICAL, 5, watcher="a"), told(CRITICAL, 5, RESOLVED, watcher="a")],
            [News.FIRED, NO_NEWS, News.REFIRED, News.EASED],
            FIRING,
            id="a severity that only one of them tells",
        ),
    ],
)
def test_end_is_of_what_its_watcher_tells(alerts: list[Alert], news: list[News], status: AlertStatus) -> None:
    """An alert of two watchers fires until neither says so: one that dies is called over by Alertmanager."""
    series, found = observe_all(alerts)

    assert (found, series.status) == (news, status)


WATCHED_DELIVERY = st.builds(
    told,
    st.sampled_from([WARNING, CRITICAL]),
    st.integers(0, 3),
    st.sampled_from(AlertStatus),
    watcher=st.sampled_from("abc"),
)


@given(fired=st.lists(WATCHED_DELIVERY, min_size=1), order=st.randoms(use_true_random=False))
@settings(max_examples=examples(500))
def test_series_is_over_once_every_watcher_said_so(fired: list[Alert], order: object) -> None:
    """In whatever order firings and ends come."""
    alerts = [*fired, *(replace(one, status=RESOLVED, ends_at=one.starts_at) for one in fired)]
    order.shuffle(alerts)  # type: ignore[attr-defined]

    assert observe_all(alerts)[0].status is RESOLVED


def test_severity_is_a_level_of_what_is_told_apart_by_other_labels() -> None:
    """Grafana changes the severity of an alert in place, and has an alert for each other label."""
    first, worse, other = A(0), told(CRITICAL, 0, watcher="a"), told(INFO, 0, watcher="b")
    ends = [replace(one, status=RESOLVED, ends_at=one.starts_at) for one in (worse, other)]

    series, found = observe_all([replace(one, is_per_severity=False) for one in (first, worse, other, *ends)])

    assert found == [News.FIRED, News.WORSENED, News.LATE, News.EASED, News.RESOLVED]
    assert (series.status, len(series.parts)) == (RESOLVED, 2)


def test_watchers_that_never_end_are_few_that_are_remembered() -> None:
    """A label that names ever new ones makes no row that grows for ever."""
    series, _ = observe_all([told(WARNING, 0, watcher=str(number)) for number in range(MOST_PARTS + 10)])

    assert len(series.parts) == MOST_PARTS


@given(alerts=DELIVERIES, order=st.randoms(use_true_random=False))
@settings(max_examples=examples(500))
def test_series_is_the_same_in_any_order_and_repetition(alerts: list[Alert], order: object) -> None:
    """Deliveries of HA pairs come twice and out of order; what fires by severity does not tell.

    A series of which one severity was told has no parts, in whatever order.
    """
    shuffled = [*alerts, *alerts]
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    assert observe_all(shuffled)[0] == observe_all(alerts)[0]


@given(DELIVERIES)
@settings(max_examples=examples(500))
def test_series_fires_exactly_if_the_newest_episode_of_a_severity_does(alerts: list[Alert]) -> None:
    """And it is as bad as the worst of these; which is found here without looking at any order."""
    firing = set()
    for severity in {alert.severity for alert in alerts}:
        own = [alert for alert in alerts if alert.severity is severity]
        newest = max(alert.starts_at for alert in own)
        if not any(alert.status is RESOLVED for alert in own if alert.starts_at == newest):
            firing.add(severity)

    series, _ = observe_all(alerts)

    assert (series.status is FIRING) is bool(firing)
    assert not firing or severity_rank(series.severity) == min(map(severity_rank, firing))


@given(
    st.lists(
        st.builds(told, st.sampled_from(AlertSeverity), st.integers(0, 3), st.sampled_from(AlertStatus)), min_size=1
    )
)
def test_sender_with_one_alert_has_one_severity_at_a_time(alerts: list[Alert]) -> None:
    """Where severity is a level of the alert, another replaces it and an end is the end of all."""
    levels = [replace(alert, is_per_severity=False) for alert in alerts]

    series, news = observe_all(levels)

    assert (series.parts, News.EASED in news) == ((), False)


def test_end_without_a_beginning_ends_all() -> None:
    """It is not known what it names; what then is told to fire is no news of before."""
    moment = replace(ends(WARNING, 9), is_moment=True, is_per_severity=False)

    series, news = observe_all([told(WARNING, 0), told(CRITICAL, 5), moment])
    after, late = observe(series, told(WARNING, 0))

    assert (series.status, news[-1]) == (RESOLVED, News.RESOLVED)
    assert {part.status for part in series.parts} == {RESOLVED}
    assert (after, late) == (series, News.LATE)


def test_firing_of_no_severity_in_particular_replaces_all() -> None:
    """A source that changes its format goes on with one alert."""
    series, news = observe_all([told(WARNING, 0), told(CRITICAL, 5), told(INFO, 9, is_per_severity=False)])

    assert (news[-1], series.severity, series.parts) == (News.REFIRED, INFO, ())


@given(DELIVERIES | st.lists(WATCHED_DELIVERY, min_size=1))
@settings(max_examples=examples(500))
def test_pager_has_open_what_fires_until_nothing_does(alerts: list[Alert]) -> None:
    """After each delivery it was told last what the series is, and of nothing milder than what fires."""
    series, is_open, worst = None, False, None
    for alert in alerts:
        decided = decide(series, alert)
        series, _ = observe(series, alert)
        if decided is InLine.FORWARD:
            is_open, worst = alert.status is FIRING, alert.severity
        assert is_open is (series.status is FIRING)
        assert not worst or not is_open or severity_rank(worst) <= severity_rank(series.severity)


def test_pager_is_told_again_of_a_part_that_fires_after_its_end() -> None:
    """Alertmanager called it over while it did not hear of it, whether the other part still fires or not."""
    critical, warning = told(CRITICAL, 5), told(WARNING, 0)
    both_over = [warning, critical, ends(CRITICAL, 5), ends(WARNING, 0), critical]
    one_over = [warning, critical, ends(CRITICAL, 5), critical, ends(WARNING, 0)]

    assert tell(both_over) == ["firing", "firing", "", "resolved", "firing"]
    assert tell(one_over) == ["firing", "firing", "", "firing", ""]


def test_pager_is_not_told_of_a_part_whose_end_came_first() -> None:
    """It was told of another beginning, and never of this one."""
    assert tell([told(WARNING, 0), ends(CRITICAL, 5), told(CRITICAL, 5), ends(WARNING, 0)]) == [
        "firing",
        "",
        "",
        "resolved",
    ]


def tell(alerts: list[Alert]) -> list[str]:
    """What a pager is told at each delivery; empty where nothing."""
    series, episode, said = None, "", []
    for alert in alerts:
        decided = decide(series, alert)
        is_told = decided is InLine.FORWARD or (decided is InLine.AGAIN and is_about(episode, alert))
        series = series_after(series, alert, is_told=is_told)
        episode = episode_of(alert, episode, series) if is_told else episode
        said.append(episode.partition(":")[0] if is_told else "")
    return said


def test_part_fires_again_beside_the_others() -> None:
    """What is put in place of one leaves the rest."""
    series, _ = observe_all([told(WARNING, 0), told(CRITICAL, 5), ends(CRITICAL, 5)])
    known = part_of(series, told(CRITICAL, 5))
    assert known is not None

    again = with_part(series, replace(known, status=FIRING, ends_at=None, began_at=HEARD), is_per_severity=True)

    assert (known.status, again.severity, len(again.parts)) == (RESOLVED, CRITICAL, 2)
    assert observe(again, ends(CRITICAL, 5))[0].severity is WARNING
    assert part_of(series, told(INFO, 5)) is None
