"""The answer to whoever watches comes at once, whatever the database does."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from analysis.errors import Unavailable
from bot.flows.health import Health

PATIENCE_SECONDS = 30.0
LANES: Mapping[str, Any] = {"deliveries": {"pending": 0}}


def health(read: Any, *, problem: str = "") -> Health:
    """Return the health of a process that sends."""
    return Health(read, writer_problem=lambda: problem, facts=lambda: {"sends": True})


def told(one: Health) -> dict[str, Any]:
    """Return what is told once the reading has ended."""
    reading = one.begin()
    reading.result(PATIENCE_SECONDS)
    return one.report(reading)


def test_health_tells_what_was_read_and_what_is_known() -> None:
    """All is well: the states, the facts of the process, the lanes."""
    assert told(health(lambda: LANES)) == {
        "status": "ok",
        "database": "ok",
        "writer": "ok",
        "sends": True,
        "deliveries": {"pending": 0},
    }


def test_writer_that_does_not_commit_is_failing() -> None:
    """The lanes are told all the same."""
    report = told(health(lambda: LANES, problem="It is full."))

    assert (report["status"], report["writer"], report["deliveries"]) == (
        "failing",
        "It is full.",
        {"pending": 0},
    )


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        pytest.param(Unavailable("It is away."), "It is away.", id="outage"),
        pytest.param(RuntimeError("a bug"), "The database could not be read; the log says why.", id="bug"),
    ],
)
def test_database_that_cannot_be_read_is_failing(failure: Exception, sentence: str) -> None:
    """The sentence says what is wrong; what the process knows by itself is told."""

    def read() -> Mapping[str, Any]:
        raise failure

    assert told(health(read)) == {"status": "failing", "database": sentence, "writer": "ok", "sends": True}


def test_reading_that_goes_on_is_shared_and_not_waited_for() -> None:
    """Many who ask a database that hangs cost one thread, and each is told at once; afterwards it is read anew."""
    gate, readings = threading.Event(), []

    def read() -> Mapping[str, Any]:
        readings.append(1)
        gate.wait(PATIENCE_SECONDS)
        return LANES

    one = health(read)
    asked = [one.begin() for _ in range(20)]
    meanwhile = one.report(asked[0])
    gate.set()
    afterwards = told(one)

    assert (meanwhile["status"], meanwhile["database"]) == ("failing", "The database did not answer in time.")
    assert all(reading is asked[0] for reading in asked)
    assert afterwards["status"] == "ok"
    assert len(readings) <= 2
