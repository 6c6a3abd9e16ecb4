"""Alerts that are not taken: how long the outside heartbeat is silent for them, and what the operator reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.slack.test_outages import locked
from tests.fake_watch import FakeWatch
from tests.operator_notes import notes
from tests.paging import open_paging_room
from tests.slack_room import Room

ROUTE = {"source": "alertmanager", "labels": {"team": "payments"}, "service": "payments"}
LABELS = {"alertname": "Declines", "team": "payments"}
ALERT = {"status": "firing", "labels": LABELS, "startsAt": "2026-03-01T08:00:00Z"}
NOTIFICATION = {"version": "4", "alerts": [ALERT]}
TOO_MANY = {"version": "4", "alerts": [ALERT] * 2001}
NOT_TAKEN = "alerts of alertmanager were not taken"


@pytest.fixture(params=[600])
def watched(request: pytest.FixtureRequest, ready_sqlite_url: str, tmp_path: Path) -> Iterator[tuple[Room, float]]:
    """Yield a bot with a route in line, and how many seconds apart its heart beats."""
    with FakeWatch() as watch:
        over = {"heartbeat": {"url": watch.url, "every_seconds": request.param}, "in_line": [ROUTE]}
        with open_paging_room(ready_sqlite_url, tmp_path, over=over) as (room, _):
            yield room, request.param


@pytest.mark.parametrize("watched", [0.1, 600], indirect=True)
def test_heart_is_silent_for_three_beats_and_three_minutes_at_least(watched: tuple[Room, float]) -> None:
    """Whoever watches pages people once two beats are missing, however slow they are; then it beats again."""
    room, every_seconds = watched
    assert room.alerts("alertmanager", NOTIFICATION).status == 200
    before = room.app.web.problem()

    statuses = [room.alerts("alertmanager", TOO_MANY).status]
    at_once = room.app.web.problem()
    room.clock.move(seconds=max(180, 3 * every_seconds) - 1)
    in_time = room.app.web.problem()
    room.clock.move(seconds=1)
    over = room.app.web.problem()

    assert statuses == [400]
    assert (before, at_once, in_time, over) == ("", NOT_TAKEN, NOT_TAKEN, "")


def test_heart_is_silent_for_alerts_that_were_left_out_and_for_nobody_else(watched: tuple[Room, float]) -> None:
    """What Alertmanager left out reaches nobody; who proves nothing, or is on no route, silences nobody's heart."""
    room, _ = watched
    room.alerts("alertmanager", NOTIFICATION, Authorization="Bearer of-nobody-whom-we-know")
    room.alerts("alertmanager", b" " * 5_000_000, Authorization="Bearer of-nobody-whom-we-know")
    room.alerts("grafana", TOO_MANY)
    before = room.app.web.problem()

    status = room.alerts("alertmanager", {**NOTIFICATION, "truncatedAlerts": 73}).status

    assert (before, status, room.app.web.problem()) == ("", 200, NOT_TAKEN)


def test_operator_reads_of_what_is_refused_beside_what_is_left_out(own_room: Room) -> None:
    """Alertmanager leaves alerts out of each notification of a storm: that hides no refusal within the same hour."""
    left_out = own_room.alerts("alertmanager", {**NOTIFICATION, "truncatedAlerts": 73}).status
    refused = own_room.alerts("alertmanager", TOO_MANY).status

    first, second = notes(own_room, 2)

    assert (left_out, refused) == (200, 400)
    assert "alertmanager left 73 alerts out of a notification" in first
    assert "2001 alerts; 2000 fit into one request" in second


def test_fault_of_ours_is_told_to_the_sender_the_operator_and_the_watch(
    watched: tuple[Room, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few senders send again after a 500: nobody else would hear of what fires."""
    room, _ = watched
    monkeypatch.setattr("bot.web.alerts.read_repeating", lambda *_, **__: 1 / 0)

    answer = room.alerts("alertmanager", NOTIFICATION)

    assert (answer.status, answer.json) == (500, {"error": "Something went wrong here; send it again later."})
    assert room.app.web.problem() == NOT_TAKEN
    assert "something went wrong here; see the log" in notes(room, 1)[0]


def test_storm_that_is_refused_for_its_number_is_told_and_a_busy_database_is_not(
    ready_sqlite_url: str, tmp_path: Path
) -> None:
    """Few send again after a 429 for long enough; what is to be sent again after a 503 is on its way."""
    over = {"heartbeat": {"url": "http://127.0.0.1:1/", "every_seconds": 600}, "in_line": [ROUTE]}
    with open_paging_room(ready_sqlite_url, tmp_path, over=over, alert_burst=2, alerts_per_second=0.001) as (room, _):
        with locked(room):
            busy = room.alerts("alertmanager", NOTIFICATION).status
        before = room.app.web.problem()
        statuses = [room.alerts("alertmanager", {"version": "4", "alerts": [ALERT] * count}).status for count in (1, 2)]

        assert (busy, before, statuses) == (503, "", [200, 429])
        assert room.app.web.problem() == NOT_TAKEN
        assert ["sends more alerts than it may" in note for note in notes(room, 1)] == [True]


def test_clock_that_is_set_back_silences_no_note(own_room: Room) -> None:
    """By the clock of now the note of before is still to come, and would be for as long as it was set back."""
    own_room.alerts("alertmanager", TOO_MANY)
    told = len(notes(own_room, 1))
    own_room.clock.move(hours=-5)

    own_room.alerts("alertmanager", TOO_MANY)

    assert len(notes(own_room, told + 1)) == told + 1
