"""The page about the audit export has a program in it, and the program is right."""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief
from tests.effort import leading
from tests.slack_room import APPROVER, COMMANDER, open_room

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "audit-export.md"


@pytest.fixture
def program(own_folder: Path) -> Path:
    """Return the page's program as a file."""
    found = re.search(r"^    import hashlib.*?(?=^\S|\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found
    path = own_folder / "check.py"
    path.write_text(textwrap.dedent(found[0]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("word", "forged", "status"),
    leading(
        4,
        [
            pytest.param("", "", 0, id="whole"),
            pytest.param('"content":"second"', '"content":"secund"', 1, id="content"),
            pytest.param(
                '"content":"second","salt":"[0-9a-f]+"', '"content":null,"salt":null', 1, id="content-taken-out"
            ),
            pytest.param('"content":null,"salt":null', '"content":"forged","salt":null', 1, id="content-put-in"),
            pytest.param('"kind":"note"', '"kind":"external"', 1, id="column"),
        ],
    ),
)
def test_program_of_the_page_verifies_an_export(
    debrief: Debrief, own_folder: Path, program: Path, word: str, forged: str, status: int
) -> None:
    """It passes an export with an erased field, and fails one that was changed."""
    for line in ("declare payments", "note -i 1 first", "note -i 1 second"):
        debrief(*line.split())
    debrief("erase", "-i", "1", "--event", "E3", "--reason", "request 4711 of a customer", "--yes")
    content = debrief("export", "-i", "1").out
    (own_folder / "ledger.jsonl").write_text(re.sub(word, forged, content) if word else content, encoding="utf-8")

    done = [
        subprocess.run([sys.executable, *options, str(program), "ledger.jsonl"], capture_output=True, check=False)
        for options in ([], ["-O"])
    ]

    assert [one.returncode for one in done] == [status, status]


def test_program_of_the_page_compares_an_export_with_anchors(
    debrief: Debrief, own_folder: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries that were cut off with the head are found by an anchor, and anchors of other incidents count for none."""
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", "anchors.jsonl")
    for line in ("declare payments", "note -i 1 first", "declare cards", "note -i 2 second", "anchor"):
        debrief(*line.split())
    head, *entries = map(json.loads, debrief("export", "-i", "1").out.splitlines())
    cut = [{**head, "seq": len(entries) - 1, "hash": entries[-2]["hash"]}, *entries[:-1]]
    for name, rows in {"whole": [head, *entries], "cut": cut}.items():
        (own_folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")

    run = [sys.executable, str(program)]
    alone = subprocess.run([*run, "cut.jsonl"], capture_output=True, check=False, text=True)
    whole = subprocess.run([*run, "whole.jsonl", "anchors.jsonl"], capture_output=True, check=False, text=True)
    found = subprocess.run([*run, "cut.jsonl", "anchors.jsonl"], capture_output=True, check=False, text=True)

    assert alone.stdout == f"#1: {len(entries) - 1} entries are whole, and agree with 0 anchors\n"
    assert whole.stdout == f"#1: {len(entries)} entries are whole, and agree with 1 anchors\n"
    assert (found.returncode, found.stdout) == (1, "")


def test_program_of_the_page_skips_lines_of_anchors_that_cannot_be_read(
    debrief: Debrief, own_folder: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torn line is no tampering: it is counted, and the heads around it are compared."""
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", "anchors.jsonl")
    for line in ("declare payments", "anchor"):
        debrief(*line.split())
    (own_folder / "ledger.jsonl").write_text(debrief("export", "-i", "1").out, encoding="utf-8")
    anchors = own_folder / "anchors.jsonl"
    anchors.write_bytes(b'{"at":"2026-03-01T09:0\n\xff\n7\n\n{}\n' + anchors.read_bytes())

    run = [sys.executable, str(program), "ledger.jsonl", "anchors.jsonl"]
    done = subprocess.run(run, capture_output=True, check=False, text=True)

    assert done.stdout.splitlines() == [
        "#1: 2 entries are whole, and agree with 1 anchors",
        "4 lines of the anchors could not be read",
    ]
    assert done.returncode == 0


def test_published_document_leads_to_its_record_and_its_approval(
    debrief: Debrief, ready_sqlite_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the page says: the row of its draft, the signature of its approver, the commit that it was published in."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    with open_room(ready_sqlite_url, own_folder) as room:
        number, channel = room.declare(text="SEV2 Wallets empty")
        room.ask(COMMANDER, "resolve", channel)
        room.draft(COMMANDER, channel)
        room.settle()
        room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
        button = room.buttons(room.say(APPROVER, "publish", channel).json["blocks"])["Publish"]
        room.press(APPROVER, button["action_id"], button["value"], channel)
        room.settle()

    entries = [json.loads(line) for line in debrief("export", "-i", str(number)).out.splitlines()[1:]]
    (approved,) = [entry["fields"] for entry in entries if entry["kind"] == "approved"]
    details = [entry["fields"]["payload"]["content"] for entry in entries if entry["kind"] == "published"]
    (where,) = [one["where"] for one in details if one["target"] == "git"]
    git = ["git", "-C", str(own_folder / "documents"), "show"]
    document = subprocess.run([*git, where], capture_output=True, check=True, text=True).stdout
    message = subprocess.run([*git, "--no-patch", where.partition(":")[0]], capture_output=True, check=True, text=True)
    drafted = re.search(r"up to row (\d+) of its ledger, whose hash is ([0-9a-f]{64})$", document, re.MULTILINE)
    signature = approved["payload"]["content"]["hash"]
    assert drafted
    assert entries[int(drafted[1]) - 1]["hash"] == drafted[2]
    assert f"**Signature (SHA-256):** {signature}" in document
    assert approved["actor"]["content"] in document.partition("**Approved by:**")[2]
    assert signature in message.stdout
