"""Groups that were folded into one that was itself folded into another: why they are where they are."""

from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads

_BEFORE = "it was one with "


def still_because(folded: AlertGroup, parent: AlertGroup) -> str:
    """Why a group that was *folded* into *parent* is where that goes: what was said of it, and of which group."""
    why = folded.digest.why
    return why if why.startswith(_BEFORE) else f"{_said_of(parent)}{why}"


def folded_before(reads: Reads, parent: AlertGroup) -> list[AlertGroup]:
    """The groups that had been folded into *parent* before that was folded into another one."""
    family = reads.groups.several(reads.groups.merged_into((parent.merged_into,) if parent.merged_into else ()))
    found = sorted(family.values(), key=lambda one: one.number)
    return [one for one in found if one.digest.why.startswith(_said_of(parent))]


def _said_of(parent: AlertGroup) -> str:
    return f"{_BEFORE}{parent.reference} before: "
