"""What an entry tells of those with something is not told of them at large: `requests with a coupon failed`.

`universals` holds this of what is told of all; here no word stands for all, and the sentence just leaves it out.
"""

from collections.abc import Iterator, Sequence

from analysis.grounding.bearing import Places
from analysis.grounding.calendars import is_calendar
from analysis.grounding.evidence import Source
from analysis.grounding.forms import is_plural
from analysis.grounding.heads import told_of
from analysis.grounding.predicates import PREPOSITIONS, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.synonyms import complements
from analysis.grounding.universals import limit_behind
from analysis.grounding.uses import use_of
from analysis.grounding.vocabulary import QUANTIFIER_OF

#: What tells which ones are meant wherever the noun stands; the rest only behind a bare subject (`alerts on hosts`).
_STRICT = frozenset(["with", "without", "from", "outside", "who", "that", "which", "whose"])
_BEYOND = frozenset(["over", "above", "below", "under", "than"])
_NEAR = 3
_REACH = 7
_FAR = 60


def dropped_limits(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """`Requests failed` of an entry that tells it only of requests with a coupon."""
    said = {key for item in sentence.content for key in (*item.token.keys, *complements(item.token.stem))}
    said |= {item.token.text for item in sentence.items if not item.is_content}
    for verb in sentence.content:
        if not is_predicate(sentence, verb):
            continue
        places = borne[verb.place]
        if places and all(_is_only_of(other, source, said) for source, other in places):
            detail = f"the entry tells “{verb.token.text}” only of what it names behind “only”"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)
        use = use_of(sentence, verb)
        thing = told_of(use, sentence)
        if thing is None or not is_plural(thing.token.text) or _is_some(thing, sentence):
            continue
        is_bare = use.is_passive is not False and sentence.is_first(thing)
        found = [(source, one) for source, other in places for one in _beside(thing, source, other)]
        if found and all(_is_dropped(one, source, sentence, said, is_bare=is_bare) for source, one in found):
            detail = f"the entry limits which “{thing.token.text}” it tells this of"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)


def _beside(thing: Item, source: Source, verb: Item) -> Iterator[Item]:
    return (one for one in source.matching(thing) if one.segment == verb.segment)


def _is_some(thing: Item, sentence: Reading) -> bool:
    """Whether an amount before a noun says how many."""
    near = sentence.items[max(0, thing.place - _NEAR) : thing.place]
    return any(one.is_measured or one.token.text in QUANTIFIER_OF for one in near)


def _is_dropped(one: Item, source: Source, sentence: Reading, said: set[str], *, is_bare: bool) -> bool:
    """Whether a noun is limited behind it in the entry, and the sentence has nothing of that."""
    reading = source.reading
    cue = reading.at(one.place + 1)
    if cue is None or cue.token.text == "of":
        return False
    if any(amount.start - cue.place in {1, 2} for amount in reading.measures) and _is_beyond(cue, reading):
        return not sentence.measures
    if not (is_bare or cue.token.text in _STRICT):
        return False
    return _is_missing(limit_behind(one, one, reading), reading, said)


def _is_beyond(cue: Item, reading: Reading) -> bool:
    """`over 20 kg` and `older than 80`."""
    return cue.token.text in _BEYOND or reading.text_at(cue.place + 1) == "than"


def _is_missing(words: Sequence[Item], reading: Reading, said: set[str]) -> bool:
    telling = [word for word in words if not is_calendar(reading, word)]
    return bool(telling) and not any(word.token.keys & said or word.token.text in said for word in telling)


def _is_only_of(verb: Item, source: Source, said: set[str]) -> bool:
    """Whether the clause of a verb has `only for` those of whom the sentence says nothing."""
    reading = source.reading
    for cue in reading.items[max(0, verb.place - _FAR) : verb.place + _FAR]:
        if cue.clause != verb.clause:
            continue
        if cue.token.text != "only" or reading.text_at(cue.place + 1) not in PREPOSITIONS:
            continue
        behind = reading.items[cue.place + 1 : cue.place + 1 + _REACH]
        rest = [one for one in behind if one.clause == verb.clause]
        if _is_missing([one for one in rest if one.is_content], reading, said):
            return True
    return False
