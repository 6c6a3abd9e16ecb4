"""Deploys in the simulated storms: how much of their noise waits, and what becomes of the faults meanwhile."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph, read_alert, read_graph, read_happening
from analysis.alerts.hold_reasons import Action, Condition, Guard, HoldDecision
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.playback import Notifications, Turn, in_order, play
from analysis.alerts.rule_classes import CAUSED_BY_DEPLOYS, class_of
from analysis.alerts.telling import Folding
from analysis.alerts.waiting import TOLD
from analysis.alerts.whereabouts import place_of
from benchmarks.grouping_scraped import scraped_alert

_MUTED = timedelta(minutes=10)
_NOISE_OF_DEPLOYS = "N-dep"
_BAD_DEPLOY = ":bad_deploy"
#: What stands against waiting during a deploy.
_AGAINST = (Condition.CLASS, Condition.SYMPTOM, Condition.GROUP, Condition.CRITICAL, Guard.HELD_LONG, Condition.WINDOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """One stream; `causes` is the truth, used for scoring only."""

    name: str
    alerts: tuple[Alert, ...]
    happenings: tuple[Happening, ...]
    graph: ServiceGraph
    causes: dict[str, str]

    @property
    def faults(self) -> dict[str, str]:
        """The fault of each alert that one caused."""
        return {alert_id: cause for alert_id, cause in self.causes.items() if not cause.startswith("N-")}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployScore:
    """What a policy did to one stream.

    `noise` are alerts that deploys cause by themselves, `in_class` those of the classes that may wait; `kept` never
    made it to people. `delays` are seconds by fault, None for never: what the policy adds to folding. `unheld` counts
    the noise that was told at once, by what stood against waiting.
    """

    storm: str
    deploys: int
    noise: int
    in_class: int
    held: int
    held_in_class: int
    kept: int
    delays: dict[str, float | None]
    posts_without: int
    posts_with: int
    unheld: dict[str, int]

    def hidden(self, *, bad_deploys: bool) -> list[str]:
        """The faults that nobody was told of."""
        return [fault for fault in self.faults(bad_deploys=bad_deploys) if self.delays[fault] is None]

    def maximum(self, *, bad_deploys: bool) -> float:
        """The longest delay, seconds."""
        return max((self.delays[fault] or 0.0 for fault in self.faults(bad_deploys=bad_deploys)), default=0.0)

    def faults(self, *, bad_deploys: bool) -> list[str]:
        """All faults, or the bad deploys among them."""
        return [fault for fault in self.delays if not bad_deploys or fault.endswith(_BAD_DEPLOY)]


def load(folder: Path, *, is_scraped: bool = False) -> Iterator[Storm]:
    """Every stream under *folder*, one at a time; if *is_scraped*, with the labels of a cluster's watchers."""
    for stream in sorted(path for path in folder.iterdir() if path.is_dir()):
        alerts = sorted((read_alert(row) for row in _rows(stream / "alerts.jsonl.gz")), key=lambda one: one.received_at)
        yield Storm(
            name=stream.name,
            alerts=tuple(map(scraped_alert, alerts) if is_scraped else alerts),
            happenings=tuple(read_happening(row) for row in _rows(stream / "events.jsonl.gz")),
            graph=read_graph(json.loads((stream / "graph.json").read_text(encoding="utf-8"))),
            causes={row["id"]: row["cause"] for row in _rows(stream / "truth.jsonl.gz")},
        )


def held_by(storm: Storm, policy: HoldingPolicy) -> DeployScore:
    """Score holding by events alone: nothing was learnt, and nothing passes at random."""
    holding = Holding(policy, graph=storm.graph, has_chance=False)
    return _score(storm, list(play(in_order(storm.alerts, storm.happenings), holding)))


def folded(storm: Storm, folding: Folding) -> dict[str, float | None]:
    """How long after its first alert each fault has a post that tells of it, where nothing is held; None is never."""
    faults = storm.faults
    notifications = Notifications(faults, folding=folding)
    first: dict[str, datetime] = {}
    for alert in storm.alerts:
        is_told = alert.status is AlertStatus.FIRING
        if is_told and alert.id in faults:
            first.setdefault(faults[alert.id], alert.received_at)
        notifications.take(Turn(alert=alert, at=alert.received_at, is_told=is_told))
    notifications.close()
    return {fault: _delay(at, notifications.first.get(fault)) for fault, at in sorted(first.items())}


def muted(storm: Storm) -> DeployScore:
    """Score muting a service for ten minutes after its deploy, as people do by hand."""
    deploys: dict[str, list[datetime]] = {}
    for one in storm.happenings:
        if one.kind is HappeningKind.DEPLOY:
            deploys.setdefault(one.service, []).append(one.at)
    turns = []
    for alert in storm.alerts:
        near = deploys.get(place_of(alert), ())
        is_muted = any(timedelta(0) <= alert.received_at - at <= _MUTED for at in near)
        is_told = alert.status is AlertStatus.FIRING and not is_muted
        turns.append(Turn(alert=alert, at=alert.received_at, is_told=is_told))
    return _score(storm, turns)


def _score(storm: Storm, turns: Sequence[Turn]) -> DeployScore:
    faults = storm.faults
    without, with_policy = Notifications(faults), Notifications(faults)
    told: set[str] = set()
    waiting: set[str] = set()
    unheld: Counter[str] = Counter()
    for alert in storm.alerts:
        without.take(Turn(alert=alert, at=alert.received_at, is_told=alert.status is AlertStatus.FIRING))
    for turn in turns:
        with_policy.take(turn)
        if turn.decision and turn.is_told and _is_deploy_noise(storm, turn.alert):
            unheld[_why_told(turn.decision)] += 1
        if turn.is_told or turn.end in TOLD:
            told.add(turn.alert.id)
        elif turn.alert.status is AlertStatus.FIRING and (turn.decision is None or turn.decision.action is Action.HOLD):
            waiting.add(turn.alert.id)
    without.close()
    with_policy.close()
    noise = [one for one in storm.alerts if _is_deploy_noise(storm, one)]
    in_class = {one.id for one in noise if class_of(one.rule) in CAUSED_BY_DEPLOYS}
    return DeployScore(
        storm=storm.name,
        deploys=sum(one.kind is HappeningKind.DEPLOY for one in storm.happenings),
        noise=len(noise),
        in_class=len(in_class),
        held=sum(one.id in waiting for one in noise),
        held_in_class=len(in_class & waiting),
        kept=sum(one.id not in told for one in noise),
        delays={fault: _delay(without.first[fault], with_policy.first.get(fault)) for fault in sorted(without.first)},
        posts_without=without.posts,
        posts_with=with_policy.posts,
        unheld=dict(unheld),
    )


def _why_told(decision: HoldDecision) -> str:
    """The condition that stood against waiting, the one that can least be changed before others."""
    against = {one.code for one in decision.reasons if one.weight < 0}
    return next((str(code) for code in _AGAINST if code in against), "other")


def _delay(without: datetime, with_policy: datetime | None) -> float | None:
    return None if with_policy is None else max(0.0, (with_policy - without).total_seconds())


def _is_deploy_noise(storm: Storm, alert: Alert) -> bool:
    return alert.status is AlertStatus.FIRING and storm.causes.get(alert.id, "").startswith(_NOISE_OF_DEPLOYS)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
