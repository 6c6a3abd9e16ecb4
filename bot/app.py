"""The composition root: the one place that builds objects, and starts and stops them in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from analysis.alerts.topology import Topology
from bot.flows.anchoring import Anchoring
from bot.flows.dispatcher import Dispatcher
from bot.flows.grouping import Grouping
from bot.flows.health import Health
from bot.flows.housekeeping import Housekeeping
from bot.flows.probing import Probing
from bot.flows.publishing import Publications
from bot.late import Late, build_drafts, build_late, build_signing
from bot.parts import SystemClock, open_workspace, read_service_graph
from bot.ports.outside import Clock, Publisher
from bot.ports.records import Changes, DeliveryKind
from bot.publish.git import GitPublisher
from bot.settings import Settings
from bot.slack.context import SlackContext
from bot.slack.directory import SlackDirectory
from bot.slack.side import SlackSide, build_directory, build_identity, build_slack
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.store.workspaces import UNNAMED_TEAM
from bot.telemetry.metrics import Metrics
from bot.usecases.signing import Signing
from bot.usecases.tell_operator import TellOperator, tell_operator
from bot.web.app import WebContext, build_web


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
    housekeeping: Housekeeping
    probing: Probing
    grouping: Grouping

    def start(self) -> None:
        """Begin to send, to anchor, to keep house, and to listen to Slack."""
        self.probing.start()
        self.housekeeping.start()
        self.dispatcher.start()
        self.grouping.start()
        self.anchoring.start()
        self.slack.start()

    def stop(self) -> None:
        """Stop listening first, then finish what was begun."""
        self.slack.stop()
        self.grouping.stop()
        self.dispatcher.stop()
        self.anchoring.stop()
        self.housekeeping.stop()
        self.probing.stop()
        self.store.close()


def build(settings: Settings, *, clock: Clock | None = None) -> App:
    """Build the whole application on an opened, migrated database; *clock* is the machine's where none is given.

    Raises
    ------
    analysis.errors.Unavailable
        If the database or its key cannot be opened; the sentence says what to do.
    """
    clock = clock or SystemClock()
    store = open_store(settings, clock, prepare=upgrade)
    try:
        return _build_on(store, settings, clock)
    except BaseException:
        store.close()
        raise


def tell_the_operator(store: Store, sentence: str) -> None:
    """Queue a note for the operator; it is logged when it is sent."""
    store.writer.submit(tell_operator, TellOperator(sentence=sentence))


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


def _build_on(store: Store, settings: Settings, clock: Clock) -> App:
    identity = build_identity(settings)
    workspace_id = open_workspace(store, identity.team_id or UNNAMED_TEAM, identity.team_name)
    directory = build_directory(store.people, settings)
    signing = build_signing(settings)
    context = SlackContext(
        settings=settings,
        workspace_id=workspace_id,
        writer=store.writer,
        snapshots=store.snapshots,
        directory=directory,
        clock=clock,
        late=build_late(settings, signing),
        signing=signing,
    )
    slack = build_slack(context, identity, signing=signing, tell=partial(tell_the_operator, store))
    dispatcher = _build_dispatcher(settings, store, slack, clock, signing, directory)
    metrics = Metrics()
    store.writer.add_commit_hook(metrics.count)
    store.writer.add_commit_hook(partial(_wake_for_deliveries, dispatcher))
    grouping = _build_grouping(settings, store, workspace_id)
    store.writer.add_commit_hook(partial(_wake_for_alerts, grouping))
    anchoring = Anchoring(
        store.anchors, settings.anchor_interval_seconds, tell_operator=partial(tell_the_operator, store)
    )
    probing = Probing(store.probe, interval_seconds=settings.probe_interval_seconds)
    health = _build_health(settings, store, slack, clock, workspace_id, anchoring, probing)
    return App(
        settings=settings,
        store=store,
        workspace_id=workspace_id,
        directory=directory,
        late=context.late,
        slack=slack,
        web=_build_web(settings, store, slack, clock, workspace_id, metrics, health),
        dispatcher=dispatcher,
        anchoring=anchoring,
        housekeeping=Housekeeping(store.expiry),
        probing=probing,
        grouping=grouping,
    )


def _wake_for_deliveries(dispatcher: Dispatcher, written: Sequence[Changes]) -> None:
    """Send at once what was committed; the dispatcher's own bookkeeping commits too and must not wake it."""
    if any(changes.deliveries for changes in written):
        dispatcher.wake()


def _wake_for_alerts(grouping: Grouping, written: Sequence[Changes]) -> None:
    """Group at once what was taken or said; what grouping itself wrote must not wake it."""
    if any(changes.alerts or (changes.groups and changes.groups.batch is None) for changes in written):
        grouping.wake()


def _build_grouping(settings: Settings, store: Store, workspace_id: UUID) -> Grouping:
    graph = read_service_graph(settings.service_graph)
    return Grouping(
        store.snapshots,
        store.writer,
        workspace_id,
        is_told=bool(settings.alerts_channel),
        topology=Topology(graph.graph),
        graph=graph.digest,
        may_group=lambda: store.sole_sender.is_held,
    )


def _build_dispatcher(
    settings: Settings, store: Store, slack: SlackSide, clock: Clock, signing: Signing, directory: SlackDirectory
) -> Dispatcher:
    publications = Publications(
        build_publishers(settings),
        slack.publish_to_channel,
        clock=clock,
        snapshots=store.snapshots,
        signing=signing,
        names=directory.name,
    )
    drafts = build_drafts(signing, store.snapshots, directory.name)
    return Dispatcher(
        store.outbox,
        {**slack.handlers, DeliveryKind.MAKE_DRAFT: drafts.make, DeliveryKind.PUBLISH: publications.publish},
        clock,
        may_send=store.sole_sender.holds,
    )


def _build_health(
    settings: Settings,
    store: Store,
    slack: SlackSide,
    clock: Clock,
    workspace_id: UUID,
    anchoring: Anchoring,
    probing: Probing,
) -> Health:
    def facts() -> dict[str, Any]:
        seconds = anchoring.seconds_since_success if settings.anchors_file else None
        return {
            "slack": "connected" if slack.is_connected else "waiting",
            "sends": store.sole_sender.is_held,
            "anchored_seconds_ago": None if seconds is None else round(seconds),
        }

    def lanes() -> dict[str, Any]:
        report = store.lane_report()
        oldest = report.pop("oldest_open_at")
        return {
            **report,
            "oldest_open_seconds": oldest and round((clock.now() - oldest).total_seconds()),
            "alerts_ungrouped_seconds": _ungrouped_seconds(store, workspace_id, clock),
        }

    return Health(lanes, writer_problem=lambda: probing.problem, facts=facts)


def _ungrouped_seconds(store: Store, workspace_id: UUID, clock: Clock) -> int | None:
    """How long the oldest alert that is not grouped has waited; `None` where there is none."""
    with store.snapshots.snapshot() as reads:
        position = reads.groups.position(workspace_id)
        waiting = reads.groups.events(workspace_id, after=position.seq, limit=1)
    return round((clock.now() - waiting[0].alert.received_at).total_seconds()) if waiting else None


def _build_web(
    settings: Settings,
    store: Store,
    slack: SlackSide,
    clock: Clock,
    workspace_id: UUID,
    metrics: Metrics,
    health: Health,
) -> Any:  # noqa: ANN401 - an ASGI application; the root knows no vendor
    context = WebContext(
        settings=settings,
        workspace_id=workspace_id,
        writer=store.writer,
        clock=clock,
        slack=slack.dispatch,
        health=health,
        metrics=metrics.render,
        count_refusal=metrics.count_refusal,
    )
    return build_web(context)
