"""Reading the past from rows: alerts with the incident that each belonged to."""

from typing import Any

from analysis.alerts.alert_rows import read_alert
from analysis.alerts.backtest import Past
from analysis.alerts.noise_evidence import Membership
from analysis.errors import InvalidInput


def read_past(row: object) -> Past:
    """The alert in a row and its incident.

    A row without the field `incident` is refused, because a history that says nothing of incidents would make
    everything look like noise; `private` is whether not everybody may see the incident.

    Raises
    ------
    InvalidInput
        If a field is missing or is not what it must be.
    """
    alert = read_alert(row)
    fields: dict[str, Any] = row if isinstance(row, dict) else {}
    if "incident" not in fields:
        message = "“incident” is missing: write the id of the incident that the alert belonged to, or null."
        raise InvalidInput(message)
    incident, is_private = fields["incident"], fields.get("private", False)
    if isinstance(incident, bool) or not isinstance(incident, str | int | None):
        message = "“incident” must be an id or null."
        raise InvalidInput(message)
    if not isinstance(is_private, bool):
        message = "“private” must be true or false."
        raise InvalidInput(message)
    is_member = incident is not None and incident != ""
    return Past(
        alert=alert, membership=Membership(incident=str(incident), is_private=is_private) if is_member else None
    )
