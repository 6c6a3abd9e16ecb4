"""Decisions and evidence of holding back as JSON keeps them: what is read back is equal to the last bit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from analysis.alerts.held_patterns import to_pattern
from analysis.alerts.hold_reasons import Action, Code, Condition, Guard, HoldDecision, HoldReason
from analysis.alerts.noise_evidence import Evidence, RuleEvidence

_CONDITIONS = frozenset(Condition)
_COUNTS = (
    "windows",
    "incident_windows",
    "private_windows",
    "scopes",
    "first_of",
    "only_of",
    "private_signals",
    "ceiling",
)


def decision_to_json(decision: HoldDecision) -> dict[str, Any]:
    """A decision with its reasons."""
    return {
        "alert": decision.alert_id,
        "action": decision.action.value,
        "would": decision.would.value,
        "reasons": [[one.code.value, one.weight, one.text, list(one.evidence)] for one in decision.reasons],
        "propensity": decision.propensity,
        "group": decision.group,
        "pattern": decision.pattern.to_json() if decision.pattern else None,
    }


def to_decision(kept: Mapping[str, Any]) -> HoldDecision:
    """The decision that `decision_to_json` kept."""
    return HoldDecision(
        alert_id=kept["alert"],
        action=Action(kept["action"]),
        would=Action(kept["would"]),
        reasons=tuple(_reason(one) for one in kept["reasons"]),
        propensity=kept["propensity"],
        group=kept["group"],
        pattern=to_pattern(kept["pattern"]) if kept["pattern"] else None,
    )


def evidence_to_json(evidence: Evidence) -> dict[str, Any]:
    """What was known of all rules at one moment."""
    return {
        "fitted_at": evidence.fitted_at.isoformat() if evidence.fitted_at else None,
        "rules": [
            [source, rule, [getattr(one, name) for name in _COUNTS], dict(one.role_windows), one.resolves]
            for (source, rule), one in evidence.rules.items()
        ],
    }


def to_evidence(kept: Mapping[str, Any]) -> Evidence:
    """The evidence that `evidence_to_json` kept."""
    fitted_at = kept["fitted_at"]
    return Evidence(
        rules=MappingProxyType(
            {
                (source, rule): RuleEvidence(
                    **dict(zip(_COUNTS, counts, strict=True)), role_windows=MappingProxyType(roles), resolves=resolves
                )
                for source, rule, counts, roles, resolves in kept["rules"]
            }
        ),
        fitted_at=datetime.fromisoformat(fitted_at) if fitted_at else None,
    )


def _reason(kept: Sequence[Any]) -> HoldReason:
    code, weight, text, evidence = kept
    known: Code = Condition(code) if code in _CONDITIONS else Guard(code)
    return HoldReason(code=known, weight=weight, text=text, evidence=tuple(evidence))
