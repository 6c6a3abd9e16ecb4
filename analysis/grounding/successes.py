"""What worked: told of an attempt, `worked` says that it succeeded, which some entry has to tell.

`Work` asserts nothing where people are at something, so that no other check holds it against an entry.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from analysis.grounding.deeds import Half
from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, POSSESSIVES, is_plural
from analysis.grounding.halves import halves
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import ACTORS, BREAKS, PARTICLES, RIGHT_AGAIN, SUPPOSING

_WORKED = frozenset(["worked", "works"])
_WORK = stem("work")
#: Behind these it tells what somebody was at, or how long.
_AT = frozenset(
    [
        *("on", "with", "to", "at", "from", "as", "towards", "toward", "through", "around", "together", "overnight"),
        *("alongside", "closely", "hard", "out", "off", "up", "under", "late", "over", "against"),
    ]
)
#: By what states an entry tells that something works.
_WELL = (RIGHT_AGAIN - frozenset(map(stem, ("up", "open", "running")))) | frozenset(
    map(
        stem,
        (
            *("succeed", "success", "successful", "help", "effective", "pass", "unaffected", "untouched", "good"),
            *("well", "respond", "answer", "green", "clean", "okay", "gone", "clear", "normally", "intended"),
        ),
    )
)
#: As done they tell that it came off, even behind `tried` or `attempt`.
_DONE = frozenset(map(stem, ("work", "succeed", "help")))
#: And by what was done, where that is not what somebody did (`fixed the parser`).
_ENDED = frozenset(
    map(
        stem,
        (
            *(
                "fix",
                "solve",
                "resolve",
                "mitigate",
                "cure",
                "heal",
                "finish",
                "complete",
                "pass",
                "recover",
                "restore",
            ),
            *("resume", "clear", "disappear", "vanish"),
        ),
    )
)
_THERE = frozenset(["gone", "unaffected", "untouched"])
_BACK = frozenset(["back", "live", "up"])
#: Behind these it is a noun.
_NOMINAL = ARTICLES | POSSESSIVES | {"of", "to", "for", "with"}
_NEAR = 8
_MODALS = frozenset(["may", "might", "could", "would", "should", "must"])


def claimed_successes(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`The restart worked` of an entry that tells of a restart, and not what came of it."""
    for verb in sentence.items:
        if verb.token.text not in _WORKED or verb.is_negated or _is_effort(verb, sentence):
            continue
        before = list(_before(verb, sentence))
        if any(one.token.stem in ACTORS | SUPPOSING or one.token.text in _MODALS for one in before):
            continue
        subjects = [one for one in before if one.is_content]
        if not any(_is_told(subjects, source) for source in evidence.sources):
            yield Failure(code=FailureCode.CERTAINTY, detail=f"no cited entry tells that it {verb.token.text}")


def _is_effort(verb: Item, sentence: Reading) -> bool:
    """Whether it tells what somebody was at (`worked on a fix`, `worked for 3 h`)."""
    after = sentence.text_at(verb.place + 1)
    behind = sentence.at(verb.place + 2)
    return after in _AT or (after == "for" and behind is not None and behind.is_measured)


def _before(verb: Item, sentence: Reading) -> Iterator[Item]:
    """The words of its clause before a verb, back to a connective."""
    back = reversed(sentence.items[: verb.place])
    return takewhile(lambda one: one.clause == verb.clause and one.token.text not in BREAKS | {"that", "and"}, back)


def _is_told(subjects: Sequence[Item], source: Source) -> bool:
    """Whether an entry tells of a subject, in one half of a sentence, that it is well."""
    words = [places for item in subjects if (places := {one.place for one in source.matching(item)})]
    for own in halves(source.reading):
        for half in own:
            good = {one.place for one in half.items if _is_good(one, source.reading)}
            is_about = all(places & (half.places | half.deeds) for places in words)
            if good and (is_about or _is_bare(half, good)):
                return True
    return False


def _is_bare(half: Half, good: set[int]) -> bool:
    """Whether a half names nothing that is well (`works again`), so that it is what stands before it."""
    rest = (one for one in half.items if one.place not in good and one.token.text not in PARTICLES)
    return not any(one.is_content for one in rest)


def _is_good(one: Item, reading: Reading) -> bool:
    is_done = one.is_past and one.token.stem in _DONE  # `the second attempt succeeded`
    if one.is_negated or one.is_prevented or not one.is_word or (one.is_tentative and not is_done):
        return False
    if one.is_past and one.token.text not in _THERE:
        is_ended = one.token.stem in _ENDED and (not reading.is_first(one) or reading.text_at(one.place + 1) == "by")
        return (is_done and not _is_effort(one, reading)) or is_ended
    if _is_before_noun(one, reading):
        return False
    if one.token.stem == _WORK:
        return _is_working(one, reading)
    before = reading.at(one.place - 1)
    is_back = one.token.text in _BACK and not (before is not None and before.is_past)  # not `rolled back`
    return is_back or one.token.stem in _WELL


def _is_before_noun(one: Item, reading: Reading) -> bool:
    """Whether it only tells which thing is meant (`moved traffic to the healthy nodes`)."""
    after = reading.at(one.place + 1)
    if after is None or not after.is_content or after.token.stem in _WELL | {_WORK} or after.is_past:
        return False
    return not (after.token.text in PARTICLES or after.token.text.endswith("ly"))


def _is_working(one: Item, reading: Reading) -> bool:
    """Whether it is the verb of what works, not what somebody is at nor a noun (`maintenance work`)."""
    if one.token.text in {"works", "working"}:
        return not _is_effort(one, reading)
    near = [other.token.text for other in reading.items[max(0, one.place - _NEAR) : one.place]]
    last = reading.at(one.place - 1)
    if last is None or _is_effort(one, reading) or last.token.text in _NOMINAL:
        return False
    is_several = is_plural(last.token.text) or "and" in near  # `card payments and the login work`
    return is_several or not (last.is_content or last.is_measured)
