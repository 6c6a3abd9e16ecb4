"""Alerts that were attached to an incident and that nobody, as far as the record shows, ever looked at.

Definition: a group of alerts is unlooked at if it is attached at the end of the record by Debrief itself, nobody
declared the incident from it, its own entry was neither tagged nor corrected, and no words that people put on record
name the group or its rule. Whoever attaches a group by hand has looked at it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.events import EventKind
from analysis.timeline import Entry

_ATTACHMENTS = frozenset({EventKind.ALERT_GROUP_ATTACHED, EventKind.ALERT_GROUP_DETACHED})
_WORDS = frozenset({EventKind.NOTE, EventKind.MESSAGE, EventKind.UPDATE_SENT, EventKind.IMPACT_SET})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlooked:
    """A group of alerts that nothing on record shows to have been looked at; `label` is the entry that attached it.

    `is_named` unless that entry's words were erased, so that they say the group's name no more.
    """

    group: str
    label: str
    is_named: bool = True

    @property
    def text(self) -> str:
        """The finding as a sentence."""
        alerts = f"The alerts {self.group}" if self.is_named else "Alerts"
        return f"{alerts} fired and were attached, and nothing on record says that anybody looked at them."


def unlooked(entries: Sequence[Entry]) -> tuple[Unlooked, ...]:
    """The groups among *entries*, a timeline in its order, that were never looked at."""
    said = "\n".join(_words(entries)).lower()
    declared = {entry.event.recorded_at for entry in entries if entry.event.kind is EventKind.DECLARED}
    found = []
    for entry in _attached(entries):
        is_known = entry.event.recorded_at in declared or entry.tags or entry.corrections
        names = (entry.event.payload["group"], entry.event.payload.get("rule", ""))
        if not is_known and not any(_is_named(name.lower(), said) for name in names if name):
            found.append(Unlooked(group=names[0], label=entry.label, is_named=names[0] in entry.text))
    return tuple(found)


def _attached(entries: Sequence[Entry]) -> list[Entry]:
    """Of each group that is attached at the end, the entry that attached it last."""
    last: dict[str, Entry] = {}
    for entry in entries:
        if entry.event.kind in _ATTACHMENTS and not entry.event.lost_details and entry.event.payload.get("group"):
            last[entry.event.payload["group"]] = entry
    return [
        entry
        for entry in last.values()
        # Only what Debrief attaches by itself says why.
        if entry.event.kind is EventKind.ALERT_GROUP_ATTACHED and entry.event.payload.get("because")
    ]


def _words(entries: Sequence[Entry]) -> list[str]:
    """What people put on record in words, earlier versions of a message among it."""
    kept = [entry for entry in entries if entry.event.kind in _WORDS]
    return [text for entry in kept for text in (entry.text, *(version.text for version in entry.versions))]


def _is_named(name: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) is not None
