"""Groups of alerts on the command line: which there are, and why, with weights that add up."""

import json
import math
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import update

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from bot.flows.alerts.grouping import Grouping
from bot.parts import SystemClock, open_workspace
from bot.settings import load_settings
from bot.store.grouping.group_tables import ALERT_GROUP
from bot.store.migrate import upgrade
from bot.store.opening import open_store
from bot.store.record.tables import ALERT
from bot.store.workspaces import UNNAMED_TEAM
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from tests.bot.cli.conftest import Debrief

# What is tried here begins with tables that are there already: making them takes longer.
pytestmark = pytest.mark.usefixtures("tables")


def take(
    *rules: str,
    is_grouped: bool = True,
    annotations: Mapping[str, str] = MappingProxyType({}),
    extra: Mapping[str, Any] = MappingProxyType({}),
    **labels: str,
) -> None:
    """Let alerts of one service, with *labels* more, come to the configured database; group them if *is_grouped*."""
    store = open_store(load_settings(), SystemClock(), prepare=upgrade)
    workspace, now = open_workspace(store, UNNAMED_TEAM, ""), datetime.now(UTC)
    alerts = [
        Alert(
            id="",
            source="alertmanager",
            rule=rule,
            severity=AlertSeverity.CRITICAL,
            status=AlertStatus.FIRING,
            labels={"service": "cart", "pod": "cart-0", **labels},
            annotations=annotations,
            starts_at=now + timedelta(seconds=place),
            received_at=now + timedelta(seconds=place),
        )
        for place, rule in enumerate(rules)
    ]
    told = [ToldAlert(alert=alert, extra=extra) for alert in alerts]
    command = ReceiveAlerts(workspace_id=workspace, told=told)
    store.writer.submit(receive_alerts, command).result()
    grouping = Grouping(store.snapshots, store.writer, workspace)
    while is_grouped and grouping.step():
        pass
    store.close()


def test_groups_of_now_are_listed(debrief: Debrief) -> None:
    """A line each; nothing is status 1."""
    nothing = debrief("alerts")
    take("CartSlow", "CartErrors")
    shown = debrief("alerts")

    assert (nothing.status, nothing.out) == (1, "")
    assert "none did within the last hour" in nothing.err
    assert shown.status == 0
    name, severity, state, _, alerts, series, incident, what = shown.out.rstrip("\n").split("\t")
    assert (name, severity, state, alerts, series, incident) == ("G-1", "critical", "open", "2", "2/2", "")
    assert what == "CartSlow and CartErrors at cart"


def test_what_people_say_of_a_group_is_said_and_told(debrief: Debrief) -> None:
    """With Slack down its buttons are words, and what was said of it stands beside its reasons, also for a program."""
    take("CartSlow", "CartErrors")

    def known() -> tuple[bool, bool]:
        value = json.loads(debrief("alerts", "G-1", "--json").out)
        return value["mattered"], value["noise_until"] is not None

    before, said = known(), debrief("alerts", "G-1", "mattered")
    mattered, shown = known(), debrief("alerts", "G-1").out
    debrief("alerts", "G-1", "noise", "1d", "a", "drill")
    noise, as_noise = known(), debrief("alerts", "G-1").out
    split = debrief("alerts", "G-1", "split", "CartSlow")
    wrong = debrief("alerts", "G-1", "matterd")

    assert (before, mattered, noise) == ((False, False), (True, False), (False, True))
    assert said.out.startswith("Noted: G-1 mattered.")
    assert "It mattered: somebody had to act on it." in shown
    assert "Called noise until " in as_noise
    assert ": a drill\n" in as_noise
    assert split.out == "CartSlow is put apart from G-1; it gets a group of its own in a moment.\n"
    assert (wrong.status, wrong.out) == (2, "")
    assert wrong.err.startswith("Say of G-1: `alerts G-1 mattered`")


def test_what_was_not_heard_of_for_long_is_listed_last(debrief: Debrief) -> None:
    """Nobody said that it is over, and nobody says that it fires: a program reads since when."""
    take("NodeDown")
    long_ago = datetime.now(UTC) - timedelta(days=3)
    store = open_store(load_settings(), SystemClock(), prepare=upgrade)
    with store.database.write_engine.begin() as connection:
        connection.execute(update(ALERT).values(last_received_at=long_ago))
        connection.execute(update(ALERT_GROUP).values(last_at=long_ago))
    store.close()
    take("DiskFull", service="disk", pod="disk-0")

    as_json, plain = debrief("alerts", "--json"), debrief("alerts")

    rows = [(list(row["rules"]), row.get("silent_since", "")[:10]) for row in json.loads(as_json.out)]
    assert rows == [(["DiskFull"], ""), (["NodeDown"], f"{long_ago:%Y-%m-%d}")]
    assert "Nothing was heard for a day of the last group listed. It fires unless that is over" in plain.err


def test_what_belongs_to_an_incident_is_printed_for_programs(debrief: Debrief) -> None:
    """Each command prints the names that the reference has, which `debrief` itself compares here."""
    take("CartSlow")
    debrief("declare", "SEV2", "carts", "are", "slow")
    debrief("attach", "-i", "1", "G-1")

    (signal,) = json.loads(debrief("signals", "-i", "1", "--json").out)
    others = [
        debrief(*words.split(), "--json")
        for words in ("status -i 1", "list", "timeline -i 1", "note -i 1 seen", "noise", "lanes", "config", "verify")
    ]

    assert (signal["signal"], signal["now"], signal["over_at"]) == ("G-1", "critical, firing", None)
    assert [(one.status, bool(json.loads(one.out))) for one in others] == [(0, True)] * len(others)


def test_alerts_that_wait_to_be_grouped_are_not_told_away(debrief: Debrief) -> None:
    """Killed before it grouped them, the server has kept them: none is not the answer, with groups or without."""
    take("CartSlow", is_grouped=False)
    alone = debrief("alerts")
    take("CartErrors")
    grouped = debrief("alerts")
    take("CartDown", is_grouped=False)
    beside = debrief("alerts")

    assert (alone.status, alone.out) == (3, "")
    assert "are kept and not grouped yet" in alone.err
    assert (grouped.status, grouped.err) == (0, "")
    assert beside.status == 0
    assert beside.out == grouped.out
    assert "are kept and not grouped yet" in beside.err


def test_weights_of_a_group_add_up_to_each_logit(debrief: Debrief) -> None:
    """`--json` has every number; people read the same as sentences."""
    take("CartSlow", "CartErrors", "CartDown")

    value = json.loads(debrief("alerts", "G-1", "--json").out)
    words = debrief("alerts", "G-1").out

    assert len(value["decisions"]) == 3
    for decision in value["decisions"]:
        assert math.isclose(sum(one["weight"] for one in decision["reasons"]), decision["logit"], abs_tol=1e-9)
    assert "same service, cart" in words
    assert words.startswith("G-1 critical: CartSlow, CartErrors and CartDown at cart. Firing since ")
    assert "3 alerts of 3 series, 3 firing. Attached to no incident." in words


def test_what_a_sender_said_of_an_alert_is_shown(debrief: Debrief) -> None:
    """Labels and prose in words; in JSON also the fields that mean nothing here, which are kept for whoever looks."""
    runbook = {"runbook_url": "https://runbooks.example/cart\nslow"}
    more = {"generatorURL": "http://prometheus.example/graph", "nested": {"a": [1]}}
    take("CartSlow", annotations=runbook, extra=more, args="a\nb")

    words = debrief("alerts", "G-1").out
    (decision,) = json.loads(debrief("alerts", "G-1", "--json").out)["decisions"]

    assert (
        "The newest alert: args=a b, pod=cart-0, service=cart\n  runbook_url: https://runbooks.example/cart slow\n"
        in words
    )
    assert (decision["labels"], decision["annotations"]) == (
        {"service": "cart", "pod": "cart-0", "args": "a\nb"},
        runbook,
    )
    assert decision["more"] == more


def test_group_is_attached_and_detached_in_words(debrief: Debrief) -> None:
    """When Slack is down, the same verbs work here."""
    take("CartSlow")
    debrief("declare", "SEV3 cart is slow")

    answers = [
        debrief("attach", "--incident", "1", "G-1"),
        debrief("attach", "--incident", "1", "G-9"),
        debrief("attach", "--incident", "1", "9"),
        debrief("detach", "--incident", "1", "G-1"),
        debrief("detach", "--incident", "1", "G-1"),
    ]

    assert [answer.status for answer in answers] == [0, 1, 2, 0, 1]
    assert answers[1].err.startswith("There is no group G-9.")
    assert answers[2].err.startswith("Say which group of alerts")


def test_service_graph_that_cannot_be_read_is_refused(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`serve` says which setting is wrong, does not start, and leaves nothing that goes on."""
    (own_folder / "graph.json").write_text('{"calls": [["cart"]]}')
    running = set(threading.enumerate())
    monkeypatch.setenv("DEBRIEF_SERVICE_GRAPH", "graph.json")
    monkeypatch.setenv("DEBRIEF_HTTP_PORT", "0")

    answer = debrief("serve")

    assert answer.status == 2
    assert "DEBRIEF_SERVICE_GRAPH" in answer.err
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= running
