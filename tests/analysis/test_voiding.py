from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.document import cited
from analysis.events import EventKind, NewEvent, TimelineEvent
from analysis.timeline import timeline
from analysis.voiding import subject, voids
from tests.ledgers import Ledger

TS = "1709287560.000100"
#: Spelt as the beginning of the first one would be.
OTHER_TS = "1709287560.0001"
NEWS = {
    "note": lambda ledger: ledger.note(7, "more"),
    "correction": lambda ledger: ledger.note(7, "rolled back at 10:04", refers_to=ledger.events[1].id),
    "chat": lambda ledger: ledger.message(7, "chat", ts=f"170929{len(ledger.events):04}.000100"),
    "edit": lambda ledger: ledger.version(7, "else", ts=TS, since=f"170928{8000 + len(ledger.events)}.000000"),
    "repeated edit": lambda ledger: ledger.version(7, "looks better", ts=TS, since=TS),
    "edit of the other": lambda ledger: ledger.version(7, "else", ts=OTHER_TS, since="1709288000.000000"),
    "delete": lambda ledger: ledger.delete(7, ts=TS),
    "mark": lambda ledger: ledger.mark(7, ts=TS),
    "unmark": lambda ledger: ledger.mark(7, ts=TS, is_on=False),
    "unmark the other": lambda ledger: ledger.mark(7, ts=OTHER_TS, is_on=False),
    "promotion": lambda ledger: ledger.promote(ledger.events[1], "fact"),
    "promoted message": lambda ledger: ledger.add(
        EventKind.FACT_PROMOTED, 9, "", {"as": "impact", "message": f"message:C1:{TS}", "event": f"message:C1:{TS}"}
    ),
    "cause": lambda ledger: ledger.promote(ledger.events[-1], "cause"),
    "erasure": lambda ledger: ledger.add(
        EventKind.ERASED, 9, "", {"seq": 2, "field": "text"}, refers_to=ledger.events[1].id
    ),
    "corrected": lambda ledger: ledger.add(
        EventKind.CORRECTED,
        501,
        f"words {len(ledger.events) % 2}",
        {"changes": ["text"]},
        refers_to=ledger.events[1].id,
    ),
    "withdrawn": lambda ledger: ledger.add(EventKind.WITHDRAWN, 502, "not here", refers_to=ledger.events[1].id),
    "restored": lambda ledger: ledger.add(EventKind.RESTORED, 504, "", refers_to=ledger.events[1].id),
    "no longer promoted": lambda ledger: ledger.add(
        EventKind.FACT_UNPROMOTED, 503, "", {"as": "", "message": f"message:C1:{TS}"}
    ),
    "milestone": lambda ledger: ledger.milestone(7, "mitigation"),
    "severity": lambda ledger: ledger.severity(8, "SEV3", "SEV2"),
}


def as_new(event: TimelineEvent) -> NewEvent:
    """The event as a use case states it, before the ledger has a place for it."""
    return NewEvent(**{field.name: getattr(event, field.name) for field in fields(NewEvent)})


def after(ledger: Ledger, event: TimelineEvent) -> str | None:
    """What *event*, the last of the ledger, does to an approval given right before it."""
    before = [known for known in ledger.events if known.seq < event.seq]
    approved = Ledger()
    approved.events = before
    cites = cited(approved.document(), timeline(before))
    return voids(as_new(event), cites=cites, ledger=before)


@pytest.fixture
def ledger() -> Ledger:
    """Return an incident with a note and a marked message."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, "rolled back")
    ledger.message(6, "looks better", ts=TS)
    return ledger


def test_new_milestones_severities_and_causes_void(ledger: Ledger) -> None:
    """What changes metrics, severity or cause takes every approval back."""
    note = ledger.events[1]
    news = [
        ledger.milestone(7, "mitigation"),
        ledger.severity(8, "SEV3", "SEV2"),
        ledger.promote(note, "cause"),
    ]

    assert [after(ledger, event) for event in news] == [
        "a milestone was set",
        "the severity changed",
        "a cause was tagged",
    ]


def test_reopening_voids(ledger: Ledger) -> None:
    """What was not over cannot have been approved as such."""
    assert after(ledger, ledger.reopen(100, phase=2)) == "the incident was reopened"


def test_restated_impact_and_audience_void(ledger: Ledger) -> None:
    """The document says who was hit and who may read it."""
    impact = ledger.add(EventKind.IMPACT_SET, 7, "3 % of payments")
    audience = ledger.add(EventKind.VISIBILITY_CHANGED, 8, "", {"from": "public", "to": "private"})

    assert after(ledger, impact) == "the customer impact was stated anew"
    assert after(ledger, audience) == "its audience changed"


def test_chat_and_new_entries_do_not_void(ledger: Ledger) -> None:
    """What is added beside the cited evidence changes none of it."""
    news = [
        ledger.note(7, "coffee"),
        ledger.message(8, "anybody there?", ts="1709287999.000100"),
        ledger.mark(9, ts="1709287999.000100", actor="slack:UBO"),
        ledger.status(10, "declared", "investigating"),
        ledger.role(11, "scribe", "slack:UBO"),
        ledger.add(EventKind.UPDATE_SENT, 12, "We are done."),
    ]

    assert [after(ledger, event) for event in news] == [None] * len(news)


def test_another_incident_commander_voids(ledger: Ledger) -> None:
    """The document says who commanded."""
    assert after(ledger, ledger.role(7, "incident_commander", "slack:UBO")) == "the incident commander changed"


def test_new_text_of_a_cited_message_voids(ledger: Ledger) -> None:
    """The document quotes the text that was."""
    edit = ledger.version(7, "looks worse", ts=TS, since="1709287700.000000")

    assert after(ledger, edit) == "a message that it cites was revised"


def test_deleting_a_cited_message_voids(ledger: Ledger) -> None:
    """The document may no longer quote it."""
    assert after(ledger, ledger.delete(7, ts=TS)) == "a message that it cites was deleted"


def test_unmarking_a_cited_message_voids(ledger: Ledger) -> None:
    """It left the timeline."""
    assert after(ledger, ledger.mark(7, ts=TS, is_on=False)) == "a message that it cites is no longer marked"


def test_one_of_two_marks_does_not_void(ledger: Ledger) -> None:
    """While somebody still marks the message, nothing changed."""
    ledger.mark(7, ts=TS, actor="slack:UBO")

    assert after(ledger, ledger.mark(8, ts=TS, is_on=False)) is None


def test_messages_that_are_not_cited_void_nothing(ledger: Ledger) -> None:
    """Un-reactions, edits and deletions of what came after the revision are no concern of it."""
    cites = cited(ledger.document(), timeline(ledger.events))
    ledger.message(7, "later", ts="1709288000.000100")
    before = list(ledger.events)
    news = [
        ledger.mark(8, ts="1709288000.000100", is_on=False),
        ledger.version(9, "later still", ts="1709288000.000100", since="1709288100.000000"),
        ledger.delete(10, ts="1709288000.000100"),
    ]

    assert [voids(as_new(event), cites=cites, ledger=before) for event in news] == [None, None, None]


def test_corrections_of_cited_events_void(ledger: Ledger) -> None:
    """A new event that points at a cited one corrects it; one that points elsewhere does not matter."""
    note = ledger.events[1]
    correction = ledger.note(7, "rolled back at 10:04", refers_to=note.id)
    elsewhere = ledger.note(8, "unrelated", refers_to=ledger.incident().id)

    assert after(ledger, correction) == "an event that it cites was corrected"
    assert after(ledger, elsewhere) is None


def test_promotion_of_a_cited_event_voids(ledger: Ledger) -> None:
    """Promoting changes how the document states it, be it a note or a message."""
    note, message = ledger.events[1], ledger.events[2]
    as_fact = ledger.promote(note, "fact")
    by_key = ledger.add(EventKind.FACT_PROMOTED, 9, "", {"as": "impact", "message": f"message:C1:{TS}"})

    assert after(ledger, as_fact) == "an event that it cites was promoted to fact"
    assert after(ledger, by_key) == "an event that it cites was promoted to impact"
    assert message.kind is EventKind.MESSAGE


def test_promotion_of_a_later_event_voids_only_as_a_cause(ledger: Ledger) -> None:
    """A new entry may be vouched for; a cause changes the document whatever it rests on."""
    cites = cited(ledger.document(), timeline(ledger.events))
    later = ledger.note(7, "later")
    before = list(ledger.events)
    fact, cause = ledger.promote(later, "fact"), ledger.promote(later, "cause")

    assert voids(as_new(fact), cites=cites, ledger=before) is None
    assert voids(as_new(cause), cites=cites, ledger=before) == "a cause was tagged"


def test_erasing_a_cited_event_voids(ledger: Ledger) -> None:
    """What was erased on request must not be published from an older approval."""
    erased = ledger.add(EventKind.ERASED, 9, "", {"seq": 2, "field": "text"})
    nothing = ledger.add(EventKind.ERASED, 9, "", {"seq": 999, "field": "text"})

    assert after(ledger, erased) == "an event that it cites was erased"
    assert after(ledger, nothing) is None


def test_repeated_facts_void_nothing(ledger: Ledger) -> None:
    """A redelivery of what the ledger has already changes nothing."""
    edit = ledger.version(7, "looks worse", ts=TS, since="1709287700.000000")
    cites = cited(ledger.document(), timeline(ledger.events))

    assert voids(as_new(edit), cites=cites, ledger=ledger.events) is None


@given(st.lists(st.sampled_from(["note", "chat", "edit", "delete", "mark", "unmark", "role"]), max_size=8))
def test_approval_stands_exactly_while_the_cited_evidence_reads_the_same(steps: list[str]) -> None:
    """Over any sequence of notes and chat, an approval is voided just when a cited line of the timeline changed."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, "rolled back")
    ledger.message(6, "looks better", ts=TS)
    approved = {entry.event.natural_key: entry for entry in timeline(ledger.events)}
    cites = cited(ledger.document(), timeline(ledger.events))
    voided = changed = False
    for number, step in enumerate(steps):
        before = list(ledger.events)
        event = {
            "note": lambda: ledger.note(7, "more"),
            "chat": lambda n=number: ledger.message(7, "chat", ts=f"170929{n:04}.000100"),
            "edit": lambda n=number: ledger.version(7, f"text {n}", ts=TS, since=f"170928{8000 + n}.000000"),
            "delete": lambda: ledger.delete(7, ts=TS),
            "mark": lambda: ledger.mark(7, ts=TS),
            "unmark": lambda: ledger.mark(7, ts=TS, is_on=False),
            "role": lambda: ledger.role(7, "scribe", "slack:UBO"),
        }[step]()
        new = ledger.events[len(before)]
        voided = voided or voids(as_new(new), cites=cites, ledger=before) is not None
        now = {entry.event.natural_key: entry for entry in timeline([*before, new])}
        changed = changed or any(
            key not in now or (now[key].versions, now[key].is_deleted) != (old.versions, old.is_deleted)
            for key, old in approved.items()
        )
        ledger.events = [*before, new, *ledger.events[len(before) + 1 :]]
        assert event in ledger.events

    assert voided == changed


def test_correction_of_a_cited_event_voids(ledger: Ledger) -> None:
    """What is corrected, withdrawn or no longer vouched for was not signed so."""
    note = ledger.events[1]
    ledger.promote(note, "fact")
    news = [
        ledger.add(EventKind.CORRECTED, 501, "rolled forward", {"changes": ["text"]}, refers_to=note.id),
        ledger.add(EventKind.FACT_UNPROMOTED, 502, "", {"as": ""}, refers_to=note.id),
        ledger.add(EventKind.WITHDRAWN, 503, "wrong incident", refers_to=note.id),
        ledger.add(EventKind.MILESTONE_CLEARED, 504, "", {"milestone": "detection", "phase": 1}),
    ]

    assert [after(ledger, event) for event in news] == [
        "an event that it cites was corrected",
        "an event that it cites is no longer promoted",
        "an event that it cites was withdrawn",
        "a milestone was taken back",
    ]


def test_correction_that_changes_nothing_voids_nothing(ledger: Ledger) -> None:
    """The same words again, a tag that nobody gave and what was on the timeline anyway leave it as it was signed."""
    note = ledger.events[1]
    news = [
        ledger.add(EventKind.CORRECTED, 501, "rolled back", {"changes": ["text"]}, refers_to=note.id),
        ledger.add(EventKind.FACT_UNPROMOTED, 502, "", {"as": "cause"}, refers_to=note.id),
        ledger.add(EventKind.RESTORED, 503, "", refers_to=note.id),
    ]

    assert [after(ledger, event) for event in news] == [None, None, None]


def test_correction_of_what_was_withdrawn_before_voids_nothing(ledger: Ledger) -> None:
    """The document does not rest on it."""
    note = ledger.events[1]
    ledger.add(EventKind.WITHDRAWN, 501, "wrong incident", refers_to=note.id)

    correction = ledger.add(EventKind.CORRECTED, 502, "rolled forward", {"changes": ["text"]}, refers_to=note.id)

    assert after(ledger, correction) is None


def test_cause_and_impact_that_are_restored_void(ledger: Ledger) -> None:
    """A document that was made without them asks for them; a note that comes back is as a new one."""
    cause, impact = ledger.note(7, "the fuse had blown"), ledger.add(EventKind.IMPACT_SET, 8, "3 % of payments")
    coffee = ledger.note(9, "coffee")
    ledger.promote(cause, "cause")
    for entry in (cause, impact, coffee):
        ledger.add(EventKind.WITHDRAWN, 500 + entry.seq, "wrong incident", refers_to=entry.id)

    news = [ledger.add(EventKind.RESTORED, 510, "", refers_to=entry.id) for entry in (cause, impact, coffee)]

    assert [after(ledger, event) for event in news] == [
        "a cause was restored",
        "an entry of which every document tells was restored",
        None,
    ]


def test_cause_that_is_marked_again_voids(ledger: Ledger) -> None:
    """Unmarked before the draft, it comes back with its promotion; another message that does so is as a new one."""
    cause = next(event for event in ledger.events if event.kind is EventKind.MESSAGE)
    ledger.message(6, "looks the same", ts=OTHER_TS)
    ledger.promote(cause, "cause")
    for ts in (TS, OTHER_TS):
        ledger.mark(7, ts=ts, is_on=False)

    other, back = ledger.mark(9, ts=OTHER_TS), ledger.mark(10, ts=TS)

    assert [after(ledger, event) for event in (other, back)] == [None, "a cause was restored"]


def test_promotion_of_a_cited_message_that_is_taken_back_voids(ledger: Ledger) -> None:
    """A message is vouched for as a whole, whichever of its texts the event names."""
    key = f"message:C1:{TS}"
    ledger.add(EventKind.FACT_PROMOTED, 500, "", {"as": "cause", "message": key})

    event = ledger.add(EventKind.FACT_UNPROMOTED, 501, "", {"as": "cause", "message": key})

    assert after(ledger, event) == "an event that it cites is no longer promoted"


def named_by(event: NewEvent, ledger: list[TimelineEvent]) -> list[TimelineEvent]:
    """What of the ledger the event's subject names, as a store looks it up."""
    about = subject(event)
    if about is None:
        return ledger
    named = [
        known
        for known in ledger
        if known.id in about.ids
        or any(known.natural_key == key or known.natural_key.startswith(f"{key}:") for key in about.keys)
    ]
    if about.puts_back and any(known.kind is EventKind.MESSAGE_UNMARKED for known in named):
        ids = {known.id for known in named}
        return [known for known in ledger if known in named or known.refers_to in ids]
    return named


@given(st.lists(st.sampled_from([*NEWS]), min_size=1, max_size=8), st.sets(st.integers(0, 9), max_size=6))
def test_subject_of_an_event_decides_as_the_whole_ledger_does(steps: list[str], cited_places: set[int]) -> None:
    """Whatever a revision cites, what an event is about is enough to tell whether it voids, and why."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(5, "rolled back")
    ledger.message(6, "looks better", ts=TS)
    ledger.message(6, "looks the same", ts=OTHER_TS)
    for step in steps:
        before = list(ledger.events)
        cites = frozenset(event.id for place, event in enumerate(before) if place in cited_places)

        new = as_new(NEWS[step](ledger))

        known = [event for event in before if event.natural_key == new.natural_key]
        narrow = named_by(new, before)
        assert voids(new, cites=cites, ledger=[*known, *narrow]) == voids(new, cites=cites, ledger=before)
        if not narrow:  # what nothing is about may be judged without knowing what is cited
            assert voids(new, cites=frozenset(), ledger=known) == voids(new, cites=cites, ledger=before)
