"""Alerts, events and histories with fixed defaults, for the tests of holding back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph
from analysis.alerts.backtest import Past
from analysis.alerts.noise_evidence import Evidence, EvidenceBook, Membership

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SHOP_CALLS_CART = ServiceGraph(calls=frozenset({("shop", "cart")}))


def at(minutes: float) -> datetime:
    """Return the instant so many minutes after the start of the day's stream."""
    return START + timedelta(minutes=minutes)


def make_alert(minutes: float = 0, **over: Any) -> Alert:
    """Return a warning of the cart that came *minutes* after the start."""
    place = over.pop("place", "cart")
    values = {
        "id": f"{over.get('rule', 'BatchNoise')}:{place}:{minutes:g}",
        "source": "alertmanager",
        "rule": "BatchNoise",
        "severity": AlertSeverity.WARNING,
        "severity_word": "warning",
        "status": AlertStatus.FIRING,
        "labels": {"service": place} if place else {},
        "starts_at": at(minutes),
        "received_at": at(minutes),
    }
    return Alert(**{**values, **over})


def resolution(alert: Alert, minutes: float) -> Alert:
    """Return the delivery that ends *alert*."""
    return make_alert(
        minutes,
        id=f"{alert.id}r",
        rule=alert.rule,
        labels=alert.labels,
        status=AlertStatus.RESOLVED,
        starts_at=alert.starts_at,
        ends_at=at(minutes),
    )


def deploy(minutes: float = 0, service: str = "cart") -> Happening:
    """Return a deploy of the cart."""
    return Happening(at=at(minutes), kind=HappeningKind.DEPLOY, service=service)


def noise_history(days: int = 100, places: tuple[str, ...] = ("cart", "shop", "pay"), **over: Any) -> list[Past]:
    """Return one window a day and place of one rule that belonged to nothing, until an hour before the start."""
    return [
        Past(alert=make_alert(-60 - day * 1440, place=place, id=f"past:{place}:{day}:{over.get('rule', '')}", **over))
        for day in reversed(range(days))
        for place in places
    ]


def of_incident(alert: Alert, incident: str = "7", *, is_private: bool = False) -> Past:
    """Return *alert* as a member of an incident."""
    return Past(alert=alert, membership=Membership(incident=incident, is_private=is_private))


def learnt(pasts: list[Past]) -> Evidence:
    """Return what *pasts* say of each rule."""
    book = EvidenceBook()
    for past in pasts:
        book.add(past.alert, past.membership)
    return book.evidence()
