"""Say that a group of alerts needs nobody for a while, or that it does after all: a label, nothing is held back."""

from dataclasses import dataclass
from datetime import timedelta

from analysis.errors import InvalidInput, Refused
from analysis.wording import instant
from bot.ports.grouping import FeedbackKind, GroupChanges
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.groups.asking import GroupCommand, feedback, find_group, not_mattered
from bot.usecases.groups.messages import edit_of

#: How long it may be said for.
SPANS = {
    "1h": ("One hour", timedelta(hours=1)),
    "1d": ("One day", timedelta(days=1)),
    "7d": ("One week", timedelta(days=7)),
}
MAXIMUM_REASON_LETTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoise(GroupCommand):
    """For `span`, one of `SPANS`, because of `reason`."""

    span: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNotNoise(GroupCommand):
    """Take that back."""


def call_noise(reads: Reads, command: CallNoise) -> Changes:
    """Record who says so, until when and why."""
    group = find_group(reads, command, command.group)
    reason = " ".join(command.reason.split())
    if command.span not in SPANS:
        message = f"Say for how long: {', '.join(SPANS)}."
        raise InvalidInput(message)
    if not reason:
        message = "Say why it needs nobody; whoever reads this later has only your words."
        raise InvalidInput(message)
    if len(reason) > MAXIMUM_REASON_LETTERS:
        message = f"The reason is {len(reason)} letters long; {MAXIMUM_REASON_LETTERS} fit."
        raise InvalidInput(message)
    until = reads.now + SPANS[command.span][1]
    labels = [feedback(reads, command, group, FeedbackKind.NOISE, reason=reason, until=until)]
    labels += not_mattered(reads, command, reads.groups.mattered(group.id))
    text = f"{group.reference} is called noise until {instant(until)}. It is shown all the same."
    return Changes(
        reply=Reply(text=text, instants=(until,)),
        groups=GroupChanges(feedback=tuple(labels)),
        deliveries=edit_of(reads, group),
    )


def call_not_noise(reads: Reads, command: CallNotNoise) -> Changes:
    """Record that, too."""
    group = find_group(reads, command, command.group)
    if reads.groups.noise(group.id, reads.now) is None:
        message = f"Nobody calls {group.reference} noise at the moment."
        raise Refused(message)
    label = feedback(reads, command, group, FeedbackKind.NOT_NOISE)
    return Changes(
        reply=Reply(text=f"{group.reference} is not called noise any more."),
        groups=GroupChanges(feedback=(label,)),
        deliveries=edit_of(reads, group),
    )
