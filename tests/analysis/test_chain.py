"""The hash chain: one byte form, everything covered, contents hidden and erasable."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.chain import CONTENT_FIELDS, GENESIS, Link, canonical_bytes, commit, link_hash, stamp
from tests.effort import examples

AT = datetime(2026, 3, 1, 9, 0, 0, 120, tzinfo=UTC)
SALT = bytes(range(16))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def link(**over: Any) -> Link:
    """A link, told otherwise by *over*."""
    values = {
        "incident_id": "00000000-0000-0000-0000-000000000001",
        "seq": 3,
        "event_id": "00000000-0000-0000-0000-000000000009",
        "kind": "note",
        "occurred_at": AT,
        "precision": "minute",
        "recorded_at": AT + timedelta(seconds=5),
        "source": "slack",
        "natural_key": "slack:17.1",
        "refers_to": None,
        "commitments": {name: commit(SALT, name, name.encode()) for name in CONTENT_FIELDS},
    }
    return Link(**{**values, **over})


# ---------------------------------------------------------------- bytes


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [1.5, None, True]}, '{"a":[1.5,null,true],"b":1}'),
        ({"ü": "漢 🚒"}, '{"ü":"漢 🚒"}'),
        ("line\nbreak \x00", '"line\\nbreak \\u0000"'),
        ([], "[]"),
    ],
)
def test_canonical_bytes_are_sorted_tight_utf8(value: object, written: str) -> None:
    """Keys in order, no blanks, letters as themselves."""
    assert canonical_bytes(value) == written.encode()


@given(JSON)
@settings(deadline=None, max_examples=examples(150))
def test_canonical_bytes_are_what_json_writes(value: object) -> None:
    """Whoever verifies an export without Debrief makes the same bytes with Python's own `json`."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    assert canonical_bytes(value) == written.encode()


@given(JSON)
@settings(deadline=None, max_examples=examples(150))
def test_canonical_bytes_of_equal_values_are_equal(value: object) -> None:
    """Reading them back and writing them again, with every mapping turned round, gives the same bytes."""

    def turned(part: object) -> object:
        if isinstance(part, dict):
            return {name: turned(each) for name, each in reversed(part.items())}
        return [turned(each) for each in part] if isinstance(part, list) else part

    written = canonical_bytes(value)

    assert canonical_bytes(turned(json.loads(written))) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"at": AT}, {1, 2}])
def test_canonical_bytes_refuse_what_json_cannot_say(value: object) -> None:
    """A value without one byte form is an error, not a surprise at verification."""
    with pytest.raises((ValueError, TypeError)):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "instant",
    [AT, AT.astimezone(timezone(timedelta(hours=5, minutes=45))), AT.astimezone(timezone(timedelta(hours=-3)))],
)
def test_stamp_is_the_same_for_one_instant_in_any_zone(instant: datetime) -> None:
    """UTC with microseconds, whatever clock the instant was written by."""
    assert stamp(instant) == "2026-03-01T09:00:00.000120Z"


def test_stamp_always_has_microseconds() -> None:
    """A whole second is written as wide as any other instant."""
    assert stamp(AT.replace(microsecond=0)) == "2026-03-01T09:00:00.000000Z"


# ---------------------------------------------------------------- commitments


def test_commitment_is_sha256_over_label_field_salt_and_content() -> None:
    """The construction is the one that the module documents, so that others can verify it."""
    expected = hashlib.sha256(b"debrief/field/1\x00text\x00" + SALT + b'"rolled back"').digest()

    assert commit(SALT, "text", b'"rolled back"') == expected


def test_commitment_hides_equal_contents() -> None:
    """The same words under two salts look unrelated, so nobody can tell or guess them without the salt."""
    assert commit(SALT, "text", b'"yes"') != commit(SALT[::-1], "text", b'"yes"')


def test_commitment_binds_the_field() -> None:
    """An actor's commitment cannot be passed off as a text's."""
    assert len({commit(SALT, name, b'"slack:U1"') for name in CONTENT_FIELDS}) == len(CONTENT_FIELDS)


@given(st.binary(max_size=20), st.binary(max_size=20))
@settings(deadline=None, max_examples=examples(100))
def test_commitment_binds_the_content(one: bytes, other: bytes) -> None:
    """Two contents have one commitment only if they are the same."""
    assert (commit(SALT, "text", one) == commit(SALT, "text", other)) == (one == other)


# ---------------------------------------------------------------- links


def test_link_hash_is_what_the_module_documents() -> None:
    """Recomputed here by hand from the documented construction."""
    made = link(refers_to="00000000-0000-0000-0000-000000000004")
    body = [
        made.incident_id,
        3,
        made.event_id,
        "note",
        "2026-03-01T09:00:00.000120Z",
        "minute",
        "2026-03-01T09:00:05.000120Z",
        "slack",
        "slack:17.1",
        made.refers_to,
        {name: made.commitments[name].hex() for name in CONTENT_FIELDS},
    ]
    written = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()

    assert link_hash(made, GENESIS) == hashlib.sha256(b"debrief/event/1\x00" + GENESIS + written).digest()


CHANGED = {
    "incident_id": "00000000-0000-0000-0000-000000000002",
    "seq": 4,
    "event_id": "00000000-0000-0000-0000-00000000000a",
    "kind": "message",
    "occurred_at": AT + timedelta(microseconds=1),
    "precision": "second",
    "recorded_at": AT,
    "source": "webhook",
    "natural_key": "slack:17.2",
    "refers_to": "00000000-0000-0000-0000-000000000004",
    "commitments": {name: commit(SALT, name, b"other") for name in CONTENT_FIELDS},
}


@pytest.mark.parametrize("name", [field.name for field in fields(Link)])
def test_link_hash_covers_every_column(name: str) -> None:
    """Whatever is changed in a row, its hash is another."""
    assert link_hash(replace(link(), **{name: CHANGED[name]}), GENESIS) != link_hash(link(), GENESIS)


@pytest.mark.parametrize("name", CONTENT_FIELDS)
def test_link_hash_covers_every_content(name: str) -> None:
    """Another content in any one field gives another hash."""
    changed = {**link().commitments, name: commit(SALT, name, b"other")}

    assert link_hash(link(commitments=changed), GENESIS) != link_hash(link(), GENESIS)


def test_link_hash_covers_what_came_before() -> None:
    """The same row after another history has another hash."""
    assert link_hash(link(), GENESIS) != link_hash(link(), b"\x01" * 32)


def test_link_hash_is_the_same_without_the_contents() -> None:
    """It is made from commitments alone, so it is still there when salt and content are destroyed."""
    kept = {field.name for field in fields(Link)}

    assert kept.isdisjoint({"actor", "text", "payload", "salt", "salts"})
