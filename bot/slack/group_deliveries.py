"""Posting and editing the messages about groups of alerts, as they are at the moment it is sent."""

from collections.abc import Callable, Mapping
from uuid import UUID

from slack_sdk import WebClient

from analysis.incident import Visibility
from bot.ports.grouping import AlertGroup, Notice
from bot.ports.ledger import Reads
from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Delivery, DeliveryKind
from bot.slack.context import SlackContext
from bot.slack.groups import ShownGroup, group_blocks, group_text, storm_blocks, storm_text
from bot.slack.posting import PAUSE, attempt, edit, follow, post_once
from bot.usecases.asking_groups import suggested_incidents
from bot.usecases.group_posted import GroupPosted, StormPosted, group_posted, storm_posted


class GroupDeliveries:
    """The handlers of messages about groups; each may be run again after a crash without a second message."""

    def __init__(self, client: WebClient, context: SlackContext) -> None:
        """Nothing is sent yet."""
        self._client = client
        self._context = context

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        return {
            DeliveryKind.ALERT_GROUP: lambda delivery: attempt(lambda: self._group(delivery), is_post=delivery.is_post),
            DeliveryKind.ALERT_STORM: lambda delivery: attempt(lambda: self._storm(delivery), is_post=delivery.is_post),
        }

    def _group(self, delivery: Delivery) -> Outcome:
        channel = self._context.settings.alerts_channel
        with self._context.snapshots.snapshot() as reads:
            group = reads.groups.group(UUID(delivery.arguments["group"]))
            shown = _shown(reads, group) if group else None
        if group is None or shown is None or not channel:
            return Sent()
        notice = Notice(delivery.arguments["notice"]) if delivery.arguments["notice"] else None
        if notice is None or group.merged_into:
            # without a message there is nothing to edit: the one that is on its way shows what is now
            if group.ts:
                edit(self._client, channel, group.ts, group_text(group), group_blocks(shown))
            return Sent(result=dict(delivery.result), pause=PAUSE)
        text = group_text(group, notice)
        ts = post_once(self._client, delivery, channel, text, group_blocks(shown, notice))
        posted = GroupPosted(group=group, ts=ts)
        return Sent(result={"ts": ts}, follow_up=follow(group_posted, posted), pause=PAUSE)

    def _storm(self, delivery: Delivery) -> Outcome:
        settings = self._context.settings
        with self._context.snapshots.snapshot() as reads:
            storm = reads.groups.storm(UUID(delivery.arguments["storm"]))
            groups = reads.groups.of_storm(storm.id) if storm else ()
        if storm is None or not groups or not settings.alerts_channel:
            return Sent()
        text, blocks = storm_text(groups), storm_blocks(storm, groups, settings.slack_command)
        if storm.ts:
            edit(self._client, settings.alerts_channel, storm.ts, text, blocks)
            return Sent(result=dict(delivery.result), pause=PAUSE)
        ts = post_once(self._client, delivery, settings.alerts_channel, text, blocks)
        posted = StormPosted(storm_id=storm.id, ts=ts, groups=len(groups))
        return Sent(result={"ts": ts}, follow_up=follow(storm_posted, posted), pause=PAUSE)


def _shown(reads: Reads, group: AlertGroup) -> ShownGroup:
    """What everybody in the channel may see: nothing of private incidents."""
    attached = [one for one in reads.groups.incidents_of(group.id) if one.visibility is Visibility.PUBLIC]
    kept = reads.groups.group(group.merged_into) if group.merged_into else None
    return ShownGroup(
        group=group,
        attached=attached,
        suggested=suggested_incidents(reads, group) if not attached and group.firing else (),
        merged_into=kept.reference if kept else "",
        noise=reads.groups.noise(group.id, reads.now),
    )
