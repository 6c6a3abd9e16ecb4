"""Keep what a run of the canary set saw, and switch the model off where that is not what was accepted."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from analysis.canaries.behaviour import Behaviour, to_json
from analysis.canaries.comparing import compare, unacceptable
from analysis.people import Person
from analysis.wording import instant, stopped
from bot.ports.inventory import CanaryOutcome, CanaryRun, InventoryChanges, ModelStanding, StandingAct
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery
from bot.usecases.asking import DEBRIEF, Command
from bot.usecases.holding.asking import workspace_log
from bot.usecases.inventory.take_stock import InUse, TakeStock, take_stock
from bot.usecases.tell_operator import operator_note

#: So long may runs go unanswered before the operator is told: an endpoint that is down for an hour is nobody's news.
SILENT_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishCanary(Command):
    """What was seen of the model `subject`; without `behaviour` nothing was, for which `because` says why.

    `model` is the version of the model that follows from what was seen; `is_repeated` where the server asks by itself.
    """

    run_id: UUID
    subject: str
    began_at: datetime
    behaviour: Behaviour | None = None
    because: str = ""
    model: InUse | None = None
    is_repeated: bool = True


def finish_canary(reads: Reads, command: FinishCanary) -> Changes:
    """Keep the run; a change switches the model off and is told to the operator once, until somebody accepts it.

    So is that nothing was answered for long, and then that it is.
    """
    # The log's row is locked, so that two runs that end at once, here and at a terminal, decide one after the other.
    workspace_log(reads, command)
    accepted, problem = _accepted(reads, command)
    run = _run(reads, command, accepted, problem)
    before = reads.inventory.standing(command.workspace_id, command.subject)
    is_off = before is not None and before.act is StandingAct.SWITCHED_OFF
    standing, told = None, None
    if not is_off and run.outcome is CanaryOutcome.CHANGED:
        standing, told = _off(reads, command, run, accepted)
    else:
        run, told = _silence(reads, command, run, is_watched=not is_off and accepted is not None)
    stock = _stock(reads, command)
    return replace(
        stock,
        inventory=InventoryChanges(
            versions=stock.inventory.versions if stock.inventory else (), run=run, standing=standing
        ),
        deliveries=(told,) if told else (),
    )


def _accepted(reads: Reads, command: FinishCanary) -> tuple[Behaviour | None, str]:
    """What was accepted last, and why it cannot be read where it cannot: then nothing may pass for the same."""
    accepted = reads.inventory.accepted(command.workspace_id, command.subject)
    run = reads.inventory.run(accepted.run_id) if accepted else None
    behaviour = run.behaviour if run else None
    is_lost = accepted is not None and behaviour is None
    return behaviour, "what was accepted of it cannot be read any more" if is_lost else ""


def _run(reads: Reads, command: FinishCanary, accepted: Behaviour | None, problem: str) -> CanaryRun:
    changes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    if command.behaviour is None:
        outcome = CanaryOutcome.UNANSWERED
    else:
        compared = compare(accepted, command.behaviour)
        changes, remarks = (*compared.changes, *filter(None, (problem,))), compared.remarks
        same = CanaryOutcome.UNCHANGED if accepted else CanaryOutcome.NOT_COMPARED
        outcome = CanaryOutcome.CHANGED if changes else same
    return CanaryRun(
        id=command.run_id,
        workspace_id=command.workspace_id,
        subject=command.subject,
        began_at=command.began_at,
        ended_at=reads.now,
        outcome=outcome,
        content={
            "behaviour": to_json(command.behaviour) if command.behaviour else None,
            "changes": list(changes),
            "remarks": list(remarks),
            "because": command.because,
            "by": command.person.id,
        },
    )


def _silence(
    reads: Reads, command: FinishCanary, run: CanaryRun, *, is_watched: bool
) -> tuple[CanaryRun, NewDelivery | None]:
    """That nobody would notice a change any more, once in each silence, and that it is over.

    The run keeps that it was told. Of what is off, or was never accepted, nobody is told.
    """
    before = reads.inventory.silence(run.workspace_id, run.subject, until=reads.now)
    if before is None:
        return run, None
    if run.outcome is not CanaryOutcome.UNANSWERED:
        sentence = f"{run.subject} answers the canary set again, and behaves as it was accepted."
        return run, operator_note(reads, sentence) if is_watched and before.is_told else None
    is_news = is_watched and not before.is_told and run.began_at - before.began_at >= SILENT_AFTER
    kept = replace(run, content={**run.content, "is_told": before.is_told or is_news})
    again = (
        "It is tried again within the hour" if command.is_repeated else "Nothing tries it again but `debrief canary`"
    )
    sentence = (
        f"{run.subject} has answered no run of the canary set since {instant(before.began_at)}: "
        f"{stopped(str(run.content['because']))} Until it does, nobody notices when it changes under the same name; "
        f"drafts go on asking it. {again}, and `debrief doctor` says how it stands."
    )
    return kept, operator_note(reads, sentence) if is_news else None


def _off(
    reads: Reads, command: FinishCanary, run: CanaryRun, accepted: Behaviour | None
) -> tuple[ModelStanding, NewDelivery]:
    changes = "; ".join(run.content["changes"])
    standing = ModelStanding(
        workspace_id=command.workspace_id,
        subject=command.subject,
        act=StandingAct.SWITCHED_OFF,
        run_id=run.id,
        at=reads.now,
        person=DEBRIEF.id,
        reason=changes,
    )
    because = "behaves otherwise under the same name" if accepted else "does what nobody has accepted"
    todo = "Find out what was changed there; `debrief canary` looks again,"
    if command.behaviour and any(unacceptable(command.behaviour)):
        todo = "Nobody can accept that, so have it mended there, or set another model; then"
    sentence = (
        f"Drafting with {command.subject} is off, because it {because}: {changes}. Drafts are made by the templates "
        f"alone meanwhile. {todo} `debrief canary --accept` lets it be asked again."
    )
    return standing, operator_note(reads, sentence)


def _stock(reads: Reads, command: FinishCanary) -> Changes:
    if command.model is None:
        return Changes()
    stock = TakeStock(
        person=Person(id=command.person.id),
        workspace_id=command.workspace_id,
        natural_key=command.natural_key,
        source=command.source,
        in_use=(command.model,),
    )
    return take_stock(reads, stock)
