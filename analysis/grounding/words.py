"""Every word with content must be in the evidence, with the same polarity and the same certainty."""

from collections.abc import Iterator, Mapping
from itertools import pairwise, takewhile

from analysis.grounding.causes import causal_places
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import PRESENT_OF_BE, WAS, WAS_OR_BEEN, is_plural
from analysis.grounding.harmless import is_harmless, is_turned
from analysis.grounding.privatives import is_counted_none, is_nought
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode, Ground
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import is_contrary
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import (
    BEGUN,
    CAUSAL,
    COMPLETED,
    GONE,
    NEGATIONS,
    PREVENTING,
    SETTING_IN,
    SPEECH,
    TENTATIVE,
    WORKED,
)

_NOUN_ENDINGS = ("al", "tion", "sion", "ment", "ance", "ence")
_FAILURE = stem("failure")
_FAR = 60
_WILL_REACH = 4
_MOST_DENIED = 6
_MAY = frozenset(["may", "might"])


def unsupported(sentence: Reading, evidence: Evidence, record: Mapping[str, Ground]) -> Iterator[Failure]:
    """The words that nothing cited says, and those that it denies, supposes or only begins."""
    said = frozenset(
        item.token.stem for source in evidence.sources for item in source.reading.items if not item.is_negated
    )
    causal = causal_places(sentence)
    for item in sentence.content:
        if item.place in causal:
            continue
        found = [one for _, one in evidence.matching(item)]
        if not found:
            if (
                item.token.stem not in CAUSAL
                and not evidence.sayers(item)
                and not is_harmless(item, sentence, evidence, record)
            ):
                yield _unknown(item, said)
        elif _is_added(item, found, sentence) or _is_elsewhere(item, found, sentence, evidence):
            yield _unknown(item, said)
        else:
            yield from _otherwise(item, found, sentence, evidence)


def _is_added(item: Item, found: list[Item], sentence: Reading) -> bool:
    """Whether a purpose or a remark rests on nothing but a word that another word of the sentence repeats.

    `A fix was applied to resolve the issue` and `users reported errors, indicating …` of an entry that has the fix and
    the report alone.
    """
    before = sentence.at(item.place - 1)
    is_purpose = before is not None and before.token.text == "to"
    is_remark = before is not None and before.token.text == "," and item.token.text.endswith("ing")
    if not (is_purpose or is_remark):
        return False
    repeated = {one.token.stem for one in sentence.content if one is not item}
    return all(one.token.stem != item.token.stem and one.token.stem in repeated for one in found)


def _is_elsewhere(item: Item, found: list[Item], sentence: Reading, evidence: Evidence) -> bool:
    """`pushed again` of what an entry only rebuilt: what a verb implies belongs to that verb."""
    if item.token.text != "again" or not all(one.is_past for one in found):
        return False
    before = list(takewhile(lambda one: one.token.text != "and", reversed(sentence.items[: item.place])))
    verb = next((one for one in before if one.is_content), None)
    heard = [one for _, one in evidence.matching(verb)] if verb is not None and verb.is_past else []
    return bool(heard) and not any(one in found for one in heard)


def bare_denials(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """A `not` before no word of content (`not at 2400 ms`), where no cited entry denies anything."""
    if any(item.is_word and item.token.text in NEGATIONS for one in evidence.sources for item in one.reading.items):
        return
    for cue in sentence.items:
        if cue.is_word and cue.token.text in NEGATIONS and not _reach(sentence, cue):
            yield Failure(code=FailureCode.POLARITY, detail=f"no cited entry says “{cue.token.text}”")


def _reach(sentence: Reading, cue: Item) -> bool:
    following = (item for item in sentence.items[cue.place + 1 :] if item.clause == cue.clause)
    return any(item.is_content for item in takewhile(lambda item: item.is_negated, following))


def _unknown(item: Item, said: frozenset[str]) -> Failure:
    word = item.token.text
    if item.token.stem in TENTATIVE:
        return Failure(code=FailureCode.CERTAINTY, detail=f"no cited entry says “{word}”")
    if is_contrary(item.token.stem, said):
        return Failure(code=FailureCode.ANTONYM, detail=f"a cited entry says the contrary of “{word}”")
    is_name = item.token.is_name or item.token.sort is Sort.CODE
    code = FailureCode.ENTITY if is_name else FailureCode.WORD
    return Failure(code=code, detail=f"no cited entry has “{word}”")


def _otherwise(item: Item, found: list[Item], sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    word = item.token.text
    same = [one for one in found if one.is_negated == item.is_negated or one.is_either or item.is_either]
    if item.is_negated and not same:
        same = [one for one in found if _fails(one, evidence) or is_nought(item, one, sentence, evidence)]
    if not same:
        if (
            not _is_unfinished(item, found, sentence)
            and not _is_gone(item, found, evidence)
            and not _is_by_the_contrary(item, sentence, evidence)
            and not _is_of_the_same_denial(item, sentence, evidence)
        ):
            denied, other = ("denies", "affirms") if item.is_negated else ("affirms", "denies")
            detail = f"the sentence {denied} “{word}”, the entry {other} it"
            yield Failure(code=FailureCode.POLARITY, detail=detail)
    elif is_counted_none(item, sentence, evidence):
        yield Failure(code=FailureCode.POLARITY, detail=f"the entry counts no “{word}”")
    elif _is_only_possible(item, sentence, evidence):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” is only told as possible")
    elif _is_only_to_come(item, sentence, evidence):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” is only told as to come")
    elif not item.is_tentative and is_fact(sentence, item):
        yield from _undone(item, same, sentence, evidence)


def _undone(item: Item, same: list[Item], sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """A word told as a fact that every entry has as planned, begun, prevented, or only before another noun."""
    word = item.token.text
    is_denied = item.is_negated and not all(one.is_negated for one in same)
    if all(one.is_tentative for one in same) and not (is_denied or tells(sentence, item, TENTATIVE | SPEECH)):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” was planned, tried or supposed, not done")
    elif all(one.is_begun and one.token.stem not in SETTING_IN for one in same) and not _has(
        sentence, item, BEGUN | WORKED | {"first"}
    ):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” was only begun")
    elif all(is_modifier(one, source_.reading) for source_, one in evidence.matching(item) if one in same):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"no cited entry says that “{word}” was done")
    elif all(one.is_prevented for one in same) and not _has(sentence, item, PREVENTING):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” was prevented")


def _is_only_possible(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether every entry has the word only behind `may` (`may have experienced increased latency`)."""
    if item.is_negated or item.is_tentative or tells(sentence, item, TENTATIVE | SPEECH):
        return False
    return all(
        one.is_tentative
        and any(
            cue.token.text in _MAY and cue.clause == one.clause
            for cue in source_.reading.items[max(0, one.place - _FAR) : one.place]
        )
        for source_, one in evidence.matching(item)
    )


def _is_only_to_come(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether what is told as so is what all entries have behind `will` (`relies` of `will have to rely`)."""
    before = sentence.at(item.place - 1)
    is_present = (
        before is not None and before.is_content and is_plural(item.token.text) is not is_plural(before.token.text)
    )
    is_led = before is not None and before.token.text in WAS | PRESENT_OF_BE
    if item.is_tentative or not (is_led or (is_present and not tells(sentence, item, TENTATIVE | SPEECH))):
        return False
    return all(_is_future(one, source_.reading) for source_, one in evidence.matching(item))


def _is_future(one: Item, reading: Reading) -> bool:
    """Whether it is an infinitive behind `will` in its clause."""
    near = reading.items[max(0, one.place - _WILL_REACH) : one.place]
    before = reading.text_at(one.place - 1)
    is_infinitive = before == "be" or (before in {"to", "will"} and not one.is_past)
    return is_infinitive and any(other.token.text == "will" and other.clause == one.clause for other in near)


def _is_by_the_contrary(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether the only denial of the clause belongs to a word that an entry tells by its contrary."""
    clause = sentence.clause_of(item)
    is_single = sum(one.is_word and one.token.text in NEGATIONS for one in clause) <= 1
    return is_single and any(not evidence.sayers(one) and is_turned(one, evidence) for one in clause if one.is_content)


def _is_of_the_same_denial(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether it is a thing of which sentence and entry deny the same (`no vulnerabilities were found in Glue`).

    Nothing that the entry denies only in part may be left out (`no users were affected in Europe`).
    """
    if _is_of_no(item, sentence) or item.is_past or item.token.text.endswith("ing") or is_state(sentence, item):
        return False
    clause = sentence.clause_of(item)
    denied = [one for one in clause if one.is_content and one.is_negated and one is not item]
    ands = [one.place for one in clause if one.token.text == "and"]
    near = [
        one
        for one in sorted(denied, key=lambda one: abs(one.place - item.place))[:_MOST_DENIED]
        if not any(min(one.place, item.place) < place < max(one.place, item.place) for place in ands)
    ]
    return any(_denies_it_all(one, item, source_, sentence) for one in near for source_ in evidence.sources)


def _is_of_no(item: Item, sentence: Reading) -> bool:
    """Whether it belongs to the noun of which `no` says that there was none."""
    before = next((one for one in reversed(sentence.items[: item.place]) if not one.is_content), None)
    return before is not None and before.token.text == "no"


def _denies_it_all(one: Item, item: Item, source_: Source, sentence: Reading) -> bool:
    """Whether an entry denies *one* wherever it has it, beside *item*, and nothing narrower than the sentence does."""
    said = {key for other in sentence.content for key in other.token.keys}
    found = source_.matching(one)
    heard = [other for other in found if other.token.stem == one.token.stem] or found
    segments = {other.segment for other in source_.matching(item)}
    is_told = item.is_known and one.place < item.place
    return bool(heard) and all(
        other.is_negated and (is_told or other.segment in segments) and _is_as_wide(other, source_, said)
        for other in heard
    )


def _is_as_wide(found: Item, source_: Source, said: set[str]) -> bool:
    near = source_.reading.items[max(0, found.place - _FAR) : found.place + _FAR]
    nouns = (one for one in near if one.clause == found.clause and one.is_negated and not one.is_past)
    return all(one.token.keys & said for one in nouns if one.is_content)


def _is_unfinished(item: Item, found: list[Item], sentence: Reading) -> bool:
    """`not yet built` of what an entry tells as being built."""
    clause = {one.token.text for one in sentence.clause_of(item)}
    return item.is_negated and "yet" in clause and any(one.token.text.endswith("ing") for one in found)


def _is_gone(item: Item, found: list[Item], evidence: Evidence) -> bool:
    """`no more errors` of what an entry tells as gone."""
    return item.is_negated and any(
        one in source_.reading.items
        and one.token.text not in GONE
        and any(
            other.token.text in GONE and other.clause == one.clause
            for other in source_.reading.items[one.place : one.place + 4]
        )
        for source_ in evidence.sources
        for one in found
    )


def _fails(one: Item, evidence: Evidence) -> bool:
    """Whether an entry has the word beside a failure (`login failures`), so that a denial of it is the same."""
    for source_ in evidence.sources:
        near = source_.reading.items[max(0, one.place - 2) : one.place + 3]
        if one in near and any(other.token.stem == _FAILURE and other is not one for other in near):
            return True
    return False


def is_fact(sentence: Reading, item: Item) -> bool:
    """Whether the word tells that something was done or was so, itself or by `was done` behind it."""
    return item.is_past or is_state(sentence, item) or is_completed(sentence, item)


def is_completed(sentence: Reading, item: Item) -> bool:
    """Whether its clause tells that it was carried out (`the replacement of the disk was completed`)."""
    rest = [one.token.text for one in sentence.items[item.place : item.place + _FAR] if one.clause == item.clause]
    return any(one in WAS_OR_BEEN and other in COMPLETED for one, other in pairwise(rest))


def is_modifier(one: Item, reading: Reading) -> bool:
    """Whether *reading* has the word only as a noun that tells which other noun is meant (`the renewal job`)."""
    if not one.token.text.removesuffix("s").endswith(_NOUN_ENDINGS):
        return False
    after = reading.at(one.place + 1)
    return after is not None and after.is_content and not after.is_past and after.token.text[-3:] != "ing"


def is_state(sentence: Reading, item: Item) -> bool:
    """Whether the word tells a state as one that was there (`the queue was empty`)."""
    before = sentence.text_at(item.place - 1)
    after = sentence.at(item.place + 1)
    return before in WAS and (after is None or not after.is_content)


def _has(sentence: Reading, item: Item, stems: frozenset[str]) -> bool:
    """Whether the clause of *item* has one of *stems*, denies it, or tells it as going on (`was being`)."""
    return item.is_negated or tells(sentence, item, stems)


def tells(sentence: Reading, item: Item, stems: frozenset[str]) -> bool:
    """Whether the clause of *item* has one of *stems*, or tells it as going on."""
    near = [one.token for one in sentence.clause_of(item) if one.place != item.place]
    return any(one.keys & stems or one.text in stems or one.text == "being" for one in near)
