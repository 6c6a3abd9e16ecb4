from dataclasses import replace
from datetime import timedelta

from analysis.alerts.alert import AlertSeverity
from analysis.alerts.backtest import Past, replay_policy
from analysis.alerts.holding_policy import HoldingPolicy
from tests.analysis.alerts.streams import deploy, make_alert, noise_history, of_incident, resolution

UNSAFE = HoldingPolicy(most_share=1, is_corrected=False, is_anytime=False, least_scopes=0, conditions=frozenset())


def history(*incidents: Past) -> list[Past]:
    """Return a hundred days of one noise rule in three places, and some incidents."""
    return [*noise_history(), *incidents]


def test_safe_policy_is_not_blocked_and_saves_posts() -> None:
    """Noise that earned it waits, and the incident is told by another rule in time."""
    verdict = replay_policy(history(of_incident(make_alert(0, rule="HighErrorRate"))), HoldingPolicy())

    assert (verdict.is_blocked, verdict.hidden, verdict.maximum_delay) == (False, (), timedelta(0))
    assert verdict.digested > 0
    assert verdict.posts_with < verdict.posts_without
    assert verdict.sentence == (
        "Not blocked: 0 of 1 incidents hidden (at most 95.0% with 95 % confidence), the longest delay 0 s."
    )


def test_incident_that_speaks_only_through_noise_blocks_the_policy() -> None:
    """It is judged by what was known before it, so its own label does not save it."""
    verdict = replay_policy(history(of_incident(make_alert(0))), HoldingPolicy())

    assert verdict.hidden == ("7",)
    assert verdict.is_blocked


def test_incident_before_teaches_for_the_next() -> None:
    """Once the rule was the only signal of an incident, it is told; the second one is not hidden."""
    first, second = of_incident(make_alert(-1440 * 50 - 300)), of_incident(make_alert(0), "8")

    verdict = replay_policy(history(first, second), HoldingPolicy())

    assert verdict.hidden == ()


def test_held_fault_blocks_where_it_is_told_late() -> None:
    """A deploy's window explains a fault that is told after five minutes."""
    fault = of_incident(make_alert(2, rule="PodRestarted"))

    verdict = replay_policy(history(fault), HoldingPolicy(), happenings=[deploy()])

    assert (verdict.hidden, verdict.maximum_delay) == ((), timedelta(minutes=5))
    assert verdict.is_blocked


def test_fault_that_heals_while_it_is_held_is_hidden() -> None:
    """An entry in the digest is not being told."""
    fault = of_incident(make_alert(2, rule="PodRestarted"))
    healed = Past(alert=resolution(fault.alert, 3))

    assert replay_policy(history(fault, healed), HoldingPolicy(), happenings=[deploy()]).hidden == ("7",)


def test_maximum_counts_and_no_mean() -> None:
    """Twenty incidents told at once do not make up for one told late."""
    prompt = [of_incident(make_alert(-one * 1440 - 200, rule="HighErrorRate"), f"p{one}") for one in range(20)]
    late = of_incident(make_alert(2, rule="PodRestarted"), "late")

    verdict = replay_policy(history(*prompt, late), HoldingPolicy(), happenings=[deploy()])

    assert verdict.maximum_delay == timedelta(minutes=5)
    assert verdict.is_blocked


def test_unsafe_policy_is_blocked() -> None:
    """A policy that lets any known rule wait is caught by an incident among them."""
    incident = [of_incident(make_alert(one, rule="HighErrorRate", place="cart"), "9") for one in range(0, 50, 10)]
    known = noise_history(3, rule="HighErrorRate")

    assert not replay_policy(history(*known, *incident), HoldingPolicy()).is_blocked
    assert replay_policy(history(*known, *incident), UNSAFE).is_blocked


def test_luck_and_mode_change_no_verdict() -> None:
    """A random pass, a decoy or shadow mode cannot save a policy."""
    lucky = replace(HoldingPolicy(), pass_through=1, decoys=1)

    assert replay_policy(history(of_incident(make_alert(0))), lucky).is_blocked


def test_private_incidents_count() -> None:
    """Safety sees every incident."""
    assert replay_policy(history(of_incident(make_alert(0), is_private=True)), HoldingPolicy()).is_blocked


def test_repeat_that_is_folded_either_way_is_not_hidden_by_the_policy() -> None:
    """An incident that was an edit without the policy is none of its making, and counts as not told earlier."""
    first = make_alert(0, rule="HighErrorRate", severity=AlertSeverity.INFO)
    again = make_alert(3, rule="HighErrorRate", severity=AlertSeverity.INFO)

    verdict = replay_policy(history(Past(alert=first), of_incident(again)), HoldingPolicy())

    assert [(one.without, one.with_policy) for one in verdict.told] == [(None, None)]
    assert not verdict.is_blocked
