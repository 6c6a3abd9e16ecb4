"""Templates of free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.text_templates import WILDCARD, TextTemplates, masked_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Disk at 91% on 10.0.0.1:9100", "Disk at 97% on 10.0.0.2:9100"),
        ("request 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed", "request 9f2504e0-4f89-11d3-9a0c-0305e82c3301 failed"),
        ("at 2026-03-02T00:00:30Z the job failed", "at 2026-03-03 12:00:30 the job failed"),
        ("lookup of address cart failed after 3 tries", "lookup of address mail failed after 30 tries"),
    ],
    ids=["numbers", "identifier", "time", "word"],
)
def test_texts_that_differ_in_what_changes_have_one_template(one: str, other: str) -> None:
    """Values, identifiers, times and single words vary within a template."""
    templates = TextTemplates()

    assert templates.key(one) == templates.key(other)


def test_texts_that_say_something_else_have_other_templates() -> None:
    """Likeness below the limit begins a template, whatever the number of words."""
    templates = TextTemplates()

    keys = {templates.key(text) for text in ("Disk is full on db", "Queue has grown a lot", "Disk is full")}

    assert len(keys) == 3


def test_name_of_a_template_never_changes() -> None:
    """A template that has become more general keeps its first name."""
    templates = TextTemplates()
    first = templates.key("payment of card to shop failed")

    assert templates.key("payment of card to bank failed") == first == "payment of card to shop failed"
    assert templates.key("payment of card to shop failed") == first


def test_masked_text_has_a_wildcard() -> None:
    """What is masked is one word."""
    assert masked_words("took 12.5ms, of 100") == ["took", WILDCARD, "of", WILDCARD]


@given(texts=st.lists(st.text(max_size=80), max_size=20))
def test_any_texts_have_templates_and_repeat(texts: list[str]) -> None:
    """Nothing is refused, and the same texts in the same order get the same names."""
    one, other = TextTemplates(), TextTemplates()

    assert [one.key(text) for text in texts] == [other.key(text) for text in texts]
