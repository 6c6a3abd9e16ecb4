"""Whether a ticket is open: the words that closed it once stay in it where somebody opens it again."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: States of ServiceNow's incidents by their labels, and by their numbers where these mean the same in all its tables;
#: statuses of Jira, and the categories by which it knows statuses of a site's own.
_OPEN = frozenset(
    {
        "new", "open", "active", "to do", "in progress", "work in progress", "on hold", "pending", "reopened",
        "awaiting problem", "awaiting user info", "awaiting evidence", "awaiting change", "awaiting vendor",
        "1", "2", "indeterminate",
    }
)  # fmt: skip
_COLUMNS = ("state", "incident_state", "incident state", "status category", "status")
_NAMES = ("display_value", "value", "name", "key", "statusCategory")
_MOST_DEPTH = 3


def is_open(fields: Mapping[str, Any]) -> bool:
    """Whether a ticket with these *fields*, their names in small letters, says that it is not closed."""
    return not _OPEN.isdisjoint(_words(fields[name] for name in _COLUMNS if name in fields))


def _words(values: Iterable[object], depth: int = 0) -> Iterator[str]:
    for value in values:
        if isinstance(value, str | int):
            yield str(value).strip().lower()
        elif depth < _MOST_DEPTH and isinstance(value, list):
            yield from _words(value, depth + 1)
        elif depth < _MOST_DEPTH and isinstance(value, Mapping):
            yield from _words((value[name] for name in _NAMES if name in value), depth + 1)
