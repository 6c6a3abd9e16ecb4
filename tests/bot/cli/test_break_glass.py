"""An admin who is not in a private incident erases and exports in it, by its own record and before its people."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Debrief
from tests.effort import leading
from tests.slack_room import ADMIN, COMMANDER, OTHER, Room, number_in, open_room

WHY = "request 4711 of the data protection officer"
NOTE = 5
ERASE = ("erase", "-i", "1", "--event", str(NOTE), "--yes", "--reason", WHY)
EXPORT = ("export", "-i", "1", "--out", "ledger.jsonl")
GLASS = "--break-glass"
MISSING = "There is no incident #1 here. `debrief list` shows the open ones.\n"


@pytest.fixture
def place(ready_sqlite_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Yield a room with a private incident of the commander's, and the command line beside it as an admin."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    with open_room(ready_sqlite_url, own_folder, start=datetime.now(UTC)) as room:
        number = number_in(room.ask(COMMANDER, "declare SEV4 private: Payout file leaked"))
        room.settle()  # what Slack answers is on record before the note, whose place is named below
        room.ask(COMMANDER, f"#{number} note Ada Ahlgren is named in it")
        room.settle()
        assert [event.seq for event in room.events(1) if event.kind == "note"] == [NOTE]
        yield room


def acts_as(user: str, debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Map the login of this command line to *user*."""
    debrief("declare", "SEV5", "who am I")
    name = debrief("timeline", "-i", "2", "--json").out.partition('"actor": "cli:')[2].partition('"')[0]
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({name: user}))
    monkeypatch.setenv("DEBRIEF_ACCESS", json.dumps({"admin": [ADMIN]}))


def posts(room: Room) -> list[str]:
    """What the private channel was told, by its notifications."""
    channel = room.slack.channel_named("inc-1-")
    assert channel is not None
    return [str(post["text"]) for post in room.slack.posts(channel.id)]


def test_private_incident_is_erased_in_only_by_breaking_glass(place: Room, debrief: Debrief) -> None:
    """Without it the incident does not exist; with it the words go, and record and channel say who came and why."""
    hidden = debrief(*ERASE)
    before = posts(place)
    erased = debrief(*ERASE, GLASS)
    place.settle()

    events = {event.kind: event for event in place.events(1)}
    glass = events["glass_broken"]
    assert (hidden.status, hidden.err.partition("`")[0]) == (1, MISSING.partition("`")[0])
    assert erased.status == 0
    assert erased.out.endswith("is on its record, with your reason, and its channel is told.\n")
    assert (glass.text, glass.payload["act"], glass.actor) == (WHY, "erase", events["erased"].actor)
    assert events["note"].text == ""
    (told,) = [text for text in posts(place) if text not in before and "Ada" not in text]
    assert told.startswith("#1 Payout file leaked: ")
    assert told.endswith(f", an admin who is not in this private incident, erased something in its record: {WHY}")
    assert debrief("verify").status == 0


def test_private_incident_is_exported_only_by_breaking_glass(place: Room, debrief: Debrief) -> None:
    """The export has the entry that says so, so no copy can be without it, and the content is shown nowhere else."""
    hidden = debrief(*EXPORT)
    exported = debrief(*EXPORT, GLASS, "--reason", WHY)
    place.settle()

    lines = [json.loads(line) for line in Path("ledger.jsonl").read_text().splitlines()[1:]]
    assert (hidden.status, exported.status, exported.out) == (1, 0, "")
    assert (lines[-1]["kind"], lines[-1]["fields"]["text"]["content"]) == ("glass_broken", WHY)
    assert any("Ada Ahlgren" in str(line) for line in lines)
    assert debrief("verify", "--export", "ledger.jsonl").status == 0
    assert [text for text in posts(place) if text.endswith(f"exported its whole record: {WHY}")]
    assert debrief("timeline", "-i", "1").status == 1
    assert "Payout" not in debrief("list").out


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    leading(
        1,
        [
            pytest.param(("-i", "1", "--reason", "audit"), 2, "Say why, in at least", id="no-reason"),
            pytest.param(("-i", "7", "--reason", WHY), 1, "There is no incident #7", id="no-incident"),
        ],
    ),
)
def test_broken_glass_is_refused_without_a_reason_or_an_incident(
    place: Room, debrief: Debrief, more: tuple[str, ...], status: int, sentence: str
) -> None:
    """One sentence, and neither record nor file."""
    answer = debrief("export", GLASS, *more)

    assert (answer.status, answer.out) == (status, "")
    assert answer.err.startswith(sentence)
    assert not [event for event in place.events(1) if event.kind == "glass_broken"]


def test_nobody_but_an_admin_breaks_glass(place: Room, debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """To everybody else the private incident stays one that does not exist, also with the option."""
    acts_as(OTHER, debrief, monkeypatch)

    answers = [debrief(*ERASE, GLASS), debrief(*EXPORT, GLASS, "--reason", WHY)]

    assert [(answer.status, answer.err.partition("`")[0]) for answer in answers] == [(1, MISSING.partition("`")[0])] * 2
    assert not Path("ledger.jsonl").exists()


@pytest.mark.thorough
def test_who_is_in_the_incident_breaks_no_glass(place: Room, debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """An admin with a role in it erases as ever, without a word about being outside; for the export they are told."""
    acts_as(ADMIN, debrief, monkeypatch)
    place.ask(COMMANDER, f"#1 role deputy <@{ADMIN}>")

    erased, exported = debrief(*ERASE, GLASS), debrief(*EXPORT, GLASS, "--reason", WHY)

    assert (erased.status, "not in this private incident" in erased.out) == (0, False)
    assert (exported.status, exported.err) == (1, "You may see #1: export it without --break-glass.\n")
    assert not [event for event in place.events(1) if event.kind == "glass_broken"]


def test_broken_glass_itself_is_never_erased(place: Room, debrief: Debrief) -> None:
    """Whoever came from outside cannot take their name or reason off the record afterwards."""
    debrief(*EXPORT, GLASS, "--reason", WHY)
    seq = next(event.seq for event in place.events(1) if event.kind == "glass_broken")

    answers = [
        debrief("erase", "-i", "1", "--event", str(seq), "--field", field, "--reason", WHY, "--yes", GLASS)
        for field in ("actor", "text", "payload")
    ]

    assert [answer.status for answer in answers] == [1, 1, 1]
    assert all("is what the record itself is made of" in answer.err for answer in answers)
