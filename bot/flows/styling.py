"""Laying documents out where somebody is told when a template fails."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.operator_notes import template_fails
from analysis.styles import Style
from bot.ports.ledger import Writer
from bot.ports.outside import Styled, Styling
from bot.ports.records import InboxKey
from bot.usecases.tell_operator import TellOperator, tell_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStyles:
    """Lays documents out, and tells the operator, once for each reason, where the company's template fails."""

    styles: Styling
    writer: Writer

    def version(self, style: Style) -> str:
        """As `Styling` has it."""
        return self.styles.version(style)

    def __call__(self, tree: Mapping[str, Any], style: Style) -> Styled:
        """As `Styling` has it."""
        styled = self.styles(tree, style)
        if styled.failure:
            sentence = template_fails(style.value, styled.failure)
            about = f"{self.version(style)}:{hashlib.sha256(sentence.encode()).hexdigest()}"
            key = InboxKey(source="document.template", external_id=about, body_hash=b"")
            self.writer.submit(tell_operator, TellOperator(sentence=sentence), key=key)
        return styled
