"""The workspaces that Debrief serves."""

from uuid import UUID

from sqlalchemy import insert, select, update

from bot.store.tables import WORKSPACE
from bot.store.transaction import Transaction
from bot.store.writer import SqlWriter


def ensure_workspace(writer: SqlWriter, *, team_id: str, name: str = "") -> UUID:
    """The id of the workspace that Slack calls *team_id*, made on first sight; a *name* replaces the old one."""

    def ensure(transaction: Transaction) -> UUID:
        row = WORKSPACE.c
        found = transaction.connection.execute(select(row.id, row.name).where(row.team_id == team_id)).first()
        workspace_id: UUID = found.id if found else transaction.reads.new_id()
        if found is None:
            values = {"id": workspace_id, "team_id": team_id, "name": name}
            transaction.connection.execute(insert(WORKSPACE), [values])
        elif name and name != found.name:
            transaction.connection.execute(update(WORKSPACE).where(row.id == workspace_id).values(name=name))
        return workspace_id

    return writer.call(ensure).result()
