"""Proof that a record was not tampered with, or the first place where it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from analysis.chain import CONTENT_FIELDS, GENESIS, Link, commit, link_hash


class Fault(StrEnum):
    """What was found wrong with a record."""

    ALTERED = "altered"  #: a row's columns or content are not what was committed
    REMOVED = "removed"  #: a row between others is gone
    REORDERED = "reordered"  #: a row stands in another one's place
    TRUNCATED = "truncated"  #: the last rows are gone
    REWRITTEN = "rewritten"  #: the chain is whole but differs from an anchor kept outside
    UNEXPLAINED_ERASURE = "unexplained_erasure"  #: content is gone and no erasure was recorded
    MISSING_INCIDENT = "missing_incident"  #: an anchored incident is not in the database


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """A ledger row as found: its columns, its stored hash, and what its sealed fields opened to.

    `contents` holds (salt, opened bytes) for each field; `None` where salt or content is gone; fields that
    could not be opened without the key are left out.
    """

    link: Link
    stored_hash: bytes
    contents: Mapping[str, tuple[bytes, bytes] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChain:
    """One incident's rows in order of `seq`, the head its own row claims, and the erasures it records."""

    incident_id: str
    name: str
    claimed_seq: int
    claimed_hash: bytes
    links: Sequence[StoredLink]
    erasures: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head that was written down outside the database."""

    incident_id: str
    seq: int
    hash: bytes
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing wrong with one incident's record."""

    incident: str
    seq: int
    fault: Fault
    sentence: str


def verify(chains: Iterable[StoredChain], anchors: Sequence[Anchor]) -> tuple[Finding, ...]:
    """The first fault of every tampered chain, and every anchored incident that is gone."""
    by_incident: dict[str, list[Anchor]] = {}
    for anchor in anchors:
        by_incident.setdefault(anchor.incident_id, []).append(anchor)
    findings = []
    for chain in chains:
        found = verify_chain(chain, by_incident.pop(chain.incident_id, []))
        findings += [found] if found else []
    findings += [_missing(incident, found) for incident, found in sorted(by_incident.items())]
    return tuple(findings)


def verify_chain(chain: StoredChain, anchors: Sequence[Anchor]) -> Finding | None:
    """The first fault in *chain*, checked against itself and then against *anchors*; `None` when it is whole."""
    previous, hashes = GENESIS, {0: GENESIS}
    for place, stored in enumerate(chain.links, start=1):
        fault = _fault_at(chain, place, stored, previous)
        if fault:
            return fault
        previous = stored.stored_hash
        hashes[place] = previous
    return _fault_at_head(chain, previous) or _fault_at_anchor(chain, hashes, anchors)


def _fault_at(chain: StoredChain, place: int, stored: StoredLink, previous: bytes) -> Finding | None:
    if stored.link.seq != place:
        return _finding(chain, place, Fault.REMOVED, f"entry {place} is missing")
    if link_hash(stored.link, previous) != stored.stored_hash:
        return _altered_or_moved(chain, place, previous)
    for name in CONTENT_FIELDS:
        if name not in stored.contents:
            continue
        opened = stored.contents[name]
        if opened is None:
            if (place, name) not in chain.erasures:
                sentence = f"the {name} of entry {place} is gone and no erasure of it was recorded"
                return _finding(chain, place, Fault.UNEXPLAINED_ERASURE, sentence)
        elif commit(opened[0], name, opened[1]) != stored.link.commitments[name]:
            return _finding(chain, place, Fault.ALTERED, f"the {name} of entry {place} was altered")
    return None


def _altered_or_moved(chain: StoredChain, place: int, previous: bytes) -> Finding:
    for other in chain.links[place:]:
        if link_hash(replace(other.link, seq=place), previous) == other.stored_hash:
            sentence = f"entry {place} was moved to place {other.link.seq}"
            return _finding(chain, place, Fault.REORDERED, sentence)
    return _finding(chain, place, Fault.ALTERED, f"entry {place} was altered")


def _fault_at_head(chain: StoredChain, last_hash: bytes) -> Finding | None:
    last = len(chain.links)
    if chain.claimed_seq > last:
        sentence = f"entries {last + 1} to {chain.claimed_seq} are missing from the end"
        return _finding(chain, last + 1, Fault.TRUNCATED, sentence)
    if chain.claimed_seq < last or chain.claimed_hash != last_hash:
        sentence = f"the incident's own head (entry {chain.claimed_seq}) does not match its last entry ({last})"
        return _finding(chain, min(chain.claimed_seq, last) or 1, Fault.ALTERED, sentence)
    return None


def _fault_at_anchor(chain: StoredChain, hashes: Mapping[int, bytes], anchors: Sequence[Anchor]) -> Finding | None:
    good = 0
    for anchor in sorted(anchors, key=lambda anchor: anchor.seq):
        if anchor.seq not in hashes:
            last = len(chain.links)
            sentence = f"entries {last + 1} to {anchor.seq} are missing from the end, says the anchor"
            return _finding(chain, last + 1, Fault.TRUNCATED, sentence)
        if hashes[anchor.seq] != anchor.hash:
            sentence = f"an entry between {good + 1} and {anchor.seq} was rewritten: the anchor has another hash"
            return _finding(chain, good + 1, Fault.REWRITTEN, sentence)
        good = anchor.seq
    return None


def _missing(incident_id: str, anchors: Sequence[Anchor]) -> Finding:
    name = next((anchor.name for anchor in anchors if anchor.name), incident_id)
    sentence = f"{name}: the whole record is missing, but an anchor for it exists"
    return Finding(incident=name, seq=1, fault=Fault.MISSING_INCIDENT, sentence=sentence)


def _finding(chain: StoredChain, seq: int, fault: Fault, what: str) -> Finding:
    return Finding(incident=chain.name, seq=seq, fault=fault, sentence=f"{chain.name}: {what}")
