"""Writing what was learnt, and who let it act."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.ports.learning import ModelChanges
from bot.store.database.insert import insert_rows
from bot.store.learning.learning_reads import choice_values, version_values
from bot.store.learning.model_tables import MODEL_CHOICE, MODEL_VERSION
from bot.store.record.sealing import Sealer


def write_models(connection: Connection, sealer: Sealer, staged: Sequence[ModelChanges]) -> None:
    """Write *staged* in their order."""
    insert_rows(connection, MODEL_VERSION, [version_values(one.version, sealer) for one in staged if one.version])
    insert_rows(connection, MODEL_CHOICE, [choice_values(one.choice, sealer) for one in staged if one.choice])
