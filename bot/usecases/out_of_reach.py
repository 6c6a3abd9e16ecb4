"""What left for other systems while everybody could read it: nothing that is done here takes it back."""

from collections.abc import Iterator

from analysis.incident import Incident
from analysis.paging import PageStatus
from analysis.wording import joined
from bot.ports.ledger import Reads
from bot.ports.records import Publication, PublicationState, Revision
from bot.usecases.approving import OFFER
from bot.usecases.publishing import CHANNEL

_TAKEN = frozenset({PageStatus.SENT, PageStatus.ACKNOWLEDGED, PageStatus.RESOLVED})


def out_of_reach(reads: Reads, incident: Incident) -> Iterator[str]:
    """What of *incident* is known elsewhere, a sentence each, for whoever makes it private."""
    for draft in reads.revisions(incident.id):
        yield from (published_to(draft, one) for one in reads.publications(draft.id) if is_published_outside(one))
    pages = [page for page in reads.pages.of_incident(incident.id) if page.status in _TAKEN]
    if pages:
        named = f"{'page' if len(pages) == 1 else 'pages'} {joined([str(page.number) for page in pages])}"
        yield f"Its title, and what was typed, went to a pager with {named}: it stays there."


def is_published_outside(publication: Publication) -> bool:
    """Whether the document is in another system than Slack."""
    return publication.target not in {OFFER, CHANNEL} and publication.state is PublicationState.PUBLISHED


def published_to(draft: Revision, publication: Publication) -> str:
    """Where *draft* is, and that nobody but a person takes it away."""
    return (
        f"Draft {draft.number} is published to {publication.target} ({publication.where}): there it stays, with its "
        "history, until somebody removes it by hand."
    )
