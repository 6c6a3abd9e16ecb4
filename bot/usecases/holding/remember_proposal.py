"""Remember which message in Slack asks about a pattern, so that it is edited from now on."""

from dataclasses import dataclass, replace

from bot.ports.holding import HoldChanges, HoldPolicy
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.holding.asking import policy_message


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPosted:
    """The message about `policy`, as it is given here, is `ts`."""

    policy: HoldPolicy
    ts: str


def proposal_posted(reads: Reads, command: ProposalPosted) -> Changes:
    """Remember it; what was decided since it was composed is edited in at once."""
    now = reads.holds.policy(command.policy.workspace_id, command.policy.number)
    if now is None:
        return Changes()
    after = replace(now, ts=command.ts)
    is_current = now == command.policy
    return Changes(
        holds=HoldChanges(policies=(after,)), deliveries=() if is_current else (policy_message(reads, after),)
    )
