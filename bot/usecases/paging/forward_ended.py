"""The pager has closed an alert of a route in line that still fires, as by a timeout of its own."""

from dataclasses import replace
from datetime import datetime

from analysis.alerts.alert import AlertStatus
from analysis.alerts.in_line import ended_there
from bot.ports.ledger import Reads
from bot.ports.records import Changes


def forward_ended(reads: Reads, key: str, at: datetime) -> Changes:
    """Remember that the pager has the alert no longer, so that the next repetition of its firing is told again.

    Monitoring that pages directly tells each repetition, and so opens again at the pager what was closed too early.
    What is over here, or was told anew after *at*, was not.
    """
    known = reads.pages.forward_by_key(key)
    if known is None or known.series.status is not AlertStatus.FIRING or at <= known.asked_at:
        return Changes()
    return Changes(forwards=(replace(known, episode=ended_there(known.episode)),))
