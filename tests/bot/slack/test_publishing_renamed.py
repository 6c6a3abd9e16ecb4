"""A title that is erased after its document was published: the next document takes that file's place in git."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.delivery.waiting import lanes_that_wait
from tests.erasing import erase_field
from tests.git_repositories import git, write
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, RESPONDER, Room


def test_file_that_was_named_after_an_erased_title_is_gone_with_the_next_document(own_room: Room) -> None:
    """From the tip and the work tree; what is on record leads to it by the commit, which names nothing."""
    room = own_room
    number, channel = _published(room)

    erase_field(room, number, 1)
    _draft_and_publish(room, number, channel)

    (file,) = _files(room)
    assert file.startswith(f"postmortems/{number:04}-")
    assert "wallets" not in file
    assert [path.name for path in (_repository(room) / "postmortems").iterdir()] == [file.rpartition("/")[2]]
    assert git(_repository(room), "status", "--porcelain") == ""
    assert _notes(room) == []


def _amend(room: Room, file: str) -> None:
    write(_repository(room), file, "with a remark\n")


def _amend_here(room: Room, file: str) -> None:
    (_repository(room) / file).write_text("with a remark\n")


@pytest.mark.parametrize("amend", [_amend, _amend_here])
def test_file_that_people_have_changed_stays_and_is_told_without_its_name(
    own_room: Room, amend: Callable[[Room, str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """It is somebody's, committed or not; the operator reads where to look, and nothing quotes the title."""
    room = own_room
    number, channel = _published(room)
    (file,) = _files(room)
    amend(room, file)
    erase_field(room, number, 1)

    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        _draft_and_publish(room, number, channel)

    assert (_repository(room) / file).read_text() == "with a remark\n"
    assert len(_files(room)) == 2
    (note,) = _notes(room)
    assert note.startswith(f"git has another file of #{number} beside the postmortem that is published now.")
    assert f"look for files that begin with {number:04}- and remove it by hand" in note
    logged = [f"{record.getMessage()} {vars(record)}" for record in caplog.records if record.name.startswith("bot.")]
    assert logged
    said = [note, *logged, *(str(lane) for lane in lanes_that_wait(room.app.store.database))]
    assert not any("wallets" in text.lower() for text in said)


def _published(room: Room) -> tuple[int, str]:
    number, channel = room.declare(text="SEV2 Wallets empty")
    room.clock.move(minutes=31)
    for verb in ("note The switch was thrown", "resolve"):
        room.ask(COMMANDER, verb, channel)
    _draft_and_publish(room, number, channel)
    assert _files(room) == [f"postmortems/{number:04}-wallets-empty.md"]
    return number, channel


def _draft_and_publish(room: Room, number: int, channel: str) -> None:
    room.ask(RESPONDER, f"#{number} note The fuse is in stock")
    room.settle()
    room.draft(COMMANDER, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()


def _repository(room: Room) -> Path:
    folder = room.settings.publish_git_dir
    assert folder is not None
    return folder


def _files(room: Room) -> list[str]:
    return git(_repository(room), "ls-tree", "-r", "--name-only", "main").splitlines()


def _notes(room: Room) -> list[str]:
    return [str(post["text"]) for post in room.slack.posts(OPERATIONS)]
