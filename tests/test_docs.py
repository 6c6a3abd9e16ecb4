"""The documentation keeps up: every setting has its line, every link leads somewhere, every target is listed."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from analysis.incident import Visibility
from bot.late import build_signing
from bot.settings import AlertFormat, Settings
from bot.web.formats.datadog import PAYLOAD

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


def test_settings_page_has_a_row_for_every_setting() -> None:
    """The page lists exactly the fields of `Settings`."""
    page = (ROOT / "docs/reference/settings.md").read_text()

    rows = re.findall(r"^\| `DEBRIEF_([A-Z_]+)` \|", page, re.MULTILINE)

    assert sorted(rows) == sorted(name.upper() for name in Settings.model_fields)


def test_example_environment_names_settings_only() -> None:
    """Every variable of `.env.example` is read by somebody."""
    names = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    known = {f"DEBRIEF_{name.upper()}" for name in Settings.model_fields} | {"POSTGRES_PASSWORD"}

    assert set(names) - known == set()


def test_private_documents_go_where_the_page_says(tmp_path: Path) -> None:
    """Whatever audience and targets are set, a private incident's are its own, and the page has them word for word."""
    page = (ROOT / "docs/reference/private-incidents.md").read_text()

    terms = build_signing(Settings(publish_git_dir=tmp_path, audience="the board")).terms(Visibility.PRIVATE)

    assert terms["targets"] == ["channel"]
    assert f"Its audience is *{terms['audience']}*" in page
    assert "It is published to its own channel only" in page


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_page_links_lead_somewhere(page: Path) -> None:
    """A relative link names a file that exists."""
    targets = LINK.findall(page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_map_reaches_every_page() -> None:
    """Each page under docs/ is linked from the map or from the list of decisions."""
    maps = [ROOT / "docs/README.md", ROOT / "docs/decisions/README.md"]
    linked = {(page.parent / target).resolve() for page in maps for target in LINK.findall(page.read_text())}

    pages = {page.resolve() for page in (ROOT / "docs").rglob("*.md")}

    assert sorted(str(page.relative_to(ROOT)) for page in pages - linked - set(maps)) == []


def test_makefile_targets_are_in_its_help() -> None:
    """`make help` lists every target a person may want, and runs without set-up."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)

    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert phony is not None
    assert [name for name in phony[1].split() if f"make {name} " not in listed] == ["system-packages"]


def test_page_of_alerts_shows_the_payload_that_is_read() -> None:
    """What people paste into Datadog is what the reader expects, and each format has its part."""
    page = (ROOT / "docs/reference/alerts.md").read_text(encoding="utf-8")

    shown = re.search(r"```json\n(.*?)```", page, re.DOTALL)

    assert shown is not None
    assert json.loads(shown[1]) == dict(PAYLOAD)
    assert [form for form in AlertFormat if f"ormat `{form}`" not in page] == []
