"""When the database fails, who asked is told in time, nothing is half done, and work resumes by itself."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from analysis.errors import Unavailable
from analysis.events import EventKind
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.records import Changes, erasure_key
from bot.store.database.engine import make_engine, open_database
from bot.store.database.table_locks import refuse_locked_tables
from bot.store.delivery.sole_sender import SoleSender
from bot.store.schema import current_revision
from tests.bot.store.disk import little_room
from tests.bot.store.parts import PATIENCE_SECONDS, Store, appending, declaring, make_event, make_key, note, open_store
from tests.bot.store.tampering import found


@pytest.fixture
def administrator(server_store: Store) -> Iterator[Connection]:
    """Yield a connection that can do what only an operator may."""
    engine = make_engine(server_store.database.url, "migrate").execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
        # The database is shared with other tests.
        connection.execute(text("ALTER DATABASE debrief_store RESET ALL"))
        connection.execute(text("DROP FUNCTION IF EXISTS break_once CASCADE"))
        connection.execute(text("DROP SEQUENCE IF EXISTS breaks"))
    engine.dispose()


def disconnect(administrator: Connection) -> None:
    """End the writer's connection, as a restart of the server does."""
    administrator.execute(
        text(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'debrief-write' AND datname = current_database()"
        )
    )


def test_full_disk_leaves_no_partial_chain(file_store: Store) -> None:
    """Commands fail whole until there is room, and the chain has exactly what was acknowledged."""
    incident = file_store.declare()
    with little_room(file_store.database, file_store.writer, pages=10):
        failures = [
            file_store.writer.submit(
                lambda _r, _c, n=n: appending(incident, note(n), note(n + 100, text="x" * 3000)), None
            ).exception(PATIENCE_SECONDS)
            for n in range(20)
        ]

    acknowledged = sum(failure is None for failure in failures)
    assert 0 < acknowledged < 20
    assert {str(failure) for failure in failures if failure} == {
        "The database cannot write: its disk is full or read-only."
    }
    assert len(file_store.events(incident)) == 1 + 2 * acknowledged
    assert found(file_store) == ()


@pytest.mark.parametrize("is_replaced", [False, True], ids=["moved", "replaced"])
def test_nothing_is_acknowledged_that_only_a_moved_file_would_have(
    file_store: Store, ready_sqlite: Callable[[Path], str], tmp_path: Path, *, is_replaced: bool
) -> None:
    """Put away, or another one in its place, as by somebody who brings back a copy: who writes is told at once."""
    incident = file_store.declare()
    path, aside = Path(str(file_store.database.url.database)), tmp_path / "aside"
    aside.mkdir()
    path.rename(aside / path.name)
    if is_replaced:
        ready_sqlite(tmp_path)

    for _ in range(2):
        with pytest.raises(Unavailable, match=r"was moved, deleted or replaced while Debrief was running"):
            file_store.append(incident, note(1))
    if not is_replaced:
        file_store.database.read_engine.dispose()
        with pytest.raises(Unavailable, match="cannot be read or written: look at its disk"):
            file_store.events(incident)
        assert not path.exists()
    (aside / path.name).replace(path)
    file_store.append(incident, note(2))

    assert [event.kind for event in file_store.events(incident)].count(EventKind.NOTE) == 1
    assert found(file_store) == ()


@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "read"])
def test_log_that_is_deleted_costs_nothing_that_was_acknowledged(
    file_store: Store, tmp_path: Path, *, is_read: bool
) -> None:
    """By somebody who clears up: what it had is brought to the file at once, and who writes is told, as is health.

    The process may be killed afterwards; so it is looked at without the connections that have the log open.
    """
    incident = file_store.declare()
    file_store.append(incident, note(1))
    path = Path(str(file_store.database.url.database))
    path.with_name(f"{path.name}-wal").unlink()
    if is_read:
        file_store.database.read_engine.dispose()  # who connects anew begins another log
        with suppress(Unavailable):
            file_store.events(incident)

    for _ in range(2):
        with pytest.raises(Unavailable, match=r"log debrief\.db-wal was moved, deleted or replaced while Debrief was"):
            file_store.append(incident, note(2))

    left = shutil.copy(path, tmp_path / "left.db")
    with closing(sqlite3.connect(left)) as connection:
        kept = connection.execute("SELECT natural_key FROM timeline_event ORDER BY seq").fetchall()
    assert kept == [("declared",), ("note:1",)]


def test_work_goes_on_once_there_is_room(file_store: Store) -> None:
    """Nobody has to restart Debrief after the disk was full."""
    incident = file_store.declare()
    with little_room(file_store.database, file_store.writer, pages=0), pytest.raises(Unavailable, match="disk is full"):
        file_store.append(incident, note(1, text="x" * 200_000))

    file_store.append(incident, note(2))

    assert [each.natural_key for each in file_store.events(incident)] == ["declared", "note:2"]


def test_full_disk_leaves_no_part_of_a_batch(file_store: Store) -> None:
    """What is acknowledged of a batch is there, what is not is absent, and the chain is whole."""
    incident = file_store.declare()
    release = threading.Event()
    with little_room(file_store.database, file_store.writer, pages=10):
        file_store.writer.call(lambda _transaction: release.wait(PATIENCE_SECONDS))
        futures = [
            file_store.writer.submit(lambda _r, _c, n=n: appending(incident, note(n, text="x" * 2500)), None, bulk=True)
            for n in range(40)
        ]
        release.set()

        failures = [future.exception(PATIENCE_SECONDS) for future in futures]

    acknowledged = {f"note:{n}" for n, failure in enumerate(failures) if failure is None}
    assert {each.natural_key for each in file_store.events(incident)} == {"declared", *acknowledged}
    assert {type(failure) for failure in failures} == {type(None), Unavailable}
    assert found(file_store) == ()


def test_read_only_file_is_unavailable(file_store: Store) -> None:
    """A file system that turned read-only is said to be, and nothing is acknowledged."""
    incident = file_store.declare()
    file_store.writer.call(
        lambda transaction: transaction.connection.connection.driver_connection.execute("PRAGMA query_only = ON")
    ).result(PATIENCE_SECONDS)

    with pytest.raises(Unavailable, match="read-only"):
        file_store.append(incident, note(1))

    assert len(file_store.events(incident)) == 1


@pytest.mark.postgres
def test_read_only_server_is_unavailable(server_store: Store, administrator: Connection) -> None:
    """A server that only reads, such as a standby, refuses commands whole; afterwards all is well."""
    incident = server_store.declare()
    administrator.execute(text("ALTER DATABASE debrief_store SET default_transaction_read_only = on"))
    disconnect(administrator)

    with pytest.raises(Unavailable, match="read-only, as a standby is after a failover"):
        server_store.append(incident, note(1))

    administrator.execute(text("ALTER DATABASE debrief_store RESET default_transaction_read_only"))
    disconnect(administrator)
    server_store.append(incident, note(2))
    assert [each.natural_key for each in server_store.events(incident)] == ["declared", "note:2"]


@pytest.mark.postgres
def test_lost_connection_is_replaced_unnoticed(server_store: Store, administrator: Connection) -> None:
    """A server that restarted between two commands costs nobody an answer."""
    incident = server_store.declare()

    disconnect(administrator)
    server_store.append(incident, note(1))

    assert len(server_store.events(incident)) == 2


@pytest.mark.postgres
def test_connection_lost_while_deciding_is_replaced_unnoticed(server_store: Store, administrator: Connection) -> None:
    """Nothing was committed, so the command is decided again, once."""
    incident = server_store.declare()
    decisions: list[int] = []

    def decide(reads: Reads, _command: object) -> Changes:
        decisions.append(len(reads.events(incident.id)))
        if len(decisions) == 1:
            disconnect(administrator)
        return appending(incident, note(1))

    server_store.write(decide)

    assert decisions == [1, 1]
    assert len(server_store.events(incident)) == 2


def break_at_commit(administrator: Connection) -> None:
    """Let the server lose the connection once, in the middle of a commit."""
    administrator.execute(text("CREATE SEQUENCE breaks"))
    administrator.execute(
        text(
            "CREATE FUNCTION break_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF nextval('breaks') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NULL; END $$"
        )
    )
    administrator.execute(
        text(
            "CREATE CONSTRAINT TRIGGER break_once AFTER INSERT ON timeline_event DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION break_once()"
        )
    )


@pytest.mark.postgres
def test_commit_without_an_answer_is_repeated_under_its_key(server_store: Store, administrator: Connection) -> None:
    """With a key the writer can ask again without doing it twice."""
    break_at_commit(administrator)

    reply = server_store.write(declaring(server_store.workspace, "Once"), key=make_key())

    with server_store.snapshots.snapshot() as reads:
        numbers = [incident.number for incident in reads.incidents(server_store.workspace)]
    assert (reply.number, numbers) == (1, [1])


@pytest.mark.postgres
def test_commit_without_an_answer_and_key_is_not_repeated(server_store: Store, administrator: Connection) -> None:
    """Without a key nobody can know, so the asker is told and nothing is done twice."""
    break_at_commit(administrator)

    with pytest.raises(Unavailable):
        server_store.write(declaring(server_store.workspace, "Perhaps"))

    assert server_store.declare("Again").number == 1


@contextmanager
def closed_to_connections(store: Store) -> Iterator[None]:
    """Let the server refuse new connections, as one that is starting does."""
    engine = make_engine(store.database.url.set(database="postgres"), "migrate")
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as operator:
        operator.execute(text("ALTER DATABASE debrief_store ALLOW_CONNECTIONS false"))
        try:
            yield
        finally:
            operator.execute(text("ALTER DATABASE debrief_store ALLOW_CONNECTIONS true"))
    engine.dispose()


@pytest.mark.postgres
def test_server_that_is_down_is_said_at_once_and_found_again(server_store: Store, administrator: Connection) -> None:
    """While it is down every command fails within its two seconds; once it is back, the next one works."""
    incident = server_store.declare()
    with closed_to_connections(server_store):
        disconnect(administrator)
        began = time.monotonic()

        for number in range(20):
            with pytest.raises(Unavailable):
                server_store.append(incident, note(number))

        took = time.monotonic() - began
    time.sleep(1.1)
    server_store.append(incident, note(50))
    assert took < 2
    assert [each.natural_key for each in server_store.events(incident)] == ["declared", "note:50"]


def test_old_rows_that_cannot_be_cleared_away_are_told(server_store: Store, administrator: Connection) -> None:
    """Where `VACUUM` has to give up, whoever erases reads what to run; the writer goes on."""
    incidents = [server_store.declare(title) for title in ("First", "Second")]
    engine = make_engine(server_store.database.url, "migrate")

    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE inbox IN SHARE UPDATE EXCLUSIVE MODE"))
        server_store.write(lambda _reads, _command: _erasing_title(incidents[0]))
        told = server_store.writer.traces_left()
    server_store.write(lambda _reads, _command: _erasing_title(incidents[1]))
    engine.dispose()

    assert told.startswith("The database could not clear away the old versions of the rows")
    assert "(canceling statement due to lock timeout). Run `VACUUM timeline_event, " in told
    assert told.endswith("` there yourself, as the owner of the tables.")
    assert server_store.writer.traces_left() == ""
    assert found(server_store) == ()


def test_process_that_stands_still_keeps_its_locks_for_a_while_only(
    server_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Suspended in the middle of a transaction, it blocks others until the server ends that; it decides again then."""
    incident = server_store.declare()
    monkeypatch.setattr("bot.store.database.engine.LONGEST_STILL_SECONDS", 1)
    database = open_database(server_store.database.url.render_as_string(hide_password=False))
    locked, goes_on, tries = threading.Event(), threading.Event(), []

    def suspended(reads: Reads, _: None) -> Changes:
        reads.incident(incident.id)
        tries.append(1)
        locked.set()
        goes_on.wait(PATIENCE_SECONDS)
        reads.events(incident.id)
        return appending(incident, note(2))

    with open_store(database, tmp_path / "debrief.key") as other:
        waiting = other.writer.submit(suspended, None, key=make_key("k2"))
        assert locked.wait(PATIENCE_SECONDS)
        _until_taken(lambda: server_store.append(incident, note(1)))
        goes_on.set()
        waiting.result(PATIENCE_SECONDS)
    database.close()

    assert len(tries) == 2
    assert [event.kind for event in server_store.events(incident)].count(EventKind.NOTE) == 2
    assert found(server_store) == ()


def test_server_is_asked_to_find_out_soon_that_a_machine_is_gone(server_store: Store) -> None:
    """Its own word for it is two hours, in which nobody else may send."""
    with server_store.database.write_engine.connect() as connection:
        options = connection.connection.driver_connection.info.get_parameters()["options"]

    assert "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3" in options


def _until_taken(write: Callable[[], None]) -> None:
    """Write as soon as nobody holds the lock any more."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return write()
        except Unavailable:
            if time.monotonic() > ends:
                raise


@pytest.fixture
def clerk(administrator: Connection) -> Iterator[str]:
    """Yield a user of the server who owns nothing and may do nothing yet."""
    administrator.execute(text("CREATE ROLE clerk LOGIN"))
    yield "clerk"
    administrator.execute(text("DROP OWNED BY clerk"))
    administrator.execute(text("DROP ROLE clerk"))


def test_right_that_is_missing_is_named(
    server_store: Store, administrator: Connection, clerk: str, tmp_path: Path
) -> None:
    """Who runs Debrief or an audit as the wrong user is not told to try again, and what cannot be cleared is told."""
    incident = server_store.declare()
    as_clerk = server_store.database.url.set(username=clerk).render_as_string(hide_password=False)
    database = open_database(as_clerk)

    with pytest.raises(Unavailable, match="refuses it to the user of DEBRIEF_DATABASE_URL: permission denied for"):
        current_revision(database)
    for granted in ("ALL TABLES", "ALL SEQUENCES"):
        administrator.execute(text(f"GRANT ALL ON {granted} IN SCHEMA public TO clerk"))
    administrator.execute(text("REVOKE MAINTAIN ON ALL TABLES IN SCHEMA public FROM clerk"))
    administrator.execute(text("REVOKE INSERT ON TABLE inbox FROM clerk"))
    with open_store(database, tmp_path / "debrief.key") as store:
        store.write(lambda _reads, _command: _erasing_title(incident))
        told = store.writer.traces_left()
        with pytest.raises(Unavailable, match="permission denied for table inbox"):
            store.write(declaring(store.workspace, "Second"), key=make_key("k1"))
    administrator.execute(text("REVOKE ALL ON TABLE inbox FROM clerk"))
    refuse_locked_tables(database)  # nobody has it locked
    database.close()

    assert "(permission denied to vacuum" in told


def test_server_without_a_connection_left_is_told(server_store: Store, administrator: Connection, clerk: str) -> None:
    """It is no server that is down: somebody must end connections, or let it take more; nobody can say who may send."""
    database = open_database(server_store.database.url.set(username=clerk).render_as_string(hide_password=False))
    sender = SoleSender(database)
    administrator.execute(text("ALTER ROLE clerk CONNECTION LIMIT 0"))

    with pytest.raises(Unavailable, match="takes no more connections"), database.reading():
        pass
    with pytest.raises(Unavailable, match="takes no more connections"):
        sender.holds()
    told = sender.problem
    administrator.execute(text("ALTER ROLE clerk CONNECTION LIMIT -1"))
    holds = sender.holds()

    assert told.startswith("The database takes no more connections")
    assert (holds, sender.problem) == (True, "")
    sender.release()
    database.close()


def test_whoever_reads_beside_many_that_never_end_is_told(file_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to read are few; where a server answers none of them, nobody waits for good behind them."""
    monkeypatch.setattr("bot.store.database.engine.POOL_PATIENCE_SECONDS", 0.05)
    database = open_database(file_store.database.url.render_as_string())
    with ExitStack() as many:
        for _ in range(15):
            many.enter_context(database.reading())
        with pytest.raises(Unavailable, match="answers none of those who look at it now"):
            many.enter_context(database.reading())
    database.close()


def test_column_that_is_missing_is_told_as_what_another_version_did(store: Store) -> None:
    """Whoever reads in a server under which the tables were changed is not told to try again."""
    with (
        pytest.raises(Unavailable, match="another version changed it"),
        store.database.reading() as connection,
    ):
        connection.execute(text("SELECT gone FROM incident"))


def _erasing_title(incident: Incident) -> Changes:
    event = make_event(kind=EventKind.ERASED, payload={}, natural_key=erasure_key(1, "text"))
    return Changes(incident=incident, events=(event,), erasures=((incident.id, 1, "text"),))
