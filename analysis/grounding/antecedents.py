"""What a pronoun, a noun alone or `the old one` of an entry may stand for: something that was named before it."""

from collections.abc import Sequence

from analysis.grounding.evidence import Source
from analysis.grounding.forms import is_plural
from analysis.grounding.predicates import RELATIVES
from analysis.grounding.reading import Item, Reading
from analysis.grounding.uses import PRONOUNS
from analysis.grounding.vocabulary import NEUTRAL

_POINTING = frozenset(["this", "these"])
_ONE = frozenset(["it", "this", "he", "she"])


def is_named_again(one: Item, meant: Sequence[Item], reading: Reading) -> bool:
    """Whether a noun alone is what was named in full before it (`removed node ip-10-2-3-4, node kept`)."""
    before, after = reading.at(one.place - 1), reading.at(one.place + 1)
    is_alone = not any(other is not None and other.token.is_name for other in (before, after))
    names = (reading.at(other.place - 1) for other in meant if other.token.is_name and other.place < one.place)
    return is_alone and any(noun is not None and noun.token.stem == one.token.stem for noun in names)


def may_mean(pronoun: Item, one: Item) -> bool:
    """Whether a pronoun may stand for *one*, which is named before it: `which` in its own sentence."""
    if one.place > pronoun.place or (pronoun.token.text in _ONE and _is_plural(one)):
        return False
    return pronoun.segment - (pronoun.token.text not in RELATIVES) <= one.segment


def _is_plural(one: Item) -> bool:
    return is_plural(one.token.text) and not one.token.text.endswith(("us", "is"))


def is_pronoun(one: Item, source: Source) -> bool:
    """`this` that stands for a noun, not one before its noun (`this incident`)."""
    after = source.reading.at(one.place + 1)
    is_noun = after is not None and (after.is_content or after.token.stem in NEUTRAL)
    return one.token.text in PRONOUNS and not (is_noun and one.token.text in _POINTING)
