"""How old an open group is for an alert, and how much the delay can still weigh."""

import math
from itertools import accumulate

from analysis.alerts.groups import Group
from analysis.alerts.prior import DELAY_STEP_SECONDS, Prior

#: Ages that are no step of delays: the alert began before the group, or too long after it. The tables end with theirs.
EARLY, TOO_OLD = -1, -2
#: What bounds leave for the order of a sum.
ROUNDING = 1e-9


class Ages:
    """The table of delays that a prior makes, as open groups stand in it."""

    __slots__ = ("_prior", "ever", "now")

    def __init__(self, prior: Prior) -> None:
        self._prior = prior
        least = [delay + ROUNDING for delay in prior.least_delays()]
        ever = list(accumulate(reversed(least), max))[::-1]
        self.now = [*least, -math.inf, ROUNDING]  #: the weight of each step for the relation it says least against
        self.ever = [*ever, -math.inf, ROUNDING]  #: the most of that from each step on

    def step(self, group: Group, at: float) -> int:
        """Where in the table an alert at *at* stands: the group's age, less while alerts keep coming.

        It only grows until something is added to the group.
        """
        prior, seconds, quiet = self._prior, at - group.start, at - group.last
        if seconds < 0:
            return EARLY
        if seconds >= prior.longest_group_seconds or quiet > prior.group_idle_seconds:
            return TOO_OLD
        quiet *= prior.pace
        if quiet < seconds:
            seconds *= prior.slowed
            if seconds < quiet:  # noqa: PLR1730 - calling max takes twice as long
                seconds = quiet
        return int(seconds) // DELAY_STEP_SECONDS

    def off_the_table(self, group: Group, step: int, at: float) -> float:
        """The weight of a delay that is `EARLY` or `TOO_OLD`."""
        return self._prior.early(at - group.start) if step == EARLY else -math.inf
