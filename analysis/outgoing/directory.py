"""The people of an incident in running text: by Slack id, by mention, by full name and by each part of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from analysis.outgoing.found import Span, folded
from analysis.outgoing.vault import Kind
from analysis.outgoing.words import is_namelike, is_neutral

_SLACK_ID = re.compile(r"(?:<@)?@?(?<![0-9A-Za-z])(?P<id>[UW][A-Z0-9]{7,14})(?![0-9A-Za-z])(?:\|[^<>\n]{0,80})?>?")
_HANDLE = re.compile(r"(?<![\w@./])@[^\W_][\w.-]{0,63}")
_PART = re.compile(r"[^\W\d_]{2,}")
#: What stands between the parts of a name, and how many parts one has.
_GAP = re.compile(r"[\s._,'’-]{1,3}(?:[^\W\d_]\.?[\s.]{1,2})?")
_MOST_PARTS = 6
_MASS = frozenset({"@here", "@channel", "@everyone", "@group"})


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The names of those who may be spoken of, by the ledger's actor, such as `slack:U123`."""

    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Directory:
    """Finds the people of one directory."""

    def __init__(self, people: People) -> None:
        """Prepare every spelling; a part that several people share is a name without a person."""
        self.names = people.names
        self._whole: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        for actor, name in people.names.items():
            self._add(actor, folded(name)[0])

    def find(self, text: str) -> Iterator[Span]:
        """Everybody in a folded text; `identity` is the actor where it is known who is meant."""
        for match in _SLACK_ID.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind=Kind.PERSON, identity=f"slack:{match['id']}")
        for match in _HANDLE.finditer(text):
            if match[0].casefold() not in _MASS:
                identity = self._known(match[0][1:].rstrip(".-"))
                yield Span(start=match.start(), end=match.end(), kind=Kind.PERSON, identity=identity)
        yield from self._named(list(_PART.finditer(text)), text)

    def _named(self, words: Sequence[re.Match[str]], text: str) -> Iterator[Span]:
        """Names by the longest run of their parts; a part that is an ordinary word, and written as one, is none."""
        place = 0
        while place < len(words):
            run = self._run(words, place, text)
            whole = text[words[place].start() : words[run - 1].end()] if run > place else ""
            is_part = run == place + 1
            if whole and not (is_part and (_is_ordinary(whole) or _is_of_another(words, place, text))):
                start, end = words[place].start(), words[run - 1].end()
                yield Span(start=start, end=end, kind=Kind.PERSON, identity=self._known(whole))
            place = max(run, place + 1)

    def _run(self, words: Sequence[re.Match[str]], first: int, text: str) -> int:
        """Where the longest name that begins with the word at *first* ends; *first* itself if none does."""
        last = first
        while last < min(len(words), first + _MOST_PARTS) and words[last][0].casefold() in self._parts:
            if last > first and not _GAP.fullmatch(text, words[last - 1].end(), words[last].start()):
                break
            last += 1
        wholes = (end for end in range(last, first + 1, -1) if _spelled(words, first, end) in self._whole)
        return next(wholes, min(last, first + 1))

    def _add(self, actor: str, name: str) -> None:
        parts = _PART.findall(name.casefold())
        if not parts or name == actor:
            return
        spelled = " ".join(parts)
        self._whole[spelled] = actor if self._whole.get(spelled, actor) == actor else ""
        for part in parts:
            self._parts[part] = actor if self._parts.get(part, actor) == actor else ""

    def _known(self, words: str) -> str:
        spelled = " ".join(_PART.findall(words.casefold()))
        return self._whole.get(spelled) or self._parts.get(spelled) or ""


def _spelled(words: Sequence[re.Match[str]], first: int, end: int) -> str:
    return " ".join(word[0].casefold() for word in words[first:end])


def _is_of_another(words: Sequence[re.Match[str]], place: int, text: str) -> bool:
    """Whether a part of a name is followed by somebody else's surname: `Anna Baker` is not the Anna that is known."""
    if place + 1 >= len(words) or text[words[place].end() : words[place + 1].start()] not in {" ", "-"}:
        return False
    following = words[place + 1][0]
    lower = following.casefold()
    return following != lower and (is_namelike(lower) or not is_neutral(lower))


def _is_ordinary(word: str) -> bool:
    """Whether a part of a name stands here as the ordinary word that it is as well: `will`, not `Will`."""
    return word == word.casefold() and is_neutral(word)
