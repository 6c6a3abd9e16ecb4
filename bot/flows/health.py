"""What `/healthz` and `/metrics` say, whatever the database does."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from bot.flows.shared_reading import FAILED, SharedReading


class Health:
    """Whether the record can be read and written, and how the process is otherwise."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, Any]],
        *,
        writer_problem: Callable[[], str],
        facts: Callable[[], Mapping[str, Any]],
    ) -> None:
        """Use *read* for what only the database knows; the others answer without waiting."""
        self._reading = SharedReading(read, what="health")
        self._writer_problem = writer_problem
        self._facts = facts

    def begin(self) -> Future[Mapping[str, Any]]:
        """Begin to read; whoever asks while a reading goes on shares it, so that none pile up."""
        return self._reading.begin()

    def report(self, reading: Future[Mapping[str, Any]]) -> dict[str, Any]:
        """What to answer now, also while *reading* goes on: `status` is `ok` or `failing`."""
        found = reading.result() if reading.done() else {FAILED: "The database did not answer in time."}
        states = {"database": found.get(FAILED, "ok"), "writer": self._writer_problem() or "ok"}
        status = "ok" if set(states.values()) == {"ok"} else "failing"
        return {"status": status, **states, **self._facts(), **{k: v for k, v in found.items() if k != FAILED}}


#: By a gauge's name its value, or its values by that of its one label.
Figures = Mapping[str, float | Mapping[str, float]]


class Gauges:
    """The same in figures; what cannot be read has none, rather than an old one."""

    def __init__(self, read: Callable[[], Figures], *, facts: Callable[[], Figures], database_up: str) -> None:
        """Use *read* for what only the database knows; *database_up* is the gauge that says whether it answered."""
        self._reading = SharedReading(read, what="gauges")
        self._facts = facts
        self._database_up = database_up

    def begin(self) -> Future[Mapping[str, Any]]:
        """As `Health.begin`."""
        return self._reading.begin()

    def figures(self, reading: Future[Mapping[str, Any]]) -> Figures:
        """What is so now, also while *reading* goes on."""
        found = reading.result() if reading.done() else {FAILED: ""}
        is_up = FAILED not in found
        return {**self._facts(), self._database_up: float(is_up), **(found if is_up else {})}
