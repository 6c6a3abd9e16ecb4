"""Tell the operator, once, in the operations channel and the log."""

from dataclasses import dataclass

from bot.ports.ledger import Reads
from bot.ports.outbox import OPERATOR_LANE
from bot.ports.records import Changes, DeliveryKind, NewDelivery


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOperator:
    """One sentence that says what happened, that nothing was lost, and what to do."""

    sentence: str


def tell_operator(reads: Reads, command: TellOperator) -> Changes:
    """Queue the sentence in a lane of its own, so that no incident waits for it."""
    return Changes(deliveries=(operator_note(reads, command.sentence),))


def operator_note(reads: Reads, sentence: str) -> NewDelivery:
    """The delivery of a sentence to the operator."""
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.TELL_OPERATOR,
        lane=OPERATOR_LANE,
        arguments={"sentence": sentence},
    )
