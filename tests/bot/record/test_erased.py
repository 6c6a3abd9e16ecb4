"""Erased means erased: nothing in the database, on disk or in Slack repeats it, and every proof still holds."""

import hashlib
import itertools
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from analysis.changes import CHANGE_KINDS
from bot.store.proof.verification import verify_database
from bot.store.record.tables import HELD_MESSAGE, INBOX, METADATA, REVISION
from bot.usecases.privacy.erased_copies import GONE
from tests.bot.record.remains import quoting, raw_files, sealed_with
from tests.effort import leading
from tests.erasing import erase_field
from tests.fake_slack import Fault
from tests.slack_room import ADMIN, APPROVER, COMMANDER, OTHER, RESPONDER, Room, number_in

_NUMBERS = itertools.count(1)


@pytest.fixture
def name() -> str:
    """Return the name of a customer that no other test uses."""
    return f"Huberschmidt{next(_NUMBERS)}"


def _erase(room: Room, number: int, what: str, field: str = "text") -> str:
    """Erase it beside the server, and wait until all that follows is done; returns the answer."""
    answer = erase_field(room, number, what, field)
    room.settle()
    return answer


def _label(room: Room, number: int, words: str) -> str:
    return next(line.split("`")[1] for line in room.timeline(RESPONDER, number) if words in line)


def _in_review(room: Room, number: int) -> None:
    for each in ("resolve", "draft"):
        room.ask(COMMANDER, f"#{number} {each}")
    room.settle()


def _shown(room: Room) -> str:
    """All of ours that Slack shows in its channels, their names and topics too."""
    channels = [[one.name, one.topic, room.slack.posts(one.id)] for one in room.slack.channels.values()]
    return json.dumps(channels, ensure_ascii=False).casefold()


def _go_beyond_changes(room: Room) -> None:
    """Make what is reported next the newest change: other tests report many, and some set the clock back afterwards."""
    reported = [event.occurred_at for event in room.events(0) if event.kind in CHANGE_KINDS]
    room.clock.set(max([room.clock.now(), *reported]) + timedelta(hours=1))


def _verified(room: Room) -> tuple[tuple[object, ...], tuple[str, ...]]:
    report = verify_database(room.app.store.database, sealer=room.app.store.sealer, anchors=None)
    return report.findings, report.notes


def test_nothing_that_is_left_says_what_was_erased(room: Room, name: str) -> None:
    """A title that a draft, an answer, a held edit, a topic, a name and a path repeat is gone from all of them."""
    word = name.casefold()
    number = number_in(room.ask(RESPONDER, f"declare SEV4 Frau {name} zahlt doppelt"))
    room.settle()
    channel = room.slack.channel_named(f"inc-{number}-")
    assert channel is not None
    said = room.slack.say(channel.id, OTHER, "Wer hat angerufen?")
    room.edit(channel.id, said, f"Frau {name} zahlt doppelt und hat angerufen")
    room.ask(RESPONDER, f"#{number} role commander <@{COMMANDER}>")
    _in_review(room, number)
    room.ask(COMMANDER, f"#{number} approve {room.shown_hash(channel.id)}")
    room.ask(COMMANDER, f"#{number} publish confirm")
    room.settle()
    before, sealed = quoting(room.app.store, word), sealed_with(room.app.store, word)

    answer = _erase(room, number, "E1")

    assert {"inbox.reply", "held_message.body", "revision.content", "timeline_event.text_sealed"} <= before.keys()
    assert quoting(room.app.store, word) == {}
    assert (bool(sealed), _on_disk(room, sealed)) == (True, [])
    assert word not in _shown(room)
    assert re.search(rf"Draft 1 is published to git \(.*{number:04d}-frau-{word}-zahlt-doppelt\.md", answer)
    assert _verified(room)[0] == ()


def test_erasure_takes_nothing_from_another_incident(quick_room: Room, name: str) -> None:
    """Title and approver of one are destroyed; what another of the same people and targets has is all there, held too.

    The answers to requests go in both: which of them quotes what cannot be told.
    """
    room = quick_room
    number, other = (_published_incident(room, f"SEV4 {who} was charged twice") for who in (name, "Somebody else"))
    before = _rows(room, other)

    _erase(room, number, "E1")
    _erase(room, number, str(next(event.seq for event in room.events(number) if event.kind == "approved")), "actor")

    assert {"approval", "delivery", "held_message", "publication", "revision", "timeline_event"} <= before.keys()
    assert _rows(room, other) == before


def _published_incident(room: Room, text: str) -> int:
    number, channel = room.declare(text=text)
    room.edit(channel, room.slack.say(channel, OTHER, "Who called?"), f"{text}, says who called")
    room.ask(RESPONDER, f"#{number} role commander <@{COMMANDER}>")
    _in_review(room, number)
    room.ask(COMMANDER, f"#{number} approve {room.shown_hash(channel)}")
    room.ask(COMMANDER, f"#{number} publish confirm")
    room.settle()
    return number


def _rows(room: Room, number: int) -> dict[str, list[dict[str, object]]]:
    """What the database has of an incident, by table, and of edits in its channel that wait for a mark."""
    incident, channel = room.events(number)[0].incident_id, room.slack.channel_named(f"inc-{number}-")
    assert channel is not None
    found: dict[str, list[dict[str, object]]] = {}
    with room.app.store.database.reading() as connection:
        revisions = connection.execute(select(REVISION.c.id).where(REVISION.c.incident_id == incident)).scalars().all()
        for table in METADATA.sorted_tables:
            rows = [dict(row) for row in connection.execute(select(table)).mappings()]
            mine = [
                row
                for row in rows
                if row.get("incident_id") == incident
                or row.get("revision_id") in revisions
                or (table is HELD_MESSAGE and row["channel"] == channel.id)
            ]
            if mine:
                found[table.name] = sorted(mine, key=str)
    return found


def test_who_wrote_a_message_is_gone_with_its_edit_that_waited_for_a_mark(quick_room: Room) -> None:
    """The edit says who wrote it as well, and quotes no word of what is erased."""
    room = quick_room
    number, channel = room.declare()
    said = room.slack.say(channel, OTHER, "The fuse is blown")
    room.edit(channel, said, "The fuse was blown")
    room.react(RESPONDER, channel, said)
    room.settle()
    before = _held(room, said)

    _erase(room, number, _label(room, number, "The fuse was blown"), "actor")

    assert (before, _held(room, said)) == (1, 0)


def _held(room: Room, ts: str) -> int:
    with room.app.store.database.reading() as connection:
        return len(connection.execute(select(HELD_MESSAGE.c.id).where(HELD_MESSAGE.c.ts == ts)).all())


def test_title_that_was_erased_is_called_so_wherever_it_stood(quick_room: Room, name: str) -> None:
    """Card, notification, list, timeline and document have a word in its place, and texts the sentence for them."""
    number, channel = quick_room.declare(text=f"SEV4 {name} was charged twice")
    quick_room.ask(RESPONDER, f"#{number} update {name} was told so on Friday")
    quick_room.settle()

    _erase(quick_room, number, _label(quick_room, number, "on Friday"))
    _erase(quick_room, number, "E1")
    notified, card = quick_room.card(channel)["text"], str(quick_room.card(channel)["blocks"])
    lines = quick_room.timeline(RESPONDER, number)
    listed = next(line for line in quick_room.ask(RESPONDER, "list").splitlines() if f"*#{number}*" in line)
    title = quick_room.ask(RESPONDER, f"#{number} timeline").splitlines()[0]
    _in_review(quick_room, number)
    with quick_room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(quick_room.app.workspace_id, number)
        assert incident is not None
        draft = reads.revisions(incident.id)[0]

    assert notified.endswith("declared: title erased")
    assert f"#{number} SEV4 title erased" in card
    assert "remy: The text was erased on request." in card
    assert listed.partition(" <#")[0].endswith(": title erased")
    assert title.startswith(f"*#{number} title erased*")
    assert sum(line.endswith(": The text was erased on request.") for line in lines) == 2  # title and update
    assert draft.document["title"] == "title erased"
    assert "Declared as SEV4" in str(draft.document)
    assert "“”" not in str(draft.document)


def test_erased_update_is_gone_from_announcement_card_and_draft(room: Room, name: str) -> None:
    """Messages of ours that quote it are edited, the card is drawn anew, the draft has a tombstone in its place."""
    word = name.casefold()
    number, channel = room.declare()
    room.ask(RESPONDER, f"#{number} note The queue is growing")
    room.ask(RESPONDER, f"#{number} update {name} was charged twice on Friday")
    room.settle()
    before = _shown(room)
    _in_review(room, number)

    answer = _erase(room, number, _label(room, number, name))

    assert word in before
    assert word not in _shown(room)
    assert GONE in str(room.slack.posts(channel))
    assert quoting(room.app.store, word) == {}
    assert "Draft 1 showed it and can no longer be approved or published." in answer
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        draft = reads.revisions(incident.id)[0]
    assert draft.is_erased
    assert "Erased on request." in str(draft.document)
    assert "The queue is growing" in str(draft.document)


@pytest.mark.thorough
def test_draft_that_lost_content_is_neither_signed_nor_published(room: Room, name: str) -> None:
    """Its offer says so and has no buttons; the next draft goes the whole way, without the words."""
    number, channel = room.declare()
    room.ask(RESPONDER, f"#{number} note {name} was charged twice on Friday")
    _in_review(room, number)
    shown = room.shown_hash(channel)
    room.ask(APPROVER, f"#{number} approve {shown}")
    room.settle()

    _erase(room, number, _label(room, number, name))
    signed, published = (room.ask(APPROVER, f"#{number} {each}") for each in (f"approve {shown}", "publish confirm"))
    room.settle()
    offers = [one for one in room.slack.posts(channel) if "showed something that was erased" in str(one)]
    room.ask(COMMANDER, f"#{number} draft")
    room.clock.move(minutes=40)
    room.settle()
    again = room.ask(APPROVER, f"#{number} approve {room.shown_hash(channel)}")

    assert signed.startswith("Something this draft shows was erased since.")
    assert published.startswith("Something that draft 1 showed was erased, so it cannot be published.")
    assert [room.buttons(one["blocks"]) for one in offers] == [{}]
    assert again.startswith("You approved draft 2")


def test_verify_says_that_the_content_of_a_draft_was_erased(room: Room, name: str) -> None:
    """It is told apart from tampering, with the hash that was signed still on the row."""
    number, _ = room.declare()
    room.ask(RESPONDER, f"#{number} note {name} was charged twice on Friday")
    _in_review(room, number)

    _erase(room, number, _label(room, number, name))

    findings, notes = _verified(room)
    assert findings == ()
    assert any(note.startswith(f"#{number}: content of draft 1 was erased on request.") for note in notes)


@pytest.mark.thorough
def test_uploaded_document_is_deleted_with_what_it_quoted(quick_room: Room, name: str) -> None:
    """The file of a long draft goes, in Slack too."""
    number, channel = quick_room.declare()
    for place in range(20):
        quick_room.ask(RESPONDER, f"#{number} note {place} " + "and a word more " * 50)
    quick_room.ask(RESPONDER, f"#{number} note {name} was charged twice on Friday")
    _in_review(quick_room, number)
    files = [file["id"] for message in quick_room.slack.posts(channel) for file in message.get("files", ())]

    _erase(quick_room, number, _label(quick_room, number, name))

    assert len(files) == 1
    assert files[0] not in quick_room.slack.files


@pytest.mark.thorough
def test_channel_that_was_left_says_nothing_of_an_erasure(quick_room: Room, name: str) -> None:
    """Its emptied messages and those of the files say where the incident is, and never what became of its content."""
    number, channel = quick_room.declare(text=f"SEV3 {name} was charged twice")
    quick_room.ask(RESPONDER, f"#{number} role scribe <@{ADMIN}>")
    quick_room.ask(RESPONDER, f"#{number} update {name} was charged twice on Friday")
    _in_review(quick_room, number)
    label = _label(quick_room, number, "on Friday")
    quick_room.ask(COMMANDER, f"#{number} private")
    quick_room.settle()

    _erase(quick_room, number, label)
    _erase(quick_room, number, "E1")

    sentences = {str(post["text"]) for post in quick_room.slack.posts(channel)}
    assert sentences == {"This incident is continued elsewhere.", "This incident is continued elsewhere. Ask cleo."}


@pytest.mark.thorough
def test_messages_of_the_files_are_emptied_with_them(quick_room: Room, name: str) -> None:
    """Neither the draft's file nor the published one leaves a message behind that says it is there."""
    number, channel = quick_room.declare()
    quick_room.ask(RESPONDER, f"#{number} note {name} was charged twice on Friday")
    _in_review(quick_room, number)
    quick_room.ask(APPROVER, f"#{number} approve {quick_room.shown_hash(channel)}")
    quick_room.ask(APPROVER, f"#{number} publish confirm")
    quick_room.settle(horizon=timedelta(minutes=31))
    before = str(quick_room.slack.posts(channel))

    _erase(quick_room, number, _label(quick_room, number, name))

    after = str(quick_room.slack.posts(channel))
    assert ("of the postmortem, whole" in before, "the postmortem is published" in before) == (True, True)
    assert ("of the postmortem, whole" in after, "the postmortem is published" in after) == (False, False)


def test_message_of_ours_that_was_on_its_way_is_taken_back(quick_room: Room, name: str) -> None:
    """An announcement that Slack takes only after the erasure is emptied once its answer is there."""
    number, channel = quick_room.declare()
    said = f"#{number} update {name} was charged twice on Friday"
    quick_room.hold(Fault(method="chat.postMessage", channel=channel), lambda: quick_room.ask(RESPONDER, said))

    _erase(quick_room, number, _label(quick_room, number, name))

    assert name.casefold() not in _shown(quick_room)
    assert GONE in str(quick_room.slack.posts(channel))


def test_actor_that_is_erased_is_no_author_any_more(quick_room: Room) -> None:
    """Who promoted a fact is named by no draft, and counts as an unknown author from then on."""
    number, _ = quick_room.declare()
    quick_room.ask(OTHER, f"#{number} promote E1 as cause")
    _in_review(quick_room, number)
    promoted = next(event for event in quick_room.events(number) if event.kind == "fact_promoted")

    _erase(quick_room, number, str(promoted.seq), "actor")

    with quick_room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(quick_room.app.workspace_id, number)
        assert incident is not None
        draft = reads.revisions(incident.id)[0]
    assert f"slack:{OTHER}" not in draft.authors
    assert "unknown" in draft.authors
    assert "otto" not in str(draft.document)


def test_answer_to_a_repeated_request_is_gone_too(quick_room: Room, name: str) -> None:
    """Sent again after the erasure, a command says that it was recorded, and not what it said."""
    signed = quick_room.command(RESPONDER, f"declare SEV4 Frau {name} zahlt doppelt")
    number = number_in(quick_room.send(signed).text)
    quick_room.settle()

    _erase(quick_room, number, "E1")
    again = quick_room.send(signed)

    assert again.text == "That was recorded already; what I answered then was erased."


def test_no_guess_of_what_was_typed_can_be_confirmed(room: Room, name: str) -> None:
    """What tells a repetition from another body is keyed, or gone where an earlier version kept it unkeyed."""
    signed = room.command(RESPONDER, f"declare SEV4 Frau {name} zahlt doppelt")
    number = number_in(room.send(signed).text)
    room.settle()
    database = room.app.store.database
    with database.reading() as connection:
        keyed = connection.execute(select(INBOX.c.body_hash)).scalars().all()
    with database.write_engine.begin() as connection:
        plain = {"body_hash": hashlib.sha256(b"typed").digest()}
        connection.execute(update(INBOX).where(INBOX.c.source != "command_line").values(plain))

    _erase(room, number, "E1")

    with database.reading() as connection:
        left = connection.execute(select(INBOX.c.body_hash).where(INBOX.c.source != "command_line")).scalars().all()
    assert {len(each) for each in keyed} == {16}
    assert set(left) == {b""}
    assert room.send(signed).text.startswith("That was recorded already")


@pytest.mark.parametrize("field", leading(1, ["text", "payload", "actor"]))
def test_change_that_was_taken_in_is_erased_from_the_log_too(room: Room, name: str, field: str) -> None:
    """`changes` says so in any incident, nobody can take it in again, and both chains verify."""
    given = {"kind": "deploy", "service": f"payments-{name}", "text": f"payments for {name}"}
    _go_beyond_changes(room)
    room.webhook({**given, "at": room.clock.now().isoformat()}, key=name)
    seq = next(event.seq for event in reversed(room.events(0)) if event.natural_key.endswith(name))
    number, _ = room.declare()
    other, _ = room.declare()
    room.ask(RESPONDER, f"#{number} attach C-{seq}")
    taken = next(event for event in room.events(number) if event.kind == "deploy")

    answer = _erase(room, number, str(taken.seq), field)

    logged = room.events(0)[seq - 1]
    rows = room.say(RESPONDER, f"#{other} changes").json["blocks"][1:]  # what stands above them names C-7, too
    shown = next(row for row in rows if f"C-{seq}`" in str(row))
    assert (logged.erased, len(getattr(logged, field))) == (frozenset({field}), 0)
    assert f"The {field} of C-{seq}, from which it was taken, is erased in the workspace's log, too." in answer
    assert "Other incidents that took in the same change keep it: erase it in each." in answer
    assert ("The text was erased on request." in str(shown)) is (field != "actor")
    assert room.ask(RESPONDER, f"#{other} attach C-{seq}").startswith(f"C-{seq} was erased on request")
    assert _verified(room)[0] == ()


def test_reason_typed_in_a_private_incident_stays_there(quick_room: Room) -> None:
    """The workspace's log, where the change is erased too, is everybody's."""
    at = quick_room.clock.now().isoformat()
    quick_room.webhook({"kind": "deploy", "service": "payments", "text": "for Mallory", "at": at}, key=f"private-{at}")
    seq = quick_room.events(0)[-1].seq
    number = number_in(quick_room.ask(ADMIN, "declare SEV3 private: Payout file leaked"))
    quick_room.ask(ADMIN, f"#{number} attach C-{seq}")
    taken = next(event for event in quick_room.events(number) if event.kind == "deploy")

    _erase(quick_room, number, str(taken.seq))

    (there,) = [event for event in quick_room.events(number) if event.kind == "erased"]
    (here,) = [event for event in quick_room.events(0) if event.kind == "erased" and event.payload["seq"] == seq]
    assert there.payload["reason"] == "the customer asked for it, request 4711"
    assert here.payload["reason"] == "erased with a copy of it"


@pytest.mark.thorough
def test_change_of_which_one_copy_was_erased_is_erased_from_the_other(quick_room: Room, name: str) -> None:
    """Each incident that took it in has words of its own; the log's are destroyed once."""
    at = quick_room.clock.now().isoformat()
    quick_room.webhook({"kind": "deploy", "service": "payments", "text": f"for {name}", "at": at}, key=f"twice-{at}")
    seq = quick_room.events(0)[-1].seq
    numbers = [quick_room.declare()[0] for _ in range(2)]
    for number in numbers:
        quick_room.ask(RESPONDER, f"#{number} attach C-{seq}")

    taken = [next(event for event in quick_room.events(number) if event.kind == "deploy") for number in numbers]
    answers = [_erase(quick_room, number, str(event.seq)) for number, event in zip(numbers, taken, strict=True)]

    assert ["is erased in the workspace's log, too" in answer for answer in answers] == [True, False]
    assert quoting(quick_room.app.store, name.casefold()) == {}
    assert _verified(quick_room)[0] == ()


def _on_disk(room: Room, sealed: list[bytes]) -> list[bytes]:
    """Which of the sealed values are still in the files; on a server, that its old rows were cleared away."""
    database = room.app.store.database
    if database.is_sqlite:
        files = raw_files(Path(str(database.url.database)))
        return [each for each in sealed if each in files]
    with database.reading() as connection:
        asked = text("SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'revision' AND last_vacuum IS NOT NULL")
        assert connection.execute(asked).scalar() == 1
    return []
