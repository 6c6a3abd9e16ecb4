from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.events import EventKind
from analysis.timeline import timeline
from analysis.writing.sampling import sample
from tests.effort import examples
from tests.ledgers import Ledger


def long_ledger(notes: int) -> Ledger:
    """Many notes with a change of severity, a milestone and a tagged note among them."""
    ledger = Ledger()
    ledger.declare()
    for minute in range(1, notes + 1):
        note = ledger.note(minute, f"note {minute}")
        if minute == notes // 2:
            ledger.severity(minute + 0.5, "SEV3", "SEV1")
            ledger.milestone(minute + 0.6, "detection")
            ledger.promote(note, "cause")
    ledger.status(notes + 1, "investigating", "resolved")
    ledger.note(notes + 2, "the last word")
    return ledger


def test_short_record_is_shown_whole() -> None:
    """Nothing is left out, and nothing is said of it."""
    entries = timeline(long_ledger(5).events)

    assert sample(entries, most=50).entries == entries
    assert sample(entries, most=50).note == ""


@settings(max_examples=examples(50), deadline=None)
@given(st.integers(min_value=10, max_value=120), st.integers(min_value=6, max_value=40))
def test_ends_states_and_tags_are_always_shown(notes: int, most: int) -> None:
    """A long record is never cut at its tail."""
    entries = timeline(long_ledger(notes).events)

    made = sample(entries, most=most)

    assert made.entries[0] == entries[0]
    assert made.entries[-1] == entries[-1]
    kinds = {entry.event.kind for entry in made.entries}
    assert kinds >= {EventKind.SEVERITY_CHANGED, EventKind.MILESTONE_SET, EventKind.STATUS_CHANGED}
    assert any(entry.tags for entry in made.entries)
    assert len(made.entries) == min(most, len(entries))
    assert len(made.entries) + made.left_out == len(entries)
    assert bool(made.note) == bool(made.left_out)


def test_note_counts_what_may_be_shown() -> None:
    """The record may have more entries; those that only were said are not given to be sampled."""
    entries = timeline(long_ledger(20).events)
    may_be_shown = [entry for entry in entries if entry.event.kind is not EventKind.SEVERITY_CHANGED]

    note = sample(may_be_shown, most=6).note

    assert f"shown 6 of the {len(may_be_shown)} entries of the record that it may be shown:" in note


def test_the_others_are_taken_evenly() -> None:
    """No half of a long record is shown much more than the other."""
    entries = timeline(long_ledger(400).events)

    made = sample(entries, most=60)

    middle = entries[len(entries) // 2].at
    first = sum(entry.at < middle for entry in made.entries)
    assert abs(first - (len(made.entries) - first)) <= 5
