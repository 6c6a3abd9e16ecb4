"""A process that groups is killed outright: in the middle of a transaction, and between two."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.database.engine import open_database
from bot.store.migrate import upgrade
from tests.bot.flows.streams import Site, Told
from tests.bot.store.parts import open_store

#: Groups in steps of ten alerts; the statement that begins so ends it when it is executed for the n-th time.
KILLED = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from sqlalchemy import Engine, event
from bot.flows.alerts.grouping import Grouping
from bot.store.database.engine import open_database
from tests.bot.store.parts import open_store

url, key, workspace, statement, times = sys.argv[1:]
seen = 0

def kill(connection, cursor, executed, parameters, context, executemany):
    global seen
    seen += executed.lstrip().startswith(statement)
    if seen == int(times):
        os.kill(os.getpid(), signal.SIGKILL)

with open_store(open_database(url), Path(key)) as store:
    event.listen(Engine, "after_cursor_execute", kill)
    grouping = Grouping(store.snapshots, store.writer, UUID(workspace), is_told=True, batch=10)
    while grouping.step():
        pass
"""


@pytest.mark.parametrize(
    ("statement", "times"),
    [
        pytest.param('INSERT INTO "decision"', 2, marks=pytest.mark.thorough, id="before a commit"),
        pytest.param("SELECT grouping_cursor", 7, id="after a commit"),
    ],
)
def test_killed_process_leaves_nothing_half_decided(
    database_url: str, tmp_path: Path, statement: str, times: int
) -> None:
    """The next process decides the rest as one process decides the whole."""
    database = open_database(database_url)
    upgrade(database)
    stream = [Told(minute / 2, minute % 3, minute % 2) for minute in range(40)]
    with open_store(database, tmp_path / "debrief.key") as store:
        killed, whole = Site(store), Site(store)
        for site in (killed, whole):
            site.take(stream)
        ended = _kill(database_url, tmp_path / "debrief.key", killed, statement, times)
        left = len(killed.decisions())
        killed.group()
        whole.group()

        assert ended == -signal.SIGKILL
        assert 0 < left < len(stream)
        assert left % 10 == 0
        assert killed.decisions() == whole.decisions()
    database.close()


def _kill(url: str, key: Path, site: Site, statement: str, times: int) -> int:
    """Run the program until it is killed; returns how it ended."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    arguments = [url, str(key), str(site.workspace), statement, str(times)]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=environment, timeout=60, check=False)
    return done.returncode
