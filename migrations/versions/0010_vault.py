"""What stands behind the placeholders of what is sent to a language model, one vault an incident.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vault",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_vault_incident_id_incident")),
        sa.PrimaryKeyConstraint("incident_id", name=op.f("pk_vault")),
    )


def downgrade() -> None:
    op.drop_table("vault")
