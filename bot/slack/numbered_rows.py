"""What buttons about groups and questions carry: a number, and of which one it is.

Once the database was brought back from a copy, numbers are given again: what an older message calls P-7 may be a
question about another rule by now, which nobody may approve by having read about this one.
"""

from uuid import UUID

from analysis.errors import InvalidInput, NotFound
from bot.ports.ledger import Reads
from bot.slack import ids
from bot.slack.context import STRANGE, SlackContext, numbered

_POLICIES = frozenset({ids.HOLD_APPROVE, ids.HOLD_DECLINE})
_GROUPS = ("group.", f"{ids.OPEN_FORM}:group_")
_BETWEEN = "|"


def value_of(number: int, row: UUID) -> str:
    """What a button about the row with this *number* carries."""
    return f"{number}{_BETWEEN}{row}"


def check_row(context: SlackContext, action_id: str, value: str) -> None:
    """Refuse what a button says that is about something the database does not know any more; older buttons carry less.

    Raises
    ------
    analysis.errors.NotFound
        If another one has its number by now, or none.
    """
    number, _, row = value.partition(_BETWEEN)
    if not row or not (action_id in _POLICIES or action_id.startswith(_GROUPS)):
        return
    with context.snapshots.snapshot() as reads:
        is_known = _is_known(reads, context.workspace_id, action_id, numbered(number) or 0, _id(row))
    if not is_known:
        name, lists = ("P-", "noise") if action_id in _POLICIES else ("G-", "alerts")
        message = (
            f"This message is about a {name}{number} that is not on record any more, because the database was brought "
            f"back from a copy. `/incident {lists}` lists those of now."
        )
        raise NotFound(message)


def _is_known(reads: Reads, workspace_id: UUID, action_id: str, number: int, row: UUID) -> bool:
    if action_id in _POLICIES:
        policy = reads.holds.policy(workspace_id, number)
        return policy is not None and policy.id == row
    return reads.groups.group(row) is not None


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise InvalidInput(STRANGE) from None
