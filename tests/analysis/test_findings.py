from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.contradictions import Contradiction, ContradictionKind
from analysis.document import claims
from analysis.events import EventKind
from analysis.findings import Findings, find, span
from analysis.incident import Severity
from analysis.milestones import phases
from analysis.precision import Precision
from analysis.timeline import timeline
from tests.ledgers import Ledger


def found(ledger: Ledger, **settings: object) -> Findings:
    """What is found in a ledger."""
    return find(timeline(ledger.events), phases(ledger.events), **settings)


def declared(severity: str) -> Ledger:
    """A ledger that begins with a declaration."""
    ledger = Ledger()
    ledger.declare(severity=severity)
    return ledger


@pytest.mark.parametrize(("severity", "minutes"), [("SEV1", 15), ("SEV2", 30), ("SEV3", 60)])
def test_gap_begins_where_the_limit_of_the_severity_is_passed(severity: str, minutes: int) -> None:
    """Exactly the limit is no gap, a second more is one."""
    ledger = declared(severity)
    ledger.note(minutes, "exactly the limit")
    ledger.note(2 * minutes + 1 / 60, "a second more")

    gaps = found(ledger).gaps

    assert [(gap.after, gap.before, gap.length) for gap in gaps] == [
        ("E2", "E3", timedelta(minutes=minutes, seconds=1)),
    ]


@pytest.mark.parametrize("severity", ["SEV4", "SEV5"])
def test_mild_incidents_have_no_gaps(severity: str) -> None:
    """Silence is unremarkable where little is at stake."""
    ledger = declared(severity)
    ledger.note(10_000, "a week later")

    assert found(ledger).gaps == ()


def test_gap_counts_the_severity_in_force_when_silence_began() -> None:
    """A change of severity applies from its own instant on."""
    ledger = declared("SEV4")
    ledger.note(100, "quiet at SEV4")
    ledger.severity(101, "SEV4", "SEV1")
    ledger.note(121, "quiet at SEV1")
    ledger.severity(122, "SEV1", "SEV4")
    ledger.note(300, "quiet at SEV4 again")

    gaps = found(ledger).gaps

    assert [(gap.after, gap.before, gap.severity) for gap in gaps] == [("E3", "E4", Severity.SEV1)]


def test_gaps_lie_within_phases_only() -> None:
    """The time before the declaration, between phases and after the last is nobody's silence."""
    ledger = declared("SEV1")
    ledger.note(-600, "noticed afterwards")
    ledger.status(10, "declared", "resolved")
    ledger.milestone(10, "resolution")
    ledger.note(500, "between the phases")
    ledger.reopen(1000, phase=2)
    ledger.note(1020, "after 20 minutes")
    ledger.status(1021, "investigating", "resolved", phase=2)
    ledger.milestone(1021, "resolution", phase=2)
    ledger.note(5000, "long after")

    gaps = found(ledger).gaps

    assert [(gap.phase, gap.length) for gap in gaps] == [(2, timedelta(minutes=20))]


def test_gap_needs_an_active_incident() -> None:
    """Once declined nobody is expected to write, although no resolution ends the phase."""
    ledger = declared("SEV1")
    ledger.status(5, "declared", "declined", reason="Not an incident at all")
    ledger.note(500, "read again")

    assert found(ledger).gaps == ()


def test_gap_limits_are_a_setting() -> None:
    """A site's own table replaces the default."""
    ledger = declared("SEV5")
    ledger.note(6, "quiet")

    gaps = found(ledger, limits={Severity.SEV5: timedelta(minutes=5)}).gaps

    assert [gap.limit for gap in gaps] == [timedelta(minutes=5)]


def test_gap_reads_as_a_sentence() -> None:
    """The finding says how long, from when, and against which limit."""
    ledger = declared("SEV2")
    ledger.note(44, "at last")

    gap = found(ledger).gaps[0]

    assert gap.text == (
        "Nothing is on record for 44 min from 2024-03-01 10:00:00 UTC, while the incident was SEV2 (limit 30 min)."
    )


def test_contradictions_are_no_finer_than_their_times_are_known() -> None:
    """Times are named as they are known, and what may have come after the other does not contradict it."""
    ledger = declared("SEV3")
    ledger.milestone(80, "detection", precision=Precision.MINUTE)
    ledger.milestone(80 - 1 / 60, "mitigation")
    ledger.milestone(5, "resolution", precision=Precision.HOUR)
    ledger.status(150, "declared", "mitigating")
    vague = declared("SEV3")
    vague.milestone(20, "detection", precision=Precision.MINUTE)
    vague.milestone(5, "resolution", precision=Precision.HOUR)

    texts = [one.text for one in found(ledger).contradictions]

    resolved = "2024-03-01 10 h UTC (hour only)"
    assert texts == [
        "In phase 1 the mitigation (2024-03-01 11:19:59 UTC) lies before the detection (2024-03-01 11:20 UTC).",
        f"In phase 1 the resolution ({resolved}) lies before the detection (2024-03-01 11:20 UTC).",
        f"In phase 1 the resolution ({resolved}) lies before the mitigation (2024-03-01 11:19:59 UTC).",
        f"Phase 1 was resolved at {resolved}, and yet mitigating is stated for 2024-03-01 12:30:00 UTC.",
    ]
    assert found(vague).contradictions == ()


def test_gap_from_an_uncertain_time_says_so_and_names_what_rated_it() -> None:
    """Its length and its beginning are marked, and the entry with the severity is part of the finding."""
    ledger = declared("SEV4")
    ledger.severity(1, "SEV4", "SEV3")
    ledger.note(2, "noon", precision=Precision.MINUTE_UNCERTAIN)
    ledger.note(90 + 1 / 60, "later")

    (gap,) = found(ledger).gaps

    assert gap.text == (
        "Nothing is on record for 1 h 28 min (time uncertain) from 2024-03-01 10:02 UTC (time uncertain), "
        "while the incident was SEV3 (limit 1 h)."
    )
    assert gap.rated == "E2"


def test_two_instants_of_one_milestone_contradict() -> None:
    """Each other instant is listed against the one recorded last, which counts."""
    ledger = declared("SEV3")
    ledger.milestone(1, "detection")
    ledger.milestone(9, "detection")
    ledger.milestone(4, "detection")

    contradictions = found(ledger).contradictions

    assert [(one.kind, one.labels) for one in contradictions] == [
        (ContradictionKind.TWO_INSTANTS, ("E2", "E3")),
        (ContradictionKind.TWO_INSTANTS, ("E4", "E3")),
    ]
    assert contradictions[0].text == (
        "The detection of phase 1 has two times, 2024-03-01 10:01:00 UTC and 2024-03-01 10:04:00 UTC; "
        "the one recorded last (E3) is used."
    )


def test_repeated_and_corrected_milestones_do_not_contradict() -> None:
    """The same instant twice, or one that says which it corrects, leaves no question; phases are apart."""
    ledger = declared("SEV3")
    ledger.milestone(1, "detection")
    ledger.milestone(1, "detection")
    slip = ledger.milestone(50, "resolution")
    ledger.milestone(60, "resolution", refers_to=slip.id)
    ledger.reopen(100, phase=2)
    ledger.milestone(99, "detection", phase=2)

    assert found(ledger).contradictions == ()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("occurrence", "detection"), ("detection", "mitigation"), ("detection", "resolution"), ("detection", "recovery")],
)
def test_milestones_out_of_order_contradict(earlier: str, later: str) -> None:
    """What must follow and lies before is named with both events."""
    ledger = declared("SEV3")
    ledger.milestone(20, earlier)
    ledger.milestone(10, later)

    contradictions = found(ledger).contradictions

    assert contradictions == (
        Contradiction(
            kind=ContradictionKind.REVERSED,
            phase=1,
            text=f"In phase 1 the {later} (2024-03-01 10:10:00 UTC) lies before the {earlier} "
            "(2024-03-01 10:20:00 UTC).",
            labels=("E2", "E3"),
        ),
    )


def test_milestones_at_one_instant_do_not_contradict() -> None:
    """Detected, known and over within one second is in order."""
    ledger = declared("SEV3")
    for milestone in ("occurrence", "detection", "awareness", "mitigation", "recovery", "resolution"):
        ledger.milestone(5, milestone)

    assert found(ledger).contradictions == ()


def test_active_state_after_the_resolution_contradicts() -> None:
    """A phase that was over cannot be under investigation, unless it was reopened."""
    ledger = declared("SEV3")
    ledger.milestone(20, "resolution")
    ledger.status(30, "investigating", "mitigating")
    ledger.reopen(40, phase=2)
    ledger.status(50, "investigating", "mitigating", phase=2)

    contradictions = found(ledger).contradictions

    assert [(one.kind, one.labels) for one in contradictions] == [(ContradictionKind.ACTIVE_AFTER_END, ("E2", "E3"))]


@pytest.mark.parametrize(
    ("minutes", "kinds"),
    [(-181, [ContradictionKind.FAR_BEFORE]), (-180, []), (-5, []), (5, [])],
)
def test_end_hours_before_the_declaration_contradicts(minutes: int, kinds: list[ContradictionKind]) -> None:
    """A blip may be over before it is declared, but not by hours."""
    ledger = declared("SEV3")
    ledger.milestone(minutes, "recovery")

    assert [one.kind for one in found(ledger).contradictions] == kinds


def test_end_of_another_day_reads_as_a_sentence() -> None:
    """A recovery meant for today and taken for yesterday's is listed, with how far it is off."""
    ledger = declared("SEV3")
    ledger.milestone(-22 * 60 - 30, "recovery", precision=Precision.MINUTE)

    (one,) = found(ledger).contradictions

    assert one.labels == ("E1", "E2")
    assert one.text == (
        "In phase 1 the recovery (2024-02-29 11:30 UTC) lies 22 h 30 min before the declaration "
        "(2024-03-01 10:00:00 UTC)."
    )


def test_end_of_another_day_is_no_finer_than_both_times_are_known() -> None:
    """A mitigation by the minute lies minutes before a reopening; what lies before a mere day lies days before it."""
    ledger = declared("SEV3")
    ledger.events[0] = replace(ledger.events[0], precision=Precision.DAY)
    ledger.milestone(-1440, "recovery", precision=Precision.MINUTE)
    ledger.reopen(600 + 1 / 60, phase=2)
    ledger.milestone(30, "mitigation", phase=2, precision=Precision.MINUTE)

    contradictions = found(ledger).contradictions

    assert [one.text.partition(" lies ")[2] for one in contradictions] == [
        "1 day (day only) before the declaration (2024-03-01 (day only)).",
        "9 h 30 min before the reopening (2024-03-01 20:00:01 UTC).",
    ]


def test_end_of_the_same_day_contradicts_nothing_that_is_known_finer() -> None:
    """Of a resolution on that day nobody knows that it was before the declaration, or before work went on."""
    ledger = declared("SEV3")
    ledger.milestone(-10 * 60, "resolution", precision=Precision.DAY)
    ledger.status(60, "investigating", "mitigating")

    assert found(ledger).contradictions == ()


def test_end_is_far_from_the_beginning_of_its_own_phase_only() -> None:
    """The second phase's mitigation is measured from the reopening; the first phase's stays where it is."""
    ledger = declared("SEV3")
    ledger.milestone(10, "mitigation")
    ledger.reopen(600, phase=2)
    ledger.milestone(30, "mitigation", phase=2)

    (one,) = found(ledger).contradictions

    assert (one.phase, one.labels) == (2, ("E3", "E4"))
    assert "9 h 30 min before the reopening" in one.text


@pytest.mark.parametrize(("minutes", "is_listed"), [(60, False), (90, False), (120, True)])
def test_phase_that_is_resolved_after_the_next_began_contradicts(minutes: int, *, is_listed: bool) -> None:
    """A resolution of the first phase that lies in the second is listed; one in the minute of the reopening is not."""
    ledger = declared("SEV3")
    ledger.reopen(90.5, phase=2)
    ledger.milestone(minutes, "resolution", precision=Precision.MINUTE)

    told = [(one.kind, one.phase, one.labels, one.text) for one in found(ledger).contradictions]

    text = (
        "Phase 1 was resolved at 2024-03-01 12:00 UTC, and yet phase 2 began at 2024-03-01 11:30:30 UTC, before that."
    )
    assert told == ([(ContradictionKind.OVERLAPS, 1, ("E3", "E2"), text)] if is_listed else [])
    assert all(claim.supported for claim in claims(ledger.document()))


def test_trouble_may_begin_long_before_it_is_declared() -> None:
    """Only its end cannot."""
    ledger = declared("SEV3")
    ledger.milestone(-1200, "occurrence")
    ledger.milestone(-1100, "detection")

    assert found(ledger).contradictions == ()


def test_span_is_the_last_instant_minus_the_first() -> None:
    """Span and pauses follow their definitions; entries at one instant have no pause between them."""
    ledger = declared("SEV3")
    ledger.note(0, "the same instant")
    ledger.note(7, "later")
    ledger.note(-3, "back-dated")
    ledger.note(27, "last")

    measured = span(timeline(ledger.events))

    assert measured is not None
    assert (measured.first, measured.last, measured.length) == ("E1", "E5", timedelta(minutes=30))
    assert [(pause.after, pause.before, pause.length) for pause in measured.pauses] == [
        ("E1", "E2", timedelta(minutes=3)),
        ("E3", "E4", timedelta(minutes=7)),
        ("E4", "E5", timedelta(minutes=20)),
    ]
    assert measured.longest == measured.pauses[2]


def test_span_of_nothing_is_none() -> None:
    """An empty timeline has no span; one entry has a span of zero without pauses."""
    ledger = declared("SEV3")

    one = span(timeline(ledger.events))

    assert span(()) is None
    assert one is not None
    assert (one.length, one.pauses, one.longest) == (timedelta(0), (), None)


@given(st.lists(st.integers(-5000, 5000), min_size=1, max_size=30))
def test_pauses_add_up_to_the_span(minutes: list[int]) -> None:
    """Whatever the record, its pauses are positive and sum to its span."""
    ledger = Ledger()
    for minute in minutes:
        ledger.note(minute, "something")

    measured = span(timeline(ledger.events))

    assert measured is not None
    assert sum((pause.length for pause in measured.pauses), timedelta(0)) == measured.length
    assert all(pause.length > timedelta(0) for pause in measured.pauses)


def test_findings_ignore_milestones_that_are_not_on_the_timeline() -> None:
    """A phase whose milestone event is not among the entries is no reason to fail."""
    ledger = declared("SEV3")
    ledger.milestone(5, "detection")
    entries = [entry for entry in timeline(ledger.events) if entry.event.kind is not EventKind.MILESTONE_SET]

    assert find(entries, phases(ledger.events)).contradictions == ()


def test_alerts_that_fire_at_the_resolution_contradict_it() -> None:
    """Who reads the record later has to know that the alarm was still on; a group that was quiet is fine."""
    ledger = declared("SEV3")
    for group, firing in (("G-1", 0), ("G-2", 3)):
        counted = {"group": group, "phase": 1, "alerts": 20, "series": 18, "firing": firing}
        ledger.add(EventKind.ALERT_GROUP_COUNTED, 20, f"Alerts {group}", counted)

    told = [(one.kind, one.labels, one.text) for one in found(ledger).contradictions]

    text = (
        "The incident was called resolved at 2024-03-01 10:20:00 UTC, and yet 3 of 18 series of its alerts still fired "
        "then."
    )
    assert told == [(ContradictionKind.FIRED_ON, ("E3",), text)]
