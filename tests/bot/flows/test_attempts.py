"""Attempts that may have arrived, and lanes that wait for somebody."""

from datetime import timedelta

from analysis.quiet import FIRST_MESSAGES, KEPT_FOR_NOTICE
from bot.ports.outbox import Park, Retry, Sent
from bot.ports.records import DeliveryKind
from tests.bot.flows.lanes import Lanes, delivery, of_incident

SECOND = timedelta(seconds=1)
ORDINARY = FIRST_MESSAGES - KEPT_FOR_NOTICE


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


def test_interrupted_attempt_comes_before_what_was_queued_earlier(lanes: Lanes) -> None:
    """A post that the budget held is queued first, and yet the attempt that a crash interrupted is settled first."""
    incident = lanes.store.declare()
    posts = [of_incident(incident, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(ORDINARY + 1)]
    interrupted = of_incident(incident, DeliveryKind.CARD)
    for post in posts:
        lanes.queue(post)
    lanes.dispatcher.start()
    lanes.rest()
    lanes.dispatcher.stop()
    lanes.queue(interrupted)
    lanes.store.outbox.claim(limit=4, busy_lanes=frozenset())
    lanes.store.clock.move(minutes=31)

    lanes.dispatcher = lanes.new_dispatcher()
    lanes.dispatcher.start()

    assert lanes.rest()[ORDINARY:] == [interrupted.id, posts[-1].id]


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
    lanes.rest()
    told = (
        "Nothing more can be sent to Slack: Slack answered is_archived. 2 messages wait; nothing is lost. "
        "Once this is put right, run `debrief lanes resume A`."
    )
    assert lanes.told == [told, told]


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
    (told,) = lanes.told
    assert told.startswith("One message was not sent (announce): Slack answered msg_too_long. Nothing is lost, ")
    assert told.endswith("Once this is put right, run `debrief lanes resume A`.")


def test_operator_hears_once_of_a_lane_whose_messages_are_all_odd(lanes: Lanes) -> None:
    """One note is enough until something of the lane has arrived again."""
    odd = [delivery("A") for _ in range(3)]
    for each in odd:
        lanes.answer(each, Park(because="Slack answered msg_too_long", whole_lane=False))
    fine, odd_again = delivery("A"), delivery("A")
    lanes.answer(odd_again, Park(because="Slack answered invalid_blocks", whole_lane=False))
    lanes.queue(*odd)
    lanes.dispatcher.start()
    lanes.rest()
    first = len(lanes.told)

    lanes.queue(fine, odd_again)
    lanes.rest()
    lanes.wait_for("the second note", lambda: len(lanes.told) > first)

    assert (first, len(lanes.told)) == (1, 2)
