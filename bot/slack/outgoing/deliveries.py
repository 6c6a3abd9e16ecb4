"""What each kind of delivery does in Slack, rendered from the record at the moment it is sent."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from analysis.errors import Conflict
from analysis.events import Source, TimelineEvent
from analysis.incident import Incident, Role, Visibility
from analysis.overtaken import OVERTAKING, is_overtaken
from analysis.slacktext import escape, slug
from analysis.timeline import timeline
from bot.ports.outbox import FollowUp, Outcome, Park, Retry, Sent
from bot.ports.records import HELD_BACK, Delivery, DeliveryKind
from bot.slack.blocks.cards import announcement, card, headline, still_to_say
from bot.slack.blocks.elements import dated, plain, section, zoned
from bot.slack.blocks.originals import original_of
from bot.slack.blocks.sentences import OF_ALERTS
from bot.slack.client import TOKEN_TROUBLE, TRANSPORT_ERRORS, Degrading, error_code, outcome_of
from bot.slack.context import SlackContext
from bot.slack.incoming.happenings import message_version
from bot.slack.outgoing.posting import (
    CLOCK_SLACK_SECONDS,
    PAUSE,
    as_debrief,
    attempt,
    edit,
    find_message,
    follow,
    is_of_another_app,
    is_post_of,
    post_once,
    sent,
    speaking_channel,
)
from bot.slack.outgoing.withdrawals import take_back
from bot.usecases.asking import incident_lane
from bot.usecases.incident.channels import CardPosted, LinkChannel, card_posted, link_channel
from bot.usecases.incident.show_card import ShowCard, show_card
from bot.usecases.privacy.erased_copies import GONE
from bot.usecases.privacy.leaving import linked_channels
from bot.usecases.signals.list_signals import signals_of, signals_summary
from bot.usecases.timeline.messages import CaptureMessage, capture_message

log = logging.getLogger(__name__)

CHANNEL_NAME_LETTERS = 80
TOPIC_LETTERS = 250
#: A post that comes so long after what it says names the time of it.
LATE = timedelta(minutes=1)
UNREAD = "messages that people mark come onto the timeline without their text, and whoever marks one is told so"
#: In what a delivery remembers: the attempt that surely told nobody.
_NOT_TOLD = "not_told"
#: The person has left, so there is nobody to tell.
UNREACHABLE = frozenset({"user_not_in_channel", "user_not_found"})


class SlackDeliveries:
    """The handlers of incident deliveries; each may be run again after a crash without a second message."""

    def __init__(self, client: WebClient, degrading: Degrading, context: SlackContext) -> None:
        """Nothing is sent yet."""
        self._client = client
        self._degrading = degrading
        self._context = context

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of each kind."""
        posts = {
            DeliveryKind.CARD: self._card,
            DeliveryKind.ANNOUNCE: self._announce,
        }
        calls = {
            DeliveryKind.OPEN_CHANNEL: self._open_channel,
            DeliveryKind.INVITE: self._invite,
            DeliveryKind.TOPIC: self._topic,
            DeliveryKind.PIN_CARD: self._pin,
            DeliveryKind.FETCH_MESSAGE: self._fetch,
            DeliveryKind.TELL_PERSON: self._tell_person,
            DeliveryKind.TELL_OPERATOR: self._tell_operator,
        }
        return {
            **{kind: _guarded(handler, is_post=True) for kind, handler in posts.items()},
            **{kind: _guarded(handler, is_post=False) for kind, handler in calls.items()},
        }

    def _open_channel(self, delivery: Delivery) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            known = linked_channels(reads, incident) if incident else frozenset()
        if incident is None or incident.has_open_channel:
            return Sent()
        name = channel_name(self._context.settings.channel_prefix, incident)
        try:
            channel = self._create(delivery, incident, name, known)
        except Conflict as error:
            return Park(because=error.message)
        linked = LinkChannel(
            **as_debrief(incident),
            number=incident.number,
            channel=channel["id"],
            channel_name=channel["name"],
            is_private=bool(channel["is_private"]),
        )
        return Sent(result={"channel": channel["id"]}, follow_up=follow(link_channel, linked))

    def _create(self, delivery: Delivery, incident: Incident, name: str, known: frozenset[str]) -> Mapping[str, Any]:
        """Create the channel, or find the one of an attempt that died; a name that is taken gets a suffix.

        One from an attempt that died while the incident was public
        is taken all the same: it is on record then, and left.
        """
        names = [f"{name[: CHANNEL_NAME_LETTERS - len(end)]}{end}" for end in ("", *(f"-{n}" for n in range(2, 10)))]
        adopted = self._ours(frozenset(names), incident, known) if delivery.attempts > 1 else None
        if adopted:
            return adopted
        private = incident.visibility is Visibility.PRIVATE or None
        for wanted in names:
            try:
                channel: Mapping[str, Any] = self._client.conversations_create(name=wanted, is_private=private)[
                    "channel"
                ]
            except SlackApiError as error:
                if error_code(error) != "name_taken":
                    raise
            else:
                is_private = bool(channel.get("is_private", private))
                if private and not is_private:
                    message = "Slack made a public channel although a private one was asked for"
                    raise Conflict(message)
                return {**channel, "is_private": is_private}
        # Without the name, which holds the title: the operator is told this of private incidents, too.
        message = "Slack has a channel of every name that this one could get, up to the ending -9; rename one of them"
        raise Conflict(message)

    def _ours(self, names: frozenset[str], incident: Incident, known: frozenset[str]) -> Mapping[str, Any] | None:
        """A channel of one of these names that this bot created after the declaration, and that is not on record."""
        cursor = ""
        me = self._client.auth_test()["user_id"]
        while True:
            page = self._client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=1000, cursor=cursor
            )
            for channel in page["channels"]:
                is_new = channel.get("created", 0) >= incident.declared_at.timestamp() - CLOCK_SLACK_SECONDS
                is_ours = channel.get("creator") == me and is_new and channel["id"] not in known
                if is_ours and channel["name"] in names:
                    return dict(channel)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None

    def _card(self, delivery: Delivery) -> Outcome:
        shown = self._shown_card(delivery)
        if shown is None:
            return Sent()
        incident, text, blocks = shown
        channel = speaking_channel(incident)
        if not isinstance(channel, str):
            return channel
        if incident.card_ts and self._edit_card(incident, channel, incident.card_ts, text, blocks):
            return sent(delivery, incident, channel, ts=incident.card_ts)
        if delivery.lane != incident_lane(incident):
            # Meant for an earlier channel: this one gets its card by its own lane, and only one.
            return Sent()
        ts = post_once(self._client, delivery, channel, text, blocks)
        posted = CardPosted(**as_debrief(incident), number=incident.number, channel=channel, ts=ts)
        return sent(delivery, incident, channel, ts=ts, then=follow(card_posted, posted))

    def _edit_card(self, incident: Incident, channel: str, ts: str, text: str, blocks: list[dict[str, Any]]) -> bool:
        """Edit the card; false where there is none to edit, and a new one is needed.

        In a channel that was archived it stays as it is, because nobody works there any more.
        """
        try:
            return edit(self._client, channel, ts, text, blocks)
        except SlackApiError as error:
            if incident.is_channel_closed and error_code(error) == "is_archived":
                return True
            if is_of_another_app(error):
                return False
            raise

    def _shown_card(self, delivery: Delivery) -> tuple[Incident, str, list[dict[str, Any]]] | None:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            if incident is None:
                return None
            events = reads.events(incident.id)
            entries, held = timeline(events), still_to_say(reads.held_posts(incident.id), events, incident)
            shown = (reads.head(incident.id), self._context.directory.name, held)
            found = signals_summary(signals_of(reads, incident))
            original, is_gone = original_of(reads, incident), self._context.directory.is_gone
            blocks = card(incident, entries, *shown, original=original, signals=found, is_gone=is_gone)
        return incident, escape(headline(incident)), blocks

    def _announce(self, delivery: Delivery) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            wanted = str(delivery.arguments["event"])
            events = reads.events_about(incident.id, wanted) if incident else ()
            event = next((event for event in events if event.natural_key == wanted), None)
            if incident is None or event is None:
                return Sent()
            head, original = reads.head(incident.id), original_of(reads, incident)
            others = reads.events_of_kind(incident.id, OVERTAKING)
        channel = speaking_channel(incident)
        if not isinstance(channel, str):
            return channel
        if event.erased or is_overtaken(event, others, incident.severity):
            return self._leave_unsaid(delivery, incident, event, channel)
        is_late = self._context.clock.now() - event.recorded_at >= LATE
        shown = (incident, event, self._context.directory.name, head)
        text, blocks = announcement(*shown, original=original, is_late=is_late)
        told = escape(text)
        said = zoned(told) if event.kind in OF_ALERTS else dated(told, [event.recorded_at] if is_late else [])
        ts = post_once(self._client, delivery, channel, said, blocks)
        return sent(delivery, incident, channel, ts=ts, entry=event.seq, then=_after_holding(delivery, incident))

    def _leave_unsaid(self, delivery: Delivery, incident: Incident, event: TimelineEvent, channel: str) -> Outcome:
        """Post nothing; what an earlier attempt has left is emptied if it was erased, else its place is kept."""
        then = _after_holding(delivery, incident)
        if event.erased and delivery.attempts > 1:
            take_back(self._client, delivery, channel, GONE)
        elif delivery.attempts > 1 and (ts := find_message(self._client, delivery, channel, is_post_of)):
            return sent(delivery, incident, channel, ts=ts, entry=event.seq, then=then)
        return Sent(follow_up=then)

    def _invite(self, delivery: Delivery) -> Outcome:
        incident = self._incident(delivery)
        if incident is None or incident.channel_id is None:
            return Sent()
        people = [
            person.removeprefix("slack:") for person in _invited(incident, delivery) if person.startswith("slack:")
        ]
        fine = {"already_in_channel", "cant_invite_self", "user_not_found", "user_is_restricted"}
        fine |= {"is_archived"} if incident.is_channel_closed else set()
        refused = None
        for person in people:
            # One by one: Slack refuses a whole list for one who is there already.
            try:
                self._degrading.call(
                    "conversations.invite", fine=frozenset(fine), channel=incident.channel_id, users=person
                )
            except SlackApiError as error:
                outcome = outcome_of(error, is_post=False)
                if not isinstance(outcome, Park) or outcome.whole_lane:
                    raise
                refused = outcome  # of this person alone: the others are invited all the same
        return refused or Sent()

    def _topic(self, delivery: Delivery) -> Outcome:
        incident = self._incident(delivery)
        if incident is None or incident.channel_id is None or not incident.may_speak_in_channel:
            return Sent()
        topic = plain(headline(incident), TOPIC_LETTERS)
        self._degrading.call("conversations.setTopic", channel=incident.channel_id, topic=topic)
        return Sent()

    def _pin(self, delivery: Delivery) -> Outcome:
        incident = self._incident(delivery)
        if incident is None or incident.channel_id is None or incident.card_ts is None:
            return Sent()
        fine = frozenset({"already_pinned"})
        self._degrading.call("pins.add", fine=fine, channel=incident.channel_id, timestamp=incident.card_ts)
        return Sent()

    def _fetch(self, delivery: Delivery) -> Outcome:
        """Read exactly the marked message: on a thread reply, a history look-up would give another one."""
        incident = self._incident(delivery)
        channel, ts = str(delivery.arguments["channel"]), str(delivery.arguments["ts"])
        if incident is None:
            return Sent()
        try:
            answer = self._client.conversations_replies(channel=channel, ts=ts, latest=ts, inclusive=True, limit=1)
            found = next((message for message in answer["messages"] if message.get("ts") == ts), None)
        except SlackApiError as error:
            code = error_code(error)
            if code in TOKEN_TROUBLE or not isinstance(outcome_of(error, is_post=False), Park):
                raise
            log.warning("marked message not read", extra={"channel": channel, "because": code})
            self._degrading.tell_if_lacking("conversations.replies", code, so=UNREAD)
            found = None
        # By whichever door a message's text comes in, it is the same fact: what Slack says was written.
        fields = {**as_debrief(incident), "source": Source.SLACK}
        version = message_version(found, self._context.directory.name)
        command = CaptureMessage(**fields, number=incident.number, channel=channel, ts=ts, version=version)
        return Sent(follow_up=follow(capture_message, command))

    def _tell_person(self, delivery: Delivery) -> Outcome:
        """Tell one person, at most once: an ephemeral message cannot be found again.

        It is tried again where the last attempt surely told nobody, as one that Slack asked to wait with. Where nobody
        can be told, as in a channel that Debrief is not in, it ends: behind it waits what the incident's channel reads.
        """
        if delivery.attempts > 1 and delivery.result.get(_NOT_TOLD) != delivery.attempts - 1:
            return Sent()
        person = str(delivery.arguments["person"]).removeprefix("slack:")
        text = zoned(escape(str(delivery.arguments["sentence"])))
        try:
            self._client.chat_postEphemeral(channel=str(delivery.arguments["channel"]), user=person, text=text)
        except (SlackApiError, *TRANSPORT_ERRORS) as error:
            code, outcome = (
                error_code(error) if isinstance(error, SlackApiError) else "",
                outcome_of(error, is_post=True),
            )
            is_closed = isinstance(outcome, Park) and outcome.whole_lane and code not in TOKEN_TROUBLE
            if is_closed or code in UNREACHABLE:
                log.warning("nobody there to tell", extra={"delivery": str(delivery.id), "because": code})
                return Sent()
            return _not_told(delivery, outcome)
        return Sent()

    def _tell_operator(self, delivery: Delivery) -> Outcome:
        sentence = str(delivery.arguments["sentence"])
        channel = self._context.settings.operations_channel
        if delivery.attempts == 1:
            log.warning("operator note", extra={"note": sentence})
        if not channel:
            return Sent()
        try:
            post_once(self._client, delivery, channel, escape(sentence), [section(escape(sentence))])
        except SlackApiError as error:
            outcome = outcome_of(error, is_post=True)
            # The next note may find the channel in order again.
            return replace(outcome, whole_lane=False) if isinstance(outcome, Park) else outcome
        return Sent(pause=PAUSE)

    def _incident(self, delivery: Delivery) -> Incident | None:
        with self._context.snapshots.snapshot() as reads:
            return reads.incident(delivery.incident_id) if delivery.incident_id else None


def channel_name(prefix: str, incident: Incident) -> str:
    """`inc-<number>-<slug>`, within what Slack takes."""
    return f"{prefix}-{incident.number}-{slug(incident.title)}"[:CHANNEL_NAME_LETTERS]


def _not_told(delivery: Delivery, outcome: Outcome) -> Outcome:
    """*outcome* of an attempt, which remembers that this one told nobody, unless it may have."""
    if isinstance(outcome, Retry) and outcome.is_unknown:
        return replace(outcome, is_unknown=False)  # nobody can look for it
    if isinstance(outcome, Retry | Park):
        return replace(outcome, result={**delivery.result, _NOT_TOLD: delivery.attempts})
    return outcome


def _invited(incident: Incident, delivery: Delivery) -> Sequence[str]:
    """Whom to invite: into a private incident nobody whose role, for which they were invited, is theirs no more."""
    people: Sequence[str] = delivery.arguments["people"]
    role = delivery.arguments.get("role")
    if role is None or incident.visibility is Visibility.PUBLIC:
        return people
    return [person for person in people if incident.roles.get(Role(role)) == person]


def _after_holding(delivery: Delivery, incident: Incident) -> FollowUp | None:
    """Draw the card anew, which says of a message that was held back that it is yet to come."""
    return follow(show_card, ShowCard(incident_id=incident.id)) if delivery.result.get(HELD_BACK) else None


def _guarded(handler: Callable[[Delivery], Outcome], *, is_post: bool) -> Callable[[Delivery], Outcome]:
    def run(delivery: Delivery) -> Outcome:
        return attempt(lambda: handler(delivery), is_post=is_post)

    return run
