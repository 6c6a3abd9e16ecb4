"""What is left of a record after an erasure still supports every sentence of its document."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.approval import worst_severity
from analysis.document import claims
from analysis.events import LINE_KINDS, EventKind, TimelineEvent
from analysis.incident import Severity
from analysis.timeline import taken_off, timeline
from tests.ledgers import Ledger, document_of, eventful

_DETAILED = {EventKind.DEPLOY, EventKind.FEATURE_FLAG, EventKind.EXTERNAL}


_EVENTS = tuple(eventful().events)
_FIELDS = [
    (place, field)
    for place, event in enumerate(_EVENTS)
    for field in ("text", "actor", "payload")
    if field != "payload" or event.kind in _DETAILED
]


@settings(deadline=None)
@given(st.sets(st.sampled_from(_FIELDS)))
def test_no_erasure_puts_a_statement_at_odds(erased: set[tuple[int, str]]) -> None:
    """Whatever is erased of an eventful record, its document says nothing that the rest of it does not say."""
    ledger = Ledger()
    ledger.events = list(_EVENTS)
    for place, field in sorted(erased):
        ledger.events[place] = _without(ledger.events[place], field)

    made = claims(document_of(ledger.events, eventful().incident()))

    assert [claim.text for claim in made if not claim.supported] == []


def test_entries_keep_their_labels_whatever_is_gone() -> None:
    """Where details of single lines are lost, the others are called as before."""
    before = {entry.event.id: entry.label for entry in (*timeline(_EVENTS), *taken_off(_EVENTS))}
    ledger = [_without(event, "payload") if event.kind in LINE_KINDS else event for event in _EVENTS]

    after = {entry.event.id: entry.label for entry in (*timeline(ledger), *taken_off(ledger))}

    assert after == before


def test_severity_that_cannot_be_read_counts_as_the_worst() -> None:
    """Whoever damages the record of a severity lowers no bar for its approval."""
    ledger = Ledger()
    ledger.declare(severity="SEV4")
    incident = ledger.incident()

    whole, damaged = (worst_severity(one, incident) for one in (ledger.events, [_without(ledger.events[0], "payload")]))

    assert (whole, damaged) == (Severity.SEV4, Severity.SEV1)


@pytest.mark.parametrize("kind", [EventKind.DECLARED, EventKind.REOPENED, EventKind.IMPACT_SET])
def test_entry_without_its_words_tells_what_it_decided(kind: EventKind) -> None:
    """Severity, state and kind of entry are told where only the words were erased, and that they were."""
    ledger = eventful()
    place = next(place for place, event in enumerate(ledger.events) if event.kind is kind and event.text)
    before = next(row for row in ledger.document().timeline if row.key == ledger.events[place].natural_key)
    ledger.events[place] = _without(ledger.events[place], "text")

    after = next(row for row in ledger.document().timeline if row.key == before.key)

    assert after.text == f"{before.text.partition(':')[0]}. The text was erased on request."


def _without(event: TimelineEvent, field: str) -> TimelineEvent:
    gone = {} if field == "payload" else ""
    return replace(event, **{field: gone}, erased=event.erased | {field})
