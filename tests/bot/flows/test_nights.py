"""Each night the past is lived through again: noise is proposed with its proof, and what hid something is revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import ServiceGraph
from analysis.alerts.hold_reasons import Action
from analysis.alerts.tickets import TicketVerdict
from analysis.errors import Forbidden, Refused, Unavailable
from analysis.events import Source
from analysis.incident import Visibility
from analysis.lifecycle import Move
from analysis.people import Access, Person
from bot.flows.alerts.accounts import Accounts
from bot.ports.holding import PolicyState
from bot.ports.records import DeliveryKind
from bot.store.record.tables import DELIVERY
from bot.usecases.groups.messages import EDITS_LANE
from bot.usecases.holding.noise_account import noise_account
from bot.usecases.learning.labelled_history import labelled_history
from tests.bot.flows.held import NOISE
from tests.bot.flows.nights import DAY, HOSTS, OTHER, NightSite
from tests.bot.flows.streams import at
from tests.bot.store.parts import Store
from tests.dialects import on_both

RESPONDER = Person(id="slack:U5", access=frozenset({Access.RESPONDER}))
UNMAPPED = Person(id="cli:root", access=frozenset({Access.COMMANDER, Access.ADMIN}))


@pytest.fixture(scope="module")
def ready(sqlite_lanes_store: Store) -> NightSite:
    """Return a site that was watched for a month, in the night in which it is first asked."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    return site


def test_noise_is_proposed_with_its_proof_and_held_once_approved(store: Store) -> None:
    """A month of one rule at twelve hosts is enough; what is approved waits, and resolves into the digest."""
    site = NightSite(store)

    site.ready()
    (policy,) = site.policies()
    said = site.say_yes(policy)
    site.noise(33, 1)

    proof = policy.proof
    assert (policy.state, policy.pattern.name, policy.is_critical) == (PolicyState.PROPOSED, NOISE, False)
    assert (proof.windows, proof.incidents, proof.days) == (18 * 12, 0, 18)
    assert proof.upper is not None
    assert proof.upper <= 0.02
    assert proof.held > 0
    assert "nothing proved: no incident of the past has alerts" in proof.replay
    assert "is live until" in said
    held = [one for one in site.holds() if one.action is not Action.PASS]
    assert len(held) == 12
    assert {one.end.value for one in held if one.end} == {"resolved"}
    asked, approved = site.log()
    assert (asked["move"], approved["move"], approved["person"]) == ("proposed", "approved", "slack:U0")
    on_record = {"held": proof.held, "days": 18, "windows": 216, "incidents": 0, "upper": "0.0169"}
    assert asked["proof"] == approved["proof"] == {**on_record, "replay": proof.replay, "called": ""}


def hidden_group(site: NightSite) -> int:
    """Approve what is proposed, and return the number of a group of which something then was held back."""
    site.ready()
    site.say_yes(site.policies()[0])
    site.noise(33, 1)
    hidden = next(one for one in site.holds() if one.action is not Action.PASS)
    with site.store.snapshots.snapshot() as reads:
        group = reads.groups.group(hidden.group_id)
    assert group is not None
    return group.number


def test_policy_that_hid_something_is_revoked_with_the_proof(sqlite_lanes_store: Store) -> None:
    """A held alert turns out to belong to an incident: the next night ends it, and the alert after that is told."""
    site = NightSite(sqlite_lanes_store)
    site.attach(hidden_group(site))

    site.night(33)
    site.hosts(34 * DAY, AlertStatus.FIRING, 34 * DAY, hosts=HOSTS[:1])

    (policy,) = site.policies()
    assert policy.state is PolicyState.REVOKED
    assert "Blocked: 1 of 1 incidents hidden" in policy.why
    assert "Hidden or late: #21" in policy.why
    assert site.events()[-1].hold is not None
    assert site.events()[-1].hold["action"] == "pass"
    assert [one["move"] for one in site.log()] == ["proposed", "approved", "revoked"]


@pytest.mark.thorough
def test_private_incident_counts_and_is_not_named(sqlite_lanes_store: Store) -> None:
    """It ends the policy as any other, and what people read is that the pattern is not eligible."""
    site = NightSite(sqlite_lanes_store)
    site.attach(hidden_group(site), Visibility.PRIVATE)

    site.night(33)

    (policy,) = site.policies()
    with sqlite_lanes_store.snapshots.snapshot() as reads:
        night = reads.holds.newest_night(site.workspace, until=reads.now)
    assert policy.state is PolicyState.REVOKED
    assert policy.why == "The nightly replay: This rule is not eligible."
    assert night is not None
    assert night.found is not None
    assert night.found["rules"][0]["why"] == ["This rule is not eligible."]
    assert night.found["rules"][0]["incidents"] == 0


@pytest.mark.thorough
@pytest.mark.parametrize("dies", ["before", pytest.param("after", marks=pytest.mark.thorough)])
def test_night_cut_short_leaves_nothing_half_done(sqlite_lanes_store: Store, dies: str) -> None:
    """Killed at its last commit, it has changed everything or nothing, and the next start does not do it twice."""
    site = NightSite(sqlite_lanes_store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)
    site.writer.dies_at = 2
    site.writer.dies = dies

    with pytest.raises(Unavailable):
        site.night(32)
    left = len(site.policies())
    site.group()
    again = site.night(32)

    assert left == (1 if dies == "after" else 0)
    assert again is (dies == "before")
    assert [one.number for one in site.policies()] == [1]
    assert [one["move"] for one in site.log()] == ["proposed"]


@pytest.mark.thorough
def test_critical_pattern_takes_two_people(sqlite_lanes_store: Store) -> None:
    """The same person twice is one; nothing waits until the second has approved."""
    site = NightSite(sqlite_lanes_store)
    site.ready(severity=AlertSeverity.CRITICAL)
    (policy,) = site.policies()

    with pytest.raises(Forbidden, match="in Slack only"):
        site.say_yes(policy, source=Source.COMMAND_LINE)
    first = site.say_yes(policy)
    with pytest.raises(Refused, match="another person"):
        site.say_yes(policy)
    site.noise(33, 1)
    alone = [one.action for one in site.holds() if one.action is not Action.PASS]
    site.night(33)
    second = site.say_yes(policy, OTHER)
    site.noise(34, 1)

    assert policy.is_critical
    assert "second person" in first
    assert alone == []
    assert "is live until" in second
    assert len([one for one in site.holds() if one.action is not Action.PASS]) == 12


@on_both("store")
def test_rule_that_mattered_by_its_tickets_is_not_proposed(store: Store) -> None:
    """One firing is enough, also where a second ticket about it needed nobody."""
    site = NightSite(store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)
    site.import_ticket(site.events()[0], "OPS-1", TicketVerdict.MATTERED)
    site.import_ticket(site.events()[0], "OPS-2", TicketVerdict.NOISE)

    site.night(32)
    before = [one.pattern.name for one in site.policies()]
    site.import_ticket(site.events()[0], "OPS-1", TicketVerdict.NOISE)
    site.night(33)

    assert before == []
    assert [one.pattern.name for one in site.policies()] == [NOISE]


@on_both("store")
def test_alerts_of_a_duplicate_are_those_of_its_original(store: Store) -> None:
    """Somebody declared the same from the alert and said so: it was an incident, unless the original was none."""
    site = NightSite(store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)
    number = site.attach(1)
    site.end(number, Move.DUPLICATE, duplicate_of=1)

    site.night(32)
    before = [one.pattern.name for one in site.policies()]
    site.end(1, Move.CANCEL)
    site.incidents(1)
    site.night(33)

    assert before == []
    assert [one.pattern.name for one in site.policies()] == [NOISE]


def test_ticket_about_what_was_held_revokes_its_pattern(sqlite_lanes_store: Store) -> None:
    """Also beside the label of a button, which is about a group and not about one firing."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    site.say_yes(site.policies()[0])
    site.noise(33, 1)
    first, second = [one for one in site.holds() if one.action is not Action.PASS][:2]
    by_seq = {event.seq: event for event in site.events()}
    site.import_ticket(by_seq[first.seq], "OPS-1", TicketVerdict.MATTERED)
    site.night(33)
    (policy,) = site.policies()
    site.say_mattered(second)
    site.night(34)

    assert policy.state is PolicyState.REVOKED
    assert "Hidden or late: an alert that mattered" in policy.why
    assert site.rules()[0]["incidents"] == 2
    known = labelled_history(
        site.store.snapshots, site.workspace, since=at(0), graph=ServiceGraph(), on_event=lambda: None
    )
    assert {str(one.seq) for one in (first, second)} <= known.history.truth.memberships.keys()


@on_both("store")
def test_past_that_was_imported_takes_no_place_of_what_is_newer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest events are those that happened last, not those that were recorded last; what is too old is none.

    What belonged to an incident counts beside the newest.
    """
    site = NightSite(store)
    site.noise(200, 2)
    site.attach(1)
    site.noise(190, 3)
    site.noise(10, 3)

    monkeypatch.setattr("bot.flows.alerts.nightly.MOST_EVENTS", 4 * len(HOSTS))
    site.night(202)
    (bounded,) = site.rules()
    with store.snapshots.snapshot() as reads:
        night = reads.holds.newest_night(site.workspace, until=reads.now)
    assert night is not None
    assert night.found is not None
    monkeypatch.undo()
    site.night(203)
    (whole,) = site.rules()

    assert (bounded["windows"], bounded["incidents"], night.found["days"]) == (2 * len(HOSTS) + 3, 5, 2)
    assert (whole["windows"], whole["incidents"]) == (5 * len(HOSTS), 5)


@pytest.mark.thorough
def test_who_may_not_approve_is_told_why(ready: NightSite) -> None:
    """A responder may not, and a login that nobody mapped to Slack may not."""
    (policy,) = ready.policies()

    with pytest.raises(Forbidden, match="commander"):
        ready.say_yes(policy, RESPONDER)
    with pytest.raises(Forbidden, match="in Slack"):
        ready.say_yes(policy, UNMAPPED)


@pytest.mark.thorough
def test_nothing_is_proposed_before_a_month_and_twenty_incidents(sqlite_lanes_store: Store) -> None:
    """The evidence is there after a month, and nobody is asked while too few incidents were lived through."""
    site = NightSite(sqlite_lanes_store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(19)
    site.night(32)
    few = site.policies()
    site.incidents(1)
    site.night(33)

    assert few == []
    assert len(site.policies()) == 1


def test_account_that_was_given_asks_the_writer_no_more(sqlite_lanes_store: Store) -> None:
    """The record says so, also to a process that has just begun."""
    site = NightSite(sqlite_lanes_store)
    site.nights.step()
    site.store.clock.instant = at(8 * DAY)
    site.writer.dies, site.writer.dies_at = "before", 2

    for _ in range(3):
        Accounts(site.store.snapshots, site.writer, site.workspace, site.store.clock, period=timedelta(hours=1)).step()

    assert (site.writer.dies, site.writer.dies_at) == ("before", 1)


@pytest.mark.thorough
def test_night_comes_once(ready: NightSite) -> None:
    """A second look in the same night does nothing."""
    assert ready.night(32) is False


@pytest.mark.thorough
def test_question_that_stands_shows_the_proof_of_last_night(sqlite_lanes_store: Store) -> None:
    """Whoever answers after weeks reads what is so by now, and two must where its alerts are critical by now."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    (before,) = site.policies()
    site.noise(33, 4)
    site.noise(37, 1, severity=AlertSeverity.CRITICAL)
    asked = edits_waiting(site)

    site.night(37)

    (after,) = site.policies()
    assert (before.proof.windows, before.is_critical) == (216, False)
    assert (after.proof.windows, after.proof.days, after.is_critical) == (23 * 12, 23, True)
    assert after.proof.held > before.proof.held
    assert (after.number, after.changed_at) == (before.number, before.changed_at)
    assert edits_waiting(site) == asked + 1
    assert "second person" in site.say_yes(after)


def edits_waiting(site: NightSite) -> int:
    """How many edits of questions wait to be sent."""
    kind = DeliveryKind.HOLD_PROPOSAL.value
    with site.store.database.reading() as connection:
        rows = connection.execute(select(DELIVERY.c.lane).where(DELIVERY.c.kind == kind)).scalars()
        return sum(lane == EDITS_LANE for lane in rows)


@pytest.mark.thorough
def test_night_after_an_approval_ran_out_asks_again(sqlite_lanes_store: Store) -> None:
    """After a fortnight the rule is told again, and the first night asks, as the evidence still holds."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    site.say_yes(site.policies()[0])

    site.night(47)

    assert [(one.reference, one.state) for one in site.policies()] == [
        ("P-2", PolicyState.PROPOSED),
        ("P-1", PolicyState.EXPIRED),
    ]


@pytest.mark.thorough
def test_question_ends_when_somebody_says_that_it_mattered(sqlite_lanes_store: Store) -> None:
    """An entry of an old digest, pressed after the approval ran out: nobody may say yes to what was proved then."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    site.say_yes(site.policies()[0])
    site.noise(33, 1)
    site.night(47)
    held = next(one for one in site.holds() if one.action is not Action.PASS)

    said = site.say_mattered(held)

    asked, _ = site.policies()
    assert (asked.state, asked.why) == (PolicyState.EXPIRED, "a held alert mattered")
    assert "P-2 is asked no more" in said
    with pytest.raises(Refused, match="P-2 is expired"):
        site.say_yes(asked)
    assert [one["move"] for one in site.log()][-1] == "expired"


@pytest.mark.parametrize("is_folded", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_approval_ends_when_somebody_says_that_the_group_mattered(
    sqlite_lanes_store: Store, *, is_folded: bool
) -> None:
    """Someone had to act on what was told in the end: no more of it may wait, from now on and not from tonight."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    site.say_yes(site.policies()[0])
    site.noise(33, 1)
    held = next(one for one in site.holds() if one.action is not Action.PASS)
    with site.store.snapshots.snapshot() as reads:
        group = reads.groups.group(held.group_id)
    assert group is not None
    if is_folded:
        site.make_one(group.number, 1)
        site.group()
        with site.store.snapshots.snapshot() as reads:
            earlier = reads.groups.by_number(site.workspace, group.number)
        assert earlier is not None
        assert earlier.number < group.number
        group = earlier

    said = site.say_group_mattered(group.number)

    (policy,) = site.policies()
    assert policy.state is PolicyState.REVOKED
    assert said.startswith(f"Noted: {group.reference} mattered.")
    assert "P-1 is revoked" in said
    assert [one["move"] for one in site.log()][-1] == "revoked"


@pytest.mark.thorough
def test_month_in_which_nobody_was_there_is_not_watched(sqlite_lanes_store: Store) -> None:
    """Switched off for a month after the first night, with the alerts of it imported, it asks nobody yet."""
    site = NightSite(sqlite_lanes_store)
    site.night(0)
    site.noise(14, 18)
    site.incidents(20)

    site.night_alone(32)

    assert site.policies() == []
    assert site.rules()[0]["eligible"] is True


@pytest.mark.thorough
def test_night_of_a_wrong_clock_is_not_the_newest(sqlite_lanes_store: Store) -> None:
    """A clock that was months ahead for an hour neither hides later nights nor stands for them."""
    site = NightSite(sqlite_lanes_store)
    site.ready()
    (policy,) = site.policies()
    site.night_alone(150)
    site.store.clock.instant = at(36 * DAY)

    with sqlite_lanes_store.snapshots.snapshot() as reads:
        account = noise_account(reads, site.workspace)
    with pytest.raises(Refused, match="did not run lately"):
        site.say_yes(policy)

    assert account.night is not None
    assert account.night.began_at == at(32 * DAY) + timedelta(hours=20)
