"""The composition root: the one place that builds objects, and starts and stops them in order."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from analysis.errors import DebriefError
from analysis.events import Source
from analysis.incident import FOUR_EYES_SEVERITIES
from analysis.people import Person
from bot.flows.anchoring import Anchoring
from bot.flows.dispatcher import Dispatcher
from bot.flows.publishing import Publications
from bot.ports.outside import Clock, Publisher
from bot.ports.records import Changes, DeliveryKind
from bot.publish.git import GitPublisher
from bot.render.templates import TemplateRenderer
from bot.settings import Settings
from bot.slack.context import SlackContext
from bot.slack.directory import SlackDirectory
from bot.slack.side import SlackSide, build_directory, build_identity, build_slack
from bot.store.opening import Store, open_store
from bot.store.workspaces import UNNAMED_TEAM
from bot.telemetry.metrics import Metrics
from bot.usecases.approving import Approve, Approving
from bot.usecases.asking import Command
from bot.usecases.drafting import Drafting, MakeDraft
from bot.usecases.open_log import open_log
from bot.usecases.publishing import CHANNEL, Publish, Publishing
from bot.usecases.signing import Signing
from bot.usecases.tell_operator import TellOperator, tell_operator
from bot.usecases.verbs import Asker, Request
from bot.web.app import WebContext, build_web

log = logging.getLogger(__name__)

Late = Mapping[str, Callable[[Asker, str], Request]]


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything that runs in one process; `web` is the ASGI application to serve."""

    settings: Settings
    store: Store
    workspace_id: UUID
    directory: SlackDirectory
    late: Late
    slack: SlackSide
    web: Any
    dispatcher: Dispatcher
    anchoring: Anchoring

    def start(self) -> None:
        """Begin to send, to anchor, and to listen to Slack."""
        self.dispatcher.start()
        self.anchoring.start()
        self.slack.start()

    def stop(self) -> None:
        """Stop listening first, then finish what was begun."""
        self.slack.stop()
        self.dispatcher.stop()
        self.anchoring.stop()
        self.store.close()


def build(settings: Settings, *, clock: Clock | None = None) -> App:
    """Build the whole application on an opened, migrated database; *clock* is the machine's where none is given.

    Raises
    ------
    analysis.errors.Unavailable
        If the database or its key cannot be opened; the sentence says what to do.
    """
    clock = clock or SystemClock()
    store = open_store(settings, clock)
    identity = build_identity(settings)
    workspace_id = open_workspace(store, identity.team_id or UNNAMED_TEAM, identity.team_name)
    directory = build_directory(store.people, settings)
    signing = build_signing(settings)
    late = build_late(settings, signing, directory.name)
    context = SlackContext(
        settings=settings,
        workspace_id=workspace_id,
        writer=store.writer,
        snapshots=store.snapshots,
        directory=directory,
        clock=clock,
        late=late,
    )
    slack = build_slack(context, identity, signing=signing, tell=partial(tell_the_operator, store))
    dispatcher = _build_dispatcher(settings, store, slack, clock, signing, directory)
    metrics = Metrics()
    store.writer.add_commit_hook(metrics.count)
    store.writer.add_commit_hook(partial(_wake_for_deliveries, dispatcher))
    return App(
        settings=settings,
        store=store,
        workspace_id=workspace_id,
        directory=directory,
        late=late,
        slack=slack,
        web=_build_web(settings, store, slack, clock, workspace_id, metrics),
        dispatcher=dispatcher,
        anchoring=Anchoring(store.anchors, settings.anchor_interval_seconds),
    )


def open_workspace(store: Store, team_id: str, name: str) -> UUID:
    """The id of the workspace, with its own log open."""
    workspace_id = store.workspace(team_id, name)
    command = Command(
        person=Person(id="debrief"), workspace_id=workspace_id, natural_key="debrief:log", source=Source.DEBRIEF
    )
    store.writer.submit(open_log, command).result()
    return workspace_id


def tell_the_operator(store: Store, sentence: str) -> None:
    """Log a note for the operator and queue it for the operations channel."""
    log.warning("operator note", extra={"note": sentence})
    store.writer.submit(tell_operator, TellOperator(sentence=sentence))


def build_signing(settings: Settings) -> Signing:
    """How documents are rendered and where they go, as configured."""
    git = ("git",) if settings.publish_git_dir else ()
    return Signing(
        renderer=TemplateRenderer(),
        targets=(*git, CHANNEL),
        audience=settings.audience,
        private_targets=(CHANNEL,),
    )


def build_late(settings: Settings, signing: Signing, names: Callable[[str], str]) -> Late:
    """The verbs whose use cases need more than the record: templates, names, the floor."""
    drafting = Drafting(signing=signing, names=names)
    approving = Approving(signing=signing, floor=settings.four_eyes_severities | FOUR_EYES_SEVERITIES)
    publishing = Publishing(signing=signing)

    def draft(asker: Asker, _: str) -> Request:
        return Request(use_case=drafting, command=MakeDraft(**asker.on_incident()))

    def approve(asker: Asker, words: str) -> Request:
        return Request(use_case=approving, command=Approve(**asker.on_incident(), hash_prefix=words))

    def publish(asker: Asker, words: str) -> Request:
        said = words.strip().lower()
        prefix = "" if said == "confirm" else said
        command = Publish(**asker.on_incident(), is_confirmed=bool(said), hash_prefix=prefix)
        return Request(use_case=publishing, command=command)

    return {"draft": draft, "approve": approve, "publish": publish}


def build_publishers(settings: Settings) -> dict[str, Publisher]:
    """The publishers of the configured targets outside Slack."""
    if settings.publish_git_dir is None:
        return {}
    publisher = GitPublisher(
        settings.publish_git_dir,
        path=settings.publish_git_path,
        branch=settings.publish_git_branch,
        author=settings.publish_git_author,
        push=settings.publish_git_push,
    )
    return {"git": publisher}


def health(store: Store, slack: SlackSide) -> dict[str, Any]:
    """What `/healthz` says: `ok` while the record can be read and written."""
    try:
        lanes = store.lane_report()
    except DebriefError as error:
        return {"status": "failing", "database": error.message}
    return {"status": "ok", "slack": "connected" if slack.is_connected else "waiting", **lanes}


def _wake_for_deliveries(dispatcher: Dispatcher, written: Sequence[Changes]) -> None:
    """Send at once what was committed; the dispatcher's own bookkeeping commits too and must not wake it."""
    if any(changes.deliveries for changes in written):
        dispatcher.wake()


def _build_dispatcher(
    settings: Settings, store: Store, slack: SlackSide, clock: Clock, signing: Signing, directory: SlackDirectory
) -> Dispatcher:
    publications = Publications(
        build_publishers(settings),
        slack.publish_to_channel,
        snapshots=store.snapshots,
        signing=signing,
        names=directory.name,
    )
    return Dispatcher(
        store.outbox,
        {**slack.handlers, DeliveryKind.PUBLISH: publications.publish},
        clock,
        tell_operator=partial(tell_the_operator, store),
        may_send=store.sole_sender.holds,
    )


def _build_web(
    settings: Settings, store: Store, slack: SlackSide, clock: Clock, workspace_id: UUID, metrics: Metrics
) -> Any:  # noqa: ANN401 - an ASGI application; the root knows no vendor
    context = WebContext(
        settings=settings,
        workspace_id=workspace_id,
        writer=store.writer,
        clock=clock,
        slack=slack.dispatch,
        health=lambda: health(store, slack),
        metrics=metrics.render,
    )
    return build_web(context)
