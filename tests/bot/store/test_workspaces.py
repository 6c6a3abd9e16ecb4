"""Which workspace is meant: the one that Slack names, or the only one there is while Slack cannot name any."""

import pytest

from analysis.errors import InvalidInput
from bot.store.workspaces import UNNAMED_TEAM, ensure_workspace
from tests.bot.store.parts import Store


def test_named_workspace_is_made_once(store: Store) -> None:
    """The same team is the same workspace, another team another."""
    again, other = (ensure_workspace(store.writer, team_id=team) for team in ("T1", "T2"))

    assert again == store.workspace
    assert other != store.workspace


def test_only_workspace_is_meant_where_slack_names_none(store: Store) -> None:
    """A server or command that starts while Slack is down works on what is there."""
    assert ensure_workspace(store.writer, team_id=UNNAMED_TEAM) == store.workspace


def test_one_of_several_workspaces_is_not_guessed(store: Store) -> None:
    """With two workspaces the refusal names them."""
    ensure_workspace(store.writer, team_id="T2")

    with pytest.raises(InvalidInput, match=r"several workspaces \(T1, T2\)"):
        ensure_workspace(store.writer, team_id=UNNAMED_TEAM)
