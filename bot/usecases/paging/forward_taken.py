"""The pager has an alert of a route in line."""

from dataclasses import dataclass, replace

from analysis.alerts.in_line import ended_there
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
    # its end may have come from the pager before the answer to what began it
    if known is None or known.episode not in {command.episode, ended_there(command.episode)}:
        return Changes()
    return Changes(forwards=(replace(known, taken_at=reads.now),))
