"""The rows of signals, of the charts of groups, and of what calls what as far as it was seen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Double, Index, Text
from sqlmodel import Field

from bot.store.database.rows import Row, table_of
from bot.store.database.types import Bytes, UtcDateTime


class SignalRow(Row, table=True):
    """What was found about a signal and an incident; `content` is sealed: the reasons."""

    __tablename__ = "signal"
    __table_args__ = (Index(None, "group_id"),)
    incident_id: UUID = Field(primary_key=True, foreign_key="incident.id")
    subject: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(sa_type=Text)
    group_id: UUID | None = Field(foreign_key="alert_group.id")
    logit: float = Field(sa_type=Double)
    fit: str = Field(sa_type=Text)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


class SignalMessageRow(Row, table=True):
    """The message that lists an incident's signals in a channel."""

    __tablename__ = "signal_message"
    incident_id: UUID = Field(primary_key=True, foreign_key="incident.id")
    channel: str = Field(primary_key=True, sa_type=Text)
    ts: str = Field(sa_type=Text)


class GroupChartRow(Row, table=True):
    """The newest uploaded chart of a group; `drawn` names what it shows."""

    __tablename__ = "group_chart"
    group_id: UUID = Field(primary_key=True, foreign_key="alert_group.id")
    file: str = Field(sa_type=Text)
    drawn: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=UtcDateTime)


class ServiceEdgeRow(Row, table=True):
    """One service calls another, from which `source` that is known; `content` is sealed: their names, and who said so.

    `pair` is a keyed hash of the two names.
    """

    __tablename__ = "service_edge"
    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id")
    source: str = Field(primary_key=True, sa_type=Text)
    pair: str = Field(primary_key=True, sa_type=Text)
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


SIGNAL = table_of(SignalRow)
SIGNAL_MESSAGE = table_of(SignalMessageRow)
GROUP_CHART = table_of(GroupChartRow)
SERVICE_EDGE = table_of(ServiceEdgeRow)
