"""`debrief import tickets`: what closed tickets say of alerts that are on record."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.alerts.tickets import Firing, Firings, Matched, Ticket, match
from analysis.errors import InvalidInput
from analysis.people import Action, require
from analysis.wording import counted
from analysis.zones import written_zone
from bot.cli.history.ticket_files import read_rows
from bot.cli.history.ticket_formats import (
    MATTERED,
    NOISE,
    Reading,
    Silent,
    TicketSystem,
    checked_form,
    key_of,
    read_ticket,
)
from bot.cli.incidents.incident_verbs import JsonOption
from bot.cli.office import Office, open_office
from bot.cli.progress import progress
from bot.cli.stopping import recorded_so_far, stopping
from bot.cli.tables import table
from bot.cli.terminal import say, say_json
from bot.parts import SystemClock
from bot.usecases.learning.import_tickets import ImportTickets, TicketLabel, import_tickets
from bot.usecases.verbs import Request

BATCH = 500
CHUNK = 1000
#: A sender may be late, but not by more than this.
_LATE = timedelta(days=1)
_MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passed:
    """A ticket that nothing follows from, and why."""

    where: str
    key: str
    because: str


def import_ticket_file(  # noqa: PLR0913 - Typer reads the options from the signature
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSON, perhaps gzipped.")],
    system: Annotated[str, typer.Option("--from", help="servicenow or jira.")],
    zone: Annotated[str, typer.Option(help="The clock of times without a zone: that of whoever exported it.")] = "UTC",
    time_format: Annotated[str, typer.Option(help="How times are written, such as %m/%d/%Y %H:%M.")] = "",
    minutes: Annotated[int, typer.Option("--window", help="How long before a ticket its alert may have begun.")] = 120,
    mattered: Annotated[list[str] | None, typer.Option(help="A resolution that says: somebody had to act.")] = None,
    noise: Annotated[list[str] | None, typer.Option(help="A resolution that says: nobody had to act.")] = None,
    *,
    is_rehearsal: Annotated[bool, typer.Option("--dry-run", help="Read and match, and record nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Label the alerts on record that closed tickets are about, as having mattered or as noise.

    Example: `debrief import tickets incident.csv --from servicenow --zone Europe/Berlin --dry-run`. A ticket finds its
    alert by an id, a fingerprint, a link or a group that it names, else by rule, place and time. What fits several
    alerts or none is listed and not guessed. Run again, it adds nothing. A row that cannot be read is named, and
    nothing is recorded. Needs admin access. The columns are in docs/reference/tickets.md.
    """
    if not 1 <= minutes <= _MOST_MINUTES:
        message = f"--window is {minutes}; it must be between 1 and {_MOST_MINUTES} minutes."
        raise InvalidInput(message)
    reading = Reading(
        system=_system(system),
        zone=written_zone(zone),
        now=SystemClock().now(),
        time_format=checked_form(time_format),
        mattered=MATTERED - _words(noise) | _words(mattered),
        noise=NOISE - _words(mattered) | _words(noise),
    )
    with ExitStack() as stack:
        with stopping(lambda: "Stopped. Nothing was recorded."):
            tickets, passed = _read(file, reading)
            office = stack.enter_context(open_office())
            require(office.asker().person, Action.ADMINISTER)
            found = _matched(office, tickets, timedelta(minutes=minutes))
        recorded = 0 if is_rehearsal else _record(office, found)
    passed += [_Passed(where=one.ticket.where, key=one.ticket.key, because=one.problem) for one in found if one.problem]
    _tell(file, found, passed, recorded, as_json=as_json)


def _system(name: str) -> TicketSystem:
    if name not in set(TicketSystem):
        message = f"“{name}” is no system of tickets; it is one of {', '.join(TicketSystem)}."
        raise InvalidInput(message)
    return TicketSystem(name)


def _words(given: list[str] | None) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in given or ())


def _read(file: Path, reading: Reading) -> tuple[list[Ticket], list[_Passed]]:
    tickets, passed = [], []
    with progress() as shown:
        for row in shown.track(read_rows(file), description="Reading"):
            try:
                tickets.append(read_ticket(row, reading))
            except Silent as silent:
                passed.append(_Passed(where=row.where, key=key_of(row, reading), because=silent.message))
            except InvalidInput as error:
                message = f"{file}, {row.where}: {error.message} Nothing was recorded."
                raise InvalidInput(message) from error
    return tickets, passed


def _matched(office: Office, tickets: Sequence[Ticket], window: timedelta) -> list[Matched]:
    if not tickets:
        return []
    first = min(ticket.opened_at for ticket in tickets) - window
    last = max(ticket.opened_at for ticket in tickets)
    with progress() as shown:
        task = shown.add_task("Looking at alerts", total=None)
        firings = Firings(shown.track(_firings(office, first, last), task_id=task))
        return [match(ticket, firings, window) for ticket in shown.track(tickets, description="Matching")]


def _firings(office: Office, first: Any, last: Any) -> Iterator[Firing]:  # noqa: ANN401 - instants
    after = 0
    while True:
        with office.store.snapshots.snapshot() as reads:
            found = reads.learning.firings(
                office.workspace_id, since=first - _LATE, until=last + _LATE, after=after, limit=CHUNK
            )
        yield from found
        if len(found) < CHUNK:
            return
        after = found[-1].seq


def _record(office: Office, found: Sequence[Matched]) -> int:
    """Write the labels in parts; how many were not on record before."""
    labels = [TicketLabel(ticket=one.ticket, firing=firing) for one in found for firing in one.firings]
    recorded, begin = 0, 0
    with stopping(lambda: recorded_so_far(begin, len(labels), "label")):
        for begin in range(0, len(labels), BATCH):
            command = ImportTickets(**office.asker().base(), labels=labels[begin : begin + BATCH])
            recorded += office.submit(Request(use_case=import_tickets, command=command)).number or 0
    return recorded


def _tell(file: Path, found: Sequence[Matched], passed: Sequence[_Passed], recorded: int, *, as_json: bool) -> None:
    matched = [one for one in found if one.firings]
    if as_json:
        say_json(
            {
                "tickets": len(matched) + len(passed),
                "matched": len(matched),
                "recorded": recorded,
                "labels": [_value(one) for one in matched],
                "passed": [{"where": one.where, "ticket": one.key, "because": one.because} for one in passed],
            }
        )
        return
    if passed:
        table(("row", "ticket", "nothing follows because"), [(one.where, one.key, one.because) for one in passed])
    labels = sum(len(one.firings) for one in matched)
    read = f"{counted(len(matched) + len(passed), 'ticket')} read, {len(matched)} matched to {counted(labels, 'alert')}"
    say(f"{file}: {read}, {counted(recorded, 'label')} recorded, {len(passed)} listed above.")


def _value(one: Matched) -> dict[str, Any]:
    return {
        "where": one.ticket.where,
        "ticket": one.ticket.key,
        "says": one.ticket.verdict.value,
        "by": one.way.value if one.way else None,
        "alerts": [{"seq": each.seq, "fingerprint": each.fingerprint, "rule": each.rule} for each in one.firings],
    }
