"""Routes in line: what the pager must be told of alerts, decided in the transaction that keeps them, and fails open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from analysis.alerts.alert import Alert, rule_called, said_of
from analysis.alerts.episodes import Series, is_end_of, series_of
from analysis.alerts.guard_rails import SLOWEST_MILLISECONDS
from analysis.alerts.in_line import (
    InLine,
    Route,
    belongs_elsewhere,
    decide,
    episode_of,
    is_about,
    is_missing_there,
    series_after,
)
from analysis.alerts.series_parts import part_of
from analysis.masking import masked
from analysis.operator_notes import in_line_although_protected
from analysis.slacktext import clean, truncate
from bot.ports.ledger import Reads
from bot.ports.paging import FORWARD_KEY, Forward
from bot.ports.records import Changes, DeliveryKind, NewDelivery, ReceivedAlert
from bot.usecases.tell_operator import operator_note

SUMMARY_LETTERS = 400
SOURCE_LETTERS = 200

Decide = Callable[[Series | None, Alert], InLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """The routes in line, and how a repetition is told; *timer* gives seconds."""

    routes: tuple[Route, ...] = ()
    decide: Decide = decide
    timer: Callable[[], float] = lambda: 0.0

    def of(self, source: str) -> "Forwarding | None":
        """The same, if a route of *source* is in line."""
        return self if any(route.source == source for route in self.routes) else None

    def __call__(self, reads: Reads, received: Sequence[ReceivedAlert]) -> Changes:
        """What is written so that the pager is told of *received*, in their order."""
        forwards: dict[str, Forward] = {}
        deliveries: list[NewDelivery] = []
        for told in received:
            for service in sorted({route.service for route in self.routes if route.takes(told.alert)}):
                key = forward_key(told, service)
                before = forwards.get(key) or reads.pages.forward_by_key(key)
                one = _as_end(before, told) if before else told
                must_tell = self._must_tell(before, one.alert)
                now = _forward(reads, one, service, before, must_tell=must_tell)
                if now != before:
                    forwards[key] = now
                if must_tell:
                    deliveries += _deliveries(reads, one, now, is_first=before is None)
        return Changes(forwards=tuple(forwards.values()), deliveries=tuple(deliveries))

    def _must_tell(self, before: Forward | None, alert: Alert) -> bool:
        """Fail open: a decision that fails, or takes longer than it may, lets the alert through."""
        began = self.timer()
        try:
            is_to_tell = self._is_to_tell(before, alert)
        except Exception:  # noqa: BLE001 - whatever it was, somebody must be told of the alert
            return True
        return is_to_tell or (self.timer() - began) * 1000 > SLOWEST_MILLISECONDS

    def _is_to_tell(self, before: Forward | None, alert: Alert) -> bool:
        decided = self.decide(before.series if before else None, alert)
        if decided is InLine.AGAIN:
            return before is not None and is_about(before.episode, alert)
        if decided is InLine.REPEAT:
            return before is not None and is_missing_there(before.episode, before.series, alert)
        return True


def forward_key(one: ReceivedAlert, service: str) -> str:
    """By which the pager knows a series of alerts on a service: the same key again is the same alert there."""
    digest = sha256(f"{one.workspace_id}:{service}:{one.fingerprint}".encode()).hexdigest()
    return f"{FORWARD_KEY}{digest[:32]}"


def summary_of(alert: Alert) -> str:
    """The line that a pager shows: what people call the rule, and what it says, where that is so; masked once more.

    A rule that fires because its data are missing has sentences about values that there are not.
    """
    where = ", ".join(f"{name}={value}" for name, value in sorted(alert.labels.items()) if name != "alertname")
    line = ": ".join(filter(None, (rule_called(alert), said_of(alert)))) + (f" ({where})" if where else "")
    return truncate(masked(" ".join(clean(line).split())), SUMMARY_LETTERS)


def _as_end(before: Forward, told: ReceivedAlert) -> ReceivedAlert:
    """*told* as the end of what the pager has, where it names an earlier beginning of that; else as it is.

    Only what ended after the pager was asked is surely no end of before told again: that would hide what fires.
    """
    alert = told.alert
    try:
        part = part_of(before.series, alert)
        is_end = part is not None and is_end_of(part, alert) and (alert.ends_at or before.asked_at) > before.asked_at
    except Exception:  # noqa: BLE001 - whatever it was, the alert must be kept and told
        return told
    return replace(told, alert=replace(alert, starts_at=part.starts_at)) if part and is_end else told


def _forward(reads: Reads, one: ReceivedAlert, service: str, before: Forward | None, *, must_tell: bool) -> Forward:
    """The series as it is now; what the pager is told of it anew is on its way from here on."""
    series = _series_after(before.series if before else None, one.alert, is_told=must_tell)
    if before and not must_tell:
        return replace(before, series=series)
    return Forward(
        key=forward_key(one, service),
        workspace_id=one.workspace_id,
        fingerprint=one.fingerprint,
        service=service,
        series=series,
        episode=episode_of(one.alert, before.episode if before else "", series) if must_tell else "",
        asked_at=reads.now,
        taken_at=None if must_tell else reads.now,
    )


def _series_after(before: Series | None, alert: Alert, *, is_told: bool) -> Series:
    """The series as it is now; one that cannot be told is as *alert* alone tells it, so that the pager hears of it."""
    try:
        return series_after(before, alert, is_told=is_told)
    except Exception:  # noqa: BLE001 - whatever it was, the alert must be kept and told
        return series_of(alert)


def _deliveries(reads: Reads, one: ReceivedAlert, now: Forward, *, is_first: bool) -> list[NewDelivery]:
    alert = one.alert
    forward = NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.FORWARD_ALERT,
        lane=f"forward:{now.key}",
        arguments={
            "key": now.key,
            "episode": now.episode,
            "service": now.service,
            "status": alert.status.value,
            "severity": alert.severity.value,
            "summary": summary_of(alert),
            "source": truncate(masked(alert.source), SOURCE_LETTERS),
        },
    )
    if not (is_first and belongs_elsewhere(alert)):
        return [forward]
    return [forward, operator_note(reads, in_line_although_protected(alert.source, masked(alert.rule), now.service))]
