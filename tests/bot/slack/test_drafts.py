"""What the message under a draft's file says."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from analysis.approval import Signatory, with_revision
from analysis.document_tree import to_tree
from analysis.events import REVIEW_TAGS, Tag
from analysis.open_questions import STILL_UNKNOWN
from bot.ports.records import Approval, Revision
from bot.render.templates import TemplateRenderer
from bot.slack.blocks import ids
from bot.slack.blocks.drafts import offer
from bot.slack.blocks.elements import BLOCKS_PER_MESSAGE
from bot.usecases.postmortem.signing import Signing
from tests.ledgers import INCIDENT, Ledger, eventful

SIGNING = Signing(renderer=TemplateRenderer(), targets=("git",), audience="internal")
#: What Slack takes of one message (docs.slack.dev, Block Kit reference).
LETTERS_PER_MESSAGE = 13_200
#: As the first version stored it that named the form so; that one did not look for alerts that nobody looked at.
FIRST_OF_FORM_2 = Path(__file__).parents[2] / "data/postmortem_of_form_2.json"


def revision_of(ledger: Ledger) -> Revision:
    """A signed draft of the ledger's incident."""
    tree = with_revision(
        to_tree(ledger.document()),
        number=1,
        authors=[Signatory(id="slack:UBO")],
        ledger_seq=9,
        ledger_hash=b"\x01" * 32,
    )
    return Revision(
        id=UUID(int=7),
        incident_id=INCIDENT,
        number=1,
        document=tree,
        hash=SIGNING.hash_of(tree, ledger_seq=9, ledger_hash=b"\x01" * 32),
        ledger_seq=9,
        ledger_hash=b"\x01" * 32,
        authors=frozenset({"slack:UBO"}),
        cites=frozenset(),
        targets=("git",),
        created_at=datetime(2024, 3, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "block",
    [{"number": 2}, {"authors": ["slack:UADA"]}, {"row": 8}, {"head": "02" * 32}],
    ids=["number", "authors", "row", "head"],
)
def test_signature_covers_which_draft_it_is_and_who_wrote_it(block: dict[str, object]) -> None:
    """Another author, number or head in the header is another document."""
    revision = revision_of(eventful())
    other = {**revision.document, "revision": {**revision.document["revision"], **block}}

    assert SIGNING.still_holds(revision)
    assert not SIGNING.still_holds(replace(revision, document=other))


@pytest.mark.parametrize("stored", [{"form": "postmortem/1"}, json.loads(FIRST_OF_FORM_2.read_text())])
def test_draft_of_an_earlier_form_is_shown_as_outdated_and_cannot_be_signed(stored: dict[str, object]) -> None:
    """What an earlier version stored is neither read as something else nor an error."""
    revision = revision_of(eventful())
    old = replace(revision, document={**revision.document, **stored})

    text, blocks = offer(eventful().incident(), old, None, (), str)

    assert (
        text == "#12: An earlier version of Debrief made this draft, and it can no longer be signed. Ask for another."
    )
    assert "Detected" not in str(blocks)
    assert ids.APPROVE not in str(blocks)
    assert not SIGNING.still_holds(old)


def test_offer_says_how_its_questions_are_answered_until_it_is_signed() -> None:
    """Every tag that it names is one; who reads a signed or an outdated draft is told nothing of it."""
    ledger = eventful()
    revision = revision_of(ledger)
    signed = Approval(
        id=UUID(int=8),
        revision_id=revision.id,
        approver="slack:UADA",
        hash=revision.hash,
        approved_at=revision.created_at,
        is_alone=False,
    )

    _, fresh = offer(ledger.incident(), revision, None, (), str)
    _, approved = offer(ledger.incident(), revision, signed, (), str)
    _, outdated = offer(ledger.incident(), replace(revision, is_superseded=True), None, (), str)
    sections = [{**one, "asks": []} for one in revision.document["sections"] if one["key"] != "open_questions"]
    last = {"key": "open_questions", "title": "Open questions", "statements": [], "asks": [STILL_UNKNOWN]}
    answered = replace(revision, document={**revision.document, "sections": [*sections, last]})
    _, all_said = offer(ledger.incident(), answered, None, (), str)

    (said,) = [text for text in map(str, fresh) if "What it asks is answered on record" in text]
    named = re.findall(r"`(?:promote E7 as )?(\w+)`", said)
    assert {"note", "milestone", "draft", *REVIEW_TAGS} <= set(named)
    assert set(named) - {"note", "milestone", "draft"} <= set(Tag)
    assert not [text for text in map(str, (*approved, *outdated, *all_said)) if "What it asks" in text]


@pytest.mark.thorough
def test_offer_of_a_long_record_fits_into_one_message() -> None:
    """Whatever was recorded, the blocks stay within Slack's limits."""
    ledger = eventful()
    for minute in range(200):
        ledger.promote(ledger.note(minute, "<&> " * 300), "cause")
        ledger.reopen(300 + minute, phase=3 + minute, reason="again " * 100)

    _, blocks = offer(ledger.incident(), revision_of(ledger), None, (), str)

    texts = [block["text"]["text"] for block in blocks if "text" in block]
    assert len(blocks) <= BLOCKS_PER_MESSAGE
    assert sum(map(len, texts)) <= LETTERS_PER_MESSAGE
    assert max(map(len, texts)) <= 3000
