"""Looking at groups and at the stream that they come from (`bot.ports.grouping.Groups`)."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, or_, select, text

from analysis.alerts.alert import AlertSeverity, AlertStatus, severity_rank
from analysis.alerts.decisions import DecisionKind
from analysis.incident import ACTIVE_STATUSES, Incident, Visibility
from bot.ports.grouping import (
    AlertGroup,
    Decided,
    Feedback,
    FeedbackKind,
    InputKind,
    Member,
    NewInput,
    PlacedInput,
    Position,
    SeriesOfGroup,
    Storm,
    StreamEvent,
    standing_mattered,
)
from bot.store.database.chunking import chunks
from bot.store.database.planning import Unsearched
from bot.store.grouping.group_rows import (
    to_decided,
    to_feedback,
    to_group,
    to_input,
    to_placed,
    to_storm,
    to_stream_event,
)
from bot.store.grouping.group_tables import (
    ALERT_GROUP,
    ALERT_STORM,
    DECISION,
    FEEDBACK,
    GROUP_ATTACHMENT,
    GROUP_MEMBER,
    GROUPING_CURSOR,
    GROUPING_INPUT,
    HAS_NEWS,
)
from bot.store.record.mapping import to_incident
from bot.store.record.sealing import Sealer
from bot.store.record.tables import ALERT, ALERT_EVENT, INCIDENT

_ACTIVE = sorted(status.value for status in ACTIVE_STATUSES)


class SqlGroups:
    """See the port; `before_query` as in `SqlReads`."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def position(self, workspace_id: UUID) -> Position:
        row = GROUPING_CURSOR.c
        found = self._first(select(row.seq, row.placed).where(row.workspace_id == workspace_id))
        return Position(found["seq"], found["placed"]) if found else Position()

    def events(
        self, workspace_id: UUID, *, after: int, limit: int, upto: int | None = None, since: datetime | None = None
    ) -> tuple[StreamEvent, ...]:
        row = ALERT_EVENT.c
        wanted = _events().add_columns(DECISION.c.content.label("decision_content"))
        # By its number, however long the history is: nearly all of it is of this workspace.
        wanted = wanted.where(Unsearched(ALERT.c.workspace_id) == workspace_id, row.seq > after)
        if upto is not None:
            wanted = wanted.where(row.seq <= upto)
        if since is not None:
            wanted = wanted.where(row.received_at >= since)
        found = self._rows(wanted.order_by(row.seq).limit(limit))
        return tuple(to_stream_event(each, self._sealer) for each in found)

    def pending(self, workspace_id: UUID, limit: int) -> tuple[NewInput, ...]:
        row = GROUPING_INPUT.c
        wanted = select(GROUPING_INPUT).where(row.workspace_id == workspace_id, row.after_seq.is_(None))
        return tuple(to_input(each, self._sealer) for each in self._rows(wanted.order_by(row.id).limit(limit)))

    def placed(self, workspace_id: UUID, *, since: int, kinds: Collection[InputKind] = ()) -> tuple[PlacedInput, ...]:
        row = GROUPING_INPUT.c
        wanted = select(GROUPING_INPUT).where(row.workspace_id == workspace_id, row.after_seq >= since)
        if kinds:
            wanted = wanted.where(row.kind.in_(sorted(kind.value for kind in kinds)))
        return tuple(to_placed(each, self._sealer) for each in self._rows(wanted.order_by(row.after_seq, row.place)))

    def epoch(self, workspace_id: UUID) -> PlacedInput | None:
        row = GROUPING_INPUT.c
        of_kind = (row.workspace_id == workspace_id) & (row.kind == InputKind.EPOCH.value)
        found = self._first(select(GROUPING_INPUT).where(of_kind).order_by(row.place.desc()).limit(1))
        return to_placed(found, self._sealer) if found else None

    def closed(self, workspace_id: UUID) -> frozenset[UUID]:
        row, group, incident = GROUP_ATTACHMENT.c, ALERT_GROUP.c, INCIDENT.c
        attached = select(row.group_id).join(INCIDENT, incident.id == row.incident_id)
        attached = attached.where(row.is_attached, incident.workspace_id == workspace_id)
        is_seen = incident.visibility == Visibility.PUBLIC.value
        on = attached.where(incident.status.in_(_ACTIVE), is_seen)
        over = attached.where(incident.status.not_in(_ACTIVE), row.group_id.not_in(on))
        either = or_(group.id.in_(over), group.merged_into.in_(over))
        return frozenset(each["id"] for each in self._rows(select(group.id).where(either)))

    def next_number(self, workspace_id: UUID) -> int:
        highest = select(func.max(ALERT_GROUP.c.number).label("number"))
        found = self._first(highest.where(ALERT_GROUP.c.workspace_id == workspace_id))
        return int((found and found["number"]) or 0) + 1

    def group(self, group_id: UUID) -> AlertGroup | None:
        return self.several((group_id,)).get(group_id)

    def several(self, group_ids: Collection[UUID]) -> dict[UUID, AlertGroup]:
        found = self._several(group_ids)
        roots = {one.merged_into for one in found.values() if one.merged_into} - found.keys()
        return {**found, **self._several(roots)}

    def by_number(self, workspace_id: UUID, number: int) -> AlertGroup | None:
        found = self.itself(workspace_id, number)
        return self.group(found.merged_into) if found and found.merged_into else found

    def itself(self, workspace_id: UUID, number: int) -> AlertGroup | None:
        row = ALERT_GROUP.c
        found = self._groups(select(ALERT_GROUP).where(row.workspace_id == workspace_id, row.number == number))
        return found[0] if found else None

    def suggested_for(self, group_id: UUID) -> UUID | None:
        row = DECISION.c
        suggested = row.group_id == group_id, row.kind == DecisionKind.SUGGEST.value, row.suggested.is_not(None)
        found = self._first(select(row.suggested).where(*suggested).order_by(row.seq.desc()).limit(1))
        return found["suggested"] if found else None

    def came_in(self, group_id: UUID) -> frozenset[UUID]:
        source = DECISION.join(ALERT_EVENT, ALERT_EVENT.c.seq == DECISION.c.seq)
        put = select(ALERT_EVENT.c.alert_id).distinct().select_from(source).where(DECISION.c.group_id == group_id)
        row, merged = FEEDBACK.c, FEEDBACK.c.kind == FeedbackKind.MERGED.value
        moved = select(row.alert_id).where(row.group_id == group_id, merged, row.alert_id.is_not(None))
        return frozenset(each["alert_id"] for wanted in (put, moved) for each in self._rows(wanted))

    def current(self, workspace_id: UUID, *, since: datetime, limit: int) -> tuple[AlertGroup, ...]:
        row = ALERT_GROUP.c
        # what was over before it was seen to fire has a group that holds its place, and nothing to tell
        now = and_(row.alerts > 0, or_(row.firing > 0, row.last_at > since))
        wanted = select(ALERT_GROUP).where(row.workspace_id == workspace_id, row.merged_into.is_(None), now)
        return self._groups(wanted.order_by(row.last_at.desc(), row.number.desc()).limit(limit))

    def heard(self, group_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
        row = GROUP_MEMBER.c
        last = select(row.group_id, func.max(ALERT.c.last_received_at).label("at")).join(
            ALERT, ALERT.c.id == row.alert_id
        )
        wanted = last.where(row.is_firing).group_by(row.group_id)
        parts = (self._rows(wanted.where(row.group_id.in_(part))) for part in chunks(sorted(group_ids)))
        return {each["group_id"]: each["at"] for rows in parts for each in rows}

    def with_news(self, workspace_id: UUID) -> tuple[AlertGroup, ...]:
        row = ALERT_GROUP.c
        wanted = select(ALERT_GROUP).where(text(HAS_NEWS), row.workspace_id == workspace_id, row.merged_into.is_(None))
        return self._groups(wanted.order_by(row.number))

    def news_since(self, workspace_id: UUID) -> datetime | None:
        row = ALERT_GROUP.c
        first = select(func.min(row.news_at).label("at")).where(text(HAS_NEWS), row.workspace_id == workspace_id)
        found = self._first(first)
        return found["at"] if found else None

    def of_storm(self, storm_id: UUID) -> tuple[AlertGroup, ...]:
        row = ALERT_GROUP.c
        found = self._groups(select(ALERT_GROUP).where(row.storm_id == storm_id, row.merged_into.is_(None)))
        return tuple(sorted(found, key=_first_to_know))

    def severities_of_storm(self, storm_id: UUID) -> frozenset[AlertSeverity]:
        row = ALERT_GROUP.c
        wanted = select(row.severity).where(row.storm_id == storm_id, row.merged_into.is_(None)).distinct()
        return frozenset(AlertSeverity(each["severity"]) for each in self._rows(wanted))

    def storm(self, storm_id: UUID) -> Storm | None:
        found = self._first(select(ALERT_STORM).where(ALERT_STORM.c.id == storm_id))
        return to_storm(found) if found else None

    def latest_storm(self, workspace_id: UUID) -> Storm | None:
        row = ALERT_STORM.c
        newest = (
            select(ALERT_STORM).where(row.workspace_id == workspace_id).order_by(row.began_at.desc(), row.id.desc())
        )
        found = self._first(newest.limit(1))
        return to_storm(found) if found else None

    def announced_since(self, workspace_id: UUID, instant: datetime, *, now: datetime) -> int:
        row = ALERT_GROUP.c
        counted = select(func.count().label("groups")).where(
            row.workspace_id == workspace_id,
            row.last_at > instant,
            row.announced_at > instant,
            row.announced_at <= now,
        )
        found = self._first(counted)
        return int(found["groups"]) if found else 0

    def members_of(self, group_id: UUID) -> tuple[Member, ...]:
        rows = self._rows(select(GROUP_MEMBER).where(GROUP_MEMBER.c.group_id == group_id))
        return tuple(Member(**each) for each in rows)

    def members_with(self, alert_ids: Collection[UUID]) -> tuple[Member, ...]:
        wanted = select(GROUP_MEMBER)
        parts = (self._rows(wanted.where(GROUP_MEMBER.c.alert_id.in_(part))) for part in chunks(sorted(alert_ids)))
        return tuple(Member(**each) for rows in parts for each in rows)

    def series_of(self, group_id: UUID, limit: int) -> tuple[SeriesOfGroup, ...]:
        row = GROUP_MEMBER.c
        wanted = select(row.alert_id, row.is_firing, row.alerts, ALERT.c.fingerprint, ALERT.c.rule).join(ALERT)
        ordered = wanted.where(row.group_id == group_id).order_by(row.is_firing.desc(), row.alerts.desc(), row.alert_id)
        found = self._rows(ordered.limit(limit))
        labels = self.labels_of([each["alert_id"] for each in found])
        return tuple(SeriesOfGroup(**each, labels=labels.get(each["alert_id"], MappingProxyType({}))) for each in found)

    def labels_of(self, alert_ids: Collection[UUID]) -> dict[UUID, Mapping[str, str]]:
        return {series: event.alert.labels for series, event in self.latest_of(alert_ids).items()}

    def latest_of(self, alert_ids: Collection[UUID]) -> dict[UUID, StreamEvent]:
        row = ALERT_EVENT.c
        newest = select(func.max(row.seq)).group_by(row.alert_id)
        parts = (newest.where(row.alert_id.in_(part)) for part in chunks(sorted(alert_ids)))
        found = (each for part in parts for each in self._rows(_events().where(row.seq.in_(part))))
        return {each["alert_id"]: to_stream_event(each, self._sealer) for each in found}

    def firing_beside(self, workspace_id: UUID, source: str, fingerprint: str, limit: int) -> tuple[StreamEvent, ...]:
        row = ALERT.c
        firing = (row.workspace_id == workspace_id) & (row.status == AlertStatus.FIRING.value)
        newest = select(row.id).where(firing, row.source == source).order_by(row.last_received_at.desc()).limit(limit)
        found = () if self._first(select(row.id).where(firing, row.fingerprint == fingerprint)) else self._rows(newest)
        return tuple(self.latest_of([each["id"] for each in found]).values())

    def merged_into(self, group_ids: Iterable[UUID]) -> frozenset[UUID]:
        row = ALERT_GROUP.c
        parts = (self._rows(select(row.id).where(row.merged_into.in_(part))) for part in chunks(group_ids))
        return frozenset(each["id"] for rows in parts for each in rows)

    def incidents_of(self, group_id: UUID) -> tuple[Incident, ...]:
        return self.incidents_with((group_id,))

    def incidents_by_group(self, group_ids: Collection[UUID]) -> dict[UUID, tuple[Incident, ...]]:
        row, found = GROUP_ATTACHMENT.c, dict[UUID, list[UUID]]()
        wanted = select(row.group_id, row.incident_id).where(row.is_attached)
        for part in chunks(sorted(group_ids)):
            for each in self._rows(wanted.where(row.group_id.in_(part))):
                found.setdefault(each["group_id"], []).append(each["incident_id"])
        incidents = {one.id: one for one in self.incidents_with(found)} if found else {}
        return {
            group: tuple(sorted((incidents[each] for each in ids), key=lambda one: one.number))
            for group, ids in found.items()
        }

    def incidents_with(self, group_ids: Collection[UUID]) -> tuple[Incident, ...]:
        row = GROUP_ATTACHMENT.c
        wanted = select(INCIDENT).join(GROUP_ATTACHMENT, row.incident_id == INCIDENT.c.id).where(row.is_attached)
        parts = (self._rows(wanted.where(row.group_id.in_(part))) for part in chunks(sorted(group_ids)))
        found = {each["id"]: each for rows in parts for each in rows}
        ordered = sorted(found.values(), key=lambda each: each["number"])
        return tuple(to_incident(each, self._sealer).incident for each in ordered)

    def attached_to(self, incident_id: UUID) -> tuple[AlertGroup, ...]:
        row = GROUP_ATTACHMENT.c
        wanted = select(ALERT_GROUP).join(GROUP_ATTACHMENT, row.group_id == ALERT_GROUP.c.id)
        wanted = wanted.where(row.incident_id == incident_id, row.is_attached)
        return self._groups(wanted.order_by(ALERT_GROUP.c.number))

    def labelled_at(self, group_id: UUID) -> datetime | None:
        found = self._first(select(func.max(FEEDBACK.c.at).label("at")).where(FEEDBACK.c.group_id == group_id))
        return found["at"] if found else None

    def noise(self, group_id: UUID, now: datetime) -> Feedback | None:
        row, kinds = FEEDBACK.c, (FeedbackKind.NOISE.value, FeedbackKind.NOT_NOISE.value)
        wanted = select(FEEDBACK).where(row.group_id == group_id, row.kind.in_(kinds))
        found = self._first(wanted.order_by(row.at.desc(), row.id.desc()).limit(1))
        label = to_feedback(found, self._sealer) if found else None
        return label if label and label.until and label.until > now else None

    def mattered(self, group_id: UUID) -> tuple[Feedback, ...]:
        row, kinds = FEEDBACK.c, (FeedbackKind.MATTERED.value, FeedbackKind.NOT_MATTERED.value)
        family = {group_id, *self.merged_into((group_id,))}
        series = select(GROUP_MEMBER.c.alert_id).where(GROUP_MEMBER.c.group_id == group_id)
        either = or_(row.group_id.in_(sorted(family)), and_(row.alert_id.in_(series), row.group_id.is_not(None)))
        found = self._rows(select(FEEDBACK).where(either, row.kind.in_(kinds)).order_by(row.at, row.id))
        labels = standing_mattered(to_feedback(each, self._sealer) for each in found)
        return tuple(one for one in labels if one.alert_id is None or self._has_now(group_id, family, one))

    def split_of(self, alert_id: UUID) -> UUID | None:
        row, kinds = FEEDBACK.c, (FeedbackKind.SPLIT.value, FeedbackKind.PUT_BACK.value)
        wanted = select(row.group_id, row.kind).where(row.alert_id == alert_id, row.kind.in_(kinds))
        found = self._first(wanted.order_by(row.at.desc(), row.id.desc()).limit(1))
        return found["group_id"] if found and found["kind"] == FeedbackKind.SPLIT.value else None

    def decisions_of(self, group_id: UUID, limit: int) -> tuple[tuple[StreamEvent, Decided], ...]:
        family = {group_id, *self.merged_into((group_id,))}
        decision = DECISION.c
        wanted = _events().add_columns(
            decision.kind, decision.logit, decision.suggested, decision.content.label("decision_content")
        )
        newest = wanted.where(decision.group_id.in_(sorted(family))).order_by(decision.seq.desc()).limit(limit)
        rows = self._rows(newest)
        sealer = self._sealer
        return tuple((to_stream_event(each, sealer, is_whole=True), to_decided(each, sealer)) for each in rows)

    def _has_now(self, group_id: UUID, family: Collection[UUID], label: Feedback) -> bool:
        """Whether a series of which *label* says something in some group is in this one by now, as people put it."""
        places = {one.group_id for one in self.members_with((label.alert_id,) if label.alert_id else ())}
        if group_id not in places or label.group_id is None or label.group_id in family:
            return group_id in places
        here, said = self.group(group_id), self.group(label.group_id)
        is_moved = said is not None and (said.merged_into or said.id) not in places
        return is_moved and here is not None and here.digest.is_apart

    def _several(self, group_ids: Collection[UUID]) -> dict[UUID, AlertGroup]:
        wanted = select(ALERT_GROUP)
        parts = (self._groups(wanted.where(ALERT_GROUP.c.id.in_(part))) for part in chunks(sorted(group_ids)))
        return {one.id: one for part in parts for one in part}

    def _groups(self, wanted: Select[Any]) -> tuple[AlertGroup, ...]:
        return tuple(to_group(each, self._sealer) for each in self._rows(wanted))

    def _rows(self, wanted: Select[Any]) -> list[Any]:
        self._before_query()
        return list(self._connection.execute(wanted).mappings())

    def _first(self, wanted: Select[Any]) -> Any:  # noqa: ANN401 - a row, or nothing
        return next(iter(self._rows(wanted)), None)


def _events() -> Select[Any]:
    """Events with their series and where they were put."""
    source = ALERT_EVENT.join(ALERT).outerjoin(DECISION, and_(DECISION.c.seq == ALERT_EVENT.c.seq))
    return select(ALERT_EVENT, ALERT.c.fingerprint, ALERT.c.source, ALERT.c.rule, DECISION.c.group_id).select_from(
        source
    )


def _first_to_know(group: AlertGroup) -> tuple[bool, int, int, int]:
    """What fires before what is over, and the worst of it first."""
    return not group.firing, severity_rank(AlertSeverity(group.severity)), -group.alerts, group.number
