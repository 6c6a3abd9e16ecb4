"""Live through a record that was made elsewhere: the use cases that Slack would call, at the record's own instants.

What the record does not say is not said for it. The two moves that a replay has to add, the opening at the record's
first instant and the resolution at its last, set no milestone: awareness, resolution and the rest stand only where
an entry or a key event states them, and they say of themselves that the replay added them. Moves that the record
itself states have their usual consequences.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from analysis.events import EventKind, NewEvent, Source
from analysis.incident import DEFAULT_SEVERITY, Severity, Status
from analysis.incident_record import WORDLESS_KINDS, EntryKind, IncidentRecord, KeyEvent, RecordEntry
from analysis.milestones import Milestone
from analysis.people import Access, Person
from analysis.precision import Precision
from analysis.replayed import ADDED, added_opening
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command
from bot.usecases.incident.change_severity import ChangeSeverity, change_severity
from bot.usecases.incident.change_status import ChangeStatus, change_status
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.inform import SendUpdate, SetImpact, send_update, set_impact
from bot.usecases.incident.reopen import Reopen, reopen
from bot.usecases.incident.resolve import Resolve, resolve
from bot.usecases.postmortem.composing import Composed
from bot.usecases.postmortem.store_draft import StoreDraft, store_draft
from bot.usecases.timeline.note import Note, note
from bot.usecases.timeline.set_milestone import SetMilestone, set_milestone
from bot.usecases.verbs import Request

#: Who acts in a replay. People whom the record names are words of its texts, not users.
NARRATOR = Person(id="import:record", access=frozenset({Access.RESPONDER, Access.COMMANDER}))
#: The replay's incident is the only one of its database.
NUMBER = 1

_Asked = tuple[Callable[[Reads, Any], Changes], Command]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens at one instant of the record; `name` is how people find it in the file."""

    name: str
    at: datetime
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A use case as a record from elsewhere goes through it: nobody in Slack is told, times are as exact as given.

    `mark` is set for a move that the record does not state: its events carry the mark as Debrief's own, and what
    would follow from the move is left out.
    """

    use_case: Callable[[Reads, Any], Changes]
    precision: Precision
    mark: Mapping[str, Any] | None = None

    def __call__(self, reads: Reads, command: Command) -> Changes:
        """Decide as the use case does, and keep what the record says."""
        changes = self.use_case(reads, command)
        events = tuple(self._dated(event) for event in changes.events if not self._is_invented(event))
        return replace(changes, events=events, deliveries=())

    def _dated(self, event: NewEvent) -> NewEvent:
        if self.mark is None:
            return replace(event, precision=self.precision)
        payload = {**event.payload, **self.mark}
        return replace(event, precision=self.precision, source=Source.DEBRIEF, payload=payload)

    def _is_invented(self, event: NewEvent) -> bool:
        follows = event.kind is EventKind.MILESTONE_SET and event.source is Source.DEBRIEF
        return self.mark is not None and follows


def opening(record: IncidentRecord, workspace_id: UUID) -> Step:
    """The declaration, at the record's first instant."""
    first = min(_moments(record), key=lambda moment: moment.at)
    command = Declare(
        **_who(workspace_id, "replay:000000"),
        title=record.title,
        severity=record.severity or DEFAULT_SEVERITY,
        with_channel=False,
    )
    mark = added_opening(states_severity=record.severity is not None)
    return _step("The record", first, Imported(use_case=declare, precision=first.precision, mark=mark), command)


def steps(record: IncidentRecord, workspace_id: UUID) -> Iterator[Step]:
    """Every entry and key event after the opening, in order of time; at one instant, entries before key events."""
    for moment in sorted(_moments(record), key=lambda moment: moment.at):
        if isinstance(moment, RecordEntry):
            yield from _entry(moment, workspace_id)
        else:
            yield _key_event(moment, workspace_id)


def count_steps(record: IncidentRecord) -> int:
    """How many steps `steps` has."""
    moves_with_words = sum(entry.kind in WORDLESS_KINDS and bool(entry.text) for entry in record.entries)
    return len(record.entries) + len(record.key_events) + moves_with_words


def ending(record: IncidentRecord, workspace_id: UUID) -> Step:
    """The resolution that a draft needs, at the record's last instant, for a record that states none."""
    last = max(_moments(record), key=lambda moment: moment.at)
    command = Resolve(**_where(workspace_id, f"replay:{len(record.entries) + 1:06d}"))
    use_case = Imported(use_case=resolve, precision=last.precision, mark=ADDED)
    return _step("The end of the record", last, use_case, command)


def review(record: IncidentRecord, workspace_id: UUID, composed: Composed) -> Step:
    """The draft, at the record's last instant."""
    last = max(_moments(record), key=lambda moment: moment.at)
    command = StoreDraft(**_where(workspace_id, "replay:draft"), composed=composed)
    return _step("The draft", last, Imported(use_case=store_draft, precision=last.precision), command)


def _moments(record: IncidentRecord) -> tuple[RecordEntry | KeyEvent, ...]:
    return (*record.entries, *record.key_events)


def _entry(entry: RecordEntry, workspace_id: UUID) -> Iterator[Step]:
    """One step, or two for a move that has words: the words are a note, and the move follows it."""
    key, kind = f"replay:{entry.number:06d}", entry.kind
    if kind in WORDLESS_KINDS and entry.text:
        yield _told(entry, _note(entry, _where(workspace_id, key)))
    if kind in WORDLESS_KINDS:
        key = f"{key}:{kind.value}"
    yield _told(entry, _REQUESTS[kind](entry, _where(workspace_id, key)))


def _told(entry: RecordEntry, asked: _Asked) -> Step:
    use_case, command = asked
    return _step(f"Entry {entry.number}", entry, Imported(use_case=use_case, precision=entry.precision), command)


def _key_event(event: KeyEvent, workspace_id: UUID) -> Step:
    command = SetMilestone(**_where(workspace_id, f"replay:key:{event.milestone.value}"), milestone=event.milestone)
    use_case = Imported(use_case=set_milestone, precision=event.precision)
    return _step(f"The key event “{event.milestone.value}”", event, use_case, command)


def _step(name: str, moment: RecordEntry | KeyEvent, use_case: Imported, command: Command) -> Step:
    return Step(name=name, at=moment.at, request=Request(use_case=use_case, command=command))


def _who(workspace_id: UUID, key: str) -> dict[str, Any]:
    return {"person": NARRATOR, "workspace_id": workspace_id, "natural_key": key, "source": Source.IMPORT}


def _where(workspace_id: UUID, key: str) -> dict[str, Any]:
    return {**_who(workspace_id, key), "number": NUMBER}


def _note(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    # Given apart, the time is not looked for in the text, which stays as it is.
    return note, Note(**where, text=entry.text, when=f"{entry.at:%Y-%m-%d %H:%M:%S.%f} UTC")


def _status(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    if entry.value == Status.RESOLVED.value:
        return resolve, Resolve(**where)
    return change_status, ChangeStatus(**where, target=Status(entry.value))


def _severity(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    return change_severity, ChangeSeverity(**where, severity=Severity(entry.value))


def _reopen(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    return reopen, Reopen(**where, reason=entry.text)


def _milestone(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    return set_milestone, SetMilestone(**where, milestone=Milestone(entry.value))


def _impact(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    return set_impact, SetImpact(**where, text=entry.text)


def _update(entry: RecordEntry, where: dict[str, Any]) -> _Asked:
    return send_update, SendUpdate(**where, text=entry.text)


_REQUESTS: dict[EntryKind, Callable[[RecordEntry, dict[str, Any]], _Asked]] = {
    EntryKind.NOTE: _note,
    EntryKind.STATUS: _status,
    EntryKind.SEVERITY: _severity,
    EntryKind.REOPEN: _reopen,
    EntryKind.MILESTONE: _milestone,
    EntryKind.IMPACT: _impact,
    EntryKind.UPDATE: _update,
}
