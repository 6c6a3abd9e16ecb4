"""What is read and written for a delivery of alerts."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from bot.store.record.tables import ALERT
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from tests.bot.store.parts import START, Store
from tests.bot.store.test_bulk import counting


def deliver(store: Store, pods: range, *, turn: int = 0) -> None:
    """Deliver an alert for each of *pods*; another *turn* is another episode."""
    told = [
        ToldAlert(
            alert=Alert(
                id=str(pod),
                source="alertmanager",
                rule="CartSlow",
                severity=AlertSeverity.WARNING,
                status=AlertStatus.FIRING,
                starts_at=START + timedelta(minutes=turn),
                received_at=START + timedelta(hours=1),
                labels={"pod": str(pod)},
            ),
            extra={},
        )
        for pod in pods
    ]
    command = ReceiveAlerts(workspace_id=store.workspace, told=told)
    store.write(lambda reads, _: receive_alerts(reads, command))


def test_statements_of_a_delivery_do_not_grow_with_its_alerts(store: Store) -> None:
    """Forty alerts that are new, repeated or changed take as many statements as four do."""
    counts = []
    for first, size in ((0, 4), (100, 40)):
        deliver(store, range(first, first + 2 * size))
        deliver(store, range(first, first + size), turn=1)
        with counting(store) as statements:
            deliver(store, range(first, first + 3 * size), turn=1)
        counts.append(len(statements))

    assert counts[0] == counts[1]
    deliveries = select(ALERT.c.deliveries, ALERT.c.starts_at)
    with store.database.reading() as connection:
        found = [(count, at - START) for count, at in connection.execute(deliveries)]
    assert sorted(found) == sorted(
        [(3, timedelta(minutes=1))] * 44 + [(2, timedelta(minutes=1))] * 44 + [(1, timedelta(minutes=1))] * 44
    )


def test_series_of_a_delivery_are_found_by_their_index(store: Store) -> None:
    """Reading every series for every delivery would make a storm slower the longer it lasts."""
    with counting(store) as statements:
        deliver(store, range(3))

    (looked,) = [each for each in statements if each.startswith("SELECT fingerprint")]
    assert "workspace_id = " in looked
    if store.database.is_sqlite:
        plan = plan_of(store, looked)
        assert "SEARCH alert USING INDEX" in plan
        assert "(workspace_id=? AND fingerprint=?)" in plan
        assert "SCAN alert" not in plan


def plan_of(store: Store, statement: str) -> str:
    """How SQLite goes about it."""
    driver: Any
    with store.database.reading() as connection:
        driver = connection.connection.driver_connection
        rows = driver.execute(f"EXPLAIN QUERY PLAN {statement}", ["x"] * statement.count("?")).fetchall()
        connection.execute(text("SELECT 1"))
    return json.dumps(rows)
