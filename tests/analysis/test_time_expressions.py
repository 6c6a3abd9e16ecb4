"""A time at the head of a note parts from its words."""

import time
import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InvalidInput, Refused
from analysis.times import leading_time, parse_when, split_time
from tests.effort import examples

NOW = datetime(2026, 3, 10, 13, 30, tzinfo=UTC)


def instant_or_refusal(text: str) -> datetime | Refused:
    """Return what becomes of a time; any other error is the test's failure."""
    try:
        return parse_when(text, now=NOW, zone="Europe/Berlin", declared_at=NOW).at
    except Refused as refusal:
        return refusal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:02 failover started", ("14:02", "failover started")),
        ("  at 14:02: failover started ", ("at 14:02", "failover started")),
        ("14:02 UTC, failover", ("14:02 UTC", "failover")),
        ("14:02 \u2013 failover", ("14:02", "failover")),
        ("14:02\nfailover\nstarted", ("14:02", "failover\nstarted")),
        ("2:05pm restarted", ("2:05pm", "restarted")),
        ("2026-10-25T02:30+01:00 restarted", ("2026-10-25T02:30+01:00", "restarted")),
        ("2026-10-25 02:30 Europe/Berlin restarted", ("2026-10-25 02:30 Europe/Berlin", "restarted")),
        ("02:30 america/argentina/salta restarted", ("02:30 america/argentina/salta", "restarted")),
        ("14:02 CET restarted", ("14:02 CET", "restarted")),
        ("14:02 UTC+2 restarted", ("14:02 UTC+2", "restarted")),
        ("yesterday 23:10 deploy", ("yesterday 23:10", "deploy")),
        ("5m ago deploy", ("5m ago", "deploy")),
        ("1h 5m ago, deploy", ("1h 5m ago", "deploy")),
        ("2:05 p.m. restarted", ("2:05 p.m.", "restarted")),
        ("9 a. m. restarted", ("9 a. m.", "restarted")),
        ("14:02 yesterday: restarted", ("14:02 yesterday", "restarted")),
        ("14:02 today restarted", ("14:02 today", "restarted")),
        ("14:02 yesterday's deploy restarted", ("14:02", "yesterday's deploy restarted")),
        ("an hour ago restarted", ("an hour ago", "restarted")),
        ("Half an hour ago, restarted", ("Half an hour ago", "restarted")),
        ("a minute ago restarted", ("a minute ago", "restarted")),
        ("\uff11\uff14\uff1a\uff10\uff12\u3000\uff2b restarted", ("14:02", "\uff2b restarted")),
        ("14:02 PT restarted", ("14:02 PT", "restarted")),
        ("14:02 et al. restarted", ("14:02", "et al. restarted")),
        ("14:02", ("14:02", "")),
        ("14:02 5 pods restarted", ("14:02", "5 pods restarted")),
        ("14:02 us/checkout is down", ("14:02", "us/checkout is down")),
        ("14:02 etc/hosts changed", ("14:02", "etc/hosts changed")),
        ("14:02 west region", ("14:02", "west region")),
        ("14:02 EST5EDT rolled back", ("14:02 EST5EDT", "rolled back")),
        ("14:02 Singapore is down", ("14:02", "Singapore is down")),
        ("500 errors on checkout", None),
        ("14 pods restarted", None),
        ("3:1 ratio", None),
        ("12 of 40 hosts", None),
        ("14:02-14:05 errors", None),
        ("14:02/15:02 errors", None),
        ("14:021 errors", None),
        ("10:20::1 is down", None),
        ("12:30:45:99 is a MAC", None),
        ("25:61 of the video", None),
        ("5 pm2 processes died", None),
        ("5 am-prod nodes died", None),
        ("5 minutes of errors", None),
        ("2026-10-25 was bad", None),
        ("yesterday we deployed", None),
        ("at 99 percent", None),
        ("", None),
    ],
)
def test_split_time(text: str, expected: tuple[str, str] | None) -> None:
    """A leading time parts from the words; what only begins with digits stays whole."""
    split = split_time(text)

    assert split == (expected or (None, text))


@pytest.mark.parametrize(
    "text", ["26.11.2026 09:25 failed over", "11/12/2026 9:25 failed over", "on 3.4.2026 it broke"]
)
def test_date_in_the_order_of_one_country_is_asked_about(text: str) -> None:
    """As text it would be dated now, and nobody can say which of the two numbers is the day."""
    with pytest.raises(InvalidInput, match="is not a time that I can read"):
        leading_time(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("8:30 last night failed over", "8:30 last night"),
        ("8:30 tonight failed over", "8:30 tonight"),
        ("9:05 in the evening failed over", "9:05 in the evening"),
        ("14:02 UTC yesterday: failed over", "14:02 UTC yesterday"),
        ("14:02 tomorrow we fail over", "14:02 tomorrow"),
        ("14:02 on Friday failed over", "14:02 on Friday"),
        ("14:02 on 2026-03-09 failed over", "14:02 on 2026-03-09"),
        ("14:02, 9 March: failed over", "14:02 9 March"),
        ("14:02 Mar 9 failed over", "14:02 Mar 9"),
        ("14:02 09.03.2026 failed over", "14:02 09.03.2026"),
        ("14:02 (UTC) failed over", "14:02 (UTC)"),
        ("14:02 [Europe/Berlin] failed over", "14:02 [Europe/Berlin]"),
        ("14:02, UTC: failed over", "14:02 UTC"),
    ],
)
def test_clock_with_its_day_half_or_zone_apart_is_asked_about(text: str, named: str) -> None:
    """The clock alone would be another time: of today, of the morning, or of the writer's zone."""
    with pytest.raises(InvalidInput) as refused:
        leading_time(text)

    assert refused.value.message.startswith(f"“{named}” at the beginning is not a time that I can read.")


@pytest.mark.parametrize(
    "text",
    [
        "[14:02] failed over",
        "(14:02) failed over",
        "*14:02* failed over",
        "`14:02` failed over",
        "~14:02 failed over",
        "- 14:02 failed over\n- 14:05 back",
        "\u2022 14:02 failed over",
        "2026/03/10 14:02:11 http: panic",
        "[2026-03-10T14:02:11Z] panic",
        "Mar 10 14:02:11 host panic",
        "10 March 2026, 14:02 failed over",
        "Tue 14:02 failed over",
        "Tuesday 14:02 failed over",
    ],
)
def test_line_that_was_pasted_with_its_time_is_asked_about(text: str) -> None:
    """As text it would be dated now."""
    with pytest.raises(InvalidInput, match="is not a time that I can read"):
        leading_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "14:02 the Friday deploy failed",
        "14:02 monday.com is down",
        "14:02 tonight's batch failed",
        "14:02 3 may be down",
        "14:02 on call was paged",
        "19:30 in the evening shift",
        "yesterday 14:02 Friday's deploy failed",
        "8:30pm tonight failed over",
        "14:02 UTC (16:02 in Berlin) failed over",
    ],
)
def test_words_behind_a_clock_that_say_no_other_time_stay_words(text: str) -> None:
    """They are about what happened, or say again what the time says."""
    expression, rest = leading_time(text)

    assert expression
    assert f"{expression} {rest}" == text


@pytest.mark.parametrize("text", ["3 may have failed", "(all) pods are back", "Mar 10 was quiet", "Friday we look"])
def test_words_that_begin_as_a_day_does_without_a_clock_are_words(text: str) -> None:
    """Without a clock they say no time."""
    assert leading_time(text) == (None, text)


@pytest.mark.parametrize(
    "text", ["10.12.20.1 is away", "10.12.2010.5 is a build", "1/2 of the nodes", "16.9 is the load"]
)
def test_numbers_that_are_no_date_are_words(text: str) -> None:
    """An address, a version, a part and a figure stay what they are."""
    assert leading_time(text) == (None, text)


def test_every_zone_parts_from_the_words_unless_it_may_be_a_word() -> None:
    """A name with its area is a zone wherever it stands, and so is one that nobody says otherwise."""
    names = zoneinfo.available_timezones()

    read = {name for name in names if split_time(f"14:02 {name} rolled back")[1] == "rolled back"}

    assert {name for name in names - read if not name.isalpha()} == set()
    assert {"Japan", "Singapore", "Iran"} <= names - read


PIECES = st.sampled_from(
    [
        *("at ", "on ", "14:02", "2:05", "pm", " ", "5", "m", "h", " ago", "yesterday ", "2026-10-25", "T", "Z", ":"),
        *(
            "+02:00",
            "-",
            "UTC",
            " CET",
            "Europe/Berlin",
            "00:00",
            "12",
            "\u0661",
            ".5",
            ",",
            "9999",
            "\u00a0",
            "d",
            "/",
        ),
    ]
)


SAID = st.sampled_from(["", "14:02 ", "at 2:05pm ", "5m ago ", "yesterday 23:10, ", "13:02 UTC+2 ", "an hour ago: "])


@given(st.builds(str.__add__, SAID, st.lists(PIECES | st.text(max_size=2), max_size=12).map("".join)))
@settings(deadline=None, max_examples=examples(250))
def test_any_words_give_a_time_or_a_refusal(text: str) -> None:
    """No words break the parser, and what `split_time` takes for a time is one, or is refused for a named reason."""
    expression, rest = split_time(text)

    outcome = instant_or_refusal(expression or text)

    if isinstance(outcome, datetime):
        assert NOW - timedelta(hours=24) <= outcome <= NOW + timedelta(minutes=1)
    assert expression is None or type(outcome) is not InvalidInput
    assert text.strip().endswith(rest) if expression else rest == text


def test_long_text_is_split_in_no_time() -> None:
    """A message of a hundred thousand characters of any kind is looked at only at its head."""
    texts = [unit * (100_000 // len(unit)) for unit in ("1", "1m ", "1:", " ", "14:02 ", "at ", "2026-10-25 ", "+")]

    started = time.thread_time()
    expressions = [split_time(text)[0] for text in texts]

    assert time.thread_time() - started < 2
    assert expressions == [None, None, None, None, "14:02", None, None, None]
