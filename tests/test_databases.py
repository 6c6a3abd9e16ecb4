"""The databases under the tests are what they claim to be."""

import pytest
import sqlalchemy as sa

from tests.dialects import on_both


@on_both("database_url")
def test_database_url_opens_an_empty_database(database_url: str) -> None:
    """Each test gets a database without tables, on each dialect."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)

    tables = sa.inspect(engine).get_table_names()

    assert tables == []


@pytest.mark.postgres
def test_postgres_keeps_what_it_acknowledges(postgres_url: str) -> None:
    """The server under test writes through to disk, so that measurements of commits mean something."""
    engine = sa.create_engine(postgres_url, poolclass=sa.NullPool)

    with engine.connect() as connection:
        settings = [connection.execute(sa.text(f"SHOW {name}")).scalar() for name in ("fsync", "synchronous_commit")]

    assert settings == ["on", "on"]
