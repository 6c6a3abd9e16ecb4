import json
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from analysis.document import Document
from analysis.events import EventKind, Source
from analysis.postmortem import claims, to_tree
from bot.render.files import incident_json, timeline_csv
from bot.render.templates import TemplateRenderer
from tests.effort import thinned
from tests.ledgers import START, Ledger
from tests.shared_data import RECORDS, each_of, needs_records

RENDERER = TemplateRenderer()

pytestmark = needs_records


def instants(record: dict[str, Any]) -> Iterator[datetime]:
    """When the record's events happened."""
    for event in record["timeline"]:
        yield datetime.fromisoformat(event["at"])


def document_of(record: dict[str, Any]) -> Document:
    """The postmortem of a record whose events are imported as notes, between a declaration and a resolution."""
    ledger = Ledger()
    minutes = [(at - START).total_seconds() / 60 for at in instants(record)]
    ledger.declare(min(minutes), title=record["title"])
    for place, (at, event) in enumerate(zip(minutes, record["timeline"], strict=True)):
        ledger.add(EventKind.NOTE, at, event["text"], source=Source.IMPORT, natural_key=f"note:{place:04}")
    ledger.status(max(minutes), "declared", "resolved")
    ledger.milestone(max(minutes), "resolution", source=Source.DEBRIEF)
    return ledger.document()


@pytest.fixture(params=each_of(thinned(RECORDS, every=4)), ids=lambda path: path.stem)
def record(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return one real incident as people wrote it down."""
    loaded: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return loaded


def test_real_record_is_told_with_evidence_only(record: dict[str, Any]) -> None:
    """Every statement cites, every event is on the timeline once, and no cause is invented."""
    document = document_of(record)

    made = claims(document)

    assert made
    assert all(claim.supported for claim in made)
    notes = [row for row in document.timeline if row.kind == "note"]
    assert sorted((row.at, row.said) for row in notes) == sorted(
        (at, event["text"]) for at, event in zip(instants(record), record["timeline"], strict=True)
    )
    assert document.section("contributing_factors").asks == ("Cause: not yet established.",)


def test_real_record_has_its_span_and_pauses(record: dict[str, Any]) -> None:
    """Span and pauses are those of the record's own instants."""
    at = sorted(instants(record))

    figures = json.loads(incident_json(document_of(record)))

    assert figures["span_seconds"] == (at[-1] - at[0]).total_seconds()
    assert [pause["seconds"] for pause in figures["pauses"]] == [
        (later - earlier).total_seconds() for earlier, later in pairwise(at) if later != earlier
    ]


def test_real_record_repeats_to_the_byte(record: dict[str, Any]) -> None:
    """Drafting a record again makes the same files."""
    one, again = (
        [RENDERER.render(to_tree(document), form=form) for form in ("markdown", "html")] + [timeline_csv(document)]
        for document in (document_of(record), document_of(record))
    )

    assert one == again
