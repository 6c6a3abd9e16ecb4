"""Erasing destroys one field's content for good, says so, and breaks no proof."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from analysis.chain import CONTENT_FIELDS
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.verification import Fault
from bot.ports.records import Changes, Revision, draft_erasure_key, erasure_key
from bot.store.proof.verification import verify_database
from bot.store.record.tables import TIMELINE_EVENT
from tests.bot.store.parts import Store, make_event, note
from tests.bot.store.tampering import anchor, edit, eight_entries, found, tamper, verify
from tests.bot.store.test_documents import make_revision
from tests.dialects import on_sqlite_first
from tests.effort import thinned


def erasing(incident: Incident, seq: int, field: str) -> Changes:
    """Return the changes by which a field is erased."""
    event = make_event(
        kind=EventKind.ERASED,
        payload={"seq": seq, "field": field, "reason": "asked for"},
        natural_key=erasure_key(seq, field),
    )
    return Changes(incident=incident, events=(event,), erasures=((incident.id, seq, field),))


def erase(store: Store, incident: Incident, seq: int, field: str) -> None:
    """Erase a field."""
    store.write(lambda _reads, _command: erasing(incident, seq, field))


@pytest.mark.parametrize("field", CONTENT_FIELDS)
def test_erased_field_reads_as_empty(store: Store, field: str) -> None:
    """The content is gone, the event and its other fields stay, and the event says what is missing."""
    incident = store.declare()
    store.append(incident, note(1, payload={"service": "cards"}))
    before = store.events(incident)[1]

    erase(store, incident, 2, field)

    after = store.events(incident)[1]
    kept = [name for name in (*CONTENT_FIELDS, "kind", "occurred_at", "hash") if name != field]
    assert (after.erased, len(getattr(after, field))) == (frozenset({field}), 0)
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_erasure_destroys_salt_and_ciphertext_and_keeps_the_commitment(store: Store) -> None:
    """Nothing is left from which the content could be computed, only what proves the chain."""
    incident = store.declare()

    erase(store, incident, 1, "text")

    with store.database.reading() as connection:
        row = connection.execute(select(TIMELINE_EVENT).where(TIMELINE_EVENT.c.seq == 1)).mappings().one()
    assert (row["text_salt"], row["text_sealed"], len(row["text_commitment"])) == (None, None, 32)


@on_sqlite_first("database")
@pytest.mark.parametrize(
    ("seq", "field", "blanked"),
    [
        (1, "text", {"title": "", "channel_name": None}),
        (1, "actor", {"declared_by": ""}),
        (2, "text", {"impact": ""}),
        (3, "payload", {"roles": {}}),
        (4, "payload", {"channel_name": None}),
    ],
)
def test_erasure_blanks_what_the_incident_repeats(
    store: Store, seq: int, field: str, blanked: dict[str, object]
) -> None:
    """The incident's own row keeps no copy of what was erased, and nothing else is lost."""
    incident = store.declare("Karteninhaberin Huber")
    store.append(
        incident,
        make_event(kind=EventKind.IMPACT_SET, text="Frau Huber kann nicht zahlen."),
        make_event(kind=EventKind.ROLE_ASSIGNED, payload={"role": "scribe", "person": "slack:U9"}),
        make_event(kind=EventKind.CHANNEL_LINKED, payload={"channel": "C1", "name": "inc-1-huber"}),
    )
    names = ("title", "impact", "declared_by", "roles", "channel_name", "channel_id", "status")
    before = {name: getattr(store.incident(incident.id), name) for name in names}

    erase(store, incident, seq, field)

    after = store.incident(incident.id)
    assert {name: getattr(after, name) for name in names} == {**before, **blanked}


def test_erasure_without_its_event_is_refused(store: Store) -> None:
    """Content cannot be made to vanish without the chain saying so."""
    incident = store.declare()
    changes = Changes(incident=incident, erasures=((incident.id, 1, "text"),))

    with pytest.raises(ValueError, match="needs an `erased` event"):
        store.write(lambda _reads, _command: changes)

    assert store.events(incident)[0].text == incident.title


def test_erasure_of_nothing_is_refused(store: Store) -> None:
    """An entry that does not exist cannot be erased, and nothing is recorded of it."""
    incident = store.declare()

    with pytest.raises(NotFound, match="no entry 7"):
        erase(store, incident, 7, "text")

    assert len(store.events(incident)) == 1


def test_recorded_erasure_passes_verification(store: Store, tmp_path: Path) -> None:
    """An erasure that the chain tells of breaks no hash and no anchor, with the key or without."""
    incident = eight_entries(store)
    anchors = anchor(store, tmp_path / "anchors")

    erase(store, incident, 4, "text")

    without_key = verify_database(store.database, sealer=None, anchors=None)
    assert (found(store, anchors), without_key.findings) == ((), ())


@on_sqlite_first("database")
@pytest.mark.parametrize("field", thinned(CONTENT_FIELDS, every=2))
@pytest.mark.parametrize("part", ["salt", "sealed"])
def test_content_erased_without_a_record_is_named(store: Store, field: str, part: str) -> None:
    """Making content vanish is tampering unless the chain says so."""
    incident = eight_entries(store)

    edit(store, incident, 4, f"{field}_{part} = NULL")

    assert found(store) == (("#2", 4, Fault.UNEXPLAINED_ERASURE),)


def test_recorded_erasure_excuses_only_what_it_names(store: Store) -> None:
    """One erased field is no excuse for another."""
    incident = eight_entries(store)
    erase(store, incident, 4, "text")

    edit(store, incident, 4, "payload_salt = NULL, payload_sealed = NULL")

    assert found(store) == (("#2", 4, Fault.UNEXPLAINED_ERASURE),)


def test_record_of_an_erasure_cannot_be_forged(store: Store) -> None:
    """Turning an entry into the excuse for an erasure breaks that entry's hash."""
    incident = eight_entries(store)

    edit(store, incident, 4, "text_salt = NULL, text_sealed = NULL")
    edit(store, incident, 6, "kind = 'erased', natural_key = 'erased:4:text'")

    assert found(store) == (("#2", 6, Fault.ALTERED),)


def drafted(store: Store) -> Incident:
    """Return an incident with a draft whose hash is on record."""
    incident = store.declare("Karteninhaberin Huber")
    with store.snapshots.snapshot() as reads:
        seq, head = reads.head(incident.id)
    draft = replace(make_revision(incident), ledger_seq=seq, ledger_hash=head)
    event = make_event(kind=EventKind.DRAFTED, payload={"revision": draft.number, "hash": draft.hash.hex()})
    changes = Changes(incident=incident, events=(event,), revision=draft)
    store.write(lambda _reads, _command: changes)
    return incident


def redact(store: Store, incident: Incident) -> None:
    """Erase the title, and the draft's content with it."""
    with store.snapshots.snapshot() as reads:
        draft = reads.revisions(incident.id)[0]
    changes = erasing(incident, 1, "text")
    event = make_event(kind=EventKind.ERASED, payload={"revision": 1}, natural_key=draft_erasure_key(1))
    redacted = replace(draft, document={}, is_erased=True)
    changes = replace(changes, events=(*changes.events, event), redactions=(redacted,))
    store.write(lambda _reads, _command: changes)


def test_draft_keeps_its_hash_and_is_said_to_be_erased(store: Store) -> None:
    """Verification passes and says so; what was signed can still be named."""
    incident = drafted(store)
    before = store_drafts(store, incident)[0]

    redact(store, incident)

    after = store_drafts(store, incident)[0]
    assert (after.hash, after.document, after.is_erased) == (before.hash, {}, True)
    assert verify(store).findings == ()
    (note_of_it,) = verify(store).notes
    assert note_of_it.startswith(f"{incident.reference}: content of draft 1 was erased on request.")


def test_draft_erased_without_a_record_is_named(store: Store) -> None:
    """A row cannot excuse itself."""
    incident = drafted(store)

    tamper(store, incident, "UPDATE revision SET is_erased = true WHERE incident_id = :incident")

    assert [finding.fault for finding in verify(store).findings] == [Fault.UNEXPLAINED_ERASURE]


def test_draft_that_has_its_content_again_is_named(store: Store) -> None:
    """What was erased does not come back from a backup unseen."""
    incident = drafted(store)
    redact(store, incident)

    tamper(store, incident, "UPDATE revision SET is_erased = false WHERE incident_id = :incident")

    assert [finding.sentence for finding in verify(store).findings] == [
        f"{incident.reference}: draft 1 has content that was erased from it"
    ]


def test_draft_with_another_hash_than_was_recorded_is_named(store: Store) -> None:
    """The chain says which hash a draft was made with."""
    incident = drafted(store)

    tamper(store, incident, "UPDATE revision SET hash = ledger_hash WHERE incident_id = :incident")

    assert [finding.fault for finding in verify(store).findings] == [Fault.ALTERED]


def test_content_of_a_draft_is_not_taken_without_its_event(store: Store) -> None:
    """The chain must say that a draft lost content."""
    incident = drafted(store)
    with store.snapshots.snapshot() as reads:
        draft = reads.revisions(incident.id)[0]
    changes = replace(erasing(incident, 1, "text"), redactions=(replace(draft, document={}, is_erased=True),))

    with pytest.raises(ValueError, match="draft 1 needs an `erased` event"):
        store.write(lambda _reads, _command: changes)

    assert store_drafts(store, incident)[0] == draft


def store_drafts(store: Store, incident: Incident) -> tuple[Revision, ...]:
    """Return the incident's drafts."""
    with store.snapshots.snapshot() as reads:
        return reads.revisions(incident.id)
