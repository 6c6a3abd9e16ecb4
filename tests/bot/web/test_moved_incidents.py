"""Incidents of PagerDuty that are moved to another service: one of the two series fires, never both."""

import itertools
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from analysis.alerts.alert import ended_because
from tests.alert_payloads import payload
from tests.bot.web.test_alerts import rows
from tests.dialects import on_both
from tests.effort import leading
from tests.factories import own_name
from tests.slack_room import Room

CARDS = {"id": "PSVC001", "type": "service_reference", "summary": "Cards"}
LEDGER = {"id": "PSVC002", "type": "service_reference", "summary": "Ledger"}
BEGAN = datetime.fromisoformat("2026-03-01T08:00:00Z")
_NUMBERS = itertools.count(1)


def incident() -> dict[str, Any]:
    """What PagerDuty says of an incident that no other test has."""
    name = own_name("")[:12].upper()
    data = payload("pagerduty_triggered")["event"]["data"]
    there = {"id": name, "html_url": f"https://bank.pagerduty.example/incidents/{name}", "incident_key": f"key-{name}"}
    return {**data, **there, "title": f"Rule {name}", "service": CARDS, "created_at": BEGAN.isoformat()}


def tell(room: Room, data: Mapping[str, Any], kind: str, minute: float, **more: Any) -> None:
    """Deliver what happened to it so many minutes after it began."""
    event = {
        **payload("pagerduty_triggered")["event"],
        "id": f"01MOVED{next(_NUMBERS):06}",
        "event_type": f"incident.{kind}",
        "occurred_at": (BEGAN + timedelta(minutes=minute)).isoformat(),
        "data": {**data, **more},
    }
    assert room.alerts("pagerduty", json.dumps({"event": event}).encode()).status == 200


def states(room: Room, data: Mapping[str, Any]) -> list[str]:
    """The states of its series, the first service's first."""
    found = sorted(rows(room, data["title"]), key=lambda row: str(row["first_received_at"]))
    return [row["status"] for row in found]


@on_both("room")
@pytest.mark.parametrize("kind", leading(1, ["service_updated", "acknowledged", "escalated"]))
def test_incident_that_is_moved_fires_on_its_new_service_alone(room: Room, kind: str) -> None:
    """Whatever event first names the other service; its end there is the end."""
    moved = incident()
    tell(room, moved, "triggered", 0)
    room.clock.move(seconds=1)
    tell(room, moved, kind, 5, service=LEDGER)
    there = states(room, moved)
    (over,) = [row for row in rows(room, moved["title"]) if row["status"] == "resolved"]
    with room.app.store.snapshots.snapshot() as reads:
        because = ended_because(reads.groups.latest_of([over["id"]])[over["id"]].alert)

    tell(room, moved, "resolved", 9, service=LEDGER, status="resolved")

    assert there == ["resolved", "firing"]
    assert because == "it was moved to Ledger and goes on there"
    assert states(room, moved) == ["resolved", "resolved"]


def test_incident_that_ends_on_another_service_is_over_on_its_own(room: Room) -> None:
    """Nobody heard of the move itself."""
    moved = incident()
    tell(room, moved, "triggered", 0)

    tell(room, moved, "resolved", 9, service=LEDGER, status="resolved")

    assert states(room, moved) == ["resolved", "resolved"]
    with room.app.store.snapshots.snapshot() as reads:
        found = reads.groups.latest_of([row["id"] for row in rows(room, moved["title"])])
    assert [ended_because(event.alert) for event in found.values()] == ["", ""]


def test_incident_that_is_moved_back_and_reopened_fires_once(room: Room) -> None:
    """What was told late of the service before ends nothing."""
    moved = incident()
    tell(room, moved, "triggered", 0)
    room.clock.move(seconds=1)
    tell(room, moved, "service_updated", 5, service=LEDGER)
    tell(room, moved, "acknowledged", 3)
    late = states(room, moved)
    tell(room, moved, "service_updated", 8)
    back = states(room, moved)
    tell(room, moved, "resolved", 9, status="resolved")

    assert (late, back) == (["resolved", "firing"], ["firing", "resolved"])
    assert states(room, moved) == ["resolved", "resolved"]


def test_other_incident_with_the_same_key_fires_on(room: Room) -> None:
    """One alert may be sent to two services under one key; each is an incident of its own."""
    one = incident()
    tell(room, one, "triggered", 0)
    room.clock.move(seconds=1)
    other = {**one, "id": "QOTHER", "html_url": "https://bank.pagerduty.example/incidents/QOTHER", "service": LEDGER}
    tell(room, other, "triggered", 1)
    tell(room, other, "resolved", 5, status="resolved")
    tell(room, other, "reopened", 7)

    assert states(room, one) == ["firing", "firing"]
