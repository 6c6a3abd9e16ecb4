"""Say whether a signal on an incident is useful or has nothing to do with it: a label, which later learning reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.errors import Refused
from analysis.incident import Incident
from analysis.people import Action
from analysis.signals import Verdict
from analysis.verb_words import signal_words
from bot.ports.grouping import AlertGroup, FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery, Reply
from bot.usecases.asking import IncidentCommand, card, find
from bot.usecases.groups.asking import feedback, find_group
from bot.usecases.groups.detach import detach_as_unrelated
from bot.usecases.groups.messages import edit_of
from bot.usecases.signals.list_signals import signals_of
from bot.usecases.signals.messages import signals_message


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSignal(IncidentCommand):
    """What the person says of the group that people call G-`group`, as a signal on the incident."""

    group: int
    verdict: Verdict


def judgement(asked: Mapping[str, Any], words: str) -> JudgeSignal:
    """The command that `G-42 useful` or `G-42 not related` means, with the common fields *asked*."""
    said = signal_words(words)
    return JudgeSignal(**asked, group=said.group, verdict=said.verdict)


def judge_signal(reads: Reads, command: JudgeSignal) -> Changes:
    """Record the label; what is attached and not related is detached by the same press."""
    incident = find(reads, command, Action.RECORD)
    group = find_group(reads, command, command.group)
    if group.reference not in {signal.reference for signal in signals_of(reads, incident)}:
        message = f"{group.reference} is no signal on {incident.reference}. `/incident signals` lists them."
        raise Refused(message)
    is_attached = incident.id in {one.id for one in reads.groups.incidents_of(group.id)}
    if command.verdict is Verdict.NOT_RELATED and is_attached:
        return detach_as_unrelated(reads, command, incident.number, group.number)
    kind = FeedbackKind.USEFUL if command.verdict is Verdict.USEFUL else FeedbackKind.NOT_RELATED
    label = feedback(reads, command, group, kind, incident_id=incident.id)
    said = "is useful for" if kind is FeedbackKind.USEFUL else "has nothing to do with"
    return Changes(
        reply=Reply(text=f"Noted: {group.reference} {said} {incident.reference}."),
        groups=GroupChanges(feedback=(label,)),
        deliveries=judged(reads, incident, group),
    )


def judged(reads: Reads, incident: Incident, group: AlertGroup) -> tuple[NewDelivery, ...]:
    """What shows that a person judged the signal."""
    shown = (card(reads, incident),) if incident.status.is_active else ()
    return (*shown, *signals_message(reads, incident), *edit_of(reads, group))
