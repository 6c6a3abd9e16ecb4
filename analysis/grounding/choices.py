"""Which of several: what an entry tells of one of its things by its modifier, its `of` or its side is not of another.

Every word of such a sentence stands in the entry, so that only what is beside it shows the difference.
"""

from collections.abc import Iterator
from itertools import takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, BE, POSSESSIVES
from analysis.grounding.measures import Measured
from analysis.grounding.predicates import PREPOSITIONS, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.vocabulary import NEGATIONS

_SIDES = {"before": "after", "after": "before", "since": "until", "until": "since"}
_HAVING = frozenset(["had", "has", "have", "saw", "experienced"])
_TEAM = frozenset(["team", "we"])
_PASSED = ARTICLES | POSSESSIVES
_NEAR = 6


def wrong_choices(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* says of another one of several things, or on another side of a date, than each cited entry."""
    yield from _other_ones(sentence, evidence)
    yield from _other_wholes(sentence, evidence)
    yield from _other_sides(sentence, evidence)
    yield from _other_limits(sentence, evidence)
    yield from _other_parts(sentence, evidence)
    yield from _moved_states(sentence, evidence)
    yield from _other_agents(sentence, evidence)
    yield from _only_told_to(sentence, evidence)


def _other_ones(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`a service in the internal network` of an entry with a service in the main network, and an internal network."""
    for noun in sentence.content:
        own = _modifiers(noun, sentence)
        if (
            own
            and not is_predicate(sentence, noun)
            and all(_is_another(own, noun, sentence, one) for one in evidence.sources)
        ):
            detail = f"no cited entry says this of “{own[-1].token.text} {noun.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _modifiers(noun: Item, reading: Reading) -> list[Item]:
    """The words with content right before a noun."""
    before = reversed(reading.items[max(0, noun.place - 3) : noun.place])
    words = takewhile(
        lambda one: one.is_content and one.clause == noun.clause and not is_predicate(reading, one), before
    )
    return list(words)[::-1]


def _is_another(own: list[Item], noun: Item, sentence: Reading, source: Source) -> bool:
    """Whether the words around a noun are around one with other modifiers in the entry, and not around its own."""
    wanted = {key for one in own for key in one.token.keys}
    mine: list[Item] = []
    others: list[Item] = []
    for one in source.matching(noun):
        theirs = _modifiers(one, source.reading)
        is_same = any(other.token.keys & wanted for other in theirs)
        after = source.reading.at(one.place + 1)
        is_head = after is None or not after.is_content or is_predicate(source.reading, after)
        if theirs and is_head and one.token.stem == noun.token.stem:
            (mine if is_same else others).append(one)
    if not mine or not others:
        return False
    around = _beside(noun, own, sentence)
    return max(_alike(around, one, source) for one in others) > max(_alike(around, one, source) for one in mine)


def _beside(noun: Item, own: list[Item], reading: Reading) -> tuple[Item | None, Item | None]:
    """The nearest words with content on either side of a noun and its modifiers, in its clause."""
    first = own[0].place if own else noun.place
    before = next((one for one in reversed(reading.items[:first]) if one.is_content), None)
    after = next((one for one in reading.items[noun.place + 1 :] if one.is_content), None)
    kept = [one if one is not None and one.clause == noun.clause else None for one in (before, after)]
    return kept[0], kept[1]


def _alike(around: tuple[Item | None, Item | None], one: Item, source: Source) -> int:
    theirs = _beside(one, _modifiers(one, source.reading), source.reading)
    return sum(
        any(mine.token.keys & other.token.keys for other in theirs if other is not None)
        for mine in around
        if mine is not None
    )


def _other_wholes(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`the request of the staff` of what every entry calls the request of the fire brigade."""
    for item in sentence.items:
        noun, whole = sentence.at(item.place - 1), _behind(sentence, item)
        if item.token.text != "of" or noun is None or not noun.is_content or not whole:
            continue
        found = [(source, one) for source, one in evidence.matching(noun)]
        wholes = [_wholes(one, source.reading) for source, one in found]
        keys = {key for one in whole for key in one.token.keys}
        is_other = all(own and not any(one.token.keys & keys for one in own) for own in wholes)
        if wholes and (is_other or _is_turned(noun, whole[-1], evidence)):
            detail = f"no cited entry says “{noun.token.text}” of “{whole[-1].token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _wholes(one: Item, reading: Reading) -> list[Item]:
    """The nouns behind the `of` of a noun, and its own modifiers, which may be told so (`pool of connections`)."""
    behind = _behind(reading, reading.at(one.place + 1))
    return [*_modifiers(one, reading), *behind] if behind else []


def _is_turned(noun: Item, whole: Item, evidence: Evidence) -> bool:
    """Whether every entry has it the other way round (`the suite of the tool`)."""
    found = list(evidence.matching(whole))
    wholes = [_behind(source.reading, source.reading.at(one.place + 1)) for source, one in found]
    return bool(wholes) and all(any(one.token.keys & noun.token.keys for one in own) for own in wholes)


def _behind(reading: Reading, cue: Item | None) -> list[Item]:
    """The nouns behind `of`."""
    if cue is None or cue.token.text != "of":
        return []
    rest = [one for one in reading.items[cue.place + 1 : cue.place + _NEAR] if one.token.text not in _PASSED]
    return list(takewhile(lambda one: one.is_content and not is_predicate(reading, one), rest))


def _other_sides(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`before April 14` of what every entry with that date or time tells of the time after it."""
    for one in sentence.measures:
        contrary = _SIDES.get(sentence.text_at(one.start - 1), "")
        if one.sort not in {Measured.DATE, Measured.CLOCK} or not contrary:
            continue
        found = [
            source.reading.text_at(other.start - 1)
            for source in evidence.sources
            for other in source.reading.measures
            if other.sort is one.sort and other.value == one.value
        ]
        if found and all(text == contrary for text in found):
            detail = f"the entry tells what was {contrary} {one.text}"
            yield Failure(code=FailureCode.ORDER, detail=detail)


def _other_limits(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`one table` of what every entry tells of all tables, and `all requests` of `50% of all requests`."""
    for item in sentence.items:
        noun = sentence.at(item.place + 1)
        if item.token.text not in {"one", "all"} or noun is None or not noun.is_content:
            continue
        found = list(evidence.matching(noun))
        leads = [source.reading.text_at(one.place - 1) for source, one in found]
        is_one = item.token.text == "one" and all(lead in {"all", "every"} for lead in leads)
        is_all = item.token.text == "all" and all(_is_of_share(one, source.reading) for source, one in found)
        if leads and (is_one or (is_all and sentence.text_at(item.place - 1) != "of")):
            detail = f"no cited entry says “{item.token.text} {noun.token.text}”"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)


def _is_of_share(one: Item, reading: Reading) -> bool:
    """The requests of `50% of all requests`."""
    before = reading.at(one.place - 3)
    leads = (reading.text_at(one.place - 2), reading.text_at(one.place - 1))
    return leads == ("of", "all") and before is not None and before.is_measured


def _other_parts(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`tokens of the repositories` of what every entry has only as `metadata of the repositories`."""
    for item in sentence.items:
        noun, whole = sentence.at(item.place - 1), _behind(sentence, item)
        if item.token.text != "of" or noun is None or not noun.is_content or not whole:
            continue
        found = [(source, one, _part(one, source.reading)) for source, one in evidence.matching(whole[-1])]
        if found and all(_is_only_of(noun, one, part, source) for source, one, part in found):
            detail = f"no cited entry says “{noun.token.text}” of “{whole[-1].token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _part(one: Item, reading: Reading) -> list[Item]:
    """The noun with its modifiers that an `of` before a noun and its modifiers belongs to."""
    before = reversed(reading.items[max(0, one.place - _NEAR) : one.place])
    place = one.place - 1 - len(list(takewhile(lambda other: other.is_content or other.token.text in _PASSED, before)))
    cue, noun = reading.at(place), reading.at(place - 1)
    is_led = cue is not None and cue.token.text == "of" and noun is not None and noun.is_content
    return [*_modifiers(noun, reading), noun] if is_led and noun is not None else []


def _is_only_of(noun: Item, whole: Item, part: list[Item], source: Source) -> bool:
    """Whether an entry has *noun*, but something else of *whole*, and the two in no phrase (`the ledger primary`)."""
    places = {one.place for one in source.matching(noun)}
    behind = takewhile(
        lambda one: one.is_content or one.token.text in {"-", "s", "'"}, source.reading.items[whole.place + 1 :]
    )
    phrase = {one.place for one in (*part, *behind)}
    return bool(part) and bool(places) and not places & phrase


def _moved_states(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`running instances had latencies` of an entry that only denies something of running instances."""
    for noun in sentence.content:
        clause = sentence.clause_of(noun)
        after = sentence.at(noun.place + 1)
        is_subject = after is not None and (after.token.text in _HAVING | BE or is_predicate(sentence, after))
        if not is_subject or any(one.token.text in NEGATIONS for one in clause):
            continue
        found = [(source, one) for source, one in evidence.matching(noun) if one.token.stem == noun.token.stem]
        if found and all(source.reading.text_at(one.place + 1) == "not" for source, one in found):
            detail = f"the entries only deny something of “{noun.token.text}”"
            yield Failure(code=FailureCode.POLARITY, detail=detail)


def _other_agents(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`reported by the user with wrong labels` of an entry in which the user reported wrong labels."""
    for item in sentence.items:
        noun, before = sentence.at(item.place - 1), sentence.items[max(0, item.place - _NEAR) : item.place]
        by = next((one for one in before if one.token.text == "by"), None)
        verb = sentence.at(by.place - 1) if by is not None else None
        rest = [one for one in sentence.items[item.place + 1 : item.place + _NEAR] if one.token.text not in _PASSED]
        things = list(takewhile(lambda one: one.is_content, rest))
        if item.token.text != "with" or noun is None or verb is None or not things:
            continue
        if any(_is_object(things[-1], verb, noun, source) for source in evidence.sources):
            detail = f"no cited entry says “{things[-1].token.text}” of “{noun.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _is_object(thing: Item, verb: Item, noun: Item, source: Source) -> bool:
    """Whether an entry has the three as subject, verb and object."""
    verbs = {one.place for one in source.matching(verb)}
    doers = {one.place + 1 for one in source.matching(noun)}
    return any(
        set(range(max(0, one.place - _NEAR), one.place)) & verbs & doers
        and not any(it.token.text in PREPOSITIONS for it in source.reading.items[max(0, one.place - 2) : one.place])
        for one in source.matching(thing)
    )


def _only_told_to(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`The team initiated it` of what every entry only tells somebody to do (`Begin it`)."""
    for item in sentence.content:
        subject = sentence.at(item.place - 1)
        if subject is None or subject.token.text not in _TEAM or not is_predicate(sentence, item):
            continue
        found = list(evidence.matching(item))
        if found and all(
            one.place == 0 and not one.is_past and not one.token.text.endswith(("ing", "s")) for _, one in found
        ):
            detail = f"no cited entry says who “{item.token.text}” it"
            yield Failure(code=FailureCode.ROLE, detail=detail)
