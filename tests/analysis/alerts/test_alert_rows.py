"""Rows of alerts, graphs and events."""

from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, severity_of, severity_rank
from analysis.alerts.alert_rows import HappeningKind, read_alert, read_graph, read_happening
from analysis.errors import InvalidInput

ROW: dict[str, Any] = {
    "id": "a1r",
    "source": "alertmanager",
    "rule": "HostOutOfDiskSpace",
    "severity": "critical",
    "status": "resolved",
    "labels": {"node": "node-6"},
    "annotations": {"summary": "Disk is almost full"},
    "starts_at": "2026-03-02T01:02:00+01:00",
    "ends_at": "2026-03-02T00:03:30Z",
    "received_at": "2026-03-02T00:03:39.814000Z",
    "added_later": [1, 2],
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def test_alert_of_a_row_has_all_its_fields() -> None:
    """Times become UTC, an unknown field is passed over, and nothing else is changed."""
    alert = read_alert(ROW)

    assert {field.name: getattr(alert, field.name) for field in fields(alert)} == {
        "id": "a1r",
        "source": "alertmanager",
        "rule": "HostOutOfDiskSpace",
        "severity": AlertSeverity.CRITICAL,
        "severity_word": "critical",
        "status": AlertStatus.RESOLVED,
        "labels": {"node": "node-6"},
        "annotations": {"summary": "Disk is almost full"},
        "starts_at": datetime(2026, 3, 2, 0, 2, tzinfo=UTC),
        "ends_at": datetime(2026, 3, 2, 0, 3, 30, tzinfo=UTC),
        "received_at": datetime(2026, 3, 2, 0, 3, 39, 814000, tzinfo=UTC),
        "is_moment": False,
        "is_reminder": False,
        "is_per_severity": False,
        "is_per_labels": False,
    }


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("id", None, "“id” is missing"),
        ("rule", "", "“rule” is missing"),
        ("rule", 7, "“rule” is missing or is not a text"),
        ("severity", 3, "“severity”"),
        ("status", "open", "firing or resolved"),
        ("labels", ["node-6"], "“labels” must be an object of texts"),
        ("labels", {"port": 80}, "“labels” must be an object of texts"),
        ("starts_at", "yesterday", "“starts_at” is no time"),
        ("starts_at", "2026-03-02T00:00:30", "“starts_at” has no time zone"),
        ("ends_at", "0002-01-01T00:00:00+14:00", "“ends_at” is too far away"),
        ("received_at", "0001-01-01T00:00:00Z", "“received_at” is too far away"),
        ("starts_at", "9999-12-31T23:59:59Z", "“starts_at” is too far away"),
    ],
)
def test_row_that_cannot_be_read_is_refused_by_its_field(field: str, value: object, told: str) -> None:
    """One sentence names the field and what it must be."""
    with pytest.raises(InvalidInput, match=told):
        read_alert({**ROW, field: value})


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_year_one_is_no_end_yet(written: str) -> None:
    """Alertmanager and Grafana write it for what fires."""
    assert read_alert({**ROW, "ends_at": written}).ends_at is None


@given(row=JSON | st.dictionaries(st.sampled_from(list(ROW)), JSON))
def test_any_row_is_read_or_refused(row: object) -> None:
    """Nothing that JSON can say makes the readers fail otherwise."""
    for read in (read_alert, read_graph, read_happening):
        with suppress(InvalidInput):
            assert read(row)


def test_graph_of_an_object_maps_pods_and_providers() -> None:
    """Each part is found again under its name, and missing parts are empty."""
    graph = read_graph(
        {
            "services": [{"name": "cart", "kind": "app", "pods": ["cart-0", "cart-1"]}],
            "calls": [["shop", "cart"]],
            "third_party": {"stripe": ["cart"]},
        }
    )

    assert graph.pods == {"cart-0": "cart", "cart-1": "cart"}
    assert graph.calls == {("shop", "cart")}
    assert graph.third_party == {"stripe": frozenset({"cart"})}
    assert (graph.kinds, graph.pod_node, graph.node_zone) == ({"cart": "app"}, {}, {})


def test_event_of_a_row_names_its_kind() -> None:
    """A kind that is not known is refused, and the sentence lists those that are."""
    row = {"at": "2026-03-02T00:00:30Z", "kind": "upstream_outage", "service": "stripe"}

    assert read_happening(row).kind is HappeningKind.UPSTREAM_OUTAGE
    with pytest.raises(InvalidInput, match="deploy, flag, upstream_outage"):
        read_happening({**row, "kind": "party"})


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("page", AlertSeverity.CRITICAL),
        ("ticket", AlertSeverity.WARNING),
        (" Warning ", AlertSeverity.WARNING),
        ("P4", AlertSeverity.INFO),
        ("P0", AlertSeverity.CRITICAL),
        ("SEV-1", AlertSeverity.CRITICAL),
        ("Sev 2", AlertSeverity.ERROR),
        ("P3 - Moderate", AlertSeverity.WARNING),
        ("SEV-5", AlertSeverity.INFO),
        ("Moderate", AlertSeverity.WARNING),
        ("", AlertSeverity.UNKNOWN),
        ("P12", AlertSeverity.UNKNOWN),
        ("sev6", AlertSeverity.UNKNOWN),
        ("banana", AlertSeverity.UNKNOWN),
    ],
)
def test_severity_word_is_understood_or_unknown(word: str, severity: AlertSeverity) -> None:
    """A word that means nothing here is unknown, and unknown ranks with the worst."""
    assert severity_of(word) is severity
    assert severity_rank(AlertSeverity.UNKNOWN) == severity_rank(AlertSeverity.CRITICAL)


def test_naive_time_is_refused() -> None:
    """A time without a zone would later be read in the wrong one."""
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - what is tried
    with pytest.raises(ValueError, match="need a time zone"):
        Alert(
            id="a",
            source="s",
            rule="r",
            severity=AlertSeverity.INFO,
            status=AlertStatus.FIRING,
            starts_at=naive,
            received_at=naive,
        )
