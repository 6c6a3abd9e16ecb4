"""From the record to what a model may see: typed events, and words only of those that somebody stands behind."""

from dataclasses import dataclass, replace
from datetime import datetime

from analysis.events import EventKind, Source
from analysis.outgoing.directory import People
from analysis.outgoing.redacting import Redactor
from analysis.outgoing.vault import Register, Vault
from analysis.outgoing.vaulted import Vaulted
from analysis.telling import tell
from analysis.timeline import Entry
from analysis.voice import Voice

__all__ = ["Outgoing", "OutgoingEvent", "People", "Sending", "typed"]

#: What other systems reported.
_MACHINE = frozenset(
    {
        EventKind.DEPLOY,
        EventKind.FEATURE_FLAG,
        EventKind.EXTERNAL,
        EventKind.ALERT_GROUP_ATTACHED,
        EventKind.ALERT_GROUP_DETACHED,
        EventKind.ALERT_GROUP_COUNTED,
    }
)
#: What people wrote by a verb of its own for others to read: the title, the impact, what stakeholders were told.
_STATED = frozenset({EventKind.DECLARED, EventKind.IMPACT_SET, EventKind.UPDATE_SENT})
#: What is nothing but its words.
_WORDS_ALONE = frozenset({EventKind.NOTE, EventKind.MESSAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """The record that a model is to be asked about; *known* are words of the site's own, such as its services."""

    entries: tuple[Entry, ...]
    vault: Vault
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingEvent:
    """One event as it leaves: `who` is a role, `text` is redacted, and empty where nobody stands behind the words."""

    id: str
    at: datetime
    precision: str
    kind: str
    tags: tuple[str, ...]
    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """All that may leave of a record, and the vault with its new placeholders, to be stored before anything is sent."""

    events: tuple[OutgoingEvent, ...]
    vault: Vault


def typed(record: Sending, people: People) -> Outgoing:
    """What may leave of *record*; `Outgoing.vault` is that of the record with what is new in it."""
    redactor = Redactor(Register(record.vault), people, known=record.known)
    voice = Voice(record.entries, people.names)
    texts = [(_text(entry, voice), voice.who(entry)) for entry in record.entries]
    # A name that is seen anywhere is a name everywhere, also where it stands in small letters before.
    redactor.learn(text for pair in texts for text in pair)
    redacted = [(redactor.redact(text), redactor.redact(who)) for text, who in texts]
    vault = redactor.register.vault()
    vaulted = Vaulted(vault)
    events = tuple(
        OutgoingEvent(
            id=entry.label,
            at=entry.at,
            precision=entry.event.precision.value,
            kind=entry.event.kind.value,
            tags=tuple(sorted(tag.value for tag in entry.tags)),
            who=vaulted.covered(who),
            text=vaulted.covered(text),
        )
        for entry, (text, who) in zip(record.entries, redacted, strict=True)
    )
    return Outgoing(events=events, vault=vault)


def _text(entry: Entry, voice: Voice) -> str:
    """What *entry* says, with the words in it only if a system reported them or a person stands behind them."""
    kind = entry.event.kind
    if entry.tags or kind in _MACHINE | _STATED or entry.event.source is Source.IMPORT:
        return tell(entry, voice).text
    if kind in _WORDS_ALONE:
        return ""
    return tell(replace(entry, text=""), voice).text
