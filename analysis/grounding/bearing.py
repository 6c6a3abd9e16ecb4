"""Where the cited entries bear a word of a sentence out: denied where it denies, done where it tells it as done.

The other checks ask this of every word for itself, and each against all that is cited. Here one place of an entry has
to answer all of them, so that a thing is not affirmed where the entry denies it because it stands elsewhere, too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.reserves import Reserves
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import SPEECH, TENTATIVE
from analysis.grounding.words import is_fact, is_modifier, tells

_NEAR = 12
_AIMING = frozenset(stem(word) for word in ("expect", "plan", "intend", "hope", "want", "aim", "work", "investigate"))
_Segment = tuple[str, int]
Places = Mapping[int, tuple[tuple[Source, Item], ...]]


def bearing(sentence: Reading, evidence: Evidence, reserves: Reserves) -> Places:
    """Of each word with content that cited entries have, by its place, where they bear it out."""
    found = {}
    for item in sentence.content:
        heard = tuple(evidence.matching(item))
        alike = tuple(pair for pair in heard if _is_denied_alike(item, pair[1])) or heard
        kept = (pair for pair in alike if not any(reserves.unkept(item, (pair,))))
        found[item.place] = tuple(
            (source, one)
            for source, one in kept
            if not _is_only_supposed(item, one, sentence)
            and not (_is_fact(item, sentence) and (_is_aim(one, source.reading) or is_modifier(one, source.reading)))
        )
    return found


def unborne(sentence: Reading, evidence: Evidence, borne: Places) -> Iterator[Failure]:
    """The words that entries have with one reserve here and another there, and the sentence with none."""
    for item in sentence.content:
        if not borne[item.place] and any(evidence.matching(item)):
            detail = f"no cited entry tells “{item.token.text}” without a reserve"
            yield Failure(code=FailureCode.CERTAINTY, detail=detail)


def _is_denied_alike(item: Item, one: Item) -> bool:
    return one.is_negated == item.is_negated or one.is_either or item.is_either


def _is_fact(item: Item, sentence: Reading) -> bool:
    return not item.is_tentative and is_fact(sentence, item)


def _is_aim(one: Item, reading: Reading) -> bool:
    """Whether an entry has it only as what was hoped for or worked at, however far before (`expect users … to see`)."""
    if reading.text_at(one.place - 1) != "to" or one.is_past:
        return False
    before = reading.items[max(0, one.place - _NEAR) : one.place - 1]
    aims = (
        item for item in before if item.token.stem in _AIMING and item.token.text != "work"
    )  # `all work to suspend`
    return any(item.segment == one.segment for item in aims)


def _is_only_supposed(item: Item, one: Item, sentence: Reading) -> bool:
    """Whether an entry has as planned or tried what the sentence tells as done."""
    is_denied = item.is_negated and not one.is_negated
    return (
        _is_fact(item, sentence)
        and one.is_tentative
        and not is_denied
        and not tells(sentence, item, TENTATIVE | SPEECH)
    )


def denied_there(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What a clause affirms where most of its other words stand beside a denial of it, or the other way round."""
    for _, members in groupby(sentence.content, key=lambda item: item.clause):
        heard = {item: [_at(source, one) for source, one in evidence.matching(item)] for item in members}
        segments = {item: {segment for segment, _ in places} for item, places in heard.items()}
        for item, places in heard.items():
            alike = [_is_denied_alike(item, one) for _, one in places]
            others = _others(item, segments)
            beside = [one for where, one in places if where in others]
            same = [one for _, one in places if one.token.text == item.token.text]
            is_other = any(group and not any(_is_denied_alike(item, one) for one in group) for group in (beside, same))
            if any(alike) and is_other:
                denied, other = ("denies", "affirms") if item.is_negated else ("affirms", "denies")
                detail = f"the sentence {denied} “{item.token.text}”, the entry {other} it of the same"
                yield Failure(code=FailureCode.POLARITY, detail=detail)


def _at(source: Source, one: Item) -> tuple[_Segment, Item]:
    return (source.label, one.segment), one


def _others(item: Item, segments: Mapping[Item, set[_Segment]]) -> set[_Segment]:
    """The sentences with the most of the other words of the clause; none where only some have *item*, too."""
    counts = Counter(one for other, places in segments.items() if other is not item for one in places)
    highest = max(counts.values(), default=0)
    most = {one for one, count in counts.items() if count == highest}
    return most if most <= segments[item] else set()
