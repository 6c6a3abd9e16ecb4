"""Record a deploy, a feature flag or another event that a system reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.alerts.alert_rows import HappeningKind
from analysis.alerts.environments import environment_called
from analysis.errors import InvalidInput, NotFound
from analysis.events import EventKind
from analysis.incident import WORKSPACE_LOG_NUMBER, Incident, Visibility
from analysis.masking import masked
from analysis.people import Action, require
from analysis.times import REACH
from bot.ports.grouping import GroupChanges, InputKind, NewInput
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import IncidentCommand, Wanted, card, record

CLOCK_SKEW = timedelta(minutes=5)
_EXPLAINS = {EventKind.DEPLOY: HappeningKind.DEPLOY, EventKind.FEATURE_FLAG: HappeningKind.FLAG}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange(IncidentCommand):
    """Something happened to `service`; `details` are kept as given. Without a number it goes to the workspace's log.

    With `is_outage`, `service` is a third party that says it is down.
    """

    kind: EventKind
    text: str
    occurred_at: datetime
    service: str
    details: dict[str, str]
    is_outage: bool = False


def record_change(reads: Reads, command: RecordChange) -> Changes:
    """Append the event to the incident it names, or to the workspace's log."""
    require(command.person, Action.RECORD)
    number = command.number or WORKSPACE_LOG_NUMBER
    incident = reads.incident_by_number(command.workspace_id, number)
    if incident is None or incident.visibility is Visibility.PRIVATE:
        # A source has no way to be let in, so a private incident is to it as one that is not there.
        message = f"There is no incident #{number}; send the event without `incident` to keep it all the same."
        raise NotFound(message)
    if command.occurred_at > reads.now + CLOCK_SKEW:
        message = "`at` lies in the future; check the sender's clock."
        raise InvalidInput(message)
    if number and command.occurred_at < incident.declared_at - REACH:
        message = "`at` is more than 24 hours before the incident's declaration; send it without `incident` to keep it."
        raise InvalidInput(message)
    wanted = Wanted(
        kind=command.kind,
        text=command.text,
        payload={
            "service": command.service,
            **command.details,
            **({"outage": "upstream"} if command.is_outage else {}),
        },
        occurred_at=command.occurred_at,
    )
    deliveries = [card(reads, incident)] if number and incident.status.is_active else []
    groups = _explanation(command)
    return record(reads, command, incident, [wanted], reply=_said(incident), deliveries=deliveries, groups=groups)


def _explanation(command: RecordChange) -> GroupChanges | None:
    """What grouping is told of a change: it may explain the alerts that follow."""
    kind = HappeningKind.UPSTREAM_OUTAGE if command.is_outage else _EXPLAINS.get(command.kind)
    if kind is None or not command.service:
        return None
    content = {
        "at": command.occurred_at.isoformat(),
        "kind": kind.value,
        "service": masked(command.service),
    }
    if environment := environment_called(command.details.get("environment", "")):
        content["environment"] = masked(environment)
    explanation = NewInput(
        workspace_id=command.workspace_id,
        kind=InputKind.HAPPENING,
        natural_key=f"happening:{command.natural_key}",
        content=content,
    )
    return GroupChanges(inputs=(explanation,))


def _said(incident: Incident) -> str:
    return f"Recorded on {incident.reference}." if incident.number else "Recorded in the workspace's log."
