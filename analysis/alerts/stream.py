"""One engine over a stretch of a workspace's alerts, in terms of the groups that people know.

The engine names its groups anew whenever it is made. Here its names stand for groups that last: the first alert that
the engine puts into a group of its own decides which one that is. What was recorded stands: fed with recorded alerts
and their groups, the engine comes to where it was, and what people put apart stays apart.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import Happening
from analysis.alerts.decisions import Decision
from analysis.alerts.grouping import Grouper
from analysis.alerts.prior import SHIPPED, Prior
from analysis.alerts.reasons import Reason
from analysis.alerts.topology import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLink:
    """Two groups that last were found to have one cause."""

    kept: UUID
    gone: UUID
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A decision with the group that it means; `is_new` where nothing was in that group before."""

    decision: Decision
    group: UUID
    is_new: bool
    suggested: UUID | None
    links: tuple[GroupLink, ...]


class Stream:
    """Feed it with everything in its order: what is recorded by `remember`, what is new by `decide`."""

    __slots__ = ("_apart", "_closed", "_closed_names", "_grouper", "_groups")

    def __init__(self, topology: Topology | None = None, prior: Prior = SHIPPED) -> None:
        self._grouper = Grouper(topology, prior)
        self._groups: dict[str, UUID] = {}
        self._closed: set[UUID] = set()
        self._closed_names: set[str] = set()
        self._apart: dict[tuple[UUID, str], UUID] = {}

    @property
    def closed(self) -> frozenset[UUID]:
        """The groups that nothing new goes into."""
        return frozenset(self._closed)

    def observe(self, happening: Happening) -> None:
        """Take note of what may explain the alerts that follow."""
        self._grouper.observe(happening)

    def close(self, groups: Iterable[UUID]) -> None:
        """Let nothing new into *groups*."""
        self._closed.update(groups)
        self._closed_names.update(name for name, group in self._groups.items() if group in self._closed)

    def reopen(self, groups: Iterable[UUID]) -> None:
        """Let alerts into *groups* again."""
        self._closed.difference_update(groups)
        self._closed_names = {name for name in self._closed_names if self._groups[name] in self._closed}

    def put_apart(self, groups: Iterable[UUID], series: str, into: UUID) -> None:
        """Put what comes of *series* into another group, wherever it would go into one of *groups*."""
        self._apart.update(((group, series), into) for group in groups if group != into)
        self._apart.pop((into, series), None)

    def remember(self, alert: Alert, group: UUID, *, goes_on: bool = False) -> None:
        """Take in an alert that was put into *group* before; *goes_on* as in `Grouper.decide`."""
        decision = self._grouper.decide(alert, self._closed_names, goes_on=goes_on)
        name = self._name(decision)
        if name not in self._groups:
            self._bind(name, group)
        self._alias(decision, name)
        meant = self._groups[name]
        if self._apart.get((meant, decision.fingerprint), meant) != group:
            self._apart[meant, decision.fingerprint] = group

    def decide(self, alert: Alert, new_group: Callable[[], UUID], *, goes_on: bool = False) -> Placed:
        """Decide where *alert* belongs; *new_group* makes the group where none of those known is meant."""
        decision = self._grouper.decide(alert, self._closed_names, goes_on=goes_on)
        name = self._name(decision)
        is_new = name not in self._groups
        if is_new:
            self._bind(name, new_group())
        links = self._links(decision)
        self._alias(decision, name)
        meant = self._groups[name]
        group = self._apart.get((meant, decision.fingerprint), meant)
        if group != meant and group in self._closed and alert.status is AlertStatus.FIRING:
            # the engine cannot know that what was put apart belongs to something that is over
            group, is_new = new_group(), True
            self._apart[meant, decision.fingerprint] = group
        suggested = self._groups.get(decision.suggested)
        return Placed(
            decision=decision,
            group=group,
            is_new=is_new,
            suggested=suggested if suggested != group else None,
            links=links,
        )

    def _name(self, decision: Decision) -> str:
        """The engine's group once the links of the decision are followed: one that is gone at once needs no name."""
        name = decision.group_id
        if name in self._groups:
            return name
        for link in decision.links:
            if link.gone == name:
                name = link.kept
        return name

    def _bind(self, name: str, group: UUID) -> None:
        self._groups[name] = group
        if group in self._closed:
            self._closed_names.add(name)

    def _alias(self, decision: Decision, name: str) -> None:
        if decision.group_id not in self._groups:
            self._bind(decision.group_id, self._groups[name])

    def _links(self, decision: Decision) -> tuple[GroupLink, ...]:
        pairs = ((self._groups.get(link.kept), self._groups.get(link.gone), link.reason) for link in decision.links)
        return tuple(
            GroupLink(kept=kept, gone=gone, reason=reason)
            for kept, gone, reason in pairs
            if kept is not None and gone is not None and kept != gone
        )
