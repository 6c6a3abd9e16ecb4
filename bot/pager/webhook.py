"""Any other pager: signed requests of our own form, described in `docs/reference/pages.openapi.json`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from analysis.alerts.alert import AlertSeverity
from analysis.body_signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from analysis.errors import Refused
from analysis.paging import PageNews, TargetKind, urgency_of
from bot.pager.config import WebhookPager
from bot.pager.http import Answer, Call, Outside, wait_of
from bot.pager.pagerduty import encoded, read_object
from bot.ports.outside import Clock
from bot.ports.paging import EgressPurpose, ForwardedAlert, Summons, Taken, Unanswered

TITLE = "the pager"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedWebhook:
    """Pages people by a webhook (`bot.ports.paging.Pager`).

    What may have arrived is sent again with the same `Idempotency-Key`, which the receiver must heed.
    """

    pager: WebhookPager
    outside: Outside
    clock: Clock

    @property
    def title(self) -> str:
        """What people call it."""
        return TITLE

    def summon(self, summons: Summons) -> Taken:
        """Page somebody."""
        body = {
            "action": "page",
            "key": summons.key,
            "target": {"kind": summons.kind.value, "name": summons.name},
            "incident": {"number": summons.number, "severity": summons.severity.value},
            "summary": summons.summary,
            "urgency": urgency_of(summons.severity),
        }
        found = read_object(self._send(summons, EgressPurpose.PAGE, body))
        link = str(found.get("link") or "")
        return Taken(pager_id=str(found.get("id") or "")[:64], link=link[:500] if link.startswith("https://") else "")

    def find(self, summons: Summons) -> Taken | None:  # noqa: ARG002 - as the port has it
        """It cannot be asked; the same key again is the same page there."""
        return None

    def name(self, summons: Summons) -> Taken | None:  # noqa: ARG002 - as the port has it
        """It knows the page by our key."""
        return None

    def tell(self, summons: Summons, pager_id: str, news: PageNews, *, once: str) -> None:
        """Acknowledge or resolve the page there; it may be reopened, and then the same is said of it once more."""
        body = {"action": "acknowledge" if news is PageNews.ACKNOWLEDGED else "resolve", "key": summons.key}
        self._send(summons, EgressPurpose.PAGE_NEWS, {**body, "id": pager_id} if pager_id else body, answer=once)

    def forward(self, alert: ForwardedAlert) -> None:
        """Tell it of an alert of a route in line."""
        body: dict[str, Any] = {"action": "resolve" if alert.is_over else "page", "key": alert.key}
        if not alert.is_over:
            target = {"kind": TargetKind.SERVICE.value, "name": alert.service}
            urgency = alert.severity.value if alert.severity is not AlertSeverity.UNKNOWN else "critical"
            body |= {"target": target, "summary": alert.summary, "urgency": urgency}
        once = f"{alert.key}:{body['action']}:{alert.episode}"
        self._call(EgressPurpose.FORWARD, body, once, actor="debrief", incident_id=None)

    def _send(self, summons: Summons, purpose: EgressPurpose, body: Mapping[str, Any], *, answer: str = "") -> Answer:
        once = ":".join(filter(None, (summons.key, body["action"], answer)))
        return self._call(purpose, body, once, actor=summons.asked_by, incident_id=summons.incident_id)

    def _call(
        self, purpose: EgressPurpose, body: Mapping[str, Any], once: str, *, actor: str, incident_id: UUID | None
    ) -> Answer:
        content = encoded(body)
        timestamp = str(int(self.clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": once,
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: sign(self.pager.secrets[0].get_secret_value(), timestamp, content),
        }
        call = Call(
            purpose=purpose,
            policy="webhook",
            method="POST",
            url=self.pager.url,
            actor=actor,
            incident_id=incident_id,
            headers=headers,
            body=content,
        )
        return _taken(self.outside.call(call))


def _taken(answer: Answer) -> Answer:
    """The answer, if its status says that the request was taken.

    Raises
    ------
    analysis.errors.Refused
        If asking again would not help.
    bot.ports.paging.Unanswered
        If it may.
    """
    status = answer.status
    if 200 <= status < 300:
        return answer
    message = f"{TITLE} answered {status}"
    if status in {408, 429} or status >= 500:
        raise Unanswered(message, after=wait_of(answer), may_have_arrived=status != 429)
    raise Refused(message)
