"""Who acts, what they may do, and the one table that decides it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from analysis.errors import Forbidden, NotFound
from analysis.incident import ENDED_STATUSES, Incident, Role, Visibility


class Access(StrEnum):
    """What a person may do everywhere, mapped from Slack user groups or configuration."""

    VIEWER = "viewer"  #: reads public incidents
    RESPONDER = "responder"  #: declares and records
    COMMANDER = "commander"  #: decides on any incident
    APPROVER = "approver"  #: signs documents
    ADMIN = "admin"  #: runs Debrief; may do all but approve what they wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who acts, with what they may do; `id` is the ledger's actor, such as `slack:U123`."""

    id: str
    name: str = ""
    zone: str = "UTC"
    access: frozenset[Access] = frozenset()
    channels: frozenset[str] = frozenset()
    is_outsider: bool = False

    @property
    def slack_id(self) -> str | None:
        """The Slack user id, if the person acts through Slack or is mapped to one."""
        return self.id.removeprefix("slack:") if self.id.startswith("slack:") else None


class Action(StrEnum):
    """What can be asked of Debrief; the permission table has one line for each."""

    VIEW = "view"  #: list, status, timeline, help
    DECLARE = "declare"  #: open an incident
    RECORD = "record"  #: notes, marked messages, milestones, promotion, updates
    STEER = "steer"  #: status, severity, roles
    RESOLVE = "resolve"  #: resolve without being asked to confirm
    REOPEN = "reopen"  #: begin the next phase
    END = "end"  #: decline, duplicate, cancel, close
    RESTRICT = "restrict"  #: make public or private
    DRAFT = "draft"  #: make a draft
    APPROVE = "approve"  #: sign a revision
    PUBLISH = "publish"  #: publish an approved revision
    HOLD = "hold"  #: let alerts of a pattern wait
    ACCEPT = "accept"  #: the language model's behaviour, after which it is asked again
    ADMINISTER = "administer"  #: erase, export, configuration


_EVERYBODY = frozenset(Access)
_RESPONDERS = frozenset({Access.RESPONDER, Access.COMMANDER, Access.APPROVER, Access.ADMIN})
_COMMANDERS = frozenset({Access.COMMANDER, Access.ADMIN})

PERMISSIONS: Mapping[Action, frozenset[Access]] = MappingProxyType(
    {
        Action.VIEW: _EVERYBODY,
        Action.DECLARE: _RESPONDERS,
        Action.RECORD: _RESPONDERS,
        Action.STEER: _RESPONDERS,
        Action.RESOLVE: _COMMANDERS,
        Action.REOPEN: _RESPONDERS,
        Action.END: _COMMANDERS,
        Action.RESTRICT: _COMMANDERS,
        Action.DRAFT: _COMMANDERS,
        Action.APPROVE: frozenset({Access.APPROVER}),
        Action.PUBLISH: _COMMANDERS | {Access.APPROVER},
        Action.HOLD: _COMMANDERS,
        Action.ACCEPT: frozenset({Access.APPROVER, Access.ADMIN}),
        Action.ADMINISTER: frozenset({Access.ADMIN}),
    }
)

#: Roles in an incident that give a commander's permissions on that incident.
_COMMANDING_ROLES = frozenset({Role.INCIDENT_COMMANDER, Role.DEPUTY})


def may(person: Person, action: Action, incident: Incident | None = None) -> bool:
    """Whether *person* may do *action*, on *incident* where one is given; outsiders may do nothing."""
    if person.is_outsider:
        return False
    access = set(person.access)
    if incident is not None and holds_role(person, incident, _COMMANDING_ROLES) and access & _RESPONDERS:
        access.add(Access.COMMANDER)
    return bool(access & PERMISSIONS[action])


def require(person: Person, action: Action, incident: Incident | None = None, *, breaks_glass: bool = False) -> None:
    """Pass, or raise; with *breaks_glass* an admin passes whom the incident is hidden from, and says so on its record.

    Raises
    ------
    NotFound
        If the incident is private and *person* may not know of it.
    Forbidden
        If *person* may not do *action*.
    """
    reaches = breaks_glass and action is Action.ADMINISTER and may(person, action)
    if incident is not None and not can_see(person, incident) and not reaches:
        raise NotFound
    if person.is_outsider:
        message = "Guests and people from other organisations cannot use Debrief. Ask a colleague to record it."
        raise Forbidden(message)
    if not may(person, action, incident):
        needed = " or ".join(sorted(access.value for access in PERMISSIONS[action]))
        message = f"Only {needed} may {action.value} here. {_instead(person, action, incident)}"
        raise Forbidden(message)


def _instead(person: Person, action: Action, incident: Incident | None) -> str:
    """What somebody can do who may not do *action*."""
    if incident is None:
        return "Ask an admin, or see who has which in DEBRIEF_ACCESS."
    leads = Access.COMMANDER in PERMISSIONS[action] and may(person, Action.STEER)
    if incident.commander is None and leads and incident.status not in ENDED_STATUSES:
        return (
            f"{incident.reference} has no incident commander yet; whoever is that may: "
            "`/incident role commander me`, or ask an admin."
        )
    return "Ask the incident commander or an admin."


def can_see(person: Person, incident: Incident) -> bool:
    """Whether *person* may know that *incident* exists: the one scope of every query."""
    if person.is_outsider:
        return False
    if incident.visibility is Visibility.PUBLIC:
        return True
    return (
        person.id in incident.roles.values()
        or person.id == incident.declared_by
        or incident.channel_id in person.channels
    )


def holds_role(person: Person, incident: Incident, roles: frozenset[Role]) -> bool:
    """Whether *person* holds one of *roles* in *incident*."""
    return any(incident.roles.get(role) == person.id for role in roles)
