"""Approve that the alerts of a pattern may wait: one person, or two where it covers critical alerts."""

from dataclasses import dataclass, replace
from datetime import timedelta

from analysis.alerts.guard_rails import EXPIRY
from analysis.alerts.holding_policy import HoldingPolicy, go_live
from analysis.errors import Forbidden, Refused
from analysis.events import Source
from analysis.people import Action
from analysis.precision import Precision
from analysis.wording import counted, instant
from bot.ports.holding import OPEN_STATES, HoldChanges, HoldPolicy, PolicyState
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command, record
from bot.usecases.holding.asking import find_policy, policy_event, policy_message, workspace_log

#: No replay for so long, and what was proven then may no longer be so.
NIGHTS_OLD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveHold(Command):
    """Approve P-`policy`."""

    policy: int


def approve_hold(reads: Reads, command: ApproveHold) -> Changes:
    """Let it take effect from the next alert on, for a fortnight.

    Raises
    ------
    analysis.errors.Refused
        If it is decided already, the site was not watched for long enough, or a second person is needed.
    """
    policy = find_policy(reads, command, command.policy, Action.HOLD)
    _check(reads, command, policy)
    people = (*policy.approved_by, command.person.id)
    is_done = not policy.is_critical or len(people) > 1
    after = replace(
        policy,
        state=PolicyState.LIVE if is_done else PolicyState.SECOND,
        approved_by=people,
        changed_at=reads.now,
        expires_at=reads.now + EXPIRY if is_done else None,
    )
    text = f"Approved to hold back {policy.pattern}"
    reply = (
        f"{policy.reference} is live until {instant(after.expires_at, Precision.MINUTE)}: {policy.pattern} may wait. "
        "`noise stop` ends it for everything at once."
        if after.expires_at
        else f"{policy.reference} takes a second person, because it covers critical alerts. Nothing is held yet."
    )
    changes = record(
        reads,
        command,
        workspace_log(reads, command),
        [policy_event(after, "approved", text, person=command.person.id)],
        reply=reply,
        instants=[after.expires_at] if after.expires_at else [],
        deliveries=[policy_message(reads, after)],
    )
    return replace(changes, holds=HoldChanges(policies=(after,)))


def shadow_problem(reads: Reads, command: Command) -> str:
    """Why the site was not watched for long enough; empty if it was.

    A day on which nobody was there was not watched. Every incident counts; a sentence that said how many there were
    would tell of private ones, so it does not.
    """
    since = reads.holds.watched_since(command.workspace_id)
    incidents = reads.holds.incidents_since(command.workspace_id, since) if since else 0
    shipped = HoldingPolicy()
    days = min((reads.now - since).days, reads.holds.nights(command.workspace_id, until=reads.now)) if since else 0
    if days < shipped.least_shadow.days:
        least = shipped.least_shadow.days
        return f"Holding back has watched for {counted(days, 'day')}; it takes {least} before anything waits."
    try:
        go_live(shipped, shadowed=timedelta(days=days), incidents=incidents)
    except ValueError:
        return f"Holding back has not watched {shipped.least_shadow_incidents} incidents yet, so nothing may wait."
    return ""


def _check(reads: Reads, command: ApproveHold, policy: HoldPolicy) -> None:
    if not command.person.slack_id:
        message = "Only a person in Slack may approve this. Press Approve there, or map your login to your account."
        raise Forbidden(message)
    if policy.is_critical and command.source is not Source.SLACK:
        message = "What takes two people is approved in Slack only, because a mapped login proves nothing."
        raise Forbidden(message)
    if policy.state not in OPEN_STATES:
        message = f"{policy.reference} is {policy.state.value}, so there is nothing to approve."
        raise Refused(message)
    if command.person.id in policy.approved_by:
        message = (
            f"You approved {policy.reference} already; it takes another person, because it covers critical alerts."
        )
        raise Refused(message)
    night = reads.holds.newest_night(command.workspace_id, until=reads.now)
    if night is None or (reads.now - night.began_at).days >= NIGHTS_OLD:
        message = "The nightly replay did not run lately, so nobody knows what this would have hidden. Try tomorrow."
        raise Refused(message)
    if problem := shadow_problem(reads, command):
        raise Refused(problem)
