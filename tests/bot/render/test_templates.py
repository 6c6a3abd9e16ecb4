import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from markdown_it import MarkdownIt

from analysis.approval import Signatory, with_approval, with_revision
from analysis.events import EventKind, Source
from analysis.evidence import Links
from analysis.postmortem import from_tree, to_tree
from bot.ports.outside import Renderer
from bot.render.templates import TemplateRenderer, template_folder
from tests.effort import leading
from tests.ledgers import Ledger, eventful

DATA = Path(__file__).parents[2] / "data"
LINKS = Links(workspace_url="https://bank.slack.com", hosts=frozenset({"ci.bank.example"}))
ATTACKS = [
    "</td></tr></table><script>alert(1)</script>",
    "| a | b |\n|---|---|\n# heading\n\n- item",
    "[text](https://evil.example) ![image](https://evil.example/x.png)",
    "<img src=x onerror=alert(1)> &lt;script&gt;",
    "\" onmouseover=\"alert(1) ' style='x",
    "https://evil.example www.evil.example ada@bank.example",
    "{{ 7 * 7 }}{% for x in y %}",
    "-->\n<!--",
    "`code` *bold* ```\nfence",
    "> quote\n\n1. one\n---",
]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Return the renderer with the templates that are shipped."""
    return TemplateRenderer()


def tree_of(words: Callable[[int], str]) -> dict[str, Any]:
    """The document of an incident in which every text and name is from *words*."""
    ledger = eventful()
    ledger.events = [
        replace(
            event,
            text=words(place) if event.kind is not EventKind.MILESTONE_SET else event.text,
            payload={
                name: words(place) if name in {"service", "reason"} else value for name, value in event.payload.items()
            },
        )
        for place, event in enumerate(ledger.events)
    ]
    ledger.add(EventKind.EXTERNAL, 3, words(1), {"service": words(2)}, actor=words(3), source=Source.WEBHOOK)
    ledger.add(EventKind.FEATURE_FLAG, 3, words(4), {"flag": words(5), "value": words(6)}, actor=words(7))
    return to_tree(ledger.document(names=lambda actor: f"{words(len(actor))}", links=LINKS, zone="Europe/Berlin"))


@pytest.mark.parametrize(("form", "name"), [("markdown", "golden_postmortem.md"), ("html", "golden_postmortem.html")])
def test_document_renders_as_the_golden_file(
    request: pytest.FixtureRequest, renderer: Renderer, form: str, name: str
) -> None:
    """An eventful incident reads, to the letter, as somebody has read and accepted it."""
    tree = with_revision(
        to_tree(eventful().document(links=LINKS)),
        number=2,
        authors=[Signatory(id="slack:UBO", name="Bo"), Signatory(id="slack:UADA", name="Ada")],
        ledger_seq=31,
        ledger_hash=b"\x0a" * 32,
    )

    made = renderer.render(tree, form=form)

    if request.config.getoption("--update-golden"):
        (DATA / name).write_bytes(made)
    assert made.decode() == (DATA / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("runs", leading(1, [20, 100]))
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_rendering_is_byte_identical(form: str, runs: int) -> None:
    """Many drafts of the same record, by five renderers, are the same bytes."""
    renderers = [TemplateRenderer() for _ in range(5)]

    made = {renderers[run % 5].render(to_tree(eventful().document()), form=form) for run in range(runs)}

    assert len(made) == 1


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_approved_file_is_the_signed_bytes_and_the_approval(renderer: Renderer, form: str) -> None:
    """What was signed is the beginning of what is published, so anybody can check it."""
    tree = to_tree(eventful().document())
    approved = with_approval(
        tree,
        approver=Signatory(id="slack:UKIM", name="Kim *the* <approver>"),
        approved_at=datetime(2024, 3, 2, 9, tzinfo=UTC),
        signature=b"\xab" * 32,
        is_alone=True,
    )

    signed, published = renderer.render(tree, form=form), renderer.render(approved, form=form)

    assert published.startswith(signed)
    block = published[len(signed) :].decode()
    assert "ab" * 32 in block
    assert "2024-03-02 09:00:00 UTC" in block
    assert "alone, as an author of this document" in block
    assert "Kim" in block
    assert "(slack:UKIM)" in block
    assert "*the*" not in block or form == "html"
    assert "<approver>" not in block


def test_markdown_structure_does_not_depend_on_texts(renderer: Renderer) -> None:
    """Texts, titles, names and payloads that look like markup add no heading, link, cell, list or HTML."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    calm = renderer.render(tree_of(lambda _place: "calm words"), form="markdown").decode()
    hostile = renderer.render(tree_of(lambda place: ATTACKS[place % len(ATTACKS)]), form="markdown").decode()

    def shape(source: str) -> list[str]:
        tokens = parser.parse(source)
        children = [child.type for token in tokens for child in token.children or ()]
        neutral = {"text", "text_special", "softbreak", "code_inline"}
        return [token.type for token in tokens] + [kind for kind in children if kind not in neutral]

    assert shape(hostile) == shape(calm)
    assert "evil.example](" not in hostile
    assert r"\{\{ 7 \* 7 \}\}" in hostile


class _Shape(HTMLParser):
    """The tags of a page with the names of their attributes, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: set[str] = set()
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one tag."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.links |= {value or "" for name, value in attrs if name in {"href", "src"}}

    def handle_comment(self, data: str) -> None:
        """Note one comment."""
        self.comments.append(data)


def shape_of(page: bytes) -> _Shape:
    """What a browser sees."""
    shape = _Shape()
    shape.feed(page.decode())
    shape.close()
    return shape


def test_html_structure_does_not_depend_on_texts(renderer: Renderer) -> None:
    """Texts, titles, names and payloads that look like HTML stay text."""
    calm = shape_of(renderer.render(tree_of(lambda _place: "calm words"), form="html"))
    hostile = shape_of(renderer.render(tree_of(lambda place: ATTACKS[place % len(ATTACKS)]), form="html"))

    assert hostile.tags == calm.tags
    assert hostile.links == calm.links
    assert hostile.comments == []


def test_html_lets_what_people_wrote_run_from_right_to_left(renderer: Renderer) -> None:
    """A title, name or note in Arabic or Hebrew turns nothing around it about; our own sentences stay as they are."""
    word = "\u0645\u0631\u062d\u0628\u0627"
    tree = tree_of(lambda _place: word)

    page = renderer.render(tree, form="html").decode()

    assert f"<h1>Postmortem #12: <bdi>{word}</bdi></h1>" in page
    assert f"<dt>Incident commander</dt><dd><bdi>{word}</bdi>" in page
    assert f'<td class="what" dir="auto">“{word}”' in page
    assert f"<bdi>incident commander ({word})</bdi></td>" in page
    assert f"<li>{word} was incident commander from" in page


def test_html_lets_a_company_write_from_right_to_left(renderer: Renderer) -> None:
    """Words of its template set the direction of their line; what it places in there keeps its own."""
    word = "\u0645\u0631\u062d\u0628\u0627"
    runs = [
        {"text": word, "mark": "", "link": "", "place": ""},
        {"text": "", "mark": "", "link": "", "place": "number"},
    ]
    blocks = [
        {"kind": kind, "level": 2, "runs": runs, "rows": [], "place": ""}
        for kind in ("heading", "paragraph", "quote", "item", "step")
    ]
    table = {"kind": "table", "level": 0, "runs": [], "rows": [[runs], [runs]], "place": ""}
    tree = tree_of(lambda _place: "calm words")

    page = renderer.render(
        {**tree, "style": {"name": "company", "template": "1", "layout": [*blocks, table]}}, form="html"
    ).decode()

    assert re.findall(rf'<(\w+)[^>]* dir="auto">{word}<bdi dir="ltr">12</bdi>', page) == [
        *("h2", "p", "p", "li", "li", "th", "td")
    ]


def test_html_is_self_contained(renderer: Renderer) -> None:
    """The page asks for nothing, runs nothing, and its links lead to its own lines or to allowed evidence."""
    page = renderer.render(to_tree(eventful().document(links=LINKS)), form="html")

    shape = shape_of(page)

    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in shape.tags}
    outside = {link for link in shape.links if not link.startswith("#E")}
    assert {link.split("/")[2] for link in outside} == {"bank.slack.com", "ci.bank.example"}
    assert b"default-src 'none'" in page
    assert b"prefers-color-scheme: dark" in page
    assert b"@media print" in page


def test_html_citations_lead_to_lines_of_the_timeline(renderer: Renderer) -> None:
    """Every label that a sentence cites is the id of a row."""
    page = renderer.render(to_tree(eventful().document()), form="html").decode()

    targets = {link.removeprefix("#") for link in shape_of(page.encode()).links if link.startswith("#")}

    assert targets
    assert all(f'<tr id="{label}">' in page for label in targets)


def test_forged_links_in_a_tree_are_not_rendered(renderer: Renderer) -> None:
    """Even a stored tree cannot smuggle an address past the renderer."""
    document = eventful().document()
    rows = tuple(replace(row, link="javascript:alert(1)") for row in document.timeline)
    tree = to_tree(replace(document, timeline=rows))

    made = [renderer.render(tree, form=form) for form in ("markdown", "html")]

    assert all(b"javascript" not in one for one in made)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_what_is_at_odds_is_marked_wherever_it_stands(renderer: Renderer, form: str) -> None:
    """A header fact, a statement and a duration that their entries do not bear out are marked, and nothing else is."""
    document = eventful().document()
    summary, *rest = document.sections
    forged = replace(
        document,
        facts=(replace(document.facts[0], value="SEV4"), *document.facts[1:]),
        sections=(replace(summary, statements=(replace(summary.statements[0], events=("E99",)),)), *rest),
        durations=tuple(replace(row, text="1 h 1 s" if row.seconds else row.text) for row in document.durations),
    )

    page = renderer.render(to_tree(forged), form=form).decode()

    marked = [line for line in page.splitlines() if "(at odds with the entries cited)" in line]
    measured = [row for row in document.durations if row.seconds]
    assert measured
    assert ["SEV4" in marked[0], "E99" in marked[1]] == [True, True]
    assert ["1 h 1 s" in line for line in marked[2:]] == [True] * len(measured)
    assert r"\*" not in "".join(marked)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_missing_fields_are_refused(renderer: Renderer, form: str) -> None:
    """A tree without one of its fields is an error, never an empty place."""
    tree = to_tree(eventful().document())
    del tree["severity"], tree["facts"]

    with pytest.raises(UndefinedError):
        renderer.render(tree, form=form)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_local_times_stand_beside_utc(renderer: Renderer, form: str) -> None:
    """With a zone the timeline has its clock too, with the offset, also in the hour that exists twice."""
    ledger = Ledger()
    ledger.declare(minutes=(239 * 24 + 14) * 60 + 30)
    ledger.note((239 * 24 + 15) * 60 + 30, "an hour later")

    made = renderer.render(to_tree(ledger.document(zone="Europe/Berlin")), form=form).decode()

    assert "2024-10-27 02:30:00 +0200" in made
    assert "2024-10-27 02:30:00 +0100" in made


def test_stored_documents_render_as_fresh_ones(renderer: Renderer) -> None:
    """What comes back from storage gives the same bytes."""
    tree = to_tree(eventful().document())

    assert renderer.render(to_tree(from_tree(tree)), form="html") == renderer.render(tree, form="html")


def test_version_changes_with_the_templates(renderer: Renderer, tmp_path: Path) -> None:
    """Any edit of a template is another version, and so another signature."""
    for file in template_folder().glob("*.j2"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    same = TemplateRenderer(tmp_path).version
    (tmp_path / "postmortem.md.j2").write_text("# {{ title }}\n")

    other = TemplateRenderer(tmp_path).version

    assert same == renderer.version
    assert other != same
