"""The people of an incident in running text: by Slack id, by mention, by full name and by each part of it.

A name with more than letters in it, such as `Will Power (SRE)`, is one name where it stands as people see it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from analysis.outgoing.found import Span, folded
from analysis.outgoing.vault import Kind
from analysis.outgoing.words import is_namelike, is_neutral, with_initials

_SLACK_ID = re.compile(r"(?:<@)?@?(?<![0-9A-Za-z])(?P<id>[UW][A-Z0-9]{7,14})(?![0-9A-Za-z])(?:\|[^<>\n]{0,80})?>?")
_HANDLE = re.compile(r"(?<![\w@./])@[^\W_][\w.-]{0,63}")
_PART = re.compile(r"[^\W\d_]{2,}")
#: What stands between the parts of a name, and how many parts one has.
_GAP = re.compile(r"[\s._,'’-]{1,3}(?:[^\W\d_]\.?[\s.]{1,2})?")
_MOST_PARTS = 6
#: A name that its parts and what stands between them tell whole.
_IN_PARTS = re.compile(rf"{_PART.pattern}(?:{_GAP.pattern}{_PART.pattern}){{0,{_MOST_PARTS - 1}}}")
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
        #: Names with signs, by first part, by how much stands before it and how long they are: whose each is.
        self._signed: dict[str, dict[tuple[int, int], dict[str, str]]] = {}
        for actor, name in people.names.items():
            self._add(actor, folded(name)[0].strip())

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
            signed = self._with_signs(words[place], text)
            if signed:
                yield signed
                while place < len(words) and words[place].start() < signed.end:
                    place += 1
                continue
            run = self._run(words, place, text)
            whole = text[words[place].start() : words[run - 1].end()] if run > place else ""
            is_part = run == place + 1
            if whole and not (is_part and (_is_ordinary(whole) or _is_of_another(words, place, text))):
                start, end = with_initials(words[place].start(), text), words[run - 1].end()
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
        return next(wholes, None) or self._of_one(words, first, last)

    def _of_one(self, words: Sequence[re.Match[str]], first: int, last: int) -> int:
        """Where the parts of one person's name end that begin at *first*, such as a name without its `(SRE)`."""
        end = min(last, first + 1)
        actor = "" if last == first or _is_ordinary(words[first][0]) else self._parts[words[first][0].casefold()]
        while actor and end < last and not _is_ordinary(words[end][0]):
            if self._parts[words[end][0].casefold()] != actor:
                break
            end += 1
        return end

    def _with_signs(self, word: re.Match[str], text: str) -> Span | None:
        """The longest name with signs that stands around *word*, its first part; none that is one ordinary word."""
        longest: Span | None = None
        for (before, length), names in self._signed.get(word[0].casefold(), {}).items():
            start = word.start() - before
            end = start + length
            actor = names.get(text[start:end].casefold()) if start >= 0 else None
            if actor is None or (longest and end <= longest.end) or not _is_apart(text, start, end):
                continue
            if not _is_ordinary(word[0]) or len(_PART.findall(text, start, end)) > 1:
                longest = Span(start=start, end=end, kind=Kind.PERSON, identity=actor)
        return longest

    def _add(self, actor: str, name: str) -> None:
        parts = _PART.findall(name.casefold())
        if not parts or name == actor:
            return
        if first := not _IN_PARTS.fullmatch(name) and _PART.search(name):
            alike = self._signed.setdefault(first[0].casefold(), {}).setdefault((first.start(), len(name)), {})
            alike[name.casefold()] = actor if alike.get(name.casefold(), actor) == actor else ""
        spelled = " ".join(parts)
        self._whole[spelled] = actor if self._whole.get(spelled, actor) == actor else ""
        for part in parts:
            self._parts[part] = actor if self._parts.get(part, actor) == actor else ""

    def _known(self, words: str) -> str:
        parts = _PART.findall(words.casefold())
        meant = {self._parts.get(part, "") for part in parts}
        return self._whole.get(" ".join(parts)) or (meant.pop() if len(meant) == 1 else "")


def _is_apart(text: str, start: int, end: int) -> bool:
    """Whether what stands there is no part of a longer word."""
    return not any(text[place - 1 : place + 1].isalnum() for place in (start, end) if 0 < place < len(text))


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
