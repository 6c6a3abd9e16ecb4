"""Newer news replaces older news that waits, and an incident's first half hour stays readable."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from analysis.incident import Incident
from analysis.quiet import FIRST_WHILE
from bot.ports.records import Changes, DeliveryKind, HeldPost, NewDelivery
from bot.store.record.tables import DELIVERY
from tests.bot.store.parts import PATIENCE_SECONDS, Store, appending

NOBODY: frozenset[str] = frozenset()


def post(number: int, incident: Incident, *, must_be_noticed: bool = False) -> NewDelivery:
    """Return a new message about *incident*."""
    return replace(tell(number, incident, DeliveryKind.ANNOUNCE, is_post=True), must_be_noticed=must_be_noticed)


def tell(
    number: int, incident: Incident, kind: DeliveryKind, *, coalesce: str | None = None, is_post: bool = False
) -> NewDelivery:
    """Return a delivery in the incident's lane, named by its *number*."""
    return NewDelivery(
        id=UUID(int=number),
        kind=kind,
        lane=f"incident:{incident.id}",
        incident_id=incident.id,
        coalesce=coalesce,
        is_post=is_post,
    )


def queue(store: Store, *deliveries: NewDelivery) -> None:
    """Commit *deliveries*."""
    store.write(lambda _reads, _command: Changes(deliveries=deliveries))


def drain(store: Store) -> list[int]:
    """Send whatever is due, one after another; returns the numbers in that order."""
    order = []
    while claimed := store.outbox.claim(limit=10, busy_lanes=NOBODY):
        for delivery in claimed:
            order.append(delivery.id.int)
            store.outbox.settle_sent(delivery, {}, None, pause=timedelta(0))
    return order


def states(store: Store) -> dict[int, str]:
    """Read the state of every delivery."""
    with store.database.reading() as connection:
        return {row.id.int: row.state for row in connection.execute(select(DELIVERY.c.id, DELIVERY.c.state))}


def _held(store: Store, incident: Incident) -> list[HeldPost]:
    with store.snapshots.snapshot() as reads:
        return list(reads.held_posts(incident.id))


def test_waiting_edit_is_replaced_by_the_newest(store: Store) -> None:
    """A card is edited once, however much happened since Slack last listened."""
    incident = store.declare()
    for number in (1, 2, 3):
        queue(store, tell(number, incident, DeliveryKind.CARD, coalesce="card"))

    assert states(store) == {1: "superseded", 2: "superseded", 3: "pending"}
    assert drain(store) == [3]


def test_replacement_takes_the_place_of_what_it_replaces(store: Store) -> None:
    """What was queued behind the first, such as pinning the card, still follows the newest."""
    incident = store.declare()
    queue(store, tell(1, incident, DeliveryKind.CARD, coalesce="card"), tell(2, incident, DeliveryKind.PIN_CARD))
    queue(store, tell(3, incident, DeliveryKind.ANNOUNCE))

    queue(store, tell(4, incident, DeliveryKind.CARD, coalesce="card"))
    queue(store, tell(5, incident, DeliveryKind.CARD, coalesce="card"))

    assert drain(store) == [5, 2, 3]


def test_edit_under_way_is_not_replaced(store: Store) -> None:
    """What is being sent may show an older state, so the newest follows it."""
    incident = store.declare()
    queue(store, tell(1, incident, DeliveryKind.CARD, coalesce="card"))
    (under_way,) = store.outbox.claim(limit=1, busy_lanes=NOBODY)

    queue(store, tell(2, incident, DeliveryKind.CARD, coalesce="card"))
    store.outbox.settle_sent(under_way, {}, None, pause=timedelta(0))

    assert drain(store) == [2]


def test_other_lanes_and_keys_are_not_replaced(store: Store) -> None:
    """Only the same thing in the same lane is the same news."""
    first, second = store.declare("First"), store.declare("Second")
    queue(
        store,
        tell(1, first, DeliveryKind.CARD, coalesce="card"),
        tell(2, first, DeliveryKind.TOPIC, coalesce="topic"),
        tell(3, second, DeliveryKind.CARD, coalesce="card"),
    )

    queue(store, tell(4, first, DeliveryKind.CARD, coalesce="card"))

    assert states(store) == {1: "superseded", 2: "pending", 3: "pending", 4: "pending"}


def test_replacement_of_a_notice_comes_in_its_own_order(store: Store) -> None:
    """The newest rise stands behind what was said before it, also within one transaction."""
    incident = store.declare()

    def rise(number: int) -> NewDelivery:
        return replace(post(number, incident, must_be_noticed=True), coalesce="rise")

    queue(store, rise(1), post(2, incident), rise(3))
    queue(store, post(4, incident), rise(5))

    assert drain(store) == [2, 4, 5]
    assert [states(store).get(number) for number in (1, 3)] == [None, "superseded"]


def test_replacement_of_a_post_is_a_post(store: Store) -> None:
    """The first card stays a message of its own for the budget, even if an edit replaces it."""
    incident = store.declare()
    queue(store, tell(1, incident, DeliveryKind.CARD, coalesce="card", is_post=True))

    queue(store, tell(2, incident, DeliveryKind.CARD, coalesce="card"))

    (card,) = store.outbox.claim(limit=1, busy_lanes=NOBODY)
    assert (card.id.int, card.is_post) == (2, True)


def test_batch_keeps_the_newest_of_equal_news(store: Store) -> None:
    """Edits of one transaction are one edit, in the place of the first."""
    incident = store.declare()

    queue(
        store,
        tell(1, incident, DeliveryKind.CARD, coalesce="card"),
        tell(2, incident, DeliveryKind.ANNOUNCE),
        tell(3, incident, DeliveryKind.CARD, coalesce="card"),
    )

    assert drain(store) == [3, 2]


def test_first_half_hour_brings_at_most_six_messages(store: Store) -> None:
    """What exceeds the budget waits for the end of the half hour, in its order, and holds up nothing else."""
    incident = store.declare()
    notices = [post(number, incident, must_be_noticed=True) for number in (61, 62, 63)]
    queue(store, *(post(number, incident) for number in range(1, 8)), tell(50, incident, DeliveryKind.TOPIC), *notices)

    early = drain(store)
    store.clock.move(minutes=29, seconds=59)
    still_early = drain(store)
    store.clock.move(seconds=1)

    assert early == [1, 2, 3, 4, 50, 61, 62]
    assert still_early == []
    assert drain(store) == [5, 6, 7, 63]


def test_budget_counts_across_transactions(store: Store) -> None:
    """Sent messages count as much as waiting ones, and edits do not count."""
    incident = store.declare()
    for number in range(1, 4):
        queue(store, post(number, incident))
    drained = drain(store)
    queue(store, *(tell(number, incident, DeliveryKind.TOPIC) for number in range(20, 30)))

    queue(store, post(6, incident), post(7, incident))

    assert drained == [1, 2, 3]
    assert drain(store) == [*range(20, 30), 6]


def test_budget_is_each_incidents_own(store: Store) -> None:
    """A busy incident does not silence another, and messages of no incident are never held."""
    busy, other = store.declare("Busy"), store.declare("Other")
    queue(store, *(post(number, busy) for number in range(1, 8)))

    queue(
        store,
        post(20, other),
        NewDelivery(id=UUID(int=30), kind=DeliveryKind.TELL_OPERATOR, lane="operator", is_post=True),
    )

    assert sorted(drain(store)) == [1, 2, 3, 4, 20, 30]


def test_held_messages_leave_the_reserve_alone(store: Store) -> None:
    """However many ordinary messages wait, what must be noticed is posted at once."""
    incident = store.declare()
    queue(store, *(post(number, incident) for number in range(1, 30)))

    queue(store, post(40, incident, must_be_noticed=True))

    assert drain(store) == [1, 2, 3, 4, 40]


def test_ordinary_message_waits_once_four_of_any_kind_were_posted(store: Store) -> None:
    """What must be noticed counts as well: after a card and three rises the first update waits."""
    incident = store.declare()
    queue(store, post(1, incident), *(post(number, incident, must_be_noticed=True) for number in (2, 3, 4)))

    queue(store, post(5, incident))

    assert drain(store) == [1, 2, 3, 4]


def test_held_messages_are_told_with_the_end_of_their_wait(store: Store) -> None:
    """A card can say what is yet to come, and when; afterwards nothing is."""
    incident = store.declare()
    queue(store, *(post(number, incident) for number in range(1, 7)))

    held, ends = _held(store, incident), incident.declared_at + FIRST_WHILE
    store.clock.move(minutes=30)

    assert held == [HeldPost(coalesce=None, until=ends)] * 2
    assert _held(store, incident) == []


def test_held_message_names_its_event_and_the_last_posted_is_known_by_its_key(store: Store) -> None:
    """What was left unsaid, and what waits, was not read."""
    incident = store.declare()

    def word(number: int) -> NewDelivery:
        return replace(post(number, incident), coalesce="page:1", arguments={"event": f"event {number}"})

    def last() -> str:
        with store.snapshots.snapshot() as reads:
            return reads.last_posted(incident.id, "page:1")

    def send(result: dict[str, str]) -> str:
        (claimed,) = store.outbox.claim(limit=1, busy_lanes=NOBODY)
        began = last()
        store.outbox.settle_sent(claimed, result, None, pause=timedelta(0))
        return began

    queue(store, word(1))
    waiting = last()
    began = send({"channel": "C1", "ts": "1.1"})
    queue(store, word(2))
    send({})
    unsaid = last()
    queue(store, *(post(number, incident) for number in range(3, 6)), word(6))

    assert (waiting, began, unsaid, last()) == ("", "event 1", "event 1", "event 1")
    assert [held.event for held in _held(store, incident)] == ["", "event 6"]


def test_later_messages_are_not_held(store: Store) -> None:
    """After the half hour everything is said at once, the held messages first."""
    incident = store.declare()
    queue(store, *(post(number, incident) for number in range(1, 9)))
    store.clock.move(minutes=31)

    queue(store, *(post(number, incident) for number in range(9, 18)))

    assert drain(store) == list(range(1, 18))


def test_bulk_replaces_within_and_across_transactions(store: Store) -> None:
    """A storm of events leaves one edit of the card."""
    incident = store.declare()

    def card(number: int) -> Sequence[NewDelivery]:
        return [tell(number, incident, DeliveryKind.CARD, coalesce="card")]

    futures = [
        store.writer.submit(lambda _r, _c, n=n: appending(incident, deliveries=card(n)), None, bulk=True)
        for n in range(1, 200)
    ]
    for future in futures:
        future.result(PATIENCE_SECONDS)

    assert drain(store) == [199]
