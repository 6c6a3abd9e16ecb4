"""Words that only join, carry or place what entries say: `again` of what is well, `held a lock`, `per hour`."""

from itertools import pairwise

from analysis.grounding.evidence import Evidence
from analysis.grounding.forms import BE
from analysis.grounding.measures import Measured
from analysis.grounding.reading import Item, Reading
from analysis.grounding.stems import stem
from analysis.grounding.synonyms import contraries
from analysis.grounding.tokens import Sort
from analysis.grounding.units import SECONDS
from analysis.grounding.vocabulary import (
    COMPANIES,
    HEDGES,
    LARGEST,
    LIGHT,
    POSTS,
    PREVENTING,
    RIGHT_AGAIN,
)

_BEHIND = 4

_OURS = frozenset(["us", "we", "our", "ours"])
_LITTLE = frozenset(["little", "bit"])
_READING = frozenset(["reading", "saying", "titled", "entitled", "worded"])
_SOUNDING = frozenset(stem(word) for word in ("fired", "raised", "sounded", "tripped"))
_GOING_ON = frozenset(["being", "stay", "stays", "stayed", "remain", "remains", "remained", "kept"])
_PAGE = stem("statuspage")
_RETURN = stem("return")
_CONTINUE = stem("continue")
_FAILURE = stem("failure")
_ALERT = stem("alert")


def is_framing(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Words that only join what entries say: `again` of what is well, `already` of a given time, `a little over`."""
    following = sentence.text_at(item.place + 1)
    match item.token.text:
        case word if word == "again" or word.endswith(" back") or (item.token.stem == _RETURN and following == "to"):
            is_framing = _is_well(item, sentence, evidence)
        case "already":
            is_framing = any(one.sort in {Measured.CLOCK, Measured.LENGTH} for one in sentence.measures)
        case "still":
            is_framing = _is_going_on(item, sentence, evidence)
        case "up":
            is_framing = following == "to" and _is_until(item, sentence)
        case "keep" | "kept":
            is_framing = _is_kept(following, evidence) or _is_prevented(item, sentence, evidence)
        case word if word in COMPANIES:
            is_framing = _is_company(evidence)
        case "attempt" | "attempts":
            is_framing = _is_failed(item, sentence, evidence)
        case word:
            is_framing = (
                (word in _LITTLE and following in HEDGES.keys() | {"before", "after"})
                or (word in _READING and following in {"“", '"', ":"})
                or (word in LARGEST and any(("up", "to") in pairwise(_words(one.reading)) for one in evidence.sources))
                or _is_light(item, sentence, evidence)
                or _is_leading(item, following, sentence, evidence)
                or (word in POSTS and any(_PAGE in source_.about for source_ in evidence.sources))
                or _is_sounding(item, sentence, evidence)
            )
    return is_framing


def _is_failed(attempt: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`the attempt` in a clause of a failure that an entry has, too."""
    is_failure = any(one.token.stem == _FAILURE for one in sentence.clause_of(attempt))
    return is_failure and any(_FAILURE in source_.index for source_ in evidence.sources)


def _is_light(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """A verb that only carries a noun, where an entry has that noun as a verb (`held a lock` for `locked`)."""
    before = sentence.at(item.place - 1)
    is_passive = before is not None and before.token.text in BE
    reach = range(item.place - _BEHIND, item.place) if is_passive else range(item.place + 1, item.place + _BEHIND)
    noun = next((one for one in sentence.content if one.place in reach), None)
    if item.token.stem not in LIGHT or noun is None:
        return False
    return any(one.token.text.endswith(("ed", "ing")) for _, one in evidence.matching(noun))


def _is_leading(item: Item, following: str, sentence: Reading, evidence: Evidence) -> bool:
    """`followed` before `by`, `brought` before `no`, `reached` before an amount of an entry, `hour` behind `per`."""
    match item.token.text:
        case "followed":
            return following == "by"
        case "brought":
            return following == "no"
        case "reached":
            amounts = {one.value for one in sentence.measures if one.start == item.place + 1}
            return any(one.value in amounts for source_ in evidence.sources for one in source_.reading.measures)
        case word:
            is_rate = word in SECONDS and sentence.text_at(item.place - 1) == "per"
            return is_rate and any(word in _words(one.reading) for one in evidence.sources)


def _words(reading: Reading) -> list[str]:
    return [one.token.text for one in reading.items]


def _is_company(evidence: Evidence) -> bool:
    """Whether the entries speak of `us`, or name only one that may be a company."""
    items = [one for source_ in evidence.sources for one in source_.reading.items]
    names = {one.token.text for one in items if one.token.is_name and one.token.sort is Sort.WORD}
    return len(names) == 1 or any(one.token.text in _OURS for one in items)


def _is_kept(following: str, evidence: Evidence) -> bool:
    """`kept flapping`, unless an entry has that as stopped."""
    stems = {one.token.stem for source_ in evidence.sources for one in source_.reading.items}
    return following.endswith("ing") and not stems & contraries(_CONTINUE)


def _is_prevented(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`keep it from` of what an entry says was prevented."""
    rest = [one.token.text for one in sentence.items[item.place :] if one.clause == item.clause]
    stems = {one.token.stem for source_ in evidence.sources for one in source_.reading.items}
    return "from" in rest and bool(stems & PREVENTING)


def _is_sounding(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """`fired` of an alert which stands before it, and `raised` by whom an entry names as its doer."""
    is_alert = any(_ALERT in source_.about or _ALERT in source_.index for source_ in evidence.sources)
    before = [one for one in sentence.clause_of(item) if one.place < item.place]
    is_told = any(one.token.stem == _ALERT or _is_doer(one, evidence) for one in before)
    return is_alert and is_told and item.token.stem in _SOUNDING


def _is_doer(one: Item, evidence: Evidence) -> bool:
    """Whether an entry names it right behind `by`."""
    return any(
        "by" in {source_.reading.text_at(found.place - 1), source_.reading.text_at(found.place - 2)}
        for source_, found in evidence.matching(one)
    )


def _is_well(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether the clause tells that something is as it should be, as the entries do."""
    clause = sentence.clause_of(item)
    words = [one for one in clause if one.token.stem in RIGHT_AGAIN and (one.is_content or one.token.text == "working")]
    return any(not one.is_negated and evidence.sayers(one) for one in words)


def _is_going_on(item: Item, sentence: Reading, evidence: Evidence) -> bool:
    """Whether an entry has a word of the clause as under way (`is being recovered`, `stays closed`)."""
    clause = [one for one in sentence.clause_of(item) if one.is_content and one is not item]
    return any(
        found.token.text.endswith("ing") or source_.reading.text_at(found.place - 1) in _GOING_ON
        for source_ in evidence.sources
        for one in clause
        for found in source_.matching(one)
    )


def _is_until(item: Item, sentence: Reading) -> bool:
    """`up to 15:15`, which is a time, not a limit."""
    return any(one.start == item.place + 2 and one.sort is Measured.CLOCK for one in sentence.measures)
