import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InvalidInput
from analysis.incident import Severity
from analysis.incident_record import MAXIMUM_BYTES, EntryKind, IncidentRecord, decode_entities, read_record
from analysis.milestones import Milestone

START = datetime.fromisoformat("2026-03-01T09:00:00")
ENTRY = {"at": "2026-03-01T09:12:00Z", "text": "Card payments fail"}


def content(**over: Any) -> bytes:
    """Return a small record as a file has it, told otherwise by *over*."""
    record = {"id": "pm-1", "title": "Payments", "timeline": [ENTRY]}
    return json.dumps({**record, **over}, ensure_ascii=False).encode(errors="surrogatepass")


def refusal(file: bytes) -> str:
    """Return why a file is no record."""
    with pytest.raises(InvalidInput) as refused:
        read_record(file)
    return refused.value.message


def entry_refusal(**over: Any) -> str:
    """Return why a record is refused whose second entry is told otherwise by *over*."""
    return refusal(content(timezone="Europe/Berlin", timeline=[ENTRY, {**ENTRY, **over}]))


def test_record_is_read_in_order_of_time() -> None:
    """Entries are sorted by instant across zones; those of one instant keep the file's order."""
    entries = [
        {"at": "2026-03-01T15:00", "zone": "Asia/Kolkata", "text": "third"},
        {"at": "2026-03-01T09:30Z", "text": "fourth"},
        {"at": "2026-03-01T09:00", "text": "first"},
        {"at": "2026-03-01T04:05-05:00", "text": "second"},
    ]

    record = read_record(content(timezone="Europe/Berlin", timeline=entries))

    assert [entry.text for entry in record.entries] == ["first", "second", "third", "fourth"]
    assert record.entries[0].at == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert [entry.number for entry in record.entries] == [3, 4, 1, 2]


def test_record_without_more_is_taken_as_it_is() -> None:
    """Without id, zone, severity and key events a record has defaults and no milestone."""
    record = read_record(json.dumps({"title": "Payments", "timeline": [ENTRY]}).encode())

    assert (record.id, record.severity, record.key_events) == ("record", None, ())
    assert [(entry.kind, entry.value) for entry in record.entries] == [(EntryKind.NOTE, "")]


def test_key_events_are_milestones_by_either_name() -> None:
    """`detection` and `detected_at` are the same milestone, one that is null is not set."""
    given_times = {"detected_at": "2026-03-01T09:10Z", "occurrence": "2026-03-01T09:00Z", "resolution": None}

    record = read_record(content(key_events=given_times))

    assert [event.milestone for event in record.key_events] == [Milestone.OCCURRENCE, Milestone.DETECTION]


def test_entry_that_changes_the_status_says_to_which() -> None:
    """The state is one of those that a person can move an incident to."""
    record = read_record(content(timeline=[{**ENTRY, "kind": "status", "to": "mitigating"}]))

    assert (record.entries[0].kind, record.entries[0].value) == (EntryKind.STATUS, "mitigating")


def test_fields_that_mean_nothing_are_counted() -> None:
    """A field of entries that Debrief does not know is told, and so is one that only another kind has."""
    record = read_record(content(timeline=[{**ENTRY, "author": "Ana"}, {**ENTRY, "author": "Bo", "to": "resolved"}]))

    assert dict(record.unused) == {"author": 2, "to": 1}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("S&amp;O", "S&O", id="named"),
        pytest.param("&amp;lt;", "&lt;", id="once"),
        pytest.param("&#8364; &#x20AC;", "€ €", id="numbered"),
        pytest.param("?a=1&copy=2&lt", "?a=1&copy=2&lt", id="no-semicolon"),
        pytest.param("&nosuch; &amp", "&nosuch; &amp", id="unknown"),
    ],
)
def test_entities_are_decoded_once(written: str, read: str) -> None:
    """What a document wrote as an entity is that character, and what that spells is text."""
    assert decode_entities(written) == read


def test_text_keeps_nothing_that_hides() -> None:
    """Controls, zero-width and direction marks, and halves of surrogate pairs do not reach the record."""
    text = "a\u202eb\u200bc\x00d\x1b[31me\ud800"

    record = read_record(json.dumps({"title": "T", "timeline": [{**ENTRY, "text": text}]}).encode())

    assert record.entries[0].text == "abcd[31me\ufffd"


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        pytest.param({"at": "2026-13-01T09:00Z"}, "“2026-13-01T09:00Z” is not a time such as", id="no-month"),
        pytest.param({"at": "yesterday"}, "“yesterday” is not a time such as", id="words"),
        pytest.param(
            {"at": "2026-10-25T02:30"}, "happened twice in Europe/Berlin. Add its offset, +02:00 or", id="twice"
        ),
        pytest.param({"at": "2026-03-29T02:30"}, "did not happen in Europe/Berlin", id="never"),
        pytest.param({"at": "2026-03-01T09:00", "zone": "Mars/Base"}, "Mars/Base is not a known time zone", id="zone"),
        pytest.param({"at": "2026-03-01T09:00", "zone": "CET"}, "CET is ambiguous", id="abbreviation"),
        pytest.param({"at": "2026-03-01T09:00+99:00"}, "“+99:00” is not an offset", id="offset"),
        pytest.param({"at": 1772356320}, "needs text as its `at`", id="number"),
        pytest.param({"at": None}, "has no `at`", id="no-time"),
        pytest.param({"text": " \u200b "}, "has no text", id="empty"),
        pytest.param({"text": None}, "has no `text`", id="no-text"),
        pytest.param({"text": ["a"]}, "needs text as its `text`", id="list"),
        pytest.param({"kind": "party"}, "the kind “party”, which is none of: note, status", id="kind"),
        pytest.param({"kind": "status"}, "has no `to`", id="status-nowhere"),
        pytest.param({"kind": "status", "to": "closed"}, "“closed”, which is none of: investigating", id="status"),
        pytest.param({"kind": "severity", "to": "bad"}, "no usable severity: “bad” is not a severity", id="severity"),
        pytest.param({"kind": "milestone", "milestone": "lunch"}, "is not a milestone", id="milestone"),
    ],
)
def test_bad_entry_is_refused_by_its_number(over: dict[str, Any], sentence: str) -> None:
    """The sentence names the entry and the reason."""
    told = entry_refusal(**over)

    assert told.startswith("Entry 2 ")
    assert sentence in told


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        pytest.param(b"", "not JSON: line 1, column 1", id="empty"),
        pytest.param(b"[]", "not a JSON object", id="list"),
        pytest.param(b"\xff{}", "not UTF-8 text: byte 0", id="bytes"),
        pytest.param(b'{"title": NaN}', "NaN is not a number of JSON", id="nan"),
        pytest.param(b'{"id": "a", "id": "b"}', "“id” stands twice", id="twice"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep"),
        pytest.param(b'{"a": ' + b"9" * 10_000 + b"}", "not JSON", id="digits"),
        pytest.param(b" " * (MAXIMUM_BYTES + 1), "larger than 16 MiB", id="large"),
        pytest.param(b'{"title": "T"}', "no `timeline`", id="no-timeline"),
        pytest.param(b'{"title": "T", "timeline": []}', "`timeline` is empty", id="no-entries"),
        pytest.param(b'{"title": "T", "timeline": [7]}', "Entry 1 is not an object", id="number"),
        pytest.param(content(title="  "), "`title` is empty", id="no-title"),
        pytest.param(content(title=7), "needs text as its `title`", id="title"),
        pytest.param(content(severity="urgent"), "“urgent” is not a severity", id="severity"),
        pytest.param(content(key_events=["a"]), "`key_events` is not an object", id="key-events"),
        pytest.param(content(key_events={"lunch": "2026-03-01T09:00Z"}), "“lunch” is not a milestone", id="key-event"),
        pytest.param(
            content(key_events={"detection": "2026-03-01T09:00Z", "detected": "2026-03-01T09:01Z"}),
            "gives the detection a second time",
            id="key-event-twice",
        ),
        pytest.param(content(key_events={"detection": "soon"}), "“detection” has no usable time", id="key-event-time"),
    ],
)
def test_bad_file_is_refused_with_its_reason(file: bytes, sentence: str) -> None:
    """Whatever the file is, the answer is one sentence."""
    assert sentence in refusal(file)


def read_or_refuse(file: bytes) -> tuple[IncidentRecord | None, str]:
    """Return the record in a file, or why it is refused; any other error is a defect."""
    try:
        return read_record(file), ""
    except InvalidInput as refused:
        return None, refused.message


def is_sound(record: IncidentRecord | None, refused: str) -> bool:
    """Whether a file was refused with one sentence, or read into entries in order of time."""
    if record is None:
        return bool(refused.strip()) and "\n" not in refused
    in_order = sorted(record.entries, key=lambda entry: (entry.at, entry.number))
    return bool(record.entries) and list(record.entries) == in_order


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
#: Hypothesis wants bounds without a zone.
YEARS = (START.replace(year=1960), START.replace(year=2110))
CLOCK_CHANGE = (START.replace(month=10, day=24), START.replace(month=10, day=26))
TIMES = st.one_of(
    st.datetimes(*YEARS).map(lambda at: at.isoformat()),
    st.datetimes(*CLOCK_CHANGE).map(lambda at: f"{at:%Y-%m-%d %H:%M}"),
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?", fullmatch=True
    ),
    st.text(max_size=20),
)
NEARLY_ENTRIES = st.fixed_dictionaries(
    {"at": TIMES | JSON_VALUES, "text": st.text(max_size=30) | JSON_VALUES},
    optional={
        "zone": st.sampled_from(["UTC", "Europe/Berlin", "+05:30", "CET", ""]) | JSON_VALUES,
        "kind": st.sampled_from([*EntryKind]) | JSON_VALUES,
        "to": st.sampled_from(["resolved", "monitoring", "SEV1", "2"]) | JSON_VALUES,
        "milestone": st.sampled_from([*Milestone, "detected_at"]) | JSON_VALUES,
    },
)
NEARLY_RECORDS = st.fixed_dictionaries(
    {"title": st.text(max_size=20) | JSON_VALUES, "timeline": st.lists(NEARLY_ENTRIES, max_size=4) | JSON_VALUES},
    optional={
        "id": st.text(max_size=9) | JSON_VALUES,
        "timezone": st.sampled_from(["UTC", "America/New_York"]) | JSON_VALUES,
        "severity": st.sampled_from([*Severity]) | JSON_VALUES,
        "key_events": st.dictionaries(st.sampled_from([*Milestone, "x"]), TIMES | JSON_VALUES, max_size=3)
        | JSON_VALUES,
    },
)


@given(st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_read_or_refused(file: bytes) -> None:
    """No bytes bring the reader down."""
    record, refused = read_or_refuse(file)

    assert is_sound(record, refused)


@given(NEARLY_RECORDS)
def test_any_near_record_is_read_or_refused(record: dict[str, Any]) -> None:
    """No value in any field of a record brings the reader down."""
    read, refused = read_or_refuse(json.dumps(record).encode())

    assert is_sound(read, refused)
