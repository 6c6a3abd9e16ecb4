"""Lives through a stream of alerts and events with holding back, and says who was told of what and when."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import Happening
from analysis.alerts.hold_reasons import Action, HoldDecision
from analysis.alerts.holding import Holding
from analysis.alerts.telling import Folding, Gathering, Post
from analysis.alerts.waiting import TOLD, End, Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Something that happened to an alert: it was decided on, its waiting ended, or it resolved.

    `is_told` is whether it is told now; folding may still make that an edit.
    """

    alert: Alert
    at: datetime
    is_told: bool
    decision: HoldDecision | None = None
    end: End | None = None


def in_order(alerts: Iterable[Alert], happenings: Iterable[Happening]) -> Iterator[Alert | Happening]:
    """Both in one stream, by the time they are known; an event comes before the alerts of its instant."""
    return heapq.merge(sorted(happenings, key=_known_at), alerts, key=_known_at)


def play(stream: Iterable[Alert | Happening], holding: Holding) -> Iterator[Turn]:
    """Each turn in order of time; at the end all waiting ends at its moment."""
    for one in stream:
        if isinstance(one, Happening):
            holding.happen(one)
            continue
        yield from turns_of(one, holding)
    yield from ended(holding)


def ended(holding: Holding) -> Iterator[Turn]:
    """The turns with which all waiting ends at its moment, when no more alerts will come."""
    return map(_ended, holding.finish())


def turns_of(alert: Alert, holding: Holding, *, group: str = "") -> Iterator[Turn]:
    """The turns that one delivery of *group* leads to: what had ended before, the delivery itself, what it released."""
    seen = holding.observe(alert, group=group)
    earlier = [one for one in seen.endings if one.at < alert.received_at]
    yield from map(_ended, earlier)
    decision = seen.decision
    is_told = decision is not None and decision.action is Action.PASS
    yield Turn(alert=alert, at=alert.received_at, is_told=is_told, decision=decision)
    yield from map(_ended, seen.endings[len(earlier) :])


def _known_at(one: Alert | Happening) -> datetime:
    return one.at if isinstance(one, Happening) else one.received_at


def _ended(ending: Ending) -> Turn:
    return Turn(alert=ending.alert, at=ending.at, is_told=ending.end in TOLD, end=ending.end)


class Notifications:
    """Counts posts, and remembers when each incident was first told; `incidents` maps alerts to theirs."""

    def __init__(
        self, incidents: Mapping[str, str], *, folding: Folding | None = None, gathering: Gathering | None = None
    ) -> None:
        self.first: dict[str, datetime] = {}
        self.posts = 0
        self.told_alerts = 0
        self._incidents = incidents
        self._folding = folding or Folding()
        self._gathering = gathering or Gathering()

    def take(self, turn: Turn) -> tuple[Post, ...]:
        """Take in a turn; returns the posts that are complete by then."""
        is_resolution = turn.alert.status is AlertStatus.RESOLVED
        posts = list(self._gathering.closed(turn.at))
        if (turn.is_told or is_resolution) and self._folding.is_news(turn.alert, turn.at):
            posts += self._gathering.add(turn.alert, turn.at)
        return self._noted(posts)

    def close(self) -> tuple[Post, ...]:
        """The post that is still open, when nothing more will come."""
        return self._noted(self._gathering.rest())

    def _noted(self, posts: Iterable[Post]) -> tuple[Post, ...]:
        made = tuple(posts)
        for post in made:
            self.posts += 1
            self.told_alerts += len(post.alerts)
            for alert in post.alerts:
                incident = self._incidents.get(alert.id)
                if incident is not None:
                    self.first.setdefault(incident, post.at)
        return made
