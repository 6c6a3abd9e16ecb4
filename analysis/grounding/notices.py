"""From what a length of time is counted: from a thing, not from when somebody heard of it.

`Informed of the ingress problem` says when somebody was told. Since when it was so, the entry does not say, so that
nothing is `1 h after the ingress problem` that is an hour after such an entry.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, takewhile

from analysis.grounding.amounts import lies_between
from analysis.grounding.evidence import Evidence, Source, is_earlier
from analysis.grounding.measures import Measure, Measured
from analysis.grounding.reaches import Reserve
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.reserves import Reserves
from analysis.grounding.stems import stem
from analysis.grounding.vocabulary import MACHINES, NEUTRAL, PRODUCTS, SPEECH

#: By these, as done, somebody hears of what stands behind `of`, `about` or `that`.
_HEARING = frozenset(map(stem, ("inform", "notify", "tell", "alert", "warn", "advise", "brief", "learn", "hear")))
#: And these, in the form that they have.
_NOTICES = frozenset(["aware", "notification", "escalation"])
#: What a sentence may have for the telling itself.
_TELLING = (
    SPEECH
    | _HEARING
    | frozenset(
        map(
            stem,
            (
                *("aware", "notification", "escalate", "escalation", "page", "call", "contact", "write", "notice"),
                *("mail", "email", "question", "complaint", "alarm", "warning"),
            ),
        )
    )
)
#: `Became aware` is one token, whose text is its verb alone.
_BECAME = frozenset(["became", "become", "becoming"])
_SEEN = stem("notice")
_OF = frozenset(["of", "about", "that"])
_FORWARD = frozenset(["after", "following"])
_BACK = frozenset(["before"])
#: How many words may stand between a verb of telling and what was told (`told the bank at 14:05 about …`).
_OBJECT = 7
_FAR = 60


def counted_from_notices(sentence: Reading, evidence: Evidence, reserves: Reserves) -> Iterator[Failure]:
    """`1 h after the ingress problem` where the hour is counted from an entry that tells who was informed of it."""
    heard: dict[str, frozenset[int]] = {}
    for one in sentence.measures:
        connective = sentence.at(one.end)
        if one.sort is not Measured.LENGTH or connective is None or connective.token.text not in _FORWARD | _BACK:
            continue
        if _is_written(one, evidence):
            continue
        behind = _behind(connective, sentence)
        own = {item.place for item in behind}
        rest = [item for item in sentence.items if item.segment == connective.segment and item.place not in own]
        for ends in _pairs(one, evidence):
            dated, other = ends if connective.token.text in _FORWARD else ends[::-1]
            for side, source in ((behind, dated), (rest, other)):
                if source.label not in heard:
                    attributed = reserves.theirs[source.label][Reserve.ATTRIBUTED]
                    heard[source.label] = attributed | frozenset(_heard(source.reading))
                if _is_only_heard(side, source, heard[source.label]):
                    detail = f"{source.label} dates when it was told, and the sentence counts {one.text} from the thing"
                    yield Failure(code=FailureCode.DURATION, detail=detail)


def _behind(connective: Item, sentence: Reading) -> list[Item]:
    """What a length is counted from: the rest of its clause, up to what somebody tells (`that …`)."""
    rest = sentence.items[connective.place + 1 :]
    return list(takewhile(lambda item: item.clause == connective.clause and item.token.text != "that", rest))


def _is_written(one: Measure, evidence: Evidence) -> bool:
    """Whether an entry itself tells the length, so that its words say what it is counted from."""
    theirs = (other for source in evidence.sources for other in source.reading.measures)
    return any(other.sort is Measured.LENGTH and other.value == one.value for other in theirs)


def _pairs(one: Measure, evidence: Evidence) -> Iterator[tuple[Source, Source]]:
    """The entries that are that far apart, the earlier one first."""
    for first, second in combinations(evidence.sources, 2):
        if lies_between(one, (first.ground, second.ground)):
            yield (second, first) if is_earlier(second.ground, first.ground) else (first, second)


def _is_only_heard(side: Sequence[Item], source: Source, heard: frozenset[int]) -> bool:
    """Whether a side of the sentence has nothing of an entry but what somebody heard, and says of no telling."""
    if any(item.token.stem in _TELLING or item.token.text in _BECAME for item in side):
        return False
    found = [places for item in side if item.is_content and (places := source.matching(item))]
    return bool(found) and all(one.place in heard for places in found for one in places)


def _heard(reading: Reading) -> Iterator[int]:
    """The places of what somebody was told of, to the end of its clause or to what else was done there."""
    for item in reading.items:
        if not _is_hearing(item) or _is_by_machine(reading, item):
            continue
        near = (one for one in reading.items[item.place + 1 : item.place + _OBJECT] if not _is_object(one, item))
        cue = next(near, None)
        if cue is not None and cue.token.text in _OF and cue.clause == item.clause:
            near = (one for one in reading.items[cue.place + 1 : cue.place + _FAR] if one.clause == item.clause)
            yield from _to_a_deed(list(near))


def _to_a_deed(words: Sequence[Item]) -> Iterator[int]:
    """The places of *words* before an `and` with a past behind it (`of the latency and restarted the gateway`)."""
    last = max((number for number, one in enumerate(words) if one.is_past), default=-1)
    for number, one in enumerate(words):
        if one.token.text == "and" and number < last:
            return
        yield one.place


def _is_hearing(item: Item) -> bool:
    is_aware = item.token.text in _BECAME and item.token.stem == _SEEN
    return (item.token.stem in _HEARING and item.is_past) or item.token.text in _NOTICES or is_aware


def _is_by_machine(reading: Reading, item: Item) -> bool:
    """Whether a machine told it, which does so at once (`Grafana alerted about high latency`)."""
    before = reading.items[max(0, item.place - 2) : item.place]
    return any(one.token.keys & MACHINES or one.token.text in PRODUCTS for one in before)


def _is_object(one: Item, verb: Item) -> bool:
    """Whether it may belong to whom something was told, or when."""
    is_word = one.is_content or one.is_measured or one.token.stem in NEUTRAL or one.token.text in {"the", "a", "at"}
    return one.clause == verb.clause and is_word and one.token.text not in _OF
