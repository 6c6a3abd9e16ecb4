"""Holding back noise: what waits, who approved which pattern, the kill switch, nightly replays and digests.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hold_digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hold_digest_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_digest")),
    )
    op.create_table(
        "alert_hold",
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("would", sa.Text(), nullable=False),
        sa.Column("guard", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.Text(), nullable=True),
        sa.Column("digest_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_alert_hold_workspace_id_workspace")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_hold_alert_id_alert")),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], name=op.f("fk_alert_hold_group_id_alert_group")),
        sa.ForeignKeyConstraint(["digest_id"], ["hold_digest.id"], name=op.f("fk_alert_hold_digest_id_hold_digest")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_alert_hold")),
    )
    op.create_index(op.f("ix_alert_hold_digest_id"), "alert_hold", ["digest_id"])
    op.create_index(op.f("ix_alert_hold_group_id"), "alert_hold", ["group_id"])
    op.create_index(op.f("ix_alert_hold_workspace_id_ended_at"), "alert_hold", ["workspace_id", "ended_at"])
    op.create_index(op.f("ix_alert_hold_workspace_id_since"), "alert_hold", ["workspace_id", "since"])
    op.create_table(
        "hold_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hold_policy_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold_policy")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_hold_policy_workspace_id_number")),
    )
    op.create_table(
        "hold_switch",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hold_switch_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_hold_switch")),
    )
    op.create_table(
        "hold_night",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hold_night_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("workspace_id", "day", name=op.f("pk_hold_night")),
    )


def downgrade() -> None:
    for table in ("hold_night", "hold_switch", "hold_policy", "alert_hold", "hold_digest"):
        op.drop_table(table)
