"""One entry of the timeline as a sentence; what people wrote stands in quotation marks, unless a responder vouched."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.corrections import Correction
from analysis.document import Basis
from analysis.events import EventKind, Source, Tag
from analysis.incident import Incident, Role
from analysis.page_sentences import PAGE_KINDS, page_sentence
from analysis.replayed import is_added, stated_severity
from analysis.timeline import Entry
from analysis.voice import Voice
from analysis.wording import excerpt, instant, quoted, stopped

DELETED = "A message was deleted in Slack by its author after it was recorded."
ERASED = "The text was erased on request."
_ALERTS = frozenset({EventKind.ALERT_GROUP_ATTACHED, EventKind.ALERT_GROUP_DETACHED, EventKind.ALERT_GROUP_COUNTED})
_WRITTEN = frozenset({EventKind.NOTE, EventKind.MESSAGE, EventKind.EXTERNAL})
#: Entries of which nothing is told once their text is erased; of the others, what they decided still is.
_REPORTED = _WRITTEN | {EventKind.DEPLOY, EventKind.FEATURE_FLAG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an entry says, and what that rests on."""

    text: str
    basis: Basis = Basis.FACT


def tell(entry: Entry, voice: Voice) -> Telling:
    """The sentence for *entry*, without its time and author."""
    if entry.is_deleted:
        return Telling(text=DELETED)
    if "payload" in entry.event.erased or ("text" in entry.event.erased and entry.event.kind in _REPORTED):
        return Telling(text=ERASED)
    if entry.event.kind in _WRITTEN:
        return _written(entry, voice)
    if is_added(entry.event):
        return Telling(text=_added(entry))
    return Telling(text=_recorded(entry, voice))


def is_erased(entry: Entry) -> bool:
    """Whether what it said was destroyed on request."""
    return bool(entry.event.erased & {"text", "payload"})


def impact_told(incident: Incident, entries: Iterable[Entry]) -> str:
    """The customer impact, or that what was last stated of it was erased; empty where nobody has stated any."""
    stated = [entry for entry in entries if entry.event.kind is EventKind.IMPACT_SET]
    return incident.impact or (ERASED if stated and is_erased(stated[-1]) else "")


def said(entry: Entry) -> str:
    """What the record holds word for word and may be shown; empty where it may not, or names only a milestone."""
    is_hidden = entry.is_deleted or "text" in entry.event.erased or entry.event.kind is EventKind.MILESTONE_SET
    return "" if is_hidden or is_added(entry.event) else entry.text


def with_words(entry: Entry, voice: Voice) -> str:
    """How a sentence about *entry* ends: with its words, or that they were erased."""
    if "text" in entry.event.erased:
        return f". {ERASED}"
    return f": {quoted(voice.plain(entry.text))}" if entry.text.strip() else "."


def history(entry: Entry, voice: Voice) -> tuple[str, ...]:
    """What *entry* said before each correction of it, oldest first, with who corrected it and when."""
    return tuple(_before(correction, entry, voice) for correction in entry.corrections)


def _before(correction: Correction, entry: Entry, voice: Voice) -> str:
    is_said = correction.before.strip() and entry.event.kind is not EventKind.MILESTONE_SET
    words = f": {excerpt(voice.plain(correction.before))}" if is_said else ""
    return (
        f"Corrected by {voice.corrector(correction.by, entry)} at {instant(correction.at)}; before, it stood at "
        f"{instant(correction.before_at, correction.before_precision)}{words}"
    )


def _written(entry: Entry, voice: Voice) -> Telling:
    text = voice.plain(entry.text)
    if Tag.FACT in entry.tags:
        return Telling(text=stopped(" ".join(text.split()) + _revised(entry)))
    if entry.event.kind is EventKind.EXTERNAL:
        return Telling(text=f"{quoted(text)}{_service(entry)}")
    return Telling(text=quoted(text) + _revised(entry), basis=Basis.QUOTATION)


def _revised(entry: Entry) -> str:
    return f" (revised in Slack; the last of {len(entry.versions)} texts)" if entry.is_revised else ""


def _recorded(entry: Entry, voice: Voice) -> str:  # noqa: PLR0911 - one return a kind reads best
    payload = entry.event.payload
    words = with_words(entry, voice)
    match entry.event.kind:
        case EventKind.DECLARED:
            return f"Declared as {payload['severity']}{words}"
        case EventKind.STATUS_CHANGED:
            duplicate = f" of #{payload['duplicate_of']}" if payload.get("duplicate_of") else ""
            return f"Status changed{_from(entry)} to {_state(payload['to'])}{duplicate}{words}"
        case EventKind.REOPENED:
            return f"Reopened from {_state(payload['from'])}, phase {payload['phase']} began{words}"
        case EventKind.SEVERITY_CHANGED:
            return f"Severity changed{_from(entry)} to {payload['to']}{words}"
        case EventKind.VISIBILITY_CHANGED:
            return f"Visibility changed from {payload['from']} to {payload['to']}."
        case EventKind.ROLE_ASSIGNED:
            return _assigned(Role(payload["role"]), payload["person"], voice)
        case EventKind.MILESTONE_SET:
            return f"Milestone of phase {payload.get('phase', 1)}: {payload['milestone']}."
        case EventKind.IMPACT_SET:
            return f"Customer impact{words}"
        case EventKind.UPDATE_SENT:
            return f"Stakeholders were told{words}"
        case _:
            return _changed(entry, voice)


def _added(entry: Entry) -> str:
    """What a replay added, and that the record does not say it."""
    if entry.event.kind is not EventKind.DECLARED:
        return "Closed by the replay: no entry of the record changes its status to resolved."
    severity = stated_severity(entry.event)
    states = f"the record states {severity}" if severity else "the record states no severity"
    return f"Opened by the replay: {states}."


def _from(entry: Entry) -> str:
    """From what it changed; a record from elsewhere states only to what."""
    return "" if entry.event.source is Source.IMPORT else f" from {_state(entry.event.payload['from'])}"


def _state(word: str) -> str:
    return word.replace("_", " ")


def _assigned(role: Role, person: str, voice: Voice) -> str:
    if not person:
        return f"Nobody is {role.title} any more."
    return f"{voice.subject(person)} became {role.title}."


def _changed(entry: Entry, voice: Voice) -> str:
    """A page, a deploy, a feature flag or a group of alerts, as their systems reported them."""
    payload = entry.event.payload
    if entry.event.kind in PAGE_KINDS:
        return f"{page_sentence(entry.event, voice.person)}{with_words(entry, voice)}"
    if entry.event.kind in _ALERTS:
        return quoted(voice.plain(entry.text))
    if entry.event.kind is EventKind.DEPLOY:
        head = f"Deploy{_of(payload.get('service'))}{_at_version(payload.get('version'))}"
    else:
        value = f" set to {payload['value']}" if payload.get("value") else ""
        head = f"Feature flag{_named(payload.get('flag'))}{_of(payload.get('service'))}{value}"
    return f"{head}: {quoted(voice.plain(entry.text))}" if entry.text.strip() else f"{head}."


def _named(word: object) -> str:
    return f" {word}" if word else ""


def _of(service: object) -> str:
    return f" of {service}" if service else ""


def _at_version(version: object) -> str:
    return f", version {version}" if version else ""


def _service(entry: Entry) -> str:
    service = entry.event.payload.get("service")
    return f" ({service})" if service else ""
