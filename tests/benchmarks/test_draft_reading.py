import json
from pathlib import Path

import pytest

from benchmarks.cassettes import FOLDER
from benchmarks.draft_reading import VERDICTS, main

#: One of whose sentences by the model some stand.
RECORD = FOLDER.parent / "drafting" / "login-outage.json"


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the sheet and the keys of a draft that a model has written in."""
    out = tmp_path_factory.mktemp("sheets")
    assert main(["sheets", str(RECORD), "--cassettes", str(FOLDER), "--out", str(out)]) == 0
    return out


def test_sheet_has_every_sentence_and_not_who_wrote_it(sheets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A reader sees words and entries; the model wrote some, and all are counted once there is a verdict on each."""
    keys = [json.loads(line) for line in (sheets / "keys.jsonl").read_text().splitlines()]
    sheet = (sheets / f"{RECORD.stem}.md").read_text()
    said = sheets / "said.jsonl"
    said.write_text("".join(f"{json.dumps({'id': one['id'], 'verdict': VERDICTS[0]})}\n" for one in keys))

    status = main(["count", str(sheets), str(said), "--out", str(sheets / "found.jsonl")])

    assert all(f"**{one['id']}**" in sheet and one["text"] in sheet for one in keys)
    assert {"model", "template", "timeline"} <= {one["kind"] for one in keys}
    assert "model" not in sheet.partition("## Sentences")[2]
    assert status == 0
    assert f"{len(keys):4} of {len(keys):4}" in capsys.readouterr().out
    assert len((sheets / "found.jsonl").read_text().splitlines()) == len(keys)


def test_sentence_without_a_verdict_is_not_counted_as_read(sheets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What nobody judged is said, and nothing is counted."""
    said = sheets / "said.jsonl"
    said.write_text('{"id": "S1", "verdict": "supported"}\n')

    assert main(["count", str(sheets), str(said)]) == 1
    assert "have no verdict" in capsys.readouterr().err
