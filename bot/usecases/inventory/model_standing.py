"""Whether the language model may be asked: somebody answers for all that sends, and it behaves as it was accepted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from analysis.incident import Incident, Visibility
from analysis.inventory.things import SENDING, without_owner
from analysis.wording import instant, joined
from bot.ports.inventory import ModelStanding, StandingAct
from bot.ports.ledger import Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Governed:
    """The model of the settings: `subject` names it at its endpoint, `owners` are as the settings name them.

    With `may_see_private` it is also asked about private incidents.
    """

    subject: str
    may_see_private: bool = False
    owners: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def problem_about(reads: Reads, incident: Incident, governed: Governed) -> str:
    """Why the model may not be asked about *incident*, as a sentence; empty where it may."""
    return _kept_private(incident, governed) or problem(reads, incident.workspace_id, governed)


def problem(reads: Reads, workspace_id: UUID, governed: Governed) -> str:
    """Why the model may not be asked, as a sentence; empty where it may."""
    return ownerless(governed) or switched_off(reads.inventory.standing(workspace_id, governed.subject))


def ownerless(governed: Governed) -> str:
    """That nobody answers for a part of what sends; empty where somebody does for each."""
    missing = without_owner(governed.owners)
    if not missing:
        return ""
    whose = "" if len(missing) == len(SENDING) else f" of {joined([thing.value for thing in missing])}"
    return f"The model is not asked, because DEBRIEF_INVENTORY_OWNERS names no owner{whose}."


def switched_off(standing: ModelStanding | None) -> str:
    """That it is off, since when and why; empty where it is not."""
    if standing is None or standing.act is not StandingAct.SWITCHED_OFF:
        return ""
    return (
        f"Drafting with the model is off since {instant(standing.at)}, because of what the canary set saw of it; it "
        "stays off until somebody accepts what is seen with `debrief canary --accept`."
    )


def _kept_private(incident: Incident, governed: Governed) -> str:
    """That a private incident stays here; empty where it is public, or the settings let the model see private ones."""
    if incident.visibility is Visibility.PUBLIC or governed.may_see_private:
        return ""
    return "The incident is private, of which nothing is sent to a model unless DEBRIEF_LLM_PRIVATE_INCIDENTS is set."
