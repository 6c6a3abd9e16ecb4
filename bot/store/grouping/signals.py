"""Signals: looking at them (`bot.ports.signals.Signals`) and writing what was found."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from analysis.alerts.attaching import Fit
from analysis.alerts.reasons import Reason, ReasonCode
from analysis.signals import SignalKind, Verdict
from bot.ports.grouping import FeedbackKind
from bot.ports.signals import FoundSignal, GroupChart, SignalChanges
from bot.store.database.chunking import chunks
from bot.store.database.upsert import upsert
from bot.store.grouping.group_tables import FEEDBACK, GROUP_ATTACHMENT
from bot.store.grouping.services import write_edges
from bot.store.grouping.signal_tables import GROUP_CHART, SIGNAL, SIGNAL_MESSAGE
from bot.store.record.mapping import Row
from bot.store.record.sealing import Sealer

#: What each label says of a signal; a person who attaches a group says that it is related after all, and as useful as
#: it was called.
_SAID = {
    FeedbackKind.USEFUL: Verdict.USEFUL,
    FeedbackKind.NOT_RELATED: Verdict.NOT_RELATED,
    FeedbackKind.DETACHED: Verdict.NOT_RELATED,
    FeedbackKind.ATTACHED: None,
}


class SqlSignals:
    """See the port; `before_query` as in `SqlReads`."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def of_incident(self, incident_id: UUID) -> tuple[FoundSignal, ...]:
        wanted = select(SIGNAL).where(SIGNAL.c.incident_id == incident_id).order_by(SIGNAL.c.subject)
        return tuple(_to_found(row, self._sealer) for row in self._rows(wanted))

    def incidents_near(self, group_ids: Collection[UUID]) -> frozenset[UUID]:
        row = SIGNAL.c
        wanted = select(row.incident_id).where(row.fit != Fit.NONE.value).distinct()
        parts = (self._rows(wanted.where(row.group_id.in_(part))) for part in chunks(sorted(group_ids)))
        return frozenset(each["incident_id"] for rows in parts for each in rows)

    def of_group(self, group_id: UUID) -> tuple[FoundSignal, ...]:
        wanted = select(SIGNAL).where(SIGNAL.c.group_id == group_id).order_by(SIGNAL.c.incident_id)
        return tuple(_to_found(row, self._sealer) for row in self._rows(wanted))

    def verdicts(self, incident_id: UUID) -> Mapping[UUID, Verdict]:
        found: dict[UUID, Verdict | None] = {}
        for row in self._labels(incident_id):
            group, verdict = row["group_id"], _SAID[FeedbackKind(row["kind"])]
            if verdict is not None or found.get(group) is Verdict.NOT_RELATED:
                found[group] = verdict
        return {group: verdict for group, verdict in found.items() if verdict is not None}

    def taken_off(self, incident_id: UUID) -> frozenset[UUID]:
        row = GROUP_ATTACHMENT.c
        found = self._rows(select(row.group_id).where(row.incident_id == incident_id, row.is_attached.is_(False)))
        return frozenset(each["group_id"] for each in found)

    def attached_by_itself(self, incident_id: UUID) -> frozenset[UUID]:
        row = GROUP_ATTACHMENT.c
        attached = self._rows(select(row.group_id).where(row.incident_id == incident_id, row.is_attached))
        people = {row["group_id"] for row in self._labels(incident_id) if row["kind"] == FeedbackKind.ATTACHED.value}
        return frozenset(row["group_id"] for row in attached) - people

    def attached_at(self, incident_id: UUID) -> Mapping[UUID, datetime]:
        row = GROUP_ATTACHMENT.c
        found = self._rows(select(row.group_id, row.changed_at).where(row.incident_id == incident_id, row.is_attached))
        return {each["group_id"]: each["changed_at"] for each in found}

    def message(self, incident_id: UUID, channel: str) -> str | None:
        row = SIGNAL_MESSAGE.c
        found = self._rows(select(row.ts).where(row.incident_id == incident_id, row.channel == channel))
        return str(found[0]["ts"]) if found else None

    def chart(self, group_id: UUID) -> GroupChart | None:
        found = self._rows(select(GROUP_CHART).where(GROUP_CHART.c.group_id == group_id))
        return GroupChart(**found[0]) if found else None

    def _labels(self, incident_id: UUID) -> Sequence[Row]:
        """What people said of groups and the incident, in order."""
        row = FEEDBACK.c
        kinds = [kind.value for kind in _SAID]
        wanted = select(row.group_id, row.kind).where(row.incident_id == incident_id, row.kind.in_(kinds))
        return self._rows(wanted.order_by(row.at, row.id))

    def _rows(self, query: Select[Any]) -> Sequence[Row]:
        self._before_query()
        return self._connection.execute(query).mappings().all()


def write_signals(connection: Connection, sealer: Sealer, staged: Sequence[SignalChanges]) -> None:
    """Write *staged* in their order."""
    for changes in staged:
        write_edges(connection, sealer, changes.edges)
        rows = [_values(each, sealer) for each in changes.found]
        upsert(connection, SIGNAL, rows, keys=("incident_id", "subject"))
        if message := changes.message:
            row = {"incident_id": message.incident_id, "channel": message.channel, "ts": message.ts}
            upsert(connection, SIGNAL_MESSAGE, [row], keys=("incident_id", "channel"))
        if chart := changes.chart:
            row = {"group_id": chart.group_id, "file": chart.file, "drawn": chart.drawn, "made_at": chart.made_at}
            upsert(connection, GROUP_CHART, [row], keys=("group_id",))


def _values(found: FoundSignal, sealer: Sealer) -> dict[str, Any]:
    reasons = [[one.code, one.weight, list(one.evidence), list(one.facts)] for one in found.reasons]
    return {
        "incident_id": found.incident_id,
        "subject": found.subject,
        "kind": found.kind.value,
        "group_id": found.group_id,
        "logit": found.logit,
        "fit": found.fit.value,
        "changed_at": found.changed_at,
        "content": sealer.seal_whole("signal", json.dumps(reasons, separators=(",", ":")).encode()),
    }


def _to_found(row: Row, sealer: Sealer) -> FoundSignal:
    reasons = json.loads(sealer.open_whole("signal", row["content"]))
    return FoundSignal(
        incident_id=row["incident_id"],
        kind=SignalKind(row["kind"]),
        subject=row["subject"],
        fit=Fit(row["fit"]),
        group_id=row["group_id"],
        changed_at=row["changed_at"],
        reasons=tuple(
            Reason(ReasonCode(code), weight, tuple(evidence), tuple(facts)) for code, weight, evidence, facts in reasons
        ),
    )
