"""Looking at the model inventory (`bot.ports.inventory.Inventory`), and adding to it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, select

from analysis.inventory.things import Thing
from bot.ports.inventory import (
    CanaryOutcome,
    CanaryRun,
    InventoryChanges,
    InventoryVersion,
    ModelStanding,
    Silence,
    StandingAct,
)
from bot.store.database.insert import insert_rows
from bot.store.model.inventory_tables import CANARY_RUN, INVENTORY_VERSION, MODEL_STANDING
from bot.store.record.mapping import Row
from bot.store.record.sealing import Sealer, Unopenable

_FIELD = "inventory"
_UNANSWERED = CanaryOutcome.UNANSWERED.value
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class SqlInventory:
    """See the port; `before_query` as in `SqlReads`."""

    def __init__(self, connection: Connection, sealer: Sealer, before_query: Callable[[], None]) -> None:
        """Look through *connection*, whose transaction has begun."""
        self._connection = connection
        self._sealer = sealer
        self._before_query = before_query

    def newest(self, workspace_id: UUID) -> Mapping[Thing, InventoryVersion]:
        return {one.thing: one for one in self.history(workspace_id)}

    def history(self, workspace_id: UUID) -> tuple[InventoryVersion, ...]:
        row = INVENTORY_VERSION.c
        wanted = select(INVENTORY_VERSION).where(row.workspace_id == workspace_id)
        known = {thing.value for thing in Thing}
        rows = self._rows(wanted.order_by(row.at, row.id))
        return tuple(_to_version(each, self._sealer) for each in rows if each["thing"] in known)

    def runs(
        self, workspace_id: UUID, subject: str, *, limit: int, until: datetime, is_answered: bool = False
    ) -> tuple[CanaryRun, ...]:
        row = CANARY_RUN.c
        wanted = _against(select(CANARY_RUN), workspace_id, subject, until)
        wanted = wanted.where(row.outcome != _UNANSWERED) if is_answered else wanted
        return tuple(
            _to_run(each, self._sealer) for each in self._rows(wanted.order_by(row.began_at.desc()).limit(limit))
        )

    def silence(self, workspace_id: UUID, subject: str, *, until: datetime) -> Silence | None:
        row = CANARY_RUN.c
        wanted = _against(select(CANARY_RUN), workspace_id, subject, until).where(row.outcome == _UNANSWERED)
        if answered := self.runs(workspace_id, subject, limit=1, until=until, is_answered=True):
            wanted = wanted.where(row.began_at > answered[0].began_at)
        first = self._first(wanted.order_by(row.began_at).limit(1))
        # Each run is written with what those before it knew, and the one that ended last knows of all of them.
        last = self._first(wanted.order_by(row.ended_at.desc()).limit(1))
        if first is None or last is None:
            return None
        return Silence(began_at=first["began_at"], is_told=bool(_to_run(last, self._sealer).content.get("is_told")))

    def run(self, run_id: UUID) -> CanaryRun | None:
        found = self._first(select(CANARY_RUN).where(CANARY_RUN.c.id == run_id))
        return _to_run(found, self._sealer) if found else None

    def standing(self, workspace_id: UUID, subject: str) -> ModelStanding | None:
        found = self._first(_newest(_of(workspace_id, subject)))
        return _to_standing(found, self._sealer) if found else None

    def accepted(self, workspace_id: UUID, subject: str) -> ModelStanding | None:
        accepted = _of(workspace_id, subject).where(MODEL_STANDING.c.act == StandingAct.ACCEPTED.value)
        found = self._first(_newest(accepted))
        return _to_standing(found, self._sealer) if found else None

    def _rows(self, wanted: Select[Any]) -> list[Any]:
        self._before_query()
        return list(self._connection.execute(wanted).mappings())

    def _first(self, wanted: Select[Any]) -> Any:  # noqa: ANN401 - a row, or nothing
        return next(iter(self._rows(wanted)), None)


def write_inventory(connection: Connection, sealer: Sealer, staged: Sequence[InventoryChanges]) -> None:
    """Write *staged*; a version that another process has just added under the same number is the same one."""
    versions = [_version_values(version, sealer) for one in staged for version in one.versions]
    insert_rows(connection, INVENTORY_VERSION, versions, unless_there=True)
    insert_rows(connection, CANARY_RUN, [_run_values(one.run, sealer) for one in staged if one.run])
    standings = [_standing_values(one.standing, sealer) for one in staged if one.standing]
    insert_rows(connection, MODEL_STANDING, standings)


def _against(wanted: Select[Any], workspace_id: UUID, subject: str, until: datetime) -> Select[Any]:
    row = CANARY_RUN.c
    return wanted.where(row.workspace_id == workspace_id, row.subject == subject, row.began_at <= until)


def _of(workspace_id: UUID, subject: str) -> Select[Any]:
    row = MODEL_STANDING.c
    return select(MODEL_STANDING).where(row.workspace_id == workspace_id, row.subject == subject)


def _newest(wanted: Select[Any]) -> Select[Any]:
    return wanted.order_by(MODEL_STANDING.c.id.desc()).limit(1)


def _version_values(version: InventoryVersion, sealer: Sealer) -> dict[str, Any]:
    return {
        "workspace_id": version.workspace_id,
        "thing": version.thing.value,
        "number": version.number,
        "version": version.version,
        "at": version.at,
        "content": _sealed({**version.content, "by": version.by}, sealer),
    }


def _run_values(run: CanaryRun, sealer: Sealer) -> dict[str, Any]:
    return {
        "id": run.id,
        "workspace_id": run.workspace_id,
        "subject": run.subject,
        "began_at": run.began_at,
        "ended_at": run.ended_at,
        "outcome": run.outcome.value,
        "content": _sealed(run.content, sealer),
    }


def _standing_values(standing: ModelStanding, sealer: Sealer) -> dict[str, Any]:
    return {
        "workspace_id": standing.workspace_id,
        "subject": standing.subject,
        "act": standing.act.value,
        "run_id": standing.run_id,
        "at": standing.at,
        "content": _sealed({"person": standing.person, "reason": standing.reason}, sealer),
    }


def _to_version(row: Row, sealer: Sealer) -> InventoryVersion:
    content = dict(_opened(row, sealer))
    return InventoryVersion(
        workspace_id=row["workspace_id"],
        thing=Thing(row["thing"]),
        number=row["number"],
        version=row["version"],
        at=row["at"],
        by=str(content.pop("by", "")),
        content=MappingProxyType(content),
    )


def _to_run(row: Row, sealer: Sealer) -> CanaryRun:
    return CanaryRun(
        id=row["id"],
        workspace_id=row["workspace_id"],
        subject=row["subject"],
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        outcome=CanaryOutcome(row["outcome"]),
        content=_opened(row, sealer),
    )


def _to_standing(row: Row, sealer: Sealer) -> ModelStanding:
    content = _opened(row, sealer)
    return ModelStanding(
        workspace_id=row["workspace_id"],
        subject=row["subject"],
        act=StandingAct(row["act"]),
        run_id=row["run_id"],
        at=row["at"],
        person=str(content.get("person", "")),
        reason=str(content.get("reason", "")),
    )


def _sealed(content: Mapping[str, Any], sealer: Sealer) -> bytes:
    return sealer.seal_whole(_FIELD, json.dumps(dict(content), separators=(",", ":")).encode())


def _opened(row: Row, sealer: Sealer) -> Mapping[str, Any]:
    """What was sealed; nothing where it was altered: whoever reads it misses what it needs, and says so."""
    try:
        found = json.loads(sealer.open_whole(_FIELD, row["content"]))
    except (Unopenable, ValueError):
        return _NOTHING
    return MappingProxyType(found) if isinstance(found, dict) else _NOTHING
