"""The people of an incident in running text: by Slack id, by mention, by full name and by each part of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from analysis.outgoing.found import Span, folded
from analysis.outgoing.vault import Kind
from analysis.outgoing.words import is_neutral

_SLACK_ID = re.compile(r"(?:<@)?@?(?<![0-9A-Za-z])(?P<id>[UW][A-Z0-9]{7,14})(?![0-9A-Za-z])(?:\|[^<>\n]{0,80})?>?")
_HANDLE = re.compile(r"(?<![\w@./])@[^\W_][\w.-]{0,63}")
_PART = re.compile(r"[^\W\d_]{2,}")
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
        spellings = sorted({*self._whole, *self._parts}, key=len, reverse=True)
        joined = "|".join(r"[\s._-]{1,3}".join(map(re.escape, one.split())) for one in spellings)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])", re.IGNORECASE) if joined else None

    def find(self, text: str) -> Iterator[Span]:
        """Everybody in a folded text; `identity` is the actor where it is known who is meant."""
        for match in _SLACK_ID.finditer(text):
            yield Span(start=match.start(), end=match.end(), kind=Kind.PERSON, identity=f"slack:{match['id']}")
        for match in _HANDLE.finditer(text):
            if match[0].casefold() not in _MASS:
                identity = self._known(match[0][1:].rstrip(".-"))
                yield Span(start=match.start(), end=match.end(), kind=Kind.PERSON, identity=identity)
        for match in self._pattern.finditer(text) if self._pattern else ():
            if not _is_ordinary(match[0]):
                yield Span(start=match.start(), end=match.end(), kind=Kind.PERSON, identity=self._known(match[0]))

    def _add(self, actor: str, name: str) -> None:
        spelled = " ".join(name.casefold().split())
        if len(spelled) < 2 or name == actor:
            return
        self._whole[spelled] = actor if self._whole.get(spelled, actor) == actor else ""
        for part in _PART.findall(spelled):
            self._parts[part] = actor if self._parts.get(part, actor) == actor else ""

    def _known(self, words: str) -> str:
        spelled = " ".join(re.sub(r"[\s._-]+", " ", words).casefold().split())
        return self._whole.get(spelled) or self._parts.get(spelled) or ""


def _is_ordinary(word: str) -> bool:
    """Whether a part of a name stands here as the ordinary word that it is as well: `will`, not `Will`."""
    return word == word.casefold() and is_neutral(word)
