"""What an attempt left in Slack whose answer was lost: nobody knows its `ts`, so no withdrawal and no edit reaches it.

A handler that posts looks for it itself. Here is what none of them has to think of: that the incident left the channel
meanwhile, and that nothing is to be said any more.
"""

from collections.abc import Callable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Delivery
from bot.slack.client import error_code
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import OUT_OF_REACH, attempt, find_message, is_post_of, sent
from bot.slack.outgoing.withdrawals import take_back
from bot.usecases.privacy.leaving import ELSEWHERE, left_channels, linked_channels

#: What a handler says of what stands in Slack.
_PLACES = frozenset({"ts", "file_ts"})


class Strays:
    """Minds what earlier attempts of an incident's posts left."""

    def __init__(self, client: WebClient, context: SlackContext) -> None:
        """Nothing is looked for yet."""
        self._client = client
        self._context = context

    def minded(self, handler: Callable[[Delivery], Outcome]) -> Callable[[Delivery], Outcome]:
        """*handler* of a post: what an earlier attempt left is taken back, or on record as if Slack had answered."""

        def run(delivery: Delivery) -> Outcome:
            if delivery.attempts == 1:
                return handler(delivery)
            return attempt(lambda: self._again(handler, delivery), is_post=True)

        return run

    def _again(self, handler: Callable[[Delivery], Outcome], delivery: Delivery) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            left = left_channels(reads, incident) if incident else frozenset()
        for channel in sorted(left):
            self._take_back(delivery, channel)
        outcome = handler(delivery)
        if incident is None or not isinstance(outcome, Sent) or not _PLACES.isdisjoint(outcome.result):
            return outcome
        return self._put_on_record(delivery, incident, outcome)

    def _take_back(self, delivery: Delivery, channel: str) -> None:
        """Empty what it left in a channel that the incident has left since."""
        try:
            take_back(self._client, delivery, channel, ELSEWHERE)
        except SlackApiError as error:
            if error_code(error) not in OUT_OF_REACH:
                raise

    def _put_on_record(self, delivery: Delivery, incident: Incident, outcome: Sent) -> Sent:
        """*outcome* of an attempt that had nothing to say, with where the post stands that an earlier one made."""
        with self._context.snapshots.snapshot() as reads:
            places = _channels(reads, incident)
        for channel in places:
            if ts := self._find(delivery, channel):
                return sent(delivery, incident, channel, ts=ts, then=outcome.follow_up)
        return outcome

    def _find(self, delivery: Delivery, channel: str) -> str | None:
        try:
            return find_message(self._client, delivery, channel, is_post_of)
        except SlackApiError as error:
            if error_code(error) not in OUT_OF_REACH:
                raise
            return None


def _channels(reads: Reads, incident: Incident) -> list[str]:
    """Where its posts may stand: the channels that are or were its own, without those that it left."""
    moves = reads.channel_moves(incident.id)
    left = {moves.newest(channel) for channel in left_channels(reads, incident)}
    return sorted({moves.newest(channel) for channel in linked_channels(reads, incident)} - left)
