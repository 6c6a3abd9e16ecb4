"""The demo's script and its distance from Debrief."""

import ast
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo import scenario
from demo.play import StepFailed
from demo.run import fresh, main
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


def test_record_without_a_stand_in_says_what_the_play_says() -> None:
    """Whoever has no npm lives through the same facts, at the times that the company gives."""
    record = json.loads((ROOT / "demo" / "incident.json").read_text())
    texts = {step.text for step in scenario.load().steps if step.do == "command"}

    said = {f"note {{{entry['at'][-5:]}}} {entry['text']}" for entry in record["timeline"]}
    set_to = {f"milestone {name} {{{at[-5:]}}}" for name, at in record["key_events"].items()}

    assert (said | set_to) - texts == set()


def test_missing_stand_in_is_explained_with_a_way_on(tmp_path: Path) -> None:
    """Where npm has not put the stand-in, the sentence names the command and what works without it."""
    with pytest.raises(StandInMissing, match=r"npm ci.*debrief replay demo/incident.json --out .debrief/outage"):
        find_binary(tmp_path)


def test_demo_empties_only_what_a_demo_has_made(tmp_path: Path) -> None:
    """A folder with somebody's files is refused and left as it is; one that a demo made is emptied."""
    own, other = tmp_path / "own", tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    with fresh(own):
        (own / "bot.log").write_text("old")

    with fresh(own):
        is_emptied = not (own / "bot.log").exists()
    with pytest.raises(StepFailed, match=r"other is not empty, and no demo made it"), fresh(other):
        pass

    assert is_emptied
    assert (other / "thesis.txt").read_text() == "mine"


def test_demo_that_runs_keeps_its_record(tmp_path: Path) -> None:
    """A second `make demo` does not take the first one's database away under it, and says what to do instead."""
    with fresh(tmp_path / "demo") as folder:
        (folder / "debrief.db").write_text("a record")
        with pytest.raises(StepFailed, match=r"A demo runs in .*: end it with Ctrl-C.*--folder.*--port"), fresh(folder):
            pass
        kept = (folder / "debrief.db").read_text()

    assert kept == "a record"


def test_demo_without_a_place_to_write_says_so(tmp_path: Path) -> None:
    """The checkout may be read-only; the sentence names the option that helps."""
    (tmp_path / "file").touch()

    with (
        pytest.raises(StepFailed, match=r"cannot be made: Not a directory\. Name another folder with --folder"),
        fresh(tmp_path / "file" / "demo"),
    ):
        pass


@pytest.mark.parametrize("typed", ["n\n", ""], ids=["no", "end of input"])
def test_demo_that_nobody_said_yes_to_starts_nothing(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-D at the question is a no like any other."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("demo.run.find_binary", lambda: None)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("sys.stdin", Terminal(typed))

    status = main([])

    assert status == 1
    assert capsys.readouterr().out.endswith("Nothing was started.\n")


def test_script_sets_the_recovery_when_traffic_was_back() -> None:
    """Service was back at 14:09 by the company's account; the rules were switched on again later."""
    texts = [step.text for step in scenario.load().steps if step.do == "command"]

    assert [text for text in texts if "recovery" in text] == ["milestone recovery {14:09}"]
    assert any(text.startswith("note {14:09} Traffic and CPU are back") for text in texts)
