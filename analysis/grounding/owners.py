"""Whose a thing is, and who `we` are: `their gateway` is not ours, and what `they want` is not what we want."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, BE
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.vocabulary import NEUTRAL

_OURS = frozenset(["our", "ours", "my"])
_THEIRS = frozenset(["their", "theirs", "its", "his", "her"])
#: Those that stand for the noun, too.
_OTHERS = frozenset(["theirs", "hers"])
_WE = frozenset(["we", "i"])
_THEY = frozenset(["they", "he", "she", "it"])
#: How many words may stand between an owner and the thing.
_FAR = 6
_NEAR = 3


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose a thing is told to be: ours, theirs, or that of a noun (`the provider's window`)."""

    is_ours: bool = False
    is_theirs: bool = False
    noun: Item | None = None

    def __bool__(self) -> bool:
        return self.is_ours or self.is_theirs or self.noun is not None


def wrong_owners(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* says of a thing of ours, and every entry of one of somebody else, or the other way round."""
    for item in sentence.items:
        thing = _owned(item, sentence)
        if thing is None:
            continue
        found = _told_alike(thing, sentence, evidence)
        if found and all(_is_others(item, thing, source, one, sentence) for source, one in found):
            detail = f"the entry has “{thing.token.text}” of another owner"
            yield Failure(code=FailureCode.ROLE, detail=detail)
        elif item.token.text in _OURS and _is_of_theirs(thing, sentence, evidence):
            yield Failure(
                code=FailureCode.ROLE, detail=f"the entry says this of theirs, not of our “{thing.token.text}”"
            )


def wrong_speakers(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`We wanted a dump` of an entry in which only they did."""
    for verb in sentence.content:
        if not (is_predicate(sentence, verb) and _pronoun_before(verb, sentence) in _WE):
            continue
        found = [_pronoun_before(one, source.reading) for source, one in evidence.matching(verb)]
        if found and all(one in _THEY for one in found):
            yield Failure(code=FailureCode.ROLE, detail=f"no cited entry says “{verb.token.text}” of “we”")


def _pronoun_before(verb: Item, reading: Reading) -> str:
    """The pronoun that is the subject of a verb, over adverbs and forms of `to be`; nothing where a noun is."""
    for one in reversed(reading.items[max(0, verb.place - _NEAR) : verb.place]):
        if one.token.text in _WE | _THEY:
            return one.token.text
        if one.is_content or not one.is_word or one.clause != verb.clause:
            return ""
    return ""


def _owned(item: Item, reading: Reading) -> Item | None:
    """The noun that a word of owning belongs to: the last of those behind it."""
    if not (item.token.text in _OURS | _THEIRS or item.token.is_owner):
        return None
    head = None
    for one in reading.items[item.place + 1 : item.place + 1 + _FAR]:
        if not _is_nominal(one, reading):
            break
        head = one if one.is_word and one.token.text != "own" else head
    return head


def _is_nominal(one: Item, reading: Reading) -> bool:
    is_noun = one.is_content or one.token.stem in NEUTRAL or one.is_measured or one.token.text in {"-", "own"}
    return is_noun and not is_predicate(reading, one) and not one.token.text.endswith("ly")


def _is_others(item: Item, thing: Item, source: Source, one: Item, sentence: Reading) -> bool:
    """Whether an entry gives what *item* gives to one owner to another."""
    owner = _owner_of(one, source.reading)
    if not owner:
        return False
    if item.token.text in _OURS:
        return not owner.is_ours and (owner.noun is None or not _is_said(owner.noun, thing, sentence))
    if item.token.text in _THEIRS:  # `their` may be of whoever speaks in the entry, where the sentence names him
        return owner.is_ours and not any(one.is_content for one in sentence.items[: item.place])
    is_author = any(item.token.keys & other.token.keys for other in source.who.content)
    if owner.noun is not None:
        is_same = bool(owner.noun.token.keys & item.token.keys) or _is_said(owner.noun, thing, sentence)
        return bool(source.matching(item)) and not is_same
    return owner.is_ours and bool(source.matching(item)) and not is_author


def _is_said(noun: Item, thing: Item, sentence: Reading) -> bool:
    near = sentence.items[max(0, thing.place - _FAR) : thing.place]
    return any(noun.token.keys & one.token.keys for one in near)


def _owner_of(thing: Item, reading: Reading) -> _Owner:
    """Whose an entry tells a noun to be, over the words that tell which one it is."""
    noun = None
    for one in reversed(reading.items[max(0, thing.place - _FAR) : thing.place]):
        if one.token.text in _OURS:
            return _Owner(is_ours=True)
        if one.token.text in _THEIRS:
            return _Owner(is_theirs=True)
        if noun is None and one.token.is_owner:
            noun = one
        elif not _is_nominal(one, reading) and not (noun is not None and one.token.text in ARTICLES):
            break
    return _Owner(noun=noun)


def _told_alike(thing: Item, sentence: Reading, evidence: Evidence) -> list[tuple[Source, Item]]:
    """Where entries have *thing*: in the clauses that say what the sentence says of it, or in none of them, all."""
    found = list(evidence.matching(thing))
    told = {
        (source.label, place.clause) for one in _told_of(thing, sentence) for source, place in evidence.matching(one)
    }
    return [pair for pair in found if (pair[0].label, pair[1].clause) in told] or found


def _told_of(thing: Item, sentence: Reading) -> list[Item]:
    return [one for one in sentence.clause_of(thing) if _is_telling(one) and is_predicate(sentence, one)]


def _is_telling(one: Item) -> bool:
    return one.is_content or (one.is_past and one.token.text not in BE)  # `stayed as planned`


def _is_of_theirs(thing: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether every entry says of `theirs` what a clause about our *thing* says (`ours was valid, theirs expired`)."""
    told = [one for one in _told_of(thing, sentence) if one.place > thing.place]
    clauses: list[Sequence[Item]] = [
        source.reading.clause_of(place) for one in told for source, place in evidence.matching(one)
    ]
    return bool(clauses) and all(any(one.token.text in _OTHERS for one in clause) for clause in clauses)
