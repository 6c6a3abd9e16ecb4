"""What went with a page can be erased: the log of what left keeps its hash alone."""

from bot.ports.records import InboxKey
from bot.store.verification import verify_database
from bot.usecases.erase import Erase, erase
from tests.bot.record.remains import quoting
from tests.fake_pagerduty import FakePagerDuty
from tests.slack_room import ADMIN, RESPONDER, Room

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
    assert left[-1].body == b""
    assert left[-1].body_hash
    assert NAME.encode() in pagerduty.asked[-1].body
    report = verify_database(room.app.store.database, sealer=room.app.store.sealer, anchors=None)
    assert report.findings == ()


def _erase(room: Room, number: int, label: str) -> None:
    person = room.app.directory.person(ADMIN)
    assert person is not None
    command = Erase(
        person=person,
        workspace_id=room.app.workspace_id,
        natural_key="cli:erase",
        number=number,
        what=label,
        field="text",
        reason="the customer asked for it, request 4711",
        is_confirmed=True,
    )
    key = InboxKey(source="command_line", external_id="cli:erase", body_hash=b"")
    room.app.store.writer.submit(erase, command, key=key).result()
    room.settle()
