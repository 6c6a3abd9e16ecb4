"""The monitoring of the play: alerts sent to the bot's webhook in Alertmanager's form, as a real one sends them."""

import http.client
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

#: The name of the source, which is also the last part of the webhook's path.
SOURCE = "prometheus"
_TIMEOUT_SECONDS = 30.0
_STILL_FIRES = datetime(1, 1, 1, tzinfo=UTC)


class NotTaken(Exception):
    """The bot answered alerts with something else than 2xx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A rule that fires for *service* at each of *sites*; `{site}` stands in *text* for the site.

    One that does not *belong* to the incident has another cause, and must be left apart.
    """

    rule: str
    severity: str
    service: str
    sites: tuple[str, ...]
    text: str
    belongs: bool = True

    def alerts(self, starts_at: datetime, ends_at: datetime | None) -> list[dict[str, object]]:
        """One alert a site, as in version 4 of Alertmanager's webhook."""
        return [
            {
                "status": "firing" if ends_at is None else "resolved",
                "labels": {
                    "alertname": self.rule,
                    "severity": self.severity,
                    "service": self.service,
                    "zone": site,
                },
                "annotations": {"summary": self.text.replace("{site}", site)},
                "startsAt": starts_at.isoformat(),
                "endsAt": (ends_at or _STILL_FIRES).isoformat(),
            }
            for site in self.sites
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """A sender of alerts that knows the bot's address on loopback and the secret of its source."""

    port: int
    secret: str

    def send(self, alerts: Iterable[dict[str, object]]) -> None:
        """Send one notification; back when the bot has it on disk.

        Raises
        ------
        NotTaken
            If the bot refuses it.
        """
        body = json.dumps({"version": "4", "alerts": list(alerts)})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"}
        # Not urllib, which would send requests for loopback to a proxy named in the environment.
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT_SECONDS)) as connection:
            connection.request("POST", f"/webhooks/alerts/{SOURCE}", body, headers)
            answer = connection.getresponse()
            said = answer.read().decode(errors="replace")
        if answer.status >= http.client.BAD_REQUEST:
            raise NotTaken(f"{answer.status} {said[:200]}")
