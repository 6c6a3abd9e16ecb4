"""A sentence that only names something says nothing of it: `Mina.`, `[[PERSON_1]]`, `ledger-writer`."""

from collections.abc import Iterator

from analysis.grounding.evidence import Evidence
from analysis.grounding.reading import Item, Reading
from analysis.grounding.records import Failure, FailureCode
from analysis.grounding.tokens import Sort

#: What only a clause has: a verb, or a pronoun as its subject.
_VERBS = frozenset(
    [
        *("is", "are", "am", "was", "be", "has", "have", "do", "does", "will", "can", "could", "may", "might"),
        *("we", "they", "it", "i"),
    ]
)
_JOINS = frozenset(["-", "/", "_", "."])


def says_nothing(sentence: Reading, evidence: Evidence) -> Iterator[Failure]:
    """A name, several, or one noun, where no cited entry has no more than that itself."""
    telling = [item for item in sentence.content if not _is_name(item, evidence)]
    is_bare = not telling or len(_units(sentence.content)) <= 1
    if (
        not is_bare
        or any(map(_is_verbal, sentence.items))
        or any(_is_all(sentence, source.reading) for source in evidence.sources)
    ):
        return
    yield Failure(code=FailureCode.CITATION, detail="it names something, and says nothing of it")


def _is_name(item: Item, evidence: Evidence) -> bool:
    """Whether it is a name, which the first word of a sentence shows in an entry only."""
    if item.token.is_name or item.token.sort is Sort.CODE:
        return True
    authors = {key for source in evidence.sources for one in source.who.content for key in one.token.keys}
    found = [one for _, one in evidence.matching(item)]
    return bool(item.token.keys & authors) or (bool(found) and all(one.token.is_name for one in found))


def _is_verbal(item: Item) -> bool:
    return item.is_past or item.token.text.endswith("ing") or item.token.text in _VERBS


def _units(items: tuple[Item, ...] | list[Item]) -> list[Item]:
    """The words, of those that a hyphen joins the first alone."""
    places = {item.place for item in items}
    return [item for item in items if item.place - 2 not in places]


def _is_all(sentence: Reading, entry: Reading) -> bool:
    said = {key for item in sentence.content for key in item.token.keys}
    return bool(said) and all(item.token.keys & said for item in entry.content)
