"""What becomes of pages, and of what is said of them, while the pager answers half of what it is asked."""

import itertools
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from analysis.errors import Unavailable
from analysis.events import EventKind
from bot.ports.paging import Egress, EgressPurpose
from bot.store.delivery.waiting import WaitingLane, lanes_that_wait
from tests.bot.paging.test_page import kinds, page, posts
from tests.bot.paging.test_page_news import NADIA_AGENT, OWN_USER, deliver, facts, paged, pages, tell
from tests.fake_pagerduty import NADIA, OLE, FakePagerDuty, Trouble
from tests.slack_room import APPROVER, COMMANDER, GUEST, OPERATIONS, OTHER, Room


@pytest.mark.parametrize("status", [503, 403], ids=["down", "forbidden"])
def test_page_that_pagerduty_says_it_has_is_no_failure(room: Room, pagerduty: FakePagerDuty, status: int) -> None:
    """Its answer was lost, and it cannot be looked for: asked again, PagerDuty says that it is open, so it rings."""
    pagerduty.troubles.append(Trouble(path="/incidents", method="POST", cut=True, after=True))
    pagerduty.troubles.append(Trouble(path="/incidents", method="GET", times=None, status=status))
    number, channel = room.declare()

    page(room, channel, "ledger")
    room.settle(horizon=timedelta(minutes=15))

    assert len(pagerduty.woken) == 1
    assert kinds(room, number)[-1] == EventKind.PAGE_SENT
    assert "Debrief has stopped trying" not in posts(room, channel)
    assert [one.status for one in pages(room, number)] == ["sent"]


def test_own_word_on_a_page_whose_look_up_failed_is_nobody_elses(room: Room, pagerduty: FakePagerDuty) -> None:
    """It is looked for later, so that what PagerDuty tells of us is known by the name that it has there."""
    number, channel = _nameless(room, pagerduty)
    pagerduty.heal()
    room.settle(horizon=timedelta(minutes=6))
    looked = [one.pager_id for one in pages(room, number)]

    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()
    deliver(room, tell(room, pagerduty, "acknowledged", agent=OWN_USER, seconds=61))

    assert looked == [pagerduty.incidents[-1]["id"]]
    assert facts(room, number) == [("page_acknowledged", f"slack:{COMMANDER}")]


def test_page_that_is_acknowledged_before_it_was_looked_for_is_named_by_that(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Whoever tells the pager has to find the page there, and keeps what it is called."""
    number, channel = _nameless(room, pagerduty)
    pagerduty.heal()

    room.ask(COMMANDER, "page ack 1", channel)
    room.settle(horizon=timedelta(0))
    deliver(room, tell(room, pagerduty, "acknowledged", agent=OWN_USER, seconds=61))

    assert facts(room, number) == [("page_acknowledged", f"slack:{COMMANDER}")]


def test_person_who_acknowledges_before_our_word_has_left_is_on_record(room: Room, pagerduty: FakePagerDuty) -> None:
    """The page may not be looked for yet, so PagerDuty knows of no acknowledgement here: who says one is no echo."""
    number, channel = _nameless(room, pagerduty)
    pagerduty.heal()
    pagerduty.troubles.append(Trouble(path="/incidents", method="GET", times=None, status=403))
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle(horizon=timedelta(seconds=30))
    waits = [lane.parked for lane in _waiting(room, number)]
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=61))
    pagerduty.heal()
    room.settle(horizon=timedelta(minutes=10))

    assert waits == [0, 0]
    assert {actor for _, actor in facts(room, number)} == {f"slack:{COMMANDER}", f"tool:{NADIA}:Nadia Novak"}
    assert pagerduty.incidents[-1]["status"] == "acknowledged"


def test_word_on_a_page_that_may_never_be_looked_for_waits_for_the_operator_within_minutes(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Whoever acknowledged it here read that the pager is told: it rings on there, and somebody has to know."""
    number, channel = _nameless(room, pagerduty)
    pagerduty.heal()
    pagerduty.troubles.append(Trouble(path="/incidents", method="GET", times=None, status=403))
    before = len(room.slack.posts(OPERATIONS))
    room.ask(COMMANDER, "page ack 1", channel)

    room.settle(horizon=timedelta(minutes=10))

    (parked,) = [lane for lane in _waiting(room, number) if lane.parked]
    assert f"debrief lanes resume {parked.key}" in json.dumps(room.slack.posts(OPERATIONS)[before:])
    pagerduty.heal()
    room.app.store.outbox.resume(parked.key)
    room.settle()
    assert pagerduty.incidents[-1]["status"] == "acknowledged"


def test_person_who_acknowledges_what_was_named_before_it_was_told_is_on_record(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Its name alone makes nobody us: PagerDuty refuses our word, and then Nadia takes the page."""
    number, channel = paged(room, "ledger")
    pagerduty.troubles.append(Trouble(path="/incidents/", method="PUT", times=None, status=403))
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=61))

    assert {actor for _, actor in facts(room, number)} == {f"slack:{COMMANDER}", f"tool:{NADIA}:Nadia Novak"}
    pagerduty.heal()
    for lane in _waiting(room, number):  # the room is everybody's
        room.app.store.outbox.resume(lane.key)
    room.settle()


def test_own_word_whose_answer_is_lost_comes_back_as_ours(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty carried it out and did not say so: what it calls the page was kept before."""
    number, channel = _nameless(room, pagerduty)
    pagerduty.heal()
    pagerduty.troubles.append(Trouble(path="/incidents/", method="PUT", times=1, cut=True, after=True))
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle(horizon=timedelta(0))
    named = [one.pager_id for one in pages(room, number)]
    deliver(room, tell(room, pagerduty, "acknowledged", agent=OWN_USER, seconds=61))

    assert named == [pagerduty.incidents[-1]["id"]]
    assert facts(room, number) == [("page_acknowledged", f"slack:{COMMANDER}")]


def test_page_that_can_never_be_looked_for_stays_and_waits_for_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty said that it has it: that it may not be shown is no failure, and asking ends."""
    number, channel = _nameless(room, pagerduty)
    room.settle(horizon=timedelta(minutes=5))
    (waits,) = _waiting(room, number)
    figures = room.get("/metrics").body

    room.settle(horizon=timedelta(hours=2))

    assert waits.key.endswith(":look")
    assert 'debrief_deliveries_oldest_age_seconds{to="pager"} 0.0' in figures  # a rule would call a human for it
    assert [one.status for one in pages(room, number)] == ["sent"]
    assert "NOT PAGED" not in posts(room, channel).rpartition("Arrived")[2]
    assert _waiting(room, number) == []


def test_person_who_takes_over_what_was_found_later_is_on_record(room: Room, pagerduty: FakePagerDuty) -> None:
    """By its Events API PagerDuty takes us for no person, also where a lost answer had the page looked for."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", cut=True, after=True))
    number, channel = room.declare()
    page(room, channel, "payments")
    room.settle()
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=61))

    assert {actor for _, actor in facts(room, number)} == {f"slack:{COMMANDER}", f"tool:{NADIA}:Nadia Novak"}


def _nameless(room: Room, pagerduty: FakePagerDuty) -> tuple[int, str]:
    """An incident with a page that PagerDuty said it has when it was asked again, and which it does not show."""
    pagerduty.troubles.append(Trouble(path="/incidents", method="POST", cut=True, after=True))
    pagerduty.troubles.append(Trouble(path="/incidents", method="GET", times=None, status=503))
    number, channel = room.declare()
    page(room, channel, "ledger")
    room.settle(horizon=timedelta(seconds=40))
    assert [(one.status, one.pager_id) for one in pages(room, number)] == [("sent", "")]
    return number, channel


def test_page_that_was_resolved_before_it_could_be_looked_for_wakes_nobody_twice(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Asked for once more, PagerDuty would open another: it is looked for until it can be, for half a minute."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", cut=True, after=True))
    pagerduty.troubles.append(Trouble(path="/incidents", times=2, status=503))
    number, channel = room.declare()
    pagerduty.before_answer = lambda _: pagerduty.incidents[-1].update(status="resolved")

    page(room, channel, "payments")
    room.settle()

    assert len(pagerduty.woken) == 1
    assert kinds(room, number)[-1] == EventKind.PAGE_SENT


def test_page_that_was_in_doubt_is_in_doubt_until_it_is_found(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty shows it seconds after it took it: a 429 in between says nothing of the attempt before."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", cut=True, after=True))
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=429))
    pagerduty.troubles.append(Trouble(path="/incidents", status=200, body=b'{"incidents": []}'))
    _, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert (len(pagerduty.bodies()), len(pagerduty.woken)) == (2, 1)


def test_page_that_cannot_be_looked_for_is_sent_again_within_a_minute(room: Room, pagerduty: FakePagerDuty) -> None:
    """It may never have arrived, and somebody waits for it."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", cut=True))
    pagerduty.troubles.append(Trouble(path="/incidents", times=None, status=503))
    _, channel = room.declare()
    began = room.clock.now()

    page(room, channel, "payments")
    room.settle(horizon=timedelta(minutes=1))

    assert len(pagerduty.woken) == 1
    assert room.clock.now() - began <= timedelta(minutes=1)


@pytest.mark.parametrize("is_slept_over", [False, True], ids=["tried for minutes", "asleep meanwhile"])
def test_page_that_may_have_arrived_is_said_so_when_it_is_given_up(
    room: Room, pagerduty: FakePagerDuty, *, is_slept_over: bool
) -> None:
    """Whoever is called instead may have been woken already; of one that was refused each time nobody reads so."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=500, after=True))
    pagerduty.troubles.append(Trouble(path="/incidents", times=None, status=503))
    _, channel = room.declare()

    page(room, channel, "payments")
    room.settle(horizon=timedelta(0))
    room.clock.move(hours=3 * is_slept_over)
    room.settle(horizon=timedelta(minutes=15))

    said = posts(room, channel)
    assert "Debrief has stopped trying" in said
    assert "it may have arrived all the same" in said


def test_page_that_cannot_have_arrived_is_not_said_to_have(room: Room, pagerduty: FakePagerDuty) -> None:
    """What was asked to wait each time rings nowhere."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=429))
    _, channel = room.declare()

    page(room, channel, "payments")
    room.settle(horizon=timedelta(minutes=15))

    assert "Debrief has stopped trying" in posts(room, channel)
    assert "it may have arrived" not in posts(room, channel)


def test_page_is_sent_in_its_own_words_although_another_was_asked_for(room: Room, pagerduty: FakePagerDuty) -> None:
    """The first is still tried when the second is asked for."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=503))
    number, channel = room.declare()
    page(room, channel, "payments the disk is full")
    room.settle(horizon=timedelta(0))

    page(room, channel, "ledger bookings stand still")
    room.settle()

    (lost, sent), (other,) = pagerduty.bodies(), pagerduty.bodies("/incidents")
    assert "the disk is full" in sent["payload"]["summary"]
    assert (lost, "bookings stand still" in other["incident"]["title"]) == (sent, True)
    assert [one.status for one in pages(room, number)] == ["sent", "sent"]


def test_word_on_a_page_that_never_arrived_waits_for_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """It is told in case that it rings all the same; after an hour nobody has to mend that."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    number, channel = paged(room)
    room.settle(horizon=timedelta(minutes=15))
    before = len(room.slack.posts(OPERATIONS))

    room.ask(COMMANDER, "resolve", channel)
    room.settle(horizon=timedelta(minutes=90))

    assert [one.status for one in pages(room, number)] == ["failed"]
    assert len(room.slack.posts(OPERATIONS)) == before
    assert [one.key for one in lanes_that_wait(room.app.store.database) if one.key.startswith("page:")] == []


def test_word_that_the_pager_does_not_take_for_an_hour_waits_for_the_operator(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """It rings there although it is over here: the operator reads so, and lets it go on once the pager answers."""
    _, channel = paged(room)
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    room.ask(COMMANDER, "page resolve 1", channel)
    before = len(room.slack.posts(OPERATIONS))

    room.settle(horizon=timedelta(minutes=59))
    early = len(room.slack.posts(OPERATIONS))
    room.settle(horizon=timedelta(minutes=90))
    told = json.dumps(room.slack.posts(OPERATIONS)[before:])
    (waiting,) = [one for one in lanes_that_wait(room.app.store.database) if one.key.startswith("page:")]
    pagerduty.heal()
    room.app.store.outbox.resume(waiting.key)
    room.settle()

    assert early == before
    assert "PagerDuty answered 503" in told
    assert pagerduty.incidents[-1]["status"] == "resolved"


@pytest.mark.parametrize("status", [200, 204, 408])
def test_answer_that_does_not_say_that_it_was_taken_is_asked_again(
    room: Room, pagerduty: FakePagerDuty, status: int
) -> None:
    """Something in between answers so, which has passed nothing on: PagerDuty says 202."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=status))
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert len(pagerduty.woken) == 1
    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT]


def test_page_that_was_asked_to_wait_is_not_held_up_by_a_look(room: Room, pagerduty: FakePagerDuty) -> None:
    """A 429 says that it was not taken: it is sent again at once, although it could not be looked for."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=429))
    pagerduty.troubles.append(Trouble(path="/incidents", times=None, status=503))
    number, channel = room.declare()
    began = room.clock.now()

    page(room, channel, "payments")
    room.settle(horizon=timedelta(seconds=10))

    assert len(pagerduty.woken) == 1
    assert [event.kind for event in room.events(number)][-1] == EventKind.PAGE_SENT
    assert room.clock.now() - began <= timedelta(seconds=10)


def test_incident_of_another_key_is_not_taken_for_the_page(room: Room, pagerduty: FakePagerDuty) -> None:
    """Asked for one key, an answer with others says nothing of it: somebody must be woken."""
    others = {"incidents": [{"id": "QOTHER", "incident_key": "somebody-elses"}, "odd"], "more": True}
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", cut=True))
    pagerduty.troubles.append(Trouble(path="/incidents", status=200, body=json.dumps(others).encode()))
    _, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert len(pagerduty.woken) == 1


@pytest.mark.parametrize("others", [[], [{"id": OLE, "email": "nadia@bank.example"}]], ids=["nobody", "two"])
def test_person_whom_the_address_does_not_single_out_is_not_paged(
    room: Room, pagerduty: FakePagerDuty, others: list[dict[str, str]]
) -> None:
    """PagerDuty looks for words, also in names: who only looks like the person is not woken, which is told."""
    like = {"id": OLE, "email": "nadia.n@bank.example", "name": "Nadia@bank.example"}
    found = {"users": [like, *([{"id": NADIA, "email": "nadia@bank.example"}, *others] if others else [])]}
    pagerduty.troubles.append(Trouble(path="/users", status=200, body=json.dumps(found).encode()))
    room.slack.users[APPROVER]["profile"]["email"] = "Nadia@bank.example"
    _, channel = room.declare()

    page(room, channel, f"<@{APPROVER}|abel>")
    room.settle()

    assert pagerduty.woken == []
    assert "NOT PAGED. PagerDuty has no user with this person's address" in posts(room, channel)


def test_incident_that_is_made_wakes_whatever_the_service_makes_of_it(room: Room, pagerduty: FakePagerDuty) -> None:
    """Left to the service, what is of low urgency notifies somebody in the morning."""
    _, channel = room.declare()

    page(room, channel, "ledger")
    room.settle()

    (made,) = pagerduty.bodies("/incidents")
    assert made["incident"]["urgency"] == "high"


@pytest.mark.parametrize("code", [1001, 1002], ids=["resolved", "acknowledged"])
def test_word_that_is_so_already_there_waits_for_nobody(room: Room, pagerduty: FakePagerDuty, code: int) -> None:
    """Somebody did the same at PagerDuty in that moment: nothing is left to tell, and the operator to mend."""
    _, channel = paged(room, "ledger")
    said = json.dumps({"error": {"message": "Incident Already So", "code": code}}).encode()
    pagerduty.troubles.append(Trouble(path="/incidents", method="PUT", status=400, body=said))
    before = len(room.slack.posts(OPERATIONS))

    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()

    assert pagerduty.troubles[0].times == 0
    assert len(room.slack.posts(OPERATIONS)) == before
    assert [one.key for one in lanes_that_wait(room.app.store.database) if one.key.startswith("page:")] == []


def test_page_that_was_taken_without_a_name_is_found_to_be_resolved(room: Room, pagerduty: FakePagerDuty) -> None:
    """The answer could not be read, so that only its key says which incident it is."""
    pagerduty.troubles.append(Trouble(path="/incidents", method="POST", status=201, body=b"<html>", after=True))
    _, channel = paged(room, "ledger")

    room.ask(COMMANDER, "page resolve 1", channel)
    room.settle()

    assert pagerduty.incidents[-1]["status"] == "resolved"


@pytest.mark.parametrize("is_sent", [True, False])
def test_word_that_the_pager_refuses_is_told_where_the_page_had_arrived(
    room: Room, pagerduty: FakePagerDuty, *, is_sent: bool
) -> None:
    """It may ring on: the operator reads so. Of a page that never arrived there is nothing to end."""
    trouble = Trouble(path="/v2/enqueue", times=None, status=400)
    if not is_sent:
        pagerduty.troubles.append(replace(trouble))
    _, channel = paged(room)
    pagerduty.troubles[:] = [trouble]
    before = len(room.slack.posts(OPERATIONS))

    room.ask(COMMANDER, "resolve", channel)
    room.settle()

    told = json.dumps(room.slack.posts(OPERATIONS)[before:])
    assert ("PagerDuty refuses it (400" in told) == is_sent
    for one in lanes_that_wait(room.app.store.database):
        pagerduty.heal()
        room.app.store.outbox.resume(one.key)


def _waiting(room: Room, number: int) -> list[WaitingLane]:
    """The lanes of one incident: the room is everybody's."""
    return [lane for lane in lanes_that_wait(room.app.store.database) if number in lane.incidents]


def fails_once(monkeypatch: pytest.MonkeyPatch, room: Room, step: str, purpose: EgressPurpose) -> None:
    """Let the database not answer at this *step* of the first call for *purpose*."""
    keep, left = getattr(room.app.store.egress, step), [purpose]

    def kept(egress: Egress) -> None:
        if egress.purpose in left:
            left.clear()
            message = "The database does not answer at the moment."
            raise Unavailable(message)
        keep(egress)

    monkeypatch.setattr(room.app.store.egress, step, kept)


def test_page_whose_answer_could_not_be_kept_is_looked_for(
    room: Room, pagerduty: FakePagerDuty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pager took it and the database was gone in that moment: asked again blindly it might ring twice."""
    fails_once(monkeypatch, room, "end", EgressPurpose.PAGE)
    number, channel = room.declare()

    page(room, channel, "payments")
    room.settle()

    assert (len(pagerduty.bodies()), len(pagerduty.woken)) == (1, 1)
    assert kinds(room, number) == [EventKind.PAGED, EventKind.PAGE_SENT]


def test_page_that_was_resolved_on_its_way_wakes_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whoever is woken for it finds that nobody waits any more."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", status=503))
    number, channel = room.declare()
    page(room, channel, "payments")
    room.settle(horizon=timedelta(0))

    room.ask(COMMANDER, "resolve", channel)
    room.settle()

    assert pagerduty.woken == []
    assert [one.status for one in pages(room, number)] == ["resolved"]


def test_page_on_its_way_is_acknowledged_by_nobody(room: Room, pagerduty: FakePagerDuty) -> None:
    """Nobody was asked yet; of one that failed there is nobody to answer for."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    number, channel = room.declare()
    page(room, channel, "payments")
    room.settle(horizon=timedelta(0))

    early = room.ask(COMMANDER, "page ack 1", channel)
    room.settle(horizon=timedelta(minutes=15))
    late = room.ask(COMMANDER, "page ack 1", channel)

    assert "Page 1 is still on its way to the pager" in early
    assert "Page 1 failed, so there is nothing to acknowledge here" in late
    assert ([one.status for one in pages(room, number)], facts(room, number)) == (["failed"], [])


def test_page_that_was_acknowledged_since_is_not_open_again(room: Room, pagerduty: FakePagerDuty) -> None:
    """PagerDuty tells late that it had been handed on before: whoever has it now works on it."""
    number, channel = paged(room)
    deliver(room, tell(room, pagerduty, "acknowledged", seconds=30))
    pagerduty.incidents[-1]["status"] = "triggered"

    deliver(room, tell(room, pagerduty, "reassigned", seconds=20))
    room.settle()

    assert [kind for kind, _ in facts(room, number)] == ["page_acknowledged"]
    assert [one.status for one in pages(room, number)] == ["acknowledged"]
    assert "is open again" not in posts(room, channel)


def test_what_the_pager_says_once_the_incident_is_over_is_kept_and_not_posted(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """The channel is read no more; the timeline has it."""
    number, channel = paged(room)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    before = len(room.slack.posts(channel))

    deliver(room, tell(room, pagerduty, "reopened", seconds=120))
    room.settle()

    assert facts(room, number)[-1][0] == "page_reopened"
    assert len(room.slack.posts(channel)) == before


def test_person_who_is_no_member_is_not_paged(room: Room, pagerduty: FakePagerDuty) -> None:
    """A guest can see nothing of the incident, and is on no rota."""
    _, channel = room.declare()

    said = page(room, channel, f"<@{GUEST}>")
    room.settle()

    assert "so nobody was paged" in said
    assert pagerduty.asked == []


def test_page_is_tried_every_quarter_of_a_minute_and_the_channel_reads_so_in_time(
    room: Room, pagerduty: FakePagerDuty
) -> None:
    """Somebody waits for it: after fifteen seconds they call instead, and it is tried on for ten minutes."""
    pagerduty.troubles.append(Trouble(path="/v2/enqueue", times=None, status=503))
    _, channel = room.declare()
    tried: list[datetime] = []
    pagerduty.before_answer = lambda _: tried.append(room.clock.now())

    page(room, channel, "payments")
    room.settle(horizon=timedelta(seconds=20))
    early = posts(room, channel)
    room.settle(horizon=timedelta(minutes=15))

    waits = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tried)]
    assert "NOT PAGED. PagerDuty answered 503" in early
    assert max(waits) <= 16
    assert timedelta(minutes=9) < tried[-1] - tried[0] <= timedelta(minutes=10)


def test_page_after_one_that_is_over_is_a_new_one(room: Room, pagerduty: FakePagerDuty) -> None:
    """Only what still rings is meant by whoever asks twice within a minute."""
    _, channel = paged(room)
    room.ask(COMMANDER, "page resolve 1", channel)
    room.settle()

    said = page(room, channel, "payments")
    room.settle()

    assert "is on its way" in said
    assert len(pagerduty.woken) == 2


def test_page_that_is_acknowledged_before_its_answer_is_there_stays_so(room: Room, pagerduty: FakePagerDuty) -> None:
    """Whoever is quick must not be read as still to be woken."""
    number, channel = room.declare()

    def is_quick(_: object) -> None:
        pagerduty.before_answer = None
        assert deliver(room, tell(room, pagerduty, "acknowledged", seconds=60)).status == 200

    pagerduty.before_answer = is_quick
    page(room, channel, "payments")
    room.settle()

    assert len(pagerduty.woken) == 1
    assert [one.status for one in pages(room, number)] == ["acknowledged"]


def test_person_who_takes_it_over_once_more_did_so_twice(room: Room, pagerduty: FakePagerDuty) -> None:
    """Open again in between, the second is no echo of the first."""
    number, channel = paged(room)
    room.ask(OTHER, "page ack 1", channel)
    room.settle()
    room.clock.move(minutes=2)
    deliver(room, tell(room, pagerduty, "unacknowledged"))

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=30, agent={**NADIA_AGENT, "id": "POTTO01"}))

    assert [kind for kind, _ in facts(room, number)] == ["page_acknowledged", "page_reopened", "page_acknowledged"]
    assert [one.status for one in pages(room, number)] == ["acknowledged"]


def test_person_who_was_there_a_moment_earlier_is_on_record(room: Room, pagerduty: FakePagerDuty) -> None:
    """By its Events API PagerDuty never takes us for a person: one of its own is somebody else."""
    number, channel = paged(room)
    room.clock.move(minutes=2)
    room.ask(COMMANDER, "page ack 1", channel)
    room.settle()

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=55))

    assert {actor for _, actor in facts(room, number)} == {f"slack:{COMMANDER}", f"tool:{NADIA}:Nadia Novak"}


def test_person_who_takes_over_another_page_of_the_incident_is_on_record(room: Room, pagerduty: FakePagerDuty) -> None:
    """That one was acknowledged says nothing of the other."""
    number, channel = paged(room)
    page(room, channel, "ledger")
    room.settle()
    room.ask(OTHER, "page ack 1", channel)
    room.settle()

    deliver(room, tell(room, pagerduty, "acknowledged", seconds=90, agent={**NADIA_AGENT, "id": "POTTO01"}))

    assert [actor for _, actor in facts(room, number)] == [f"slack:{OTHER}"] * 2
    assert [one.status for one in pages(room, number)] == ["acknowledged"] * 2
