"""What something is done to, or is so, is the thing itself, not the noun before it nor the one that it is of.

`Purged the cache of the shop` tells of the cache: neither the shop was purged, nor, of `the door codes`, the door.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from analysis.grounding.bearing import Places
from analysis.grounding.evidence import Source
from analysis.grounding.forms import ARTICLES, BE, PASSIVE, is_plural
from analysis.grounding.heads import subject_of, told_of
from analysis.grounding.predicates import NOUNS, PREPOSITIONS, RELATIVES, STATES, is_adverb, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.tokens import Sort
from analysis.grounding.uses import PRONOUNS, Use, use_of
from analysis.grounding.vocabulary import (
    ASKING,
    BEGUN,
    BREAKS,
    KINDS,
    MACHINES,
    NEUTRAL,
    OBSERVING,
    OPEN,
    PARTICLES,
    PRODUCTS,
    SAYERS,
    SPEECH,
)

#: What happens to one of these happens to what it is of: parts that run it, and words for how many.
_TRANSPARENT = frozenset(
    map(
        stem,
        (
            *KINDS,
            *("cluster", "pod", "node", "instance", "server", "host", "process", "container", "job", "fleet", "unit"),
            *("machine", "device", "deployment", "deploy", "release", "version", "build", "change", "stack", "replica"),
            *("number", "set", "group", "batch", "list", "pair", "majority", "part", "share", "rest", "type", "kind"),
            *(
                "series",
                "handful",
                "couple",
                "percentage",
                "rate",
                "half",
                "third",
                "range",
                "copy",
                "most",
                "all",
                "status",
                "state",
            ),
        ),
    )
)
#: Verbs that tell how something is known or goes on, not what is done to a thing.
_OPEN = OBSERVING | SPEECH | BEGUN | ASKING | OPEN | frozenset(map(stem, ("verify", "finish", "complete", "fail")))
#: As forms of `to be`, they tell that something is or stays so (`refunds stay disabled`).
_STAYING = frozenset(map(stem, ("stay", "remain", "keep", "continue")))
#: What is done with somebody, of which the other one is not told as who does it.
_SHARED = frozenset(map(stem, ("review", "call")))
#: What is done to somebody, not by him.
_ADDRESSED = frozenset(map(stem, ("reply", "response", "answer", "handover")))
_JOINT = frozenset(["joint", "jointly", "together"])
#: Behind these nothing of the noun follows.
_ENDING = PREPOSITIONS | RELATIVES | PRONOUNS | BREAKS | {"and", "or", "not", "whether", "if", "how", "why"}
#: What leads to when something was so.
_SINCE = frozenset(["since", "after", "before", "during", "until", "following"])
_FAR = 14


def other_things(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """What *sentence* tells of a noun that every entry only has beside the thing that it tells it of."""
    for verb, thing, places in _told(sentence, borne):
        if verb.token.text.endswith("ing"):
            continue
        if all(one.is_past is verb.is_past and _is_beside(thing, source, one, sentence) for source, one in places):
            detail = f"the entry says “{verb.token.text}” of what is beside “{thing.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def other_doings(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """`The line was upgraded` of an entry that only tells what was so since an upgrade, and does not say of what."""
    for verb, thing, places in _told(sentence, borne):
        if verb.is_past and all(_is_only_since(thing, source, one) for source, one in places):
            detail = f"no cited entry says “{verb.token.text}” of “{thing.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def other_doers(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """`Legal reviewed the draft` of an entry that only has a review with Legal, by a noun and not by a verb."""
    for verb in sentence.content:
        if not verb.is_past or not is_predicate(sentence, verb):
            continue
        use, places = use_of(sentence, verb), borne[verb.place]
        doer = subject_of(use, sentence) if use.is_passive is not True else None
        if doer is None or not places or sentence.text_at(doer.place - 1) in {"and", ","}:
            continue
        if all(_is_partner(doer, source, noun) for source, noun in places):
            detail = f"no cited entry says that “{doer.token.text}” “{verb.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _is_somebody(one: Item) -> bool:
    """Whether it is a team, a company or a person, no program."""
    is_machine = one.token.text in PRODUCTS or bool(one.token.keys & MACHINES)
    return not is_machine and (one.token.stem in SAYERS or (one.token.is_name and one.token.sort is Sort.WORD))


def _is_partner(doer: Item, source: Source, noun: Item) -> bool:
    """Whether an entry has *doer* only behind a noun of doing, as with whom or to whom it is done."""
    if noun.is_past or noun.token.stem not in _SHARED | _ADDRESSED or _is_verbal(noun, source.reading):
        return False
    found = source.matching(doer)
    return bool(found) and all(_is_somebody(one) and _is_led_by(one, noun, source.reading) for one in found)


def _is_led_by(one: Item, noun: Item, reading: Reading) -> bool:
    before = reversed(reading.items[max(0, one.place - _FAR) : one.place])
    lead = next((other for other in before if not (_is_nominal(other) or other.token.text in ARTICLES)), None)
    if lead is None or lead.clause != noun.clause or not noun.place < lead.place:
        return False
    if any(other.token.text in _JOINT for other in reading.items[max(0, noun.place - 1) : lead.place]):
        return False
    return lead.token.text == ("with" if noun.token.stem in _SHARED else "to")


def other_states(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """`Onboarding was open` of `breaker open, onboarding in manual mode`, where a form in -ing begins a clause."""
    for being in sentence.items:
        noun, state = sentence.at(being.place - 1), sentence.at(being.place + 1)
        if being.token.text not in BE or noun is None or state is None or not noun.token.text.endswith("ing"):
            continue
        places = borne.get(state.place, ())
        if noun.is_content and places and all(_is_behind(noun, source, one) for source, one in places):
            detail = f"the entry says “{state.token.text}” of what stands before “{noun.token.text}”"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _is_behind(noun: Item, source: Source, state: Item) -> bool:
    """Whether an entry has *noun* only as the first word of a clause behind that of *state*."""
    found = source.matching(noun)
    is_later = all(one.clause > state.clause and source.reading.is_first(one) for one in found)
    return bool(found) and is_later


def _told(sentence: Reading, borne: Places) -> Iterator[tuple[Item, Item, tuple[tuple[Source, Item], ...]]]:
    """Each verb with the thing beside it that it is told of, and where entries bear it out."""
    for verb in sentence.content:
        if not is_predicate(sentence, verb) or verb.token.stem in _OPEN:
            continue
        thing, places = told_of(use_of(sentence, verb), sentence), borne[verb.place]
        if thing is not None and places and _is_whole(thing, verb, sentence):
            yield verb, thing, places


def _is_only_since(thing: Item, source: Source, noun: Item) -> bool:
    """Whether an entry has a noun of doing only as a time, and *thing* elsewhere."""
    reading = source.reading
    if noun.is_past or noun.token.text.endswith("ing") or not source.matching(thing):
        return False
    before = list(
        takewhile(lambda one: _is_nominal(one) or one.token.text in ARTICLES, reversed(reading.items[: noun.place]))
    )
    lead = reading.text_at(noun.place - len(before) - 1)
    rest = takewhile(
        lambda one: one.token.text not in _ENDING - PREPOSITIONS and one.is_word, reading.items[noun.place + 1 :]
    )
    own = {one.place for one in (*before, *rest)}
    return lead in _SINCE and not own & {one.place for one in source.matching(thing)}


def _is_whole(thing: Item, verb: Item, sentence: Reading) -> bool:
    """Whether a sentence has *thing* as a noun of its own, right beside its verb and behind no preposition."""
    after = sentence.at(thing.place + 1)
    if after is not None and after is not verb and (_is_nominal(after) or after.token.text == "-"):
        return False
    first, last = sorted((thing.place, verb.place))
    between = sentence.items[first + 1 : last]
    if any(one.token.text in {"and", "or"} or (one.is_content and is_predicate(sentence, one)) for one in between):
        return False
    before = reversed(sentence.items[: thing.place])
    lead = next((one for one in before if not _is_nominal(one) and one.token.text not in ARTICLES), None)
    return lead is None or lead.token.text not in PREPOSITIONS


def _is_nominal(one: Item) -> bool:
    is_noun = (one.token.text in NOUNS or not one.is_past) and one.token.text not in PASSIVE
    return is_noun and (one.is_content or one.token.stem in NEUTRAL) and not _is_adverb(one)


def _is_adverb(one: Item) -> bool:
    return one.token.text.endswith("ly") or one.token.text in PARTICLES or is_adverb(one)


def _is_beside(thing: Item, source: Source, verb: Item, sentence: Reading) -> bool:
    """Whether an entry has *thing* only before or behind the head of what *verb* is said of."""
    phrase = _phrase(use_of(source.reading, verb), source.reading)
    head = _head(phrase, source.reading)
    if head is not None and any(one.token.keys & head.token.keys for one in sentence.content):
        return False  # `the primary ran out of connections in its pool`
    named = source.matching(thing)
    found = {one.place for one in named if one.clause == verb.clause} or {one.place for one in named}
    if head is None or head.place in found or head.token.stem in _TRANSPARENT or not found:
        return False
    return found <= {one.place for one in phrase}


def _phrase(use: Use, reading: Reading) -> list[Item]:
    """The noun that a verb is said of, with all that belongs to it: before it, or behind it where it is active."""
    verb = use.verb
    is_behind = use.is_passive is False or not any(one.is_content for one in use.before)
    near = reading.items[verb.place + 1 : verb.place + 1 + _FAR] if is_behind else reading.items[: verb.place][-_FAR:]
    words = [one for one in near if one.clause == verb.clause and not _is_being(one)]
    if is_behind:
        return words
    first = min(one.place for one in use.before)
    own = [one for one in words if one.place >= first]
    leads = {reading.text_at(first - 1), reading.text_at(first - 2) if reading.text_at(first - 1) in ARTICLES else ""}
    is_open = (
        bool(leads & PREPOSITIONS) or own[0].token.text.endswith("ing") or any(_is_joined(one, reading) for one in own)
    )
    return [] if is_open else own


def _is_being(one: Item) -> bool:
    return one.token.text in BE or one.token.stem in _STAYING


def _is_joined(one: Item, reading: Reading) -> bool:
    """Whether another noun or clause may begin there, so that which one a verb is of is open."""
    return one.token.text in {"and", "or"} or one.token.is_dash or _is_verbal(one, reading)


def _is_done(one: Item, reading: Reading) -> bool:
    """Whether it is a verb or a participle, not one before a noun (`a paper-backed record`)."""
    is_past = one.is_past and one.token.text not in NOUNS and reading.text_at(one.place - 1) != "-"
    return is_past or _is_verbal(one, reading)


def _is_verbal(one: Item, reading: Reading) -> bool:
    after = reading.at(one.place + 1)
    is_noun = after is not None and (after.token.text in ARTICLES or after.token.is_name or is_plural(after.token.text))
    return (one.token.text == "to" and not is_noun) or (one.is_content and is_predicate(reading, one))


def _head(phrase: Sequence[Item], reading: Reading) -> Item | None:
    """The last noun before the first preposition; nothing where several are joined, or another clause begins."""
    head: Item | None = None
    for one in phrase:
        word = one.token.text
        after = reading.at(one.place + 1)
        is_state = word in STATES and not (after is not None and _is_nominal(after))  # `the up alert`
        if head is not None and (word in PREPOSITIONS or is_state or _is_done(one, reading)):
            return head
        if word in _ENDING or one.token.is_dash or (not one.is_word and word != "-" and not one.is_measured):
            return None
        if _is_nominal(one):
            head = one
    return head
