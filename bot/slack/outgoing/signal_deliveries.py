"""Posting and editing the message that lists an incident's signals, as they are at the moment it is sent."""

from collections.abc import Callable, Mapping

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Delivery, DeliveryKind
from bot.slack.blocks.signals import signals_blocks, signals_text
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import (
    as_debrief,
    attempt,
    edit,
    follow,
    is_of_another_app,
    post_once,
    sent,
    speaking_channel,
)
from bot.usecases.signals.list_signals import signals_of
from bot.usecases.signals.messages import SignalsPosted, signals_posted


class SignalDeliveries:
    """The handler of the message; it may be run again after a crash without a second one."""

    def __init__(self, client: WebClient, context: SlackContext) -> None:
        """Nothing is sent yet."""
        self._client = client
        self._context = context

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of its kind."""
        return {
            DeliveryKind.SIGNALS: lambda delivery: attempt(lambda: self._signals(delivery), is_post=delivery.is_post)
        }

    def _signals(self, delivery: Delivery) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            signals = signals_of(reads, incident) if incident else ()
            where = incident.channel_id if incident else None
            known = reads.signals.message(incident.id, where) if incident and where else None
        if incident is None:
            return Sent()
        channel = speaking_channel(incident)
        if not isinstance(channel, str):
            return channel
        text = signals_text(incident, signals)
        blocks = signals_blocks(incident, signals, self._context.clock.now())
        is_any_shown = any(one.is_shown for one in signals)
        may_post = is_any_shown and (delivery.is_post or known is not None)
        if known:
            try:
                # One that somebody has deleted is not posted again: they did not want to see it.
                edit(self._client, channel, known, text, blocks)
            except SlackApiError as error:
                if not is_of_another_app(error) or not is_any_shown:
                    raise
            else:
                return sent(delivery, incident, channel, ts=known)
        elif not may_post and delivery.attempts == 1:
            return Sent()
        ts = post_once(self._client, delivery, channel, text, blocks, is_followed=not may_post)
        if not ts:
            return Sent()
        fields = {**as_debrief(incident), "number": incident.number, "channel": channel}
        posted = SignalsPosted(**fields, ts=ts, was_found=delivery.attempts > 1)
        return sent(delivery, incident, channel, ts=ts, then=follow(signals_posted, posted))
