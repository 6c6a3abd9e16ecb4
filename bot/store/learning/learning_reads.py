"""Looking at labels and at what was learnt from them (`bot.ports.learning.Learning`)."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, or_, select

from analysis.alerts.alert import AlertStatus
from analysis.alerts.episodes import News
from analysis.alerts.tickets import Firing
from analysis.duplicates import TAKEN_BACK
from analysis.incident import Visibility
from bot.ports.grouping import Feedback
from bot.ports.learning import (
    SHIPPED_VERSION,
    IncidentOfGroup,
    ModelAct,
    ModelChoice,
    ModelKind,
    ModelVersion,
)
from bot.store.database.chunking import chunks
from bot.store.grouping.group_rows import to_feedback
from bot.store.grouping.group_tables import ALERT_GROUP, DECISION, FEEDBACK, GROUP_ATTACHMENT
from bot.store.learning.model_tables import MODEL_CHOICE, MODEL_VERSION
from bot.store.record.mapping import Row, to_incident
from bot.store.record.sealing import Sealer, Unopenable
from bot.store.record.tables import ALERT, ALERT_EVENT, INCIDENT

_LINKS = ("https://", "http://")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class SqlLearning:
    """See the port; `before_query` as in `SqlReads`."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def feedback(self, workspace_id: UUID) -> tuple[Feedback, ...]:
        wanted = select(FEEDBACK).where(FEEDBACK.c.workspace_id == workspace_id)
        rows = self._rows(wanted.order_by(FEEDBACK.c.at, FEEDBACK.c.id))
        return tuple(to_feedback(row, self._sealer) for row in rows)

    def known_labels(self, workspace_id: UUID, natural_keys: Collection[str]) -> frozenset[str]:
        row = FEEDBACK.c
        wanted = select(row.natural_key).where(row.workspace_id == workspace_id)
        parts = (self._rows(wanted.where(row.natural_key.in_(part))) for part in chunks(sorted(natural_keys)))
        return frozenset(each["natural_key"] for rows in parts for each in rows)

    def attached(self, workspace_id: UUID) -> tuple[IncidentOfGroup, ...]:
        row = GROUP_ATTACHMENT.c
        wanted = select(INCIDENT, row.group_id).join(GROUP_ATTACHMENT, row.incident_id == INCIDENT.c.id)
        wanted = wanted.where(INCIDENT.c.workspace_id == workspace_id, row.is_attached)
        rows = self._rows(wanted.order_by(INCIDENT.c.number, row.group_id))
        return tuple(IncidentOfGroup(each["group_id"], to_incident(each, self._sealer).incident) for each in rows)

    def private_incidents(self, workspace_id: UUID) -> frozenset[UUID]:
        row = INCIDENT.c
        wanted = select(row.id).where(row.workspace_id == workspace_id, row.visibility == Visibility.PRIVATE.value)
        return frozenset(each["id"] for each in self._rows(wanted))

    def unconfirming_incidents(self, workspace_id: UUID) -> frozenset[UUID]:
        row = INCIDENT.c
        was_none = row.status.in_(sorted(status.value for status in TAKEN_BACK))
        either = or_(row.visibility == Visibility.PRIVATE.value, was_none)
        wanted = select(row.id).where(row.workspace_id == workspace_id, either)
        return frozenset(each["id"] for each in self._rows(wanted))

    def roots(self, workspace_id: UUID) -> Mapping[UUID, UUID]:
        row = ALERT_GROUP.c
        wanted = select(row.id, row.merged_into).where(row.workspace_id == workspace_id, row.merged_into.is_not(None))
        return {each["id"]: each["merged_into"] for each in self._rows(wanted)}

    def first_event_since(self, workspace_id: UUID, instant: datetime) -> int:
        row = ALERT_EVENT.c
        of_workspace = select(func.min(row.seq).label("seq")).select_from(ALERT_EVENT.join(ALERT))
        first = self._first(of_workspace.where(ALERT.c.workspace_id == workspace_id, row.received_at >= instant))
        if first and first["seq"] is not None:
            return int(first["seq"])
        last = self._first(select(func.max(row.seq).label("seq")))
        return int((last and last["seq"]) or 0) + 1

    def events_heard(self, workspace_id: UUID, *, since: datetime, until: datetime) -> int:
        row = ALERT_EVENT.c
        counted = select(func.count().label("events")).select_from(ALERT_EVENT.join(ALERT))
        then = row.received_at >= since, row.received_at <= until
        found = self._first(counted.where(ALERT.c.workspace_id == workspace_id, *then))
        return int(found["events"])

    def firings(
        self, workspace_id: UUID, *, since: datetime, until: datetime, after: int, limit: int
    ) -> tuple[Firing, ...]:
        row, group, root = ALERT_EVENT.c, ALERT_GROUP.c, ALERT_GROUP.alias("root")
        placed = ALERT_EVENT.join(ALERT).outerjoin(DECISION, DECISION.c.seq == row.seq)
        source = placed.outerjoin(ALERT_GROUP, group.id == DECISION.c.group_id)
        number = func.coalesce(root.c.number, group.number).label("number")
        wanted = select(ALERT_EVENT, ALERT.c.fingerprint, ALERT.c.rule, number).select_from(
            source.outerjoin(root, root.c.id == group.merged_into)
        )
        fired = row.status == AlertStatus.FIRING.value, row.news != News.WORSENED.value
        then = row.received_at >= since, row.received_at <= until
        wanted = wanted.where(ALERT.c.workspace_id == workspace_id, row.seq > after, *fired, *then)
        return tuple(_to_firing(each, self._sealer) for each in self._rows(wanted.order_by(row.seq).limit(limit)))

    def versions(self, workspace_id: UUID, kind: ModelKind) -> tuple[ModelVersion, ...]:
        wanted = _versions(workspace_id, kind).order_by(MODEL_VERSION.c.number)
        return tuple(_to_version(row, self._sealer) for row in self._rows(wanted))

    def version(self, workspace_id: UUID, kind: ModelKind, number: int) -> ModelVersion | None:
        found = self._first(_versions(workspace_id, kind).where(MODEL_VERSION.c.number == number))
        return _to_version(found, self._sealer) if found else None

    def choices(self, workspace_id: UUID, kind: ModelKind) -> tuple[ModelChoice, ...]:
        wanted = _choices(workspace_id, kind).order_by(MODEL_CHOICE.c.id)
        return tuple(_to_choice(row, self._sealer) for row in self._rows(wanted))

    def in_force(self, workspace_id: UUID, kind: ModelKind) -> int:
        newest = self._first(_choices(workspace_id, kind).order_by(MODEL_CHOICE.c.id.desc()).limit(1))
        return int(newest["number"]) if newest else SHIPPED_VERSION

    def _rows(self, wanted: Select[Any]) -> list[Any]:
        self._before_query()
        return list(self._connection.execute(wanted).mappings())

    def _first(self, wanted: Select[Any]) -> Any:  # noqa: ANN401 - a row, or nothing
        return next(iter(self._rows(wanted)), None)


def version_values(version: ModelVersion, sealer: Sealer) -> dict[str, Any]:
    """The row of a version."""
    content = json.dumps(dict(version.content), separators=(",", ":")).encode()
    return {
        "id": version.id,
        "workspace_id": version.workspace_id,
        "kind": version.kind.value,
        "number": version.number,
        "made_at": version.made_at,
        "digest": version.digest,
        "data_hash": version.data_hash,
        "is_promoted": version.is_promoted,
        "content": sealer.seal_whole("model", content),
    }


def choice_values(choice: ModelChoice, sealer: Sealer) -> dict[str, Any]:
    """The row of a choice."""
    content = json.dumps({"person": choice.person, "reason": choice.reason}).encode()
    return {
        "workspace_id": choice.workspace_id,
        "kind": choice.kind.value,
        "number": choice.number,
        "act": choice.act.value,
        "at": choice.at,
        "content": sealer.seal_whole("model", content),
    }


def _versions(workspace_id: UUID, kind: ModelKind) -> Select[Any]:
    row = MODEL_VERSION.c
    return select(MODEL_VERSION).where(row.workspace_id == workspace_id, row.kind == kind.value)


def _choices(workspace_id: UUID, kind: ModelKind) -> Select[Any]:
    row = MODEL_CHOICE.c
    return select(MODEL_CHOICE).where(row.workspace_id == workspace_id, row.kind == kind.value)


def _to_firing(row: Row, sealer: Sealer) -> Firing:
    content = _opened("alert", row, sealer)
    told = (*content.get("annotations", {}).values(), *content.get("extra", {}).values())
    return Firing(
        seq=row["seq"],
        alert_id=row["alert_id"],
        fingerprint=row["fingerprint"],
        rule=row["rule"],
        starts_at=row["starts_at"],
        external_id=content.get("id", ""),
        group=f"G-{row['number']}" if row["number"] else "",
        labels=MappingProxyType(content.get("labels", {})),
        links=frozenset(one for one in told if isinstance(one, str) and one.startswith(_LINKS)),
    )


def _to_version(row: Row, sealer: Sealer) -> ModelVersion:
    return ModelVersion(
        id=row["id"],
        workspace_id=row["workspace_id"],
        kind=ModelKind(row["kind"]),
        number=row["number"],
        made_at=row["made_at"],
        digest=row["digest"],
        data_hash=row["data_hash"],
        is_promoted=row["is_promoted"],
        content=_content(row, sealer),
    )


def _to_choice(row: Row, sealer: Sealer) -> ModelChoice:
    content = _content(row, sealer)
    return ModelChoice(
        workspace_id=row["workspace_id"],
        kind=ModelKind(row["kind"]),
        number=row["number"],
        act=ModelAct(row["act"]),
        at=row["at"],
        person=content.get("person", ""),
        reason=content.get("reason", ""),
    )


def _content(row: Row, sealer: Sealer) -> Mapping[str, Any]:
    """What was sealed; nothing where it was altered or erased: whoever uses it compares its hash."""
    return _opened("model", row, sealer)


def _opened(name: str, row: Row, sealer: Sealer) -> Mapping[str, Any]:
    try:
        found = json.loads(sealer.open_whole(name, row["content"]))
    except (Unopenable, ValueError):
        return _NOTHING
    return MappingProxyType(found) if isinstance(found, dict) else _NOTHING
