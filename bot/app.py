"""The composition root: the one place that builds objects, and starts and stops them in order."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any
from uuid import UUID

from analysis.events import EventKind
from bot.audited import put_settings_on_record
from bot.background import Reports, build_grouping, build_relating, build_reports
from bot.flows.alerts.grouping import Grouping
from bot.flows.alerts.relating import Relating
from bot.flows.anchoring import Anchoring
from bot.flows.dispatcher import Dispatcher
from bot.flows.heartbeat import Heartbeat, NoHeartbeat
from bot.flows.housekeeping import Housekeeping
from bot.flows.patience import Stopping
from bot.flows.probing import Probing
from bot.flows.publishing import Publications
from bot.late import (
    Late,
    build_author,
    build_drafts,
    build_governance,
    build_late,
    build_signing,
    build_styling,
    governed_by,
    patience_of,
)
from bot.outward import build_heartbeat, build_pager, build_paging
from bot.pager.building import TITLES, PagerSide
from bot.pager.config import PagerFile, read_pager_file
from bot.parts import SystemClock, open_workspace
from bot.ports.outside import Clock, Publisher
from bot.ports.records import Changes, DeliveryKind
from bot.publish.git import GitPublisher
from bot.render.charts import rate_chart
from bot.settings import Settings
from bot.slack.context import SlackContext
from bot.slack.side import SlackSide, build_directory, build_identity, build_slack
from bot.slack.workspace.directory import SlackDirectory
from bot.slack.workspace.emails import SlackEmails
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.store.workspaces import UNNAMED_TEAM
from bot.telemetry.metrics import Metrics
from bot.usecases.paging.forward_alerts import Forwarding
from bot.usecases.paging.requests import page_requests
from bot.usecases.postmortem.signing import Signing
from bot.usecases.tell_operator import TellOperator, tell_operator
from bot.watched import Watched
from bot.web.app import WebContext, build_web
from bot.web.page_reports import PagerPeople


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
    paging: Dispatcher
    anchoring: Anchoring
    housekeeping: Housekeeping
    probing: Probing
    grouping: Grouping
    relating: Relating
    heartbeat: Heartbeat | NoHeartbeat
    reports: Reports
    stopping: Stopping

    def start(self) -> None:
        """Begin to send, to anchor, to keep house, and to listen to Slack."""
        self.probing.start()
        self.housekeeping.start()
        self.dispatcher.start()
        self.paging.start()
        self.grouping.start()
        self.relating.start()
        self.reports.start()
        self.anchoring.start()
        self.slack.start()
        self.heartbeat.start()

    def stop(self) -> None:
        """Stop listening first, then finish what was begun; a model that is asked is not waited for."""
        self.stopping.begin()
        self.heartbeat.stop()
        self.slack.stop()
        self.reports.stop()
        self.grouping.stop()
        self.relating.stop()
        self.dispatcher.stop()
        self.paging.stop()
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
    pager_file = read_pager_file(settings)
    store = open_store(settings, clock, prepare=upgrade)
    try:
        return _build_on(pager_file, store, settings, clock)
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


def _build_on(pager_file: PagerFile, store: Store, settings: Settings, clock: Clock) -> App:
    identity = build_identity(settings)
    workspace_id = open_workspace(store, identity.team_id or UNNAMED_TEAM, identity.team_name)
    identity.home = store.team(workspace_id)
    build_governance(settings, store).take_stock(workspace_id)
    directory = build_directory(store.people, settings)
    signing = build_signing(settings)
    put_settings_on_record(settings, store, workspace_id, templates=signing.version)
    pager = build_pager(pager_file, settings, store, clock, SlackEmails(identity.client))
    context = _build_context(settings, store, workspace_id, directory, clock, signing, pager)
    tell = partial(tell_the_operator, store)
    slack = build_slack(context, identity, signing=signing, tell=tell, draw=rate_chart, may_listen=store.knows_tables)
    stopping = Stopping()
    dispatcher = _build_dispatcher(settings, store, slack, clock, signing, directory, stopping)
    paging = build_paging(store, pager, clock)
    metrics, grouping = _build_metrics(settings, store), build_grouping(settings, store, workspace_id)
    relating = build_relating(store, workspace_id, grouping)
    _hear_commits(store, metrics, (dispatcher, paging), grouping, relating)
    watched = _build_watched(settings, store, slack, clock, workspace_id, pager)
    web = _build_web(settings, store, slack, clock, workspace_id, metrics, watched, pager)
    watched.heartbeat = build_heartbeat(pager, store, paging, clock, watched.probing, web)
    return App(
        settings=settings,
        store=store,
        workspace_id=workspace_id,
        directory=directory,
        late=context.late,
        slack=slack,
        web=web,
        dispatcher=dispatcher,
        paging=paging,
        anchoring=watched.anchoring,
        housekeeping=Housekeeping(store.expiry),
        probing=watched.probing,
        grouping=grouping,
        relating=relating,
        heartbeat=watched.heartbeat,
        reports=build_reports(settings, store, workspace_id, clock, directory, stopping),
        stopping=stopping,
    )


def _build_watched(
    settings: Settings, store: Store, slack: SlackSide, clock: Clock, workspace_id: UUID, pager: PagerSide
) -> Watched:
    tell = partial(tell_the_operator, store)
    return Watched(
        settings=settings,
        store=store,
        slack=slack,
        clock=clock,
        workspace_id=workspace_id,
        anchoring=Anchoring(store.anchors, settings.anchor_interval_seconds, tell_operator=tell),
        probing=Probing(store.probe, interval_seconds=settings.probe_interval_seconds),
        services=frozenset(route.service for route in pager.file.routes),
    )


def _build_metrics(settings: Settings, store: Store) -> Metrics:
    database = "sqlite" if store.database.is_sqlite else "postgresql"
    return Metrics(version=version("debrief"), database=database, alert_sources=settings.alert_sources)


def _build_context(
    settings: Settings,
    store: Store,
    workspace_id: UUID,
    directory: SlackDirectory,
    clock: Clock,
    signing: Signing,
    pager: PagerSide,
) -> SlackContext:
    return SlackContext(
        settings=settings,
        workspace_id=workspace_id,
        writer=store.writer,
        snapshots=store.snapshots,
        directory=directory,
        clock=clock,
        late={**build_late(settings, signing), "page": page_requests(pager.file.plan(), TITLES)},
        signing=signing,
        on_calls=pager.on_calls,
    )


#: What makes an incident one that groups are compared with, or changes what it may say.
_COMPARED = frozenset({EventKind.DECLARED, EventKind.REOPENED, EventKind.STATUS_CHANGED, EventKind.VISIBILITY_CHANGED})


def _hear_commits(
    store: Store, metrics: Metrics, dispatchers: Sequence[Dispatcher], grouping: Grouping, relating: Relating
) -> None:
    for hook in (metrics.count, partial(_wake, dispatchers, grouping, relating)):
        store.writer.add_commit_hook(hook)


def _wake(
    dispatchers: Sequence[Dispatcher], grouping: Grouping, relating: Relating, written: Sequence[Changes]
) -> None:
    """Let each go on at once with what was committed, unless it is what that one wrote itself."""
    kinds = {delivery.kind for changes in written for delivery in changes.deliveries}
    reopened = [lane for changes in written for lane in changes.reopened_lanes]
    for dispatcher in dispatchers:
        dispatcher.reopen(reopened)
        if reopened or dispatcher.sends(kinds):
            dispatcher.wake()
    # A new incident, an approval and the kill switch end the waiting of some alerts.
    if any(
        changes.alerts or changes.holds or changes.is_new_incident or (changes.groups and changes.groups.batch is None)
        for changes in written
    ):
        grouping.wake()
    if any(changes.groups or any(event.kind in _COMPARED for event in changes.events) for changes in written):
        relating.wake()


def _build_dispatcher(
    settings: Settings,
    store: Store,
    slack: SlackSide,
    clock: Clock,
    signing: Signing,
    directory: SlackDirectory,
    stopping: Stopping,
) -> Dispatcher:
    publications = Publications(
        build_publishers(settings),
        slack.publish_to_channel,
        clock=clock,
        snapshots=store.snapshots,
        signing=signing,
        names=directory.name,
    )
    author = build_author(settings, store, clock, stopping=stopping)
    drafts = build_drafts(
        signing,
        store.snapshots,
        directory.name,
        author=author,
        patience=patience_of(settings),
        governed=governed_by(settings),
        styling=build_styling(settings, store),
    )
    return Dispatcher(
        store.outbox,
        {**slack.handlers, DeliveryKind.MAKE_DRAFT: drafts.make, DeliveryKind.PUBLISH: publications.publish},
        clock,
        may_send=store.sole_sender.holds,
    )


def _build_web(
    settings: Settings,
    store: Store,
    slack: SlackSide,
    clock: Clock,
    workspace_id: UUID,
    metrics: Metrics,
    watched: Watched,
    pager: PagerSide,
) -> Any:  # noqa: ANN401 - an ASGI application; the root knows no vendor
    context = WebContext(
        settings=settings,
        workspace_id=workspace_id,
        writer=store.writer,
        clock=clock,
        slack=slack.dispatch,
        health=watched.health(),
        gauges=watched.gauges(),
        metrics=metrics.render,
        count_request=metrics.count_request,
        count_alerts=metrics.count_alerts,
        page_secrets=pager.file.webhook_secrets,
        pager_people=PagerPeople(known=pager.slack_ids),
        forwarding=Forwarding(routes=pager.file.routes, timer=time.monotonic),
        tell_operator=partial(tell_the_operator, store),
        heartbeat_seconds=pager.file.heartbeat_seconds,
    )
    return build_web(context)
