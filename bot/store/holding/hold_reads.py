"""Looking at what is held back (`bot.ports.holding_reads.Holds`)."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, and_, case, func, or_, select

from analysis.alerts.hold_reasons import Action
from analysis.duplicates import TAKEN_BACK
from analysis.incident import ACTIVE_STATUSES, WORKSPACE_LOG_NUMBER, Status, Visibility
from bot.ports.grouping import InputKind, PlacedInput, StreamEvent
from bot.ports.holding import Counted, Hold, HoldDigest, HoldPolicy, Night, PolicyState, Switch
from bot.ports.holding_reads import Involved, Start
from bot.store.database.chunking import chunks
from bot.store.grouping.group_rows import to_placed, to_stream_event
from bot.store.grouping.group_tables import ALERT_GROUP, DECISION, GROUP_ATTACHMENT, GROUP_MEMBER, GROUPING_INPUT
from bot.store.holding.hold_rows import to_hold, to_hold_digest, to_night, to_policy, to_row_pattern, to_switch
from bot.store.holding.hold_tables import ALERT_HOLD, HOLD_DIGEST, HOLD_NIGHT, HOLD_POLICY, HOLD_SWITCH
from bot.store.record.mapping import to_incident
from bot.store.record.sealing import Sealer
from bot.store.record.tables import ALERT, ALERT_EVENT, INCIDENT

_ACTIVE = sorted(status.value for status in ACTIVE_STATUSES)
#: An incident that is neither open nor a duplicate.
_OVER = {"status": ""}
#: Incidents that turned out to be none, or to be another one.
_NOT_COUNTED = sorted(status.value for status in (*TAKEN_BACK, Status.DUPLICATE))


class SqlHolds:
    """See the port; `before_query` as in `SqlReads`."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def open(self, workspace_id: UUID) -> tuple[Hold, ...]:
        row = ALERT_HOLD.c
        wanted = select(ALERT_HOLD).where(row.workspace_id == workspace_id, row.ended_at.is_(None))
        return self._holds(wanted.order_by(row.since, row.seq))

    def of_groups(self, group_ids: Collection[UUID]) -> tuple[Hold, ...]:
        row = ALERT_HOLD.c
        wanted = select(ALERT_HOLD).where(row.action != Action.PASS.value)
        parts = (self._holds(wanted.where(row.group_id.in_(part))) for part in chunks(sorted(group_ids)))
        return tuple(sorted((one for part in parts for one in part), key=lambda one: one.seq))

    def unlisted(self, workspace_id: UUID, limit: int) -> tuple[Hold, ...]:
        row = ALERT_HOLD.c
        over = (row.workspace_id == workspace_id) & row.end.in_(("resolved", "listed")) & row.digest_id.is_(None)
        return self._holds(select(ALERT_HOLD).where(over).order_by(row.ended_at, row.seq).limit(limit))

    def of_digest(self, digest_id: UUID) -> tuple[tuple[Hold, StreamEvent], ...]:
        holds = self._holds(
            select(ALERT_HOLD).where(ALERT_HOLD.c.digest_id == digest_id).order_by(ALERT_HOLD.c.since, ALERT_HOLD.c.seq)
        )
        events = self._events([one.seq for one in holds])
        return tuple((one, events[one.seq]) for one in holds)

    def hold(self, seq: int) -> Hold | None:
        found = self._first(select(ALERT_HOLD).where(ALERT_HOLD.c.seq == seq))
        return to_hold(found) if found else None

    def counted(
        self, workspace_id: UUID, *, since: datetime, until: datetime | None, waited: bool
    ) -> tuple[Counted, ...]:
        row = ALERT_HOLD.c
        is_wanted = row.action != Action.PASS.value if waited else row.action == Action.PASS.value
        critical = func.sum(case((row.is_critical, 1), else_=0)).label("critical")
        counts = (func.count().label("held"), critical, func.max(row.since).label("last"))
        wanted = select(row.kind, row.source, row.name, *counts).where(
            row.workspace_id == workspace_id, *_within(row.since, since, until), is_wanted
        )
        found = self._rows(wanted.group_by(row.kind, row.source, row.name))
        counted = (Counted(to_row_pattern(each), each["held"], each["critical"], each["last"]) for each in found)
        return tuple(sorted(counted, key=lambda one: (-one.held, one.pattern.name, one.pattern.source)))

    def daily(self, workspace_id: UUID, *, since: datetime, until: datetime | None) -> tuple[tuple[str, int, int], ...]:
        event, hold = ALERT_EVENT.c, ALERT_HOLD.c
        counts = (func.count().label("fired"), func.count(hold.seq).label("held"))
        source = ALERT_EVENT.join(ALERT).outerjoin(ALERT_HOLD, hold.seq == event.seq)
        wanted = select(self._day(event.received_at).label("day"), *counts).select_from(source)
        wanted = wanted.where(
            ALERT.c.workspace_id == workspace_id,
            *_within(event.received_at, since, until),
            event.status == "firing",
        )
        found = self._rows(wanted.group_by("day").order_by("day"))
        return tuple((each["day"], each["fired"], each["held"]) for each in found)

    def policies(self, workspace_id: UUID, states: Collection[PolicyState] = ()) -> tuple[HoldPolicy, ...]:
        row = HOLD_POLICY.c
        wanted = select(HOLD_POLICY).where(row.workspace_id == workspace_id)
        if states:
            wanted = wanted.where(row.state.in_(sorted(state.value for state in states)))
        return tuple(to_policy(each, self._sealer) for each in self._rows(wanted.order_by(row.number.desc())))

    def policy(self, workspace_id: UUID, number: int) -> HoldPolicy | None:
        row = HOLD_POLICY.c
        found = self._first(select(HOLD_POLICY).where(row.workspace_id == workspace_id, row.number == number))
        return to_policy(found, self._sealer) if found else None

    def switch(self, workspace_id: UUID) -> Switch | None:
        found = self._first(select(HOLD_SWITCH).where(HOLD_SWITCH.c.workspace_id == workspace_id))
        return to_switch(found, self._sealer) if found else None

    def night(self, workspace_id: UUID, day: str) -> Night | None:
        row = HOLD_NIGHT.c
        found = self._first(select(HOLD_NIGHT).where(row.workspace_id == workspace_id, row.day == day))
        return to_night(found, self._sealer) if found else None

    def newest_night(self, workspace_id: UUID, *, until: datetime) -> Night | None:
        row = HOLD_NIGHT.c
        done = (row.workspace_id == workspace_id) & row.finished_at.is_not(None) & (row.began_at <= until)
        found = self._first(select(HOLD_NIGHT).where(done).order_by(row.day.desc()).limit(1))
        return to_night(found, self._sealer) if found else None

    def nights(self, workspace_id: UUID, *, until: datetime) -> int:
        row = HOLD_NIGHT.c
        done = (row.workspace_id == workspace_id) & row.finished_at.is_not(None) & (row.began_at <= until)
        return int(self._first(select(func.count().label("nights")).select_from(HOLD_NIGHT).where(done))["nights"])

    def watched_since(self, workspace_id: UUID) -> datetime | None:
        row = HOLD_NIGHT.c
        wanted = select(row.began_at).where(row.workspace_id == workspace_id, row.finished_at.is_not(None))
        found = self._first(wanted.order_by(row.began_at).limit(1))
        return found["began_at"] if found else None

    def incidents_since(self, workspace_id: UUID, since: datetime) -> int:
        row = INCIDENT.c
        lived = (row.workspace_id == workspace_id) & (row.declared_at >= since)
        lived &= (row.number != WORKSPACE_LOG_NUMBER) & row.status.not_in(_NOT_COUNTED)
        found = self._first(select(func.count().label("incidents")).select_from(INCIDENT).where(lived))
        return int(found["incidents"])

    def latest_digest(self, workspace_id: UUID) -> HoldDigest | None:
        row = HOLD_DIGEST.c
        newest = select(HOLD_DIGEST).where(row.workspace_id == workspace_id).order_by(row.at.desc(), row.id.desc())
        found = self._first(newest.limit(1))
        return to_hold_digest(found) if found else None

    def digest(self, digest_id: UUID) -> HoldDigest | None:
        found = self._first(select(HOLD_DIGEST).where(HOLD_DIGEST.c.id == digest_id))
        return to_hold_digest(found) if found else None

    def latest_input(self, workspace_id: UUID, kind: InputKind, *, before: int) -> PlacedInput | None:
        row = GROUPING_INPUT.c
        this = (row.workspace_id == workspace_id) & (row.kind == kind.value) & (row.after_seq < before)
        found = self._first(select(GROUPING_INPUT).where(this).order_by(row.place.desc()).limit(1))
        return to_placed(found, self._sealer) if found else None

    def involved(self, workspace_id: UUID) -> tuple[Involved, ...]:
        row = INCIDENT.c
        private = self._open_incidents(workspace_id)
        groups: dict[UUID, set[UUID]] = {}
        series: dict[UUID, set[UUID]] = {}
        incidents: list[Any] = []
        for part in chunks(sorted(private)):
            incidents += self._rows(select(INCIDENT).where(row.id.in_(part)))
            for each in self._rows(_attached().where(row.id.in_(part))):
                groups.setdefault(each["incident_id"], set()).add(each["group_id"])
                series.setdefault(each["incident_id"], set()).update({each["alert_id"]} - {None})
        return tuple(
            Involved(
                incident=to_incident(each, self._sealer).incident,
                is_private=private[each["id"]],
                groups=frozenset(groups.get(each["id"], ())),
                series=frozenset(series.get(each["id"], ())),
            )
            for each in incidents
        )

    def before(
        self, group_ids: Collection[UUID], seqs: Collection[int], *, start: Start, since: datetime, limit: int
    ) -> tuple[StreamEvent, ...]:
        row = ALERT_EVENT.c
        is_before = or_(row.seq <= start.after, row.received_at < start.since)
        then = _events().where(is_before, row.received_at >= since)
        then = then.order_by(row.received_at.desc(), row.seq.desc()).limit(limit)
        of_groups = (self._rows(then.where(DECISION.c.group_id.in_(part))) for part in chunks(sorted(group_ids)))
        named = (self._rows(then.where(row.seq.in_(part))) for part in chunks(sorted(seqs)))
        found = {each["seq"]: each for rows in (*of_groups, *named) for each in rows}
        newest = sorted(found.values(), key=lambda each: (each["received_at"], each["seq"]))[-limit:]
        return tuple(to_stream_event(each, self._sealer) for each in newest)

    def history_start(self, workspace_id: UUID, *, since: datetime, most: int) -> tuple[Start, int]:
        row = ALERT_EVENT.c
        newest = select(row.seq, row.received_at).join(ALERT)
        newest = newest.where(ALERT.c.workspace_id == workspace_id, row.received_at >= since)
        part = newest.order_by(row.received_at.desc(), row.seq.desc()).limit(most).subquery()
        first = func.min(part.c.seq).label("first"), func.min(part.c.received_at).label("heard")
        found = self._first(select(*first, func.count().label("events")).select_from(part))
        if found["events"]:
            return Start(int(found["first"]) - 1, found["heard"]), int(found["events"])
        last = self._first(
            select(func.max(row.seq).label("last")).join(ALERT).where(ALERT.c.workspace_id == workspace_id)
        )
        return Start(int(last["last"] or 0), since), 0

    def _open_incidents(self, workspace_id: UUID) -> dict[UUID, bool]:
        """What is open, or a duplicate of what is; with whether it or what it is a duplicate of is private."""
        row = INCIDENT.c
        of_workspace = (row.workspace_id == workspace_id) & (row.number != WORKSPACE_LOG_NUMBER)
        wanted = select(row.id, row.number, row.status, row.duplicate_of, row.visibility)
        rows = self._rows(wanted.where(of_workspace, row.status.in_([*_ACTIVE, Status.DUPLICATE.value])))
        known = {each["number"]: each for each in rows}
        found: dict[UUID, bool] = {}
        for each in rows:
            lived = [each]
            while lived[-1]["status"] == Status.DUPLICATE.value and len(lived) <= len(known):
                lived.append(known.get(lived[-1]["duplicate_of"], _OVER))
            if lived[-1]["status"] in _ACTIVE:
                found[each["id"]] = any(one["visibility"] == Visibility.PRIVATE.value for one in lived)
        return found

    def _day(self, instant: Any) -> Any:  # noqa: ANN401 - columns
        if self._connection.dialect.name == "sqlite":
            return func.substr(instant, 1, 10)
        return func.to_char(func.timezone("UTC", instant), "YYYY-MM-DD")

    def _events(self, seqs: Collection[int]) -> dict[int, StreamEvent]:
        parts = (self._rows(_events().where(ALERT_EVENT.c.seq.in_(part))) for part in chunks(sorted(seqs)))
        return {each["seq"]: to_stream_event(each, self._sealer) for part in parts for each in part}

    def _holds(self, wanted: Select[Any]) -> tuple[Hold, ...]:
        return tuple(to_hold(each) for each in self._rows(wanted))

    def _rows(self, wanted: Select[Any]) -> list[Any]:
        self._before_query()
        return list(self._connection.execute(wanted).mappings())

    def _first(self, wanted: Any) -> Any:  # noqa: ANN401 - a query, and a row or nothing
        return next(iter(self._rows(wanted)), None)


def _within(column: Any, since: datetime, until: datetime | None) -> list[Any]:  # noqa: ANN401 - columns
    return [column >= since, *([column < until] if until else [])]


def _attached() -> Select[Any]:
    """The groups that are attached to incidents, or were merged into one that is, with their series."""
    row, group, member = GROUP_ATTACHMENT.c, ALERT_GROUP.c, GROUP_MEMBER.c
    of_group = or_(group.id == row.group_id, group.merged_into == row.group_id)
    source = GROUP_ATTACHMENT.join(INCIDENT, INCIDENT.c.id == row.incident_id).join(ALERT_GROUP, of_group)
    source = source.outerjoin(GROUP_MEMBER, member.group_id == group.id)
    wanted = select(row.incident_id, group.id.label("group_id"), member.alert_id)
    return wanted.select_from(source).where(row.is_attached)


def _events() -> Select[Any]:
    source = ALERT_EVENT.join(ALERT).outerjoin(DECISION, and_(DECISION.c.seq == ALERT_EVENT.c.seq))
    columns = (ALERT.c.fingerprint, ALERT.c.source, ALERT.c.rule, DECISION.c.group_id)
    return select(ALERT_EVENT, *columns, DECISION.c.content.label("decision_content")).select_from(source)
