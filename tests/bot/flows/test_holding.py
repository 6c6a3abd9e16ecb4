"""What is approved waits, and whatever ends its waiting tells it: nothing is ever neither told nor listed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.hold_reasons import Action, Guard
from analysis.alerts.waiting import TOLD, End
from bot.flows.alerts.grouping import Grouping
from bot.ports.grouping import InputKind
from bot.ports.holding import HoldChanges, PolicyState
from bot.ports.records import Changes
from bot.store.holding.hold_tables import ALERT_HOLD
from bot.usecases.holding.noise_account import noise_account
from tests.bot.flows.held import RESOLVED, RESTARTS, HeldSite, is_told
from tests.bot.flows.streams import at
from tests.bot.store.parts import Store
from tests.dialects import on_both
from tests.effort import ON_FIXTURES, examples, leading

#: Evidence that no engine can read.
BROKEN = {"rules": [["broken"]], "fitted_at": None, "at": at(1).isoformat()}


@pytest.fixture
def site(store: Store) -> HeldSite:
    """Return a site where restarts after deploys may wait, and `cart` was deployed a minute ago."""
    made = HeldSite(store)
    made.approve()
    made.deploy(-1, "cart")
    return made


@pytest.fixture
def quick(sqlite_lanes_store: Store) -> HeldSite:
    """Return such a site on SQLite alone."""
    made = HeldSite(sqlite_lanes_store)
    made.approve()
    made.deploy(-1, "cart")
    return made


def held(site: HeldSite) -> HeldSite:
    """The site with a restart of `cart` that waits since minute 0."""
    site.fire(0, "cart")
    assert [one.action for one in site.holds()] == [Action.HOLD]
    return site


def test_shadow_tells_at_once_and_records_what_it_would_have_done(store: Store) -> None:
    """Without an approval everything is told; the decision is there with its reasons."""
    site = HeldSite(store)
    site.deploy(-1, "cart")

    site.fire(0, "cart")

    (hold,) = site.holds()
    assert site.told() == {"cart"}
    assert (hold.action, hold.would, hold.guard) == (Action.PASS, Action.HOLD, Guard.SHADOW.value)
    assert hold.ended_at == hold.since
    assert hold.pattern == RESTARTS


@pytest.mark.parametrize(("environment", "held"), [("Prod", [Action.HOLD]), ("staging", [])])
def test_deploy_lets_nothing_wait_in_another_environment(
    sqlite_lanes_store: Store, environment: str, held: list[Action]
) -> None:
    """A deploy of staging that is reported explains no restart in production."""
    site = HeldSite(sqlite_lanes_store)
    site.approve()
    site.report_deploy(-1, "cart", environment)

    site.fire(0, "cart", labels={"service": "cart", "env": "production"})

    assert [one.action for one in site.holds()] == held


def test_hold_that_nothing_resolves_is_told_within_a_minute_of_its_end(site: HeldSite) -> None:
    """It waits for five minutes and is posted then, although no other alert comes."""
    held(site)
    before = site.told()

    site.wait_until(5.2)

    (hold,) = site.holds()
    assert before == set()
    assert site.told() == {"cart"}
    assert hold.end is End.UNRESOLVED
    assert hold.ended_at is not None
    assert hold.ended_at - hold.since == timedelta(minutes=5)


@on_both("store")
def test_hold_that_resolves_is_listed_and_not_told(site: HeldSite) -> None:
    """It goes into the next digest."""
    held(site)

    site.fire(2, "cart", status=RESOLVED, since=0)

    (hold,) = site.holds()
    assert (hold.end, site.told()) == (End.RESOLVED, set())


@pytest.mark.parametrize(
    ("since", "end_at"),
    [pytest.param(1, 2, id="after its firing"), pytest.param(1, 0.5, id="before its firing")],
)
def test_end_of_another_severity_ends_no_waiting(quick: HeldSite, since: float, end_at: float) -> None:
    """What waits still fires, so that it is told."""
    milder = {"severity": AlertSeverity.INFO, "since": since, "is_per_severity": True}
    for minutes, over in sorted(
        [(0, {}), (1, milder), (end_at, {**milder, "status": RESOLVED})], key=lambda one: one[0]
    ):
        quick.fire(minutes, "cart", **{"is_per_severity": True, "since": 0, **over})
    before = [one.end for one in quick.holds() if one.action is Action.HOLD]
    quick.start()
    quick.wait_until(3)
    before += [one.end for one in quick.holds() if one.action is Action.HOLD]

    quick.wait_until(5.2)

    assert (None in before, set(before) - {None}) == (True, set())
    assert quick.told() == {"cart"}


def test_firing_that_came_after_the_end_of_another_severity_waits_and_is_told(quick: HeldSite) -> None:
    """The end named a later beginning, and was not its own."""
    quick.fire(2, "cart", severity=AlertSeverity.INFO, since=1, status=RESOLVED, is_per_severity=True)
    quick.fire(3, "cart", since=0, is_per_severity=True)
    (hold,) = quick.holds()

    quick.wait_until(8.2)

    assert (hold.action, hold.end) == (Action.HOLD, None)
    assert quick.told() == {"cart"}


@pytest.mark.parametrize(
    "happens",
    leading(
        1,
        [
            pytest.param(lambda site: site.switch(is_on=True), id="the kill switch"),
            pytest.param(lambda site: site.revoke(), id="a revocation"),
            pytest.param(lambda site: site.declare("cart loses orders"), id="an incident about the service"),
            pytest.param(lambda site: site.declare("private: cart"), id="an incident that names it"),
            pytest.param(
                lambda site: site.fire(1, "cart", severity=AlertSeverity.ERROR, since=0), id="a rise in severity"
            ),
            pytest.param(lambda site: site.fire(1, "cart", "RequestErrors"), id="a symptom"),
            pytest.param(lambda site: site.give(InputKind.EVIDENCE, BROKEN), id="a failure"),
        ],
    ),
)
def test_what_changes_the_picture_tells_at_once(quick: HeldSite, happens: Callable[[HeldSite], object]) -> None:
    """A minute after it began to wait, it is told."""
    held(quick)
    quick.store.clock.instant = at(1)

    happens(quick)
    quick.group()

    (hold,) = [one for one in quick.holds() if one.action is not Action.PASS]
    assert hold.end is End.RELEASED
    assert hold.ended_at == at(1)
    assert "cart" in quick.told()


@pytest.mark.parametrize("is_at_once", [False, True], ids=["after it waited", "in the same step"])
def test_symptom_ends_the_waiting_in_the_step_that_sees_it(quick: HeldSite, *, is_at_once: bool) -> None:
    """In a storm a step decides on many: what began to wait in it is not forgotten until the next one."""
    quick.arrive(0, "cart")
    if not is_at_once:
        quick.group()

    quick.fire(0.5, "cart", "RequestErrors")

    (hold,) = [one for one in quick.holds() if one.action is not Action.PASS]
    assert (hold.end, hold.ended_at) == (End.RELEASED, at(0.5))


def test_reason_of_whoever_revokes_is_masked(quick: HeldSite) -> None:
    """It is shown to all where the question stood."""
    quick.revoke("it hid 4111 1111 1111 1111")

    with quick.store.snapshots.snapshot() as reads:
        (policy,) = reads.holds.policies(quick.workspace)
    assert policy.state is PolicyState.REVOKED
    assert policy.why.startswith("it hid")
    assert "4111" not in policy.why


def test_expired_approval_holds_nothing(store: Store) -> None:
    """What waits is told when it expires, and what comes later at once."""
    site = HeldSite(store)
    site.approve(minutes=2)
    site.deploy(-1, "cart")
    held(site)

    site.wait_until(2.1)
    waited = site.told()
    site.deploy(4, "pay")
    site.fire(5, "pay")

    assert waited == {"cart"}
    assert site.told() == {"cart", "pay"}


def test_critical_alert_waits_by_two_people_only(store: Store) -> None:
    """One person's approval does not reach it."""
    alone, together = HeldSite(store), HeldSite(store)
    alone.approve()
    together.approve(RESTARTS, "slack:U1", "slack:U2")

    for site in (alone, together):
        site.deploy(-1, "cart")
        site.fire(0, "cart", severity=AlertSeverity.CRITICAL)

    assert alone.told() == {"cart"}
    assert [one.guard for one in together.holds()] == [""]


def test_failure_tells_what_waits_and_begins_anew(quick: HeldSite) -> None:
    """What waited is told; it forgets the deploy, so the next restart is told too, and after a new deploy one waits."""
    held(quick)
    quick.give(InputKind.EVIDENCE, BROKEN)
    quick.fire(1, "shop")

    quick.deploy(29, "pay")
    quick.fire(30, "pay")

    assert quick.told() == {"cart", "shop"}
    assert [one.end for one in quick.holds()] == [End.RELEASED, None]


def test_nothing_waits_unapproved_in_an_engine_that_begins_anew(sqlite_lanes_store: Store) -> None:
    """A failure is no approval."""
    site = HeldSite(sqlite_lanes_store)
    site.fire(0, "cart", "RequestErrors")
    site.give(InputKind.EVIDENCE, BROKEN)
    site.fire(1, "cart")

    site.deploy(29, "pay")
    site.fire(30, "pay")

    assert site.told() == {"cart", "pay"}


def test_approval_that_a_night_found_to_be_over_tells_what_waits(quick: HeldSite) -> None:
    """Nothing else is approved by then, and what waited by it must not be forgotten."""
    held(quick)
    with quick.store.snapshots.snapshot() as reads:
        (policy,) = reads.holds.policies(quick.workspace)
    over = Changes(holds=HoldChanges(policies=(replace(policy, state=PolicyState.EXPIRED),)))
    quick.store.write(lambda _reads, _command: over)

    quick.wait_until(1)

    (hold,) = quick.holds()
    assert (hold.end, hold.ended_at, quick.told()) == (End.RELEASED, at(1), {"cart"})


def test_past_that_is_imported_neither_waits_nor_ends_what_waits(quick: HeldSite) -> None:
    """Nobody waits for it; a process that begins anew does not take it for news either."""
    held(quick)
    for minutes, service, status in ((-30, "pay", AlertStatus.FIRING), (1, "cart", RESOLVED)):
        quick.arrive(minutes, service, status=status, since=min(minutes, 0), is_past=True)
    quick.wait_until(2)
    quick.start()

    quick.wait_until(3)

    (hold,) = quick.holds()
    assert (hold.end, quick.told()) == (None, set())


def test_what_is_open_is_guarded_by_the_engine_that_begins_anew(quick: HeldSite) -> None:
    """A failure does not make it forget which incidents there are: what may be their symptom is told."""
    quick.declare("shop loses orders")
    quick.fire(0, "cart", "RequestErrors")
    quick.give(InputKind.EVIDENCE, BROKEN)
    quick.fire(1, "cart")

    for service in ("shop", "pay"):
        quick.deploy(29, service)
        quick.fire(30, service)

    waiting = [one for one in quick.holds() if one.ended_at is None]
    assert [one.action for one in waiting] == [Action.HOLD]
    assert quick.told() == {"cart", "shop"}


def test_listed_series_is_told_when_it_fires_and_may_not_wait(quick: HeldSite) -> None:
    """Its group fires since it was listed, which alone would notify nobody: the first alert that is told posts it."""
    rule = "DiskScrub"
    quick.approve(Pattern(kind=PatternKind.RULE, source="alertmanager", name=rule))
    counts = [500, 0, 0, 5, 0, 0, 0, 1]
    known = [["alertmanager", rule, counts, {"cart": 500}, False]]
    quick.give(InputKind.EVIDENCE, {"rules": known, "fitted_at": at(-5).isoformat(), "at": at(-2).isoformat()})
    quick.fire(0, "cart", rule)
    quick.wait_until(61)
    (listed,), waited = quick.holds(), quick.told()

    quick.switch(is_on=True)
    quick.fire(90, "cart", rule)

    assert (listed.action, listed.end, waited) == (Action.DIGEST, End.LISTED, set())
    assert [group.alerts for group in quick.groups().values()] == [2]
    assert quick.told() == {"cart"}


def test_file_stops_it_without_the_database(quick: HeldSite) -> None:
    """Whoever can make the file stops it, also over a restart."""
    held(quick)

    quick.grouping = Grouping(
        quick.store.snapshots, quick.writer, quick.workspace, is_told=True, is_stopped=lambda: True
    )
    quick.group()

    assert quick.told() == {"cart"}


@pytest.mark.parametrize("dies", ["before", "after"])
def test_timer_survives_the_process(site: HeldSite, dies: str) -> None:
    """Killed at the commit that holds it and at the commit that would tell it, it is told once."""
    site.arrive(0, "cart")
    site.group(dies)
    waited = site.told()
    site.start()
    site.store.clock.instant = at(5.5)

    site.group(dies)
    first = [group.announced_at for group in site.groups().values()]
    site.store.clock.instant = at(6)
    site.group()

    assert waited == set()
    assert site.told() == {"cart"}
    assert first == [group.announced_at for group in site.groups().values()]


RULES = ("PodRestarting", "PodCrashLooping", "RequestErrors", "QueueLatency")
SERVICES = ("cart", "pay", "shop")


@dataclass(frozen=True, slots=True)
class Happens:
    """Something at `minute`: an alert, its resolution, a deploy, a revocation, a stop, or nothing but time."""

    minute: float
    what: str
    service: str
    rule: str
    severity: AlertSeverity
    dies: str


@st.composite
def lives(draw: st.DrawFn) -> list[Happens]:
    """A few hours in which anything may happen in any order."""
    kinds = st.sampled_from(["alert", "alert", "alert", "worse", "over", "deploy", "incident", "stop", "go", "time"])
    gaps = st.one_of(st.floats(0, 1), st.floats(0, 8), st.floats(0, 90))
    one = st.tuples(
        gaps, kinds, st.sampled_from(SERVICES), st.sampled_from(RULES), st.sampled_from(["", "", "before", "after"])
    )
    minute, found = 0.0, []
    for gap, what, service, rule, dies in draw(st.lists(one, min_size=4, max_size=16)):
        minute += round(gap, 3)
        severity = AlertSeverity.ERROR if what == "worse" else AlertSeverity.WARNING
        found.append(Happens(minute, what, service, rule, severity, dies))
    return found


def live(site: HeldSite, stream: list[Happens], *, is_per_severity: bool) -> None:
    """Let it happen; the sender has one alert for all severities or one for each."""
    began: dict[tuple[str, str], float] = {}
    for one in stream:
        site.store.clock.instant = at(one.minute)
        key = (one.service, one.rule)
        if one.what in {"alert", "worse"}:
            since = began.setdefault(key, one.minute)
            more = {"severity": one.severity, "since": since, "is_per_severity": is_per_severity}
            site.arrive(one.minute, one.service, one.rule, **more)
        elif one.what == "over" and key in began:
            more = {"since": began.pop(key), "is_per_severity": is_per_severity}
            site.arrive(one.minute, one.service, one.rule, status=RESOLVED, **more)
        elif one.what == "deploy":
            site.deploy(one.minute, one.service)
        elif one.what == "incident":
            site.declare(f"{one.service} is slow")
        elif one.what in {"stop", "go"}:
            site.switch(is_on=one.what == "stop")
        site.group(one.dies)
    site.wait_until(stream[-1].minute + 300)


@given(stream=lives(), is_per_severity=st.booleans())
@settings(max_examples=examples(12, fewest=3), deadline=None, suppress_health_check=ON_FIXTURES)
def test_nothing_is_ever_neither_told_nor_listed(store: Store, stream: list[Happens], is_per_severity: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever happens and whenever the process dies: what fires is told, or waited on record and ended.

    No hold lasts longer than its five minutes, and the same record gives the same decisions to the last bit.
    """
    store.clock.instant = at(0)
    site = HeldSite(store)
    site.approve()
    for service in SERVICES:
        site.deploy(-1, service)

    live(site, stream, is_per_severity=is_per_severity)

    holds = {one.seq: one for one in site.holds()}
    with store.snapshots.snapshot() as reads:
        groups = reads.groups.several({one.group_id for one in site.events() if one.group_id})
    for event in site.events():
        group = groups[event.group_id] if event.group_id else None
        root = groups[group.merged_into] if group and group.merged_into else group
        if event.alert.status is not AlertStatus.FIRING or root is None:
            continue
        hold = holds.get(event.seq)
        waited = hold is not None and hold.action is not Action.PASS
        assert is_told(root) or (waited and hold is not None and hold.end not in TOLD)
    assert all(one.ended_at is not None for one in holds.values())
    assert all(one.ended_at - one.since <= timedelta(minutes=5) for one in holds.values() if one.ended_at)
    assert [kept for kept, _ in site.decided_anew()] == [anew for _, anew in site.decided_anew()]


def test_clock_that_is_set_back_prolongs_no_waiting(quick: HeldSite) -> None:
    """What waits by the wrong clock is told at once, and what comes by the right one waits for five minutes."""
    held(quick)

    quick.wait_until(-60)
    first = quick.told()
    quick.deploy(-60, "pay")
    quick.fire(-60, "pay")
    waiting = [one.end for one in quick.holds()]
    quick.wait_until(-54.8)

    assert first == {"cart"}
    assert waiting == [End.RELEASED, None]
    assert quick.told() == {"cart", "pay"}
    assert all(one.ended_at >= one.since for one in quick.holds() if one.ended_at)
    assert [kept for kept, _ in quick.decided_anew()] == [anew for _, anew in quick.decided_anew()]


def test_what_waits_on_record_and_in_no_engine_is_told(quick: HeldSite) -> None:
    """Whatever lost it, as an older copy of the database or a fault of ours: nobody else would ever end its waiting."""
    held(quick)
    quick.fire(2, "cart", status=RESOLVED, since=0)
    lost = update(ALERT_HOLD).values(ended_at=None, end=None)
    quick.store.writer.call(lambda transaction: transaction.connection.execute(lost)).result()

    quick.wait_until(3)

    (hold,) = quick.holds()
    assert (hold.end, hold.ended_at, quick.told()) == (End.RELEASED, at(3), {"cart"})


@on_both("store")
def test_account_counts_what_fired_and_waited_before_its_end(site: HeldSite) -> None:
    """What comes at the moment at which a week ends belongs to the next one."""
    site.fire(0, "cart")
    site.fire(1, "shop")

    with site.store.snapshots.snapshot() as reads:
        whole, before, none = (noise_account(reads, site.workspace, until=each) for each in (None, at(1), at(0)))

    assert [(one.fired, [(str(each.pattern), each.held) for each in one.waited]) for one in (whole, before, none)] == [
        (2, [(str(RESTARTS), 1)]),
        (1, [(str(RESTARTS), 1)]),
        (0, []),
    ]
