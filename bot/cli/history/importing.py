"""`debrief import`: what a team has of its past."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from analysis.errors import InvalidInput
from analysis.wording import counted
from bot.cli.history.alert_history import Told, read_alert_file
from bot.cli.history.importing_tickets import import_ticket_file
from bot.cli.incidents.incident_verbs import JsonOption
from bot.cli.office import Office, open_office
from bot.cli.progress import progress
from bot.cli.stopping import done, recorded_so_far, stopping
from bot.cli.terminal import say, say_json
from bot.parts import SystemClock
from bot.ports.records import InboxKey
from bot.settings import AlertFormat
from bot.usecases.alerts.import_alerts import ImportAlerts, import_alerts
from bot.usecases.alerts.receive import ReceiveAlerts
from bot.web.formats.history import READERS

BATCH = 500

imports = typer.Typer(rich_markup_mode=None, no_args_is_help=True, add_completion=False)


@imports.callback()
def show_imports() -> None:
    """Take in what a team has of its past: alerts that fired before Debrief was there, tickets that say which mattered.

    Example: `debrief import alerts history.jsonl --format generic --dry-run`
    """


@imports.command("alerts")
def import_alert_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines or one JSON document, perhaps gzipped.")],
    form: Annotated[str, typer.Option("--format", help="alertmanager, grafana, pagerduty or generic.")],
    source: Annotated[
        str, typer.Option(help="The source that they are from; by default what rows name, else the format.")
    ] = "",
    *,
    is_rehearsal: Annotated[bool, typer.Option("--dry-run", help="Read and check, and record nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Record the alerts of a file as of when they happened.

    Example: `debrief import alerts incidents.json --format pagerduty --source pager`. The whole file is read before
    anything is written: a row that cannot be read is named and nothing is recorded. Stopped half-way, run it again:
    what is on record stays once. Needs admin access. The formats are in docs/reference/alerts.md.
    """
    with stopping(lambda: "Stopped. Nothing was recorded."):
        told = _read(file, _format(form), source)
    recorded = 0 if is_rehearsal else _record(told, source or form)
    if as_json:
        say_json({**_figures(told), "recorded": recorded})
        return
    series, count = _figures(told)["series"], counted(len(told), "alert")
    ended = "nothing was recorded" if is_rehearsal else f"{recorded} of them new and recorded"
    say(f"{file}: {count} of {series} series read, {ended}.")


def _format(name: str) -> AlertFormat:
    if name not in {form.value for form in READERS}:
        message = f"“{name}” is no format of alerts; it is one of {', '.join(form.value for form in READERS)}."
        raise InvalidInput(message)
    return AlertFormat(name)


def _read(file: Path, form: AlertFormat, source: str) -> list[Told]:
    with progress() as shown:
        task = shown.add_task("Reading", total=None)

        def on_row(left: int) -> None:
            done = shown.tasks[task].completed + 1
            shown.update(task, total=done + left, completed=done)

        told = read_alert_file(file, form, source=source, now=SystemClock().now(), on_row=on_row)
    if not told:
        message = f"{file} holds no alerts."
        raise InvalidInput(message)
    return told


def _record(told: Sequence[Told], source: str) -> int:
    """Write them in parts, each known by what is in it; how many of them are news that was not on record before."""
    with open_office() as office, progress() as shown, ExitStack() as stack:
        before = _heard(office, told)
        task = shown.add_task("Recording", total=len(told))
        stack.enter_context(stopping(lambda: recorded_so_far(done(shown, task), len(told), "alert")))
        for part in _parts(told):
            _record_part(office, part, source)
            shown.advance(task, len(part))
        return _heard(office, told) - before


def _heard(office: Office, told: Sequence[Told]) -> int:
    """How much is on record of the time that *told* is about."""
    first, last = (told[place].told.alert.received_at for place in (0, -1))
    with office.store.snapshots.snapshot() as reads:
        return reads.learning.events_heard(office.workspace_id, since=first, until=last)


def _record_part(office: Office, part: Sequence[Told], source: str) -> None:
    delivery = ReceiveAlerts(workspace_id=office.workspace_id, told=[one.told for one in part])
    command = ImportAlerts(person=office.asker().person, delivery=delivery)
    digest = hashlib.sha256(b"".join(one.digest for one in part)).digest()
    key = InboxKey(source=f"import.{source}", external_id=digest.hex(), body_hash=digest)
    office.store.writer.submit(import_alerts, command, key=key).result()


def _parts(told: Sequence[Told]) -> Iterator[Sequence[Told]]:
    rows = iter(told)
    while part := list(islice(rows, BATCH)):
        yield part


def _figures(told: Sequence[Told]) -> dict[str, object]:
    return {
        "alerts": len(told),
        "series": len({one.series for one in told}),
        "from": told[0].told.alert.received_at.isoformat() if told else None,
        "to": told[-1].told.alert.received_at.isoformat() if told else None,
    }


imports.command("tickets")(import_ticket_file)
COMMANDS = {"import": imports}
