"""The deploys, feature flags and other events of the workspace's log from around the start of an incident."""

from dataclasses import dataclass

from analysis.changes import CHANGE_KINDS, Window, change_key, window
from analysis.events import TimelineEvent
from analysis.incident import WORKSPACE_LOG_NUMBER, Incident
from analysis.milestones import PHASE_KINDS
from bot.ports.ledger import Reads

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The newest changes in the window, in their order; `taken` are those that the incident's record has."""

    window: Window
    changes: tuple[TimelineEvent, ...]
    taken: frozenset[int]
    has_more: bool


def changes_around(reads: Reads, incident: Incident, hours: int) -> Around:
    """What the log has from around the start of *incident*."""
    around = window(reads.events_of_kind(incident.id, PHASE_KINDS), incident.declared_at, hours)
    log = reads.incident_by_number(incident.workspace_id, WORKSPACE_LOG_NUMBER)
    found = (
        reads.events_between(log.id, CHANGE_KINDS, since=around.since, until=around.until, newest=MOST + 1)
        if log
        else ()
    )
    shown = found[-MOST:]
    known = reads.has_which(incident.id, [change_key(event) for event in shown])
    taken = frozenset(event.seq for event in shown if change_key(event) in known)
    return Around(window=around, changes=shown, taken=taken, has_more=len(found) > len(shown))
