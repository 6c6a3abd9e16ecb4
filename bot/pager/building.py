"""The pagers that the file sets up, and what asks them, as one piece for the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.pager.config import PAGERDUTY, WEBHOOK, PagerFile
from bot.pager.http import Call, Outside
from bot.pager.on_call import PagerDutyOnCalls
from bot.pager.pagerduty import TITLE, PagerDuty, PagerDutyRest
from bot.pager.webhook import TITLE as WEBHOOK_TITLE
from bot.pager.webhook import SignedWebhook
from bot.ports.outside import Clock
from bot.ports.paging import EgressLog, EgressPurpose, OnCalls, Pager, Unanswered
from bot.settings import Settings

#: What people call each pager.
TITLES: Mapping[str, str] = {PAGERDUTY: TITLE, WEBHOOK: WEBHOOK_TITLE}

Look = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerSide:
    """What the composition root holds of pagers; `pagers` by the names that pages have."""

    file: PagerFile
    outside: Outside
    pagers: Mapping[str, Pager]
    on_calls: OnCalls

    @property
    def slack_ids(self) -> Mapping[str, str]:
        """Who the users of the pager are in Slack, as the file says."""
        return {user: slack_id for slack_id, user in self.file.people.items()}

    def beat(self) -> None:
        """Tell the outside that Debrief is there.

        Raises
        ------
        analysis.errors.DebriefError
            If it was not heard.
        """
        if self.file.heartbeat is None:
            return
        call = Call(
            purpose=EgressPurpose.HEARTBEAT,
            policy="heartbeat",
            method="GET",
            url=self.file.heartbeat.url.get_secret_value(),
            actor="debrief",
            is_secret=True,
        )
        status = self.outside.call(call).status
        if not 200 <= status < 300:
            message = f"the heartbeat was answered {status}"
            raise Unanswered(message)


def build_pager_side(
    file: PagerFile,
    settings: Settings,
    log: EgressLog,
    clock: Clock,
    new_id: Callable[[], UUID],
    *,
    email_of: Look = lambda _: None,
    person_with: Look = lambda _: None,
) -> PagerSide:
    """Every pager of *file*; *email_of* gives the address of a Slack user, *person_with* the reverse."""
    outside = Outside(
        log,
        clock,
        new_id,
        hosts=settings.outside_hosts,
        private_hosts=settings.outside_private_hosts,
        timeout_seconds=settings.outside_timeout_seconds,
    )
    pagers: dict[str, Pager] = {}
    rest = None
    if file.pagerduty:
        rest = PagerDutyRest(account=file.pagerduty, outside=outside)
        pagers[PAGERDUTY] = PagerDuty(file=file, account=file.pagerduty, outside=outside, email_of=email_of)
    if file.webhook:
        pagers[WEBHOOK] = SignedWebhook(pager=file.webhook, outside=outside, clock=clock)
    on_calls = PagerDutyOnCalls(file=file, rest=rest, clock=clock, person_with=person_with)
    return PagerSide(file=file, outside=outside, pagers=pagers, on_calls=on_calls)
