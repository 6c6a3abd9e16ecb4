"""The rows of holding back; `grouping.group_tables` and `record.tables` have what they refer to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.store.database.rows import Row, table_of
from bot.store.database.types import Bytes, UtcDateTime


class HoldDigestRow(Row, table=True):
    """A message that lists what was held."""

    __tablename__ = "hold_digest"
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    at: datetime = Field(sa_type=UtcDateTime)
    ts: str | None = Field(sa_type=Text)


class AlertHoldRow(Row, table=True):
    """An event that waited or would have; its reasons are in the decision about it."""

    __tablename__ = "alert_hold"
    __table_args__ = (
        Index(None, "workspace_id", "ended_at"),
        Index(None, "workspace_id", "since"),
        Index(None, "group_id"),
        Index(None, "digest_id"),
    )
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    workspace_id: UUID = Field(foreign_key="workspace.id")
    alert_id: UUID = Field(foreign_key="alert.id")
    group_id: UUID = Field(foreign_key="alert_group.id")
    kind: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    is_critical: bool
    action: str = Field(sa_type=Text)
    would: str = Field(sa_type=Text)
    guard: str = Field(sa_type=Text)
    since: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    end: str | None = Field(sa_type=Text)
    digest_id: UUID | None = Field(foreign_key="hold_digest.id")


class HoldPolicyRow(Row, table=True):
    """The question whether a pattern may be held, and its answer; `content` is sealed: proof, who, why."""

    __tablename__ = "hold_policy"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    number: int
    kind: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    is_critical: bool
    state: str = Field(sa_type=Text)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


class HoldSwitchRow(Row, table=True):
    """The kill switch of a workspace; `content` is sealed: who."""

    __tablename__ = "hold_switch"
    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    is_on: bool
    changed_at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


class HoldNightRow(Row, table=True):
    """A nightly replay; `content` is sealed and there once it is done."""

    __tablename__ = "hold_night"
    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    day: str = Field(primary_key=True, sa_type=Text)
    began_at: datetime = Field(sa_type=UtcDateTime)
    read: int = Field(sa_type=BigInteger)
    total: int = Field(sa_type=BigInteger)
    finished_at: datetime | None = Field(sa_type=UtcDateTime)
    content: bytes | None = Field(sa_type=Bytes)


HOLD_DIGEST = table_of(HoldDigestRow)
ALERT_HOLD = table_of(AlertHoldRow)
HOLD_POLICY = table_of(HoldPolicyRow)
HOLD_SWITCH = table_of(HoldSwitchRow)
HOLD_NIGHT = table_of(HoldNightRow)
