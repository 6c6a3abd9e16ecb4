"""Take an approval back where what was signed cannot be published any more: made otherwise, or for others, by now."""

from dataclasses import dataclass, replace

from analysis.events import EventKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Revision
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, record
from bot.usecases.postmortem.approving import show_state, standing_approval
from bot.usecases.postmortem.voiding import no_longer_holds

_OTHER_TERMS = (
    "the templates, audience or targets changed since it was signed, such as by an upgrade, so what was signed cannot "
    "be published"
)
_ERASED = "something that it showed was erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChanged(IncidentCommand):
    """`revision` was to go to a target, where it would not be what was signed."""

    revision: Revision


def terms_changed(reads: Reads, command: TermsChanged) -> Changes:
    """Record it and post it, once for all targets: sending it again later would change nothing."""
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    approval = standing_approval(reads, command.revision) if incident else None
    if incident is None or approval is None:
        return Changes()
    number = command.revision.number
    because = _ERASED if command.revision.is_erased else _OTHER_TERMS
    wanted = Wanted(
        kind=EventKind.APPROVAL_VOIDED,
        text=no_longer_holds(number, because),
        payload={"revision": number, "because": because},
        key=f"terms_changed:{number}",
    )
    changes = record(
        reads,
        command,
        incident,
        [wanted],
        reply="",
        deliveries=[
            show_state(reads, incident, command.revision),
            card(reads, incident),
            announce(reads, incident, f"{command.natural_key}:{wanted.key}", must_be_noticed=True),
        ],
    )
    voided = replace(approval, voided_because=because)
    return replace(changes, voided_approvals=(*changes.voided_approvals, voided))
