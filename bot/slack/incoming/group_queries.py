"""`alerts`: the groups of an incident or of now, or one group with its reasons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from analysis.alerts.reasons import ReasonCode
from analysis.errors import NotFound
from analysis.people import Action, can_see, require
from analysis.wording import counted, joined
from bot.ports.grouping import AlertGroup
from bot.ports.ledger import Reads
from bot.slack.blocks.elements import phrase, plain, when
from bot.slack.blocks.groups import group_line, label_words, line_with_state, near_words
from bot.slack.context import SlackContext
from bot.usecases.alerts.ungrouped import ungrouped_since
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.groups.asking import find_group
from bot.usecases.groups.current import current_groups
from bot.usecases.groups.explain import explained
from bot.usecases.groups.make_one import near_group
from bot.usecases.verbs import Asker, Query

DECISIONS_SHOWN = 5
#: So much of a list is read by whoever asks for it; Slack takes three times as much.
LISTED_LETTERS = 12_000
SILENT_NAMED = 5
HELD_NAMED = 20
WAITED_LETTERS = 900


def alerts_text(context: SlackContext, asker: Asker, query: Query) -> str:
    """What `alerts` shows, for whom it may be shown."""
    require(asker.person, Action.VIEW)
    with context.snapshots.snapshot() as reads:
        if query.group is not None:
            command = IncidentCommand(**asker.on_incident())
            return _one(reads, asker, find_group(reads, command, query.group, Action.VIEW))
        command = IncidentCommand(**{**asker.on_incident(), "number": query.number or asker.number})
        try:
            incident = find(reads, command, Action.VIEW)
        except NotFound:
            if command.number is not None:
                raise
            return _now(reads, context.workspace_id)
        groups = reads.groups.attached_to(incident.id)
        if not groups:
            return f"No alerts are attached to {incident.reference}. `attach G-42` attaches a group."
        return f"*{counted(len(groups), 'group')} of alerts attached to {incident.reference}*\n{_listing(groups)}"


def _now(reads: Reads, workspace_id: UUID) -> str:
    current, waiting = current_groups(reads, workspace_id), ungrouped_since(reads, workspace_id)
    lines = [f"*{current.words} now*", _listing(current.groups)] if current.groups else []
    if current.held:
        named = _references(current.held)
        lines.append(f"Held back now: {named}. `alerts {current.held[0].reference}` says why.")
    if current.silent:
        lines.append(_silent_line(current.silent, current.heard))
    if waiting:
        lines.append(f"Alerts that came since {when(waiting)} are kept and not grouped yet: ask again in a moment.")
    return "\n".join(lines) or "No alerts fire, and none did within the last hour."


def _one(reads: Reads, asker: Asker, group: AlertGroup) -> str:
    lines = [f"*{plain(group_line(group))}* · ×{group.alerts}"]
    attached = [one for one in reads.groups.incidents_of(group.id) if can_see(asker.person, one)]
    lines += [f"Attached to *{one.reference}* {plain(one.shown_title, 120)}" for one in attached]
    lines += label_words(reads.groups.noise(group.id, reads.now), is_needed=bool(reads.groups.mattered(group.id)))
    if near := near_group(reads, group):
        lines.append(f"{near_words(near)} `alerts {group.reference} with {near.reference}` merges them.")
    for decision in explained(reads, group, DECISIONS_SHOWN):
        terms = [
            f"{phrase(reason.text, 200)} ({reason.weight:+.2f})"
            for reason in decision.reasons
            if reason.code is not ReasonCode.BASE or len(decision.reasons) == 1
        ]
        lines.append(
            f"{when(decision.event.alert.received_at)} {phrase(decision.event.alert.rule, 120)}: {decision.words} "
            f"({decision.logit:+.2f}): {', '.join(terms)}"
        )
        lines += [plain(decision.waited, WAITED_LETTERS)] if decision.waited else []
    return "\n".join(lines)


def _listing(groups: Sequence[AlertGroup]) -> str:
    """Groups, a line each, as many as fit; escaped."""
    lines: list[str] = []
    left = LISTED_LETTERS
    for group in groups:
        line = line_with_state(group, group_line(group))
        left -= len(line)
        if left < 0:
            lines.append(f"and {len(groups) - len(lines)} more, which `debrief alerts` lists on the command line")
            break
        lines.append(line)
    return "\n".join(lines)


def _references(groups: Sequence[AlertGroup]) -> str:
    """The numbers of the first groups, and how many more there are."""
    names = [one.reference for one in groups[:HELD_NAMED]]
    return joined([*names, f"{len(groups) - HELD_NAMED} more"] if len(groups) > HELD_NAMED else names)


def _silent_line(groups: Sequence[AlertGroup], heard: Mapping[UUID, datetime]) -> str:
    """Groups that nobody has said anything of for long; the latest first."""
    named = [f"{one.reference} {one.severity} (since {when(heard[one.id])})" for one in groups[:SILENT_NAMED]]
    more = [f"{len(groups) - SILENT_NAMED} more"] if len(groups) > SILENT_NAMED else []
    fire = "It fires" if len(groups) == 1 else "They fire"
    told = f"Nothing was heard of {counted(len(groups), 'group')} for a day: {joined([*named, *more])}."
    return f"{told} {fire} unless that is over and nobody said so."
