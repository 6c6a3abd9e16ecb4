"""What a note tells as still to be done without a verb: `invoices still to be sent`, `analysis due tomorrow`.

And what something was done for: a purpose need not have been reached.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, takewhile

from analysis.grounding.forms import ARTICLES, BE, DEMONSTRATIVES, POSSESSIVES, PRESENT_OF_BE, UNCHANGED, WAS, is_plural
from analysis.grounding.predicates import NOUNS, PREPOSITIONS, is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import BEGUN, NEUTRAL, OBSERVING, SPEECH, TASKS

_NEAR = 6
_FAR = 60
_CONTINUE = stem("continue")
_IS = WAS | PRESENT_OF_BE
#: Behind a noun they tell that it is still to come.
_OUTSTANDING = frozenset(
    ["planned", "scheduled", "due", "outstanding", "pending", "overdue", "postponed", "awaited", "deferred"]
)
#: When what is to come will be so.
_TO_COME = frozenset(["tomorrow", "tonight"])
_SPANS = frozenset(["week", "month", "day", "quarter", "year", "sprint", "release", "window", "morning"])
_COULD = frozenset(["could", "would", "had", "did"])
_FEWEST = 2
#: What has to be done is told by these before an infinitive.
_LEFT = frozenset(["left", "remaining", "still", "remains", "remain"])
_DETERMINERS = ARTICLES | DEMONSTRATIVES | POSSESSIVES | {"all", "any", "every", "each", "both"}
#: Steps that somebody takes on a thing, so that `for its inspection` is why something else was done.
_STEPS = TASKS | frozenset(
    map(stem, ("test", "inspect", "inspection", "analyse", "renew", "clean", "rotate", "refill"))
)
#: Verbs behind which an infinitive tells what was done, or what was found, not what for.
_REACHING = (
    BEGUN
    | OBSERVING
    | (SPEECH - frozenset(map(stem, ("add", "post", "share", "message", "forward"))))
    | frozenset(
        map(
            stem,
            (
                *("able", "manage", "fail", "have", "need", "continue", "cause", "force", "lead", "allow", "enable"),
                *("help", "come", "tend", "use", "seem", "appear", "get", "prove", "succeed", "let", "make", "happen"),
                *("know", "turn", "suffice", "serve", "start", "began", "resume", "go", "time", "enough", "attribute"),
            ),
        )
    )
)


def is_to_come(words: Sequence[Item]) -> bool:
    """Whether a clause without a past says when something will be so (`retry next week`, `secondary tomorrow`)."""
    is_named = any(
        one.token.text in _TO_COME or (one.token.text == "next" and after.token.text in _SPANS)
        for one, after in zip(words, (*words[1:], words[-1]), strict=True)
    )
    return is_named and not any(_is_over(one) for one in words)


def _is_over(one: Item) -> bool:
    return (one.is_past and one.token.text not in NOUNS) or one.token.text in {"to", "until", "till"}


def pending(reading: Reading, parts: list[int]) -> Iterator[int]:
    """The places of what is told as still to be done without a verb, and of purposes."""
    for _, clause in groupby(reading.items, key=lambda one: one.clause):
        words = list(clause)
        if is_to_come(words):
            yield from (one.place for one in words)
    for item in reading.items:
        if any(is_so(reading, item, parts) for is_so in (_is_until, _is_left, _is_purpose, _is_aim)):
            yield from _behind(reading, item, parts)
        elif _is_outstanding(reading, item):
            yield from (one.place for one in _before(reading, item, parts) if not one.is_past)
        elif _is_step_for(reading, item):
            yield item.place


def _behind(reading: Reading, cue: Item, parts: list[int]) -> Iterator[int]:
    rest = takewhile(lambda one: parts[one.place] == parts[cue.place], reading.items[cue.place + 1 : cue.place + _FAR])
    return (one.place for one in rest)


def _before(reading: Reading, cue: Item, parts: list[int]) -> list[Item]:
    """The words of the part of *cue* before it, back to its last verb."""
    back = reversed(reading.items[max(0, cue.place - _FAR) : cue.place])
    own = takewhile(lambda one: parts[one.place] == parts[cue.place - 1] and not _is_done(reading, one), back)
    return [one for one in own if one.is_word]


def _part_before(reading: Reading, item: Item, parts: list[int]) -> list[Item]:
    near = reading.items[max(0, item.place - _FAR) : item.place]
    return [one for one in near if parts[one.place] == parts[item.place]]


def _is_done(reading: Reading, one: Item) -> bool:
    """Whether it is a verb that tells what was done, that of a note among them (`Closed the bridge`)."""
    if not one.is_content or not one.is_past or reading.text_at(one.place + 1) == "-":
        return False
    return reading.is_first(one) or is_predicate(reading, one)


def _is_aim(reading: Reading, item: Item, parts: list[int]) -> bool:
    """Whether it is the `that` of `so that the hall can be cleared`, which tells nothing as past."""
    if (reading.text_at(item.place - 1), item.token.text) != ("so", "that"):
        return False
    rest = {reading.items[place].token.text for place in _behind(reading, item, parts)}
    return bool(rest & (PRESENT_OF_BE | {"can", "could", "may", "might"})) and not rest & WAS


def _is_until(reading: Reading, item: Item, parts: list[int]) -> bool:
    """Whether `until` or, behind a deed, `so` begins what is told of no past (`raised it so nothing expires`)."""
    if item.token.text not in {"until", "till", "so"}:
        return False
    rest = [reading.items[place] for place in _behind(reading, item, parts)]
    texts = {one.token.text for one in rest}
    if texts & (WAS | _COULD) or len(rest) < _FEWEST:
        return False
    if item.token.text != "so":
        return bool(texts & (PRESENT_OF_BE | {"has", "have"})) or _is_acting(rest)
    near = reading.items[max(0, item.place - _FAR) : item.place]
    first = next((one for one in near if one.segment == item.segment), None)
    is_deed = first is not None and reading.is_first(first) and (first.is_past or first.token.text in UNCHANGED)
    is_deed = is_deed and not any(one.is_past for one in rest)
    return is_deed and any(one.token.text in PRESENT_OF_BE or is_plural(one.token.text) for one in rest[1:3])


def _is_acting(rest: Sequence[Item]) -> bool:
    """Whether somebody does something in the present (`until risk approves the change`), and nothing was done."""
    is_present = any(
        one.is_content and not is_plural(one.token.text) and is_plural(after.token.text) and after.is_content
        for one, after in pairwise(rest)
    )
    return is_present and not any(one.is_past and one.token.text not in NOUNS for one in rest)


def _is_left(reading: Reading, item: Item, parts: list[int]) -> bool:
    """Whether it is the `to` of `still to be sent` or `left to send`, where no verb makes it a fact."""
    before, after = reading.text_at(item.place - 1), reading.at(item.place + 1)
    if item.token.text != "to" or after is None:
        return False
    own = _part_before(reading, item, parts)
    is_bare = any(one.is_content for one in own) and not any(_is_deciding(reading, one) for one in own[:-1])
    if after.token.text == "be":
        participle = reading.at(item.place + 2)
        is_told = {reading.text_at(item.place - 1), reading.text_at(item.place - 2)} & BE  # `were still to be sent`
        is_so = own[-1].is_past or own[-1].token.stem == _CONTINUE
        return bool(is_bare or is_told) and participle is not None and participle.is_past and not is_so
    return before in _LEFT and after.is_content and (is_bare or before == "still")


def _is_deciding(reading: Reading, one: Item) -> bool:
    """Whether it is a verb that what follows depends on (`was found to be`, `causing it to be deleted`)."""
    is_verb = one.token.text in BE or one.token.text.endswith("ing") or one.token.stem in _REACHING
    return is_verb or _is_done(reading, one)


def _is_outstanding(reading: Reading, item: Item) -> bool:
    """Whether a noun stands before it, and none that it is only said of behind it (`a planned restart`)."""
    before, after = reading.at(item.place - 1), reading.at(item.place + 1)
    if item.token.text not in _OUTSTANDING or before is None or not (before.is_content or before.token.text in _IS):
        return False
    if item.token.text == "due" and after is not None and after.token.text == "to":
        return False
    if item.token.text == "pending" and after is not None and after.is_word:
        return False
    return after is None or not after.is_content or after.token.text in PREPOSITIONS or _is_time(after)


def _is_time(after: Item) -> bool:
    return after.is_measured or after.token.text in {"tomorrow", "tonight", "today", "monday", "later", "next"}


def _is_step_for(reading: Reading, item: Item) -> bool:
    """Whether it is a step behind `for` or `pending` (`closed for the inspection of the cables`)."""
    if item.is_past or item.token.stem not in _STEPS or item.token.text.endswith("ing"):
        return False
    near = reversed(reading.items[max(0, item.place - _NEAR) : item.place])
    lead = next((one for one in near if one.token.text not in _DETERMINERS and not one.is_measured), None)
    return lead is not None and lead.token.text in {"for", "pending", "awaiting"}


def _is_purpose(reading: Reading, item: Item, parts: list[int]) -> bool:
    """Whether an infinitive with an object tells what something was done for (`sent a diver to free the propeller`)."""
    verb, thing = reading.at(item.place + 1), reading.at(item.place + 2)
    if item.token.text != "to" or verb is None or thing is None or not verb.is_content or verb.token.is_name:
        return False
    if verb.is_past or verb.token.text.endswith("s") or not (thing.token.text in _DETERMINERS or thing.is_content):
        return False
    before = _part_before(reading, item, parts)
    done = [one for one in before if _is_done(reading, one)]
    if not done or done[-1].token.stem in _REACHING or thing.token.stem in NEUTRAL:
        return False
    is_place = before[-1] is done[-1] and thing.token.text not in _DETERMINERS  # `sent to manual review`
    is_step = before[-1].token.stem in TASKS  # `applied a fix to remove it`
    is_reached = any(one.token.stem in _REACHING or one.token.text in BE | {"how", "had"} for one in before[-2:])
    return not (is_place or is_step or is_reached)
