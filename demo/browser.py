"""The stand-in's page in a headless Chromium, as a person would see and use it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: Nothing beyond loopback: no updates, no sync, no first-run pages.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WIDTH = 1280
HEIGHT = 960
_PATIENCE_MILLISECONDS = 20_000


class ChromiumMissing(Exception):
    """No Chromium is installed; the message says what to do."""


def find_chromium() -> str:
    """Where the system's Chromium is."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise ChromiumMissing("Chromium is missing. Install the system's package chromium, or look at the demo yourself.")


class Screen:
    """One person at the page: who they are, where they look, what they press."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def act_as(self, real_name: str) -> None:
        """Choose who clicks from now on."""
        self.page.locator(".actas select").last.select_option(label=real_name)

    def open_channel(self, name: str) -> None:
        """Go to a channel, whose messages are there then."""
        self.page.locator(".sidebar-item", has_text=name).first.click()
        self.page.locator(".channel-title", has_text=name).wait_for()

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """The newest message that holds *text*."""
        return self.page.locator(".msg", has_text=text).last

    def press(self, text: str) -> None:
        """Press the newest button with that text."""
        self.page.get_by_role("button", name=text, exact=True).last.click()

    def see_as_slack_shows(self) -> None:
        """Undo two of the page's differences from Slack: answers meant for others show, and date tokens stay raw."""
        self.page.add_style_tag(content=".msg:has(.badge-eph) { display: none; }")
        self.page.evaluate(_RENDER_DATE_TOKENS)

    def resize(self, height: int) -> None:
        """Make the window as high as that."""
        width = (self.page.viewport_size or {"width": _WIDTH})["width"]
        self.page.set_viewport_size({"width": width, "height": height})

    def picture(self, path: Path) -> None:
        """Write what is on the screen as a PNG file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)


@contextmanager
def screen(url: str, *, width: int = _WIDTH, height: int = HEIGHT) -> Iterator[Screen]:
    """Open the stand-in's page in a Chromium of its own."""
    executable = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        try:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_default_timeout(_PATIENCE_MILLISECONDS)
            page.goto(url)
            page.locator(".sidebar-item").first.wait_for()
            yield Screen(page)
        finally:
            browser.close()


_RENDER_DATE_TOKENS = r"""() => {
  const walker = document.createTreeWalker(document.querySelector(".messages"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, "$1")
      .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  }
}"""
