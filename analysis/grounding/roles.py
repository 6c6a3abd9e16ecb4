"""Who did what to whom: the subject and object of a verb must be those that a cited entry gives it.

The head of the words before the verb and of those after it is held against the words on the same side of that verb in
the entry, or on the other side where one is passive and the other active. Where an entry leaves the voice open
(`Pods deleted`), both sides count.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from analysis.grounding.antecedents import is_named_again, is_pronoun, may_mean
from analysis.grounding.bearing import Places
from analysis.grounding.deeds import HAPPENING
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES
from analysis.grounding.heads import subject_of, thing_of
from analysis.grounding.predicates import RELATIVES, is_able, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.tellers import is_named_after
from analysis.grounding.tokens import Sort
from analysis.grounding.uses import Use, use_of
from analysis.grounding.vocabulary import BREAKS, CHANGING, INCIDENTS, SPEECH

_SELF = frozenset(map(stem, ("fail", "crash", "die", "rise", "fall", "recover", "hang", "happen", "expire")))
#: What takes something back denies nothing.
_REVERSING = frozenset(
    map(
        stem,
        (
            *("undone", "unsealed", "unlocked", "unblocked", "unpaused", "unfrozen", "unmounted", "unplugged"),
            *("unloaded", "uninstalled", "unpinned", "unmuted", "unstuck", "unbanned", "unsubscribed", "understood"),
        ),
    )
)
_EVENTS = ("ion", "ment", "ance", "ence", "al", "ure", "ery")
_DOING = frozenset(stem(word) for word in ("perform", "conduct", "carry"))
#: Words before a verb that name nobody (`63 already captured`).
_STILL = frozenset(["still", "already", "again", "even"])
_US = frozenset(["we", "i"])
_THEIR = frozenset(["their", "its", "his", "her"])
#: What leads to where something is done.
_PLACES = frozenset(["on", "in", "at", "via", "within", "during"])
_BESIDE = 3
_NARROW = 16
_FAR = 60

_Uses = Sequence[tuple[Source, Use]]
_Heads = list[tuple[Item, tuple[bool, ...]]]


def wrong_roles(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* says of something else than the cited entries do."""
    for use in (*_predicates(sentence), *_bare(sentence), *_gerunds(sentence)):
        uses = _uses_of(use.verb, evidence.matching(use.verb))
        for head, sides in _heads(use, sentence) if uses else []:
            is_misplaced = all(_is_misplaced(head, uses, is_acted_on=side, is_state=use.is_state) for side in sides)
            if is_misplaced or _is_of_another(head, sides, use, uses, evidence):
                detail = f"no cited entry says “{use.verb.token.text}” of “{head.token.text}”"
                yield Failure(code=FailureCode.ROLE, detail=detail)


def unfit(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """What no one place of an entry says of both subject and object, without a reserve and without denying it."""
    for use in _predicates(sentence):
        uses = _uses_of(use.verb, borne[use.verb.place])
        heads = [pair for pair in _heads(use, sentence) if _is_known(pair[0], uses)]
        if heads and not any(_fits(heads, use, source, other, borne) for source, other in uses):
            detail = f"no cited entry says “{use.verb.token.text}” of “{heads[-1][0].token.text}” as the sentence does"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def denied_of_all(sentence: Reading, borne: Places) -> Iterator[Failure]:
    """What a sentence denies of a thing, and every entry only of one of a kind (`users who left were not hit`)."""
    said = {key for item in sentence.content for key in item.token.keys}
    for use in _predicates(sentence):
        head = subject_of(use, sentence)
        if head is None or not _is_denial(use.verb):
            continue
        places = [
            (source, one, verb)
            for source, verb in borne[use.verb.place]
            for one in _meant(head, source)
            if _is_denial(verb) and one.segment == verb.segment and 0 < verb.place - one.place <= _NARROW
        ]
        if places and all(_is_narrowed(one, verb, source.reading, said) for source, one, verb in places):
            detail = f"no cited entry denies “{use.verb.token.text}” of every “{head.token.text}”"
            yield Failure(code=FailureCode.QUANTIFIER, detail=detail)


def _is_denial(verb: Item) -> bool:
    return verb.is_negated or (verb.token.text.startswith("un") and verb.token.stem not in _REVERSING)


def _is_narrowed(one: Item, verb: Item, reading: Reading, said: set[str]) -> bool:
    """Whether between a noun and its verb stands what tells which ones, of which the sentence says nothing."""
    between = [other for other in reading.items[one.place + 1 : verb.place] if other.is_content]
    return bool(between) and not any(other.token.keys & said for other in between)


def _predicates(sentence: Reading) -> Iterator[Use]:
    return (
        use_of(sentence, item) for item in sentence.content if is_predicate(sentence, item) or is_able(sentence, item)
    )


def _bare(sentence: Reading) -> Iterator[Use]:
    """Verbs of doing that assert nothing of their own, which need no entry, but where one has them, its subject."""
    return (
        use_of(sentence, item) for item in sentence.items if item.token.stem in _DOING and is_predicate(sentence, item)
    )


def _gerunds(sentence: Reading) -> Iterator[Use]:
    """Forms in -ing with an object (`by scaling the gateway`)."""
    forms = (item for item in sentence.content if item.token.text.endswith("ing") and not is_predicate(sentence, item))
    for use in (use_of(sentence, item) for item in forms):
        if use.is_passive is False:
            after = takewhile(lambda one: not is_predicate(sentence, one), use.after)
            yield replace(use, before=(), subjects=(), after=tuple(after))


def _is_known(head: Item, uses: _Uses) -> bool:
    """Whether an entry that has the verb has *head*, too."""
    return any(source.matching(head) or _is_author(head, source) for source, _ in uses)


def _fits(heads: _Heads, use: Use, source: Source, other: Use, borne: Places) -> bool:
    if len(heads) > 1 and _is_one_noun(heads[0][0], heads[1][0], source, other):
        return False
    return all(
        any(
            _stands(head, source, other, is_acted_on=side, is_state=use.is_state, meant=_borne(head, source, borne))
            for side in sides
        )
        for head, sides in heads
    )


def _is_one_noun(head: Item, thing: Item, source: Source, other: Use) -> bool:
    """Whether an entry has subject and object side by side before the verb (`Controller pods deleted`)."""
    before = [one.place for one in other.before]
    ones, things = ([one.place for one in source.matching(item) if one.place in before] for item in (head, thing))
    return bool(ones and things) and all(abs(one - place) == 1 for one in ones for place in things)


def _borne(head: Item, source: Source, borne: Places) -> tuple[Item, ...] | None:
    """Where an entry names *head* as the sentence does; `None` for what bears nothing out itself."""
    if head.place not in borne or head.token.stem in INCIDENTS:
        return None
    return tuple(one for other, one in borne[head.place] if other is source)


def _uses_of(item: Item, found: Iterable[tuple[Source, Item]]) -> list[tuple[Source, Use]]:
    """How the entries use the verb, or where none has it, others that say the same."""
    places = list(found)
    same = [(source, one) for source, one in places if one.token.stem == item.token.stem]
    if item.token.text.endswith("ing") and not same:  # `refusing writes` of `writes rejected`
        return []
    return [(source, use_of(source.reading, one)) for source, one in same or places]


def _heads(use: Use, sentence: Reading) -> _Heads:
    """Subject and object, each with the sides of a verb on which an entry may have it."""
    subject = subject_of(use, sentence)
    thing = None if use.verb.token.stem in SPEECH else thing_of(use, sentence)
    sides = (True, False) if use.is_passive is None else (use.is_passive,)
    return [*([(subject, sides)] if subject else []), *([(thing, (True,))] if thing else [])]


def _meant(head: Item, source: Source) -> tuple[Item, ...]:
    """Where an entry names *head*; for what the record is about any word for that."""
    if head.token.stem not in INCIDENTS:
        return source.matching(head)
    return tuple(one for word in sorted(INCIDENTS) for one in source.index.get(word, ()) if one.token.stem in INCIDENTS)


def _is_author(head: Item, source: Source) -> bool:
    return any(head.token.keys & one.token.keys for one in source.who.content)


def _does_else(head: Item, meant: tuple[Item, ...], use: Use, source: Source) -> bool:
    """Whether the text of an entry names its author, or whom he is named after, as who did something else."""
    is_told = any(one.token.stem == head.token.stem and _is_subject(one, use, source.reading) for one in meant)
    return is_told or is_named_after(head, meant, source)


def _is_subject(one: Item, use: Use, reading: Reading) -> bool:
    """Whether another verb stands right behind a noun, so that it tells of that one."""
    after = reading.at(one.place + 1)
    return after is not None and after is not use.verb and one.place > use.verb.place and is_predicate(reading, after)


def _is_earlier(source: Source, use: Use) -> bool:
    """Whether the entry tells as past already what its author then need not have done (`had been disabled`)."""
    return any(source.reading.text_at(use.verb.place - back) == "had" for back in range(1, _BESIDE + 1))


def _is_misplaced(head: Item, uses: _Uses, *, is_acted_on: bool, is_state: bool) -> bool:
    """Whether an entry knows *head* and the verb, and none has it where its role would be."""
    if not _is_known(head, uses):
        return False
    return not any(_stands(head, source, use, is_acted_on=is_acted_on, is_state=is_state) for source, use in uses)


def _is_of_another(head: Item, sides: tuple[bool, ...], use: Use, uses: _Uses, evidence: Evidence) -> bool:
    """Whether only another entry names *head*, and each that has the verb names what it tells it of."""
    if _is_known(head, uses) or not any(evidence.matching(head)) or use.verb.token.stem in SPEECH:
        return False
    zones = (
        (source, _zone(other, source.reading, is_acted_on=side, is_state=use.is_state))
        for source, other in uses
        for side in sides
    )
    return all(
        any(one.is_content for one in zone) and not any(is_pronoun(one, source) for one in zone)
        for source, zone in zones
    )


def _stands(
    head: Item,
    source: Source,
    use: Use,
    *,
    is_acted_on: bool,
    is_state: bool,
    meant: tuple[Item, ...] | None = None,
) -> bool:
    meant = _meant(head, source) if meant is None else meant
    wanted = {one.place for one in meant}
    if _is_author(head, source) and not is_acted_on and not _does_else(head, meant, use, source):
        is_own = use.verb.token.stem in _SELF and any(one.is_content for one in use.before)
        return not is_own and not _is_earlier(source, use)
    if is_acted_on is False and use.is_passive and not any(one.is_content for one in use.by):
        return False
    if use.is_passive is bool(is_acted_on) and not use.before and wanted & {one.place for one in use.after}:
        return False  # an entry that does not say who did it, or to whom: not what it names beside
    if (
        use.is_infinitive and is_state and not any(one.is_content for one in use.before)
    ):  # `were slow and unable to run jobs`
        return any(one.segment == use.verb.segment and one.place < use.verb.place for one in meant)
    zone = _zone(use, source.reading, is_acted_on=is_acted_on, is_state=is_state)
    if wanted & {one.place for one in zone} or any(is_named_again(one, meant, source.reading) for one in zone):
        return True
    return _is_owner(head, zone, meant, source) or _is_open_to(use, zone, source, meant)


def _is_owner(head: Item, zone: Sequence[Item], meant: Sequence[Item], source: Source) -> bool:
    """Whether it is whose an entry has a pronoun for (`a case with Adyen, their engineer joined`)."""
    owned = [one for one in zone if source.reading.text_at(one.place - 1) in _THEIR]
    return head.token.is_owner and any(one.place < other.place for one in meant for other in owned)


def _zone(use: Use, reading: Reading, *, is_acted_on: bool, is_state: bool) -> tuple[Item, ...]:
    """The words of an entry among which what has that role stands."""
    if not is_state and use.is_infinitive:
        return use.things if is_acted_on else use.subjects
    if is_state or use.is_state:
        own = () if is_state else use.things if is_acted_on else use.subjects  # `triggers`, a verb of the present
        own = (*use.subjects, *use.things) if not is_state and use.verb.token.text.endswith(_EVENTS) else own
        around = (*use.before[-_BESIDE:], *use.after[:_BESIDE], *own)
        return around if is_state else tuple(_of_noun(use, around, reading))
    if use.is_passive is None:
        return (*use.subjects, *use.things)
    if is_acted_on:
        return use.subjects if use.is_passive else use.things
    if use.is_passive:
        return use.by
    means = (one for one in use.by if one.token.text.endswith("ing"))  # `rolling back mended it` of `by rolling back`
    return (*use.subjects, *means)


def _of_noun(use: Use, around: Sequence[Item], reading: Reading) -> Iterator[Item]:
    """Those around a noun of doing without the place behind what it is of (`pgbouncer restart on db-3`)."""
    if use.verb.token.stem in CHANGING | HAPPENING:  # `a full recovery in many systems` is of the systems
        yield from around
        return
    before, after = reading.at(use.verb.place - 1), reading.text_at(use.verb.place + 1)
    is_of = after == "of" or (before is not None and before.is_content and not before.is_past)
    leads = [one for one in reading.items[use.verb.place + 1 :][:_FAR] if one.token.text in _PLACES]
    end = leads[0].place if is_of and leads and not use.is_passive else len(reading.items)
    yield from (one for one in around if one.place < end)


def _is_open_to(use: Use, zone: Sequence[Item], source: Source, meant: Sequence[Item]) -> bool:
    """Whether one of *meant* may be whom or what an entry leaves out or has a pronoun for: one that it named before."""
    leading = [one for one in zone if one is zone[0] or abs(one.place - use.verb.place) <= _BESIDE]
    is_told_of_us = use.is_passive is False or use.is_state  # `we are against it`
    pronouns = [one for one in leading if is_pronoun(one, source) and not (is_told_of_us and one.token.text in _US)]
    is_one = any(source.reading.text_at(one.place + 1) in {"one", "ones"} for one in zone)
    if not pronouns and not is_one:
        following = source.reading.items[use.verb.place + 1 : use.verb.place + 2]
        is_of = use.is_state and bool(following) and following[0].token.text == "of"  # `the rollout of a feature`
        is_left_out = not any(one.token.text not in _STILL for one in zone) or (
            use.is_passive is None and not use.before and not is_of
        )
        if not zone and _is_counted(use.verb, source.reading) and all(one.place > use.verb.place for one in meant):
            return False
        near = source.reading.items[max(0, use.verb.place - _FAR) : use.verb.place + _FAR]
        back = use.is_state and not any(_is_finite(one, use, source.reading) for one in near)
        own = [one for one in meant if use.verb.segment - back <= one.segment <= use.verb.segment]
        own = [one for one in own if not _is_subject(one, use, source.reading)]
        return is_left_out and any(not use.is_state or _belongs(one, use.verb, source.reading) for one in own)
    pronouns += [one for one in zone if source.reading.text_at(one.place + 1) in {"one", "ones"}]  # `the old one`
    return any(may_mean(pronoun, one) for pronoun in pronouns for one in meant)


def _is_counted(verb: Item, reading: Reading) -> bool:
    """Whether a number alone is what something is done to (`Blocked the /24 at the gateway`)."""
    near = reading.items[verb.place + 1 : verb.place + 4]
    first = next((one for one in near if one.token.text not in ARTICLES | {"/", "#"}), None)
    return first is not None and first.token.sort is Sort.NUMBER


def _is_finite(one: Item, use: Use, reading: Reading) -> bool:
    """Whether the sentence of a noun has a verb, unlike a note (`traffic moved; delivery back at 99%`)."""
    return one.segment == use.verb.segment and one.is_word and is_predicate(reading, one)


def _belongs(one: Item, noun: Item, reading: Reading) -> bool:
    """Whether it stands before what a noun tells, or behind it before another clause (`delays when starting jobs`)."""
    between = reading.items[noun.place + 1 : one.place]
    return not any(_begins_clause(other, reading) or is_predicate(reading, other) for other in between)


def _begins_clause(one: Item, reading: Reading) -> bool:
    after = reading.items[one.place + 1 : one.place + 2]
    is_short = bool(after) and after[0].token.text.endswith("ing")
    return one.token.text in RELATIVES or (one.token.text in BREAKS and not is_short)
