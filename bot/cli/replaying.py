"""`debrief replay`: a record made elsewhere becomes a timeline and a draft, as if it had been lived in Slack."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InvalidInput, Unavailable
from analysis.incident_record import MAXIMUM_BYTES, IncidentRecord, read_record
from analysis.slacktext import slug
from analysis.styles import Style
from analysis.wording import counted
from bot.cli.progress import progress
from bot.cli.replay_run import DATABASE, FILES, REPEATING, Replayed, live_through
from bot.cli.terminal import say, say_json, warn
from bot.usecases.replaying import count_steps

#: What SQLite keeps beside a database that a killed replay left open.
_LEFTOVERS = (f"{DATABASE}-wal", f"{DATABASE}-shm")


def replay(
    record_file: Annotated[Path, typer.Argument(metavar="INCIDENT.json", help="The record, a JSON file.")],
    out: Annotated[Path | None, typer.Option(help="Where the files go; by default replay-ID here.")] = None,
    speed: Annotated[
        float | None, typer.Option(help="Live through it at N times its real speed; by default without waiting.")
    ] = None,
    style: Annotated[Style, typer.Option(help="The style of the draft.")] = Style.SRE,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an earlier replay in a folder that is not empty.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Live through an incident record and leave its timeline, draft, claims and findings in a folder.

    Example: `debrief replay outage.json --out outage` leaves timeline.csv, draft.md, draft.html, claims.jsonl,
    findings.jsonl and incident.json in outage, which repeat byte for byte, and the ledger they were made from
    (debrief.db with its key debrief.key). The format of records is in docs/reference/incident-record.md.
    """
    if speed is not None and not speed > 0:
        message = "--speed must be more than 0, such as 60 for an hour a minute."
        raise InvalidInput(message)
    record = read_record(_content(record_file))
    folder = (out or Path(f"replay-{slug(record.id)}")).resolve()
    replayed = _replay(record, folder, speed=speed, force=force, style=style)
    _tell(record, folder, replayed, as_json=as_json)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        message = f"The record {path} cannot be read: {error.strerror}."
        raise InvalidInput(message) from error


def _replay(record: IncidentRecord, folder: Path, *, speed: float | None, force: bool, style: Style) -> Replayed:
    with _unfinished(folder, force=force) as unfinished, progress() as shown:
        task = shown.add_task("Replaying", total=count_steps(record))
        replayed = live_through(record, unfinished, speed=speed, on_step=lambda: shown.advance(task), style=style)
        for name in _LEFTOVERS:
            (folder / name).unlink(missing_ok=True)
        for name in FILES:
            (unfinished / name).replace(folder / name)
    return replayed


@contextmanager
def _unfinished(folder: Path, *, force: bool) -> Iterator[Path]:
    """A folder within *folder* to work in; it is gone afterwards, and so is *folder* if it was made in vain."""
    _check(folder, force=force)
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror}."
        raise Unavailable(message) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


def _check(folder: Path, *, force: bool) -> None:
    if "?" in str(folder):
        message = f"{folder} has a “?” in its name, which no database address can have. Choose another folder."
        raise InvalidInput(message)
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is not a folder."
        raise InvalidInput(message)
    if folder.exists() and any(folder.iterdir()) and not force:
        message = f"{folder} is not empty. Choose another folder, or replace an earlier replay in it with --force."
        raise InvalidInput(message)


def _tell(record: IncidentRecord, folder: Path, replayed: Replayed, *, as_json: bool) -> None:
    if record.unused:
        fields = ", ".join(f"{name} ({count})" for name, count in record.unused.items())
        warn(f"Fields of entries that Debrief does not use: {fields}.")
    if as_json:
        made = {
            "id": record.id,
            "out": str(folder),
            "entries": len(record.entries),
            "key_events": len(record.key_events),
            "ledger": replayed.entries,
            "is_verified": not replayed.report.findings,
            "draft": replayed.summary,
            "files": list(REPEATING),
        }
        say_json(made)
        return
    entries = counted(len(record.entries), "entry", "entries")
    say(f"{record.id}: {entries} lived through, {counted(replayed.entries, 'event')} in the ledger, verified.")
    say(replayed.summary)
    say(f"{folder}: {', '.join(FILES)}")


COMMANDS = {"replay": replay}
