"""Corrections: the newest word counts, the old one stays on record, and no label moves."""

from datetime import datetime, timedelta

import pytest

from analysis.approval import authors_of
from analysis.chain import stamp
from analysis.corrections import CORRECTABLE, WITHDRAWABLE, check_correctable, check_withdrawable
from analysis.errors import Refused
from analysis.events import TIMELINE_KINDS, EventKind, Tag, TimelineEvent
from analysis.findings import find
from analysis.milestones import Milestone, phases
from analysis.precision import Precision
from analysis.timeline import Entry, taken_off, timeline
from analysis.wording import instant
from tests.ledgers import START, Ledger


def corrected(
    ledger: Ledger,
    event: TimelineEvent,
    said: float,
    text: str = "",
    at: float | None = None,
    **over: object,
) -> TimelineEvent:
    """Say, *said* minutes after the start, what is right of *event*."""
    changes = [part for part, given in (("text", text), ("time", at is not None)) if given]
    payload: dict[str, object] = {"changes": changes}
    if at is not None:
        payload |= {"at": stamp(START + timedelta(minutes=at)), "precision": "minute"}
    return ledger.add(EventKind.CORRECTED, said, text, payload, refers_to=event.id, **over)


def withdrawn(ledger: Ledger, event: TimelineEvent, said: float, *, is_back: bool = False) -> TimelineEvent:
    """Take *event* off the timeline, or put it back."""
    kind = EventKind.RESTORED if is_back else EventKind.WITHDRAWN
    return ledger.add(kind, said, "written into the wrong incident", refers_to=event.id)


def unpromoted(ledger: Ledger, event: TimelineEvent, said: float, tag: str = "", **over: object) -> TimelineEvent:
    """Take a tag of *event* back, or all."""
    return ledger.add(EventKind.FACT_UNPROMOTED, said, "", {"as": tag}, refers_to=event.id, **over)


def set_at(ledger: Ledger, milestone: str, at: float, *, said: float, **payload: object) -> TimelineEvent:
    """Let a person set a milestone, *said* minutes after the start."""
    values = {"milestone": milestone, "phase": 1, "said_at": stamp(START + timedelta(minutes=said)), "replaces": True}
    return ledger.add(EventKind.MILESTONE_SET, at, milestone, {**values, **payload})


def cleared(ledger: Ledger, milestone: str, *, said: float, phase: int = 1) -> TimelineEvent:
    """Let a person take a milestone back."""
    payload = {"milestone": milestone, "phase": phase, "said_at": stamp(START + timedelta(minutes=said))}
    return ledger.add(EventKind.MILESTONE_CLEARED, said, milestone, payload)


def read(ledger: Ledger) -> list[tuple[str, str]]:
    """The labels and texts of the timeline, in its order."""
    return [(entry.label, entry.text) for entry in timeline(ledger.events)]


def only(ledger: Ledger) -> Entry:
    """The single entry of the timeline."""
    (entry,) = timeline(ledger.events)
    return entry


# ---------------------------------------------------------------- what is right


def test_corrected_entry_reads_as_corrected_and_tells_what_it_was() -> None:
    """The text is the new one; the old one, who corrected it and when, are part of the entry."""
    ledger = Ledger()
    note = ledger.note(5, "rolled bak")
    corrected(ledger, note, 20, "rolled back", actor="slack:UBO")

    entry = only(ledger)

    assert (entry.text, entry.at, entry.event.id) == ("rolled back", START + timedelta(minutes=5), note.id)
    assert [(one.by, one.at, one.before) for one in entry.corrections] == [
        ("slack:UBO", START + timedelta(minutes=20), "rolled bak")
    ]


def test_correction_of_the_time_moves_the_entry_and_not_its_label() -> None:
    """Who is typing E1 still means the note that was E1."""
    ledger = Ledger()
    first = ledger.note(5, "rolled back")
    ledger.note(10, "looks better")
    corrected(ledger, first, 20, at=12)

    assert read(ledger) == [("E2", "looks better"), ("E1", "rolled back")]
    assert timeline(ledger.events)[-1].event.precision is Precision.MINUTE


def test_corrections_of_time_and_text_both_stand() -> None:
    """Who corrects only the time leaves the text as another has corrected it."""
    ledger = Ledger()
    note = ledger.note(5, "rolled bak")
    corrected(ledger, note, 20, "rolled back")
    corrected(ledger, note, 21, at=4)

    entry = only(ledger)

    assert (entry.text, entry.at) == ("rolled back", START + timedelta(minutes=4))
    assert [(one.before, one.before_at) for one in entry.corrections] == [
        ("rolled bak", START + timedelta(minutes=5)),
        ("rolled back", START + timedelta(minutes=5)),
    ]


@pytest.mark.parametrize("is_swapped", [False, True], ids=["in order", "swapped"])
def test_correction_said_last_counts_in_whatever_order_they_arrive(is_swapped: bool) -> None:  # noqa: FBT001
    """The ledger's order decides nothing."""
    ledger = Ledger()
    note = ledger.note(5, "down")
    said = [(20, "up"), (21, "half way")]
    for minutes, text in reversed(said) if is_swapped else said:
        corrected(ledger, note, minutes, text)

    assert only(ledger).text == "half way"


def test_corrections_of_one_second_are_told_apart_by_their_keys() -> None:
    """Where Slack's clock tells nothing, the natural key does, whoever came first."""
    ledger = Ledger()
    note = ledger.note(5, "down")
    corrected(ledger, note, 20, "second", natural_key="slack:b")
    corrected(ledger, note, 20, "first", natural_key="slack:a")

    assert only(ledger).text == "second"


def test_erased_correction_leaves_no_words() -> None:
    """What is shown is the last text, so the entry is erased if that one is, and not if only an earlier one is."""
    ledger = Ledger()
    gone = ledger.note(5, "", erased=frozenset({"text"}))
    corrected(ledger, gone, 20, "a customer called")
    other = ledger.note(6, "Frau Huber called")
    ledger.add(EventKind.CORRECTED, 20, payload={"changes": ["text"]}, refers_to=other.id, erased=frozenset({"text"}))

    first, second = timeline(ledger.events)

    assert (first.text, first.event.erased) == ("a customer called", frozenset())
    assert (second.text, second.event.erased) == ("", frozenset({"text"}))


# ---------------------------------------------------------------- what does not belong there


def test_withdrawn_entry_leaves_the_timeline_and_its_label_stays_free() -> None:
    """The others keep their labels; who withdrew it and why is known."""
    ledger = Ledger()
    for minutes, text in ((1, "one"), (2, "two"), (3, "three")):
        ledger.note(minutes, text)
    withdrawn(ledger, ledger.events[1], 10)

    (off,) = taken_off(ledger.events)

    assert read(ledger) == [("E1", "one"), ("E3", "three")]
    assert (off.label, off.text, off.withdrawal is not None and off.withdrawal.reason) == (
        "E2",
        "two",
        "written into the wrong incident",
    )


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        pytest.param([(10, False), (11, True)], True, id="restored"),
        pytest.param([(11, True), (10, False)], True, id="restored, told first"),
        pytest.param([(10, False), (11, True), (12, False)], False, id="withdrawn again"),
        pytest.param([(12, False), (10, False), (11, True)], False, id="withdrawn again, told first"),
    ],
)
def test_last_word_decides_whether_an_entry_stands(said: list[tuple[float, bool]], stands: bool) -> None:  # noqa: FBT001
    """By the instants at which it was said, in whatever order it was told."""
    ledger = Ledger()
    note = ledger.note(5, "down")
    for minutes, is_back in said:
        withdrawn(ledger, note, minutes, is_back=is_back)

    assert bool(timeline(ledger.events)) is stands


def test_message_whose_marks_are_taken_back_leaves_its_label_free_as_well() -> None:
    """Labels stay, whichever way an entry leaves the timeline."""
    ledger = Ledger()
    ledger.note(5, "one")
    ledger.message(6, "two", ts="1709287560.000100")
    ledger.note(7, "three")
    ledger.mark(8, ts="1709287560.000100", is_on=False)

    assert read(ledger) == [("E1", "one"), ("E3", "three")]


def test_withdrawn_entry_is_not_in_the_document() -> None:
    """Neither its words nor a gap before it are drafted."""
    ledger = Ledger()
    ledger.declare()
    slip = ledger.note(200, "a secret of another team")
    ledger.promote(slip, "cause")
    withdrawn(ledger, slip, 210)

    document = ledger.document()

    assert "secret" not in str(document)
    assert [row.label for row in document.timeline] == ["E1"]


# ---------------------------------------------------------------- promotion taken back


def test_tag_that_is_taken_back_no_longer_stands() -> None:
    """One tag goes, the other stays; whoever gave it is named no longer."""
    ledger = Ledger()
    note = ledger.note(5, "the pool is too small")
    ledger.promote(note, "cause", actor="slack:UBO")
    ledger.promote(note, "fact")
    unpromoted(ledger, note, 501, "cause")

    entry = only(ledger)

    assert (entry.tags, entry.tagged_by) == ({Tag.FACT}, ("slack:UADA",))


def test_cause_that_is_taken_back_is_not_drafted_as_one() -> None:
    """The section asks again; who had tagged it stays an author, and who took it back is one."""
    ledger = Ledger()
    ledger.declare()
    note = ledger.note(5, "the pool is too small")
    ledger.promote(note, "cause", actor="slack:UBO")
    unpromoted(ledger, note, 501, actor="slack:UCY")

    section = ledger.document().section("contributing_factors")

    assert (section.statements, section.ask) == ((), "Cause: not yet established.")
    assert authors_of(ledger.events, "slack:UREQ") == {"slack:UREQ", "slack:UBO", "slack:UCY"}


def test_promotion_after_it_was_taken_back_stands() -> None:
    """The last word counts."""
    ledger = Ledger()
    note = ledger.note(5, "the pool is too small")
    ledger.promote(note, "cause")
    unpromoted(ledger, note, 501)
    ledger.add(EventKind.FACT_PROMOTED, 502, "", {"as": "cause"}, refers_to=note.id)

    assert only(ledger).tags == {Tag.CAUSE}


def test_who_corrects_another_s_words_is_an_author() -> None:
    """Correcting one's own note makes nobody an author, as writing it does not."""
    ledger = Ledger()
    note = ledger.note(5, "rolled bak", actor="slack:UADA")
    corrected(ledger, note, 20, "rolled back", actor="slack:UADA")
    corrected(ledger, note, 21, "rolled back at last", actor="slack:UBO")
    withdrawn(ledger, note, 22)

    assert authors_of(ledger.events[:2], "slack:UREQ") == {"slack:UREQ"}
    assert authors_of(ledger.events[:3], "slack:UREQ") == {"slack:UREQ", "slack:UBO"}
    assert authors_of(ledger.events, "slack:UREQ") == {"slack:UREQ", "slack:UADA", "slack:UBO"}


# ---------------------------------------------------------------- milestones


def test_milestone_set_anew_replaces_the_earlier_one_without_a_contradiction() -> None:
    """One line, at the new instant, that tells the old one; durations follow."""
    ledger = Ledger()
    ledger.declare()
    set_at(ledger, "detection", -40, said=1)
    set_at(ledger, "detection", -10, said=2)
    set_at(ledger, "resolution", 60, said=60)

    entries, (phase,) = timeline(ledger.events), phases(ledger.events)

    detections = [entry for entry in entries if entry.text == "detection"]
    assert [(entry.at, [one.before_at for one in entry.corrections]) for entry in detections] == [
        (START - timedelta(minutes=10), [START - timedelta(minutes=40)])
    ]
    assert find(entries, [phase]).contradictions == ()
    assert phase.durations()["time_to_resolve"] == timedelta(minutes=70)


@pytest.mark.parametrize("is_swapped", [False, True], ids=["in order", "swapped"])
def test_milestone_said_last_counts_in_whatever_order_they_arrive(is_swapped: bool) -> None:  # noqa: FBT001
    """Neither phases nor contradictions depend on the order of arrival."""
    ledger = Ledger()
    ledger.declare()
    for at, said in ((-10, 2), (-40, 1)) if is_swapped else ((-40, 1), (-10, 2)):
        set_at(ledger, "detection", at, said=said)

    (phase,) = phases(ledger.events)

    assert phase.at(Milestone.DETECTION) == START - timedelta(minutes=10)
    assert find(timeline(ledger.events), [phase]).contradictions == ()


def test_milestone_taken_back_is_empty_and_asked_for() -> None:
    """It is off the timeline, has no duration, and is listed as missing; a later setting stands again."""
    ledger = Ledger()
    ledger.declare()
    set_at(ledger, "detection", -10, said=1)
    set_at(ledger, "resolution", 60, said=60)
    cleared(ledger, "detection", said=70)
    (without,) = phases(ledger.events)
    asks = ledger.document().section("detection").ask
    set_at(ledger, "detection", -5, said=80)
    (again,) = phases(ledger.events)

    assert "detection" in without.missing
    assert without.durations()["time_to_resolve"] is None
    assert "detection" in asks
    assert again.durations()["time_to_resolve"] == timedelta(minutes=65)


def test_instants_that_a_record_from_elsewhere_gives_both_stand() -> None:
    """Nobody said that one corrects the other, so they contradict each other."""
    ledger = Ledger()
    ledger.declare()
    for at, said in ((-40, 1), (-10, 2)):
        set_at(ledger, "detection", at, said=said, replaces=False)

    entries = timeline(ledger.events)

    assert [entry.label for entry in entries] == ["E1", "E2", "E3"]
    assert len(find(entries, phases(ledger.events)).contradictions) == 1


# ---------------------------------------------------------------- what the document tells


def test_document_tells_what_was_corrected_by_whom_and_when() -> None:
    """The timeline's line has the history; the section of open questions counts it."""
    ledger = Ledger()
    ledger.declare()
    ledger.role(1, "scribe", "slack:UADA")
    note = ledger.note(5, "rolled bak")
    corrected(ledger, note, 20, "rolled back", at=4)

    document = ledger.document()

    row = document.timeline[-1]
    assert (row.label, row.text) == ("E3", "“rolled back”")
    (before,) = row.history
    assert before == (
        f"Corrected by scribe (Ada) at {instant(START + timedelta(minutes=20))}; before, it stood at "
        f"{instant(START + timedelta(minutes=5))}: “rolled bak”"
    )
    stated = [one.text for one in document.section("open_questions").statements]
    assert "1 entry was corrected after being recorded." in stated


# ---------------------------------------------------------------- what may be corrected


@pytest.mark.parametrize("kind", sorted(TIMELINE_KINDS))
def test_every_kind_is_correctable_or_says_how_it_is_corrected(kind: EventKind) -> None:
    """No line of the timeline is left without a way."""
    event = Ledger().add(kind)

    for check, allowed in (
        (lambda: check_correctable(event, "E7", frozenset()), kind in CORRECTABLE),
        (lambda: check_withdrawable(event, "E7"), kind in WITHDRAWABLE),
    ):
        if allowed:
            check()
        else:
            with pytest.raises(Refused, match=r"^E7 is .*Nothing was recorded\.$"):
                check()


@pytest.mark.parametrize(
    ("kind", "part", "words"),
    [
        (EventKind.UPDATE_SENT, "time", "its time cannot"),
        (EventKind.DEPLOY, "text", "its words cannot"),
        (EventKind.EXTERNAL, "text", "its words cannot"),
    ],
)
def test_what_was_told_keeps_its_time_and_what_was_reported_its_words(kind: EventKind, part: str, words: str) -> None:
    """The refusal says which part can be corrected."""
    with pytest.raises(Refused, match=words):
        check_correctable(Ledger().add(kind), "E7", frozenset({part}))


def test_instants_of_corrections_are_aware() -> None:
    """They come out of the ledger's text as they went in."""
    ledger = Ledger()
    corrected(ledger, ledger.note(5, "down"), 20, at=3)

    at = only(ledger).at

    assert isinstance(at, datetime)
    assert at.utcoffset() == timedelta(0)
