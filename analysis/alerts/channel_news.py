"""What of the alerts that are told a channel has to hear of anew, beside what becomes of whole groups.

A group is one message, and what joins a group that fires is an edit, which notifies nobody. That is right where senders
say when something is over: a group that fires is one fault, and people are at it. It may be another fault, too, that is
taken for a part of that one: so what is new where nothing of the group has fired is told, every few minutes at most. A
sender that never tells an end (intrusion detection, most logs) leaves every group firing for ever. What such a sender
tells is therefore heard series by series, as `Folding` has it, whatever group it joins. A series that fires and is over
again and again by itself says little by firing once more: that is told after growing whiles. Whoever read that it is
over must hear that it came back and stays, though: that is told once it has fired on, soon where it is critical.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.telling import GATHERING, Folding

#: A source is held to tell ends until it told of so many firings, over so long, and of no end.
FIRINGS_WITHOUT_END = 20
TIME_WITHOUT_END = timedelta(hours=4)
#: News waits for half a minute, and for `PATIENCE` where it made so many messages within `BUSY_WITHIN`: as many as one
#: every five minutes make.
MOST_PROMPT = 12
BUSY_WITHIN = timedelta(hours=1)
PATIENCE = timedelta(minutes=5)
#: That a group fires at places where it did not is told so long after its last message, or later: Alertmanager's usual
#: `group_interval`.
SPREADS_EVERY = timedelta(minutes=5)
#: What repeats by itself is told again so long after its last message; the last of these from then on. As long as it is
#: no worse than `QUIETLY_REPEATED`: faults begin with a warning that had been noise for hours.
REPEATS_TOLD_AFTER = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1))
QUIETLY_REPEATED = frozenset({AlertSeverity.INFO})
#: A repeat that was not told is told once it has fired on for so long: twice what Alertmanager takes at least from a
#: firing to its end, which is its usual `group_interval`; where it is critical, little more than that.
FIRES_ON_AFTER = timedelta(minutes=10)
CRITICAL_ON_AFTER = timedelta(minutes=7)
#: And so long after the last message of its group, or later: what is critical after growing whiles, by how many
#: messages in a row told that it fires on, because what flaps for ever fires on for minutes each time.
ON_TOLD_AFTER = timedelta(hours=1)
CRITICAL_ON_TOLD_AFTER = (timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40), ON_TOLD_AFTER)
#: What waits longer was put off by a clock that has been set back since.
MOST_AHEAD = max(SPREADS_EVERY, FIRES_ON_AFTER, ON_TOLD_AFTER - GATHERING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Whether an alert says something new of its series, and whether its sender never says that something is over."""

    is_news: bool = False
    is_endless: bool = False


@dataclass(slots=True)
class Pace:
    """How long news waits, so that a sender with ever new series does not fill the channel."""

    _told: deque[datetime] = field(default_factory=lambda: deque(maxlen=MOST_PROMPT))

    def tell(self, at: datetime) -> None:
        """A message about news is asked for at *at*."""
        self._told.append(at)

    def is_busy(self, now: datetime) -> bool:
        """Whether there were so many lately that more have to wait; what a clock told that was ahead does not count."""
        lately = sum(timedelta(0) <= now - at < BUSY_WITHIN for at in self._told)
        return lately >= MOST_PROMPT

    def is_due(self, times: Iterable[datetime | None], now: datetime) -> bool:
        """Whether the first of what waits since *times* has waited long enough at *now*."""
        since = min(filter(None, times), default=None)
        if since is None or not has_come(since, now):
            return False
        return not timedelta(0) <= now - since < (PATIENCE if self.is_busy(now) else GATHERING)


def spread_waits_from(told_at: datetime, at: datetime) -> datetime:
    """Since when it waits that a group, told of last at *told_at*, fires at a new place at *at*: maybe not yet."""
    return max(at, told_at + SPREADS_EVERY - GATHERING)


def told_again_after(repeats: int) -> timedelta:
    """How long after its last message what repeats by itself is told again, where *repeats* were told in a row."""
    return REPEATS_TOLD_AFTER[min(repeats, len(REPEATS_TOLD_AFTER) - 1)]


def fires_on_from(at: datetime, told_at: datetime, returns: int, *, is_critical: bool) -> datetime:
    """From when on it waits that a repeat of *at*, which was not told, fires on.

    Its group was told of last at *told_at*, and *returns* messages in a row told that it fires on.
    """
    if is_critical:
        apart = CRITICAL_ON_TOLD_AFTER[min(returns, len(CRITICAL_ON_TOLD_AFTER) - 1)]
        return max(at + CRITICAL_ON_AFTER, told_at + apart) - GATHERING
    return max(at + FIRES_ON_AFTER, told_at + ON_TOLD_AFTER) - GATHERING


def has_come(since: datetime, now: datetime) -> bool:
    """Whether *since* is past at *now*, or so far ahead that the clock has been set back."""
    return not timedelta(0) < since - now <= MOST_AHEAD


@dataclass(slots=True, kw_only=True)
class _Sender:
    """What a source told since `first_at`."""

    first_at: datetime
    firings: int = 0
    tells_ends: bool = False

    def is_endless(self, at: datetime) -> bool:
        """Whether it has shown by *at* that it never tells an end."""
        is_shown = self.firings >= FIRINGS_WITHOUT_END and at - self.first_at >= TIME_WITHOUT_END
        return is_shown and not self.tells_ends


class ChannelNews:
    """Feed it with every event in its order; a day of them is enough to go on as if it had never been away."""

    def __init__(self) -> None:
        self._folding = Folding()
        self._senders: dict[str, _Sender] = {}

    def tell(self, alert: Alert, at: datetime) -> None:
        """Take in that *alert*, which waited, is told at *at*: what repeats it from then on is no news."""
        self._folding.is_news(alert, at)

    def hear_late(self, alert: Alert) -> None:
        """Take in what says nothing of the series as it is now: of its sender it may say that there are ends."""
        if alert.status is AlertStatus.RESOLVED:
            self._sender(alert).tells_ends = True

    def hear(self, alert: Alert, *, is_told: bool = True) -> Heard:
        """Take in *alert*; what is not told, because it waits, makes no later one a repeat."""
        at, sender = alert.received_at, self._sender(alert)
        if alert.status is AlertStatus.RESOLVED:
            sender.tells_ends = True
        else:
            sender.firings += 1
        is_heard = is_told or alert.status is AlertStatus.RESOLVED
        is_news = is_heard and self._folding.is_news(alert, at)
        return Heard(is_news=is_news, is_endless=sender.is_endless(at))

    def _sender(self, alert: Alert) -> _Sender:
        return self._senders.setdefault(alert.source, _Sender(first_at=alert.received_at))
