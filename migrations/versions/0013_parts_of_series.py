"""What fires of a series by severity, where a sender has an alert for each.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = ("alert", "forward")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(table, sa.Column("parts", sa.Text(), nullable=True))


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_column(table, "parts")
