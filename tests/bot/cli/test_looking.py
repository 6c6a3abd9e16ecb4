"""Commands that look change nothing, and no command but `migrate` touches tables that are there already."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.store.database.engine import open_database
from tests.bot.cli.conftest import Debrief
from tests.dialects import on_both

VERBS = ("list", "declare drill", "note -i 1 word", "verify", "export -i 1")
LOOKING = (("verify",), ("doctor",), ("export", "-i", "1"))


@pytest.fixture
def on_database(debrief: Debrief, database_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` on an empty database of each dialect."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", database_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    return debrief


def content(database_url: str) -> dict[str, str]:
    """Return a fingerprint of every table's rows."""
    database = open_database(database_url)
    try:
        with database.reading() as connection:
            names = inspect(connection).get_table_names()
            rows = {name: connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}  # noqa: S608
    finally:
        database.close()
    return {name: hashlib.sha256(repr(sorted(map(repr, found))).encode()).hexdigest() for name, found in rows.items()}


@pytest.mark.parametrize("command", LOOKING, ids=lambda command: command[0])
def test_looking_changes_nothing(on_database: Debrief, database_url: str, command: tuple[str, ...]) -> None:
    """Rows and tables are the same before and after."""
    on_database("migrate")
    on_database("declare", "SEV2", "drill")
    before = content(database_url)

    answer = on_database(*command)

    assert answer.status == 0 or command == ("doctor",), answer
    assert content(database_url) == before


@on_both("database_url")
@pytest.mark.parametrize("command", LOOKING, ids=lambda command: command[0])
def test_looking_at_an_empty_database_makes_nothing(
    on_database: Debrief, database_url: str, command: tuple[str, ...]
) -> None:
    """No tables appear where there are none; whoever asked is told so."""
    open_database(database_url).close()

    answer = on_database(*command)

    assert answer.status in {1, 3}
    assert content(database_url) == {}


@pytest.mark.parametrize("command", LOOKING, ids=lambda command: command[0])
def test_looking_for_a_file_that_is_not_there_makes_none(
    debrief: Debrief, own_folder: Path, command: tuple[str, ...]
) -> None:
    """Neither a database nor its folder nor a key is made."""
    answer = debrief(*command)

    assert answer.status in {0, 3}
    assert list(own_folder.iterdir()) == []


def test_file_keeps_its_bytes_while_it_is_looked_at(debrief: Debrief, own_folder: Path) -> None:
    """A SQLite file that no program has open is the same to the last byte."""
    debrief("declare", "SEV2", "drill")
    file = own_folder / ".debrief" / "debrief.db"
    before = file.read_bytes()

    for command in LOOKING:
        debrief(*command)

    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        pytest.param("9001", "A newer version of Debrief wrote this database (revision 9001).", id="newer"),
        pytest.param(None, "The database has no tables of Debrief yet, and this version needs", id="none"),
    ],
)
def test_tables_of_another_version_are_left_alone(
    on_database: Debrief, database_url: str, revision: str | None, sentence: str
) -> None:
    """A verb says in one sentence what is wrong and changes nothing."""
    on_database("migrate")
    change = f"UPDATE alembic_version SET version_num = '{revision}'" if revision else "DROP TABLE alembic_version"  # noqa: S608
    database = open_database(database_url)
    with database.write_engine.begin() as connection:
        connection.execute(text(change))
    database.close()
    before = content(database_url)

    answers = [on_database(*words.split()) for words in VERBS]

    assert {answer.status for answer in answers} == {3}
    assert all(answer.err.startswith(sentence) and len(answer.err.splitlines()) == 1 for answer in answers)
    assert content(database_url) == before
