"""What an approval signs, who may give it, and what takes it back.

The signature covers the document without its approval block: the block names the signature, so it cannot be part of
it. A published file is the signed bytes followed by the block.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.chain import canonical_bytes, stamp
from analysis.errors import Forbidden
from analysis.events import EventKind, NewEvent, TimelineEvent
from analysis.incident import FOUR_EYES_SEVERITIES, Incident, Role, Severity
from analysis.people import Access, Action, Person, holds_role, require

APPROVAL = "approval"
REVISION = "revision"
_SHAPING = frozenset(
    {
        EventKind.FACT_PROMOTED,
        EventKind.FACT_UNPROMOTED,
        EventKind.WITHDRAWN,
        EventKind.RESTORED,
        EventKind.ERASED,
    }
)
#: Stands for an author whose name was erased.
UNKNOWN_AUTHOR = "unknown"
#: The events that state a severity, and where in their payload.
SEVERITY_KEYS = MappingProxyType({EventKind.DECLARED: "severity", EventKind.SEVERITY_CHANGED: "to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedContent:
    """Everything that one signature covers.

    `document` and `claims` are JSON values; `rendered` holds the bytes for each target, names put back;
    `versions` names what made them (renderer with the hash of its templates); `audience` is the visibility.
    """

    document: Mapping[str, Any]
    claims: Sequence[Mapping[str, Any]]
    waivers: Sequence[Mapping[str, Any]] = ()
    versions: Mapping[str, str]
    ledger_seq: int
    ledger_hash: bytes
    audience: str
    rendered: Mapping[str, bytes]


def signed_hash(content: SignedContent) -> bytes:
    """SHA-256 over the canonical bytes of *content*; any difference in any part gives another hash."""
    body = {
        "document": without_approval(content.document),
        "claims": list(content.claims),
        "waivers": list(content.waivers),
        "versions": dict(content.versions),
        "ledger": [content.ledger_seq, content.ledger_hash.hex()],
        "audience": content.audience,
        "targets": {target: hashlib.sha256(made).hexdigest() for target, made in content.rendered.items()},
    }
    return hashlib.sha256(b"debrief/approval/1\x00" + canonical_bytes(body)).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """An author or approver as a document names them: `id` is the ledger's actor, `name` may be unknown."""

    id: str
    name: str = ""

    @property
    def shown(self) -> str:
        """The name with the id, so that two people of one name stay two; the id alone where no name is known."""
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id


def with_revision(
    document: Mapping[str, Any], *, number: int, authors: Iterable[Signatory], ledger_seq: int, ledger_hash: bytes
) -> dict[str, Any]:
    """*document* with which draft it is, who wrote it, and the head of the record it was made from; all is signed."""
    block = {
        "number": number,
        "authors": [author.shown for author in sorted(authors, key=lambda author: author.id)],
        "row": ledger_seq,
        "head": ledger_hash.hex(),
    }
    return {**document, REVISION: block}


def without_head(document: Mapping[str, Any]) -> dict[str, Any]:
    """*document* without the head's hash, which differs from ledger to ledger of the same facts by its salts."""
    return {**document, REVISION: {**document[REVISION], "head": ""}}


def with_approval(
    document: Mapping[str, Any], *, approver: Signatory, approved_at: datetime, signature: bytes, is_alone: bool
) -> dict[str, Any]:
    """*document* with the block that the templates append."""
    block = {"by": approver.shown, "at": stamp(approved_at), "hash": signature.hex(), "is_alone": is_alone}
    return {**document, APPROVAL: block}


def without_approval(document: Mapping[str, Any]) -> dict[str, Any]:
    """*document* as it is signed."""
    return {name: value for name, value in document.items() if name != APPROVAL}


def authors_of(events: Iterable[NewEvent], requested_by: str) -> frozenset[str]:
    """Who made a revision: who asked for it, and all who decided in *events* what it says.

    Those are who promoted, tagged or took that back, withdrew, restored or erased something, or corrected somebody
    else's words; whoever did so stays an author when it is taken back. An author whose name was erased stays one, as
    `UNKNOWN_AUTHOR`.
    """
    ledger = tuple(events)
    wrote = {event.id: event.actor for event in ledger}
    shaping = [event for event in ledger if event.kind in _SHAPING or _corrects_another(event, wrote)]
    return frozenset({requested_by, *(event.actor or UNKNOWN_AUTHOR for event in shaping)})


def is_known(author: str) -> bool:
    """Whether *author* is a person of Slack, and so nobody else under another name."""
    return author.startswith("slack:")


def people_behind(authors: Iterable[str], logins: Mapping[str, str]) -> frozenset[str]:
    """*authors*, each login of the command line as the person in Slack whom *logins* say that it is by now."""
    return frozenset(logins.get(author, author) for author in authors)


def worst_severity(events: Iterable[TimelineEvent], incident: Incident) -> Severity:
    """The worst severity *incident* ever had, so that lowering it before the review lowers no bar.

    One that cannot be read any more counts as the worst there is.
    """
    rated = [event for event in events if event.kind in SEVERITY_KEYS]
    held = [
        Severity.SEV1 if event.lost_details else Severity(event.payload[SEVERITY_KEYS[event.kind]]) for event in rated
    ]
    return min((incident.severity, *held), key=lambda severity: severity.rank)


def check_approver(
    person: Person,
    incident: Incident,
    authors: frozenset[str],
    floor: frozenset[Severity] = FOUR_EYES_SEVERITIES,
    *,
    severity: Severity | None = None,
) -> bool:
    """Pass if *person* may approve a revision by *authors*, and say whether they do so alone, as its author.

    For a severity in *floor* the approver holds the approver role and is no author. Below it an approver may
    approve, or the incident commander, even alone. `severity` is the one that counts (see `worst_severity`),
    by default the incident's present one.

    Raises
    ------
    analysis.errors.NotFound
        If the incident is private and *person* may not know of it.
    analysis.errors.Forbidden
        If *person* may not approve this revision.
    """
    require(person, Action.VIEW, incident)
    counts = severity or incident.severity
    is_author = person.id in authors
    is_approver = Access.APPROVER in person.access
    if counts in floor:
        _check_four_eyes(incident, counts, is_author=is_author, is_approver=is_approver)
        _check_authors_known(incident, counts, authors)
        return False
    is_commander = holds_role(person, incident, frozenset({Role.INCIDENT_COMMANDER}))
    if is_approver or (is_commander and person.access - {Access.VIEWER}):
        return is_author
    message = f"Only an approver or the incident commander may approve {incident.reference}."
    raise Forbidden(message)


def _corrects_another(event: NewEvent, wrote: Mapping[UUID, str]) -> bool:
    return (
        event.kind is EventKind.CORRECTED
        and event.refers_to is not None
        and (not event.actor or wrote.get(event.refers_to) != event.actor)
    )


def _check_four_eyes(incident: Incident, severity: Severity, *, is_author: bool, is_approver: bool) -> None:
    if is_author:
        message = (
            f"{incident.reference} counts as {severity}, and you wrote part of this revision (asked for it, tagged a "
            "cause or promoted a fact). Somebody else with the approver role must approve it."
        )
        raise Forbidden(message)
    if not is_approver:
        message = f"{incident.reference} counts as {severity}: only a person with the approver role may approve it."
        raise Forbidden(message)


def _check_authors_known(incident: Incident, severity: Severity, authors: frozenset[str]) -> None:
    """Refuse while an author is not a person of Slack: it might be the approver under another name."""
    unknown = sorted(author for author in authors if not is_known(author))
    if unknown:
        way_out = (
            "A name that was erased stays with what that person did, so no other draft changes this. It"
            if UNKNOWN_AUTHOR in unknown
            else "Ask for another draft in Slack; where they are among its authors still, whoever runs Debrief maps "
            "each to its person in DEBRIEF_COMMAND_LINE_USERS and starts it anew, and it can be approved. Otherwise it"
        )
        message = (
            f"{incident.reference} counts as {severity}, and nobody can tell whether you are {', '.join(unknown)}, who "
            f"wrote part of this revision. {way_out} can be closed with a reason: `/incident close reason`."
        )
        raise Forbidden(message)
