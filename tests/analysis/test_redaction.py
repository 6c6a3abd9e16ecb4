"""What was erased is taken out of a document's tree, or the tree goes as a whole; never is a part overlooked."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analysis.document_tree import from_tree, to_tree
from analysis.redaction import TOMBSTONE, Erased, phrases, quotes, redact, rests_on
from tests.ledgers import eventful

NOTE = "rolled back card-auth to 4.1.9"


def _tree() -> dict[str, Any]:
    return to_tree(eventful().document())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _keys(tree: dict[str, Any], words: str) -> frozenset[str]:
    return frozenset(row["key"] for row in tree["timeline"] if words in row["said"])


def test_statements_that_rest_on_an_erased_note_are_tombstones() -> None:
    """Row and statements lose their words, everything else stays, and the tree is still a document."""
    tree = _tree()

    redacted = redact(tree, Erased(keys=_keys(tree, NOTE), phrases=phrases([NOTE])))

    assert NOTE in json.dumps(tree)
    assert "rolled back" not in json.dumps(redacted)
    assert TOMBSTONE in json.dumps(redacted)
    assert "3 % of card payments fail" in json.dumps(redacted)
    assert from_tree(redacted).durations == from_tree(tree).durations


def test_title_is_taken_out_though_it_cites_nothing() -> None:
    """The head of the document repeats the declaration."""
    tree = _tree()
    title = tree["title"]

    redacted = redact(tree, Erased(keys=_keys(tree, title), phrases=phrases([title])))

    assert redacted["title"] == TOMBSTONE
    assert title not in json.dumps(redacted)


def test_document_goes_as_a_whole_where_words_are_left() -> None:
    """Words that another sentence has taken over cannot be told from it, so nothing of the document stays."""
    tree = _tree()

    assert redact(tree, Erased(phrases=phrases([NOTE]))) == {}


def test_document_that_shows_nothing_of_it_is_left_alone() -> None:
    """An erasure elsewhere is no reason to touch a draft."""
    tree = _tree()

    assert not rests_on(
        tree, Erased(keys=frozenset({"note:unknown"}), phrases=phrases(["something that nobody ever said"]))
    )
    assert rests_on(tree, Erased(keys=_keys(tree, NOTE)))
    assert rests_on(tree, Erased(phrases=phrases([NOTE])))


@given(place=st.integers(0, 200), whole=st.booleans())
def test_whatever_is_erased_is_nowhere_in_what_is_left(place: int, whole: bool) -> None:  # noqa: FBT001 - drawn
    """Of no line of the timeline do its words survive its own erasure, whether its key is known or not."""
    tree = _tree()
    row = tree["timeline"][place % len(tree["timeline"])]
    erased = phrases([row["said"]])

    left = redact(tree, Erased(keys=frozenset({row["key"]}) if whole else frozenset(), phrases=erased))

    assert not any(quotes(each, erased) for each in _strings(left))


def test_few_words_in_a_row_are_a_quotation_whatever_stands_between_them() -> None:
    """Case and punctuation do not matter, the order does; fewer words than that are compared whole."""
    erased = phrases(["Card 4711 of Frau Huber was charged twice", "Huber"])

    found = [
        quotes(text, erased)
        for text in ("CARD-4711: of frau …", "mrs huber", "was twice charged", "card 4711", "", "huberta")
    ]

    assert found == [True, True, False, False, False, False]
