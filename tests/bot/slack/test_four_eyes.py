"""Ways around the second pair of eyes, each tried through the doors or as the owner of the database."""

import subprocess
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from analysis.errors import Forbidden, Refused
from analysis.events import EventKind, Source
from analysis.incident import FOUR_EYES_SEVERITIES
from analysis.people import Access, Person
from bot.late import build_signing
from bot.ports.ledger import Reads
from bot.ports.records import Changes, InboxKey, Revision
from bot.store.proof.verification import verify_database
from bot.store.record.tables import APPROVAL, REVISION
from bot.usecases.asking import Command
from bot.usecases.postmortem.approving import Approve, Approving
from bot.usecases.postmortem.drafting import Drafting, MakeDraft
from bot.usecases.privacy.erase import Erase, erase
from bot.usecases.verbs import Asker
from tests.effort import leading
from tests.erasing import erase_field
from tests.slack_room import APPROVER, COMMANDER, OTHER, Room, served_again


@pytest.mark.thorough
def test_approval_row_copied_to_another_document_publishes_nothing(room: Room) -> None:
    """Whoever owns the database can copy a signature's row; without its sealed event it signs nothing."""
    _, mild = _drafted(room, "SEV4 Typo on the receipt")
    number, grave = _drafted(room, "SEV1 Wallets empty")
    room.ask(APPROVER, f"approve {room.shown_hash(mild)}", mild)
    forged = _copy_approval(room, number)

    answer = room.ask(COMMANDER, "publish confirm", grave)
    findings = _found(room)
    _put_right(room, delete(APPROVAL).where(APPROVAL.c.id == forged))

    assert findings == [f"#{number}: draft 1 has an approval that was never recorded"]
    assert answer == f"Draft 1 of #{number} is not approved, so it cannot be published."
    assert _commits(room, number) == 0


def test_list_of_targets_that_was_changed_after_the_signature_publishes_nothing(room: Room) -> None:
    """Whoever owns the database can take git off a signed draft's row; it is not published to the rest as if whole."""
    number, channel = _drafted(room, "SEV1 Wallets empty")
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    (revision,) = _revisions(room, number)
    row = update(REVISION).where(REVISION.c.id == revision.id)
    with room.app.store.database.write_engine.begin() as connection:
        connection.execute(row.values(targets='["channel"]'))

    answer = room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    findings = _found(room)
    _put_right(room, row.values(targets='["git","channel"]'))

    assert findings == [f"#{number}: draft 1 has other targets than were recorded when it was made"]
    assert revision.targets == ("git", "channel")
    assert answer == (
        "The templates or targets changed after the approval, so what was signed cannot be published. Draft again."
    )
    assert EventKind.PUBLISHED not in [event.kind for event in room.events(number)]


@pytest.mark.thorough
def test_words_erased_after_the_draft_are_not_approved(room: Room) -> None:
    """A draft that may still show erased words cannot be signed; the next one does not hold them."""
    number, channel = _drafted(room, "SEV2 Wallets empty")
    _erase(room, number, EventKind.NOTE, "text")

    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.draft(COMMANDER, channel)

    assert answer.startswith("Something this draft shows was erased since.")
    assert _revisions(room, number)[-1].number == 2
    assert "The switch was thrown" not in str(_revisions(room, number)[-1].document)


def test_author_whose_name_was_erased_still_stands_in_the_way(room: Room) -> None:
    """Erasing who tagged the cause does not make them somebody else."""
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.ask(APPROVER, "promote E1 as cause", channel)
    _erase(room, number, EventKind.FACT_PROMOTED, "actor")
    for verb in ("resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()

    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert "nobody can tell whether you are" in answer
    assert EventKind.APPROVED not in [event.kind for event in room.events(number)]


def test_second_draft_without_news_is_refused(room: Room) -> None:
    """A double click makes one draft and one message."""
    number, channel = _drafted(room, "SEV3 Card payments fail")
    posts = len(room.slack.posts(channel))

    answer = room.ask(COMMANDER, "draft", channel)
    room.settle()

    assert answer == f"Draft 1 of #{number} is up to date: nothing on record changed since."
    assert len(_revisions(room, number)) == 1
    assert len(room.slack.posts(channel)) == posts


def test_voided_approval_is_told_in_the_channel(room: Room) -> None:
    """Who signed, and everybody else, hears that the signature no longer holds and why."""
    _, channel = _drafted(room, "SEV2 Wallets empty")
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    room.ask(COMMANDER, "milestone recovery now", channel)
    room.settle()

    told = "The approval of draft 1 no longer holds: a milestone was set."
    assert any(told in post["text"] for post in room.slack.posts(channel))


def test_draft_of_an_unmapped_login_is_drafted_again_in_slack_and_signed(quick_room: Room) -> None:
    """Whoever follows what the refusal says comes to a draft that can be signed, though nothing else changed."""
    room = quick_room
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.ask(COMMANDER, "resolve", channel)
    drafting = Drafting(signing=build_signing(room.settings))
    _as_login(room, drafting, MakeDraft(**_on_incident(room, number)))
    room.wait_for_draft(number)
    room.settle()

    refused = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert "whether you are cli:ops, who wrote part of this revision. Ask for another draft in Slack;" in refused
    assert answer.startswith("You approved draft 2")


def test_whoever_cannot_be_told_from_the_approver_for_good_is_not_drafted_away(quick_room: Room) -> None:
    """An erasure by an unmapped login stays on record: the answer does not send people round in circles."""
    room = quick_room
    number, channel = _drafted(room, "SEV2 Wallets empty")
    why = "name of a customer, request 4711"
    command = Erase(**_on_incident(room, number), what="E3", field="text", reason=why, is_confirmed=True)
    _as_login(room, erase, command)
    room.draft(COMMANDER, channel)
    room.settle()

    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert answer.endswith(
        "where they are among its authors still, whoever runs Debrief maps each to its person in "
        "DEBRIEF_COMMAND_LINE_USERS and starts it anew, and it can be approved. Otherwise it can be closed with a "
        "reason: `/incident close reason`."
    )


def test_severe_one_is_approved_in_slack_only(quick_room: Room) -> None:
    """A login that is mapped to an approver proves nothing: anybody with that account of the server could sign."""
    room = quick_room
    number, channel = _drafted(room, "SEV2 Wallets empty")
    person = room.app.directory.person(APPROVER)
    assert person is not None
    meant = {**_on_incident(room, number), "person": person, "source": Source.COMMAND_LINE}
    approve = Approving(signing=build_signing(room.settings), floor=FOUR_EYES_SEVERITIES)

    with pytest.raises(Forbidden, match="approve it in Slack, where it is certain who you are"):
        room.app.store.writer.submit(approve, Approve(**meant, hash_prefix=room.shown_hash(channel))).result(10)


def test_login_reads_nothing_of_approvals_where_it_stands_in_no_way(quick_room: Room) -> None:
    """Below the severities that need four eyes a draft can be approved whoever its authors are."""
    number, _ = quick_room.declare(text="SEV4 Wallets empty")
    command = Erase(
        **_on_incident(quick_room, number), what="E1", field="text", reason="request 4711", is_confirmed=True
    )

    told = _as_login(quick_room, erase, command)

    assert f"#{number}: the text of entry 1 is erased" in told
    assert "Nobody can tell who" not in told


def test_login_that_erased_something_is_whoever_it_is_mapped_to_later(own_room: Room) -> None:
    """What the refusal says to do leads to a signature, of somebody else than whoever erased it."""
    room = own_room
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.ask(COMMANDER, "note The switch was thrown", channel)
    command = Erase(**_on_incident(room, number), what="E2", field="text", reason="request 4711", is_confirmed=True)
    told = _as_login(room, erase, command)
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)
    room.settle()
    hash_shown = room.shown_hash(channel)

    with served_again(room, command_line_users={"ops": APPROVER}) as mapped_to_approver:
        own = mapped_to_approver.ask(APPROVER, f"approve {hash_shown}", channel)
    with served_again(room, command_line_users={"ops": OTHER}) as mapped:
        listed = f"#{number}" in mapped.home(APPROVER)
        answer = mapped.ask(APPROVER, f"approve {hash_shown}", channel)

    assert told.endswith(
        f"Nobody can tell who cli:ops is, so no draft of #{number} can be approved until DEBRIEF_COMMAND_LINE_USERS "
        "maps this login to its person in Slack."
    )
    assert "you wrote part of this revision" in own
    assert listed
    assert answer.startswith("You approved draft 1")


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    leading(
        1,
        [
            pytest.param("nothing", "You approved draft 1 of ", id="nothing"),
            pytest.param("erasure", "Something this draft shows was erased since.", id="erasure"),
            pytest.param("note", "The record changed since this draft (1 line", id="note"),
            pytest.param("draft", "Name the draft you read by its hash.", id="another-draft"),
            pytest.param("approval", "Draft 1 is approved already.", id="approval"),
        ],
    ),
)
def test_what_happens_while_a_draft_is_read_counts(room: Room, meanwhile: str, sentence: str) -> None:
    """The draft is read beside the writer, and the writer signs nothing that is no longer so when it decides."""
    number, channel = _drafted(room, "SEV4 Wallets empty")
    person = room.app.directory.person(APPROVER)
    assert person is not None
    asker = Asker(
        person=person,
        workspace_id=room.app.workspace_id,
        natural_key=f"test:approve:{number}",
        source=Source.SLACK,
        resolve_person=room.app.directory.resolve,
        number=number,
    )
    request = room.app.late["approve"](asker, room.shown_hash(channel))

    read = request.prepared(room.app.store.snapshots)
    _happens(room, number, channel, meanwhile)
    try:
        answer = room.app.store.writer.submit(request.use_case, read).result().text
    except Refused as error:
        answer = error.message

    assert read.checked is not None
    assert answer.startswith(sentence)


def _on_incident(room: Room, number: int) -> dict[str, Any]:
    access = frozenset({Access.RESPONDER, Access.COMMANDER, Access.ADMIN})
    return {
        "person": Person(id="cli:ops", name="ops", zone="UTC", access=access),
        "workspace_id": room.app.workspace_id,
        "natural_key": f"cli:{uuid4()}",
        "source": Source.COMMAND_LINE,
        "number": number,
    }


def _as_login(room: Room, use_case: Callable[[Reads, Any], Changes], command: Command) -> str:
    """Do what a login of the machine asks that is mapped to nobody; returns what it is told."""
    key = InboxKey(source="command_line", external_id=command.natural_key, body_hash=b"")
    return room.app.store.writer.submit(use_case, command, key=key).result(timeout=10).text


def _drafted(room: Room, words: str) -> tuple[int, str]:
    number, channel = room.declare(text=words)
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()
    return number, channel


def _erase(room: Room, number: int, kind: EventKind, field: str) -> None:
    """Erase *field* of the first event of *kind*."""
    event = next(event for event in room.events(number) if event.kind is kind)
    erase_field(room, number, event.seq, field)


def _revisions(room: Room, number: int) -> tuple[Revision, ...]:
    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        return reads.revisions(incident.id)


def _found(room: Room) -> list[str]:
    """What `verify` says of the room's database."""
    store = room.app.store
    return [one.sentence for one in verify_database(store.database, sealer=store.sealer, anchors=None).findings]


def _put_right(room: Room, statement: Executable) -> None:
    """Undo what was done to a row: the room is shared, and others verify it."""
    with room.app.store.database.write_engine.begin() as connection:
        connection.execute(statement)
    assert _found(room) == []


def _copy_approval(room: Room, number: int) -> UUID:
    revision = _revisions(room, number)[-1]
    with room.app.store.database.write_engine.begin() as connection:
        row = dict(connection.execute(select(APPROVAL)).mappings().fetchall()[-1])
        forged = uuid4()
        copied = row | {"id": forged, "revision_id": revision.id, "hash": revision.hash}
        connection.execute(insert(APPROVAL), [copied])
    return forged


def _commits(room: Room, number: int) -> int:
    folder = str(room.settings.publish_git_dir)
    log = ["git", "-C", folder, "log", "--all", "--format=%H", "--", f"postmortems/{number:04d}-*.md"]
    return len(subprocess.run(log, capture_output=True, text=True, check=False).stdout.split())


def _happens(room: Room, number: int, channel: str, what: str) -> None:
    if what == "note":
        room.ask(COMMANDER, "note One thing more", channel)
    elif what == "erasure":
        _erase(room, number, EventKind.NOTE, "text")
    elif what == "draft":
        room.ask(COMMANDER, "note One thing more", channel)
        room.draft(COMMANDER, channel)
        room.settle()
    elif what == "approval":
        assert room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel).startswith("You approved")
