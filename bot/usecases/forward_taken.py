"""The pager has an alert of a route in line."""

from dataclasses import dataclass, replace

from bot.ports.ledger import Reads
from bot.ports.records import Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardTaken:
    """What it was told under `key` of this `episode` has arrived."""

    key: str
    episode: str


def forward_taken(reads: Reads, command: ForwardTaken) -> Changes:
    """Remember since when, unless it is to be told something newer by now."""
    known = reads.pages.forward_by_key(command.key)
    if known is None or known.episode != command.episode:
        return Changes()
    return Changes(forwards=(replace(known, taken_at=reads.now),))
