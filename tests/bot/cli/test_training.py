"""`debrief train` and `debrief models`: weights are learnt from labels, judged, approved by others, and undone."""

import getpass
import importlib.util
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from analysis.alerts.alert import Alert
from analysis.alerts.prior import SHIPPED
from analysis.incident import Visibility
from bot.cli.learning.training import NO_TRACKING
from bot.late import build_governance
from bot.settings import load_settings
from bot.store.database.engine import open_database
from bot.store.learning.model_tables import MODEL_VERSION
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.resolve import Resolve, resolve
from tests.bot.cli.conftest import Debrief
from tests.labelled_site import GRAPH, LabelledSite, faults, named

ME = getpass.getuser()
FAULTS = 90


def log_in(monkeypatch: pytest.MonkeyPatch, person: str) -> None:
    """Act as *person* from now on: ada administers and approves, ben approves."""
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({ME: person}))
    monkeypatch.setenv("DEBRIEF_ACCESS", json.dumps({"admin": ["UADA"], "approver": ["UADA", "UBEN"]}))


def set_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the site its service graph, and work as ada."""
    (folder / "graph.json").write_text(json.dumps(GRAPH))
    monkeypatch.setenv("DEBRIEF_SERVICE_GRAPH", str(folder / "graph.json"))
    log_in(monkeypatch, "UADA")


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[list[Alert]]]]:
    """Yield a folder with a database whose faults are all labelled, and the faults."""
    folder = tmp_path_factory.mktemp("taught")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield folder, teach()


@pytest.fixture
def site(
    debrief: Debrief, own_folder: Path, taught: tuple[Path, list[list[Alert]]], monkeypatch: pytest.MonkeyPatch
) -> Debrief:
    """Return what runs `debrief` beside a copy of that database."""
    shutil.copytree(taught[0] / ".debrief", own_folder / ".debrief")
    set_up(own_folder, monkeypatch)
    return debrief


@pytest.fixture
def learnt_from(
    own_folder: Path, database_url: str, taught: tuple[Path, list[list[Alert]]], monkeypatch: pytest.MonkeyPatch
) -> list[list[Alert]]:
    """Let the configured database of each dialect know such faults, and return them; teaching takes seconds."""
    set_up(own_folder, monkeypatch)
    if database_url.startswith("sqlite"):
        shutil.copytree(taught[0] / ".debrief", own_folder / ".debrief")
        return taught[1]
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", database_url)
    return teach()


def teach() -> list[list[Alert]]:
    """Let faults happen in the configured database, and label all of them."""
    site = LabelledSite()
    happened = faults(FAULTS)
    site.take([alert for fault in happened for alert in fault])
    site.label(happened)
    site.close()
    return happened


def test_weights_are_learnt_approved_used_and_undone(
    debrief: Debrief, learnt_from: list[list[Alert]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From labels to the running bot and back by commands, and each decision by the version then in force."""
    happened = learnt_from
    trained = debrief("train", "--json")
    fitted = json.loads(trained.out)["digest"]

    alone = debrief("models", "approve", "1")
    log_in(monkeypatch, "UBEN")
    approved = debrief("models", "approve", "1", "--reason", "read the card")
    (later,) = faults(1)
    group(later)
    log_in(monkeypatch, "UADA")
    back = debrief("models", "rollback", "--reason", "for the test")
    (latest,) = faults(1)
    group([*map(moved_on, latest)])

    assert (trained.status, approved.status, back.status) == (0, 0, 0), trained.err
    assert (alone.status, "somebody else has to approve it" in alone.err) == (1, True)
    site = LabelledSite()
    engines, groups = site.engines(), site.groups()
    site.close()
    before, with_fitted, after = engines[: len(engines) - 10], engines[-10:-5], engines[-5:]
    assert {engine[:16] for engine in before} == {engine[:16] for engine in after} == {SHIPPED.digest()}
    assert {engine[:16] for engine in with_fitted} == {fitted}
    assert len({groups[named(alert)] for alert in happened[0]}) == 2
    assert len({groups[named(alert)] for alert in later}) == 1
    assert len({groups[named(moved_on(alert))] for alert in latest}) == 2


@pytest.mark.thorough
def test_inventory_names_the_weights_that_act_and_who_let_them(site: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt is read where it is kept: version, verdict, and the history of what acted when."""
    fitted = debrief_json(site("train", "--json"), 0)["digest"]
    before = grouping(site)
    log_in(monkeypatch, "UBEN")
    site("models", "approve", "1")
    acting = grouping(site)
    log_in(monkeypatch, "UADA")
    site("models", "rollback")
    after = grouping(site)

    (learnt,) = acting["validations"]
    assert [one["version"] for one in (before, acting, after)] == [SHIPPED.digest(), fitted, SHIPPED.digest()]
    assert (learnt["command"], learnt["version"]) == ("debrief train", fitted)
    assert "Trained by slack:UADA" in learnt["figures"]
    assert before["validations"][0]["version"] == SHIPPED.digest()
    assert [(one["version"], one["by"]) for one in after["history"]][-2:] == [
        (fitted, "slack:UBEN"),
        (SHIPPED.digest(), "slack:UADA"),
    ]


@pytest.mark.thorough
def test_inventory_has_no_weights_in_use_that_did_not_act(site: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an upgrade brought while others acted was not in use; what was gone back to is what was shipped then."""
    older = "0" * 16
    fitted = debrief_json(site("train", "--json"), 0)["digest"]
    start(older, owner="ada")
    log_in(monkeypatch, "UBEN")
    site("models", "approve", "1")
    log_in(monkeypatch, "UADA")
    site("models", "rollback")
    start(SHIPPED.digest(), owner="ada")
    log_in(monkeypatch, "UBEN")
    site("models", "approve", "1")
    start(SHIPPED.digest(), owner="cleo")
    found = grouping(site)

    assert [one["version"] for one in found["history"]] == [older, fitted, older, SHIPPED.digest(), fitted]
    assert (found["version"], found["in_use_since"]) == (fitted, found["history"][-1]["first_seen"])


def start(shipped: str, *, owner: str) -> None:
    """Start a server that ships these weights, as far as the inventory sees it."""
    site = LabelledSite()
    settings = load_settings().model_copy(update={"inventory_owners": {"all": owner}})
    replace(build_governance(settings, site.store), others={"grouping": shipped}).take_stock(site.workspace)
    site.close()


def grouping(site: Debrief) -> Any:
    """What the inventory says of grouping."""
    return debrief_json(site("inventory", "grouping", "--json"), 0)


def moved_on(alert: Alert) -> Alert:
    """The same alert of another fault, an hour and a half later, elsewhere."""
    return replace(
        alert,
        labels={"service": alert.labels["service"][:-1] + "7"},
        starts_at=alert.starts_at + timedelta(minutes=90),
        received_at=alert.received_at + timedelta(minutes=90),
    )


def group(alerts: list[Alert]) -> None:
    """Let alerts arrive while the bot runs."""
    site = LabelledSite()
    site.take(alerts)
    site.close()


def test_card_says_what_it_rests_on_and_how_it_was_judged(site: Debrief) -> None:
    """Everything that whoever approves has to know, the same each time; nothing of it names an incident."""
    first, again = (debrief_json(site("train", "--json"), 0) for _ in range(2))
    card = site("models", "show", "1").out
    listed = site("models").out.splitlines()

    assert (first["version"], again["version"]) == (1, 2)
    assert {name: first[name] for name in ("digest", "data_hash", "metrics")} == {
        name: again[name] for name in ("digest", "data_hash", "metrics")
    }
    assert first["metrics"]["gain.low"] > 0.2
    assert f"# Weights of grouping {first['digest']}" in card
    for line in (
        "It grouped the later part better, merged no more and hid nothing, so a person may approve it",
        f"| hash of alerts, labels, events and service graph | {first['data_hash']} |",
        "54 causes before it, 36 after it",
        "| confirmed pairs before the cut | 216 |",
        "Of 36 incidents 0 would have been hidden by groups",
    ):
        assert line in card
    assert "Fault at" not in card
    assert [line.split("\t")[4] for line in listed] == ["acts", "waits for approval", "waits for approval"]


def debrief_json(answer: Any, status: int) -> Any:
    """What a command printed as JSON."""
    assert answer.status == status, answer.err
    return json.loads(answer.out)


def test_without_the_extra_one_sentence_says_that_tracking_is_off(site: Debrief) -> None:
    """Everything else works."""
    if importlib.util.find_spec("mlflow"):
        pytest.skip("the extra mlops is installed here")

    trained = site("train")

    assert (trained.status, trained.err) == (0, NO_TRACKING + "\n")
    assert trained.out.splitlines()[-1] == "Kept as version 1. Somebody else lets it act: debrief models approve 1"


@pytest.mark.thorough
def test_rehearsal_keeps_nothing(site: Debrief) -> None:
    """It judges all the same."""
    rehearsed = debrief_json(site("train", "--dry-run", "--json"), 0)

    assert (rehearsed["version"], rehearsed["promoted"]) == (None, True)
    assert debrief_json(site("models", "--json"), 0) == {"in_force": 0, "versions": [], "choices": []}


def test_private_incidents_teach_nothing_and_count_for_safety(site: Debrief) -> None:
    """Attached to a private incident as well, a group has no cause; what must not be hidden stays as many."""
    known = debrief_json(site("train", "--dry-run", "--json"), 0)
    room = LabelledSite()
    group = min(room.groups().values())
    command = Declare(**room.asked(), title="Insider", visibility=Visibility.PRIVATE)
    number = room.ask(declare, command).number
    room.ask(attach_group, AttachGroup(**room.asked(), number=number, group=group))
    room.close()

    answered = site("train", "--dry-run", "--json")
    after = json.loads(answered.out)

    assert after["pairs"] < known["pairs"]
    assert after["data_hash"] != known["data_hash"]
    assert "Insider" not in answered.out


@pytest.mark.thorough
def test_no_number_that_is_shown_counts_private_incidents(site: Debrief) -> None:
    """Neither the figures nor the labels of the card differ by one that is over, and was told."""
    site("train")
    room = LabelledSite()
    (fault,) = faults(1)
    room.take(fault)
    command = Declare(**room.asked(), title="Insider", visibility=Visibility.PRIVATE)
    number = room.ask(declare, command).number
    for group in sorted({room.groups()[named(alert)] for alert in fault}):
        room.ask(attach_group, AttachGroup(**room.asked(), number=number, group=group))
    room.ask(resolve, Resolve(**room.asked(), number=number))
    room.close()

    site("train")
    before, after = (debrief_json(site("models", "show", one, "--json"), 0) for one in ("1", "2"))
    cards = [site("models", "show", one).out for one in ("1", "2")]

    assert before["data_hash"] != after["data_hash"]
    names = ("incidents", "hidden.by_groups", "late.by_groups", "hidden.by_holding", "late.by_holding")
    assert [before["metrics"][one] for one in names] == [after["metrics"][one] for one in names] == [36, 0, 0, 0, 0]
    assert before["content"]["labels"] == after["content"]["labels"]
    sentence = "None would have been hidden or told too late, private incidents included."
    assert [card.count(sentence) for card in cards] == [1, 1]


@pytest.mark.thorough
def test_few_labels_keep_the_shipped_weights(debrief: Debrief, own_folder: Path) -> None:
    """It says how many are missing, and keeps no version."""
    site = LabelledSite()
    happened = faults(6)
    site.take([alert for fault in happened for alert in fault])
    site.label(happened)
    site.close()

    answer = debrief("train")

    assert answer.status == 1
    assert "188 confirmed pairs of 200 are missing in the earlier part." in answer.out
    assert "17 labelled causes of 20 are missing in the later part." in answer.out
    assert answer.out.endswith("The weights that act stay as they are.\n")
    assert debrief_json(debrief("models", "--json"), 0)["versions"] == []


def test_alerts_that_no_server_has_grouped_yet_are_named(debrief: Debrief, own_folder: Path) -> None:
    """Whoever imports a past and trains at once reads why there is nothing to learn from."""
    began = datetime.now(UTC) - timedelta(days=1)
    row = {"rule": "DiskFull", "labels": {"service": "db-1"}, "starts_at": began.isoformat()}
    (own_folder / "past.jsonl").write_text(json.dumps(row))
    debrief("import", "alerts", "past.jsonl", "--format", "generic")

    answer = debrief("train")

    assert answer.status == 1
    assert "1 alert on record is not grouped yet and not looked at; a running `debrief serve` groups it." in answer.out


def test_who_may_not_is_refused(site: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training and going back need admin access, approving a person who may approve."""
    log_in(monkeypatch, "UBEN")
    trained, back = site("train"), site("models", "rollback")
    monkeypatch.delenv("DEBRIEF_COMMAND_LINE_USERS")
    approved = site("models", "approve", "1")

    assert (trained.status, back.status, approved.status) == (1, 1, 1)
    assert "Only admin may administer" in trained.err
    assert "Only admin may administer" in back.err
    assert approved.err.startswith(
        "Only approver may approve here. Ask an admin, or see who has which in DEBRIEF_ACCESS."
    )


def test_what_cannot_act_is_not_approved(site: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that is not there, one that was altered, and going back to what never acted."""
    site("train")
    database = open_database(load_settings().database_url)
    with database.write_engine.begin() as connection:
        connection.execute(update(MODEL_VERSION).values(digest="0011223344556677"))
    database.close()

    answers = [
        site("models", "rollback"),
        site("models", "rollback", "1"),
        site("models", "rollback", "one"),
        site("models", "show", "7"),
    ]
    log_in(monkeypatch, "UBEN")
    answers += [site("models", "approve", "2"), site("models", "approve", "1")]

    assert [answer.status for answer in answers] == [1, 1, 2, 1, 1, 1]
    for answer, sentence in zip(
        answers,
        (
            "The shipped weights act already.",
            "Version 1 was never approved, so nothing can go back to it.",
            "“one” is no version; write `prior` or a number of `debrief models`.",
            "There is no version 7. `debrief models` lists those that there are.",
            "There is no version 2. `debrief models` lists those that there are.",
            "Version 1 of the weights is not used: The weights have the hash",
        ),
        strict=True,
    ):
        assert answer.err.startswith(sentence)


def test_version_from_before_other_weights_were_shipped_is_not_approved(
    site: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was judged beside those of then: that it groups better than what an upgrade brought, nobody has looked at."""
    site("train")
    monkeypatch.setattr("bot.usecases.learning.approve.SHIPPED", replace(SHIPPED, text=SHIPPED.text + 0.1))
    log_in(monkeypatch, "UBEN")

    answer = site("models", "approve", "1")

    assert answer.status == 1
    assert answer.err.startswith("Version 1 was judged beside weights that are not the shipped ones any more")


@pytest.mark.thorough
def test_version_that_was_altered_is_not_said_to_act(site: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says what groups alerts now, as the bot does, and why."""
    site("train")
    log_in(monkeypatch, "UBEN")
    site("models", "approve", "1")
    sound = site("models")
    database = open_database(load_settings().database_url)
    with database.write_engine.begin() as connection:
        connection.execute(update(MODEL_VERSION).values(digest="0011223344556677"))
    database.close()

    listed, value = site("models"), site("models", "--json")
    log_in(monkeypatch, "UADA")
    back = site("models", "rollback", "1")

    said = json.loads(value.out)
    problem = "Version 1 of the weights is not used: The weights have the hash"
    assert [line.split("\t")[4] for line in sound.out.splitlines()] == ["", "acts"]
    assert [line.split("\t")[4] for line in listed.out.splitlines()] == ["acts", "not used"]
    assert back.err.startswith(problem)
    assert (sound.err, listed.err.startswith(problem), value.err) == ("", True, listed.err)
    assert (said["in_force"], said["problem"]) == (0, listed.err.strip())


def test_days_are_bounded(debrief: Debrief) -> None:
    """A sentence says between what."""
    answer = debrief("train", "--days", "0")

    assert (answer.status, answer.err) == (2, "--days is 0; it must be between 1 and 3650.\n")
