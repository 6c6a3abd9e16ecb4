"""Which names `--json` prints that the reference does not have, of whatever command a test runs."""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/reference/json-output.md"
#: A row with this has names that somebody else chooses.
_OPEN = "…"


def undescribed(arguments: Sequence[str], printed: str) -> set[str]:
    """The names in what *arguments* printed, of an object or each of a list, that their row does not have."""
    value = json.loads(printed)
    names = {name for one in (value if isinstance(value, list) else [value]) for name in one}
    said = _row(arguments)
    return set() if _OPEN in said else names - set(re.findall(r"`([^`]+)`", said))


def _row(arguments: Sequence[str]) -> str:
    words = re.sub(r"\bG-\d+", "G-42", " ".join(arguments))
    known = [command for command in _rows() if re.match(rf"{re.escape(command)}\b", words)]
    return _rows()[max(known, key=len, default="any other verb")]


@cache
def _rows() -> dict[str, str]:
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
    found = {command.strip("`"): said for commands, said in rows for command in commands.split(", ")}
    found["status"] += found["list"]
    found["alerts G-42"] += found["alerts"]
    return found
