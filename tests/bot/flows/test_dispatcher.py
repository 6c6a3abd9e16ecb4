"""Lanes: order, rate and independence; what a crash, an error or an unknown outcome must and must not do."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from analysis.errors import Conflict, Unavailable
from bot.flows.dispatcher import LONGEST_RETRY, backoff
from bot.ports.outbox import Park, Retry, Sent
from bot.ports.records import Changes, Delivery, DeliveryKind
from bot.store.queueing import FIRST_MESSAGES
from bot.store.tables import DELIVERY
from tests.bot.flows.lanes import Lanes, delivery, of_incident
from tests.bot.store.parts import appending, note

SECOND = timedelta(seconds=1)


# ---------------------------------------------------------------- order and rate


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


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (10_000, 300)])
def test_backoff_doubles_up_to_five_minutes(attempts: int, seconds: int) -> None:
    """However often something fails, it is tried again within `LONGEST_RETRY`."""
    assert backoff(attempts) == timedelta(seconds=seconds) <= LONGEST_RETRY


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


# ---------------------------------------------------------------- edits and budget


def test_waiting_edits_collapse_into_the_newest(lanes: Lanes) -> None:
    """While an edit is on its way five more come; only the last of them is sent, in the first one's place."""
    first, edits, behind = delivery(coalesce="card"), [delivery(coalesce="card") for _ in range(5)], delivery()
    gate, began, let_go = lanes.gate()
    lanes.answer(first, gate)
    lanes.queue(first)
    lanes.dispatcher.start()
    assert began.wait(5)
    lanes.queue(edits[0], behind)
    for edit in edits[1:]:
        lanes.queue(edit)

    let_go.set()

    assert lanes.rest() == [first.id, edits[-1].id, behind.id]
    assert [lanes.state(edit) for edit in edits] == ["superseded"] * 4 + ["sent"]


def test_backlog_of_an_hour_collapses_to_what_is_new(lanes: Lanes) -> None:
    """After Slack was down, stale edits are gone, posts come in their order, and each once (fault 11)."""
    down = Retry(because="Slack could not be reached")
    edits, posts = [delivery(coalesce="card") for _ in range(30)], [delivery() for _ in range(3)]
    for each in (*edits, *posts):
        lanes.answer(each, down, Sent())
    lanes.dispatcher.start()
    for number, edit in enumerate(edits):
        lanes.queue(edit, *posts[number // 10 : number // 10 + 1] if number % 10 == 5 else ())
    lanes.rest()

    for _ in range(12):
        lanes.go_on(60)
        lanes.rest()

    sent = [one for one in dict.fromkeys(lanes.sent_order()) if lanes.states()[one] == "sent"]
    assert [one for one in sent if one in {each.id for each in posts}] == [each.id for each in posts]
    assert len(sent) <= 5
    assert sent[-1] == posts[-1].id or edits[-1].id in sent


def test_attempt_that_may_have_arrived_is_never_replaced(lanes: Lanes) -> None:
    """A post whose outcome is unknown stays until it is settled, however its next attempts end.

    Replaced by a newer one, it would be forgotten, and the newer one posted beside it.
    """
    card, newer = delivery(coalesce="card"), delivery(coalesce="card")
    lost, limited = Retry(because="the answer was lost", is_unknown=True), Retry(because="Slack asks to wait")
    lanes.answer(card, lost, limited, Sent())
    lanes.queue(card)
    lanes.dispatcher.start()
    lanes.rest()
    lanes.go_on(1)
    lanes.rest()

    lanes.queue(newer)
    lanes.go_on(10)

    assert lanes.wait_handed(4) == [card.id, card.id, card.id, newer.id]
    assert lanes.attempts(card) == [1, 2, 3]


def test_incident_posts_six_messages_in_its_first_half_hour(lanes: Lanes) -> None:
    """Six new messages go out; further ones wait for the half hour's end, in order; edits are never held."""
    incident = lanes.store.declare()
    posts = [of_incident(incident, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(FIRST_MESSAGES + 2)]
    edit = of_incident(incident, DeliveryKind.CARD, coalesce="card")
    for post in posts:
        lanes.queue(post)
    lanes.queue(edit)
    lanes.dispatcher.start()

    at_first = lanes.rest()
    lanes.go_on(30 * 60 - 1)
    before_the_end = lanes.rest()
    lanes.go_on(1)

    assert FIRST_MESSAGES == 6
    assert at_first == before_the_end == [*(post.id for post in posts[:6]), edit.id]
    assert lanes.wait_handed(9)[-2:] == [post.id for post in posts[6:]]


def test_replaced_post_is_counted_once(lanes: Lanes) -> None:
    """A card that is replaced before it was posted takes one of the six, not two."""
    incident = lanes.store.declare()
    cards = [of_incident(incident, DeliveryKind.CARD, coalesce="card", is_post=number == 0) for number in range(3)]
    posts = [of_incident(incident, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(6)]
    for each in (*cards, *posts):
        lanes.queue(each)

    lanes.dispatcher.start()

    assert lanes.rest() == [cards[-1].id, *(post.id for post in posts[:5])]


def test_budget_of_one_incident_is_not_anothers(lanes: Lanes) -> None:
    """A loud incident does not silence a second one."""
    loud, other = lanes.store.declare(), lanes.store.declare()
    many = [of_incident(loud, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(8)]
    one = of_incident(other, DeliveryKind.ANNOUNCE, is_post=True)
    lanes.queue(*many, one)

    lanes.dispatcher.start()

    assert one.id in lanes.rest()


# ---------------------------------------------------------------- unknown outcomes and crashes


def test_unknown_outcome_comes_first_and_says_that_it_was_tried(lanes: Lanes) -> None:
    """What may have arrived is looked at again before anything behind it, as a second attempt."""
    unsure, behind = delivery(), delivery()
    lanes.answer(unsure, Retry(because="the answer was lost", is_unknown=True), Sent())
    lanes.queue(unsure, behind)
    lanes.dispatcher.start()
    lanes.rest()
    state = lanes.state(unsure)

    lanes.go_on(1)

    assert state == "unknown"
    assert lanes.wait_handed(3) == [unsure.id, unsure.id, behind.id]
    assert lanes.attempts(unsure) == [1, 2]


def test_claim_that_nobody_finished_comes_out_again_as_a_second_attempt(lanes: Lanes) -> None:
    """A process that died between claim and answer leaves the attempt on record (faults 3 and 4)."""
    interrupted, behind = delivery(), delivery()
    lanes.queue(interrupted, behind)
    lanes.store.outbox.claim(limit=4, busy_lanes=frozenset())
    state = lanes.state(interrupted)

    lanes.dispatcher.start()

    assert state == "sending"
    assert lanes.rest() == [interrupted.id, behind.id]
    assert lanes.attempts(interrupted) == [2]


def test_attempt_is_on_record_before_it_begins(lanes: Lanes) -> None:
    """While a handler runs, the database says so: a crash at that moment is noticed."""
    sent = delivery()
    seen: list[str] = []

    def look(_: object) -> Sent:
        seen.append(lanes.state(sent))
        return Sent()

    lanes.answer(sent, look)
    lanes.queue(sent)

    lanes.dispatcher.start()
    lanes.rest()

    assert seen == ["sending"]


# ---------------------------------------------------------------- parked


def test_parked_lane_tells_the_operator_once_and_resumes_in_order(lanes: Lanes) -> None:
    """An archived channel stops its lane alone; resumed, it fails again in silence, then goes on (fault 12)."""
    first, second, elsewhere = delivery("A"), delivery("A"), delivery("B")
    lanes.answer(first, Park(because="Slack answered is_archived"), Park(because="Slack answered is_archived"), Sent())
    lanes.queue(first, second, elsewhere)
    lanes.dispatcher.start()
    stopped = lanes.rest()

    again = lanes.store.outbox.resume("A")
    lanes.dispatcher.wake()
    lanes.wait_handed(3)
    lanes.wait_for("parked again", lambda: lanes.state(first) == "parked")
    lanes.store.outbox.resume("A")
    lanes.dispatcher.wake()

    assert (set(stopped), again) == ({first.id, elsewhere.id}, 1)
    assert lanes.wait_handed(5)[3:] == [first.id, second.id]
    assert [note.split(":")[0] for note in lanes.told] == ["All messages of this incident wait (announce)"] * 2


def test_parked_lane_with_much_behind_it_is_told_once(lanes: Lanes) -> None:
    """However much waits behind a parked delivery, the operator hears of the lane one time."""
    lanes.answer(first := delivery("A"), Park(because="Slack answered token_revoked"))
    lanes.queue(first, *(delivery("A") for _ in range(20)))
    lanes.dispatcher.start()
    lanes.rest()

    lanes.go_on(3600)
    lanes.queue(delivery("A"))
    lanes.rest()

    assert len(lanes.told) == 1
    assert lanes.attempts(first) == [1]


def test_parked_delivery_lets_its_lane_go_on(lanes: Lanes) -> None:
    """What is wrong with one message is not held against those behind it."""
    odd, behind = delivery("A"), delivery("A")
    lanes.answer(odd, Park(because="Slack answered msg_too_long", whole_lane=False))
    lanes.queue(odd, behind)

    lanes.dispatcher.start()

    assert lanes.rest() == [odd.id, behind.id]
    assert [lanes.state(each) for each in (odd, behind)] == ["parked", "sent"]
    assert [note.split(":")[0] for note in lanes.told] == ["One message waits (announce)"]


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


@pytest.mark.parametrize("error", [Unavailable("the database is away"), RuntimeError("a bug")])
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
