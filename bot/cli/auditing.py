"""What compliance and audit ask for: erase on request, export a ledger, write anchors down now."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from analysis.audit_export import to_lines
from analysis.errors import InvalidInput, NotFound, Refused, Unavailable
from analysis.incident import WORKSPACE_LOG_NUMBER
from analysis.people import Action, require
from bot.cli.incidents.incident_verbs import IncidentOption, JsonOption, YesOption, incident_number, submit
from bot.cli.office import Office, open_office, open_reading_office
from bot.cli.terminal import say, say_json, warn
from bot.cli.whole_files import whole_file
from bot.flows.anchoring import contradiction, loss
from bot.store.proof.verification import read_chain
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.privacy.break_glass import BreakGlass, break_glass
from bot.usecases.privacy.erase import Erase
from bot.usecases.privacy.erase import erase as erase_field
from bot.usecases.verbs import Request

#: An export has what the database keeps sealed.
_FOR_ITS_OWNER = 0o600

BreakGlassOption = Annotated[
    bool,
    typer.Option(
        "--break-glass",
        help="Also in a private incident that you are not in: its record says so and its channel is told.",
    ),
]


def erase(
    incident: IncidentOption,
    event: Annotated[str, typer.Option(help="Which: a label such as E7, or an entry's number in the ledger.")],
    reason: Annotated[str, typer.Option(help="Why; the reason stays on record.")],
    field: Annotated[str, typer.Option(help="What: text, actor or payload.")] = "text",
    *,
    breaks_glass: BreakGlassOption = False,
    is_sure: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Destroy one field of one event on request; that it was erased and why is on record, and the chain still verifies.

    Example: `debrief erase --incident 12 --event E7 --field text --reason "name of a customer, request 4711"`.
    Needs admin access. Earlier drafts and messages of ours in Slack lose it, too; the answer says what remains where.
    """
    with open_office() as office:
        asked = office.asker(number=incident).on_incident()
        command = Erase(**asked, what=event, field=field, reason=reason, breaks_glass=breaks_glass)
        reply = submit(office, Request(use_case=erase_field, command=command), is_sure=is_sure)
        traces = office.store.writer.traces_left()
    if as_json:
        say_json({"text": reply.text, "incident": reply.number})
    else:
        say(reply.text)
    if traces:
        warn(traces)


def export(
    incident: Annotated[
        int | None,
        typer.Option("--incident", "-i", parser=incident_number, metavar="N", help="The incident's number."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; by default the lines go to stdout.")] = None,
    reason: Annotated[str, typer.Option(help="Why, with --break-glass; the reason stays on record.")] = "",
    *,
    is_log: Annotated[
        bool, typer.Option("--log", help="The workspace's log instead: what belongs to no incident.")
    ] = False,
    breaks_glass: BreakGlassOption = False,
) -> None:
    """Write an incident's ledger, or the workspace's log, as JSON lines that verify by their hashes and salts.

    Example: `debrief export --incident 12 --out ledger-12.jsonl`, then `debrief verify --export ledger-12.jsonl`.
    Needs admin access. The format is in docs/reference/audit-export.md.
    """
    if is_log is (incident is not None) or (is_log and breaks_glass):
        message = "Name an incident with --incident, or say --log alone for the log of the workspace."
        raise InvalidInput(message)
    with open_office() if breaks_glass else open_reading_office() as office:
        if incident is None:
            found = _log(office)
        else:
            found = _broken_into(office, incident, reason) if breaks_glass else _seen(office, incident)
        chain = read_chain(office.store.database, office.store.sealer, found)
    lines = b"".join(to_lines(chain))
    if out is None:
        print(lines.decode(), end="")
        return
    try:
        with whole_file(out, mode=_FOR_ITS_OWNER) as file:
            file.write(lines)
    except OSError as error:
        message = f"{out} cannot be written: {error.strerror}."
        raise Unavailable(message) from error
    warn(f"{chain.name}: {len(chain.links)} entries written to {out}.")


def _log(office: Office) -> UUID:
    """The workspace's log, which has nothing of private incidents."""
    require(office.asker().person, Action.ADMINISTER)
    with office.store.snapshots.snapshot() as reads:
        log = reads.incident_by_number(office.workspace_id, WORKSPACE_LOG_NUMBER)
    if log is None:
        message = "Nothing is in the workspace's log yet: `debrief serve` begins it."
        raise NotFound(message)
    return log.id


def _seen(office: Office, number: int) -> UUID:
    asker = office.asker(number=number)
    with office.store.snapshots.snapshot() as reads:
        return find(reads, IncidentCommand(**asker.on_incident()), Action.ADMINISTER).id


def _broken_into(office: Office, number: int, reason: str) -> UUID:
    """The incident, once it is on its record that somebody outside of it exports it."""
    command = BreakGlass(**office.asker(number=number).on_incident(), reason=reason)
    reply = office.submit(Request(use_case=break_glass, command=command))
    if reply.incident is None:
        raise NotFound
    warn(reply.text)
    return reply.incident


def anchor(*, as_json: JsonOption = False) -> None:
    """Write the heads that moved to the anchors file now, without waiting for the schedule.

    Example: `debrief anchor`, with DEBRIEF_ANCHORS_FILE set.
    """
    with open_office() as office:
        path = office.settings.anchors_file
        if path is None:
            message = "There is nowhere to write anchors. Set DEBRIEF_ANCHORS_FILE, best to a file on another system."
            raise InvalidInput(message)
        anchored = office.store.anchors.anchor()
    moved = anchored.moved
    if anchored.lost:
        warn(loss(anchored.lost))
    if as_json:
        say_json({"anchored": moved, "contradicted": list(anchored.contradicted), "file": str(path)})
    else:
        say(f"{moved} heads anchored in {path}." if moved else f"No head moved since the last anchor in {path}.")
    if anchored.contradicted:
        raise Refused(contradiction(anchored.contradicted))


COMMANDS = {"erase": erase, "export": export, "anchor": anchor}
