"""What all rows share: names of constraints, and the key that counts up."""

from sqlalchemy import BigInteger, Integer, MetaData, Table
from sqlmodel import SQLModel

#: Every constraint has a name that a later migration can drop, on every dialect.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
#: 64 bits on PostgreSQL; on SQLite an `INTEGER` key is the row id, which counts up.
COUNTER = BigInteger().with_variant(Integer(), "sqlite")


class Row(SQLModel):
    """What all rows share: one `MetaData` with names for constraints."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def table_of(row: type[Row]) -> Table:
    """The table of these rows, for statements of SQLAlchemy's core."""
    return Row.metadata.tables[str(row.__tablename__)]
