"""`debrief verify` and the audit export, on a database that its owner tampers with by plain SQL."""

import json
import os
import resource
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.office import login_name
from tests.bot.cli.conftest import Debrief
from tests.effort import leading
from tests.slack_room import open_room


@pytest.fixture
def on_record(debrief: Debrief, tables: None, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` where an incident is on record and anchored: entries 1 to 4, two of them notes."""
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", "anchors.jsonl")
    for line in ("declare SEV2 payments", "note -i 1 first", "note -i 1 second", "anchor"):
        debrief(*line.split())
    return debrief


def tamper(statement: str) -> None:
    """Change the database as its owner could."""
    with closing(sqlite3.connect(".debrief/debrief.db", isolation_level=None)) as connection:
        connection.execute(statement)


def test_whole_record_verifies_and_says_what_it_cannot_exclude(
    on_record: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With anchors only what came after them is left to the chain; without, that is said."""
    anchored = on_record("verify")
    monkeypatch.delenv("DEBRIEF_ANCHORS_FILE")
    alone = on_record("verify", "--json")

    assert anchored.status == 0
    assert anchored.out.splitlines() == [
        "2 chains, 5 entries: whole.",
        "What was recorded after an incident's last anchor is protected by its chain alone.",
    ]
    told = json.loads(alone.out)
    assert (told["ok"], told["incidents"], told["entries"], told["findings"]) == (True, 2, 5, [])
    assert told["caveats"][0].startswith("Without an anchor file this cannot exclude")


@pytest.mark.parametrize(
    ("statement", "seq", "fault"),
    leading(
        1,
        [
            pytest.param("UPDATE timeline_event SET kind = 'external' WHERE seq = 3", 3, "altered", id="altered"),
            pytest.param("DELETE FROM timeline_event WHERE seq = 3", 3, "removed", id="removed"),
            pytest.param(
                "UPDATE timeline_event SET text_salt = NULL WHERE seq = 4", 4, "unexplained_erasure", id="erased"
            ),
        ],
    ),
)
def test_tampering_is_named_by_its_first_row(on_record: Debrief, statement: str, seq: int, fault: str) -> None:
    """Exit status 1, and the incident, the entry and what is wrong with it."""
    tamper(statement)

    answer = on_record("verify", "--json")

    found = json.loads(answer.out)["findings"]
    assert answer.status == 1
    assert [(one["incident"], one["seq"], one["fault"]) for one in found] == [("#1", seq, fault)]


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        pytest.param(
            "UPDATE revision SET content = (SELECT content FROM revision WHERE number = 1) WHERE number = 2",
            "has another content than it was made with",
            id="content-of-another",
        ),
        pytest.param(
            "UPDATE revision SET content = zeroblob(200) WHERE number = 2",
            "has another content than it was made with",
            id="content-that-cannot-be-opened",
        ),
        pytest.param(
            "UPDATE revision SET ledger_seq = 1 WHERE number = 2",
            "names another record than it was made from",
            id="another-record",
        ),
    ],
)
def test_draft_that_is_not_what_was_made_is_named(on_record: Debrief, statement: str, what: str) -> None:
    """What an approval rests on is looked at, too, and not only the hash that is kept beside it."""
    for line in ("resolve -i 1 --yes", "draft -i 1", "note -i 1 third", "draft -i 1"):
        on_record(*line.split())
    whole = on_record("verify")
    tamper(statement)

    answer = on_record("verify")

    assert whole.status == 0
    assert (answer.status, answer.out.splitlines()[0]) == (1, f"Tampered: #1: draft 2 {what}.")


def test_cut_tail_is_seen_by_the_anchors_alone(on_record: Debrief, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who also moves the head back is found out by what was written down outside."""
    tamper("DELETE FROM timeline_event WHERE seq = 4")
    tamper(
        "UPDATE incident SET sequence_head = 3, head_hash = "
        "(SELECT hash FROM timeline_event WHERE incident_id = incident.id AND seq = 3) WHERE number = 1"
    )

    anchored = on_record("verify", "--anchors", "anchors.jsonl")
    monkeypatch.delenv("DEBRIEF_ANCHORS_FILE")
    alone = on_record("verify")

    assert (anchored.status, alone.status) == (1, 0)
    assert anchored.out.splitlines()[0] == "Tampered: #1: entries 4 to 4 are missing from the end, says the anchor."


@pytest.mark.parametrize("of_export", [False, True], ids=["database", "export"])
def test_anchors_that_are_configured_and_gone_are_no_proof(on_record: Debrief, *, of_export: bool) -> None:
    """Whoever took the anchors away with what they prove is not told “whole”; a fault that shows is still named."""
    on_record("export", "-i", "1", "--out", "export.jsonl")
    arguments = ("--export", "export.jsonl") if of_export else ()
    Path("anchors.jsonl").unlink()

    gone = on_record("verify", *arguments)
    doctor = on_record("doctor")
    again = on_record("anchor")
    tamper("UPDATE timeline_event SET kind = 'external' WHERE seq = 3")
    Path("anchors.jsonl").unlink()
    tampered = on_record("verify")

    assert (gone.status, gone.out) == (3, "")
    assert gone.err.startswith("There is no anchor file anchors.jsonl, which DEBRIEF_ANCHORS_FILE names")
    assert "anchors.jsonl is gone, though heads were written to it" in doctor.out
    assert again.err.startswith("The anchors file anchors.jsonl is gone, or has lost heads")
    assert "heads anchored in anchors.jsonl" in again.out
    assert tampered.status == 1


def test_empty_record_needs_no_anchors(debrief: Debrief, tables: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is recorded there is nothing that anchors could prove."""
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", "anchors.jsonl")

    answer = debrief("verify")

    assert answer.status == 0


def test_copy_on_a_disk_that_only_reads_is_verified_and_exported(
    on_record: Debrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Evidence is where nobody can change it; nothing is put beside it."""
    evidence = Path("evidence of 2026 #1?")
    evidence.mkdir()
    with closing(sqlite3.connect(".debrief/debrief.db")) as connection:
        connection.execute(f"VACUUM INTO '{evidence}/debrief.db'")
        connection.executescript(
            f"ATTACH '{evidence}/debrief.db' AS copy; PRAGMA copy.journal_mode = WAL; DETACH copy;"
        )
    # In its way, where root runs the tests and may write anywhere: SQLite would put a file of that name there.
    Path(f"{evidence}/debrief.db-shm").mkdir()
    evidence.chmod(0o555)
    may = os.access
    if may(evidence, os.W_OK):
        monkeypatch.setattr(os, "access", lambda path, mode: may(path, mode) and Path(path).name != evidence.name)
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", f"sqlite:///{evidence}/debrief.db".replace("?", "%3F"))

    answers = [on_record("verify"), on_record("export", "-i", "1")]

    assert [answer.status for answer in answers] == [0, 0]
    assert sorted(each.name for each in evidence.iterdir()) == ["debrief.db", "debrief.db-shm"]


def test_chain_verifies_without_the_key(on_record: Debrief) -> None:
    """Without the key file the contents stay closed, which is said, and nothing is made in its place."""
    Path(".debrief/debrief.key").unlink()

    answer = on_record("verify")

    assert answer.status == 0
    assert "so contents were not opened" in answer.out
    assert not Path(".debrief/debrief.key").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        pytest.param(("--database", "sqlite:///none.db"), 3, "There is no database file none.db.", id="no-file"),
        pytest.param(("--database", "mysql://host/name"), 2, "“mysql” databases are not supported.", id="dialect"),
        pytest.param(("--anchors", "none.jsonl"), 3, "no anchor file none.jsonl. Name the one", id="no-anchors"),
        pytest.param(("--export", "none.jsonl"), 2, "The export none.jsonl cannot be read:", id="no-export"),
        pytest.param(("--export", "record.json"), 2, "Line 1 is not one of an export", id="not-an-export"),
        pytest.param(("--database", "sqlite:///record.json"), 3, "is damaged or is not a database", id="no-database"),
        pytest.param(("--database", "sqlite:///empty.db"), 3, "Run `debrief migrate` or start", id="no-tables"),
    ],
)
def test_what_cannot_be_verified_is_said(
    debrief: Debrief, own_folder: Path, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    """A file that is missing or something else is one sentence, and no file is made."""
    (own_folder / "record.json").write_text('{"title": "not an export, and long enough to be no empty database"}')
    (own_folder / "empty.db").touch()

    answer = debrief("verify", *arguments)

    assert answer.status == status
    assert sentence in answer.err
    assert len(answer.err.splitlines()) == 1
    assert not (own_folder / "none.db").exists()


def test_export_verifies_without_database_or_key(on_record: Debrief, own_folder: Path) -> None:
    """The file alone proves the chain and its contents; with one word changed it does not."""
    exported = on_record("export", "-i", "1", "--out", "ledger.jsonl")
    content = (own_folder / "ledger.jsonl").read_text()
    (own_folder / "forged.jsonl").write_text(content.replace('"content":"second"', '"content":"secund"'))
    for name in (".debrief/debrief.db", ".debrief/debrief.key"):
        Path(name).unlink()

    good, bad = on_record("verify", "--export", "ledger.jsonl"), on_record("verify", "--export", "forged.jsonl")

    assert (exported.status, exported.err) == (0, "#1: 4 entries written to ledger.jsonl.\n")
    assert (good.status, good.out.splitlines()[0]) == (0, "1 chain, 4 entries: whole.")
    assert (bad.status, bad.out.splitlines()[0]) == (1, "Tampered: #1: the text of entry 4 was altered.")


def test_export_that_the_anchors_say_nothing_of_is_not_called_one_without_anchors(
    on_record: Debrief, own_folder: Path
) -> None:
    """It is named with its id, which is what counts, and lines that cannot be read are told all the same."""
    on_record("export", "-i", "1", "--out", "ledger.jsonl")
    other = "01a21e60-b43b-75e6-8ab2-b14a10a19408"
    line = json.dumps({"incident": other, "name": "#1", "seq": 4, "hash": "00" * 32})
    (own_folder / "others.jsonl").write_text(f"{line}\ntorn\n", encoding="utf-8")

    answer = on_record("verify", "--export", "ledger.jsonl", "--anchors", "others.jsonl")

    head = json.loads((own_folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines()[0])
    verdict, said, torn = answer.out.splitlines()
    assert (answer.status, verdict) == (0, "1 chain, 4 entries: whole.")
    assert said.startswith(f"The anchor file has no head of #1 (incident {head['incident']}), so this cannot exclude")
    assert said.endswith(
        "Take the anchors of the database that it was exported from; what is newer than those has its head "
        "written by `debrief anchor` there."
    )
    assert torn == "These lines of the anchor file could not be read: 2."


def test_export_with_a_part_of_its_contents_is_not_called_open(on_record: Debrief, own_folder: Path) -> None:
    """Whoever takes one text out with its salt is not told that every content was verified."""
    head, *entries = map(json.loads, on_record("export", "-i", "1").out.splitlines())
    del entries[2]["fields"]["text"]["salt"], entries[2]["fields"]["text"]["content"]
    (own_folder / "cut.jsonl").write_text("\n".join(map(json.dumps, (head, *entries))), encoding="utf-8")

    answer = on_record("verify", "--export", "cut.jsonl")

    assert "contents were not opened: only the chain over them was verified." in answer.out


def test_incidents_that_the_anchors_say_nothing_of_are_named(on_record: Debrief, own_folder: Path) -> None:
    """As long as none has an anchor nothing is said of a last one; what is newer than the last anchoring is named."""
    (own_folder / "empty.jsonl").touch()
    on_record("declare", "SEV2", "cards")

    of_none = on_record("verify", "--anchors", "empty.jsonl").out.splitlines()
    of_some = on_record("verify").out.splitlines()
    on_record("anchor")
    of_all = on_record("verify").out.splitlines()

    last = "What was recorded after an incident's last anchor is protected by its chain alone."
    assert len(of_none) == 2
    assert "no head of #0, #1 and #2, so this cannot exclude that the last entries there were cut off" in of_none[1]
    assert "has its head written by `debrief anchor` there." in of_none[1]
    assert "no head of #2, so this" in of_some[1]
    assert of_some[2:] == of_all[1:] == [last]


def test_erasure_destroys_the_words_and_the_chain_still_verifies(on_record: Debrief, own_folder: Path) -> None:
    """It asks once, the reason is on record, the words are gone from timeline, export and database."""
    erase = ("erase", "-i", "1", "--event", "E3", "--reason", "name of a customer, request 4711")

    asked, done, again = on_record(*erase), on_record(*erase, "--yes"), on_record(*erase, "--yes")

    told = [row["text"] for row in json.loads(on_record("timeline", "-i", "1", "--json").out)]
    exported = on_record("export", "-i", "1").out
    assert (asked.status, done.status, again.status) == (2, 0, 1)
    assert done.out == (
        "#1: the text of entry 3 is erased; that it was stays on record. "
        "Exports, backups and archives of the database that were made before still hold it. "
        f"Nobody can tell who cli:{login_name()} is, so no draft of #1 can be approved until "
        "DEBRIEF_COMMAND_LINE_USERS maps this login to its person in Slack.\n"
    )
    assert again.err == "The text of entry 3 is erased already.\n"
    assert "first" not in told
    assert "second" in told
    assert '"content":"first"' not in exported
    assert "name of a customer, request 4711" in exported
    assert on_record("verify").status == 0


@pytest.mark.thorough
def test_label_that_has_moved_erases_nothing(on_record: Debrief) -> None:
    """What was recorded late moves the labels after it; the words for good go by numbers that never move."""
    on_record("note", "-i", "1", "5m", "ago", "the pool was full")
    erase = ("erase", "-i", "1", "--reason", "name of a customer, request 4711", "--yes", "--event")
    labels = {row["text"]: row["label"] for row in json.loads(on_record("timeline", "-i", "1", "--json").out)}

    moved, late, first = (on_record(*erase, labels[text]) for text in ("first", "the pool was full", "payments"))
    number = moved.err.rsplit(" ", 1)[-1].strip(".\n")
    erased = on_record(*erase, number)

    told = [row["text"] for row in json.loads(on_record("timeline", "-i", "1", "--json").out)]
    assert [answer.status for answer in (moved, late, first)] == [1, 1, 1]
    assert moved.err.startswith(f"{labels['first']} has not always meant the entry that it means now")
    assert (erased.status, number) == (0, "3")
    assert "first" not in told
    assert {"second", "the pool was full"} <= set(told)


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    leading(
        1,
        [
            pytest.param(("--event", "E9"), 1, "“E9” is not on record.", id="no-entry"),
            pytest.param(("--event", "E3", "--field", "hash"), 2, "“hash” is no field.", id="no-field"),
            pytest.param(
                ("--event", "1", "--field", "payload"), 1, "is what the record itself is made of", id="structure"
            ),
        ],
    ),
)
def test_what_cannot_be_erased_is_refused(
    on_record: Debrief, more: tuple[str, ...], status: int, sentence: str
) -> None:
    """A wrong label, a wrong field, and details that the incident's state is derived from."""
    answer = on_record("erase", "-i", "1", "--reason", "a reason that is long", "--yes", *more)

    assert answer.status == status
    assert sentence in answer.err


def test_erasure_and_export_need_an_admin(
    on_record: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mapped responder is refused both."""
    name = on_record("timeline", "-i", "1", "--json").out.partition('"actor": "cli:')[2].partition('"')[0]
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({name: "U0REMY"}))

    erased = on_record("erase", "-i", "1", "--event", "E3", "--reason", "a reason that is long", "--yes")
    exported = on_record("export", "-i", "1")

    assert (erased.status, exported.status, exported.out) == (1, 1, "")
    assert erased.err.startswith("Only admin may administer here.")


def test_erasure_that_a_reader_keeps_in_the_files_is_told(on_record: Debrief) -> None:
    """While a backup runs the old bytes stay; the answer is on stdout as ever, and stderr says so."""
    arguments = ("erase", "-i", "1", "--reason", "the customer asked for it", "--yes", "--event")
    with closing(sqlite3.connect(".debrief/debrief.db", isolation_level=None)) as backup:
        backup.execute("BEGIN")
        backup.execute("SELECT count(*) FROM timeline_event").fetchone()
        told = on_record(*arguments, "E3")
    quiet = on_record(*arguments, "E4")

    assert (told.status, quiet.status, quiet.err) == (0, 0, "")
    assert told.out.startswith("#1: the text of entry 3 is erased")
    assert told.err.startswith("What was erased is not overwritten in the database's files yet")


def test_export_is_its_owners_alone(on_record: Debrief) -> None:
    """What the database keeps sealed lies open in it."""
    on_record("export", "-i", "1", "--out", "export.jsonl")

    assert stat.S_IMODE(Path("export.jsonl").stat().st_mode) == 0o600


def test_full_disk_leaves_the_export_that_was_there(on_record: Debrief, own_folder: Path) -> None:
    """Half of one would be taken for a record that somebody cut."""
    on_record("export", "-i", "1", "--out", "export.jsonl")
    before = (own_folder / "export.jsonl").read_bytes()
    for _ in range(18):
        on_record("note", "-i", "1", "a long line of what was seen " * 130)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    try:
        answer = on_record("export", "-i", "1", "--out", "export.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (answer.status, answer.err) == (3, "export.jsonl cannot be written: File too large.\n")
    assert (own_folder / "export.jsonl").read_bytes() == before
    assert not list(own_folder.glob(".export*"))


def test_anchor_needs_a_place(debrief: Debrief, own_folder: Path) -> None:
    """Without an anchors file it says what to set; with one it says how many heads were written."""
    answer = debrief("anchor")

    assert answer.status == 2
    assert "\nThere is nowhere to write anchors. Set DEBRIEF_ANCHORS_FILE" in answer.err


def test_anchor_writes_only_what_moved(on_record: Debrief) -> None:
    """A second time in a row there is nothing to write."""
    answers = [on_record("anchor", "--json"), on_record("note", "-i", "1", "third"), on_record("anchor", "--json")]

    assert [json.loads(answer.out)["anchored"] for answer in (answers[0], answers[2])] == [0, 1]


def test_erasing_a_message_erases_every_text_it_had(
    debrief: Debrief, ready_sqlite_url: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The label of an edited message means its texts before and after; an edit that comes later is not covered."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(own_folder / "debrief.key"))
    with open_room(ready_sqlite_url, own_folder, start=datetime.now(UTC)) as room:
        number, channel = room.declare()
        ts = room.slack.say(channel, "U0RESPONDER", "Ada Ahlgren cannot pay")
        room.react("U0RESPONDER", channel, ts)
        room.settle()
        room.edit(channel, ts, "Ada A. cannot pay")
        room.settle()
        label = next(line for line in room.timeline("U0RESPONDER", number) if "Ada A." in line).split("`")[1]

        erased = debrief("erase", "-i", "1", "--event", label, "--reason", "request 4711 of a customer", "--yes")

        texts = [event.text for event in room.events(number) if event.kind == "message"]
        assert (erased.status, erased.err) == (0, "")
        assert texts == ["", ""]
        assert "Ada" not in "".join(room.timeline("U0RESPONDER", number))
        assert debrief("verify").status == 0
