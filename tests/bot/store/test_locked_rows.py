"""A row that somebody keeps locked, in a session left open, holds up what needs it, and hardly anything else."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import Executable, select, text

from analysis.errors import Unavailable
from analysis.incident import Incident
from bot.ports.model import ModelCall, Usage
from bot.store.database.engine import LOCK_PATIENCE_SECONDS, make_engine
from bot.store.model.model_calls import Limits, SqlModelCalls
from bot.store.record.tables import INCIDENT
from tests.bot.store.parts import PATIENCE_SECONDS, Store, appending, note
from tests.bot.store.test_repeated_alerts import deliver, told

pytestmark = pytest.mark.postgres

MANY = 8


IMPATIENCE = "bot.store.writing.attempts._IMPATIENT_SECONDS"


@contextmanager
def locked(store: Store, what: Executable) -> Iterator[None]:
    """Keep locked what the statement locks, as a person does who forgets a transaction in psql."""
    engine = make_engine(store.database.url, "migrate")
    with engine.connect() as connection:
        connection.execute(what)
        yield
        connection.rollback()
    engine.dispose()


def of(incident: Incident) -> Executable:
    """What locks the row of *incident*."""
    return select(INCIDENT.c.id).where(INCIDENT.c.id == incident.id).with_for_update()


def test_incident_that_is_locked_holds_up_the_others_once(
    server_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The first command waits in vain for as long as ever; those behind it for a moment, and all of them are told."""
    caplog.set_level(logging.WARNING)
    ours, others = server_store.declare("Ours"), server_store.declare("Theirs")
    began = time.monotonic()
    with locked(server_store, of(ours)):
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
    logged = [vars(one)["because"] for one in caplog.records if one.msg == "not recorded"]
    assert len(logged) == 1
    assert "keeps it locked" in logged[0]


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


def test_patience_comes_back_while_the_lock_lasts(server_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused because nobody waits for long says nothing new: after a while one command waits in full again."""
    monkeypatch.setattr(IMPATIENCE, 1.5)
    ours = server_store.declare("Ours")
    waited: list[float] = []
    with locked(server_store, of(ours)):
        until = time.monotonic() + 6
        while time.monotonic() < until:
            began = time.monotonic()
            with pytest.raises(Unavailable):
                server_store.append(ours, note(1))
            waited.append(time.monotonic() - began)
    time.sleep(1.5)

    assert [one >= LOCK_PATIENCE_SECONDS for one in waited[:2]] == [True, False]
    assert sum(one >= LOCK_PATIENCE_SECONDS for one in waited) in {2, 3}
    assert not server_store.writer.meets_locked_rows


def take_alert(store: Store, _: Incident) -> None:
    """Alerts are taken by one process at a time."""
    deliver(store, "am", None, told())


def ask_model(store: Store, incident: Incident) -> None:
    """What a question may cost is reserved by one process at a time."""
    calls = SqlModelCalls(store.database, store.sealer, store.writer, clock=store.clock, limits=Limits())
    most = Usage(tokens=1, seconds=1.0, money=1)
    what = {"model": "m", "policy": "p", "began_at": store.clock.now(), "most": most, "content": "{}"}
    calls.begin(ModelCall(id=uuid4(), key="k", incident_id=incident.id, ledger_seq=1_000, **what))


def take_note(store: Store, incident: Incident) -> None:
    """An incident is written to by one process at a time."""
    store.append(incident, note(2))


@pytest.mark.parametrize(
    ("kept", "seconds", "take"),
    [
        (text("SELECT pg_advisory_xact_lock(7032020)"), 0.6, take_alert),
        (text("SELECT pg_advisory_xact_lock(7032021)"), 0.6, ask_model),
        (select(INCIDENT.c.id).with_for_update(), 0.25, take_note),
    ],
    ids=["alerts", "budgets", "incident"],
)
def test_what_our_own_processes_keep_for_a_moment_is_waited_for(
    server_store: Store, kept: Executable, seconds: float, take: Callable[[Store, Incident], None]
) -> None:
    """Also just after another program kept a row locked: two servers take alerts, ask the model and write in turns."""
    ours, theirs = server_store.declare("Ours"), server_store.declare("Theirs")
    with locked(server_store, of(ours)), pytest.raises(Unavailable):
        server_store.append(ours, note(1))
    is_kept = threading.Event()

    def keep() -> None:
        with locked(server_store, kept):
            is_kept.set()
            time.sleep(seconds)

    other = threading.Thread(target=keep)
    other.start()
    assert is_kept.wait(PATIENCE_SECONDS)
    assert server_store.writer.meets_locked_rows
    began = time.monotonic()
    take(server_store, theirs)
    took = time.monotonic() - began
    other.join()
    with locked(server_store, of(ours)):
        began = time.monotonic()
        with pytest.raises(Unavailable):
            server_store.append(ours, note(3))
        again = time.monotonic() - began

    assert took > seconds / 2
    assert again < LOCK_PATIENCE_SECONDS
