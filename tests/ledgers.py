"""Ledgers of incidents for tests: plain events, fixed defaults, no randomness."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from analysis.document import Document
from analysis.events import EventKind, Source, TimelineEvent
from analysis.findings import find
from analysis.fold import apply, begin
from analysis.incident import Incident
from analysis.milestones import phases
from analysis.postmortem import compose
from analysis.precision import Precision
from analysis.timeline import timeline

START = datetime(2024, 3, 1, 10, tzinfo=UTC)
INCIDENT = UUID(int=1)
NAMES = MappingProxyType({"slack:UADA": "Ada", "slack:UBO": "Bo"})


class Ledger:
    """Events in the order in which they are recorded; times are minutes after `START`."""

    def __init__(self) -> None:
        """Begin empty."""
        self.events: list[TimelineEvent] = []

    def add(
        self,
        kind: EventKind,
        minutes: float = 0,
        text: str = "",
        payload: Mapping[str, object] | None = None,
        **over: object,
    ) -> TimelineEvent:
        """Record one event."""
        seq = len(self.events) + 1
        at = START + timedelta(minutes=minutes)
        values = {
            "id": UUID(int=1000 + seq),
            "kind": kind,
            "occurred_at": at,
            "recorded_at": at,
            "actor": "slack:UADA",
            "source": Source.SLACK,
            "natural_key": f"key:{seq:04}",
            "precision": Precision.SECOND,
            "text": text,
            "payload": MappingProxyType(dict(payload or {})),
            "incident_id": INCIDENT,
            "seq": seq,
            "hash": bytes([seq % 256]) * 32,
            **over,
        }
        event = TimelineEvent(**values)
        self.events.append(event)
        return event

    def declare(self, minutes: float = 0, *, severity: str = "SEV3", title: str = "Cards fail") -> TimelineEvent:
        """Open it."""
        return self.add(EventKind.DECLARED, minutes, title, {"severity": severity, "visibility": "public", "phase": 1})

    def note(self, minutes: float, text: str, **over: object) -> TimelineEvent:
        """Write a note."""
        return self.add(EventKind.NOTE, minutes, text, **over)

    def status(self, minutes: float, before: str, after: str, *, phase: int = 1, reason: str = "") -> TimelineEvent:
        """Change the status."""
        payload = {"move": "status", "from": before, "to": after, "phase": phase}
        return self.add(EventKind.STATUS_CHANGED, minutes, reason, payload)

    def severity(self, minutes: float, before: str, after: str) -> TimelineEvent:
        """Change the severity."""
        return self.add(EventKind.SEVERITY_CHANGED, minutes, "", {"from": before, "to": after})

    def role(self, minutes: float, role: str, person: str) -> TimelineEvent:
        """Give a role to somebody."""
        return self.add(EventKind.ROLE_ASSIGNED, minutes, "", {"role": role, "person": person})

    def milestone(self, minutes: float, milestone: str, *, phase: int = 1, **over: object) -> TimelineEvent:
        """Set a milestone."""
        return self.add(EventKind.MILESTONE_SET, minutes, milestone, {"milestone": milestone, "phase": phase}, **over)

    def reopen(self, minutes: float, *, phase: int, reason: str = "It came back") -> TimelineEvent:
        """Begin the next phase."""
        payload = {"from": "resolved", "to": "investigating", "phase": phase}
        return self.add(EventKind.REOPENED, minutes, reason, payload)

    def message(self, minutes: float, text: str, *, ts: str, actor: str = "slack:UBO") -> TimelineEvent:
        """Mark a Slack message."""
        event = self.version(minutes, text, ts=ts, since=ts, actor=actor)
        self.mark(minutes, ts=ts)
        return event

    def version(self, minutes: float, text: str, *, ts: str, since: str, actor: str = "slack:UBO") -> TimelineEvent:
        """Record one text of a message."""
        payload = {"channel": "C1", "ts": ts, "version": since}
        return self.add(EventKind.MESSAGE, minutes, text, payload, actor=actor, natural_key=f"message:C1:{ts}:{since}")

    def mark(self, minutes: float, *, ts: str, is_on: bool = True, actor: str = "slack:UADA") -> TimelineEvent:
        """Mark or unmark a message at Slack's instant, one second a call."""
        kind = EventKind.MESSAGE_MARKED if is_on else EventKind.MESSAGE_UNMARKED
        at = f"{int(ts.partition('.')[0]) + len(self.events) + 1}.000000"
        payload = {"channel": "C1", "ts": ts, "emoji": "pushpin", "at": at}
        key = f"message:C1:{ts}:{kind}:{actor}:{at}"
        return self.add(kind, minutes, "", payload, actor=actor, natural_key=key)

    def delete(self, minutes: float, *, ts: str) -> TimelineEvent:
        """Record that Slack deleted a message."""
        key = f"message:C1:{ts}:deleted:{len(self.events)}"
        return self.add(EventKind.MESSAGE_DELETED, minutes, "", {"channel": "C1", "ts": ts}, natural_key=key)

    def promote(self, event: TimelineEvent, tag: str, *, actor: str = "slack:UADA") -> TimelineEvent:
        """Vouch for an event."""
        payload = {"as": tag, "event": event.natural_key}
        return self.add(EventKind.FACT_PROMOTED, 500, "", payload, refers_to=event.id, actor=actor)

    def incident(self) -> Incident:
        """The incident after all events."""
        first, *rest = self.events
        incident = begin(first, incident_id=INCIDENT, workspace_id=UUID(int=2), number=12)
        for event in rest:
            incident = apply(incident, event)
        return incident

    def document(self, *, names: Callable[[str], str] | Mapping[str, str] = NAMES, **over: object) -> Document:
        """The postmortem of all events."""
        return document_of(self.events, self.incident(), names=names, **over)


def document_of(
    events: Sequence[TimelineEvent],
    incident: Incident,
    *,
    names: Callable[[str], str] | Mapping[str, str] = NAMES,
    **over: object,
) -> Document:
    """The postmortem of these events."""
    entries, found = timeline(events), phases(events)
    return compose(incident, entries, found, find(entries, found), names=names, **over)


def eventful() -> Ledger:
    """An incident with something of everything: two phases, a revised and a deleted message, tags, a contradiction."""
    ledger = Ledger()
    ledger.declare(title="Card payments fail in DE")
    ledger.milestone(0, "awareness", source=Source.DEBRIEF)
    ledger.milestone(-20, "occurrence")
    ledger.milestone(-10, "detection")
    ledger.role(1, "incident_commander", "slack:UBO")
    ledger.role(1, "scribe", "slack:UADA")
    ledger.severity(2, "SEV3", "SEV1")
    ledger.status(3, "declared", "investigating")
    ledger.add(EventKind.IMPACT_SET, 4, "3 % of card payments fail")
    deploy = ledger.add(
        EventKind.DEPLOY,
        -22,
        "",
        {"service": "card-auth", "version": "4.2.0", "link": "https://ci.bank.example/4.2.0"},
        actor="webhook:ci",
        source=Source.WEBHOOK,
    )
    cause = ledger.message(6, "the pool of connections is too small", ts="1709287560.000100")
    ledger.message(7, "it is the moon", ts="1709287620.000100")
    ledger.version(8, "it is the network", ts="1709287620.000100", since="1709287680.000000")
    ledger.message(8, "my password is hunter2", ts="1709287680.000100")
    ledger.delete(9, ts="1709287680.000100")
    rollback = ledger.note(30, "rolled back card-auth to 4.1.9")
    _end_twice(ledger)
    ledger.promote(deploy, "trigger", actor="slack:UBO")
    ledger.promote(cause, "cause", actor="slack:UBO")
    ledger.promote(rollback, "resolution")
    ledger.promote(rollback, "fact")
    return ledger


def _end_twice(ledger: Ledger) -> None:
    """Mitigate, resolve, reopen, resolve, and set the first detection anew."""
    ledger.status(32, "investigating", "monitoring")
    ledger.milestone(32, "mitigation", source=Source.DEBRIEF)
    ledger.add(EventKind.UPDATE_SENT, 35, "Card payments recover since 10:32 UTC.")
    ledger.status(60, "monitoring", "resolved")
    ledger.milestone(60, "resolution", source=Source.DEBRIEF)
    ledger.reopen(90, phase=2, reason="Payments fail again")
    ledger.milestone(90, "awareness", phase=2, source=Source.DEBRIEF)
    ledger.milestone(88, "detection", phase=2)
    ledger.status(120, "investigating", "resolved", phase=2)
    ledger.milestone(120, "resolution", phase=2, source=Source.DEBRIEF)
    ledger.milestone(-12, "detection")
