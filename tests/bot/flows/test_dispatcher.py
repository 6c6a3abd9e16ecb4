"""Lanes: order, rate and independence; what errors and stopping must and must not do."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from analysis.errors import Conflict, InvalidInput, Unavailable
from bot.flows.dispatcher import WORKERS, backoff
from bot.ports.outbox import LONGEST_REST, Outcome, Park, Retry, Sent, Step
from bot.ports.records import Changes, Delivery, DeliveryKind
from bot.store.delivery.outbox import SqlOutbox
from bot.store.record.tables import DELIVERY
from tests.bot.flows.lanes import Lanes, delivery, of_incident
from tests.bot.store.parts import appending, note
from tests.dialects import on_both
from tests.effort import leading

SECOND = timedelta(seconds=1)


# ---------------------------------------------------------------- order and rate


@on_both("store")
def test_lane_sends_in_the_order_of_its_queue(lanes: Lanes) -> None:
    """What was committed first is sent first, and the next only after it."""
    queued = [delivery("A") for _ in range(5)]
    lanes.queue(*queued[:2])
    lanes.queue(*queued[2:])

    lanes.dispatcher.start()

    assert lanes.rest() == [each.id for each in queued]


def test_lane_sends_nothing_while_an_attempt_is_running(lanes: Lanes) -> None:
    """Two messages of one lane are never on their way at once, while another lane's goes out."""
    first, second, elsewhere = delivery("A"), delivery("A"), delivery("B")
    gate, began, let_go = lanes.gate()
    lanes.answer(first, gate)
    lanes.queue(first, second, elsewhere)
    lanes.dispatcher.start()
    assert began.wait(5)
    lanes.wait_for("the other lane", lambda: lanes.state(elsewhere) == "sent")

    before = lanes.sent_order()
    let_go.set()

    assert second.id not in before
    assert lanes.rest()[-1] == second.id


def test_lane_rests_after_a_post_and_others_do_not(lanes: Lanes) -> None:
    """A second between two posts of one lane, by the clock; another lane is not slowed down."""
    first, second, elsewhere = delivery("A"), delivery("A"), delivery("B")
    lanes.answer(first, Sent(pause=SECOND))
    lanes.queue(first, second, elsewhere)
    lanes.dispatcher.start()

    at_once = set(lanes.rest())
    lanes.go_on(0.999)
    almost = set(lanes.rest())
    lanes.go_on(0.001)

    assert at_once == almost == {first.id, elsewhere.id}
    assert lanes.wait_handed(3)[-1] == second.id


@on_both("store")
def test_rate_limit_delays_its_own_lane_alone(lanes: Lanes) -> None:
    """After a 429 its lane waits as long as Slack asks, in order; ten other lanes go on at once (fault 10)."""
    limited, behind = delivery("A"), delivery("A")
    others = [delivery(f"B{number}") for number in range(10)]
    lanes.answer(limited, Retry(because="Slack asks to wait", after=timedelta(seconds=30)), Sent())
    lanes.queue(limited, behind, *others)
    lanes.dispatcher.start()

    at_once = lanes.rest()
    lanes.go_on(29.9)
    almost = lanes.rest()
    lanes.go_on(0.1)

    assert sorted(at_once) == sorted(almost) == sorted([limited.id, *(each.id for each in others)])
    assert lanes.wait_handed(13)[-2:] == [limited.id, behind.id]


def test_lane_that_fails_waits_longer_each_time(lanes: Lanes) -> None:
    """One second, two, four: between attempts the lane rests, and no attempt comes early."""
    failing = delivery("A")
    lanes.answer(failing, Retry(because="Slack answered internal_error"))
    lanes.queue(failing)
    lanes.dispatcher.start()
    lanes.rest()

    made = []
    for seconds in (1, 2, 4):
        lanes.go_on(seconds - 0.5)
        early = len(lanes.rest())
        lanes.go_on(0.5)
        made.append((early, len(lanes.rest())))

    assert made == [(1, 2), (2, 3), (3, 4)]


def test_no_lane_waits_for_hours(lanes: Lanes) -> None:
    """Slack may ask for a day; it is asked again after five minutes, not all the time and not never."""
    limited = delivery("A")
    lanes.answer(limited, Retry(because="Slack asks to wait", after=timedelta(days=1)))
    lanes.queue(limited)
    lanes.dispatcher.start()
    lanes.rest()

    made = []
    for seconds in (299, 1):
        lanes.go_on(seconds)
        made.append(len(lanes.rest()))

    assert made == [1, 2]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (10_000, 300)])
def test_backoff_doubles_up_to_five_minutes(attempts: int, seconds: int) -> None:
    """However often something fails, it is tried again within `LONGEST_REST`."""
    assert backoff(attempts) == timedelta(seconds=seconds) <= LONGEST_REST


def test_many_lanes_are_all_served(lanes: Lanes) -> None:
    """More lanes than workers, several messages each: everything goes out once, each lane in its order."""
    queued = [delivery(f"lane {number % 20}") for number in range(60)]
    lanes.queue(*queued)

    lanes.dispatcher.start()
    handed = lanes.rest()

    assert sorted(handed) == sorted(each.id for each in queued)
    for lane in {each.lane for each in queued}:
        wanted = [each.id for each in queued if each.lane == lane]
        assert [one for one in handed if one in set(wanted)] == wanted


def test_no_more_is_claimed_than_can_be_sent(lanes: Lanes) -> None:
    """What waits for a free worker is not counted as an attempt yet, so a crash leaves it plainly unsent."""
    queued = [delivery(f"lane {number}") for number in range(WORKERS + 3)]
    gates = [lanes.gate() for _ in queued]
    for each, (gate, _, _) in zip(queued, gates, strict=True):
        lanes.answer(each, gate)
    lanes.queue(*queued)

    lanes.dispatcher.start()
    lanes.wait_handed(WORKERS)
    lanes.dispatcher.wake()
    lanes.store.writer.call(lambda _: None).result(5)
    states = sorted(lanes.states().values())
    lanes.let_go()

    assert states == ["pending"] * 3 + ["sending"] * WORKERS
    assert len(lanes.rest()) == len(queued)


# ---------------------------------------------------------------- errors


def test_handler_that_crashes_parks_its_delivery_and_others_go_on(lanes: Lanes) -> None:
    """A delivery that always crashes is tried once, told once, and stops nobody (fault 31)."""
    faulty, behind, elsewhere = delivery("A"), delivery("A"), delivery("B")
    lanes.answer(faulty, RuntimeError("a bug"))
    lanes.queue(faulty, behind, elsewhere)
    lanes.dispatcher.start()

    lanes.rest()
    lanes.go_on(3600)

    assert sorted(lanes.rest()) == sorted([faulty.id, behind.id, elsewhere.id])
    assert [lanes.state(each) for each in (faulty, behind, elsewhere)] == ["parked", "sent", "sent"]
    assert len(lanes.told) == 1


def test_handler_that_reports_an_outage_is_tried_again(lanes: Lanes) -> None:
    """An error of our own kind says nothing of whether the post arrived, so it is treated as unknown."""
    tried = delivery()
    lanes.answer(tried, Unavailable("the snapshot could not be read"), Sent())
    lanes.queue(tried)
    lanes.dispatcher.start()
    lanes.rest()
    state = lanes.state(tried)

    lanes.go_on(1)

    assert state == "unknown"
    assert lanes.wait_handed(2) == [tried.id] * 2


def test_lane_that_is_opened_while_its_parking_waits_to_be_written_goes_on(lanes: Lanes) -> None:
    """The writer had the opening first, so that nobody would open the lane once more."""
    refused, behind = delivery("A"), delivery("A")

    class Overtaken(SqlOutbox):
        def settle_parked(self, *arguments: Any, **named: Any) -> bool:
            lanes.store.write(lambda _reads, _command: Changes(reopened_lanes=("A",)))
            return super().settle_parked(*arguments, **named)

    store = lanes.store
    lanes.dispatcher = lanes.new_dispatcher(Overtaken(store.database, store.writer, store.clock))
    store.writer.add_commit_hook(
        lambda written: lanes.dispatcher.reopen([lane for one in written for lane in one.reopened_lanes])
    )
    lanes.answer(refused, Park(because="not_in_channel"), Sent())
    lanes.queue(refused, behind)

    lanes.dispatcher.start()
    lanes.wait_for("the one behind", lambda: lanes.state(behind) == "sent")

    assert lanes.sent_order() == [refused.id, refused.id, behind.id]


def test_follow_up_is_written_together_with_the_mark(lanes: Lanes) -> None:
    """What follows from a post is in the ledger exactly when the post is marked as sent."""
    incident = lanes.store.declare()
    posted = of_incident(incident, DeliveryKind.CARD)
    lanes.answer(posted, Sent(follow_up=lambda _: appending(incident, note(1))))
    lanes.queue(posted)

    lanes.dispatcher.start()
    lanes.wait_for("the mark", lambda: lanes.state(posted) == "sent")

    assert [event.natural_key for event in lanes.store.events(incident)] == ["declared", "note:1"]


def test_refused_follow_up_does_not_undo_that_it_was_sent(lanes: Lanes) -> None:
    """The world has the message whatever the record thinks of what follows, so it is not sent again."""

    def refuse(_: object) -> Changes:
        raise Conflict

    sent, behind = delivery(), delivery()
    lanes.answer(sent, Sent(follow_up=refuse))
    lanes.queue(sent, behind)

    lanes.dispatcher.start()

    assert lanes.rest() == [sent.id, behind.id]
    assert lanes.state(sent) == "sent"


def test_follow_up_that_crashes_parks_its_delivery_and_others_go_on(lanes: Lanes) -> None:
    """A bug in what follows from a post neither repeats the post for ever nor stops its lane."""

    def crash(_: object) -> Changes:
        raise RuntimeError("a bug")

    sent, behind = delivery(), delivery()
    lanes.answer(sent, Sent(follow_up=crash))
    lanes.queue(sent, behind)

    lanes.dispatcher.start()
    lanes.wait_for("the one behind", lambda: lanes.state(behind) == "sent")
    lanes.rest()

    assert (lanes.state(sent), lanes.attempts(sent)) == ("parked", [1])
    assert len(lanes.told) == 1


def test_delivery_that_cannot_be_read_is_parked_and_others_go_on(lanes: Lanes) -> None:
    """A damaged row, or one of a kind that this version does not know, stops neither its lane nor another."""
    damaged, unknown, behind, elsewhere = delivery("A"), delivery("C"), delivery("A"), delivery("B")
    lanes.queue(damaged, unknown, behind, elsewhere)
    with lanes.store.database.write_engine.begin() as connection:
        connection.execute(update(DELIVERY).where(DELIVERY.c.id == damaged.id).values(arguments=b"x" * 40))
        connection.execute(update(DELIVERY).where(DELIVERY.c.id == unknown.id).values(kind="of_tomorrow"))

    lanes.dispatcher.start()

    assert sorted(lanes.rest()) == sorted([behind.id, elsewhere.id])
    assert [lanes.state(each) for each in (damaged, unknown)] == ["parked", "parked"]
    assert ["it cannot be read; see the log" in note for note in lanes.told] == [True, True]


def test_refusal_of_a_handler_parks_its_delivery_and_is_told(lanes: Lanes) -> None:
    """What would be refused again each time is not tried for ever in silence."""
    refused, behind = delivery(), delivery()
    lanes.answer(refused, InvalidInput("the branch's name must be of plain letters"))
    lanes.queue(refused, behind)

    lanes.dispatcher.start()

    assert lanes.rest() == [refused.id, behind.id]
    assert lanes.state(refused) == "parked"
    assert "the branch's name must be of plain letters" in lanes.told[0]


def test_steps_of_one_attempt_are_remembered_one_by_one(lanes: Lanes) -> None:
    """A handler that says what it has done is called again at once, with that in its hands."""
    posted = delivery()
    seen: list[dict[str, Any]] = []

    def go_on(each: Delivery) -> Outcome:
        seen.append(dict(each.result))
        return Step(result={**each.result, f"step {len(seen)}": True}) if len(seen) < 3 else Sent(result=each.result)

    lanes.answer(posted, *[go_on] * 3)
    lanes.queue(posted)

    lanes.dispatcher.start()
    lanes.rest()

    assert seen == [{}, {"step 1": True}, {"step 1": True, "step 2": True}]
    assert lanes.state(posted) == "sent"
    assert lanes.attempts(posted) == [1, 1, 1]


@pytest.mark.parametrize("error", leading(1, [Unavailable("the database is away"), RuntimeError("a bug")]))
def test_dispatcher_outlives_a_claim_that_fails(lanes: Lanes, error: Exception) -> None:
    """Whatever goes wrong while looking for work, it looks again."""
    failures = iter([error])

    class Failing:
        def claim(self, **wanted: Any) -> tuple[Delivery, ...]:
            for failure in failures:
                raise failure
            return lanes.store.outbox.claim(**wanted)

        def __getattr__(self, name: str) -> Any:
            return getattr(lanes.store.outbox, name)

    sent = delivery()
    lanes.queue(sent)
    dispatcher = lanes.new_dispatcher(Failing())

    dispatcher.start()
    lanes.wait_for("another look", lambda: dispatcher.wake() or lanes.handed)

    assert lanes.sent_order() == [sent.id]
    dispatcher.stop()


# ---------------------------------------------------------------- stopping


def test_stop_finishes_what_is_being_sent_and_begins_nothing_new(lanes: Lanes) -> None:
    """A message on its way is settled before stopping returns; what waits stays for the next start."""
    running, waiting = delivery(), delivery()
    gate, began, let_go = lanes.gate()
    lanes.answer(running, gate)
    lanes.queue(running, waiting)
    lanes.dispatcher.start()
    assert began.wait(5)
    began_at = time.monotonic()

    threading.Timer(0.1, let_go.set).start()
    lanes.dispatcher.stop()

    assert time.monotonic() - began_at >= 0.1
    assert [lanes.state(each) for each in (running, waiting)] == ["sent", "pending"]
