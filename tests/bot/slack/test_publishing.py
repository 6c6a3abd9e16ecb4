"""A target that does not take the document: tried for ever, told once, shown where people look."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store.delivery.waiting import lanes_that_wait
from bot.store.record.tables import DELIVERY
from tests.effort import leading, thinned
from tests.erasing import erase_field
from tests.fake_slack import Fault
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, RESPONDER, Room, open_room, served_again

A_WHILE = timedelta(minutes=4)


@pytest.fixture
def publishing(ready_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room of its own on each database, whose repository is moved away at times."""
    with open_room(ready_url, tmp_path) as room:
        yield room


@contextmanager
def _repository_gone(room: Room) -> Iterator[None]:
    folder = room.settings.publish_git_dir
    assert folder is not None
    away = folder.with_name("away")
    folder.rename(away)
    yield
    away.rename(folder)


def _approved(room: Room, text: str = "SEV2 Wallets empty") -> tuple[int, str]:
    number, channel = room.declare(text=text)
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.settle()
    return number, channel


def _notes(room: Room) -> list[str]:
    return [str(post["text"]) for post in room.slack.posts(OPERATIONS)]


def _offer(room: Room, channel: str) -> str:
    return str([post for post in room.slack.posts(channel) if "hash" in str(post.get("blocks"))][-1]["blocks"])


def test_whoever_makes_it_private_reads_where_its_document_is(publishing: Room) -> None:
    """What was published to git while everybody could see it stays there; another's answer has no such word."""
    room = publishing
    number, channel = _approved(room)
    room.join(COMMANDER, channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()
    other, _ = room.declare(text="SEV3 Payout file late")

    answer, short = (room.ask(COMMANDER, f"#{one} private") for one in (number, other))

    assert "Draft 1 is published to git (" in answer
    assert f":postmortems/{number:04}-wallets-empty.md): there it stays" in answer
    assert answer.endswith("there it stays, with its history, until somebody removes it by hand.")
    assert short.startswith(f"#{other} is private")
    assert "git" not in short


def test_failing_target_is_told_once_and_again_when_it_works(publishing: Room) -> None:
    """Operator and publisher hear it one time, the offer shows it, and the document arrives when the target is back."""
    room = publishing
    number, channel = _approved(room)
    room.join(COMMANDER, channel)

    with _repository_gone(room):
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=timedelta(minutes=1))
        soon, offer_soon = _notes(room), _offer(room, channel)
        room.settle(horizon=timedelta(minutes=40))
        late, offer_late = _notes(room), _offer(room, channel)
    room.settle(horizon=timedelta(minutes=10))

    assert soon == []
    assert "git: on its way." in offer_soon
    assert len(late) == 1
    assert late[0].startswith(f"git has not taken the postmortem of #{number} since 09:0")
    assert "Nothing is lost" in late[0]
    assert "debrief lanes list" in late[0]
    assert "git: failing since <!date^" in offer_late
    assert _notes(room)[1:] == [f"git takes documents again: the postmortem of #{number} is published there."]
    assert [text.partition("^")[0] for text in room.slack.ephemerals(COMMANDER)] == [
        f"Draft 1 of #{number} has not reached git since <!date"
    ]
    assert "Published to git" in _offer(room, channel)
    assert f"#{number} SEV2 closed" in room.ask(COMMANDER, f"#{number} status")


def test_draft_on_its_way_says_so_and_how_to_stop_it(own_room: Room) -> None:
    """Nobody is offered to publish it once more, and whoever closes the incident meanwhile hears that it goes on."""
    room = own_room
    number, channel = _approved(room)
    room.clock.move(minutes=31)
    room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)

    with _repository_gone(room):
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=timedelta(minutes=1))
        offer = _offer(room, channel)
        refused = room.ask(COMMANDER, "close", channel)
        closed = room.ask(COMMANDER, "close The vendor writes its own", channel)
        stopped = room.ask(APPROVER, "unapprove", channel)
        again = room.ask(COMMANDER, "reopen It came back", channel)
    room.slack.heal()
    room.settle(horizon=timedelta(minutes=10))

    assert "channel: on its way. git: on its way." in offer
    assert "*Publish*" not in offer
    assert "'Publish'" not in offer
    assert refused == (
        "Draft 1 is on its way to channel and git, and closes the incident once it is there. To close it now all the "
        "same, say why: `/incident close reason`."
    )
    assert closed == (
        f"#{number} is closed. Draft 1 is on its way to channel and git; whoever approved it can stop that by "
        "`/incident unapprove`."
    )
    assert stopped.startswith("You took back your approval of draft 1")
    assert again == f"#{number} is open again, phase 2."
    assert _documents(room, channel) == []


def test_draft_that_is_held_back_is_told_at_the_closing(own_room: Room) -> None:
    """It is not on its way: whoever closes the incident reads which setting keeps it, and who can stop it."""
    number, channel = _signed_and_waiting(own_room, "files.getUploadURLExternal")

    with served_again(own_room, audience="everybody") as room:
        room.settle(horizon=timedelta(minutes=10))
        refused = room.ask(COMMANDER, "close", channel)
        told = room.ask(COMMANDER, "close The vendor writes its own", channel)

    assert refused.startswith(
        f"Draft 1 of #{number} is held back: it was signed with DEBRIEF_AUDIENCE “internal”, which"
    )
    assert refused.endswith(" To close it now all the same, say why: `/incident close reason`.")
    assert told.startswith(f"#{number} is closed. Draft 1 of #{number} is held back: it was signed with DEBRIEF_AUDI")
    assert told.endswith(" Whoever approved it can stop that by `/incident unapprove`.")
    assert "on its way" not in told


def test_channel_whose_name_was_erased_has_none_on_the_offer(own_room: Room) -> None:
    """It was made of the title, which was erased before the draft was made."""
    room = own_room
    number, channel = room.declare(text="SEV2 Wallets empty")
    erase_field(room, number, 1)
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, f"#{number} {verb}")
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.clock.move(minutes=31)
    room.settle()

    assert "Published to channel (the incident’s channel)" in _offer(room, channel)


@pytest.mark.thorough
def test_target_that_blinks_is_told_to_nobody(own_room: Room) -> None:
    """A minute without the repository costs a minute."""
    room = own_room
    _, channel = _approved(room)

    with _repository_gone(room):
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=timedelta(minutes=1))
    room.settle()

    assert _notes(room) == []
    assert "Published to git" in _offer(room, channel)


@pytest.mark.thorough
def test_attempts_stay_apart_and_go_on(own_room: Room) -> None:
    """In two hours of outage it is tried again every five minutes at most, never given up."""
    room = own_room
    _, channel = _approved(room)

    with _repository_gone(room):
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=timedelta(hours=2))
    with room.app.store.database.reading() as connection:
        tried = connection.execute(select(DELIVERY.c.attempts).where(DELIVERY.c.lane == "publish:git")).scalar_one()

    # Ten in the first nine minutes, then one every five.
    assert 30 <= tried <= 34


@pytest.mark.thorough
def test_approval_that_is_voided_while_the_target_fails_publishes_nothing(own_room: Room) -> None:
    """News take the signature back; the target that comes back gets nothing, and the offer says so."""
    room = own_room
    number, channel = _approved(room)

    with _repository_gone(room):
        room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=A_WHILE)
        room.ask(RESPONDER, f"#{number} milestone detection 5m ago")
    room.slack.heal()
    room.settle(horizon=timedelta(minutes=10))

    folder = room.settings.publish_git_dir
    assert folder is not None
    assert not (folder / "postmortems").exists()
    assert "git: not published, because the approval no longer holds." in _offer(room, channel)
    assert not any("lanes resume publish:git" in note for note in _notes(room))
    assert not any(lane.parked for lane in lanes_that_wait(room.app.store.database))


def _set_milestone(room: Room, number: int) -> None:
    room.ask(RESPONDER, f"#{number} milestone detection 5m ago")


def _erase_note(room: Room, number: int) -> None:
    erase_field(room, number, next(event.seq for event in room.events(number) if event.kind == "note"))


def _void_meanwhile(room: Room, method: str, undo: Callable[[Room, int], object]) -> tuple[int, str]:
    """Number and channel of an incident whose approval *undo* takes back while Slack answers *method*; git is away."""
    number, channel = _approved(room)
    room.clock.move(minutes=31)
    with _repository_gone(room):
        room.hold(Fault(method=method), lambda: room.ask(COMMANDER, "publish confirm", channel))
        undo(room, number)
        room.settle(horizon=A_WHILE)
    room.settle(horizon=timedelta(minutes=10))
    return number, channel


def test_document_that_arrives_as_its_approval_is_voided_is_flagged(publishing: Room) -> None:
    """The channel shows it already when news take the signature back: it is on record, told, and git never gets it."""
    room = publishing

    number, channel = _void_meanwhile(room, "conversations.history", _set_milestone)
    status = room.ask(COMMANDER, f"#{number} status")
    room.draft(COMMANDER, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    again = room.ask(COMMANDER, "publish confirm", channel)

    told = "Draft 1 reached channel although its approval was voided meanwhile; draft and approve another."
    assert [event.text for event in room.events(number) if event.kind == "document_flagged"] == [told]
    assert sum(told in str(post["text"]) for post in room.slack.posts(channel)) == 1
    assert [event.payload["target"] for event in room.events(number) if event.kind == "published"] == ["channel"]
    assert f"#{number} SEV2 in review" in status
    assert again == "Publishing draft 2 to: git, channel."


@pytest.mark.parametrize("undo", [_set_milestone, _erase_note])
def test_document_that_slack_shares_late_is_taken_back_with_its_approval(
    publishing: Room, undo: Callable[[Room, int], object]
) -> None:
    """Nobody reads in the channel what is not published on record, and what was erased stays nowhere."""
    room = publishing

    number, channel = _void_meanwhile(room, "files.completeUploadExternal", undo)

    assert not any("the postmortem is published" in str(post["text"]) for post in room.slack.posts(channel))
    assert not any("-draft-" not in str(file["name"]) for file in room.slack.files.values())
    assert not [event for event in room.events(number) if event.kind in {"published", "document_flagged"}]
    assert any("The approval of draft 1 no longer holds" in event.text for event in room.events(number))


def _approver_erased_before_git(room: Room, *said: str) -> tuple[int, str]:
    """Number and channel of an incident whose document the channel has: git is back after the approver was erased."""
    number, channel = _approved(room)
    room.clock.move(minutes=31)
    signed = next(event.seq for event in room.events(number) if event.kind == "approved")
    with _repository_gone(room):
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=A_WHILE)
        for words in said:
            room.ask(COMMANDER, f"#{number} {words}")
        erase_field(room, number, signed, "actor")
        room.settle(horizon=A_WHILE)
    room.settle(horizon=timedelta(minutes=10))
    return number, channel


def test_target_on_its_way_is_told_of_when_the_approver_is_erased(publishing: Room) -> None:
    """The channel has it, git is away: nobody can be shown to have signed for git, which is never written and said."""
    room = publishing
    number, channel = _approver_erased_before_git(room)

    told = [str(post["text"]) for post in room.slack.posts(channel)]
    gone = "The approval of draft 1 no longer holds: the name of who gave it was erased. Draft and approve another."
    assert sum(gone in text for text in told) == 1
    assert "git: not published, because the approval no longer holds." in _offer(room, channel)
    assert "tried again by itself" not in _offer(room, channel)
    assert [event.payload["target"] for event in room.events(number) if event.kind == "published"] == ["channel"]
    room.draft(COMMANDER, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    assert room.ask(COMMANDER, "publish confirm", channel) == "Publishing draft 2 to: git, channel."


def test_offer_promises_no_target_what_nobody_can_be_shown_to_have_signed(own_room: Room) -> None:
    """Open again, too, it is on record and told that git never gets it, once the approver's name is gone."""
    room = own_room
    number, channel = _approver_erased_before_git(room, "reopen It came back at once")

    gone = "The approval of draft 1 no longer holds: the name of who gave it was erased. Draft and approve another."
    assert [event.text for event in room.events(number) if event.kind == "approval_voided"] == [gone]
    assert sum(gone in str(post["text"]) for post in room.slack.posts(channel)) == 1
    (offered,) = [blocks for post in room.slack.posts(channel) if "Postmortem #" in (blocks := str(post.get("blocks")))]
    assert [event.payload["target"] for event in room.events(number) if event.kind == "published"] == ["channel"]
    assert "git: not published, because the approval no longer holds." in offered
    assert "tried again by itself" not in offered


_NEWS = ["reopen It came back at once", "severity SEV1", "correct E3 The fuse had blown"]


@pytest.mark.thorough
@pytest.mark.parametrize("news", thinned(_NEWS, every=3))
def test_earlier_draft_on_its_way_is_stopped_by_what_voids_it(own_room: Room, news: str) -> None:
    """Though another draft was made since, what changes the record takes back the signature that waits."""
    room = own_room
    number, channel = _approved(room)
    room.clock.move(minutes=31)

    with _repository_gone(room):
        room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=A_WHILE)
        room.ask(RESPONDER, f"#{number} note The fuse is in stock")
        room.draft(COMMANDER, channel)
        room.ask(COMMANDER, f"#{number} {news}")
    room.slack.heal()
    room.settle(horizon=timedelta(minutes=10))

    folder = room.settings.publish_git_dir
    assert folder is not None
    assert not (folder / "postmortems").exists()
    assert any("The approval of draft 1 no longer holds" in event.text for event in room.events(number))
    assert not any("is published" in str(post["text"]) for post in room.slack.posts(channel))


@pytest.mark.thorough
def test_late_publication_of_an_earlier_draft_leaves_the_newer_one_in_review(own_room: Room) -> None:
    """What was signed and asked for arrives, and whoever drafted anew can still have that signed."""
    room = own_room
    number, channel = _approved(room)
    room.clock.move(minutes=31)

    with _repository_gone(room):
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=A_WHILE)
        room.ask(RESPONDER, f"#{number} note The fuse is in stock")
        room.draft(COMMANDER, channel)
        room.settle(horizon=timedelta(minutes=1))
    room.settle(horizon=timedelta(minutes=10))
    status = room.ask(COMMANDER, f"#{number} status")
    answer = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert [event.payload["target"] for event in room.events(number) if event.kind == "published"] == ["channel", "git"]
    assert f"#{number} SEV2 in review" in status
    assert answer.startswith("You approved draft 2")


@pytest.mark.parametrize(("visibility", "told"), leading(1, [("public", True), ("private", False)]))
def test_note_about_a_target_that_fails_quotes_no_file_name(own_room: Room, visibility: str, told: bool) -> None:  # noqa: FBT001
    """A link in the document's place is in the way; its name holds the title, which may be private, or erased later."""
    room = own_room
    number, channel = _approved(room)
    room.join(COMMANDER, channel)
    folder = room.settings.publish_git_dir
    assert folder is not None
    (folder / "postmortems").mkdir()
    (folder / "postmortems" / f"{number:04}-wallets-empty.md").symlink_to("/etc/hostname")

    room.ask(COMMANDER, "publish confirm", channel)
    room.ask(COMMANDER, visibility, channel)
    room.settle(horizon=A_WHILE)

    waiting = [lane.because for lane in lanes_that_wait(room.app.store.database)]
    assert any("is a link to another place" in note for note in _notes(room)) is told
    assert not any("wallets-empty" in text for text in (*_notes(room), *map(str, waiting)))


def _signed_and_waiting(room: Room, method: str) -> tuple[int, str]:
    """Number and channel of an incident whose signed draft git and Slack, which refuses *method*, have not taken."""
    number, channel = _approved(room)
    room.clock.move(minutes=31)
    with _repository_gone(room):
        room.slack.fail(method, "internal_error", times=None)
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=A_WHILE)
    room.slack.heal()
    return number, channel


def _kinds(room: Room, number: int) -> list[str]:
    return [event.kind for event in room.events(number)]


def _parked(room: Room) -> dict[str, str]:
    """Why each lane waits for somebody, by where it goes."""
    lanes = lanes_that_wait(room.app.store.database)
    return {lane.key.partition(":")[0]: lane.because for lane in lanes if lane.parked}


def _resume_all(room: Room) -> None:
    for lane in lanes_that_wait(room.app.store.database):
        if lane.command:
            room.app.store.outbox.resume(lane.key)
    room.settle(horizon=timedelta(minutes=10))


def _documents(room: Room, channel: str) -> list[str]:
    """What is published: in git's folder, then in the channel."""
    in_git = [path.name for path in room.settings.key_file.parent.glob("documents/postmortems/*.md")]
    posted = [str(post["text"]) for post in room.slack.posts(channel)]
    return [*in_git, *(text.partition(": ")[2] for text in posted if "the postmortem is published" in text)]


_OTHER_SETTINGS = [
    ({"audience": "everybody"}, "DEBRIEF_AUDIENCE “internal”, which is “everybody” now"),
    ({"publish_git_dir": None}, "DEBRIEF_PUBLISH_GIT_DIR, which is not set now"),
]
_UPLOADS = ["files.getUploadURLExternal", "files.completeUploadExternal"]
_BOTH = [(*one, method) for one in _OTHER_SETTINGS for method in _UPLOADS]


@pytest.mark.parametrize(("changed", "told", "method"), leading(2, _BOTH[::-1]))
def test_signature_outlives_other_settings_and_holds_once_they_are_put_right(
    own_room: Room, changed: dict[str, object], told: str, method: str
) -> None:
    """A server that ran with another audience, or without the repository, has published nothing and lost nothing."""
    number, channel = _signed_and_waiting(own_room, method)

    with served_again(own_room, **changed) as room:
        room.settle(horizon=timedelta(minutes=10))
        parked, notes, early, left = _parked(room), _notes(room), _documents(room, channel), room.slack.files.values()
        unpublished = [file for file in left if "-draft-" not in str(file["name"])]
        kinds = _kinds(room, number)
        offer, asked = _offer(room, channel), room.ask(COMMANDER, "publish confirm", channel)
    with served_again(own_room) as room:
        _resume_all(room)
        waiting = lanes_that_wait(room.app.store.database)
        status = room.ask(COMMANDER, f"#{number} status")

    because = f"draft 1 was signed with {told}, so it would not be published as it was signed."
    assert {lane: sentence.partition(" The")[0] for lane, sentence in parked.items()} == {
        "incident": because,
        "publish": because,
    }
    assert sum(because in note and "debrief lanes resume" in note for note in notes) == 2
    held = f"Draft 1 of #{number} is held back: it was signed with {told}, so it would not be published as it was"
    assert all(f"{target}: held back." in offer for target in ("git", "channel"))
    assert "on its way" not in offer
    assert held in offer
    assert "Ask for another" in offer
    assert asked.startswith(held)
    assert "held back" not in _offer(room, channel)
    assert (early, unpublished) == ([], [])
    assert "approval_voided" not in kinds
    assert len(_documents(room, channel)) == 2
    assert [event.payload["target"] for event in room.events(number) if event.kind == "published"].count("git") == 1
    assert "approval_voided" not in _kinds(room, number)
    assert not waiting
    assert f"#{number} SEV2 closed" in status


@pytest.mark.parametrize("changed", leading(1, [{"audience": "everybody"}, {"publish_git_dir": None}]))
def test_signature_under_other_settings_gives_way_to_a_newer_document(
    own_room: Room, changed: dict[str, object]
) -> None:
    """Whoever drafts again with the settings of now gets that published, and the one before replaces it nowhere."""
    number, channel = _signed_and_waiting(own_room, "files.getUploadURLExternal")

    with served_again(own_room, **changed) as room:
        room.settle(horizon=timedelta(minutes=10))
        room.draft(COMMANDER, channel)
        room.settle()
        room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle(horizon=timedelta(minutes=10))
    with served_again(own_room) as room:
        _resume_all(room)
        waiting = lanes_that_wait(room.app.store.database)

    published = [event.payload["revision"] for event in room.events(number) if event.kind == "published"]
    assert set(published) == {2}
    assert [event.text for event in room.events(number) if event.kind == "approval_voided"] == [
        "Draft 1 goes nowhere any more: draft 2 is published since."
    ]
    assert not any("goes nowhere any more" in str(post["text"]) for post in room.slack.posts(channel))
    assert not any(lane.parked for lane in waiting)


@pytest.mark.parametrize("changed", leading(1, [{}, {"audience": "everybody"}]))
def test_publication_that_another_layout_would_make_otherwise_is_told_and_waits_for_nobody(
    own_room: Room, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    """Git and Slack were away over an upgrade, which no setting undoes: the approval is void, which is posted."""
    _, channel = _signed_and_waiting(own_room, "files.completeUploadExternal")
    monkeypatch.setattr("bot.render.templates.RENDERER_VERSION", "a later one")

    with served_again(own_room, **changed) as room:
        room.settle(horizon=timedelta(minutes=10))
        lost = [str(post["text"]) for post in room.slack.posts(channel) if "no longer holds" in str(post["text"])]
        offer = _offer(room, channel)
        parked = _parked(room)
        early = _documents(room, channel)
        room.draft(COMMANDER, channel)
        room.settle()
        signed = room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)

    assert len(lost) == 1
    assert "The approval of draft 1 no longer holds: this version of Debrief lays documents out otherwise" in lost[0]
    assert "git: not published, because the approval no longer holds." in offer
    assert (parked, early) == ({}, [])
    assert not any("lanes resume" in note for note in _notes(room))
    assert signed.startswith("You approved draft 2")


def test_approval_of_another_layout_is_taken_back_while_git_is_away(
    own_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The channel has the draft, git has failed over an upgrade: nobody knows whether it arrived, and it is told."""
    _, channel = _approved(own_room)
    with _repository_gone(own_room):
        own_room.ask(COMMANDER, "publish confirm", channel)
        own_room.settle(horizon=timedelta(minutes=10))
        monkeypatch.setattr("bot.render.templates.RENDERER_VERSION", "a later one")
        with served_again(own_room) as room:
            room.settle(horizon=timedelta(minutes=30))
            lost = [str(post["text"]) for post in room.slack.posts(channel) if "no longer holds" in str(post["text"])]
            offer, notes = _offer(room, channel), _notes(room)

    assert len(lost) == 1
    assert "git: goes there no more; whether an attempt since" in offer
    assert any("no such file or directory" in note.lower() for note in notes)


def test_erased_draft_waits_for_no_settings(own_room: Room) -> None:
    """What lost a line to an erasure under other settings is not published when those are put right."""
    number, channel = _signed_and_waiting(own_room, "files.getUploadURLExternal")

    with served_again(own_room, audience="everybody") as room:
        room.settle(horizon=timedelta(minutes=10))
        _erase_note(room, number)
        room.settle()
    with served_again(own_room) as room:
        _resume_all(room)
        waiting = lanes_that_wait(room.app.store.database)

    assert _documents(room, channel) == []
    assert _kinds(room, number).count("approval_voided") == 1
    assert not any(lane.parked for lane in waiting)


def test_published_draft_is_published_after_an_upgrade(own_room: Room) -> None:
    """Nobody is sent to draft anew what every target has, though it would be made otherwise today."""
    number, channel = _approved(own_room)
    own_room.ask(COMMANDER, "publish confirm", channel)
    own_room.settle()

    with served_again(own_room, audience="everybody") as room:
        answer = room.ask(COMMANDER, "publish confirm", channel)

    assert answer == f"Draft 1 of #{number} is published already, or on its way."


@pytest.mark.parametrize(("changed", "told"), leading(1, _OTHER_SETTINGS))
def test_signed_draft_under_other_settings_is_refused_by_what_changed(
    own_room: Room, changed: dict[str, object], told: str
) -> None:
    """Whoever publishes it hears which setting it is, and that it can be put right without another signature."""
    number, channel = _approved(own_room)

    with served_again(own_room, **changed) as room:
        answer = room.ask(COMMANDER, "publish", channel)

    assert answer == (
        f"Draft 1 of #{number} was signed with {told}, so it would not be published as it was signed. Whoever runs "
        "Debrief can set that back; or `/incident draft` makes another with the settings of now."
    )
