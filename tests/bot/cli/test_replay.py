import csv
import html
import io
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.conftest import Debrief
from tests.effort import thinned
from tests.long_record import FILE as LONG_RECORD
from tests.long_record import as_bytes
from tests.shared_data import RECORDS, each_of

#: Every sixth record is replayed in a thorough run, a third of those in each run, all of them in a slow one and by
#: `benchmarks/records.py`.
SOME = [
    *thinned(RECORDS[::6], every=3),
    *(pytest.param(path, marks=pytest.mark.slow) for place, path in enumerate(RECORDS) if place % 6),
]
REPEATING = ("timeline.csv", "draft.md", "draft.html", "claims.jsonl", "findings.jsonl", "incident.json")
ENTRIES = [
    {"at": "2026-03-01T09:12:00Z", "text": "Card payments fail"},
    {"at": "2026-03-01T09:30:00Z", "text": "Rolled back the deploy"},
]


def written(folder: Path, *, name: str = "record.json", **over: Any) -> str:
    """Write a small record, told otherwise by *over*; returns its path."""
    record = {"id": "pm-1", "title": "Payments", "timezone": "UTC", "key_events": {}, "timeline": ENTRIES, **over}
    path = folder / name
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


def rows(folder: Path) -> list[dict[str, str]]:
    """Return the timeline that a replay left."""
    return list(csv.DictReader(io.StringIO((folder / "timeline.csv").read_text(encoding="utf-8"))))


def texts(folder: Path) -> list[str]:
    """Return the words of the notes in their order."""
    return [row["text"].removeprefix("'") for row in rows(folder) if row["kind"] == "note"]


def recorded(folder: Path) -> list[tuple[Any, ...]]:
    """Return what the ledger of a replay says of its events' times, in order."""
    with closing(sqlite3.connect(folder / "debrief.db")) as connection:
        return connection.execute("SELECT occurred_at, recorded_at FROM timeline_event ORDER BY seq").fetchall()


def test_record_of_the_demo_is_lived_through(debrief: Debrief, own_folder: Path) -> None:
    """What the README offers to whoever has no npm."""
    record = Path(__file__).parents[3] / "demo" / "incident.json"

    answer = debrief("replay", str(record), "--out", ".debrief/outage")

    assert answer.status == 0
    said = [entry["text"] for entry in json.loads(record.read_text())["timeline"]]
    assert texts(own_folder / ".debrief" / "outage") == said


@pytest.mark.parametrize("path", each_of(SOME), ids=lambda path: path.stem)
def test_replay_of_a_real_record_keeps_every_event_once_and_repeats(
    debrief: Debrief, own_folder: Path, path: Path
) -> None:
    """Each event stands once at its own instant, no milestone is invented, the chain verifies, the bytes repeat."""
    record = json.loads(path.read_text(encoding="utf-8"))
    told = sorted(record["timeline"], key=lambda entry: entry["at"])

    first, again = (debrief("replay", str(path), "--out", name, "--json") for name in ("first", "again"))

    assert (first.status, again.status) == (0, 0)
    assert json.loads(first.out)["is_verified"] is True
    assert texts(own_folder / "first") == [html.unescape(entry["text"]).strip() for entry in told]
    notes = [row["at"][:19] for row in rows(own_folder / "first") if row["kind"] == "note"]
    assert notes == [entry["at"].removesuffix("Z") for entry in told]
    assert milestones(own_folder / "first") == [{}]
    assert unequal(own_folder / "first", own_folder / "again") == []


@pytest.mark.thorough
def test_replay_of_the_long_record_keeps_every_event_once_and_repeats(debrief: Debrief, own_folder: Path) -> None:
    """500 entries in three zones over the night of a clock change stand once each, in the order of their instants."""
    record = json.loads(LONG_RECORD.read_bytes())
    words = Counter(
        html.unescape(entry["text"])
        for entry in record["timeline"]
        if "text" in entry and entry.get("kind") not in {"impact", "update", "reopen"}
    )

    first, again = (debrief("replay", str(LONG_RECORD), "--out", name) for name in ("first", "again"))

    made = rows(own_folder / "first")
    assert (first.status, again.status) == (0, 0)
    assert Counter(texts(own_folder / "first")) == words
    assert Counter(row["kind"] for row in made) == {
        "declared": 1,
        "note": 489,
        "milestone_set": 8,
        "status_changed": 7,
        "severity_changed": 2,
        "impact_set": 1,
        "update_sent": 2,
        "reopened": 1,
    }
    assert [row["at"] for row in made] == sorted(row["at"] for row in made)
    assert unequal(own_folder / "first", own_folder / "again") == []


@pytest.mark.thorough
def test_replay_of_the_long_record_sets_the_milestones_that_it_states(debrief: Debrief, own_folder: Path) -> None:
    """Key events, entries and the moves of people set milestones; the opening of the record sets none."""
    debrief("replay", str(LONG_RECORD), "--out", "made")

    set_in = [sorted(phase) for phase in milestones(own_folder / "made")]

    assert set_in == [
        ["detection", "mitigation", "occurrence", "recovery", "resolution"],
        ["awareness", "mitigation", "resolution"],
    ]


def test_long_record_is_what_its_program_writes() -> None:
    """The committed record and its program agree."""
    assert LONG_RECORD.read_bytes() == as_bytes()


def test_replay_records_each_event_at_its_own_instant(debrief: Debrief, own_folder: Path) -> None:
    """The clock is the record's: `recorded_at` equals `occurred_at`, and today appears nowhere."""
    debrief("replay", written(own_folder), "--out", "made")

    instants = recorded(own_folder / "made")

    assert len(instants) == 6
    assert {occurred for occurred, _ in instants} == {"2026-03-01 09:12:00.000000", "2026-03-01 09:30:00.000000"}
    assert all(occurred == at for occurred, at in instants)


def test_replay_can_be_verified_with_the_key_beside_it(debrief: Debrief, own_folder: Path) -> None:
    """`verify` on the replay's database opens its contents without being told where the key is."""
    debrief("replay", written(own_folder), "--out", "made")

    answer = debrief("verify", "--database", f"sqlite:///{own_folder / 'made' / 'debrief.db'}")

    assert (answer.status, answer.out.splitlines()[0]) == (0, "1 chain, 6 entries: whole.")
    assert "contents were not opened" not in answer.out


def test_replay_tells_nobody(debrief: Debrief, own_folder: Path) -> None:
    """A bot that is started on the replay's database has nothing to send."""
    debrief("replay", written(own_folder), "--out", "made")

    with closing(sqlite3.connect(own_folder / "made" / "debrief.db")) as connection:
        waiting = connection.execute("SELECT count(*) FROM delivery").fetchone()

    assert waiting == (0,)


@pytest.mark.thorough
def test_replay_ignores_what_people_wrote_afterwards(debrief: Debrief, own_folder: Path) -> None:
    """The record's `reference` changes no byte."""
    plain, told = (
        written(own_folder, name=f"{name}.json", **more)
        for name, more in {"plain": {}, "told": {"reference": {"Root cause": "A full disk"}}}.items()
    )

    debrief("replay", plain, "--out", "plain")
    debrief("replay", told, "--out", "told")

    assert unequal(own_folder / "plain", own_folder / "told") == []


@pytest.mark.parametrize(
    ("at", "precision"),
    thinned(
        [
            pytest.param("2026-03-01T12:00:00Z", "minute?", id="noon"),
            pytest.param("2026-03-01T00:00", "minute?", id="midnight"),
            pytest.param("2026-03-01T09:13:00Z", "minute", id="zero-seconds"),
            pytest.param("2026-03-01T09:13", "minute", id="no-seconds"),
            pytest.param("2026-03-01T09:13:07Z", "second", id="seconds"),
            pytest.param("2026-03-01", "day", id="day"),
        ],
        every=3,
    ),
)
def test_replay_trusts_a_time_as_far_as_it_was_given(
    debrief: Debrief, own_folder: Path, at: str, precision: str
) -> None:
    """Noon and midnight without seconds are uncertain; zero seconds count only where the record knows of seconds."""
    debrief("replay", written(own_folder, timeline=[{"at": at, "text": "Seen"}]), "--out", "made")

    assert [row["precision"] for row in rows(own_folder / "made") if row["kind"] == "note"] == [precision]


def test_replay_keeps_the_order_of_the_file_at_one_instant(debrief: Debrief, own_folder: Path) -> None:
    """Entries of one instant stand as they were given; others are put in order of time."""
    instants = ["09:30", "09:10", *["09:20"] * 12]
    entries = [{"at": f"2026-03-01T{at}:00Z", "text": f"Event {place}"} for place, at in enumerate(instants)]

    debrief("replay", written(own_folder, timeline=entries), "--out", "made")

    assert texts(own_folder / "made") == [f"Event {place}" for place in (1, *range(2, 14), 0)]


def test_replay_reads_no_time_from_a_text(debrief: Debrief, own_folder: Path) -> None:
    """An entry's words stay as they are, even where they begin with a time."""
    entry = {"at": "2026-03-01T09:12:00Z", "text": "08:00 UTC: the pager was silent"}

    debrief("replay", written(own_folder, timeline=[entry]), "--out", "made")

    assert texts(own_folder / "made") == ["08:00 UTC: the pager was silent"]
    assert rows(own_folder / "made")[1]["at"] == "2026-03-01T09:12:00.000000Z"


def test_replay_refuses_an_entry_that_the_incident_forbids(debrief: Debrief, own_folder: Path) -> None:
    """A reopening of what is not over is refused by its number, and the folder is not made."""
    entries = [*ENTRIES, {"at": "2026-03-01T10:00:00Z", "kind": "reopen", "text": "Declines rose again"}]

    answer = debrief("replay", written(own_folder, timeline=entries), "--out", "made")

    assert answer.status == 2
    assert answer.err.startswith("Entry 3 (2026-03-01 10:00 UTC) cannot be replayed: #1 is declared")
    assert not (own_folder / "made").exists()


def test_replay_spares_a_folder_that_is_not_empty(debrief: Debrief, own_folder: Path) -> None:
    """Without --force nothing is written; with it only the files of a replay are replaced."""
    (own_folder / "made").mkdir()
    (own_folder / "made" / "mine.txt").write_text("mine")
    record = written(own_folder)

    refused = debrief("replay", record, "--out", "made")
    kept = sorted(path.name for path in (own_folder / "made").iterdir())
    forced = [debrief("replay", record, "--out", "made", "--force").status for _ in range(2)]

    assert (refused.status, kept) == (2, ["mine.txt"])
    assert "--force" in refused.err
    assert forced == [0, 0]
    assert (own_folder / "made" / "mine.txt").read_text() == "mine"
    assert {path.name for path in (own_folder / "made").iterdir()} == {
        *REPEATING,
        "debrief.db",
        "debrief.key",
        "mine.txt",
    }


@pytest.mark.thorough
def test_replay_with_speed_takes_the_time_between_entries(debrief: Debrief, own_folder: Path) -> None:
    """At 3,600 times its speed, eighteen minutes take 0.3 s and more."""
    begun = time.monotonic()

    answer = debrief("replay", written(own_folder), "--out", "made", "--speed", "3600")

    assert answer.status == 0
    assert time.monotonic() - begun >= 0.3


def test_replay_says_which_fields_it_does_not_use(debrief: Debrief, own_folder: Path) -> None:
    """A field that means nothing to Debrief is named, not dropped in silence."""
    entries = [{**entry, "author": "Ana"} for entry in ENTRIES]

    answer = debrief("replay", written(own_folder, timeline=entries), "--json")

    assert answer.err == "Fields of entries that Debrief does not use: author (2).\n"
    assert json.loads(answer.out)["entries"] == 2


def test_replay_runs_as_a_program(own_folder: Path) -> None:
    """The module prints its result on a pipe without colours or progress."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    run = [sys.executable, "-m", "bot", "replay", written(own_folder)]

    done = subprocess.run(run, capture_output=True, text=True, env=environment, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert done.stdout.startswith("pm-1: 2 entries lived through, 6 events in the ledger, verified.\n")


def test_record_that_is_refused_leaves_nothing(debrief: Debrief, own_folder: Path) -> None:
    """A bad file is one sentence, and no folder is made."""
    answer = debrief("replay", written(own_folder, timeline=[]), "--out", "made")

    assert (answer.status, answer.out) == (2, "")
    assert answer.err == "The record's `timeline` is empty, so there is nothing to replay.\n"
    assert not (own_folder / "made").exists()


def milestones(folder: Path) -> list[dict[str, str]]:
    """Return the milestones that are set, by phase."""
    figures = json.loads((folder / "incident.json").read_text(encoding="utf-8"))
    return [{name: at for name, at in phase["milestones"].items() if at} for phase in figures["phases"]]


def unequal(one: Path, other: Path) -> list[str]:
    """Return which of the files that repeat do not."""
    return [name for name in REPEATING if (one / name).read_bytes() != (other / name).read_bytes()]
