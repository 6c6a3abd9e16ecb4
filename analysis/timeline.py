"""The timeline that people read, derived from the ledger.

The same set of facts gives the same timeline in whatever order they arrived: entries are ordered by
(occurred_at, natural key), and a marked message is put together from its marks, versions and deletion by the
instants that Slack itself gave them, never by the order of arrival.

A label is the place that an entry had when it was recorded. It stays when the entry is corrected to another time, and
it stays free when an entry leaves the timeline, so that no correction moves a label under somebody who is typing it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from analysis.corrections import (
    Correction,
    Withdrawal,
    as_corrected,
    corrections_of,
    said_order,
    withdrawals,
)
from analysis.events import LINE_KINDS, MESSAGE_KINDS, EventKind, Tag, TimelineEvent
from analysis.milestones import milestone_history


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that a message had, from `since` (Slack's edit time; the message's own for the first)."""

    since: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline, cited as `label`.

    `versions` is the text's history for an edited message, oldest first; `is_deleted` says that its author
    deleted it in Slack after it was marked. `event` and `text` are as `corrections`, oldest first, leave them.
    `is_off` says that it has left the timeline: it is withdrawn, its marks were taken back, or its milestone was.
    """

    event: TimelineEvent
    text: str
    label: str = ""
    versions: tuple[Version, ...] = ()
    tags: frozenset[Tag] = frozenset()
    tagged_by: tuple[str, ...] = ()
    is_deleted: bool = False
    corrections: tuple[Correction, ...] = ()
    withdrawal: Withdrawal | None = None
    is_off: bool = False

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.occurred_at

    @property
    def is_revised(self) -> bool:
        """Whether the text changed after somebody marked it."""
        return len(self.versions) > 1


Instant = tuple[int, int]
#: Stands for the emoji of a mark that was set from a message's menu.
MENU_MARK = "shortcut"


@dataclass(slots=True)
class _Text:
    """One text of a message, and when the ledger's facts about it say that it came to be."""

    event: TimelineEvent
    place: tuple[bool, Instant, Instant]

    @property
    def since(self) -> Instant:
        return max(self.place[1:])


@dataclass(slots=True)
class _Message:
    """What the ledger knows of one Slack message; its texts by Slack's edit time and words."""

    texts: dict[tuple[str, str], _Text] = field(default_factory=dict)
    marks: dict[tuple[str, str], tuple[Instant, bool]] = field(default_factory=dict)
    first_mark: Instant | None = None
    is_deleted: bool = False

    @property
    def is_marked(self) -> bool:
        return any(is_on for _, is_on in self.marks.values())


def timeline(events: Iterable[TimelineEvent]) -> tuple[Entry, ...]:
    """The entries of an incident in their order, each with its label."""
    return tuple(entry for entry in _entries(events) if not entry.is_off)


def taken_off(events: Iterable[TimelineEvent]) -> tuple[Entry, ...]:
    """The entries that have left the timeline, each with the label that it keeps."""
    return tuple(entry for entry in _entries(events) if entry.is_off)


def placed(facts: Iterable[tuple[EventKind, datetime, str]]) -> tuple[str, ...]:
    """The natural keys of all entries that ever were on the timeline, in the order of their labels: the first is E1's.

    *facts* are the kind, instant and natural key of what is a line by itself, of the texts of messages, which all have
    their message's instant, and of its marks. So no content has to be opened.
    """
    return tuple(key for _, key in sorted(_arrived(facts)))


def has_moved(facts: Iterable[tuple[EventKind, datetime, str]], natural_key: str) -> bool:
    """Whether the label of the entry with *natural_key* has ever meant another entry, or this one another label.

    *facts* are those of `placed`, in the order in which they were recorded.
    """
    arrived = _arrived(facts)
    first = [key for _, key in arrived].index(natural_key)
    present = arrived[first]
    return any(one > present for one in arrived[:first]) or any(one < present for one in arrived[first:])


def _arrived(facts: Iterable[tuple[EventKind, datetime, str]]) -> list[tuple[datetime, str]]:
    """The instant and natural key of each entry, in the order in which they came to be entries."""
    entries: list[tuple[datetime, str]] = []
    texts: dict[str, datetime] = {}
    marked: set[str] = set()
    told: set[str] = set()
    for kind, at, key in facts:
        message = message_of(key) if kind in MESSAGE_KINDS else ""
        if kind is EventKind.MESSAGE:
            texts[message] = at
        elif kind is EventKind.MESSAGE_MARKED:
            marked.add(message)
        else:
            entries.append((at, key))
        if message in marked and message in texts and message not in told:
            told.add(message)
            entries.append((texts[message], message))
    return entries


def message_key(channel: str, ts: str) -> str:
    """The natural key of the fact that a Slack message is."""
    return f"message:{channel}:{ts}"


def message_of(natural_key: str) -> str:
    """The key of the message that a fact with *natural_key*, such as a text or a mark, belongs to."""
    return ":".join(natural_key.split(":", 3)[:3])


def _entries(events: Iterable[TimelineEvent]) -> list[Entry]:
    facts = {event.natural_key: event for event in events if event.kind in LINE_KINDS or not event.lost_details}
    ledger = sorted(facts.values(), key=said_order)
    labelled = _with_tags(_labelled(ledger), ledger)
    said = corrections_of(ledger)
    return sorted((_corrected(entry, said.get(entry.event.id)) for entry in labelled), key=_place) if said else labelled


def _place(entry: Entry) -> tuple[datetime, str]:
    return said_order(entry.event)


def _labelled(ledger: Sequence[TimelineEvent]) -> list[Entry]:
    """Every entry that ever was on the timeline, as it was recorded, labelled by its place among them."""
    messages = {entry.event.natural_key: entry for entry in _message_entries(ledger)}
    plain = [event for event in ledger if event.kind in LINE_KINDS]
    if messages:
        plain = sorted([*plain, *(entry.event for entry in messages.values())], key=said_order)
    history, withdrawn = milestone_history(ledger), withdrawals(ledger)
    return [
        replace(messages[event.natural_key], label=f"E{place}")
        if event.kind is EventKind.MESSAGE
        else Entry(
            event=event,
            text=event.text,
            label=f"E{place}",
            corrections=history.get(event.natural_key, ()),
            withdrawal=withdrawn.get(event.id),
            is_off=event.id in withdrawn
            or (event.kind is EventKind.MILESTONE_SET and event.natural_key not in history and not event.lost_details),
        )
        for place, event in enumerate(plain, start=1)
    ]


def _corrected(entry: Entry, said: Sequence[TimelineEvent] | None) -> Entry:
    if not said:
        return entry
    event, corrections = as_corrected(entry.event, said)
    return replace(entry, event=event, text=event.text, corrections=corrections)


def _message_entries(ledger: Sequence[TimelineEvent]) -> list[Entry]:
    entries = (_message_entry(message) for message in _messages(ledger).values())
    return [entry for entry in entries if entry is not None]


def _message_entry(message: _Message) -> Entry | None:
    """Show the text in force at the first mark and all later ones; nothing before anybody marked it."""
    texts = sorted(message.texts.values(), key=lambda text: (text.place, text.event.text))
    if not texts or message.first_mark is None:
        return None
    seen = [place for place, text in enumerate(texts) if not text.place[0] or text.since <= message.first_mark]
    shown = [text.event for text in texts[max(seen, default=0) :]]
    first, last = shown[0], shown[-1]
    key = message_key(first.payload["channel"], first.payload["ts"])
    versions = tuple(Version(since=event.payload["version"], text=event.text) for event in shown)
    # What is shown is the last text, so whether a text was erased is said of that one.
    event = replace(first, natural_key=key, erased=first.erased - {"text"} | last.erased & {"text"})
    return Entry(
        event=event,
        text=last.text,
        versions=versions,
        is_deleted=message.is_deleted,
        is_off=not message.is_marked,
    )


def _messages(ledger: Sequence[TimelineEvent]) -> dict[tuple[str, str], _Message]:
    messages: dict[tuple[str, str], _Message] = {}
    for event in ledger:
        if event.kind in MESSAGE_KINDS:
            key = (event.payload["channel"], event.payload["ts"])
            _add(messages.setdefault(key, _Message()), event)
    return messages


def _add(message: _Message, event: TimelineEvent) -> None:
    if event.kind is EventKind.MESSAGE:
        _add_text(message, event)
    elif event.kind is EventKind.MESSAGE_DELETED:
        message.is_deleted = True
    else:
        _mark(message, event)


def _add_text(message: _Message, event: TimelineEvent) -> None:
    """Place a text after the original one, then by edit time.

    Slack's edit times are whole seconds: an edit may seem older than its message, and two edits may share one.
    Those that share one are told apart by the instant of the change itself.
    """
    version, change = event.payload["version"], event.payload.get("change", "")
    is_edit = bool(change) or version != event.payload["ts"]
    place = (is_edit, _as_number(version), _as_number(change))
    known = message.texts.setdefault((version, event.text), _Text(event=event, place=place))
    known.place = max(known.place, place)


def _mark(message: _Message, event: TimelineEvent) -> None:
    """Keep each person's last word on each emoji, by the instant Slack gave it.

    What they marked from the message's menu shows nowhere in Slack: a mark that they take back takes it along, where
    the event says so.
    """
    stamp, is_on = _as_number(event.payload["at"]), event.kind is EventKind.MESSAGE_MARKED
    emoji = {event.payload["emoji"], *((MENU_MARK,) if event.payload.get("with_menu") else ())}
    for who in ((event.actor, each) for each in emoji):
        said = (stamp, is_on)
        message.marks[who] = max(message.marks.get(who, said), said)
    if is_on:
        message.first_mark = min(message.first_mark or stamp, stamp)


def _as_number(stamp: str) -> Instant:
    """Order Slack timestamps by value: as text, `9.5` would come after `10.0` (a defect seen in a peer)."""
    whole, _, fraction = stamp.partition(".")
    return int(whole or 0), int(fraction.ljust(6, "0")[:6] or 0)


def _with_tags(entries: list[Entry], ledger: Sequence[TimelineEvent]) -> list[Entry]:
    tags: dict[UUID | str, dict[Tag, str]] = {}
    for event in ledger:
        target = event.payload.get("message") or event.refers_to if event.kind in _PROMOTIONS else None
        if target is None:
            continue
        if event.kind is EventKind.FACT_PROMOTED:
            tags.setdefault(target, {}).setdefault(Tag(event.payload["as"]), event.actor)
        elif event.payload["as"]:
            tags.get(target, {}).pop(Tag(event.payload["as"]), None)
        else:
            tags.pop(target, None)
    return [_tagged(entry, tags.get(entry.event.id) or tags.get(entry.event.natural_key)) for entry in entries]


_PROMOTIONS = frozenset({EventKind.FACT_PROMOTED, EventKind.FACT_UNPROMOTED})


def _tagged(entry: Entry, tags: dict[Tag, str] | None) -> Entry:
    if not tags:
        return entry
    return replace(entry, tags=frozenset(tags), tagged_by=tuple(sorted(set(tags.values()))))
