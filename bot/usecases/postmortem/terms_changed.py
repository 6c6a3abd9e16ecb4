"""Take an approval back where what was signed cannot be published any more, whatever the settings."""

from dataclasses import dataclass, replace

from analysis.events import EventKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Revision
from bot.usecases.asking import IncidentCommand, Wanted, announce, card, record
from bot.usecases.postmortem.approving import show_state, standing_approval
from bot.usecases.postmortem.settings_apart import published_since
from bot.usecases.postmortem.voiding import no_longer_holds

_OTHER_BYTES = (
    "this version of Debrief lays documents out otherwise than the one it was signed under, so what was signed cannot "
    "be published"
)
_ERASED = "something that it showed was erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChanged(IncidentCommand):
    """`revision` was to go to a target, where it would not be what was signed."""

    revision: Revision


def terms_changed(reads: Reads, command: TermsChanged) -> Changes:
    """Record it and post it, once for all targets: sending it again later would change nothing.

    Where a newer draft is published nobody needs another one: that is on record and not posted.
    """
    incident = reads.incident_by_number(command.workspace_id, command.number or 0)
    approval = standing_approval(reads, command.revision) if incident else None
    if incident is None or approval is None:
        return Changes()
    number = command.revision.number
    newer = published_since(reads, command.revision)
    because = _because(command.revision, newer)
    wanted = Wanted(
        kind=EventKind.APPROVAL_VOIDED,
        text=no_longer_holds(number, because) if newer is None else f"Draft {number} goes nowhere any more: {because}.",
        payload={"revision": number, "because": because},
        key=f"terms_changed:{number}",
    )
    shown = [show_state(reads, incident, command.revision), card(reads, incident)]
    if newer is None:
        shown.append(announce(reads, incident, f"{command.natural_key}:{wanted.key}", must_be_noticed=True))
    changes = record(reads, command, incident, [wanted], reply="", deliveries=shown)
    voided = replace(approval, voided_because=because)
    return replace(changes, voided_approvals=(*changes.voided_approvals, voided))


def _because(revision: Revision, newer: int | None) -> str:
    if revision.is_erased:
        return _ERASED
    return _OTHER_BYTES if newer is None else f"draft {newer} is published since"
