"""Requests as Slack sends and signs them, in the shapes that its reference documents."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

SIGNING_SECRET = "signing-secret-of-the-fake"
#: The newest first: both are accepted while senders change over.
WEBHOOK_SECRETS = ("new-webhook-secret", "old-webhook-secret")
TEAM = "T0HOME"
APP = "A0DEBRIEF"

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A body with the headers that Slack sends along."""

    body: bytes
    headers: Mapping[str, str]


def sign(body: bytes, content_type: str, *, at: float | None = None, secret: str = SIGNING_SECRET) -> Signed:
    """Sign *body* as of *at* (Unix seconds, by default now)."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    return Signed(body=body, headers=headers)


def webhook(body: bytes, *, at: float, key: str = "", secret: str = WEBHOOK_SECRETS[0]) -> Signed:
    """Sign a body for one of our own webhooks; *key* makes sending it again harmless."""
    timestamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Debrief-Timestamp": timestamp,
        "X-Debrief-Signature": f"v0={digest}",
    }
    return Signed(body=body, headers={**headers, "Idempotency-Key": key} if key else headers)


def form(fields: Mapping[str, str], *, at: float | None = None) -> Signed:
    """Sign a form, as commands and interactions come."""
    return sign(urlencode(fields).encode(), "application/x-www-form-urlencoded", at=at)


def interaction(payload: Mapping[str, Any]) -> Signed:
    """Sign the payload of a button, a form or a shortcut."""
    return form({"payload": json.dumps(payload)})


def command(
    user: str,
    text: str,
    *,
    channel: str,
    trigger: str,
    response_url: str,
    at: float | None = None,
    name: str = "/incident",
) -> Signed:
    """Sign `/incident text` as typed at *at*; the command may have another *name*."""
    return form(
        {
            "command": name,
            "text": text,
            "user_id": user,
            "user_name": user.lower(),
            "channel_id": channel,
            "channel_name": "somewhere",
            "team_id": TEAM,
            "team_domain": "home",
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "trigger_id": trigger,
            "response_url": response_url,
        },
        at=at,
    )


def button(
    user: str, action_id: str, value: str, *, channel: str, trigger: str, response_url: str, message: str = "1.000100"
) -> Signed:
    """Sign the press of a button in a message."""
    action = {"type": "button", "action_id": action_id, "block_id": "b1", "value": value, "action_ts": _stamp()}
    return interaction(
        {
            **_who("block_actions", user, trigger),
            "container": {"type": "message", "message_ts": message, "channel_id": channel, "is_ephemeral": False},
            "channel": {"id": channel, "name": "somewhere"},
            "message": {"type": "message", "ts": message, "text": "", "user": "U0BOT"},
            "state": {"values": {}},
            "response_url": response_url,
            "actions": [action],
        }
    )


def home_button(user: str, action_id: str, *, trigger: str) -> Signed:
    """Sign the press of a button in the App Home: no channel, no message, no response_url."""
    action = {"type": "button", "action_id": action_id, "block_id": "b1", "value": "", "action_ts": _stamp()}
    container = {"type": "view", "view_id": "V0HOME"}
    return interaction({**_who("block_actions", user, trigger), "container": container, "actions": [action]})


def submission(user: str, view: Mapping[str, Any], values: Mapping[str, str]) -> Signed:
    """Sign a form that was filled in: *values* by field, the others empty, selects as their first choice says."""
    state = {
        block["block_id"]: {block["element"]["action_id"]: _filled(block["element"], values.get(block["block_id"]))}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    sent = {
        "id": view["id"],
        "root_view_id": view["id"],
        "type": "modal",
        "callback_id": view["callback_id"],
        "private_metadata": view.get("private_metadata", ""),
        "state": {"values": state},
        "hash": "1.abc",
    }
    return interaction({**_who("view_submission", user, ""), "view": sent, "response_urls": []})


def shortcut(
    user: str, callback_id: str, message: Mapping[str, Any], *, channel: str, trigger: str, url: str, at: str = ""
) -> Signed:
    """Sign a choice from a message's menu."""
    return interaction(
        {
            **_who("message_action", user, trigger),
            "callback_id": callback_id,
            "action_ts": at or _stamp(),
            "message_ts": message["ts"],
            "message": message,
            "channel": {"id": channel, "name": "somewhere"},
            "response_url": url,
        }
    )


def event(inner: Mapping[str, Any], *, event_id: str = "", retry: int = 0) -> Signed:
    """Sign an event of the Events API; with *retry*, as Slack delivers it again."""
    body = {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": event_id or f"Ev{next(_NUMBERS)}",
        "event_time": int(time.time()),
        "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        "event": dict(inner),
    }
    signed = sign(json.dumps(body).encode(), "application/json")
    if not retry:
        return signed
    headers = {**signed.headers, "X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
    return Signed(body=signed.body, headers=headers)


def reaction(
    user: str,
    channel: str,
    ts: str,
    *,
    emoji: str = "pushpin",
    at: str = "",
    is_on: bool = True,
    author: str = "U0SOMEONE",
) -> dict[str, Any]:
    """A reaction that was added or taken back."""
    return {
        "type": "reaction_added" if is_on else "reaction_removed",
        "user": user,
        "reaction": emoji,
        "item_user": author,
        "item": {"type": "message", "channel": channel, "ts": ts},
        "event_ts": at or _stamp(),
    }


def edit(channel: str, before: Mapping[str, Any], text: str, *, at: str) -> dict[str, Any]:
    """A message's new text; Slack gives the edit's time to the message in whole seconds."""
    edited = {"user": before["user"], "ts": f"{at.partition('.')[0]}.000000"}
    after = {**before, "text": text, "edited": edited}
    changed = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": channel}
    return {**changed, "message": after, "previous_message": dict(before), "ts": at, "event_ts": at}


def deletion(channel: str, before: Mapping[str, Any], *, at: str = "") -> dict[str, Any]:
    """A message that its author deleted."""
    deleted = {"type": "message", "subtype": "message_deleted", "hidden": True, "channel": channel}
    stamp = at or _stamp()
    return {**deleted, "deleted_ts": before["ts"], "previous_message": dict(before), "ts": stamp, "event_ts": stamp}


def _who(kind: str, user: str, trigger: str) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "home"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": APP,
        "token": "unused",
        "trigger_id": trigger,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def _filled(element: Mapping[str, Any], value: str | None) -> dict[str, Any]:
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value if value is not None else element.get("initial_value")}
    if kind == "users_select":
        return {"type": kind, "selected_user": value}
    chosen = {option["value"]: option for option in element["options"]}.get(value or "")
    return {"type": kind, "selected_option": chosen or element.get("initial_option")}


def _stamp() -> str:
    return f"{time.time():.6f}"
