"""What people said becomes causes, weights move only as far as labels speak for it, and what is unsafe is refused."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.alerts.alert import Alert
from analysis.alerts.grouping import Grouper
from analysis.alerts.grouping_weights import NAMES, STANDING, features_of, stepped
from analysis.alerts.learning_replay import History, replay
from analysis.alerts.noise_evidence import Membership
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.reasons import ReasonCode, logit_of
from analysis.alerts.site_labels import Opinions, PlacedAlert, Truth, truth_of
from analysis.alerts.stored_weights import prior_of, weights_of
from analysis.alerts.topology import Topology
from analysis.alerts.training import (
    Obstacle,
    Parts,
    Training,
    configuration,
    deliveries,
    divided,
    judged,
    obstacles_of,
    train,
)
from analysis.errors import InvalidInput
from tests.alert_streams import GRAPH, START, alert
from tests.labelled_site import faults, graph

FAULTS = 90


def draws(things: int) -> Iterable[Sequence[int]]:
    """Some draws, always the same."""
    chance = random.Random(1)
    return [[chance.randrange(things) for _ in range(things)] for _ in range(200)]


def history(count: int = FAULTS) -> History:
    """A site whose faults spread slowly, each with its cause."""
    alerts: list[Alert] = []
    causes: dict[str, str] = {}
    for number, fault in enumerate(faults(count, until=START)):
        for one in fault:
            named = replace(one, id=str(len(alerts)))
            alerts.append(named)
            causes[named.id] = f"fault {number}"
    members = {one: Membership(incident=cause) for one, cause in causes.items()}
    return History(alerts=alerts, truth=Truth(causes=causes, fault_causes=causes, memberships=members), graph=graph())


@pytest.fixture(scope="module")
def trained() -> Training:
    """Return what is learnt there."""
    return train(history(), draws=draws, on_alert=lambda: None)


def test_slow_faults_are_learnt_and_stand_every_check(trained: Training) -> None:
    """B³ rises with an interval above 0, nothing merges that should not, every fault is told as soon."""
    judgement = trained.judgement

    assert judgement is not None
    assert trained.is_promoted
    assert trained.pairs >= 200
    assert judgement.gain_interval[0] > 0.2
    assert judgement.after.mega_merge == judgement.before.mega_merge == 0
    assert len(judgement.told) == len(judgement.held) == trained.judged == 36
    assert trained.prior.half_life_seconds > 2 * SHIPPED.half_life_seconds
    assert trained.prior.base == SHIPPED.base


def test_same_history_gives_the_same_weights(trained: Training) -> None:
    """To the last bit; whoever shows how far it is knows how often it is told of a delivery."""
    whole, told = history(), []
    again = train(whole, draws=draws, on_alert=lambda: told.append(1))

    assert len(told) == deliveries(whole)
    assert again.prior.digest() == trained.prior.digest()
    assert again.step == trained.step


def test_what_comes_after_the_cut_teaches_nothing(trained: Training) -> None:
    """With other labels there, the weights are the same bits; only the judgement differs."""
    whole = history()
    parts = divided(whole)
    assert parts is not None
    turned = {one: cause if cause in parts.learning else "all one" for one, cause in whole.truth.causes.items()}
    changed = replace(whole, truth=replace(whole.truth, causes=turned, fault_causes=turned))
    cut = Parts(fitting=parts.fitting, choosing=parts.choosing, judging=frozenset({"all one"}), split_at=parts.split_at)

    before = replay(changed, SHIPPED, on_alert=lambda: None)
    after = replay(changed, trained.prior, on_alert=lambda: None)

    learnt = [pair for pair in before.pairs if {pair.cause, pair.other} <= parts.learning]
    original = replay(whole, SHIPPED, on_alert=lambda: None)
    assert learnt == [pair for pair in original.pairs if {pair.cause, pair.other} <= parts.learning]
    assert judged(changed, cut, before, after, draws).gain != trained.judgement


def test_few_labels_say_how_many_are_missing() -> None:
    """The shipped weights stay."""
    few = train(history(30), draws=draws, on_alert=lambda: None)

    assert few.obstacles == (Obstacle.FEW_PAIRS, Obstacle.FEW_CAUSES)
    assert (few.pairs, few.missing_pairs, few.judged, few.missing_causes) == (72, 128, 12, 8)
    assert few.prior is SHIPPED
    assert train(history(0), draws=draws, on_alert=lambda: None).missing_pairs == 200
    assert deliveries(history(0)) == 0


def test_weights_that_swallow_incidents_are_refused() -> None:
    """A group that takes everything hides what joins it: the replay sees that nobody would have been told."""
    whole = history()
    parts = divided(whole)
    assert parts is not None
    greedy = replace(
        SHIPPED, base=60.0, half_life_seconds=1e6, longest_group_seconds=1e6, group_idle_seconds=1e6, own_rhythm=0.0
    )
    everywhere = [replace(one, labels={"service": "front0"}) for one in whole.alerts]
    merged = replace(whole, alerts=everywhere)

    before = replay(merged, SHIPPED, on_alert=lambda: None)
    after = replay(merged, greedy, on_alert=lambda: None)
    judgement = judged(merged, parts, before, after, draws)

    assert {Obstacle.NO_GAIN, Obstacle.MEGA_MERGE, Obstacle.HIDDEN} <= {*obstacles_of(judgement)}
    assert sum(one.is_hidden for one in judgement.told) > 30


@pytest.mark.thorough
def test_step_of_a_weight_changes_the_logit_as_its_feature_says() -> None:
    """What a weight adds to a decision is the slope of the logit, for each that a decision shows."""
    shown = set()
    for place, name in enumerate(NAMES):
        if name == "base":
            continue
        step = [0.0] * len(NAMES)
        step[place] = 1e-6
        for (reasons, logit), (_, moved) in zip(logits(SHIPPED), logits(stepped(SHIPPED, step)), strict=True):
            slope = dict(features_of(reasons, SHIPPED)).get(place, 0.0)
            if slope:
                shown.add(name)
                assert (moved - logit) / 1e-6 == pytest.approx(slope, rel=0.12, abs=1e-3)
    assert {"delay", "family", "text", "relation.caller", "relation.same_service"} <= shown


def logits(prior: Prior) -> list[tuple[tuple[object, ...], float]]:
    """The reasons for the second alert of a few pairs, and their logit."""
    found = []
    for seconds, service, rule in (
        (90, "cart", "CartSlow"),
        (40, "store", "StoreSlow"),
        (400, "shop", "ShopErrors"),
    ):
        grouper = Grouper(Topology(GRAPH), prior)
        grouper.decide(alert("1", 0, labels={"service": "store"}, annotations={"summary": "queries wait"}))
        more = {"labels": {"service": service}, "annotations": {"summary": "queries wait long"}}
        decision = grouper.decide(alert("2", seconds, rule, **more))
        reasons = decision.reasons
        if any(one.code is ReasonCode.DELAY for one in reasons):
            found.append((reasons, logit_of(reasons)))
    return found


def test_weights_come_back_from_json_and_altered_ones_do_not(trained: Training) -> None:
    """Their hash says so."""
    weights = weights_of(trained.prior)

    assert prior_of(weights, trained.prior.digest()) == trained.prior
    for altered in ({**weights, "base": 4.3}, {}, {**weights, "relations": {"cousin": [0, 0]}}, {"relations": 1}):
        with pytest.raises(InvalidInput):
            prior_of(altered, trained.prior.digest())


def test_base_stands() -> None:
    """It is what every group must be suited by, which pairs with the best group say little of."""
    assert {NAMES[place] for place in STANDING} == {"base"}


PLACED = [PlacedAlert(str(number), f"s{number}", group) for number, group in enumerate("abcdefgh")]
OPINIONS = Opinions(
    closed={"a": frozenset({"i1"}), "b": frozenset({"i1"}), "c": frozenset({"secret"}), "e": frozenset({"i1"})},
    attached={
        "a": frozenset({"i1"}),
        "b": frozenset({"i1"}),
        "c": frozenset({"secret"}),
        "d": frozenset({"open"}),
        "e": frozenset({"i1", "open"}),
    },
    private=frozenset({"secret"}),
    judged=frozenset({"f", "g"}),
    noise=frozenset({"f"}),
    needed=frozenset({"g"}),
    mattered={"7": "ticket jira OPS-1"},
)


def test_groups_of_one_closed_incident_have_one_cause() -> None:
    """An open incident, a private one, and two at once teach nothing; what somebody looked at is its own cause."""
    truth = truth_of(PLACED, OPINIONS)

    assert truth.causes == {"0": "incident i1", "1": "incident i1", "5": "group f", "6": "group g"}
    assert truth.fault_causes == {"0": "incident i1", "1": "incident i1", "6": "group g"}


def test_every_incident_counts_for_what_must_be_told() -> None:
    """Open and private ones too, what was called needed, and what a ticket says mattered."""
    members = truth_of(PLACED, OPINIONS).memberships

    assert {one: (member.incident, member.is_private) for one, member in members.items()} == {
        "0": ("i1", False),
        "1": ("i1", False),
        "2": ("secret", True),
        "3": ("open", False),
        "4": ("i1", False),
        "6": ("group g", False),
        "7": ("ticket jira OPS-1", False),
    }


def test_configuration_is_the_one_that_was_scored() -> None:
    """Whoever changes it scores again and lists the score."""
    page = (Path(__file__).parents[3] / "docs/benchmarks/alerts.md").read_text(encoding="utf-8")

    assert configuration() == "b4413b155dad2f54"
    assert configuration() in page
