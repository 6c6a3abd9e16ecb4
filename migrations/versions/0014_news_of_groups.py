"""Since when something new of a group waits to be told together with what is new of others.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alert_group", sa.Column("news_at", sa.DateTime(timezone=True), nullable=True))
    has_news = sa.text("news_at IS NOT NULL")
    op.create_index(
        "ix_alert_group_news", "alert_group", ["workspace_id"], sqlite_where=has_news, postgresql_where=has_news
    )


def downgrade() -> None:
    op.drop_index("ix_alert_group_news", "alert_group")
    op.drop_column("alert_group", "news_at")
