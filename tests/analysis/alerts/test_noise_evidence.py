import pytest

from analysis.alerts.noise_evidence import RuleEvidence
from tests.analysis.alerts.streams import learnt, make_alert, noise_history, of_incident, resolution

NOISE = ("alertmanager", "BatchNoise")


def evidence_of(pasts: list) -> RuleEvidence:
    """Return what is known of the noise rule."""
    return learnt(pasts).rules[NOISE]


@pytest.mark.parametrize(
    ("minutes", "windows"),
    [
        pytest.param([0, 5, 10], 1, id="without quiet"),
        pytest.param([0, 120, 240], 1, id="the same day"),
        pytest.param([0, 1440, 2880], 3, id="a day apart"),
        pytest.param([900, 950, 1000, 1050], 1, id="through midnight without quiet"),
        pytest.param([900, 1020], 2, id="quiet through midnight"),
        pytest.param([1440, 0, 2880], 3, id="out of order"),
        pytest.param([1440, 0, 1445, 5, 1450], 2, id="out of order again and again"),
    ],
)
def test_windows_are_one_a_day_with_an_hour_of_quiet(minutes: list[int], windows: int) -> None:
    """Only what may count as independent is counted."""
    pasts = noise_history(0) + [of_incident(make_alert(one)) for one in minutes]

    assert evidence_of(pasts).windows == windows


def test_scopes_and_roles_count_noise_only() -> None:
    """A place where the rule told of an incident each time does not vouch for it being noise."""
    pasts = [*noise_history(4), of_incident(make_alert(0, place="gate"))]

    evidence = evidence_of(pasts)

    assert (evidence.windows, evidence.incident_windows, evidence.scopes) == (13, 1, 3)
    assert evidence.role_windows == {"cart": 4, "shop": 4, "pay": 4}


def test_every_first_rule_of_an_incident_is_its_signal() -> None:
    """Two rules of the same instant were both first, a later one was neither first nor only."""
    pasts = [
        of_incident(make_alert(0)),
        of_incident(make_alert(0, rule="Errors")),
        of_incident(make_alert(1, rule="Latency")),
        of_incident(make_alert(2000, rule="Latency"), "8"),
    ]

    rules = learnt(pasts).rules

    assert {rule: (one.first_of, one.only_of) for (_, rule), one in rules.items()} == {
        "BatchNoise": (1, 0),
        "Errors": (1, 0),
        "Latency": (1, 1),
    }


def test_ceiling_is_of_hours_outside_incidents() -> None:
    """What an incident did to the rate is not what is usual."""
    pasts = noise_history(2) + [of_incident(make_alert(one / 10)) for one in range(50)]

    assert evidence_of(pasts).ceiling == 1


def test_resolutions_are_no_windows() -> None:
    """A resolution tells that the rule resolves, and nothing else."""
    pasts = noise_history(3)
    pasts.append(type(pasts[0])(alert=resolution(pasts[-1].alert, 0)))

    evidence = evidence_of(pasts)

    assert (evidence.windows, evidence.resolves) == (9, True)


def test_error_is_shared_by_every_rule_looked_at() -> None:
    """A rule that can never be eligible counts among those that were tested."""
    pasts = noise_history(3) + noise_history(1, rule="Errors") + [of_incident(make_alert(0, rule="Latency"))]

    assert learnt(pasts).level(0.06) == pytest.approx(0.02)
    assert learnt(pasts).level(0.06, is_corrected=False) == pytest.approx(0.06)


def test_noise_in_staging_says_nothing_of_production() -> None:
    """One rule in two environments is two rules to the evidence: what never mattered in one may matter in the other."""
    pasts = [of_incident(make_alert(0, labels={"environment": "production"}))]
    pasts += [of_incident(make_alert(day * 1440, labels={"environment": "staging"}), "") for day in range(3)]

    rules = learnt(pasts).rules

    assert sorted(rule for _, rule in rules) == ["BatchNoise in production", "BatchNoise in staging"]
