"""The model inventory: versions in use, runs of the canary set, and whether a model may be asked.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inventory_version",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_inventory_version_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_version")),
        sa.UniqueConstraint(
            "workspace_id", "thing", "number", name=op.f("uq_inventory_version_workspace_id_thing_number")
        ),
    )
    op.create_table(
        "canary_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_canary_run_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canary_run")),
    )
    op.create_index(
        op.f("ix_canary_run_workspace_id_subject_began_at"), "canary_run", ["workspace_id", "subject", "began_at"]
    )
    op.create_table(
        "model_standing",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_model_standing_workspace_id_workspace")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["canary_run.id"], name=op.f("fk_model_standing_run_id_canary_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_standing")),
    )
    op.create_index(op.f("ix_model_standing_workspace_id_subject"), "model_standing", ["workspace_id", "subject"])


def downgrade() -> None:
    op.drop_table("model_standing")
    op.drop_table("canary_run")
    op.drop_table("inventory_version")
