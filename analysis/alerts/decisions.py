"""What grouping says about one delivery."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from analysis.alerts.reasons import Reason


class DecisionKind(StrEnum):
    """Where an alert was put."""

    JOIN = "join"  #: into an open group
    SUGGEST = "suggest"  #: into a group of its own, and a person is asked whether it belongs to `suggested`
    NEW = "new"  #: into a group of its own
    LANE = "lane"  #: into the lane of its series, which repeats by itself
    SAME = "same"  #: where its series is already: a repetition, a resolution, a rise in severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two groups that were found to have one cause; undone by leaving it out, because no member moved."""

    kept: str
    gone: str
    reason: Reason


class Decision(NamedTuple):
    """What was decided about one delivery; the weights of `reasons` add up to `logit`.

    For `NEW` and `SUGGEST` the reasons are about the best group that it was kept out of. A named tuple, because one is
    made for every delivery.
    """

    alert_id: str
    fingerprint: str
    group_id: str
    kind: DecisionKind
    logit: float  #: the logarithm of the odds that the alert belongs to the group that the reasons are about
    reasons: tuple[Reason, ...]
    suggested: str = ""
    links: tuple[Link, ...] = ()
