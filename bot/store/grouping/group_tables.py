"""The rows of groups of alerts, apart because there are many; `record.tables` has what they refer to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Double, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from bot.store.database.rows import COUNTER, Row, table_of
from bot.store.database.types import Bytes, UtcDateTime

#: Groups of which something waits to be told; the partial index below keeps the few quick to find.
HAS_NEWS = "news_at IS NOT NULL"


class AlertStormRow(Row, table=True):
    """Several groups at once, told of in one message."""

    __tablename__ = "alert_storm"
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    began_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    ts: str | None = Field(sa_type=Text)


class AlertGroupRow(Row, table=True):
    """What is held to be one thing; `content` is sealed: rules, places, rate, why."""

    __tablename__ = "alert_group"
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        Index(None, "workspace_id", "last_at"),
        Index(None, "merged_into"),
        Index(None, "storm_id"),
        Index("ix_alert_group_news", "workspace_id", sqlite_where=text(HAS_NEWS), postgresql_where=text(HAS_NEWS)),
    )
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    number: int
    opened_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    quiet_at: datetime | None = Field(sa_type=UtcDateTime)
    severity: str = Field(sa_type=Text)
    is_closed: bool
    alerts: int = Field(sa_type=BigInteger)
    series: int
    firing: int
    merged_into: UUID | None = Field(foreign_key="alert_group.id")
    storm_id: UUID | None = Field(foreign_key="alert_storm.id")
    announced_at: datetime | None = Field(sa_type=UtcDateTime)
    news_at: datetime | None = Field(sa_type=UtcDateTime)
    ts: str | None = Field(sa_type=Text)
    content: bytes = Field(sa_type=Bytes)


class GroupMemberRow(Row, table=True):
    """A series in a group, and how often it fired there."""

    __tablename__ = "group_member"
    __table_args__ = (Index(None, "alert_id"),)
    group_id: UUID = Field(primary_key=True, foreign_key="alert_group.id")
    alert_id: UUID = Field(primary_key=True, foreign_key="alert.id")
    is_firing: bool
    alerts: int = Field(sa_type=BigInteger)


class DecisionRow(Row, table=True):
    """Where an event was put and by which engine; `content` is sealed: reasons and links. Never changed."""

    __tablename__ = "decision"
    __table_args__ = (Index(None, "group_id"),)
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    group_id: UUID = Field(foreign_key="alert_group.id")
    kind: str = Field(sa_type=Text)
    logit: float = Field(sa_type=Double)
    suggested: UUID | None = Field(foreign_key="alert_group.id")
    engine: str = Field(sa_type=Text)
    content: bytes = Field(sa_type=Bytes)


class GroupingInputRow(Row, table=True):
    """What grouping is told besides alerts; it has its place once it was seen. `content` is sealed."""

    __tablename__ = "grouping_input"
    __table_args__ = (
        UniqueConstraint("workspace_id", "natural_key"),
        Index(None, "workspace_id", "after_seq", "place"),
    )
    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    kind: str = Field(sa_type=Text)
    natural_key: str = Field(sa_type=Text)
    after_seq: int | None = Field(sa_type=BigInteger)
    place: int | None = Field(sa_type=BigInteger)
    content: bytes = Field(sa_type=Bytes)


class GroupingCursorRow(Row, table=True):
    """How far a workspace's alerts are grouped."""

    __tablename__ = "grouping_cursor"
    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    seq: int = Field(sa_type=BigInteger)
    placed: int = Field(sa_type=BigInteger)


class GroupAttachmentRow(Row, table=True):
    """A group belongs to an incident, or did."""

    __tablename__ = "group_attachment"
    __table_args__ = (Index(None, "incident_id"),)
    group_id: UUID = Field(primary_key=True, foreign_key="alert_group.id")
    incident_id: UUID = Field(primary_key=True, foreign_key="incident.id")
    is_attached: bool
    changed_at: datetime = Field(sa_type=UtcDateTime)


class FeedbackRow(Row, table=True):
    """A label of a group by a person, or of a series' event `seq` by a ticket; `content` is sealed: who, and why."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("workspace_id", "natural_key"),
        Index(None, "group_id"),
        Index(None, "alert_id"),
    )
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    kind: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    group_id: UUID | None = Field(foreign_key="alert_group.id")
    alert_id: UUID | None = Field(foreign_key="alert.id")
    incident_id: UUID | None = Field(foreign_key="incident.id")
    until: datetime | None = Field(sa_type=UtcDateTime)
    origin: str = Field(sa_type=Text)
    seq: int | None = Field(sa_type=BigInteger)
    natural_key: str | None = Field(sa_type=Text)
    content: bytes = Field(sa_type=Bytes)


ALERT_STORM = table_of(AlertStormRow)
ALERT_GROUP = table_of(AlertGroupRow)
GROUP_MEMBER = table_of(GroupMemberRow)
DECISION = table_of(DecisionRow)
GROUPING_INPUT = table_of(GroupingInputRow)
GROUPING_CURSOR = table_of(GroupingCursorRow)
GROUP_ATTACHMENT = table_of(GroupAttachmentRow)
FEEDBACK = table_of(FeedbackRow)
