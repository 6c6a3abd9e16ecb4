"""The webhook for deploys, feature flags and other events: from a body to a command."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from analysis.errors import InvalidInput
from analysis.events import EventKind, Source
from analysis.masking import mask
from analysis.people import Access, Person
from bot.ports.records import InboxKey
from bot.usecases.timeline.record_change import RecordChange
from bot.web.bodies import one_line

OUTAGE = "upstream_outage"
KINDS = {
    "deploy": EventKind.DEPLOY,
    "feature_flag": EventKind.FEATURE_FLAG,
    "event": EventKind.EXTERNAL,
    OUTAGE: EventKind.EXTERNAL,
}
_DETAILS = ("version", "flag", "value", "link", "environment")
_TEXT_LETTERS, _DETAIL_LETTERS, _KEY_LETTERS = 2000, 500, 200


def read_change(body: Mapping[str, Any], *, source: str, workspace_id: UUID, now: datetime, key: str) -> RecordChange:
    """The command that a webhook body asks for.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    kind = KINDS.get(str(body.get("kind")))
    if kind is None:
        message = f"`kind` must be one of: {', '.join(KINDS)}."
        raise InvalidInput(message)
    return RecordChange(
        person=Person(id=f"webhook:{source}", name=source, access=frozenset({Access.RESPONDER})),
        workspace_id=workspace_id,
        natural_key=f"webhook:{source}:{key}",
        source=Source.WEBHOOK,
        kind=kind,
        text=one_line(body.get("text"), "text", _TEXT_LETTERS, required=True),
        occurred_at=_instant(body.get("at"), now),
        service=one_line(body.get("service"), "service", _DETAIL_LETTERS, required=body.get("kind") == OUTAGE),
        is_outage=body.get("kind") == OUTAGE,
        number=_number(body.get("incident")),
        details=_details(body),
    )


def inbox_key(source: str, idempotency_key: str, body: bytes, *, timestamp: str) -> InboxKey:
    """The sender's key for this delivery; where it gave none, one of the signed request: its time and its body.

    Keys are kept as they are; one that is long or holds what may not be kept is replaced by its hash.
    """
    digest = hashlib.sha256(body).digest()
    name = idempotency_key or hashlib.sha256(f"{timestamp}:".encode() + body).hexdigest()
    if len(name) > _KEY_LETTERS or mask(name).found:
        name = hashlib.sha256(name.encode()).hexdigest()
    return InboxKey(source=source, external_id=name, body_hash=digest)


def _details(body: Mapping[str, Any]) -> dict[str, str]:
    known = {name: one_line(body.get(name), name, _DETAIL_LETTERS) for name in _DETAILS}
    details = {name: value for name, value in known.items() if value}
    if "link" in details and not details["link"].startswith("https://"):
        message = "`link` must begin with https://."
        raise InvalidInput(message)
    return details


def _instant(value: object, now: datetime) -> datetime:
    if value is None:
        return now
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError as error:
        message = "`at` must be a time such as 2026-03-29T01:30:00Z."
        raise InvalidInput(message) from error
    if instant.tzinfo is None:
        message = "`at` needs a time zone, such as 2026-03-29T01:30:00Z."
        raise InvalidInput(message)
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        message = "`at` is out of range."
        raise InvalidInput(message) from error


def _number(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10**9:
        message = "`incident` must be the incident's number."
        raise InvalidInput(message)
    return value
