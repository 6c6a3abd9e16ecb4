"""What calls what, with where each call is known from, for a terminal or a program."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import typer

from analysis.chain import stamp
from analysis.duplicates import TAKEN_BACK
from analysis.errors import NotFound
from analysis.people import Action, can_see, require
from analysis.wording import instant
from bot.cli.incidents.incident_verbs import JsonOption, refuse_early_json
from bot.cli.office import Office, open_office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json
from bot.parts import read_service_graph
from bot.ports.ledger import Reads
from bot.ports.services import EdgeSource, ServiceEdge
from bot.usecases.groups.confirm_calls import WithdrawCall, withdraw_call
from bot.usecases.verbs import Asker, Request

graph = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A call as it is shown: `because` is what its reader may see of what it rests on."""

    caller: str
    callee: str
    source: EdgeSource
    edge: ServiceEdge | None = None
    because: str = ""


@graph.callback(invoke_without_command=True)
def show_graph(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List which service calls which, and from where that is known; `withdraw` takes one back.

    Example: `debrief graph --json`
    """
    refuse_early_json(context, as_json=as_json)
    if context.invoked_subcommand is None:
        list_calls(as_json=as_json)


@graph.command("list")
def list_calls(*, as_json: JsonOption = False) -> None:
    """List every call of the file, of alerts' labels and of what responders confirmed.

    Example: `debrief graph list`
    """
    with open_office() as office:
        asker = office.asker()
        require(asker.person, Action.VIEW)
        with office.store.snapshots.snapshot() as reads:
            shown = list(_calls(office, reads, asker))
    if as_json:
        say_json([_value(one) for one in shown])
    elif shown:
        table(("caller", "callee", "source", "since", "because"), [_row(one) for one in shown])
    if not shown:
        message = "Nothing is known of what calls what. DEBRIEF_SERVICE_GRAPH names a file that says it."
        raise NotFound(message)


@graph.command("withdraw")
def withdraw(
    caller: Annotated[str, typer.Argument(help="The service that does not call the other.")],
    callee: Annotated[str, typer.Argument(help="The service that it does not call.")],
) -> None:
    """Take back what labels or attachments said of two services; it does not come back from either.

    Example: `debrief graph withdraw web ledger`
    """
    with open_office() as office:
        command = WithdrawCall(**office.asker().base(), caller=caller, callee=callee)
        reply = office.submit(Request(use_case=withdraw_call, command=command))
    say(reply.text)


def _calls(office: Office, reads: Reads, asker: Asker) -> Iterator[_Shown]:
    for caller, callee in sorted(read_service_graph(office.settings.service_graph).graph.calls):
        yield _Shown(caller=caller, callee=callee, source=EdgeSource.FILE)
    for edge in reads.services.edges(office.workspace_id).values():
        because = ", ".join(_evidence(reads, asker, edge))
        if edge.source is EdgeSource.RESPONDERS and not because and not edge.withdrawn_by:
            continue  # it rests on nothing any more, or on what its reader may not know of
        yield _Shown(caller=edge.caller, callee=edge.callee, source=edge.source, edge=edge, because=because)


def _evidence(reads: Reads, asker: Asker, edge: ServiceEdge) -> Iterator[str]:
    """The rules or incidents that it rests on, as far as the reader may know of them."""
    if edge.source is not EdgeSource.RESPONDERS:
        yield from edge.evidence
        return
    for incident_id in dict.fromkeys(one.partition(":")[0] for one in edge.evidence):
        incident = reads.incident(UUID(incident_id))
        if incident is not None and incident.status not in TAKEN_BACK and can_see(asker.person, incident):
            yield incident.reference


def _row(shown: _Shown) -> tuple[str, ...]:
    edge = shown.edge
    since = instant(edge.first_at) if edge else ""
    gone = f"withdrawn {instant(edge.withdrawn_at)}" if edge and edge.withdrawn_at else ""
    because = "; ".join(part for part in (gone, shown.because) if part)
    return (shown.caller, shown.callee, shown.source.value, since, because)


def _value(shown: _Shown) -> dict[str, Any]:
    edge = shown.edge
    return {
        "caller": shown.caller,
        "callee": shown.callee,
        "source": shown.source.value,
        "first_at": stamp(edge.first_at) if edge else None,
        "last_at": stamp(edge.last_at) if edge else None,
        "withdrawn_at": stamp(edge.withdrawn_at) if edge and edge.withdrawn_at else None,
        "because": shown.because,
    }


COMMANDS = {"graph": graph}
