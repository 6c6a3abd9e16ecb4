"""The rows of what was learnt, and of who let it act."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.store.database.rows import COUNTER, Row, table_of
from bot.store.database.types import Bytes, UtcDateTime


class ModelVersionRow(Row, table=True):
    """Weights as they were learnt once, never changed; `content` is sealed: weights, what they rest on, the card."""

    __tablename__ = "model_version"
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "number"),)
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    kind: str = Field(sa_type=Text)
    number: int
    made_at: datetime = Field(sa_type=UtcDateTime)
    digest: str = Field(sa_type=Text)
    data_hash: str = Field(sa_type=Text)
    is_promoted: bool
    content: bytes = Field(sa_type=Bytes)


class ModelChoiceRow(Row, table=True):
    """From then on this version acts, 0 for what is shipped; `content` is sealed: who decided so, and why."""

    __tablename__ = "model_choice"
    __table_args__ = (Index(None, "workspace_id", "kind"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    kind: str = Field(sa_type=Text)
    number: int
    act: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


MODEL_VERSION = table_of(ModelVersionRow)
MODEL_CHOICE = table_of(ModelChoiceRow)
