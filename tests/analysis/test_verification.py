"""Verification names the first thing wrong with a record, and where."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analysis.chain import CONTENT_FIELDS, GENESIS, Link, commit, link_hash
from analysis.verification import Anchor, Fault, Finding, StoredChain, StoredLink, verify, verify_chain

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
LENGTH = 6
Tampering = Callable[[StoredChain], StoredChain]


def salt(seq: int) -> bytes:
    """The salt of an entry's fields."""
    return bytes([seq]) * 16


def content(seq: int, name: str) -> bytes:
    """What an entry holds in one field."""
    return f"{name} {seq}".encode()


def link(seq: int, **over: Any) -> Link:
    """One entry's plain columns and commitments."""
    values = {
        "incident_id": "incident-1",
        "seq": seq,
        "event_id": f"event-{seq}",
        "kind": "note",
        "occurred_at": START + timedelta(minutes=seq),
        "precision": "second",
        "recorded_at": START + timedelta(minutes=seq),
        "source": "slack",
        "natural_key": f"note:{seq}",
        "refers_to": None,
        "commitments": {name: commit(salt(seq), name, content(seq, name)) for name in CONTENT_FIELDS},
    }
    return Link(**{**values, **over})


def linked(links: Sequence[Link], **over: Any) -> StoredChain:
    """A chain that is whole, over *links*."""
    previous, stored = GENESIS, []
    for each in links:
        previous = link_hash(each, previous)
        contents = {name: (salt(each.seq), content(each.seq, name)) for name in CONTENT_FIELDS}
        stored.append(StoredLink(link=each, stored_hash=previous, contents=contents))
    values = {"incident_id": "incident-1", "name": "#12", "claimed_seq": len(stored), "claimed_hash": previous}
    return StoredChain(**{**values, "links": stored, **over})


def chain(length: int = LENGTH) -> StoredChain:
    """A chain of so many entries."""
    return linked([link(seq) for seq in range(1, length + 1)])


def anchor(of: StoredChain, seq: int) -> Anchor:
    """The head that was written down when the chain was so long."""
    return Anchor(incident_id=of.incident_id, seq=seq, hash=of.links[seq - 1].stored_hash, name=of.name)


def changed(of: StoredChain, seq: int, **over: Any) -> StoredChain:
    """The chain with one stored row replaced, everything else left as it was."""
    rows = list(of.links)
    rows[seq - 1] = replace(rows[seq - 1], **over)
    return replace(of, links=rows)


def with_content(of: StoredChain, seq: int, name: str, value: tuple[bytes, bytes] | None) -> StoredChain:
    """The chain with one field's salt and content replaced."""
    return changed(of, seq, contents={**of.links[seq - 1].contents, name: value})


def cut(of: StoredChain, length: int, *, with_head: bool) -> StoredChain:
    """The chain without its last entries; *with_head* where the head was moved back as well."""
    rows = of.links[:length]
    head = {"claimed_seq": length, "claimed_hash": rows[-1].stored_hash} if with_head else {}
    return replace(of, links=rows, **head)


def without(of: StoredChain, seq: int) -> StoredChain:
    """The chain with one row deleted."""
    return replace(of, links=[row for row in of.links if row.link.seq != seq])


def swapped(of: StoredChain, one: int, other: int) -> StoredChain:
    """The chain with two rows in each other's place: everything but the `seq` changes places."""
    rows = list(of.links)
    first, second = rows[one - 1], rows[other - 1]
    rows[one - 1] = replace(second, link=replace(second.link, seq=one))
    rows[other - 1] = replace(first, link=replace(first.link, seq=other))
    return replace(of, links=rows)


def rewritten(seq: int) -> StoredChain:
    """A chain that somebody made anew from *seq* on, whole in itself, with its head."""
    return linked([link(each, **({"kind": "external"} if each == seq else {})) for each in range(1, LENGTH + 1)])


def verdict(found: Finding | None) -> tuple[int, Fault] | None:
    """Where, and what."""
    return (found.seq, found.fault) if found else None


# ---------------------------------------------------------------- whole


@pytest.mark.parametrize("length", [0, 1, LENGTH])
def test_whole_chain_has_no_fault(length: int) -> None:
    """A record that nobody touched verifies, an empty one too."""
    whole = chain(length)

    assert verify_chain(whole, [anchor(whole, seq) for seq in range(1, length + 1)]) is None


def test_chain_verifies_without_the_key() -> None:
    """Contents that could not be opened are left out, and the chain over them still counts."""
    closed = replace(chain(), links=[replace(row, contents={}) for row in chain().links])

    assert verify_chain(closed, []) is None


def test_chain_that_grew_after_its_anchor_is_whole() -> None:
    """An anchor speaks of what was there when it was written."""
    assert verify_chain(chain(), [anchor(chain(), 2)]) is None


@pytest.mark.parametrize("name", CONTENT_FIELDS)
def test_recorded_erasure_is_no_fault(name: str) -> None:
    """A field whose destruction the chain itself records leaves everything else verified."""
    erased = replace(with_content(chain(), 3, name, None), erasures=frozenset({(3, name)}))

    assert verify_chain(erased, [anchor(chain(), LENGTH)]) is None


# ---------------------------------------------------------------- tampered

CASES: dict[str, tuple[Tampering, int, Fault]] = {
    "a column was edited": (lambda of: changed(of, 3, link=link(3, kind="external")), 3, Fault.ALTERED),
    "the first entry was edited": (lambda of: changed(of, 1, link=link(1, source="import")), 1, Fault.ALTERED),
    "a stored hash was edited": (lambda of: changed(of, 4, stored_hash=b"\x00" * 32), 4, Fault.ALTERED),
    "a text was replaced": (lambda of: with_content(of, 3, "text", (salt(3), b"other")), 3, Fault.ALTERED),
    "a salt was replaced": (lambda of: with_content(of, 3, "actor", (salt(9), content(3, "actor"))), 3, Fault.ALTERED),
    "an entry was deleted": (lambda of: without(of, 3), 3, Fault.REMOVED),
    "the first entry was deleted": (lambda of: without(of, 1), 1, Fault.REMOVED),
    "two neighbours were swapped": (lambda of: swapped(of, 3, 4), 3, Fault.REORDERED),
    "the last entry was deleted": (lambda of: cut(of, LENGTH - 1, with_head=False), LENGTH, Fault.TRUNCATED),
    "the tail was deleted": (lambda of: cut(of, 2, with_head=False), 3, Fault.TRUNCATED),
    "a field was emptied": (lambda of: with_content(of, 3, "payload", None), 3, Fault.UNEXPLAINED_ERASURE),
    "the head was moved back": (lambda of: replace(of, claimed_seq=4), 4, Fault.ALTERED),
    "the head's hash was edited": (lambda of: replace(of, claimed_hash=GENESIS), LENGTH, Fault.ALTERED),
}


@pytest.mark.parametrize(("tamper", "seq", "fault"), CASES.values(), ids=CASES)
def test_tampering_is_named_with_its_place(tamper: Tampering, seq: int, fault: Fault) -> None:
    """Each way to change a record without making its chain anew is found by the chain alone."""
    found = verify_chain(tamper(chain()), [])

    assert verdict(found) == (seq, fault)


def test_only_the_first_fault_of_a_chain_is_named() -> None:
    """What comes after a broken link proves nothing, so one place is said: the first."""
    twice = changed(changed(chain(), 5, link=link(5, kind="x")), 2, link=link(2, kind="x"))

    assert verdict(verify_chain(twice, [])) == (2, Fault.ALTERED)


def test_erasure_explains_its_own_field_only() -> None:
    """A recorded erasure of one field does not excuse another."""
    emptied = replace(with_content(chain(), 3, "text", None), erasures=frozenset({(3, "actor"), (4, "text")}))

    assert verdict(verify_chain(emptied, [])) == (3, Fault.UNEXPLAINED_ERASURE)


def test_cut_tail_with_a_matching_head_is_found_by_the_anchor_alone() -> None:
    """Who cuts the tail and moves the head leaves a chain that is whole, and shorter than its anchor."""
    shorter = cut(chain(), 4, with_head=True)

    found = [verdict(verify_chain(shorter, anchors)) for anchors in ([], [anchor(chain(), 4)], [anchor(chain(), 6)])]

    assert found == [None, None, (5, Fault.TRUNCATED)]


def test_rewritten_chain_is_found_by_the_anchor_alone() -> None:
    """Who makes the chain anew from an entry on is betrayed by the first anchor after it; the one before narrows it."""
    anchors = [anchor(chain(), seq) for seq in (2, 5, 6)]

    found = [verdict(verify_chain(rewritten(4), few)) for few in ([], anchors[:1], anchors, anchors[::-1])]

    assert found == [None, None, (3, Fault.REWRITTEN), (3, Fault.REWRITTEN)]


def test_chain_is_checked_against_itself_before_its_anchors() -> None:
    """An edited row is named as such, not as a rewriting by somebody more skilled."""
    edited = changed(chain(), 3, link=link(3, kind="external"))

    assert verdict(verify_chain(edited, [anchor(chain(), 6)])) == (3, Fault.ALTERED)


def test_entry_moved_to_the_end_is_found_where_it_is_missing() -> None:
    """The first entry that stands in another's place is named, with where it was moved to."""
    rows = list(chain().links)
    rows.append(rows.pop(2))
    moved = replace(
        chain(), links=[replace(row, link=replace(row.link, seq=place)) for place, row in enumerate(rows, start=1)]
    )

    found = verify_chain(moved, [])

    assert found is not None
    assert (found.seq, found.sentence) == (3, "#12: entry 3 was moved to place 6")


# ---------------------------------------------------------------- several incidents


def test_each_tampered_incident_is_named_once() -> None:
    """One broken record does not hide another, and a whole one is not mentioned."""
    other = replace(without(chain(), 2), incident_id="incident-2", name="#13")
    edited = changed(chain(), 3, link=link(3, kind="external"))

    found = verify([edited, replace(chain(), incident_id="incident-3", name="#14"), other], [])

    assert [(one.incident, one.seq, one.fault) for one in found] == [
        ("#12", 3, Fault.ALTERED),
        ("#13", 2, Fault.REMOVED),
    ]


def test_anchored_incident_that_is_gone_is_named() -> None:
    """Deleting a whole incident leaves its anchor."""
    found = verify([], [anchor(chain(), 6), Anchor(incident_id="incident-9", seq=1, hash=GENESIS)])

    assert [(one.incident, one.fault) for one in found] == [
        ("#12", Fault.MISSING_INCIDENT),
        ("incident-9", Fault.MISSING_INCIDENT),
    ]


def test_anchor_speaks_of_its_own_incident() -> None:
    """Two incidents with the same numbers of entries do not lend each other anchors."""
    other = replace(chain(), incident_id="incident-2")

    assert verify([other], [anchor(other, 6)]) == ()
    assert [one.fault for one in verify([other], [anchor(chain(), 6)])] == [Fault.MISSING_INCIDENT]
