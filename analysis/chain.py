"""The hash chain that makes the record tamper-evident, and still lets a field be erased.

Each event's hash covers its plain columns, one salted commitment per content field, and the hash before it.
The commitments hide the content, so destroying a field's salt and ciphertext erases it while every hash still
verifies. Hash construction: SHA-256 over canonical bytes (UTF-8 JSON, sorted keys, no spaces), with a domain
label in front so that no value can be read as one of another kind.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]
from typing import Any

#: The content fields of an event; each has its own salt, commitment and ciphertext.
CONTENT_FIELDS = ("actor", "text", "payload")
SALT_BYTES = 16
GENESIS = b"\x00" * 32
#: `2026-11-26T09:05:00.000000`, before the zone.
_STAMP_LETTERS = 26

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
#: What `_ENCODER.encode` does, with the same settings: it makes this anew each time, which costs more than encoding an
#: event. The function has no documentation, so a test holds every form of value against `json.dumps`.
_parts = c_make_encoder(None, _ENCODER.default, encode_basestring, None, ":", ",", True, False, False)  # noqa: FBT003 - it takes no names


@dataclass(slots=True, kw_only=True)
class Link:
    """What the hash of one event covers, besides the hash before it; not frozen, as one is made for each append."""

    incident_id: str
    seq: int
    event_id: str
    kind: str
    occurred_at: datetime
    precision: str
    recorded_at: datetime
    source: str
    natural_key: str
    refers_to: str | None
    commitments: Mapping[str, bytes]


def canonical_bytes(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """The one byte form of a JSON value; equal values give equal bytes on every machine."""
    return "".join(_parts(value, 0)).encode()


def stamp(instant: datetime) -> str:
    """The one text form of an instant: UTC with microseconds."""
    in_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return in_utc.isoformat("T", "microseconds")[:_STAMP_LETTERS] + "Z"


def commit(salt: bytes, field: str, content: bytes) -> bytes:
    """Bind *content* to its *field* without revealing it; the salt stops guessing short contents."""
    return hashlib.sha256(_before_content(field) + salt + content).digest()


@cache
def _before_content(field: str) -> bytes:
    return b"debrief/field/1\x00" + field.encode() + b"\x00"


def link_hash(link: Link, previous: bytes) -> bytes:
    """The hash of one event, given the hash of the one before it (`GENESIS` for the first)."""
    body = [
        link.incident_id,
        link.seq,
        link.event_id,
        link.kind,
        stamp(link.occurred_at),
        link.precision,
        stamp(link.recorded_at),
        link.source,
        link.natural_key,
        link.refers_to,
        {field: link.commitments[field].hex() for field in CONTENT_FIELDS},
    ]
    return hashlib.sha256(b"debrief/event/1\x00" + previous + canonical_bytes(body)).digest()
