"""What keeps a signed draft from its targets that can be put right: settings other than those it was signed with."""

from collections.abc import Iterable
from dataclasses import replace

from analysis.events import EventKind
from analysis.incident import Incident
from bot.ports.ledger import Reads
from bot.ports.records import Publication, PublicationState, Revision
from bot.usecases.postmortem.drafted import drafted_key
from bot.usecases.postmortem.signing import Signing, is_private_document

_GIT = "git"
_ON_ITS_WAY = frozenset({PublicationState.WAITING, PublicationState.FAILING})


def settings_apart(reads: Reads, incident: Incident, revision: Revision, signing: Signing) -> str:
    """Which settings keep *revision* from being published as signed, and what they were, as a clause.

    It is empty where none do, and where putting them right would not help: where this version makes other bytes of it,
    something of it was erased, or a newer draft is published.
    """
    if published_since(reads, revision) is not None:
        return ""
    audience = _audience(reads, incident, revision) or signing.audience
    # One of the two kinds of targets counts, by the document's visibility.
    as_signed = replace(signing, audience=audience, targets=revision.targets, private_targets=revision.targets)
    if not as_signed.still_holds(revision):
        return ""
    return " and ".join([*_other_audience(revision, audience, signing), *_other_targets(revision, signing)])


def told_operator(revision: Revision, apart: str) -> str:
    """What whoever runs Debrief can do about settings that are *apart*."""
    return (
        f"draft {revision.number} was signed with {apart}, so it would not be published as it was signed. The "
        "signature stays: set that back, restart, and resume; or draft again for one with the settings of now."
    )


def told_people(incident: Incident, revision: Revision, apart: str) -> str:
    """Who can do what about settings that are *apart*, for whoever waits for the document."""
    return (
        f"Draft {revision.number} of {incident.reference} is held back: it was signed with {apart}, so it would not be "
        "published as it was signed. Its approval stays. Whoever runs Debrief is told and can set that back, and then "
        "it is published; or `/incident draft` makes another with the settings of now, to be approved and published."
    )


def refused(incident: Incident, revision: Revision, apart: str) -> str:
    """Who can do what about settings that are *apart*, for whoever publishes."""
    return (
        f"Draft {revision.number} of {incident.reference} was signed with {apart}, so it would not be published as it "
        "was signed. Whoever runs Debrief can set that back; or `/incident draft` makes another with the settings of "
        "now."
    )


def held_back(reads: Reads, incident: Incident, revision: Revision, signing: Signing) -> str:
    """The settings that are apart from those of *revision*, where a target is still to get it; else empty."""
    is_waiting = any(one.state in _ON_ITS_WAY for one in reads.publications(revision.id))
    return settings_apart(reads, incident, revision, signing) if is_waiting else ""


def published_since(reads: Reads, revision: Revision, target: str | None = None) -> int | None:
    """The number of the newest draft after *revision* that is published; with *target*, and not on its way there."""
    numbers = [
        head.number
        for head in reads.revision_heads(revision.incident_id)
        if head.number > revision.number and _is_out(reads.publications(head.id), target)
    ]
    return max(numbers, default=None)


def _is_out(publications: Iterable[Publication], target: str | None) -> bool:
    states = {one.target: one.state for one in publications}
    return PublicationState.PUBLISHED in states.values() and states.get(target or "") not in _ON_ITS_WAY


def _audience(reads: Reads, incident: Incident, revision: Revision) -> str:
    """Whom it was made for, as the record says; earlier versions did not write that down."""
    about = reads.events_about(incident.id, drafted_key(incident, revision.number))
    made = [event.payload for event in about if event.kind is EventKind.DRAFTED]
    return next((str(payload["audience"]) for payload in made if "audience" in payload), "")


def _other_audience(revision: Revision, audience: str, signing: Signing) -> list[str]:
    if audience == signing.audience or is_private_document(revision.document):
        return []
    return [f"DEBRIEF_AUDIENCE “{audience}”, which is “{signing.audience}” now"]


def _other_targets(revision: Revision, signing: Signing) -> list[str]:
    now = signing.targets_of(revision.document)
    if _GIT in revision.targets and _GIT not in now:
        return ["DEBRIEF_PUBLISH_GIT_DIR, which is not set now"]
    if _GIT in now and _GIT not in revision.targets:
        return ["no DEBRIEF_PUBLISH_GIT_DIR, which is set now"]
    if now == revision.targets:
        return []
    return [f"the targets {', '.join(revision.targets)}, which are {', '.join(now)} now"]
