"""Say of a group of alerts, or of one that was held back, that it mattered: a label, and the end of its holding."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from analysis.alerts.held_patterns import Pattern
from analysis.errors import NotFound, Refused
from analysis.people import Action, require
from bot.ports.grouping import Feedback, FeedbackKind, GroupChanges
from bot.ports.holding import OPEN_STATES, HoldChanges, HoldPolicy, PolicyState
from bot.ports.ledger import Reads
from bot.ports.records import Changes, NewDelivery, Reply
from bot.usecases.asking import Command, record
from bot.usecases.groups.asking import GroupCommand, feedback, find_group, not_mattered
from bot.usecases.groups.messages import edit_of
from bot.usecases.holding.asking import news, policy_event, policy_message, workspace_log


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMattered(Command):
    """About the event `hold` that was held back."""

    hold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallGroupMattered(GroupCommand):
    """About a group: somebody had to do something, though perhaps nobody declared an incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNotMattered(GroupCommand):
    """Take back what was said of a group, or of series in it."""


def call_mattered(reads: Reads, command: CallMattered) -> Changes:
    """Keep the label, which the nightly replay counts as an incident; its pattern is told until it is approved anew."""
    require(command.person, Action.RECORD)
    hold = reads.holds.hold(command.hold)
    group = reads.groups.group(hold.group_id) if hold else None
    if hold is None or group is None or hold.workspace_id != command.workspace_id:
        message = "That alert was not held back. `/incident noise` shows what was."
        raise NotFound(message)
    label = feedback(reads, command, group, FeedbackKind.MATTERED, alert_id=hold.alert_id)
    ended = _ended(reads, command, {hold.pattern})
    said = "Noted." if ended else f"Noted: it mattered. Nothing else of {hold.pattern} is held now."
    return _changes(reads, command, said, (label,), ended, edit_of(reads, group))


def call_group_mattered(reads: Reads, command: CallGroupMattered) -> Changes:
    """Keep the label, which counts as an incident wherever it is judged what may wait; what of it may wait is told."""
    group = find_group(reads, command, command.group)
    if any(one.alert_id is None for one in reads.groups.mattered(group.id)):
        message = f"It is on record already that {group.reference} mattered."
        raise Refused(message)
    labels = [feedback(reads, command, group, FeedbackKind.MATTERED)]
    if reads.groups.noise(group.id, reads.now) is not None:
        labels.append(feedback(reads, command, group, FeedbackKind.NOT_NOISE))
    holds = reads.holds.of_groups({group.id, *reads.groups.merged_into((group.id,))})
    ended = _ended(reads, command, {one.pattern for one in holds})
    said = f"Noted: {group.reference} mattered. Like an incident it speaks against holding back what is in it."
    return _changes(reads, command, said, labels, ended, edit_of(reads, group))


def call_not_mattered(reads: Reads, command: CallNotMattered) -> Changes:
    """Take the label back; what it ended stays ended until it is asked about and approved anew."""
    group = find_group(reads, command, command.group)
    said = reads.groups.mattered(group.id)
    if not said:
        message = f"Nobody said that {group.reference} mattered."
        raise Refused(message)
    return _changes(
        reads,
        command,
        f"Taken back: nobody had to act on {group.reference}. What was told because of it stays told until it is asked "
        "about anew.",
        not_mattered(reads, command, said),
        (),
        edit_of(reads, group),
    )


def _changes(
    reads: Reads,
    command: Command,
    said: str,
    labels: Sequence[Feedback],
    ended: Sequence[HoldPolicy],
    edits: Sequence[NewDelivery],
) -> Changes:
    """The *labels* and what they *ended*, which is on record and told."""
    if not ended:
        return Changes(reply=Reply(text=said), groups=GroupChanges(feedback=tuple(labels)), deliveries=tuple(edits))
    sentences = [(one, _said(one)) for one in ended]
    told = " ".join(f"{text}." for _, text in sentences)
    changes = record(
        reads,
        command,
        workspace_log(reads, command),
        [policy_event(one, one.state.value, text) for one, text in sentences],
        reply=f"{said} {told}",
        deliveries=[*edits, *(policy_message(reads, one) for one in ended), news(reads, [told])],
    )
    return replace(changes, groups=GroupChanges(feedback=tuple(labels)), holds=HoldChanges(policies=tuple(ended)))


def _ended(reads: Reads, command: Command, patterns: Collection[Pattern]) -> list[HoldPolicy]:
    """What is in force is revoked; what is asked rests on a proof that holds no more, so the next night judges anew."""
    known = reads.holds.policies(command.workspace_id, (PolicyState.LIVE, *OPEN_STATES)) if patterns else ()
    return [
        replace(
            one,
            state=PolicyState.REVOKED if one.state is PolicyState.LIVE else PolicyState.EXPIRED,
            changed_at=reads.now,
            expires_at=None,
            why="a held alert mattered",
        )
        for one in known
        if one.pattern in patterns
    ]


def _said(policy: HoldPolicy) -> str:
    if policy.state is PolicyState.REVOKED:
        return f"{policy.reference} is revoked, because a held alert mattered: {policy.pattern} is told from now on"
    return f"{policy.reference} is asked no more, because a held alert of {policy.pattern} mattered"
