"""Revisions, approvals and publications come back as they were, and change only as they may."""

from dataclasses import fields, replace
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

import pytest

from analysis.errors import Conflict
from analysis.incident import Incident
from bot.ports.records import Approval, Changes, Publication, PublicationState, Revision, RevisionHead
from tests.bot.store.parts import START, Store


def make_revision(incident: Incident, number: int = 1, **over: object) -> Revision:
    """Return a revision of the incident's document."""
    revision = Revision(
        id=UUID(int=500 + number),
        incident_id=incident.id,
        number=number,
        document=MappingProxyType({"title": "Ausfall", "sections": [{"claims": [{"text": "ü", "cites": ["E1"]}]}]}),
        hash=bytes(range(32)),
        ledger_seq=7,
        ledger_hash=b"\x01" * 32,
        authors=frozenset({"slack:U1", "slack:U2"}),
        cites=frozenset({UUID(int=1), UUID(int=2)}),
        targets=("git", "channel"),
        created_at=START,
    )
    return replace(revision, **over)


def make_approval(revision: Revision, number: int = 1, **over: object) -> Approval:
    """Return a signature on the revision."""
    approval = Approval(
        id=UUID(int=600 + number),
        revision_id=revision.id,
        approver="slack:U3",
        hash=revision.hash,
        approved_at=START + timedelta(minutes=number),
    )
    return replace(approval, **over)


def write(store: Store, **changes: object) -> None:
    """Commit *changes*."""
    store.write(lambda _reads, _command: Changes(**changes))


def test_revision_comes_back_as_it_was_written(store: Store) -> None:
    """The whole tree, its authors, citations and targets survive the database."""
    revision = make_revision(store.declare())

    write(store, revision=revision)

    with store.snapshots.snapshot() as reads:
        assert reads.revisions(revision.incident_id) == (revision,)
        assert reads.revision(revision.id) == revision
        assert reads.cites(revision.id) == revision.cites


def test_head_of_a_revision_says_what_the_whole_says(store: Store) -> None:
    """All but the document, its authors and what it cites, of each revision, oldest first."""
    incident = store.declare()
    for number in (1, 2):
        write(store, revision=make_revision(incident, number))

    with store.snapshots.snapshot() as reads:
        heads, whole = reads.revision_heads(incident.id), reads.revisions(incident.id)
        unknown = (reads.revision(UUID(int=404)), reads.cites(UUID(int=404)))

    names = [field.name for field in fields(RevisionHead)]
    assert [[getattr(one, name) for name in names] for one in heads] == [
        [getattr(one, name) for name in names] for one in whole
    ]
    assert [(one.number, one.is_superseded) for one in heads] == [(1, True), (2, False)]
    assert unknown == (None, frozenset())


def test_new_revision_supersedes_the_earlier_ones(store: Store) -> None:
    """Only the newest revision of an incident stands; other incidents' are untouched."""
    incident, other = store.declare("One"), store.declare("Two")
    write(store, revision=make_revision(other, id=UUID(int=900)))
    write(store, revision=make_revision(incident, 1))

    write(store, revision=make_revision(incident, 2))

    with store.snapshots.snapshot() as reads:
        superseded = [revision.is_superseded for revision in reads.revisions(incident.id)]
        elsewhere = [revision.is_superseded for revision in reads.revisions(other.id)]
    assert (superseded, elsewhere) == ([True, False], [False])


def test_approval_comes_back_as_it_was_written(store: Store) -> None:
    """Signatures come in the order in which they were given."""
    revision = make_revision(store.declare())
    approvals = (make_approval(revision, 1), make_approval(revision, 2, approver="slack:U1", is_alone=True))
    write(store, revision=revision, approval=approvals[0])

    write(store, approval=approvals[1])

    with store.snapshots.snapshot() as reads:
        assert reads.approvals(revision.id) == approvals


def test_voided_approval_keeps_who_and_says_why(store: Store) -> None:
    """An approval that no longer counts stays in the record with its reason."""
    revision = make_revision(store.declare())
    approval = make_approval(revision)
    write(store, revision=revision, approval=approval)
    voided = replace(approval, voided_because="a cited event was corrected")

    write(store, voided_approvals=(voided,))

    with store.snapshots.snapshot() as reads:
        assert reads.approvals(revision.id) == (voided,)


def test_approval_is_voided_once(store: Store) -> None:
    """Two who void at once do not both succeed, and the second writes nothing."""
    incident = store.declare()
    revision = make_revision(incident)
    approval = make_approval(revision)
    voided = replace(approval, voided_because="reopened")
    write(store, revision=revision, approval=approval)
    write(store, voided_approvals=(voided,))

    with pytest.raises(Conflict, match="voided in the meantime"):
        write(store, voided_approvals=(replace(voided, voided_because="again"),), revision=make_revision(incident, 2))

    with store.snapshots.snapshot() as reads:
        assert reads.approvals(revision.id) == (voided,)
        assert len(reads.revisions(incident.id)) == 1


def test_publication_of_a_target_is_replaced_by_its_outcome(store: Store) -> None:
    """Each target of a revision has one state: the last."""
    revision = make_revision(store.declare())
    waiting = Publication(id=UUID(int=1), revision_id=revision.id, target="git", state=PublicationState.WAITING)
    channel = Publication(id=UUID(int=2), revision_id=revision.id, target="channel", state=PublicationState.WAITING)
    write(store, revision=revision, publications=(waiting, channel))
    done = replace(waiting, state=PublicationState.PUBLISHED, where="postmortems/0001-ausfall.md", published_at=START)

    write(store, publications=(done,))

    with store.snapshots.snapshot() as reads:
        assert reads.publications(revision.id) == (channel, done)
