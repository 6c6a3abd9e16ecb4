"""A database that cannot be used is refused with one clear sentence before anything else happens."""

import sqlite3
import traceback
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.errors import InvalidInput, Unavailable
from bot.store.database.engine import Database, open_database, parse_url


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_database_in_memory_is_refused(address: str) -> None:
    """It would be another database in each thread."""
    with pytest.raises(InvalidInput, match="in memory"):
        parse_url(address)


@pytest.mark.parametrize("address", ["", "debrief.db", "mysql://host/name"])
def test_unknown_kind_of_database_is_refused(address: str) -> None:
    """The sentence says which kinds there are."""
    with pytest.raises(InvalidInput, match="sqlite:///"):
        parse_url(address)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_gets_our_driver(scheme: str) -> None:
    """Operators paste the URL that their platform gives them."""
    assert parse_url(f"{scheme}://host/name").drivername == "postgresql+psycopg"


@pytest.mark.parametrize("who", ["debrief:s3cret@pass", "debrief:s3cret@pass/word", "debrief:s3cret@s3cret:1"])
def test_sign_that_is_not_escaped_is_refused_and_nothing_repeated(who: str) -> None:
    """A part of the password would be taken for the host, the port or the name, and shown as that."""
    with pytest.raises(InvalidInput, match=r"[Ii]n its user and password write @ as %40") as refused:
        parse_url(f"postgresql://{who}@postgres/debrief")

    assert "s3cret" not in "".join(traceback.format_exception(refused.value))


def test_password_that_is_escaped_is_taken() -> None:
    """As the sentence says to write it."""
    url = parse_url("postgresql://debrief:a%40b/c:d#e?f%25g@postgres/debrief")

    assert (url.password, url.host, url.database) == ("a@b/c:d#e?f%g", "postgres", "debrief")


def test_option_that_is_unknown_is_no_damage() -> None:
    """A slip in the address does not send anybody to their backups."""
    with pytest.raises(
        Unavailable, match="The database debrief cannot be opened: invalid connection option"
    ) as refused:
        open_database("postgresql://127.0.0.1:1/debrief?conect_timeout=1")

    assert "damaged" not in str(refused.value)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A wrong path to some other file is found at start."""
    path = tmp_path / "debrief.db"
    path.write_bytes(b"This is a letter to my aunt. " * 100)

    with pytest.raises(Unavailable, match="damaged or is not a database"):
        open_database(f"sqlite:///{path}")


def test_damaged_file_is_refused(migrated_sqlite_url: str) -> None:
    """A file whose pages were overwritten is found at start, not in the middle of an incident."""
    path = Path(migrated_sqlite_url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 6] = b"\xff" * 4096 * 4
    path.write_bytes(content)

    with pytest.raises(Unavailable, match="damaged"):
        open_database(migrated_sqlite_url)


def test_file_that_another_program_keeps_locked_is_refused(migrated_sqlite_url: str) -> None:
    """Two services on one file are found at start; a moment's lock is waited for."""
    other = sqlite3.connect(migrated_sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="locked by another program"):
        open_database(migrated_sqlite_url, patience_seconds=0.1)

    open_database(migrated_sqlite_url, only_to_read=True, patience_seconds=0.1).close()
    other.close()


def test_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """The sentence names the folder; one that can be made is, closed to others."""
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match=rf"The folder {tmp_path}/file/nowhere of the database cannot be made: "):
        open_database(f"sqlite:///{tmp_path}/file/nowhere/debrief.db")

    open_database(f"sqlite:///{tmp_path}/new/debrief.db").close()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_server_that_does_not_answer_is_refused() -> None:
    """A database that is down is said to be."""
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_database("postgresql://127.0.0.1:1/name")


def test_file_is_opened_with_what_durability_needs(migrated_sqlite_url: str) -> None:
    """Commits reach the disk, readers do not wait for the writer, and references hold."""
    database = open_database(migrated_sqlite_url)

    with database.write_engine.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    database.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_reading_connection_cannot_write(database: Database) -> None:
    """Pages and lists cannot change the record, whatever they try."""
    with database.reading() as connection, pytest.raises(DBAPIError, match=r"read-?only"):
        connection.execute(text("DELETE FROM workspace"))


@pytest.mark.parametrize("who", ["Kowalski", str(UUID(int=4712))])
def test_error_of_the_database_repeats_no_value_that_was_to_be_stored(database: Database, who: str) -> None:
    """It goes to the log, which nobody erases: sealed contents, people's ids and labels of alerts are such values."""
    statement = text("INSERT INTO incident (id, number) VALUES (:id, :number)")
    values = {"id": who, "number": 471_147}

    with pytest.raises(DBAPIError) as told, database.write_engine.begin() as connection:
        connection.execute(statement, values)

    logged = "".join(traceback.format_exception(told.value))
    assert "INSERT INTO incident" in logged
    assert not [value for value in values.values() if str(value) in logged]
