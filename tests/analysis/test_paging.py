"""Pages and routes in line: what was said of them means the same in any order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.episodes import series_of
from analysis.alerts.in_line import InLine, decide, episode_of, is_about, series_after
from analysis.alerts.series_parts import observe
from analysis.incident import Visibility
from analysis.paging import PageNews, PageStatus, PageWords, TargetKind, Told, page_words, what_leaves
from tests.factories import make_incident

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
NEWS = st.lists(st.tuples(st.sampled_from(PageNews), st.integers(0, 50)), max_size=12)
TIMES = st.integers(0, 5)


def told(heard: list[tuple[PageNews, int]]) -> Told:
    """What a page is after all that."""
    state = Told()
    for news, minutes in heard:
        state = state.hear(news, START + timedelta(minutes=minutes))
    return state


@given(NEWS, st.randoms())
def test_news_of_a_page_join_in_any_order(heard: list[tuple[PageNews, int]], random: object) -> None:
    """Late, early or twice: the page is the same."""
    shuffled = [*heard, *heard]
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert told(shuffled) == told(heard)


@given(NEWS)
def test_status_is_that_of_the_latest_news(heard: list[tuple[PageNews, int]]) -> None:
    """A resolution holds until it is reopened later, and an acknowledgement likewise."""
    latest = {news: max((at for each, at in heard if each is news), default=-1) for news in PageNews}

    status = told(heard).status

    reopened = latest[PageNews.REOPENED]
    if latest[PageNews.RESOLVED] > reopened:
        assert status is PageStatus.RESOLVED
    elif latest[PageNews.ACKNOWLEDGED] > reopened:
        assert status is PageStatus.ACKNOWLEDGED
    else:
        assert status is PageStatus.SENT


@given(st.lists(st.tuples(st.sampled_from(AlertStatus), st.sampled_from(AlertSeverity), TIMES), max_size=20))
def test_pager_has_open_what_fires_whatever_the_order(stream: list[tuple[AlertStatus, AlertSeverity, int]]) -> None:
    """After each delivery the last thing that it was told is what the series is."""
    series, is_open, worst = None, False, None
    for status, severity, minutes in stream:
        one = alert(status, severity, minutes)
        decided = decide(series, one)
        series, _ = observe(series, one)
        if decided is InLine.FORWARD:
            is_open = status is AlertStatus.FIRING
            worst = severity
        assert is_open is (series.status is AlertStatus.FIRING)
        assert not is_open or worst is not None
        assert not is_open or severity_rank(worst) <= severity_rank(series.severity)


def test_repetition_is_spared_and_a_rise_is_not() -> None:
    """The same again says nothing new; worse does."""
    first = alert(AlertStatus.FIRING, AlertSeverity.WARNING, 1)
    known = series_of(first)

    decided = [decide(known, alert(AlertStatus.FIRING, severity, 1)) for severity in ("warning", "info", "error")]

    assert decided == [InLine.REPEAT, InLine.REPEAT, InLine.FORWARD]


def test_firing_after_its_own_end_is_another_round_and_a_repetition_is_not() -> None:
    """The same beginning again is told under a name of its own, and so is the end of it."""
    fires, ends = (alert(status, AlertSeverity.ERROR, 1) for status in (AlertStatus.FIRING, AlertStatus.RESOLVED))
    series, told = None, [""]
    for one in (fires, ends, fires, fires, ends):
        decided = decide(series, one)
        is_told = decided is InLine.FORWARD or (decided is InLine.AGAIN and is_about(told[-1], one))
        told += [episode_of(one, told[-1])] if is_told else []
        series = series_after(series, one, is_told=is_told)

    assert [each.partition(":")[0] for each in told] == ["", "firing", "resolved", "firing", "resolved"]
    assert len(set(told)) == len(told)
    assert episode_of(fires, told[3]) == told[3]


@pytest.mark.parametrize(
    "words", ["payments: disk full", "payments, disk full", "“payments” disk full", "`payments`: disk full"]
)
def test_name_is_read_without_what_people_put_around_it(words: str) -> None:
    """At night somebody types a colon after whom they page, as after any other verb."""
    said = page_words(words)

    assert isinstance(said, PageWords)
    assert (said.kind, said.name, said.text) == (TargetKind.SERVICE, "payments", "disk full")


@given(st.text(max_size=400), st.text(max_size=600))
def test_line_that_leaves_is_short_and_one(title: str, text: str) -> None:
    """Whatever was typed, a pager gets one line that fits."""
    line = what_leaves(make_incident(title=title), text)

    assert len(line) < 520
    assert "\n" not in line


@given(st.text(min_size=5, max_size=80), st.text(min_size=5, max_size=80))
def test_private_incident_says_nothing_of_what_was_typed(title: str, text: str) -> None:
    """The line is the same whatever its title is and whatever was typed."""
    private = make_incident(title=title, visibility=Visibility.PRIVATE)

    assert what_leaves(private, text) == what_leaves(make_incident(title="x", visibility=Visibility.PRIVATE), "")


@pytest.mark.parametrize("words", ["payments disk is full", "@ana now", "policy core", "confirm policy core please"])
def test_words_of_a_page_mean_the_same_once_confirmed(words: str) -> None:
    """What the button sends is read as what was typed."""
    said = page_words(words)
    assert hasattr(said, "spoken")

    again = page_words(said.spoken)

    assert (again.kind, again.name, again.text) == (said.kind, said.name, said.text)  # type: ignore[union-attr]
    assert again.is_confirmed  # type: ignore[union-attr]


def alert(status: AlertStatus | str, severity: AlertSeverity | str, minutes: int) -> Alert:
    """An alert of one series."""
    return Alert(
        id="",
        source="s",
        rule="r",
        severity=AlertSeverity(severity),
        status=AlertStatus(status),
        starts_at=START + timedelta(minutes=minutes),
        received_at=START + timedelta(hours=1),
    )
