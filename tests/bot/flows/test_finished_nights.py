"""What a night may do with what it found, and that nobody answers it before the site was watched for long enough."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest

from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.noise_evidence import NO_EVIDENCE
from analysis.alerts.noise_night import Blocked, Candidate, NightResult
from analysis.errors import Refused
from bot.ports.holding import HoldChanges, HoldPolicy, Night, PolicyState, Proof
from bot.ports.records import Changes
from bot.usecases.holding.finish_night import MOST_ASKED, FinishNight, begin_night, finish_night
from tests.bot.flows.held import RESTARTS
from tests.bot.flows.nights import DAY, NightSite, night_of
from tests.bot.flows.streams import COMMANDER, at
from tests.bot.store.parts import Store

RULES = [Pattern(kind=PatternKind.RULE, source="alertmanager", name=f"Noisy{number}") for number in range(5)]


@pytest.fixture
def site(sqlite_lanes_store: Store) -> NightSite:
    """Return a site that was watched for 29 days, with twenty incidents."""
    made = NightSite(sqlite_lanes_store)
    watch(made, 0)
    made.incidents(20)
    for day in range(1, 30):
        watch(made, day)
    return made


def watch(site: NightSite, day: int) -> None:
    """Let a night come in which nothing is found."""
    site.store.clock.instant = at(day * DAY) + timedelta(hours=20)
    quiet = night_of(site.workspace, site.store.clock.now())
    site.store.write(lambda *_: Changes(holds=HoldChanges(night=quiet)))


def finish(site: NightSite, result: NightResult, *, times: int = 1) -> None:
    """Let the night of now end with *result*, as often as processes found it."""
    night = Night(workspace_id=site.workspace, day="a night", began_at=site.store.clock.now())
    site.store.write(lambda reads, _: begin_night(reads, night))
    for turn in range(times):
        asked = {"person": COMMANDER, "workspace_id": site.workspace, "natural_key": f"night:{turn}"}
        site.store.writer.submit(finish_night, FinishNight(**asked, day="a night", result=result)).result()


def asked_about(site: NightSite, state: PolicyState, *, days_ago: int = 0, is_critical: bool = False) -> HoldPolicy:
    """A question about the first rule that came to *state* so many days ago."""
    now = site.store.clock.now()
    policy = HoldPolicy(
        id=uuid4(),
        workspace_id=site.workspace,
        number=1,
        pattern=RULES[0],
        is_critical=is_critical,
        state=state,
        changed_at=now - timedelta(days=days_ago),
        proof=Proof(held=9, days=29),
        approved_by=("slack:U1",) if state in {PolicyState.LIVE, PolicyState.SECOND} else (),
        expires_at=now + timedelta(days=1) if state is PolicyState.LIVE else None,
    )
    site.store.write(lambda *_: Changes(holds=HoldChanges(policies=(policy,))))
    return policy


def found(
    *,
    may_be_held: Sequence[Pattern] = (),
    blocked: Sequence[Blocked] = (),
    unjudged: Sequence[Pattern] = (),
    is_critical: bool = False,
) -> NightResult:
    """What a night finds."""
    candidates = (
        Candidate(pattern=one, is_critical=is_critical, held=9, sentence="Nothing was hidden.") for one in may_be_held
    )
    return NightResult(
        evidence=NO_EVIDENCE,
        rules=(),
        candidates=tuple(candidates),
        blocked=tuple(blocked),
        days=30,
        unjudged=frozenset(unjudged),
    )


def test_nobody_lets_alerts_wait_before_a_month_was_watched(site: NightSite) -> None:
    """A question that stands all the same, as after a clock was set back, is answered by nobody."""
    policy = asked_about(site, PolicyState.PROPOSED)

    with pytest.raises(Refused, match="has watched for 29 days; it takes 30"):
        site.say_yes(policy)
    before = site.policies()
    watch(site, 30)

    assert before == [policy]
    assert "is live until" in site.say_yes(policy)


def test_night_that_two_processes_end_asks_once(site: NightSite) -> None:
    """The second would ask about what was too much for one night."""
    watch(site, 30)
    finish(site, found(may_be_held=RULES), times=2)

    assert len(site.policies()) == MOST_ASKED
    assert [one["move"] for one in site.log()] == ["proposed"] * MOST_ASKED


def test_incident_that_became_private_in_that_night_is_not_named(site: NightSite) -> None:
    """The replay began while everybody saw it; what people read when it ends rests on what they may see then."""
    site.approve()
    public = site.declare("Backups are lost")
    private = site.declare("private: Somebody takes cards")
    with site.store.snapshots.snapshot() as reads:
        incidents = [reads.incident_by_number(site.workspace, number) for number in (public, private)]
    late = tuple(str(one.id) for one in incidents if one)
    blocked = Blocked(pattern=RESTARTS, sentence="Blocked: 2 of 2 incidents hidden.", late=late)

    finish(site, found(blocked=[blocked]))

    (policy,) = site.policies()
    assert (policy.state, len(late)) == (PolicyState.REVOKED, 2)
    assert policy.why.endswith(f"Hidden or late: #{public} and an alert that mattered.")


@pytest.mark.parametrize(
    ("state", "days_ago", "is_asked"),
    [
        (PolicyState.PROPOSED, 0, False),
        (PolicyState.SECOND, 0, False),
        (PolicyState.LIVE, 0, False),
        (PolicyState.DECLINED, 29, False),
        (PolicyState.DECLINED, 30, True),
        (PolicyState.REVOKED, 29, False),
        (PolicyState.REVOKED, 30, True),
        (PolicyState.EXPIRED, 0, True),
    ],
)
def test_nobody_is_asked_again_about_what_stands_or_was_refused_lately(
    site: NightSite, state: PolicyState, days_ago: int, *, is_asked: bool
) -> None:
    """A no holds for thirty days, and one question about a pattern is enough."""
    watch(site, 30)
    before = asked_about(site, state, days_ago=days_ago)

    finish(site, found(may_be_held=RULES[:1]))

    others = [one for one in site.policies() if one.id != before.id]
    assert [one.state for one in others] == [PolicyState.PROPOSED] * is_asked


def test_what_a_night_ends_it_does_not_ask_about(site: NightSite) -> None:
    """What hid something alone may look harmless among others."""
    watch(site, 30)
    asked_about(site, PolicyState.LIVE)
    blocked = Blocked(pattern=RULES[0], sentence="Blocked: it came late.", late=())

    finish(site, found(may_be_held=RULES[:1], blocked=[blocked]))

    assert [one.state for one in site.policies()] == [PolicyState.REVOKED]


@pytest.mark.parametrize(
    ("unjudged", "state"), [((), PolicyState.EXPIRED), (RULES[:1], PolicyState.PROPOSED)], ids=["judged", "not judged"]
)
def test_question_that_the_evidence_supports_no_more_is_asked_no_more(
    site: NightSite, unjudged: Sequence[Pattern], state: PolicyState
) -> None:
    """Where the history was too short to judge, it stands."""
    asked_about(site, PolicyState.PROPOSED)

    finish(site, found(unjudged=unjudged))

    assert [one.state for one in site.policies()] == [state]


@pytest.mark.parametrize("was_critical", [False, True])
@pytest.mark.parametrize("is_critical", [False, True])
def test_question_takes_two_people_once_anything_critical_was_of_its_pattern(
    site: NightSite, *, was_critical: bool, is_critical: bool
) -> None:
    """Whether it was so when it was asked, or is by now."""
    asked_about(site, PolicyState.PROPOSED, is_critical=was_critical)

    finish(site, found(may_be_held=RULES[:1], is_critical=is_critical))

    (policy,) = site.policies()
    assert (policy.is_critical, policy.proof.days) == (was_critical or is_critical, 30)
