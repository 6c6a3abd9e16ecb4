"""By whom and to what: where every entry says that of the same verb, it is what the sentence says."""

from collections.abc import Iterator, Mapping
from itertools import pairwise, takewhile

from analysis.grounding.evidence import Evidence
from analysis.grounding.forms import ARTICLES, POSSESSIVES
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.uses import PRONOUNS, use_of
from analysis.grounding.vocabulary import ACTORS, NEUTRAL

#: What leads to who did it, where it went, and where it came from.
_KINDS: Mapping[str, str] = {"by": "by", "to": "to", "into": "to", "onto": "to", "from": "from"}
_JOINS = ARTICLES | POSSESSIVES | {"this", "these", "those", "all", "both", "other", "and", "own"}
_FAR = 12


def wrong_complements(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`was added to all services` of what the entries add to certificates."""
    verbs = [verb for verb in sentence.content if is_predicate(sentence, verb)]
    nouns = frozenset(key for source in evidence.sources for key in _nouns(source.reading)) if verbs else frozenset()
    for verb in verbs:
        found = [pair for pair in evidence.matching(verb) if pair[1].token.stem == verb.token.stem]
        for kind, words in _complements(verb, sentence, nouns).items():
            theirs = [_theirs(one, source.reading, kind) for source, one in found]
            if words[-1].token.stem in ACTORS:  # `by the team`, whom entries leave out
                continue
            if theirs and all(theirs) and not any(_share(words, other) for other in theirs):
                shown = f"“{verb.token.text} {kind} … {words[-1].token.text}”"
                yield Failure(code=FailureCode.ROLE, detail=f"no cited entry says {shown}")


def _theirs(verb: Item, reading: Reading, kind: str) -> list[Item]:
    """What an entry has there; behind `by` also the subject of an active verb."""
    found = _complements(verb, reading).get(kind, [])
    use = use_of(reading, verb) if kind == "by" and not found else None
    return list(use.subjects) if use is not None and use.is_passive is False else found


def _nouns(reading: Reading) -> Iterator[str]:
    """The words right before a verb of the past, and those written as names, which are no infinitives."""
    for one, other in pairwise(reading.items):
        if one.token.is_name or (one.is_content and is_predicate(reading, other)):
            yield one.token.stem


def _complements(verb: Item, reading: Reading, nouns: frozenset[str] = frozenset()) -> Mapping[str, list[Item]]:
    """The nouns behind `by`, `to` and `from` that follow *verb* in its clause, by what these lead to."""
    found: dict[str, list[Item]] = {}
    rest = reading.items[verb.place + 1 : verb.place + 1 + _FAR]
    clause = list(takewhile(lambda one: one.clause == verb.clause and not is_predicate(reading, one), rest))
    for number, item in enumerate(clause):
        kind = _KINDS.get(item.token.text, "")
        following = list(takewhile(_is_nominal, clause[number + 1 :])) if kind else []
        words = [one for one in following if one.is_content or one.token.text in PRONOUNS or one.token.stem in NEUTRAL]
        if words and not _is_verbal(following[0], kind, nouns):
            found[kind] = [*found.get(kind, []), *words]
    return found


def _is_nominal(one: Item) -> bool:
    return one.is_content or one.is_measured or one.token.text in _JOINS | PRONOUNS or one.token.stem in NEUTRAL


def _is_verbal(first: Item, kind: str, nouns: frozenset[str]) -> bool:
    """Whether an infinitive, or a form in -ing, follows (`to free addresses`, `by restarting it`)."""
    is_name = first.token.is_name or first.token.stem in nouns
    is_led = is_name or first.is_measured or first.token.text in _JOINS or first.token.text.endswith("s")
    return first.token.text.endswith("ing") or (kind == "to" and not is_led)


def _share(words: list[Item], others: list[Item]) -> bool:
    """Whether the two name something in common, or the entry has a pronoun there."""
    return any(one.token.text in PRONOUNS and not one.is_content for one in others[-1:]) or any(
        one.token.keys & other.token.keys for one in words for other in others
    )
