"""What people said of groups, as causes that weights can be learnt from and as incidents that nobody may miss."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from analysis.alerts.noise_evidence import Membership


class PlacedAlert(NamedTuple):
    """A firing on record: its alert's id, its series and the group that it is in now."""

    alert_id: str
    series: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """What stands of everything that people said; groups and incidents by their ids.

    `closed` are incidents whose membership is known, because they are over, by group; `attached` all incidents.
    A group is `judged` where somebody looked at it and left in it what is there: called it noise or not, or took a
    series out. `mattered` and `dismissed` are single alerts of which a ticket or a person says so, with the name of
    what says it.
    """

    closed: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    attached: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    private: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()
    noise: frozenset[str] = frozenset()
    needed: frozenset[str] = frozenset()
    mattered: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dismissed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Alerts by the cause that people gave them, in the order of the alerts.

    `fault_causes` leaves out what they called noise; `memberships` says of which incident or ticket an alert told.
    """

    causes: Mapping[str, str]
    fault_causes: Mapping[str, str]
    memberships: Mapping[str, Membership]


def truth_of(alerts: Iterable[PlacedAlert], opinions: Opinions) -> Truth:
    """What *opinions* say of each alert.

    A private incident teaches no weight, because whoever trains may not know of it; it counts for what must be told.
    What belongs to two incidents, or to one and to noise, has no cause: nobody knows which.
    """
    causes: dict[str, str] = {}
    faults: dict[str, str] = {}
    memberships: dict[str, Membership] = {}
    for one in alerts:
        membership = _membership(one, opinions)
        if membership:
            memberships[one.alert_id] = membership
        cause = _cause(one.group, opinions)
        if cause:
            causes[one.alert_id] = cause
            if one.group not in opinions.noise and one.alert_id not in opinions.dismissed:
                faults[one.alert_id] = cause
    return Truth(causes=causes, fault_causes=faults, memberships=memberships)


def _cause(group: str, opinions: Opinions) -> str:
    attached = opinions.attached.get(group, frozenset())
    if attached & opinions.private or len(attached) > 1 or (attached and group in opinions.noise):
        return ""
    if attached:
        known = attached & opinions.closed.get(group, frozenset())
        return f"incident {next(iter(known))}" if known else ""
    return f"group {group}" if group in opinions.judged else ""


def _membership(one: PlacedAlert, opinions: Opinions) -> Membership | None:
    attached = opinions.attached.get(one.group, frozenset())
    public = sorted(attached - opinions.private)
    if public:
        return Membership(incident=public[0])
    if attached:
        return Membership(incident=min(attached), is_private=True)
    if one.alert_id in opinions.mattered:
        return Membership(incident=opinions.mattered[one.alert_id])
    return Membership(incident=f"group {one.group}") if one.group in opinions.needed else None
