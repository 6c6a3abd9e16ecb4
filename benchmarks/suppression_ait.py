"""Intrusion-detection alerts with causal labels, as alerts of a site, and the policies they are judged under."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.backtest import Past
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.noise_evidence import Evidence, EvidenceBook, Membership
from analysis.alerts.playback import Notifications, Turn, play
from analysis.alerts.telling import Folding, Gathering

SCENARIOS = ("russellmitchell", "santos", "shaw", "wardbeck")
#: Learn on two, test on the other two, both ways.
FOLDS = ((("russellmitchell", "santos"), ("shaw", "wardbeck")), (("shaw", "wardbeck"), ("russellmitchell", "santos")))
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

IsTold = Callable[[Alert], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One scenario: its alerts in order, each with the attack step that caused it."""

    name: str
    pasts: tuple[Past, ...]

    @property
    def days(self) -> float:
        """How long it lasted."""
        return (self.pasts[-1].alert.received_at - self.pasts[0].alert.received_at) / _DAY

    @property
    def first(self) -> dict[str, datetime]:
        """When each step caused its first alert."""
        found: dict[str, datetime] = {}
        for past in self.pasts:
            if past.membership:
                found.setdefault(past.membership.incident, past.alert.received_at)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a policy did to one campaign; `delays` are seconds after a step's first alert, None where never told."""

    campaign: str
    delays: dict[str, float | None]
    posts_a_day: float
    told_a_day: float
    firing: int
    waiting: int

    @property
    def hidden(self) -> tuple[str, ...]:
        """The steps that nobody was told of."""
        return tuple(step for step, delay in self.delays.items() if delay is None)

    @property
    def maximum(self) -> float:
        """The longest delay, seconds."""
        return max((delay for delay in self.delays.values() if delay is not None), default=0.0)


def load(folder: Path) -> dict[str, Campaign]:
    """Every scenario; the severity, which the data lacks, is “warning”, so that no guard rail passes everything."""
    return {name: read(folder / f"{name}.csv.gz") for name in SCENARIOS}


def read(path: Path) -> Campaign:
    """One scenario."""
    name = path.name.partition(".")[0]
    return Campaign(name=name, pasts=tuple(_pasts(path, name)))


def history(campaigns: Sequence[Campaign], before: datetime) -> list[Past]:
    """The campaigns one after the other, moved by whole days so that they end before *before*."""
    found: list[Past] = []
    for campaign in reversed(campaigns):
        end = campaign.pasts[-1].alert.received_at
        shift = timedelta(days=(before - end) // _DAY)
        found = [replace(past, alert=_moved(past.alert, shift)) for past in campaign.pasts] + found
        before = found[0].alert.received_at
    return found


def moved(campaign: Campaign, share: float) -> Campaign:
    """The campaign with all its steps so much of its length later; after its end they go on with its second day.

    What belongs to no step stays, so that folding meets the same steps at moments at which nobody staged them.
    """
    second = campaign.pasts[0].alert.received_at + _DAY
    length = campaign.pasts[-1].alert.received_at - second
    pasts = [
        replace(one, alert=_wrapped(one.alert, second, length, share)) if one.membership else one
        for one in campaign.pasts
    ]
    return Campaign(name=campaign.name, pasts=tuple(sorted(pasts, key=lambda one: one.alert.received_at)))


def learnt(pasts: Iterable[Past], *, without: str = "") -> Evidence:
    """What history says of each rule, where the alerts of one kind of step are missing from it."""
    book = EvidenceBook()
    for past in pasts:
        if not without or _kind(past) != without:
            book.add(past.alert, past.membership)
    return book.evidence()


def told_by(campaign: Campaign, is_told: IsTold, *, folding: Folding | None = None, has_fold: bool = True) -> Score:
    """Score a rule of thumb that decides alert by alert; by default its posts are those of exact fold of one hour."""
    turns = (Turn(alert=past.alert, at=past.alert.received_at, is_told=is_told(past.alert)) for past in campaign.pasts)
    if has_fold:
        return _score(campaign, turns, folding or Folding(is_exact=True))
    told = [turn.alert for turn in turns if turn.is_told]
    first: dict[str, datetime] = {}
    steps = _incidents(campaign)
    for alert in told:
        if alert.id in steps:
            first.setdefault(steps[alert.id], alert.received_at)
    return _scored(campaign, first, posts=len(told), told=len(told), waiting=len(campaign.pasts) - len(told))


def permitted(evidence: Evidence, policy: HoldingPolicy) -> int:
    """How many rules have a bound that is low enough; where there are none, nothing can wait."""
    error = evidence.level(policy.error, is_corrected=policy.is_corrected)
    uppers = [(one.upper(error, is_anytime=policy.is_anytime), one.windows) for one in evidence.rules.values()]
    return sum(upper <= policy.most_share and windows >= policy.least_windows for upper, windows in uppers)


def held_by(campaign: Campaign, policy: HoldingPolicy, evidence: Evidence) -> Score:
    """Score a policy that was taught *evidence*; nothing passes at random."""
    holding = Holding(policy, evidence=evidence, has_chance=False)
    return _score(campaign, play((past.alert for past in campaign.pasts), holding), Folding())


def once_an_hour(key: Callable[[Alert], str]) -> IsTold:
    """Tell the first of each *key* after an hour without it."""
    seen: dict[str, datetime] = {}

    def is_told(alert: Alert) -> bool:
        name = key(alert)
        is_new = name not in seen or alert.received_at - seen[name] >= _HOUR
        seen[name] = alert.received_at
        return is_new

    return is_told


def mostly_noise(pasts: Sequence[Past]) -> frozenset[str]:
    """The rules of which more than half of the alerts belonged to nothing."""
    noise: dict[str, int] = defaultdict(int)
    for past in pasts:
        noise[past.alert.rule] += -1 if past.membership else 1
    return frozenset(rule for rule, surplus in noise.items() if surplus > 0)


def never_attacked(pasts: Sequence[Past]) -> frozenset[str]:
    """The rules of which no alert belonged to an attack."""
    attacked = {past.alert.rule for past in pasts if past.membership}
    return frozenset({past.alert.rule for past in pasts} - attacked)


def kinds(campaigns: Iterable[Campaign]) -> list[str]:
    """The kinds of step that occur."""
    return sorted({_kind(past) for campaign in campaigns for past in campaign.pasts if past.membership})


def _score(campaign: Campaign, turns: Iterable[Turn], folding: Folding) -> Score:
    gathering = Gathering(timedelta(0)) if folding.is_exact else Gathering()
    notifications = Notifications(_incidents(campaign), folding=folding, gathering=gathering)
    waiting = 0
    for turn in turns:
        notifications.take(turn)
        waiting += turn.end is None and not turn.is_told
    notifications.close()
    return _scored(
        campaign, notifications.first, posts=notifications.posts, told=notifications.told_alerts, waiting=waiting
    )


def _scored(campaign: Campaign, told_at: dict[str, datetime], *, posts: int, told: int, waiting: int) -> Score:
    delays = {
        step: (told_at[step] - first).total_seconds() if step in told_at else None
        for step, first in campaign.first.items()
    }
    return Score(
        campaign=campaign.name,
        delays=delays,
        posts_a_day=posts / campaign.days,
        told_a_day=told / campaign.days,
        firing=len(campaign.pasts),
        waiting=waiting,
    )


def _incidents(campaign: Campaign) -> dict[str, str]:
    return {past.alert.id: past.membership.incident for past in campaign.pasts if past.membership}


def _pasts(path: Path, scenario: str) -> Iterator[Past]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["time"]))
    for place, row in enumerate(rows):
        step = row["event_label"]
        membership = None if step == "-" else Membership(incident=f"{scenario}:{step}")
        yield Past(alert=_alert(row, scenario, place), membership=membership)


def _alert(row: dict[str, str], scenario: str, place: int) -> Alert:
    at = datetime.fromtimestamp(int(row["time"]), UTC)
    host = row["host"]
    return Alert(
        id=f"{scenario}-{place:06}",
        source="ait",
        rule=row["name"],
        severity=AlertSeverity.WARNING,
        severity_word="warning",
        status=AlertStatus.FIRING,
        labels={"host": f"{scenario}/{host}", "role": "mail" if host.endswith("_mail") else host},
        starts_at=at,
        received_at=at,
    )


def _wrapped(alert: Alert, start: datetime, length: timedelta, share: float) -> Alert:
    return _moved(alert, start + (alert.received_at - start + length * share) % length - alert.received_at)


def _moved(alert: Alert, shift: timedelta) -> Alert:
    return replace(alert, starts_at=alert.starts_at + shift, received_at=alert.received_at + shift)


def _kind(past: Past) -> str:
    return past.membership.incident.partition(":")[2] if past.membership else ""
