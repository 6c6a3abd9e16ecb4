"""How often something new begins anywhere: the rarer that is, the more two beginnings at once mean."""

import math

_MEMORY_SECONDS = 21_600.0
_APART_SECONDS = 20.0  # beginnings within these count once, or one failure in many places would look like a busy day


class Ambient:
    """The rate of beginnings over the last hours, against the one that the prior was made for."""

    __slots__ = ("_count", "_last", "_usual", "weight")

    def __init__(self, usual_per_hour: float) -> None:
        self._usual = usual_per_hour / 3_600.0
        self._count = self._usual * _MEMORY_SECONDS
        self._last = float("-inf")
        #: In nats: above 0 where less begins than usual.
        self.weight = self._weighed()

    def begin(self, at: float) -> None:
        """Something new began at *at*."""
        passed = at - self._last
        if passed < _APART_SECONDS:
            return
        self._count = self._count * math.exp(-passed / _MEMORY_SECONDS) + 1 if passed < math.inf else self._count
        self._last = at
        self.weight = self._weighed()

    def _weighed(self) -> float:
        return math.log(self._usual * _MEMORY_SECONDS / max(self._count, 1.0))
