"""What a replay had to add to a record from elsewhere, so that nobody takes it for the record's own word.

A replay opens an incident at the record's first instant and closes it at its last, because only what was declared and
resolved has a draft. The record need not state a severity either; the incident then has the default one.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Severity

_ADDED_BY = "added_by"
_REPLAY = "replay"
_STATES_SEVERITY = "states_severity"

#: What marks an event as added, in its payload.
ADDED: Mapping[str, Any] = MappingProxyType({_ADDED_BY: _REPLAY})


def added_opening(*, states_severity: bool) -> Mapping[str, Any]:
    """The mark of an opening, with whether its severity is the record's own."""
    return MappingProxyType({**ADDED, _STATES_SEVERITY: states_severity})


def is_added(event: TimelineEvent) -> bool:
    """Whether a replay added this event, rather than anybody or the record stating it."""
    return event.payload.get(_ADDED_BY) == _REPLAY


def stated_severity(event: TimelineEvent) -> Severity | None:
    """The severity that this event states; `None` for other kinds, and where a replay only assumed it."""
    if event.lost_details:
        return None
    if event.kind is EventKind.SEVERITY_CHANGED:
        return Severity(event.payload["to"])
    if event.kind is EventKind.DECLARED and event.payload.get(_STATES_SEVERITY, True):
        return Severity(event.payload["severity"])
    return None
