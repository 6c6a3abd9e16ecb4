"""Go back to what is shipped, or to a version that was approved before."""

from dataclasses import dataclass

from analysis.errors import Refused
from analysis.masking import masked
from analysis.people import Action, require
from bot.ports.learning import SHIPPED_VERSION, ModelAct, ModelChanges, ModelChoice, ModelKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking import Command
from bot.usecases.learning.weights_in_force import weights_of_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RollBackModel(Command):
    """Go back to version `number`; 0 is what is shipped."""

    number: int
    reason: str = ""


def roll_back_model(reads: Reads, command: RollBackModel) -> Changes:
    """Record who went back; one person is enough, because what is gone back to was let act before.

    Raises
    ------
    analysis.errors.Forbidden
        If the person may not administer.
    analysis.errors.Refused
        If that version was never approved, acts already, or was altered.
    """
    require(command.person, Action.ADMINISTER)
    choices = reads.learning.choices(command.workspace_id, ModelKind.GROUPING)
    now = choices[-1].number if choices else SHIPPED_VERSION
    called = _called(command.number)
    if command.number not in {SHIPPED_VERSION, *(one.number for one in choices)}:
        message = f"{called} was never approved, so nothing can go back to it."
        raise Refused(message)
    if problem := weights_of_version(reads, command.workspace_id, command.number).problem:
        raise Refused(problem)
    if command.number == now:
        message = f"{called} act already." if command.number == SHIPPED_VERSION else f"{called} acts already."
        raise Refused(message)
    choice = ModelChoice(
        workspace_id=command.workspace_id,
        kind=ModelKind.GROUPING,
        number=command.number,
        act=ModelAct.ROLLED_BACK,
        at=reads.now,
        person=command.person.id,
        reason=masked(command.reason),
    )
    back = "the shipped weights" if command.number == SHIPPED_VERSION else f"version {command.number}"
    text = f"Back to {back}. The bot groups with them from its next step on, within seconds."
    return Changes(models=ModelChanges(choice=choice), reply=Reply(text=text, number=command.number))


def _called(number: int) -> str:
    return "The shipped weights" if number == SHIPPED_VERSION else f"Version {number}"
