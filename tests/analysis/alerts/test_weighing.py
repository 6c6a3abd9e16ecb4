"""Choosing the group that has most for an alert."""

from dataclasses import replace
from operator import itemgetter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.alerts.groups import Group, Suspicion
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.rule_pairs import RulePairs
from analysis.alerts.series import Series
from analysis.alerts.topology import Topology
from analysis.alerts.views import Views
from analysis.alerts.weighing import Weigher
from tests.alert_streams import GRAPH
from tests.effort import examples

_AT = 1_000_000.0
_OFTEN = 50
_PLACE = Topology(GRAPH).place({"service": "cart"})
_RULES = ("CartSlow", "CartErrors", "StoreDown", "PayRetries")
_Known = tuple[int, str, int, int, float, float, bool, bool, int]
#: What is known of a group that a search found: its score in tenths, rule and rank of its first series (which it has
#: let go of where there is no rule), how many of its alerts fire, how many came of late, what an event weighs, whether
#: what the alert's service calls has fired in it, whether its suspect reaches the service through that, and how many
#: series it has.
_KNOWN = st.tuples(
    st.integers(-60, -20),
    st.sampled_from(("", *_RULES)),
    st.sampled_from((0, 3)),
    st.integers(0, 1),
    st.sampled_from((1.0, 2.0, 9.0)),
    st.sampled_from((0.0, -1.0)),
    st.booleans(),
    st.booleans(),
    st.integers(1, 2),
)
#: The terms that a site may move, moved far to either side, and few others beside each.
_PRIORS = (
    SHIPPED,
    replace(SHIPPED, rule_pair_most=0.0, family=-1.0, text=3.0, burst=-0.6, resolved_group=0.5),
    replace(SHIPPED, rule_pair_most=0.0, family=0.0, text=-1.0, burst=0.0, severity_far=3.0, callees_quiet=2.0),
    replace(SHIPPED, rule_pair_most=0.0, family=0.0, text=0.0, burst=0.0, callee_fired=3.0),
    replace(SHIPPED, rule_pair_most=0.0, family=0.0, text=0.0, burst=0.0, lone_alert=2.0, blamed_late=1.0),
)


@given(
    known=st.lists(_KNOWN, min_size=2, max_size=4),
    together=st.sets(st.sampled_from(_RULES[1:])),
    prior=st.sampled_from(_PRIORS),
)
@example(
    known=[(-20, "StoreDown", 3, 1, 1.0, 0.0, False, False, 2), (-21, "", 0, 0, 1.0, 0.0, False, False, 2)],
    together=set(),
    prior=SHIPPED,
)
@example(
    known=[(-20, "StoreDown", 0, 1, 1.0, 0.0, False, True, 2), (-40, "CartErrors", 0, 1, 9.0, 0.0, True, True, 1)],
    together={"CartErrors"},
    prior=SHIPPED,
)
@settings(max_examples=examples(1_000, fewest=200))
def test_no_group_that_is_passed_over_had_more_for_it(known: list[_Known], together: set[str], prior: Prior) -> None:
    """Of several groups the best is chosen, with the reasons that it has by itself."""
    rule_pairs, series = RulePairs(prior), _series(_RULES[0], 0, prior)
    for _ in range(_OFTEN):
        rule_pairs.begin("NodeDown")
        rule_pairs.join(series.rule, sorted(together))
    weigher = Weigher(prior, rule_pairs)
    groups = [_group(number, one, series, prior) for number, one in enumerate(sorted(known, reverse=True))]

    reasons, logit, best = weigher.best(series, groups, _AT)

    alone = [weigher.best(series, [group], _AT) for group in groups]
    most = max(alone, key=itemgetter(1))
    assert abs(logit - most[1]) < 1e-12
    assert (reasons, logit, best) in alone


def _group(number: int, known: _Known, series: Series, prior: Prior) -> Group:
    tenths, rule, rank, firing, warmth, event_weight, has_callee, is_behind, count = known
    group = Group(id=f"g{number}", number=number, start=_AT - 30, last=_AT - 30, event_weight=event_weight)
    group.first_alert, group.first_rank = f"a{number}", rank
    group.members, group.series, group.firing = 2, count, firing
    group.warmth, group.warm_at = warmth, _AT - 30
    if rule:
        group.first, group.rules = _series(rule, rank, prior), {rule: f"a{number}"}
    group.places = {callee: f"a{number}" for callee in series.place.callees if has_callee}
    view = next(one for one in series.views if one.is_behind is is_behind)
    group.reached, group.found = tenths / 10, (view, tenths / 10, 0.0, 0.0)
    group.suspicions = {view.suspect: Suspicion(group, 0.0, True, f"a{number}")}  # noqa: FBT003 - as the engine makes it
    return group


def _series(rule: str, rank: int, prior: Prior) -> Series:
    return Series(
        fingerprint=rule,
        rule=rule,
        family=rule[:4],
        words=frozenset({"fires", rule}),
        place=_PLACE,
        views=Views(prior).of(_PLACE, 0.0),
        severity_rank=rank,
    )
