"""The incident that a duplicate belongs to, for those who read of the duplicate."""

from analysis.incident import Incident, Visibility
from bot.ports.ledger import Reads


def original_of(reads: Reads, incident: Incident) -> Incident | None:
    """The original of a duplicate, unless it is private: who sees the duplicate may not know of it."""
    if incident.duplicate_of is None:
        return None
    original = reads.incident_by_number(incident.workspace_id, incident.duplicate_of)
    return original if original and original.visibility is Visibility.PUBLIC else None
