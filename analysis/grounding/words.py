"""Every word with content must be in the evidence, with the same polarity and the same certainty."""

from collections.abc import Iterator, Mapping

from analysis.grounding.evidence import Evidence, source
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode, Ground
from analysis.grounding.synonyms import is_contrary
from analysis.grounding.vocabulary import BEGUN, CAUSAL, SETTING_IN, SPEECH, TEMPORAL, TENTATIVE
from analysis.grounding.tokens import Sort


def unsupported(sentence: Reading, evidence: Evidence, record: Mapping[str, Ground]) -> Iterator[Failure]:
    """The words that nothing cited says, and those that it denies, supposes or only begins."""
    said = frozenset(
        item.token.stem for source in evidence.sources for item in source.reading.items if not item.is_negated
    )
    for item in sentence.content:
        found = [one for _, one in evidence.matching(item)]
        if not found:
            if (
                item.token.stem not in CAUSAL
                and not evidence.sayers(item)
                and not _is_reference(item, sentence, record)
            ):
                yield _unknown(item, said)
        else:
            yield from _otherwise(item, found, sentence)


def _is_reference(item: Item, sentence: Reading, record: Mapping[str, Ground]) -> bool:
    """Whether it only says from when on: `after the partition began`, of a partition that the record knows."""
    clause = [one for one in sentence.items if one.clause == item.clause and one.is_word]
    if item.token.is_name or not clause or clause[0].token.text not in TEMPORAL:
        return False
    if not any(one.token.stem in BEGUN for one in clause):
        return False
    return item.token.stem in BEGUN or any(source(label, one).matching(item) for label, one in record.items())


def _unknown(item: Item, said: frozenset[str]) -> Failure:
    word = item.token.text
    if item.token.stem in TENTATIVE:
        return Failure(code=FailureCode.CERTAINTY, detail=f"no cited entry says “{word}”")
    if is_contrary(item.token.stem, said):
        return Failure(code=FailureCode.ANTONYM, detail=f"a cited entry says the contrary of “{word}”")
    is_name = item.token.is_name or item.token.sort is Sort.CODE
    code = FailureCode.ENTITY if is_name else FailureCode.WORD
    return Failure(code=code, detail=f"no cited entry has “{word}”")


def _otherwise(item: Item, found: list[Item], sentence: Reading) -> Iterator[Failure]:
    word = item.token.text
    same = [one for one in found if one.is_negated == item.is_negated]
    if not same:
        denied = "denies" if item.is_negated else "affirms"
        other = "affirms" if item.is_negated else "denies"
        yield Failure(code=FailureCode.POLARITY, detail=f"the sentence {denied} “{word}”, the entry {other} it")
        return
    supposed = [one for one in same if one.is_tentative]
    if (
        supposed
        and len(supposed) == len(same)
        and not item.is_tentative
        and not _has(sentence, item, TENTATIVE | SPEECH)
    ):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” was planned, tried or supposed, not done")
    elif (
        all(one.is_begun and one.token.stem not in SETTING_IN for one in same)
        and not item.is_begun
        and not _has(sentence, item, BEGUN)
    ):
        yield Failure(code=FailureCode.CERTAINTY, detail=f"“{word}” was only begun")


def _has(sentence: Reading, item: Item, stems: frozenset[str]) -> bool:
    """Whether the clause of *item* has one of *stems*, or tells it as going on (`was being`, `were replacing`)."""
    near = [one.token for one in sentence.items if one.clause == item.clause]
    return any(one.stem in stems or one.text in stems for one in near) or any(one.text == "being" for one in near)
