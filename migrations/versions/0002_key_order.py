"""Natural keys in the order of their bytes, so that an index finds every fact of one message.

SQLite compares texts so by itself.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _collate("C")


def downgrade() -> None:
    _collate("default")


def _collate(name: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("timeline_event", "natural_key", type_=sa.Text(collation=name))
