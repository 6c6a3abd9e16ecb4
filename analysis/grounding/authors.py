"""Words that stand only in an author's name say who told something, and never what happened.

An imported record's entries are written under `the imported record`: no import was noted for that, no record, and no
deploy was paused by a `deploy bot` that says it paused something.
"""

from collections.abc import Iterator
from itertools import takewhile

from analysis.grounding.evidence import Evidence, Source
from analysis.grounding.forms import ARTICLES, BE, POSSESSIVES, UNCHANGED, is_plural
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.stems import IRREGULAR, stem
from analysis.grounding.tokens import clean
from analysis.grounding.vocabulary import ACTORS, OBSERVING, POSTS, REPORTS, SPEECH, TELLING

#: Words that assert nothing elsewhere, but something where they are all that a sentence is about.
_DOCUMENTS = frozenset(stem(word) for word in ("record", "page", "log", "feed", "timeline", "document"))
_LEADING = ARTICLES | POSSESSIVES
#: What may stand between the words of a name (`the SVP of engineering`), or of two of them.
_JOINS = _LEADING | {"of", "for", "-", "and", "/"}
_ADVERBS = frozenset(["also", "then", "again", "first", "later", "soon", "still", "already", "now", "next", "once"])
_HELPING = frozenset(["had", "has", "have", "did", "does", "could", "would", "will", "can"])
#: What leads from what is told to who told it (`a post on the status page`).
_SOURCES = frozenset(["from", "on", "in", "via"])
_PREPOSITIONS = _SOURCES | {"of", "at", "to", "for", "with", "about", "into", "through", "against", "over", "under"}
_PRESENT = TELLING | SPEECH | OBSERVING
_NEAR = 4


def wrong_authors(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """`The import was noted`, and `the record was verified`, of an entry by `the imported record`."""
    for item in sentence.items:
        sources = _named_in(item, evidence)
        if sources and not any(_names(item, source, sentence, evidence) for source in sources):
            detail = f"“{item.token.text}” stands only in the name of who told it"
            yield Failure(code=FailureCode.ROLE, detail=detail)


def _named_in(item: Item, evidence: Evidence) -> list[Source]:
    """The cited entries whose author's name has a word, where nothing else of any entry has it."""
    if not item.is_word or item.is_measured or item.token.is_name:
        return []
    if not (item.is_content or item.token.stem in _DOCUMENTS) or any(evidence.matching(item)):
        return []
    if any(_is_of_kind(item, source) for source in evidence.sources):
        return []
    return [source for source in evidence.sources if any(item.token.keys & one.token.keys for one in source.who.items)]


def _is_of_kind(item: Item, source: Source) -> bool:
    words = " ".join((source.ground.kind, *source.ground.tags)).replace("_", " ").split()
    return item.token.stem in {stem(word) for word in words}


def _names(item: Item, source: Source, sentence: Reading, evidence: Evidence) -> bool:
    """Whether a word belongs to the name of who told or did something, as that name is written."""
    first, last = _run(item, sentence, evidence)
    words = sentence.items[first : last + 1]
    who = [one for one in source.who.items if one.is_word and one.token.text not in _JOINS]
    if not any(_is_form(item.token.text, one.token.text) for one in who):
        return False
    is_proper = all(word[:1].isupper() for word in clean(source.ground.who).split())
    following = _following(last, sentence)
    is_whole = any(_is_form(one.token.text, who[-1].token.text) for one in words) or following > last + 1
    if not (is_whole or is_proper):
        return False
    if _is_behind(first, sentence):
        return True
    before = next((one for one in reversed(sentence.items[:first]) if one.token.text not in _LEADING), None)
    is_led = before is not None and before.token.text in _PREPOSITIONS
    return not is_led and _is_doer(following, sentence, evidence, is_proper=is_proper)


def _is_form(word: str, other: str) -> bool:
    """Whether it is the same word, in the singular or in the plural."""
    return word == other or (is_plural(word) and word[:-1] == other) or (is_plural(other) and other[:-1] == word)


def _run(item: Item, sentence: Reading, evidence: Evidence) -> tuple[int, int]:
    """The first and the last of the words of names around a word."""
    first = last = item.place
    for place in range(item.place - 1, -1, -1):
        if _is_in_name(sentence.items[place], evidence):
            first = place
        elif sentence.text_at(place) not in _JOINS:
            break
    for place in range(item.place + 1, len(sentence.items)):
        if _is_in_name(sentence.items[place], evidence):
            last = place
        elif sentence.text_at(place) not in _JOINS:
            break
    return first, last


def _is_in_name(item: Item, evidence: Evidence) -> bool:
    """Whether an author's name has the word as it stands."""
    return item.is_word and any(
        _is_form(item.token.text, one.token.text)
        for source in evidence.sources
        for one in source.who.items
        if one.token.text not in _JOINS
    )


def _following(last: int, sentence: Reading) -> int:
    """What follows a name, `team` and the like passed over."""
    after = takewhile(lambda one: one.token.stem in ACTORS, sentence.items[last + 1 :])
    return last + 1 + len(list(after))


def _is_behind(first: int, sentence: Reading) -> bool:
    """Whether a name stands behind `by` or `according to`, or behind what is told `on` or `from` it."""
    before = [one for one in sentence.items[max(0, first - 2 * _NEAR) : first] if one.token.text not in _LEADING]
    texts = [one.token.text for one in before]
    if texts[-1:] == ["by"] or texts[-1:] == ["per"] or texts[-2:] == ["according", "to"]:
        return True
    told = before[-1 - _NEAR : -1]
    return bool(texts) and texts[-1] in _SOURCES and any(_is_told(one) for one in told)


def _is_told(one: Item) -> bool:
    return one.token.stem in TELLING or one.token.text in POSTS | REPORTS | {"update", "updates"}


def _is_doer(place: int, sentence: Reading, evidence: Evidence, *, is_proper: bool) -> bool:
    """Whether what follows a name is an active verb, or what somebody told (`the report of support`)."""
    rest = [one for one in sentence.items[place : place + _NEAR + 1] if not _is_adverb(one)]
    if not rest:
        return False
    first, second = rest[0], rest[1] if len(rest) > 1 else None
    word = first.token.text
    if word in BE or (word in _HELPING and second is not None and second.token.text in BE):
        behind = rest[1 if word in BE else 2 :]
        return _is_being(behind, evidence, is_proper=is_proper)
    is_verb = word.endswith("ed") or word in IRREGULAR or word in UNCHANGED | _HELPING
    return is_verb or first.token.stem in _PRESENT or word in {"who", "which", "that"} or _is_told(first)


def _is_being(behind: list[Item], evidence: Evidence, *, is_proper: bool) -> bool:
    """`was able to`, `was investigating`, and what begins an entry that leaves out who it is of (`in panic mode`)."""
    if not behind:
        return False
    word = behind[0].token.text
    if word == "able" or word.endswith("ing"):
        return True
    if behind[0].is_past:
        return False
    opening = [source.reading.content[0] for source in evidence.sources if source.reading.content]
    found = next((one for one in behind if one.is_content), None)
    return is_proper or (found is not None and any(found.token.keys & one.token.keys for one in opening))


def _is_adverb(one: Item) -> bool:
    return one.token.text in _ADVERBS or one.token.text.endswith("ly")
