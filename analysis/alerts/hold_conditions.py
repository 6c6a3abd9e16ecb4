"""Each condition under which an alert may wait, as one predicate with its own code and sentence (`science.md` 6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from analysis.alerts.alert import Alert, AlertSeverity
from analysis.alerts.alert_rows import Happening
from analysis.alerts.guard_rails import EXPIRY, MOST_RATE, QUIET
from analysis.alerts.hold_reasons import FIXED, Condition, Guard, HoldReason, against, for_waiting
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.noise_evidence import RuleEvidence
from analysis.alerts.rule_classes import CAUSED_BY_DEPLOYS, RuleClass
from analysis.alerts.whereabouts import role_of, rule_of
from analysis.wording import counted

#: What must hold where history is the reason to wait, and where a deploy or an outage is.
BY_EVIDENCE = (
    Condition.SHARE,
    Condition.SIGNAL,
    Condition.SCOPES,
    Condition.ROLE,
    Condition.RATE,
    Condition.FRESH,
    Condition.CRITICAL,
    Condition.GROUP,
    Condition.SYMPTOM,
)
#: Those of them that depend on the rule and the evidence alone, so that they are worked out once for each.
OF_RULE = BY_EVIDENCE[:3]
BY_EVENT = (Condition.WINDOW, Condition.CLASS, Condition.CRITICAL, Condition.GROUP, Condition.SYMPTOM)

_MINUTES = int(QUIET.total_seconds() // 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the conditions look at: the alert, and what is known of it the moment it arrives.

    `error` is the error that this rule's bound may have; `told_member` and `symptom` are ids of alerts of the last
    minutes, empty where there are none.
    """

    alert: Alert
    rule_class: RuleClass
    evidence: RuleEvidence | None
    error: float
    fitted_at: datetime | None
    in_hour: int
    told_member: str
    symptom: str
    event: Happening | None


def conditions_met(names: Sequence[Condition], situation: Situation, policy: HoldingPolicy) -> list[HoldReason]:
    """A reason for each condition of *names* that applies: the fixed ones, and those of the policy."""
    return [_PREDICATES[name](situation, policy) for name in names if name in policy.conditions or name in FIXED]


def share(situation: Situation, policy: HoldingPolicy) -> HoldReason:
    """The upper bound of the rule's incident share, over windows that count as independent."""
    evidence = situation.evidence
    if evidence is None:
        return against(Guard.RULE, "The rule is not in the history, so nothing is known of it.")
    upper = evidence.upper(situation.error, is_anytime=policy.is_anytime)
    public = evidence.incident_windows - evidence.private_windows
    told = f"{public} of {counted(evidence.windows, 'independent window')} belonged to incidents"
    if upper <= policy.most_share and evidence.windows >= policy.least_windows:
        return for_waiting(Condition.SHARE, f"{told}: at most {policy.most_share:.1%} do.")
    if _is_private(evidence, policy, situation.error):
        return against(Guard.DECOY, "This rule is not eligible.")
    shown = _without_private(evidence).upper(situation.error, is_anytime=policy.is_anytime)
    return against(
        Condition.SHARE, f"{told}, which allows for {shown:.1%}; it must be at most {policy.most_share:.1%}."
    )


def signal(situation: Situation, _: HoldingPolicy) -> HoldReason:
    """A rule that was the first or the only one to tell of an incident is told, whatever its share."""
    evidence = situation.evidence
    if evidence is None or not evidence.first_of + evidence.only_of:
        return for_waiting(Condition.SIGNAL, "The rule was never the first or only signal of an incident.")
    public = evidence.first_of - evidence.private_signals
    if public <= 0:
        return against(Guard.DECOY, "This rule is not eligible.")
    return against(Condition.SIGNAL, f"The rule was the first or only signal of {counted(public, 'past incident')}.")


def scopes(situation: Situation, policy: HoldingPolicy) -> HoldReason:
    """Noise in one place says little about another."""
    seen = situation.evidence.scopes if situation.evidence else 0
    told = f"It was seen as noise in {counted(seen, 'scope')}; it takes {policy.least_scopes}."
    return _of(Condition.SCOPES, told, is_met=seen >= policy.least_scopes)


def role(situation: Situation, policy: HoldingPolicy) -> HoldReason:
    """The same rule may be noise on mail servers and news on a gateway."""
    name = role_of(situation.alert)
    seen = situation.evidence.role_windows.get(name, 0) if situation.evidence else 0
    told = f"The role of this place was seen noisy {counted(seen, 'time')}; it takes {policy.least_role_windows}."
    return _of(Condition.ROLE, told, is_met=seen >= policy.least_role_windows)


def rate(situation: Situation, policy: HoldingPolicy) -> HoldReason:
    """Noise that grows is no longer the noise that was judged."""
    ceiling = situation.evidence.ceiling if situation.evidence else 0
    most = ceiling * min(policy.most_rate, MOST_RATE)
    told = f"{counted(situation.in_hour, 'alert')} here in this hour; usual: {ceiling}, allowed: {most:g}."
    return _of(Condition.RATE, told, is_met=situation.in_hour <= most)


def fresh(situation: Situation, _: HoldingPolicy) -> HoldReason:
    """What was learnt long ago is learnt anew or does not count."""
    fitted_at = situation.fitted_at
    is_met = fitted_at is not None and situation.alert.received_at - fitted_at <= EXPIRY
    return _of(Condition.FRESH, f"The evidence counts for {EXPIRY.days} days.", is_met=is_met)


def critical(situation: Situation, policy: HoldingPolicy) -> HoldReason:
    """A critical alert waits only where two people have said so beforehand."""
    alert = situation.alert
    if alert.severity not in {AlertSeverity.CRITICAL, AlertSeverity.UNKNOWN}:
        return for_waiting(Condition.CRITICAL, "It is not critical.")
    names = {alert.rule, rule_of(alert)[1]}  # that of a rule, and the name by which a pattern of it is approved
    is_met = any(
        one.allows(name, situation.rule_class, alert.received_at) for one in policy.approvals for name in names
    )
    told = "It is critical, and two people approved to hold this pattern." if is_met else "It is critical."
    return _of(Condition.CRITICAL, told, is_met=is_met)


def group(situation: Situation, _: HoldingPolicy) -> HoldReason:
    """What belongs to something people are looking at is told."""
    if situation.told_member:
        told = f"A member of its group was told within {_MINUTES} minutes."
        return against(Condition.GROUP, told, situation.told_member)
    return for_waiting(Condition.GROUP, f"No member of its group was told within {_MINUTES} minutes.")


def symptom(situation: Situation, _: HoldingPolicy) -> HoldReason:
    """Errors, latency and saturation mean that people may already feel it."""
    if situation.symptom:
        told = f"A symptom on its service or a direct caller within {_MINUTES} minutes."
        return against(Condition.SYMPTOM, told, situation.symptom)
    return for_waiting(Condition.SYMPTOM, f"No symptom on its service or a direct caller within {_MINUTES} minutes.")


def window(situation: Situation, _: HoldingPolicy) -> HoldReason:
    """A deploy or an outage of minutes ago explains some alerts."""
    event = situation.event
    if event is None:
        return against(Condition.WINDOW, "No deploy or upstream outage explains it.")
    return for_waiting(
        Condition.WINDOW, f"{event.kind.value.replace('_', ' ').capitalize()} of {event.service} explains it."
    )


def of_class(situation: Situation, _: HoldingPolicy) -> HoldReason:
    """Only what every deploy causes by itself, never what people feel."""
    kind = situation.rule_class.value.replace("_", " ")
    told = f"Its rule is of the class “{kind}”."
    return _of(Condition.CLASS, told, is_met=situation.rule_class in CAUSED_BY_DEPLOYS)


def _of(code: Condition, told: str, *, is_met: bool) -> HoldReason:
    return for_waiting(code, told) if is_met else against(code, told)


def _is_private(evidence: RuleEvidence, policy: HoldingPolicy, error: float) -> bool:
    """Whether only incidents that not everybody may see keep the rule from being eligible."""
    if not evidence.private_windows:
        return False
    return _without_private(evidence).upper(error, is_anytime=policy.is_anytime) <= policy.most_share


def _without_private(evidence: RuleEvidence) -> RuleEvidence:
    return replace(evidence, incident_windows=evidence.incident_windows - evidence.private_windows)


_PREDICATES: dict[Condition, Callable[[Situation, HoldingPolicy], HoldReason]] = {
    Condition.SHARE: share,
    Condition.SIGNAL: signal,
    Condition.SCOPES: scopes,
    Condition.ROLE: role,
    Condition.RATE: rate,
    Condition.FRESH: fresh,
    Condition.CRITICAL: critical,
    Condition.GROUP: group,
    Condition.SYMPTOM: symptom,
    Condition.WINDOW: window,
    Condition.CLASS: of_class,
}
