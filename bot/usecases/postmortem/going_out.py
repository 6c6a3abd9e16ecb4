"""Whether a signed draft may still go to a target: the one answer for git and for Slack."""

import logging
from dataclasses import dataclass

from analysis.errors import Conflict
from analysis.incident import Incident
from bot.ports.ledger import Reads, Snapshots
from bot.ports.outbox import Park
from bot.ports.records import Approval, Changes, Revision
from bot.usecases.postmortem.approving import show_state
from bot.usecases.postmortem.settings_apart import published_since, settings_apart, told_operator
from bot.usecases.postmortem.signing import Signing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A draft with the approval that stands of it, and the name of who gave that."""

    incident: Incident
    revision: Revision
    approval: Approval
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBack:
    """A signed draft goes to no target now. `apart` says which settings keep it; none do where it is empty."""

    apart: str = ""


def going_out(snapshots: Snapshots, signed: Signed, target: str, signing: Signing) -> bytes | KeptBack:
    """The bytes for *target*, or why there are none.

    One that a newer draft has overtaken there goes nowhere any more. Bytes that would not be the signed ones wait for
    the settings of the signature, where those bring them back.
    """
    with snapshots.snapshot() as reads:
        # A newer one that is on its way there behind this one has not overtaken it.
        is_overtaken = published_since(reads, signed.revision, target) is not None
    if is_overtaken:
        return KeptBack()
    try:
        return signing.published_content(signed.revision, signed.approval, signed.name)
    except Conflict as error:
        log.warning("not published", extra={"revision": str(signed.revision.id), "because": error.message})
    with snapshots.snapshot() as reads:
        return KeptBack(apart=settings_apart(reads, signed.incident, signed.revision, signing))


def parked(incident: Incident, revision: Revision, apart: str) -> Park:
    """It waits until the settings that are *apart* are put right, which its offer says as well."""

    def shown(reads: Reads) -> Changes:
        return Changes(deliveries=(show_state(reads, reads.incident(incident.id) or incident, revision),))

    return Park(because=told_operator(revision, apart), whole_lane=False, follow_up=shown)
