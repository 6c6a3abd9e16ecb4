"""What an approval signs: the document, how it is rendered, for whom and where it goes, and the record behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.approval import Signatory, SignedContent, signed_hash, with_approval
from analysis.document import claim_rows
from analysis.document_tree import from_tree, is_readable
from analysis.errors import Conflict
from analysis.incident import Visibility
from bot.ports.outside import Renderer
from bot.ports.records import Approval, Revision

#: Who may read the document of a private incident.
PRIVATE_AUDIENCE = "the incident's role holders and channel members"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How this installation renders and where it publishes; part of every signature.

    A private incident is published to `private_targets` only, for its own people and nobody else.
    """

    renderer: Renderer
    targets: tuple[str, ...]
    audience: str
    private_targets: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The renderer with its templates."""
        return self.renderer.version

    def content(self, tree: Mapping[str, Any]) -> bytes:
        """The bytes that every target gets."""
        return self.renderer.render(tree, form="markdown")

    def terms(self, visibility: Visibility) -> dict[str, Any]:
        """What a document of this visibility is made with: the same record under equal terms has the same signature."""
        is_private = visibility is Visibility.PRIVATE
        return {
            "templates": self.version,
            "audience": PRIVATE_AUDIENCE if is_private else self.audience,
            "targets": list(self.private_targets if is_private else self.targets),
        }

    def targets_of(self, tree: Mapping[str, Any]) -> tuple[str, ...]:
        """Where this document goes."""
        return self.private_targets if is_private_document(tree) else self.targets

    def hash_of(self, tree: Mapping[str, Any], *, ledger_seq: int, ledger_hash: bytes) -> bytes:
        """The hash that stands for all of it."""
        content = SignedContent(
            document=tree,
            claims=claim_rows(from_tree(tree)),
            versions={"renderer": self.version},
            ledger_seq=ledger_seq,
            ledger_hash=ledger_hash,
            audience=PRIVATE_AUDIENCE if is_private_document(tree) else self.audience,
            rendered=dict.fromkeys(self.targets_of(tree), self.content(tree)),
        )
        return signed_hash(content)

    def still_holds(self, revision: Revision) -> bool:
        """Whether what would be published now is what was signed, byte for byte.

        A document of an earlier form cannot be read any more, and one that lost something to an erasure is another
        one, so neither does.
        """
        if revision.is_erased or not is_readable(revision.document):
            return False
        now = self.hash_of(revision.document, ledger_seq=revision.ledger_seq, ledger_hash=revision.ledger_hash)
        return now == revision.hash and revision.targets == self.targets_of(revision.document)

    def published_content(self, revision: Revision, approval: Approval, name: str) -> bytes:
        """The signed bytes, followed by who signed them.

        Raises
        ------
        analysis.errors.Conflict
            If they are no longer the signed bytes.
        """
        if approval.hash != revision.hash or not self.still_holds(revision):
            message = "What would be published is not what was signed; nothing was published. Draft again."
            raise Conflict(message)
        signed = with_approval(
            revision.document,
            approver=Signatory(id=approval.approver, name=name),
            approved_at=approval.approved_at,
            signature=approval.hash,
            is_alone=approval.is_alone,
        )
        return self.content(signed)


def is_private_document(tree: Mapping[str, Any]) -> bool:
    """Whether the document is for the incident's own people alone."""
    return bool(tree["visibility"] == Visibility.PRIVATE)
