"""What keeps a document from its target: how often in a row, since when, and whether the operator was told.

It is kept in the `result` of the delivery. A target that takes nothing and one document that it does not take are
apart: the first is one trouble, whichever document meets it, and over once the target answers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.ports.records import Delivery, OpenDelivery

#: A trouble is told after so many attempts and so long: what blinks is not.
TOLD_AFTER_TRIES = 3
TOLD_AFTER = timedelta(minutes=2)

_KEY = "troubles"
#: What versions before had: since when it fails, told at the eighth attempt.
_SINCE = "failing_since"
_TOLD_AT_ATTEMPT = 8


class Whose(StrEnum):
    """What does not work."""

    TARGET = "target"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One that lasts: `about` is what else of the same words may be the same trouble, and empty where nothing is."""

    since: datetime
    tries: int = 0
    told_at: datetime | None = None
    about: str = ""

    def is_due(self, now: datetime) -> bool:
        """Whether it has lasted long enough to be told."""
        return self.tries >= TOLD_AFTER_TRIES and now - self.since >= TOLD_AFTER


def troubles_of(delivery: Delivery | OpenDelivery) -> dict[Whose, Trouble]:
    """What its attempts have met."""
    kept = delivery.result.get(_KEY)
    if kept is None:
        return _as_before(delivery)
    return {Whose(whose): _read(values) for whose, values in kept.items()}


def met(delivery: Delivery, whose: Whose, now: datetime, *, about: str = "") -> dict[Whose, Trouble]:
    """What its attempts have met with one more; a target that does not take a document has answered."""
    found = troubles_of(delivery)
    answered = found.pop(Whose.TARGET, None) if whose is Whose.DOCUMENT else None
    # An earlier version did not say whose trouble it was: whatever it told is this one.
    as_before = answered if _KEY not in delivery.result else None
    before = found.get(whose) or as_before or Trouble(since=now)
    # It began in the past, also where the clock was set back since.
    found[whose] = replace(before, since=min(before.since, now), tries=before.tries + 1, about=about)
    return found


def has_answered(delivery: Delivery, whose: Whose) -> bool:
    """Whether the operator was told of a target that takes nothing, which does not take this one document now."""
    return whose is Whose.DOCUMENT and _KEY in delivery.result and was_told(delivery, Whose.TARGET)


def kept(delivery: Delivery, troubles: Mapping[Whose, Trouble]) -> dict[str, Any]:
    """What the next attempt finds of *troubles*."""
    written = {whose.value: _values(trouble) for whose, trouble in troubles.items()}
    return {**delivery.result, _SINCE: since(delivery, troubles).isoformat(), _KEY: written}


def since(delivery: Delivery, troubles: Mapping[Whose, Trouble]) -> datetime:
    """When it was not taken first."""
    before = delivery.result.get(_SINCE)
    began = [datetime.fromisoformat(str(before))] if before else []
    return min([*began, *(one.since for one in troubles.values())])


def was_told(delivery: Delivery, *whose: Whose) -> bool:
    """Whether the operator was told of a trouble, or of one of those *whose*."""
    return any(trouble.told_at for each, trouble in troubles_of(delivery).items() if each in set(whose or Whose))


def is_known(
    whose: Whose,
    trouble: Trouble,
    others: Iterable[OpenDelivery],
    taken_at: Callable[[], datetime | None],
    now: datetime,
) -> bool:
    """Whether the operator was told of the same for one of *others*, and the target has taken nothing since.

    What was told by a clock that was set back since may be over: nobody knows what was taken after that.
    """
    if whose is Whose.DOCUMENT and not trouble.about:
        return False
    same = (troubles_of(other).get(whose) for other in others)
    told = [one.told_at for one in same if one and one.told_at and one.told_at <= now and one.about == trouble.about]
    if not told:
        return False
    taken = taken_at()
    return taken is None or taken < max(told)


def _as_before(delivery: Delivery | OpenDelivery) -> dict[Whose, Trouble]:
    before = delivery.result.get(_SINCE)
    if before is None:
        return {}
    at = datetime.fromisoformat(str(before))
    # Of a delivery that was claimed, the attempt that goes on is counted already.
    tries = delivery.attempts - 1 if isinstance(delivery, Delivery) else delivery.attempts
    return {Whose.TARGET: Trouble(since=at, tries=tries, told_at=at if tries >= _TOLD_AT_ATTEMPT else None)}


def _read(values: Mapping[str, Any]) -> Trouble:
    told_at = values.get("told_at")
    return Trouble(
        since=datetime.fromisoformat(values["since"]),
        tries=int(values["tries"]),
        told_at=datetime.fromisoformat(told_at) if told_at else None,
        about=str(values.get("about", "")),
    )


def _values(trouble: Trouble) -> dict[str, Any]:
    told_at = trouble.told_at.isoformat() if trouble.told_at else None
    return {"since": trouble.since.isoformat(), "tries": trouble.tries, "told_at": told_at, "about": trouble.about}
