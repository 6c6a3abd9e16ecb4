"""The demo's script and its distance from Debrief."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo import scenario
from demo.play import StepFailed
from demo.run import fresh
from demo.scenario import Script
from demo.standin import ROOT, StandInMissing, find_binary

DEMO_FILES = sorted((ROOT / "demo").glob("*.py"))


@pytest.mark.parametrize("path", DEMO_FILES, ids=[path.name for path in DEMO_FILES])
def test_demo_file_imports_nothing_of_debrief(path: Path) -> None:
    """The demo reaches the bot only as people do, so no file of it imports the bot or its analysis."""
    tree = ast.parse(path.read_text())

    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert not imported & {"bot", "analysis"}


def test_script_keeps_the_distances_of_the_real_incident() -> None:
    """Times lie as long before the end of the play as they lay before the end of the incident."""
    ends_at = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    script = Script(scenario=scenario.load(), ends_at=ends_at, label=str)

    moved = script.moved("13:42")

    assert moved == datetime(2026, 2, 28, 23, 19, tzinfo=UTC)


def test_script_expects_a_corrected_message_in_its_last_form_and_a_deleted_one_nowhere() -> None:
    """What must be on the timeline is what people marked and left, as it reads in the end."""
    script = scenario.load()

    (guard,) = [text for text in script.marked() if text.startswith("The guard")]

    assert "by mistake some weeks ago" in guard
    assert "The guard that limits how much CPU a rule may use was taken out last week." in script.kept_out()
    assert "Could this be an attack nobody has seen before?" in script.kept_out()


def test_missing_stand_in_is_explained_with_a_way_on(tmp_path: Path) -> None:
    """Where npm has not put the stand-in, the sentence names the command and what works without it."""
    with pytest.raises(StandInMissing, match=r"npm ci.*debrief replay"):
        find_binary(tmp_path)


def test_demo_empties_only_what_a_demo_has_made(tmp_path: Path) -> None:
    """A folder with somebody's files is refused and left as it is; one that a demo made is emptied."""
    own, other = tmp_path / "own", tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    fresh(own)
    (own / "bot.log").write_text("old")

    fresh(own)
    with pytest.raises(StepFailed, match=r"other is not empty, and no demo made it"):
        fresh(other)

    assert not (own / "bot.log").exists()
    assert (other / "thesis.txt").read_text() == "mine"


def test_script_sets_the_recovery_when_traffic_was_back() -> None:
    """Service was back at 14:09 by the company's account; the rules were switched on again later."""
    texts = [step.text for step in scenario.load().steps if step.do == "command"]

    assert [text for text in texts if "recovery" in text] == ["milestone recovery {14:09}"]
    assert any(text.startswith("note {14:09} Traffic and CPU are back") for text in texts)
