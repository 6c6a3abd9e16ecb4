"""What the record holds, for a terminal or a program: the open incidents, one incident, its timeline."""

from typing import Any

from analysis.chain import stamp
from analysis.changes import CHANGE_KINDS, HOURS
from analysis.errors import NotFound
from analysis.evidence import evidence_link
from analysis.incident import ACTIVE_STATUSES, Incident, Status
from analysis.page_sentences import target_words
from analysis.people import Action, can_see
from analysis.telling import history, impact_told, said, tell
from analysis.timeline import Entry, taken_off, timeline
from analysis.voice import Voice
from analysis.wording import instant, stopped
from bot.cli.incidents.alerts import show_alerts
from bot.cli.incidents.changes import show_changes
from bot.cli.incidents.signals import show_signals
from bot.cli.office import Office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json, warn
from bot.ports.ledger import Reads
from bot.ports.paging import Page
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.timeline.changes_around import changes_around
from bot.usecases.timeline.entries import place_in
from bot.usecases.verbs import Asker, Query

LISTED = 50
#: How many incidents a list counts; behind them are only older ones.
LOOKED_AT = 1000


def show(office: Office, asker: Asker, query: Query, *, as_json: bool) -> None:
    """Show what *query* asks for; nothing is written."""
    if query.name == "alerts":
        show_alerts(office, asker, query, as_json=as_json)
        return
    with office.store.snapshots.snapshot() as reads:
        if query.name.startswith("list"):
            _list(office, reads, asker, query, as_json=as_json)
            return
        incident = find(reads, IncidentCommand(**asker.on_incident()), Action.VIEW)
        if query.name == "changes":
            show_changes(office, incident, changes_around(reads, incident, query.hours or HOURS), as_json=as_json)
        elif query.name == "pages":
            _show_pages(office, reads.pages.of_incident(incident.id), as_json=as_json)
        elif query.name == "timeline":
            events = reads.events(incident.id)
            entries = timeline(events)
            begin = place_in(entries, query.words) if query.words else 0
            _show_timeline(office, entries[begin:], taken_off(events), as_json=as_json)
        elif query.name == "signals":
            show_signals(reads, incident, as_json=as_json)
        else:
            _show_incident(office, reads, incident, as_json=as_json)


def _show_pages(office: Office, pages: tuple[Page, ...], *, as_json: bool) -> None:
    rows = [
        (
            str(page.number),
            target_words({"kind": page.kind, "target": page.name}, office.directory.name),
            page.status.value,
            instant(page.asked_at),
            page.link,
        )
        for page in pages
    ]
    names = ("page", "for", "status", "asked for", "link")
    if as_json:
        say_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    if not rows:
        message = "Nobody was paged for it."
        raise NotFound(message)
    table(names, rows)


def _list(office: Office, reads: Reads, asker: Asker, query: Query, *, as_json: bool) -> None:
    """The incidents that their asker may see, with how many more there are."""
    statuses = ACTIVE_STATUSES if query.name == "list" else frozenset(Status)
    before = int(query.words or 0)
    found = reads.incidents(office.workspace_id, statuses=statuses, limit=LOOKED_AT, before=before)
    visible = [one for one in found if can_see(asker.person, one)]
    _show_list(office, visible[:LISTED], as_json=as_json)
    if len(visible) > LISTED:
        at_least = "at least " if len(found) == LOOKED_AT else ""
        verb = query.name.replace("_", " ")
        last = visible[LISTED - 1].number
        warn(f"{at_least}{len(visible) - LISTED} more: `debrief {verb} before {last}` shows the next ones.")
    if not visible:
        message = "There are no open incidents." if query.name == "list" else "There are no incidents."
        raise NotFound(message)


def _show_list(office: Office, incidents: list[Incident], *, as_json: bool) -> None:
    if as_json:
        say_json([_summary(office, one) for one in incidents])
        return
    rows = [
        (
            one.reference,
            one.severity.value,
            one.status.value,
            instant(one.declared_at),
            _commander(office, one),
            one.shown_title,
        )
        for one in incidents
    ]
    table(("", "severity", "status", "declared", "commander", "title"), rows)


def _show_timeline(office: Office, entries: tuple[Entry, ...], off: tuple[Entry, ...], *, as_json: bool) -> None:
    voice = Voice(entries, office.directory.name)
    if as_json:
        withdrawn = [entry for entry in off if entry.withdrawal]
        say_json([{**_row(entry), "sentence": tell(entry, voice).text} for entry in (*entries, *withdrawn)])
        return
    rows = [
        (entry.label, instant(entry.at, entry.event.precision), voice.who(entry), _told(entry, voice))
        for entry in entries
    ]
    table(("", "when", "who", "what"), rows)
    for entry in off:
        if entry.withdrawal:
            by = office.directory.name(entry.withdrawal.by)
            say(f"{entry.label} was withdrawn at {instant(entry.withdrawal.at)} by {by}: {entry.withdrawal.reason}")


def _told(entry: Entry, voice: Voice) -> str:
    link = evidence_link(entry.event) if entry.event.kind in CHANGE_KINDS else ""
    told = [tell(entry, voice).text, link, *(f"{before}." for before in history(entry, voice))]
    return " ".join(part for part in told if part)


def _show_incident(office: Office, reads: Reads, incident: Incident, *, as_json: bool) -> None:
    entries = timeline(reads.events(incident.id))
    if as_json:
        say_json({**_summary(office, incident), "entries": len(entries), "impact": incident.impact})
        return
    roles = ", ".join(f"{role.title} {office.directory.name(who)}" for role, who in incident.roles.items())
    say(f"{incident.reference} {incident.severity} {incident.status.value.replace('_', ' ')}: {incident.shown_title}")
    declarer = office.directory.name(incident.declared_by)
    say(f"Declared {instant(incident.declared_at)} by {declarer}. {roles or 'No roles yet'}.")
    say(stopped(f"Customer impact: {impact_told(incident, entries) or 'not yet known'}"))
    voice = Voice(entries, office.directory.name)
    for entry in entries[-1:]:
        when = instant(entry.at, entry.event.precision)
        say(f"Last of {len(entries)} entries, {when}, {voice.who(entry)}: {tell(entry, voice).text}")


def _summary(office: Office, incident: Incident) -> dict[str, Any]:
    return {
        "number": incident.number,
        "title": incident.title,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "visibility": incident.visibility.value,
        "phase": incident.phase,
        "declared_at": stamp(incident.declared_at),
        "roles": {role.value: office.directory.name(who) for role, who in incident.roles.items()},
    }


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "label": entry.label,
        "at": stamp(entry.at),
        "precision": entry.event.precision.value,
        "recorded_at": stamp(entry.event.recorded_at),
        "kind": entry.event.kind.value,
        "actor": entry.event.actor,
        "source": entry.event.source.value,
        "text": said(entry),
        "link": evidence_link(entry.event) if entry.event.kind in CHANGE_KINDS else "",
        "is_deleted": entry.is_deleted,
        "tags": sorted(tag.value for tag in entry.tags),
        "corrections": [
            {
                "by": one.by,
                "at": stamp(one.at),
                "before": one.before,
                "before_at": stamp(one.before_at),
                "before_precision": one.before_precision.value,
            }
            for one in entry.corrections
        ],
        "withdrawn_because": entry.withdrawal.reason if entry.withdrawal else None,
    }


def _commander(office: Office, incident: Incident) -> str:
    return office.directory.name(incident.commander) if incident.commander else ""
