"""From the declaration to the published document, in Socket Mode and over signed HTTP."""

import subprocess
import sys
from pathlib import Path

import pytest

from demo.standin import ROOT
from demo.waiting import wait_for
from tests.e2e.room import APPROVE, APPROVER, COMMANDER, EMOJI, PUBLISH, RESPONDER, Room

pytestmark = pytest.mark.standin


@pytest.fixture(params=[pytest.param("room", id="socket"), pytest.param("http_room", id="http")])
def either_room(request: pytest.FixtureRequest) -> Room:
    """Return the workspace, in each way that Slack reaches the bot."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Room)
    return found


@pytest.mark.thorough
def test_path_ends_in_one_document_that_somebody_else_approved(either_room: Room) -> None:
    """A record of notes, marks, edits and deletions is refused to its author, approved by another, published once."""
    room = either_room
    already = len(room.documents())
    channel = _record(room)

    room.workspace.command(COMMANDER.id, channel, "draft")
    offer = room.wait_for_button(channel, APPROVE)
    refusal = room.press(COMMANDER, offer, APPROVE)
    approval = room.approve(APPROVER, offer)
    room.workspace.press(APPROVER.id, room.wait_for_button(channel, PUBLISH), PUBLISH)
    wait_for("a commit", lambda: len(room.documents()) > already, seconds=60.0)
    wait_for("a notice", lambda: room.posts(channel, "is published"))
    again = room.ask(APPROVER, "publish confirm", channel)

    (document,) = room.documents()[already:]
    (approved_by,) = [line for line in document.text.splitlines() if line.startswith("- **Approved by:**")]
    assert "you wrote part of this revision" in refusal
    assert approval.startswith("You approved draft 1")
    assert APPROVER.id in approved_by
    assert COMMANDER.id not in approved_by
    assert "published already" in again
    assert document.path.startswith("postmortems/")
    assert "Card payments fail in Germany" in document.text
    assert "The switch was thrown, corrected" in document.text
    assert "It was the queue" in document.text
    assert "A wrong guess" not in document.text
    assert "Nobody marks this" not in document.text


def test_demo_plays_to_its_end_without_a_browser(binary: None, tmp_path: Path) -> None:
    """The headless demo asserts the whole path itself and says so in one line."""
    command = [sys.executable, "-m", "demo.run", "--headless", "--quiet", "--yes", "--folder", str(tmp_path)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("The demo went as it must: ")


def _record(room: Room) -> str:
    """An incident with a note and marked messages: a thread reply, one edited, one deleted."""
    people = room.workspace
    channel = room.declare(RESPONDER, "SEV2 Card payments fail in Germany")
    room.ask(RESPONDER, f"role commander <@{COMMANDER.id}>", channel)
    room.ask(RESPONDER, "note The switch was found", channel)
    root = people.say(RESPONDER.id, channel, "The switch was thrown")
    reply = people.say(COMMANDER.id, channel, "It was the queue", thread=root)
    wrong = people.say(RESPONDER.id, channel, "A wrong guess")
    people.say(RESPONDER.id, channel, "Nobody marks this")
    for ts in (root, reply, wrong):
        people.react(RESPONDER.id, channel, ts, EMOJI)
    room.wait_for_line(RESPONDER, channel, "A wrong guess")
    people.edit(RESPONDER.id, channel, root, "The switch was thrown, corrected")
    people.delete(RESPONDER.id, channel, wrong)
    question = room.ask_message(RESPONDER, "resolve", channel)
    room.press(RESPONDER, question, "resolve.confirm")
    room.wait_for_line(RESPONDER, channel, "corrected")
    return channel
