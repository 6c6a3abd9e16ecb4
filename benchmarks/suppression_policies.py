"""The policies that the benchmark of holding back compares, and the hash of everything that their scores depend on."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from types import ModuleType

from analysis.alerts import (
    explaining_events,
    guard_rails,
    hold_conditions,
    noise_evidence,
    rule_classes,
    site_memory,
    telling,
)
from analysis.alerts.evidence_bounds import exact_upper
from analysis.alerts.hold_reasons import Condition
from analysis.alerts.holding_policy import Approval, HoldingPolicy, Mode
from analysis.alerts.rule_classes import CAUSED_BY_DEPLOYS
from benchmarks.suppression_ait import FOLDS

_PLAIN = (str, int, float, timedelta, frozenset, tuple)


def configuration_hash() -> str:
    """The hash of the configuration."""
    return hashlib.sha256(json.dumps(CONFIGURATION, sort_keys=True).encode()).hexdigest()


def _constants(module: ModuleType) -> dict[str, str]:
    """The constants of a module, as they would be written, sets in order."""
    found = {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, _PLAIN)}
    return {name: repr(sorted(value) if isinstance(value, frozenset) else value) for name, value in found.items()}


#: The policy that is judged: every threshold is the shipped one.
OURS = HoldingPolicy(mode=Mode.LIVE)
#: The same with two people's approval of what deploys cause by themselves.
APPROVED = replace(
    OURS,
    approvals=tuple(
        Approval(rule=kind.value, approved_by=frozenset({"an on-call lead", "a service owner"}))
        for kind in sorted(CAUSED_BY_DEPLOYS)
    ),
)
#: One look, one rule: what the bound would allow if it were not corrected.
ONE_SHOT = replace(OURS, is_corrected=False, is_anytime=False)
#: What was measured in the design: 50 windows without an incident, whatever bound that gives.
FIFTY_WINDOWS = replace(ONE_SHOT, most_share=exact_upper(0, 50, 0.05), least_windows=50)
#: Deliberately unsafe: any rule that was ever seen, whatever it told of.
UNSAFE = replace(ONE_SHOT, most_share=1.0, least_scopes=0, least_role_windows=0, conditions=frozenset())

#: What the deploys' own noise costs that is told beside a symptom or a told member: an experiment, no policy of ours.
BESIDE_SYMPTOMS = replace(APPROVED, conditions=frozenset(Condition) - {Condition.GROUP, Condition.SYMPTOM})

#: Everything that the scores depend on; its hash is printed, and each hash that was scored is listed in the docs.
CONFIGURATION = {
    "policies": [OURS.digest(), APPROVED.digest()],
    "guard rails": _constants(guard_rails),
    "telling": _constants(telling),
    "events": _constants(explaining_events),
    "classes": _constants(rule_classes),
    "conditions": _constants(hold_conditions),
    "windows": _constants(noise_evidence),
    "memory": _constants(site_memory),
    "folds": [list(map(list, fold)) for fold in FOLDS],
}
