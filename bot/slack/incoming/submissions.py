"""Submitted forms: the decision is awaited, so that its refusal appears under the field it is about."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from analysis.errors import DebriefError
from bot.slack.blocks import ids
from bot.slack.blocks.elements import PIECE_LETTERS, dated, plain, section
from bot.slack.blocks.numbered_rows import read_number
from bot.slack.context import SlackContext, inbox_key, refusal
from bot.slack.incoming.filled import blamed_field, read_submission, submitted_values


def answer_submission(context: SlackContext, body: Mapping[str, Any], asked_at: datetime) -> dict[str, Any]:
    """What Slack's `view_submission` is acknowledged with: field errors, or what was recorded."""
    view = body["view"]
    name = str(view["callback_id"]).removeprefix(ids.FORM_PREFIX)
    root = str(view.get("root_view_id") or view["id"])
    values = submitted_values(view)
    try:
        number, pressed = read_number(str(view.get("private_metadata") or ""))
        asker = context.asker(
            str(body["user"]["id"]),
            f"slack:{root}:{name}",
            number=number,
            pressed=pressed,
            asked_at=asked_at,
        )
        request = read_submission(name, values, asker, now=context.clock.now, late=context.late)
        said = {"values": (view.get("state") or {}).get("values"), "user": body["user"]["id"]}
        reply = context.submit(request, inbox_key("slack.form", f"{root}:{name}", said))
    except DebriefError as error:
        return {"response_action": "errors", "errors": {blamed_field(name, values, error): refusal(error)}}
    return {"response_action": "update", "view": _done(dated(plain(reply.text, PIECE_LETTERS), reply.instants))}


def _done(markdown: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "done",
        "title": {"type": "plain_text", "text": "On record"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [section(markdown)],
    }
