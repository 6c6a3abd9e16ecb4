"""Alerts that were told before in the same words: what they say is known, so that only their number is news.

Alertmanager sends a group again whenever something of it changes, and both of a pair send it. What such a sender writes
of an alert is its labels and times; with those as before it is as before, whatever its prose and value say now.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from analysis.alerts.alert import Alert
from analysis.alerts.episodes import Series, series_of
from bot.ports.records import ReceivedAlert, RepeatedAlert
from bot.usecases.alerts.receive import ToldAlert, received_alert

#: How many alerts are remembered, and how long their words may be: about 10 MB of the usual ones.
_REMEMBERED, _LONGEST = 20_000, 1_000
#: What parts the words; no text of a body contains it.
_BETWEEN = "\x00"


class Repeats:
    """Remembers alerts by the words that decide which series they are of and what they say of it."""

    def __init__(self, workspace_id: UUID) -> None:
        """Remember none."""
        self.workspace_id = workspace_id
        self._known: dict[str, tuple[str, Series, bool]] = {}

    def find(self, words: str, read: Callable[[], ToldAlert]) -> RepeatedAlert | None:
        """The alert that was told in these *words* before; *read* reads it as if it were new."""
        known = self._known.get(words)
        if known is None:
            return None
        return RepeatedAlert(self.workspace_id, *known, lambda: received_alert(self.workspace_id, read()))

    def learn(
        self, told: Sequence[ToldAlert | RepeatedAlert], received: Sequence[ReceivedAlert | RepeatedAlert]
    ) -> None:
        """Remember what was *told* for the first time and how it was *received*, each in its place."""
        for one, kept in zip(told, received, strict=True):
            if not isinstance(one, ToldAlert) or not isinstance(kept, ReceivedAlert):
                continue
            if one.words and len(one.words) <= _LONGEST and _is_lasting(kept.alert):
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[one.words] = kept.fingerprint, series_of(kept.alert), kept.alert.is_per_severity


def words_of(source: str, fields: Mapping[str, Any]) -> str:
    """The words of an alert in Alertmanager's shape, but for its prose; empty where one of them is no text."""
    labels = fields.get("labels")
    if not isinstance(labels, dict):
        return ""
    times = fields.get("status"), fields.get("startsAt"), fields.get("endsAt")
    try:
        return _BETWEEN.join((source, *times, *labels, *labels.values()))  # type: ignore[arg-type] # refused below
    except TypeError:
        return ""


def _is_lasting(alert: Alert) -> bool:
    """Whether none of its times is that of its receipt."""
    now: datetime = alert.received_at
    return not alert.is_moment and alert.starts_at <= now and alert.ends_at != now
