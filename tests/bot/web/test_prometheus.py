"""A real Prometheus and an HA pair of Alertmanagers: every alert is on record once, whatever happens to the bot."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.record.tables import ALERT, ALERT_EVENT
from tests.prometheus_pair import Exporter, free_port, missing_programs, watched
from tests.slack_requests import WEBHOOK_SECRETS
from tests.slack_room import Room, open_room

PATIENCE_SECONDS = 15.0


def history(room: Room) -> list[tuple[str, str]]:
    """What was news of which series, in order."""
    news = select(ALERT.c.fingerprint, ALERT_EVENT.c.news).join_from(ALERT_EVENT, ALERT).order_by(ALERT_EVENT.c.seq)
    with room.app.store.database.reading() as connection:
        return [(row.fingerprint, row.news) for row in connection.execute(news)]


def told(room: Room) -> list[str]:
    """What was news, in order."""
    return [news for _, news in history(room)]


def wait_until(what: str, is_so: Callable[[], bool]) -> None:
    """Wait, but not for ever."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


def bot_at(port: int, url: str, folder: Path) -> AbstractContextManager[Room]:
    """Serve the bot there, as long as it is not away."""
    return open_room(url, folder, start=datetime.now(UTC), port=port)


@pytest.mark.prometheus
def test_alerts_of_a_real_prometheus_are_on_record_once(sqlite_url: str, tmp_path: Path) -> None:
    """Fired and resolved once each, though both of the pair tell and the bot is away when one ends and one begins."""
    if missing := missing_programs():
        pytest.skip(f"{' and '.join(missing)} cannot be found; Debian has packages of these names")
    port = free_port()
    with watched(_made(tmp_path / "watch"), _url(port), WEBHOOK_SECRETS[1]) as exporter:
        with bot_at(port, sqlite_url, _made(tmp_path / "bot")) as room:
            exporter.lengths["orders"] = 50
            wait_until("the first alert", lambda: told(room) == ["fired"])
        _happen_unheard(exporter)
        with bot_at(port, sqlite_url, _made(tmp_path / "bot")) as room:
            wait_until("what happened meanwhile", lambda: sorted(told(room)) == ["fired", "fired", "resolved"])
            exporter.lengths["refunds"] = 0
            wait_until("the last end", lambda: sorted(told(room)) == ["fired", "fired", "resolved", "resolved"])
            series = {fingerprint for fingerprint, _ in history(room)}
            lives = [[news for of, news in history(room) if of == one] for one in series]

    assert lives == [["fired", "resolved"]] * 2


def _happen_unheard(exporter: Exporter) -> None:
    """While the bot is away, the first alert ends and a second fires, for longer than both take to be told."""
    exporter.lengths.update(orders=0, refunds=99)
    time.sleep(3)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}/webhooks/alerts/alertmanager"
