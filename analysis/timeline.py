"""The timeline that people read, derived from the ledger.

The same set of facts gives the same timeline in whatever order they arrived: entries are ordered by
(occurred_at, natural key), and a marked message is put together from its marks, versions and deletion by the
instants that Slack itself gave them, never by the order of arrival.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from analysis.events import TIMELINE_KINDS, EventKind, Tag, TimelineEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One text that a message had, from `since` (Slack's edit time; the message's own for the first)."""

    since: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the timeline, cited as `label`.

    `versions` is the text's history for an edited message, oldest first; `is_deleted` says that its author
    deleted it in Slack after it was marked.
    """

    event: TimelineEvent
    text: str
    label: str = ""
    versions: tuple[Version, ...] = ()
    tags: frozenset[Tag] = frozenset()
    tagged_by: tuple[str, ...] = ()
    is_deleted: bool = False

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.occurred_at

    @property
    def is_revised(self) -> bool:
        """Whether the text changed after somebody marked it."""
        return len(self.versions) > 1


Instant = tuple[int, int]


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
    """The entries of an incident, labelled E1 … En in their order."""
    facts = {event.natural_key: event for event in events}
    ledger = sorted(facts.values(), key=lambda event: (event.occurred_at, event.natural_key))
    entries = [*_plain_entries(ledger), *_message_entries(ledger)]
    entries.sort(key=lambda entry: (entry.event.occurred_at, entry.event.natural_key))
    tagged = _with_tags(entries, ledger)
    return tuple(replace(entry, label=f"E{place}") for place, entry in enumerate(tagged, start=1))


def message_key(channel: str, ts: str) -> str:
    """The natural key of the fact that a Slack message is."""
    return f"message:{channel}:{ts}"


def marked_messages(events: Iterable[TimelineEvent]) -> frozenset[tuple[str, str]]:
    """The (channel, ts) of every message that somebody ever marked in *events*."""
    return frozenset(_messages(tuple(events)))


def _plain_entries(ledger: Sequence[TimelineEvent]) -> list[Entry]:
    return [
        Entry(event=event, text=event.text)
        for event in ledger
        if event.kind in TIMELINE_KINDS and event.kind is not EventKind.MESSAGE
    ]


def _message_entries(ledger: Sequence[TimelineEvent]) -> list[Entry]:
    entries = (_message_entry(message) for message in _messages(ledger).values() if message.is_marked)
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
    return Entry(event=event, text=last.text, versions=versions, is_deleted=message.is_deleted)


def _messages(ledger: Sequence[TimelineEvent]) -> dict[tuple[str, str], _Message]:
    messages: dict[tuple[str, str], _Message] = {}
    for event in ledger:
        if event.kind in _MESSAGE_KINDS:
            key = (event.payload["channel"], event.payload["ts"])
            _add(messages.setdefault(key, _Message()), event)
    return messages


_MESSAGE_KINDS = frozenset(
    {EventKind.MESSAGE, EventKind.MESSAGE_MARKED, EventKind.MESSAGE_UNMARKED, EventKind.MESSAGE_DELETED}
)


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
    """Keep each person's last word on each emoji, by the instant Slack gave it."""
    who, stamp = (event.actor, event.payload["emoji"]), _as_number(event.payload["at"])
    is_on = event.kind is EventKind.MESSAGE_MARKED
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
        if event.kind is EventKind.FACT_PROMOTED:
            target = event.payload.get("message") or event.refers_to
            if target is not None:
                tags.setdefault(target, {}).setdefault(Tag(event.payload["as"]), event.actor)
    return [_tagged(entry, tags.get(entry.event.id) or tags.get(entry.event.natural_key)) for entry in entries]


def _tagged(entry: Entry, tags: dict[Tag, str] | None) -> Entry:
    if not tags:
        return entry
    return replace(entry, tags=frozenset(tags), tagged_by=tuple(sorted(set(tags.values()))))
