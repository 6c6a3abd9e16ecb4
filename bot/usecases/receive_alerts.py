"""Keep the alerts that a system sends, so that its request can be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.alerts.alert import Alert
from analysis.alerts.identity import fingerprint
from analysis.masking import mask
from bot.ports.ledger import Reads
from bot.ports.records import Changes, ReceivedAlert, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """An alert as its sender's format was read; `extra` are fields that mean nothing here and are kept."""

    alert: Alert
    extra: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveAlerts:
    """One delivery of `source`: what it says, in its order."""

    workspace_id: UUID
    source: str
    told: Sequence[ToldAlert]


def receive_alerts(_: Reads, command: ReceiveAlerts) -> Changes:
    """Keep every alert; which of them are news is told by what was kept before."""
    received = tuple(
        ReceivedAlert(
            workspace_id=command.workspace_id,
            fingerprint=fingerprint(alert),
            alert=alert,
            extra=masked_value(one.extra),
        )
        for one in command.told
        for alert in (masked_alert(one.alert),)
    )
    count = len(received)
    return Changes(alerts=received, reply=Reply(text=f"Recorded {count} alert{'' if count == 1 else 's'}."))


def masked_alert(alert: Alert) -> Alert:
    """The alert without card numbers and secrets; its identity is taken from what is left."""
    return replace(
        alert,
        id=mask(alert.id).text,
        rule=mask(alert.rule).text,
        severity_word=mask(alert.severity_word).text,
        labels=MappingProxyType(_masked(alert.labels)),
        annotations=MappingProxyType(_masked(alert.annotations)),
    )


def masked_value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value with every text in it masked."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, Mapping):
        return {mask(str(name)).text: masked_value(inner) for name, inner in value.items()}
    return [masked_value(inner) for inner in value] if isinstance(value, list) else value


def _masked(texts: Mapping[str, str]) -> dict[str, str]:
    return {mask(name).text: mask(text).text for name, text in texts.items()}
