"""Keep what a training made, whether or not it may act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.people import Action, require
from bot.ports.learning import ModelChanges, ModelKind, ModelVersion
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreModel(Command):
    """What was learnt; `content` gets who trained it, and its number once that is known."""

    digest: str
    data_hash: str
    is_promoted: bool
    content: Mapping[str, Any]


def store_model(reads: Reads, command: StoreModel) -> Changes:
    """Keep it under the next number; nothing changes about what acts.

    Raises
    ------
    analysis.errors.Forbidden
        If the person may not administer.
    """
    require(command.person, Action.ADMINISTER)
    known = reads.learning.versions(command.workspace_id, ModelKind.GROUPING)
    number = known[-1].number + 1 if known else 1
    version = ModelVersion(
        id=reads.new_id(),
        workspace_id=command.workspace_id,
        kind=ModelKind.GROUPING,
        number=number,
        made_at=reads.now,
        digest=command.digest,
        data_hash=command.data_hash,
        is_promoted=command.is_promoted,
        content={**command.content, "trained_by": command.person.id},
    )
    return Changes(models=ModelChanges(version=version), reply=Reply(number=number))
