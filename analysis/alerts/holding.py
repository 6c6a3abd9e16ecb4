"""Decides, alert by alert and without looking ahead, what is told at once, what is held and what the digest lists."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from analysis.alerts import guard_rails
from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, ended_because, severity_rank
from analysis.alerts.alert_rows import Happening, ServiceGraph
from analysis.alerts.environments import OF_DEPLOYS, environment_of
from analysis.alerts.explaining_events import ExplainingEvents, callees_of, callers_of
from analysis.alerts.held_patterns import Pattern, PatternKind, Permit
from analysis.alerts.hold_conditions import BY_EVENT, BY_EVIDENCE, OF_RULE, Situation, conditions_met
from analysis.alerts.hold_reasons import Action, Guard, HoldDecision, HoldReason, against, is_open_to, told_to_all
from analysis.alerts.holding_policy import HoldingPolicy, Mode
from analysis.alerts.identity import fingerprint, variant_of
from analysis.alerts.involvement import is_involved
from analysis.alerts.noise_evidence import NO_EVIDENCE, Evidence, Rule, RuleEvidence
from analysis.alerts.rule_classes import SYMPTOMS, class_of
from analysis.alerts.site_memory import SiteMemory
from analysis.alerts.waiting import TOLD, End, Ending, Waiter, Waiting
from analysis.alerts.whereabouts import place_of, rule_of

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one delivery led to: a decision if it fires, and the ends of waiting that came before or with it."""

    decision: HoldDecision | None
    endings: tuple[Ending, ...]


class Holding:
    """The state of holding back at one site; the same alerts, events and evidence give the same decisions, bit for bit.

    Time is the largest `received_at` so far. In shadow mode all is decided as if it acted and told as if it did not.
    Without `has_chance` nothing passes at random, as a replay needs that must not be saved by luck. With `permits`,
    only what one of them covers waits; without any given, whatever the policy lets wait.
    """

    def __init__(
        self,
        policy: HoldingPolicy,
        *,
        evidence: Evidence = NO_EVIDENCE,
        graph: ServiceGraph | None = None,
        has_chance: bool = True,
        permits: Iterable[Permit] | None = None,
    ) -> None:
        graph = graph or ServiceGraph()
        self._policy = policy
        self._events = ExplainingEvents(graph)
        self._callers, self._callees = callers_of(graph), callees_of(graph)
        self._waiting = Waiting()
        self._memory = SiteMemory()
        self._now: datetime | None = None
        self._has_chance = has_chance
        self._permits = _by_pattern(permits)
        self._involved: frozenset[str] = frozenset()
        self._involved_privately: frozenset[str] = frozenset()
        self._count = 0
        self.learn(evidence)

    def learn(self, evidence: Evidence) -> None:
        """Judge by *evidence* from now on."""
        self._evidence = evidence
        self._error = evidence.level(self._policy.error, is_corrected=self._policy.is_corrected)
        self._noise: dict[Rule, bool] = {}
        self._of_rules: dict[Rule, list[HoldReason]] = {}

    def govern(self, policy: HoldingPolicy, permits: Iterable[Permit] | None, at: datetime) -> tuple[Ending, ...]:
        """Decide by these from now on; what waits by no permit any more is told."""
        self._policy, self._permits = policy, _by_pattern(permits)
        self.learn(self._evidence)
        return self._let_go(lambda one: policy.is_killed or not self._is_permitted(one.pattern, at), at)

    def involve(self, names: Iterable[str], private: Iterable[str], at: datetime) -> tuple[Ending, ...]:
        """From now on open incidents are about *names* and *private*: nothing waits there.

        A name is a group's id or a place: in lower case, or veiled under the policy's seed.
        """
        self._involved, self._involved_privately = frozenset(names), frozenset(private)
        everywhere = self._involved | self._involved_privately
        return self._let_go(lambda one: self._is_about(everywhere, one.place, one.group), at)

    def tick(self, at: datetime) -> tuple[Ending, ...]:
        """End the waiting of those whose moment has come by *at*, although no alert came since."""
        return self._seen(None, self._ended(at)).endings

    def happen(self, happening: Happening) -> None:
        """Take in a deploy, a flag or an outage."""
        self._events.add(happening)

    def observe(self, alert: Alert, *, group: str = "", recorded: HoldDecision | None = None) -> Observed:
        """Take in a delivery; *group* is what it was grouped with, by default its place.

        What was decided of it before, and *recorded*, stands.
        """
        now = max(self._now, alert.received_at) if self._now else alert.received_at
        self._now = now
        endings, series = self._ended(now), fingerprint(alert)
        if alert.status is AlertStatus.RESOLVED:
            # What ends without a recovery, as that of a host does that is gone, did not resolve by itself: it waits on.
            over = [] if ended_because(alert) else self._resolve(alert, series, now)
            return self._seen(None, [*endings, *over])
        is_chronic = self._memory.is_chronic(series, alert.starts_at, now)
        decision = self._decide(alert, series, now, group or _group_of(alert, series, is_chronic=is_chronic))
        decision = recorded or decision
        if decision.action is Action.PASS:
            endings += self._release(alert, decision, now, is_chronic=is_chronic)
        else:
            endings += self._let_wait(alert, series, decision, now)
        return self._seen(decision, endings)

    def tell_at_once(self, alert: Alert) -> tuple[Ending, ...]:
        """Let *alert* wait no longer, and nor its group."""
        waiters = [one for one in self._waiting.everybody() if one.alert.id == alert.id]
        taken = self._finish(self._waiting.take(waiters), alert.received_at, End.RELEASED)
        for waiter in waiters:
            taken += self._tell(waiter.group, alert.received_at)
        return self._seen(None, taken).endings

    def finish(self) -> tuple[Ending, ...]:
        """End all waiting at its moment, when no more alerts will come."""
        return self._seen(None, self._ended(_END_OF_TIME)).endings

    def _seen(self, decision: HoldDecision | None, endings: Iterable[Ending]) -> Observed:
        """In shadow mode people are told at once, and no waiting ends because none began."""
        if self._policy.mode is Mode.LIVE:
            return Observed(decision=decision, endings=tuple(endings))
        if decision is not None and decision.action is not Action.PASS:
            watching = against(Guard.SHADOW, "The policy is in shadow mode: it decides and changes nothing.")
            decision = replace(decision, action=Action.PASS, reasons=(*decision.reasons, watching), propensity=0.0)
        return Observed(decision=decision, endings=())

    def _decide(self, alert: Alert, series: str, now: datetime, group: str) -> HoldDecision:
        situation = self._situation(alert, now, group)
        standing = [*guard_rails.standing_rules(alert, self._policy), *self._standing(alert, series, group)]
        by_evidence = self._by_evidence(situation)
        by_event = conditions_met(BY_EVENT, situation, self._policy) if situation.event else []
        if not standing and situation.evidence and _all_met(by_evidence):
            action = Action.HOLD if situation.evidence.resolves else Action.DIGEST
            source, rule = rule_of(alert)
            pattern = Pattern(kind=PatternKind.RULE, source=source, name=rule)
            refused = self._not_now(alert, series, action, pattern, now)
            return self._waits(alert, action, by_evidence, refused, group, pattern)
        if not standing and situation.event and _all_met(by_event):
            pattern = Pattern(kind=PatternKind.CLASS, name=situation.rule_class.value)
            refused = self._not_now(alert, series, Action.HOLD, pattern, now)
            return self._waits(alert, Action.HOLD, by_event, refused, group, pattern)
        may_wait = [by_evidence] * bool(situation.evidence) + [by_event] * bool(situation.event)
        barred = next((one for one in may_wait if is_open_to([*standing, *one])), [*by_evidence, *by_event])
        return _told(alert, told_to_all([*standing, *barred]), group)

    def _standing(self, alert: Alert, series: str, group: str) -> Iterator[HoldReason]:
        """What of this moment forbids to hold *alert*: an open incident, and what it tells of those that wait."""
        place = place_of(alert)
        if group in self._involved:
            yield against(Guard.INCIDENT, "Its group is attached to an open incident.")
        elif self._is_about(self._involved, place, group):
            yield against(Guard.INCIDENT, "An open incident is about its service or host.")
        elif self._is_about(self._involved_privately, place, group):
            yield against(Guard.DECOY, "This rule is not eligible.")
        # The latest speaks for all: had an earlier one differed, the latest would have been told.
        before = self._waiting.last("series", series)
        if before and severity_rank(alert.severity) < severity_rank(before.alert.severity):
            yield against(Guard.WORSE, "It is worse than when it began to wait.")
        near = self._waiting.last("group", group)
        if near and near.place != place:
            yield against(Guard.SPREAD, f"What waits in its group is at {near.place}, so it has spread.")

    def _by_evidence(self, situation: Situation) -> list[HoldReason]:
        rule = rule_of(situation.alert)
        if rule not in self._of_rules:
            self._of_rules[rule] = conditions_met(OF_RULE, situation, self._policy)
        return self._of_rules[rule] + conditions_met(BY_EVIDENCE[len(OF_RULE) :], situation, self._policy)

    def _situation(self, alert: Alert, now: datetime, group: str) -> Situation:
        place, rule = place_of(alert), rule_of(alert)
        return Situation(
            alert=alert,
            rule_class=class_of(alert.rule),
            evidence=self._evidence.rules.get(rule),
            error=self._error,
            fitted_at=self._evidence.fitted_at,
            in_hour=self._memory.count_in_hour(rule, place, now),
            told_member=self._memory.told_member(group, now),
            symptom=self._memory.symptom((place, *sorted(self._callers.get(place, ()))), now),
            event=self._events.explains(place, alert.starts_at, environment_of(alert.labels, OF_DEPLOYS)),
        )

    def _waits(
        self,
        alert: Alert,
        would: Action,
        reasons: list[HoldReason],
        refused: HoldReason | None,
        group: str,
        pattern: Pattern,
    ) -> HoldDecision:
        """It may wait, unless *refused* says that this once it is told all the same.

        Told by lot, it looks like a rule that a private incident bars: that one answer and nothing else.
        """
        if refused is not None and refused.code is Guard.DECOY:
            return _told(alert, (refused,), group)
        is_random = refused is not None and refused.code is Guard.RANDOM
        propensity = 1 - guard_rails.pass_through(self._policy) if refused is None or is_random else 0.0
        return HoldDecision(
            alert_id=alert.id,
            action=would if refused is None else Action.PASS,
            would=would,
            reasons=tuple(reasons) if refused is None else (*reasons, refused),
            propensity=propensity,
            group=group,
            pattern=pattern,
        )

    def _not_now(self, alert: Alert, series: str, action: Action, pattern: Pattern, now: datetime) -> HoldReason | None:
        """Why an alert that meets every condition is told: its day is used up, a decoy, no permit, or by chance."""
        if action is Action.HOLD and self._memory.allowance(series, now) <= timedelta(0):
            return against(
                Guard.HELD_LONG, "The series was held for 10 minutes within 24 hours, which is all a day allows."
            )
        seed, has_chance = self._policy.seed, self._has_chance
        if has_chance and pattern.kind is PatternKind.RULE and guard_rails.is_decoy(self._policy, rule_of(alert), now):
            return against(Guard.DECOY, "This rule is not eligible.")
        is_critical = alert.severity is AlertSeverity.CRITICAL
        if not self._is_permitted(pattern, now, people=2 if is_critical else 1):
            return against(Guard.SHADOW, "Nobody has approved to hold this pattern, so it is told.")
        if has_chance and guard_rails.chance(seed, "pass", alert.id) < guard_rails.pass_through(self._policy):
            return against(Guard.RANDOM, "Told at random, so that what is learnt stays unbiased.")
        return None

    def _let_wait(self, alert: Alert, series: str, decision: HoldDecision, now: datetime) -> list[Ending]:
        self._count += 1
        waiter = Waiter(
            number=self._count,
            alert=alert,
            action=decision.action,
            series=series,
            place=place_of(alert),
            group=decision.group,
            since=now,
            until=self._moment(series, decision.action, now),
            pattern=decision.pattern,
        )
        self._waiting.add(waiter)
        is_over = decision.action is Action.HOLD and self._memory.is_resolved(_ended_as(alert, series), alert.starts_at)
        return self._finish(self._waiting.take([waiter]), now, End.RESOLVED) if is_over else []

    def _moment(self, series: str, action: Action, now: datetime) -> datetime:
        """Until when an alert may wait; a series that is held already gains no time by firing again."""
        if action is Action.DIGEST:
            return now + guard_rails.longest_digest(self._policy)
        held = self._held(series, now)
        if held:
            return min(one.until for one in held)
        return now + min(guard_rails.longest_hold(self._policy), self._memory.allowance(series, now))

    def _held(self, series: str, now: datetime) -> list[Waiter]:
        found = self._waiting.since(now - guard_rails.LONGEST_HOLD, series=series)
        return [one for one in found if one.action is Action.HOLD]

    def _release(self, alert: Alert, decision: HoldDecision, now: datetime, *, is_chronic: bool) -> list[Ending]:
        """A member that is told takes its group along; a symptom also what its service calls.

        What repeats by itself all day is no news about its service: it is told, and ends no other's waiting.
        """
        place = place_of(alert)
        self._memory.told(decision.group, now, alert.id)
        places: frozenset[str] = frozenset()
        if place and not is_chronic and self._is_symptom(alert):
            self._memory.felt(place, now, alert.id)
            places = self._callees.get(place, frozenset()) | {place}
        return self._tell(decision.group, now, places)

    def _tell(self, group: str, now: datetime, places: Iterable[str] = ()) -> list[Ending]:
        members = self._waiting.since(now - guard_rails.QUIET, group=group, places=places)
        return self._finish(self._waiting.take(members), now, End.RELEASED)

    def _resolve(self, alert: Alert, series: str, now: datetime) -> list[Ending]:
        for ended in {series, _ended_as(alert, series)}:
            self._memory.resolved(ended, alert.starts_at)
        over = [one for one in self._held(series, now) if one.alert.starts_at <= alert.starts_at]
        return self._finish(self._waiting.take(over), now, End.RESOLVED)

    def _ended(self, now: datetime) -> list[Ending]:
        """Those whose moment has come: a hold is told and takes its group along, a digest lists."""
        ended: list[Ending] = []
        for waiter in self._waiting.take_due(now):
            if waiter.action is Action.DIGEST:
                ended += self._finish([waiter], waiter.until, End.LISTED)
                continue
            ended += self._finish([waiter], waiter.until, End.UNRESOLVED)
            ended += self._tell(waiter.group, waiter.until)
        return ended

    def _finish(self, waiters: list[Waiter], at: datetime, end: End) -> list[Ending]:
        for waiter in waiters:
            if waiter.action is Action.HOLD:
                self._memory.held(waiter.series, waiter.since, at)
            if end in TOLD:
                self._memory.told(waiter.group, at, waiter.alert.id)
        return [Ending(alert=waiter.alert, at=at, end=end) for waiter in waiters]

    def _let_go(self, is_free: Callable[[Waiter], bool], at: datetime) -> tuple[Ending, ...]:
        free = [one for one in self._waiting.everybody() if is_free(one)]
        return self._seen(None, self._finish(self._waiting.take(free), at, End.RELEASED)).endings

    def _is_about(self, involved: frozenset[str], place: str, group: str) -> bool:
        return is_involved(place, group, involved, self._policy.seed)

    def _is_permitted(self, pattern: Pattern | None, at: datetime, people: int = 1) -> bool:
        if self._permits is None:
            return True
        permit = self._permits.get(pattern) if pattern else None
        return permit is not None and at < permit.expires_at and len(permit.approved_by) >= people

    def _is_symptom(self, alert: Alert) -> bool:
        """Whether people may feel it; a rule that evidence calls noise is mapped by that and is none."""
        rule = rule_of(alert)
        if rule not in self._noise:
            self._noise[rule] = self._is_noise(self._evidence.rules.get(rule))
        is_felt = class_of(alert.rule) in SYMPTOMS
        return is_felt and not (self._noise[rule] and alert.severity is not AlertSeverity.CRITICAL)

    def _is_noise(self, evidence: RuleEvidence | None) -> bool:
        if evidence is None or evidence.first_of or evidence.scopes < self._policy.least_scopes:
            return False
        return evidence.upper(self._error, is_anytime=self._policy.is_anytime) <= self._policy.most_share


def _group_of(alert: Alert, series: str, *, is_chronic: bool) -> str:
    """The group of an alert that nobody has grouped: its place, or a lane of its own."""
    return f"lane:{series}" if is_chronic else place_of(alert)


def _by_pattern(permits: Iterable[Permit] | None) -> dict[Pattern, Permit] | None:
    return None if permits is None else {one.pattern: one for one in permits}


def _ended_as(alert: Alert, series: str) -> str:
    """What its end is the end of: the series, or one severity or one of the sender's alerts of it."""
    severity = f":{alert.severity}" if alert.is_per_severity else ""
    variant = f":{variant_of(alert)}" if alert.is_per_labels else ""
    return f"{series}{severity}{variant}"


def _told(alert: Alert, reasons: tuple[HoldReason, ...], group: str) -> HoldDecision:
    return HoldDecision(alert_id=alert.id, action=Action.PASS, would=Action.PASS, reasons=reasons, group=group)


def _all_met(reasons: list[HoldReason]) -> bool:
    return all(one.weight > 0 for one in reasons)
