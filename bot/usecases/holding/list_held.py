"""List what was held back and not told, in one message for each period."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from bot.ports.holding import HoldChanges, HoldDigest
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.usecases.groups.messages import POSTS_LANE

#: More than this in a period is listed in the next message, which follows at once.
MOST_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHeld:
    """At most once a `period`, which the oldest entry waits for."""

    workspace_id: UUID
    period: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPosted:
    """The message of a digest is `ts`."""

    digest_id: UUID
    ts: str


def list_held(reads: Reads, command: ListHeld) -> Changes:
    """Give what ended untold to a new digest, once the oldest of it has waited for a period."""
    unlisted = reads.holds.unlisted(command.workspace_id, MOST_LISTED)
    if not unlisted or reads.now - (unlisted[0].ended_at or reads.now) < command.period:
        return Changes()
    digest = HoldDigest(id=reads.new_id(), workspace_id=command.workspace_id, at=reads.now)
    message = NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.HOLD_DIGEST,
        lane=POSTS_LANE,
        arguments={"digest": str(digest.id)},
        is_post=True,
    )
    listed = tuple(one.seq for one in unlisted)
    return Changes(holds=HoldChanges(digest=digest, listed=listed), deliveries=(message,))


def digest_posted(reads: Reads, command: DigestPosted) -> Changes:
    """Remember which message lists them."""
    digest = reads.holds.digest(command.digest_id)
    return Changes(holds=HoldChanges(digest=replace(digest, ts=command.ts))) if digest else Changes()
