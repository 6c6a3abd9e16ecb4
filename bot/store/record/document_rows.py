"""Rows of revisions, approvals and publications to records and back."""

import json
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.chain import canonical_bytes
from bot.ports.records import Approval, Publication, PublicationState, Revision, RevisionHead
from bot.store.record.mapping import Row, json_text
from bot.store.record.sealing import Sealer

#: The columns that say of a revision what they say of its record.
_PLAIN = (
    "id",
    "incident_id",
    "number",
    "hash",
    "ledger_seq",
    "ledger_hash",
    "created_at",
    "is_superseded",
    "is_erased",
)


def revision_values(revision: Revision, sealer: Sealer) -> dict[str, Any]:
    """The row of a revision."""
    content = {"document": dict(revision.document), "authors": sorted(revision.authors)}
    return {
        "id": revision.id,
        "incident_id": revision.incident_id,
        "number": revision.number,
        "hash": revision.hash,
        "ledger_seq": revision.ledger_seq,
        "ledger_hash": revision.ledger_hash,
        "cites": json_text(sorted(str(cited) for cited in revision.cites)),
        "targets": json_text(list(revision.targets)),
        "created_at": revision.created_at,
        "is_superseded": revision.is_superseded,
        "is_erased": revision.is_erased,
        "content": sealer.seal_whole("revision", canonical_bytes(content)),
    }


def to_revision(row: Row, sealer: Sealer) -> Revision:
    """The revision of a row."""
    content = json.loads(sealer.open_whole("revision", row["content"]))
    return Revision(
        **_head(row),
        document=MappingProxyType(content["document"]),
        authors=frozenset(content["authors"]),
        cites=to_cites(row["cites"]),
    )


def to_revision_head(row: Row) -> RevisionHead:
    """What the plain columns of a row say of its revision."""
    return RevisionHead(**_head(row))


def to_cites(column: str) -> frozenset[UUID]:
    """The events that a revision rests on."""
    return frozenset(UUID(cited) for cited in json.loads(column))


def approval_values(approval: Approval, sealer: Sealer) -> dict[str, Any]:
    """The row of an approval."""
    content = {"approver": approval.approver, "voided_because": approval.voided_because}
    return {
        "id": approval.id,
        "revision_id": approval.revision_id,
        "hash": approval.hash,
        "approved_at": approval.approved_at,
        "is_alone": approval.is_alone,
        "is_voided": approval.voided_because is not None,
        "content": sealer.seal_whole("approval", canonical_bytes(content)),
    }


def to_approval(row: Row, sealer: Sealer) -> Approval:
    """The approval of a row."""
    content = json.loads(sealer.open_whole("approval", row["content"]))
    return Approval(
        id=row["id"],
        revision_id=row["revision_id"],
        approver=content["approver"],
        hash=row["hash"],
        approved_at=row["approved_at"],
        is_alone=row["is_alone"],
        voided_because=content["voided_because"],
    )


def publication_values(publication: Publication, sealer: Sealer) -> dict[str, Any]:
    """The row of a publication."""
    return {
        "id": publication.id,
        "revision_id": publication.revision_id,
        "target": publication.target,
        "state": publication.state.value,
        "location": sealer.seal_whole("location", publication.where.encode()),
        "published_at": publication.published_at,
    }


def to_publication(row: Row, sealer: Sealer) -> Publication:
    """The publication of a row."""
    return Publication(
        id=row["id"],
        revision_id=row["revision_id"],
        target=row["target"],
        state=PublicationState(row["state"]),
        where=sealer.open_whole("location", row["location"]).decode(),
        published_at=row["published_at"],
    )


def _head(row: Row) -> dict[str, Any]:
    return {**{name: row[name] for name in _PLAIN}, "targets": tuple(json.loads(row["targets"]))}
