"""What an incident looks like in Slack: its card, its announcements, its list."""

from collections.abc import Callable, Sequence

from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident, Role, Status
from analysis.lifecycle import Move, offered_moves, offered_statuses
from analysis.overtaken import is_overtaken
from analysis.paging import ACKNOWLEDGE
from analysis.precision import Precision
from analysis.slacktext import truncate
from analysis.telling import ERASED, impact_told, is_erased
from analysis.timeline import Entry
from analysis.wording import counted, instant, joined
from bot.ports.records import HeldPost
from bot.slack.blocks import ids
from bot.slack.blocks.elements import (
    Block,
    actions,
    button,
    context,
    fields,
    header,
    pieces,
    plain,
    section,
    when,
    zoned,
)
from bot.slack.blocks.numbered_rows import of_incident
from bot.slack.blocks.sentences import OF_ALERTS, Names, because, fact, words
from bot.slack.blocks.timeline_lines import ENTRY_LETTERS, link_of
from bot.usecases.incident.change_severity import RISE
from bot.usecases.paging.news import PAGE_WORD

#: The number of the last entry of a ledger and its hash.
Head = tuple[int, bytes]

#: The moves that the form behind *More* offers.
ENDINGS = (Move.CLOSE, Move.DECLINE, Move.DUPLICATE, Move.CANCEL)
LIST_LENGTH = 15
#: A phone shows about this much of a title beside the rest.
NOTIFIED_LETTERS = 80
SHOWN_HEAD_LETTERS = 12


def headline(incident: Incident) -> str:
    """One line that says which incident and how it stands; also the notification text."""
    state = incident.status.value.replace("_", " ")
    return f"{incident.reference} {incident.severity} {state}: {incident.shown_title}"


def card(
    incident: Incident,
    entries: Sequence[Entry],
    head: Head,
    names: Names,
    held: Sequence[HeldPost] = (),
    *,
    original: Incident | None = None,
    signals: str = "",
    is_gone: Callable[[str], bool] = lambda _: False,
) -> list[Block]:
    """The pinned card: state, people, impact, the last word, what can be done, and the anchor of the record.

    *held* are the messages that the channel does not have yet because it has had enough of them; *original* is the
    incident that a duplicate belongs to, where its readers may know of it; *signals* says how many signals it has;
    whose account in Slack *is_gone* is called so as the commander.
    """
    shown = [entry for entry in entries if entry.event.kind in _LAST_WORDS and not entry.is_deleted]
    last = max(shown, key=lambda entry: entry.event.seq, default=None)
    blocks = [
        header(f"{incident.reference} {incident.severity} {incident.shown_title}"),
        fields(
            ("State", _state(incident, entries, original)),
            ("Incident commander", _commander(incident, names, is_gone)),
            ("Severity", incident.severity.value),
            ("Declared", f"{when(incident.declared_at)} by {plain(names(incident.declared_by), 80)}"),
        ),
        section(f"*Customer impact:* {plain(impact_told(incident, entries) or 'not yet known', 300)}"),
    ]
    others = _other_roles(incident, names)
    blocks += [section(others)] if others else []
    if last:
        text = ERASED if is_erased(last) else f"{plain(last.text, ENTRY_LETTERS)}{link_of(last)}"
        said = f"*Last:* {when(last.at)} {plain(names(last.event.actor), 80)}: {text}"
        blocks.append(section(said))
    blocks += [section(f"*Signals:* {plain(signals)}")] if signals else []
    blocks += [section(_held_back(incident, held, entries, names))] if held else []
    blocks += [actions(*row) for row in _buttons(incident, has_signals=bool(signals)) if row]
    seen = f"{incident.visibility}. {counted(len(entries), 'line')} on the timeline."
    blocks.append(anchor(head, seen))
    return blocks


def still_to_say(held: Sequence[HeldPost], events: Sequence[TimelineEvent], incident: Incident) -> list[HeldPost]:
    """Those of *held* that will be posted, as the record is now: not what it has overtaken or erased."""
    told = {event.natural_key: event for event in events}
    found = [(one, told.get(one.event)) for one in held]
    return [
        one
        for one, event in found
        if event is None or not (event.erased or is_overtaken(event, events, incident.severity))
    ]


def announcement(
    incident: Incident,
    event: TimelineEvent,
    names: Names,
    head: Head,
    *,
    original: Incident | None = None,
    is_late: bool = False,
) -> tuple[str, list[Block]]:
    """A new post about one event that must be noticed: its notification text and its blocks.

    The answer comes first, then of which incident, by whom and why; one that *is_late* says of when it is. With a
    change of state the post keeps the *head* of the record, as nobody can take back every notification of it.
    """
    at = f" at {instant(event.recorded_at, Precision.MINUTE)}" if is_late else ""
    title, who = truncate(incident.shown_title, NOTIFIED_LETTERS), names(event.actor)
    if event.kind in _CHANGES:
        news, reason = fact(event, names), because(event)
        text = f"{incident.reference} {news}{at}: {title}. By {who}{reason}"
        said = f"{news}, by {who}{reason}"
    else:
        said = _said(event, names)
        text = f"{incident.reference} {title}: {_said(event, names, at)}"
    first, *others = map(zoned, pieces(said)) if event.kind in OF_ALERTS else pieces(said)
    blocks = [section(f"*{plain(incident.reference)}* {first}"), *(section(piece) for piece in others)]
    if original is not None and event.payload.get("duplicate_of") == original.number:
        blocks.append(section(f"Go on in {reference_to(original)}: {plain(original.shown_title, 120)}"))
    if event.kind is EventKind.STATUS_CHANGED and event.payload["to"] == Status.RESOLVED:
        blocks.append(actions(_draft_button(incident), _form_button("Milestone", "milestone", incident)))
    if event.kind is EventKind.PAGED:
        page = f"{of_incident(incident, event.id)}|{ACKNOWLEDGE} {event.payload['page']}"
        blocks.append(actions(button("Acknowledge page", ids.PAGE, page)))
    if is_late:
        blocks.append(context(f"Recorded {when(event.recorded_at)}, posted later."))
    if event.kind in _CHANGES:
        blocks.append(anchor(head))
    return text, blocks


def anchor(head: Head, before: str = "") -> Block:
    """The head of the record in small print: the first letters for people, the whole hash in the block's id."""
    seq, digest = head
    text = f"{before} Record: entry {seq}, hash {digest.hex()[:SHOWN_HEAD_LETTERS]}".strip()
    return {**context(text), "block_id": f"{ids.HEAD_BLOCK_PREFIX}{seq}:{digest.hex()}"}


def reference_to(incident: Incident) -> str:
    """How another incident is named where its readers can go there."""
    return f"{incident.reference} <#{incident.channel_id}>" if incident.channel_id else incident.reference


def listing(incidents: Sequence[Incident], names: Names, *, verb: str = "", is_all: bool = True) -> list[str]:
    """Incidents, a line each, with how many more there are, at least unless *is_all*, and how *verb* shows them."""
    if not incidents:
        return ["None."]
    lines = []
    for incident in incidents[:LIST_LENGTH]:
        where = f" <#{incident.channel_id}>" if incident.channel_id else ""
        commander = incident.commander
        who = plain(names(commander), 60) if commander else "no commander"
        lines.append(
            f"*{incident.reference}* {incident.severity} {incident.status.value.replace('_', ' ')}, "
            f"{who}, declared {when(incident.declared_at)}: {plain(incident.shown_title, 120)}{where}"
        )
    if len(incidents) > LIST_LENGTH:
        more = f"and {'' if is_all else 'at least '}{len(incidents) - LIST_LENGTH} more"
        how = f": `/incident {verb} before {incidents[LIST_LENGTH - 1].number}` shows the next ones." if verb else ""
        lines.append(f"{more}{how}")
    return lines


_LAST_WORDS = frozenset(
    {EventKind.NOTE, EventKind.MESSAGE, EventKind.UPDATE_SENT, EventKind.DEPLOY, EventKind.FEATURE_FLAG}
)


def _said(event: TimelineEvent, names: Names, at: str = "") -> str:
    """An update as it was written, *at* its time where that is told, or any other news.

    A page is posted once the pager has it, after it may have been told that it had not.
    """
    if event.kind is EventKind.PAGED:
        return f"Arrived. {fact(event, names)}"
    if event.kind not in {EventKind.UPDATE_SENT, EventKind.CORRECTED}:
        return fact(event, names)
    begin = "Update from" if event.kind is EventKind.UPDATE_SENT else "Update, corrected by"
    return f"{begin} {names(event.actor)}{at}: {event.text}"


_CHANGES = frozenset({EventKind.STATUS_CHANGED, EventKind.REOPENED, EventKind.SEVERITY_CHANGED})


def _state(incident: Incident, entries: Sequence[Entry], original: Incident | None) -> str:
    moves = [entry for entry in entries if entry.event.kind in {EventKind.STATUS_CHANGED, EventKind.REOPENED}]
    since = max(moves, key=lambda entry: entry.event.seq).at if moves else incident.declared_at
    phase = f", phase {incident.phase}" if incident.phase > 1 else ""
    duplicate = f" of {reference_to(original) if original else f'#{incident.duplicate_of}'}"
    state = f"{words(incident.status)}{duplicate if incident.duplicate_of else ''}"
    return f"{state} since {when(since)}{phase}"


def _commander(incident: Incident, names: Names, is_gone: Callable[[str], bool]) -> str:
    holder = incident.commander
    if holder is None:
        return "not assigned"
    return plain(names(holder), 80) + (" (their Slack account is closed)" if is_gone(holder) else "")


def _other_roles(incident: Incident, names: Names) -> str:
    lines = [
        f"*{role.title.capitalize()}:* {plain(names(holder), 80)}"
        for role, holder in sorted(incident.roles.items())
        if role is not Role.INCIDENT_COMMANDER
    ]
    return "   ".join(lines)


def _held_back(incident: Incident, held: Sequence[HeldPost], entries: Sequence[Entry], names: Names) -> str:
    """What is yet to come; a rise and what became of a page are named, since somebody may have to act on them."""
    named = [f"the rise to {incident.severity}" for one in held if one.coalesce == RISE]
    of_pages = {one.event for one in held if (one.coalesce or "").startswith(PAGE_WORD)}
    told = [entry.event for entry in entries if entry.event.natural_key in of_pages]
    named += [f"“{plain(fact(event, names), 160)}”" for event in told]
    others = len(held) - len(named)
    said = joined([*named, *([f"{others} other message{'s' if others > 1 else ''}"] if others else [])])
    until = max(one.until for one in held)
    return f"*Posted after {when(until)}*, because this channel has had many messages already: {said}."


def _buttons(incident: Incident, *, has_signals: bool) -> list[list[Block]]:
    moves = offered_moves(incident.status)
    about = of_incident(incident)
    first = [_form_button("Note", "note", incident), _form_button("Correct", "correct", incident)]
    if Move.STATUS in moves:
        first += [_form_button("Update", "update", incident), _form_button("Severity", "severity", incident)]
        first.append(_form_button("Roles", "role", incident))
    second = [
        button(status.value.capitalize(), f"{ids.MOVE_STATUS}:{status.value}", about)
        for status in offered_statuses(incident.status)
    ]
    if Move.RESOLVE in moves:
        second.append(button("Resolve", ids.RESOLVE, about, style="primary", ask="Say that this incident is over?"))
    if Move.DRAFT in moves:
        second.append(_draft_button(incident))
    if Move.REOPEN in moves:
        second.append(_form_button("Reopen", "reopen", incident))
    first.append(button("Timeline", ids.TIMELINE, about))
    first += [button("Signals", ids.SIGNALS, about)] if has_signals else []
    if any(move in moves for move in ENDINGS):
        first.append(_form_button("More", "end", incident))
    return [first, second]


def _draft_button(incident: Incident) -> Block:
    return button("Draft postmortem", ids.DRAFT, of_incident(incident), style="primary")


def _form_button(text: str, form: str, incident: Incident) -> Block:
    return button(text, f"{ids.OPEN_FORM}:{form}", of_incident(incident))
