"""Signals on incidents with the message that lists them, charts of groups, and what was seen to call what.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("logit", sa.Double(), nullable=False),
        sa.Column("fit", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_signal_incident_id_incident")),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], name=op.f("fk_signal_group_id_alert_group")),
        sa.PrimaryKeyConstraint("incident_id", "subject", name=op.f("pk_signal")),
    )
    op.create_index(op.f("ix_signal_group_id"), "signal", ["group_id"])
    op.create_table(
        "signal_message",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_signal_message_incident_id_incident")),
        sa.PrimaryKeyConstraint("incident_id", "channel", name=op.f("pk_signal_message")),
    )
    op.create_table(
        "group_chart",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["alert_group.id"], name=op.f("fk_group_chart_group_id_alert_group")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_group_chart")),
    )
    op.create_table(
        "service_edge",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_service_edge_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "source", "pair", name=op.f("pk_service_edge")),
    )


def downgrade() -> None:
    for table in ("service_edge", "group_chart", "signal_message", "signal"):
        op.drop_table(table)
