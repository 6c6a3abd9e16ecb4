"""`/incident oncall`: asked of the pager after the answer, page by page, and remembered for a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.effort import leading
from tests.fake_pagerduty import NADIA, OLE, POLICY, FakePagerDuty, Trouble, on_call
from tests.fake_slack import Fault
from tests.paging import CALL
from tests.slack_room import APPROVER, RESPONDER, Room

END = "2026-03-01T18:00:00+01:00"


def ask(room: Room, words: str) -> str:
    """Type `oncall` and return what the asker reads in the end."""
    told = len(room.slack.responses)
    first = room.ask(RESPONDER, f"oncall {words}")
    if "Looking up" not in first:
        return first
    room.wait_for("who is on call", lambda: len(room.slack.responses) > told)
    return str(room.slack.responses[-1]["text"])


def looks(pagerduty: FakePagerDuty) -> list[str]:
    """What the pager was asked for."""
    return [one.path for one in pagerduty.asked]


@pytest.fixture(autouse=True)
def rota(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nadia is on call until the evening, then Ole is asked."""
    room.clock.move(hours=1)
    nadia = on_call(NADIA, "Nadia Novak", end=END)
    pagerduty.on_calls = [on_call(OLE, "Ole Olsen", level=2), nadia, on_call("PUSER09", "Elsewhere", policy="POTHER1")]


@pytest.mark.parametrize("words", ["ledger", "LEDGER", "policy core", "payments"])
def test_first_to_be_woken_is_told_first_on_the_readers_clock(room: Room, pagerduty: FakePagerDuty, words: str) -> None:
    """Levels in their order, and the end of a shift as a date that Slack shows in each reader's zone."""
    lines = ask(room, words).splitlines()

    ends = int(datetime(2026, 3, 1, 17, tzinfo=UTC).timestamp())
    assert lines[0].startswith("*On call for")
    assert lines[1].startswith(f"level 1: Nadia Novak, until <!date^{ends}^")
    assert lines[2:] == ["level 2: Ole Olsen"]
    assert pagerduty.asked[-1].query["escalation_policy_ids[]"] == [POLICY]


def test_who_is_on_call_later_is_not_named(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty gives the next shift of a level that nobody is on now."""
    later = room.clock.now() + timedelta(hours=3)
    tonight = {**on_call(OLE, "Ole Olsen", level=2), "start": later.isoformat()}
    pagerduty.on_calls = [on_call(NADIA, "Nadia Novak", end=END), tonight]

    assert "Ole Olsen" not in ask(room, "policy core")


def test_level_that_nobody_is_on_is_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """A gap in the rota of the first to be woken is what people look for."""
    pagerduty.on_calls = [on_call(OLE, "Ole Olsen", level=2), on_call(NADIA, "Nadia Novak", level=4)]

    lines = ask(room, "policy core").splitlines()

    assert lines[1:] == ["level 1: nobody", "level 2: Ole Olsen", "level 3: nobody", "level 4: Nadia Novak"]


def test_nobody_on_call_says_whom_to_call(room: Room, pagerduty: FakePagerDuty) -> None:
    """A page would wake nobody, so that whoever asks at night must know what to do instead."""
    pagerduty.on_calls = []

    assert ask(room, "ledger").endswith(f"\nNobody, says the pager, so a page would wake nobody. Call {CALL}.")


def test_answer_is_remembered_for_a_minute(room: Room, pagerduty: FakePagerDuty) -> None:
    """A second question within a minute asks nobody, a later one does."""
    ask(room, "policy core")

    at_once = room.ask(RESPONDER, "oncall policy core")
    asked = looks(pagerduty)
    room.clock.move(seconds=61)
    ask(room, "policy core")

    assert "level 1: Nadia Novak" in at_once
    assert asked == ["/oncalls"]
    assert looks(pagerduty) == ["/oncalls", "/oncalls"]


def test_other_policy_of_a_service_is_asked_for_anew(room: Room, pagerduty: FakePagerDuty) -> None:
    """A service whose escalation policy was changed at the pager has the people of the new one."""
    ask(room, "ledger")
    pagerduty.policy = "POTHER1"
    room.clock.move(seconds=61)

    lines = ask(room, "ledger").splitlines()
    pagerduty.policy = POLICY

    assert lines[1:] == ["level 1: Elsewhere"]


def test_answer_of_an_hour_that_comes_again_is_not_of_now(room: Room, pagerduty: FakePagerDuty) -> None:
    """A clock that is set back does not keep an answer for longer."""
    ask(room, "policy core")
    room.clock.move(minutes=-30)

    ask(room, "policy core")

    assert looks(pagerduty) == ["/oncalls", "/oncalls"]


def test_long_rota_is_read_page_by_page(room: Room, pagerduty: FakePagerDuty) -> None:
    """More entries than fit into one answer are asked for until there are no more."""
    pagerduty.on_calls = [on_call(f"PUSR{n:03}", f"Person {n:03}", level=n + 1) for n in range(150)]

    lines = ask(room, "policy core").splitlines()

    assert len(lines) == 151
    assert [one.query["offset"] for one in pagerduty.asked] == [["0"], ["100"]]


@pytest.mark.parametrize(
    "trouble", leading(1, [Trouble(status=500), Trouble(cut=True), Trouble(status=200, body=b"<html>")])
)
def test_pager_that_does_not_answer_leaves_what_was_known(
    room: Room, pagerduty: FakePagerDuty, trouble: Trouble
) -> None:
    """What was known is told with its time and why nothing newer is."""
    ask(room, "policy core")
    room.clock.move(minutes=5)
    pagerduty.troubles.append(trouble)

    said = ask(room, "policy core")

    assert "The pager cannot be asked just now" in said
    assert "level 1: Nadia Novak" in said


def test_pager_that_never_answered_is_told(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nothing is made up where nothing is known."""
    pagerduty.troubles.append(Trouble(path="/oncalls", status=403, body=b'{"error": {"message": "Access Denied"}}'))

    said = ask(room, "policy never-asked-before")

    assert "Who is on call for policy never-asked-before is not known: PagerDuty refuses it (403: Access Denied" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("", "Say for what", id="nothing"),
        pytest.param("paymets", "Did you mean “payments”?", id="mistyped"),
        pytest.param("policy cor", "Did you mean “core”?", id="a policy mistyped"),
        pytest.param("Core", "Did you mean “policy core”?", id="a policy without the word"),
        pytest.param("policy ledger", "Did you mean “ledger”?", id="a service with it"),
    ],
)
def test_what_is_not_there_is_told_at_once(room: Room, pagerduty: FakePagerDuty, words: str, said: str) -> None:
    """One sentence says what there is; the pager is not asked."""
    assert said in ask(room, words)
    assert looks(pagerduty) == []


def test_person_in_slack_is_named_as_there(room: Room, pagerduty: FakePagerDuty) -> None:
    """A user of the pager whom its file names is shown by the name that Slack has, too."""
    pagerduty.on_calls = [on_call("POTTO01", "Otto von Bank")]

    assert "level 1: otto (Otto von Bank)" in ask(room, "policy core")


def test_person_with_the_same_address_is_found_in_slack(room: Room, pagerduty: FakePagerDuty) -> None:
    """Where Slack shows addresses, a user of the pager is the person with that address; without one, only a name."""
    room.slack.users[APPROVER]["profile"]["email"] = "Ole@bank.example"
    found = ask(room, "policy core")
    room.slack.users[APPROVER]["profile"].pop("email")
    room.slack.faults.append(Fault(method="users.lookupByEmail", error="missing_scope", times=None))
    room.clock.move(seconds=61)
    missing = ask(room, "policy core")

    assert "level 2: abel (Ole Olsen)" in found
    assert "level 2: Ole Olsen" in missing


def test_every_look_is_on_record(room: Room, pagerduty: FakePagerDuty) -> None:
    """Who asked, and what."""
    ask(room, "policy core")

    call = room.app.store.egress.calls()[-1]

    assert (call.purpose, call.actor, call.path, call.status) == ("on_call", f"slack:{RESPONDER}", "/oncalls", 200)
    assert POLICY.encode() in call.body
