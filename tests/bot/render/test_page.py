"""The postmortem as a page, in a real browser: on a phone, on a desk and on paper."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analysis.events import EventKind
from analysis.postmortem import to_tree
from bot.render.templates import TemplateRenderer
from demo.browser import ARGUMENTS, ChromiumMissing, find_chromium
from tests.ledgers import eventful

pytestmark = pytest.mark.chromium

PHONE, DESK, PAPER = 360, 1280, 680
_NOTES = [
    "https://grafana.example.com/d/" + "a" * 300,
    "\u0641\u0634\u0644 \u0627\u0644\u062f\u0641\u0639 (card-auth) 10:42",
    "\u6c7a\u6e08\u304c\u5931\u6557\u3057\u3066\u3044\u307e\u3059\u3002" * 20,
    "A sentence of ordinary words that says what somebody saw on the dashboard of the payment service.",
]
#: Words of up to twelve letters in tables that stand on more than one line.
_BROKEN_WORDS = """() => {
  const broken = [];
  for (const cell of document.querySelectorAll("th, td")) {
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const word of walker.currentNode.data.matchAll(/(?<![\\w.:\\/-])\\w{2,12}(?![\\w.:\\/-])/g)) {
        const range = document.createRange();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""
_CUT_OFF = "() => [...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth).length"


def html(tree: dict[str, Any]) -> str:
    """The page of a document."""
    return TemplateRenderer().render(tree, form="html").decode()


def wide_table() -> dict[str, Any]:
    """A table of twelve columns, as a company's template may have."""
    cells = [[{"text": "Responsible team", "mark": "", "link": "", "place": ""}]] * 12
    return {"kind": "table", "level": 0, "runs": [], "rows": [cells, cells], "place": ""}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield Chromium; skip where there is none."""
    try:
        executable = find_chromium()
    except ChromiumMissing as missing:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """Return the page of an incident with long words and other scripts, on the clocks of Berlin as well."""
    ledger = eventful()
    for text in _NOTES:
        ledger.add(EventKind.NOTE, 5, text)
    opened = browser.new_page()
    opened.set_content(html(to_tree(ledger.document(zone="Europe/Berlin"))))
    return opened


@pytest.mark.parametrize(("width", "medium"), [(PHONE, "screen"), (DESK, "screen"), (PAPER, "print")])
def test_tables_keep_words_whole(page: Page, width: int, medium: str) -> None:
    """A long address makes no column so narrow that ordinary words stand letter below letter."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(media="print" if medium == "print" else "screen")

    assert page.evaluate(_BROKEN_WORDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_cuts_no_table_off(page: Page, browser: Browser) -> None:
    """What can be scrolled on a screen is all there on paper, also a table of a company's own with many columns."""
    style = {"name": "company", "template": "1", "layout": [wide_table()]}
    companys = browser.new_page()
    companys.set_content(html({**to_tree(eventful().document()), "style": style}))

    for one in (page, companys):
        one.set_viewport_size({"width": PAPER, "height": 800})
        one.emulate_media(media="print")

    assert companys.locator(".wide td").count() == 12
    assert [one.evaluate(_CUT_OFF) for one in (page, companys)] == [0, 0]


def test_phone_reads_an_entry_without_scrolling_sideways(page: Page) -> None:
    """Each line of the timeline is a block: when, what, who."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.emulate_media(media="screen")

    texts = page.locator(".timeline .what")
    edges = texts.evaluate_all("cells => cells.map((one) => one.getBoundingClientRect().right)")

    assert max(edges) <= PHONE


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_entry_that_a_citation_leads_to_is_in_sight(page: Page, width: int) -> None:
    """Its frame lies within the table, which would cut it off, and below the edge of the window."""
    page.set_viewport_size({"width": width, "height": 500})
    page.emulate_media(media="screen")

    page.locator("main ul .cites a").first.click()
    frame = page.locator("tr:target")

    assert frame.evaluate("row => getComputedStyle(row).outlineOffset") == "-2px"
    assert frame.evaluate("row => row.getBoundingClientRect().top") > 0


def test_tables_are_reached_and_named_without_a_mouse(page: Page) -> None:
    """What can be scrolled takes the focus and says what it is, and each entry heads its line."""
    names = [one.get_attribute("aria-label") for one in page.locator(".wide[tabindex='0']").all()]

    assert names == ["Milestones", "Durations", "Timeline"]
    assert page.locator(".timeline thead th").first.inner_text() == "Entry"
    assert page.get_by_role("rowheader", name="E1", exact=True).count() == 1
