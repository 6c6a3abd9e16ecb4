"""A row that somebody keeps locked, in a session left open, holds up what needs it, and hardly anything else."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Executable, select, text

from analysis.errors import Unavailable
from bot.store.database.engine import LOCK_PATIENCE_SECONDS, make_engine
from bot.store.record.tables import INCIDENT
from tests.bot.store.parts import PATIENCE_SECONDS, Store, appending, note

pytestmark = pytest.mark.postgres

MANY = 8


@contextmanager
def locked(store: Store, what: Executable) -> Iterator[None]:
    """Keep locked what the statement locks, as a person does who forgets a transaction in psql."""
    engine = make_engine(store.database.url, "migrate")
    with engine.connect() as connection:
        connection.execute(what)
        yield
        connection.rollback()
    engine.dispose()


def test_incident_that_is_locked_holds_up_the_others_once(
    server_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The first command waits in vain for as long as ever; those behind it for a moment, and all of them are told."""
    caplog.set_level(logging.WARNING)
    ours, others = server_store.declare("Ours"), server_store.declare("Theirs")
    began = time.monotonic()
    row = select(INCIDENT.c.id).where(INCIDENT.c.id == ours.id).with_for_update()
    with locked(server_store, row):
        refused = [server_store.writer.submit(lambda _r, _c, n=n: appending(ours, note(n)), None) for n in range(MANY)]
        server_store.append(others, note(100))
        took = time.monotonic() - began
        is_told = server_store.writer.meets_locked_rows
        failures = [one.exception(PATIENCE_SECONDS) for one in refused]
    server_store.append(ours, note(200))

    assert took < LOCK_PATIENCE_SECONDS * MANY / 2
    assert {type(one) for one in failures} == {Unavailable}
    assert is_told
    assert [event.natural_key for event in server_store.events(ours)] == ["declared", "note:200"]
    told = [vars(one)["because"] for one in caplog.records if one.msg == "not recorded"]
    assert len(told) == 1
    assert "keeps it locked" in told[0]


def test_migration_that_waits_for_a_dump_holds_up_nobody_for_long(server_store: Store) -> None:
    """It keeps the table of the revision, which each transaction reads first, for as long as the dump takes."""
    with locked(server_store, text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")):
        began = time.monotonic()
        for _ in range(MANY):
            with pytest.raises(Unavailable, match="locked by another program"):
                server_store.declare()
        took = time.monotonic() - began

    assert took < LOCK_PATIENCE_SECONDS * MANY / 2
    assert server_store.declare().number == 1
