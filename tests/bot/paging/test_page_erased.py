"""What went with a page can be erased: the log of what left keeps its hash alone."""

from dataclasses import replace

import pytest

from analysis.errors import Refused
from analysis.events import EventKind
from analysis.people import Action
from bot.ports.ledger import Reads
from bot.ports.records import Changes, InboxKey, erasure_key
from bot.store.proof.verification import verify_database
from bot.usecases.asking import IncidentCommand, Wanted, find, record
from tests.bot.record.remains import quoting
from tests.effort import leading
from tests.erasing import erase_field
from tests.fake_pagerduty import FakePagerDuty, Trouble
from tests.paging import CALL
from tests.slack_room import ADMIN, COMMANDER, OTHER, RESPONDER, Room

NAME = "huberschmidt"


def test_nothing_here_says_what_was_erased_from_a_page(room: Room, pagerduty: FakePagerDuty) -> None:
    """The words are gone from the ledger, the log and every answer; the hash of what left and the chain stand."""
    number, channel = room.declare()
    room.ask(RESPONDER, f"page confirm payments the account of {NAME} is open", channel)
    room.settle()
    label = next(line.split("`")[1] for line in room.timeline(RESPONDER, number) if "Page 1" in line)
    before = quoting(room.app.store, NAME)

    _erase(room, number, label)

    left = [call for call in room.app.store.egress.calls() if call.incident_id]
    assert before.keys() >= {"egress.content", "timeline_event.text_sealed"}
    assert quoting(room.app.store, NAME) == {}
    assert not any(NAME.encode() in call.body for call in left)
    assert (left[0].body, len(left[0].body_hash)) == (
        b"",
        len(left[-1].body_hash),
    )  # what is looked up later names a key
    assert NAME.encode() in pagerduty.asked[0].body
    report = verify_database(room.app.store.database, sealer=room.app.store.sealer, anchors=None)
    assert report.findings == ()


@pytest.mark.parametrize("service", leading(1, ["payments", "ledger"]))
def test_page_on_its_way_wakes_somebody_without_its_details(room: Room, pagerduty: FakePagerDuty, service: str) -> None:
    """Whatever becomes of the details of its entry, whoever is on call is woken, and hears that it is over."""
    number, channel = room.declare()
    pagerduty.troubles.append(Trouble(times=None, status=503))
    room.ask(RESPONDER, f"page confirm {service} the disk is full", channel)
    room.wait_for("an attempt", lambda: pagerduty.asked)
    paged = next(event for event in room.events(number) if event.kind is EventKind.PAGED)

    with pytest.raises(Refused, match="what the record itself is made of"):
        _erase(room, number, str(paged.seq), "payload")
    _destroy_details(room, number)
    pagerduty.heal()
    room.settle()
    room.ask(COMMANDER, "resolve", channel)
    room.settle()

    assert len(pagerduty.woken) == 1
    assert pagerduty.incidents[-1]["status"] == "resolved"
    assert {one.path == "/v2/enqueue" for one in pagerduty.asked if one.method != "GET"} == {service == "payments"}


def test_page_of_a_person_who_is_no_longer_named_is_told_loudly(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nobody can be asked for any more, so the channel is told whom to call."""
    number, channel = room.declare()
    pagerduty.troubles.append(Trouble(times=None, status=503))
    room.ask(RESPONDER, f"page confirm <@{OTHER}> please", channel)
    room.wait_for("an attempt", lambda: pagerduty.asked)
    before = quoting(room.app.store, OTHER.lower())

    _destroy_details(room, number)
    pagerduty.heal()
    room.settle()

    assert pagerduty.woken == []
    assert "page.content" in before
    assert "page.content" not in quoting(room.app.store, OTHER.lower())
    said = " ".join(post["text"] for post in room.slack.posts(channel))
    assert "NOT PAGED" in said
    assert CALL in said


def _destroy_details(room: Room, number: int) -> None:
    """As `erase` would, which refuses it; the ledger must not lose a page over it."""

    def destroy(reads: Reads, command: IncidentCommand) -> Changes:
        incident = find(reads, command, Action.ADMINISTER)
        (paged,) = reads.events_of_kind(incident.id, {EventKind.PAGED})
        wanted = Wanted(
            kind=EventKind.ERASED,
            payload={"seq": paged.seq, "field": "payload", "reason": "request 4711"},
            fact=erasure_key(paged.seq, "payload"),
            refers_to=paged.id,
        )
        changes = record(reads, command, incident, [wanted], reply="")
        return replace(changes, erasures=((incident.id, paged.seq, "payload"),))

    person = room.app.directory.person(ADMIN)
    assert person is not None
    name = f"cli:destroy:{number}"
    command = IncidentCommand(person=person, workspace_id=room.app.workspace_id, natural_key=name, number=number)
    key = InboxKey(source="command_line", external_id=name, body_hash=b"")
    room.app.store.writer.submit(destroy, command, key=key).result()


def _erase(room: Room, number: int, label: str, field: str = "text") -> None:
    erase_field(room, number, label, field)
    room.settle()
