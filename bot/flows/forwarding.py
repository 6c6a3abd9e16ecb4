"""Telling the pager of alerts on routes in line: until it has heard, in their order, each series by itself."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from analysis.alerts.alert import AlertSeverity, AlertStatus
from analysis.errors import Refused, Unavailable
from bot.ports.outbox import Outcome, Park, Retry, Sent
from bot.ports.paging import ForwardedAlert, Pager, PagingPlan, Unanswered
from bot.ports.records import Delivery, DeliveryKind
from bot.usecases.paging.forward_taken import ForwardTaken, forward_taken

log = logging.getLogger(__name__)

#: A pager that takes nothing is tried this often at least: somebody may be waiting to be woken.
LONGEST_WAIT = timedelta(seconds=30)


class AlertForwarding:
    """Handles `forward_alert` deliveries; the key makes telling twice one alert."""

    def __init__(self, pagers: Mapping[str, Pager], plan: PagingPlan) -> None:
        """Nothing is told yet."""
        self._pagers = pagers
        self._plan = plan

    def handlers(self) -> Mapping[DeliveryKind, Callable[[Delivery], Outcome]]:
        """The handler of its kind."""
        return {DeliveryKind.FORWARD_ALERT: self.forward}

    def forward(self, delivery: Delivery) -> Outcome:
        """Tell it; what the pager refuses is parked, which the operator is told of and the heartbeat stops for."""
        alert = _alert(delivery)
        found = self._plan.service(alert.service)
        pager = self._pagers.get(found[1].pager) if found else None
        if found is None or pager is None:
            return Park(because=f"{alert.service} is not in the pager's file any more", whole_lane=False)
        try:
            pager.forward(replace(alert, service=found[0]))  # as the file writes it now
        except Unanswered as error:
            wait = max(error.after, min(timedelta(seconds=2 ** min(delivery.attempts - 1, 10)), LONGEST_WAIT))
            return Retry(because=error.message, after=wait, backs_off=False, is_unknown=error.may_have_arrived)
        except Refused as error:
            return Park(because=error.message, whole_lane=False)
        except Unavailable as error:
            return Retry(because=error.message, is_unknown=True)
        return Sent(follow_up=partial(forward_taken, command=ForwardTaken(key=alert.key, episode=alert.episode)))


def _alert(delivery: Delivery) -> ForwardedAlert:
    given = delivery.arguments
    return ForwardedAlert(
        key=str(given["key"]),
        episode=str(given["episode"]),
        service=str(given["service"]),
        is_over=given["status"] == AlertStatus.RESOLVED.value,
        severity=AlertSeverity(str(given["severity"])),
        summary=str(given["summary"]),
        source=str(given["source"]),
    )
