"""Milestones and durations: by phase, surviving reopenings and many days, and never invented."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import InvalidInput
from analysis.events import EventKind
from analysis.milestones import DURATION_ENDS, PHASE_KINDS, Milestone, Phase, phases
from tests.effort import examples
from tests.ledgers import START, Ledger, eventful

HOUR = 60
NAMES = tuple(DURATION_ENDS)


def lived(ledger: Ledger, *, phase: int = 1, start: float = 0) -> None:
    """Set every milestone of a phase, ten minutes apart, from *start*."""
    for place, milestone in enumerate(Milestone):
        ledger.milestone(start + 10 * place, milestone.value, phase=phase)


def only(ledger: Ledger) -> Phase:
    """The single phase."""
    (phase,) = phases(ledger.events)
    return phase


def test_durations_lie_between_the_milestones_of_their_definitions() -> None:
    """Detect from occurrence, acknowledge, mitigate and resolve from detection."""
    ledger = Ledger()
    ledger.declare()
    lived(ledger)

    assert only(ledger).durations() == {
        "time_to_detect": timedelta(minutes=10),
        "time_to_acknowledge": timedelta(minutes=10),
        "time_to_mitigate": timedelta(minutes=30),
        "time_to_resolve": timedelta(minutes=50),
    }


def test_duration_of_three_days_is_72_hours() -> None:
    """Days are not dropped from a long incident."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(0, "detection")
    ledger.milestone(72 * HOUR, "resolution")

    assert only(ledger).durations()["time_to_resolve"] == timedelta(hours=72)


@pytest.mark.parametrize(
    ("missing", "without"),
    [
        (Milestone.OCCURRENCE, {"time_to_detect"}),
        (Milestone.DETECTION, set(NAMES)),
        (Milestone.AWARENESS, {"time_to_acknowledge"}),
        (Milestone.CLASSIFICATION, set()),
        (Milestone.MITIGATION, {"time_to_mitigate"}),
        (Milestone.RECOVERY, set()),
        (Milestone.RESOLUTION, {"time_to_resolve"}),
    ],
)
def test_missing_milestone_gives_no_duration(missing: Milestone, without: set[str]) -> None:
    """What nobody set is named as missing, and no duration is made up from it."""
    ledger = Ledger()
    ledger.declare()
    for place, milestone in enumerate(Milestone):
        if milestone is not missing:
            ledger.milestone(10 * place, milestone.value)

    phase = only(ledger)

    assert phase.missing == (missing,)
    assert {name for name, length in phase.durations().items() if length is None} == without


def test_reversed_milestones_give_no_duration() -> None:
    """An end before its start is a contradiction in the record, never a negative length."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(30, "detection")
    ledger.milestone(10, "resolution")

    assert only(ledger).durations()["time_to_resolve"] is None


def test_milestones_of_one_instant_give_a_duration_of_zero() -> None:
    """Known and equal is not unknown."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(0, "detection")
    ledger.milestone(0, "awareness")

    assert only(ledger).durations()["time_to_acknowledge"] == timedelta(0)


def test_later_setting_corrects_an_earlier() -> None:
    """The record keeps both, the phase has the one that was recorded last, whichever instant is later."""
    ledger = Ledger()
    ledger.declare()
    ledger.milestone(20, "detection")
    corrected = ledger.milestone(5, "detection")

    assert only(ledger).milestones[Milestone.DETECTION] == corrected


def test_phases_stay_intact_through_two_reopenings() -> None:
    """Each phase keeps its own start, end and durations; reopening overwrites nothing before it."""
    ledger = Ledger()
    ledger.declare()
    lived(ledger)
    first = only(ledger)
    ledger.reopen(2 * HOUR, phase=2)
    lived(ledger, phase=2, start=2 * HOUR)
    ledger.reopen(5 * HOUR, phase=3)

    found = phases(ledger.events)

    assert found[0] == first
    assert [(one.number, one.started_at, one.ended_at) for one in found] == [
        (1, START, START + timedelta(minutes=60)),
        (2, START + timedelta(hours=2), START + timedelta(hours=3)),
        (3, START + timedelta(hours=5), None),
    ]
    assert found[1].durations() == found[0].durations()
    assert found[2].durations() == dict.fromkeys(NAMES)


def test_milestone_set_after_a_reopening_may_belong_to_an_earlier_phase() -> None:
    """Late knowledge of the first phase goes to the first phase."""
    ledger = Ledger()
    ledger.declare()
    ledger.reopen(60, phase=2)
    ledger.milestone(-15, "occurrence", phase=1)

    first, second = phases(ledger.events)

    assert (first.at(Milestone.OCCURRENCE), second.at(Milestone.OCCURRENCE)) == (START - timedelta(minutes=15), None)


def test_what_is_recorded_after_the_resolution_does_not_move_durations() -> None:
    """Edits, notes, marks, drafts and approvals after the end leave every length as it was."""
    ledger = Ledger()
    ledger.declare()
    lived(ledger)
    before = only(ledger).durations()

    ledger.note(900, "written down the day after")
    ledger.message(901, "and this was pinned", ts="1709340000.000100")
    ledger.version(902, "edited later", ts="1709340000.000100", since="1709350000.000000")
    ledger.severity(903, "SEV3", "SEV2")
    for kind in (EventKind.IMPACT_SET, EventKind.DRAFTED, EventKind.APPROVED, EventKind.PUBLISHED):
        ledger.add(kind, 904)

    assert only(ledger).durations() == before


@given(st.permutations(list(Milestone)), st.lists(st.sampled_from(range(7)), max_size=5))
@settings(deadline=None, max_examples=examples(60))
def test_phases_do_not_depend_on_the_order_of_reading(order: list[Milestone], again: list[int]) -> None:
    """The ledger's facts read in another order, or some of them twice, are the same phases."""
    ledger = Ledger()
    ledger.declare()
    lived(ledger)
    settings_read = [ledger.events[1 + list(Milestone).index(milestone)] for milestone in order]

    found = phases([*settings_read, ledger.events[0], *(ledger.events[1 + place] for place in again)])

    assert found == phases(ledger.events)


@given(st.dictionaries(st.sampled_from(Milestone), st.integers(-10_000, 10_000)))
@settings(deadline=None, max_examples=examples(100))
def test_durations_are_never_negative(instants: dict[Milestone, int]) -> None:
    """Whatever people set, a length is zero or more, or there is none."""
    ledger = Ledger()
    ledger.declare()
    for milestone, minutes in instants.items():
        ledger.milestone(minutes, milestone.value)

    lengths = only(ledger).durations().values()

    assert all(length is None or length >= timedelta(0) for length in lengths)


@pytest.mark.parametrize("word", ["Detection", " detection ", "DETECTION"])
def test_milestone_is_read_by_its_name(word: str) -> None:
    """Case and blanks do not matter."""
    assert Milestone.parse(word) is Milestone.DETECTION


@pytest.mark.parametrize("word", ["", "detect", "detection 12:00", "resolved"])
def test_milestone_is_never_guessed(word: str) -> None:
    """Another word is refused with the names there are."""
    with pytest.raises(InvalidInput, match="occurrence, detection, awareness"):
        Milestone.parse(word)


def test_phases_are_made_of_their_kinds_alone() -> None:
    """What a store looks up by kind gives the phases that the whole ledger gives, with everything in it."""
    ledger = eventful()

    found = phases(event for event in ledger.events if event.kind in PHASE_KINDS)

    assert found == phases(ledger.events)
