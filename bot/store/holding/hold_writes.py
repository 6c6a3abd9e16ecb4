"""Writing what is held back, and what people decided about it."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, update

from bot.ports.grouping import GroupingBatch
from bot.ports.holding import HoldChanges
from bot.store.database.chunking import chunks
from bot.store.database.insert import insert_rows
from bot.store.database.upsert import upsert
from bot.store.holding.hold_rows import hold_values, night_values, policy_values, switch_values
from bot.store.holding.hold_tables import ALERT_HOLD, HOLD_DIGEST, HOLD_NIGHT, HOLD_POLICY, HOLD_SWITCH
from bot.store.record.sealing import Sealer

_END = (
    update(ALERT_HOLD)
    .where(ALERT_HOLD.c.seq == bindparam("of"), ALERT_HOLD.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"), end=bindparam("how"))
)


def write_batch_holds(connection: Connection, batch: GroupingBatch) -> None:
    """Write what a step of grouping lets wait, and whose waiting it ends."""
    insert_rows(connection, ALERT_HOLD, [hold_values(one) for one in batch.holds])
    if batch.hold_ends:
        ends = [{"of": one.seq, "at": one.at, "how": one.end.value} for one in batch.hold_ends]
        connection.execute(_END, ends)


def write_holds(connection: Connection, sealer: Sealer, staged: Sequence[HoldChanges]) -> None:
    """Write *staged* in their order."""
    for changes in staged:
        upsert(connection, HOLD_POLICY, [policy_values(one, sealer) for one in changes.policies], keys=("id",))
        if changes.switch:
            upsert(connection, HOLD_SWITCH, [switch_values(changes.switch, sealer)], keys=("workspace_id",))
        if changes.night:
            upsert(connection, HOLD_NIGHT, [night_values(changes.night, sealer)], keys=("workspace_id", "day"))
        if changes.digest:
            one = changes.digest
            row = {"id": one.id, "workspace_id": one.workspace_id, "at": one.at, "ts": one.ts}
            upsert(connection, HOLD_DIGEST, [row], keys=("id",))
            for part in chunks(changes.listed):
                this = ALERT_HOLD.c.seq.in_(part)
                connection.execute(update(ALERT_HOLD).where(this).values(digest_id=one.id))
