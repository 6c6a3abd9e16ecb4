"""What keeps a document from its target, by a clock that may be set back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.flows.troubles import Trouble, Whose, is_known, kept, met, since
from bot.ports.records import Delivery, DeliveryKind, OpenDelivery

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_trouble_is_due_soon_after_the_clock_was_set_back() -> None:
    """It began in the past: nobody waits until the clock has come to where it was."""
    delivery = _delivery({})
    for at in (NOON, NOON + MINUTE):
        troubles = met(delivery, Whose.TARGET, at)
        delivery = _delivery(kept(delivery, troubles))

    earlier = NOON - timedelta(hours=5)
    due = []
    for at in (earlier, earlier + MINUTE, earlier + 2 * MINUTE):
        troubles = met(delivery, Whose.TARGET, at)
        delivery = _delivery(kept(delivery, troubles))
        due.append(troubles[Whose.TARGET].is_due(at))

    assert due == [False, False, True]
    assert troubles[Whose.TARGET].since == since(delivery, troubles) == earlier


@pytest.mark.parametrize(("now", "is_it"), [(NOON + MINUTE, True), (NOON - MINUTE, False)])
def test_what_was_told_by_a_clock_that_was_set_back_hides_no_trouble(now: datetime, *, is_it: bool) -> None:
    """The target took something before it was told, by the clock of then, and since by that of now."""
    told = kept(_delivery({}), {Whose.TARGET: Trouble(since=NOON - 3 * MINUTE, tries=3, told_at=NOON)})
    other = OpenDelivery(incident_id=None, seq=1, attempts=3, result=told)
    trouble = Trouble(since=now - 3 * MINUTE, tries=3)

    assert is_known(Whose.TARGET, trouble, [other], lambda: NOON - 2 * MINUTE, now) is is_it


def _delivery(result: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=UUID(int=1),
        kind=DeliveryKind.PUBLISH,
        lane="publish:git",
        arguments={},
        incident_id=None,
        coalesce=None,
        is_post=False,
        seq=2,
        attempts=3,
        created_at=NOON,
        result=result,
    )
