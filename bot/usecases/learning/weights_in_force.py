"""The weights that group alerts now: the shipped ones, or those of the version that a person let act."""

from typing import NamedTuple
from uuid import UUID

from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.stored_weights import prior_of
from analysis.errors import InvalidInput
from bot.ports.learning import SHIPPED_VERSION, ModelKind
from bot.ports.ledger import Reads


class InForce(NamedTuple):
    """`number` is 0 for what is shipped; `problem` says why a version that should act does not."""

    number: int
    prior: Prior
    problem: str = ""


def weights_in_force(reads: Reads, workspace_id: UUID) -> InForce:
    """What acts now; a version that was altered, or that cannot be opened, gives way to what is shipped."""
    number = reads.learning.in_force(workspace_id, ModelKind.GROUPING)
    return weights_of_version(reads, workspace_id, number)


def weights_of_version(reads: Reads, workspace_id: UUID, number: int) -> InForce:
    """The weights of one version, likewise."""
    if number == SHIPPED_VERSION:
        return InForce(SHIPPED_VERSION, SHIPPED)
    version = reads.learning.version(workspace_id, ModelKind.GROUPING, number)
    try:
        weights, digest = (version.content.get("weights"), version.digest) if version else (None, "")
        return InForce(number, prior_of(weights or {}, digest))
    except InvalidInput as error:
        problem = f"Version {number} of the weights is not used: {error.message} The shipped weights are in force."
        return InForce(SHIPPED_VERSION, SHIPPED, problem)
