"""The Slack side as one piece: requests in, deliveries out, started and stopped together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_bolt import App as BoltApp

from bot.ports.outbox import Outcome, Retry
from bot.ports.outside import PeopleStore
from bot.ports.records import Delivery, DeliveryKind
from bot.settings import Settings
from bot.slack.client import Degrading, build_client
from bot.slack.context import SlackContext
from bot.slack.incoming.dropped import DroppedEvents
from bot.slack.incoming.listeners import Afterwards, build_bolt
from bot.slack.outgoing.deliveries import SlackDeliveries
from bot.slack.outgoing.draft_deliveries import DraftDeliveries
from bot.slack.outgoing.group_deliveries import GroupDeliveries
from bot.slack.outgoing.noise_deliveries import NoiseDeliveries
from bot.slack.outgoing.reminders import Reminders
from bot.slack.outgoing.signal_deliveries import SignalDeliveries
from bot.slack.outgoing.strays import Strays
from bot.slack.outgoing.withdrawals import Withdrawals
from bot.slack.serving import ELSEWHERE, Identity, SlackConnection, dispatch_http
from bot.slack.workspace.directory import SlackDirectory
from bot.slack.workspace.learning import PeopleLearning
from bot.usecases.postmortem.signing import Signing

#: What is posted into an incident's channel: what an attempt left whose answer was lost is minded, see `Strays`.
INCIDENT_POSTS = (
    DeliveryKind.CARD,
    DeliveryKind.ANNOUNCE,
    DeliveryKind.SIGNALS,
    DeliveryKind.REMINDER,
    DeliveryKind.OFFER_DRAFT,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSide:
    """What the composition root holds of Slack."""

    context: SlackContext
    bolt: BoltApp
    signing_secret: str = field(repr=False)
    handlers: Mapping[DeliveryKind, Callable[[Delivery], Outcome]]
    publish_to_channel: Callable[[Delivery], Outcome]
    connection: SlackConnection
    afterwards: Afterwards
    dropped: DroppedEvents

    @property
    def is_connected(self) -> bool:
        """Whether Slack can reach us, as far as we know."""
        return self.connection.is_connected

    def dispatch(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], str]:
        """Answer one HTTP request of Slack: status, headers, body."""
        return dispatch_http(
            self.bolt,
            self.signing_secret,
            body,
            headers,
            dropped=self.dropped.notice,
            mistimed=self.dropped.mistimed,
        )

    def start(self) -> None:
        """Connect in the background."""
        self.connection.start()

    def stop(self) -> None:
        """Stop listening, then finish what follows from what was answered."""
        self.connection.stop()
        self.afterwards.stop()
        self.context.stop()


def build_identity(settings: Settings) -> Identity:
    """Who the bot is, asked of Slack once; empty where Slack does not answer."""
    identity = Identity(build_client(settings))
    if identity.client.token:
        identity.learn()
    return identity


def build_slack(
    context: SlackContext,
    identity: Identity,
    *,
    signing: Signing,
    tell: Callable[[str], None],
    draw: Callable[[Mapping[int, int]], bytes],
    may_listen: Callable[[], bool],
) -> SlackSide:
    """Wire the listeners and the deliveries to the record; *tell* reaches the operator, *draw* draws rates.

    While *may_listen* says no, Slack's socket stays closed.
    """
    client, directory, settings = identity.client, context.directory, context.settings
    degrading = Degrading(client, tell)
    directory.set_team(identity.team_id)
    directory.set_own_ids(lambda: {identity.user_id, identity.bot_id})
    bolt, afterwards = build_bolt(context, client, degrading, identity.authorize)
    drafts = DraftDeliveries(client, context, signing)
    strays = Strays(client, context)
    handlers = {
        **SlackDeliveries(client, degrading, context).handlers(),
        **drafts.handlers(),
        **Withdrawals(client, degrading, context).handlers(),
        **GroupDeliveries(client, context, draw).handlers(),
        **SignalDeliveries(client, context).handlers(),
        **NoiseDeliveries(client, context).handlers(),
        **Reminders(client, context).handlers(),
    }
    handlers |= {kind: strays.minded(handlers[kind]) for kind in INCIDENT_POSTS}
    connection = SlackConnection(
        bolt,
        identity,
        app_token=settings.slack_app_token.get_secret_value(),
        learning=PeopleLearning(client, directory, degrading),
        may_listen=may_listen,
        has_signing_secret=bool(settings.slack_signing_secret.get_secret_value()),
    )
    return SlackSide(
        context=context,
        bolt=bolt,
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        handlers={kind: _at_home(identity, handler) for kind, handler in handlers.items()},
        publish_to_channel=_at_home(identity, strays.minded(drafts.publish_to_channel)),
        connection=connection,
        afterwards=afterwards,
        dropped=DroppedEvents(context.clock, tell),
    )


def build_directory(store: PeopleStore, settings: Settings) -> SlackDirectory:
    """The people, as the last run knew them."""
    return SlackDirectory(store, settings)


def _at_home(identity: Identity, handler: Callable[[Delivery], Outcome]) -> Callable[[Delivery], Outcome]:
    """*handler*, which posts nothing where the token is of another workspace than the record."""

    def run(delivery: Delivery) -> Outcome:
        return Retry(because=ELSEWHERE) if identity.is_elsewhere() else handler(delivery)

    return run
