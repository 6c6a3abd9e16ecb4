"""Back-dated times: every expression means one instant, or is refused with the reason."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.errors import InvalidInput, Refused
from analysis.precision import Precision
from analysis.times import (
    AmbiguousTime,
    FutureTime,
    NonexistentTime,
    TooOld,
    UnknownZone,
    When,
    parse_when,
)
from analysis.zones import instants, zone_named
from tests.effort import examples

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 3, 10, 13, 30, tzinfo=UTC)  # 14:30 in Berlin
ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})


def utc(text: str) -> datetime:
    """Return the UTC instant of an ISO time without an offset."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("14:02", "2026-03-10 13:02", "minute"),
        ("at 14:02", "2026-03-10 13:02", "minute"),
        ("14:02:30", "2026-03-10 13:02:30", "second"),
        ("14:02:30.25", "2026-03-10 13:02:30.250", "second"),
        ("2:05pm", "2026-03-10 13:05", "minute"),
        ("2:05 PM", "2026-03-10 13:05", "minute"),
        ("2pm", "2026-03-10 13:00", "hour"),
        ("12:10am", "2026-03-09 23:10", "minute"),
        ("14:31", "2026-03-10 13:31", "minute"),
        ("00:00", "2026-03-09 23:00", "minute?"),
        ("12:00", "2026-03-10 11:00", "minute?"),
        ("12:00:00", "2026-03-10 11:00", "second"),
        ("today 14:02", "2026-03-10 13:02", "minute"),
        ("yesterday 23:10", "2026-03-09 22:10", "minute"),
        ("yesterday at 11:10pm", "2026-03-09 22:10", "minute"),
        ("2026-03-10 02:30", "2026-03-10 01:30", "minute"),
        ("on 2026-03-10 at 02:30", "2026-03-10 01:30", "minute"),
        ("2026-03-10T02:30", "2026-03-10 01:30", "minute"),
        ("2026-03-10T02:30:15Z", "2026-03-10 02:30:15", "second"),
        ("13:02 UTC", "2026-03-10 13:02", "minute"),
        ("13:02Z", "2026-03-10 13:02", "minute"),
        ("15:02+02:00", "2026-03-10 13:02", "minute"),
        ("10:02 -0330", "2026-03-10 13:32", "minute"),
        ("15:02 UTC+2", "2026-03-10 13:02", "minute"),
        ("09:02 America/New_York", "2026-03-10 13:02", "minute"),
        ("09:02 america/new_york", "2026-03-10 13:02", "minute"),
        ("30s ago", "2026-03-10 13:29:30", "second"),
        ("5m ago", "2026-03-10 13:25", "minute"),
        ("10 min ago", "2026-03-10 13:20", "minute"),
        ("2h ago", "2026-03-10 11:30", "hour"),
        ("1h 30m ago", "2026-03-10 12:00", "minute"),
        ("1 hour and 5 minutes ago", "2026-03-10 12:25", "minute"),
        ("1 day ago", "2026-03-09 13:30", "day"),
        ("an hour ago", "2026-03-10 12:30", "hour"),
        ("half an hour ago", "2026-03-10 13:00", "minute"),
        ("1:05 p.m.", "2026-03-10 12:05", "minute"),
        ("9 a.m.", "2026-03-10 08:00", "hour"),
        ("23:10 yesterday", "2026-03-09 22:10", "minute"),
        ("23:10 yesterday UTC", "2026-03-09 23:10", "minute"),
        ("11:10 p.m., yesterday", "2026-03-09 22:10", "minute"),
        ("14:02 today", "2026-03-10 13:02", "minute"),
        ("\uff11\uff14\uff1a\uff10\uff12", "2026-03-10 13:02", "minute"),
    ],
)
def test_parse_when_reads(text: str, at: str, precision: str) -> None:
    """Each form gives its instant, and how exactly it is known."""
    declared_at = utc("2026-03-10 13:00")
    now = NOW + timedelta(minutes=3) if text == "10:02 -0330" else NOW

    when = parse_when(text, now=now, zone=BERLIN, declared_at=declared_at)

    assert when == When(at=utc(at), precision=Precision(precision))


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("15:00", FutureTime, "15:00 on 2026-03-10 in Europe/Berlin is in the future."),
        ("14:32", FutureTime, "Give a time up to now, 2026-03-10 14:30."),
        ("2026-03-11 02:30", FutureTime, "02:30 on 2026-03-11"),
        ("today 23:00", FutureTime, "23:00 on 2026-03-10"),
        (
            "yesterday 14:29",
            TooOld,
            "more than 24 hours before the declaration. Give a time from 2026-03-09 14:30 Europe/Berlin on.",
        ),
        ("25h ago", TooOld, "25h ago is more than 24 hours"),
        ("1900-01-01 10:00", TooOld, "10:00 on 1900-01-01"),
        ("14:02 CET", UnknownZone, "CET is ambiguous. Write a zone such as Europe/Berlin"),
        ("09:02 EST", UnknownZone, "America/New_York"),
        ("09:02 ET", UnknownZone, "America/New_York"),
        ("2026-03-10 09:02 yesterday", InvalidInput, "is not a time"),
        ("14:02 Europe/Berln", UnknownZone, "Did you mean Europe/Berlin?"),
        ("14:02 Mars/Phobos_Station_One", UnknownZone, "Write one such as Europe/Berlin"),
        ("14:02 localtime", UnknownZone, "not a known time zone"),
        ("14:02 Etc/../../passwd", UnknownZone, "not a known time zone"),
        ("14:02-14:05", UnknownZone, "-14:05 is not a known time zone"),
        ("2026-03-29 02:30", NonexistentTime, "did not happen on 2026-03-29 in Europe/Berlin"),
        ("25:00", InvalidInput, "“25:00” is not a time. Write 14:02"),
        ("14:60", InvalidInput, "is not a time"),
        ("13:00pm", InvalidInput, "is not a time"),
        ("0am", InvalidInput, "is not a time"),
        ("2026-02-30 10:00", InvalidInput, "is not a time"),
        ("2026-03-10", InvalidInput, "is not a time"),
        ("", InvalidInput, "is not a time"),
        ("soon " * 100, InvalidInput, "…” is not a time"),
    ],
)
def test_parse_when_refuses(text: str, error: type[Refused], sentence: str) -> None:
    """A time that cannot be taken is refused by the error that names the reason."""
    with pytest.raises(error) as refusal:
        parse_when(text, now=NOW, zone=BERLIN, declared_at=None)

    assert type(refusal.value) is error
    assert sentence in refusal.value.message


@pytest.mark.parametrize(
    "zone", ["", "CETT", "localtime", "../etc/passwd", "/etc/passwd", "Europe", "posixrules", "x" * 999]
)
def test_parse_when_refuses_the_zone_of_a_person(zone: str) -> None:
    """A setting or profile that names no zone is refused as well, without a look at the file system."""
    with pytest.raises(UnknownZone):
        parse_when("14:02", now=NOW, zone=zone, declared_at=None)


def test_parse_when_takes_every_zone_of_the_database() -> None:
    """Each IANA name is a zone, in any case."""
    taken = [str(zone_named(name.upper())) for name in ZONES]

    assert taken == [str(zone_named(name)) for name in ZONES]
    assert len(taken) > 500


def test_parse_when_wants_aware_times() -> None:
    """A naive clock is a mistake of the caller, not of the person who typed."""
    with pytest.raises(ValueError, match="aware"):
        parse_when("14:02", now=NOW.replace(tzinfo=None), zone=BERLIN, declared_at=None)


def test_ambiguous_time_asks_with_both_instants() -> None:
    """An hour that happened twice is asked about, with the two ways to say it."""
    now = utc("2026-10-25 09:00")

    with pytest.raises(AmbiguousTime) as refusal:
        parse_when("02:30", now=now, zone=BERLIN, declared_at=now)

    assert refusal.value.message == (
        "02:30 happened twice on 2026-10-25 in Europe/Berlin. Say 02:30+02:00 (first) or 02:30+01:00 (second)."
    )
    assert [(choice.at, choice.offset) for choice in refusal.value.choices] == [
        (utc("2026-10-25 00:30"), timedelta(hours=2)),
        (utc("2026-10-25 01:30"), timedelta(hours=1)),
    ]


def test_ambiguous_time_is_clear_while_the_second_is_to_come() -> None:
    """During the first pass of a repeated hour there is nothing to ask."""
    when = parse_when("02:30", now=utc("2026-10-25 00:40"), zone=BERLIN, declared_at=None)

    assert when.at == utc("2026-10-25 00:30")


def test_skipped_clock_is_not_taken_for_yesterdays() -> None:
    """A bare clock that today skipped is refused, although yesterday had it."""
    with pytest.raises(NonexistentTime) as refusal:
        parse_when("02:30", now=utc("2026-03-29 08:00"), zone=BERLIN, declared_at=None)

    assert "such as 2026-03-29 03:30+02:00" in refusal.value.message


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        pytest.param("2026-03-10 23:59:30", "00:00", "2026-03-11 00:00", id="the minute that comes"),
        pytest.param("2026-03-10 00:10", "23:50", "2026-03-09 23:50", id="just before midnight"),
        pytest.param("2026-03-10 09:00", "10:01", "2026-03-09 10:01", id="more than an hour ahead"),
    ],
)
def test_bare_clock_is_the_latest_occurrence(now: str, text: str, expected: str) -> None:
    """A clock without a day is today's or yesterday's, whichever passed last."""
    when = parse_when(text, now=utc(now), zone="UTC", declared_at=None)

    assert when.at == utc(expected)


@cache
def changes_of_clock(name: str) -> list[datetime]:
    """Return the UTC instants from 2019 to 2030 near which a zone changes its offset, to the hour."""
    zone = zoneinfo.ZoneInfo(name)
    found = []
    day = datetime(2019, 1, 1, tzinfo=UTC)
    while day.year < 2031:
        later = day + timedelta(days=5)
        if day.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = day, later
            while high - low > timedelta(minutes=5):
                middle = low + (high - low) / 2
                is_before = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if is_before else (low, middle)
            found.append(high)
        day = later
    return found


@st.composite
def local_times(draw: st.DrawFn) -> tuple[str, datetime]:
    """Draw a zone and a wall-clock minute, mostly around one of its changes of clock."""
    name = draw(st.sampled_from(ZONES))
    changes = changes_of_clock(name)
    near = draw(st.sampled_from(changes)) if changes else datetime(2024, 5, 1, tzinfo=UTC)
    shift = timedelta(minutes=draw(st.integers(-180, 180)))
    return name, (near.astimezone(zoneinfo.ZoneInfo(name)).replace(tzinfo=None) + shift).replace(
        second=0, microsecond=0
    )


def meant_by(local: datetime, name: str) -> list[datetime]:
    """Return the instants of a wall-clock time by trying every offset of its days, without looking at folds."""
    zone = zoneinfo.ZoneInfo(name)
    noon = local.replace(tzinfo=UTC)
    offsets = {(noon + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(-30, 31)}
    guesses = [noon - offset for offset in offsets if offset is not None]
    return sorted(guess for guess in guesses if guess.astimezone(zone).utcoffset() == noon - guess)


@example(("Europe/Berlin", datetime.fromisoformat("2024-10-27T02:30")))
@given(local_times())
@settings(deadline=None, max_examples=examples(200))
def test_parse_when_agrees_with_every_offset_of_every_zone(drawn: tuple[str, datetime]) -> None:
    """A time exists as often as offsets give it, its instant shows it again, and each choice means its instant."""
    name, local = drawn
    expected = meant_by(local, name)
    now = (expected or [local.replace(tzinfo=UTC)])[-1] + timedelta(hours=15)
    text = f"{local:%Y-%m-%d %H:%M}"

    try:
        found = [parse_when(text, now=now, zone=name, declared_at=None).at]
    except AmbiguousTime as refusal:
        found = [choice.at for choice in refusal.choices]
        again = [parse_when(choice.expression, now=now, zone=name, declared_at=None).at for choice in refusal.choices]
        assert again == found
    except NonexistentTime:
        found = []

    assert found == expected == list(instants(local, zone_named(name)))
    assert all(at.tzinfo is UTC for at in found)


@example(("Asia/Qostanay", datetime.fromisoformat("2024-02-29T23:02")), 121)
@given(local_times(), st.integers(1, 20 * 60))
@settings(deadline=None, max_examples=examples(200))
def test_bare_clock_is_within_a_day_and_shows_what_was_said(drawn: tuple[str, datetime], minutes: int) -> None:
    """A clock without a day gives an instant of the last day that shows this clock, or two, or none."""
    name, local = drawn
    now = (meant_by(local, name) or [local.replace(tzinfo=UTC)])[-1] + timedelta(minutes=minutes)

    try:
        found = [parse_when(f"{local:%H:%M}", now=now, zone=name, declared_at=now + timedelta(hours=2)).at]
    except AmbiguousTime as refusal:
        found = [choice.at for choice in refusal.choices]
        again = [parse_when(choice.expression, now=now, zone=name, declared_at=now).at for choice in refusal.choices]
        assert again == found
    except (NonexistentTime, TooOld, FutureTime):
        found = []

    assert all(now - timedelta(hours=25) < at <= now + timedelta(minutes=1) for at in found)
    assert all(at.astimezone(zoneinfo.ZoneInfo(name)).time() == local.time() for at in found)


def test_bare_clock_that_happened_today_is_never_refused() -> None:
    """Every minute of a usual day up to now is taken."""
    minutes = [NOW - timedelta(minutes=minute) for minute in range(23 * 60)]

    taken = [parse_when(f"{at:%H:%M}", now=NOW, zone="UTC", declared_at=None).at for at in minutes]

    assert taken == minutes


@pytest.mark.parametrize(
    ("text", "declared", "at"),
    [
        ("23:10", "2026-03-09 23:20", "2026-03-09 22:10"),
        ("20:21", "2026-03-09 22:20", "2026-03-09 19:21"),
        ("23:10", "2026-03-10 04:00", None),
        ("15:31", "2026-03-10 13:00", None),
        ("15:31 UTC", "2026-03-10 13:00", None),
        ("yesterday 15:31", "2026-03-10 13:00", "2026-03-09 14:31"),
    ],
)
def test_clock_still_to_come_is_yesterdays_only_near_the_declaration(text: str, declared: str, at: str | None) -> None:
    """Just after midnight 23:10 is yesterday's; in the afternoon 15:31 is a slip, and yesterday must be said."""
    moment = {"now": NOW, "zone": BERLIN, "declared_at": utc(declared)}
    if at:
        assert parse_when(text, **moment).at == utc(at)
        return

    with pytest.raises(FutureTime) as refusal:
        parse_when(text, **moment)

    assert f"write yesterday {text}." in refusal.value.message


@pytest.mark.parametrize("declared", ["2026-03-09 23:20", None])
def test_clock_of_a_milestone_is_todays_unless_yesterday_is_said(declared: str | None) -> None:
    """Milestones are metrics and deadlines, so their day is never supposed."""
    moment = {"now": NOW, "zone": BERLIN, "declared_at": utc(declared) if declared else None, "is_milestone": True}

    with pytest.raises(FutureTime, match="write yesterday 23:10"):
        parse_when("23:10", **moment)

    assert parse_when("yesterday 23:10", **moment).at == utc("2026-03-09 22:10")
    assert parse_when("14:02", **moment).at == utc("2026-03-10 13:02")


def test_clock_within_the_grace_may_be_tomorrows() -> None:
    """A clock that runs ahead over midnight is taken as it is, for a milestone too."""
    now = utc("2026-03-10 22:59:30")

    assert parse_when("00:00", now=now, zone=BERLIN, declared_at=now, is_milestone=True).at == utc("2026-03-10 23:00")


def test_precision_of_midnight_and_noon_is_uncertain() -> None:
    """Exactly 00:00 or 12:00 may be the mark of a missing clock, in any spelling with minutes."""
    texts = ["00:00", "12:00", "12:00am", "12:00pm", "0:00"]

    precisions = {parse_when(text, now=NOW, zone="UTC", declared_at=None).precision for text in texts}

    assert precisions == {Precision.MINUTE_UNCERTAIN}
