"""Taking back what is shown in Slack: after a channel was left, and after an erasure. Repeating it changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.slacktext import escape
from bot.ports.outbox import Outcome, Park, Sent
from bot.ports.records import Delivery, DeliveryKind
from bot.slack.blocks.elements import section
from bot.slack.client import Degrading, error_code
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import (
    PAUSE,
    attempt,
    delete_file,
    file_ids,
    find_message,
    is_post_of,
    look_back,
    post_once,
)
from bot.slack.outgoing.uploads import is_upload_of
from bot.usecases.privacy.leaving import ELSEWHERE

#: There is nothing left that anybody could read, or nothing of ours that could be changed.
_GONE = frozenset({"channel_not_found", "message_not_found"})
#: Slack lets a bot rename only channels that it has created.
_NOT_OURS_TO_RENAME = frozenset({"not_authorized", "restricted_action", "method_not_supported_for_channel_type"})
_NAMES_TRIED = 9


class Withdrawals:
    """The handlers of deliveries that take content away; one that fails holds up none behind it."""

    def __init__(self, client: WebClient, degrading: Degrading, context: SlackContext) -> None:
        """Nothing is taken away yet."""
        self._client = client
        self._degrading = degrading
        self._context = context

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        return {
            DeliveryKind.LEAVE_CHANNEL: self._guarded(self._leave, is_post=True),
            DeliveryKind.RENAME_CHANNEL: self._guarded(self._rename_channel, is_post=False),
            DeliveryKind.HIDE_MESSAGE: self._guarded(self._hide, is_post=False),
            DeliveryKind.DELETE_FILE: self._guarded(self._delete, is_post=False),
        }

    def _leave(self, delivery: Delivery) -> Outcome:
        """Clear the topic, take the title out of the name, then say where to ask."""
        channel = str(delivery.arguments["channel"])
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
        if incident is None:
            return Sent()
        self._degrading.call("conversations.setTopic", channel=channel, topic="")
        self._rename(channel, f"{self._context.settings.channel_prefix}-{incident.number}-moved")
        name = self._context.directory.name(str(delivery.arguments["ask"]))
        text = escape(f"{ELSEWHERE} Ask {name}." if name else ELSEWHERE)
        ts = post_once(self._client, delivery, channel, text, [section(text)])
        return Sent(result={"ts": ts, "channel": channel}, pause=PAUSE)

    def _rename_channel(self, delivery: Delivery) -> Outcome:
        """Name the channel after the incident's number alone."""
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
        if incident:
            self._rename(
                str(delivery.arguments["channel"]), f"{self._context.settings.channel_prefix}-{incident.number}"
            )
        return Sent(pause=PAUSE)

    def _rename(self, channel: str, name: str) -> None:
        for suffix in ("", *(f"-{count}" for count in range(2, _NAMES_TRIED))):
            try:
                self._degrading.call(
                    "conversations.rename", fine=_NOT_OURS_TO_RENAME, channel=channel, name=f"{name}{suffix}"
                )
            except SlackApiError as error:
                if error_code(error) != "name_taken":
                    raise
            else:
                return

    def _hide(self, delivery: Delivery) -> Outcome:
        text = escape(str(delivery.arguments["sentence"]))
        channel, ts = str(delivery.arguments["channel"]), str(delivery.arguments["ts"])
        _empty(self._client, channel, ts, text)
        return Sent(pause=PAUSE)

    def _delete(self, delivery: Delivery) -> Outcome:
        delete_file(self._client, str(delivery.arguments["file"]))
        return Sent(pause=PAUSE)

    def _guarded(self, handler: Callable[[Delivery], Outcome], *, is_post: bool) -> Callable[[Delivery], Outcome]:
        def handle(delivery: Delivery) -> Outcome:
            try:
                return handler(delivery)
            except SlackApiError as error:
                if error_code(error) in _GONE:
                    return Sent()
                raise

        def run(delivery: Delivery) -> Outcome:
            outcome = attempt(lambda: handle(delivery), is_post=is_post)
            return replace(outcome, whole_lane=False) if isinstance(outcome, Park) else outcome

        return run


def take_back(client: WebClient, delivery: Delivery, channel: str, sentence: str) -> None:
    """Empty what an attempt of *delivery* that died may have left in *channel*."""
    ts = find_message(client, delivery, channel, is_post_of)
    if ts:
        _empty(client, channel, ts, escape(sentence))
    shared = look_back(client, delivery, channel, is_upload_of)
    if shared:
        _empty(client, channel, str(shared["ts"]), escape(sentence))
    for file in file_ids(shared):
        delete_file(client, file)


def _empty(client: WebClient, channel: str, ts: str, text: str) -> None:
    """Let a message of ours say *text* alone, or delete it where Slack edits none of its kind, such as a file's."""
    try:
        client.chat_update(channel=channel, ts=ts, text=text, blocks=[section(text)])
    except SlackApiError as error:
        if error_code(error) == "cant_update_message":
            client.chat_delete(channel=channel, ts=ts)
        elif error_code(error) != "message_not_found":
            raise
