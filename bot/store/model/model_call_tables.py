"""The rows of calls to the language model; `record.tables` has what they refer to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Double, Index, Text, update
from sqlmodel import Field

from bot.store.database.rows import Row, table_of
from bot.store.database.types import Bytes, UtcDateTime


class ModelCallRow(Row, table=True):
    """One question to the language model: what it may cost, and what it did cost once it is settled.

    `content` is sealed, and gone once something of the incident is erased: the answer, with placeholders for people.
    What left is the row of `egress` with the same id. `key` and the hashes are digests of redacted text. A row without
    `ended_at` counts with all that was reserved.
    """

    __tablename__ = "model_call"
    __table_args__ = (Index(None, "incident_id", "key"), Index(None, "began_at"))
    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incident.id")
    key: str = Field(sa_type=Text)
    model: str = Field(sa_type=Text)
    policy: str = Field(sa_type=Text)
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)
    outcome: str = Field(sa_type=Text)
    tokens: int = Field(sa_type=BigInteger)
    seconds: float = Field(sa_type=Double)
    money: int = Field(sa_type=BigInteger)
    question_hash: bytes = Field(sa_type=Bytes)
    answer_hash: bytes = Field(sa_type=Bytes)
    content: bytes | None = Field(sa_type=Bytes)


MODEL_CALL = table_of(ModelCallRow)


def forget_model_calls(connection: Connection, incident_id: UUID) -> None:
    """Destroy what was asked and answered about an incident: what of it rests on an erased entry cannot be told."""
    this = MODEL_CALL.c.incident_id == incident_id
    connection.execute(update(MODEL_CALL).where(this).values(content=None))
