"""The audit export: what is written is read back, whatever is erased or closed, and nothing else is taken for one."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.audit_export import FORM, read_lines, to_lines
from analysis.chain import CONTENT_FIELDS, GENESIS, Link, canonical_bytes, commit, link_hash
from analysis.errors import InvalidInput
from analysis.verification import StoredChain, StoredLink, verify_chain

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SALT = bytes(range(16))
#: Whatever a field may hold: JSON without numbers that only a computer can tell apart.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def entry(seq: int, previous: bytes, contents: dict[str, bytes], **over: Any) -> StoredLink:
    """Return one entry behind *previous*, with its contents open."""
    values = {
        "incident_id": "018f-incident",
        "seq": seq,
        "event_id": f"event-{seq}",
        "kind": "note",
        "occurred_at": START + timedelta(seconds=seq),
        "precision": "second",
        "recorded_at": START + timedelta(minutes=seq),
        "source": "slack",
        "natural_key": f"note:{seq}",
        "refers_to": None,
        "commitments": {name: commit(SALT, name, content) for name, content in contents.items()},
    }
    link = Link(**{**values, **over})
    opened = {name: (SALT, content) for name, content in contents.items()}
    return StoredLink(link=link, stored_hash=link_hash(link, previous), contents=opened)


def chain(*rows: dict[str, Any], **over: Any) -> StoredChain:
    """Return a whole chain with these contents; a row's other values are columns."""
    links: list[StoredLink] = []
    for seq, row in enumerate(rows, start=1):
        contents = {name: canonical_bytes(row.get(name, "")) for name in CONTENT_FIELDS}
        columns = {name: value for name, value in row.items() if name not in CONTENT_FIELDS}
        links.append(entry(seq, links[-1].stored_hash if links else GENESIS, contents, **columns))
    head = links[-1].stored_hash if links else GENESIS
    values = {"incident_id": "018f-incident", "name": "#12", "claimed_seq": len(links), "claimed_hash": head}
    return StoredChain(**{**values, "links": links, "erasures": frozenset(), **over})


def exported(one: StoredChain) -> bytes:
    """Return the export as a file."""
    return b"".join(to_lines(one))


@given(st.lists(st.fixed_dictionaries({"text": st.text(), "payload": VALUES}), max_size=4))
def test_export_is_read_back_as_it_was(rows: list[dict[str, Any]]) -> None:
    """Any content comes back to the byte, and the chain verifies from the file alone."""
    one = chain(*rows)

    again = read_lines(exported(one))

    assert again == one
    assert exported(again) == exported(one)
    assert verify_chain(again, []) is None


def test_erased_and_closed_fields_stay_what_they_are() -> None:
    """An erased field has neither salt nor content, a closed one only its commitment; neither becomes the other."""
    one = chain({"text": "a name"})
    half = replace(one.links[0], contents={"text": None, "payload": (SALT, canonical_bytes(""))})
    one = replace(one, links=[half])

    (line,) = exported(one).splitlines()[1:]
    fields = json.loads(line)["fields"]

    assert fields["text"] == {**fields["text"], "salt": None, "content": None}
    assert fields["actor"].keys() == {"commitment"}
    assert read_lines(exported(one)) == one


def test_erasures_are_those_that_the_chain_records() -> None:
    """Only an `erased` event erases; a note whose key looks like one does not."""
    erased = {"kind": "erased", "natural_key": "erased:1:text"}
    forged = {"kind": "note", "natural_key": "erased:2:text"}
    other = {"kind": "erased", "natural_key": "erased:1:everything"}

    again = read_lines(exported(chain({}, erased, forged, other)))

    assert again.erasures == {(1, "text")}


@pytest.mark.parametrize("taken_out", [{"salt": None}, {"salt": None, "content": ""}, {}])
def test_content_without_a_salt_is_tampering(taken_out: dict[str, None]) -> None:
    """Whatever was erased: what somebody put in the place of an erased or a closed content was never recorded."""
    one = chain({"text": "first"}, {"kind": "erased", "natural_key": "erased:1:text"})
    head, row, erased = exported(one).splitlines()
    value = json.loads(row)
    commitment = value["fields"]["text"]["commitment"]
    value["fields"]["text"] = {"commitment": commitment, "content": "FORGED words", **taken_out}

    found = verify_chain(read_lines(b"\n".join([head, json.dumps(value).encode(), erased])), [])

    assert found is not None
    assert found.sentence == "#12: the text of entry 1 was altered"


def test_content_that_is_no_json_is_told_as_text_and_does_not_verify() -> None:
    """What somebody put in the place of a content is shown, and named."""
    one = chain({"text": "first"})
    tampered = {**one.links[0].contents, "text": (SALT, b"\xffnot JSON")}
    one = replace(one, links=[replace(one.links[0], contents=tampered)])

    again = read_lines(exported(one))

    found = verify_chain(again, [])
    assert json.loads(exported(one).splitlines()[1])["fields"]["text"]["content"] == "\ufffdnot JSON"
    assert found is not None
    assert found.seq == 1


def changed(line: int, change: Callable[[dict[str, Any]], Any]) -> bytes:
    """Return an export of two entries with one line changed."""
    lines = exported(chain({"text": "first"}, {"text": "second"})).splitlines()
    value = json.loads(lines[line - 1])
    made = change(value)
    lines[line - 1] = json.dumps(value if made is None else made).encode()
    return b"\n".join(lines)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        pytest.param(b"", 1, id="empty"),
        pytest.param(b"\n\n", 1, id="blank"),
        pytest.param(b"no JSON", 1, id="text"),
        pytest.param(b"[1]", 1, id="list"),
        pytest.param(b"[" * 100_000, 1, id="deep"),
        pytest.param(changed(1, lambda head: head.update(form="debrief-ledger/2")), 1, id="form"),
        pytest.param(changed(1, lambda head: head.update(hash="xyz")), 1, id="head-hash"),
        pytest.param(changed(2, lambda row: row.pop("seq") and None), 2, id="no-seq"),
        pytest.param(changed(3, lambda row: row.update(occurred_at="today")), 3, id="time"),
        pytest.param(changed(3, lambda row: row["fields"].pop("text") and None), 3, id="no-field"),
        pytest.param(changed(3, lambda row: row["fields"].update(text={"commitment": 7})), 3, id="commitment"),
        pytest.param(changed(2, lambda _: "a string"), 2, id="string"),
    ],
)
def test_line_that_is_none_of_an_export_is_named(file: bytes, line: int) -> None:
    """The sentence says which line, and nothing else is raised."""
    with pytest.raises(InvalidInput) as refused:
        read_lines(file)

    assert refused.value.message == f"Line {line} is not one of an export of the form {FORM}."
