"""The drafts that wait for one person: nobody has signed them, they can be signed, and this person may."""

from collections.abc import Iterable

from analysis.approval import SEVERITY_KEYS, check_approver, worst_severity
from analysis.errors import Refused
from analysis.incident import Incident, Severity, Status
from analysis.people import Person
from bot.ports.ledger import Reads
from bot.usecases.approving import current_revision, standing_approval, why_unsignable
from bot.usecases.news import has_news


def waiting_for(
    reads: Reads, person: Person, incidents: Iterable[Incident], floor: frozenset[Severity]
) -> list[Incident]:
    """Those of *incidents* whose draft *person* may sign now; *floor* are the severities that need four eyes."""
    return [one for one in incidents if one.status is Status.IN_REVIEW and _waits(reads, person, one, floor)]


def _waits(reads: Reads, person: Person, incident: Incident, floor: frozenset[Severity]) -> bool:
    revision = current_revision(reads, incident)
    if revision is None or standing_approval(reads, revision):
        return False
    severity = worst_severity(reads.events_of_kind(incident.id, SEVERITY_KEYS.keys()), incident)
    try:
        check_approver(person, incident, revision.authors, floor, severity=severity)
    except Refused:
        return False
    return not why_unsignable(reads, revision) and not has_news(reads, incident, revision.ledger_seq)
