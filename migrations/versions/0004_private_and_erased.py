"""When somebody joined or left a channel, also of those who left; and which drafts lost content to an erasure.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Who is in a channel by the table as it was: since when, nobody wrote down, so whatever Slack dates is later.
EPOCH = "1970-01-01 00:00:00.000000"


def upgrade() -> None:
    with op.batch_alter_table("membership") as table:
        table.add_column(sa.Column("has_left", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text(f"UPDATE membership SET has_left = {_false()}, moved_at = '{EPOCH}{_utc()}'"))  # noqa: S608 - constants
    with op.batch_alter_table("membership") as table:
        table.alter_column("has_left", existing_type=sa.Boolean(), nullable=False)
        table.alter_column("moved_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table("revision") as table:
        table.add_column(sa.Column("is_erased", sa.Boolean(), nullable=True))
    op.execute(sa.text(f"UPDATE revision SET is_erased = {_false()}"))  # noqa: S608 - a constant
    with op.batch_alter_table("revision") as table:
        table.alter_column("is_erased", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM membership WHERE has_left"))
    with op.batch_alter_table("membership") as table:
        table.drop_column("has_left")
        table.drop_column("moved_at")
    with op.batch_alter_table("revision") as table:
        table.drop_column("is_erased")


def _false() -> str:
    return "0" if op.get_bind().dialect.name == "sqlite" else "false"


def _utc() -> str:
    """SQLite keeps instants without an offset, as UTC."""
    return "" if op.get_bind().dialect.name == "sqlite" else "+00:00"
