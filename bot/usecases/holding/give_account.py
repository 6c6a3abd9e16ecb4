"""Give on-call leads the week's account of noise, once a week."""

from dataclasses import dataclass
from uuid import UUID

from analysis.events import EventKind
from analysis.incident import WORKSPACE_LOG_NUMBER
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.usecases.asking import Command, Wanted, record
from bot.usecases.groups.messages import POSTS_LANE
from bot.usecases.holding.asking import workspace_log


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveAccount(Command):
    """Of the ISO week `week`, such as `2026-W48`."""

    week: str


def give_account(reads: Reads, command: GiveAccount) -> Changes:
    """Post it, unless the log says that it was given."""
    log = workspace_log(reads, command)
    if is_given(reads, command.workspace_id, command.week):
        return Changes()
    text = f"Account of noise for {command.week}"
    wanted = Wanted(kind=EventKind.HOLDING_CHANGED, text=text, payload={"move": "account"}, fact=_fact(command.week))
    message = NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.NOISE_ACCOUNT,
        lane=POSTS_LANE,
        arguments={"week": command.week},
        is_post=True,
    )
    return record(reads, command, log, [wanted], reply="", deliveries=[message])


def is_given(reads: Reads, workspace_id: UUID, week: str) -> bool:
    """Whether the log says that the account of *week* was given."""
    log = reads.incident_by_number(workspace_id, WORKSPACE_LOG_NUMBER)
    return log is not None and reads.has_event(log.id, _fact(week))


def _fact(week: str) -> str:
    return f"noise-account:{week}"
