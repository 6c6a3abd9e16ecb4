"""Groups of alerts: what was decided and why, what people see of it, and what they say to it.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert_storm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_alert_storm_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_storm")),
    )
    op.create_table(
        "alert_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quiet_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("firing", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("storm_id", sa.Uuid(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_alert_group_workspace_id_workspace")),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["alert_group.id"], name=op.f("fk_alert_group_merged_into_alert_group")
        ),
        sa.ForeignKeyConstraint(["storm_id"], ["alert_storm.id"], name=op.f("fk_alert_group_storm_id_alert_storm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_group")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_alert_group_workspace_id_number")),
    )
    op.create_index(op.f("ix_alert_group_merged_into"), "alert_group", ["merged_into"])
    op.create_index(op.f("ix_alert_group_storm_id"), "alert_group", ["storm_id"])
    op.create_index(op.f("ix_alert_group_workspace_id_last_at"), "alert_group", ["workspace_id", "last_at"])
    op.create_table(
        "group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("is_firing", sa.Boolean(), nullable=False),
        sa.Column("alerts", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], name=op.f("fk_group_member_group_id_alert_group")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_group_member_alert_id_alert")),
        sa.PrimaryKeyConstraint("group_id", "alert_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_alert_id"), "group_member", ["alert_id"])
    op.create_table(
        "decision",
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("logit", sa.Double(), nullable=False),
        sa.Column("suggested", sa.Uuid(), nullable=True),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], name=op.f("fk_decision_group_id_alert_group")),
        sa.ForeignKeyConstraint(["suggested"], ["alert_group.id"], name=op.f("fk_decision_suggested_alert_group")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_group_id"), "decision", ["group_id"])
    op.create_table(
        "grouping_input",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("natural_key", sa.Text(), nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_grouping_input_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grouping_input")),
        sa.UniqueConstraint("workspace_id", "natural_key", name=op.f("uq_grouping_input_workspace_id_natural_key")),
    )
    op.create_index(
        op.f("ix_grouping_input_workspace_id_after_seq_place"), "grouping_input", ["workspace_id", "after_seq", "place"]
    )
    op.create_table(
        "grouping_cursor",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("placed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_grouping_cursor_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_grouping_cursor")),
    )
    op.create_table(
        "group_attachment",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("is_attached", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["alert_group.id"], name=op.f("fk_group_attachment_group_id_alert_group")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incident.id"], name=op.f("fk_group_attachment_incident_id_incident")
        ),
        sa.PrimaryKeyConstraint("group_id", "incident_id", name=op.f("pk_group_attachment")),
    )
    op.create_index(op.f("ix_group_attachment_incident_id"), "group_attachment", ["incident_id"])
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_feedback_workspace_id_workspace")),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], name=op.f("fk_feedback_group_id_alert_group")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_feedback_alert_id_alert")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_feedback_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_alert_id"), "feedback", ["alert_id"])
    op.create_index(op.f("ix_feedback_group_id"), "feedback", ["group_id"])


def downgrade() -> None:
    for table in (
        "feedback",
        "group_attachment",
        "grouping_cursor",
        "grouping_input",
        "decision",
        "group_member",
        "alert_group",
        "alert_storm",
    ):
        op.drop_table(table)
