"""Lanes keep their order through pauses, failures, crashes and parking, and never hold up one another."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, text, update

from analysis.errors import Conflict, InvalidInput
from bot.ports.outbox import OPERATOR_LANE
from bot.ports.records import Changes, Delivery, DeliveryKind, NewDelivery
from bot.store.delivery.lanes import lane_report, open_deliveries, parked_deliveries
from bot.store.delivery.outbox import MOST_INTERRUPTIONS, SqlOutbox
from bot.store.delivery.waiting import lanes_that_wait, unsettled_deliveries
from bot.store.figures import backlog
from bot.store.record.tables import DELIVERY
from tests.bot.store.parts import PATIENCE_SECONDS, START, Store, appending, note

#: Notes for the operator are not looked at here, except where they are.
NOTES = frozenset({OPERATOR_LANE})
#: Ids of deliveries that a test names begin here, those that the store mints at one.
NAMED = 1_000_000


def tell(number: int, lane: str = "incident:1", **over: Any) -> NewDelivery:
    """Return a delivery named by its *number*."""
    values = {"id": UUID(int=NAMED + number), "kind": DeliveryKind.ANNOUNCE, "lane": lane, "arguments": {"n": number}}
    return NewDelivery(**{**values, **over})


def queue(store: Store, *deliveries: NewDelivery) -> None:
    """Commit *deliveries*."""
    store.write(lambda _reads, _command: Changes(deliveries=deliveries))


def claim(store: Store, *, limit: int = 10, busy: frozenset[str] = NOTES) -> list[int]:
    """Claim what is due; returns the numbers in the order given."""
    return [delivery.id.int - NAMED for delivery in store.outbox.claim(limit=limit, busy_lanes=busy | NOTES)]


def take(store: Store) -> Delivery:
    """Claim exactly one delivery."""
    (delivery,) = store.outbox.claim(limit=10, busy_lanes=NOTES)
    return delivery


def sent(store: Store, delivery: Delivery, **over: Any) -> None:
    """Say that it arrived."""
    store.outbox.settle_sent(delivery, {"ts": "1.2"}, over.get("follow_up"), pause=over.get("pause", timedelta(0)))


def step_aside(store: Store, *, after: timedelta) -> int:
    """Let an attempt take ten seconds and not hold its lane; returns whose it was."""
    delivery = take(store)
    store.clock.move(seconds=10)
    store.outbox.settle_retry(delivery, at=store.clock.now() + after, because="refused", holds_lane=False)
    return delivery.id.int - NAMED


def states(store: Store) -> dict[int, str]:
    """Read the state of every delivery."""
    with store.database.reading() as connection:
        return {row.id.int - NAMED: row.state for row in connection.execute(select(DELIVERY.c.id, DELIVERY.c.state))}


def test_delivery_comes_out_as_it_went_in(store: Store) -> None:
    """What is claimed carries its arguments, its place, and the attempt that it is."""
    incident = store.declare()
    new = tell(
        1, incident_id=incident.id, arguments={"people": ["U1"], "ü": {"deep": [1]}}, coalesce="card", is_post=True
    )
    queue(store, new)

    claimed = take(store)

    assert claimed == Delivery(
        id=new.id,
        kind=new.kind,
        lane=new.lane,
        arguments=new.arguments,
        incident_id=incident.id,
        coalesce="card",
        is_post=True,
        seq=1,
        attempts=1,
        created_at=START,
        result={},
    )


def test_claim_takes_the_first_of_each_lane(store: Store) -> None:
    """Lanes go on beside each other, one delivery each."""
    queue(store, tell(1, "a"), tell(2, "a"), tell(3, "b"), tell(4, "b"), tell(5, "c"))

    assert claim(store) == [1, 3, 5]


def test_claim_leaves_busy_lanes_and_keeps_its_limit(store: Store) -> None:
    """A lane that is being sent is not taken again, and no more lanes are taken than asked for."""
    queue(store, tell(1, "a"), tell(2, "b"), tell(3, "c"), tell(4, "d"))

    assert claim(store, limit=2, busy=frozenset({"b"})) == [1, 3]


def test_lane_keeps_its_order(store: Store) -> None:
    """What was committed first is sent first."""
    queue(store, tell(2), tell(1))
    queue(store, tell(3))

    order = []
    for _ in range(3):
        delivery = take(store)
        order.append(delivery.id.int - NAMED)
        sent(store, delivery)

    assert order == [2, 1, 3]


def test_lane_rests_after_a_post(store: Store) -> None:
    """The pause that Slack asks for holds this lane and no other."""
    queue(store, tell(1, "a"), tell(2, "a"))
    sent(store, take(store), pause=timedelta(seconds=1))
    queue(store, tell(3, "b"))

    at_once = claim(store)
    store.clock.move(seconds=1)

    assert (at_once, claim(store, busy=frozenset({"b"}))) == ([3], [2])


def test_retry_comes_before_what_follows_in_its_lane(store: Store) -> None:
    """A failed attempt is made again at its time, and nothing later overtakes it."""
    queue(store, tell(1), tell(2))
    store.outbox.settle_retry(take(store), at=START + timedelta(seconds=30), because="rate limited")

    meanwhile = claim(store)
    store.clock.move(seconds=30)
    again = take(store)

    assert (meanwhile, again.id.int - NAMED, again.attempts) == ([], 1, 2)


def test_retry_that_holds_its_lane_not_lets_the_others_pass(store: Store) -> None:
    """What is behind it goes on at once, one at a time, and it is made again at its time, after what is left."""
    queue(store, tell(1), tell(2), tell(3))
    at = START + timedelta(seconds=30)
    store.outbox.settle_retry(take(store), at=at, because="refused", holds_lane=False)

    due = store.outbox.next_due(busy_lanes=NOTES)
    second = take(store)
    while_it_is_sent = claim(store, busy=frozenset({second.lane}))
    store.clock.move(seconds=30)
    sent(store, second)
    third = take(store)
    sent(store, third)
    again = take(store)

    assert (due, second.id.int - NAMED, while_it_is_sent) == (START, 2, [])
    assert (third.id.int - NAMED, again.id.int - NAMED, again.attempts) == (3, 1, 2)


def test_what_steps_aside_starves_nobody(store: Store) -> None:
    """However much of it is always due: a new one comes out before it, and each of it before one that had its turn."""
    queue(store, *(tell(number) for number in range(1, 5)))
    tried = [step_aside(store, after=timedelta(seconds=20)) for _ in range(6)]
    queue(store, tell(5))
    tried += [step_aside(store, after=timedelta(seconds=20)) for _ in range(6)]

    assert tried == [1, 2, 3, 4, 1, 2, 5, 3, 4, 1, 2, 5]


def test_lane_shows_why_it_is_held_and_else_why_what_stepped_aside_waits(store: Store) -> None:
    """One lane may have several reasons: the one that keeps all waiting comes first, with what waits for somebody."""
    queue(store, *(tell(number) for number in range(1, 6)))

    def shown() -> str:
        (lane,) = [lane for lane in lanes_that_wait(store.database) if lane.key == "incident:1"]
        return lane.because

    for because in ("refused", "a link", "refused"):
        store.outbox.settle_retry(take(store), at=START + timedelta(hours=1), because=because, holds_lane=False)
    aside = shown()
    store.outbox.settle_retry(take(store), at=START + timedelta(seconds=1), because="away")
    held = shown()
    store.clock.move(seconds=1)
    store.outbox.settle_parked(take(store), because="other settings", whole_lane=False)
    parked = shown()
    store.outbox.settle_retry(take(store), at=START + timedelta(minutes=1), because="away")

    assert (aside, held, parked) == ("refused; a link", "away", "other settings")
    assert shown() == "away; other settings"


def test_what_held_its_lane_after_it_had_stepped_aside_comes_first(store: Store) -> None:
    """It is the one that asks whether the lane may go on, and nothing that steps aside later passes it."""
    queue(store, tell(1), tell(2))
    for _ in range(2):
        step_aside(store, after=timedelta(seconds=20))
    store.clock.move(seconds=20)
    first = take(store)
    store.outbox.settle_retry(first, at=store.clock.now() + timedelta(minutes=1), because="away")

    meanwhile = claim(store)
    store.clock.move(minutes=1)
    again = take(store)
    sent(store, again)

    assert (first.id.int - NAMED, meanwhile, again.id.int - NAMED) == (1, [], 1)
    assert claim(store) == [2]


def test_retry_that_holds_its_lane_not_is_looked_for_alone(store: Store) -> None:
    """Nothing is due before it where nothing else waits, though a lane rests while an attempt goes on."""
    outbox = SqlOutbox(store.database, store.writer, store.clock, longest_attempt=timedelta(minutes=2))
    queue(store, tell(1), tell(2))
    (first,) = outbox.claim(limit=10, busy_lanes=NOTES)
    outbox.settle_retry(first, at=START + timedelta(seconds=30), because="refused", holds_lane=False)
    (second,) = outbox.claim(limit=10, busy_lanes=NOTES)
    outbox.settle_sent(second, {}, None, pause=timedelta(0))

    assert outbox.next_due(busy_lanes=NOTES) == START + timedelta(seconds=30)


def test_clock_that_is_set_back_silences_no_lane(store: Store) -> None:
    """What waits, rests or is to be tried again by a clock that was hours ahead goes on, and keeps its order."""
    for lane in ("sent", "tried"):
        queue(store, tell(1 if lane == "sent" else 3, lane), tell(2 if lane == "sent" else 4, lane))
    done, tried = store.outbox.claim(limit=10, busy_lanes=NOTES)
    sent(store, done, pause=timedelta(seconds=1))
    store.outbox.settle_retry(tried, at=START + timedelta(seconds=30), because="rate limited")

    store.clock.move(hours=-3)
    due = store.outbox.next_due(busy_lanes=NOTES)
    claimed = claim(store)

    assert due == START - timedelta(hours=3)
    assert claimed == [2, 3]


@pytest.mark.parametrize("back", [timedelta(minutes=3), timedelta(hours=3)], ids=["a-little", "far"])
def test_what_has_stepped_aside_rests_between_its_attempts_by_a_clock_that_is_set_back(
    store: Store, back: timedelta
) -> None:
    """Its target would be asked again and again without a pause, for as long as the clock is behind."""
    queue(store, tell(1))
    store.clock.move(seconds=-back.total_seconds())
    now = store.clock.now()
    taken = store.outbox.claim(limit=10, busy_lanes=NOTES)
    store.outbox.settle_retry(taken[0], at=now + timedelta(seconds=30), because="refused", holds_lane=False)

    due, at_once = store.outbox.next_due(busy_lanes=NOTES), claim(store)
    store.clock.move(seconds=30)

    assert (due, at_once, claim(store)) == (now + timedelta(seconds=30), [], [1])


def test_unknown_outcome_comes_out_to_be_looked_for(store: Store) -> None:
    """A delivery that may have arrived is never taken for a new one: its attempts say so."""
    queue(store, tell(1), tell(2))
    store.outbox.settle_retry(take(store), at=START + timedelta(minutes=1), because="no answer", is_unknown=True)

    state = states(store)[1]
    store.clock.move(minutes=1)
    again = take(store)

    assert (state, again.id.int - NAMED, again.attempts) == ("unknown", 1, 2)


def test_attempt_is_counted_before_it_is_made(store: Store) -> None:
    """After a crash in the middle of a post the delivery comes out first again, known to have been begun."""
    queue(store, tell(1), tell(2))
    take(store)

    after_restart = take(store)

    assert (after_restart.id.int - NAMED, after_restart.attempts) == (1, 2)


def test_nobody_begins_anew_while_an_attempt_of_another_process_may_go_on(store: Store) -> None:
    """What was begun and not settled comes out once that attempt must be over; what is behind it does not pass it."""
    outbox = SqlOutbox(store.database, store.writer, store.clock, longest_attempt=timedelta(seconds=30))
    queue(store, tell(1), tell(2), tell(3, "b"))
    begun = {each.lane: each for each in outbox.claim(limit=10, busy_lanes=NOTES)}

    sent(store, begun["b"])
    meanwhile = (outbox.claim(limit=10, busy_lanes=NOTES), outbox.next_due())
    store.clock.move(seconds=20)
    outbox.remember(begun["incident:1"], {"file": "F1"})
    longer = outbox.next_due()
    store.clock.move(seconds=30)
    (again,) = outbox.claim(limit=10, busy_lanes=NOTES)
    sent(store, again)

    assert meanwhile == ((), START + timedelta(seconds=30))
    assert longer == START + timedelta(seconds=50)
    assert (again.id.int - NAMED, again.attempts) == (1, 2)
    assert [each.id.int - NAMED for each in outbox.claim(limit=10, busy_lanes=NOTES)] == [2]


def test_attempt_that_goes_on_lets_the_operator_not_be_told_again(store: Store) -> None:
    """Its lane rests, and that is all that is written of the lane."""
    outbox = SqlOutbox(store.database, store.writer, store.clock, longest_attempt=timedelta(seconds=30))
    queue(store, tell(1), tell(2))
    told = [store.outbox.settle_parked(take(store), because="refused", whole_lane=False)]

    (second,) = outbox.claim(limit=10, busy_lanes=NOTES)
    told.append(outbox.settle_parked(second, because="refused", whole_lane=False))

    assert told == [True, False]


@pytest.mark.postgres
def test_delivery_that_two_processes_claim_at_once_is_given_to_one(server_store: Store) -> None:
    """Who still thinks that it may send finds that the other one was first."""
    queue(server_store, tell(1), tell(2, "b"))
    with ThreadPoolExecutor(1) as pool, server_store.database.write_engine.connect() as other:
        begun = update(DELIVERY).where(DELIVERY.c.lane == "incident:1").values(state="sending", attempts=1)
        other.execute(begun)
        claimed = pool.submit(claim, server_store)
        _until_one_waits(other)
        other.commit()

        assert claimed.result() == [2]


def _until_one_waits(connection: Connection) -> None:
    """Wait until somebody stands before what *connection* has locked."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    ends = time.monotonic() + PATIENCE_SECONDS
    while not connection.execute(waiting).scalar_one():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_follow_up_is_written_with_the_mark(store: Store) -> None:
    """What follows from Slack's answer and the mark that it was sent are one transaction."""
    incident = store.declare()
    queue(store, tell(1))

    sent(store, take(store), follow_up=lambda reads: appending(reads.incident(incident.id), note(1)))

    assert states(store) == {1: "sent"}
    assert [event.natural_key for event in store.events(incident)] == ["declared", "note:1"]


def test_refused_follow_up_leaves_it_sent(store: Store) -> None:
    """Nothing can undo a message that Slack has."""
    queue(store, tell(1))

    def refuse(_reads: object) -> Changes:
        raise InvalidInput

    sent(store, take(store), follow_up=refuse)

    assert states(store) == {1: "sent"}


def test_failed_follow_up_leaves_it_begun(store: Store) -> None:
    """When the mark cannot be written the delivery is looked for again, not lost."""
    queue(store, tell(1))

    def fail(_reads: object) -> Changes:
        raise KeyError

    with pytest.raises(KeyError):
        sent(store, take(store), follow_up=fail)

    assert take(store).attempts == 2


def test_delivery_is_settled_once(store: Store) -> None:
    """A late second mark is refused."""
    queue(store, tell(1))
    delivery = take(store)
    sent(store, delivery)

    with pytest.raises(Conflict):
        store.outbox.settle_retry(delivery, at=START, because="late")


@pytest.mark.parametrize("mark", ["sent", "retry", "parked", "remember"])
def test_late_mark_of_a_paused_process_is_fenced_off(store: Store, mark: str) -> None:
    """A process that was paused while another began the next attempt may not say what became of it (fault 7)."""
    queue(store, tell(1))
    paused, running = take(store), take(store)
    marks: dict[str, Callable[[Delivery], object]] = {
        "sent": lambda each: sent(store, each),
        "retry": lambda each: store.outbox.settle_retry(each, at=START, because="late"),
        "parked": lambda each: store.outbox.settle_parked(each, because="late", whole_lane=True),
        "remember": lambda each: store.outbox.remember(each, {"file": "F1"}),
    }

    with pytest.raises(Conflict):
        marks[mark](paused)

    assert states(store) == {1: "sending"}
    sent(store, running)
    assert states(store) == {1: "sent"}


def test_parked_lane_waits_for_somebody(store: Store) -> None:
    """A lane that cannot send holds what follows, tells its operator once (which waits, too), and reports why."""
    queue(store, tell(1, "a"), tell(2, "a"), tell(3, "b"))
    broken, fine = store.outbox.claim(limit=2, busy_lanes=NOTES)
    sent(store, fine)

    first = store.outbox.settle_parked(broken, because="channel_not_found", whole_lane=True)

    report = lane_report(store.database)
    assert (first, claim(store)) == (True, [])
    assert report["parked_lanes"] == {"a": "channel_not_found"}
    assert report["deliveries"] == {"pending": 2, "sending": 0, "unknown": 0}


def test_lane_that_goes_on_past_a_parked_delivery_waits_for_somebody_too(store: Store) -> None:
    """Whoever watches learns of it however much was sent behind it, by where it goes, and until it is resumed."""
    page = replace(tell(3, "page:1"), kind=DeliveryKind.SEND_PAGE)
    queue(store, tell(1, "a"), tell(2, "a"), page, tell(4, "b"))
    message, asked, fine = store.outbox.claim(limit=3, busy_lanes=NOTES)
    store.outbox.settle_parked(message, because="not readable", whole_lane=False)
    store.outbox.settle_parked(asked, because="Secretive is refused", whole_lane=False)
    sent(store, fine)
    (behind,) = store.outbox.claim(limit=3, busy_lanes=NOTES)
    sent(store, behind)

    report = lane_report(store.database)["parked_lanes"]
    counted = backlog(store.database, UUID(int=1), store.clock.now(), ()).parked
    resumable = {lane.key for lane in lanes_that_wait(store.database) if lane.command}
    store.outbox.resume("page:1")
    later = backlog(store.database, UUID(int=1), store.clock.now(), ()).parked

    assert behind.lane == "a"
    assert report == dict.fromkeys(("a", "page:1"), "a message in it is parked; `debrief lanes list` says why")
    assert report.keys() == resumable
    assert counted == {"slack": 1, "pager": 1, "draft": 0, "target": 0}
    assert later == {"slack": 1, "pager": 0, "draft": 0, "target": 0}


def test_lane_that_is_parked_as_a_whole_counts_once(store: Store) -> None:
    """However much stands in it, and also where what parked it is not there any more."""
    queue(store, tell(1, "a"), tell(2, "a"), tell(3, "b"))
    for each in store.outbox.claim(limit=2, busy_lanes=NOTES):
        store.outbox.settle_parked(each, because="channel_not_found", whole_lane=True)
    with store.database.write_engine.begin() as connection:
        connection.execute(update(DELIVERY).where(DELIVERY.c.lane == "b").values(state="sent"))

    assert backlog(store.database, UUID(int=1), store.clock.now(), ()).parked["slack"] == 2
    assert lane_report(store.database)["parked_lanes"] == {"a": "channel_not_found", "b": "channel_not_found"}


def test_resumed_lane_goes_on_where_it_stopped(store: Store) -> None:
    """Once somebody acted, what was parked is sent first."""
    queue(store, tell(1), tell(2))
    store.outbox.settle_parked(take(store), because="archived", whole_lane=True)

    waiting = store.outbox.resume("incident:1")

    assert (waiting, claim(store)) == (1, [1])


def test_parked_delivery_lets_the_others_pass(store: Store) -> None:
    """One that can never be sent does not hold up its lane, and its operator hears of the lane once."""
    queue(store, tell(1), tell(2), tell(3))

    told = [
        store.outbox.settle_parked(take(store), because="invalid_blocks", whole_lane=False),
        store.outbox.settle_parked(take(store), because="invalid_blocks", whole_lane=False),
    ]

    assert (told, claim(store)) == ([True, False], [3])


def test_operator_is_told_again_after_a_lane_had_recovered(store: Store) -> None:
    """Once something arrived, the next stop is news."""
    queue(store, tell(1), tell(2), tell(3))
    store.outbox.settle_parked(take(store), because="invalid_blocks", whole_lane=False)
    sent(store, take(store))

    assert store.outbox.settle_parked(take(store), because="invalid_blocks", whole_lane=False)


def test_operator_is_told_once_of_a_lane_whose_next_message_is_only_late(store: Store) -> None:
    """Until something of it is sent, one note says that somebody must look; a retry in between is no recovery."""
    queue(store, tell(1), tell(2))
    told = [store.outbox.settle_parked(take(store), because="odd", whole_lane=False)]
    store.outbox.settle_retry(take(store), at=START, because="no answer")

    told.append(store.outbox.settle_parked(take(store), because="odd", whole_lane=False))

    assert told == [True, False]


def test_operator_is_told_what_to_run_in_the_transaction_that_parks(store: Store) -> None:
    """The note names the incident by number, what waits, the reason, and the command with the lane itself."""
    incident = store.declare("A title that is nobody's business")
    lane = f"incident:{incident.id}:1"
    queue(store, *(tell(number, lane, incident_id=incident.id) for number in (1, 2, 3)))

    store.outbox.settle_parked(take(store), because="Slack answered not_in_channel", whole_lane=True)

    (told,) = store.outbox.claim(limit=10, busy_lanes=frozenset())
    assert told.kind is DeliveryKind.TELL_OPERATOR
    assert told.arguments["sentence"] == (
        f"Nothing more of #{incident.number} can be sent to Slack: Slack answered not_in_channel. "
        f"3 messages wait; nothing is lost. Once this is put right, run `debrief lanes resume {lane}`."
    )


def test_note_that_cannot_be_delivered_causes_no_other(store: Store) -> None:
    """The operator's own lane may be parked; nobody is left to be told."""
    queue(store, tell(1, OPERATOR_LANE, kind=DeliveryKind.TELL_OPERATOR))
    (note,) = store.outbox.claim(limit=10, busy_lanes=frozenset())

    store.outbox.settle_parked(note, because="Slack answered channel_not_found", whole_lane=False)

    assert store.outbox.claim(limit=10, busy_lanes=frozenset()) == ()


def test_delivery_that_always_ends_the_process_is_parked_after_its_cap(store: Store) -> None:
    """Ten attempts that nobody lived to settle are enough; what is behind it goes on (fault 31)."""
    queue(store, tell(1), tell(2))

    claimed = [claim(store) for _ in range(MOST_INTERRUPTIONS + 2)]

    assert claimed == [[1]] * MOST_INTERRUPTIONS + [[], [2]]
    assert states(store)[1] == "parked"
    (told,) = store.outbox.claim(limit=1, busy_lanes=frozenset({"incident:1"}))
    assert f"the process ended {MOST_INTERRUPTIONS} times while it sent this" in told.arguments["sentence"]


@pytest.mark.parametrize("result", [{"file": "F1"}, None], ids=["with a step", "with nothing new"])
def test_interruptions_count_only_in_a_row(store: Store, result: dict[str, str] | None) -> None:
    """An attempt that was settled in between starts the count again, and what it remembered stays."""
    queue(store, tell(1))
    for _ in range(MOST_INTERRUPTIONS - 1):
        take(store)
    store.outbox.settle_retry(take(store), at=START, because="no answer", result=result)

    again = [take(store) for _ in range(MOST_INTERRUPTIONS)]

    assert again[0].result == (result or {})
    assert {name: value for name, value in again[-1].result.items() if name == "file"} == (result or {})
    assert claim(store) == []


def test_step_is_remembered_by_the_attempt_that_goes_on(store: Store) -> None:
    """What an attempt has done so far is there after a crash, and only an attempt that is running may say so."""
    queue(store, tell(1))
    begun = take(store)

    kept = store.outbox.remember(begun, {"file": "F1"})
    after_a_crash = take(store)
    sent(store, after_a_crash)

    assert kept.result == {"file": "F1"}
    assert after_a_crash.result["file"] == "F1"
    with pytest.raises(Conflict):
        store.outbox.remember(begun, {})


def test_next_due_is_when_a_lane_may_send_again(store: Store) -> None:
    """The dispatcher sleeps exactly as long as it may."""
    empty = store.outbox.next_due()
    queue(store, tell(1, "a"), tell(2, "a"), tell(3, "b"), tell(4, "c"))
    by_lane = {delivery.lane: delivery for delivery in store.outbox.claim(limit=3, busy_lanes=NOTES)}
    sent(store, by_lane["a"], pause=timedelta(seconds=5))
    store.outbox.settle_retry(by_lane["b"], at=START + timedelta(seconds=2), because="timeout")
    store.outbox.settle_parked(by_lane["c"], because="archived", whole_lane=True)

    due = [store.outbox.next_due(busy_lanes=NOTES), store.outbox.next_due(busy_lanes=NOTES | {"b"})]

    assert empty is None
    assert due == [START + timedelta(seconds=2), START + timedelta(seconds=5)]


def test_lane_of_a_delivery_is_no_secret_but_its_arguments_are(store: Store) -> None:
    """What is told to a person is sealed like the rest of the record."""
    queue(store, tell(1, arguments={"sentence": "Die Zahlungen fallen aus."}))

    with store.database.reading() as connection:
        row = connection.execute(select(DELIVERY)).mappings().one()

    assert row["lane"] == "incident:1"
    assert b"Zahlungen" not in row["arguments"]


@pytest.mark.parametrize(
    ("asking", "index"),
    [
        (open_deliveries, "ix_delivery_open"),
        (parked_deliveries, "ix_delivery_parked"),
        (unsettled_deliveries, "ix_delivery_open"),
        (unsettled_deliveries, "ix_delivery_parked"),
    ],
)
def test_what_waits_is_found_through_its_index(store: Store, asking: Callable[[], Any], index: str) -> None:
    """Among thousands that were sent, only those that wait are looked at, on both databases."""
    queue(store, *(tell(number, f"lane:{number}") for number in range(1, 2001)))
    with store.database.write_engine.begin() as connection:
        connection.execute(update(DELIVERY).where(DELIVERY.c.seq % 500 != 0).values(state="sent"))
        connection.execute(update(DELIVERY).where(DELIVERY.c.seq % 500 == 1).values(state="parked"))
        connection.execute(text("ANALYZE"))
    explain = "EXPLAIN QUERY PLAN " if store.database.is_sqlite else "EXPLAIN "
    counting = str(asking().compile(store.database.read_engine))

    with store.database.reading() as connection:
        plan = " ".join(str(row) for row in connection.exec_driver_sql(explain + counting))

    assert index in plan
    assert lane_report(store.database)["deliveries"] == {"pending": 4, "sending": 0, "unknown": 0}


def test_report_tells_since_when_the_oldest_delivery_is_open(store: Store) -> None:
    """Its age is what tells a lane that hangs from one that is busy; with nothing open there is none."""
    nothing = lane_report(store.database)["oldest_open_at"]
    queue(store, tell(1))
    begun = store.clock.now()
    store.clock.instant += timedelta(minutes=5)
    queue(store, tell(2))

    assert nothing is None
    assert lane_report(store.database)["oldest_open_at"] == begun
