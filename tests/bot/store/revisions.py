"""Revisions as a next version may bring them: one more than ours, that rewrites the biggest table."""

import shutil
from pathlib import Path

from bot.store.schema import known_revisions, migrations_folder

#: No version of ours is there yet.
NEXT = "9001"

_REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{this}"
down_revision = "{before}"

def upgrade():
    # On SQLite the table is copied, dropped and renamed, which is where a kill would hurt most.
    copies = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("timeline_event", recreate=copies) as batch:
        batch.add_column(sa.Column("remark", sa.Text(), nullable=True))
    op.execute("UPDATE timeline_event SET remark = kind")
"""


def next_revisions(folder: Path) -> Path:
    """Write them below *folder*; returns where they are."""
    made = shutil.copytree(migrations_folder(), folder / "migrations")
    revision = _REVISION.format(this=NEXT, before=known_revisions()[-1])
    (made / "versions" / f"{NEXT}_remark.py").write_text(revision)
    return made
