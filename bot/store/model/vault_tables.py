"""The rows of vaults: what stands behind the placeholders of what left."""

from uuid import UUID

from sqlmodel import Field

from bot.store.database.rows import Row, table_of
from bot.store.database.types import Bytes


class VaultRow(Row, table=True):
    """An incident's placeholders; `content` is sealed as a whole, and gone as a whole when anything is erased."""

    __tablename__ = "vault"
    incident_id: UUID = Field(primary_key=True, foreign_key="incident.id")
    content: bytes = Field(sa_type=Bytes)


VAULT = table_of(VaultRow)
