"""Who is on call, by PagerDuty's REST API: `GET /oncalls` of an escalation policy, with its users.

Read from PagerDuty's REST API reference, "List all of the on-calls" (`escalation_policy_ids[]`, `include[]=users`,
`earliest`), "Get a service", and "Pagination" of its developer documentation (4a0ca14).
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from analysis.errors import DebriefError, InvalidInput, NotFound, Refused
from analysis.masking import masked
from analysis.slacktext import clean, nearest, truncate
from bot.pager.config import DEFAULT_CALL, PAGERDUTY, PagerFile
from bot.pager.pagerduty import Asked, PagerDutyRest
from bot.ports.outside import Clock
from bot.ports.paging import EgressPurpose, OnCall, Shift

#: So long an answer is told again without asking; rotas change by the hour.
FRESH = timedelta(seconds=60)
NAME_LETTERS = 80
_POLICY = "policy "
_USAGE = "Say for what: `oncall payments` or `oncall policy core`."


@dataclass(slots=True, kw_only=True)
class PagerDutyOnCalls:
    """Looks up and remembers (`bot.ports.paging.OnCalls`); *person_with* gives the Slack id of an address."""

    file: PagerFile
    rest: PagerDutyRest | None
    clock: Clock
    person_with: Callable[[str], str | None]
    _known: dict[str, OnCall] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def target(self, words: str) -> str:
        said = " ".join(words.split())
        if not said:
            raise InvalidInput(_USAGE)
        if self.rest is None or not self.rest.is_usable:
            message = (
                "No pager is set up that Debrief can ask who is on call; `pagerduty.api_token` in the file that "
                "DEBRIEF_PAGER_FILE names is what it needs."
            )
            raise Refused(message)
        if said.lower().startswith(_POLICY):
            policy = said[len(_POLICY) :]
            return f"{_POLICY}{_named(policy, self.file.policies, 'policy', others=self.file.services)}"
        others = [f"{_POLICY}{name}" for name in self.file.policies]
        name = _named(said, self.file.services, "service", others=others)
        service = self.file.services[name]
        if service.pager != PAGERDUTY or not service.service_id:
            message = f"Who is on call for {name} is not known here: its service_id is not in the pager's file."
            raise Refused(message)
        return name

    def known(self, target: str) -> OnCall | None:
        with self._lock:
            found = self._known.get(target)
        return found if found and abs(self.clock.now() - found.at) < FRESH else None

    def look(self, target: str, asked_by: str) -> OnCall:
        try:
            found = self._ask(target, Asked(purpose=EgressPurpose.ON_CALL, actor=asked_by))
        except DebriefError as error:
            with self._lock:
                before = self._known.get(target)
            if before is None:
                raise
            return replace(before, trouble=error.message)
        with self._lock:
            self._known[target] = found
        return found

    def _ask(self, target: str, asked: Asked) -> OnCall:
        if self.rest is None:
            raise Refused(_USAGE)
        query = {
            "escalation_policy_ids[]": [self._policy(target, self.rest, asked)],
            "include[]": ["users"],
            "earliest": "true",
        }
        now = self.clock.now()
        entries = self.rest.everything("/oncalls", "oncalls", query, asked)
        shifts = {_shift(entry, self._slack_id) for entry in entries if _holds(entry, now)}
        ordered = sorted(shifts, key=lambda shift: (shift.level, shift.name))
        service = self.file.services.get(target)
        call = (service.call if service else "") or self.file.call
        call = "somebody by telephone" if call == DEFAULT_CALL else call
        return OnCall(target=target, shifts=tuple(ordered), at=now, call=call)

    def _policy(self, target: str, rest: PagerDutyRest, asked: Asked) -> str:
        """The escalation policy of a service as of now: it may get another one."""
        if target.startswith(_POLICY):
            return self.file.policies[target.removeprefix(_POLICY)]
        service_id = self.file.services[target].service_id
        service = rest.get(f"/services/{quote(service_id, safe='')}", {}, asked).get("service") or {}
        found = str((service.get("escalation_policy") or {}).get("id") or "")
        if not found:
            message = f"PagerDuty names no escalation policy of {target}."
            raise NotFound(message)
        return found

    def _slack_id(self, user: Mapping[str, Any]) -> str:
        """Who a user of PagerDuty is in Slack: as the file says, else by the address; nothing where nobody knows."""
        known = next((slack_id for slack_id, theirs in self.file.people.items() if theirs == user.get("id")), "")
        email = str(user.get("email") or "")
        return known or (self.person_with(email) if email else None) or ""


def _named(said: str, known: Mapping[str, object], noun: str, *, others: Iterable[str]) -> str:
    """What is called so; *others* are those of the other kind, as they are typed."""
    found = next((name for name in known if name.lower() == said.lower()), None)
    if found is not None:
        return found
    other = next((name for name in others if name.lower().removeprefix(_POLICY) == said.lower()), None)
    guess = other or nearest(said.lower(), sorted(known))
    meant = f" Did you mean “{guess}”?" if guess else f" There are: {', '.join(sorted(known)[:20])}." if known else ""
    message = f"There is no {noun} “{said[:40]}” in the pager's file.{meant}"
    raise NotFound(message)


def _holds(entry: Mapping[str, Any], now: datetime) -> bool:
    """Whether an entry is of now; one that has not begun yet is not."""
    start = _instant(entry.get("start"))
    return start is None or start <= now


def _shift(entry: Mapping[str, Any], slack_id: Callable[[Mapping[str, Any]], str]) -> Shift:
    user = entry.get("user") if isinstance(entry.get("user"), dict) else {}
    level = entry.get("escalation_level")
    name = str((user or {}).get("name") or (user or {}).get("summary") or "somebody")
    return Shift(
        level=level if isinstance(level, int) else 0,
        name=truncate(masked(" ".join(clean(name).split())), NAME_LETTERS),
        slack_id=slack_id(user or {}),
        until=_instant(entry.get("end")),
    )


def _instant(value: object) -> datetime | None:
    """A time of the API; `None` where it names none, as for somebody who is always on call."""
    try:
        found = datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo else None
