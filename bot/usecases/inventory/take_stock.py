"""Put on record which versions are in use, once each time that one of them or its owner is another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from analysis.inventory.things import Thing
from bot.ports.inventory import InventoryChanges, InventoryVersion
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """A version that is in use; `content` has its owner, and what it is where the version alone does not say."""

    thing: Thing
    version: str
    content: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStock(Command):
    """These are in use now, as the person has seen."""

    in_use: tuple[InUse, ...]


def take_stock(reads: Reads, command: TakeStock) -> Changes:
    """Add what is new, and nothing where all was seen before."""
    known = reads.inventory.newest(command.workspace_id)
    versions = tuple(_added(reads, command, news(known, command.in_use), known))
    return Changes(inventory=InventoryChanges(versions=versions)) if versions else Changes()


def news(known: Mapping[Thing, InventoryVersion], in_use: Sequence[InUse]) -> tuple[InUse, ...]:
    """What of *in_use* is not what is *known* to have been in use last."""
    return tuple(
        one
        for one in in_use
        if one.thing not in known
        or (known[one.thing].version, known[one.thing].owner) != (one.version, one.content.get("owner", ""))
    )


def _added(
    reads: Reads, command: TakeStock, new: Sequence[InUse], known: Mapping[Thing, InventoryVersion]
) -> Iterator[InventoryVersion]:
    for one in new:
        yield InventoryVersion(
            workspace_id=command.workspace_id,
            thing=one.thing,
            number=known[one.thing].number + 1 if one.thing in known else 1,
            version=one.version,
            at=reads.now,
            by=command.person.id,
            content=one.content,
        )
