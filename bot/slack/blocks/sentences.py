"""What an event says to people in Slack, in words: what is so since then, and why; user text is not escaped here."""

from collections.abc import Callable

from analysis.events import EventKind, Source, TimelineEvent
from analysis.incident import Severity
from analysis.page_sentences import PAGE_KINDS, page_sentence

Names = Callable[[str], str]
#: What Debrief itself says of groups of alerts, with instants in its words.
OF_ALERTS = frozenset({EventKind.ALERT_GROUP_ATTACHED, EventKind.ALERT_GROUP_DETACHED, EventKind.ALERT_GROUP_COUNTED})


def fact(event: TimelineEvent, names: Names) -> str:  # noqa: PLR0911 - one return a kind reads best
    """What is so since *event*, in words, without who says so."""
    payload = event.payload
    match event.kind:
        case EventKind.DECLARED:
            return f"declared {payload['severity']}: {event.text}"
        case EventKind.STATUS_CHANGED:
            duplicate = f" of #{payload['duplicate_of']}" if payload.get("duplicate_of") else ""
            return f"{words(payload['to'])}{duplicate} (was {words(payload['from'])})"
        case EventKind.REOPENED:
            return f"open again, phase {payload['phase']} (was {words(payload['from'])})"
        case EventKind.SEVERITY_CHANGED:
            worse = Severity(payload["to"]).rank < Severity(payload["from"]).rank
            return f"{payload['to']}, {'raised' if worse else 'lowered'} from {payload['from']}"
        case EventKind.ROLE_ASSIGNED:
            return _assigned(event, names)
        case EventKind.VISIBILITY_CHANGED:
            return f"{payload['to']} (was {payload['from']})"
        case EventKind.MILESTONE_SET:
            phase = payload.get("phase", 1)
            return f"milestone {payload['milestone']}" + (f" of phase {phase}" if phase > 1 else "")
        case EventKind.DEPLOY | EventKind.FEATURE_FLAG | EventKind.EXTERNAL:
            return f"{words(event.kind)} {payload.get('service', '')}"
        case EventKind.CHANNEL_LINKED if "was" in payload:
            return "this channel is shared with another organisation, whose people read what is posted here"
        case _:
            return _other(event, names)


def because(event: TimelineEvent) -> str:
    """The reason that was given, unless it only repeats of what it is a duplicate."""
    is_repeated = event.text == f"duplicate of #{event.payload.get('duplicate_of')}"
    return f": {event.text}" if event.kind in _WITH_REASON and event.text and not is_repeated else ""


def words(value: str) -> str:
    """A state, role or kind as it is spoken."""
    return value.replace("_", " ")


_WITH_REASON = frozenset(
    {
        EventKind.STATUS_CHANGED,
        EventKind.REOPENED,
        EventKind.SEVERITY_CHANGED,
        EventKind.DEPLOY,
        EventKind.FEATURE_FLAG,
        EventKind.EXTERNAL,
    }
)


def _from_outside(event: TimelineEvent, names: Names) -> str:
    """Who acted in a private incident that they are not in, what they did and why."""
    did = "exported its whole record" if event.payload["act"] == "export" else "erased something in its record"
    return f"{names(event.actor)}, an admin who is not in this private incident, {did}: {event.text}"


def _other(event: TimelineEvent, names: Names) -> str:
    if event.kind in PAGE_KINDS:
        return _page(event, names)
    if event.payload.get("taken_back"):
        return _taken_back(event, names)
    return _from_outside(event, names) if event.kind is EventKind.GLASS_BROKEN else event.text or words(event.kind)


def _taken_back(event: TimelineEvent, names: Names) -> str:
    """Who took back their approval of which draft, and why where they said so."""
    reason = f": {event.text}" if event.text else "."
    return f"{names(event.actor)} took back their approval of draft {event.payload['revision']}{reason}"


def _page(event: TimelineEvent, names: Names) -> str:
    """What became of a page, and by whom where that is news; with a new page, the words that go with it."""
    said = page_sentence(event, names)
    if event.kind is EventKind.PAGED:
        return f"{said} by {names(event.actor)}{f': {event.text}' if event.text else ''}"
    follows = event.source is Source.DEBRIEF  # nobody said it: the page ended with its incident
    return said if follows or event.kind is EventKind.PAGE_FAILED else f"{said} by {names(event.actor)}"


def _assigned(event: TimelineEvent, names: Names) -> str:
    """Who has the role now, and who gave it or took it if it was not they themselves."""
    role, holder = words(event.payload["role"]), event.payload["person"]
    by = "" if event.actor == holder else f" (by {names(event.actor)})"
    if holder:
        return f"{names(holder)} became {role}{by}"
    before = event.payload.get("before")
    return f"{names(before)} is no longer {role}{by}" if before else f"nobody is {role}{by}"
