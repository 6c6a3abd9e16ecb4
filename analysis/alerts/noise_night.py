"""What one night learns from the whole history: which patterns may be held, and which of those held would have hidden.

Nothing here tells of private incidents: they count, and what rests on them alone reads “not eligible”.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from analysis.alerts import guard_rails
from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus, title_of_rule
from analysis.alerts.alert_rows import Happening, ServiceGraph
from analysis.alerts.backtest import Past, ReplayVerdict, replay_policy
from analysis.alerts.held_patterns import Pattern, PatternKind, Permit
from analysis.alerts.hold_conditions import OF_RULE, Situation, conditions_met
from analysis.alerts.hold_reasons import told_to_all
from analysis.alerts.holding_policy import Approval, HoldingPolicy
from analysis.alerts.noise_evidence import Evidence, EvidenceBook, Rule
from analysis.alerts.rule_classes import CAUSED_BY_DEPLOYS, class_of
from analysis.alerts.whereabouts import rule_of

NOT_ELIGIBLE = "This rule is not eligible."
#: So many replays look for those candidates that would have hidden something, and so many try these one by one.
MOST_RUNS = 20
_ANYBODY = frozenset({"one person", "another person"})
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAccount:
    """What is known of a rule, as everybody may read it; `why` says in sentences why it may be held, or not.

    `called` is what people call a rule that its sender knows by a number, as its newest alert does; else empty.
    """

    pattern: Pattern
    fired: int
    windows: int
    incidents: int
    upper: float
    is_eligible: bool
    is_critical: bool
    why: tuple[str, ...]
    called: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A pattern that may be held: it would have been `held` times, and `sentence` says what the replay found."""

    pattern: Pattern
    is_critical: bool
    held: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A pattern that may be held no longer: `late` are the public incidents it hid or delayed."""

    pattern: Pattern
    sentence: str
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NightResult:
    """All that one night found; the history spans `days` days, and it was too short for what is `unjudged`."""

    evidence: Evidence
    rules: tuple[RuleAccount, ...]
    candidates: tuple[Candidate, ...]
    blocked: tuple[Blocked, ...]
    days: int
    unjudged: frozenset[Pattern] = frozenset()


def judge(
    history: Sequence[Past],
    live: Sequence[Permit],
    policy: HoldingPolicy,
    *,
    now: datetime,
    graph: ServiceGraph | None = None,
    happenings: Sequence[Happening] = (),
    whole_since: datetime | None = None,
) -> NightResult:
    """Learn from *history*, replay what is *live*, and find what else may be held.

    Before *whole_since* the history has only what belonged to incidents, so that what is counted is counted from then.
    """
    book, latest, fired, critical = _learn(history)
    evidence = book.evidence()
    accounts = (_account(rule, evidence, latest, fired, critical, policy, now) for rule in evidence.rules)
    rules = tuple(sorted(accounts, key=lambda one: (-one.fired, one.pattern.name, one.pattern.source)))
    replays = _Replays(history=history, policy=policy, graph=graph, happenings=happenings)
    blocked = replays.blocked([_permit(one.pattern, is_critical=len(one.approved_by) > 1) for one in live])
    blocked += [
        Blocked(pattern=one.pattern, sentence=NOT_ELIGIBLE, late=())
        for one in live
        if _is_decoy(policy, one.pattern, now) and one.pattern not in {known.pattern for known in blocked}
    ]
    barred = {one.pattern for one in live} | {one.pattern for one in blocked}
    wanted = [
        _permit(one.pattern, is_critical=one.is_critical)
        for one in rules
        if one.is_eligible and one.pattern not in barred
    ]
    wanted += [
        _permit(one, is_critical=False)
        for one in _classes(latest)
        if one not in barred and not _is_decoy(policy, one, now)
    ]
    candidates, unjudged = replays.candidates(wanted)
    first = whole_since or min((past.alert.received_at for past in history), default=now)
    return NightResult(
        evidence=evidence,
        rules=rules,
        candidates=tuple(candidates),
        blocked=tuple(blocked),
        days=(now - first).days,
        unjudged=unjudged,
    )


@dataclass(slots=True, kw_only=True)
class _Replays:
    """Replays of one history under different permits."""

    history: Sequence[Past]
    policy: HoldingPolicy
    graph: ServiceGraph | None
    happenings: Sequence[Happening]

    def blocked(self, permits: Sequence[Permit]) -> list[Blocked]:
        """Those of *permits* that would have hidden something, or all where only together they do."""
        if not permits or not self.run(permits).is_blocked:
            return []
        alone = [(one, self.run([one])) for one in permits]
        guilty = [(one, verdict) for one, verdict in alone if verdict.is_blocked]
        if not guilty:
            together = self.run(permits)
            guilty = [(one, together) for one in permits]
        return [self._told(one.pattern, verdict) for one, verdict in guilty]

    def candidates(self, permits: Sequence[Permit]) -> tuple[list[Candidate], frozenset[Pattern]]:
        """Those of *permits* that would have held something and hidden nothing, and those that no replay came to.

        What the late incidents told of is tried alone, and all else together: apart, what fires at one place at one
        time would keep each other from waiting.
        """
        found: list[Candidate] = []
        rest, suspects = list(permits), list[Permit]()
        for _ in range(MOST_RUNS):
            if not rest:
                break
            verdict = self.run(rest)
            if not verdict.is_blocked:
                found, rest = self._clean(rest, verdict), []
                break
            told = self._told_of(verdict)
            suspects += [one for one in rest if one.pattern in told]
            if not told & {one.pattern for one in rest}:
                break
            rest = [one for one in rest if one.pattern not in told]
        for one in suspects[:MOST_RUNS]:
            verdict = self.run([one])
            found += [] if verdict.is_blocked else self._clean([one], verdict)
        return found, frozenset(one.pattern for one in (*rest, *suspects[MOST_RUNS:]))

    def run(self, permits: Sequence[Permit]) -> ReplayVerdict:
        """What would have happened with these."""
        approvals = tuple(
            Approval(rule=one.pattern.name, approved_by=one.approved_by) for one in permits if len(one.approved_by) > 1
        )
        policy = replace(self.policy, is_killed=False, approvals=approvals)
        return replay_policy(self.history, policy, graph=self.graph, happenings=self.happenings, permits=permits)

    def _clean(self, permits: Sequence[Permit], verdict: ReplayVerdict) -> list[Candidate]:
        return [self._candidate(one, verdict) for one in permits if verdict.by_pattern.get(one.pattern)]

    def _told_of(self, verdict: ReplayVerdict) -> frozenset[Pattern]:
        """The patterns of all alerts of the incidents that were hidden or late."""
        late = {one.incident for one in verdict.told if one.is_hidden or one.delay > verdict.allowed_delay}
        alerts = [one.alert for one in self.history if one.membership and one.membership.incident in late]
        rules = {Pattern(kind=PatternKind.RULE, source=rule_of(one)[0], name=rule_of(one)[1]) for one in alerts}
        return frozenset(rules | {Pattern(kind=PatternKind.CLASS, name=class_of(one.rule).value) for one in alerts})

    def _candidate(self, permit: Permit, verdict: ReplayVerdict) -> Candidate:
        return Candidate(
            pattern=permit.pattern,
            is_critical=len(permit.approved_by) > 1,
            held=verdict.by_pattern[permit.pattern],
            sentence=self._public(verdict).sentence,
        )

    def _told(self, pattern: Pattern, verdict: ReplayVerdict) -> Blocked:
        public = self._public(verdict)
        late = tuple(one.incident for one in public.told if one.is_hidden or one.delay > verdict.allowed_delay)
        return Blocked(pattern=pattern, sentence=public.sentence if public.is_blocked else NOT_ELIGIBLE, late=late)

    def _public(self, verdict: ReplayVerdict) -> ReplayVerdict:
        private = {one.membership.incident for one in self.history if one.membership and one.membership.is_private}
        return replace(verdict, told=tuple(one for one in verdict.told if one.incident not in private))


def _learn(
    history: Sequence[Past],
) -> tuple[EvidenceBook, dict[Rule, Alert], Counter[Rule], set[Rule]]:
    book = EvidenceBook()
    latest: dict[Rule, Alert] = {}
    fired: Counter[Rule] = Counter()
    critical: set[Rule] = set()
    for past in sorted(history, key=lambda one: one.alert.received_at):
        book.add(past.alert, past.membership)
        if past.alert.status is AlertStatus.FIRING:
            rule = rule_of(past.alert)
            latest[rule] = past.alert
            fired[rule] += 1
            if past.alert.severity is AlertSeverity.CRITICAL:
                critical.add(rule)
    return book, latest, fired, critical


def _account(
    rule: Rule,
    evidence: Evidence,
    latest: Mapping[Rule, Alert],
    fired: Mapping[Rule, int],
    critical: set[Rule],
    policy: HoldingPolicy,
    now: datetime,
) -> RuleAccount:
    known = evidence.rules[rule]
    error = evidence.level(policy.error, is_corrected=policy.is_corrected)
    reasons = conditions_met(OF_RULE, _situation(latest[rule], evidence, error), policy)
    is_decoy = guard_rails.is_decoy(policy, rule, now)
    is_eligible = not is_decoy and all(one.weight > 0 for one in reasons)
    public = replace(known, incident_windows=known.incident_windows - known.private_windows)
    why = [one.text for one in (reasons if is_eligible else told_to_all(reasons))]
    return RuleAccount(
        pattern=Pattern(kind=PatternKind.RULE, source=rule[0], name=rule[1]),
        fired=fired[rule],
        windows=known.windows,
        incidents=public.incident_windows,
        upper=public.upper(error, is_anytime=policy.is_anytime),
        is_eligible=is_eligible,
        is_critical=rule in critical,
        why=tuple(dict.fromkeys(why)) if not is_decoy else (NOT_ELIGIBLE,),
        called=title_of_rule(latest[rule]),
    )


def _situation(alert: Alert, evidence: Evidence, error: float) -> Situation:
    return Situation(
        alert=alert,
        rule_class=class_of(alert.rule),
        evidence=evidence.rules[rule_of(alert)],
        error=error,
        fitted_at=evidence.fitted_at,
        in_hour=0,
        told_member="",
        symptom="",
        event=None,
    )


def _classes(latest: Mapping[Rule, Alert]) -> list[Pattern]:
    """The classes that deploys cause by themselves and of which there are alerts."""
    found = {class_of(alert.rule) for alert in latest.values()} & CAUSED_BY_DEPLOYS
    return [Pattern(kind=PatternKind.CLASS, name=one.value) for one in sorted(found)]


def _is_decoy(policy: HoldingPolicy, pattern: Pattern, now: datetime) -> bool:
    """Whether a pattern gets by lot the answer that a private incident would give it."""
    return guard_rails.is_decoy(policy, (pattern.source, pattern.name), now)


def _permit(pattern: Pattern, *, is_critical: bool) -> Permit:
    people = _ANYBODY if is_critical else frozenset({"one person"})
    return Permit(pattern=pattern, approved_by=people, expires_at=_END_OF_TIME)
