"""Documents of several incidents on their way to one target: whose trouble it is, who waits for it, who is told."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from analysis.errors import Unavailable
from bot.publish.git import GitPublisher
from bot.store.delivery.waiting import lanes_that_wait
from bot.store.record.tables import DELIVERY
from tests.dialects import on_both
from tests.git_repositories import git
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, RESPONDER, Room, open_room, served_again

A_WHILE = timedelta(minutes=4)
LANE = "publish:git"
TEXTS = ("Wallets empty", "Cards fail", "Payouts late")


@pytest.fixture
def publishing(ready_url: str, tmp_path: Path) -> Iterator[Room]:
    """Yield a room of its own on each database."""
    with open_room(ready_url, tmp_path) as room:
        yield room


@pytest.fixture
def pushing(tmp_path: Path) -> Iterator[Room]:
    """Yield a room that pushes what it publishes."""
    remote = tmp_path / "remote.git"
    with open_room(f"sqlite:///{tmp_path / 'debrief.db'}", tmp_path, publish_git_push=True) as room:
        git(tmp_path, "init", "--quiet", "--bare", str(remote))
        git(_repository(room), "remote", "add", "origin", str(remote))
        yield room


@on_both("ready_url")
def test_document_that_git_cannot_take_holds_up_no_other(publishing: Room) -> None:
    """What is in one file's way is of that incident: the others are published, and the operator reads of that one."""
    room = publishing
    number, channel = _approved(room, TEXTS[0])
    other, beside = _approved(room, TEXTS[1])
    link = _repository(room) / "postmortems" / f"{number:04}-wallets-empty.md"
    link.parent.mkdir()
    link.symlink_to("/etc/hostname")

    _publish(room, channel, beside)
    room.settle(horizon=timedelta(minutes=1))
    soon = _notes(room)
    room.settle(horizon=A_WHILE)
    offer, late = _offer(room, channel), _notes(room)
    link.unlink()
    room.settle(horizon=timedelta(minutes=10))

    assert soon == []
    assert f"#{other} SEV2 closed" in room.ask(COMMANDER, f"#{other} status")
    assert "git: failing since" in offer
    (note,) = late
    assert note.startswith(f"git has not taken the postmortem of #{number} since ")
    assert "no other document waits for it" in note
    assert "wallets" not in note
    assert "Published to git" in _offer(room, channel)
    assert _notes(room)[1:] == [f"git takes documents again: the postmortem of #{number} is published there."]


@on_both("ready_url")
def test_target_that_is_away_is_one_trouble(publishing: Room) -> None:
    """Of three documents one is tried: one note, one end of it, and the others were neither attempted nor parked."""
    room = publishing
    incidents = [_approved(room, text) for text in TEXTS]

    with _repository_gone(room):
        _publish(room, *(channel for _, channel in incidents))
        room.settle(horizon=timedelta(minutes=40))
        notes, tried = _notes(room), _attempts(room)
    room.settle(horizon=timedelta(minutes=10))

    first = incidents[0][0]
    assert [note[:44] for note in notes] == [f"git has not taken the postmortem of #{first} since"[:44]]
    assert "those behind it are, too" in notes[0]
    assert tried[1:] == [0, 0]
    assert _notes(room)[1:] == [f"git takes documents again: the postmortem of #{first} is published there."]
    assert all("Published to git" in _offer(room, channel) for _, channel in incidents)
    assert git(_repository(room), "rev-list", "--count", "main") == "3"


@pytest.mark.parametrize("news", ["unapprove", "milestone detection 5m ago"])
def test_draft_that_is_stopped_while_the_target_is_away_is_no_second_trouble(own_room: Room, news: str) -> None:
    """It is looked for until git answers, parked never, and what waits behind it is told of no more and published."""
    room = own_room
    number, channel = _approved(room, TEXTS[0])
    _, beside = _approved(room, TEXTS[1])

    with _repository_gone(room):
        room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)
        _publish(room, channel, beside)
        room.settle(horizon=A_WHILE)
        room.ask(APPROVER if news == "unapprove" else RESPONDER, f"#{number} {news}")
        room.settle(horizon=timedelta(minutes=40))
        notes, lanes = _notes(room), lanes_that_wait(room.app.store.database)
    room.slack.heal()
    room.settle(horizon=timedelta(minutes=10))

    assert len(notes) == 1
    assert not any(lane.parked for lane in lanes)
    assert _notes(room)[1:] == [
        f"git answers again. The draft of #{number} that git has not taken goes there no more; nothing of it waits."
    ]
    assert "git: not published, because the approval no longer holds." in _offer(room, channel)
    assert "Published to git" in _offer(room, beside)
    assert git(_repository(room), "rev-list", "--count", "main") == "1"


def test_hook_that_refuses_one_document_lets_the_others_pass(pushing: Room) -> None:
    """Nobody waits for what a hook finds in one file."""
    room = pushing
    number, channel = _approved(room, TEXTS[0])
    _, beside = _approved(room, TEXTS[1])
    hook = _hook(room, 'git ls-tree -r --name-only "$new" | grep -q wallets && exit 1')

    _publish(room, channel, beside)
    room.settle(horizon=timedelta(minutes=1))
    offers = _offer(room, channel), _offer(room, beside)
    room.settle(horizon=A_WHILE)
    hook.unlink()
    room.settle(horizon=timedelta(minutes=10))

    assert "git: on its way." in offers[0]
    assert "Published to git" in offers[1]
    assert [note[:38] for note in _notes(room)] == [
        f"git has not taken the postmortem of #{number} since"[:38],
        f"git takes documents again: the postmortem of #{number} is"[:38],
    ]
    assert "Published to git" in _offer(room, channel)


def test_hook_that_refuses_every_document_is_one_trouble(pushing: Room) -> None:
    """Such as a protected branch: each is tried, one note is written, and another once it is known to be another."""
    room = pushing
    incidents = [_approved(room, text) for text in TEXTS]
    _hook(room, "exit 1")

    _publish(room, *(channel for _, channel in incidents))
    room.settle(horizon=timedelta(minutes=30))
    all_refused = _notes(room)
    hook = _hook(room, 'git ls-tree -r --name-only "$new" | grep -q cards && exit 1')
    room.settle(horizon=timedelta(minutes=20))
    one_refused = _notes(room)[1:]
    hook.unlink()
    room.settle(horizon=timedelta(minutes=10))

    numbers = [number for number, _ in incidents]
    assert [note[:40] for note in all_refused] == [f"git has not taken the postmortem of #{numbers[0]} since"[:40]]
    assert "it is tried again by itself, others may be refused for the same reason, and" in all_refused[0]
    assert [["the operator is told" in text for text in _told_publisher(room, one)] for one, _ in incidents] == [
        [True],
        [False],
        [False],
    ]
    assert one_refused[0] == f"git takes documents again: the postmortem of #{numbers[0]} is published there."
    assert [note[:40] for note in one_refused[1:]] == [f"git has not taken the postmortem of #{numbers[1]} since"[:40]]
    assert _notes(room)[3:] == [f"git takes documents again: the postmortem of #{numbers[1]} is published there."]
    assert all("Published to git" in _offer(room, channel) for _, channel in incidents)


def test_target_that_goes_away_while_a_hook_refuses_a_document_is_told(pushing: Room) -> None:
    """Two troubles, two notes; and whoever was told of the second reads that it is over and the first is not."""
    room = pushing
    number, channel = _approved(room, TEXTS[0])
    _hook(room, "exit 1")
    _publish(room, channel)
    room.settle(horizon=A_WHILE)

    gone_at = room.clock.now()
    with _repository_gone(room):
        room.settle(horizon=timedelta(minutes=20))
        away = _notes(room)[1:]
    room.settle(horizon=timedelta(minutes=20))

    (note,) = away
    assert note.startswith(f"git has not taken the postmortem of #{number} since ")
    assert "no such file or directory" in note.lower()
    assert _since(note) >= gone_at.replace(second=0, microsecond=0)
    (back,) = _notes(room)[2:]
    assert back.startswith(f"git answers again. git has not taken the postmortem of #{number} since ")
    assert "pre-receive hook declined" in back


def test_older_draft_never_goes_on_top_of_a_newer_one(pushing: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newer one passes the one that a hook refuses, and is there before that is on record: the older one waits."""
    room = pushing
    number, channel = _approved(room, TEXTS[0])
    hook = _hook(room, "exit 1")
    _publish(room, channel)
    room.settle(horizon=A_WHILE)
    _approved_again(room, number, channel)
    hook.unlink()
    monkeypatch.setattr(GitPublisher, "publish", _losing(GitPublisher.publish, "draft 2"))

    _publish(room, channel)
    room.settle(horizon=timedelta(minutes=40))

    assert _subjects(room) == [f"Postmortem #{number}, draft 2"]
    assert "Draft 1 goes nowhere any more: draft 2 is published since." in {one.text for one in room.events(number)}
    assert not [lane for lane in lanes_that_wait(room.app.store.database) if lane.key == LANE]


@on_both("ready_url")
def test_older_draft_does_not_go_on_top_of_a_newer_one_that_is_parked(
    publishing: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt that crashed after the commit is parked, and git has the newer draft: the older one waits for it."""
    room = publishing
    number, channel = _approved(room, TEXTS[0])
    link = _repository(room) / "postmortems" / f"{number:04}-wallets-empty.md"
    link.parent.mkdir()
    link.symlink_to("/etc/hostname")
    _publish(room, channel)
    room.settle(horizon=A_WHILE)
    _approved_again(room, number, channel)
    link.unlink()
    with monkeypatch.context() as patched:
        patched.setattr(GitPublisher, "publish", _crashing(GitPublisher.publish, "draft 2"))
        _publish(room, channel)
        room.settle(horizon=timedelta(minutes=40))
    parked = _subjects(room)
    (lane,) = [lane for lane in lanes_that_wait(room.app.store.database) if lane.key == LANE]

    room.app.store.outbox.resume(LANE)
    room.settle(horizon=timedelta(minutes=10))

    assert parked == [f"Postmortem #{number}, draft 2"]
    assert (lane.waiting, lane.parked) == (1, 1)
    assert _subjects(room) == parked
    assert "Draft 1 goes nowhere any more: draft 2 is published since." in {one.text for one in room.events(number)}
    assert not [lane for lane in lanes_that_wait(room.app.store.database) if lane.key == LANE]


def test_outage_is_one_trouble_though_its_teller_is_parked(own_room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of its signature changed meanwhile: the next document does not tell the same once more."""
    room = own_room
    _, channel = _approved(room, TEXTS[0])
    number, beside = room.declare(text=f"SEV2 {TEXTS[1]}")
    monkeypatch.setattr(GitPublisher, "publish", _full)
    _publish(room, channel)
    room.settle(horizon=A_WHILE)
    with served_again(room, audience="everybody") as again:
        again.settle(horizon=timedelta(minutes=6))
        for verb in ("note The switch was thrown", "resolve", "draft"):
            again.ask(COMMANDER, verb, beside)
        again.settle(horizon=timedelta(seconds=10))
        again.ask(APPROVER, f"approve {again.shown_hash(beside)}", beside)
        _publish(again, beside)
        again.settle(horizon=timedelta(minutes=20))
        (lane,) = [lane for lane in lanes_that_wait(again.app.store.database) if lane.key == LANE]

    assert (lane.waiting, lane.parked) == (1, 1)
    assert [note.partition(" since ")[0] for note in _notes(room) if "has not taken" in note] == [
        f"git has not taken the postmortem of #{number - 1}"
    ]


def test_target_that_is_configured_no_more_is_not_said_to_answer(own_room: Room) -> None:
    """Nobody asked it: the note says only that the draft goes there no more."""
    room = own_room
    number, channel = _approved(room, TEXTS[0])
    room.slack.fail("files.getUploadURLExternal", "internal_error", times=None)
    with _repository_gone(room):
        _publish(room, channel)
        room.settle(horizon=A_WHILE)
        with served_again(room, publish_git_dir=None) as again:
            again.ask(APPROVER, f"#{number} unapprove")
            again.app.store.outbox.resume(LANE)
            again.settle(horizon=timedelta(minutes=10))

    assert f"The draft of #{number} that git has not taken goes there no more; nothing of it waits." in _notes(room)


@pytest.mark.parametrize(("attempts", "after"), [(9, A_WHILE), (3, timedelta(seconds=5))])
def test_lane_of_an_earlier_version_goes_on(own_room: Room, attempts: int, after: timedelta) -> None:
    """What it told at its eighth attempt is not told again, its end is, and what it queued is published in order."""
    room = own_room
    number, channel = _approved(room, TEXTS[0])
    _, beside = _approved(room, TEXTS[1])
    with _repository_gone(room):
        _publish(room, channel, beside)
        room.settle(horizon=after)
        room.app.stop()
        _set(room, result='{"failing_since": "2026-03-01T09:00:00+00:00"}', attempts=attempts)
        with served_again(room) as again:
            again.settle(horizon=timedelta(minutes=40))
            notes = _notes(again)
    with served_again(room) as again:
        again.settle(horizon=timedelta(minutes=10))
        offers = _offer(again, channel), _offer(again, beside)

    assert len(notes) == 1
    assert _notes(room)[1:] == [f"git takes documents again: the postmortem of #{number} is published there."]
    assert all("Published to git" in offer for offer in offers)
    subjects = git(_repository(room), "log", "--format=%s", "main").splitlines()
    assert [subject.partition(",")[0] for subject in subjects] == [f"Postmortem #{number + 1}", f"Postmortem #{number}"]


def _set(room: Room, **values: object) -> None:
    """Let the first document's row be as an earlier version left it."""
    first = select(func.min(DELIVERY.c.seq)).where(DELIVERY.c.lane == LANE).scalar_subquery()
    with room.app.store.database.write_engine.begin() as connection:
        connection.execute(update(DELIVERY).where(DELIVERY.c.seq == first).values(**values))


def _losing(publish: Callable[..., str], what: str) -> Callable[..., str]:
    """Publish, and lose the first ten answers about *what*."""
    lost: list[str] = []

    def losing(publisher: GitPublisher, **given: Any) -> str:
        where = publish(publisher, **given)
        if what in given["note"] and len(lost) < 10:
            lost.append(where)
            raise Unavailable("git push took longer than 60 s; it is tried again.")
        return where

    return losing


def _full(_publisher: GitPublisher, **_given: Any) -> str:
    message = "git write-tree failed: no space left on device"
    raise Unavailable(message)


def _crashing(publish: Callable[..., str], what: str) -> Callable[..., str]:
    """Publish, and let the thread that did end by an error of ours once it was *what*."""

    def crashing(publisher: GitPublisher, **given: Any) -> str:
        where = publish(publisher, **given)
        if what in given["note"]:
            message = "after the commit"
            raise RuntimeError(message)
        return where

    return crashing


def _approved(room: Room, text: str) -> tuple[int, str]:
    number, channel = room.declare(text=f"SEV2 {text}")
    for verb in ("note The switch was thrown", "resolve", "draft"):
        room.ask(COMMANDER, verb, channel)
    room.settle()
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)
    room.settle()
    return number, channel


def _approved_again(room: Room, number: int, channel: str) -> None:
    room.clock.move(minutes=31)
    room.ask(RESPONDER, f"#{number} note The fuse is in stock")
    room.draft(COMMANDER, channel)
    room.settle(horizon=timedelta(seconds=10))
    room.ask(APPROVER, f"approve {room.shown_hash(channel)}", channel)


def _publish(room: Room, *channels: str) -> None:
    for channel in channels:
        room.ask(COMMANDER, "publish confirm", channel)


def _repository(room: Room) -> Path:
    folder = room.settings.publish_git_dir
    assert folder is not None
    return folder


@contextmanager
def _repository_gone(room: Room) -> Iterator[None]:
    folder = _repository(room)
    away = folder.with_name("away")
    folder.rename(away)
    yield
    away.rename(folder)


def _hook(room: Room, line: str) -> Path:
    """Let the remote run *line* for what is pushed."""
    hook = _repository(room).parent / "remote.git" / "hooks" / "pre-receive"
    shutil.rmtree(hook.parent, ignore_errors=True)
    hook.parent.mkdir()
    hook.write_text(f"#!/bin/sh\nread old new ref\n{line}\nexit 0\n")
    hook.chmod(0o755)
    return hook


def _notes(room: Room) -> list[str]:
    return [str(post["text"]) for post in room.slack.posts(OPERATIONS)]


def _since(note: str) -> datetime:
    found = re.search(r" since (\d\d:\d\d) UTC on (\S+): ", note)
    assert found
    return datetime.fromisoformat(f"{found[2]}T{found[1]}+00:00")


def _told_publisher(room: Room, number: int) -> list[str]:
    told = [str(call.arguments["text"]) for call in room.slack.calls_of("chat.postEphemeral")]
    return [text for text in told if f"of #{number} has not reached git since" in text]


def _offer(room: Room, channel: str) -> str:
    return str([post for post in room.slack.posts(channel) if "hash" in str(post.get("blocks"))][-1]["blocks"])


def _subjects(room: Room) -> list[str]:
    """What git has, newest first."""
    messages = git(_repository(room), "log", "--format=%s", "main").splitlines()
    return [message.partition(", approved")[0] for message in messages]


def _attempts(room: Room) -> list[int]:
    tried = select(DELIVERY.c.attempts).where(DELIVERY.c.lane == LANE).order_by(DELIVERY.c.seq)
    with room.app.store.database.reading() as connection:
        return list(connection.execute(tried).scalars())
