"""What buttons carry that are about an incident, group, signal, question or held alert: a number, and which one it is.

Once the database was brought back from a copy, numbers are given again: what an older message calls P-7 may be a
question about another rule by now, which nobody may approve by having read about this one.
"""

from uuid import UUID

from analysis.errors import InvalidInput, NeedsConfirmation
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.slack.blocks import ids
from bot.slack.context import STRANGE, SlackContext, numbered
from bot.usecases.pressed import Pressed, gone

_POLICIES = frozenset({ids.HOLD_APPROVE, ids.HOLD_DECLINE})
_GROUPS = ("group.", f"{ids.OPEN_FORM}:group_")
#: Of these the number of the incident stands before.
_SIGNALS = frozenset({ids.SIGNAL_ATTACH, ids.SIGNAL_USEFUL, ids.SIGNAL_NOT_RELATED})
_BETWEEN = "|"
#: Between the number of an incident and its id, and the id of the entry of its record that a button is about.
_OF = ":"


def value_of(number: int, row: UUID) -> str:
    """What a button about the row with this *number* carries."""
    return f"{number}{_BETWEEN}{row}"


def of_incident(incident: Incident, entry: UUID | None = None) -> str:
    """How what a button carries begins that is about *incident*, or about an *entry* of its record."""
    return _of(incident.number, incident.id, entry)


def of_question(question: NeedsConfirmation) -> str:
    """What the button carries that says yes to *question*."""
    return f"{_of(question.number, question.incident_id)}{_BETWEEN}{question.about}"


def _of(*parts: int | UUID | None) -> str:
    return _OF.join(str(one) for one in parts if one is not None)


def read_number(value: str, channel: str = "") -> tuple[int | None, Pressed | None]:
    """The number that the *value* of a form, or of a button in *channel*, begins with, and what else it says of it.

    Raises
    ------
    analysis.errors.InvalidInput
        If that is nothing of ours.
    """
    number, *rows = value.partition(_BETWEEN)[0].split(_OF)
    incident, entry = (*(_id(row) for row in rows), None, None)[:2]
    return numbered(number), Pressed(channel=channel, incident_id=incident, entry=entry)


def change_of(value: str) -> tuple[int, UUID | None]:
    """The number of a change, and which one it is; older buttons have the number alone."""
    number, _, row = value.partition(_BETWEEN)
    return numbered(number) or 0, _id(row) if row else None


def check_row(context: SlackContext, action_id: str, value: str) -> None:
    """Refuse what a button says that is about something the database does not know any more; older buttons carry less.

    Which incident is meant, every command on one checks itself.

    Raises
    ------
    analysis.errors.NotFound
        If another one has its number by now, or none.
    """
    about = value.partition(_BETWEEN)[2] if action_id in _SIGNALS else value
    number, _, row = about.partition(_BETWEEN)
    is_held = action_id == ids.HOLD_MATTERED
    is_noise = is_held or action_id in _POLICIES
    if not row or not (is_noise or action_id in _SIGNALS or action_id.startswith(_GROUPS)):
        return

    def look() -> bool:
        with context.snapshots.snapshot() as reads:
            return _is_known(reads, context.workspace_id, action_id, number, _id(row))

    if not context.look(look):
        name = "held alert" if is_held else f"{'P' if is_noise else 'G'}-{number.removeprefix('G-')}"
        raise gone(name, "noise" if is_noise else "alerts")


def _is_known(reads: Reads, workspace_id: UUID, action_id: str, number: str, row: UUID) -> bool:
    if action_id in _POLICIES:
        policy = reads.holds.policy(workspace_id, numbered(number) or 0)
        return policy is not None and policy.id == row
    if action_id == ids.HOLD_MATTERED:
        hold = reads.holds.hold(numbered(number) or 0)
        return hold is not None and hold.alert_id == row
    return reads.groups.group(row) is not None


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        raise InvalidInput(STRANGE) from None
