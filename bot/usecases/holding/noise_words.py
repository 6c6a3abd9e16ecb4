"""What the words after `noise` ask for: apart from the table of verbs, because there are five of it."""

from collections.abc import Callable, Mapping
from typing import Any

from analysis.verb_words import days, first_word, named_policy, nothing
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.holding.approve import ApproveHold, approve_hold
from bot.usecases.holding.decline import DeclineHold, decline_hold
from bot.usecases.holding.stop import SwitchHolding, switch_holding

Asked = tuple[Callable[[Reads, Any], Changes], Any]


def noise_words(base: Mapping[str, Any], words: str) -> Asked | int:
    """The use case with its command, of which *base* are the common fields; or how many days to show."""
    does, rest = first_word(words)
    does = does.lower()
    if does in {"stop", "resume"}:
        nothing(rest, f"noise {does}")
        return switch_holding, SwitchHolding(**base, is_on=does == "stop")
    if does == "approve":
        number, more = named_policy(rest, does)
        nothing(more, "noise approve P-3")
        return approve_hold, ApproveHold(**base, policy=number)
    if does == "decline":
        number, reason = named_policy(rest, does)
        return decline_hold, DeclineHold(**base, policy=number, reason=reason)
    return days(words)
