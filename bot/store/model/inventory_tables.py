"""The rows of the model inventory: versions, runs of the canary set, and whether a model may be asked."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.store.database.rows import COUNTER, Row, table_of
from bot.store.database.types import Bytes, UtcDateTime


class InventoryVersionRow(Row, table=True):
    """A version as it was first seen in use, never changed; `content` is sealed: its owner, and what it is."""

    __tablename__ = "inventory_version"
    __table_args__ = (UniqueConstraint("workspace_id", "thing", "number"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    thing: str = Field(sa_type=Text)
    number: int
    version: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


class CanaryRunRow(Row, table=True):
    """One run that has ended, never changed; `content` is sealed: what was seen, and who had it run."""

    __tablename__ = "canary_run"
    __table_args__ = (Index(None, "workspace_id", "subject", "began_at"),)
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    subject: str = Field(sa_type=Text)
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(sa_type=Text)
    content: bytes = Field(sa_type=Bytes)


class ModelStandingRow(Row, table=True):
    """From then on the model may be asked or not; the newest row holds. `content` is sealed: who said so, and why."""

    __tablename__ = "model_standing"
    __table_args__ = (Index(None, "workspace_id", "subject"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    subject: str = Field(sa_type=Text)
    act: str = Field(sa_type=Text)
    run_id: UUID = Field(foreign_key="canary_run.id")
    at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


INVENTORY_VERSION = table_of(InventoryVersionRow)
CANARY_RUN = table_of(CanaryRunRow)
MODEL_STANDING = table_of(ModelStandingRow)
