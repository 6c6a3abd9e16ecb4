"""`changes`: what was deployed, switched or reported around an incident's start, with buttons to take it in."""

from analysis.changes import HOURS, reference
from analysis.events import TimelineEvent
from analysis.evidence import evidence_link
from analysis.incident import Incident
from analysis.people import Action
from analysis.telling import ERASED
from analysis.wording import counted
from bot.slack.blocks import ids
from bot.slack.blocks.elements import Block, button, linked, plain, section, when
from bot.slack.blocks.numbered_rows import of_incident, value_of
from bot.slack.blocks.sentences import because, fact
from bot.slack.context import SlackContext
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.timeline.changes_around import MOST, Around, changes_around
from bot.usecases.verbs import Asker, Query

WORDS_LETTERS = 400


def changes_shown(context: SlackContext, asker: Asker, query: Query) -> tuple[str, list[Block]]:
    """What `changes` shows: a sentence, and below it a row for each."""
    with context.snapshots.snapshot() as reads:
        command = IncidentCommand(**{**asker.on_incident(), "number": query.number or asker.number})
        incident = find(reads, command, Action.VIEW)
        around = changes_around(reads, incident, query.hours or HOURS)
    said = _said(incident, around)
    return said, [section(said), *(_row(context, incident, around, event) for event in around.changes)]


def _said(incident: Incident, around: Around) -> str:
    span = f"from {when(around.window.since)} until {when(around.window.until)}"
    if not around.changes:
        return f"No deploy, feature flag or event is known around the start of {incident.reference}, {span}."
    how_many = f"The newest {MOST}" if around.has_more else counted(len(around.changes), "change")
    return f"*{how_many}* around the start of {incident.reference}, {span}. `attach C-7` takes one into its timeline."


def _row(context: SlackContext, incident: Incident, around: Around, event: TimelineEvent) -> Block:
    names = context.directory.name
    if event.erased & {"text", "payload"}:
        words = ERASED
    else:
        words = f"{plain(f'{fact(event, names)}{because(event)}', WORDS_LETTERS)}{linked(evidence_link(event))}"
    text = f"`{reference(event)}` {when(event.occurred_at)} {plain(names(event.actor), 60)}: {words}"
    if event.seq in around.taken:
        return section(f"{text} (on the timeline)")
    if event.erased:
        return section(text)
    take = button("Attach", f"{ids.ATTACH_CHANGE}:{value_of(event.seq, event.id)}", of_incident(incident))
    return section(text, accessory=take)
