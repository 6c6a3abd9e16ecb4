"""Whether the pagers can be reached and know what the file names, for `debrief doctor`: nobody is paged by it."""

import stat
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

from analysis.errors import DebriefError, InvalidInput, Refused
from bot.cli.checking.check import Check, fails, look, ok
from bot.pager.building import PagerSide, build_pager_side
from bot.pager.config import DEFAULT_CALL, PagerFile, read_pager_file
from bot.pager.http import Call
from bot.pager.pagerduty import Asked, PagerDutyRest
from bot.parts import SystemClock
from bot.ports.paging import Egress, EgressPurpose
from bot.settings import Settings

_NAME = "pager"
_PATHS = {"service": "/services/", "escalation_policy": "/escalation_policies/", "user": "/users/"}
#: The states of a service in which PagerDuty wakes nobody for it ("Get a service").
_ASLEEP = frozenset({"disabled", "maintenance"})
_ASKED = Asked(purpose=EgressPurpose.CHECK, actor="doctor")


class _NothingKept:
    """Nothing of an incident leaves by these calls, and `doctor` changes nothing in the database."""

    def begin(self, egress: Egress) -> None:
        """Keep nothing."""

    def end(self, egress: Egress) -> None:
        """Keep nothing."""


def check_pagers(settings: Settings) -> Iterator[Check]:
    """A line for the file, one for each pager, and one for the routes in line."""
    if settings.pager_file is None:
        yield ok(_NAME, "none: nobody can be paged through Debrief")
        return
    try:
        file = read_pager_file(settings)
    except InvalidInput as error:
        yield fails(_NAME, error.message.rstrip("."), "docs/reference/paging.md describes the file.")
        return
    yield _file(settings, file)
    side = build_pager_side(file, settings, _NothingKept(), SystemClock(), _new_id)
    if file.pagerduty:
        yield _pagerduty(side, file)
    if file.webhook:
        yield _reached("webhook pager", side, file.webhook.url)
    yield from _in_line(file)


def _new_id() -> UUID:
    return uuid4()


def _file(settings: Settings, file: PagerFile) -> Check:
    path = settings.pager_file
    said = f"{path}, {len(file.services)} services, {len(file.policies)} policies"
    if path is not None and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return look(_NAME, f"{said}, readable by others", f"It holds secrets. Run: chmod 600 {path}")
    if file.plan().is_empty:
        return look(_NAME, f"{said}: nobody can be paged", "Name a service in it.")
    if file.call == DEFAULT_CALL and not all(service.call for service in file.services.values()):
        todo = "Set call to a telephone number that is answered at night: people read it where a page fails."
        return look(_NAME, f"{said}, without a number to call", todo)
    return ok(_NAME, said)


def _pagerduty(side: PagerSide, file: PagerFile) -> Check:
    if file.pagerduty is None:
        return ok("PagerDuty", "not set up")
    reached = _reached("PagerDuty", side, file.pagerduty.events_url)
    rest = PagerDutyRest(account=file.pagerduty, outside=side.outside)
    if reached.todo or not rest.is_usable:
        return reached if reached.todo else _without_token(reached)
    try:
        services = {name: _found(rest, "service", one.service_id) for name, one in file.services.items()}
        missing = list(_missing(rest, file, services))
    except DebriefError as error:
        return fails("PagerDuty", error.message, "Check api_token and the way to api_url.")
    if missing:
        return fails("PagerDuty", f"it does not know {', '.join(missing)}", "Correct the ids in the pager's file.")
    asleep = [f"{name} ({one['status']})" for name, one in services.items() if one and one.get("status") in _ASLEEP]
    if asleep:
        return look(
            "PagerDuty", f"nobody is woken for {', '.join(asleep)}", "End that in PagerDuty before you rely on it."
        )
    return ok("PagerDuty", "reachable, knows the sender and every service, policy and person of the file")


def _without_token(reached: Check) -> Check:
    todo = "Set pagerduty.api_token to page people, to look up who is on call, and to look for lost answers."
    return look("PagerDuty", f"{reached.said}, without a token", todo)


def _missing(rest: PagerDutyRest, file: PagerFile, services: Mapping[str, Mapping[str, Any] | None]) -> Iterator[str]:
    """What the file names and PagerDuty does not have."""
    sender = rest.account.sender
    users = rest.everything("/users", "users", {"query": sender}, _ASKED)
    if sender.lower() not in {str(user.get("email", "")).lower() for user in users}:
        yield f"the user {sender} (pagerduty.from)"
    for name, service in services.items():
        if service is None:
            yield f"the service of {name}"
    for name, policy_id in file.policies.items():
        if _found(rest, "escalation_policy", policy_id) is None:
            yield f"the policy {name}"
    for slack_id, user_id in file.people.items():
        if _found(rest, "user", user_id) is None:
            yield f"the user of {slack_id} (people)"


def _found(rest: PagerDutyRest, kind: str, known_as: str) -> Mapping[str, Any] | None:
    """The object of *kind* with this id; an empty one where there is no id to ask for, `None` where it is not there."""
    if not known_as:
        return {}
    try:
        answer = rest.get(_PATHS[kind] + quote(known_as, safe=""), {}, _ASKED)
    except Refused:
        return None
    found = answer.get(kind)
    return found if isinstance(found, dict) else {}


def _reached(name: str, side: PagerSide, url: str) -> Check:
    """Whether anything answers there at all; a GET pages nobody."""
    call = Call(purpose=EgressPurpose.CHECK, policy="doctor", method="GET", url=url, actor="doctor")
    try:
        side.outside.call(call)
    except DebriefError as error:
        return fails(name, error.message, "Check the address, the firewall and DEBRIEF_OUTSIDE_HOSTS.")
    return ok(name, "reachable")


def _in_line(file: PagerFile) -> Iterator[Check]:
    if not file.in_line:
        return
    said = f"{len(file.in_line)} in line, with a heartbeat every {file.heartbeat_seconds:g} s"
    yield ok("routes", f"{said}, which is not tried here: a call would count as a beat")
