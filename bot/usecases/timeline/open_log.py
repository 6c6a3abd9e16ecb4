"""Open the workspace's own log, which takes events that name no incident."""

from dataclasses import replace

from analysis.events import EventKind
from analysis.fold import begin
from analysis.incident import WORKSPACE_LOG_NUMBER, Severity, Status, Visibility
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command, Wanted, state


def open_log(reads: Reads, command: Command) -> Changes:
    """Open it once; later calls write nothing."""
    if reads.incident_by_number(command.workspace_id, WORKSPACE_LOG_NUMBER):
        return Changes()
    opened = Wanted(
        kind=EventKind.DECLARED,
        text="Workspace log",
        payload={"severity": Severity.SEV5, "visibility": Visibility.PUBLIC, "phase": 1},
    )
    event = state(reads, command, opened)
    log = begin(event, incident_id=reads.new_id(), workspace_id=command.workspace_id, number=WORKSPACE_LOG_NUMBER)
    return Changes(incident=replace(log, status=Status.CLOSED), is_new_incident=True, events=(event,))
