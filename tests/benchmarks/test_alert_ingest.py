"""A short form of `python -m benchmarks.alert_ingest`, without servers."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from benchmarks.alert_load import MIXES, Load, Series
from benchmarks.alert_stages import stages
from bot.store.database.engine import open_database
from bot.store.record.tables import ALERT

SIZE, REQUESTS = 10, 20


def bodies(requests: list[bytes]) -> list[Any]:
    """What *requests* say."""
    return [json.loads(request.partition(b"\r\n\r\n")[2]) for request in requests]


@pytest.mark.parametrize("mix", MIXES)
def test_both_servers_are_sent_the_same_alerts(mix: str) -> None:
    """Each in its own form, and no body twice, which would be a repeat to ours."""
    load: Load = Series().load(mix, SIZE, REQUESTS)
    ours, real = bodies(list(load.ours)), bodies(list(load.real))

    shared = ("labels", "annotations", "startsAt", "endsAt")
    assert [[[alert[name] for name in shared] for alert in body["alerts"]] for body in ours] == [
        [[alert[name] for name in shared] for alert in body] for body in real
    ]
    assert len(set(load.ours)) == load.requests == REQUESTS
    assert load.alerts == SIZE * REQUESTS


def test_each_step_of_keeping_an_alert_is_measured(sqlite_url: str, tmp_path: Path) -> None:
    """What is measured is kept, and most of it writes nothing new."""
    rows = stages(sqlite_url, "sqlite", tmp_path, requests=4)

    assert [row["mix"] for row in rows] == list(MIXES)
    assert all(row["sum"] > row["write"] > 0 for row in rows)
    database = open_database(sqlite_url, only_to_read=True)
    with database.reading() as connection:
        series, heard = connection.execute(select(func.count(), func.sum(ALERT.c.deliveries)).select_from(ALERT)).one()
    database.close()
    assert 2400 <= series < 2450
    assert heard == 2000 + 3 * 400
