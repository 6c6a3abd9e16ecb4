"""Accept what a run of the canary set saw: later runs are compared with it, and the model is asked again."""

from dataclasses import dataclass
from uuid import UUID

from analysis.canaries.behaviour import from_json
from analysis.canaries.comparing import compare, unacceptable
from analysis.errors import Conflict, InvalidInput, NotFound, Refused
from analysis.masking import masked
from analysis.people import Action, require
from bot.ports.inventory import CanaryOutcome, CanaryRun, InventoryChanges, ModelStanding, StandingAct
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking import Command
from bot.usecases.holding.asking import workspace_log


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCanary(Command):
    """Accept the run with this id."""

    run_id: UUID
    reason: str


def accept_canary(reads: Reads, command: AcceptCanary) -> Changes:
    """Record who accepted what and why; the model is asked again from the next draft on.

    Raises
    ------
    analysis.errors.Forbidden
        If the person may not.
    analysis.errors.Refused
        If it says nothing of the model, shows what nobody may accept, or a later run saw the model since.
    """
    require(command.person, Action.ACCEPT)
    if not command.reason.strip():
        message = "Say why with --reason; the reason stays on record."
        raise InvalidInput(message)
    workspace_log(reads, command)
    run = reads.inventory.run(command.run_id)
    if run is None or run.workspace_id != command.workspace_id:
        message = "There is no such run. `debrief canary --accept` runs the set and accepts what it saw."
        raise NotFound(message)
    _check(reads, run)
    standing = ModelStanding(
        workspace_id=command.workspace_id,
        subject=run.subject,
        act=StandingAct.ACCEPTED,
        run_id=run.id,
        at=reads.now,
        person=command.person.id,
        reason=masked(command.reason.strip()),
    )
    text = f"Accepted: {run.subject} is compared with this from now on, and drafts ask it."
    return Changes(inventory=InventoryChanges(standing=standing), reply=Reply(text=text))


def _check(reads: Reads, run: CanaryRun) -> None:
    if run.outcome is CanaryOutcome.UNANSWERED:
        message = "That run had no answer, so there is nothing to accept."
        raise Refused(message)
    behaviour = from_json(run.content.get("behaviour") or {})
    because = list(unacceptable(behaviour))
    if because:
        message = f"Nobody can accept this: {'; '.join(because)}. Have the endpoint mended, or set another model."
        raise Refused(message)
    answered = reads.inventory.runs(run.workspace_id, run.subject, limit=20, until=reads.now, is_answered=True)
    later = [one for one in answered if one.ended_at > run.ended_at]
    if any(compare(behaviour, from_json(one.content.get("behaviour") or {})).is_changed for one in later):
        message = "A later run saw the model behave otherwise; run `debrief canary --accept` again."
        raise Conflict(message)
