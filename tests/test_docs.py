"""The documentation keeps up: every setting has its line, every link leads somewhere, every target is listed."""

import json
import re
import subprocess
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_core import to_jsonable_python

from analysis.alerts.holding_policy import HoldingPolicy
from analysis.incident import Visibility
from analysis.inventory.things import CARDS, Thing
from bot.cli.commands import MODULES
from bot.late import build_signing
from bot.settings import AlertFormat, Settings
from bot.usecases.verbs import VERBS
from bot.web.formats.datadog import PAYLOAD

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
PLACE = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)#([^)\s]+)\)")
#: How a page writes a default that is empty, or that it describes.
IN_WORDS = {"none", "no limit", "\N{EN DASH}", "the one checked out", "PagerDuty's four"}


def test_settings_page_has_a_row_for_every_setting() -> None:
    """The page lists exactly the fields of `Settings`."""
    page = (ROOT / "docs/reference/settings.md").read_text()

    rows = re.findall(r"^\| `DEBRIEF_([A-Z_]+)` \|", page, re.MULTILINE)

    assert sorted(rows) == sorted(name.upper() for name in Settings.model_fields)


def test_settings_page_has_the_default_of_every_setting() -> None:
    """What is shown as the default is what the setting has where nothing is set; in words, it is empty or many."""
    page = (ROOT / "docs/reference/settings.md").read_text()
    shown = dict(re.findall(r"^\| `DEBRIEF_([A-Z_]+)` \| (.*?) \|", page, re.MULTILINE))
    given = {name: value.strip("`") for name, value in shown.items() if value not in IN_WORDS}

    wrong = [name for name, value in given.items() if _default(name) != _as_default(value)]

    assert wrong == []
    assert [name for name in shown.keys() - given.keys() if _default(name) and name != "OUTSIDE_HOSTS"] == []


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


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_page_links_lead_to_a_heading(page: Path) -> None:
    """What is behind the # of a link is the heading of a section there."""
    places = PLACE.findall(page.read_text())

    lost = [(target, place) for target, place in places if place not in _headings(page.parent / target, page)]

    assert lost == []


def test_pages_name_commands_that_there_are() -> None:
    """Every `debrief VERB` and `/incident VERB` of a page is a command, and every command is on its page."""
    texts = {page.name: page.read_text() for page in PAGES if page.name != "CHANGELOG.md"}
    commands = {
        name for text in texts.values() for name in re.findall(r"(?:`|^ {4,})debrief ([a-z]+)", text, re.MULTILINE)
    }
    verbs = {
        name for text in texts.values() for name in re.findall(r"(?:`|^ {4,})/incident ([a-z]+)", text, re.MULTILINE)
    }

    page = texts["command-line.md"]

    assert commands - MODULES.keys() == set()
    assert verbs - VERBS.keys() == set()
    assert [name for name in MODULES if not re.search(rf"`{name}\b|debrief {name}\b", page)] == []


def test_page_of_permissions_has_the_scopes_of_the_manifest() -> None:
    """Whoever admits the app reads what each scope is for, and no other."""
    page = (ROOT / "docs/reference/permissions.md").read_text()
    rows = re.findall(r"^\| (`[a-z:`, ]+`) \|", page.partition("## What Slack is asked for")[2], re.MULTILINE)

    named = [scope for row in rows for scope in re.findall(r"`([a-z:]+)`", row)]

    assert sorted(named) == json.loads((ROOT / "manifest.json").read_text())["oauth_config"]["scopes"]["bot"]


def test_page_of_connecting_says_where_each_secret_of_slack_goes() -> None:
    """The manifest gives no token, and none for a socket: whoever follows it alone has an app that connects nothing."""
    page = (ROOT / "docs" / "how-to" / "connect-slack.md").read_text()
    manifest = json.loads((ROOT / "manifest.json").read_text())
    of_slack = {name: field for name, field in Settings.model_fields.items() if name.startswith("slack_")}
    secrets = {f"DEBRIEF_{name.upper()}" for name, field in of_slack.items() if field.annotation is SecretStr}

    assert {name for name in secrets if f"`{name}`" not in page} == set()
    assert manifest["settings"]["socket_mode_enabled"]
    assert "connections:write" in page


def test_map_reaches_every_page() -> None:
    """Each page under docs/ is linked from the map, or from the list of decisions or of benchmarks."""
    maps = [ROOT / "docs" / name for name in ("README.md", "decisions/README.md", "benchmarks/README.md")]
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


def test_longest_waiting_is_what_page_and_card_say() -> None:
    """An entry of the digest waits for its own moment, and then for the digest."""
    page = (ROOT / "docs/reference/holding-back.md").read_text(encoding="utf-8")

    until_the_digest = timedelta(minutes=Settings.model_fields["hold_digest_minutes"].default)
    longest = HoldingPolicy().longest_digest + until_the_digest

    assert longest == timedelta(hours=2)
    assert "at most two hours after it fired" in page
    assert "at most two hours after it fired" in CARDS[Thing.HOLDING].limits


def _headings(target: Path, page: Path) -> set[str]:
    """The names of the sections of *target*, or of *page* where a link names no file."""
    text = (page if target.is_dir() else target).read_text()
    words = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line) for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    return {re.sub(r"[^\w -]", "", one.strip().lower()).replace(" ", "-") for one in words}


def _default(name: str) -> object:
    """The default of a setting as JSON has it."""
    value = Settings.model_fields[name.lower()].default
    if isinstance(value, Decimal):
        return float(value)
    value = value.get_secret_value() if isinstance(value, SecretStr) else to_jsonable_python(value)
    return sorted(value) if isinstance(value, list) else value


def _as_default(shown: str) -> object:
    """What a page shows, as JSON has it."""
    try:
        value = json.loads(shown)
    except ValueError:
        return shown
    return sorted(value) if isinstance(value, list) else value
