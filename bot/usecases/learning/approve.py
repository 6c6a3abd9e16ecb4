"""Let a version of the weights act: somebody other than who trained it, and only if its evaluation allows it."""

from dataclasses import dataclass

from analysis.alerts.prior import SHIPPED
from analysis.errors import Forbidden, NotFound, Refused
from analysis.masking import masked
from analysis.people import Action, require
from bot.ports.learning import ModelAct, ModelChanges, ModelChoice, ModelKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking import Command
from bot.usecases.learning.weights_in_force import weights_of_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveModel(Command):
    """Let version `number` act."""

    number: int
    reason: str = ""


def approve_model(reads: Reads, command: ApproveModel) -> Changes:
    """Record who let it act; grouping takes it up with its next step.

    Raises
    ------
    analysis.errors.Forbidden
        If the person may not approve, or trained it.
    analysis.errors.Refused
        If its evaluation forbids it or is of before an upgrade, it acts already, or it was altered.
    """
    require(command.person, Action.APPROVE)
    version = reads.learning.version(command.workspace_id, ModelKind.GROUPING, command.number)
    if version is None:
        message = f"There is no version {command.number}. `debrief models` lists those that there are."
        raise NotFound(message)
    if not version.is_promoted:
        message = f"Version {version.number} may not act; `debrief models show {version.number}` says why."
        raise Refused(message)
    if problem := weights_of_version(reads, command.workspace_id, version.number).problem:
        raise Refused(problem)
    if version.content.get("known_digest") != SHIPPED.digest():
        message = (
            f"Version {version.number} was judged beside weights that are not the shipped ones any more; "
            "train anew with `debrief train`."
        )
        raise Refused(message)
    if command.person.id == version.trained_by:
        message = f"You trained version {version.number}, so somebody else has to approve it."
        raise Forbidden(message)
    if reads.learning.in_force(command.workspace_id, ModelKind.GROUPING) == version.number:
        message = f"Version {version.number} acts already."
        raise Refused(message)
    choice = ModelChoice(
        workspace_id=command.workspace_id,
        kind=ModelKind.GROUPING,
        number=version.number,
        act=ModelAct.APPROVED,
        at=reads.now,
        person=command.person.id,
        reason=masked(command.reason),
    )
    text = f"Version {version.number} is approved. The bot groups with it from its next step on, within seconds."
    return Changes(models=ModelChanges(choice=choice), reply=Reply(text=text, number=version.number))
