"""The model inventory: which versions were seen in use, what the canary set saw, and whether the model may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from analysis.canaries.behaviour import Behaviour, from_json
from analysis.errors import InvalidInput
from analysis.inventory.things import Thing


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryVersion:
    """From `at` on this version of `thing` was in use, as `by` saw first; `number` counts for each thing.

    `content` says who answers for it and what the version is a hash of, where that is not code.
    """

    workspace_id: UUID
    thing: Thing
    number: int
    version: str
    at: datetime
    by: str
    content: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def owner(self) -> str:
        """Who answered for it then."""
        return str(self.content.get("owner", ""))


class CanaryOutcome(StrEnum):
    """How a run of the canary set ended."""

    UNCHANGED = "unchanged"  #: as it was accepted
    CHANGED = "changed"  #: otherwise than it was accepted, or as nobody may accept it
    NOT_COMPARED = "not_compared"  #: nothing was accepted yet
    UNANSWERED = "unanswered"  #: the endpoint was not reached, or the budget was used up: nothing is known


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryRun:
    """One run of the canary set against `subject`, the model at its endpoint; written once, when it has ended.

    `content` has `behaviour` (what was seen), `changes`, `remarks`, `because` (why there was no answer), `versions`
    (what it was asked with), `by` and, where it was not answered, `is_told`: that the operator knows of the silence.
    """

    id: UUID
    workspace_id: UUID
    subject: str
    began_at: datetime
    ended_at: datetime
    outcome: CanaryOutcome
    content: Mapping[str, Any]

    @property
    def behaviour(self) -> Behaviour | None:
        """What it saw; nothing where it saw nothing, or that cannot be read any more."""
        try:
            return from_json(self.content.get("behaviour") or {})
        except InvalidInput:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No run was answered since: when the first of those that were not began, and whether the operator was told."""

    began_at: datetime
    is_told: bool


class StandingAct(StrEnum):
    """How a model came to be asked, or not."""

    ACCEPTED = "accepted"  #: a person accepted what a run saw
    SWITCHED_OFF = "switched_off"  #: a run saw something else


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStanding:
    """From `at` on: whether the model `subject` may be asked, by which run, who said so and why."""

    workspace_id: UUID
    subject: str
    act: StandingAct
    run_id: UUID
    at: datetime
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryChanges:
    """What a use case wants written about the inventory."""

    versions: tuple[InventoryVersion, ...] = ()
    run: CanaryRun | None = None
    standing: ModelStanding | None = None


class Inventory(Protocol):
    """Looking at the inventory; rows are added and never changed."""

    def newest(self, workspace_id: UUID) -> Mapping[Thing, InventoryVersion]:
        """The version of each thing that was seen last."""
        ...

    def history(self, workspace_id: UUID) -> tuple[InventoryVersion, ...]:
        """Every version that was seen, the oldest first."""
        ...

    def runs(
        self, workspace_id: UUID, subject: str, *, limit: int, until: datetime, is_answered: bool = False
    ) -> tuple[CanaryRun, ...]:
        """The newest runs against *subject*, the newest first; those that began after *until* are left out.

        A clock that was ahead for a while leaves runs of a time that is still to come. With *is_answered* only those
        of which something is known.
        """
        ...

    def silence(self, workspace_id: UUID, subject: str, *, until: datetime) -> Silence | None:
        """The runs against *subject* that were not answered since one was; nothing where the newest was answered."""
        ...

    def run(self, run_id: UUID) -> CanaryRun | None:
        """The run with this id."""
        ...

    def standing(self, workspace_id: UUID, subject: str) -> ModelStanding | None:
        """What holds for *subject* now; nothing where no run was accepted and none found a change."""
        ...

    def accepted(self, workspace_id: UUID, subject: str) -> ModelStanding | None:
        """The last acceptance of *subject*, whether or not it holds."""
        ...
