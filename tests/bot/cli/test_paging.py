"""Paging on the command line: beside the server, loud without one; and what `doctor` finds out without paging."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.incidents import paging
from bot.flows import dispatcher
from bot.pager.config import DEFAULT_CALL
from tests.bot.cli.conftest import Debrief
from tests.fake_pagerduty import BOT, NADIA, ROUTING_KEY, FakePagerDuty, Trouble, on_call
from tests.paging import CALL, open_paging_room, pager_file
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Room, number_in


@pytest.fixture
def beside(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Room, FakePagerDuty]]:
    """Yield a bot that pages and its account, with the command line beside it."""
    url = f"sqlite:///{own_folder / 'debrief.db'}"
    # What another process asks for is found by looking: every five seconds, which is often enough for people.
    monkeypatch.setattr(dispatcher, "LONGEST_SLEEP_SECONDS", 0.2)
    # The command has the machine's clock: the server's must not be behind it, nor ahead by what makes a page old.
    with open_paging_room(url, own_folder, start=datetime.now(UTC) + timedelta(minutes=2)) as (room, pagerduty):
        monkeypatch.setenv("DEBRIEF_DATABASE_URL", url)
        monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
        monkeypatch.setenv("DEBRIEF_PAGER_FILE", str(room.settings.pager_file))
        monkeypatch.setenv("DEBRIEF_OUTSIDE_HOSTS", '["127.0.0.1"]')
        yield room, pagerduty


@pytest.fixture
def account(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePagerDuty]:
    """Yield an account at PagerDuty that the settings of the environment lead to."""
    with FakePagerDuty() as pagerduty:
        monkeypatch.setenv("DEBRIEF_PAGER_FILE", str(pager_file(own_folder, pagerduty)))
        monkeypatch.setenv("DEBRIEF_OUTSIDE_HOSTS", '["127.0.0.1"]')
        monkeypatch.setenv("DEBRIEF_OUTSIDE_TIMEOUT_SECONDS", "1")
        yield pagerduty


def check(debrief: Debrief, name: str) -> tuple[str, str]:
    """How a check of `doctor` stands, and what it says."""
    rows = {row["check"]: row for row in json.loads(debrief("doctor", "--json").out)}
    return rows[name]["verdict"], f"{rows[name]['said']} {rows[name]['todo']}"


def test_pager_file_that_cannot_be_read_sends_people_to_the_telephone(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever pages at night reads that nobody was woken, and not only what is wrong with a file."""
    (own_folder / "pager.json").write_text("{")
    monkeypatch.setenv("DEBRIEF_PAGER_FILE", str(own_folder / "pager.json"))
    debrief("declare", "payments")

    answer = debrief("page", "-i", "1", "payments", "--yes")

    assert (answer.status, len(answer.err.splitlines())) == (2, 1)
    assert answer.err.endswith("So nobody was paged. Call whoever is on call, by telephone.\n")


def test_page_beside_the_server_says_that_it_arrived(debrief: Debrief, beside: tuple[Room, FakePagerDuty]) -> None:
    """The server sends it; the command waits for what became of it, and the log of what left has it."""
    room, pagerduty = beside
    number, _ = room.declare()

    asked = debrief("page", "-i", str(number), "payments", "disk is full")
    paged = debrief("page", "-i", str(number), "--yes", "payments", "disk is full")
    listed = debrief("page", "-i", str(number))
    left = json.loads(debrief("egress", "-i", str(number), "--json").out)
    woken = list(pagerduty.woken)

    assert (asked.status, "Page payments through PagerDuty?" in asked.err) == (2, True)
    later = f"`debrief page -i {number}` says what becomes of it."
    assert (paged.status, paged.out) == (0, f"Page 1 of #{number} is sent. {later}\n")
    assert "payments" in listed.out
    assert len(woken) == 1
    assert (left[0]["purpose"], left[0]["status"]) == ("page", 202)


def test_command_says_what_became_of_its_own_page(debrief: Debrief, beside: tuple[Room, FakePagerDuty]) -> None:
    """A colleague who pages in the same incident while it waits does not change what it is told."""
    room, pagerduty = beside
    number, channel = room.declare()

    def colleague_pages(_: object) -> None:
        pagerduty.before_answer = None
        pagerduty.troubles.append(Trouble(path="/incidents", times=None, status=400))
        room.ask(OTHER, "page confirm ledger it is slow", channel)

    pagerduty.before_answer = colleague_pages
    paged = debrief("page", "-i", str(number), "--yes", "payments", "disk is full")

    assert (paged.status, paged.out.startswith(f"Page 1 of #{number} is sent.")) == (0, True), paged


def test_bodies_about_a_private_incident_are_for_those_who_are_in_it(
    debrief: Debrief, beside: tuple[Room, FakePagerDuty]
) -> None:
    """An admin outside reads that something left and what came back, not what it said or who had it sent."""
    room, _ = beside
    open_one, channel = room.declare()
    room.ask(RESPONDER, "page confirm payments disk is full", channel)
    private = number_in(room.ask(COMMANDER, "declare SEV2 private: Payout file leaked"))
    room.ask(COMMANDER, f"#{private} page confirm ledger come at once")
    room.settle()

    left = json.loads(debrief("egress", "--json").out)
    refused = debrief("egress", "-i", str(private))

    pages = [call for call in left if call["purpose"] == "page"]
    known, hidden = sorted(pages, key=lambda call: bool(call.get("is_hidden")))  # two lanes, sent in any order
    assert (known["actor"], f"#{open_one}" in known["body"]) == (f"slack:{RESPONDER}", True)
    assert (hidden["is_hidden"], hidden["actor"], hidden["body"]) == (True, "", "")
    assert (hidden["status"], len(hidden["body_sha256"])) == (201, 64)
    assert refused.status == 1


def test_page_without_a_server_is_loud(
    debrief: Debrief, account: FakePagerDuty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing brings it to the pager, whoever pages reads so and whom to call."""
    monkeypatch.setattr(paging, "PATIENCE_SECONDS", 0.3)
    debrief("declare", "drill")

    answer = debrief("page", "-i", "1", "--yes", "payments")

    assert answer.status == 3
    assert "nobody is paged yet" in answer.err
    assert CALL in answer.err
    assert account.asked == []


def test_page_without_a_server_names_the_desk_of_its_service(
    debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is to be called for this service, not for any."""
    monkeypatch.setattr(paging, "PATIENCE_SECONDS", 0.3)
    with FakePagerDuty() as pagerduty:
        services = {"ledger": {"routing_key": ROUTING_KEY, "call": "the ledger desk"}}
        over = {"services": services, "pagerduty": {"events_url": f"{pagerduty.url}/v2/enqueue"}}
        monkeypatch.setenv("DEBRIEF_PAGER_FILE", str(pager_file(own_folder, pagerduty, **over)))
        monkeypatch.setenv("DEBRIEF_OUTSIDE_HOSTS", '["127.0.0.1", "api.pagerduty.com"]')
        debrief("declare", "drill")

        answer = debrief("page", "-i", "1", "--yes", "ledger")

    assert (answer.status, "or call the ledger desk." in answer.err) == (3, True), answer


def test_on_call_is_asked_at_once(debrief: Debrief, account: FakePagerDuty) -> None:
    """The first to be woken comes first."""
    account.on_calls = [on_call(BOT, "Ole Olsen", level=2), on_call(NADIA, "Nadia Novak", end="2026-03-01T18:00:00Z")]

    rows = json.loads(debrief("oncall", "ledger", "--json").out)

    assert [(row["level"], row["name"]) for row in rows] == [("1", "Nadia Novak"), ("2", "Ole Olsen")]


@pytest.mark.parametrize(
    ("trouble", "verdict", "said"),
    [
        pytest.param(None, "ok", "knows the sender and every service", id="in order"),
        pytest.param(Trouble(path="/users", status=401), "fails", "Check api_token", id="a wrong token"),
        pytest.param(Trouble(path="/v2/enqueue", cut=True), "fails", "DEBRIEF_OUTSIDE_HOSTS", id="no answer"),
        pytest.param(Trouble(path="/services", times=None, status=404), "fails", "the service of", id="no service"),
        pytest.param(Trouble(path="/escalation", status=404), "fails", "not know the policy core", id="no policy"),
        pytest.param(Trouble(path="/users/", status=404), "fails", "the user of U0OTHER (people)", id="no person"),
    ],
)
def test_doctor_asks_the_pager_and_pages_nobody(
    debrief: Debrief, account: FakePagerDuty, trouble: Trouble | None, verdict: str, said: str
) -> None:
    """It is reached, knows what the file names, and wakes nobody."""
    account.troubles += [trouble] if trouble else []

    found = check(debrief, "PagerDuty")

    assert (found[0], said in found[1]) == (verdict, True), found
    assert (account.woken, account.incidents) == ([], [])


@pytest.mark.parametrize("status", ["maintenance", "disabled"])
def test_doctor_says_for_which_service_nobody_is_woken(debrief: Debrief, account: FakePagerDuty, status: str) -> None:
    """PagerDuty takes pages for it all the same."""
    account.status = status

    found = check(debrief, "PagerDuty")

    assert (found[0], f"nobody is woken for payments ({status})" in found[1]) == ("look", True), found


def test_doctor_looks_at_the_file(debrief: Debrief, account: FakePagerDuty, own_folder: Path) -> None:
    """One that others may read, that says not whom to call, or that cannot be read, is told."""
    (own_folder / "pager.json").chmod(0o644)
    open_to_all = check(debrief, "pager")
    pager_file(own_folder, account, call=DEFAULT_CALL)
    nobody_to_call = check(debrief, "pager")
    (own_folder / "pager.json").write_text('{"services": {"x": {}}}')
    broken = check(debrief, "pager")

    assert (open_to_all[0], "chmod 600" in open_to_all[1]) == ("look", True)
    assert (nobody_to_call[0], "Set call to a telephone number" in nobody_to_call[1]) == ("look", True)
    assert (broken[0], "pagerduty is not set" in broken[1]) == ("fails", True)


def test_doctor_without_a_pager_says_so(debrief: Debrief) -> None:
    """Nothing is wrong with it."""
    assert check(debrief, "pager") == ("ok", "none: nobody can be paged through Debrief ")
