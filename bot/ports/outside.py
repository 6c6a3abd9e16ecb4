"""Rendering, publishing, the directory of people, the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from analysis.errors import Unavailable
from analysis.people import Person
from analysis.styles import Style
from bot.ports.records import KnownPerson, Membership


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...


class Renderer(Protocol):
    """Turns a document tree into bytes through the templates."""

    @property
    def version(self) -> str:
        """Names the renderer and a hash of its templates."""
        ...

    def render(self, document: Mapping[str, Any], *, form: str) -> bytes:
        """The document as `markdown` or `html`, byte-identical for equal documents."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Styled:
    """How a document is laid out, as its tree says it; `failure` is why not as it was asked, where that is so."""

    block: Mapping[str, Any]
    failure: str = ""


class Styling(Protocol):
    """Lays documents out in a style."""

    def version(self, style: Style) -> str:
        """Names what lays *style* out as it is now; empty where nothing does."""
        ...

    def __call__(self, tree: Mapping[str, Any], style: Style) -> Styled:
        """How *tree* is laid out in *style*; in the default one, with the reason, where the company's fails."""
        ...


class NotTaken(Unavailable):
    """The target answers and does not take this document; it may take others."""

    def __init__(self, message: str, *, may_be_all: bool = False) -> None:
        """Keep the sentence, and whether what the target says may be meant for every document."""
        super().__init__(message)
        self.may_be_all = may_be_all


class Publisher(Protocol):
    """Writes an approved document to one target."""

    @property
    def target(self) -> str:
        """The target's name, such as `git`."""
        ...

    def publish(self, *, name: str, content: bytes, note: str) -> str:
        """Write *content* once, with *note* beside it; repeating it changes nothing. Return where it can be found.

        Raises
        ------
        NotTaken
            If it is this document that the target does not take; trying again may work.
        analysis.errors.Unavailable
            If the target takes nothing, as far as it says; trying again may work.
        """
        ...

    def find(self, *, note: str) -> str:
        """Where a document is that was written with *note*, whatever its bytes; empty where none is.

        Raises
        ------
        analysis.errors.Unavailable
            If the target cannot be looked at; trying again may work.
        """
        ...


class PeopleStore(Protocol):
    """Where the directory survives a restart."""

    def load_people(self) -> tuple[KnownPerson, ...]:
        """Everybody known."""
        ...

    def load_memberships(self) -> tuple[Membership, ...]:
        """The last joining or leaving known of everybody in every channel."""
        ...

    def save_people(self, people: Sequence[KnownPerson]) -> None:
        """Insert or replace."""
        ...

    def save_memberships(self, memberships: Sequence[Membership]) -> None:
        """Insert or replace, unless a later joining or leaving is kept."""
        ...

    def private_channels(self) -> tuple[str, ...]:
        """The channels whose members see a private incident by being there, the newest incident's first."""
        ...


class Directory(Protocol):
    """The people of the workspace, from memory: no call, no query."""

    def person(self, slack_id: str) -> Person | None:
        """What is known of a Slack user; `None` if not known yet."""
        ...

    def name(self, actor: str) -> str:
        """How to show an actor to people; the id itself where nothing better is known."""
        ...
