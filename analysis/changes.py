"""What systems report by webhook, and which of it may have to do with an incident."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.errors import InvalidInput
from analysis.events import EventKind, TimelineEvent
from analysis.milestones import Milestone, phases

CHANGE_KINDS = frozenset({EventKind.DEPLOY, EventKind.FEATURE_FLAG, EventKind.EXTERNAL})
#: How many hours before the start of an incident are looked at where nobody says, and at most.
HOURS = 6
MOST_HOURS = 72
#: What set an incident off may be reported late, and what was done about it is a change, too.
AFTER = timedelta(hours=2)

_TAKEN = "change:"
_STARTS = (Milestone.OCCURRENCE, Milestone.DETECTION)
_HOURS = re.compile(r"([0-9]{1,3})\s*h(?:ours?)?", re.IGNORECASE)
_CHANGE = re.compile(r"C-([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when until when changes are looked for."""

    since: datetime
    until: datetime


def window(events: Iterable[TimelineEvent], declared_at: datetime, hours: int) -> Window:
    """From *hours* before the incident's start until a little after its declaration.

    The start is what the record says first: of *events*, those that phases are made of, occurrence or detection.
    """
    set_at = [phase.at(milestone) for phase in phases(events)[:1] for milestone in _STARTS]
    start = min([declared_at, *(at for at in set_at if at)])
    return Window(since=start - timedelta(hours=hours), until=declared_at + AFTER)


def reference(event: TimelineEvent) -> str:
    """How people call a change of the workspace's log: its place there, which never moves."""
    return f"C-{event.seq}"


def change_key(event: TimelineEvent) -> str:
    """The natural key of a change of the log in the record of an incident: taken twice, it is one fact."""
    return f"{_TAKEN}{event.natural_key}"


def logged_key(event: TimelineEvent) -> str | None:
    """The natural key in the log of a change that an incident's record took in; `None` for every other event."""
    is_taken = event.kind in CHANGE_KINDS and event.natural_key.startswith(_TAKEN)
    return event.natural_key.removeprefix(_TAKEN) if is_taken else None


def hours_said(words: str) -> int:
    """How far back `12h` looks.

    Raises
    ------
    InvalidInput
        If it is no number of hours, or too many.
    """
    found = _HOURS.fullmatch(words.strip()) if words.strip() else None
    hours = int(found[1]) if found else 0 if words.strip() else HOURS
    if not 1 <= hours <= MOST_HOURS:
        message = f"Say how many hours before the start, 1 to {MOST_HOURS}: `changes 12h`."
        raise InvalidInput(message)
    return hours


def change_named(words: str) -> int | None:
    """The place in the log of what `C-7` names; `None` where the words name no change."""
    found = _CHANGE.fullmatch(words.strip())
    return int(found[1]) if found else None
