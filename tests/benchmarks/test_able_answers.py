"""What the benchmark of able writers asks, keeps and counts, on a record of the tests."""

import json
from pathlib import Path

import pytest

from benchmarks.able_answers import KEPT, kept, main
from bot.render.prompts import PromptTemplates

RECORD = Path(__file__).parents[1] / "data" / "drafting" / "login-outage.json"

pytestmark = pytest.mark.evals


def answered(folder: Path, attempt: int, *sentences: dict[str, object]) -> None:
    """Write the answer to a question that was asked."""
    assert (folder / f"login-outage-{attempt}.question.txt").exists()
    (folder / f"login-outage-{attempt}.answer.json").write_text(json.dumps({"sentences": sentences}))


def test_answers_are_asked_for_kept_and_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was refused is asked for a second time, and both attempts count."""
    folder, out = tmp_path / "asked", tmp_path / "able.jsonl"
    stands = {"events": ["E7"], "section": "response", "text": "The replica was promoted to primary at {t:E7}."}
    invented = {"events": ["E7"], "section": "response", "text": "The intern promoted the replica."}

    assert main(["ask", str(RECORD), "--folder", str(folder)]) == 1
    question = (folder / "login-outage-1.question.txt").read_text()
    events = json.loads(question.split("===\n")[1].split("\n\n===")[0])["events"]
    label = next(one["id"] for one in events if "promoted" in one["text"])
    for one in (stands, invented):
        one.update(events=[label], text=str(one["text"]).replace("E7", label))
    answered(folder, 1, stands, invented)
    assert main(["ask", str(RECORD), "--folder", str(folder)]) == 1
    answered(folder, 2, {"number": 2, **stands, "text": "The replica was promoted."})
    assert main(["ask", str(RECORD), "--folder", str(folder)]) == 0
    for _ in range(2):
        assert main(["keep", str(folder), "--writer", "a", "--out", str(out)]) == 0
    assert len(out.read_text().splitlines()) == 2
    capsys.readouterr()

    assert main(["score", str(RECORD), "--answers", str(out)]) == 0

    said = capsys.readouterr().out
    assert said.startswith(f"prompts {PromptTemplates().version}, 1 records: 1 of 2 ")
    assert "2 of 2 " in said


def test_record_without_an_answer_is_no_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command fails rather than printing nothing as if all was well."""
    (tmp_path / "able.jsonl").write_text("")

    assert main(["score", str(RECORD), "--answers", str(tmp_path / "able.jsonl")]) == 1
    assert "No record has a kept answer" in capsys.readouterr().err


def test_kept_answers_are_to_todays_prompts_and_to_those_before() -> None:
    """A comparison needs both."""
    versions = kept(KEPT)

    assert PromptTemplates().version in versions
    assert len(versions) >= 2
    assert all(set(attempts) <= {1, 2} for records in versions.values() for attempts in records.values())
