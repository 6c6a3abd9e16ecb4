"""Which revision a database is at is told without Alembic, and what to do where it is not this version's."""

from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from analysis.errors import Unavailable
from bot.store.database.engine import Database, open_database
from bot.store.schema import current_revision, is_blank, known_revisions, migrations_folder, require_current


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    """Yield a database without tables."""
    database = open_database(database_url)
    yield database
    database.close()


def test_numbers_of_the_files_are_alembics_revisions() -> None:
    """The files' names tell the revisions and their order, as Alembic finds them in the files."""
    script = ScriptDirectory(str(migrations_folder()))

    in_order = [each.revision for each in script.walk_revisions()]

    assert list(known_revisions()) == in_order[::-1]


def test_database_at_the_newest_revision_is_taken(database: Database) -> None:
    """Nothing is said about a database that has the tables of this version."""
    require_current(database)

    assert current_revision(database) == known_revisions()[-1]
    assert not is_blank(database)


def test_database_of_an_older_version_names_the_remedy(database: Database) -> None:
    """A version that knows one revision more says which one is needed and what brings it."""
    with pytest.raises(Unavailable) as refused:
        require_current(database, (*known_revisions(), "9001"))

    assert refused.value.message == (
        f"The database is at revision {known_revisions()[-1]}, and this version needs 9001. "
        "Run `debrief migrate` or start the server."
    )


def test_database_of_a_newer_version_is_refused(database: Database) -> None:
    """A version that lacks the database's revision asks for the newer one."""
    with pytest.raises(Unavailable, match="A newer version of Debrief wrote this database"):
        require_current(database, ("0000",))


def test_database_without_tables_names_the_remedy(empty: Database) -> None:
    """What was never migrated says so, and stays as it is."""
    with pytest.raises(Unavailable, match=r"has no tables of Debrief yet, .* Run `debrief migrate`"):
        require_current(empty)

    assert is_blank(empty)


def test_database_of_something_else_is_not_blank(empty: Database) -> None:
    """Tables of another program are not mistaken for a place to make ours in."""
    with empty.write_engine.begin() as connection:
        connection.execute(text("CREATE TABLE elsewhere (id INTEGER)"))

    assert not is_blank(empty)
    assert current_revision(empty) is None
