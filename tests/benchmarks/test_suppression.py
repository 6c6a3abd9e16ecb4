"""The benchmark of holding back sees what is hidden, on made-up campaigns and on the real ones where they are."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.alerts.backtest import Past
from analysis.alerts.noise_evidence import Membership
from analysis.alerts.telling import Folding
from benchmarks import suppression, suppression_ait, suppression_moved, suppression_policies, suppression_storm
from benchmarks.measuring import SHARED
from tests.analysis.alerts.streams import at, deploy, learnt, make_alert, noise_history, resolution

needs_alerts = pytest.mark.skipif(
    not (SHARED / "alerts").is_dir(), reason="the alerts are not here; DEBRIEF_SHARED_DATA names their folder"
)


@pytest.fixture
def campaign() -> suppression_ait.Campaign:
    """Return a campaign whose one step speaks through a rule that is noise otherwise."""
    step = Membership(incident="shaw:dnsteal")
    noise = [Past(alert=make_alert(minute, place="pay")) for minute in (0, 200, 400)]
    return suppression_ait.Campaign(name="shaw", pasts=(*noise, Past(alert=make_alert(500), membership=step)))


def test_step_that_waits_is_counted_as_hidden(campaign: suppression_ait.Campaign) -> None:
    """An entry of the digest is not being told."""
    evidence = learnt(noise_history())

    held = suppression_ait.held_by(campaign, suppression.OURS, evidence)
    told = suppression_ait.held_by(campaign, suppression.OURS, learnt([]))

    assert (held.hidden, told.hidden) == (("shaw:dnsteal",), ())
    assert told.maximum == 30
    assert held.posts_a_day < told.posts_a_day


def test_rules_of_thumb_are_scored_by_what_they_do(campaign: suppression_ait.Campaign) -> None:
    """Muting the rule hides the step, telling everything makes a post of each alert."""
    raw = suppression_ait.told_by(campaign, lambda _: True, has_fold=False)
    noisy = suppression_ait.mostly_noise(campaign.pasts)
    muted = suppression_ait.told_by(campaign, lambda alert: alert.rule not in noisy)

    assert (raw.hidden, raw.maximum, raw.told_a_day * campaign.days) == ((), 0, pytest.approx(4))
    assert muted.hidden == ("shaw:dnsteal",)
    assert suppression_ait.never_attacked(campaign.pasts) == frozenset()


def test_history_is_moved_before_what_it_judges(campaign: suppression_ait.Campaign) -> None:
    """Whole days earlier, in order, and each step keeps its own name."""
    before = campaign.pasts[0].alert.received_at

    moved = suppression_ait.history([campaign, campaign], before)

    times = [past.alert.received_at for past in moved]
    assert times == sorted(times)
    assert times[-1] < before
    shifts = {at - past.alert.received_at for at, past in zip(times, campaign.pasts * 2, strict=True)}
    assert {shift % timedelta(days=1) for shift in shifts} == {timedelta(0)}


def test_steps_move_and_noise_stays(campaign: suppression_ait.Campaign) -> None:
    """A step at another moment meets the same noise, and one that repeats what was told minutes before is late."""
    days = [Past(alert=make_alert(minute)) for minute in (-60, 1930, 4260)]
    longer = replace(campaign, pasts=tuple(sorted((*campaign.pasts, *days), key=lambda one: one.alert.received_at)))

    moved = suppression_ait.moved(longer, 0.5)

    assert [one for one in moved.pasts if not one.membership] == [one for one in longer.pasts if not one.membership]
    assert [one.alert.received_at for one in moved.pasts if one.membership] == [at(1940)]
    found = {name: suppression_moved.Moved(most=60) for name in suppression_moved.FOLDINGS}
    suppression_moved.judge(longer, 1, found)
    assert {(one.steps, one.late["dnsteal"]) for one in found.values()} == {(1, 1)}


def test_deploy_score_tells_held_from_never_told() -> None:
    """Noise of a deploy that resolves is never told, a fault that waits is late."""
    quick, fault = make_alert(1, rule="PodRestarted"), make_alert(100, rule="ReplicasMismatch")
    storm = suppression_storm.Storm(
        name="made-up",
        alerts=(quick, resolution(quick, 2), fault),
        happenings=(deploy(), deploy(99)),
        graph=suppression_storm.ServiceGraph(),
        causes={quick.id: "N-dep1", fault.id: "F1:bad_deploy"},
    )

    held, muted = suppression_storm.held_by(storm, suppression.OURS), suppression_storm.muted(storm)

    assert (held.deploys, held.noise, held.held, held.kept) == (2, 1, 1, 1)
    assert (held.hidden(bad_deploys=True), held.maximum(bad_deploys=True)) == ([], 300)
    assert muted.hidden(bad_deploys=True) == ["F1:bad_deploy"]
    assert suppression_storm.folded(storm, Folding()) == {"F1:bad_deploy": 30}


def test_what_stood_against_waiting_is_counted() -> None:
    """A symptom never waits, and what is near one does not."""
    slow, restart = make_alert(1, rule="HighLatency"), make_alert(2, rule="PodRestarted")
    storm = suppression_storm.Storm(
        name="made-up",
        alerts=(slow, restart),
        happenings=(deploy(),),
        graph=suppression_storm.ServiceGraph(),
        causes={slow.id: "N-dep1", restart.id: "N-dep1"},
    )

    assert suppression_storm.held_by(storm, suppression.OURS).unheld == {"class": 1, "symptom": 1}
    assert suppression_storm.held_by(storm, suppression.BESIDE_SYMPTOMS).unheld == {"class": 1}


def test_fault_that_repeats_what_fires_is_folded_away() -> None:
    """Nobody gets a new post for it, which the benchmark counts."""
    noise, fault = make_alert(1), make_alert(30)
    storm = suppression_storm.Storm(
        name="made-up",
        alerts=(noise, fault),
        happenings=(),
        graph=suppression_storm.ServiceGraph(),
        causes={noise.id: "N-blip1", fault.id: "F1:oom_loop"},
    )

    assert suppression_storm.folded(storm, Folding(is_exact=True)) == {"F1:oom_loop": None}


def test_configuration_is_listed_with_its_scores() -> None:
    """A change of any threshold must be made on purpose: the page lists every hash with its scores."""
    page = (Path(__file__).parents[2] / "docs/benchmarks/holding-back.md").read_text(encoding="utf-8")

    assert suppression_policies.configuration_hash()[:16] in page


@pytest.mark.slow
@needs_alerts
def test_real_alerts_hide_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole benchmark passes: nothing hidden, nothing late, the unsafe policy caught."""
    assert suppression.main(["--data", str(SHARED)]) == 0, capsys.readouterr().out


@pytest.mark.thorough
@needs_alerts
def test_unsafe_policy_is_caught_on_a_real_campaign() -> None:
    """On the last hours of the shortest scenario, taught by all of it, it hides steps; ours hides none."""
    path = SHARED / "alerts" / "ait" / "russellmitchell.csv.gz"
    campaign = suppression_ait.read(path)
    evidence = suppression_ait.learnt(campaign.pasts)
    end = replace(campaign, pasts=campaign.pasts[-13_000:])

    assert suppression_ait.held_by(end, suppression.UNSAFE, evidence).hidden
    assert suppression_ait.held_by(end, suppression.OURS, evidence).hidden == ()
