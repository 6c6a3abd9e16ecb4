"""What decisions make of the groups that people see: counts, members, and what of it must be noticed."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from analysis.alerts.alert import AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.channel_news import Heard, Pace, has_come
from analysis.alerts.digest import Digest
from analysis.alerts.episodes import News, began_at
from analysis.alerts.stream import GroupLink, Placed
from analysis.alerts.topology import Place, Topology
from analysis.alerts.waiting import TOLD
from bot.flows.alerts.group_news import (
    APART,
    LEAVES_IT,
    NEVER,
    NOTHING_HEARD,
    comes_back,
    counted_repeat,
    digest,
    eased,
    ended,
    is_firing,
    is_quiet_repeat,
    joined_by,
    left_by,
    must_not_wait,
    notice_of,
    quiet,
    reached,
    resumed,
    said_of_both,
    severity_with,
    spreading,
    spreads,
    staying,
    told,
    told_apart,
    told_back,
    waiting,
    without_spread,
)
from bot.flows.alerts.touched_groups import TouchedGroups
from bot.ports.grouping import AlertGroup, Member, Notice, StreamEvent
from bot.ports.holding_reads import Holds
from bot.usecases.groups.folded_before import still_because
from bot.usecases.groups.messages import without_news

#: What people should know of most comes first.
_WEIGHT = {Notice.HELD: 5, Notice.NEW: 4, Notice.WORSE: 3, Notice.AGAIN: 2, Notice.BACK: 1, Notice.MORE: 0}
#: Why groups are together that a person put together.
TOGETHER = "a person said that they are one"
_NEW_EPISODES = frozenset({News.FIRED, News.REFIRED})


class GroupStates:
    """Puts what is decided into the groups that one step touches, and says what of them must be noticed."""

    def __init__(self, groups: TouchedGroups, holds: Holds, pace: Pace) -> None:
        """Change *groups*; *pace* says how long news waits."""
        self._groups = groups
        self._holds = holds
        self._pace = pace
        self._is_watched = False
        self._withheld: dict[UUID, bool] = {}
        self.notices: dict[UUID, Notice] = {}
        self.together: frozenset[UUID] = frozenset()
        self.as_shown: frozenset[UUID] = frozenset()

    def watch(self, *, is_on: bool) -> None:
        """Look from now on whether something of a group was withheld from people; nothing ever was without *is_on*."""
        self._is_watched = is_on

    def root_id(self, group_id: UUID) -> UUID:
        """The group that people see for this one."""
        return self._groups.root(group_id).id

    def tell(self, group_id: UUID) -> None:
        """Post what waited of a group."""
        root = self._groups.root(group_id)
        self._groups.keep(root)
        self._withheld[root.id] = False
        self._notice(root.id, Notice.HELD)

    def group_for(self, event: StreamEvent) -> UUID:
        """The group for what the engine knows no group for: that in which the series fires, if no new episode begins.

        The engine forgets what fires for days; what then is told of it belongs where it fires all the same.
        """
        self._groups.load((event.alert_id,))
        if event.news not in _NEW_EPISODES:
            for member in self._groups.memberships(event.alert_id).values():
                group = self._groups.root(member.group_id)
                if member.is_firing and not (group.is_closed and event.alert.status is AlertStatus.FIRING):
                    return group.id
        return self._groups.open()

    def take(
        self,
        event: StreamEvent,
        placed: Placed,
        place: Place,
        *,
        waits: bool = False,
        heard: Heard = NOTHING_HEARD,
    ) -> None:
        """Count *event* where it was put; what *waits* makes nobody notice it, else what is *heard* of it decides."""
        self._groups.load((event.alert_id,))
        before = self._groups.root(placed.group)
        self._release(event, before.id)
        member = self._groups.memberships(event.alert_id).get(before.id)
        fires = is_firing(event, was_firing=bool(member and member.is_firing))
        fired = event.alert.status is AlertStatus.FIRING and (event.news is not News.WORSENED or member is None)
        if event.is_past and self._is_told(before):
            fired = False  # people were told of what fired when it did
        self._groups.write_member(before.id, event.alert_id, is_firing=fires, more=int(fired))
        firing = before.firing + fires - bool(member and member.is_firing)
        after = replace(
            told(before, event),
            alerts=before.alerts + fired,
            series=before.series + (member is None),
            firing=firing,
            quiet_at=quiet(before, event) if not firing else None,
            digest=digest(before.digest, event, placed, place, fired=fired),
        )
        if fires:
            after = eased(replace(after, digest=resumed(before, after.digest, began_at(event.alert))), event)
        after = without_spread(after, event.alert.received_at)
        after = after if waits else reached(after, event, place)
        notice = None if waits or event.is_past else self._notice_of(before, after, placed, heard, fired=fired)
        if not (waits or notice or heard.is_endless) and comes_back(before, after, event):
            after = staying(after, event)
        after = counted_repeat(after, placed, notice, has_message=after.id in self.notices)
        is_spread = not (waits or notice) and self._is_told(before) and spreads(before, after, heard)
        # What is told together with the first of its group is not news of that.
        goes_on = (notice is Notice.MORE or is_spread) and after.id not in self.notices
        if heard.is_news and (heard.is_endless or goes_on):
            after = replace(after, digest=after.digest.with_news(event.alert, place.where))
        self._groups.keep(after)
        if waits:
            self._withheld[after.id] = True
        else:
            self._tell(event, after, notice, heard, is_spread=is_spread)
        for link in placed.links:
            self.merge(link)

    def merge(self, link: GroupLink) -> None:
        """Fold the later of two groups into the earlier, unless a person attached one of them to something."""
        self._fold(link.kept, link.gone, " ".join(f"{link.reason.text} ({link.reason.weight:+.1f})".splitlines()))

    def make_one(self, kept: UUID, gone: UUID) -> None:
        """The same because a person says so; nothing goes into the group of an incident that is over."""
        if not any(self._groups.root(group).is_closed for group in (kept, gone)):
            self._fold(kept, gone, TOGETHER)

    def _fold(self, one: UUID, other: UUID, why: str) -> None:
        first, second = sorted(map(self._groups.root, (one, other)), key=lambda group: group.number)
        if first.id == second.id or any(self._groups.is_attached(group) for group in (first, second)):
            return
        firing = [group for group in (first, second) if group.firing]
        since = min((one.fires_since for one in firing), default=first.digest.since)
        anew = min((one.began_at for one in firing), default=first.digest.anew)
        first = self._move_all(second, first)
        merged = said_of_both(first, second, why)
        self._groups.keep(
            replace(
                first,
                opened_at=min(first.opened_at, second.opened_at),
                last_at=max(first.last_at, second.last_at),
                severity=min((one.severity for one in firing or (first, second)), key=severity_rank),
                quiet_at=None if first.firing else max(filter(None, (first.quiet_at, second.quiet_at)), default=None),
                news_at=min(filter(None, (first.news_at, second.news_at)), default=None),
                digest=replace(merged, since=since, anew=anew),
            )
        )
        children = [self._groups.group(child) for child in self._groups.children(second.id)]
        because = {second.id: why, **{child.id: still_because(child, second) for child in children}}
        for gone in (second, *children):
            folded = replace(without_news(gone), alerts=0, series=0, firing=0, merged_into=first.id)
            self._groups.keep(replace(folded, digest=replace(folded.digest, why=because[gone.id])))
        is_told, notice = self._is_told(second), self.notices.pop(second.id, None)
        if notice is Notice.HELD or (notice is Notice.NEW and first.ts is None and first.announced_at is None):
            self._notice(first.id, notice)
        elif is_told and first.firing and not self._is_told(first):
            self._notice(first.id, Notice.NEW)

    def put_apart(
        self, groups: Collection[UUID], alert_id: UUID, topology: Topology, named: UUID | None = None
    ) -> UUID | None:
        """Move a series out of *groups* into a new group, or into the one *named*, if it is still in one of them."""
        self._groups.load((alert_id,))
        target = self._groups.root(named).id if named and self._groups.exists(named) else None
        members = self._groups.memberships(alert_id).values()
        held = [one for one in members if one.group_id in groups and one.group_id != target]
        if not held:
            return None
        into = target or self._groups.open(named)
        for member in held:
            old = self._groups.group(member.group_id)
            self._groups.remove_member(member)
            firing = old.firing - member.is_firing
            left = replace(old, alerts=old.alerts - member.alerts, series=old.series - 1, firing=firing)
            self._groups.keep(without_spread(left, old.last_at))
            self._take_over(into, old, member)
            self._tell_moved(old.id, target, member, topology)
        if target is None:
            self._tell_apart(into, alert_id, topology)
            self._notice(into, Notice.NEW)
        return into

    def show_again(self, folded: UUID, apart: UUID | None = None) -> None:
        """Let the message of a group that was *folded* say what is so now; what is *apart* of it began when it did."""
        gone = self._groups.group(folded)
        self._groups.keep(gone)
        if apart is not None:
            self._groups.keep(replace(self._groups.group(apart), opened_at=gone.opened_at))

    def set_closed(self, group_ids: Iterable[UUID], *, is_closed: bool) -> None:
        """Let groups be over, or no longer."""
        for group_id in group_ids:
            self._groups.keep(replace(self._groups.group(group_id), is_closed=is_closed))

    def gather(self, now: datetime) -> None:
        """Tell what waits to be told `together`, once the first of it has waited for long enough at *now*.

        It waits until a new message is asked for; one group gets one of its own, if there may be one. Those of which
        this step has nothing else are `as_shown` in their messages.
        """
        if not self._pace.is_due(self._groups.times_of_news(), now):
            return
        due = [group for group in self._groups.with_news() if group.news_at and has_come(group.news_at, now)]
        if not self._pace.is_due((group.news_at for group in due), now):
            return
        changed = {group.id for group in due if self._groups.is_changed(group.id) or group.digest.is_back}
        self.as_shown = frozenset(group.id for group in due) - changed
        untold = [group for group in due if group.id not in self.notices]
        for group in due:
            self._groups.keep(told_back(group) if group in untold else group)
        if len(untold) == 1:
            told = Notice.BACK if untold[0].digest.is_back else Notice.MORE
            self._notice(untold[0].id, told if self._is_told(untold[0]) else Notice.NEW)
        self.together = frozenset(group.id for group in due)
        self._pace.tell(now)

    def _tell(
        self, event: StreamEvent, group: AlertGroup, notice: Notice | None, heard: Heard, *, is_spread: bool
    ) -> None:
        if not event.is_past and heard.is_endless:
            self._tell_of_series(event, group, is_news=heard.is_news)
        elif notice:
            self._notice(group.id, notice)
        elif is_spread and group.id not in self.notices:
            self._tell_of_spread(event, group)

    def _take_over(self, into: UUID, old: AlertGroup, member: Member) -> None:
        new = self._groups.group(into)
        is_first = new.opened_at is NEVER
        is_known = member.alert_id in {one.alert_id for one in self._groups.members_of(into)}
        firing = new.firing + member.is_firing
        event = self._groups.latest(member.alert_id)
        severity = severity_with(new, event.severity if event else old.severity, is_firing=member.is_firing)
        said = resumed(new, new.digest, old.fires_since) if member.is_firing else new.digest
        self._groups.write_member(into, member.alert_id, is_firing=member.is_firing, more=member.alerts)
        self._groups.keep(
            replace(
                new,
                opened_at=old.opened_at if is_first else min(new.opened_at, old.opened_at),
                last_at=old.last_at if is_first else max(new.last_at, old.last_at),
                severity=severity,
                alerts=new.alerts + member.alerts,
                series=new.series + (not is_known),
                firing=firing,
                quiet_at=None if firing else new.quiet_at or old.quiet_at or old.last_at,
                digest=said,
            )
        )

    def _tell_moved(self, old: UUID, target: UUID | None, member: Member, topology: Topology) -> None:
        """Let the group that a series left say nothing more of it, and the *target* that it was put back into do so."""
        event = self._groups.latest(member.alert_id)
        if event is None:
            return
        place = topology.place(event.alert.labels)
        self._groups.keep(left_by(self._groups.group(old), event, place, member, self._groups.latest_in(old)))
        if target is not None:
            self._groups.keep(joined_by(self._groups.group(target), event, place, member))

    def _tell_apart(self, into: UUID, alert_id: UUID, topology: Topology) -> None:
        """Let a new group of one series be as bad as that, and say nothing of what it was taken from."""
        group, event = self._groups.group(into), self._groups.latest(alert_id)
        if event is None:
            self._groups.keep(replace(group, digest=Digest(why=APART, is_apart=True)))
            return
        said = told_apart(event, topology.place(event.alert.labels), is_firing=group.firing > 0)
        opened_at = began_at(event.alert) if group.alerts == 1 else group.opened_at
        self._groups.keep(replace(group, opened_at=opened_at, severity=event.severity, digest=said))

    def _tell_of_series(self, event: StreamEvent, group: AlertGroup, *, is_news: bool) -> None:
        """Tell of what is news of a series whose sender never tells an end, most of it together with others.

        A message that this step asks for will have it anyway. What is told at once waits, too, until there is one: its
        group may be folded into another, and there may be too many messages.
        """
        if not (is_news or self._is_after_an_incident(event, group)) or group.id in self.notices:
            return
        if self._is_withheld(group):
            self._notice(group.id, Notice.HELD)
            return
        at = event.alert.received_at
        self._groups.keep(waiting(group, at))
        if must_not_wait(event, group, self._pace):
            self._notice(group.id, Notice.MORE if self._is_told(group) else Notice.NEW)
            self._pace.tell(at)

    def _tell_of_spread(self, event: StreamEvent, group: AlertGroup) -> None:
        """Tell that a group fires where it did not, once its message is not of just now; at once then if critical."""
        at = event.alert.received_at
        group = spreading(group, event)
        self._groups.keep(group)
        if group.news_at and group.news_at <= at and event.alert.severity is AlertSeverity.CRITICAL:
            self._notice(group.id, Notice.MORE)
            self._pace.tell(at)

    def _is_after_an_incident(self, event: StreamEvent, group: AlertGroup) -> bool:
        """Whether a series fires on in *group*, which nobody was told of, because the incident of its own is over."""
        if event.alert.status is not AlertStatus.FIRING or self._is_told(group):
            return False
        return any(
            self._groups.group(one.group_id).is_closed for one in self._groups.memberships(event.alert_id).values()
        )

    def _notice_of(
        self, before: AlertGroup, after: AlertGroup, placed: Placed, heard: Heard, *, fired: bool
    ) -> Notice | None:
        """What must be noticed; of a group that nobody was told of, because it is of the past, that something fires."""
        if notice := notice_of(before, after, placed, heard):
            is_again = notice is Notice.AGAIN and not heard.is_endless
            return None if is_again and self._may_repeat_quietly(before, after, placed) else notice
        if fired and self._is_withheld(before):
            return Notice.HELD
        return Notice.NEW if fired and after.firing and not self._is_told(before) else None

    def _may_repeat_quietly(self, before: AlertGroup, after: AlertGroup, placed: Placed) -> bool:
        """Whether people need not be told at once that *after* fires again; of what an open incident has they are."""
        if not is_quiet_repeat(before, after, placed) or self._is_withheld(before):
            return False
        return not self._groups.is_of_an_incident(before)

    def _is_told(self, group: AlertGroup) -> bool:
        """Whether a message tells of it, by itself or with others, or will."""
        return bool(group.ts or group.announced_at or group.storm_id or group.id in self.notices)

    def _is_withheld(self, group: AlertGroup) -> bool:
        """Whether something of *group* came since it was told of last, and waits or went into a digest."""
        if not self._is_watched or self._groups.is_new(group.id):
            return self._withheld.get(group.id, False)
        if group.id not in self._withheld:
            family = {group.id, *self._groups.children(group.id)}
            self._withheld[group.id] = any(
                one.end not in TOLD and (group.announced_at is None or one.since >= group.announced_at)
                for one in self._holds.of_groups(family)
            )
        return self._withheld[group.id]

    def _release(self, event: StreamEvent, root: UUID) -> None:
        """A series fires in one group: where it goes on, it is over elsewhere; where it was before says nothing."""
        if event.news in LEAVES_IT:
            return
        for member in [
            one for one in self._groups.memberships(event.alert_id).values() if one.is_firing and one.group_id != root
        ]:
            self._groups.write_member(member.group_id, member.alert_id, is_firing=False, more=0)
            group = self._groups.group(member.group_id)
            firing = group.firing - 1
            left = replace(group, firing=firing, quiet_at=None if firing else ended(event.alert))
            self._groups.keep(without_spread(left, event.alert.received_at))

    def _move_all(self, gone: AlertGroup, kept: AlertGroup) -> AlertGroup:
        known = {member.alert_id for member in self._groups.members_of(kept.id)}
        moving = self._groups.members_of(gone.id)
        both_firing = 0
        for member in moving:
            there = self._groups.memberships(member.alert_id).get(kept.id)
            both_firing += bool(there and there.is_firing and member.is_firing)
            self._groups.remove_member(member)
            is_firing = member.is_firing or bool(there and there.is_firing)
            self._groups.write_member(kept.id, member.alert_id, is_firing=is_firing, more=member.alerts)
        return replace(
            kept,
            alerts=kept.alerts + gone.alerts,
            series=kept.series + sum(member.alert_id not in known for member in moving),
            firing=kept.firing + gone.firing - both_firing,
        )

    def _notice(self, group_id: UUID, notice: Notice) -> None:
        known = self.notices.get(group_id)
        if known is None or _WEIGHT[notice] > _WEIGHT[known]:
            self.notices[group_id] = notice
