"""What a button says beside the number of its incident.

Once the database was brought back from a copy, numbers are given again: an older message of #12 may stand in a channel
that is nobody's by now, and must do nothing to another #12.
"""

from dataclasses import dataclass
from uuid import UUID

from analysis.errors import NotFound
from analysis.incident import Incident
from bot.ports.ledger import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Which incident a button in `channel` means, and the `entry` of its record that it is about, if it is about one.

    Buttons of older versions have a number alone; they are in the channel of the incident that had it then. A form is
    in none, and is not open for long.
    """

    channel: str = ""
    incident_id: UUID | None = None
    entry: UUID | None = None


def check_pressed(reads: Reads, pressed: Pressed, number: int, found: Incident | None) -> None:
    """Refuse what a button says of *number* if it means another one than that which was *found*.

    Raises
    ------
    analysis.errors.NotFound
        In the same words whether or not there is one that its presser may not know of.
    """
    if pressed.incident_id is None:
        _check_channel(reads, pressed.channel, number)
    elif found is None or found.id != pressed.incident_id:
        raise gone(f"#{number}", "list")
    elif pressed.entry and not reads.events_by_id(found.id, {pressed.entry}):
        raise gone(f"page of #{number}", "page")


def _check_channel(reads: Reads, channel: str, number: int) -> None:
    here = reads.incident_by_channel(channel) if channel else None
    if channel and (here is None or here.number != number):
        message = (
            f"This button says #{number}, which is not the incident of this channel, so nothing was done. "
            f"If you mean that one, type it: `/incident #{number} status` shows it."
        )
        raise NotFound(message)


def gone(name: str, listing: str) -> NotFound:
    """What is said of a message about *name*; `/incident` with *listing* shows what there is."""
    message = (
        f"This message is about a {name} that is not on record any more, because the database was brought back from "
        f"a copy. `/incident {listing}` lists those of now."
    )
    return NotFound(message)
