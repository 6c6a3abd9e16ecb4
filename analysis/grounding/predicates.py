"""Whether a word is the verb of its clause, or what its verb tells, read from word order alone."""

from analysis.grounding.forms import ARTICLES, PASSIVE, UNCHANGED
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import IRREGULAR
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import NEUTRAL, PARTICLES

PREPOSITIONS = frozenset(
    [
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "into",
        "onto",
        "within",
        "during",
        "through",
        "via",
        "over",
        "under",
        "between",
        "as",
        "about",
        "against",
        "after",
        "before",
    ]
)
RELATIVES = frozenset({"which", "that", "who"})
STOPS = PREPOSITIONS | RELATIVES
STATES = frozenset(
    [
        "late",
        "empty",
        "full",
        "slow",
        "stuck",
        "offline",
        "online",
        "high",
        "low",
        "normal",
        "dead",
        "wrong",
        "fine",
        "stable",
        "unreachable",
        "inaccessible",
    ]
) | frozenset(["up", "down", "healthy", "unhealthy", "available", "unavailable", "ready", "operational", "back"])
_IRREGULAR = IRREGULAR.keys() | UNCHANGED
_SUFFIXES = ("able", "ible", "ive", "ous", "ful", "al", "y", "ed", "ant", "ent", "less")
#: Irregular forms that are nouns.
NOUNS = frozenset(["data", "people", "children", "indices", "indexes", "discovery", "recovery", "delivery"])
_ADVERBS = frozenset(["not", "also", "again", "still", "already", "now", "just", "yet", "never", "always"])
#: What leads to a noun, so that a participle behind it is no verb.
LEADING = ARTICLES | {"all", "some", "any", "no", "each", "every", "both", "several", "many", "most"}


def is_predicate(reading: Reading, item: Item) -> bool:
    """Whether the word is the verb, or the state after `was`, of its clause; not one before a noun."""
    is_phrase = item.token.text.partition(" ")[0] in PASSIVE
    return is_phrase or has_be(reading, item) or _is_active(reading, item)


def is_able(reading: Reading, item: Item) -> bool:
    """Whether the word is what somebody was able or unable to do (`were unable to sign in`, `could not sign in`)."""
    words = [one.token.text for one in reading.items[max(0, item.place - 3) : item.place]]
    return (words[-1:] == ["to"] and words[-2:-1] in (["unable"], ["able"])) or (
        [one for one in words if one not in _ADVERBS][-1:] == ["could"]
    )


def _is_active(reading: Reading, item: Item) -> bool:
    if not item.is_past or not item.place or item.token.text in NOUNS:
        return False
    if item.token.is_name:  # `Managed Rules`
        return False
    before = _without_adverbs(reading, item.place)
    return before is not None and before.is_word and (before.token.text not in STOPS | LEADING)


def has_be(reading: Reading, item: Item) -> bool:
    """Whether it is what a form of `to be` before it tells: a participle or a state."""
    before = _without_adverbs(reading, item.place)
    word = item.token.text
    is_form = word.endswith(("ed", "ing")) or word in _IRREGULAR or word in STATES or word.endswith(_SUFFIXES)
    after = reading.at(item.place + 1)
    is_form = is_form or (word.endswith("er") and (after is None or not after.is_content))
    is_attribute = (
        after is not None
        and after.is_content
        and not (after.token.text.endswith(("ly", "ing")) or is_adverb(after))
        and word not in _IRREGULAR
        and not word.endswith("ing")
    )
    return is_form and before is not None and before.token.text in PASSIVE and not is_attribute


def _without_adverbs(reading: Reading, place: int) -> Item | None:
    """The item before *place*, adverbs and `not` passed over."""
    is_particle = reading.items[place].token.text in PARTICLES
    for item in reversed(reading.items[max(0, place - 4) : place]):
        if is_particle and item.place == place - 1 and item.token.stem in NEUTRAL and item.is_past:
            continue  # `was turned down`
        if item.token.sort is Sort.WORD and (item.token.text.endswith("ly") or item.token.text in _ADVERBS):
            continue
        return item
    return None


def is_adverb(one: Item) -> bool:
    """A particle or a phrase that says how (`one after another`)."""
    return one.token.text in PARTICLES or " " in one.token.text
