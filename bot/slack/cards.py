"""What an incident looks like in Slack: its card, its announcements, its list and timeline."""

from collections.abc import Callable, Sequence

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident, Role, Severity, Status
from analysis.lifecycle import Move, offered_moves, offered_statuses
from analysis.timeline import Entry
from bot.ports.records import HeldPost
from bot.slack import ids
from bot.slack.elements import Block, actions, button, context, fields, header, pieces, plain, section, when
from bot.usecases.change_severity import RISE

Names = Callable[[str], str]

#: The moves that the form behind *More* offers.
ENDINGS = (Move.CLOSE, Move.DECLINE, Move.DUPLICATE, Move.CANCEL)
LIST_LENGTH = 15
TIMELINE_LENGTH = 40
WITHDRAWN_LENGTH = 10
ENTRY_LETTERS = 240


def headline(incident: Incident) -> str:
    """One line that says which incident and how it stands; also the notification text."""
    state = incident.status.value.replace("_", " ")
    return f"{incident.reference} {incident.severity} {state}: {incident.title}"


def card(
    incident: Incident,
    entries: Sequence[Entry],
    head: tuple[int, bytes],
    names: Names,
    held: Sequence[HeldPost] = (),
) -> list[Block]:
    """The pinned card: state, people, impact, the last word, what can be done, and the anchor of the record.

    *held* are the messages that the channel does not have yet because it has had enough of them.
    """
    shown = [entry for entry in entries if entry.event.kind in _LAST_WORDS and not entry.is_deleted]
    last = max(shown, key=lambda entry: entry.event.seq, default=None)
    blocks = [
        header(f"{incident.reference} {incident.severity} {incident.title}"),
        fields(
            ("State", _state(incident, entries)),
            ("Incident commander", _holder(incident, Role.INCIDENT_COMMANDER, names)),
            ("Severity", incident.severity.value),
            ("Declared", f"{when(incident.declared_at)} by {plain(names(incident.declared_by), 80)}"),
        ),
        section(f"*Customer impact:* {plain(incident.impact, 300) if incident.impact else 'not yet known'}"),
    ]
    others = _other_roles(incident, names)
    blocks += [section(others)] if others else []
    if last:
        said = f"*Last:* {when(last.at)} {plain(names(last.event.actor), 80)}: {plain(last.text, ENTRY_LETTERS)}"
        blocks.append(section(said))
    blocks += [section(_held_back(incident, held))] if held else []
    blocks += [actions(*row) for row in _buttons(incident) if row]
    blocks.append(context(_anchor(incident, head, len(entries))))
    return blocks


def announcement(incident: Incident, event: TimelineEvent, names: Names) -> tuple[str, list[Block]]:
    """A new post about one event that must be noticed: its notification text and its blocks."""
    who = names(event.actor)
    text = f"{incident.reference}: {_sentence(event, who)}"
    first, *others = pieces(_sentence(event, who))
    blocks = [section(f"*{plain(incident.reference)}* {first}"), *(section(piece) for piece in others)]
    if event.kind is EventKind.STATUS_CHANGED and event.payload["to"] == Status.RESOLVED:
        blocks.append(actions(_draft_button(incident), _form_button("Milestone", "milestone", incident)))
    return text, blocks


def is_outdated(incident: Incident, event: TimelineEvent) -> bool:
    """Whether a rise in severity was taken back before it could be posted: then there is nothing to notice."""
    if event.kind is not EventKind.SEVERITY_CHANGED:
        return False
    return incident.severity.rank > Severity(event.payload["to"]).rank


def listing(incidents: Sequence[Incident], names: Names) -> list[str]:
    """Incidents, a line each."""
    if not incidents:
        return ["None."]
    lines = []
    for incident in incidents[:LIST_LENGTH]:
        where = f" <#{incident.channel_id}>" if incident.channel_id else ""
        commander = incident.commander
        who = plain(names(commander), 60) if commander else "no commander"
        lines.append(
            f"*{incident.reference}* {incident.severity} {incident.status.value.replace('_', ' ')}, "
            f"{who}, since {when(incident.declared_at)}: {plain(incident.title, 120)}{where}"
        )
    if len(incidents) > LIST_LENGTH:
        lines.append(f"and {len(incidents) - LIST_LENGTH} more")
    return lines


def timeline_text(incident: Incident, entries: Sequence[Entry], withdrawn: Sequence[Entry], names: Names) -> str:
    """The newest lines of the timeline, in order, with their labels, and the newest that were withdrawn."""
    shown = entries[-TIMELINE_LENGTH:]
    lines = [entry_line(entry, names) for entry in shown]
    if len(entries) > len(shown):
        lines.insert(0, f"{len(entries) - len(shown)} earlier lines are on record and not shown here.")
    title = f"*{incident.reference} {plain(incident.title, 120)}*, {len(entries)} lines"
    withdrawals = [withdrawn_line(entry, names) for entry in withdrawn[-WITHDRAWN_LENGTH:]]
    return "\n".join([title, *lines, *withdrawals])


def entry_line(entry: Entry, names: Names) -> str:
    """One line of the timeline: label, time, who, what."""
    event = entry.event
    if entry.is_deleted:
        said = "a message that its author deleted in Slack afterwards"
    elif event.kind in {EventKind.NOTE, EventKind.MESSAGE, EventKind.UPDATE_SENT, EventKind.IMPACT_SET}:
        said = plain(entry.text, ENTRY_LETTERS) + (" (edited)" if entry.is_revised else "")
    else:
        said = plain(_sentence(event, names(event.actor)), ENTRY_LETTERS)
    said += _corrected(entry, names)
    tags = f" [{', '.join(sorted(entry.tags))}]" if entry.tags else ""
    moment = when(entry.at, form="{time_secs} {date_short}")
    return f"`{entry.label}` {moment} {plain(names(event.actor), 60)}: {said}{tags}"


def withdrawn_line(entry: Entry, names: Names) -> str:
    """One line about an entry that is off the timeline because somebody withdrew it."""
    if entry.withdrawal is None:
        return ""
    said = entry.withdrawal
    return (
        f"`{entry.label}` withdrawn {when(said.at)} by {plain(names(said.by), 60)}: {plain(said.reason, ENTRY_LETTERS)}"
    )


def _corrected(entry: Entry, names: Names) -> str:
    if not entry.corrections:
        return ""
    last = entry.corrections[-1]
    return f" (corrected by {plain(names(last.by), 60)}, {when(last.at)})"


_LAST_WORDS = frozenset(
    {EventKind.NOTE, EventKind.MESSAGE, EventKind.UPDATE_SENT, EventKind.DEPLOY, EventKind.FEATURE_FLAG}
)


def _state(incident: Incident, entries: Sequence[Entry]) -> str:
    moves = [entry for entry in entries if entry.event.kind in {EventKind.STATUS_CHANGED, EventKind.REOPENED}]
    since = max(moves, key=lambda entry: entry.event.seq).at if moves else incident.declared_at
    phase = f", phase {incident.phase}" if incident.phase > 1 else ""
    return f"{incident.status.value.replace('_', ' ')} since {when(since)}{phase}"


def _holder(incident: Incident, role: Role, names: Names) -> str:
    holder = incident.roles.get(role)
    return plain(names(holder), 80) if holder else "not assigned"


def _other_roles(incident: Incident, names: Names) -> str:
    lines = [
        f"*{role.title.capitalize()}:* {plain(names(holder), 80)}"
        for role, holder in sorted(incident.roles.items())
        if role is not Role.INCIDENT_COMMANDER
    ]
    return "   ".join(lines)


def _held_back(incident: Incident, held: Sequence[HeldPost]) -> str:
    rises = [f"the rise to {incident.severity}" for one in held if one.coalesce == RISE]
    others = len(held) - len(rises)
    said = " and ".join([*rises, *([f"{others} other message{'s' if others > 1 else ''}"] if others else [])])
    until = max(one.until for one in held)
    return f"*Posted after {when(until)}*, because this channel has had many messages already: {said}."


def _buttons(incident: Incident) -> list[list[Block]]:
    moves = offered_moves(incident.status)
    number = str(incident.number)
    first = [_form_button("Note", "note", incident), _form_button("Correct", "correct", incident)]
    if Move.STATUS in moves:
        first += [_form_button("Update", "update", incident), _form_button("Severity", "severity", incident)]
        first.append(_form_button("Roles", "role", incident))
    second = [
        button(status.value.capitalize(), f"{ids.MOVE_STATUS}:{status.value}", number)
        for status in offered_statuses(incident.status)
    ]
    if Move.RESOLVE in moves:
        second.append(button("Resolve", ids.RESOLVE, number, style="primary", ask="Say that this incident is over?"))
    if Move.DRAFT in moves:
        second.append(_draft_button(incident))
    if Move.REOPEN in moves:
        second.append(_form_button("Reopen", "reopen", incident))
    first.append(button("Timeline", ids.TIMELINE, number))
    if any(move in moves for move in ENDINGS):
        first.append(_form_button("More", "end", incident))
    return [first, second]


def _draft_button(incident: Incident) -> Block:
    return button("Draft postmortem", ids.DRAFT, str(incident.number), style="primary")


def _form_button(text: str, form: str, incident: Incident) -> Block:
    return button(text, f"{ids.OPEN_FORM}:{form}", str(incident.number))


def _anchor(incident: Incident, head: tuple[int, bytes], lines: int) -> str:
    seq, digest = head
    return f"{incident.visibility}. {lines} lines on the timeline. Record: entry {seq}, hash {digest.hex()}"


def _sentence(event: TimelineEvent, who: str) -> str:  # noqa: PLR0911 - one return a kind reads best
    """What an event says, in words; user text is not escaped here."""
    payload, because = event.payload, f": {event.text}" if event.text else ""
    match event.kind:
        case EventKind.DECLARED:
            return f"{who} declared {payload['severity']}: {event.text}"
        case EventKind.STATUS_CHANGED:
            return f"{who} set the state from {_words(payload['from'])} to {_words(payload['to'])}{because}"
        case EventKind.REOPENED:
            return f"{who} reopened it, phase {payload['phase']}{because}"
        case EventKind.SEVERITY_CHANGED:
            worse = Severity(payload["to"]).rank < Severity(payload["from"]).rank
            return f"{who} {'raised' if worse else 'lowered'} it from {payload['from']} to {payload['to']}{because}"
        case EventKind.ROLE_ASSIGNED:
            return f"{_words(payload['role'])} {'was given' if payload['person'] else 'was taken back'} by {who}"
        case EventKind.VISIBILITY_CHANGED:
            return f"{who} made it {payload['to']}"
        case EventKind.MILESTONE_SET:
            return f"milestone {payload['milestone']}"
        case EventKind.UPDATE_SENT | EventKind.CORRECTED:
            said = "Update from" if event.kind is EventKind.UPDATE_SENT else "Update, corrected by"
            return f"{said} {who}: {event.text}"
        case EventKind.DEPLOY | EventKind.FEATURE_FLAG | EventKind.EXTERNAL:
            return f"{_words(event.kind)} {payload.get('service', '')}{because}"
        case _:
            return event.text or _words(event.kind)


def _words(value: str) -> str:
    return value.replace("_", " ")
