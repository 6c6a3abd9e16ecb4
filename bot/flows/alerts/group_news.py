"""What one event makes of one group: whether its series fires there, since when, how bad, and what must be noticed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, rule_called, severity_rank
from analysis.alerts.channel_news import (
    PATIENCE,
    QUIETLY_REPEATED,
    ChannelNews,
    Heard,
    Pace,
    fires_on_from,
    has_come,
    spread_waits_from,
    told_again_after,
)
from analysis.alerts.decisions import DecisionKind
from analysis.alerts.digest import Digest, why_together
from analysis.alerts.episodes import News, began_at
from analysis.alerts.stream import Placed
from analysis.alerts.topology import Place
from analysis.alerts.waiting import TOLD, Ending
from analysis.slacktext import truncate
from bot.ports.grouping import AlertGroup, Member, Notice, StreamEvent
from bot.usecases.groups.messages import without_news

#: A group that fires, or a series that repeats by itself, is told of again once so much time has passed since; until
#: then it is counted.
TOLD_EVERY = timedelta(hours=1)
#: What fires again after so much quiet is a new beginning.
QUIET_FOR_LONG = timedelta(hours=1)
#: Of a group that nothing is in yet.
NEVER = datetime.min.replace(tzinfo=UTC)
#: What changes nothing of whether the series fires, and where.
LEAVES_IT = frozenset({News.LATE, News.EASED})
NOTHING_HEARD = Heard()
#: Why a series is in a group that a person made.
APART = "a person put it apart"
_RULE_LETTERS = 80


def is_firing(event: StreamEvent, *, was_firing: bool) -> bool:
    """Whether the series fires after *event*; one that speaks of an earlier episode or of a part changes nothing."""
    return was_firing if event.news in LEAVES_IT else event.alert.status is AlertStatus.FIRING


def told(group: AlertGroup, event: StreamEvent) -> AlertGroup:
    """With what *event* says of since when and how bad it is; of what fires now, an earlier episode says nothing.

    Nor does how bad it was once of what fires again, unless people were told of that within the hour.
    """
    alert = event.alert
    began, is_first = began_at(alert), group.opened_at is NEVER
    is_of_now = event.news is not News.LATE or not group.firing
    is_heard = alert.status is AlertStatus.FIRING and is_of_now
    severity = min(group.severity, event.severity, key=severity_rank) if is_heard else group.severity
    is_anew = (
        event.news is not News.LATE and is_heard and not group.firing and not _is_told_lately(group, alert.received_at)
    )
    return replace(
        group,
        opened_at=began if is_first else group.opened_at,
        last_at=alert.received_at if is_first else max(group.last_at, alert.received_at),
        severity=event.severity if is_anew else severity,
    )


def severity_with(group: AlertGroup, severity: AlertSeverity, *, is_firing: bool) -> AlertSeverity:
    """How bad a group is with one more series of this *severity*: once anything fires, only what does counts."""
    if group.opened_at is NEVER or (is_firing and not group.firing):
        return severity
    return min(group.severity, severity, key=severity_rank) if is_firing or not group.firing else group.severity


def eased(group: AlertGroup, event: StreamEvent) -> AlertGroup:
    """As bad as what still fires, where the series of *event* is all that does; others may be as bad as before."""
    return replace(group, severity=event.severity) if event.goes_on and group.firing == 1 else group


def resumed(before: AlertGroup, said: Digest, since: datetime) -> Digest:
    """What a group *said* with since when it fires where it was quiet *before*, which may have been for hours."""
    if not before.alerts or before.firing:
        return said
    is_anew = since - (before.quiet_at or before.last_at) >= QUIET_FOR_LONG
    anew, returns = (since, 0) if is_anew else (said.anew, said.returns)
    return replace(said, since=since, anew=anew, returns=returns, news=(), ends=MappingProxyType({}))


def quiet(group: AlertGroup, event: StreamEvent) -> datetime:
    """Since when a group is quiet in which nothing fires after *event*: an earlier episode ended before that."""
    return group.quiet_at if event.news in LEAVES_IT and group.quiet_at else ended(event.alert)


def ended(alert: Alert) -> datetime:
    """When what *alert* tells was over, as far as that can be believed."""
    return min(alert.ends_at, alert.received_at) if alert.ends_at else alert.received_at


def digest(before: Digest, event: StreamEvent, placed: Placed, place: Place, *, fired: bool) -> Digest:
    """With what a new firing, or the end of one, says of its group."""
    alert = event.alert
    if not fired:
        return before if event.news in LEAVES_IT else before.with_end(alert, place.where)
    where = f" at {place.where}" if place.where else ""
    why = (
        f"{truncate(rule_called(alert), _RULE_LETTERS)}{where}: {why_together(placed.decision.reasons)}"
        if _says_why(placed)
        else ""
    )
    after = before.with_alert(alert, place.where, why, place.entities)
    if placed.suggested is not None:
        after = after.with_near(str(placed.suggested), placed.decision.logit)
    return replace(after, is_lane=True) if placed.decision.kind is DecisionKind.LANE else after


def told_apart(event: StreamEvent, place: Place, *, is_firing: bool) -> Digest:
    """What a group says that a person made of one series, whose newest event is *event*: of the series alone."""
    said = Digest(why=APART, is_apart=True).with_alert(event.alert, place.where, "", place.entities)
    return replace(said, since=began_at(event.alert)) if is_firing else said


def left_by(
    group: AlertGroup, event: StreamEvent, place: Place, member: Member, stay: Iterable[tuple[Member, StreamEvent]]
) -> AlertGroup:
    """A group that the series of *event* has left: what is said of it is of those that *stay*, with their newest event.

    It is as bad as what fires of them.
    """
    others = list(stay)
    alerts = [one.alert for _, one in others]
    said = group.digest.without(event.alert, place.where, place.entities, member.alerts, alerts)
    firing = (one.severity for each, one in others if each.is_firing)
    severity = min(firing, key=severity_rank, default=group.severity)
    return replace(group, digest=said, severity=severity if event.severity is group.severity else group.severity)


def joined_by(group: AlertGroup, event: StreamEvent, place: Place, member: Member) -> AlertGroup:
    """A group that the series of *event* was put back into."""
    return replace(group, digest=group.digest.with_series(event.alert, place.where, place.entities, member.alerts))


def _says_why(placed: Placed) -> bool:
    return placed.decision.kind in {DecisionKind.JOIN, DecisionKind.LANE}


def heard(news: ChannelNews, event: StreamEvent, *, waits: bool) -> Heard:
    """What *event* has the channel hear of its series; what is past or speaks of an earlier episode is no news."""
    if event.is_past:
        return NOTHING_HEARD
    if event.news in LEAVES_IT:
        news.hear_late(event.alert)
        return NOTHING_HEARD
    return news.hear(event.alert, is_told=not waits)


def told_after_all(news: ChannelNews, endings: Iterable[Ending]) -> None:
    """Let the channel's news know of what waited and was told."""
    for ending in endings:
        if ending.end in TOLD:
            news.tell(ending.alert, ending.at)


def notice_of(before: AlertGroup, after: AlertGroup, placed: Placed, heard: Heard = NOTHING_HEARD) -> Notice | None:
    """What of a change must be noticed; a series that repeats by itself in its lane is told of now and then.

    So is what is new in a group that fires on, because nobody looks at a message of an hour ago.
    """
    if not after.firing:
        return None
    if not before.alerts:
        return Notice.NEW
    if severity_rank(after.severity) < severity_rank(before.severity):
        return Notice.WORSE
    is_recent = _is_told_lately(before, after.last_at)
    if before.firing:
        return Notice.MORE if heard.is_news and not is_recent else None
    is_lane = placed.decision.kind is DecisionKind.LANE
    return None if is_lane and before.announced_at and is_recent else Notice.AGAIN


def _is_told_lately(group: AlertGroup, at: datetime) -> bool:
    return at - (group.announced_at or group.opened_at) < TOLD_EVERY


def is_quiet_repeat(before: AlertGroup, after: AlertGroup, placed: Placed) -> bool:
    """Whether *after*, which fires again, only repeats what people were told of not long enough ago."""
    if before.announced_at is None or not _is_for_the_record(after, placed):
        return False
    return after.last_at - before.announced_at < told_again_after(before.digest.repeats)


def _is_for_the_record(group: AlertGroup, placed: Placed) -> bool:
    """Whether nothing of *group* fires but one series that repeats by itself, which is not bad."""
    is_lane = placed.decision.kind is DecisionKind.LANE and group.series == 1
    return is_lane and group.severity in QUIETLY_REPEATED


def comes_back(before: AlertGroup, after: AlertGroup, event: StreamEvent) -> bool:
    """Whether *event* lets a group fire that was quiet, or makes worse what came back so and waits to be told."""
    waits = before.news_at is not None and before.digest.is_back
    is_worse = event.news is News.WORSENED and waits
    return before.alerts > 0 and after.firing > 0 and (before.firing == 0 or is_worse) and not event.is_past


def staying(group: AlertGroup, event: StreamEvent) -> AlertGroup:
    """With what came back waiting, which is told if it stays."""
    is_critical = event.severity is AlertSeverity.CRITICAL
    told_at, at = group.announced_at or group.opened_at, event.alert.received_at
    return waiting(group, fires_on_from(at, told_at, group.digest.returns, is_critical=is_critical), is_back=True)


def waiting(group: AlertGroup, since: datetime, *, is_back: bool = False) -> AlertGroup:
    """With news of it waiting *since* then, which may be ahead, unless earlier news of it waits."""
    if group.news_at is not None and group.news_at <= since:
        return group
    return replace(group, news_at=since, digest=replace(group.digest, is_back=is_back))


def said_of_both(first: AlertGroup, second: AlertGroup, why: str) -> Digest:
    """What *first* says with *second* folded into it; that it is back, only if that is what is told of them first."""
    waits = [group for group in (first, second) if group.news_at]
    said = min(waits, key=lambda group: group.news_at or NEVER, default=first).digest
    return replace(first.digest.merged(second.digest, why), is_back=said.is_back, returns=said.returns)


def told_back(group: AlertGroup) -> AlertGroup:
    """Once it is told that it came back and stays, if that waited."""
    said = group.digest
    return replace(group, digest=replace(said, returns=said.returns + 1, is_back=False)) if said.is_back else group


def counted_repeat(group: AlertGroup, placed: Placed, notice: Notice | None, *, has_message: bool) -> AlertGroup:
    """With how many messages in a row told only that it repeats, once *notice* is asked for.

    Where it *has a message* coming already, as when many repeats are decided about at once, this is the same one.
    """
    if notice is None:
        return group
    is_repeat = notice is Notice.AGAIN and _is_for_the_record(group, placed)
    repeats = group.digest.repeats + (not has_message) if is_repeat else 0
    returns = group.digest.returns if notice is Notice.AGAIN else 0
    return replace(group, digest=replace(group.digest, repeats=repeats, returns=returns))


def reached(group: AlertGroup, event: StreamEvent, place: Place) -> AlertGroup:
    """With the *place* at which *event* fires, which people are to be told of."""
    fires = event.alert.status is AlertStatus.FIRING and event.news not in LEAVES_IT
    is_to_tell = fires and group.firing and not event.is_past
    return replace(group, digest=group.digest.with_reached(place.where)) if is_to_tell else group


def spreads(before: AlertGroup, after: AlertGroup, heard: Heard) -> bool:
    """Whether a group that fires does so where it did not, by what is new of its series."""
    return heard.is_news and before.firing > 0 and len(after.digest.reached) > len(before.digest.reached)


def spreading(group: AlertGroup, event: StreamEvent) -> AlertGroup:
    """With it waiting that *group* fires where *event* does."""
    return waiting(group, spread_waits_from(group.announced_at or group.opened_at, event.alert.received_at))


def without_spread(group: AlertGroup, at: datetime) -> AlertGroup:
    """What is quiet by *at* spreads or fires on no more: that waits to be told, as its message is of just now."""
    if group.firing or group.news_at is None or (has_come(group.news_at, at) and not group.digest.is_back):
        return group
    return without_news(group)


def gist(group: AlertGroup) -> tuple[object, ...]:
    """What of a group matters to an incident that it is a part of; its alerts once they are twice as many."""
    return group.firing > 0, group.severity, group.alerts.bit_length()


def must_not_wait(event: StreamEvent, group: AlertGroup, pace: Pace) -> bool:
    """Whether what is new of a series whose sender never tells an end is told at once, not together with others.

    It is where it is critical; where much was told lately, as long as the message of its group is not of just now.
    """
    if event.alert.severity is not AlertSeverity.CRITICAL:
        return False
    at = event.alert.received_at
    is_fresh = group.announced_at is not None and at - group.announced_at < PATIENCE
    return not (is_fresh and pace.is_busy(at))
