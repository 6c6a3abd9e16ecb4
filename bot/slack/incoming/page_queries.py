"""`page` alone: who was paged for an incident, and what became of it."""

from analysis.page_sentences import target_words
from analysis.people import Action
from analysis.wording import counted
from bot.ports.paging import Page
from bot.slack.blocks.elements import plain, when
from bot.slack.context import SlackContext
from bot.usecases.asking import IncidentCommand, find

NAME_LETTERS = 120


def pages_text(context: SlackContext, command: IncidentCommand) -> str:
    """The pages of the incident that *command* names, for whom they may be shown."""
    with context.snapshots.snapshot() as reads:
        incident = find(reads, command, Action.VIEW)
        pages = reads.pages.of_incident(incident.id)
    if not pages:
        return f"Nobody was paged for {incident.reference}. `page SERVICE` pages whoever is on call for it."
    lines = [_line(page, context) for page in pages]
    return "\n".join([f"*{counted(len(pages), 'page')} of {incident.reference}*", *lines])


def _line(page: Page, context: SlackContext) -> str:
    target = target_words({"kind": page.kind, "target": page.name}, context.directory.name)
    return f"{page.number}: {plain(target, NAME_LETTERS)}, asked for {when(page.asked_at)}, {page.status}"
