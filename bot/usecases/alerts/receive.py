"""Keep the alerts that a system sends, so that its request can be answered."""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.alerts.alert import Alert
from analysis.alerts.identity import fingerprint
from analysis.masking import PlainTexts, masked
from bot.ports.ledger import Reads
from bot.ports.records import Changes, ReceivedAlert, RepeatedAlert, Reply
from bot.usecases.alerts.moved_incidents import left_behind
from bot.usecases.paging.forward_alerts import Forwarding
from bot.usecases.paging.news import PageReport, report_page

_PLAIN = PlainTexts()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """An alert as its sender's format was read; `extra` are fields that mean nothing here and are kept.

    `words` are those by which it is known when it is told again; empty where nothing tells that. `is_past` where it was
    told by a file about the past, so that it is no news to anybody.
    """

    alert: Alert
    extra: Mapping[str, Any]
    words: str = ""
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveAlerts:
    """One delivery: what it has *told*, in its order, masked from the start.

    With `forwarding`, some of its source's alerts are on routes in line: what leaves for a pager is read anew. With a
    `page_key` it is about a page that may be ours, and `report` is what it says of that, if anything.

    Masking takes its time, so whoever makes the command spends it, not the writer that everybody waits for. A text as
    it was told is held only by an alert that repeats what is known; it is masked if it is news after all, else dropped.
    """

    workspace_id: UUID
    forwarding: Forwarding | None = None
    page_key: str = ""
    report: PageReport | None = None
    told: InitVar[Sequence[ToldAlert | RepeatedAlert]]
    received: tuple[ReceivedAlert | RepeatedAlert, ...] = field(init=False)

    def __post_init__(self, told: Sequence[ToldAlert | RepeatedAlert]) -> None:
        """Mask every text, and take each alert's identity from what is left."""
        received = [received_alert(self.workspace_id, one) if isinstance(one, ToldAlert) else one for one in told]
        # The pager is told in the alert's own words, so that none of them may be missing.
        object.__setattr__(self, "received", tuple(map(_whole, received) if self.forwarding else received))


def receive_alerts(reads: Reads, command: ReceiveAlerts) -> Changes:
    """Keep every alert; which of them are news is told by what was kept before.

    What a pager says of a page of ours goes to the incident's timeline and is no alert: people have asked for it
    themselves. There is nothing to answer that the asker does not know, and an answer would have to be sealed and kept.
    """
    key, pages = command.page_key, reads.pages
    if key and (pages.by_key(key) or pages.forward_by_key(key)):  # the latter came from here, and went round
        return report_page(reads, command.report) if command.report else Changes()
    alerts = (*left_behind(reads, command.received), *command.received)
    forwarded = command.forwarding(reads, [_whole(one) for one in alerts]) if command.forwarding else Changes()
    return replace(forwarded, alerts=alerts, reply=Reply())


def _whole(one: ReceivedAlert | RepeatedAlert) -> ReceivedAlert:
    return one.reread() if isinstance(one, RepeatedAlert) else one


def received_alert(workspace_id: UUID, told: ToldAlert) -> ReceivedAlert:
    """The alert masked, with its identity."""
    alert = masked_alert(told.alert)
    return ReceivedAlert(
        workspace_id=workspace_id,
        fingerprint=fingerprint(alert),
        alert=alert,
        extra=masked_fields(told.extra),
        is_past=told.is_past,
    )


def masked_alert(alert: Alert) -> Alert:
    """The alert without card numbers and secrets; its identity is taken from what is left."""
    labels, annotations = alert.labels, alert.annotations
    told = (alert.id, alert.rule, alert.severity_word)
    if _PLAIN.has_all([*told, *labels, *labels.values(), *annotations, *annotations.values()]):
        return alert
    return replace(
        alert,
        id=masked(alert.id),
        rule=masked(alert.rule),
        severity_word=masked(alert.severity_word),
        labels=MappingProxyType(_masked(alert.labels)),
        annotations=MappingProxyType(_masked(alert.annotations)),
    )


def masked_fields(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a JSON object with every text in them masked."""
    values = fields.values()
    if all(isinstance(value, str) for value in values) and _PLAIN.has_all([*fields, *values]):
        return fields
    return {masked(name): masked_value(value) for name, value in fields.items()}


def masked_value(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value with every text in it masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {masked(str(name)): masked_value(inner) for name, inner in value.items()}
    return [masked_value(inner) for inner in value] if isinstance(value, list) else value


def _masked(texts: Mapping[str, str]) -> dict[str, str]:
    return {masked(name): masked(text) for name, text in texts.items()}
