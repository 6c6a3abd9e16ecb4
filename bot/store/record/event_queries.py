"""What can be asked of an incident's ledger; answers come in order of `seq` where nothing else is said."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from analysis.events import PLACING_KINDS, EventKind
from bot.store.record.tables import TIMELINE_EVENT

_ROW = TIMELINE_EVENT.c


def whole(incident_id: UUID) -> Select[Any]:
    """The whole ledger."""
    return _in_order(select(TIMELINE_EVENT), incident_id)


def places(incident_id: UUID) -> Select[Any]:
    """The kind, instant and natural key of every fact that decides which entry has which label."""
    kinds = sorted(kind.value for kind in PLACING_KINDS)
    return _in_order(select(_ROW.kind, _ROW.occurred_at, _ROW.natural_key), incident_id).where(_ROW.kind.in_(kinds))


def referring(incident_id: UUID, ids: Collection[UUID]) -> Select[Any]:
    """The facts that refer to one of these."""
    return whole(incident_id).where(_ROW.refers_to.in_(sorted(ids)))


def of_kind(incident_id: UUID, kinds: Collection[EventKind]) -> Select[Any]:
    """The facts of *kinds*."""
    return whole(incident_id).where(_ROW.kind.in_(sorted(kind.value for kind in kinds)))


def by_id(incident_id: UUID, ids: Collection[UUID]) -> Select[Any]:
    """The facts with these *ids*."""
    return whole(incident_id).where(_ROW.id.in_(sorted(ids)))


def at(incident_id: UUID, seqs: Collection[int]) -> Select[Any]:
    """The facts at these places."""
    return whole(incident_id).where(_ROW.seq.in_(sorted(seqs)))


def between(incident_id: UUID, kinds: Collection[EventKind], since: datetime, until: datetime) -> Select[Any]:
    """The facts of *kinds* that occurred from *since* until *until*, the newest first."""
    within = (_ROW.occurred_at >= since) & (_ROW.occurred_at <= until)
    found = select(TIMELINE_EVENT).where(_ROW.incident_id == incident_id, within)
    named = found.where(_ROW.kind.in_(sorted(kind.value for kind in kinds)))
    return named.order_by(_ROW.occurred_at.desc(), _ROW.natural_key.desc())


def beginning_with(incident_id: UUID, natural_key: str) -> Select[Any]:
    """The facts whose natural keys lie between *natural_key* and the last that continues it after a colon.

    A range of the index, unlike a pattern, which could mistake a letter of the key for a wildcard and which not
    every database looks up. A few others, such as `1.23` beside `1.2`, lie in the range too.
    """
    after_colon = chr(ord(":") + 1)
    return whole(incident_id).where(_ROW.natural_key >= natural_key, _ROW.natural_key < f"{natural_key}{after_colon}")


def keys_after(incident_id: UUID, seq: int) -> Select[Any]:
    """The kind and natural key of every fact behind *seq*."""
    return _in_order(select(_ROW.kind, _ROW.natural_key), incident_id).where(_ROW.seq > seq)


def is_or_continues(key: str, natural_key: str) -> bool:
    """Whether *key* is *natural_key*, or goes on after it and a colon."""
    return key == natural_key or key.startswith(f"{natural_key}:")


def _in_order(query: Select[Any], incident_id: UUID) -> Select[Any]:
    return query.where(_ROW.incident_id == incident_id).order_by(_ROW.seq)
