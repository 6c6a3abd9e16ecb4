"""Posts about what waits for somebody, or is not as it seems, as it is at the moment they are sent."""

from collections.abc import Callable, Mapping
from uuid import UUID

from slack_sdk import WebClient

from analysis.approval import SEVERITY_KEYS, is_known, people_behind, worst_severity
from analysis.incident import FOUR_EYES_SEVERITIES, Incident, Visibility
from analysis.slacktext import escape
from analysis.wording import joined
from bot.ports.ledger import Reads
from bot.ports.outbox import Outcome, Sent
from bot.ports.records import Delivery, DeliveryKind, Revision
from bot.slack.blocks.cards import reference_to
from bot.slack.blocks.elements import plain, section, when
from bot.slack.context import SlackContext
from bot.slack.outgoing.posting import attempt, post_once, sent, speaking_channel
from bot.usecases.incident.reminding import About, unsigned
from bot.usecases.postmortem.waiting_drafts import why_again


class Reminders:
    """The handler of these posts; it may be run again after a crash without a second one."""

    def __init__(self, client: WebClient, context: SlackContext) -> None:
        """Nothing is sent yet."""
        self._client = client
        self._context = context

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of its kind."""
        return {DeliveryKind.REMINDER: lambda delivery: attempt(lambda: self._remind(delivery), is_post=True)}

    def _remind(self, delivery: Delivery) -> Outcome:
        with self._context.snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            said = self._said(reads, incident, delivery) if incident else ""
        if incident is None or not said or incident.is_channel_closed:
            return Sent()
        channel = speaking_channel(incident)
        if not isinstance(channel, str):
            return channel
        first = f"*{plain(incident.reference)}* {said}"
        ts = post_once(self._client, delivery, channel, f"{escape(incident.reference)} {said}", [section(first)])
        return sent(delivery, incident, channel, ts=ts)

    def _said(self, reads: Reads, incident: Incident, delivery: Delivery) -> str:
        """What is to be said, as markup; nothing where it is not so any more."""
        match About(delivery.arguments["about"]):
            case About.DUPLICATES:
                return _duplicates(reads, incident)
            case About.COMMANDER:
                return self._commander(incident)
            case About.DRAFT:
                return self._draft(reads, incident, UUID(str(delivery.arguments["revision"])))

    def _commander(self, incident: Incident) -> str:
        commander = incident.commander
        if commander is None or not self._context.directory.is_gone(commander):
            return ""
        command, name = escape(self._context.settings.slack_command), self._context.directory.name(commander)
        return (
            f"The Slack account of {plain(name, 80)}, who is the incident commander, is closed. "
            f"Any responder may take over: `{command} role commander me`."
        )

    def _draft(self, reads: Reads, incident: Incident, wanted: UUID) -> str:
        waiting = unsigned(reads, incident)
        revision = reads.revision(wanted) if waiting and waiting[0].id == wanted else None
        if waiting is None or revision is None:
            return ""
        command = escape(self._context.settings.slack_command)
        again = why_again(reads, incident, revision, self._context.signing)
        if again:
            todo = f"It cannot be approved as it is, because {escape(again)}: `{command} draft` makes another."
        else:
            todo = self._who(reads, incident, revision)
        since = when(waiting[1])
        return f"{self._called(incident)}draft {revision.number} has waited for an approval since {since}. {todo}"

    def _who(self, reads: Reads, incident: Incident, revision: Revision) -> str:
        severity = worst_severity(reads.events_of_kind(incident.id, SEVERITY_KEYS.keys()), incident)
        if severity in self._context.settings.four_eyes_severities | FOUR_EYES_SEVERITIES:
            people = people_behind(revision.authors, self._context.settings.logins)
            if unknown := sorted(one for one in people if not is_known(one)):
                who = plain(unknown[0], 80)
                return (
                    f"Nobody can approve it while it counts as {severity} and nobody can tell who {who} is, who wrote "
                    "a part of it: DEBRIEF_COMMAND_LINE_USERS maps such a login to its person in Slack."
                )
            return f"It counts as {severity}: somebody with the approver role, who wrote no part of it, may approve it."
        return "The incident commander, or somebody with the approver role, may approve it."

    def _called(self, incident: Incident) -> str:
        """The incident commander, so that somebody is notified."""
        commander = incident.commander
        if commander is None or not commander.startswith("slack:") or self._context.directory.is_gone(commander):
            return ""
        return f"<@{commander.removeprefix('slack:')}> "


def _duplicates(reads: Reads, incident: Incident) -> str:
    """Without a title, which may be erased one day."""
    public = [one for one in reads.duplicates_of(incident) if one.visibility is Visibility.PUBLIC]
    if not public:
        return ""
    these = "a duplicate" if len(public) == 1 else "duplicates"
    verb = "is" if len(public) == 1 else "are"
    named = joined([reference_to(one) for one in public])
    return f"{named} {verb} {these} of this incident, and people go on here."
