"""The demo's script and its distance from Debrief."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo import scenario
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
