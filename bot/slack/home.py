"""App Home: my open incidents, and drafts that wait."""

from typing import Any

from analysis.incident import Status
from analysis.people import can_see
from bot.slack import ids
from bot.slack.cards import listing
from bot.slack.context import SlackContext
from bot.slack.elements import Block, actions, button, header, section

LISTED = 50


def home_view(context: SlackContext, slack_id: str) -> dict[str, Any]:
    """What one person sees in App Home; only incidents they may see."""
    person = context.directory.person(slack_id)
    if person is None or person.is_outsider:
        return {"type": "home", "blocks": [section("Debrief is for members of this workspace.")]}
    with context.snapshots.snapshot() as reads:
        incidents = reads.incidents(context.workspace_id, only_active=False, limit=LISTED)
    visible = [incident for incident in incidents if can_see(person, incident)]
    active = [incident for incident in visible if incident.status.is_active]
    mine = [incident for incident in active if person.id in incident.roles.values()]
    waiting = [incident for incident in visible if incident.status is Status.IN_REVIEW]
    blocks: list[Block] = [
        header("Your open incidents"),
        section(listing(mine, context.directory.name)),
        header("All open incidents"),
        section(listing(active, context.directory.name)),
        header("Drafts that wait for approval"),
        section(listing(waiting, context.directory.name) if waiting else "None."),
        actions(button("Declare incident", f"{ids.OPEN_FORM}:declare", "", style="danger")),
    ]
    return {"type": "home", "blocks": blocks}
