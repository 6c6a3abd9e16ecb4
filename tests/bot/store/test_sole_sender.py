"""One process sends for a database, and hands over when it ends."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from analysis.errors import Unavailable
from bot.store.database.engine import open_database
from bot.store.delivery.sole_sender import SoleSender
from tests.dialects import on_both

_THREADS = 4
_HOLD = """
import sys
from bot.store.database.engine import open_database
from bot.store.delivery.sole_sender import SoleSender
print(SoleSender(open_database(sys.argv[1])).holds(), flush=True)
sys.stdin.read()
"""


def test_second_process_may_not_send_until_the_first_is_gone(database_url: str) -> None:
    """The right to send is held by one process, and is free as soon as that is killed."""
    root = str(Path(__file__).parents[3])
    command = [sys.executable, "-c", _HOLD, database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as holder:
        assert holder.stdout is not None
        held = holder.stdout.readline().strip()
        database = open_database(database_url)
        sender = SoleSender(database)

        while_it_lives = sender.holds()
        holder.kill()
        holder.wait()
        afterwards = _in_time(sender)

    assert (held, while_it_lives, afterwards, sender.holds()) == ("True", False, True, True)
    sender.release()
    database.close()


def test_right_to_send_is_handed_over_on_release(database_url: str) -> None:
    """A process that stops in good order lets the next one send at once."""
    database = open_database(database_url)
    first, second = SoleSender(database), SoleSender(database)

    before = (first.holds(), second.holds())
    first.release()
    after = _in_time(second)

    assert (before, after) == ((True, False), True)
    second.release()
    database.close()


def test_lock_that_somebody_deletes_is_not_held_by_two(sqlite_url: str) -> None:
    """Cleared away or replaced while a process sends, it is no lock any more: one of two has the right all the same."""
    database = open_database(sqlite_url)
    lock = Path(f"{database.url.database}.lanes.lock")
    first, second = SoleSender(database), SoleSender(database)
    before = first.holds()

    lock.unlink()
    taken = (second.holds(), first.holds())
    second.release()
    given_back = first.holds()

    assert (before, taken, given_back) == (True, (True, False), True)
    first.release()
    database.close()


@pytest.mark.postgres
def test_session_that_a_server_ended_is_replaced_at_once(postgres_url: str) -> None:
    """By a restart, or because it had been idle for long: nobody is told that the database is away while it is not."""
    database = open_database(postgres_url)
    first, second = SoleSender(database), SoleSender(database)
    before = first.holds()
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'debrief-write'"
            " AND datname = current_database()"
        )

    assert (before, first.holds(), first.problem, second.holds()) == (True, True, "", False)
    first.release()
    second.release()
    database.close()


def test_lock_that_cannot_be_opened_is_told(sqlite_url: str) -> None:
    """Nothing is sent then, and health says so until there is one."""
    database = open_database(sqlite_url)
    lock = Path(f"{database.url.database}.lanes.lock")
    sender = SoleSender(database)
    lock.mkdir()

    with pytest.raises(Unavailable, match=r"the lock .*\.lanes\.lock cannot be opened: Is a directory"):
        sender.holds()
    told = sender.problem
    lock.rmdir()

    assert told.startswith("Nothing is sent")
    assert (sender.holds(), sender.problem) == (True, "")
    sender.release()
    database.close()


@on_both("database_url")
@pytest.mark.usefixtures("often_interrupted")
def test_threads_of_one_process_never_wait_for_each_other(database_url: str) -> None:
    """Slack's lanes and the pager's ask at once when the process starts: the right is theirs together."""
    database = open_database(database_url)
    # A file is opened and locked between two instructions, while a server is asked for a millisecond, and frees later.
    rounds = 100 if database.is_sqlite else 1

    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in range(rounds):
            sender = SoleSender(database)
            asked = [threads.submit(sender.holds) for _ in range(_THREADS)]
            assert [one.result() for one in asked] == [True] * _THREADS
            sender.release()

    database.close()


@pytest.fixture
def often_interrupted() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def _in_time(sender: SoleSender) -> bool:
    """Ask for some seconds: a server notices the end of a session a moment later."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if sender.holds():
            return True
        time.sleep(0.05)
    return False
