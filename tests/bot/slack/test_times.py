"""Back-dated notes: in the writer's zone, in any zone, and refused where a time means nothing or two things."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analysis.precision import Precision
from tests.effort import thinned
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Room, number_in, open_room

#: Nine in the morning UTC: four at night for the responder in New York, ten for the commander in Copenhagen.
UNDERSTOOD = [
    (RESPONDER, "03:30", "2026-03-01 08:30:00"),
    (COMMANDER, "09:30", "2026-03-01 08:30:00"),
    (OTHER, "08:30", "2026-03-01 08:30:00"),
    (RESPONDER, "09:30 Europe/Copenhagen", "2026-03-01 08:30:00"),
    (RESPONDER, "14:15 Asia/Kathmandu", "2026-03-01 08:30:00"),
    (RESPONDER, "08:30Z", "2026-03-01 08:30:00"),
    (RESPONDER, "10:30+02:00", "2026-03-01 08:30:00"),
    (RESPONDER, "2026-03-01 03:30", "2026-03-01 08:30:00"),
    (RESPONDER, "yesterday 23:10", "2026-03-01 04:10:00"),
    (RESPONDER, "3:30am", "2026-03-01 08:30:00"),
    (RESPONDER, "11:30 p.m. yesterday:", "2026-03-01 04:30:00"),
    (COMMANDER, "23:30 yesterday", "2026-02-28 22:30:00"),
    (RESPONDER, "30m ago", "2026-03-01 08:30:00"),
    (RESPONDER, "half an hour ago", "2026-03-01 08:30:00"),
    (RESPONDER, "1h 30m ago", "2026-03-01 07:30:00"),
]
REFUSED = [
    ("04:30 rolled back", "is in the future"),
    ("2026-03-01 12:00 rolled back", "is in the future"),
    ("2027-01-01 12:00 rolled back", "is in the future"),
    ("2026-02-20 12:00 rolled back", "more than 24 hours before the declaration"),
    ("3d ago rolled back", "more than 24 hours before the declaration"),
    ("03:30 IST rolled back", "IST"),
    ("03:30 Europe/Atlantis rolled back", "Europe/Atlantis"),
]
KEPT_AS_TEXT = ["500 errors on checkout", "14.02-14.05 was bad", "tomorrow we look again", "ago it was fine"]
#: What begins as a time does, and is none that can be meant; as text it would be dated now.
UNREADABLE = [
    "24:00 rolled back",
    "25:00 rolled back",
    "2026-02-29 10:00 leap",
    "2026-03-01 was a bad day",
    "tomorrow 10:00 we look again",
    "1:5 rolled back",
    "13:00pm rolled back",
    "10:00:61 rolled back",
    "at 25:99 rolled back",
    "03:15 - 03:20 was bad",
    "03:15\u201303:20 was bad",
    "[03:15] rolled back",
    "3:15 last night rolled back",
    "03:15 (UTC) rolled back",
]


@pytest.fixture(scope="module")
def still_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room whose clock stands at nine UTC, with an open incident in it."""
    folder = tmp_path_factory.mktemp("times")
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder) as room:
        room.ask(COMMANDER, "declare SEV3 Card payments fail")
        yield room


def _token(instant: str) -> str:
    """The instant as Slack shows it to each reader, by the minute, with UTC where it cannot."""
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    return f"<!date^{int(at.timestamp())}^{{time}} {{date_short}}|{at:%Y-%m-%d %H:%M} UTC>"


@contextmanager
def _room_at(start: datetime, folder: Path) -> Iterator[Room]:
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder, start=start) as room:
        room.ask(COMMANDER, "declare SEV3 Card payments fail")
        yield room


@pytest.mark.parametrize(
    ("user", "text", "instant"), thinned(UNDERSTOOD, every=4), ids=[f"{u} {t}" for u, t, _ in UNDERSTOOD]
)
def test_note_is_recorded_at_the_time_it_names(still_room: Room, user: str, text: str, instant: str) -> None:
    """The time is read in its zone, the writer's where none is named, and the words are what follows it."""
    answer = still_room.ask(user, f"#1 note {text} rolled back")

    assert answer == f"Noted on #1 at {_token(instant)}: rolled back"
    noted = [event for event in still_room.events(1) if event.kind == "note"][-1]
    assert f"{noted.occurred_at:%Y-%m-%d %H:%M:%S}" == instant


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text for text, _ in REFUSED])
def test_note_with_an_impossible_time_is_refused(still_room: Room, text: str, words: str) -> None:
    """A time to come, one long before the declaration or one in no zone is refused, naming the reason."""
    before = still_room.facts(1)

    answer = still_room.ask(RESPONDER, f"#1 note {text}")

    assert words in answer
    assert still_room.facts(1) == before


@pytest.mark.parametrize("text", KEPT_AS_TEXT)
def test_note_that_only_begins_with_digits_is_a_note(still_room: Room, text: str) -> None:
    """Words that are no time are recorded as they are, now."""
    assert still_room.ask(RESPONDER, f"#1 note {text}") == f"Noted on #1: {text}"


def test_time_that_does_not_exist_is_refused_with_a_way_out(tmp_path: Path) -> None:
    """In the night the clocks go forward, half past two is asked for by its offset."""
    with _room_at(datetime(2026, 3, 29, 6, 0, tzinfo=UTC), tmp_path) as room:
        refused = room.ask(COMMANDER, "#1 note 02:30 rolled back")
        elsewhere = room.ask(COMMANDER, "#1 note 02:30 UTC rolled back")

    assert refused.startswith("02:30 did not happen on 2026-03-29 in Europe/Copenhagen")
    assert elsewhere == f"Noted on #1 at {_token('2026-03-29 02:30:00')}: rolled back"


def test_time_that_happened_twice_asks_and_takes_each_answer(tmp_path: Path) -> None:
    """In the night the clocks go back, both half past twos are offered, and each can be said."""
    with _room_at(datetime(2026, 10, 25, 6, 0, tzinfo=UTC), tmp_path) as room:
        asked = room.ask(COMMANDER, "#1 note 02:30 rolled back")
        said = re.findall(r"(?:Say|or) (.+?) \((?:first|second)\)", asked)
        answers = [room.ask(COMMANDER, f"#1 note {each} rolled back") for each in said]

    assert "happened twice on 2026-10-25 in Europe/Copenhagen" in asked
    assert answers == [
        f"Noted on #1 at {_token('2026-10-25 00:30:00')}: rolled back",
        f"Noted on #1 at {_token('2026-10-25 01:30:00')}: rolled back",
    ]


@pytest.mark.thorough
def test_form_asks_about_an_ambiguous_time_under_its_field(tmp_path: Path) -> None:
    """The same question appears in the form, where the time was written."""
    with _room_at(datetime(2026, 11, 1, 8, 0, tzinfo=UTC), tmp_path) as room:
        view = room.open_form(RESPONDER, "note", room.named_by_button(1))
        told = room.submit(RESPONDER, view, text="rolled back", time="01:30")

    assert "happened twice on 2026-11-01 in America/New_York" in told["errors"]["time"]


@pytest.mark.thorough
def test_long_incident_takes_times_from_a_day_before_its_declaration(tmp_path: Path) -> None:
    """On the third day, the first night can still be written down; the day before it cannot."""
    with _room_at(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), tmp_path) as room:
        room.clock.move(days=3)
        first_night = room.ask(OTHER, "#1 note 2026-02-28 23:00 first alerts")
        too_old = room.ask(OTHER, "#1 note 2026-02-28 08:00 nothing yet")

    assert first_night == f"Noted on #1 at {_token('2026-02-28 23:00:00')}: first alerts"
    assert "more than 24 hours before the declaration" in too_old


@pytest.mark.parametrize("text", thinned(UNREADABLE, every=3))
def test_note_that_begins_with_no_time_that_can_be_read_is_asked_about(still_room: Room, text: str) -> None:
    """Nothing is recorded, whether it is typed, written into the form, or given as a correction."""
    before = still_room.facts(1)
    form = still_room.open_form(RESPONDER, "note", still_room.named_by_button(1))

    typed = still_room.ask(RESPONDER, f"#1 note {text}")
    filled = still_room.submit(RESPONDER, form, text=text)
    noted = still_room.facts(1)
    still_room.ask(RESPONDER, "#1 note to correct")
    label = re.findall(r"`(E\d+)`", still_room.timeline(RESPONDER, 1)[-1])[0]
    corrected = still_room.ask(RESPONDER, f"#1 correct {label} {text}")

    assert "is not a time that I can read" in typed
    assert "is not a time that I can read" in filled["errors"]["text"]
    assert "is not a time that I can read" in corrected
    assert noted == before


@pytest.mark.parametrize(
    ("user", "text", "words"),
    [
        (COMMANDER, "milestone recovery 11:30", "write yesterday 11:30"),
        (RESPONDER, "milestone detection 23:50", "write yesterday 23:50"),
        (COMMANDER, "note 11:30 payments recovered", "write yesterday 11:30"),
    ],
)
def test_time_still_to_come_is_not_yesterdays(still_room: Room, user: str, text: str, words: str) -> None:
    """At ten in Copenhagen 11:30 was not the day before, hours before anything was declared."""
    before = still_room.facts(1)

    answer = still_room.ask(user, f"#1 {text}")

    assert words in answer
    assert still_room.facts(1) == before


def test_form_of_a_declaration_takes_no_time_for_yesterdays(still_room: Room) -> None:
    """The field is blamed, and nothing is opened."""
    form = still_room.open_form(COMMANDER, "declare")

    told = still_room.submit(COMMANDER, form, title="Refunds fail", occurrence="11:30")

    assert "write yesterday 11:30" in told["errors"]["occurrence"]


def test_times_of_a_declaration_are_known_as_exactly_as_they_were_given(own_room: Room) -> None:
    """A clock without seconds is known to the minute, on the timeline and in the lengths that rest on it."""
    form = own_room.open_form(COMMANDER, "declare")
    given = {"occurrence": "09:45", "detection": "09:50"}
    number = number_in(json.dumps(own_room.submit(COMMANDER, form, title="Refunds fail", **given)))
    own_room.settle()
    own_room.clock.set(datetime(2026, 3, 1, 9, 9, 7, tzinfo=UTC))

    own_room.ask(COMMANDER, f"#{number} resolve")
    own_room.draft(COMMANDER, text=f"#{number} draft")

    milestones = {event.text: event.precision for event in own_room.events(number) if event.text}
    own_room.settle()
    draft = list(own_room.slack.files.values())[-1]["content"].decode()
    assert (milestones["occurrence"], milestones["detection"]) == (Precision.MINUTE, Precision.MINUTE)
    assert "| occurrence | 1 | 2026-03-01 08:45 UTC |" in draft
    assert "| Time to resolve | 1 | 19 min |" in draft


@pytest.fixture(scope="module")
def day_after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room at two in the afternoon of the day after an incident that went on from nine to eleven."""
    folder = tmp_path_factory.mktemp("day_after")
    with _room_at(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), folder) as room:
        room.ask(OTHER, "#1 note The switch was thrown")
        room.clock.move(hours=2)
        room.ask(COMMANDER, "#1 resolve")
        room.clock.move(hours=27)
        yield room


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("correct E3 08:58", "but E3 is of 2026-03-01. Write 2026-03-01 08:58, or 2026-03-02 08:58."),
        ("milestone recovery 10:12", "but #1 was resolved on 2026-03-01. Write 2026-03-01 10:12, or 2026-03-02 10:12."),
        (
            "milestone resolution 10:58",
            "but resolution was on 2026-03-01. Write 2026-03-01 10:58, or 2026-03-02 10:58.",
        ),
        ("note 10:12 UTC traffic is back", "Write 2026-03-01 10:12 UTC, or 2026-03-02 10:12 UTC."),
    ],
)
def test_clock_of_the_day_after_is_asked_about(day_after: Room, words: str, because: str) -> None:
    """Whoever completes the record means yesterday, mostly; neither day is supposed."""
    before = day_after.facts(1)

    answer = day_after.ask(OTHER, f"#1 {words}")

    assert "without a day would be of 2026-03-02" in answer
    assert because in answer
    assert day_after.facts(1) == before


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("note 2026-03-01 10:12 traffic is back", "2026-03-01 10:12"),
        ("note today 10:12 refunds begin", "2026-03-02 10:12"),
        ("note 12:30 refunds are through", "2026-03-02 12:30"),
        ("milestone classification 09:30", "2026-03-02 09:30"),
        ("milestone detection 09:30 yesterday", "2026-03-01 09:30"),
    ],
)
def test_clock_of_the_day_after_is_taken_where_it_means_one_day(day_after: Room, words: str, at: str) -> None:
    """A day that is said counts, and so does a clock that the incident itself did not see."""
    answer = day_after.ask(OTHER, f"#1 {words}")

    assert f"|{at} UTC>" in answer


def test_corrected_clock_is_of_the_day_that_its_entry_is_of(day_after: Room) -> None:
    """Once an entry is of today, a clock corrects it without its day."""
    said = ("2026-03-02 08:58", "08:59", "yesterday 09:00")

    answers = [day_after.ask(OTHER, f"#1 correct E3 {time}") for time in said]

    times = [re.findall(r"corrected at <[^|]+\|(.+?) UTC>", answer) for answer in answers]
    assert times == [["2026-03-02 08:58"], ["2026-03-02 08:59"], ["2026-03-01 09:00"]]


def test_corrected_clock_that_is_still_to_come_today_is_of_the_night_before(tmp_path: Path) -> None:
    """In the morning nobody means half past ten of the evening that comes, so nobody is asked."""
    with _room_at(datetime(2026, 3, 1, 22, 0, tzinfo=UTC), tmp_path) as room:
        room.clock.move(hours=13)
        room.ask(OTHER, "#1 note The switch was thrown")
        room.clock.move(minutes=5)
        just_now = room.ask(OTHER, "#1 correct E3 11:05:40")
        evening = room.ask(OTHER, "#1 correct E3 22:30")

    assert "corrected at" in evening
    assert "|2026-03-01 22:30 UTC>" in evening
    assert "|2026-03-02 11:05:40 UTC>" in just_now


def test_clock_in_an_incident_that_was_reopened_is_of_today(tmp_path: Path) -> None:
    """It goes on, so nobody is asked; nor is anybody minutes after a resolution on the same day."""
    with _room_at(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), tmp_path) as room:
        room.clock.move(hours=1)
        room.ask(COMMANDER, "#1 resolve")
        room.clock.move(minutes=30)
        same_day = room.ask(OTHER, "#1 note 10:12 traffic is back")
        room.clock.move(hours=24)
        room.ask(COMMANDER, "#1 reopen Cards fail again")
        reopened = room.ask(OTHER, "#1 note 09:40 first declines")

    assert "|2026-03-01 10:12 UTC>" in same_day
    assert "|2026-03-02 09:40 UTC>" in reopened


def test_how_a_long_incident_began_is_not_supposed_to_be_of_today(tmp_path: Path) -> None:
    """While it goes on for a second day, its beginning may be of the first; what ends it is of today."""
    with _room_at(datetime(2026, 3, 1, 9, 0, tzinfo=UTC), tmp_path) as room:
        room.clock.move(hours=29)
        detection = room.ask(OTHER, "#1 milestone detection 08:55")
        occurrence = room.ask(OTHER, "#1 milestone occurrence 2026-03-01 08:50")
        mitigation = room.ask(OTHER, "#1 milestone mitigation 08:55")

    assert "#1 began on 2026-03-01. Write 2026-03-01 08:55, or 2026-03-02 08:55." in detection
    assert "|2026-03-01 08:50 UTC>" in occurrence
    assert "|2026-03-02 08:55 UTC>" in mitigation


def test_form_asks_about_the_day_under_its_field(day_after: Room) -> None:
    """The same question, where the time was written."""
    view = day_after.open_form(OTHER, "note", day_after.named_by_button(1))

    told = day_after.submit(OTHER, view, text="traffic is back", time="10:12")

    assert "Write 2026-03-01 10:12, or 2026-03-02 10:12" in told["errors"]["time"]
