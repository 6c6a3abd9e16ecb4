"""The alert door as OpenAPI 3.1: one description, from which `docs/reference/alerts.openapi.json` is written.

Other systems' formats are theirs to describe; here is Debrief's own form, and what the door answers to all of them.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.alerts.alert import AlertStatus
from bot.web.alerts import MAXIMUM_BODY_BYTES
from bot.web.bodies import MAXIMUM_DEPTH, MAXIMUM_KEYS, MAXIMUM_PARTS
from bot.web.formats.reading import LABEL_LETTERS, MAXIMUM_ALERTS, MAXIMUM_LABELS, MAXIMUM_REST, TEXT_LETTERS
from bot.web.json_schemas import SEEN, VALUE, members_schema, value_schema
from bot.web.signatures import SIGNATURE_HEADER, TIMESTAMP_HEADER, WINDOW_SECONDS

FILE = Path(__file__).parents[2] / "docs" / "reference" / "alerts.openapi.json"
PATH = "/webhooks/alerts/{source}"
ANSWERS: Mapping[str, str] = {
    "400": "One sentence says which field cannot be read; nothing was stored.",
    "401": "The token or signature is missing, wrong or too old; nothing was stored.",
    "409": "This key was used before with another body; nothing was stored.",
    "413": f"Larger than {MAXIMUM_BODY_BYTES // 1024} KiB, or more than {MAXIMUM_PARTS} commas and brackets.",
    "429": "This source sends more alerts than it may; nothing was stored. Send it again after `Retry-After`.",
    "503": "Not recorded: the database or the rest of the body is missing. Send it again after `Retry-After`.",
}
_RETRY_LATER = frozenset({"429", "503"})
_TIME = "A time with its zone (ISO 8601), or Unix seconds or milliseconds."
_FIRING = {
    "rule": "BackupLate",
    "severity": "warning",
    "status": AlertStatus.FIRING.value,
    "labels": {"service": "ledger", "host": "ledger-db-2"},
    "annotations": {"summary": "Last backup is 31 h old"},
    "starts_at": "2026-03-01T07:00:00Z",
}
_RESOLVED = {**_FIRING, "status": AlertStatus.RESOLVED.value, "ends_at": "2026-03-01T08:40:00Z"}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "firing": {"summary": "An alert by itself", "value": _FIRING},
    "resolved": {"summary": "The same alert is over", "value": _RESOLVED},
    "several": {
        "summary": "Many at once",
        "value": {"alerts": [_FIRING, {**_FIRING, "labels": {"service": "ledger", "host": "ledger-db-3"}}]},
    },
    "shortest": {"summary": "The least there can be: it fires now", "value": {"rule": "BackupLate"}},
    "over": {
        "summary": "The least that ends it: the same rule and labels",
        "value": {"rule": "BackupLate", "status": AlertStatus.RESOLVED.value},
    },
}


def alert_api() -> dict[str, Any]:
    """The document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Debrief: alerts",
            "version": "1",
            "description": "How any system tells Debrief that something fires or is over. "
            "An answer of 200 means that every alert of the request is on disk.",
        },
        "paths": {PATH: {"post": _operation()}},
        "components": {
            "securitySchemes": _security(),
            "schemas": {
                "Delivery": _delivery(),
                "Alert": _alert(),
                "Value": value_schema(),
                "Recorded": _recorded(),
                "Refusal": _object({"error": {"type": "string", "description": "What is wrong and what to do."}}),
            },
        },
        "security": [{"token": []}, {"signature": [], "timestamp": []}],
    }


def alert_api_text() -> str:
    """The document as it is committed."""
    return json.dumps(alert_api(), indent=2) + "\n"


def write_alert_api() -> None:
    """Write the committed document anew."""
    FILE.write_text(alert_api_text(), encoding="utf-8")


def _operation() -> dict[str, Any]:
    by_itself = {"$ref": "#/components/schemas/Alert", "not": {"required": ["alerts"]}}
    body = {"oneOf": [{"$ref": "#/components/schemas/Delivery"}, by_itself]}
    recorded = {"schema": {"$ref": "#/components/schemas/Recorded"}}
    return {
        "operationId": "receiveAlerts",
        "summary": "Tell of alerts that fire or are over",
        "parameters": [
            _parameter("source", "path", "A name of `DEBRIEF_ALERT_SOURCES`.", is_required=True),
            _parameter("Idempotency-Key", "header", "The same key again is the same delivery, which changes nothing."),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body, "examples": EXAMPLES}}},
        "responses": {
            "200": {
                "description": "Every alert of the request is on disk.",
                "content": {"application/json": recorded},
            },
            **{status: _refusal(status, words) for status, words in ANSWERS.items()},
        },
    }


def _refusal(status: str, words: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    wait = {"Retry-After": {"schema": {"type": "string"}, "description": "In how many seconds to send it again."}}
    return {"description": words, "content": content, **({"headers": wait} if status in _RETRY_LATER else {})}


def _parameter(name: str, where: str, words: str, *, is_required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": where, "required": is_required, "description": words, "schema": {"type": "string"}}


def _security() -> dict[str, Any]:
    signed = f"`v0=` and the hex HMAC-SHA256 of `v0:TIMESTAMP:BODY`, within {WINDOW_SECONDS} s."
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "A secret of the source."},
        "signature": {"type": "apiKey", "in": "header", "name": SIGNATURE_HEADER.title(), "description": signed},
        "timestamp": {
            "type": "apiKey",
            "in": "header",
            "name": TIMESTAMP_HEADER.title(),
            "description": "Unix seconds of the signature.",
        },
    }


def _delivery() -> dict[str, Any]:
    items = {"$ref": "#/components/schemas/Alert"}
    alerts = {"type": "array", "items": items, "minItems": 1, "maxItems": MAXIMUM_ALERTS}
    schema = _object({"alerts": alerts}, "Several alerts at once; all of them are recorded, or none.")
    return {**schema, **members_schema()}


def _alert() -> dict[str, Any]:
    texts = {"type": ["object", "null"], **members_schema(MAXIMUM_LABELS)}
    # Without a type: an alert must not be lost because of an odd value in a field that it can do without.
    properties = {
        "id": {**VALUE, "description": "The sender's name for this delivery."},
        "rule": {
            "type": ["string", "number"],
            **SEEN,
            "description": "What fired, with a letter that can be seen.",
        },
        "severity": {**VALUE, "description": "In the sender's words; an unknown one counts as the worst."},
        "status": {"type": "string", "enum": [status.value for status in AlertStatus], "default": "firing"},
        "labels": {
            **texts,
            "description": "Where: with the rule they are the series, but for what changes while it stays the same, as "
            "`severity`, `level`, `status`, `state`, `value` and `replica` do. `service`, else `host`, is the place "
            "that people read, `environment` the one it is in.",
        },
        "annotations": {
            **texts,
            "description": "What people should read; no part of the series. `summary` is quoted, `runbook_url` and "
            "`link` (the sender's own page) are links.",
        },
        "starts_at": {**VALUE, "description": f"When this episode began; without it the moment of receipt. {_TIME}"},
        "ends_at": {**VALUE, "description": f"When it was over; without it the moment of receipt. {_TIME}"},
    }
    description = (
        f"Texts longer than {LABEL_LETTERS} letters (annotations: {TEXT_LETTERS}) are cut; labels that differ after "
        f"that stay two. The first {MAXIMUM_REST} fields beyond these are kept as they are. In `id`, `severity` and "
        "the times, what is no text or number counts as missing; so does null as the value of a label or annotation, "
        f"of which true, lists and objects are kept as JSON writes them. A body has at most {MAXIMUM_KEYS} members in "
        f"one object and {MAXIMUM_DEPTH} levels, and neither NUL, NaN nor a name twice."
    )
    schema = _object(properties, description)
    return {**schema, **members_schema(), "required": ["rule"]}


def _recorded() -> dict[str, Any]:
    return _object(
        {
            "recorded": {"type": "boolean", "description": "False for a delivery that was recorded before."},
            "alerts": {"type": "integer", "minimum": 0, "description": "How many alerts the body tells of."},
        }
    )


def _object(properties: Mapping[str, Any], description: str = "") -> dict[str, Any]:
    told = {"description": description} if description else {}
    return {"type": "object", **told, "required": list(properties), "properties": dict(properties)}
