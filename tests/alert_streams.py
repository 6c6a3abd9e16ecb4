"""Small streams of alerts, and a small world for them to fire in."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import ServiceGraph

START = datetime(2026, 3, 2, tzinfo=UTC)
#: shop calls cart and pay, both call the store; the store's pod shares a node with mail's, pay depends on stripe.
GRAPH = ServiceGraph(
    calls=frozenset({("shop", "cart"), ("shop", "pay"), ("cart", "store"), ("pay", "store")}),
    kinds=MappingProxyType(dict.fromkeys(("shop", "cart", "pay", "store", "mail"), "app")),
    pods=MappingProxyType({f"{name}-0": name for name in ("shop", "cart", "pay", "store", "mail")}),
    pod_node=MappingProxyType({"shop-0": "n1", "cart-0": "n2", "pay-0": "n3", "store-0": "n4", "mail-0": "n4"}),
    node_zone=MappingProxyType({"n1": "z1", "n2": "z2", "n3": "z1", "n4": "z2"}),
    third_party=MappingProxyType({"stripe": frozenset({"pay", "mail"})}),
)


def alert(name: str, seconds: float, rule: str = "StoreReplicationLag", **over: Any) -> Alert:
    """An alert that starts *seconds* after the beginning and is received two seconds later."""
    fields: dict[str, Any] = {
        "id": name,
        "source": "alertmanager",
        "rule": rule,
        "severity": AlertSeverity.WARNING,
        "status": AlertStatus.FIRING,
        "labels": {"service": "store", "pod": "store-0"},
        "starts_at": START + timedelta(seconds=seconds),
        "received_at": START + timedelta(seconds=seconds + 2),
    }
    fields.update(over)
    if "service" in fields:
        fields["labels"] = {"service": fields.pop("service")}
    return Alert(**fields)


def resolved(name: str, firing: Alert, seconds: float) -> Alert:
    """The resolution of *firing* at *seconds*."""
    at = START + timedelta(seconds=seconds)
    return Alert(
        id=name,
        source=firing.source,
        rule=firing.rule,
        severity=firing.severity,
        status=AlertStatus.RESOLVED,
        labels=firing.labels,
        starts_at=firing.starts_at,
        ends_at=at,
        received_at=at,
    )
