"""The page about the audit export has a program in it, and the program is right."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief
from tests.effort import leading

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
        2,
        [
            pytest.param("", "", 0, id="whole"),
            pytest.param('"content":"second"', '"content":"secund"', 1, id="content"),
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
    (own_folder / "ledger.jsonl").write_text(content.replace(word, forged) if word else content, encoding="utf-8")

    done = subprocess.run([sys.executable, str(program), "ledger.jsonl"], capture_output=True, check=False)

    assert done.returncode == status
