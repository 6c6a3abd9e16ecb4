"""`debrief noise`: what is known of noise, and a kill switch that needs neither Slack nor a database."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief
from tests.bot.cli.test_alerts import take
from tests.effort import leading

# What is tried here begins with tables that are there already: making them takes longer.
pytestmark = pytest.mark.usefixtures("tables")


def test_noise_says_what_fired_and_that_nothing_waited(debrief: Debrief) -> None:
    """Before any night nothing is proposed, and the answer says so in numbers."""
    take("CartSlow", "CartErrors")

    shown = debrief("noise", "7d", "--json")

    said = json.loads(shown.out)
    assert shown.status == 0
    assert said["headline"] == "2 alerts fired, and none waited. 0 would have if somebody had approved."
    assert [(day["fired"], day["held"]) for day in said["days"]] in ([(2, 0)], [(1, 0), (1, 0)])
    assert (said["stopped"], said["policies"], said["waiting"], said["replayed_at"]) == (False, [], [], None)


def test_noise_says_of_no_imported_alert_that_it_was_told(debrief: Debrief, own_folder: Path) -> None:
    """What is imported counts as fired, and nobody was ever told of it."""
    at = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    row = {"source": "prom", "rule": "DiskScrub", "status": "resolved", "labels": {"service": "cart"}}
    (own_folder / "past.json").write_text(json.dumps({**row, "starts_at": at, "ends_at": at}))
    debrief("import", "alerts", "past.json", "--format", "generic")

    shown = debrief("noise", "7d")

    assert shown.out == "1 alert fired, and none waited. 0 would have if somebody had approved.\n"


def test_kill_switch_is_turned_on_and_off(debrief: Debrief) -> None:
    """A second time is status 1, and the account says that it is on."""
    take("CartSlow")

    stopped, again, shown = debrief("noise", "stop"), debrief("noise", "stop"), debrief("noise")
    resumed, free = debrief("noise", "resume"), debrief("noise")

    assert (stopped.status, again.status, resumed.status) == (0, 1, 0)
    assert stopped.out.startswith("Stopped: every alert is told from now on")
    assert "stopped already" in again.err
    assert "Holding back is stopped: every alert is told." in shown.out
    assert "and none waited" in free.out


def test_who_stopped_it_is_in_an_export_that_verifies(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """An auditor reads who, when and what from the workspace's log; nobody but an admin takes it out."""
    take("CartSlow")
    debrief("noise", "stop")

    exported = debrief("export", "--log", "--out", "log.jsonl")
    head, *entries = [json.loads(line) for line in Path("log.jsonl").read_text().splitlines()]
    verified = debrief("verify", "--export", "log.jsonl")
    wrong = [debrief("export", *more) for more in ((), ("--log", "-i", "1"), ("--log", "--break-glass"))]
    actor = entries[-1]["fields"]["actor"]["content"]
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({actor.removeprefix("cli:"): "U0RESPONDER"}))
    refused = debrief("export", "--log")

    assert (exported.status, exported.out) == (0, "")
    assert (head["name"], head["seq"]) == ("#0", len(entries))
    assert actor.startswith("cli:")
    assert "stop" in json.dumps(entries[-1]["fields"])
    assert (verified.status, [one.status for one in wrong]) == (0, [2, 2, 2])
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith("Only admin may administer here.")


def test_kill_switch_works_without_a_database(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stops it until `resume` takes that away; whoever has the database sees it there."""
    take("CartSlow")
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")

    stopped = debrief("noise", "stop")
    unanswered = debrief("noise")
    monkeypatch.delenv("DEBRIEF_DATABASE_URL")
    shown, resumed = debrief("noise"), debrief("noise", "resume")

    assert (stopped.status, unanswered.status) == (0, 3)
    assert ".debrief/hold-nothing stops holding back instead" in stopped.err
    assert (
        f"{Path.cwd()}/.debrief/hold-nothing stops holding back instead, if the server reads this file" in stopped.err
    )
    assert "stopped by the file on the server" in shown.out
    assert resumed.status == 0
    assert not Path(".debrief/hold-nothing").exists()


def test_file_that_cannot_be_made_is_told(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is stopped then, and the sentence says what to do."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("DEBRIEF_HOLD_STOP_FILE", f"{os.devnull}/hold-nothing")

    answer = debrief("noise", "stop")

    assert answer.status == 3
    assert "cannot be made" in answer.err
    assert "nothing is stopped" in answer.err


def test_folder_of_the_file_can_be_read_by_the_server(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes it, with whatever mask: a server that cannot look would hold nothing back for ever."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("DEBRIEF_HOLD_STOP_FILE", "new/folder/hold-nothing")
    before = os.umask(0o077)

    answer = debrief("noise", "stop")
    os.umask(before)

    assert answer.status == 0
    assert [Path(each).stat().st_mode & 0o777 for each in ("new", "new/folder")] == [0o755, 0o755]
    assert Path("new/folder/hold-nothing").exists()


def test_file_that_nobody_can_look_for_stops_it(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be told is told as stopped, and resuming says what stands in the way."""
    take("CartSlow")
    monkeypatch.setenv("DEBRIEF_HOLD_STOP_FILE", f"{'x' * 300}/hold-nothing")

    shown, resumed = debrief("noise"), debrief("noise", "resume")

    assert "stopped by the file on the server" in shown.out
    assert resumed.status == 3
    assert "cannot be removed" in resumed.err


@pytest.mark.parametrize(
    ("words", "status", "told"),
    leading(
        1,
        [
            pytest.param(("approve", "P-1"), 1, "There is no P-1", id="nobody's number"),
            pytest.param(("approve", "1"), 2, "Say which one", id="a bare number"),
            pytest.param(("soon",), 2, "noise stop", id="no such word"),
            pytest.param(("resume",), 1, "not stopped", id="nothing to resume"),
        ],
    ),
)
def test_bad_words_are_refused(debrief: Debrief, words: tuple[str, ...], status: int, told: str) -> None:
    """One sentence says what to do."""
    take("CartSlow")

    answer = debrief("noise", *words)

    assert (answer.status, answer.out) == (status, "")
    assert told in answer.err
