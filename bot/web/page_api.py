"""Our own form for pagers as OpenAPI 3.1: what Debrief sends, and what it takes back.

One description, from which `docs/reference/pages.openapi.json` is written.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.body_signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from analysis.incident import Severity
from analysis.paging import PageNews, TargetKind
from bot.ports.paging import PAGE_KEY
from bot.web.json_schemas import SEEN, STORABLE, members_schema, value_schema
from bot.web.page_reports import KEY_LETTERS, NAME_LETTERS, PATH
from bot.web.signatures import WINDOW_SECONDS

FILE = Path(__file__).parents[2] / "docs" / "reference" / "pages.openapi.json"
ACTIONS = ("page", "acknowledge", "resolve")
ANSWERS: Mapping[str, str] = {
    "400": "One sentence says which field cannot be read; nothing was stored.",
    "401": "The signature is missing, wrong or too old; nothing was stored.",
    "409": "This key was used before with another body; nothing was stored.",
    "413": "The body is too large.",
    "503": "Not recorded: the database does not answer. Send it again after `Retry-After`.",
}
_KEY = f"{PAGE_KEY}01a214d3-9859-76e6-9c33-acc39ec9d21b"
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "page": {
        "action": "page",
        "key": _KEY,
        "target": {"kind": TargetKind.SERVICE.value, "name": "ledger"},
        "incident": {"number": 12, "severity": Severity.SEV2.value},
        "summary": "Incident #12, SEV2: Card payments fail. disk is full",
        "urgency": "critical",
    },
    "resolve": {"action": "resolve", "key": _KEY},
}
REPORTS: Mapping[str, Mapping[str, Any]] = {
    "acknowledged": {
        "key": _KEY,
        "event": PageNews.ACKNOWLEDGED.value,
        "at": "2026-03-01T09:01:30Z",
        "by": "Nadia Novak",
        "id": "evt-1",
    },
    "shortest": {"key": _KEY, "event": PageNews.RESOLVED.value},
}


def page_api() -> dict[str, Any]:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Debrief: pages",
            "version": "1",
            "description": "How Debrief asks any pager to wake somebody, and how that pager says what became of it. "
            "A page is known by its `key` on both sides. A private incident sends its number and severity alone.",
        },
        "paths": {PATH: {"post": _operation("reportPage", "Say what became of a page", "Report", REPORTS, _taken())}},
        "webhooks": {"page": {"post": _operation("page", "Page, acknowledge, resolve", "Page", EXAMPLES, _asked())}},
        "components": {"securitySchemes": _security(), "schemas": _schemas()},
        "security": [{"signature": [], "timestamp": []}],
    }


def page_api_text() -> str:
    """The document as it is committed."""
    return json.dumps(page_api(), indent=2, ensure_ascii=False) + "\n"


def write_page_api() -> None:
    """Write the committed document anew."""
    FILE.write_text(page_api_text(), encoding="utf-8")


def _operation(
    name: str, words: str, schema: str, examples: Mapping[str, Any], responses: Mapping[str, Any]
) -> dict[str, Any]:
    shown = {each: {"value": value} for each, value in examples.items()}
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "examples": shown}
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": schema == "Page",
        "description": "The same key again is the same request, which changes nothing.",
        "schema": {"type": "string"},
    }
    return {
        "operationId": name,
        "summary": words,
        "parameters": [key],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": dict(responses),
    }


def _taken() -> dict[str, Any]:
    recorded = {"schema": {"$ref": "#/components/schemas/Recorded"}}
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    taken = {"200": {"description": "What there is to record is on disk.", "content": {"application/json": recorded}}}
    return {**taken, **{status: {"description": words, "content": refusal} for status, words in ANSWERS.items()}}


def _asked() -> dict[str, Any]:
    given = {"application/json": {"schema": {"$ref": "#/components/schemas/Given"}}}
    return {
        "2XX": {"description": "The pager has it. A body is optional.", "content": given},
        "408": {
            "description": "Debrief asks again with the same key: for a page that a person asked for for ten minutes, "
            "then its channel is told whom to call; for its acknowledgement or resolution for an hour, then the "
            "operator is told; for an alert of a route in line until it is taken, at least every 30 s."
        },
        "429": {"description": "As 408, after `Retry-After` seconds."},
        "4XX": {
            "description": "Refused and not asked again. For a page that a person asked for the incident's channel is "
            "told that nobody was paged, and whom to call; for anything else the operator is told."
        },
        "5XX": {"description": "As 408, after `Retry-After` where it is given."},
    }


def _security() -> dict[str, Any]:
    signed = f"`v0=` and the hex HMAC-SHA256 of `v0:TIMESTAMP:BODY` with the secret, within {WINDOW_SECONDS} s."
    return {
        "signature": {"type": "apiKey", "in": "header", "name": SIGNATURE_HEADER.title(), "description": signed},
        "timestamp": {
            "type": "apiKey",
            "in": "header",
            "name": TIMESTAMP_HEADER.title(),
            "description": "Unix seconds of the signature.",
        },
    }


def _schemas() -> dict[str, Any]:
    return {
        "Page": _page(),
        "Report": _report(),
        "Value": value_schema(),
        "Given": _object({"id": _text("The pager's own name for it."), "link": _text("Where people see it, https.")}),
        "Recorded": _object(
            {
                "recorded": {
                    "type": "boolean",
                    "description": "False for what was recorded before, and where no page of ours has the `key`.",
                },
                "message": _text("Why nothing was recorded, where no page of ours has the `key`."),
            },
            ["recorded"],
        ),
        "Refusal": _object({"error": _text("What is wrong and what to do.")}, ["error"]),
    }


def _page() -> dict[str, Any]:
    target = {"kind": _one_of(TargetKind, "What `name` names."), "name": _text("Whom to wake; a person by Slack id.")}
    incident = {"number": {"type": "integer", "minimum": 1}, "severity": _one_of(Severity, "SEV1 is the worst.")}
    fields = {
        "action": _one_of(ACTIONS, "With `page`, the target, summary and urgency are there, too."),
        "key": _text("Names the page."),
        "target": _object(target, list(target)),
        "incident": {
            **_object(incident, list(incident)),
            "description": "For what a person asked; missing for an alert of a route in line.",
        },
        "summary": _text("The one line to show."),
        "urgency": _one_of(("critical", "error", "warning", "info"), "In PagerDuty's words."),
        "id": _text("What the pager called it when it took it."),
    }
    return _object(fields, ["action", "key"])


def _report() -> dict[str, Any]:
    at = {
        "anyOf": [{"type": "string", "format": "date-time"}, {"type": "number"}, {"type": "null"}],
        "description": "When: ISO 8601 with its zone, or Unix seconds or milliseconds, from 1990 on; without it the "
        "moment of receipt.",
    }
    fields = {
        "key": {**_text("The page's key, as it was sent."), "maxLength": KEY_LETTERS, **SEEN},
        "event": _one_of(PageNews, "What became of it."),
        "at": at,
        "by": _line("Who, as people read it.", NAME_LETTERS),
        "user": _line("Who, by the pager's own id.", NAME_LETTERS),
        "id": _line("The pager's name for this event; the same again is no second one.", KEY_LETTERS),
    }
    return {**_object(fields, ["key", "event"]), **members_schema()}


def _line(words: str, most: int) -> dict[str, Any]:
    return {"type": ["string", "null"], "description": words, "maxLength": most, **STORABLE}


def _text(words: str) -> dict[str, Any]:
    return {"type": "string", "description": words}


def _one_of(values: Sequence[str] | type, words: str) -> dict[str, Any]:
    return {"type": "string", "enum": [str(value) for value in values], "description": words}  # type: ignore[union-attr]


def _object(properties: Mapping[str, Any], required: Sequence[str] = ()) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": dict(properties)}
