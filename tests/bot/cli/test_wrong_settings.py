"""What the server and its checks say where something is set wrongly: one sentence, its status, no traceback."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief

ROOT = Path(__file__).parents[3]


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Yield a port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        pytest.param({}, 3, "cannot be listened on: Address already in use. Set DEBRIEF_HTTP_HOST and", id="port"),
        pytest.param({"HTTP_HOST": "192.0.2.1"}, 3, "of 192.0.2.1 cannot be listened on: ", id="host"),
        pytest.param({"HTTP_PORT": "eighty"}, 2, "DEBRIEF_HTTP_PORT is not usable: ", id="no-port"),
        pytest.param({"LOG_LEVEL": "LOUD"}, 2, "DEBRIEF_LOG_LEVEL is not usable: it must be one of", id="level"),
        pytest.param({"SLACK_API_URL": "slack"}, 2, "DEBRIEF_SLACK_API_URL is not usable: it must begin", id="url"),
    ],
)
def test_server_that_cannot_begin_says_why(
    debrief: Debrief,
    own_folder: Path,
    taken_port: int,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    status: int,
    sentence: str,
) -> None:
    """One sentence on stderr and the status, before anything is made."""
    for name, value in {"HTTP_PORT": str(taken_port), **given}.items():
        monkeypatch.setenv(f"DEBRIEF_{name}", value)

    answer = debrief("serve")

    assert (answer.status, answer.out) == (status, "")
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "status", "sentence"),
    [
        pytest.param(
            "DATABASE_URL",
            "nonsense",
            2,
            "The database address is not a URL",
            marks=pytest.mark.thorough,
            id="database",
        ),
        pytest.param("DATABASE_URL", "sqlite:///file/debrief.db", 3, "The folder file of the database", id="folder"),
        pytest.param(
            "KEY_FILE", ".", 3, "The key file . cannot be read: Is a directory.", marks=pytest.mark.thorough, id="key"
        ),
    ],
)
def test_server_without_its_record_says_why(
    own_folder: Path, name: str, value: str, status: int, sentence: str
) -> None:
    """The sentence alone, although the server's log is on by then; no traceback."""
    (own_folder / "file").touch()

    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DEBRIEF_HTTP_PORT": "0", f"DEBRIEF_{name}": value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", [("list",), ("doctor",), ("verify",), ("migrate",), ("declare", "drill")])
def test_place_that_cannot_be_looked_into_is_said(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """As with a folder that another user has closed, of which the system says no more than an error for each file."""
    closed = own_folder / ("x" * 300)
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", f"sqlite:///{closed}/debrief.db")

    answer = debrief(*command)

    said = f"The database file {closed}/debrief.db cannot be looked at: File name too long. "
    assert said in (answer.out if command == ("doctor",) else answer.err)
    assert "as the user who runs Debrief" in answer.out + answer.err
    assert "did not foresee" not in answer.err


@pytest.mark.parametrize("command", ["doctor", "verify"])
def test_anchors_that_cannot_be_looked_at_are_said(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch, tables: None, command: str
) -> None:
    """Neither command ends in an error that nobody foresaw."""
    debrief("declare", "drill")
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", f"{'x' * 300}/anchors.jsonl")

    answer = debrief(command)

    assert answer.status == (1 if command == "doctor" else 3)
    assert "anchors.jsonl cannot be looked at: File name too long. Run this as the user" in answer.out + answer.err


def test_folder_that_cannot_be_made_is_said_before_anybody_relies_on_it(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`doctor` foresees what `serve` will say, and both say what to do."""
    (own_folder / "file").touch()
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", "sqlite:///file/new/debrief.db")

    foreseen, told = debrief("doctor"), debrief("migrate")

    assert f"sqlite:///file/new/debrief.db: it cannot be made in {own_folder}/file. Set DEBRIEF_DATAB" in foreseen.out
    assert told.status == 3
    assert told.err == (
        "The folder file/new of the database cannot be made: Not a directory. "
        "Mend that, or name another one in DEBRIEF_DATABASE_URL.\n"
    )


def test_key_that_cannot_be_made_is_said(debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nowhere to write it: the sentence names the setting."""
    monkeypatch.setenv("DEBRIEF_KEY_FILE", "/proc/none/key")

    answer = debrief("declare", "drill")

    assert answer.status == 3
    assert answer.err == (
        "The key file /proc/none/key cannot be written: No such file or directory. "
        "Set DEBRIEF_KEY_FILE to another place.\n"
    )


def test_mistyped_setting_is_told(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """`config` shows what is in force and says what is not; `doctor` has it in its first line."""
    monkeypatch.setenv("DEBRIEF_HTTP_PROT", "8081")

    shown, checked = debrief("config"), debrief("doctor")

    told = "DEBRIEF_HTTP_PROT is no setting of Debrief; did you mean DEBRIEF_HTTP_PORT."
    assert (shown.status, shown.err) == (0, f"{told}\n")
    assert checked.out.splitlines()[0] == f"look\tconfiguration\t{told} Correct the name, or unset it."


def test_missing_token_fails_the_check(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket's token alone brings nobody into Slack."""
    monkeypatch.setenv("DEBRIEF_SLACK_APP_TOKEN", "xapp-1")

    answer = debrief("doctor")

    assert answer.status == 1
    assert "fails\tconfiguration\tSlack's token is missing. Set DEBRIEF_SLACK_BOT_TOKEN, too." in answer.out


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        pytest.param("DATABASE_URL", "nonsense", "fails\tdatabase\tThe database address is not a URL", id="database"),
        pytest.param("KEY_FILE", ".", "fails\tkey file\tThe key file . cannot be read: Is a directory. ", id="key"),
        pytest.param("ANCHORS_FILE", "file/anchors", "fails\tanchors\tfile/anchors cannot be ", id="anchors"),
        pytest.param("PUBLISH_GIT_DIR", "nowhere", "fails\tpublishing\tnowhere: ", id="publishing"),
        pytest.param("HTTP_PORT", "eighty", "fails\tconfiguration\tDEBRIEF_HTTP_PORT is not usable: ", id="port"),
    ],
)
def test_doctor_names_what_is_set_wrongly(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    """The check that looks at it fails, the others stand, and nothing goes to stderr."""
    (own_folder / "file").touch()
    monkeypatch.setenv(f"DEBRIEF_{name}", value)

    answer = debrief("doctor")

    assert (answer.status, answer.err) == (1, "")
    assert line in answer.out
    assert ".. " not in answer.out
