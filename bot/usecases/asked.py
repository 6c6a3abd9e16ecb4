"""What typed words are read into, and who typed them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from analysis.errors import Unavailable
from analysis.events import Source
from analysis.people import Person
from bot.ports.ledger import Reads, Snapshots
from bot.ports.records import Changes
from bot.usecases.pressed import Pressed

#: After the name of somebody whom nobody knows.
WHO_IS_MEANT = "Pick the person from Slack's list after typing @, or write the Slack id, such as @U0456."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who typed it, where and in which second, and how a mention such as `<@U123>` or `@name` becomes a person.

    `pressed` is what a button says beside the number.
    """

    person: Person
    workspace_id: UUID
    natural_key: str
    source: Source
    resolve_person: Callable[[str], Person | None]
    channel: str | None = None
    number: int | None = None
    pressed: Pressed | None = None
    asked_at: datetime | None = None

    def on_incident(self) -> dict[str, Any]:
        """The common fields of a command on an incident."""
        return {**self.base(), "channel": self.channel, "number": self.number, "pressed": self.pressed}

    def base(self) -> dict[str, Any]:
        """The common fields of every command."""
        return {
            "person": self.person,
            "workspace_id": self.workspace_id,
            "natural_key": self.natural_key,
            "source": self.source,
            "asked_at": self.asked_at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A use case to submit, with its command.

    What may take long is read first, from a snapshot, and goes with the command: the writer, for which others wait,
    only checks that it still holds. `otherwise` is what people do where nobody knows whether it was recorded.
    """

    use_case: Callable[[Reads, Any], Changes]
    command: Any
    prepare: Callable[[Reads, Any], Any] | None = None
    otherwise: str = ""

    def prepared(self, snapshots: Snapshots) -> Any:  # noqa: ANN401 - the command of the use case
        """The command as it is to be submitted."""
        if self.prepare is None:
            return self.command
        with snapshots.snapshot() as reads:
            return self.prepare(reads, self.command)

    @contextmanager
    def waited_for(self) -> Iterator[None]:
        """Say `otherwise`, too, where waiting for it fails."""
        try:
            yield
        except Unavailable as error:
            if not self.otherwise:
                raise
            message = f"{error.message} {self.otherwise}"
            raise Unavailable(message) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Something to show: a verb such as `list`, `card`, `timeline`, `alerts`, `changes`, `noise` or `help`.

    `group` is the number of one group; `hours` is how far back changes or noise are sought; `words` what else was said.
    """

    name: str
    number: int | None = None
    group: int | None = None
    hours: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Something to ask with a form: `declare`, `note` and the like, filled in with what was typed."""

    name: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A verb whose use case is built by the composition root: `draft`, `approve`, `publish` or `page`.

    `asker` has the incident that the words named.
    """

    name: str
    words: str
    asker: Asker


Parsed = Request | Query | Form | Late
