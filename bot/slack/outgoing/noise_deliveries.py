"""Posting what on-call leads are asked and told about noise, as it is at the moment it is sent."""

from collections.abc import Callable, Mapping
from uuid import UUID

from slack_sdk import WebClient

from analysis.wording import stopped
from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Delivery, DeliveryKind
from bot.slack.blocks.elements import fitting, paragraphs, plain
from bot.slack.blocks.noise import (
    account_blocks,
    account_text,
    digest_blocks,
    digest_text,
    proposal_blocks,
    proposal_text,
)
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import PAUSE, attempt, edit_there, follow, message_place, post_once
from bot.usecases.holding.list_held import DigestPosted, digest_posted
from bot.usecases.holding.noise_account import end_of_week, noise_account
from bot.usecases.holding.remember_proposal import ProposalPosted, proposal_posted


class NoiseDeliveries:
    """The handlers of messages about noise; each may be run again after a crash without a second message."""

    def __init__(self, client: WebClient, context: SlackContext) -> None:
        """Nothing is sent yet."""
        self._client = client
        self._context = context

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        handlers = {
            DeliveryKind.HOLD_PROPOSAL: self._proposal,
            DeliveryKind.HOLD_DIGEST: self._digest,
            DeliveryKind.NOISE_ACCOUNT: self._account,
            DeliveryKind.HOLD_NEWS: self._news,
        }
        return {kind: self._guarded(handler) for kind, handler in handlers.items()}

    def _guarded(self, handler: Callable[[Delivery, str], Outcome]) -> Callable[[Delivery], Outcome]:
        """Without a channel there is nobody to tell."""

        def run(delivery: Delivery) -> Outcome:
            channel = self._context.settings.alerts_channel
            if not channel:
                return Sent()
            return attempt(lambda: handler(delivery, channel), is_post=delivery.is_post)

        return run

    def _proposal(self, delivery: Delivery, channel: str) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            policy = reads.holds.policy(self._context.workspace_id, int(delivery.arguments["policy"]))
        if policy is None:
            return Sent()
        text, blocks = proposal_text(policy), proposal_blocks(policy, self._context.directory.name)
        if not delivery.is_post:
            if policy.ts:
                edit_there(self._client, policy.ts, channel, text, blocks)
            return Sent(pause=PAUSE)
        ts = post_once(self._client, delivery, channel, text, blocks)
        posted = ProposalPosted(policy=policy, ts=message_place(channel, ts), was_found=delivery.attempts > 1)
        return Sent(result={"ts": ts}, follow_up=follow(proposal_posted, posted), pause=PAUSE)

    def _digest(self, delivery: Delivery, channel: str) -> Outcome:
        digest_id = str(delivery.arguments["digest"])
        with self._context.snapshots.snapshot() as reads:
            listed = reads.holds.of_digest(UUID(digest_id))
        if not listed:
            return Sent()
        ts = post_once(self._client, delivery, channel, digest_text(listed), digest_blocks(digest_id, listed))
        posted = DigestPosted(digest_id=UUID(digest_id), ts=message_place(channel, ts))
        return Sent(result={"ts": ts}, follow_up=follow(digest_posted, posted), pause=PAUSE)

    def _account(self, delivery: Delivery, channel: str) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            account = noise_account(
                reads,
                self._context.workspace_id,
                until=end_of_week(str(delivery.arguments["week"])),
                is_stopped_by_file=self._context.settings.is_holding_stopped,
            )
        ts = post_once(self._client, delivery, channel, account_text(account), account_blocks(account))
        return Sent(result={"ts": ts}, pause=PAUSE)

    def _news(self, delivery: Delivery, channel: str) -> Outcome:
        told = [stopped(str(one)) for one in delivery.arguments["sentences"]]
        lines = fitting([plain(one) for one in told])
        more = len(told) - len(lines)
        lines += [f"And {more} more: `debrief noise` lists what may wait."] if more else []
        ts = post_once(self._client, delivery, channel, plain(" ".join(told)), paragraphs(lines))
        return Sent(result={"ts": ts}, pause=PAUSE)
