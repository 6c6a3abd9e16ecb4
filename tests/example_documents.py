"""The example incidents that templates are tried on: `templates/styles/examples.json` holds what this makes."""

import json
from dataclasses import replace
from typing import Any

from analysis.document import Basis, Document, Section, Statement
from analysis.document_tree import to_tree
from analysis.events import EventKind, Source
from analysis.writing.account import KEY, TITLE
from tests.ledgers import Ledger, eventful


def whole() -> Document:
    """Something of everything: two phases, a contradiction, gaps, alerts that nobody looked at, changed messages."""
    ledger = eventful()
    for number in (42, 43):
        payload = {"group": f"G-{number}", "rule": f"CardAuthLatency{number}", "because": "the same service"}
        ledger.add(EventKind.ALERT_GROUP_ATTACHED, 5, f"Alerts G-{number} attached", payload, source=Source.DEBRIEF)
    return ledger.document()


def bare() -> Document:
    """An incident of which hardly anything is on record, so that nearly everything is asked."""
    ledger = Ledger()
    ledger.declare(title="Payouts are late")
    ledger.note(4, "the queue of payouts grows")
    ledger.status(40, "declared", "resolved")
    return ledger.document()


def with_account() -> Document:
    """The whole one with sentences of a language model."""
    document = whole()
    said = Statement(text="The severity rose to SEV1.", events=("E9",), basis=Basis.WRITTEN)
    account = Section(key=KEY, title=TITLE, statements=(said,))
    return replace(document, sections=(document.sections[0], account, *document.sections[1:]))


def example_documents() -> dict[str, dict[str, Any]]:
    """Each by what it is called on the command line."""
    made = {
        "an eventful incident": whole(),
        "one with little on record": bare(),
        "one with a model's account": with_account(),
    }
    return {name: to_tree(document) for name, document in made.items()}


def as_file(documents: dict[str, dict[str, Any]]) -> str:
    """The text of the file."""
    return json.dumps(documents, ensure_ascii=False, indent=1) + "\n"
