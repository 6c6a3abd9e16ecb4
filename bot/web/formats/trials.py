"""Test notifications: somebody tries whether messages arrive, and nothing fires.

As alerts they would fire for ever, because nobody ends them. Datadog's name a monitor that exists: the alert that
follows in earnest would be no news, and the test of a recovery would end one that fires.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.settings import AlertFormat
from bot.web.formats.reading import TEXT_LETTERS, text_of

#: What Datadog puts before the monitor's own title, and what it adds to its message with the name of whoever tries it.
#: Monitors may be called the one and never say the other.
_DATADOG_TITLE, _DATADOG_MESSAGE = "[TEST]", "test notification triggered by"
#: The labels of the alert that Grafana makes up to try a contact point.
_GRAFANA_LABELS = {"alertname": "TestAlert", "instance": "Grafana"}
_PAGERDUTY_EVENT = "pagey.ping"


def is_test(body: Mapping[str, Any], form: AlertFormat) -> bool:
    """Whether *body* is a test notification of a system that marks its own."""
    look = _LOOKS.get(form)
    return look is not None and look(body)


def is_test_alert(fields: object) -> bool:
    """Whether an alert of a notification of Grafana's is the one that it makes up."""
    labels = fields.get("labels") if isinstance(fields, dict) else None
    return isinstance(labels, dict) and all(labels.get(name) == told for name, told in _GRAFANA_LABELS.items())


def _datadog(body: Mapping[str, Any]) -> bool:
    title, message = (text_of(body.get(name), TEXT_LETTERS) for name in ("title", "message"))
    return _DATADOG_TITLE in title and _DATADOG_MESSAGE in message.lower()


def _grafana(body: Mapping[str, Any]) -> bool:
    alerts = body.get("alerts")
    return isinstance(alerts, list) and any(map(is_test_alert, alerts))


def _pagerduty(body: Mapping[str, Any]) -> bool:
    event = body.get("event")
    return isinstance(event, dict) and event.get("event_type") == _PAGERDUTY_EVENT


_LOOKS: Mapping[AlertFormat, Callable[[Mapping[str, Any]], bool]] = MappingProxyType(
    {AlertFormat.DATADOG: _datadog, AlertFormat.GRAFANA: _grafana, AlertFormat.PAGERDUTY: _pagerduty}
)
