"""`debrief changes`: what was deployed, switched or reported around the start of an incident."""

from typing import Any

from analysis.chain import stamp
from analysis.changes import reference
from analysis.errors import NotFound
from analysis.events import TimelineEvent
from analysis.evidence import evidence_link
from analysis.incident import Incident
from analysis.telling import ERASED
from analysis.wording import instant
from bot.cli.office import Office
from bot.cli.tables import table
from bot.cli.terminal import say_json
from bot.usecases.timeline.changes_around import Around


def show_changes(office: Office, incident: Incident, around: Around, *, as_json: bool) -> None:
    """A row for each change, with the place where it is to be looked at."""
    if as_json:
        say_json([_value(event, around) for event in around.changes])
    else:
        rows = [_row(office, event, around) for event in around.changes]
        table(("", "when", "who", "kind", "service", "what", "on the timeline", "where"), rows)
    if not around.changes:
        span = f"from {instant(around.window.since)} until {instant(around.window.until)}"
        message = f"No deploy, feature flag or event is known around the start of {incident.reference}, {span}."
        raise NotFound(message)


def _row(office: Office, event: TimelineEvent, around: Around) -> tuple[str, ...]:
    return (
        reference(event),
        instant(event.occurred_at, event.precision),
        office.directory.name(event.actor),
        event.kind.value.replace("_", " "),
        str(event.payload.get("service", "")),
        ERASED if "text" in event.erased else event.text,
        "yes" if event.seq in around.taken else "",
        evidence_link(event),
    )


def _value(event: TimelineEvent, around: Around) -> dict[str, Any]:
    return {
        "change": reference(event),
        "at": stamp(event.occurred_at),
        "kind": event.kind.value,
        "actor": event.actor,
        "text": event.text,
        **{name: value for name, value in event.payload.items() if name != "link"},
        "link": evidence_link(event),
        "is_on_timeline": event.seq in around.taken,
    }
