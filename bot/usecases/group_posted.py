"""Remember which message in Slack is a group's, so that it is edited in place from now on."""

from dataclasses import dataclass
from uuid import UUID

from bot.ports.grouping import GroupChanges, Posted
from bot.ports.ledger import Reads
from bot.ports.records import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPosted:
    """The newest message about a group or a storm is `ts`."""

    group_id: UUID | None = None
    storm_id: UUID | None = None
    ts: str


def group_posted(_: Reads, command: GroupPosted) -> Changes:
    """Remember it."""
    return Changes(
        groups=GroupChanges(
            posted_group=Posted(id=command.group_id, ts=command.ts) if command.group_id else None,
            posted_storm=Posted(id=command.storm_id, ts=command.ts) if command.storm_id else None,
        )
    )
