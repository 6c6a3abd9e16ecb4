"""Whatever was erased of a record, everything that shows it still does, and its proofs hold."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.audit_export import read_lines, to_lines
from analysis.document import claims
from analysis.errors import DebriefError
from analysis.events import EventKind, TimelineEvent
from analysis.timeline import taken_off, timeline
from analysis.verification import verify
from bot.slack.blocks.cards import card
from bot.slack.blocks.timeline_lines import entry_line, timeline_text
from bot.store.proof.verification import read_chain, verify_database
from tests.erasing import erase_field
from tests.ledgers import Ledger, document_of, eventful
from tests.slack_room import COMMANDER, RESPONDER, Room

ERASED = "The text was erased on request."


def _everything() -> Ledger:
    """An eventful record with corrections, groups of alerts, changes and bookkeeping, too."""
    ledger = eventful()
    note = ledger.note(40, "restarted the pool")
    ledger.add(EventKind.CORRECTED, 41, "restarted the second pool", {"changes": ["text"]}, refers_to=note.id)
    other = ledger.note(42, "wrong incident")
    ledger.add(EventKind.WITHDRAWN, 43, "it was about another incident", refers_to=other.id)
    group = {"group": "G-1", "rule": "CardAuthLatency", "alerts": 3, "since": "2024-03-01T10:00:00Z"}
    ledger.add(EventKind.ALERT_GROUP_ATTACHED, 44, "G-1: CardAuthLatency, 3 alerts", group)
    counted = {"group": "G-7", "phase": 1, "alerts": 9, "series": 4, "firing": 2}
    words = "Alerts G-7 up to the resolution: CardAuthLatency, 9 alerts of 4 series, 2 of 4 still firing"
    ledger.add(EventKind.ALERT_GROUP_COUNTED, 45, words, counted)
    ledger.add(EventKind.FEATURE_FLAG, 45, "on", {"service": "card-auth", "flag": "f", "value": "on"})
    ledger.add(EventKind.EXTERNAL, 46, "certificate renewed", {"service": "card-auth"})
    ledger.add(EventKind.VISIBILITY_CHANGED, 47, "", {"from": "public", "to": "private"})
    ledger.add(EventKind.CHANNEL_LINKED, 48, "", {"channel": "C1", "name": "inc-12"})
    ledger.add(EventKind.DRAFTED, 130, "", {"revision": 1, "hash": "ab"})
    ledger.add(EventKind.GLASS_BROKEN, 131, "an audit", {"act": "export"})
    return ledger


_EVERYTHING = tuple(_everything().events)


@settings(deadline=None)
@given(st.sets(st.tuples(st.integers(0, len(_EVERYTHING) - 1), st.sampled_from(["text", "actor", "payload"]))))
def test_whatever_is_gone_everything_is_still_shown(gone: set[tuple[int, str]]) -> None:
    """Timeline, card and document of a record that lost any of its fields, also those that nobody may have erased."""
    ledger, incident = list(_EVERYTHING), _everything().incident()
    for place, field in gone:
        ledger[place] = _without(ledger[place], field)

    entries, off = timeline(ledger), taken_off(ledger)
    document, shown = document_of(ledger, incident), timeline_text(incident, entries, off, str)
    pinned = card(incident, entries, (len(ledger), b"\1" * 32), str)

    assert [row.label for row in document.timeline] == [entry.label for entry in entries]
    assert [claim.text for claim in claims(document) if not claim.supported] == []
    for entry in entries:
        assert f"`{entry.label}`" in shown
        if "payload" in entry.event.erased:
            assert ERASED in entry_line(entry, str)
    assert pinned[0]["text"]["text"].startswith("#12 ")


def _without(event: TimelineEvent, field: str) -> TimelineEvent:
    gone = {} if field == "payload" else ""
    return replace(event, **{field: gone}, erased=event.erased | {field})


@pytest.mark.thorough
def test_every_view_stands_while_a_record_is_erased_piece_by_piece(room: Room) -> None:
    """In any order, until nothing is left that may be erased: card, lists, timeline, home, draft, export and proof."""
    number, channel = _lived(room)
    pieces = [(event.seq, field) for event in room.events(number) for field in ("text", "actor", "payload")]
    random.Random(7).shuffle(pieces)

    erased = 0
    for step, (seq, field) in enumerate(pieces):
        erased += _erase(room, number, seq, field)
        if step % 12 == 0:
            _look(room, number)
    room.settle()
    _look(room, number)
    room.ask(COMMANDER, f"#{number} draft")
    room.wait_for_draft(number)

    pinned = str(room.card(channel)["blocks"])
    assert erased > len(pieces) / 2
    assert "Customer impact:* The text was erased on request." in pinned
    assert f"#{number} SEV2 title erased" in pinned
    assert sum(ERASED in line for line in room.timeline(RESPONDER, number)) >= 5


def _lived(room: Room) -> tuple[int, str]:
    """An incident with something of everything, resolved and drafted once."""
    number, channel = room.declare(text="SEV3 Card payments fail in DE")
    room.join(RESPONDER, channel)
    ts = room.slack.say(channel, RESPONDER, "the pool of connections is too small")
    room.react(RESPONDER, channel, ts)
    room.webhook({"kind": "deploy", "text": "card-auth 4.2", "service": "card-auth", "incident": number})
    for words in (
        "severity SEV2 all regions",
        "role commander me",
        "impact 3 % of card payments fail",
        "note 5m ago rolled back card-auth",
        "update payments recover",
        "milestone detection 10m ago",
        "status monitoring",
        "promote E3 as fact",
        "resolve confirm",
        "reopen payments fail again",
        "resolve confirm",
        "draft",
    ):
        room.ask(RESPONDER, f"#{number} {words}")
    room.wait_for_draft(number)
    room.settle()
    return number, channel


def _erase(room: Room, number: int, seq: int, field: str) -> bool:
    """Erase it; false where this may not be erased, or is erased already."""
    try:
        erase_field(room, number, seq, field)
    except DebriefError:
        return False
    return True


def _look(room: Room, number: int) -> None:
    """Ask for everything that shows the incident; nothing of it may fail."""
    answers = [room.say(RESPONDER, f"#{number} {words}") for words in ("status", "timeline", "changes")]
    answers.append(room.say(RESPONDER, "list all"))
    assert all(answer.status == 200 for answer in answers)
    assert f"#{number} SEV2" in answers[0].body
    assert f"*#{number} " in answers[1].body
    assert f"*#{number}*" in answers[3].body
    assert "incidents" in room.home(COMMANDER)
    store = room.app.store
    incident = room.events(number)[0].incident_id
    chain = read_chain(store.database, store.sealer, incident)
    assert verify([read_lines(b"".join(to_lines(chain)))], ()) == ()
    assert verify_database(store.database, sealer=store.sealer, anchors=None).findings == ()
