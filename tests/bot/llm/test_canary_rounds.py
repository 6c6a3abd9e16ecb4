"""Whole rounds of the canary set as real models answered them, played back with their server gone.

Recorded by `benchmarks.canary_rounds`, never typed: the same model twice, then another one under the same name.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.canaries.behaviour import Seen
from analysis.errors import Unavailable
from benchmarks.canary_rounds import CANARY_CASSETTES, accept, ask, settings_for
from benchmarks.cassettes import recorder
from bot.late import build_governance, governed_by
from bot.parts import SystemClock
from bot.ports.inventory import CanaryOutcome, CanaryRun
from bot.ports.paging import EgressPurpose
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.usecases.inventory.model_standing import problem

#: Nobody listens there: whatever is not in a cassette fails.
NOBODY = "http://127.0.0.1:9/v1"

pytestmark = pytest.mark.evals


@pytest.fixture
def settings(ready_sqlite_url: str, tmp_path: Path) -> Settings:
    """Return the settings of a site with a model that is gone."""
    return settings_for(NOBODY, tmp_path).model_copy(update={"database_url": ready_sqlite_url})


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Yield its database."""
    opened = open_store(settings, SystemClock(), prepare=upgrade)
    try:
        yield opened
    finally:
        opened.close()


def replayed(name: str, settings: Settings, store: Store) -> CanaryRun:
    """The round of this name, every question and answer of it."""
    with recorder(CANARY_CASSETTES).use_cassette(f"{name}.yaml") as tape:
        run = ask(settings, store, SystemClock())
    assert tape.all_played
    return run


def refused(settings: Settings, store: Store, run: CanaryRun) -> str:
    """Why a draft may not ask the model; empty where it may."""
    with store.snapshots.snapshot() as reads:
        return problem(reads, run.workspace_id, governed_by(settings))


def test_real_model_is_recognised_and_another_one_under_its_name_is_switched_off(
    settings: Settings, store: Store
) -> None:
    """Asked again it answers one of five otherwise, a remark; another one loses the form, a change."""
    first = replayed("first", settings, store)
    accepted = accept(store, first)
    again = replayed("again", settings, store)
    before = refused(settings, store, again)
    other = replayed("other", settings, store)

    assert (first.outcome, again.outcome, other.outcome) == (
        CanaryOutcome.NOT_COMPARED,
        CanaryOutcome.UNCHANGED,
        CanaryOutcome.CHANGED,
    )
    assert "is compared with this from now on" in accepted
    assert again.content["remarks"] == ["the answer to certificate is in other words than before"]
    assert before == ""
    assert other.content["changes"] == [
        "the answers to certificate, release and order are not of the form that was asked for, as they had been",
    ]
    assert "is off since" in refused(settings, store, other)
    assert _seen(first) == _seen(again) == _seen(other)
    assert len({one.body for one in store.egress.calls() if one.purpose is EgressPurpose.CANARY}) == 6 + 5


def test_fingerprint_of_a_real_answer_is_recognised_and_no_other(settings: Settings, store: Store) -> None:
    """An answer to a draft that names itself otherwise than the accepted one did is not used."""
    first = replayed("first", settings, store)
    accept(store, first)
    governance, seen = build_governance(settings, store), _seen(first)

    governance.recognise(first.workspace_id, seen.models[0], seen.fingerprints[0])
    with pytest.raises(Unavailable, match="another model or system fingerprint"):
        governance.recognise(first.workspace_id, seen.models[0], f"{seen.fingerprints[0]}-2")


def _seen(run: CanaryRun) -> Seen:
    assert run.behaviour is not None
    return run.behaviour.seen
