"""What holds for any stream under any policy: nothing is lost, no guard rail gives way, a replay is bit-equal."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.alerts import guard_rails
from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.backtest import Past
from analysis.alerts.hold_reasons import Action, Condition
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import Approval, HoldingPolicy, Mode
from analysis.alerts.identity import fingerprint
from analysis.alerts.playback import Turn, in_order, play
from analysis.alerts.rule_classes import CAUSED_BY_DEPLOYS, class_of
from analysis.alerts.waiting import End
from analysis.alerts.whereabouts import place_of, rule_of
from tests.analysis.alerts.streams import SHOP_CALLS_CART, at, deploy, learnt, make_alert, noise_history, resolution
from tests.effort import examples

RULES = ("BatchNoise", "PodRestarted", "ReplicasMismatch", "HighErrorRate", "Zorp", "CheckoutSlo")
_QUICK = ("BatchNoise", "ReplicasMismatch", "HighErrorRate")  # rules that resolve, so that they are held, not listed
_CLEAN = [past for rule in RULES[:4] for past in noise_history(200 if rule == "BatchNoise" else 100, rule=rule)]
EVIDENCE = learnt(
    [*_CLEAN, *(Past(alert=resolution(one.alert, -59)) for one in _CLEAN[-1200:] if one.alert.rule in _QUICK)]
)
SPANS = st.sampled_from([timedelta(minutes=5), timedelta(hours=1), timedelta(days=3), timedelta(seconds=-5)])

policies = st.builds(
    HoldingPolicy,
    mode=st.just(Mode.LIVE),
    is_killed=st.sampled_from([False] * 9 + [True]),
    most_share=st.sampled_from([1.0, 1.0, 0.02, 0.0]),
    is_corrected=st.booleans(),
    least_scopes=st.integers(0, 3),
    least_role_windows=st.integers(0, 3),
    most_rate=st.floats(0, 1e9),
    longest_hold=SPANS,
    longest_digest=SPANS,
    pass_through=st.floats(0, 1),
    decoys=st.sampled_from([0.0, 0.05, 0.0, 1.0]),
    seed=st.text(max_size=3),
    conditions=st.one_of(
        st.just(frozenset()), st.just(frozenset(Condition)), st.frozensets(st.sampled_from(Condition))
    ),
    approvals=st.sampled_from([(), (Approval(rule="restart", approved_by=frozenset({"ana", "bo"})),)]),
)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Alert], list[Any]]:
    """A few hours of alerts in order of arrival, some resolved, and deploys."""
    rows = st.tuples(
        st.integers(0, 400) | st.floats(0, 30),
        st.sampled_from(["BatchNoise", "BatchNoise", *RULES]),
        st.sampled_from(["cart", "cart", "shop", ""]),
        st.sampled_from(["warning", "warning", "warning", "info", "critical", "unknown"]).map(AlertSeverity),
        st.one_of(st.none(), st.floats(0.1, 20)),
    )
    alerts = []
    for number, (minute, rule, place, severity, lasts) in enumerate(draw(st.lists(rows, min_size=5, max_size=60))):
        alert = make_alert(minute, id=f"a{number}", rule=rule, place=place, severity=severity)
        alerts.append(alert)
        if lasts is not None:
            alerts.append(resolution(alert, minute + lasts))
    deploys = [deploy(minute) for minute in draw(st.lists(st.floats(0, 400), max_size=3))]
    return sorted(alerts, key=lambda one: one.received_at), deploys


def lived(stream: tuple[list[Alert], list[Any]], policy: HoldingPolicy) -> list[Turn]:
    """Return every turn of a stream under a policy."""
    holding = Holding(policy, evidence=EVIDENCE, graph=SHOP_CALLS_CART)
    return list(play(in_order(*stream), holding))


def decided(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns in which a firing alert was decided on."""
    return [turn for turn in turns if turn.decision]


@given(stream=streams(), policy=policies)
@settings(max_examples=examples(150), deadline=None)
def test_every_firing_alert_ends_told_or_in_a_digest_in_time(
    stream: tuple[list[Alert], list[Any]], policy: HoldingPolicy
) -> None:
    """Nothing is deleted: each is told at once, told after at most five minutes, or listed after at most four hours."""
    turns = lived(stream, policy)

    firing = [alert.id for alert in stream[0] if alert.status is AlertStatus.FIRING]
    ends = {turn.alert.id: turn for turn in turns if turn.end}
    assert [turn.alert.id for turn in decided(turns)] == firing
    assert Counter(turn.alert.id for turn in turns if turn.end) == Counter(
        turn.alert.id for turn in decided(turns) if not turn.is_told
    )
    for turn in decided(turns):
        if turn.decision and turn.decision.action is not Action.PASS:
            end = ends[turn.alert.id]
            longest = guard_rails.LONGEST_HOLD if turn.decision.action is Action.HOLD else guard_rails.LONGEST_DIGEST
            assert timedelta(0) <= end.at - turn.at <= longest
            assert turn.decision.action is Action.DIGEST or end.end is not End.LISTED


@given(stream=streams(), policy=policies)
@settings(max_examples=examples(150), deadline=None)
def test_guard_rails_hold_for_any_policy(stream: tuple[list[Alert], list[Any]], policy: HoldingPolicy) -> None:
    """Whatever a policy says, some alerts never wait, and no series is held for longer than a day allows."""
    turns = lived(stream, policy)
    ends = {turn.alert.id: turn.at for turn in turns if turn.end}
    holds: dict[str, list[tuple[Any, Any]]] = {}

    for turn in decided(turns):
        alert, decision = turn.alert, turn.decision
        assert decision is not None
        if decision.action is Action.PASS:
            continue
        assert not policy.is_killed
        assert place_of(alert)
        assert alert.severity is not AlertSeverity.UNKNOWN
        assert alert.severity is not AlertSeverity.CRITICAL or (policy.approvals and class_of(alert.rule) == "restart")
        assert not guard_rails.is_protected(alert)
        assert rule_of(alert) in EVIDENCE.rules or class_of(alert.rule) in CAUSED_BY_DEPLOYS
        if decision.action is Action.HOLD:
            holds.setdefault(fingerprint(alert), []).append((turn.at, ends[alert.id]))
    for spans in holds.values():
        assert _length_of_union(spans) <= guard_rails.MOST_HELD_A_DAY


def _length_of_union(spans: list[tuple[Any, Any]]) -> timedelta:
    total, covered = timedelta(0), at(-1)
    for since, until in sorted(spans):
        total += max(timedelta(0), until - max(since, covered))
        covered = max(covered, until)
    return total


@given(stream=streams(), policy=policies)
@settings(max_examples=examples(60), deadline=None)
def test_replay_is_bit_equal(stream: tuple[list[Alert], list[Any]], policy: HoldingPolicy) -> None:
    """The same alerts, events, evidence and policy lead to the same turns, chance included."""
    assert lived(stream, policy) == lived(stream, policy)


@given(stream=streams(), policy=policies)
@settings(max_examples=examples(100), deadline=None)
def test_reasons_are_complete(stream: tuple[list[Alert], list[Any]], policy: HoldingPolicy) -> None:
    """An alert waits if and only if no reason is against it, and whoever is told has a reason why."""
    for turn in decided(lived(stream, policy)):
        assert turn.decision is not None
        negative = [reason for reason in turn.decision.reasons if reason.weight < 0]
        assert (turn.decision.action is Action.PASS) is bool(negative)
        assert sum(reason.weight for reason in turn.decision.reasons) == len(turn.decision.reasons) - 2 * len(negative)
        assert turn.decision.action is Action.PASS or turn.decision.propensity > 0


@given(stream=streams(), policy=policies)
@settings(max_examples=examples(60), deadline=None)
def test_told_member_leaves_nobody_of_its_group_waiting(
    stream: tuple[list[Alert], list[Any]], policy: HoldingPolicy
) -> None:
    """At the moment one member is told, every held member of the same group ends its waiting."""
    turns = lived(stream, policy)
    told = [(turn.at, turn.decision.group) for turn in decided(turns) if turn.is_told and turn.decision]
    held = {
        turn.alert.id: (turn.at, turn.decision.group)
        for turn in decided(turns)
        if turn.decision and turn.decision.action is Action.HOLD
    }

    for turn in turns:
        if turn.end and turn.alert.id in held:
            since, group = held[turn.alert.id]
            assert not [one for one, of in told if of == group and since < one < turn.at]
