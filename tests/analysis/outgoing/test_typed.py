"""Only typed events leave, and words only of what somebody stands behind."""

import json
from pathlib import Path

import pytest

from analysis.events import EventKind, Source
from analysis.outgoing.directory import People
from analysis.outgoing.gate import leaks
from analysis.outgoing.typed import Outgoing, Sending, typed
from analysis.outgoing.vault import Vault
from analysis.timeline import timeline
from tests.effort import thinned
from tests.ledgers import NAMES, Ledger
from tests.shared_data import RECORDS, each_of

EMPTY = Vault(salt=b"0123456789abcdef")


def sent(ledger: Ledger, *, vault: Vault = EMPTY, known: frozenset[str] = frozenset()) -> Outgoing:
    """Return what may leave of the ledger."""
    record = Sending(entries=timeline(ledger.events), vault=vault, known=known)
    return typed(record, People(names=NAMES))


def texts(outgoing: Outgoing) -> list[str]:
    """Return the texts in order."""
    return [event.text for event in outgoing.events]


def test_words_of_chat_stay_here_until_somebody_vouches_for_them() -> None:
    """A note says only that it was written; tagged, it says what it says."""
    ledger = Ledger()
    ledger.declare()
    note = ledger.note(1, "Cache was full, says Ada")
    before = sent(ledger)
    ledger.add(EventKind.FACT_PROMOTED, 2, payload={"as": "fact"}, refers_to=note.id)

    after = sent(ledger)

    assert texts(before)[1:] == [""]
    assert texts(after)[1:] == ["Cache was full, says [[PERSON_1]]."]
    assert (after.events[1].id, after.events[1].kind, after.events[1].tags) == ("E2", "note", ("fact",))


def test_machine_events_and_stated_ones_carry_their_words() -> None:
    """What systems reported, the title, the impact and what stakeholders were told."""
    ledger = Ledger()
    ledger.declare(title="Card payments fail")
    ledger.add(EventKind.DEPLOY, 1, "new pool", {"service": "checkout", "version": "1.2.3"}, source=Source.WEBHOOK)
    ledger.add(EventKind.IMPACT_SET, 2, "12% of card payments declined")
    ledger.add(EventKind.UPDATE_SENT, 3, "We are working on it")
    ledger.note(4, "Imported line", source=Source.IMPORT)

    assert texts(sent(ledger)) == [
        "Declared as SEV3: “Card payments fail”",
        "Deploy of checkout, version 1.2.3: “new pool”",
        "Customer impact: “12% of card payments declined”",
        "Stakeholders were told: “We are working on it”",
        "“Imported line”",
    ]


def test_reasons_stay_here_and_what_was_decided_leaves() -> None:
    """A change of status is a typed fact without its words."""
    ledger = Ledger()
    ledger.declare()
    ledger.status(1, "declared", "investigating", reason="Kowalski saw it")
    ledger.role(2, "incident_commander", "slack:UADA")

    outgoing = sent(ledger)

    assert texts(outgoing)[1:] == [
        "Status changed from declared to investigating.",
        "[[PERSON_1]] became incident commander.",
    ]


def test_people_leave_as_roles_and_placeholders() -> None:
    """Neither id nor name leaves, as an author or in a text."""
    ledger = Ledger()
    ledger.declare(title="Ada and @UBO and Velmora see errors")
    ledger.role(1, "incident_commander", "slack:UADA")

    outgoing = sent(ledger)

    shown = " ".join([*texts(outgoing), *(event.who for event in outgoing.events)])
    assert [name for name in ("Ada", "Bo", "UADA", "UBO", "Velmora") if name in shown] == []
    assert outgoing.events[1].who == "incident commander ([[PERSON_1]])"


def test_name_is_one_placeholder_in_every_draft() -> None:
    """The next draft begins with the vault of the last."""
    ledger = Ledger()
    ledger.declare(title="Velmora fails")
    first = sent(ledger)
    ledger.add(EventKind.IMPACT_SET, 1, "Quendor and velmora fail")

    second = sent(ledger, vault=first.vault)

    assert texts(second)[1] == "Customer impact: “[[NAME_2]] and [[NAME_1]] fail”"
    assert second.vault.held[: len(first.vault.held)] == first.vault.held


def test_words_of_the_site_leave() -> None:
    """Its services are what a draft is about."""
    ledger = Ledger()
    ledger.declare(title="Velmora fails")

    assert texts(sent(ledger, known=frozenset({"velmora"}))) == ["Declared as SEV3: “Velmora fails”"]


def test_erased_and_deleted_words_do_not_leave() -> None:
    """What was destroyed is not there, and that it was is said."""
    ledger = Ledger()
    ledger.declare()
    ledger.note(1, "", source=Source.IMPORT, erased=frozenset({"text"}))

    assert texts(sent(ledger))[1] == "The text was erased on request."


def test_number_that_a_label_tells_goes_elsewhere_too_unless_it_is_any_number() -> None:
    """Four digits go as they were written; three, a year, a time and an amount of the same digits are of others."""
    ledger = Ledger()
    ledger.declare(title="customer 4821, customer 503, customer 2026")
    ledger.add(EventKind.UPDATE_SENT, 1, "4821 called at 20:26 on 2026-03-01 about 48.21 EUR and HTTP 503")

    outgoing = sent(ledger)

    assert texts(outgoing) == [
        "Declared as SEV3: “customer [[NUMBER_1]], customer [[NUMBER_2]], customer [[NUMBER_3]]”",
        "Stakeholders were told: “[[NUMBER_1]] called at 20:26 on 2026-03-01 about 48.21 EUR and HTTP 503”",
    ]
    assert leaks(b"4821 tokens", outgoing.vault) == ()


def test_name_in_parts_is_the_name() -> None:
    """What is unknown as one word is not let through as two, which would stop the whole request at the gate."""
    ledger = Ledger()
    ledger.declare(title="xroute fails")
    ledger.add(EventKind.IMPACT_SET, 1, "x-route fails, and x route too")

    assert texts(sent(ledger))[1] == "Customer impact: “[[NAME_1]] fails, and [[NAME_1]] too”"


@pytest.mark.parametrize("path", each_of(thinned(RECORDS, every=4)), ids=lambda path: path.stem)
def test_redacted_records_pass_the_gate(path: Path) -> None:
    """A real record is not stopped for what redaction itself has left in it."""
    raw = json.loads(path.read_bytes())
    ledger = Ledger()
    ledger.declare(title=raw["title"])
    for entry in raw["timeline"]:
        ledger.note(1, entry["text"], source=Source.IMPORT)

    outgoing = sent(ledger)

    body = json.dumps([{"id": event.id, "who": event.who, "text": event.text} for event in outgoing.events])
    assert leaks(body.encode(), outgoing.vault) == ()
