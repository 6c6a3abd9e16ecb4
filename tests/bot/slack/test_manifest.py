"""The manifest asks for what the code uses, and for nothing else."""

import ast
import json
from pathlib import Path

from bot.settings import Settings
from bot.slack.blocks import ids
from bot.slack.incoming.listeners import EVENTS

ROOT = Path(__file__).parents[3]
MANIFEST = json.loads((ROOT / "manifest.json").read_text())

#: The scope that each Web API method needs (docs.slack.dev, method reference); methods without one are left out.
SCOPES_OF_METHOD = {
    "chat_postMessage": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "conversations_create": {"channels:manage", "groups:write"},
    "conversations.invite": {"channels:manage", "groups:write"},
    "conversations.setTopic": {"channels:manage", "groups:write"},
    "conversations.rename": {"channels:manage", "groups:write"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_replies": {"channels:history", "groups:history"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_delete": {"files:write"},
    "pins.add": {"pins:write"},
    "users_list": {"users:read"},
    "users_info": {"users:read"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "apps_connections_open": set(),
    "auth_test": set(),
    "views_open": set(),
    "views.publish": set(),
}
#: What the code does without where the scope is missing, which the manifest does not ask for: `users:read.email`.
WITHOUT_SCOPE = {"users_lookupByEmail"}
#: Scopes that events and commands need, by what asks for them in the manifest.
SCOPES_OF_FEATURES = {
    "commands",
    "reactions:read",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
}


def test_manifest_subscribes_to_what_is_listened_to() -> None:
    """Each subscribed event has a listener, and each listener its subscription."""
    subscribed = set(MANIFEST["settings"]["event_subscriptions"]["bot_events"])

    assert subscribed == {*EVENTS, "message.channels", "message.groups", "app_home_opened"}


def test_manifest_asks_for_the_least_scopes() -> None:
    """The scopes are those of the methods that the code calls and of the events it listens to, no more."""
    called = _called_methods() - WITHOUT_SCOPE

    needed = SCOPES_OF_FEATURES.union(*(SCOPES_OF_METHOD[method] for method in called))

    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_manifest_names_the_command_and_shortcuts_of_the_code() -> None:
    """The command is the default one and the shortcuts have the ids that are listened to."""
    features = MANIFEST["features"]

    assert [each["command"] for each in features["slash_commands"]] == [Settings().slack_command]
    assert {each["callback_id"] for each in features["shortcuts"]} == {ids.SHORTCUT_ADD, ids.SHORTCUT_DECLARE}


def _called_methods() -> set[str]:
    """Every Web API method that bot/slack names, by attribute of a client or by text."""
    found = set()
    for path in (ROOT / "bot/slack").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and _is_client(node.value) and "_" in node.attr:
                found.add(node.attr)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "call":
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return found - {"api_call", "base_url", "is_connected"}


def _is_client(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "client") or (
        isinstance(node, ast.Attribute) and node.attr in {"client", "_client"}
    )
