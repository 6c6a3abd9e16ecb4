"""A time at the head of a note parts from its words."""

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


@given(st.lists(PIECES | st.text(max_size=2), max_size=12).map("".join))
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

    expressions = [split_time(text)[0] for text in texts]

    assert expressions == [None, None, None, None, "14:02", None, None, None]
