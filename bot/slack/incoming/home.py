"""App Home: my open incidents, and drafts that wait for me."""

from typing import Any

from analysis.incident import FOUR_EYES_SEVERITIES, Status
from analysis.people import Action, can_see, may
from bot.slack.blocks import ids
from bot.slack.blocks.cards import listing
from bot.slack.blocks.elements import Block, actions, button, header, paragraphs, plain, section
from bot.slack.context import SlackContext
from bot.usecases.postmortem.waiting_drafts import Waiting, waiting_for

LISTED = 200


def home_view(context: SlackContext, slack_id: str) -> dict[str, Any]:
    """What one person sees in App Home; only incidents they may see."""
    person = context.directory.person(slack_id)
    if person is None or not may(person, Action.VIEW):
        return {"type": "home", "blocks": [section("Debrief is for members of this workspace.")]}
    with context.snapshots.snapshot() as reads:
        incidents = reads.incidents(context.workspace_id, limit=LISTED)
        reviewed = reads.incidents(context.workspace_id, statuses={Status.IN_REVIEW}, limit=LISTED)
        floor = context.settings.four_eyes_severities | FOUR_EYES_SEVERITIES
        logins = context.settings.logins
        waiting = waiting_for(reads, person, reviewed, floor, context.signing, logins=logins)
    active = [incident for incident in incidents if can_see(person, incident)]
    mine = [incident for incident in active if person.id in incident.roles.values()]
    blocks: list[Block] = [
        header("Your open incidents"),
        *paragraphs(listing(mine, context.directory.name)),
        header("All open incidents"),
        *paragraphs(listing(active, context.directory.name)),
        header("Drafts that wait for your approval"),
        *paragraphs(listing([one.incident for one in waiting if not one.again], context.directory.name)),
        *paragraphs([_again(one) for one in waiting if one.again]),
        actions(button("Declare incident", f"{ids.OPEN_FORM}:declare", "", style="danger")),
    ]
    return {"type": "home", "blocks": blocks}


def _again(waiting: Waiting) -> str:
    """What to do about a draft that nobody can sign any more; not counted among those that wait for a signature."""
    incident = waiting.incident
    ask = f"`/incident {incident.reference} draft`"
    return f"{incident.reference} {plain(incident.shown_title, 120)}: draft it again by {ask}, because {waiting.again}."
