"""The workspaces that Debrief serves."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update

from analysis.errors import InvalidInput, NotFound
from bot.store.database.engine import Database
from bot.store.record.tables import WORKSPACE
from bot.store.writing.transaction import Transaction
from bot.store.writing.writer import SqlWriter

#: What Slack calls a workspace that was first used before Slack could say what it is called.
UNNAMED_TEAM = "local"


def ensure_workspace(writer: SqlWriter, *, team_id: str, name: str = "") -> UUID:
    """The id of the workspace that Slack calls *team_id*, made on first sight; a *name* replaces the old one.

    With `UNNAMED_TEAM` it is the only workspace there is, so that nothing recorded while Slack is down goes elsewhere;
    the first team that Slack then names takes an unnamed workspace over.

    Raises
    ------
    InvalidInput
        If the team is unnamed and there are several workspaces.
    """

    def ensure(transaction: Transaction) -> UUID:
        row = WORKSPACE.c
        known = (
            transaction.connection.execute(select(row.id, row.team_id, row.name).order_by(row.team_id)).mappings().all()
        )
        found = _only(known) if team_id == UNNAMED_TEAM else _named(known, team_id)
        workspace_id: UUID = found["id"] if found else transaction.reads.new_id()
        if found is None:
            values = {"id": workspace_id, "team_id": team_id, "name": name}
            transaction.connection.execute(insert(WORKSPACE), [values])
        elif team_id != UNNAMED_TEAM and (found["team_id"] != team_id or (name and name != found["name"])):
            values = {"team_id": team_id, "name": name or found["name"]}
            transaction.connection.execute(update(WORKSPACE).where(row.id == workspace_id).values(values))
        return workspace_id

    return writer.call(ensure).result()


def refuse_second(database: Database, team_id: str) -> None:
    """Let nobody begin a second record in a database: what waits for the one workspace would be posted into the other.

    Raises
    ------
    InvalidInput
        If the record is another team's; the sentence names it.
    """
    with database.reading() as connection:
        row = WORKSPACE.c
        known = connection.execute(select(row.team_id, row.name).order_by(row.team_id)).all()
    teams = {each.team_id: each.name for each in known if each.team_id != UNNAMED_TEAM}
    if teams and team_id not in {UNNAMED_TEAM, *teams}:
        named = ", ".join(f"{name or 'a workspace'} ({team})" for team, name in teams.items())
        message = (
            f"This database is the record of {named}, and Slack's token is of {team_id}. Set DEBRIEF_DATABASE_URL to a "
            "database of its own for each workspace, or DEBRIEF_SLACK_BOT_TOKEN to the token of this one."
        )
        raise InvalidInput(message)


def team_of(database: Database, workspace_id: UUID) -> str:
    """What Slack calls the workspace; empty where Slack has not said yet."""
    with database.reading() as connection:
        team = connection.execute(select(WORKSPACE.c.team_id).where(WORKSPACE.c.id == workspace_id)).scalar_one()
    return "" if team == UNNAMED_TEAM else str(team)


def only_workspace(database: Database) -> UUID:
    """The id of the only workspace; nothing is made.

    Raises
    ------
    NotFound
        If nothing was ever recorded.
    InvalidInput
        If there are several.
    """
    with database.reading() as connection:
        row = WORKSPACE.c
        known = connection.execute(select(row.id, row.team_id).order_by(row.team_id)).mappings().all()
    found = _only(known)
    if found is None:
        raise NotFound("Nothing is recorded in this database yet.")
    workspace_id: UUID = found["id"]
    return workspace_id


def _named(known: Sequence[RowMapping], team_id: str) -> RowMapping | None:
    by_team = {each["team_id"]: each for each in known}
    return by_team.get(team_id) or by_team.get(UNNAMED_TEAM)


def _only(known: Sequence[RowMapping]) -> RowMapping | None:
    if len(known) > 1:
        teams = ", ".join(each["team_id"] for each in known)
        message = f"This database holds several workspaces ({teams}), and without Slack nobody can say which is meant."
        raise InvalidInput(message)
    return known[0] if known else None
