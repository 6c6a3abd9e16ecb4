"""From what a length of time is counted: from a thing, not from when somebody heard of it.

`Informed of the ingress problem` says when somebody was told. Since when it was so, the entry does not say, so that
nothing is `1 h after the ingress problem` that is an hour after such an entry.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, takewhile

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
_HEARING = frozenset(map(stem, ("inform", "notify", "tell", "warn", "advise", "brief", "learn", "hear")))
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
                *("alert", "aware", "notification", "escalate", "escalation", "page", "call", "contact"),
                *("write", "notice"),
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
#: The last character of `->`, `=>` and the like.
_ARROWS = frozenset([">", "→", "⇒"])


@dataclass(frozen=True, slots=True)
class _Held:
    """The places of a sentence that an entry has in words of its own, and those that it only has as heard."""

    own: frozenset[int]
    heard: frozenset[int]


def counted_from_notices(sentence: Reading, evidence: Evidence, reserves: Reserves) -> Iterator[Failure]:
    """`1 h after the ingress problem` where no pair of entries is that far apart but from who was informed of it."""
    held = {source.label: _held(sentence, source, reserves) for source in evidence.sources}
    if not any(one.heard for one in held.values()):
        return
    content = frozenset(item.place for item in sentence.content)
    telling = frozenset(item.place for item in sentence.items if _is_telling(item))
    pairs: dict[tuple[float, float, str], list[tuple[Source, Source]]] = {}
    for one in sentence.measures:
        connective = sentence.at(one.end)
        if one.sort is not Measured.LENGTH or connective is None or connective.token.text not in _FORWARD | _BACK:
            continue
        key = (one.value, one.grain, one.hedge)
        if key not in pairs:
            pairs[key] = [] if _is_written(one, evidence) else list(_pairs(one, evidence))
        # a side without content, and one that says of the telling itself, is of whatever entry there is
        sides = [frozenset() if side & telling else side & content for side in _sides(connective, sentence)]
        label = _notice(sides[:: 1 if connective.token.text in _FORWARD else -1], pairs[key], held)
        if label:
            detail = f"{label} dates when it was told, and the sentence counts {one.text} from the thing"
            yield Failure(code=FailureCode.DURATION, detail=detail)


def _notice(sides: Sequence[frozenset[int]], pairs: Sequence[tuple[Source, Source]], held: Mapping[str, _Held]) -> str:
    """The entry from which alone something is dated that it only tells as heard; none where a pair has it itself."""
    found = ""
    for pair in pairs:
        both = [(side, held[source.label], source.label) for side, source in zip(sides, pair, strict=True) if side]
        if all(side & own.own for side, own, _ in both):
            return ""
        found = found or next((label for side, own, label in both if side & own.heard and not side & own.own), "")
    return found


def _held(sentence: Reading, source: Source, reserves: Reserves) -> _Held:
    heard = {*_still_told(source.reading, reserves.theirs[source.label][Reserve.ATTRIBUTED]), *_heard(source.reading)}
    found = [(item.place, source.matching(item)) for item in sentence.content]
    own = frozenset(place for place, ones in found if any(one.place not in heard for one in ones))
    return _Held(own, frozenset(place for place, ones in found if ones) - own)


def _still_told(reading: Reading, attributed: frozenset[int]) -> Iterator[int]:
    """The places of what somebody says, up to an arrow or a dash in it (`says it is slow -> restarted`)."""
    ended = -1
    for item in reading.items:
        if item.place in attributed and _is_end(item):
            ended = item.segment
        if item.place in attributed and item.segment != ended:
            yield item.place


def _sides(connective: Item, sentence: Reading) -> tuple[frozenset[int], frozenset[int]]:
    """What a length is counted from, and the rest of its sentence."""
    behind = frozenset(item.place for item in _behind(connective, sentence))
    whole = frozenset(item.place for item in sentence.items if item.segment == connective.segment)
    return behind, whole - behind


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
    """The places of *words* before an arrow, a dash, or an `and` with a past behind it (`and restarted it`)."""
    last = max((number for number, one in enumerate(words) if one.is_past), default=-1)
    for number, one in enumerate(words):
        if _is_end(one) or (one.token.text == "and" and number < last):
            return
        yield one.place


def _is_end(one: Item) -> bool:
    """Whether behind it stands what came of the telling (`warned about duplicates -> stopped job`)."""
    return one.token.is_dash or one.token.text in _ARROWS


def _is_telling(item: Item) -> bool:
    return item.token.stem in _TELLING or item.token.text in _BECAME


def _is_hearing(item: Item) -> bool:
    is_aware = item.token.text in _BECAME and item.token.stem == _SEEN
    return (item.token.stem in _HEARING and item.is_past) or item.token.text in _NOTICES or is_aware


def _is_by_machine(reading: Reading, item: Item) -> bool:
    """Whether a machine told it, which does so at once (`Grafana warned about`, `notification of … from Datadog`)."""
    before = reading.items[max(0, item.place - 2) : item.place]
    after = reading.items[item.place + 1 : item.place + _FAR]
    froms = [other for one, other in pairwise(after) if one.token.text in {"from", "by"} and one.clause == item.clause]
    return any(one.token.keys & MACHINES or one.token.text in PRODUCTS for one in (*before, *froms))


def _is_object(one: Item, verb: Item) -> bool:
    """Whether it may belong to whom something was told, or when."""
    is_word = one.is_content or one.is_measured or one.token.stem in NEUTRAL or one.token.text in {"the", "a", "at"}
    return one.clause == verb.clause and is_word and one.token.text not in _OF
