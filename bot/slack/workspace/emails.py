"""The address of a person, and the person with an address, where the workspace lets Debrief see them.

Needs the scope `users:read.email`, which `manifest.json` does not ask for: without it both answer with nothing, and
people of the pager are named in its file instead.
"""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.client import TRANSPORT_ERRORS, error_code

log = logging.getLogger(__name__)


class SlackEmails:
    """Asks Slack each time, and keeps nothing."""

    def __init__(self, client: WebClient) -> None:
        """Ask by *client*; never before an acknowledgement."""
        self._client = client

    def email_of(self, slack_id: str) -> str | None:
        """The address in the person's profile; `None` where Slack does not show it."""
        try:
            user = self._client.users_info(user=slack_id).get("user") or {}
        except SlackApiError as error:
            log.info("address not known", extra={"because": error_code(error)})
            return None
        except TRANSPORT_ERRORS as error:
            log.info("address not known", extra={"because": type(error).__name__})
            return None
        return str((user.get("profile") or {}).get("email") or "") or None

    def person_with(self, email: str) -> str | None:
        """The Slack id of whoever has this address; `None` where nobody is known to."""
        try:
            user = self._client.users_lookupByEmail(email=email).get("user") or {}
        except SlackApiError as error:
            log.info("person not known", extra={"because": error_code(error)})
            return None
        except TRANSPORT_ERRORS as error:
            log.info("person not known", extra={"because": type(error).__name__})
            return None
        return str(user.get("id") or "") or None
