"""What a night finds: noise with its proof, the one pattern that hid something, and nothing of private incidents."""

from dataclasses import replace

import pytest

from analysis.alerts import noise_night
from analysis.alerts.alert import AlertSeverity
from analysis.alerts.backtest import Past
from analysis.alerts.held_patterns import Pattern, PatternKind, Permit
from analysis.alerts.holding_policy import HoldingPolicy
from analysis.alerts.noise_evidence import Membership
from analysis.alerts.noise_night import NOT_ELIGIBLE, judge
from tests.analysis.alerts.streams import at, deploy, make_alert, noise_history

POLICY = HoldingPolicy(decoys=0.0)
NOISE = Pattern(kind=PatternKind.RULE, source="alertmanager", name="BatchNoise")
OTHER = Pattern(kind=PatternKind.RULE, source="alertmanager", name="OtherNoise")
CLEAN = [*noise_history(150), *noise_history(150, rule="OtherNoise")]


def live(*patterns: Pattern) -> list[Permit]:
    """Return that these may wait."""
    return [Permit(pattern=one, approved_by=frozenset({"ana"}), expires_at=at(1e6)) for one in patterns]


def missed(*, is_private: bool = False) -> Past:
    """Return an alert of the noisy rule that belonged to an incident."""
    return Past(alert=make_alert(id="missed"), membership=Membership(incident="i1", is_private=is_private))


def test_clean_rules_are_candidates_with_their_proof() -> None:
    """Each would have been held from the day on which the history before it was enough."""
    found = judge(CLEAN, [], POLICY, now=at(0))

    assert {one.pattern for one in found.candidates} == {NOISE, OTHER}
    assert all(one.held > 0 and not one.is_critical for one in found.candidates)
    assert all(one.is_eligible and one.windows == 450 and one.upper <= 0.02 for one in found.rules)
    assert (found.blocked, found.days) == ((), 149)


def test_one_guilty_pattern_keeps_no_other_from_being_asked_about() -> None:
    """Two rules that fire together could wait only together; a class of others would have hidden something."""
    found = judge([*CLEAN, told_late("PodRestarted")], [], POLICY, now=at(0), happenings=[deploy()])

    assert {one.pattern for one in found.candidates} == {NOISE, OTHER}
    assert found.unjudged == frozenset()


def test_what_no_replay_came_to_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question about it stands, because nothing speaks against it."""
    monkeypatch.setattr(noise_night, "MOST_RUNS", 1)

    found = judge([*CLEAN, told_late("PodRestarted")], [], POLICY, now=at(0), happenings=[deploy()])

    assert found.candidates == ()
    assert found.unjudged == {NOISE, OTHER}


def test_numbered_rule_has_what_people_call_it() -> None:
    """By the title of its newest alert; a rule with a name of its own needs none."""
    numbered = replace(make_alert(rule="monitor 10"), annotations={"title": "[Triggered] Disk is full"})

    found = judge([Past(alert=numbered), Past(alert=make_alert())], [], POLICY, now=at(0))

    assert {one.pattern.name: one.called for one in found.rules} == {"monitor 10": "Disk is full", "BatchNoise": ""}


@pytest.mark.parametrize(
    ("rule", "labels", "notes", "called"),
    [
        ("Queue is long", {}, {"grafana_state_reason": "NoData"}, ""),
        ("Queue is long", {}, {"grafana_state_reason": "Error"}, ""),
        ("DatasourceNoData", {"rulename": "High CPU"}, {}, ""),
        ("monitor 10", {}, {"title": "[No Data on {host:db-1}] Lag is high"}, "Lag is high"),
    ],
)
def test_rule_is_not_called_by_what_its_newest_alert_fired_for(
    rule: str, labels: dict[str, str], notes: dict[str, str], called: str
) -> None:
    """Who lets “Queue is long (no data)” wait would let all alerts of “Queue is long” wait."""
    newest = replace(make_alert(5, rule=rule), labels=labels, annotations=notes)

    (found,) = judge([Past(alert=make_alert(rule=rule)), Past(alert=newest)], [], POLICY, now=at(0)).rules

    assert (found.pattern.name, found.called) == (rule, called)


def told_late(rule: str) -> Past:
    """Return an alert that a deploy explains and that belonged to an incident."""
    return Past(alert=make_alert(2, rule=rule), membership=Membership(incident="late"))


def test_rule_with_critical_alerts_takes_two_people() -> None:
    """It is a candidate, marked so."""
    critical = [replace(one, alert=replace(one.alert, severity=AlertSeverity.CRITICAL)) for one in CLEAN[:450]]

    found = judge([*critical, *CLEAN[450:]], [], POLICY, now=at(0))

    assert {one.pattern: one.is_critical for one in found.candidates} == {NOISE: True, OTHER: False}


def test_only_the_pattern_that_hid_something_is_blocked() -> None:
    """The other one stays; the proof names the incident."""
    found = judge([*CLEAN, missed()], live(NOISE, OTHER), POLICY, now=at(0))

    (blocked,) = found.blocked
    assert (blocked.pattern, blocked.late) == (NOISE, ("i1",))
    assert "1 of 1 incidents hidden" in blocked.sentence


@pytest.mark.parametrize("is_live", [True, False])
def test_private_incident_counts_and_is_not_told(is_live: bool) -> None:  # noqa: FBT001 - a case
    """It blocks what is live and bars what is not, and the words are those of a decoy."""
    found = judge([*CLEAN, missed(is_private=True)], live(NOISE) if is_live else [], POLICY, now=at(0))

    account = next(one for one in found.rules if one.pattern == NOISE)
    assert [(one.sentence, one.late) for one in found.blocked] == ([(NOT_ELIGIBLE, ())] if is_live else [])
    assert NOISE not in {one.pattern for one in found.candidates}
    assert (account.incidents, account.is_eligible) == (0, False)
    assert account.why == (NOT_ELIGIBLE,)


def test_private_incident_is_not_told_beside_other_reasons() -> None:
    """A rule that has too little history anyway reads as it would without the incident."""
    few = CLEAN[:60]

    (with_private,) = judge([*few, missed(is_private=True)], [], POLICY, now=at(0)).rules
    (without,) = judge([*few, replace(missed(), membership=None)], [], POLICY, now=at(0)).rules

    assert with_private.why == without.why
    assert NOT_ELIGIBLE not in with_private.why


def test_decoy_reads_like_a_private_incident() -> None:
    """By lot a rule that could wait gets the same answer, is not asked about, and waits no longer if it did."""
    found = judge(CLEAN, live(NOISE), replace(POLICY, decoys=1.0), now=at(0))

    assert found.candidates == ()
    assert [(one.pattern, one.sentence, one.late) for one in found.blocked] == [(NOISE, NOT_ELIGIBLE, ())]
    assert {one.why for one in found.rules} == {(NOT_ELIGIBLE,)}


def test_empty_history_finds_nothing() -> None:
    """Nothing is proposed and nothing fails."""
    found = judge([], live(NOISE), POLICY, now=at(0))

    assert (found.rules, found.candidates, found.blocked, found.days) == ((), (), (), 0)
