"""What every use case about holding back shares: find a policy, put what was decided on record, tell people."""

from collections.abc import Sequence
from typing import Any

from analysis.chain import stamp
from analysis.errors import NotFound
from analysis.events import EventKind
from analysis.incident import WORKSPACE_LOG_NUMBER, Incident
from analysis.people import Action, require
from bot.ports.holding import HoldPolicy, Proof
from bot.ports.ledger import Reads
from bot.ports.records import DeliveryKind, NewDelivery
from bot.usecases.asking import Command, Wanted
from bot.usecases.groups.messages import EDITS_LANE, POSTS_LANE


def find_policy(reads: Reads, command: Command, number: int, action: Action) -> HoldPolicy:
    """The policy that people call P-*number*, once the person may do *action*.

    Raises
    ------
    analysis.errors.NotFound
        If there is none.
    """
    require(command.person, action)
    policy = reads.holds.policy(command.workspace_id, number)
    if policy is None:
        message = f"There is no P-{number}. `/incident noise` lists what may be held and what is asked."
        raise NotFound(message)
    return policy


def workspace_log(reads: Reads, command: Command) -> Incident:
    """Where decisions about holding back are put on record."""
    log = reads.incident_by_number(command.workspace_id, WORKSPACE_LOG_NUMBER)
    if log is None:
        message = f"the workspace {command.workspace_id} has no log"
        raise LookupError(message)
    return log


def policy_event(policy: HoldPolicy, move: str, text: str, **more: Any) -> Wanted:  # noqa: ANN401 - JSON values
    """The fact that something was decided about *policy*, with the proof that it rests on."""
    payload = {
        "move": move,
        "policy": policy.reference,
        "pattern": str(policy.pattern),
        "state": policy.state.value,
        "until": stamp(policy.expires_at) if policy.expires_at else "",
        "critical": policy.is_critical,
        "proof": _proof(policy.proof),
        **more,
    }
    return Wanted(kind=EventKind.HOLDING_CHANGED, text=text, payload=payload, key=f"{move}:{policy.reference}")


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "held": proof.held,
        "days": proof.days,
        "windows": proof.windows,
        "incidents": proof.incidents,
        "upper": "" if proof.upper is None else f"{proof.upper:.4f}",
        "replay": proof.replay,
        "called": proof.called,
    }


def policy_message(reads: Reads, policy: HoldPolicy, *, is_new: bool = False) -> NewDelivery:
    """Post the question about a policy, or edit it to what is so now."""
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.HOLD_PROPOSAL,
        lane=POSTS_LANE if is_new else EDITS_LANE,
        arguments={"policy": policy.number},
        coalesce=f"hold-policy:{policy.id}",
        is_post=is_new,
    )


def news(reads: Reads, sentences: Sequence[str]) -> NewDelivery:
    """Tell on-call leads something about holding back."""
    return NewDelivery(
        id=reads.new_id(),
        kind=DeliveryKind.HOLD_NEWS,
        lane=POSTS_LANE,
        arguments={"sentences": list(sentences)},
        is_post=True,
    )
