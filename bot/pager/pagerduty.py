"""PagerDuty: pages by its Events API v2 where a service has a routing key, else by its REST API v2.

Read from PagerDuty's developer documentation (github.com/PagerDuty/developer-docs): "Events API v2: Overview" and
"Send an Alert Event" (revision 1da9f6a), "Incident Creation API" (ce098fa), "Rate Limits" (5abe4a1), "Errors"
(796ede2), "Pagination" (4a0ca14). What matters of them here:

* 202 is the only answer of the Events API that means taken; 429, 5xx and no answer are tried again, 400 never.
* What was taken may wake nobody: no incident is made while the service is disabled or in maintenance, nobody is on call
  in any level, or a rule suppresses it (support.pagerduty.com, "Why Incidents Fail to Trigger"). Only a look tells.
* A trigger with the `dedup_key` of an open alert joins it and wakes nobody again; after a resolution it opens another.
  So what may have arrived is looked for first (`GET /incidents?incident_key=`), where there is a token to look with.
* The REST API refuses a second open incident of a service with the same `incident_key`.
* An incident that a user creates and that is assigned to that very user is acknowledged at once, and nobody is woken.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from analysis.alerts.alert import AlertSeverity
from analysis.errors import Refused
from analysis.masking import masked
from analysis.paging import PageNews, TargetKind, urgency_of
from analysis.slacktext import clean, truncate
from bot.pager.config import PagedService, PagerDutyAccount, PagerFile
from bot.pager.http import Answer, Call, Outside, wait_of
from bot.ports.paging import EgressPurpose, ForwardedAlert, Summons, Taken, Unanswered

ACCEPT = "application/vnd.pagerduty+json;version=2"
TITLE = "PagerDuty"
_SAID_LETTERS = 160
#: What the pages of the REST API are asked to hold at most, and how many are read.
PAGE_LENGTH, MOST_PAGES = 100, 20
_ACTIONS = {PageNews.ACKNOWLEDGED: "acknowledge", PageNews.RESOLVED: "resolve"}
_HIDDEN = "…"
#: An unknown severity is told as the worst.
_SEVERITIES = {
    AlertSeverity.ERROR: "error",
    AlertSeverity.WARNING: "warning",
    AlertSeverity.INFO: "info",
}
T = TypeVar("T")

#: An incident with this key is open on the service already ("Incident Creation API").
_TWICE = "matching dedup key already exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom and why the REST API is asked something."""

    purpose: EgressPurpose
    actor: str
    incident_id: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutyRest:
    """The REST API, each answer read as JSON or not at all."""

    account: PagerDutyAccount
    outside: Outside

    @property
    def is_usable(self) -> bool:
        """Whether there is a token to ask with."""
        return bool(self.account.api_token.get_secret_value())

    def get(self, path: str, query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
        """The object at *path*.

        Raises
        ------
        analysis.errors.Refused
            If PagerDuty says no.
        bot.ports.paging.Unanswered
            If it does not answer as it should.
        """
        answer = self.send("GET", f"{path}?{urlencode(query, doseq=True)}", None, asked)
        check(answer, frozenset({200}))
        found = read_object(answer)
        if not found:
            message = f"{TITLE} answered what cannot be read"
            raise Unanswered(message, may_have_arrived=False)
        return found

    def everything(self, path: str, name: str, query: Mapping[str, Any], asked: Asked) -> list[dict[str, Any]]:
        """All objects of the list *name* at *path*, page by page ("Pagination")."""
        found: list[dict[str, Any]] = []
        for page in range(MOST_PAGES):
            at = {**query, "limit": PAGE_LENGTH, "offset": page * PAGE_LENGTH}
            answer = self.get(path, at, asked)
            found += [one for one in answer.get(name) or () if isinstance(one, dict)]
            if answer.get("more") is not True:
                break
        return found

    def send(self, method: str, path: str, body: Mapping[str, Any] | None, asked: Asked) -> Answer:
        """Ask, and give the answer as it came."""
        headers = {
            "Authorization": f"Token token={self.account.api_token.get_secret_value()}",
            "Accept": ACCEPT,
            "Content-Type": "application/json",
            "From": self.account.sender,
        }
        call = Call(
            purpose=asked.purpose,
            policy="pagerduty.rest",
            method=method,
            url=f"{self.account.api_url.rstrip('/')}{path}",
            actor=asked.actor,
            incident_id=asked.incident_id,
            headers=headers,
            body=b"" if body is None else encoded(body),
        )
        return self.outside.call(call)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDuty:
    """Pages people by PagerDuty (`bot.ports.paging.Pager`); *email_of* gives the address of a Slack user, if known."""

    file: PagerFile
    account: PagerDutyAccount
    outside: Outside
    email_of: Callable[[str], str | None] = field(default=lambda _: None)

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLE

    @property
    def rest(self) -> PagerDutyRest:
        """Its REST API."""
        return PagerDutyRest(account=self.account, outside=self.outside)

    def summon(self, summons: Summons) -> Taken:
        """Page somebody; the same key again pages nobody twice while the first is open."""
        service = self._service(summons)
        if service and service.routing_key.get_secret_value():
            payload = {
                "summary": summons.summary,
                "source": f"Debrief incident #{summons.number}",
                "severity": urgency_of(summons.severity),
                "class": "page",
            }
            self._enqueue(summons, service, {"event_action": "trigger", "payload": payload, "client": "Debrief"})
            return Taken(must_look=self.rest.is_usable)
        return self._create(summons)

    def find(self, summons: Summons) -> Taken | None:
        """The incident that an earlier attempt has left, open or resolved.

        Its name there is told of pages of the REST API alone: by its Events API PagerDuty never takes us for a person.
        """
        if not self.rest.is_usable:
            return None
        query = {"incident_key": summons.key, "date_range": "all", "limit": 1}
        answer = self.rest.get("/incidents", query, _asked(summons, EgressPurpose.PAGE_LOOK_UP))
        there = answer.get("incidents")
        known = [one for one in there if isinstance(one, dict)] if isinstance(there, list) else []
        found = [one for one in known if one.get("incident_key") == summons.key]
        if not found:
            return None
        return replace(_taken(found[0]), pager_id="") if self._is_of_events(summons) else _taken(found[0])

    def name(self, summons: Summons) -> Taken | None:
        """The incident, where it is one of the REST API; by its Events API PagerDuty needs our key alone."""
        if self._is_of_events(summons):
            return None
        found = self.find(summons)
        if found is None or not found.pager_id:
            message = f"{TITLE} knows no page by the key {summons.key}"
            raise Refused(message)
        return found

    def tell(self, summons: Summons, pager_id: str, news: PageNews, *, once: str) -> None:  # noqa: ARG002 - it needs none
        """Acknowledge or resolve it there; what is so already is left, what it does not know is refused (404)."""
        service = self._service(summons)
        if service and service.routing_key.get_secret_value():
            self._enqueue(summons, service, {"event_action": _ACTIONS[news]})
            return
        body = {"incident": {"type": "incident_reference", "status": news.value}}
        asked = _asked(summons, EgressPurpose.PAGE_NEWS)
        answer = self.rest.send("PUT", f"/incidents/{quote(pager_id, safe='')}", body, asked)
        if answer.status == 400 and _code(answer) in {1001, 1002}:  # "Incident Already Resolved", "… Acknowledged"
            return
        check(answer, frozenset({200}))

    def forward(self, alert: ForwardedAlert) -> None:
        """Trigger or resolve by the alert's key; PagerDuty folds what it has and drops what it never had."""
        service = self.file.services[alert.service]
        event: dict[str, Any] = {"event_action": "resolve" if alert.is_over else "trigger", "dedup_key": alert.key}
        if not alert.is_over:
            severity = _SEVERITIES.get(alert.severity, "critical")
            event["payload"] = {"summary": alert.summary, "source": alert.source, "severity": severity}
        check(self.outside.call(self._event(service, event, EgressPurpose.FORWARD, "debrief")), frozenset({202}))

    def _is_of_events(self, summons: Summons) -> bool:
        service = self._service(summons)
        return bool(service and service.routing_key.get_secret_value())

    def _service(self, summons: Summons) -> PagedService | None:
        if summons.kind is not TargetKind.SERVICE:
            return None
        return _named(self.file.services, summons.name)

    def _enqueue(self, summons: Summons, service: PagedService, event: Mapping[str, Any]) -> None:
        purpose = EgressPurpose.PAGE if event["event_action"] == "trigger" else EgressPurpose.PAGE_NEWS
        call = self._event(service, {**event, "dedup_key": summons.key}, purpose, summons.asked_by)
        check(self.outside.call(replace(call, incident_id=summons.incident_id)), frozenset({202}))

    def _event(self, service: PagedService, event: Mapping[str, Any], purpose: EgressPurpose, actor: str) -> Call:
        return Call(
            purpose=purpose,
            policy="pagerduty.events",
            method="POST",
            url=self.account.events_url,
            actor=actor,
            headers={"Content-Type": "application/json"},
            body=encoded({**event, "routing_key": service.routing_key.get_secret_value()}),
            kept=encoded({**event, "routing_key": _HIDDEN}),
        )

    def _create(self, summons: Summons) -> Taken:
        body = {"incident": self._incident(summons)}
        answer = self.rest.send("POST", "/incidents", body, _asked(summons, EgressPurpose.PAGE))
        if answer.status == 400 and _TWICE in _message(answer).lower():
            return self._found(summons)
        check(answer, frozenset({201}))
        made = read_object(answer).get("incident")
        made = made if isinstance(made, dict) else {}
        if made.get("status") == "acknowledged":
            who = "the person" if summons.kind is TargetKind.PERSON else "the one on call"
            message = f"{TITLE} woke nobody: the page is asked for in the name of {self.account.sender}, who is {who}"
            raise Refused(message)
        taken = _taken(made)
        return replace(taken, must_name=not taken.pager_id)

    def _found(self, summons: Summons) -> Taken:
        """The incident that PagerDuty says it has; that it is there is known although it may not be shown."""
        try:
            return self.find(summons) or Taken(must_name=True)
        except (Unanswered, Refused):
            return Taken(must_name=True)

    def _incident(self, summons: Summons) -> dict[str, Any]:
        is_service = summons.kind is TargetKind.SERVICE
        service = self._service(summons) if is_service else self.file.services.get(self.account.default_service)
        if service is None:
            raise Refused(_gone(f"the service {summons.name}" if is_service else "its default_service"))
        incident: dict[str, Any] = {
            "type": "incident",
            "title": summons.summary,
            "service": {"id": service.service_id, "type": "service_reference"},
            "urgency": "high",
            "incident_key": summons.key,
        }
        if summons.kind is TargetKind.POLICY:
            known = _named(self.file.policies, summons.name)
            if known is None:
                raise Refused(_gone(f"the policy {summons.name}"))
            return {**incident, "escalation_policy": {"id": known, "type": "escalation_policy_reference"}}
        if summons.kind is TargetKind.PERSON:
            assignee = {"id": self._user(summons), "type": "user_reference"}
            return {**incident, "assignments": [{"assignee": assignee}]}
        return incident

    def _user(self, summons: Summons) -> str:
        """The user of PagerDuty that a person in Slack is: as the file says, else by the address in both."""
        known = self.file.people.get(summons.name)
        if known:
            return known
        email = self.email_of(summons.name)
        if not email:
            message = f"Debrief does not know which user of {TITLE} this is; name them under people in the pager's file"
            raise Refused(message)
        users = self.rest.everything("/users", "users", {"query": email}, _asked(summons, EgressPurpose.PERSON))
        found = [one for one in users if str(one.get("email", "")).lower() == email.lower()]
        if len(found) != 1:
            message = f"{TITLE} has no user with this person's address; name them under people in the pager's file"
            raise Refused(message)
        return str(found[0]["id"])


def _named(known: Mapping[str, T], name: str) -> T | None:
    """What the file has under *name* now, in whatever case."""
    return next((one for each, one in known.items() if each.lower() == name.lower()), None)


def _gone(what: str) -> str:
    return f"{what} is not in the pager's file any more"


def encoded(value: Mapping[str, Any]) -> bytes:
    """The bytes of a JSON object."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def check(answer: Answer, taken: frozenset[int]) -> None:
    """Pass if the answer's status is one of *taken*.

    Raises
    ------
    analysis.errors.Refused
        If asking again would not help ("Response Codes & Retry Logic", "Errors").
    bot.ports.paging.Unanswered
        If it may.
    """
    status = answer.status
    if status in taken:
        return
    if status == 429:
        message = f"{TITLE} asks to wait (429)"
        raise Unanswered(message, after=max(wait_of(answer), timedelta(seconds=1)), may_have_arrived=False)
    if status >= 500 or status == 408:
        message = f"{TITLE} answered {status}"
        raise Unanswered(message, after=wait_of(answer))
    if status < 300:
        message = f"{TITLE} answered {status}, which does not say that it was taken"
        raise Unanswered(message)
    said = _message(answer)
    message = f"{TITLE} refuses it ({status}{f': {said}' if said else ''})"
    raise Refused(message)


def read_object(answer: Answer) -> dict[str, Any]:
    """The answer's JSON object; an empty one where it is none, because the status has said what became of it."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _asked(summons: Summons, purpose: EgressPurpose) -> Asked:
    return Asked(purpose=purpose, actor=summons.asked_by, incident_id=summons.incident_id)


def _taken(incident: Mapping[str, Any]) -> Taken:
    link = str(incident.get("html_url") or "")
    return Taken(pager_id=str(incident.get("id") or "")[:64], link=link[:500] if link.startswith("https://") else "")


def _error(answer: Answer) -> Mapping[str, Any]:
    found = read_object(answer)
    error = found.get("error")
    return error if isinstance(error, dict) else found


def _code(answer: Answer) -> int:
    code = _error(answer).get("code")
    return code if isinstance(code, int) else 0


def _message(answer: Answer) -> str:
    """What PagerDuty says is wrong, as one short line."""
    error = _error(answer)
    more = error.get("errors")
    said = [str(error.get("message") or ""), *(str(one) for one in (more if isinstance(more, list) else ()))]
    return truncate(masked(" ".join(clean(" ".join(said)).split())), _SAID_LETTERS)
