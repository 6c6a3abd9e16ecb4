"""How the fact that a draft was made is found again, by whoever needs none of what makes one."""

from analysis.incident import Incident


def drafted_key(incident: Incident, number: int) -> str:
    """The natural key of the fact that revision *number* was made."""
    return f"draft:{incident.id}:{number}"
