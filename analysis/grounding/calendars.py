"""Days, parts of a day and months by name: `the same day`, `on Monday`, `in the morning`, `in March`."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date
from itertools import combinations, pairwise

from analysis.grounding.evidence import Evidence
from analysis.grounding.predicates import is_predicate
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
#: The hours, in UTC, at which a part of the day may be spoken of; generous, since no zone is given.
_PARTS = {
    "morning": range(13),
    "afternoon": range(11, 19),
    "evening": range(16, 24),
    "night": (*range(19, 24), *range(7)),
    "overnight": (*range(19, 24), *range(9)),
}


#: What names a day by another one.
_OTHER_DAYS = (("previous", "day"), ("next", "day"), ("following", "day"), ("day", "before"), ("day", "after"))


def wrong_dates(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`deployed on March 13` of what a sentence of the entry tells of another day, wherever it tells it."""
    for one in sentence.measures:
        clause = sentence.items[one.start].clause
        for verb in sentence.content if one.date else ():
            if verb.clause != clause or not is_predicate(sentence, verb):
                continue
            days = [_days(found, source.reading) for source, found in evidence.matching(verb)]
            if days and all(days) and not any(_is_among(one.date, own) for own in days):
                yield Failure(
                    code=FailureCode.TIME, detail=f"“{verb.token.text}” is told of another day than {one.text}"
                )


def _days(found: Item, reading: Reading) -> list[tuple[int, int, int] | None]:
    """The days that the sentence of *found* names; `None` for one named by another."""
    own = [item for item in reading.items if item.segment == found.segment]
    texts = [item.token.text for item in own]
    days = [one.date for one in reading.measures if one.date and reading.items[one.start].segment == found.segment]
    return [*days, *(None for pair in pairwise(texts) if pair in _OTHER_DAYS)]


def _is_among(day: tuple[int, int, int] | None, days: Sequence[tuple[int, int, int] | None]) -> bool:
    return any(day and other and day[1:] == other[1:] for other in days)


def wrong_days(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """The days, parts of a day and months that are not those of a cited entry."""
    for item in sentence.items:
        if is_calendar(sentence, item) and not _is_right(sentence, item, evidence) and not evidence.sayers(item):
            yield Failure(code=FailureCode.TIME, detail=f"no cited entry is of that {item.token.text}")


def is_calendar(sentence: Reading, item: Item) -> bool:
    """Whether *item* names a day, a part of it or a month that the instants of entries decide."""
    word = item.token.text
    if item.is_measured or not item.is_word:
        return False
    if word in {"day", "time"}:
        before = sentence.text_at(item.place - 1)
        return before in {"same", *(("next", "following") if word == "day" else ())} or _deictic(sentence, item) != ""
    return word in _PARTS or (item.token.is_name and word in _WEEKDAYS + _MONTHS)


def _deictic(sentence: Reading, item: Item) -> str:
    """What an entry calls `that day` and `the day before`, counting from its own."""
    if item.token.text != "day":
        return ""
    if sentence.text_at(item.place + 1) == "before":
        return "yesterday"
    return {"that": "today", "previous": "yesterday"}.get(sentence.text_at(item.place - 1), "")


def _is_right(sentence: Reading, item: Item, evidence: Evidence) -> bool:
    word = item.token.text
    instants = [source.ground.at.astimezone(UTC) for source in evidence.sources]
    if word == "time":
        return len(instants) > 1 and len({at.replace(second=0, microsecond=0) for at in instants}) == 1
    deictic = _deictic(sentence, item)
    if deictic:
        return any(one.token.text == deictic for source in evidence.sources for one in source.reading.items)
    if word == "day":
        return _is_related(sentence.text_at(item.place - 1), [at.date() for at in instants])
    if word in _PARTS:
        return any(at.hour in _PARTS[word] for at in instants)
    if word in _WEEKDAYS:
        return any(at.weekday() == _WEEKDAYS.index(word) for at in instants)
    return any(at.month == _MONTHS.index(word) + 1 for at in instants)


def _is_related(relation: str, days: Sequence[date]) -> bool:
    apart = {abs((one - other).days) for one, other in combinations(days, 2)}
    return (apart == {0}) if relation == "same" else 1 in apart
