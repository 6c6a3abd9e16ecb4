"""What left for other systems while everybody could read it: nothing that is done here takes it back."""

from collections.abc import Iterator

from analysis.incident import Incident
from analysis.paging import PageStatus
from analysis.wording import joined
from bot.ports.ledger import Reads
from bot.usecases.postmortem.publishing import published_elsewhere

_TAKEN = frozenset({PageStatus.SENT, PageStatus.ACKNOWLEDGED, PageStatus.RESOLVED})


def out_of_reach(reads: Reads, incident: Incident) -> Iterator[str]:
    """What of *incident* is known elsewhere, a sentence each, for whoever makes it private."""
    yield from published_elsewhere(reads, reads.revision_heads(incident.id))
    pages = [page for page in reads.pages.of_incident(incident.id) if page.status in _TAKEN]
    if pages:
        named = f"{'page' if len(pages) == 1 else 'pages'} {joined([str(page.number) for page in pages])}"
        yield f"Its title, and what was typed, went to a pager with {named}: it stays there."
