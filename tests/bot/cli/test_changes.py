"""`debrief changes` and `debrief attach C-7`: the same as in Slack, for when it is down."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief
from tests.slack_room import Room, open_room

LINK = "https://deploys.example/4711"


@pytest.fixture
def place(ready_sqlite_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Yield a room with a deploy in its log and an incident after it, and the command line beside it."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    with open_room(ready_sqlite_url, own_folder, start=datetime.now(UTC)) as room:
        room.webhook({"kind": "deploy", "service": "payments", "text": "payments 4711 rolled out", "link": LINK})
        room.declare()
        yield room


def test_change_is_listed_and_attached_from_the_command_line(place: Room, debrief: Debrief) -> None:
    """With where it is to be looked at, as a table and as JSON, before and after it is on the timeline."""
    before, listed = debrief("changes", "-i", "1"), json.loads(debrief("changes", "-i", "1", "--json").out)

    attached = debrief("attach", "-i", "1", "C-3")

    after = json.loads(debrief("changes", "-i", "1", "--json").out)
    line = next(one for one in debrief("timeline", "-i", "1").out.splitlines() if "4711" in one)
    rows = json.loads(debrief("timeline", "-i", "1", "--json").out)
    assert (before.status, before.out.split("\t")[0], before.out.split("\t")[-1]) == (0, "C-3", f"{LINK}\n")
    assert [(one["change"], one["link"], one["is_on_timeline"]) for one in listed] == [("C-3", LINK, False)]
    assert attached.out.startswith("C-3 is on the timeline of #1 at ")
    assert [one["is_on_timeline"] for one in after] == [True]
    assert line.endswith(LINK)
    assert [row["link"] for row in rows if row["kind"] == "deploy"] == [LINK]


def test_no_change_is_status_one(place: Room, debrief: Debrief) -> None:
    """Nothing found is the answer no, with the window that was looked at; a wrong number of hours is wrong usage."""
    place.clock.move(days=20)
    place.declare()

    nothing, wrong = debrief("changes", "-i", "2"), debrief("changes", "-i", "2", "100h")

    assert (nothing.status, nothing.out) == (1, "")
    assert nothing.err.startswith("No deploy, feature flag or event is known around the start of #2, from ")
    assert (wrong.status, wrong.err) == (2, "Say how many hours before the start, 1 to 72: `changes 12h`.\n")
