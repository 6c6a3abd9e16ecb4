"""Whether an incident would have been told later, or never, had alerts been grouped by other weights."""

from collections.abc import Mapping
from datetime import datetime

from analysis.alerts.backtest import FirstTold, Past, replay_policy
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.learning_replay import History, Replayed


def first_told(history: History, since: datetime, before: Replayed, after: Replayed) -> tuple[FirstTold, ...]:
    """When each incident that began at *since* or later was first told, by the groups of the two replays."""
    return tuple(
        FirstTold(incident=incident, without=before.told.get(incident), with_policy=after.told.get(incident))
        for incident in _begun(history, since)
    )


def held_back(history: History, since: datetime, after: Replayed) -> tuple[FirstTold, ...]:
    """The same under the default policy of holding back, with the groups of *after*; all of *history* teaches it."""
    past = [Past(alert=alert, membership=history.truth.memberships.get(alert.id)) for alert in history.alerts]
    verdict = replay_policy(
        past, HoldingPolicy(), graph=history.graph, happenings=history.happenings, groups=after.groups
    )
    begun = _begun(history, since)
    return tuple(one for one in verdict.told if one.incident in begun)


def _begun(history: History, since: datetime) -> Mapping[str, datetime]:
    begun: dict[str, datetime] = {}
    for alert in history.alerts:
        if membership := history.truth.memberships.get(alert.id):
            begun.setdefault(membership.incident, alert.received_at)
    return {incident: at for incident, at in sorted(begun.items()) if at >= since}
