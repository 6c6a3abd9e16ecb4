"""Rows of documents that earlier versions left otherwise than this one would: they are told from tampering."""

from dataclasses import replace

import pytest

from analysis.events import EventKind
from analysis.incident import Incident
from bot.ports.records import Changes, Publication, PublicationState, Revision
from tests.bot.store.parts import START, Store, make_event
from tests.bot.store.tampering import tamper, verify
from tests.bot.store.test_documents import make_approval, make_revision


@pytest.fixture
def incident(store: Store) -> Incident:
    """Return an incident with two published drafts, of which the chain tells as the first versions had it tell."""
    declared = store.declare()
    for number in (1, 2):
        _publish(store, declared, number)
    return declared


def _publish(store: Store, incident: Incident, number: int) -> None:
    with store.snapshots.snapshot() as reads:
        seq, head = reads.head(incident.id)
    draft = make_revision(incident, number, ledger_seq=seq, ledger_hash=head, hash=bytes([number]) * 32)
    _write(store, incident, draft, EventKind.DRAFTED, revision=draft)
    approval = make_approval(draft, number, approved_at=START)
    _write(store, incident, draft, EventKind.APPROVED, actor=approval.approver, approval=approval)
    published = Publication(
        id=make_event().id,
        revision_id=draft.id,
        target="git",
        state=PublicationState.PUBLISHED,
        where=f"postmortems/{number}.md",
        published_at=START,
    )
    # One name for all drafts, so that the second publication there was not put on record.
    key, where = f"debrief:{incident.id}:published:git", published.where
    more = {"target": "git", "where": where}
    _write(store, incident, draft, EventKind.PUBLISHED, key=key, more=more, publications=(published,))


def _write(
    store: Store,
    incident: Incident,
    draft: Revision,
    kind: EventKind,
    *,
    key: str = "",
    actor: str = "slack:U1",
    more: dict[str, str] | None = None,
    **rows: object,
) -> None:
    """Record an event about *draft* together with its *rows*."""
    payload = {"revision": draft.number, "hash": draft.hash.hex(), **(more or {})}
    event = make_event(kind=kind, actor=actor, payload=payload)
    event = replace(event, natural_key=key or event.natural_key)
    store.write(lambda _reads, _command: Changes(incident=incident, events=(event,), **rows))


def test_publication_that_an_earlier_version_did_not_record_is_no_fault(store: Store, incident: Incident) -> None:
    """Nor are targets that it did not write down, nor a document that names no entries."""
    published = [event for event in store.events(incident) if event.kind == EventKind.PUBLISHED]

    findings = verify(store).findings

    assert len(published) == 1
    assert findings == ()


def test_publication_that_it_recorded_is_compared_all_the_same(store: Store, incident: Incident) -> None:
    """What is on record of it has to be there."""
    first = "(SELECT id FROM revision WHERE incident_id = :incident AND number = 1)"
    tamper(store, incident, f"DELETE FROM publication WHERE revision_id = {first}")  # noqa: S608

    assert [finding.sentence for finding in verify(store).findings] == [
        f"{incident.reference}: the publication of draft 1 to git is on record, and gone"
    ]


def test_draft_that_was_never_recorded_is_named(store: Store, incident: Incident) -> None:
    """A copy of a row is no draft."""
    with store.snapshots.snapshot() as reads:
        second = reads.revisions(incident.id)[1]
    forged = replace(second, id=make_event().id, number=3)
    store.write(lambda _reads, _command: Changes(revision=forged))

    assert [finding.sentence for finding in verify(store).findings] == [
        f"{incident.reference}: draft 3 was never recorded"
    ]
