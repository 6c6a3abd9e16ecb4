"""Writing what was decided about groups, and what people said of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, insert, update

from bot.ports.grouping import GroupChanges, GroupingBatch, Position
from bot.store.database.insert import insert_rows
from bot.store.database.upsert import upsert
from bot.store.grouping.group_rows import (
    decided_values,
    feedback_values,
    group_values,
    input_rows,
    storm_values,
    told_values,
)
from bot.store.grouping.group_tables import (
    ALERT_GROUP,
    ALERT_STORM,
    DECISION,
    FEEDBACK,
    GROUP_ATTACHMENT,
    GROUP_MEMBER,
    GROUPING_CURSOR,
    GROUPING_INPUT,
)
from bot.store.holding.hold_writes import write_batch_holds
from bot.store.record.sealing import Sealer

#: What only Slack's answers change.
_OF_SLACK = frozenset({"ts"})


class Behind(Exception):
    """Another process grouped the same events in between; deciding again finds that out."""


def write_groups(connection: Connection, sealer: Sealer, staged: Sequence[GroupChanges]) -> None:
    """Write *staged* in their order."""
    for changes in staged:
        if changes.batch:
            _write_batch(connection, sealer, changes.batch)
        _attach(connection, changes)
        insert_rows(
            connection, FEEDBACK, [feedback_values(each, sealer) for each in changes.feedback], unless_there=True
        )
        for table, posted in ((ALERT_GROUP, changes.posted_group), (ALERT_STORM, changes.posted_storm)):
            if posted:
                connection.execute(update(table).where(table.c.id == posted.id).values(ts=posted.ts))
    # One statement for all: a batch of deploys brings an input each.
    rows = input_rows([each for changes in staged for each in changes.inputs], sealer)
    insert_rows(connection, GROUPING_INPUT, rows, unless_there=True)


def _write_batch(connection: Connection, sealer: Sealer, batch: GroupingBatch) -> None:
    _advance(connection, batch.workspace_id, batch.expected, batch.reached)
    rows = input_rows(batch.placed, sealer)
    upsert(connection, GROUPING_INPUT, rows, keys=("workspace_id", "natural_key"))
    upsert(connection, ALERT_STORM, [_without_ts(storm_values(each)) for each in batch.storms], keys=("id",))
    insert_rows(connection, ALERT_GROUP, [group_values(each, sealer) for each in batch.new_groups])
    anew = [each for each in batch.changed_groups if each.id not in batch.as_shown]
    _change(connection, ALERT_GROUP, [_without_ts(group_values(each, sealer)) for each in anew])
    _change(connection, ALERT_GROUP, [told_values(each) for each in batch.changed_groups if each.id in batch.as_shown])
    _leave(connection, batch.left)
    rows = [
        {"group_id": one.group_id, "alert_id": one.alert_id, "is_firing": one.is_firing, "alerts": one.alerts}
        for one in batch.members
    ]
    upsert(connection, GROUP_MEMBER, rows, keys=("group_id", "alert_id"))
    insert_rows(connection, DECISION, [decided_values(each, batch.engine, sealer) for each in batch.decided])
    write_batch_holds(connection, batch)


def _advance(connection: Connection, workspace_id: UUID, expected: Position, reached: Position) -> None:
    """Move the cursor if nobody else did: whoever comes second writes nothing."""
    row = GROUPING_CURSOR.c
    if expected == Position():
        connection.execute(
            insert(GROUPING_CURSOR), [{"workspace_id": workspace_id, "seq": reached.seq, "placed": reached.placed}]
        )
        return
    this = (row.workspace_id == workspace_id) & (row.seq == expected.seq) & (row.placed == expected.placed)
    moved = update(GROUPING_CURSOR).where(this).values(seq=reached.seq, placed=reached.placed)
    if connection.execute(moved).rowcount != 1:
        raise Behind


def _change(connection: Connection, table: Any, rows: Sequence[dict[str, Any]]) -> None:  # noqa: ANN401 - a table
    if not rows:
        return
    # In order of their ids, as every writer takes them.
    ordered = sorted(({**row, "this": row["id"]} for row in rows), key=lambda row: row["this"])
    changed: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "id"}
    values = [{name: value for name, value in row.items() if name != "id"} for row in ordered]
    connection.execute(update(table).where(table.c.id == bindparam("this")).values(changed), values)


def _leave(connection: Connection, left: Sequence[tuple[UUID, UUID]]) -> None:
    if left:
        row = GROUP_MEMBER.c
        this = (row.group_id == bindparam("of")) & (row.alert_id == bindparam("series"))
        connection.execute(delete(GROUP_MEMBER).where(this), [{"of": group, "series": alert} for group, alert in left])


def _attach(connection: Connection, changes: GroupChanges) -> None:
    rows = [
        {
            "group_id": one.group_id,
            "incident_id": one.incident_id,
            "is_attached": one.is_attached,
            "changed_at": one.changed_at,
        }
        for one in changes.attachments
    ]
    upsert(connection, GROUP_ATTACHMENT, rows, keys=("group_id", "incident_id"))


def _without_ts(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in _OF_SLACK}
