"""What was learnt from labels, who approved it, and labels that tickets gave.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "model_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("data_hash", sa.Text(), nullable=False),
        sa.Column("is_promoted", sa.Boolean(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_model_version_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_version")),
        sa.UniqueConstraint("workspace_id", "kind", "number", name=op.f("uq_model_version_workspace_id_kind_number")),
    )
    op.create_table(
        "model_choice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_model_choice_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_choice")),
    )
    op.create_index(op.f("ix_model_choice_workspace_id_kind"), "model_choice", ["workspace_id", "kind"])
    with op.batch_alter_table("feedback") as batch:
        batch.alter_column("group_id", existing_type=sa.Uuid(), nullable=True)
        batch.add_column(sa.Column("origin", sa.Text(), nullable=False, server_default="person"))
        batch.add_column(sa.Column("seq", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("natural_key", sa.Text(), nullable=True))
        batch.create_unique_constraint(op.f("uq_feedback_workspace_id_natural_key"), ["workspace_id", "natural_key"])
    with op.batch_alter_table("feedback") as batch:
        batch.alter_column("origin", existing_type=sa.Text(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    # What tickets said has no group, which the tables before this could not keep.
    op.execute("DELETE FROM feedback WHERE group_id IS NULL")
    with op.batch_alter_table("feedback") as batch:
        batch.drop_constraint(op.f("uq_feedback_workspace_id_natural_key"), type_="unique")
        batch.drop_column("natural_key")
        batch.drop_column("seq")
        batch.drop_column("origin")
        batch.alter_column("group_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("model_choice")
    op.drop_table("model_version")
