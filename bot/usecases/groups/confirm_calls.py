"""What people confirm of what calls what: they attach alerts of two services to one incident, or take that back."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from analysis.errors import NotFound, Refused
from analysis.incident import Incident, Visibility
from analysis.people import Action, require
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.ports.services import Call, EdgeSource, ServiceEdge
from bot.ports.signals import SignalChanges
from bot.usecases.asking import Command

#: With so many of the groups that an incident has, a new one is paired.
MOST_PAIRED = 5
_SERVICE = "service:"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCall(Command):
    """`caller` does not call `callee`, whatever labels or attachments said."""

    caller: str
    callee: str


def confirmed(reads: Reads, incident: Incident, group: AlertGroup) -> tuple[ServiceEdge, ...]:
    """The edges that a person confirms who attaches *group* to *incident*; none in a private one: all see the calls.

    A failure is felt by those who call: the service that fired later is held to be the caller.
    """
    if incident.visibility is not Visibility.PUBLIC:
        return ()
    others = sorted(reads.groups.attached_to(incident.id), key=lambda one: one.number)[-MOST_PAIRED:]
    basis: dict[Call, list[str]] = {}
    for one in others:
        if call := _call(group, one):
            basis.setdefault(call, []).append(f"{incident.id}:{group.id}:{one.id}")
    if not basis:
        return ()
    known = reads.services.edges(incident.workspace_id)
    gone = taken_back(known.values())
    edges = []
    for call, evidence in basis.items():
        edge = known.get((EdgeSource.RESPONDERS, call)) or _edge(
            reads, incident.workspace_id, call, EdgeSource.RESPONDERS
        )
        if call not in gone:
            both = tuple(dict.fromkeys((*edge.evidence, *evidence)))
            edges.append(replace(edge, last_at=reads.now, evidence=both, withdrawn_at=None))
    return tuple(edges)


def unconfirmed(reads: Reads, incident: Incident, group: AlertGroup) -> tuple[ServiceEdge, ...]:
    """The edges that rest on the attachment of *group*, without it; what rests on nothing is withdrawn."""
    edges = []
    for edge in reads.services.edges(incident.workspace_id).values():
        left = tuple(one for one in edge.evidence if not _rests_on(one, incident, group))
        if edge.source is EdgeSource.RESPONDERS and left != edge.evidence:
            gone_at = edge.withdrawn_at if left or edge.withdrawn_at else reads.now
            edges.append(replace(edge, evidence=left, withdrawn_at=gone_at))
    return tuple(edges)


def withdraw_call(reads: Reads, command: WithdrawCall) -> Changes:
    """Withdraw it for good: it comes back neither from labels nor from attachments.

    Raises
    ------
    analysis.errors.NotFound
        If no such edge was seen.
    analysis.errors.Refused
        If it is withdrawn already.
    """
    require(command.person, Action.RECORD)
    known = reads.services.edges(command.workspace_id)
    edges = _named(known.values(), (command.caller, command.callee))
    if not edges:
        message = (
            f"That {command.caller} calls {command.callee} was neither seen in labels nor confirmed; what the file of "
            "DEBRIEF_SERVICE_GRAPH says is changed there. `debrief graph` lists what is known."
        )
        raise NotFound(message)
    if all(edge.withdrawn_by for edge in edges):
        message = f"That {command.caller} calls {command.callee} is withdrawn already."
        raise Refused(message)
    gone = tuple(replace(edge, withdrawn_at=reads.now, withdrawn_by=command.person.id) for edge in edges)
    text = f"Grouping goes by it from 00:00 UTC on no more that {command.caller} calls {command.callee}."
    return Changes(reply=Reply(text=text), signals=SignalChanges(edges=gone))


def _named(edges: Iterable[ServiceEdge], call: Call) -> list[ServiceEdge]:
    return [edge for edge in edges if edge.call == call]


def _call(group: AlertGroup, other: AlertGroup) -> Call | None:
    """Which of two groups' services is held to call the other, if they are two."""
    first, second = _service(group), _service(other)
    if not first or not second or first == second:
        return None
    is_later = (group.began_at, group.number) > (other.began_at, other.number)
    return (first, second) if is_later else (second, first)


def _service(group: AlertGroup) -> str:
    """The service that most of the group's alerts stand at."""
    services = {name: count for name, count in group.digest.entities.items() if name.startswith(_SERVICE)}
    return max(services, key=lambda name: services[name]).removeprefix(_SERVICE) if services else ""


def taken_back(edges: Iterable[ServiceEdge]) -> frozenset[Call]:
    """The calls that a person withdrew: they come back from no source."""
    return frozenset(edge.call for edge in edges if edge.withdrawn_by)


def known_calls(reads: Reads, workspace_id: UUID) -> list[list[str]]:
    """The calls in force, as the beginning of an engine keeps them.

    What rests on incidents alone that are private by now is not: reasons of groups, which everybody reads, would tell.
    Nor is what rests on incidents that were none.
    """
    edges = reads.services.edges(workspace_id).values()
    silent = {str(one) for one in reads.learning.unconfirming_incidents(workspace_id)}
    known = {edge.call for edge in edges if edge.withdrawn_at is None and not _rests_only_on(edge, silent)}
    return [list(call) for call in sorted(known - taken_back(edges))]


def _rests_only_on(edge: ServiceEdge, incidents: Collection[str]) -> bool:
    """Whether only *incidents* confirm it."""
    return edge.source is EdgeSource.RESPONDERS and all(one.partition(":")[0] in incidents for one in edge.evidence)


def labelled(workspace_id: UUID, call: Call, rule: str, reads: Reads) -> ServiceEdge:
    """The edge that an alert's labels name for the first time."""
    return replace(_edge(reads, workspace_id, call, EdgeSource.LABELS), evidence=(rule,))


def _rests_on(evidence: str, incident: Incident, group: AlertGroup) -> bool:
    of, _, groups = evidence.partition(":")
    return of == str(incident.id) and str(group.id) in groups.split(":")


def _edge(reads: Reads, workspace_id: UUID, call: Call, source: EdgeSource) -> ServiceEdge:
    caller, callee = call
    return ServiceEdge(
        workspace_id=workspace_id,
        caller=caller,
        callee=callee,
        source=source,
        first_at=reads.now,
        last_at=reads.now,
    )
