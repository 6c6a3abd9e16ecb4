"""Words of amount and completeness, quotations, and what an entry's tier can prove."""

import re
from collections.abc import Iterator, Mapping
from itertools import dropwhile, pairwise, takewhile

from analysis.grounding.evidence import Evidence, Source, source
from analysis.grounding.forms import BE, POSSESSIVES
from analysis.grounding.measures import Measure
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode, Ground, Tier
from analysis.grounding.stems import stem
from analysis.grounding.tokens import clean
from analysis.grounding.vocabulary import HEDGES, NEARLY, NEUTRAL, QUANTIFIER_OF, SPEECH

_FREE = frozenset(
    ["some", "any", "just", "no", "none", "nobody", "nothing", "anyone", "anybody", "anything", "certain"]
)
#: What limits a denial to what has not been told of (`no other models`).
_RESTS = frozenset(["other", "further", "more", "else", "additional"])
_FIRST, _LAST = QUANTIFIER_OF["first"], QUANTIFIER_OF["last"]
_MANY, _BOTH = QUANTIFIER_OF["many"], QUANTIFIER_OF["both"]
_ALL, _MOST, _HALF = QUANTIFIER_OF["all"], QUANTIFIER_OF["most"], QUANTIFIER_OF["half"]
_QUOTE = re.compile(r"[“\"]([^”\"]{1,2000})[”\"]")
_NEAR = 6
_LEADING = POSSESSIVES | {"of", "the", "these", "those"}


def wrong_quantifiers(sentence: Reading, evidence: Evidence, record: Mapping[str, Ground]) -> Iterator[Failure]:
    """Words such as `all`, `only`, `never` and `first` that no cited entry says of the same thing."""
    for item in sentence.items:
        word = item.token.text
        group = QUANTIFIER_OF.get(word)
        if (
            group is None
            or word in _FREE
            or item.is_measured
            or item.token.stem not in {word, stem(word)}
            or _is_sum(sentence, item)
            or _is_share(sentence, item)
        ):
            continue
        if not _is_said(item, group, sentence, evidence) and not _is_by_order(item, group, sentence, evidence, record):
            yield Failure(code=FailureCode.QUANTIFIER, detail=f"no cited entry says “{word}” of this")


def _is_sum(sentence: Reading, item: Item) -> bool:
    """`in total` and the like, which only introduce a number; not `in all regions`."""
    before = sentence.text_at(item.place - 1)
    return before == "in" and (item.place == 1 or not _counted(sentence, item))


def _is_share(sentence: Reading, item: Item) -> bool:
    """`only 3 of the 5`, where the numbers say it."""
    one = next((one for one in sentence.measures if item.place < one.start <= item.place + 2), None)
    after = sentence.items[one.end].token.text if one and one.end < len(sentence.items) else ""
    return item.token.text == "only" and after == "of"


def _is_said(item: Item, group: int, sentence: Reading, evidence: Evidence) -> bool:
    near = _beside(sentence, item)
    for source_ in evidence.sources:
        for other in source_.reading.items:
            if (
                (QUANTIFIER_OF.get(other.token.text) == group or other.token.stem == item.token.stem)
                and _is_of_same(near, other, source_)
                and not _is_of_others(_counted(sentence, item), _counted(source_.reading, other))
                and (_is_nearly(sentence, item) or not _is_nearly(source_.reading, other))
                and _hedge(sentence, item) == _hedge(source_.reading, other)
            ):
                return True
        if word_is_one(item) and any(measure.value == 1 for measure in source_.reading.measures):
            return True
        if _is_equal(group, item, source_):
            return True
        if group == _MANY and any(measure.value > 1 for measure in source_.reading.measures):
            return True
    return group == _BOTH and any(one.token.text == "and" for one in sentence.items[item.place : item.place + _NEAR])


def _is_equal(group: int, item: Item, source_: Source) -> bool:
    """`half` for 50%, `everywhere` for in all, and `most` for nearly all."""
    reading = source_.reading
    alls = [one for one in reading.items if QUANTIFIER_OF.get(one.token.text) == _ALL]
    match group:
        case number if number == _HALF:
            return any(one.unit == "%" and one.value == 50 for one in reading.measures)
        case number if number == _ALL:
            is_full = any(one.value == 100 and one.unit == "%" for one in reading.measures)
            return is_full or any(
                one.value == other.value > 1 and _is_of(reading, one, other)
                for one, other in pairwise(reading.measures)
            )
        case number if number == _MOST:
            return any(_is_nearly(reading, one) and reading.text_at(one.place - 1) != "not" for one in alls)
        case _:
            return item.token.text == "everywhere" and any(not _is_nearly(reading, one) for one in alls)


def _is_of(reading: Reading, one: Measure, other: Measure) -> bool:
    """Whether two measures are written as a share (`500 of 500`)."""
    between = {item.token.text for item in reading.items[one.end : other.start]}
    return bool(between) and between <= {"of", "out", "/", "the", "all"}


def _is_nearly(reading: Reading, item: Item) -> bool:
    """Whether the amount is told as nearly so (`nearly all`, `not all`)."""
    before = reading.text_at(item.place - 1)
    return before in NEARLY or before == "not"


def _hedge(reading: Reading, item: Item) -> str:
    """What limits an amount in words: `over half` is not `under half`."""
    words = [one.token.text for one in reading.items[max(0, item.place - 2) : item.place] if one.token.text != "than"]
    hedge = HEDGES.get(words[-1], "") if words else ""
    return "" if hedge == "about" else hedge


def word_is_one(item: Item) -> bool:
    """Whether it is a word for the number one."""
    return item.token.text in {"single", "sole"}


def _beside(sentence: Reading, item: Item) -> list[Item]:
    """The next word with content, or where none follows in the clause the one before."""
    words = [one for one in sentence.clause_of(item) if one.is_content and one.place != item.place]
    after = [one for one in words if one.place > item.place][:2]
    return after or words[-1:]


def _counted(reading: Reading, item: Item) -> list[Item]:
    """The nouns right behind a word of amount, over an article or a number (`all three sites`)."""
    if reading.text_at(item.place - 1) in BE:  # `the declines were all of one code`
        return []
    rest = dropwhile(lambda one: one.is_measured or one.token.text in _LEADING, reading.items[item.place + 1 :])
    nouns = list(takewhile(lambda one: _is_noun(one) and one.clause == item.clause, rest))[:_NEAR]
    return list(takewhile(lambda one: one.is_content, nouns)) or nouns


def _is_noun(one: Item) -> bool:
    return one.is_content or one.token.stem in NEUTRAL


def _is_of_others(own: list[Item], theirs: list[Item]) -> bool:
    """Whether two words of amount are of nouns that share nothing (`all sites` of `all services in that site`)."""
    return bool(own and theirs) and not any(one.token.keys & other.token.keys for one in own for other in theirs)


def _is_of_same(near: list[Item], other: Item, source_: Source) -> bool:
    heard = [found for one in near for found in source_.matching(one)]
    return not heard or any(abs(found.place - other.place) <= _NEAR for found in heard)


def _is_by_order(item: Item, group: int, sentence: Reading, evidence: Evidence, record: Mapping[str, Ground]) -> bool:
    """`first` and `last` where the record itself shows it: no earlier, or later, entry says the same."""
    if group not in {_FIRST, _LAST}:
        return False
    other = _LAST if group == _FIRST else _FIRST
    if any(QUANTIFIER_OF.get(one.token.text) == other for source_ in evidence.sources for one in source_.reading.items):
        return False
    clause = [one for one in sentence.clause_of(item) if one.is_content]
    aligned = evidence.aligned(clause)
    heard = [one for one in clause if any(source_.says(one) for source_ in aligned)]
    if len(heard) < 2:
        return False
    told = aligned[0].ground.at
    others = (source(label, ground) for label, ground in record.items())
    alike = [other.ground.at for other in others if all(other.says(one) for one in heard)]
    return all(at >= told for at in alike) if group == _FIRST else all(at <= told for at in alike)


def wrong_denials(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`no issues` of what an entry denies only in part (`no major issues`)."""
    for item in sentence.items:
        if not item.is_word or sentence.text_at(item.place - 1) != "no":
            continue
        found = [(source_, one) for source_, one in evidence.matching(item) if one.is_negated]
        if found and all(_is_narrower(one, source_, sentence) for source_, one in found):
            yield Failure(code=FailureCode.QUANTIFIER, detail=f"no cited entry denies every “{item.token.text}”")
    for item in sentence.content:
        denied = [(source_, one) for source_, one in evidence.matching(item) if one.is_negated]
        if item.is_negated and denied and all(_is_denied_more(one, source_, sentence) for source_, one in denied):
            yield Failure(code=FailureCode.QUANTIFIER, detail=f"no cited entry denies every “{item.token.text}”")


def _is_denied_more(one: Item, source_: Source, sentence: Reading) -> bool:
    """Whether the entry denies *one* only of an amount that the sentence leaves out (`not charged twice`)."""
    own = {QUANTIFIER_OF.get(item.token.text) for item in sentence.items}
    rest = source_.reading.items[one.place + 1 : one.place + 1 + _NEAR]
    amounts = (item.token.text for item in rest if item.clause == one.clause and item.is_negated)
    return any(word in QUANTIFIER_OF and word not in _FREE and QUANTIFIER_OF[word] not in own for word in amounts)


def _is_narrower(one: Item, source_: Source, sentence: Reading) -> bool:
    """Whether a word between `no` and *one* narrows what is denied, and the sentence leaves it out."""
    said = {key for item in sentence.content for key in item.token.keys}
    if _is_limited_behind(one, source_.reading, said, sentence):
        return True
    for other in reversed(source_.reading.items[max(0, one.place - _NEAR) : one.place]):
        if other.token.text == "no":
            return False
        is_rest = other.token.text in _RESTS and not any(item.token.text in _RESTS for item in sentence.items)
        if not is_rest and (not other.is_content or other.token.keys & said):
            continue
        return any(item.token.text == "no" for item in source_.reading.items[max(0, other.place - _NEAR) : other.place])
    return False


def _is_limited_behind(one: Item, reading: Reading, said: set[str], sentence: Reading) -> bool:
    """Whether `with` or `of` right behind a noun tells which ones, of which the sentence says nothing."""
    if reading.text_at(one.place + 1) not in {"with", "of"}:
        return False
    near = reading.items[one.place + 2 : one.place + 2 + _NEAR]
    own = list(takewhile(lambda item: item.is_content or item.is_measured, near))
    values = {item.token.text for item in sentence.items if item.is_measured}
    return bool(own) and not any(item.token.keys & said or item.token.text in values for item in own)


def wrong_quotes(text: str, evidence: Evidence) -> Iterator[Failure]:
    """Words in quotation marks that no cited entry has as they stand."""
    said = [_plain(one.ground.text) for one in evidence.sources]
    for quoted in _QUOTE.findall(text):
        words = _plain(quoted).strip(" .,…")
        if words and not any(words in one for one in said):
            yield Failure(code=FailureCode.QUOTE, detail=f"no cited entry has the words “{quoted[:80]}”")


def _plain(text: str) -> str:
    return " ".join(clean(text).lower().split())


def wrong_tiers(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """Somebody's words may only be told as his: the sentence says that he said it."""
    facts = [one for one in evidence.sources if one.ground.tier is not Tier.SAID]
    for said in evidence.sources:
        if said.ground.tier is not Tier.SAID or _is_attributed(sentence, said):
            continue
        alone = [item for item in sentence.content if said.says(item) and not any(one.says(item) for one in facts)]
        if alone or not facts:
            yield Failure(code=FailureCode.TIER, detail=f"{said.label} is somebody's words: say who said it")


def _is_attributed(sentence: Reading, said: Source) -> bool:
    has_speech = any(item.token.stem in SPEECH for item in sentence.items) or any(
        one.token.text == "according" for one in sentence.items
    )
    names = {item.token.stem for item in said.who.content}
    people = {item.token.stem for item in sentence.items}
    return has_speech and bool(names & people)


def weightless(sentence: Reading, evidence: Evidence, needed: frozenset[str]) -> Iterator[Failure]:
    """Cited entries that say nothing of the sentence; *needed* are those that times rest on."""
    heard = {
        one.label: frozenset(item.place for item in sentence.content if one.says(item)) for one in evidence.sources
    }
    for one in evidence.sources:
        own = heard[one.label]
        if one.label in needed:
            continue
        if not own:
            yield Failure(code=FailureCode.CITATION, detail=f"{one.label} carries no weight")
