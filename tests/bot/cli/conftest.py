"""The command line in a folder of its own, with no setting but those that a test gives."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import main
from tests.bot.cli.described import undescribed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a command left: its exit status, and what it said on both streams."""

    status: int
    out: str
    err: str


Debrief = Callable[..., Answer]


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, without the settings of whoever runs the tests."""
    for name in os.environ:
        if name.startswith("DEBRIEF_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tables(migrated_file: Path, own_folder: Path) -> None:
    """Let the database be there already, as it is for every command but the first."""
    (own_folder / ".debrief").mkdir(mode=0o700)
    shutil.copy(migrated_file, own_folder / ".debrief" / "debrief.db")


@pytest.fixture
def debrief(own_folder: Path, capsys: pytest.CaptureFixture[str], kept_logging: None, prompt_tables: None) -> Debrief:
    """Return what runs `debrief` with some arguments."""

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(arguments)
        printed = capsys.readouterr()
        if "--json" in arguments and printed.out:
            assert undescribed(arguments, printed.out) == set(), "add them to docs/reference/json-output.md"
        return Answer(status=int(stopped.value.code or 0), out=printed.out, err=printed.err)

    return run
