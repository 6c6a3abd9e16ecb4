"""Records with fixed defaults for tests; `over` replaces any field."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from analysis.incident import Incident, Severity, Status, Visibility
from analysis.people import Access, Person

DECLARED_AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def own_name(start: str) -> str:
    """Return a name that no other test has, of letters: of so many digits some are a card's number, and masked."""
    return f"{start}{uuid4().hex.translate(_LETTERS)}"


def make_incident(**over: Any) -> Incident:
    """Return a public incident that was just declared."""
    values = {
        "id": UUID(int=1),
        "workspace_id": UUID(int=2),
        "number": 12,
        "title": "Card payments fail",
        "severity": Severity.SEV2,
        "status": Status.DECLARED,
        "visibility": Visibility.PUBLIC,
        "declared_at": DECLARED_AT,
        "declared_by": "slack:U0DECLARER",
        "channel_id": "C0INCIDENT",
    }
    return Incident(**{**values, **over})


def make_person(*access: Access, **over: Any) -> Person:
    """Return somebody with this access."""
    values = {"id": "slack:U0SOMEBODY", "name": "Some Body", "access": frozenset(access)}
    return Person(**{**values, **over})
