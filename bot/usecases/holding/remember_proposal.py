"""Remember which message in Slack asks about a pattern, so that it is edited from now on."""

from dataclasses import dataclass, replace

from bot.ports.holding import HoldChanges, HoldPolicy
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.holding.asking import policy_message


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPosted:
    """The message about `policy`, as it is given here, is `ts`.

    One that `was_found`, because its answer was lost, shows what was so at an earlier attempt.
    """

    policy: HoldPolicy
    ts: str
    was_found: bool = False


def proposal_posted(reads: Reads, command: ProposalPosted) -> Changes:
    """Remember it; what was decided since it was composed is edited in at once."""
    now = reads.holds.policy(command.policy.workspace_id, command.policy.number)
    if now is None:
        return Changes()
    after = replace(now, ts=command.ts)
    is_current = now == command.policy and not command.was_found
    return Changes(
        holds=HoldChanges(policies=(after,)), deliveries=() if is_current else (policy_message(reads, after),)
    )
