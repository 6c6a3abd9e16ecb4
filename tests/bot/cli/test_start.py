"""A command loads what it needs and no more: counted in modules, which unlike seconds are the same on every machine."""

import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks.cli_start import HEAVY, clean_environment, cpu_seconds, loaded_by
from bot.cli.commands import MODULES, SUMMARIES
from bot.cli.incidents.incident_verbs import EXAMPLES
from bot.cli.lazy import load
from bot.cli.terminal import take_every_letter
from tests.bot.cli.conftest import Debrief

#: What stores and seals the record; a list of commands needs none of it.
STORING = frozenset({"cryptography", "pydantic", "sqlalchemy", "sqlmodel"})
#: With every module of the standard library that they bring along.
MOST_MODULES_OF_HELP = 350


@pytest.fixture
def on_record(debrief: Debrief, tables: None) -> Debrief:
    """Return what runs `debrief` on a database with an incident to draft and an open one."""
    debrief("declare", "SEV2", "drill")
    debrief("resolve", "-i", "1")
    debrief("declare", "SEV3", "another drill")
    return debrief


def test_help_loads_neither_the_store_nor_what_is_heavy(own_folder: Path) -> None:
    """The list of commands is known without the commands."""
    packages, modules = loaded_by(("--help",), own_folder, clean_environment())

    assert packages & (HEAVY | STORING) == set()
    assert modules <= MOST_MODULES_OF_HELP


def test_version_is_told_whatever_the_settings(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reports a fault is asked for it, also where nothing else works; nothing is made."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", "oracle://nowhere")
    declared = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]["version"]

    answer = debrief("--version")

    assert (answer.status, answer.out, answer.err) == (0, f"debrief {declared}\n", "")
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        pytest.param(("list", "--json"), set(), marks=pytest.mark.thorough, id="list"),
        pytest.param(("note", "-i", "1", "rolled back"), set(), marks=pytest.mark.thorough, id="note"),
        pytest.param(("verify",), set(), marks=pytest.mark.thorough, id="verify"),
        pytest.param(("draft", "-i", "1"), {"jinja2"}, id="draft"),
        pytest.param(("migrate",), {"alembic", "mako"}, marks=pytest.mark.thorough, id="migrate"),
    ],
)
def test_command_loads_no_heavy_package_but_its_own(
    on_record: Debrief, own_folder: Path, command: tuple[str, ...], allowed: set[str]
) -> None:
    """Slack's and the web's packages stay out of every verb, templates and Alembic out of those that need none."""
    packages, _ = loaded_by(command, own_folder, clean_environment())

    assert packages & HEAVY == allowed


@pytest.mark.thorough
def test_loaded_packages_are_seen(own_folder: Path) -> None:
    """The counts above are no mistake: a verb that makes the tables first is seen to load Alembic."""
    packages, _ = loaded_by(("declare", "drill"), own_folder, clean_environment())

    assert "alembic" in packages


@pytest.mark.parametrize("name", sorted(MODULES))
def test_listed_command_is_where_the_list_says(debrief: Debrief, name: str) -> None:
    """Every listed command is in its module, every command of a module is listed, and both say what it does."""
    answer = debrief(name, "--help")

    assert answer.status == 0
    assert load(MODULES[name]).COMMANDS.keys() <= MODULES.keys()
    assert SUMMARIES[name].rstrip(".") in " ".join(answer.out.split())


def test_every_verb_is_listed() -> None:
    """A verb that is added to the table is a command at once."""
    assert EXAMPLES.keys() <= MODULES.keys()


def test_benchmark_refuses_a_command_that_fails(own_folder: Path) -> None:
    """A command that did not do its work is not measured."""
    with pytest.raises(AssertionError):
        cpu_seconds(("false",), own_folder, clean_environment())


def test_locale_that_lacks_a_letter_ends_no_command(own_folder: Path) -> None:
    """What was declared is answered for: an error after the commit has people declare it twice."""
    locale = {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii"}
    commands = (("declare", "SEV2", "Zürich “down”"), ("list", "--json"))

    declared, listed = (
        subprocess.run(
            (sys.executable, "-m", "bot", *command),
            cwd=own_folder,
            env={**clean_environment(), **locale},
            capture_output=True,
            check=False,
        )
        for command in commands
    )

    assert (declared.returncode, declared.stdout.decode()) == (0, "#1 SEV2 declared: Zürich “down”\n")
    assert json.loads(listed.stdout)[0]["title"] == "Zürich “down”"


def test_terminal_keeps_its_own_encoding() -> None:
    """A terminal shows what it can, and what it cannot as an escape."""

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    raw = io.BytesIO()
    terminal = Terminal(raw, encoding="latin-1")

    take_every_letter(terminal)
    terminal.write("Zürich “")
    terminal.flush()

    assert raw.getvalue() == b"Z\xfcrich \\u201c"


def test_command_that_is_stopped_says_so(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is at when Ctrl-C comes: Typer would end it without a word."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.office.open_store", stop)

    answer = debrief("list")

    assert (answer.status, answer.out, answer.err) == (130, "", "Stopped.\n")


def test_start_that_is_stopped_says_so(own_folder: Path) -> None:
    """Loading takes up to a second on a busy machine; an impatient Ctrl-C then showed where Python was at."""
    program = """
import sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
import bot.cli
"""

    done = subprocess.run(
        (sys.executable, "-c", program), cwd=own_folder, env=clean_environment(), capture_output=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"Stopped.\n")
