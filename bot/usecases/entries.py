"""Finding the entry that a person names by its label."""

from collections.abc import Iterable

from analysis.errors import NotFound
from analysis.events import TimelineEvent
from analysis.timeline import Entry, taken_off, timeline


def entry_named(events: Iterable[TimelineEvent], label: str) -> Entry:
    """The entry with this label, also one that has left the timeline.

    Raises
    ------
    analysis.errors.NotFound
        If no entry ever had it.
    """
    ledger = tuple(events)
    for entry in (*timeline(ledger), *taken_off(ledger)):
        if entry.label.lower() == label.lower():
            return entry
    message = f"“{label[:80]}” is not on the timeline. `/incident timeline` shows the labels."
    raise NotFound(message)
