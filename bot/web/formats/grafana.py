"""Grafana alerting's webhook contact point, payload version 1.

Read from Grafana's documentation, "Configure webhook notifications", revision 06bab5c of its source; signatures as
`http/hmac.go` of grafana/alerting makes them, revision fdde1a1.

It is Alertmanager's shape with fields of its own: `values`, `orgId`, links. A series is the label set without Grafana's
private labels, an episode begins at `startsAt`. Missing data (`DatasourceNoData`) and broken queries
(`DatasourceError`) are rules of their own, with the rule's name in `rulename`. A folder has one rule of a name, whose
severity is a level of the one alert.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.usecases.alerts.receive import ToldAlert
from bot.web.formats.alertmanager import read_alert
from bot.web.formats.reading import objects_of, shared_of
from bot.web.formats.trials import is_test_alert

#: What a notification says again of its alerts, or of nothing but itself.
_COMMON = frozenset(
    {"alerts", "status", "version", "groupLabels", "commonLabels", "commonAnnotations", "title", "state", "message"}
)


def read_grafana(body: Mapping[str, Any], *, source: str, now: datetime) -> list[ToldAlert]:
    """The alerts of one notification; what it says of all of them (`orgId`, `groupKey`, …) is kept with each.

    The one that Grafana makes up to try a contact point is none.

    Raises
    ------
    analysis.errors.InvalidInput
        With one sentence that names the field.
    """
    shared = shared_of(body, _COMMON)
    alerts = [fields for fields in objects_of(body.get("alerts"), "alerts") if not is_test_alert(fields)]
    told = [read_alert(fields, source=source, now=now, shared=shared) for fields in alerts]
    return [replace(one, alert=replace(one.alert, is_per_severity=False)) for one in told]
