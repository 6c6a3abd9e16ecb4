"""The timeline: order, and messages put together by Slack's own instants, whatever order the facts came in."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chain import stamp
from analysis.events import TIMELINE_KINDS, EventKind, Tag, TimelineEvent
from analysis.timeline import Entry, has_moved, message_key, placed, taken_off, timeline
from tests.effort import examples
from tests.ledgers import START, Ledger

TS = "1709287200.000500"


def texts(ledger: Ledger) -> list[str]:
    """The texts of the timeline, in its order."""
    return [entry.text for entry in timeline(ledger.events)]


def only(ledger: Ledger) -> Entry:
    """The single entry of the timeline."""
    (entry,) = timeline(ledger.events)
    return entry


def marked(ledger: Ledger, at: str, *, actor: str = "slack:UADA", is_on: bool = True) -> TimelineEvent:
    """Mark (or unmark) the message at Slack's instant."""
    kind = EventKind.MESSAGE_MARKED if is_on else EventKind.MESSAGE_UNMARKED
    return ledger.add(kind, payload={"channel": "C1", "ts": TS, "emoji": "pushpin", "at": at}, actor=actor)


def said(ledger: Ledger, text: str, since: str = TS, **payload: str) -> TimelineEvent:
    """Record one text of the message."""
    return ledger.add(EventKind.MESSAGE, text=text, payload={"channel": "C1", "ts": TS, "version": since, **payload})


# ---------------------------------------------------------------- order


def test_timeline_is_ordered_by_when_it_happened_not_by_when_it_was_recorded() -> None:
    """A note about an earlier time stands where it belongs."""
    ledger = Ledger()
    ledger.note(30, "rolled back")
    ledger.note(5, "deployed, written down later")

    assert texts(ledger) == ["deployed, written down later", "rolled back"]


def test_timeline_orders_equal_times_by_natural_key() -> None:
    """Facts of one instant have one order, which is not that of their arrival; both stay."""
    ledger = Ledger()
    ledger.note(5, "second", natural_key="note:b")
    ledger.note(5, "first", natural_key="note:a")

    assert texts(ledger) == ["first", "second"]


def test_timeline_labels_its_entries_in_order() -> None:
    """E1 is the first line, and the others follow."""
    ledger = Ledger()
    for minutes in (9, 3, 6):
        ledger.note(minutes, f"at {minutes}")

    assert [(entry.label, entry.text) for entry in timeline(ledger.events)] == [
        ("E1", "at 3"),
        ("E2", "at 6"),
        ("E3", "at 9"),
    ]


@pytest.mark.parametrize("kind", EventKind)
def test_timeline_shows_the_kinds_people_read(kind: EventKind) -> None:
    """Bookkeeping is in the record and not on the timeline."""
    ledger = Ledger()
    payload = {"channel": "C1", "ts": TS, "emoji": "pushpin", "at": TS, "version": TS, "as": "fact"}
    payload |= {"milestone": "detection", "phase": "1"}
    ledger.add(kind, payload=payload)

    assert len(timeline(ledger.events)) == (kind in TIMELINE_KINDS - {EventKind.MESSAGE})


# ---------------------------------------------------------------- marks


def test_message_that_nobody_marked_is_not_on_the_timeline() -> None:
    """A text alone is no fact of the timeline."""
    ledger = Ledger()
    said(ledger, "lunch?")

    assert texts(ledger) == []


def test_message_marked_by_several_people_is_one_entry() -> None:
    """Three marks by two people on one message make one line, at the message's own time and by its author."""
    ledger = Ledger()
    said(ledger, "the pool is exhausted")
    for at, actor in (("1709287300.1", "slack:UADA"), ("1709287301.1", "slack:UBO"), ("1709287302.1", "slack:UBO")):
        marked(ledger, at, actor=actor)

    entry = only(ledger)

    assert (entry.text, entry.at, entry.event.natural_key) == (
        "the pool is exhausted",
        START,
        message_key("C1", TS),
    )


@pytest.mark.parametrize(
    ("marks", "stays"),
    [
        pytest.param([("slack:UADA", "10", True), ("slack:UADA", "20", False)], False, id="taken back"),
        pytest.param([("slack:UADA", "20", False), ("slack:UADA", "10", True)], False, id="taken back, told first"),
        pytest.param([("slack:UADA", "9.5", False), ("slack:UADA", "10.0", True)], True, id="marked again"),
        pytest.param([("slack:UADA", "10", True), ("slack:UBO", "20", False)], True, id="another's removal"),
        pytest.param(
            [("slack:UADA", "10", True), ("slack:UBO", "15", True), ("slack:UADA", "20", False)],
            True,
            id="another's mark",
        ),
        pytest.param([("slack:UADA", "10", False)], False, id="only a removal is known"),
    ],
)
def test_message_stays_while_somebody_marks_it(marks: list[tuple[str, str, bool]], stays: bool) -> None:  # noqa: FBT001
    """Each person's last word counts, by Slack's instants as numbers, in whatever order they were told."""
    ledger = Ledger()
    said(ledger, "the pool is exhausted")
    for actor, at, is_on in marks:
        marked(ledger, at, actor=actor, is_on=is_on)

    assert bool(texts(ledger)) is stays


def test_marks_with_two_emoji_are_two_marks() -> None:
    """Taking one of one's own marks back leaves the other."""
    ledger = Ledger()
    said(ledger, "the pool is exhausted")
    for emoji, at, kind in (
        ("pushpin", "10", EventKind.MESSAGE_MARKED),
        ("stopwatch", "11", EventKind.MESSAGE_MARKED),
        ("pushpin", "12", EventKind.MESSAGE_UNMARKED),
    ):
        ledger.add(kind, payload={"channel": "C1", "ts": TS, "emoji": emoji, "at": at})

    assert texts(ledger) == ["the pool is exhausted"]


def test_messages_with_equal_timestamps_in_two_channels_are_two() -> None:
    """A timestamp names a message only together with its channel."""
    ledger = Ledger()
    for channel in ("C1", "C2"):
        where = {"channel": channel, "ts": TS}
        ledger.add(EventKind.MESSAGE, text=channel, payload={**where, "version": TS})
        ledger.add(EventKind.MESSAGE_MARKED, payload={**where, "emoji": "pushpin", "at": "1709287300.1"})

    assert texts(ledger) == ["C1", "C2"]


# ---------------------------------------------------------------- texts


def test_message_shows_its_last_text_and_keeps_the_history_since_the_mark() -> None:
    """What was written before anybody marked it stays out; what was changed afterwards is kept."""
    ledger = Ledger()
    marked(ledger, "1709287250.000000")
    said(ledger, "fixed for good", "1709287260.000000")
    said(ledger, "a typo")
    said(ledger, "corrected", "1709287240.000000")
    said(ledger, "fixed", "1709287255.000000")

    entry = only(ledger)

    assert entry.text == "fixed for good"
    assert [version.text for version in entry.versions] == ["corrected", "fixed", "fixed for good"]
    assert entry.is_revised


def test_message_edited_in_its_own_second_shows_the_edit() -> None:
    """Slack's edit times are whole seconds, so an edit may seem older than its message: the original is first."""
    ledger = Ledger()
    marked(ledger, "1709287250.000000")
    said(ledger, "done", "1709287200.000000")
    said(ledger, "starting")

    entry = only(ledger)

    assert [version.text for version in entry.versions] == ["done"]


def test_message_edited_twice_in_one_second_shows_the_later_edit() -> None:
    """Two edits with one edit time are told apart by the instants of the changes themselves."""
    ledger = Ledger()
    marked(ledger, "1709287205.000000")
    said(ledger, "starting")
    said(ledger, "done", "1709287300.000000", change="1709287300.000900")
    said(ledger, "half way", "1709287300.000000")
    said(ledger, "almost", "1709287300.000000", change="1709287300.000200")
    said(ledger, "almost", "1709287300.000000")

    entry = only(ledger)

    assert [version.text for version in entry.versions] == ["starting", "half way", "almost", "done"]


def test_message_without_any_text_yet_is_not_shown() -> None:
    """A mark whose text has not been fetched makes no empty line."""
    ledger = Ledger()
    marked(ledger, "1709287250.000000")

    assert texts(ledger) == []


def test_deleted_message_stays_as_a_tombstone() -> None:
    """Deleting in Slack marks the entry and takes nothing from the record."""
    ledger = Ledger()
    said(ledger, "password is hunter2")
    marked(ledger, "1709287250.000000")
    ledger.delete(9, ts=TS)

    entry = only(ledger)

    assert (entry.is_deleted, entry.text) == (True, "password is hunter2")


def test_erased_last_text_makes_the_entry_erased() -> None:
    """Whether the words shown were erased is said of those words, not of an earlier version."""
    ledger = Ledger()
    said(ledger, "first")
    marked(ledger, "1709287250.000000")
    ledger.add(
        EventKind.MESSAGE,
        payload={"channel": "C1", "ts": TS, "version": "1709287260.000000"},
        erased=frozenset({"text"}),
    )

    assert only(ledger).event.erased == {"text"}


# ---------------------------------------------------------------- promotion


def test_entry_carries_its_tags_and_who_vouches() -> None:
    """Two people may vouch for one line, each under a tag of their own."""
    ledger = Ledger()
    note = ledger.note(5, "deployed 4.2.0")
    ledger.promote(note, "trigger", actor="slack:UBO")
    ledger.promote(note, "fact", actor="slack:UADA")

    entry = only(ledger)

    assert (entry.tags, entry.tagged_by) == ({Tag.TRIGGER, Tag.FACT}, ("slack:UADA", "slack:UBO"))


def test_promoted_message_keeps_its_tag_when_it_is_edited() -> None:
    """A tag stands on the message, not on one of its texts."""
    ledger = Ledger()
    said(ledger, "the pool is too small")
    marked(ledger, "1709287250.000000")
    ledger.add(EventKind.FACT_PROMOTED, payload={"as": "cause", "message": message_key("C1", TS)})
    said(ledger, "the pool was too small", "1709287300.000000")

    assert only(ledger).tags == {Tag.CAUSE}


# ---------------------------------------------------------------- any order, any repetition

SECONDS = st.integers(0, 9)
PEOPLE = st.sampled_from(["slack:UADA", "slack:UBO", "slack:UCY"])
MESSAGES = st.sampled_from(["1709287200.000500", "1709287202.000000"])
STAMPS = st.builds("{}.{:06}".format, st.integers(1709287200, 1709287208), st.sampled_from([0, 5, 400_000]))


def _fact(kind: EventKind, key: str, **over: Any) -> Callable[[Ledger], TimelineEvent]:
    return lambda ledger: ledger.add(kind, natural_key=key, id=_id(key), **over)


def _id(key: str) -> UUID:
    """One fact, told twice, is one event."""
    return uuid5(NAMESPACE_OID, key)


def _note(second: int, word: str) -> Callable[[Ledger], TimelineEvent]:
    return _fact(EventKind.NOTE, f"note:{second}:{word}", minutes=second / 60, text=word)


def _text(ts: str, since: str, change: str, word: str) -> Callable[[Ledger], TimelineEvent]:
    payload = {"channel": "C1", "ts": ts, "version": since, "change": change}
    return _fact(EventKind.MESSAGE, f"text:{ts}:{since}:{change}:{word}", text=word, payload=payload)


def _mark(ts: str, at: str, who: str, is_on: bool) -> Callable[[Ledger], TimelineEvent]:  # noqa: FBT001
    kind = EventKind.MESSAGE_MARKED if is_on else EventKind.MESSAGE_UNMARKED
    payload = {"channel": "C1", "ts": ts, "emoji": "pushpin", "at": at}
    return _fact(kind, f"mark:{ts}:{at}:{who}:{is_on}", payload=payload, actor=who)


def _deletion(ts: str) -> Callable[[Ledger], TimelineEvent]:
    return _fact(EventKind.MESSAGE_DELETED, f"deleted:{ts}", payload={"channel": "C1", "ts": ts})


def _promotion(ts: str, tag: str, who: str) -> Callable[[Ledger], TimelineEvent]:
    payload = {"as": tag, "message": message_key("C1", ts)}
    return _fact(EventKind.FACT_PROMOTED, f"promoted:{ts}:{tag}:{who}", payload=payload, actor=who)


def _about_note(
    kind: EventKind, note: tuple[int, str], said: int, who: str, **over: Any
) -> Callable[[Ledger], TimelineEvent]:
    key = f"{kind}:{note}:{said}:{who}:{sorted(over.items())}"
    refers_to = _id(f"note:{note[0]}:{note[1]}")
    return _fact(kind, key, minutes=100 + said / 60, actor=who, refers_to=refers_to, **over)


def _correction(note: tuple[int, str], said: int, who: str, text: str, second: int | None) -> Callable[..., Any]:
    changes = [part for part, given in (("text", bool(text)), ("time", second is not None)) if given]
    at = stamp(START + timedelta(seconds=second or 0))
    payload = {"changes": changes, "at": at, "precision": "minute"}
    return _about_note(EventKind.CORRECTED, note, said, who, text=text, payload=payload)


def _withdrawal(note: tuple[int, str], said: int, who: str, is_back: bool) -> Callable[..., Any]:  # noqa: FBT001
    kind = EventKind.RESTORED if is_back else EventKind.WITHDRAWN
    return _about_note(kind, note, said, who, text="slip")


def _tagging(note: tuple[int, str], said: int, who: str, tag: str, is_on: bool) -> Callable[..., Any]:  # noqa: FBT001
    kind = EventKind.FACT_PROMOTED if is_on and tag else EventKind.FACT_UNPROMOTED
    return _about_note(kind, note, said, who, payload={"as": tag})


WORDS = st.sampled_from(["up", "down", "done"])
#: Few of them, so that what is said of a note meets one, and others that say something of it.
NOTES = st.tuples(st.integers(0, 2), st.sampled_from(["up", "down"]))
SAYINGS = st.integers(0, 3)
FACTS = st.one_of(
    st.builds(_note, SECONDS, WORDS),
    st.builds(_text, MESSAGES, MESSAGES | STAMPS, st.just("") | STAMPS, WORDS),
    st.builds(_mark, MESSAGES, STAMPS, PEOPLE, st.booleans()),
    st.builds(_deletion, MESSAGES),
    st.builds(_promotion, MESSAGES, st.sampled_from(["fact", "cause"]), PEOPLE),
    st.builds(lambda note: _note(*note), NOTES),
    st.builds(_correction, NOTES, SAYINGS, PEOPLE, st.just("") | WORDS, st.none() | SECONDS),
    st.builds(_withdrawal, NOTES, SAYINGS, PEOPLE, st.booleans()),
    st.builds(_tagging, NOTES, SAYINGS, PEOPLE, st.sampled_from(["", "fact", "cause"]), st.booleans()),
)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[TimelineEvent], list[TimelineEvent]]:
    """Facts in one order, and the same facts in another with some of them again."""
    ledger = Ledger()
    # Few notes that are drawn alone are withdrawn, so some are that had been made.
    off = [(_note(*note), _withdrawal(note, 0, "slack:UADA", False)) for note in draw(st.lists(NOTES, max_size=2))]  # noqa: FBT003
    made = [make(ledger) for make in (*draw(st.lists(FACTS, max_size=12)), *itertools.chain(*off))]
    facts = list({event.natural_key: event for event in made}.values())
    again = draw(st.lists(st.sampled_from(facts), max_size=4)) if facts else []
    return facts, draw(st.permutations([*facts, *again]))


@given(arrivals())
@settings(deadline=None, max_examples=examples(300))
def test_timeline_is_the_same_in_any_order_and_with_any_repetition(
    arrived: tuple[list[TimelineEvent], list[TimelineEvent]],
) -> None:
    """Whatever order the ledger's facts are read in, and however often, every entry is equal in every field."""
    facts, shuffled = arrived

    assert timeline(shuffled) == timeline(facts)
    assert taken_off(shuffled) == taken_off(facts)


@given(arrivals())
@settings(deadline=None, max_examples=examples(100))
def test_timeline_has_every_plain_fact_exactly_once(
    arrived: tuple[list[TimelineEvent], list[TimelineEvent]],
) -> None:
    """No note is lost or doubled, whether it stands or is off, no label means two, and times never go back."""
    facts, shuffled = arrived

    entries = timeline(shuffled)
    off = taken_off(shuffled)

    notes = sorted(event.natural_key for event in facts if event.kind is EventKind.NOTE)
    shown = [one.event.natural_key for one in (*entries, *off) if one.event.kind is EventKind.NOTE]
    assert sorted(shown) == notes
    assert len({one.label for one in (*entries, *off)}) == len(entries) + len(off)
    assert all(earlier.at <= later.at for earlier, later in pairwise(entries))


def test_timeline_keeps_events_of_one_second_apart() -> None:
    """Two messages written in the same second are two entries, in the order of their fractions."""
    ledger = Ledger()
    for ts in ("1709287200.000900", "1709287200.000200"):
        whole, _, fraction = ts.partition(".")
        where = {"channel": "C1", "ts": ts}
        at = START + timedelta(microseconds=int(fraction))
        ledger.add(EventKind.MESSAGE, text=fraction, payload={**where, "version": ts}, occurred_at=at)
        ledger.add(EventKind.MESSAGE_MARKED, payload={**where, "emoji": "pushpin", "at": f"{whole}.999999"})

    assert texts(ledger) == ["000200", "000900"]


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["note", "text", "mark"])), max_size=9, unique=True))
def test_label_has_moved_exactly_where_somebody_could_have_read_another(said: list[tuple[int, str]]) -> None:
    """At every length of the record so far, a label that has not moved meant the same entry or none, and it alone."""
    facts = [_placing(minute, what) for minute, what in said]
    read = [placed(facts[:length]) for length in range(len(facts) + 1)]

    for place, key in enumerate(read[-1]):
        always = all(earlier[place : place + 1] in {(), (key,)} for earlier in read)
        alone = all(earlier.index(key) == place for earlier in read if key in earlier)
        assert has_moved(facts, key) is not (always and alone)


def _placing(minute: int, what: str) -> tuple[EventKind, datetime, str]:
    """A note, or a text or mark of the one message of this minute."""
    at, message = START + timedelta(minutes=minute), f"message:C1:{minute}.0"
    if what == "note":
        return EventKind.NOTE, at, f"key:{minute}"
    if what == "text":
        return EventKind.MESSAGE, at, f"{message}:{minute}.0"
    return EventKind.MESSAGE_MARKED, at + timedelta(hours=1), f"{message}:message_marked:a:{minute}.5"
