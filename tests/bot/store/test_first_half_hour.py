"""Whatever an incident brings in its first half hour: few messages, and what must be noticed is not kept waiting."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from analysis.incident import Incident
from analysis.quiet import FIRST_MESSAGES, FIRST_WHILE, KEPT_FOR_NOTICE
from bot.ports.records import Changes, DeliveryKind, DeliveryState, NewDelivery
from bot.store.record.tables import DELIVERY
from tests.bot.store.parts import Store
from tests.effort import ON_FIXTURES, examples

_IDS = itertools.count(9_000_000)
#: What happens, or how many seconds pass: few enough that most of it is in the first half hour.
_HAPPENINGS = st.lists(
    st.sampled_from(
        ["ordinary", "ordinary", "rise", "rise", "other notice", "draft", "edit", "send", "send", 1, 40, 300]
    ),
    min_size=10,
    max_size=40,
)


_KINDS = {"edit": DeliveryKind.CARD, "draft": DeliveryKind.OFFER_DRAFT}
#: A draft is its file and its offer.
_MESSAGES = {"draft": 2}


def _delivery(kind: str, incident: Incident) -> NewDelivery:
    return NewDelivery(
        id=UUID(int=next(_IDS)),
        kind=_KINDS.get(kind, DeliveryKind.ANNOUNCE),
        lane=f"incident:{incident.id}",
        incident_id=incident.id,
        coalesce={"edit": "card", "rise": "rise"}.get(kind),
        is_post=kind != "edit",
        must_be_noticed=kind in {"rise", "other notice", "draft"},
    )


class _Channel:
    """What arrived in an incident's channel, and when."""

    def __init__(self, store: Store) -> None:
        """Begin with a new incident."""
        self.store = store
        self.incident = store.declare()
        self.kinds: dict[UUID, str] = {}
        self.arrived: list[tuple[UUID, datetime]] = []

    def happen(self, what: str | int) -> None:
        """Let time pass, let the lanes send, or queue something."""
        if isinstance(what, int):
            self.store.clock.move(seconds=what)
        elif what == "send":
            self.send()
        else:
            queued = _delivery(what, self.incident)
            self.kinds[queued.id] = what
            self.store.write(lambda _reads, _command: Changes(deliveries=(queued,)))

    def send(self) -> None:
        """Send all that is due."""
        while claimed := self.store.outbox.claim(limit=10, busy_lanes=frozenset()):
            for delivery in claimed:
                self.arrived.append((delivery.id, self.store.clock.now()))
                self.store.outbox.settle_sent(delivery, {}, None, pause=timedelta(0))

    def of(self, *kinds: str) -> list[UUID]:
        """What arrived of these kinds, in order."""
        return [each for each, _ in self.arrived if self.kinds[each] in kinds]

    def states(self) -> dict[UUID, str]:
        """How everything that was queued stands."""
        with self.store.database.reading() as connection:
            rows = connection.execute(select(DELIVERY.c.id, DELIVERY.c.state).order_by(DELIVERY.c.seq)).all()
        return {row.id: row.state for row in rows if row.id in self.kinds}


@given(happenings=_HAPPENINGS)
@settings(max_examples=examples(20), deadline=None, suppress_health_check=ON_FIXTURES)
def test_six_messages_and_no_notice_kept_waiting(file_store: Store, happenings: Sequence[str | int]) -> None:
    """Six posts at most, notices sent at once while two of them were not, nothing lost, each kind in its order."""
    channel = _Channel(file_store)
    ends = channel.incident.declared_at + FIRST_WHILE
    for what in happenings:
        channel.happen(what)
        if what == "send" and file_store.clock.now() < ends:
            _check_no_notice_waits(channel)
    file_store.clock.instant = max(ends, file_store.clock.now())
    early = [each for each, at in channel.arrived if at < ends and channel.kinds[each] != "edit"]
    channel.send()

    states = channel.states()
    assert _messages(channel, early) <= FIRST_MESSAGES
    assert sum(channel.kinds[each] == "ordinary" for each in early) <= FIRST_MESSAGES - KEPT_FOR_NOTICE
    assert set(states.values()) <= {DeliveryState.SENT, DeliveryState.SUPERSEDED}
    assert all(states[each] == DeliveryState.SENT for each, kind in channel.kinds.items() if kind[:1] in "od")
    for kinds in ("ordinary",), ("rise",), ("other notice",), ("draft",):
        assert channel.of(*kinds) == sorted(channel.of(*kinds))
    assert not channel.of("rise") or channel.of("rise")[-1] == max(e for e, k in channel.kinds.items() if k == "rise")


def _check_no_notice_waits(channel: _Channel) -> None:
    """A notice waits only where two of them were told."""
    notices = [each for each, kind in channel.kinds.items() if kind in {"rise", "other notice"}]
    waiting = [each for each, state in channel.states().items() if state == DeliveryState.PENDING and each in notices]
    assert not waiting or _messages(channel, channel.of("rise", "other notice", "draft")) >= KEPT_FOR_NOTICE


def _messages(channel: _Channel, deliveries: Sequence[UUID]) -> int:
    return sum(_MESSAGES.get(channel.kinds[each], 1) for each in deliveries)
