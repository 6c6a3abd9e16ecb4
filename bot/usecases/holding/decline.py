"""Decline that a pattern may wait, or end it where it does: what waits is told at once."""

from dataclasses import dataclass, replace

from analysis.errors import InvalidInput, Refused
from analysis.masking import masked
from analysis.people import Action
from bot.ports.holding import OPEN_STATES, HoldChanges, PolicyState
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command, record
from bot.usecases.holding.asking import find_policy, policy_event, policy_message, workspace_log

MAXIMUM_REASON_LETTERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineHold(Command):
    """Decline or revoke P-`policy`, because of `reason`, which may be empty."""

    policy: int
    reason: str = ""


def decline_hold(reads: Reads, command: DeclineHold) -> Changes:
    """Whoever records may say no: it makes Debrief tell more, never less."""
    policy = find_policy(reads, command, command.policy, Action.RECORD)
    reason = masked(" ".join(command.reason.split()))
    if len(reason) > MAXIMUM_REASON_LETTERS:
        message = f"The reason is {len(reason)} letters long; {MAXIMUM_REASON_LETTERS} fit."
        raise InvalidInput(message)
    if policy.state is not PolicyState.LIVE and policy.state not in OPEN_STATES:
        message = f"{policy.reference} is {policy.state.value} already."
        raise Refused(message)
    was_live = policy.state is PolicyState.LIVE
    after = replace(
        policy,
        state=PolicyState.REVOKED if was_live else PolicyState.DECLINED,
        changed_at=reads.now,
        expires_at=None,
        why=reason,
    )
    move = after.state.value
    done = "is revoked: its alerts are told, and those that waited now" if was_live else "is declined"
    changes = record(
        reads,
        command,
        workspace_log(reads, command),
        [policy_event(after, move, reason or f"{move.capitalize()} to hold back {policy.pattern}")],
        reply=f"{policy.reference} {done}.",
        deliveries=[policy_message(reads, after)],
    )
    return replace(changes, holds=HoldChanges(policies=(after,)))
