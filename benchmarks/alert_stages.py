"""What each step of keeping alerts costs, one after another in one thread, without HTTP and other threads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.alert_load import MIXES, Series
from bot.parts import SystemClock, open_workspace
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.store.writing.transaction import Transaction
from bot.usecases.alerts.receive import ReceiveAlerts, receive_alerts
from bot.web.bodies import parse_object
from bot.web.formats.alertmanager import read_repeating
from bot.web.formats.repeats import Repeats

SIZE, REQUESTS = 100, 60
#: So many requests share a transaction.
BATCH = 20


class Stages:
    """Seconds of CPU of this thread by step."""

    def __init__(self) -> None:
        """Nothing is spent yet."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what is spent inside."""
        began = time.thread_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.thread_time() - began


def stages(database_url: str, dialect: str, folder: Path, *, requests: int = REQUESTS) -> list[dict[str, Any]]:
    """Microseconds an alert by step, for each mix, on an empty database."""
    key_file = folder / f"{dialect}-stages.key"
    store = open_store(Settings(database_url=database_url, key_file=key_file), SystemClock(), prepare=upgrade)
    try:
        workspace = open_workspace(store, "T1", "Benchmark")
        series, repeats = Series(), Repeats(workspace)
        _take(store, repeats, list(series.known().ours), Stages())
        rows = []
        for mix in MIXES:
            spent = Stages()
            _take(store, repeats, list(series.load(mix, SIZE, requests).ours), spent)
            costs = {name: seconds / SIZE / requests * 1e6 for name, seconds in spent.seconds.items()}
            rows.append({"database": dialect, "mix": mix, **costs, "sum": sum(costs.values())})
        return rows
    finally:
        store.close()


def _take(store: Store, repeats: Repeats, requests: list[bytes], spent: Stages) -> None:
    bodies = [request.partition(b"\r\n\r\n")[2] for request in requests]
    for start in range(0, len(bodies), BATCH):
        decided = [_decide(repeats, body, spent) for body in bodies[start : start + BATCH]]
        store.writer.call(lambda transaction, decided=decided: _write(transaction, decided, spent)).result()


def _decide(repeats: Repeats, body: bytes, spent: Stages) -> ReceiveAlerts:
    now = datetime.now(UTC)
    with spent.step("parse"):
        parsed = parse_object(body)
    with spent.step("read"):
        told = read_repeating(parsed, repeats, source="am", now=now)
    with spent.step("mask and identify"):
        command = ReceiveAlerts(workspace_id=repeats.workspace_id, told=told)
        repeats.learn(told, command.received)
    return command


def _write(transaction: Transaction, decided: list[ReceiveAlerts], spent: Stages) -> None:
    with spent.step("write"):
        for command in decided:
            transaction.stage(receive_alerts(transaction.reads, command))
        transaction.finish()
