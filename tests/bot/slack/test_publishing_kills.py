"""The bot is killed outright after a commit that nothing records yet, and the signature is taken back meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.publish.git import GitPublisher
from bot.store.delivery.waiting import lanes_that_wait
from tests.dialects import on_both
from tests.effort import leading
from tests.erasing import erase_field
from tests.git_repositories import git
from tests.slack_requests import SIGNING_SECRET
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, RESPONDER, Room, open_room, served_again

#: Runs the bot at an instant until the repository has its first commit, and not to the statement that would say so.
BOT = """
import os, signal, sys, time
from datetime import datetime
from pathlib import Path
from sqlalchemy import Engine, event
from bot.app import build
from bot.settings import Settings
from tests.slack_room import MovingClock

def kill(connection, cursor, executed, parameters, context, executemany):
    if executed.startswith("UPDATE delivery") and Path(sys.argv[1]).exists():
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "before_cursor_execute", kill)
build(Settings(), clock=MovingClock(instant=datetime.fromisoformat(sys.argv[2]))).start()
time.sleep(120)
"""
PATIENCE_SECONDS = 60.0


@pytest.fixture
def publishing(ready_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room of its own on each database."""
    with open_room(ready_url, tmp_path) as room:
        yield room


def _approved(room: Room) -> tuple[int, str]:
    number, channel = room.declare(text="SEV2 Wallets empty")
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.settle()
    room.clock.move(minutes=31)
    return number, channel


def _killed_with_a_commit(room: Room) -> tuple[int, str, str]:
    """Number and channel of an incident whose signed draft git has, and the commit, which is nowhere on record."""
    number, channel = _approved(room)
    room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)
    folder = _repository(room)
    folder.rename(_away(room))
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle(horizon=timedelta(minutes=1))
    room.app.stop()
    _away(room).rename(folder)
    _run_until_killed(room, folder / ".git" / "refs" / "heads" / "main")
    return number, channel, git(folder, "rev-parse", "main")


def _run_until_killed(room: Room, head: Path) -> None:
    room.clock.move(minutes=6)
    command = [sys.executable, "-c", BOT, str(head), room.clock.now().isoformat()]
    with subprocess.Popen(command, env={**os.environ, **_environment(room)}) as bot:
        try:
            assert bot.wait(PATIENCE_SECONDS) == -signal.SIGKILL
        finally:
            bot.kill()


def _away(room: Room) -> Path:
    return _repository(room).with_name("away")


def _environment(room: Room) -> dict[str, str]:
    return {
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "DEBRIEF_DATABASE_URL": room.settings.database_url,
        "DEBRIEF_KEY_FILE": str(room.settings.key_file),
        "DEBRIEF_ANCHORS_FILE": str(room.settings.anchors_file),
        "DEBRIEF_SLACK_API_URL": room.slack.url,
        "DEBRIEF_SLACK_BOT_TOKEN": "xoxb-fake",
        "DEBRIEF_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "DEBRIEF_OPERATIONS_CHANNEL": OPERATIONS,
        "DEBRIEF_PUBLISH_GIT_DIR": str(_repository(room)),
    }


def _repository(room: Room) -> Path:
    folder = room.settings.publish_git_dir
    assert folder is not None
    return folder


@contextmanager
def _restarted(room: Room, undo: Callable[[Room, int], object], number: int, **over: Any) -> Iterator[Room]:
    """The bot after a restart, where *undo* comes before it has looked at the repository again."""
    _repository(room).rename(_away(room))
    with served_again(room, **over) as again:
        undo(again, number)
        again.settle(horizon=timedelta(seconds=20))
        _away(room).rename(_repository(room))
        again.settle(horizon=timedelta(minutes=10))
        yield again


def _set_milestone(room: Room, number: int) -> None:
    room.ask(RESPONDER, f"#{number} milestone detection 5m ago")


def _take_back(room: Room, number: int) -> None:
    room.ask(APPROVER, f"#{number} unapprove")


def _erase_note(room: Room, number: int) -> None:
    erase_field(room, number, next(event.seq for event in room.events(number) if event.kind == "note"))


@on_both("ready_url")
@pytest.mark.parametrize("undo", leading(1, [_set_milestone, _take_back]))
def test_document_that_stands_in_git_is_never_called_unpublished(
    publishing: Room, undo: Callable[[Room, int], object]
) -> None:
    """It is found there by what is signed, is on record as published, flagged and told, and another can replace it."""
    number, channel, commit = _killed_with_a_commit(publishing)

    with _restarted(publishing, undo, number) as room:
        offer = _offer(room, channel)
        room.slack.heal()
        room.settle(horizon=timedelta(minutes=10))
        room.draft(COMMANDER, channel)
        room.settle()
        room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
        room.ask(COMMANDER, "publish confirm", channel)
        room.settle()
        left = lanes_that_wait(room.app.store.database)

    where = f"{commit}:postmortems/{number:04}-wallets-empty.md"
    told = "Draft 1 reached git although its approval was voided meanwhile; draft and approve another."
    assert f"Published to git ({where})" in offer
    assert [event.text for event in room.events(number) if event.kind == "document_flagged"] == [told]
    assert sum(told in str(post["text"]) for post in room.slack.posts(channel)) == 1
    published = [(event.payload["revision"], event.payload["target"]) for event in _published(room, number)]
    assert published[0] == (1, "git")
    assert sorted(published[1:]) == [(2, "channel"), (2, "git")]
    assert git(_repository(room), "rev-list", "--count", "main") == "2"
    assert not left


@on_both("ready_url")
def test_document_that_git_may_have_is_looked_for_until_git_answers(publishing: Room) -> None:
    """Git cannot be asked: that is told once and parks nothing; once it answers, this one and the next go on."""
    number, channel, commit = _killed_with_a_commit(publishing)
    heads = _repository(publishing) / ".git" / "refs" / "heads"
    git(_repository(publishing), "update-ref", "refs/debrief/kept", commit)

    (heads / "main").write_text("broken\n")
    with served_again(publishing) as room:
        _take_back(room, number)
        room.slack.heal()
        other, elsewhere = _approved(room)
        room.ask(COMMANDER, "publish confirm", elsewhere)
        room.settle(horizon=timedelta(minutes=30))
        late = [str(post["text"]) for post in room.slack.posts(OPERATIONS)]
        (lane,) = lanes_that_wait(room.app.store.database)
        offer = _offer(room, channel)
        (heads / "main").write_text(f"{commit}\n")
        room.settle(horizon=timedelta(minutes=10))
        is_published = [event.payload["target"] for event in _published(room, other)]
        notes = [str(post["text"]) for post in room.slack.posts(OPERATIONS)][len(late) :]
        found = _offer(room, channel)

    (told,) = late
    assert told.startswith(f"git has not taken the postmortem of #{number} since ")
    assert (lane.key, lane.waiting, lane.parked) == ("publish:git", 2, 0)
    assert "git: goes there no more; whether an attempt since <!date^" in offer
    assert "git" in is_published
    assert notes == [f"git takes documents again: the postmortem of #{number} is published there."]
    assert f"Published to git ({commit}:" in found


def test_words_that_were_erased_after_they_reached_git_are_told_of(publishing: Room) -> None:
    """Whoever erased them was told of no commit, so everybody concerned reads in which one they stand."""
    number, channel, commit = _killed_with_a_commit(publishing)

    with _restarted(publishing, _erase_note, number) as room:
        notes = [str(post["text"]) for post in room.slack.posts(OPERATIONS)]

    (published,) = _published(room, number)
    stays = "there it stays, with its history, until somebody removes it by hand."
    told = f"Draft 1 reached git ({commit}) although its approval was voided meanwhile: {stays}"
    assert published.payload["where"] == commit
    assert [event.text for event in room.events(number) if event.kind == "document_flagged"] == [
        f"{told} Draft and approve another."
    ]
    assert sum(told in str(post["text"]) for post in room.slack.posts(channel)) == 1
    assert [note for note in notes if commit in note] == [f"#{number}: {told}"]


def test_title_that_is_erased_while_git_takes_the_document_is_not_written_back(
    own_room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record names the commit and not the file, whose name has the title; everybody reads that it stays."""
    room = own_room
    number, channel = _approved(room)
    real = GitPublisher.publish

    def publish(publisher: GitPublisher, **given: Any) -> str:
        where = real(publisher, **given)
        erase_field(room, number, 1)
        return where

    monkeypatch.setattr(GitPublisher, "publish", publish)
    room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)
    room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    (published,) = _published(room, number)
    commit = git(_repository(room), "rev-parse", "main")
    stays = "there it stays, with its history, until somebody removes it by hand."
    told = f"Draft 1 reached git ({commit}) although its approval was voided meanwhile: {stays}"
    assert published.payload["where"] == commit
    assert any(told in event.text for event in room.events(number))
    assert any(told in str(post["text"]) for post in room.slack.posts(OPERATIONS))


def test_document_that_stands_in_git_waits_for_no_settings(own_room: Room) -> None:
    """Under another audience it would be made otherwise: what git has is on record all the same, and not parked."""
    number, _, commit = _killed_with_a_commit(own_room)

    with _restarted(own_room, lambda _room, _number: None, number, audience="everybody") as room:
        waiting = [lane.key for lane in lanes_that_wait(room.app.store.database) if lane.parked]

    (published,) = _published(room, number)
    assert published.payload["where"].startswith(f"{commit}:")
    assert "publish:git" not in waiting
    assert not [event for event in room.events(number) if event.kind in {"approval_voided", "document_flagged"}]


def _published(room: Room, number: int) -> list[Any]:
    return [event for event in room.events(number) if event.kind == "published"]


def _offer(room: Room, channel: str) -> str:
    return str([post for post in room.slack.posts(channel) if "hash" in str(post.get("blocks"))][-1]["blocks"])
