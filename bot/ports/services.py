"""What calls what, as far as it was seen: the records that cross the ports, and how they are looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

Call = tuple[str, str]


class EdgeSource(StrEnum):
    """From where it is known that one service calls another."""

    FILE = "file"  #: the service graph of the settings
    LABELS = "labels"  #: an alert's labels name both
    RESPONDERS = "responders"  #: people attached alerts of both to one incident


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEdge:
    """`caller` calls `callee`, as `source` says.

    `evidence` are what it rests on: the rule of the first alert, or ids as "incident:group:group"; with `withdrawn_at`,
    the person `withdrawn_by` (or whoever detached the last group) took it back.
    """

    workspace_id: UUID
    caller: str
    callee: str
    source: EdgeSource
    first_at: datetime
    last_at: datetime
    evidence: tuple[str, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""

    @property
    def call(self) -> Call:
        """The two names, the caller first."""
        return (self.caller, self.callee)


class Services(Protocol):
    """Looking at what calls what."""

    def edges(self, workspace_id: UUID) -> Mapping[tuple[EdgeSource, Call], ServiceEdge]:
        """Every edge that was seen or confirmed, withdrawn ones too, in order of their names."""
        ...
