"""What the words after `alerts G-42` ask for: all that the buttons of a group's message do beside its incident."""

from collections.abc import Callable, Mapping
from typing import Any

from analysis.errors import InvalidInput
from analysis.verb_words import first_word, named_group
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.groups.call_mattered import CallGroupMattered, CallNotMattered, call_group_mattered, call_not_mattered
from bot.usecases.groups.call_noise import CallNoise, CallNotNoise, call_noise, call_not_noise
from bot.usecases.groups.make_one import MakeOne, make_one
from bot.usecases.groups.split import PutBack, SplitNamed, put_back, split_named
from bot.usecases.groups.take_apart import TakeApart, take_apart

Asked = tuple[Callable[[Reads, Any], Changes], Any]

_ALONE: Mapping[str, tuple[Callable[[Reads, Any], Changes], Callable[..., Any]]] = {
    "mattered": (call_group_mattered, CallGroupMattered),
    "not mattered": (call_not_mattered, CallNotMattered),
    "not noise": (call_not_noise, CallNotNoise),
    "put back": (put_back, PutBack),
    "apart": (take_apart, TakeApart),
}


def group_words(base: Mapping[str, Any], group: int, words: str) -> Asked:
    """The use case with its command, of which *base* are the common fields.

    Raises
    ------
    InvalidInput
        If *words* say nothing that is known of a group.
    """
    does, rest = first_word(words)
    if does.lower() == "noise":
        span, reason = first_word(rest)
        return call_noise, CallNoise(**base, group=group, span=span.lower(), reason=reason)
    if does.lower() == "with" and rest:
        return make_one, MakeOne(**base, group=group, other=named_group(rest, f"alerts G-{group} with"))
    if does.lower() == "split" and rest:
        return split_named, SplitNamed(**base, group=group, series=rest)
    alone = _ALONE.get(" ".join(words.lower().split()))
    if alone is None:
        message = (
            f"Say of G-{group}: `alerts G-{group} mattered`, `not mattered`, `noise 1d why`, `not noise`, `split` with "
            "a name of the series that does not belong there, `put back`, `apart` of one that was folded into "
            "another, or `with` another group that it is one with. Nothing was recorded."
        )
        raise InvalidInput(message)
    return alone[0], alone[1](**base, group=group)
