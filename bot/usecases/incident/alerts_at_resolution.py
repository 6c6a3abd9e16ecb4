"""What the alerts of an incident had come to when it was resolved: groups grow after they are attached."""

from collections.abc import Collection, Sequence
from datetime import datetime

from analysis.chain import stamp
from analysis.events import EventKind
from analysis.incident import Incident
from analysis.wording import counted, instant, joined
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.usecases.asking import Wanted
from bot.usecases.groups.asking import what_and_where
from bot.usecases.groups.current import silent_since

#: A line each for so many groups, those with the most alerts; the rest share one.
MOST_LINES = 50
_NAMED = 3


def alerts_at_resolution(reads: Reads, incident: Incident) -> tuple[list[Wanted], str]:
    """The facts for the timeline, and what whoever resolves has to hear: which groups still fire."""
    groups = [group for group in reads.groups.attached_to(incident.id) if group.alerts]
    largest = sorted(groups, key=lambda group: (-group.alerts, group.number))
    shown, rest = largest[:MOST_LINES], largest[MOST_LINES:]
    silent = silent_since(reads, groups)
    facts = [_counted(group, incident, silent.get(group.id)) for group in sorted(shown, key=lambda group: group.number)]
    firing = [group for group in groups if group.firing and group.id not in silent]
    return [*facts, *([_others(rest, incident, firing)] if rest else [])], _still_firing(firing)


def _counted(group: AlertGroup, incident: Incident, silent_at: datetime | None) -> Wanted:
    firing, until, state = _state(group, silent_at)
    return Wanted(
        kind=EventKind.ALERT_GROUP_COUNTED,
        text=(
            f"Alerts {group.reference} up to the resolution: {what_and_where(group)}, {counted(group.alerts, 'alert')} "
            f"of {counted(group.series, 'series', 'series')} since {instant(group.opened_at)}, {state}"
        ),
        payload={
            "group": group.reference,
            "phase": incident.phase,
            "alerts": group.alerts,
            "series": group.series,
            "firing": firing,
            "since": stamp(group.opened_at),
            "until": stamp(until),
        },
        key=f"{EventKind.ALERT_GROUP_COUNTED}:{group.id}",
        follows=True,
    )


def _state(group: AlertGroup, silent_at: datetime | None) -> tuple[int, datetime, str]:
    """How many series fire, until when that is known, and both in words.

    What was not heard of for long counts as not firing: its rule or host may be gone.
    """
    fire = f"{group.firing} of {group.series}"
    if silent_at:
        return 0, silent_at, f"{fire} with no end told and nothing heard since {instant(silent_at)}"
    if group.firing:
        return group.firing, group.last_at, f"{fire} still firing"
    until = group.quiet_at or group.last_at
    return 0, until, f"none firing since {instant(until)}"


def _others(rest: Sequence[AlertGroup], incident: Incident, on: Collection[AlertGroup]) -> Wanted:
    alerts, firing = sum(group.alerts for group in rest), sum(group.firing for group in rest if group in on)
    series = sum(group.series for group in rest)
    return Wanted(
        kind=EventKind.ALERT_GROUP_COUNTED,
        text=(
            f"Alerts of {counted(len(rest), 'smaller group')} up to the resolution: {counted(alerts, 'alert')} of "
            f"{counted(series, 'series', 'series')}, {firing} still firing"
        ),
        payload={"groups": len(rest), "phase": incident.phase, "alerts": alerts, "series": series, "firing": firing},
        key=f"{EventKind.ALERT_GROUP_COUNTED}:rest",
        follows=True,
    )


def _still_firing(firing: Sequence[AlertGroup]) -> str:
    if not firing:
        return ""
    named = [f"{group.reference} ({group.firing} of {group.series} series)" for group in firing[:_NAMED]]
    more = [f"{len(firing) - _NAMED} more"] if len(firing) > _NAMED else []
    verb = "still fires" if len(firing) == 1 else "still fire"
    return f" {joined([*named, *more])} {verb}: `/incident reopen` if it is not over."
