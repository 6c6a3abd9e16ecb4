"""Who did what to whom: the subject and object of a verb must be those that a cited entry gives it.

Without a parser, so only what word order and voice show is compared: the head of the words before the verb and of
those after it, against the words on the same side of that verb in the entry, or on the other side where one is
passive and the other active. Where an entry leaves the voice open (`Pods deleted`), both sides count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import IRREGULAR, stem
from analysis.grounding.tokens import Sort
from analysis.grounding.vocabulary import ACTORS, NEUTRAL, PARTICLES, SPEECH

_BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "got", "get", "gets"])
_HAVE = frozenset(["has", "have", "had"])
_PREPOSITIONS = frozenset(
    [
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "into",
        "onto",
        "within",
        "during",
        "through",
        "via",
        "over",
        "under",
        "between",
        "as",
        "about",
        "against",
        "after",
        "before",
    ]
)
_RELATIVES = frozenset({"which", "that", "who"})
_PRONOUNS = frozenset(["it", "this", "these", "they", "them", "he", "she", "we", "which", "that", "who"])
_STOPS = _PREPOSITIONS | _RELATIVES
_STATES = frozenset(
    [
        "late",
        "empty",
        "full",
        "slow",
        "stuck",
        "offline",
        "online",
        "high",
        "low",
        "normal",
        "dead",
        "wrong",
        "fine",
        "stable",
        "unreachable",
        "inaccessible",
    ]
) | frozenset(["up", "down", "healthy", "unhealthy", "available", "unavailable", "ready", "operational", "back"])
_EVENTS = ("ion", "ment", "ance", "ence", "al", "ure", "ery")
_SUFFIXES = ("able", "ible", "ive", "ous", "ful", "al", "y", "ed")
#: What leads to a place, a way or a source: what stands behind one is neither the subject nor the object.
_ASIDE = frozenset(
    ["from", "in", "on", "at", "for", "with", "via", "through", "during", "within", "to", "into", "onto"]
)
#: Those that may belong to the verb right before them (`responded to the alert`).
_VERBAL = frozenset(["to", "into", "on", "onto", "at", "with"])
_ADDRESSING = frozenset(["to", "with"])
#: Verbs whose subject is whoever does what follows (`decided not to patch`).
_WILLING = frozenset(stem(word) for word in ("decide", "agree", "refuse", "try", "attempt", "choose", "plan"))
_SELF = frozenset(
    stem(word) for word in ("fail", "crash", "die", "rise", "fall", "recover", "hang", "happen", "expire")
)
#: Verbs of the present behind which another clause begins (`logs show the pool is full`).
_SHOWING = frozenset(
    [
        *("show", "shows", "indicate", "indicates", "reveal", "reveals", "suggest", "suggests", "says", "confirm"),
        *("confirms", "finds", "thinks", "think"),
    ]
)
#: Irregular forms that are nouns.
_NOUNS = frozenset(["data", "people", "children", "indices", "indexes", "discovery", "recovery", "delivery"])
_BESIDE = 3
_FAR = 60
_ADVERBS = frozenset(["not", "also", "again", "still", "already", "now", "just", "yet", "never", "always"])
#: What leads to a noun, so that a participle behind it is no verb.
_LEADING = frozenset(["a", "an", "the", "all", "some", "any", "no", "each", "every", "both", "several", "many", "most"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A verb in its place: the words before and after it, and whether it is passive; `None` where that is open.

    `subjects` and `things` are those of them before a place or a way is named.
    """

    verb: Item
    subjects: tuple[Item, ...]
    things: tuple[Item, ...]
    before: tuple[Item, ...]
    after: tuple[Item, ...]
    by: tuple[Item, ...]
    is_passive: bool | None
    is_state: bool
    is_infinitive: bool


def wrong_roles(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """What *sentence* says of something else than the cited entries do."""
    for item in sentence.content:
        if not is_predicate(sentence, item):
            continue
        use = _use(sentence, item)
        found = list(evidence.matching(item))
        same = [(source, one) for source, one in found if one.token.stem == item.token.stem]
        if item.token.text.endswith("ing") and not same:  # `refusing writes` of `writes rejected`
            continue
        uses = [(source, _use(source.reading, one)) for source, one in same or found]
        subject, thing = _said_of(_head(use.before, sentence), use.before), _said_of(_object(use, sentence), ())
        is_patient = bool(use.is_passive)
        is_open = use.is_passive is None
        thing = None if item.token.stem in SPEECH else thing
        for head, sides in ((subject, (True, False) if is_open else (is_patient,)), (thing, (True,))):
            if head and all(_is_misplaced(head, uses, is_acted_on=side, is_state=use.is_state) for side in sides):
                detail = f"no cited entry says “{item.token.text}” of “{head.token.text}”"
                yield Failure(code=FailureCode.ROLE, detail=detail)


def is_predicate(reading: Reading, item: Item) -> bool:
    """Whether the word is the verb, or the state after `was`, of its clause; not one before a noun."""
    is_phrase = item.token.text.partition(" ")[0] in _BE
    return is_phrase or _has_be(reading, item) or _is_active(reading, item)


def _is_active(reading: Reading, item: Item) -> bool:
    word = item.token.text
    if not (word.endswith("ed") or (word in IRREGULAR and not word.endswith("s"))) or not item.place or word in _NOUNS:
        return False
    if item.token.is_name:  # `Managed Rules`
        return False
    before = _without_adverbs(reading, item.place)
    return before is not None and before.is_word and (before.token.text not in _STOPS | _LEADING)


def _has_be(reading: Reading, item: Item) -> bool:
    before = _without_adverbs(reading, item.place)
    word = item.token.text
    is_form = word.endswith(("ed", "ing")) or word in IRREGULAR or word in _STATES or word.endswith(_SUFFIXES)
    after = reading.items[item.place + 1] if item.place + 1 < len(reading.items) else None
    is_attribute = (
        after is not None
        and after.is_content
        and not (after.token.text.endswith(("ly", "ing")) or _is_adverb(after))
        and word not in IRREGULAR
        and not word.endswith("ing")
    )
    return is_form and before is not None and before.token.text in _BE and not is_attribute


def _without_adverbs(reading: Reading, place: int) -> Item | None:
    """The item before *place*, adverbs and `not` passed over."""
    for item in reversed(reading.items[max(0, place - 4) : place]):
        if item.token.sort is Sort.WORD and (item.token.text.endswith("ly") or item.token.text in _ADVERBS):
            continue
        return item
    return None


def _use(reading: Reading, item: Item) -> _Use:
    near = reading.items[max(0, item.place - _FAR) : item.place + _FAR]
    words = [one for one in near if one.clause == item.clause]
    before = _cut_before(reading, _named(reading, [one for one in words if one.place < item.place]))
    after = _cut_after(reading, [one for one in words if one.place > item.place])
    has_by = next((place for place, one in enumerate(after) if one.token.text == "by"), None)
    by = after[has_by:] if has_by is not None else []
    word = item.token.text
    is_past = word.endswith("ed") or word in IRREGULAR
    is_state = not is_past and not word.endswith("ing")
    is_passive: bool | None = None
    is_by = is_past and bool(after) and after[0].token.text == "by"
    if is_by or (_has_be(reading, item) and (is_past or is_state)):
        is_passive = True
    elif is_past and (_has_object(after) or _is_addressed(before, after) or _is_willed(item, after)):
        is_passive = False
    is_verbal = bool(after) and after[0].token.text in _VERBAL
    return _Use(
        verb=item,
        subjects=_telling([*(_until_aside(before) or before), *_of_gerund(item, before)]),
        things=_telling(after[:1] + _until_aside(after[1:]) if is_verbal else _until_aside(after)),
        before=_telling(before),
        after=_telling(after),
        by=tuple(one for one in by if one.is_content),
        is_passive=is_passive,
        is_state=is_state,
        is_infinitive=is_state and bool(item.place) and reading.items[item.place - 1].token.text == "to",
    )


def _of_gerund(item: Item, before: Sequence[Item]) -> list[Item]:
    """The words behind the last preposition before a verb in -ing (`a problem with ADSync assuming roles`)."""
    asides = [place for place, one in enumerate(before) if one.token.text in _ASIDE]
    return list(before[asides[-1] :]) if asides and item.token.text.endswith("ing") else []


def _telling(words: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(one for one in words if one.is_content or one.token.stem in NEUTRAL or one.token.text in _PRONOUNS)


def _until_aside(words: Sequence[Item]) -> list[Item]:
    """The words up to the first that leads to a place or a way; `up to` leads to an amount."""
    ups = {one.place + 1 for one in words if one.token.text == "up"}
    return list(takewhile(lambda one: one.token.text not in _ASIDE or one.place in ups, words))


def _has_object(after: Sequence[Item]) -> bool:
    first = next(iter(after), None)
    return (
        first is not None
        and first.is_word
        and not (first.token.text.endswith("ed") or _is_adverb(first))
        and first.token.text not in _STOPS | {"and"}
        and (first.is_content or first.token.text in {"a", "an", "the", "its", "their", "all", "no", "some"})
    )


def _is_addressed(before: Sequence[Item], after: Sequence[Item]) -> bool:
    """Whether a verb without a subject has somebody whom it is done to (`Responded to the customer`)."""
    return not before and bool(after) and after[0].token.text in _ADDRESSING


def _is_willed(item: Item, after: Sequence[Item]) -> bool:
    following = [one.token.text for one in after[:2]]
    return item.token.stem in _WILLING and "to" in following


def _cut_before(reading: Reading, words: list[Item]) -> list[Item]:
    """From the last `and`, `that` or other predicate on, if a subject lies behind it; else up to there."""
    for place in range(len(words) - 1, -1, -1):
        one = words[place]
        own = words[place + 1 :]
        if own and own[0].token.text in _ASIDE and one.is_content and not _has_be(reading, one):
            continue  # `certificates applied to ADFS expire`
        if _is_relative(reading, one) or (one.is_content and is_predicate(reading, one)):
            behind = own if any(other.is_content or other.token.stem in NEUTRAL for other in own) else []
            return [*_antecedent(reading, words[:place], one, behind), *behind]
        if one.token.text == "and" and any(
            other.is_content and is_predicate(reading, other) for other in words[:place]
        ):
            return own if any(other.is_content or other.token.stem in NEUTRAL for other in own) else []
    return words


def _named(reading: Reading, words: list[Item]) -> list[Item]:
    """The noun for the `which` or `who` behind it (`a deployment which introduced a query`)."""
    if not words or words[0].token.text not in {"which", "who"} or any(one.is_content for one in words):
        return words
    before = reading.items[max(0, words[0].place - _FAR) : words[0].place]
    nouns = list(reversed(list(takewhile(lambda one: one.is_content, reversed(before)))))
    return nouns or words


def _antecedent(reading: Reading, words: list[Item], cut: Item, behind: list[Item]) -> list[Item]:
    """What a relative clause is about: the noun before `that` (`a change that added latency`, `that was … was …`)."""
    thats = [one.place for one in [*words, cut] if one.token.text == "that" and _is_relative(reading, one)]
    if not thats or (behind and cut.token.text == "that"):
        return []
    nouns = takewhile(lambda one: one.is_content, reversed([one for one in words if one.place < thats[-1]]))
    return list(reversed(list(nouns))) if cut.token.text == "that" else [one for one in words if one.place < thats[-1]]


def _is_relative(reading: Reading, one: Item) -> bool:
    """`that` and `who`, but not in `of that customer`."""
    before = reading.items[one.place - 1].token.text if one.place else ""
    if one.token.text in _SHOWING and one.place:
        return True
    return one.token.text in _RELATIVES and before not in _PREPOSITIONS


def _cut_after(reading: Reading, words: list[Item]) -> list[Item]:
    """Up to the first `and` with another predicate behind it."""
    for place, one in enumerate(words):
        if one.token.text == "and" and any(
            other.is_content and is_predicate(reading, other) for other in words[place:]
        ):
            return words[:place]
    return words


def _head(words: Sequence[Item], reading: Reading) -> Item | None:
    """The noun that a subject is about: the last word before its first preposition, one behind such a beginning."""
    head: Item | None = None
    for one in words:
        if head is not None and any(other.token.text in _STOPS for other in reading.items[head.place + 1 : one.place]):
            return head
        if one.place and _starts_with_preposition(reading, one) and head is None:
            continue
        if not is_predicate(reading, one) and not one.token.text.endswith("ly") and not _is_adverb(one):
            head = one
    return head


def _said_of(head: Item | None, words: Sequence[Item]) -> Item | None:
    """*head*, unless it asserts nothing itself, or the words are about doing something (`deleting the account`)."""
    is_gerund = bool(words) and words[0].token.text.endswith("ing")
    if head is None or is_gerund:
        return None
    if not head.is_content:  # `the Okta team`: the word before tells which
        is_actor = head.token.stem in ACTORS
        names = [one for one in words if one.place == head.place - 1 and (one.token.is_name or is_actor)]
        return names[0] if names else None
    return head


def _is_author(head: Item, source: Source) -> bool:
    return any(head.token.keys & one.token.keys for one in source.who.content)


def _is_earlier(source: Source, use: _Use) -> bool:
    """Whether the entry tells as past already what its author then need not have done (`had been disabled`)."""
    near = source.reading.items[max(0, use.verb.place - _BESIDE) : use.verb.place]
    return any(one.token.text == "had" for one in near)


def _starts_with_preposition(reading: Reading, one: Item) -> bool:
    before = [
        other
        for other in reading.items[max(0, one.place - _FAR) : one.place]
        if other.clause == one.clause and other.is_word
    ]
    return bool(before) and before[0].token.text in _PREPOSITIONS


def _object(use: _Use, reading: Reading) -> Item | None:
    """The last word of what follows an active verb, up to the first preposition."""
    if use.is_passive is not False:
        return None
    head: Item | None = None
    for one in use.after:
        if head is not None and any(
            not other.is_word or other.token.text in _STOPS | {"and"}
            for other in reading.items[head.place + 1 : one.place]
        ):
            return head
        if not _is_adverb(one):
            head = one
    return head


def _is_adverb(one: Item) -> bool:
    """A particle or a phrase that says how (`one after another`)."""
    return one.token.text in PARTICLES or " " in one.token.text


def _is_misplaced(head: Item, uses: Sequence[tuple[Source, _Use]], *, is_acted_on: bool, is_state: bool) -> bool:
    """Whether an entry knows *head* and the verb, and none has it where its role would be."""
    if not any(source.matching(head) or _is_author(head, source) for source, _ in uses):
        return False
    return not any(_stands(head, source, use, is_acted_on=is_acted_on, is_state=is_state) for source, use in uses)


def _stands(head: Item, source: Source, use: _Use, *, is_acted_on: bool, is_state: bool) -> bool:
    wanted = {one.place for one in source.matching(head)}
    if _is_author(head, source) and not is_acted_on:
        is_own = use.verb.token.stem in _SELF and any(one.is_content for one in use.before)
        return not is_own and not _is_earlier(source, use)
    if is_acted_on is False and use.is_passive and not use.by:
        return False
    if use.is_passive is bool(is_acted_on) and not use.before and wanted & {one.place for one in use.after}:
        return False  # an entry that does not say who did it, or to whom: not what it names beside
    if not is_state and use.is_infinitive:
        zone = use.things if is_acted_on else use.subjects
    elif is_state or use.is_state:
        own = () if is_state else use.things if is_acted_on else use.subjects  # `triggers`, a verb of the present
        own = (*use.subjects, *use.things) if not is_state and use.verb.token.text.endswith(_EVENTS) else own
        zone = (*use.before[-_BESIDE:], *use.after[:_BESIDE], *own)
    elif use.is_passive is None:
        zone = (*use.subjects, *use.things)
    elif is_acted_on:
        zone = use.subjects if use.is_passive else use.things
    else:
        zone = use.by if use.is_passive else use.subjects
    is_vague = (
        not zone or (use.is_passive is None and not use.before) or any(one.token.text in _PRONOUNS for one in zone)
    )
    return is_vague or bool(wanted & {one.place for one in zone})
