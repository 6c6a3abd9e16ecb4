"""The drafts that wait for one person: nobody has signed them, and this person may, if they can be signed still."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.approval import SEVERITY_KEYS, check_approver, people_behind, worst_severity
from analysis.document_tree import is_marked, is_readable
from analysis.errors import Refused
from analysis.incident import Incident, Severity
from analysis.people import Person
from bot.ports.ledger import Reads
from bot.ports.records import Revision
from bot.usecases.postmortem.approving import current_revision, erased_since, standing_approval
from bot.usecases.postmortem.drafting import made_under_terms
from bot.usecases.postmortem.news import has_news
from bot.usecases.postmortem.signing import Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An incident whose draft waits; `again` says why another draft must be made first, and is empty where none is."""

    incident: Incident
    again: str = ""


def waiting_for(
    reads: Reads,
    person: Person,
    incidents: Iterable[Incident],
    floor: frozenset[Severity],
    signing: Signing,
    *,
    logins: Mapping[str, str],
) -> list[Waiting]:
    """Those of *incidents*, all in review, whose draft *person* may sign; *floor* and *logins* are of `approve`."""
    drafts = [(one, current_revision(reads, one)) for one in incidents]
    return [
        Waiting(incident=one, again=why_again(reads, one, draft, signing))
        for one, draft in drafts
        if draft and _may_sign(reads, person, one, draft, floor, logins)
    ]


def _may_sign(
    reads: Reads,
    person: Person,
    incident: Incident,
    draft: Revision,
    floor: frozenset[Severity],
    logins: Mapping[str, str],
) -> bool:
    if standing_approval(reads, draft):
        return False
    severity = worst_severity(reads.events_of_kind(incident.id, SEVERITY_KEYS.keys()), incident)
    try:
        check_approver(person, incident, people_behind(draft.authors, logins), floor, severity=severity)
    except Refused:
        return False
    return True


def why_again(reads: Reads, incident: Incident, draft: Revision, signing: Signing) -> str:
    """Why nobody can sign *draft* as it is, as a clause."""
    if draft.is_erased or erased_since(reads, draft):
        return "something that it shows was erased"
    if not is_readable(draft.document) or not made_under_terms(reads, incident, draft, signing):
        return "the templates, audience or targets changed since it was made"
    if is_marked(draft.document):
        return "it has statements at odds with the entries that they cite"
    return "the record changed since it was made" if has_news(reads, incident, draft.ledger_seq) else ""
