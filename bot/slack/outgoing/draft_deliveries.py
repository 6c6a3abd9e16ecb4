"""Offering a revision in Slack, keeping the offer's state true, and publishing to the channel."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.incident import Incident, Visibility
from analysis.slacktext import escape
from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Approval, Delivery, DeliveryKind, Publication, Revision
from bot.slack.blocks.drafts import file_name, offer, offer_message
from bot.slack.client import error_code
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import (
    OUT_OF_REACH,
    as_debrief,
    attempt,
    delete_file,
    edit,
    follow,
    post_once,
    sent,
    speaking_channel,
)
from bot.slack.outgoing.uploads import Upload, share_once
from bot.slack.outgoing.withdrawals import take_back
from bot.usecases.postmortem.approving import nameless_approval, standing_approval
from bot.usecases.postmortem.going_out import KeptBack, Signed, going_out, parked
from bot.usecases.postmortem.publishing import (
    NAMELESS_CHANNEL,
    OfferDelivered,
    TargetSettled,
    offer_delivered,
    target_settled,
)
from bot.usecases.postmortem.settings_apart import held_back
from bot.usecases.postmortem.signing import Signing
from bot.usecases.postmortem.terms_changed import TermsChanged, terms_changed
from bot.usecases.postmortem.voiding import was_flagged
from bot.usecases.privacy.erased_copies import gone_from_draft
from bot.usecases.privacy.leaving import left_channels


class DraftDeliveries:
    """The handlers of a revision's deliveries."""

    def __init__(self, client: WebClient, context: SlackContext, signing: Signing) -> None:
        """Nothing is sent yet."""
        self._client = client
        self._context = context
        self._signing = signing

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        return {
            DeliveryKind.OFFER_DRAFT: lambda delivery: attempt(lambda: self._offer(delivery), is_post=True),
            DeliveryKind.SHOW_DRAFT_STATE: lambda delivery: attempt(lambda: self._show(delivery), is_post=False),
        }

    def publish_to_channel(self, delivery: Delivery) -> Outcome:
        """Upload exactly what was signed, with its approval, to the incident's channel."""
        return attempt(lambda: self._publish(delivery), is_post=True)

    def _offer(self, delivery: Delivery) -> Outcome:
        found = self._look_up(delivery)
        if found is None:
            return Sent()
        incident, revision, approval, publications = found
        channel = speaking_channel(incident)
        if not isinstance(channel, str):
            return channel
        if revision.is_erased:
            return self._take_back(delivery, channel, gone_from_draft(incident, revision.number))
        upload = Upload(
            channel=channel,
            name=file_name(incident, revision),
            content=self._signing.content(revision.document),
            text=escape(f"{incident.reference}: draft {revision.number} of the postmortem, whole"),
        )
        shared = share_once(self._client, delivery, upload, self._context.clock.now())
        if not isinstance(shared, str):
            return shared
        names = self._context.directory.name
        text, blocks = offer(incident, revision, approval, publications, names)
        ts = post_once(self._client, delivery, channel, escape(text), blocks)
        command = OfferDelivered(**as_debrief(incident), channel=channel, revision=revision, ts=ts)
        then = follow(offer_delivered, command)
        return sent(delivery, incident, channel, ts=ts, file_ts=shared, draft=revision.number, then=then)

    def _take_back(self, delivery: Delivery, channel: str, sentence: str) -> Outcome:
        """Show nothing any more, and empty what an earlier attempt has left."""
        if delivery.attempts > 1:  # before the file goes, by which its message is known
            take_back(self._client, delivery, channel, sentence)
        if "file" in delivery.result:
            delete_file(self._client, str(delivery.result["file"]))
        return Sent()

    def _show(self, delivery: Delivery) -> Outcome:
        found = self._look_up(delivery)
        where = offer_message(found[3]) if found else None
        if found is None or where is None:
            return Sent()
        incident, revision, approval, publications = found
        channel = self._place_now(incident, where[0])
        if channel is None:
            return Sent()
        names = self._context.directory.name
        with self._context.snapshots.snapshot() as reads:
            is_flagged = was_flagged(reads, incident, revision.number)
            apart = held_back(reads, incident, revision, self._signing) if approval else ""
            approval = approval or nameless_approval(reads, revision)
        shown = (incident, revision, approval, publications, names)
        text, blocks = offer(*shown, is_flagged=is_flagged, apart=apart)
        # An offer that somebody has deleted has no state to show; the verbs still work.
        try:
            edit(self._client, channel, where[1], escape(text), blocks)
        except SlackApiError as error:
            if error_code(error) not in OUT_OF_REACH or self._is_home(incident, channel):
                raise
            # Of an earlier phase, in a channel that was archived since: it must not hold up the one that goes on.
            return Sent()
        return sent(delivery, incident, channel, ts=where[1], draft=None if revision.is_erased else revision.number)

    def _place_now(self, incident: Incident, channel: str) -> str | None:
        """What *channel* is called by now; nothing where the offer may not go on showing the document there.

        The incident may be elsewhere by now.
        """
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(incident.id) or incident
            channel = reads.channel_moves(incident.id).newest(channel)
            if incident.visibility is Visibility.PRIVATE:
                may_show = incident.channel_id == channel and incident.may_speak_in_channel
            else:
                may_show = channel not in left_channels(reads, incident)
        return channel if may_show else None

    def _is_home(self, incident: Incident, channel: str) -> bool:
        """Whether the incident is in *channel* now."""
        with self._context.snapshots.snapshot() as reads:
            now = reads.incident(incident.id) or incident
        return now.channel_id == channel

    def _publish(self, delivery: Delivery) -> Outcome:
        found = self._look_up(delivery)
        if found is None:
            return Sent()
        incident, revision, approval, _ = found
        channel = speaking_channel(incident)
        if not isinstance(channel, str):
            return channel
        if approval is None:
            return self._unpublish(delivery, incident, revision, channel)
        name = self._context.directory.name(approval.approver)
        signed = Signed(incident=incident, revision=revision, approval=approval, name=name)
        content = going_out(self._context.snapshots, signed, str(delivery.arguments["target"]), self._signing)
        if not isinstance(content, KeptBack):
            return self._share_published(delivery, incident, revision, channel, content)
        if not content.apart:
            return self._take_terms_back(delivery, incident, revision, channel)
        self._unpublish(delivery, incident, revision, channel)
        return replace(parked(incident, revision, content.apart), result={})

    def _share_published(
        self, delivery: Delivery, incident: Incident, revision: Revision, channel: str, content: bytes
    ) -> Outcome:
        text = f"{incident.reference}: the postmortem is published. Draft {revision.number}, hash {revision.hash.hex()}"
        name = f"postmortem-{incident.number}.md"
        upload = Upload(channel=channel, name=name, content=content, text=escape(text))
        shared = share_once(self._client, delivery, upload, self._context.clock.now())
        if not isinstance(shared, str):
            return shared
        command = TargetSettled(
            **as_debrief(incident),
            number=incident.number,
            revision=revision,
            target=str(delivery.arguments["target"]),
            where=f"#{incident.channel_name}" if incident.channel_name else NAMELESS_CHANNEL,
        )
        then = follow(target_settled, command)
        return sent(delivery, incident, channel, file_ts=shared, draft=revision.number, then=then)

    def _unpublish(self, delivery: Delivery, incident: Incident, revision: Revision, channel: str) -> Outcome:
        """Publish nothing any more; what Slack has been asked to share was not seen yet, and so is no publication."""
        if "file" not in delivery.result:
            return Sent()
        sentence = (
            gone_from_draft(incident, revision.number)
            if revision.is_erased
            else f"Draft {revision.number} of the postmortem of {incident.reference} is not published: its approval no "
            "longer holds, or it was signed with other settings."
        )
        return self._take_back(delivery, channel, sentence)

    def _take_terms_back(self, delivery: Delivery, incident: Incident, revision: Revision, channel: str) -> Outcome:
        """Take the approval back, once nothing stands in Slack of what it can publish no more."""
        taken_back = self._unpublish(delivery, incident, revision, channel)
        if not isinstance(taken_back, Sent):
            return taken_back
        changed = TermsChanged(**as_debrief(incident), number=incident.number, revision=revision)
        return replace(taken_back, follow_up=follow(terms_changed, changed))

    def _look_up(
        self, delivery: Delivery
    ) -> tuple[Incident, Revision, Approval | None, tuple[Publication, ...]] | None:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            revisions = reads.revisions(incident.id) if incident else ()
            wanted = UUID(str(delivery.arguments["revision"]))
            revision = next((one for one in revisions if one.id == wanted), None)
            if incident is None or revision is None:
                return None
            return incident, revision, standing_approval(reads, revision), reads.publications(revision.id)
