"""The styles that Debrief brings along: complete, cited, the same bytes every time, and safe from texts."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from analysis.approval import Signatory, with_approval
from analysis.document import claims
from analysis.document_tree import from_tree, is_readable, to_tree
from analysis.events import EventKind
from analysis.incident_record import read_record
from analysis.places import to_look_at
from analysis.styles import Style, has_timeline, style_of, with_style
from benchmarks.draft_bytes import compare, prepare
from bot.render.placing import placed_sentences
from bot.render.reading import plain_text
from bot.render.styling import Styles
from bot.render.templates import TemplateRenderer, template_folder
from tests.bot.render.test_real_records import document_of
from tests.bot.render.test_templates import ATTACKS, LINKS, tree_of
from tests.effort import thinned
from tests.example_documents import as_file, example_documents
from tests.ledgers import eventful
from tests.shared_data import RECORDS, each_of

DATA = Path(__file__).parents[2] / "data"
BROUGHT = [Style.PAGERDUTY, Style.SHORT]
STYLES, RENDERER = Styles(), TemplateRenderer()
EXAMPLES = example_documents()


def in_style(tree: Mapping[str, Any], style: Style) -> dict[str, Any]:
    """The document in *style*; that must not fail."""
    styled = STYLES(tree, style)
    assert styled.failure == ""
    return with_style(tree, styled.block)


def markdown(tree: Mapping[str, Any]) -> str:
    """The document as it would be published."""
    return RENDERER.render(tree, form="markdown").decode()


@pytest.mark.parametrize("style", BROUGHT)
def test_style_renders_as_the_golden_file(request: pytest.FixtureRequest, style: Style) -> None:
    """An eventful incident reads, to the letter, as somebody has read and accepted it."""
    made = markdown(in_style(EXAMPLES["an eventful incident"], style))

    golden = DATA / f"golden_{style}.md"
    if request.config.getoption("--update-golden"):
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


def test_examples_that_are_shipped_are_of_the_present_form(request: pytest.FixtureRequest) -> None:
    """A template is tried on documents as they are composed today, and nothing in them is at odds with its entries."""
    file = template_folder() / "styles" / "examples.json"

    if request.config.getoption("--update-golden"):
        file.write_text(as_file(EXAMPLES), encoding="utf-8")
    shipped = json.loads(file.read_text(encoding="utf-8"))
    assert shipped == EXAMPLES
    assert all(is_readable(tree) for tree in shipped.values())
    assert all(claim.supported for tree in shipped.values() for claim in claims(from_tree(tree)))


def test_default_style_is_the_document_as_it_was() -> None:
    """Naming it changes no byte."""
    tree = EXAMPLES["an eventful incident"]

    for form in ("markdown", "html"):
        assert RENDERER.render(in_style(tree, Style.SRE), form=form) == RENDERER.render(tree, form=form)


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("style", BROUGHT)
def test_every_placed_part_is_read_whole_with_its_entries(style: Style, example: str) -> None:
    """What a reader of the rendered Markdown sees has each statement, its entries behind it, and each question."""
    styled = in_style(EXAMPLES[example], style)

    shown = " ".join(plain_text(markdown(styled)).split())

    sentences = placed_sentences(styled)
    assert len(sentences) > 5
    assert [sentence for sentence in sentences if sentence not in shown] == []


@pytest.mark.parametrize("style", BROUGHT)
def test_what_must_be_noticed_is_in_every_style(style: Style) -> None:
    """Contradictions, gaps and unlooked alerts stand there whole, or counted with where they are."""
    tree = EXAMPLES["an eventful incident"]

    shown = " ".join(plain_text(markdown(in_style(tree, style))).split())

    said = next(one for one in tree["sections"] if one["key"] == "open_questions")["statements"]
    whole = [f"{one['text']} ({', '.join(one['events'])})" in shown for one in said]
    counted = [f"{line.name}: {line.text}" in shown for line in to_look_at(tree)]
    assert len(said) > 6
    assert all(whole) or (style is Style.SHORT and all(counted))


@pytest.mark.parametrize("style", list(Style)[:3])
def test_account_of_the_model_stands_in_every_style_alike(style: Style) -> None:
    """Its sentences are marked as the model's, and the header says what it had part in."""
    block = {"model": "m-1", "versions": {}, "asked": 2, "kept": 1, "because": "", "note": "3 of 9 entries"}
    tree = {**EXAMPLES["one with a model's account"], "writing": block}

    made = markdown(in_style(tree, style))

    assert "\n## Account\n\n- The severity rose to SEV1. (model) (E9)\n" in made
    assert "the account by a language model (m-1): 1 of its 2 sentences stands, each" in made
    assert "- **Shown to the model:** 3 of 9 entries\n" in made
    assert made.rstrip().endswith("The signature covers everything above and the evidence it rests on.")


@pytest.mark.parametrize("style", BROUGHT)
def test_cause_and_lessons_are_asked_and_never_invented(style: Style) -> None:
    """Of an incident of which little is on record, people are asked."""
    made = markdown(in_style(EXAMPLES["one with little on record"], style))

    assert "\n> Cause: not yet established.\n" in made
    assert "who owns it, by when" in made
    assert ("To be completed by the people who were there." in made) == (style is Style.PAGERDUTY)


def test_short_style_fits_on_a_screen_of_a_record_of_500_entries(tmp_path: Path) -> None:
    """However long the record, what must be known is in some fifty lines; each line of the record cites."""
    document = document_of(_shape(DATA / "long_record.json"))

    made = markdown(in_style(to_tree(document), Style.SHORT))

    assert len(document.timeline) > 500
    assert len(made.splitlines()) < 60
    assert len(made) < 5000
    assert "entries of the incident's timeline, which is not in this document" in made


def _shape(path: Path) -> dict[str, Any]:
    record = read_record(path.read_bytes())
    return {
        "title": record.title,
        "timeline": [{"at": entry.at.isoformat(), "text": entry.text or "-"} for entry in record.entries],
    }


@pytest.mark.parametrize("path", each_of(thinned(RECORDS, every=8)), ids=lambda path: path.stem)
@pytest.mark.parametrize("style", BROUGHT)
def test_real_record_is_laid_out_whole(style: Style, path: Path) -> None:
    """The incidents that people recorded elsewhere lose nothing that must be noticed, and repeat to the byte."""
    tree = to_tree(document_of(json.loads(path.read_text(encoding="utf-8"))))

    one, again = (markdown(in_style(tree, style)) for _ in range(2))

    shown = " ".join(plain_text(one).split())
    assert one == again
    assert [sentence for sentence in placed_sentences(in_style(tree, style)) if sentence not in shown] == []


@pytest.mark.parametrize("style", BROUGHT)
def test_structure_does_not_depend_on_texts(style: Style) -> None:
    """Texts, titles, names and payloads that look like markup or Jinja add nothing and are never evaluated."""
    calm, hostile = (
        in_style(tree_of(words), style)
        for words in (lambda _place: "calm words", lambda place: ATTACKS[place % len(ATTACKS)])
    )

    def shape(tree: Mapping[str, Any]) -> list[str]:
        tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown(tree))
        children = [child.type for token in tokens for child in token.children or ()]
        neutral = {"text", "text_special", "softbreak", "code_inline"}
        return [token.type for token in tokens] + [kind for kind in children if kind not in neutral]

    assert shape(hostile) == shape(calm)
    assert _tags(hostile) == _tags(calm)
    assert "49" not in markdown(hostile).replace("E49", "")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag and where it leads."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def _tags(tree: Mapping[str, Any]) -> list[str]:
    parser = _Tags()
    parser.feed(RENDERER.render(tree, form="html").decode())
    return parser.tags


@pytest.mark.parametrize("style", BROUGHT)
def test_page_is_self_contained_and_its_citations_lead_somewhere(style: Style) -> None:
    """No link leads to a line that is not on the page, and nothing is asked of any other address."""
    page = RENDERER.render(in_style(to_tree(eventful().document(links=LINKS)), style), form="html").decode()
    parser = _Tags()
    parser.feed(page)

    inside = [link for link in parser.links if link.startswith("#")]
    assert all(f'<tr id="{link[1:]}">' in page for link in inside)
    assert bool(inside) == (style is Style.PAGERDUTY)
    assert {link.split("/")[2] for link in parser.links if link not in inside} <= {"bank.slack.com", "ci.bank.example"}
    assert not {"script", "img", "iframe", "form"} & set(parser.tags)


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("style", BROUGHT)
def test_approved_file_is_the_signed_bytes_and_the_approval(style: Style, form: str) -> None:
    """In every style, what was signed is the beginning of what is published."""
    tree = in_style(EXAMPLES["an eventful incident"], style)
    approved = with_approval(
        tree,
        approver=Signatory(id="slack:UKIM"),
        approved_at=datetime(2024, 3, 2, 9, tzinfo=UTC),
        signature=b"\xab" * 32,
        is_alone=False,
    )

    signed, published = RENDERER.render(tree, form=form), RENDERER.render(approved, form=form)

    assert published.startswith(signed)
    assert "ab" * 32 in published[len(signed) :].decode()


@pytest.mark.parametrize("style", BROUGHT)
def test_what_is_at_odds_is_marked_in_every_style(style: Style) -> None:
    """A header fact that its entries do not bear out is marked wherever a style has it."""
    document = eventful().document()
    forged = replace(document, facts=(replace(document.facts[0], value="SEV4"), *document.facts[1:]))

    made = markdown(in_style(to_tree(forged), style))

    (line,) = [line for line in made.splitlines() if "SEV4" in line]
    assert line.endswith("**(at odds with the entries cited)**")


def test_timeline_is_said_to_be_there_where_it_is() -> None:
    """What the labels are is said truly."""
    tree = EXAMPLES["an eventful incident"]

    assert [has_timeline(in_style(tree, style)) for style in list(Style)[:3]] == [True, True, False]
    assert style_of(in_style(tree, Style.SHORT)) is Style.SHORT


def test_unlooked_alerts_are_a_kind_the_examples_have() -> None:
    """Otherwise the tests above would prove nothing of them."""
    tree = EXAMPLES["an eventful incident"]

    assert len(tree["findings"]["unlooked"]) == 2
    assert sum(row["kind"] == EventKind.ALERT_GROUP_ATTACHED for row in tree["timeline"]) == 2


@pytest.mark.thorough
def test_drafts_are_the_same_bytes_in_processes_with_other_hash_seeds(tmp_path: Path) -> None:
    """`python -m benchmarks.draft_bytes` does the same a hundred times with the record of 500 entries."""
    record = {
        "id": "two-lines",
        "title": "Payouts are late",
        "timezone": "UTC",
        "timeline": [
            {"at": "2024-03-01T10:00:00+00:00", "text": "the queue grows"},
            {"at": "2024-03-01T12:00:00+00:00", "text": "the queue is empty"},
        ],
    }
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    prepare(tmp_path, file)

    found = compare(tmp_path, (1, 2))

    assert {style: len(counts) for style, counts in found.items()} == dict.fromkeys(Style, 1)
