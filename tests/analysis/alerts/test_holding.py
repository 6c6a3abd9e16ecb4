"""What waits, what does not and why; each condition and guard rail is tried by taking it away alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from analysis.alerts.alert import Alert, AlertSeverity
from analysis.alerts.alert_rows import Happening, HappeningKind, ServiceGraph
from analysis.alerts.backtest import Past
from analysis.alerts.hold_reasons import Action, Condition, Guard
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import Approval, HoldingPolicy, Mode, go_live
from analysis.alerts.noise_evidence import NO_EVIDENCE
from analysis.alerts.waiting import End
from tests.analysis.alerts.streams import (
    SHOP_CALLS_CART,
    at,
    deploy,
    learnt,
    make_alert,
    noise_history,
    of_incident,
    resolution,
)

LIVE = HoldingPolicy(mode=Mode.LIVE)
TWO = frozenset({"ana", "bo"})
HISTORY = noise_history()


def resolving(pasts: list[Past]) -> list[Past]:
    """Return a history in which the rule also resolves."""
    return [*pasts, Past(alert=resolution(pasts[-1].alert, -59))]


def holding(policy: HoldingPolicy = LIVE, pasts: list[Past] | None = None, **over: Any) -> Holding:
    """Return holding back by 300 clean windows of one rule, without chance."""
    return Holding(policy, evidence=learnt(HISTORY if pasts is None else pasts), has_chance=False, **over)


def codes_against(one: Holding, alert: Alert) -> list[str]:
    """Return why *alert* is told."""
    decision = one.observe(alert).decision
    assert decision is not None
    assert decision.action is Action.PASS
    return [reason.code for reason in decision.reasons]


def action_of(one: Holding, alert: Alert) -> Action:
    """Return what is done with *alert*."""
    decision = one.observe(alert).decision
    assert decision is not None
    return decision.action


def test_noise_with_enough_evidence_goes_to_the_digest() -> None:
    """Every condition speaks for it, each with a sentence, and it is listed an hour later."""
    one = holding()

    seen = one.observe(make_alert())

    assert seen.decision is not None
    assert seen.decision.action is Action.DIGEST
    assert {reason.code for reason in seen.decision.reasons} == set(Condition) - {Condition.WINDOW, Condition.CLASS}
    assert all(reason.weight == 1 and reason.text.endswith(".") for reason in seen.decision.reasons)
    assert [(end.at, end.end) for end in one.finish()] == [(at(60), End.LISTED)]


def test_noise_that_resolves_is_held_and_listed_when_it_does() -> None:
    """Nobody is told of what was over within its five minutes."""
    one = holding(pasts=resolving(HISTORY))
    alert = make_alert()

    assert action_of(one, alert) is Action.HOLD
    assert [(end.at, end.end) for end in one.observe(resolution(alert, 3)).endings] == [(at(3), End.RESOLVED)]


def test_hold_goes_on_where_what_ends_has_not_recovered() -> None:
    """Of a host that is gone Grafana says that its alert is over; people are told of it all the same."""
    one = holding(pasts=resolving(HISTORY))
    alert = make_alert()
    gone = replace(resolution(alert, 3), annotations={"grafana_state_reason": "MissingSeries"})

    assert action_of(one, alert) is Action.HOLD
    assert one.observe(gone).endings == ()
    assert [(end.at, end.end) for end in one.observe(make_alert(9, place="pay")).endings] == [(at(5), End.UNRESOLVED)]


def test_hold_ends_in_a_page_if_nothing_resolves() -> None:
    """After five minutes it is told, whatever else comes."""
    one = holding(pasts=resolving(HISTORY))

    assert action_of(one, make_alert()) is Action.HOLD
    assert [(end.at, end.end) for end in one.observe(make_alert(9, place="pay")).endings] == [(at(5), End.UNRESOLVED)]


def test_resolution_ahead_of_its_firing_ends_the_hold_at_once() -> None:
    """Deliveries come out of order; what is over is not paged five minutes later."""
    one = holding(pasts=resolving(HISTORY))
    alert = make_alert(0, received_at=at(2))

    one.observe(resolution(alert, 1))

    assert [end.end for end in one.observe(alert).endings] == [End.RESOLVED]
    assert one.finish() == ()


@pytest.mark.parametrize(
    ("pasts", "over", "code"),
    [
        pytest.param(noise_history(60), {}, Condition.SHARE, id="180 clean windows are not 183"),
        pytest.param([*HISTORY, of_incident(make_alert(-50))], {}, Condition.SHARE, id="an incident window"),
        pytest.param(noise_history(250, ("cart",)), {}, Condition.SCOPES, id="one scope"),
        pytest.param(HISTORY, {"labels": {"service": "gate"}}, Condition.ROLE, id="a role never seen"),
        pytest.param(HISTORY, {"received_at": at(15 * 1440)}, Condition.FRESH, id="evidence of 15 days ago"),
        pytest.param(HISTORY, {"severity": AlertSeverity.CRITICAL}, Condition.CRITICAL, id="critical"),
        pytest.param(HISTORY, {"rule": "New"}, Guard.RULE, id="a rule never seen"),
        pytest.param(HISTORY, {"severity": AlertSeverity.UNKNOWN}, Guard.SEVERITY, id="no severity"),
        pytest.param(HISTORY, {"labels": {"pod": "cart-0"}}, Guard.SERVICE, id="no service"),
        pytest.param(HISTORY, {"severity_word": "SEV1"}, Guard.ROUTE, id="SEV1"),
        pytest.param(HISTORY, {"severity_word": "SEV-1"}, Guard.ROUTE, id="SEV-1"),
        pytest.param(HISTORY, {"severity_word": "P0 - Outage"}, Guard.ROUTE, id="P0"),
        pytest.param(HISTORY, {"labels": {"service": "cart", "canary": "1"}}, Guard.ROUTE, id="a canary's label"),
        *(
            pytest.param(noise_history(rule=rule), {"rule": rule}, Guard.ROUTE, id=rule)
            for rule in ("CheckoutSLOBurn", "ErrorBudgetBurn", "DeadMansSwitch", "Watchdog", "checkout_canary")
        ),
    ],
)
def test_each_condition_forbids_by_itself(pasts: list[Past], over: dict[str, Any], code: str) -> None:
    """With one thing missing the alert is told, and that is among the reasons."""
    assert code in codes_against(holding(pasts=pasts), make_alert(**over))


def test_first_signal_of_an_incident_bars_a_rule_whatever_its_share() -> None:
    """Four hundred clean days do not outweigh that it spoke first once."""
    pasts = [*noise_history(400), of_incident(make_alert(-50))]

    assert codes_against(holding(pasts=pasts), make_alert()) == [Condition.SIGNAL]


def test_rule_that_spoke_second_is_judged_by_its_share() -> None:
    """Another rule had told of the incident already."""
    pasts = [*noise_history(400), of_incident(make_alert(-51, rule="Errors")), of_incident(make_alert(-50))]

    assert action_of(holding(pasts=pasts), make_alert()) is Action.DIGEST


def test_rate_above_twice_its_ceiling_is_told() -> None:
    """One an hour was usual: the third within an hour is told, the first two wait."""
    one = holding()

    actions = [action_of(one, make_alert(minute)) for minute in (0, 1, 2)]

    assert actions == [Action.DIGEST, Action.DIGEST, Action.PASS]


def test_told_member_keeps_its_group_from_waiting() -> None:
    """What belongs to something told minutes ago is told; eleven minutes later it may wait."""
    one = holding()
    one.observe(make_alert(0, rule="PodRestarted"))

    assert codes_against(one, make_alert(5)) == [Condition.GROUP]
    assert action_of(one, make_alert(16)) is Action.DIGEST


def test_group_of_the_caller_counts_instead_of_the_place() -> None:
    """Grouped elsewhere, it is not kept from waiting by what was told of its place."""
    one = holding()
    one.observe(make_alert(0, rule="PodRestarted"), group="G-1")

    decision = one.observe(make_alert(1), group="G-2").decision

    assert decision is not None
    assert (decision.action, decision.group) == (Action.DIGEST, "G-2")


@pytest.mark.parametrize(
    ("place", "forbids"), [("cart", True), ("shop", True), ("pay", False)], ids=["own", "caller's", "other's"]
)
def test_symptom_near_forbids_to_wait(place: str, *, forbids: bool) -> None:
    """An error on the service or on a direct caller means that somebody may feel it."""
    one = holding(graph=SHOP_CALLS_CART)
    one.observe(make_alert(0, rule="HighErrorRate", place=place), group="elsewhere")

    decision = one.observe(make_alert(5)).decision

    assert decision is not None
    assert (Condition.SYMPTOM in {reason.code for reason in decision.reasons if reason.weight < 0}) is forbids


def test_unmapped_rule_counts_as_a_symptom_until_evidence_maps_it() -> None:
    """A rule whose name says nothing ends the waiting of others, unless history calls it noise."""
    unmapped = make_alert(0, rule="Zorp")
    known = HISTORY + noise_history(250, rule="Zorp")

    assert codes_against(_after(unmapped, HISTORY), make_alert(5)) == [Condition.SYMPTOM]
    assert action_of(_after(unmapped, known), make_alert(5)) is Action.DIGEST


def _after(alert: Alert, pasts: list[Past]) -> Holding:
    one = holding(pasts=pasts)
    one.observe(alert, group="elsewhere")
    return one


def test_series_that_repeats_all_day_is_told_and_ends_no_waiting() -> None:
    """Four episodes within a day are a lane of their own: no news about their service, and never muted."""
    one = holding()
    chronic = [make_alert(minute, rule="HighErrorRate") for minute in (0, 100, 200, 300)]
    assert [action_of(one, alert) for alert in chronic] == [Action.PASS] * 4

    one.observe(make_alert(311))
    endings = one.observe(make_alert(312, rule="HighErrorRate")).endings

    assert endings == ()


def test_deploy_explains_restarts_until_the_first_symptom() -> None:
    """Restarts and replicas wait; an error of a direct caller tells them all."""
    one = holding(pasts=[], graph=SHOP_CALLS_CART)
    one.happen(deploy())
    assert action_of(one, make_alert(1, rule="PodRestarted")) is Action.HOLD
    assert action_of(one, make_alert(2, rule="ReplicasMismatch")) is Action.HOLD

    seen = one.observe(make_alert(3, rule="HighErrorRate", place="shop"))

    assert [(end.alert.rule, end.at, end.end) for end in seen.endings] == [
        ("PodRestarted", at(3), End.RELEASED),
        ("ReplicasMismatch", at(3), End.RELEASED),
    ]
    assert codes_against(one, make_alert(4, rule="TargetMissing"))[-1] in {Condition.GROUP, Condition.SYMPTOM}


@pytest.mark.parametrize(
    ("event", "alert"),
    [
        pytest.param(deploy(), make_alert(1, rule="HighErrorRate"), id="a symptom"),
        pytest.param(deploy(), make_alert(1, rule="Zorp"), id="an unmapped rule"),
        pytest.param(deploy(), make_alert(11, rule="PodRestarted"), id="eleven minutes later"),
        pytest.param(deploy(2), make_alert(1, rule="PodRestarted"), id="before it"),
        pytest.param(deploy(service="shop"), make_alert(1, rule="PodRestarted"), id="of another service"),
        pytest.param(replace(deploy(), kind=HappeningKind.FLAG), make_alert(1, rule="PodRestarted"), id="a flag"),
        pytest.param(
            deploy(), make_alert(1, rule="PodRestarted", severity=AlertSeverity.CRITICAL), id="critical, not approved"
        ),
    ],
)
def test_deploy_does_not_explain_everything(event: Happening, alert: Alert) -> None:
    """What a deploy does not cause by itself is told."""
    one = holding(pasts=[])
    one.happen(event)

    assert action_of(one, alert) is Action.PASS


@pytest.mark.parametrize(
    ("labels", "action"),
    [
        pytest.param({"env": "prod"}, Action.PASS, id="another"),
        pytest.param({"env": "stg"}, Action.HOLD, id="the same"),
        pytest.param({}, Action.HOLD, id="none"),
        pytest.param({"cluster": "eu-1"}, Action.HOLD, id="a cluster, of which a deploy tells nothing"),
    ],
)
def test_deploy_explains_nothing_of_another_environment(labels: dict[str, str], action: Action) -> None:
    """What restarts in production while staging is deployed has another cause; a later deploy elsewhere hides none."""
    one = holding(pasts=[])
    one.happen(replace(deploy(), environment="staging"))
    one.happen(replace(deploy(0.5), environment="qa"))

    assert action_of(one, make_alert(1, rule="PodRestarted", labels={"service": "cart", **labels})) is action


def test_outage_of_a_third_party_explains_its_dependants() -> None:
    """The same classes wait at the services that depend on it."""
    one = holding(pasts=[], graph=ServiceGraph(third_party={"stripe": frozenset({"cart"})}))
    one.happen(Happening(at=at(0), kind=HappeningKind.UPSTREAM_OUTAGE, service="stripe"))

    assert action_of(one, make_alert(1, rule="TargetMissing")) is Action.HOLD
    assert action_of(one, make_alert(1, rule="TargetMissing", place="shop")) is Action.PASS


@pytest.mark.parametrize(
    ("approval", "action"),
    [
        pytest.param(Approval(rule="PodRestarted", approved_by=TWO), Action.HOLD, id="the rule by two"),
        pytest.param(Approval(rule="restart", approved_by=TWO), Action.HOLD, id="the class by two"),
        pytest.param(Approval(rule="PodRestarted", approved_by=frozenset({"ana"})), Action.PASS, id="by one"),
        pytest.param(Approval(rule="Other", approved_by=TWO), Action.PASS, id="another rule"),
        pytest.param(Approval(rule="PodRestarted in eu", approved_by=TWO), Action.HOLD, id="the rule there"),
        pytest.param(Approval(rule="PodRestarted in us", approved_by=TWO), Action.PASS, id="the rule elsewhere"),
        pytest.param(Approval(rule="restart", approved_by=TWO, expires_at=at(0)), Action.PASS, id="expired"),
    ],
)
def test_critical_pattern_takes_two_people(approval: Approval, action: Action) -> None:
    """One person cannot let a critical alert wait, nor can a rule's evidence."""
    one = holding(replace(LIVE, approvals=(approval,)), pasts=[])
    one.happen(deploy())

    alert = make_alert(1, rule="PodRestarted", severity=AlertSeverity.CRITICAL, labels={"service": "cart", "env": "eu"})
    assert action_of(one, alert) is action


def test_series_is_held_ten_minutes_a_day_at_most() -> None:
    """A fault that heals and returns is told at its third return, even if each hold was short of the limit."""
    one = holding(replace(LIVE, conditions=frozenset(Condition) - {Condition.GROUP}), pasts=resolving(HISTORY))

    first, second, third = (action_of(one, make_alert(minute)) for minute in (0, 100, 200))

    assert (first, second, third) == (Action.HOLD, Action.HOLD, Action.PASS)
    assert action_of(one, make_alert(1541)) is Action.HOLD


def test_firing_again_gains_a_held_series_no_time() -> None:
    """A second delivery ends when the first does."""
    one = holding(pasts=resolving(HISTORY))
    one.observe(make_alert(0))
    one.observe(make_alert(4))

    assert {end.at for end in one.finish()} == {at(5)}


def test_unresolved_hold_takes_its_group_along() -> None:
    """When one member is told at the end of its hold, the others are told with it."""
    one = holding(pasts=[])
    one.happen(deploy())
    one.observe(make_alert(1, rule="PodRestarted"))
    one.observe(make_alert(4, rule="ReplicasMismatch"))

    assert [(end.alert.rule, end.at, end.end) for end in one.finish()] == [
        ("PodRestarted", at(6), End.UNRESOLVED),
        ("ReplicasMismatch", at(6), End.RELEASED),
    ]


def test_nothing_waits_under_the_kill_switch() -> None:
    """Whatever the policy says besides."""
    killed = holding(replace(LIVE, is_killed=True))

    assert codes_against(killed, make_alert()) == [Guard.KILLED]


def test_shadow_mode_decides_and_changes_nothing() -> None:
    """Everything is told at once, and the decision says what would have been done."""
    one = holding(HoldingPolicy())

    seen = one.observe(make_alert())

    assert seen.decision is not None
    assert (seen.decision.action, seen.decision.would) == (Action.PASS, Action.DIGEST)
    assert [reason.code for reason in seen.decision.reasons if reason.weight < 0] == [Guard.SHADOW]
    assert one.finish() == ()


@pytest.mark.parametrize(("days", "incidents", "may"), [(30, 20, True), (29, 20, False), (30, 19, False)])
def test_policy_goes_live_after_shadowing(days: int, incidents: int, *, may: bool) -> None:
    """Thirty days and twenty incidents, both."""
    if may:
        live = go_live(HoldingPolicy(), shadowed=timedelta(days=days), incidents=incidents)
        assert live.mode is Mode.LIVE
    else:
        with pytest.raises(ValueError, match="needs 30 days and 20 incidents"):
            go_live(HoldingPolicy(), shadowed=timedelta(days=days), incidents=incidents)


def test_pass_through_is_random_keyed_and_recorded() -> None:
    """About 1.5 % of what may wait is told, the same ones in every replay, others under another seed."""
    policies = [replace(LIVE, seed=seed, decoys=0, conditions=frozenset()) for seed in ("a", "a", "b")]
    told = []
    for policy in policies:
        one = Holding(policy, evidence=learnt(HISTORY))
        decisions = [one.observe(make_alert(hour * 60, id=f"n{hour}")).decision for hour in range(330)]
        assert all(one and one.propensity == pytest.approx(0.985) for one in decisions)
        told.append([one.alert_id for one in decisions if one and one.action is Action.PASS])

    assert told[0] == told[1] != told[2]
    assert 1 <= len(told[0]) <= 15


def test_private_incident_shows_only_as_not_eligible() -> None:
    """It bars the rule like any other, and no sentence or count tells of it."""
    clean = noise_history(400)
    incident = [of_incident(make_alert(-51, rule="Errors"), is_private=True)]
    member = [of_incident(make_alert(-1440 * one - 49, rule="BatchNoise"), is_private=True) for one in range(8)]
    one = holding(pasts=[*clean, *incident, *member])

    decision = one.observe(make_alert()).decision

    assert decision is not None
    assert [reason.code for reason in decision.reasons] == [Guard.DECOY]
    assert {reason.text for reason in decision.reasons} == {"This rule is not eligible."}


def test_private_first_signal_shows_only_as_not_eligible() -> None:
    """The same where a private incident was told by this rule first."""
    one = holding(pasts=[*noise_history(400), of_incident(make_alert(-50), is_private=True)])

    assert codes_against(one, make_alert()) == [Guard.DECOY]


def test_some_rules_are_not_eligible_by_lot() -> None:
    """Otherwise that answer would tell of a private incident; a fortnight later others draw it."""
    rules = [f"Noise{number}" for number in range(200)]
    history = [past for rule in rules for past in noise_history(1, rule=rule)]
    policy = replace(LIVE, conditions=frozenset())
    drawn = []
    for fortnight in (0, 1):
        one = Holding(policy, evidence=replace(learnt(history), fitted_at=at(fortnight * 20160)))
        seen = [
            one.observe(make_alert(fortnight * 20160 + 0.01 * n, rule=rule)).decision for n, rule in enumerate(rules)
        ]
        drawn.append({rule for rule, decision in zip(rules, seen, strict=True) if decision and _is_decoy(decision)})

    assert all(2 <= len(some) <= 25 for some in drawn)
    assert drawn[0] != drawn[1]


def test_lot_and_private_incident_look_alike() -> None:
    """The whole decision is the same, so that nobody can tell one from the other."""
    private = holding(pasts=[*noise_history(400), of_incident(make_alert(-50), is_private=True)])
    by_lot = Holding(replace(LIVE, decoys=1), evidence=learnt(HISTORY))

    assert private.observe(make_alert()).decision == by_lot.observe(make_alert()).decision


def test_private_incident_is_not_told_beside_other_reasons() -> None:
    """What is told anyway reads as it would without the incident, since by lot that answer stands alone."""
    private = of_incident(make_alert(-50), is_private=True)
    barred, clean = holding(pasts=[*noise_history(400), private]), holding(pasts=noise_history(400))
    for one in (barred, clean):
        one.involve(["cart"], [], at(-1))

    assert codes_against(barred, make_alert()) == codes_against(clean, make_alert()) == [Guard.INCIDENT]


def test_what_an_event_would_let_wait_is_not_eligible_in_a_private_incident() -> None:
    """A deploy explains the alert, so nothing that all may know forbids that it waits."""
    one = holding(pasts=noise_history(1))
    one.happen(deploy(-1))
    one.involve([], ["cart"], at(-1))

    assert codes_against(one, make_alert(rule="PodRestarted")) == [Guard.DECOY]


def _is_decoy(decision: Any) -> bool:
    return any(reason.code is Guard.DECOY for reason in decision.reasons)


def test_nothing_learnt_and_no_event_tells_everything() -> None:
    """A new site is told of everything."""
    assert codes_against(Holding(LIVE, evidence=NO_EVIDENCE), make_alert()) == [Guard.RULE, *_UNMET]


_UNMET = [Condition.SCOPES, Condition.ROLE, Condition.RATE, Condition.FRESH]
