"""What a style must not drop, and what it says of a document."""

import pytest

from analysis.document_tree import to_tree
from analysis.errors import InvalidInput
from analysis.layout import Block, BlockKind, Run, layout_tree, read_layout
from analysis.places import MOST_NAMED, missing, more, places, to_look_at
from analysis.styles import (
    Style,
    how_styled,
    in_style,
    instead_of,
    style_named,
    style_of,
    style_terms,
    wanted_style,
    with_style,
)
from tests.example_documents import example_documents
from tests.ledgers import Ledger

EXAMPLES = example_documents()
WHOLE, BARE, ACCOUNT = EXAMPLES.values()
#: The least that a document of each kind must have in it.
LEAST = ("section:contributing_factors", "to_look_at", "section:account")


@pytest.mark.parametrize("said", ["short", " SHORT ", "Short"])
def test_style_is_named_by_its_word(said: str) -> None:
    """Case and spaces around it do not matter."""
    assert style_named(said) is Style.SHORT


def test_nothing_said_names_no_style() -> None:
    """The workspace's own style is for whoever reads the words to know."""
    assert style_named("  ") is None


@pytest.mark.parametrize(
    ("said", "hint"), [("shrot", " Did you mean `draft short`?"), ("now please", ""), ("pager", " Did you mean")]
)
def test_strange_style_is_refused_with_those_there_are(said: str, hint: str) -> None:
    """Words that name no style are never dropped in silence."""
    with pytest.raises(InvalidInput) as refused:
        style_named(said)

    assert "use sre, pagerduty, short or company." in refused.value.message
    assert hint in refused.value.message


def test_document_from_before_there_were_styles_is_in_the_default_one() -> None:
    """What is stored without a word of its style goes on as it was."""
    assert (style_of(WHOLE), wanted_style(WHOLE), how_styled(WHOLE)) == (Style.SRE, Style.SRE, "")
    assert style_terms(WHOLE) == {"style": "sre"}


def test_failed_style_is_said_with_its_reason_and_still_wanted() -> None:
    """Another draft asks for the style that failed, not for the one that stood in for it."""
    tree = with_style(WHOLE, instead_of(Style.COMPANY, "1a2b", "own.md.j2, line 3: x is undefined."))

    assert how_styled(tree) == (
        " In the style sre, because the style company failed: own.md.j2, line 3: x is undefined."
    )
    assert (style_of(tree), wanted_style(tree)) == (Style.SRE, Style.COMPANY)
    assert style_terms(tree) == {"style": "sre", "template": "1a2b", "instead_of": "company"}


@pytest.mark.parametrize("tree", EXAMPLES.values(), ids=EXAMPLES)
def test_least_is_enough_and_less_is_not(tree: dict[str, object]) -> None:
    """Causes, what to look at, and the account where there is one: without any of them it is said what is missing."""
    assert missing(tree, LEAST) == []
    lacks = [missing(tree, [one for one in LEAST if one != left]) for left in LEAST]
    assert [len(one) for one in lacks] == [1, tree is not BARE, tree is ACCOUNT]
    assert "the causes, or the question for them" in lacks[0][0]


def test_statements_one_by_one_are_as_good_as_their_section() -> None:
    """A template may take a section apart, but may not leave a part of it."""
    found = places(WHOLE)
    apart = [place for place in found if place.startswith(("statement:", "ask:"))]

    assert missing(WHOLE, apart) == []
    for left in ("statement:contributing_factors:0", "statement:open_questions:0"):
        assert len(missing(WHOLE, [place for place in apart if place != left])) == 1
    assert len(missing(BARE, [one for one in places(BARE) if one.startswith("statement:")])) == 1


def test_what_to_look_at_counts_everything_that_is_open() -> None:
    """Each contradiction, gap, unlooked alert and changed entry of the section is counted, with where it is."""
    shown = {line.name: line.text for line in to_look_at(WHOLE)}

    said = {section["key"]: section for section in WHOLE["sections"]}["open_questions"]["statements"]
    assert shown == {
        "Contradictions": "1 (E4, E3)",
        "Gaps": "3 (E16, E17; E20, E21; E25, E26)",
        "Groups of alerts that nobody looked at": "2 (E12; E13)",
        "Entries that were deleted, revised or corrected": "2 (E16; E15)",
    }
    assert {label for one in said for label in one["events"]} >= {"E3", "E4", "E12", "E13", "E15", "E16", "E26"}
    assert to_look_at(BARE) == []


def test_many_places_are_counted_in_full_and_named_in_part() -> None:
    """Of a hundred the first and the last are named, and how many lie between them."""
    ledger = Ledger()
    ledger.declare()
    for number in range(100):
        ledger.promote(ledger.note(number, f"pool {number} is full"), "impact")
    section = to_tree(ledger.document())["sections"][1]

    line = more(section, 3)

    assert line is not None
    assert line.name == "97 more statements"
    assert line.where.count("; ") == MOST_NAMED
    assert line.where.endswith(f"; {97 - MOST_NAMED} between; E101")
    assert more(section, 100) is None


def test_layout_of_a_stranger_is_believed_in_nothing() -> None:
    """Unknown places, parts where they cannot stand, other links and other shapes are refused."""
    good = [Block(kind=BlockKind.PARAGRAPH, runs=(Run(text="a"), Run(place="title")))]
    bad: list[object] = [
        [Block(kind=BlockKind.PARAGRAPH, runs=(Run(place="statement:impact:99"),))],
        [Block(kind=BlockKind.PARAGRAPH, runs=(Run(place="section:impact"),))],
        [Block(kind=BlockKind.PLACE, place="title")],
        [Block(kind=BlockKind.PARAGRAPH, place="section:impact")],
        [Block(kind=BlockKind.TABLE, rows=(((Run(place="facts"),),),))],
        [Block(kind=BlockKind.PARAGRAPH, runs=(Run(text="a", link="http://evil.example"),))],
    ]

    assert read_layout(layout_tree(good), WHOLE) == tuple(good)
    for blocks in bad:
        with pytest.raises(InvalidInput):
            read_layout(layout_tree(blocks), WHOLE)  # type: ignore[arg-type]
    for value in (
        None,
        {},
        [1],
        [{"kind": "script"}],
        [{"kind": "heading", "level": "2"}],
        [{"kind": "rule"}] * 10_001,
    ):
        with pytest.raises(InvalidInput):
            read_layout(value, WHOLE)


def test_style_block_of_the_default_style_has_its_name_alone() -> None:
    """Nothing else of it is signed that was not before."""
    assert in_style(Style.SRE) == {"name": "sre"}
