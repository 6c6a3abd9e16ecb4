"""The rows of pages, of alerts that are forwarded in line, and of everything that left for other systems."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.store.database.rows import COUNTER, Row, table_of
from bot.store.database.types import Bytes, UtcDateTime


class PageRow(Row, table=True):
    """A page and what was said of it; `content` is sealed: whom, by whom, what the pager calls it."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)
    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incident.id")
    number: int
    pager: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(sa_type=UtcDateTime)
    resolved_at: datetime | None = Field(sa_type=UtcDateTime)
    reopened_at: datetime | None = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


class ForwardRow(Row, table=True):
    """The newest that a pager was told of a series of alerts on a route in line; `taken_at` once it has it."""

    __tablename__ = "forward"
    key: str = Field(primary_key=True, sa_type=Text)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    fingerprint: str = Field(sa_type=Text)
    service: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    severity: str = Field(sa_type=Text)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    began_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(sa_type=UtcDateTime)
    episode: str = Field(sa_type=Text)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    taken_at: datetime | None = Field(sa_type=UtcDateTime)
    parts: str | None = Field(sa_type=Text)


class EgressRow(Row, table=True):
    """One call to another system; `content` is sealed: who caused it and what left, empty once that was erased."""

    __tablename__ = "egress"
    __table_args__ = (Index(None, "incident_id"), Index(None, "began_at"))
    seq: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    id: UUID = Field(unique=True)
    purpose: str = Field(sa_type=Text)
    policy: str = Field(sa_type=Text)
    method: str = Field(sa_type=Text)
    host: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    incident_id: UUID | None = Field(foreign_key="incident.id")
    began_at: datetime = Field(sa_type=UtcDateTime)
    body_hash: bytes = Field(sa_type=Bytes)
    body_bytes: int
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    status: int
    outcome: str = Field(sa_type=Text)
    answer_hash: bytes = Field(sa_type=Bytes)
    content: bytes | None = Field(sa_type=Bytes)


PAGE = table_of(PageRow)
FORWARD = table_of(ForwardRow)
EGRESS = table_of(EgressRow)
