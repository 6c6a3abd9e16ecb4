"""Posting so that a delivery can be found again: its id travels in the metadata and in a block's id."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.events import Source
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.outbox import FollowUp, Outcome, Park, Retry, Sent
from bot.ports.records import Changes, Delivery
from bot.slack.blocks import ids
from bot.slack.blocks.elements import Block
from bot.slack.client import TRANSPORT_ERRORS, error_code, outcome_of
from bot.usecases.asking import DEBRIEF
from bot.usecases.privacy.message_shown import MessageShown, message_shown

log = logging.getLogger(__name__)

#: Slack allows about one message a second in a channel (docs.slack.dev, rate limits).
PAUSE = timedelta(seconds=1)
HISTORY_LENGTH = 100
CLOCK_SLACK_SECONDS = 120
#: What Slack answers where nothing of ours can be changed any more.
OUT_OF_REACH = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


def attempt(call: Callable[[], Outcome], *, is_post: bool) -> Outcome:
    """Run *call*, turning what Slack or the network raises into an outcome."""
    try:
        return call()
    except SlackApiError as error:
        return outcome_of(error, is_post=is_post)
    except TRANSPORT_ERRORS as error:
        return outcome_of(error, is_post=is_post)


def post_once(
    client: WebClient,
    delivery: Delivery,
    channel: str,
    text: str,
    blocks: Sequence[Block],
    *,
    is_followed: bool = False,
    **more: Any,  # noqa: ANN401
) -> str:
    """Post, or find the post of an earlier attempt; the message's `ts`.

    One that *is_followed* by a newer one is left to that, if no earlier attempt left it: it has no `ts` then.
    """
    if delivery.attempts > 1:
        found = find_message(client, delivery, channel, is_post_of)
        if found:
            log.info("delivery reconciled", extra={"delivery": str(delivery.id)})
            return found
        if is_followed:
            return ""
    marked = [{**blocks[0], "block_id": f"{ids.DELIVERY_BLOCK_PREFIX}{delivery.id}"}, *blocks[1:]] if blocks else []
    answer = client.chat_postMessage(
        channel=channel,
        text=text,
        blocks=marked,
        unfurl_links=False,
        unfurl_media=False,
        metadata={"event_type": ids.DELIVERY_EVENT_TYPE, "event_payload": {"delivery": str(delivery.id)}},
        **more,
    )
    return str(answer["ts"])


def edit(client: WebClient, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> bool:
    """Edit a message of ours; false where somebody has deleted it.

    One of an app that is gone raises, see `is_of_another_app`: it goes on showing what it shows.
    """
    try:
        client.chat_update(channel=channel, ts=ts, text=text, blocks=blocks)
    except SlackApiError as error:
        if error_code(error) != "message_not_found":
            raise
        return False
    return True


def is_of_another_app(error: SlackApiError) -> bool:
    """Whether no app but the one that posted a message, which somebody has deleted, could edit it."""
    return error_code(error) == "cant_update_message"


def message_place(channel: str, ts: str) -> str:
    """Where a message is, so that it is found there when another channel is the one to post into."""
    return f"{channel}:{ts}"


def moved(place: str, channel: str) -> bool:
    """Whether the message at *place* is in another one than *channel*."""
    there = place.rpartition(":")[0]
    return bool(there) and there != channel


def edit_there(client: WebClient, place: str, channel: str, text: str, blocks: Sequence[Block]) -> bool:
    """Edit the message at *place*, as `edit` does; one of an older version has its `ts` alone and is in *channel*.

    So is one whose channel is out of reach: a channel that is shared gets another id. Else there is nothing to be done.
    """
    there, _, ts = place.rpartition(":")
    if moved(place, channel):
        try:
            return edit(client, there, ts, text, blocks)
        except SlackApiError as error:
            if error_code(error) not in OUT_OF_REACH:
                raise
    return edit(client, channel, ts, text, blocks)


def find_message(
    client: WebClient, delivery: Delivery, channel: str, is_it: Callable[[Mapping[str, Any], Delivery], bool]
) -> str | None:
    """The `ts` of the message that an earlier attempt of *delivery* left."""
    found = look_back(client, delivery, channel, is_it)
    return str(found["ts"]) if found else None


def look_back(
    client: WebClient, delivery: Delivery, channel: str, is_it: Callable[[Mapping[str, Any], Delivery], bool]
) -> Mapping[str, Any] | None:
    """The message that an earlier attempt of *delivery* left, looking back to its creation."""
    oldest = delivery.created_at.timestamp() - CLOCK_SLACK_SECONDS
    cursor = None
    while True:
        page = client.conversations_history(
            channel=channel,
            oldest=f"{oldest:.6f}",
            limit=HISTORY_LENGTH,
            include_all_metadata=True,
            **({"cursor": cursor} if cursor else {}),
        )
        for message in page.get("messages") or ():
            if is_it(message, delivery):
                return dict(message)
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


def is_post_of(message: Mapping[str, Any], delivery: Delivery) -> bool:
    """Whether *message* was posted for *delivery*, by its metadata or its first block."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    blocks = message.get("blocks") or [{}]
    return (
        payload.get("delivery") == str(delivery.id)
        or blocks[0].get("block_id") == f"{ids.DELIVERY_BLOCK_PREFIX}{delivery.id}"
    )


def file_ids(message: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The ids of the files that a message or an answer of Slack names."""
    return tuple(str(file["id"]) for file in (message or {}).get("files") or () if file.get("id"))


def delete_file(client: WebClient, file: str) -> None:
    """Delete an upload of ours, unless it is gone already."""
    try:
        client.files_delete(file=file)
    except SlackApiError as error:
        if error_code(error) not in {"file_not_found", "file_deleted"}:
            raise


def sent(
    delivery: Delivery,
    incident: Incident,
    channel: str,
    *,
    ts: str = "",
    file_ts: str = "",
    entry: int | None = None,
    draft: int | None = None,
    then: FollowUp | None = None,
) -> Sent:
    """It is there, and where; *then* is written, and the lane rests for Slack's second.

    What may no longer be shown by the time that this is written is taken back: see `MessageShown`.
    """
    messages = {name: at for name, at in (("ts", ts), ("file_ts", file_ts)) if at}
    result = {**delivery.result, "channel": channel, **messages}
    files = (str(delivery.result["file"]),) if "file" in delivery.result else ()
    command = MessageShown(
        **as_debrief(incident),
        number=incident.number,
        channel=channel,
        ts=ts,
        file_ts=file_ts,
        files=files,
        entry=entry,
        draft=draft,
    )

    def written(reads: Reads) -> Changes:
        changes, taken_back = then(reads) if then else Changes(), message_shown(reads, command)
        return replace(changes, deliveries=(*changes.deliveries, *taken_back.deliveries))

    return Sent(result=result, follow_up=written, pause=PAUSE)


def speaking_channel(incident: Incident) -> str | Outcome:
    """The channel that the incident's content may be shown in, as of now; what becomes of a delivery without one."""
    if incident.channel_id is None:
        return not_yet("the incident has no channel yet")
    if not incident.may_speak_in_channel:
        # Without the number, which whoever reads `/healthz` would know of a private incident by.
        because = "the record does not say that its channel is private; `private` said of it once more moves it on"
        return Park(because=because)
    return incident.channel_id


def not_yet(because: str) -> Retry:
    """What it needs does not exist yet."""
    return Retry(because=because, after=PAUSE)


def as_debrief(incident: Incident) -> dict[str, Any]:
    """The common fields of a command that follows from a delivery."""
    return {
        "person": DEBRIEF,
        "workspace_id": incident.workspace_id,
        "natural_key": f"debrief:{incident.id}",
        "source": Source.DEBRIEF,
    }


def follow(use_case: Callable[[Reads, Any], Changes], command: Any) -> FollowUp:  # noqa: ANN401 - one command of many
    """What to write in the transaction that marks a delivery as sent."""

    def written(reads: Reads) -> Changes:
        return use_case(reads, command)

    return written
