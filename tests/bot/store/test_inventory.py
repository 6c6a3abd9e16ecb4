"""The inventory on both databases: versions are added once, each time that one or its owner is another."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from analysis.events import Source
from analysis.inventory.things import Thing
from analysis.people import Person
from bot.ports.inventory import InventoryVersion
from bot.store.model.inventory_tables import INVENTORY_VERSION
from bot.usecases.inventory.take_stock import InUse, TakeStock, take_stock
from tests.bot.store.parts import Store

ADA, BEN = Person(id="slack:UADA"), Person(id="cli:ben")


def stock(store: Store, *in_use: InUse, person: Person = ADA) -> None:
    """Put on record that these are in use."""
    command = TakeStock(
        person=person,
        workspace_id=store.workspace,
        natural_key="stock",
        source=Source.DEBRIEF,
        in_use=in_use,
    )
    store.writer.submit(take_stock, command).result()


def version(thing: Thing, version: str, owner: str = "risk", **more: Any) -> InUse:
    """A version that is in use."""
    return InUse(thing=thing, version=version, content={"owner": owner, **more})


def history(store: Store, workspace_id: UUID | None = None) -> list[InventoryVersion]:
    """Everything that was seen."""
    with store.snapshots.snapshot() as reads:
        return list(reads.inventory.history(workspace_id or store.workspace))


def test_version_is_added_when_it_is_first_seen_and_when_it_comes_back(store: Store) -> None:
    """So that the rows say which was in force when, by whom it was seen, and who answered for it."""
    for prompts, person in (("a", ADA), ("a", BEN), ("b", BEN), ("a", ADA)):
        store.clock.move(minutes=1)
        stock(store, version(Thing.PROMPTS, prompts), version(Thing.SCHEMA, "s"), person=person)

    seen = history(store)
    prompts = [(one.number, one.version, one.by) for one in seen if one.thing is Thing.PROMPTS]
    assert prompts == [(1, "a", ADA.id), (2, "b", BEN.id), (3, "a", ADA.id)]
    assert [one.version for one in seen if one.thing is Thing.SCHEMA] == ["s"]
    assert [one.at for one in seen] == sorted(one.at for one in seen)


def test_other_owner_is_another_row(store: Store) -> None:
    """Who answered for a version when is on record, too."""
    stock(store, version(Thing.MODEL, "m", "ada", seen={"models": ["x"]}))
    stock(store, version(Thing.MODEL, "m", "ben", seen={"models": ["x"]}))

    assert [(one.version, one.owner) for one in history(store)] == [("m", "ada"), ("m", "ben")]
    assert history(store)[0].content["seen"] == {"models": ["x"]}


def test_names_are_sealed(store: Store) -> None:
    """Whoever has the database without its key reads hashes and instants."""
    stock(store, version(Thing.MODEL, "m", "ada@example.com"))

    with store.database.reading() as connection:
        (row,) = connection.execute(select(INVENTORY_VERSION)).mappings()
    assert b"ada@example.com" not in row["content"]
    assert b"UADA" not in row["content"]


@pytest.mark.parametrize("rounds", [3])
def test_many_that_see_it_at_once_add_it_once(store: Store, rounds: int) -> None:
    """Drafts that are made at the same time do not fight over the number of a version."""
    for number in range(rounds):
        drafts = [threading.Thread(target=stock, args=(store, version(Thing.PROMPTS, f"v{number}"))) for _ in range(6)]
        for draft in drafts:
            draft.start()
        for draft in drafts:
            draft.join()

    assert [one.version for one in history(store)] == [f"v{number}" for number in range(rounds)]
