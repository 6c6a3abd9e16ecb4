"""A night in which everything happens at once: in the end the channel says what is on record, and no more."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from analysis.alerts.alert import AlertStatus
from analysis.incident import Visibility
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.slack.blocks.groups import group_blocks
from bot.slack.outgoing.group_deliveries import shown_group
from bot.store.grouping.group_tables import ALERT_GROUP, GROUP_MEMBER
from bot.store.record.tables import ALERT
from tests.bot.slack.alert_room import settle, text_of
from tests.effort import leading
from tests.fake_slack import Fault
from tests.slack_room import ALERTS, COMMANDER, OTHER, RESPONDER, Room, open_room

SERVICES = ("ledger", "payments", "cards", "web")
RULES = ("PodNotReady", "HighErrorRate", "QueueGrows", "DiskFull")
SECRET = "a customer is named"
#: Why a message was posted, which an edit takes out of it.
_LED = re.compile(r"  \((?:is|fires|fired|was|had|became) [^)\n]*\)$", re.MULTILINE)


@dataclass(slots=True)
class Night:
    """What has been done so far; *random* decides what comes next."""

    room: Room
    random: Random
    firing: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=itertools.count)

    def fire(self) -> None:
        """Some alerts of one rule at one service begin, or are told of again as worse."""
        now, rule, service = self.room.clock.now(), self.random.choice(RULES), self.random.choice(SERVICES)
        since = now - timedelta(minutes=self.random.choice([0, 0, 1, 150]))
        alerts = []
        for _ in range(self.random.choice([1, 2, 12])):
            labels = {"alertname": rule, "service": service, "pod": f"{service}-{self.random.randrange(5)}"}
            labels["severity"] = self.random.choice(["critical", "warning", "warning"])
            alerts.append({"status": "firing", "labels": labels, "startsAt": since.isoformat()})
            self.firing[str(sorted(labels.items()))] = alerts[-1]
        self.tell(alerts)

    def end(self) -> None:
        """Some of what fires is over."""
        over = self.random.sample(sorted(self.firing), min(len(self.firing), self.random.choice([1, 4, 40])))
        ends = {"status": "resolved", "endsAt": self.room.clock.now().isoformat()}
        if over:
            self.tell([{**self.firing.pop(each), **ends} for each in over])

    def tell(self, alerts: Sequence[Mapping[str, Any]]) -> None:
        """Send a notification as Alertmanager does."""
        assert self.room.alerts("alertmanager", {"version": "4", "alerts": list(alerts)}).status == 200

    def declare(self) -> None:
        """Somebody declares from a group's message, now and then in private."""
        form = self.room.open_form(self.user(), "group_declare", self.group(), ALERTS)
        if form["callback_id"] == "form.group_declare":
            is_private = self.random.random() < 0.4
            values = {"title": SECRET if is_private else f"{self.random.choice(SERVICES)} {next(self.names)}"}
            visibility = "private" if is_private else "public"
            said = str(self.room.submit(self.user(), form, severity="SEV3", visibility=visibility, **values))
            self.answers.append(said)
            self.numbers += [int(found) for found in re.findall(r"#(\d+) SEV3 declared", said)]

    def split(self) -> None:
        """Somebody puts a series apart."""
        form = self.room.open_form(self.user(), "group_split", self.group(), ALERTS)
        if form["callback_id"] == "form.group_split":
            options = form["blocks"][0]["element"]["options"]
            series = str(self.random.choice(options)["value"])
            self.answers.append(str(self.room.submit(self.user(), form, series=series)))

    def type_words(self) -> None:
        """Somebody types something about a group and an incident."""
        verb = self.random.choice(
            ["attach G-{0}", "attach G-{0}", "detach G-{0}", "private", "resolve", "reopen Again"]
        )
        number = self.random.choice(self.numbers or [1])
        self.answers.append(self.room.ask(COMMANDER, f"#{number} {verb.format(self.group())}"))

    def press(self) -> None:
        """Somebody presses a button that does something at once."""
        does = ["not_related", "put_back", "take_apart", "mattered", "not_mattered", f"merge:{self.group()}"]
        action = f"group.{self.random.choice(does)}"
        self.answers.append(self.room.press(self.user(), action, str(self.group()), ALERTS))

    def disturb(self) -> None:
        """An answer of Slack's is lost, or nobody lets Debrief into the channel for a while."""
        if self.random.random() < 0.5:
            method = self.random.choice(["chat.postMessage", "chat.update"])
            loses = self.random.choice(["answer", "request"])
            self.room.slack.break_down(Fault(method=method, channel=ALERTS, loses=loses))
        else:
            self.room.slack.channels[ALERTS].members.discard(self.room.slack.bot)

    def let_in(self) -> None:
        """Somebody invites Debrief."""
        bot = self.room.slack.bot
        self.room.slack.channels[ALERTS].members.add(bot)
        at = self.room.slack.next_ts()
        self.room.event({"type": "member_joined_channel", "user": bot, "channel": ALERTS, "event_ts": at})

    def pass_time(self) -> None:
        """A while goes by, in which all that waits is done."""
        self.room.clock.move(minutes=self.random.choice([0.5, 6, 70]))
        settle(self.room)

    def user(self) -> str:
        """Somebody who may do all this."""
        return self.random.choice([COMMANDER, RESPONDER, OTHER])

    def group(self) -> int:
        """The number of a group, which may be none."""
        with self.room.app.store.snapshots.snapshot() as reads:
            return self.random.randrange(1, reads.groups.next_number(self.room.app.workspace_id) + 1)


def live_through(night: Night, steps: int) -> None:
    """Do so many things at random, and then let everything come to rest."""
    acts: tuple[tuple[Callable[[Night], None], int], ...] = (
        *((Night.fire, 6), (Night.end, 3), (Night.declare, 2), (Night.split, 1), (Night.type_words, 4)),
        *((Night.press, 1), (Night.disturb, 1), (Night.let_in, 1), (Night.pass_time, 2)),
    )
    for act in night.random.choices([act for act, _ in acts], [weight for _, weight in acts], k=steps):
        act(night)
        night.room.clock.move(seconds=night.random.choice([0, 1, 20]))
    night.room.slack.heal()
    night.let_in()
    settle(night.room)
    night.room.settle(horizon=timedelta(hours=1))


@pytest.mark.parametrize(("seed", "steps"), leading(1, [(1, 30), (2, 120), (3, 120), (4, 120)]))
def test_channel_says_what_is_on_record(ready_sqlite_url: str, tmp_path: Path, seed: int, steps: int) -> None:
    """Whatever was pressed, typed, lost and told in whatever order."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        night = Night(room, Random(seed))
        live_through(night, steps)

        with room.app.store.snapshots.snapshot() as reads:
            groups = all_groups(room, reads)
            assert not [said for said in night.answers if "foresee" in said]
            assert room.app.store.lane_report()["parked_lanes"] == {}
            assert miscounted(room, groups) == []
            assert untrue(room, reads, groups) == []
            assert leaked(room, reads, night.numbers) == []


def all_groups(room: Room, reads: Reads) -> list[AlertGroup]:
    """Every group, merged ones as well."""
    with room.app.store.database.reading() as connection:
        ids = connection.execute(select(ALERT_GROUP.c.id)).scalars().all()
    return [group for each in ids if (group := reads.groups.group(each))]


def miscounted(room: Room, groups: Sequence[AlertGroup]) -> list[str]:
    """The groups that count other than they have members, and the series that fire in none or in several."""
    with room.app.store.database.reading() as connection:
        members = connection.execute(select(GROUP_MEMBER)).mappings().all()
        status = {row.id: row.status for row in connection.execute(select(ALERT.c.id, ALERT.c.status))}
    fires: dict[UUID, int] = {}
    for one in members:
        fires[one["alert_id"]] = fires.get(one["alert_id"], 0) + one["is_firing"]
    wrong = [str(series) for series, said in status.items() if fires.get(series, 0) != (said == AlertStatus.FIRING)]
    for group in groups:
        own = [one for one in members if one["group_id"] == group.id]
        counts = len(own), sum(one["is_firing"] for one in own), sum(one["alerts"] for one in own)
        wrong += [group.reference] if counts != (group.series, group.firing, group.alerts) else []
    return wrong


def untrue(room: Room, reads: Reads, groups: Sequence[AlertGroup]) -> list[str]:
    """The groups that no message tells of although they fire, and those whose message says something else."""
    posts = {f"{ALERTS}:{one['ts']}": one for one in room.slack.channels[ALERTS].messages}
    found = []
    for group in groups:
        if group.merged_into:
            continue
        if group.ts is None:
            found += [group.reference] if group.firing and not group.storm_id else []
        elif _said(posts[group.ts]["blocks"]) != _said(group_blocks(shown_group(reads, group))):
            found.append(f"{group.reference}: {_said(posts[group.ts]['blocks'])}")
    newest = {group.ts for group in groups}
    return found + [text_of(one) for ts, one in posts.items() if ts not in newest and "*Firing since*" in text_of(one)]


def _said(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a message says, but for why it was posted, how fast alerts came, which is drawn now and then, and offers.

    What becomes of a group that this one may be one with edits this message no more.
    """
    lines = _LED.sub("", text_of({"blocks": blocks})).splitlines()
    return [line for line in lines if line and "lerts a minute" not in line and "may be one with" not in line]


def leaked(room: Room, reads: Reads, numbers: Sequence[int]) -> list[str]:
    """The messages in the channel that say anything of a private incident."""
    incidents = [reads.incident_by_number(room.app.workspace_id, number) for number in numbers]
    private = [one.reference for one in incidents if one and one.visibility is Visibility.PRIVATE]
    words = [SECRET, *(f"*{reference}*" for reference in private)]
    texts = [text_of(one) for one in room.slack.channels[ALERTS].messages]
    return [text for text in texts if any(word in text for word in words)]
