"""A document as Markdown, through the real templates."""

from collections.abc import Mapping
from typing import Any

from analysis.document import Document
from analysis.document_tree import to_tree
from bot.render.templates import TemplateRenderer


def render(document: Document | Mapping[str, Any]) -> str:
    """Return the document as it would be published."""
    tree = to_tree(document) if isinstance(document, Document) else document
    return TemplateRenderer().render(tree, form="markdown").decode()
