"""Weights that people let act are taken up by the running bot, kept by every restart, and never used if altered."""

import logging
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.stored_weights import weights_of
from analysis.people import Access, Person
from bot.store.learning.model_tables import MODEL_VERSION
from bot.usecases.learning.approve import ApproveModel, approve_model
from bot.usecases.learning.roll_back import RollBackModel, roll_back_model
from bot.usecases.learning.store_model import StoreModel, store_model
from tests.bot.flows.streams import Site, Told
from tests.bot.store.parts import Store
from tests.dialects import on_both

TRAINER = Person(id="slack:UADA", access=frozenset({Access.ADMIN, Access.APPROVER}))
APPROVER = Person(id="slack:UBEN", access=frozenset({Access.APPROVER}))
#: With these nothing joins anything.
STRICT = replace(SHIPPED, base=-20.0)


def ask(site: Site, use_case: Any, kind: Any, person: Person, **fields: Any) -> Any:
    """Let *person* ask for something at *site*."""
    key = f"weights:{next(site.keys)}"
    command = kind(person=person, workspace_id=site.workspace, natural_key=key, **fields)
    return site.store.writer.submit(use_case, command).result()


def approve(site: Site, prior: Prior = STRICT) -> int:
    """Train a version and let it act."""
    fields = {"digest": prior.digest(), "data_hash": "0" * 64, "is_promoted": True}
    content = {"weights": weights_of(prior), "known_digest": SHIPPED.digest()}
    number = ask(site, store_model, StoreModel, TRAINER, content=content, **fields).number
    ask(site, approve_model, ApproveModel, APPROVER, number=number)
    return int(number)


def burst(minutes: float) -> list[Told]:
    """Three alerts of one place, which the shipped weights put together; each burst is elsewhere."""
    return [Told(minutes + rule / 4, rule, int(minutes) // 100) for rule in range(3)]


def live(site: Site, *, restarts: bool) -> None:
    """Bursts before, between and after an approval and a rollback."""
    for minutes, happens in ((0, None), (100, approve), (200, None), (300, roll_back), (400, None)):
        if happens:
            happens(site)
        site.take(burst(minutes)[:2])
        site.group()
        if restarts:
            site.start()
        site.take(burst(minutes)[2:])
        site.group()


def roll_back(site: Site) -> None:
    """Go back to what is shipped."""
    ask(site, roll_back_model, RollBackModel, TRAINER, number=0)


@on_both("store")
def test_running_bot_takes_weights_up_and_lets_them_go(store: Store) -> None:
    """Without a restart, and every decision says which weights made it."""
    site = Site(store)

    live(site, restarts=False)

    shipped, strict = SHIPPED.digest(), STRICT.digest()
    assert site.engines() == [shipped] * 3 + [strict] * 6 + [shipped] * 6
    assert [group.alerts for group in site.groups().values()] == [3, 1, 1, 1, 1, 1, 1, 3, 3]


@pytest.mark.thorough
def test_restarts_change_no_bit_of_any_decision(store: Store) -> None:
    """Each stretch is decided again with the weights that it was decided with."""
    whole, killed = Site(store), Site(store)

    live(whole, restarts=False)
    live(killed, restarts=True)

    assert killed.decisions() == whole.decisions()
    assert killed.engines() == whole.engines()


def test_altered_weights_give_way_to_the_shipped_ones(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Grouping goes on, says why once, and its decisions say that the shipped weights made them."""
    site = Site(store)
    number = approve(site)
    site.take(burst(0))
    site.group()
    this = (MODEL_VERSION.c.workspace_id == site.workspace) & (MODEL_VERSION.c.number == number)
    with store.database.write_engine.begin() as connection:
        connection.execute(update(MODEL_VERSION).where(this).values(content=b"altered" * 20))

    with caplog.at_level(logging.ERROR):
        for minutes in (100, 200):
            site.take(burst(minutes))
            site.group()

    assert site.engines() == [STRICT.digest()] * 3 + [SHIPPED.digest()] * 6
    assert [record.message for record in caplog.records] == ["weights not used"]
    because = "Version 1 of the weights is not used: The weights cannot be read. The shipped weights are in force."
    assert vars(caplog.records[0])["because"] == because
