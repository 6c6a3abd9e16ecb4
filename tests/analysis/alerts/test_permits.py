"""Only what people permitted waits, what changes the picture ends it, and what is kept of a decision gives it back."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.fail_open import FailOpen
from analysis.alerts.held_patterns import Pattern, PatternKind, Permit, to_permit
from analysis.alerts.hold_reasons import Action, Guard, HoldDecision
from analysis.alerts.hold_rows import decision_to_json, evidence_to_json, to_decision, to_evidence
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import HoldingPolicy, Mode
from analysis.alerts.involvement import veiled
from analysis.alerts.waiting import End
from tests.analysis.alerts.streams import at, deploy, learnt, make_alert, noise_history
from tests.analysis.alerts.test_holding_properties import EVIDENCE, streams
from tests.effort import examples

LIVE = HoldingPolicy(mode=Mode.LIVE)
NOISE = Pattern(kind=PatternKind.RULE, source="alertmanager", name="BatchNoise")
RESTARTS = Pattern(kind=PatternKind.CLASS, name="restart")


def permit(pattern: Pattern = NOISE, *people: str, minutes: float = 1000) -> Permit:
    """Return that *pattern* may wait."""
    return Permit(pattern=pattern, approved_by=frozenset(people or ("ana",)), expires_at=at(minutes))


def holding(*permits: Permit) -> Holding:
    """Return holding back by clean history and *permits*, without chance."""
    return Holding(LIVE, evidence=learnt(noise_history()), has_chance=False, permits=permits)


def decided(one: Holding, alert: Alert, **over: Any) -> HoldDecision:
    """Return what is decided about *alert*."""
    decision = one.observe(alert, **over).decision
    assert decision is not None
    return decision


@pytest.mark.parametrize(
    ("permits", "action"),
    [
        pytest.param((), Action.PASS, id="nobody approved"),
        pytest.param((permit(),), Action.DIGEST, id="approved"),
        pytest.param((permit(minutes=-1),), Action.PASS, id="expired"),
        pytest.param((permit(RESTARTS),), Action.PASS, id="another pattern"),
    ],
)
def test_pattern_waits_by_its_own_permit(permits: tuple[Permit, ...], action: Action) -> None:
    """What nobody permitted is told, and what would have been done is on record with the pattern."""
    decision = decided(holding(*permits), make_alert())

    assert (decision.action, decision.would, decision.pattern) == (action, Action.DIGEST, NOISE)
    assert [one.code for one in decision.reasons if one.weight < 0] == ([Guard.SHADOW] if action is Action.PASS else [])
    assert (decision.propensity > 0) is (action is not Action.PASS)


def test_permit_that_ends_tells_what_waits_by_it() -> None:
    """The other pattern goes on waiting."""
    one = holding(permit(), permit(RESTARTS))
    one.happen(deploy(-1, "shop"))
    one.observe(make_alert())
    one.observe(make_alert(1, rule="PodRestarted", place="shop"))

    endings = one.govern(LIVE, (permit(RESTARTS),), at(2))

    assert [(ending.alert.rule, ending.at, ending.end) for ending in endings] == [("BatchNoise", at(2), End.RELEASED)]


@pytest.mark.parametrize("private", [False, True])
def test_open_incident_tells_what_waits_at_its_place(private: bool) -> None:  # noqa: FBT001 - a case
    """What comes later is told too; of a private incident the reason says nothing."""
    one = holding(permit())
    one.observe(make_alert())
    one.observe(make_alert(1, place="shop"))

    endings = one.involve([] if private else ["cart"], ["cart"] if private else [], at(2))
    later = decided(one, make_alert(20))

    assert [ending.alert.labels["service"] for ending in endings] == ["cart"]
    (reason,) = [one for one in later.reasons if one.weight < 0 and one.code in {Guard.INCIDENT, Guard.DECOY}]
    assert reason.code is (Guard.DECOY if private else Guard.INCIDENT)
    assert "incident" not in reason.text or not private


@pytest.mark.parametrize("name", ["G-1", "cart", veiled("seed", "CART")])
def test_open_incident_names_a_group_or_a_place(name: str) -> None:
    """By the group's id, by the place, or by its digest under the site's own seed."""
    one = Holding(replace(LIVE, seed="seed"), evidence=learnt(noise_history()), has_chance=False)
    one.observe(make_alert(), group="G-1")
    one.observe(make_alert(0, place="shop"), group="G-2")

    endings = one.involve([name], [veiled("other", "shop")], at(2))

    assert [ending.alert.labels["service"] for ending in endings] == ["cart"]


def test_series_that_becomes_worse_is_told() -> None:
    """The one that waited is told with it."""
    one = holding(permit())
    one.observe(make_alert(severity=AlertSeverity.INFO))

    seen = one.observe(make_alert(1, severity=AlertSeverity.WARNING))

    assert seen.decision is not None
    assert Guard.WORSE in {reason.code for reason in seen.decision.reasons}
    assert [ending.end for ending in seen.endings] == [End.RELEASED]


def test_group_that_spreads_is_told() -> None:
    """What waits in one group at one service is told when the group fires at another."""
    one = holding(permit())
    one.observe(make_alert(), group="G-1")

    seen = one.observe(make_alert(1, place="shop"), group="G-1")

    assert seen.decision is not None
    assert Guard.SPREAD in {reason.code for reason in seen.decision.reasons}
    assert [ending.alert.labels["service"] for ending in seen.endings] == ["cart"]


def test_moment_without_an_alert_ends_waiting_once() -> None:
    """The digest's hour is over at its hour, however late that is noticed."""
    one = holding(permit())
    one.observe(make_alert())

    early, late, again = one.tick(at(59)), one.tick(at(70)), one.tick(at(80))

    assert (early, again) == ((), ())
    assert [(ending.at, ending.end) for ending in late] == [(at(60), End.LISTED)]


@given(stream=streams())
@settings(max_examples=examples(40), deadline=None)
def test_what_is_kept_gives_the_same_engine(stream: tuple[list[Alert], list[Any]]) -> None:
    """An engine that remembers the first half from JSON decides the second as the one that lived through it."""
    alerts, happenings = stream
    permits = (permit(minutes=10_000), permit(RESTARTS, minutes=10_000))
    lived, made = (Holding(LIVE, evidence=EVIDENCE, permits=permits) for _ in range(2))
    for happening in happenings:
        lived.happen(happening)
        made.happen(happening)
    half = len(alerts) // 2

    for alert in alerts[:half]:
        decision = lived.observe(alert).decision
        kept = to_decision(json.loads(json.dumps(decision_to_json(decision)))) if decision else None
        assert kept == decision
        made.observe(alert, group=kept.group if kept else "", recorded=kept)

    assert [lived.observe(alert) for alert in alerts[half:]] == [made.observe(alert) for alert in alerts[half:]]


def test_evidence_and_permits_come_back_as_they_were() -> None:
    """Counts, roles and times to the last bit."""
    two = permit(RESTARTS, "ana", "bo", minutes=0.1)

    assert to_evidence(json.loads(json.dumps(evidence_to_json(EVIDENCE)))) == EVIDENCE
    assert to_permit(json.loads(json.dumps(two.to_json()))) == two


def test_change_that_breaks_tells_everything() -> None:
    """What waits is told at that moment, and so is everything after it."""
    one = FailOpen(holding(permit()), lambda: 0.0)
    one.observe(make_alert())

    def broken(_: Holding) -> tuple[Any, ...]:
        raise KeyError

    endings = one.act(broken, at(1))
    later = one.observe(make_alert(60, place="shop")).decision

    assert [(ending.at, ending.end) for ending in endings] == [(at(1), End.RELEASED)]
    assert one.has_failed
    assert later is not None
    assert [reason.code for reason in later.reasons] == [Guard.FAILED]
    assert one.act(lambda holding: holding.tick(at(90)), at(90)) == ()


def test_what_was_remembered_is_known_to_wait() -> None:
    """Until it ends; a resolution is remembered without a decision."""
    one = FailOpen(holding(permit()), lambda: 0.0)
    alert = make_alert()
    decision = decided(holding(permit()), alert)

    one.remember(alert, decision)
    waits = one.is_waiting(alert.id)
    one.remember(make_alert(1, status=AlertStatus.RESOLVED, starts_at=at(0)), None)
    one.act(lambda holding: holding.tick(alert.received_at + timedelta(hours=2)), at(120))

    assert (waits, one.is_waiting(alert.id)) == (True, False)
