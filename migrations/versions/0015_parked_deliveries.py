"""Find what waits for somebody without a look at all that was ever sent.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_parked = sa.text("state = 'parked'")
    op.create_index("ix_delivery_parked", "delivery", ["lane"], sqlite_where=is_parked, postgresql_where=is_parked)


def downgrade() -> None:
    op.drop_index("ix_delivery_parked", "delivery")
