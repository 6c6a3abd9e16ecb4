"""Edits that wait collapse into the newest, and an incident's first half hour stays quiet."""

from datetime import timedelta

from analysis.quiet import FIRST_MESSAGES, KEPT_FOR_NOTICE
from bot.ports.outbox import Retry, Sent
from bot.ports.records import DeliveryKind
from tests.bot.flows.lanes import Lanes, delivery, of_incident

SECOND = timedelta(seconds=1)
ORDINARY = FIRST_MESSAGES - KEPT_FOR_NOTICE


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


def test_incident_posts_four_ordinary_messages_in_its_first_half_hour(lanes: Lanes) -> None:
    """Four new messages go out; further ones wait for the half hour's end, in order; edits are never held."""
    incident = lanes.store.declare()
    posts = [of_incident(incident, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(ORDINARY + 2)]
    edit = of_incident(incident, DeliveryKind.CARD, coalesce="card")
    for post in posts:
        lanes.queue(post)
    lanes.queue(edit)
    lanes.dispatcher.start()

    at_first = lanes.rest()
    lanes.go_on(30 * 60 - 1)
    before_the_end = lanes.rest()
    lanes.go_on(1)

    assert (FIRST_MESSAGES, ORDINARY) == (6, 4)
    assert at_first == before_the_end == [*(post.id for post in posts[:4]), edit.id]
    assert lanes.wait_handed(7)[-2:] == [post.id for post in posts[4:]]


def test_replaced_post_is_counted_once(lanes: Lanes) -> None:
    """A card that is replaced before it was posted takes one of the messages, not two."""
    incident = lanes.store.declare()
    cards = [of_incident(incident, DeliveryKind.CARD, coalesce="card", is_post=number == 0) for number in range(3)]
    posts = [of_incident(incident, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(6)]
    for each in (*cards, *posts):
        lanes.queue(each)

    lanes.dispatcher.start()

    assert lanes.rest() == [cards[-1].id, *(post.id for post in posts[: ORDINARY - 1])]


def test_budget_of_one_incident_is_not_anothers(lanes: Lanes) -> None:
    """A loud incident does not silence a second one."""
    loud, other = lanes.store.declare(), lanes.store.declare()
    many = [of_incident(loud, DeliveryKind.ANNOUNCE, is_post=True) for _ in range(8)]
    one = of_incident(other, DeliveryKind.ANNOUNCE, is_post=True)
    lanes.queue(*many, one)

    lanes.dispatcher.start()

    assert one.id in lanes.rest()
