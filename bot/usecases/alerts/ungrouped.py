"""Alerts that are on record and not grouped yet: a list of groups must not read as if they had not come."""

from datetime import datetime
from uuid import UUID

from bot.ports.ledger import Reads


def ungrouped_since(reads: Reads, workspace_id: UUID) -> datetime | None:
    """When the oldest alert came that waits to be grouped; `None` where none does."""
    waiting = reads.groups.events(workspace_id, after=reads.groups.position(workspace_id).seq, limit=1)
    return waiting[0].alert.received_at if waiting else None
