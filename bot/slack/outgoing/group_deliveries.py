"""Posting and editing the messages about groups of alerts, as they are at the moment it is sent."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.alerts.waiting import TOLD
from analysis.incident import Visibility
from bot.ports.grouping import AlertGroup, Notice
from bot.ports.holding import Hold
from bot.ports.ledger import Reads
from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Delivery, DeliveryKind
from bot.slack.blocks.elements import section
from bot.slack.blocks.groups import (
    ShownGroup,
    former_text,
    group_blocks,
    group_text,
    rate_words,
    storm_blocks,
    storm_text,
)
from bot.slack.client import error_code
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import (
    PAUSE,
    attempt,
    edit_there,
    follow,
    is_of_another_app,
    message_place,
    moved,
    post_once,
)
from bot.slack.outgoing.uploads import send_picture
from bot.usecases.groups.asking import suggested_incidents
from bot.usecases.groups.charts import CHART_EVERY, ChartDrawn, chart_drawn
from bot.usecases.groups.make_one import near_group
from bot.usecases.groups.posted import GroupPosted, StormPosted, group_posted, storm_posted
from bot.usecases.groups.split import taken_apart_into

log = logging.getLogger(__name__)

#: A workspace that takes no files of ours.
NO_FILES = frozenset(
    {
        "missing_scope",
        "unknown_method",
        "not_allowed_token_type",
        "no_permission",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "storage_limit_reached",
        "team_access_not_granted",
    }
)


#: Where Slack takes no files it is asked again after so long, in case somebody has let it.
ASKED_AGAIN_AFTER = timedelta(hours=1)


class GroupDeliveries:
    """The handlers of messages about groups; each may be run again after a crash without a second message."""

    def __init__(self, client: WebClient, context: SlackContext, draw: Callable[[Mapping[int, int]], bytes]) -> None:
        """Nothing is sent yet; *draw* makes the picture of alerts a minute."""
        self._client = client
        self._context = context
        self._draw = draw
        self._no_files_until = datetime.min.replace(tzinfo=UTC)

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        return {
            DeliveryKind.ALERT_GROUP: lambda delivery: attempt(lambda: self._group(delivery), is_post=delivery.is_post),
            DeliveryKind.GROUP_CHART: lambda delivery: attempt(lambda: self._chart(delivery), is_post=False),
            DeliveryKind.ALERT_STORM: lambda delivery: attempt(lambda: self._storm(delivery), is_post=delivery.is_post),
        }

    def _group(self, delivery: Delivery) -> Outcome:
        channel = self._context.settings.alerts_channel
        with self._context.snapshots.snapshot() as reads:
            group = reads.groups.group(UUID(delivery.arguments["group"]))
            shown = shown_group(reads, group) if group else None
            is_followed = delivery.attempts > 1 and (bool(group and group.merged_into) or reads.is_followed(delivery))
        if group is None or shown is None or not channel:
            return Sent()
        if former := delivery.arguments.get("former"):
            text = former_text(group, channel if moved(str(former), channel) else "")
            edit_there(self._client, str(former), channel, text, [section(text)])
            return Sent(pause=PAUSE)
        notice = Notice(delivery.arguments["notice"]) if delivery.arguments["notice"] else None
        # one that an earlier attempt left is to say that the group is one with another by now
        is_left = bool(group.merged_into) and delivery.attempts == 1
        if notice is None or is_left:
            # without a message there is nothing to edit: the one that is on its way shows what is now
            if group.ts:
                self._edit(channel, group.ts, shown)
            return Sent(result=dict(delivery.result), pause=PAUSE)
        ts = self._post(delivery, channel, shown, notice, is_followed=is_followed)
        if not ts:
            return Sent(result=dict(delivery.result))
        incidents = (*shown.attached, *(each.incident for each in shown.suggested))
        named = {one.number: one.shown_title for one in incidents}
        posted = GroupPosted(
            group=group, ts=message_place(channel, ts), incidents=named, was_found=delivery.attempts > 1
        )
        return Sent(result={"ts": ts}, follow_up=follow(group_posted, posted), pause=PAUSE)

    def _edit(self, channel: str, place: str, shown: ShownGroup) -> None:
        text = group_text(shown)
        try:
            edit_there(self._client, place, channel, text, group_blocks(shown))
        except SlackApiError as error:
            if not _is_about_the_chart(error, shown):
                raise
            edit_there(self._client, place, channel, text, group_blocks(shown.without_chart))

    def _post(self, delivery: Delivery, channel: str, shown: ShownGroup, notice: Notice, *, is_followed: bool) -> str:
        text, blocks = group_text(shown, notice), group_blocks(shown, notice)
        try:
            return post_once(self._client, delivery, channel, text, blocks, is_followed=is_followed)
        except SlackApiError as error:
            if not _is_about_the_chart(error, shown):
                raise
            return post_once(self._client, delivery, channel, text, group_blocks(shown.without_chart, notice))

    def _chart(self, delivery: Delivery) -> Outcome:
        """Draw and upload the chart; where Slack takes no files, the message keeps its bars of text."""
        with self._context.snapshots.snapshot() as reads:
            group = reads.groups.group(UUID(delivery.arguments["group"]))
        now, channel = self._context.clock.now(), self._context.settings.alerts_channel
        if group is None or group.merged_into or not group.digest.rate or not channel or now < self._no_files_until:
            return Sent()
        content = self._draw(group.digest.minutes)
        try:
            file = send_picture(self._client, f"{group.reference}-rate.png", content, rate_words(group))
        except SlackApiError as error:
            if error_code(error) not in NO_FILES:
                raise
            self._no_files_until = now + ASKED_AGAIN_AFTER
            log.info("no chart", extra={"group": group.reference, "because": error_code(error)})
            return Sent()
        drawn = ChartDrawn(group=group, file=file, drawn=group.digest.drawn)
        return Sent(result={"file": file}, follow_up=follow(chart_drawn, drawn), pause=CHART_EVERY)

    def _storm(self, delivery: Delivery) -> Outcome:
        channel = self._context.settings.alerts_channel
        with self._context.snapshots.snapshot() as reads:
            storm = reads.groups.storm(UUID(delivery.arguments["storm"]))
            groups = reads.groups.of_storm(storm.id) if storm else ()
        is_left = not groups and delivery.attempts == 1
        if storm is None or not channel or (storm.ts is None and is_left):
            return Sent()
        text, blocks = storm_text(groups), storm_blocks(groups, self._context.clock.now())
        if storm.ts:
            is_posted_anew = delivery.is_post and bool(groups)
            try:
                is_there = edit_there(self._client, storm.ts, channel, text, blocks)
            except SlackApiError as error:
                if not is_of_another_app(error) or not is_posted_anew:
                    raise
                is_there = False
            if is_there or not is_posted_anew:
                return Sent(result=dict(delivery.result), pause=PAUSE)
        ts = post_once(self._client, delivery, channel, text, blocks, is_followed=not groups)
        if not ts:
            return Sent(result=dict(delivery.result))
        was_found = delivery.attempts > 1
        place = message_place(channel, ts)
        posted = StormPosted(storm_id=storm.id, ts=place, groups=len(groups), was_found=was_found)
        return Sent(result={"ts": ts}, follow_up=follow(storm_posted, posted), pause=PAUSE)


def shown_group(reads: Reads, group: AlertGroup) -> ShownGroup:
    """What everybody in the channel may see: nothing of private incidents."""
    attached = [one for one in reads.groups.incidents_of(group.id) if one.visibility is Visibility.PUBLIC]
    chart = reads.signals.chart(group.id)
    kept = reads.groups.group(group.merged_into) if group.merged_into else None
    return ShownGroup(
        group=group,
        attached=attached,
        suggested=suggested_incidents(reads, group) if not attached and group.firing else (),
        merged_into=kept.reference if kept else "",
        near=near_group(reads, group),
        taken_apart=taken_apart_into(reads, group) if kept else (),
        noise=reads.groups.noise(group.id, reads.now),
        is_needed=bool(reads.groups.mattered(group.id)),
        chart=chart.file if chart else "",
        held=_last_told(reads, group) if group.ts or group.announced_at else None,
    )


def _is_about_the_chart(error: SlackApiError, shown: ShownGroup) -> bool:
    """Whether Slack would take the message without the picture, which may not be processed yet or is gone."""
    return bool(shown.chart) and error_code(error) in {"invalid_blocks", "invalid_blocks_format", "invalid_attachments"}


def _last_told(reads: Reads, group: AlertGroup) -> Hold | None:
    """What of the group waited last and then was told."""
    told = [one for one in reads.holds.of_groups((group.id,)) if one.end in TOLD]
    return told[-1] if told else None
