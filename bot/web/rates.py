"""How many alerts each source may send: a bucket that fills steadily and holds a storm's worth."""

import math
from datetime import datetime, timedelta

#: What is earlier than what came before by more was not overtaken by it: the clock was set back.
_SET_BACK = timedelta(minutes=1)


class Rate:
    """Allows *per_second* on average and *burst* at once."""

    def __init__(self, *, per_second: float, burst: int) -> None:
        """Begin full."""
        self._per_second = per_second
        self._burst = float(burst)
        self._left = float(burst)
        self._at: datetime | None = None

    def take(self, count: int, now: datetime) -> int:
        """Take *count*, or nothing: then how many seconds to wait; 0 when taken.

        More than fit at once are taken from a full bucket, so that no request waits for ever.
        """
        if self._at and self._at - now > _SET_BACK:
            self._at = now  # else nothing would fill the bucket until the clock is where it was
        passed = max((now - self._at).total_seconds(), 0.0) if self._at else 0.0
        self._at = max(now, self._at) if self._at else now
        self._left = min(self._left + passed * self._per_second, self._burst)
        missing = min(count, self._burst) - self._left
        if missing > 0:
            return math.ceil(missing / self._per_second)
        self._left -= count
        return 0
