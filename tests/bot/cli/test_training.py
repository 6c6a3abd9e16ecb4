"""`debrief train` and `debrief models`: weights are learnt from labels, judged, approved by others, and undone."""

import getpass
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.alerts.alert import Alert
from analysis.alerts.prior import SHIPPED
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


def teach() -> list[list[Alert]]:
    """Let faults happen in the configured database, and label all of them."""
    site = LabelledSite()
    happened = faults(FAULTS)
    site.take([alert for fault in happened for alert in fault])
    site.label(happened)
    site.close()
    return happened


def test_weights_are_learnt_approved_used_and_undone(
    debrief: Debrief, own_folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From labels to the running bot and back by commands, and each decision by the version then in force."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", database_url)
    set_up(own_folder, monkeypatch)
    happened = teach()
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
