"""Rows of deliveries, held messages and answers to records and back."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.chain import canonical_bytes, stamp
from bot.ports.records import Delivery, DeliveryKind, DeliveryState, HeldMessage, InboxKey, NewDelivery, Reply, Shown
from bot.store.record.mapping import Row
from bot.store.record.sealing import Sealer, Unopenable

#: Most bookkeeping answers with nothing, which needs no sealing.
NOTHING = Reply()


def delivery_values(
    delivery: NewDelivery, sealer: Sealer, *, now: datetime, next_at: datetime, place: int | None, is_post: bool
) -> dict[str, Any]:
    """The row of a delivery that waits for its turn."""
    return {
        "id": delivery.id,
        "lane": delivery.lane,
        "kind": delivery.kind.value,
        "arguments": sealer.seal_whole("arguments", canonical_bytes(dict(delivery.arguments))),
        "incident_id": delivery.incident_id,
        "coalesce": delivery.coalesce,
        "is_post": is_post,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "place": place,
        "next_at": next_at,
        "created_at": now,
        "because": "",
        "result": "{}",
    }


def to_delivery(row: Row, sealer: Sealer) -> Delivery:
    """The delivery of a row; its `seq` is the place in its lane."""
    return Delivery(
        id=row["id"],
        kind=DeliveryKind(row["kind"]),
        lane=row["lane"],
        arguments=MappingProxyType(json.loads(sealer.open_whole("arguments", row["arguments"]))),
        incident_id=row["incident_id"],
        coalesce=row["coalesce"],
        is_post=row["is_post"],
        seq=row["seq"] if row["place"] is None else row["place"],
        attempts=row["attempts"],
        created_at=row["created_at"],
        result=MappingProxyType(json.loads(row["result"])),
    )


def told_event(arguments: bytes, sealer: Sealer) -> str:
    """The natural key of the event that a delivery with these sealed *arguments* tells, else empty.

    Of what cannot be read nothing is known; whoever sends it says so.
    """
    try:
        return str(json.loads(sealer.open_whole("arguments", arguments)).get("event", ""))
    except (Unopenable, ValueError):
        return ""


def to_shown(row: Row, sealer: Sealer) -> Shown:
    """What a delivery that was sent has left in Slack."""
    result = json.loads(row["result"])
    return Shown(
        kind=DeliveryKind(row["kind"]),
        arguments=MappingProxyType(json.loads(sealer.open_whole("arguments", row["arguments"]))),
        channel=result.get("channel", ""),
        ts=result.get("ts", ""),
        file_ts=result.get("file_ts", ""),
        files=(result["file"],) if "file" in result else (),
    )


def held_values(held: HeldMessage, sealer: Sealer, expires_at: datetime) -> dict[str, Any]:
    """The row of an edit or deletion that waits for a late mark."""
    body = sealer.seal_whole("held", canonical_bytes(dict(held.body)))
    return {"channel": held.channel, "ts": held.ts, "body": body, "expires_at": expires_at}


def to_held(row: Row, sealer: Sealer) -> HeldMessage:
    """The held message of a row."""
    body = MappingProxyType(json.loads(sealer.open_whole("held", row["body"])))
    return HeldMessage(channel=row["channel"], ts=row["ts"], body=body)


def inbox_rows(arrivals: Sequence[tuple[InboxKey, Reply]], sealer: Sealer, now: datetime) -> list[dict[str, Any]]:
    """The rows that make a second arrival of each a repetition."""
    contents = [None if reply == NOTHING else canonical_bytes(_reply_content(reply)) for _, reply in arrivals]
    sealed = iter(sealer.seal_all_whole("reply", [content for content in contents if content is not None]))
    return [
        {
            "source": key.source,
            "external_id": key.external_id,
            "body_hash": sealer.keyed(key.body_hash),
            "reply": None if content is None else next(sealed),
            "received_at": now,
        }
        for (key, _), content in zip(arrivals, contents, strict=True)
    ]


def to_reply(row: Row, sealer: Sealer) -> Reply:
    """The first answer again."""
    if row["reply"] is None:
        return Reply()
    content = json.loads(sealer.open_whole("reply", row["reply"]))
    return Reply(
        text=content["text"],
        incident=UUID(content["incident"]) if content["incident"] else None,
        number=content["number"],
        form_errors=MappingProxyType(content["form_errors"]),
        instants=tuple(datetime.fromisoformat(at).astimezone(UTC) for at in content.get("instants", ())),
    )


def _reply_content(reply: Reply) -> dict[str, Any]:
    return {
        "text": reply.text,
        "incident": str(reply.incident) if reply.incident else None,
        "number": reply.number,
        "form_errors": dict(reply.form_errors),
        "instants": [stamp(at) for at in reply.instants],
    }
