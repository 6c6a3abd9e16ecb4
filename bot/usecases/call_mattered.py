"""Say of an alert that was held back that it mattered after all: a label, and the end of its pattern's holding."""

from dataclasses import dataclass, replace

from analysis.errors import NotFound
from analysis.people import Action, require
from bot.ports.grouping import FeedbackKind, GroupChanges
from bot.ports.holding import OPEN_STATES, HoldChanges, HoldPolicy, PolicyState
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.usecases.asking import Command, record
from bot.usecases.asking_groups import feedback
from bot.usecases.asking_holds import news, policy_event, policy_message, workspace_log


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMattered(Command):
    """About the event `hold` that was held back."""

    hold: int


def call_mattered(reads: Reads, command: CallMattered) -> Changes:
    """Keep the label, which the nightly replay counts as an incident; its pattern is told until it is approved anew."""
    require(command.person, Action.RECORD)
    hold = reads.holds.hold(command.hold)
    group = reads.groups.group(hold.group_id) if hold else None
    if hold is None or group is None or hold.workspace_id != command.workspace_id:
        message = "That alert was not held back. `/incident noise` shows what was."
        raise NotFound(message)
    label = feedback(reads, command, group, FeedbackKind.MATTERED, alert_id=hold.alert_id)
    known = reads.holds.policies(command.workspace_id, (PolicyState.LIVE, *OPEN_STATES))
    ended = [_ended(reads, one) for one in known if one.pattern == hold.pattern]
    if not ended:
        reply = Reply(text=f"Noted: it mattered. Nothing else of {hold.pattern} is held now.")
        return Changes(reply=reply, groups=GroupChanges(feedback=(label,)))
    said = [(one, _said(one)) for one in ended]
    told = " ".join(f"{text}." for _, text in said)
    changes = record(
        reads,
        command,
        workspace_log(reads, command),
        [policy_event(one, one.state.value, text) for one, text in said],
        reply=f"Noted. {told}",
        deliveries=[*(policy_message(reads, one) for one in ended), news(reads, [told])],
    )
    return replace(changes, groups=GroupChanges(feedback=(label,)), holds=HoldChanges(policies=tuple(ended)))


def _ended(reads: Reads, policy: HoldPolicy) -> HoldPolicy:
    """What is in force is revoked; what is asked rests on a proof that holds no more, so the next night judges anew."""
    state = PolicyState.REVOKED if policy.state is PolicyState.LIVE else PolicyState.EXPIRED
    return replace(policy, state=state, changed_at=reads.now, expires_at=None, why="a held alert mattered")


def _said(policy: HoldPolicy) -> str:
    if policy.state is PolicyState.REVOKED:
        return f"{policy.reference} is revoked, because a held alert mattered: {policy.pattern} is told from now on"
    return f"{policy.reference} is asked no more, because a held alert of {policy.pattern} mattered"
