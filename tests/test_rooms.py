"""Every folder of `bot` can be found: it says what is there, the page of rooms lists it, and none grows too big."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = sorted(path.parent for path in (ROOT / "bot").rglob("__init__.py") if path.parent.name != "bot")
MOST_FILES_OF_A_FOLDER = 24


def test_every_folder_is_on_the_page_of_rooms_with_what_it_says_of_itself() -> None:
    """The row of a folder is the first sentence of its docstring, so that page and code cannot part."""
    rows = re.findall(r"^\| `(bot/[a-z/_]+)` \| (.*) \|$", (ROOT / "docs/rooms.md").read_text(), re.MULTILINE)

    said = [(folder.relative_to(ROOT).as_posix(), _first_sentence(folder)) for folder in FOLDERS]

    assert sorted(rows) == said


def test_no_folder_has_more_files_than_can_be_looked_over() -> None:
    """Past that a newcomer finds nothing in it: give what belongs together a folder."""
    counted = {folder.relative_to(ROOT).as_posix(): len(list(folder.glob("*.py"))) for folder in FOLDERS}

    assert {folder: files for folder, files in counted.items() if files > MOST_FILES_OF_A_FOLDER} == {}


def _first_sentence(folder: Path) -> str:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
    assert said, folder
    return said.partition("\n")[0]
