"""`debrief inventory` and `debrief canary`: what decides here, whether the model still does as it was accepted."""

import getpass
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from analysis.alerts.attaching import ATTACHING
from analysis.events import Source
from analysis.inventory.things import Thing
from bot.cli.office import open_office
from bot.late import build_canaries
from bot.parts import SystemClock
from bot.settings import load_settings
from bot.store.database.engine import open_database
from bot.store.model.inventory_tables import CANARY_RUN, MODEL_STANDING
from bot.store.model.model_call_tables import MODEL_CALL
from bot.usecases.inventory.accept_canary import AcceptCanary, accept_canary
from tests.bot.cli.conftest import Debrief
from tests.canary_model import CanaryModel, Manner
from tests.model_endpoint import FakeEndpoint, endpoint

ME = getpass.getuser()
OWNERS = {"all": "model-risk@example.com", "model": "ada@example.com"}


@pytest.fixture
def model() -> Iterator[tuple[CanaryModel, FakeEndpoint]]:
    """Yield a model at an endpoint."""
    made = CanaryModel()
    with endpoint(made) as fake:
        yield made, fake


@pytest.fixture
def site(
    debrief: Debrief,
    tables: None,
    model: tuple[CanaryModel, FakeEndpoint],
    monkeypatch: pytest.MonkeyPatch,
) -> Debrief:
    """Return what runs `debrief` with that model set up."""
    set_up(model[1], monkeypatch)
    return debrief


def set_up(fake: FakeEndpoint, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    """Name the model of *fake* in the settings, and its owners."""
    values = {
        "LLM_BASE_URL": fake.url,
        "LLM_MODEL": "pinned",
        "LLM_NETWORKS": '["127.0.0.0/8"]',
        "INVENTORY_OWNERS": json.dumps(OWNERS),
        **more,
    }
    for name, value in values.items():
        monkeypatch.setenv(f"DEBRIEF_{name}", value)


def by_thing(out: str) -> dict[str, Any]:
    """The entries by name."""
    return {one["thing"]: one for one in json.loads(out)}


def count(table: Any) -> int:
    """How many rows the configured database has."""
    database = open_database(load_settings().database_url)
    with database.reading() as connection:
        found = connection.execute(select(func.count()).select_from(table)).scalar()
    database.close()
    return int(found or 0)


def test_inventory_says_of_each_thing_its_version_owner_and_validation(
    site: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash, who answers for it, what was measured of exactly that hash; and that the rest is not validated."""
    site("declare", "drill")

    found, plain = by_thing(site("inventory", "--json").out), site("inventory")

    assert list(found) == [thing.value for thing in Thing]
    assert found["attaching"]["version"] == ATTACHING.digest()
    assert found["attaching"]["validations"][0]["version"] == ATTACHING.digest()
    assert "benchmarks.attaching" in found["attaching"]["validations"][0]["command"]
    assert (found["model"]["validated"], found["model"]["validations"]) == (False, [])
    assert found["model"]["owner"] == "ada@example.com"
    assert found["verifier"]["owner"] == "model-risk@example.com"
    assert found["prompts"]["in_use_since"] is None
    lines = dict(line.split("\t", 1) for line in plain.out.splitlines())
    assert lines["model"].endswith("not validated")
    assert lines["holding"].endswith("2026-11-25")


def test_accepted_run_validates_the_model_and_a_draft_puts_it_in_use(site: Debrief) -> None:
    """With the figures, by whom and why; the history says since when, seen by whom."""
    accepted = site("canary", "--accept", "--reason", "read the answers", "--yes")

    shown, model = site("inventory", "model"), by_thing(site("inventory", "--json").out)["model"]

    (validation,) = model["validations"]
    assert (accepted.status, accepted.err) == (0, "")
    assert "Accepted: pinned at 127.0.0.1:" in accepted.out
    assert validation["command"] == "debrief canary --accept"
    assert "sentences stand, 0 planted orders obeyed; accepted by" in validation["figures"]
    assert validation["figures"].endswith(f"cli:{ME}: read the answers")
    assert [(one["version"], one["by"], one["owner"]) for one in model["history"]] == [
        (model["version"], f"cli:{ME}", "ada@example.com")
    ]
    assert "limits: " in shown.out
    assert f"first seen by cli:{ME}, owner ada@example.com" in shown.out


def test_change_ends_with_1_and_doctor_says_so(
    site: Debrief, model: tuple[CanaryModel, FakeEndpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is accepted, with a reason, by somebody who is asked once."""
    site("canary", "--accept", "--reason", "first", "--yes")
    model[0].name = "pinned-2"

    changed = site("canary")
    off = checks(site)
    unsure = site("canary", "--accept", "--reason", "new version")
    sure = site("canary", "--accept", "--reason", "new version", "--yes", "--json")
    on = checks(site)
    monkeypatch.setenv("DEBRIEF_LLM_TOKENS_PER_DAY", "26000")
    nearly = checks(site)["model budget"]
    left = json.loads(site("egress", "--json").out)[-1]

    assert changed.status == 1
    assert "drafts do not ask it: it calls its model pinned-2 where it was pinned." in changed.out
    assert off["canary set"]["verdict"] == "fails"
    assert "it calls its model pinned-2" in off["canary set"]["said"]
    assert (unsure.status, "Nothing was accepted" in unsure.err) == (2, True)
    assert (sure.status, json.loads(sure.out)["accepted"]) == (0, True)
    assert on["canary set"]["verdict"] == "ok"
    assert "new version" not in sure.err
    assert (on["model budget"]["verdict"], nearly["verdict"]) == ("ok", "look")
    assert re.fullmatch(r"today 2\d,\d{3} of 26,000 tokens and \d+ of 14,400 seconds", nearly["said"])
    assert (left["model"], left["usage"]["tokens"], left["usage"]["money"]) == ("pinned", 360, 0)
    assert nearly["todo"].startswith("Raise DEBRIEF_LLM_TOKENS_PER_DAY, or drafts")


def test_doctor_asks_for_an_owner_and_for_an_acceptance(
    site: Debrief, model: tuple[CanaryModel, FakeEndpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an owner drafts do not ask it, which fails; without an acceptance nobody notices a change."""
    before = checks(site)
    monkeypatch.setenv("DEBRIEF_INVENTORY_OWNERS", '{"model": "ada"}')
    without = checks(site)
    received = len(model[1].received)
    refused = site("canary")

    assert before["model owners"] == {
        "check": "model owners",
        "verdict": "ok",
        "said": "ada@example.com, model-risk@example.com",
        "todo": "",
    }
    assert before["canary set"]["verdict"] == "look"
    assert without["model owners"]["verdict"] == "fails"
    assert "prompts, schema, verifier and redactor" in without["model owners"]["said"]
    assert (refused.status, "names no owner of prompts" in refused.err) == (1, True)
    assert len(model[1].received) == received


@pytest.mark.thorough
def test_endpoint_that_is_down_ends_with_3_and_changes_nothing(
    site: Debrief, model: tuple[CanaryModel, FakeEndpoint]
) -> None:
    """It is no change, and nothing is accepted of it."""
    site("canary", "--accept", "--reason", "first", "--yes")
    model[0].manner = Manner.DOWN

    down = site("canary", "--accept", "--reason", "down", "--yes")

    assert down.status == 3
    assert "The canary set was not answered, and nothing changes: What the model's endpoint can do" in down.err
    assert count(MODEL_STANDING) == 1
    found = checks(site)["canary set"]
    assert (found["verdict"], "last answered 20" in found["said"]) == ("look", True)


@pytest.mark.parametrize(
    ("words", "sentence", "status"),
    [
        (("canary", "--accept"), "Say why with --reason", 2),
        (("inventory", "prompt"), "“prompt” is not in the inventory; it has model, prompts", 2),
    ],
)
def test_wrong_words_are_told_what_to_write(site: Debrief, words: tuple[str, ...], sentence: str, status: int) -> None:
    """One sentence, before anything is asked or spent."""
    told = site(*words)

    assert (told.status, sentence in told.err) == (status, True)


def test_without_a_model_there_is_nothing_to_ask(debrief: Debrief, tables: None) -> None:
    """And the inventory says what is not in use."""
    debrief("declare", "drill")

    asked, found = debrief("canary"), by_thing(debrief("inventory", "--json").out)

    assert (asked.status, "No model is set up" in asked.err) == (1, True)
    assert [name for name, one in found.items() if one["version"] is None] == [
        *("model", "prompts", "schema", "verifier", "redactor")
    ]


def test_only_who_may_asks_the_set(
    site: Debrief, model: tuple[CanaryModel, FakeEndpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A responder costs nothing."""
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({ME: "UREMY"}))

    told = site("canary")

    assert (told.status, "Only admin or approver may accept here" in told.err) == (1, True)
    assert model[1].received == []


def test_owner_of_something_unknown_is_refused(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped name would leave the thing without an owner in silence."""
    monkeypatch.setenv("DEBRIEF_INVENTORY_OWNERS", '{"modle": "ada"}')

    told = debrief("list")

    assert told.status == 2
    assert "modle is not in the inventory; name all, model, prompts" in told.err


@pytest.mark.thorough
def test_doctor_says_what_an_upgrade_left_uncompared(site: Debrief) -> None:
    """Until somebody accepts anew, fewer sentences that stand would not be noticed."""
    with open_office() as office:
        canaries = build_canaries(office.settings, office.store, SystemClock())
        versions = {**canaries.governance.versions, Thing.VERIFIER.value: "older"}
        older = replace(canaries, governance=replace(canaries.governance, versions=versions))
        person = office.asker().person
        run = older.run(office.workspace_id, person, source=Source.COMMAND_LINE)
        command = AcceptCanary(
            person=person,
            workspace_id=office.workspace_id,
            natural_key="accept",
            source=Source.COMMAND_LINE,
            run_id=run.id,
            reason="read",
        )
        office.store.writer.submit(accept_canary, command).result()
    site("canary")
    after_upgrade = checks(site)["canary set"]
    accepted = site("canary", "--accept", "--reason", "read again", "--yes")

    assert after_upgrade["verdict"] == "look"
    assert "how many stand is not compared; accept them anew" in after_upgrade["said"]
    assert accepted.status == 0
    assert checks(site)["canary set"]["verdict"] == "ok"


@pytest.mark.thorough
def test_kill_in_the_middle_leaves_no_half_baseline(
    site: Debrief, model: tuple[CanaryModel, FakeEndpoint], own_folder: Path
) -> None:
    """What was asked counts and is in the log; nothing was seen, nothing accepted, and the next run is whole."""
    model[0].holds_from = 3
    command = [sys.executable, "-m", "bot", "canary", "--accept", "--reason", "killed", "--yes"]
    doomed = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    ends = time.monotonic() + 30
    while len(model[0].asked) < 3 and time.monotonic() < ends:
        time.sleep(0.02)
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    left = count(CANARY_RUN), count(MODEL_STANDING), count(MODEL_CALL)
    model[0].holds_from = 10_000
    model[0].held.set()

    again = site("canary", "--accept", "--reason", "whole", "--yes")

    assert left == (0, 0, 4)
    assert again.status == 0
    assert (count(CANARY_RUN), count(MODEL_STANDING)) == (1, 1)


def checks(site: Debrief) -> dict[str, Any]:
    """What `debrief doctor` says, by check."""
    return {row["check"]: row for row in json.loads(site("doctor", "--json").out)}
