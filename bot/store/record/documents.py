"""Writing revisions, approvals and publications."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, update

from analysis.errors import Conflict
from bot.ports.records import Approval, Changes, Revision
from bot.store.database.upsert import upsert
from bot.store.record.document_rows import approval_values, publication_values, revision_values
from bot.store.record.sealing import Sealer
from bot.store.record.tables import APPROVAL, PUBLICATION, REVISION


def write_documents(connection: Connection, sealer: Sealer, changes: Changes) -> None:
    """Write what *changes* says about documents; a new revision supersedes the incident's earlier ones."""
    if changes.revision:
        earlier = update(REVISION).where(REVISION.c.incident_id == changes.revision.incident_id)
        connection.execute(earlier.values(is_superseded=True))
        connection.execute(insert(REVISION), [revision_values(changes.revision, sealer)])
    if changes.approval:
        connection.execute(insert(APPROVAL), [approval_values(changes.approval, sealer)])
    _redact(connection, sealer, changes.redactions)
    _void(connection, sealer, changes.voided_approvals)
    rows = [publication_values(publication, sealer) for publication in changes.publications]
    upsert(connection, PUBLICATION, rows, keys=("revision_id", "target"))


def _redact(connection: Connection, sealer: Sealer, redactions: Sequence[Revision]) -> None:
    """Replace what drafts say by what is left of them; their hashes stay as what was signed."""
    for revision in redactions:
        values = revision_values(revision, sealer)
        this = update(REVISION).where(REVISION.c.id == revision.id)
        connection.execute(this.values(content=values["content"], is_erased=values["is_erased"]))


def _void(connection: Connection, sealer: Sealer, voided: Sequence[Approval]) -> None:
    for approval in voided:
        values = approval_values(approval, sealer)
        kept = update(APPROVAL).where(APPROVAL.c.id == bindparam("approval_id"), ~APPROVAL.c.is_voided)
        parameters = {"approval_id": approval.id}
        changed = connection.execute(kept.values(is_voided=values["is_voided"], content=values["content"]), parameters)
        if changed.rowcount != 1:
            message = "This approval was voided in the meantime; nothing was recorded."
            raise Conflict(message)
