"""A group is compared with an incident by terms that add up, and only what both have attaches without a person."""

import math
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.alerts.alert_rows import read_graph
from analysis.alerts.attaching import ATTACHING, Fit, GroupFacts, IncidentFacts, fit, is_shared, relate
from analysis.alerts.reasons import Reason, ReasonCode, logit_of
from analysis.alerts.topology import Topology
from analysis.signals import Signal, SignalKind, SignalState, Verdict, ranked, why

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
GRAPH = Topology(read_graph({"services": [{"name": "cart"}, {"name": "web"}], "calls": [["web", "cart"]]}))
entities = st.dictionaries(st.sampled_from(["service:cart", "service:web", "node:n-1"]), st.integers(1, 50), max_size=3)


def group(reference: str = "G-1", *, minutes: float = 0, **over: object) -> GroupFacts:
    """A group that began so long after the start; `minutes` of its digest are *came*."""
    began = START + timedelta(minutes=minutes)
    fields = {"id": reference, "reference": reference, "opened_at": began, "entities": {"service:cart": 3}, "alerts": 3}
    fields["minutes"] = over.pop("came", {})
    return GroupFacts(**{**fields, **over})  # type: ignore[arg-type] - the fields above, replaced


def incident(title: str = "Errors", *groups: GroupFacts) -> IncidentFacts:
    """An incident that is declared at the start."""
    return IncidentFacts(declared_at=START, title=title, groups=groups)


def said(reasons: tuple[Reason, ...]) -> list[str]:
    """The terms in words, but for what holds always."""
    return [reason.text for reason in reasons[1:]]


def test_named_place_attaches_and_says_why() -> None:
    """The words are those that people read in Slack."""
    reasons = relate(group(minutes=-2), incident("Cart is slow"), GRAPH)

    assert fit(reasons) is Fit.ATTACH
    assert said(reasons) == [
        "the title names cart, where 3 of its alerts fired",
        "it began 2 min before the incident’s start",
        "3 alerts at 1 place",
    ]


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("Errors", "service:cart", "same service, cart"),
        ("Errors", "service:web", "is called by web"),
        ("Errors", "service:elsewhere", None),
    ],
    ids=["same", "called", "nothing in common"],
)
def test_relation_to_what_is_attached_is_told(title: str, other: str, expected: str | None) -> None:
    """How the places stand to each other, from either side."""
    theirs = group("G-2", entities={other: 1})

    reasons = relate(group(), incident(title, theirs), GRAPH)

    relations = [reason.text for reason in reasons if reason.code is ReasonCode.RELATION]
    assert relations == ([expected] if expected else [])
    assert is_shared(reasons) is (expected == "same service, cart")


def test_nothing_is_attached_without_something_in_common() -> None:
    """However high the logit is, a person decides where the two share no place."""
    strong = (Reason(ReasonCode.NEAR, 9.0, ("G-1", "G-2"), ("G-2",)),)

    assert fit(strong) is Fit.SUGGEST
    assert fit((*strong, Reason(ReasonCode.NAMED, 0.0, ("G-1",), ("service:cart", 1)))) is Fit.ATTACH


def test_group_that_repeats_by_itself_is_not_attached() -> None:
    """A series that always fires says nothing of this incident."""
    reasons = relate(group(is_lane=True, minutes=-500), incident("Cart is slow"), GRAPH)

    assert fit(reasons) is Fit.NONE


@pytest.mark.parametrize(
    ("minutes_before", "expected"),
    [({20: 6, 3: 2}, "6 of 8 alerts came more than 5 min before it was declared or reopened"), ({20: 2, 3: 6}, None)],
    ids=["most before", "most since"],
)
def test_what_went_on_before_is_of_something_else(minutes_before: dict[int, int], expected: str | None) -> None:
    """Some of the incident's alerts may have come to a group that is about what was before; a person decides."""
    now = int(START.timestamp()) // 60
    came = {now - minutes: count for minutes, count in minutes_before.items()}
    one = group(minutes=-20, alerts=8, entities={"service:cart": 8}, came=came)

    reasons = relate(one, incident("Cart is slow"), GRAPH)

    assert [reason.text for reason in reasons if reason.code is ReasonCode.EARLIER] == ([expected] if expected else [])
    assert (fit(reasons) is Fit.ATTACH) is (expected is None)


@given(here=st.integers(1, 60), elsewhere=st.integers(0, 60), more=st.integers(1, 60))
def test_more_alerts_elsewhere_never_speak_for_it(here: int, elsewhere: int, more: int) -> None:
    """A group that is about other places than the title's is less likely to be the incident's."""
    weights = [
        relate(group(entities={"service:cart": here}, alerts=here + others), incident("Cart is slow"), GRAPH)[1].weight
        for others in (elsewhere, elsewhere + more)
    ]

    assert weights[0] >= weights[1]


def test_place_that_the_title_names_is_told_once() -> None:
    """That the incident has alerts of the same place says nothing more, and grouping would have joined the two."""
    late = group(minutes=3)
    alone = relate(late, incident("Cart is slow"), GRAPH)
    beside = relate(late, incident("Cart is slow", group("G-2")), GRAPH)

    assert not [reason for reason in beside if reason.code is ReasonCode.RELATION]
    assert fit(alone) is Fit.ATTACH
    assert beside[2].code is ReasonCode.NAMED
    assert beside[2].weight < alone[1].weight
    assert fit(beside) is not Fit.ATTACH


def test_as_close_to_another_incident_is_a_suggestion() -> None:
    """Unless one is clearly ahead, a person decides."""
    reasons = relate(group(), incident("Cart is slow"), GRAPH)
    logit = logit_of(reasons)

    assert fit(reasons, rival=logit) is Fit.SUGGEST
    assert fit(reasons, rival=logit - ATTACHING.ahead_by - 0.01) is Fit.ATTACH


@given(
    own=entities,
    theirs=entities,
    minutes=st.floats(-10_000, 10_000),
    title=st.text(max_size=80),
    alerts=st.integers(1, 10_000),
    is_lane=st.booleans(),
)
def test_terms_add_up_and_repeat(
    own: dict[str, int], theirs: dict[str, int], minutes: float, title: str, alerts: int, *, is_lane: bool
) -> None:
    """The same two give the same terms, whose weights are the logit; each can be told."""
    one = group(entities=own, minutes=minutes, alerts=alerts, is_lane=is_lane)
    other = incident(title, group("G-2", entities=theirs))

    reasons = relate(one, other, GRAPH)

    assert relate(one, other, Topology()) == relate(one, other, Topology())
    assert reasons == relate(one, other, GRAPH)
    assert logit_of(reasons) == math.fsum(reason.weight for reason in reasons)
    assert all(reason.text for reason in reasons)


def test_order_of_signals_depends_on_nothing_but_them() -> None:
    """In whatever order they are found, people read the same list; what was said of one counts most."""
    signals = [
        Signal(
            kind=SignalKind.ALERT_GROUP,
            row=UUID(int=number),
            reference=f"G-{number}",
            what="",
            since=START,
            state=SignalState.SUGGESTED,
            reasons=(Reason(ReasonCode.NEAR, weight, ()),),
            verdict=verdict,
        )
        for number, weight, verdict in [
            (1, 1.0, None),
            (2, 3.0, Verdict.NOT_RELATED),
            (3, 0.5, Verdict.USEFUL),
            (4, 1.0, None),
        ]
    ]

    orders = {tuple(one.reference for one in ranked(each)) for each in permutations(signals)}

    assert orders == {("G-3", "G-1", "G-4", "G-2")}


def test_why_names_the_heaviest_first_and_what_speaks_against() -> None:
    """The base is not told, as it holds for every signal."""
    reasons = relate(group(minutes=30), incident("Cart is slow", group("G-2")), GRAPH)

    assert why(reasons) == (
        "the title names cart, where 3 of its alerts fired (+2.5), 3 alerts at 1 place (+0.3); "
        "against: it began 30 min after the incident’s start (-2.2)"
    )
