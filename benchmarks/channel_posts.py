"""What the alerts channel is told: streams go through the real store, grouping and outbox, and its new messages count.

Attack steps (AIT) and faults of simulated storms; each is told at the first new message about a group that holds an
alert of it, by itself or among others. An edit counts as nothing, and no policy holds anything back. `joined` is how
many of the late ones had joined a group whose message was at most five minutes old, which was edited. `back` are alerts
that were over, fire again and stay for a quarter of an hour: how many are told later than ten minutes after that, and
never while they fire. Beside them: the messages of one alert each, of exact folding, and what `debrief eval suppress`
counts.

The exit status is 1 where an attack step is told later than a minute after its first alert.
"""

import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import update

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import Happening, ServiceGraph
from analysis.alerts.identity import fingerprint
from analysis.alerts.playback import Notifications, Turn, in_order
from analysis.alerts.telling import GATHERING, Folding, Gathering
from benchmarks import suppression_ait as ait
from benchmarks import suppression_storm as storm
from benchmarks.channel_returns import Returns, let_stay
from benchmarks.databases import temporary_folder
from benchmarks.measuring import SHARED, argument_parser, commit, print_table, write_json
from bot.flows.alerts.grouping import Grouping
from bot.ports.grouping import GroupChanges, InputKind, KnownGraph, NewInput
from bot.ports.records import Changes, Delivery, DeliveryKind, DeliveryState
from bot.store.database.engine import open_database
from bot.store.migrate import upgrade
from bot.store.record.tables import DELIVERY
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.groups.messages import POSTS_LANE
from bot.usecases.groups.posted import GroupPosted, StormPosted, group_posted, storm_posted
from tests.bot.store.parts import Store, open_store

MOST = timedelta(minutes=1)
FRESH = timedelta(minutes=5)
#: What comes within so long arrives in one request, and the clock moves by so much while something waits to be told.
STEP = timedelta(seconds=10)
#: So long after the last request nothing waits any more.
SETTLED = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A stream and what its alerts belong to, by their ids."""

    name: str
    alerts: Sequence[Alert]
    causes: dict[str, str]
    happenings: Sequence[Happening] = ()
    graph: ServiceGraph = field(default_factory=ServiceGraph)

    @property
    def days(self) -> float:
        """How long it lasts."""
        return (self.alerts[-1].received_at - self.alerts[0].received_at) / timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Channel:
    """The messages of one stream; `first` is when each cause had its first alert, `told` when it was told."""

    own: int = 0
    together: int = 0
    first: dict[str, datetime] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    joined: dict[str, timedelta] = field(default_factory=dict)
    returns: Returns = field(default_factory=Returns)

    @property
    def late(self) -> list[str]:
        """What was told too late, or never."""
        return [cause for cause in self.first if cause not in self.told or self.delay(cause) > MOST]

    def delay(self, cause: str) -> timedelta:
        """How long after its first alert a cause was told."""
        return self.told[cause] - self.first[cause]


class Room:
    """A site with its channel, whose clock is that of the stream."""

    def __init__(self, store: Store, stream: Stream) -> None:
        """Nothing has arrived."""
        self._store = store
        self._stream = stream
        firing = [one for one in stream.alerts if one.status is AlertStatus.FIRING and one.id in stream.causes]
        self._causes = {(fingerprint(one), one.starts_at): stream.causes[one.id] for one in firing}
        known = KnownGraph(graph=stream.graph, digest=stream.name if stream.happenings else "")
        self._grouping = Grouping(store.snapshots, store.writer, store.workspace, is_told=True, known=known)
        self._seen = 0
        self._numbers = itertools.count(1)
        self._posted: dict[UUID, datetime] = {}
        self._untold: dict[str, set[UUID]] = {}
        self.channel = Channel()

    def live(self) -> Channel:
        """Let everything arrive in its order."""
        for part in _parts(self._stream):
            now = part[-1].at if isinstance(part[-1], Happening) else part[-1].received_at
            self._let_pass(until=now)
            self._store.clock.instant = max(now, self._store.clock.instant)
            self._take(part)
            self._settle()
        self._let_pass(until=self._store.clock.instant + SETTLED)
        return self.channel

    def _let_pass(self, *, until: datetime) -> None:
        """Let what waits to be told be told when it is due, to `STEP`."""
        clock = self._store.clock
        while since := self._news_since():
            due = max(since + GATHERING, clock.instant + STEP)
            if until - due <= timedelta(0):
                return
            clock.instant = due
            self._settle()

    def _news_since(self) -> datetime | None:
        with self._store.snapshots.snapshot() as reads:
            return reads.groups.news_since(self._store.workspace)

    def _take(self, part: Sequence[Alert | Happening]) -> None:
        for one in part:
            if isinstance(one, Happening):
                given = NewInput(
                    workspace_id=self._store.workspace,
                    kind=InputKind.HAPPENING,
                    natural_key=f"happening:{next(self._numbers)}",
                    content={"at": one.at.isoformat(), "kind": one.kind.value, "service": one.service},
                )
                self._store.write(lambda _reads, _command, given=given: Changes(groups=GroupChanges(inputs=(given,))))
        told = [ToldAlert(alert=one, extra=MappingProxyType({})) for one in part if isinstance(one, Alert)]
        for one in part:
            if isinstance(one, Alert) and one.status is AlertStatus.FIRING and one.id in self._stream.causes:
                self.channel.first.setdefault(self._stream.causes[one.id], one.received_at)
        if told:
            command = ReceiveAlerts(workspace_id=self._store.workspace, told=told)
            self._store.writer.submit(receive_alerts, command).result()

    def _settle(self) -> None:
        while self._grouping.step():
            pass
        self._note_decisions()
        self._drop_edits()
        while due := self._store.outbox.claim(limit=100, busy_lanes=frozenset()):
            for delivery in due:
                self._send(delivery)

    def _drop_edits(self) -> None:
        """Edits and charts are no messages, and sending them would take most of the time."""
        dropped = update(DELIVERY).where(DELIVERY.c.lane != POSTS_LANE, DELIVERY.c.state == DeliveryState.PENDING.value)
        with self._store.database.write_engine.begin() as connection:
            connection.execute(dropped.values(state=DeliveryState.SUPERSEDED.value))

    def _note_decisions(self) -> None:
        with self._store.snapshots.snapshot() as reads:
            events = reads.groups.events(self._store.workspace, after=self._seen, limit=100_000)
            for event in events:
                self._seen = event.seq
                self.channel.returns.take(event)
                cause = self._causes.get((event.fingerprint, event.alert.starts_at))
                if cause is None or cause in self.channel.told or event.group_id is None:
                    continue
                if cause not in self._untold:
                    group = reads.groups.group(event.group_id)
                    root = group.merged_into or group.id if group else event.group_id
                    if posted := self._posted.get(root):
                        self.channel.joined[cause] = self._store.clock.instant - posted
                self._untold.setdefault(cause, set()).add(event.group_id)

    def _send(self, delivery: Delivery) -> None:
        """Do what the channel would do with a delivery."""
        now, ts = self._store.clock.instant, f"{next(self._numbers)}.0"
        with self._store.snapshots.snapshot() as reads:
            if delivery.kind is DeliveryKind.ALERT_GROUP and delivery.arguments["notice"]:
                group = reads.groups.group(UUID(delivery.arguments["group"]))
                if group and not group.merged_into:
                    self.channel.own += 1
                    self._tell(reads, {group.id}, now)
                    self._store.writer.submit(group_posted, GroupPosted(group=group, ts=ts)).result()
            if delivery.kind is DeliveryKind.ALERT_STORM:
                one = reads.groups.storm(UUID(delivery.arguments["storm"]))
                groups = reads.groups.of_storm(one.id) if one else ()
                if one and not one.ts and groups:
                    self.channel.together += 1
                    self._tell(reads, {group.id for group in groups}, now)
                    told = StormPosted(storm_id=one.id, ts=ts, groups=len(groups))
                    self._store.writer.submit(storm_posted, told).result()
        self._store.outbox.settle_sent(delivery, {}, None, pause=timedelta(0))

    def _tell(self, reads: Any, told: set[UUID], now: datetime) -> None:  # noqa: ANN401 - what a snapshot gives
        self._posted.update(dict.fromkeys(told, now))
        back = {one.group for one in self.channel.returns.untold}
        roots = reads.groups.several(back)
        self.channel.returns.tell({one for one in back if told & {one, roots[one].merged_into}}, now)
        for cause, groups in list(self._untold.items()):
            found = reads.groups.several(groups)
            if told & {found[one].merged_into or one for one in groups}:
                self.channel.told[cause] = now
                del self._untold[cause]


def main(arguments: Sequence[str] | None = None) -> int:
    """Live through the streams and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder with alerts/ait and alerts/storm")
    parser.add_argument("--streams", nargs="+", default=None, help="only these, such as santos or t0_sparse")
    parser.add_argument("--staying", action="store_true", help="let one repeat a day of each series stay for an hour")
    given = parser.parse_args(arguments)
    print(f"commit {commit()}\n")
    rows, missed = [], 0
    for stream in _streams(given.data / "alerts", given.streams):
        if given.staying:
            stream = replace(stream, alerts=let_stay(stream.alerts, stream.causes))  # noqa: PLW2901 - the same, longer
        channel = lived(stream)
        rows.append(_row(stream, channel))
        missed += len(channel.late) if stream.name in ait.SCENARIOS else 0
        print(" · ".join(rows[-1]), flush=True)
    print()
    columns = (
        "stream", "told late or never", "never", "joined", "latest",
        "critical back, late", "others back, late", "messages/day", "own", "together",
        "an alert each", "exact fold", "eval suppress",
    )  # fmt: skip
    print_table(columns, rows)
    write_json(given.json, {"commit": commit()}, {"rows": rows})
    return int(bool(missed))


def lived(stream: Stream) -> Channel:
    """What the channel was told of *stream*, in a site of its own."""
    with temporary_folder() as folder:
        database = open_database(f"sqlite:///{folder / 'channel.db'}")
        upgrade(database)
        with open_store(database, folder / "key") as store:
            store.clock.instant = stream.alerts[0].received_at
            return Room(store, stream).live()


def _row(stream: Stream, channel: Channel) -> tuple[str, ...]:
    late = channel.late
    joined = sum(channel.joined.get(cause, FRESH * 2) <= FRESH for cause in late)
    latest = max((channel.delay(cause) for cause in channel.told), default=timedelta(0))
    folded, counted = _posts(stream, Folding(is_exact=True), Gathering(timedelta(0))), _posts(stream)
    each = sum(one.status is AlertStatus.FIRING for one in stream.alerts)
    return (
        stream.name,
        f"{len(late)} of {len(channel.first)}",
        str(sum(cause not in channel.told for cause in channel.first)),
        str(joined),
        f"{latest.total_seconds():,.0f} s",
        *(channel.returns.late_words(is_critical=is_critical) for is_critical in (True, False)),
        *(
            f"{posts / stream.days:,.0f}"
            for posts in (channel.own + channel.together, channel.own, channel.together, each, folded, counted)
        ),
    )


def _posts(stream: Stream, folding: Folding | None = None, gathering: Gathering | None = None) -> int:
    notifications = Notifications({}, folding=folding, gathering=gathering)
    for one in stream.alerts:
        notifications.take(Turn(alert=one, at=one.received_at, is_told=one.status is AlertStatus.FIRING))
    notifications.close()
    return notifications.posts


def _parts(stream: Stream) -> Iterator[list[Alert | Happening]]:
    part: list[Alert | Happening] = []
    began: datetime | None = None
    for one in in_order(stream.alerts, stream.happenings):
        at = one.at if isinstance(one, Happening) else one.received_at
        if began is not None and at - began >= STEP:
            yield part
            part, began = [], None
        part.append(one)
        began = began or at
    if part:
        yield part


def _streams(folder: Path, names: Sequence[str] | None) -> Iterator[Stream]:
    for name in ait.SCENARIOS:
        if not names or name in names:
            campaign = ait.read(folder / "ait" / f"{name}.csv.gz")
            causes = {one.alert.id: one.membership.incident for one in campaign.pasts if one.membership}
            yield Stream(name=name, alerts=[one.alert for one in campaign.pasts], causes=causes)
    for one in storm.load(folder / "storm"):
        if not names or one.name in names:
            yield Stream(
                name=one.name, alerts=one.alerts, causes=one.faults, happenings=one.happenings, graph=one.graph
            )


if __name__ == "__main__":
    sys.exit(main())
