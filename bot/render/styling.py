"""In which style a document is laid out: one of those that Debrief brings along, or the company's own.

A layout is made once, with the draft, and is part of what is signed. So what is approved and published depends on no
template file, and a template that is changed or lost voids nothing.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import InvalidInput
from analysis.layout import Block, layout_tree, placed, read_layout
from analysis.places import missing
from analysis.styles import Style, in_style, instead_of, with_style
from bot.ports.outside import Styled
from bot.render.confined import lay_out_confined
from bot.render.escaping import clean
from bot.render.laying_out import TemplateFailure, lay_out
from bot.render.placing import placed_sentences
from bot.render.reading import plain_text
from bot.render.templates import TemplateRenderer, template_folder
from bot.render.view import outline

log = logging.getLogger(__name__)

#: The template that is rendered, where a folder of several is given.
ENTRY = "postmortem.md.j2"
ENDING = ".md.j2"
MOST_BYTES = 256 * 1024
#: A part is longer than its mark, so how often it stands there bounds the document.
MOST_TIMES = 5
_SHOWN_LETTERS = 16
NONE_SET = "no template of the company’s; set DEBRIEF_DOCUMENT_TEMPLATE to its file or folder"


class Styles:
    """Implements `bot.ports.outside.Styling`; the company's template is read anew for each draft."""

    def __init__(self, template: Path | None = None) -> None:
        """Read the styles that Debrief brings along; *template* is the company's file or folder."""
        brought = {style: brought_source(style) for style in Style}
        self._sources = {style: {style.value: source} for style, source in brought.items() if source is not None}
        self._template = template
        self._renderer = TemplateRenderer()

    def __call__(self, tree: Mapping[str, Any], style: Style) -> Styled:
        """The block that says how *tree* is laid out, and what the operator is told where that failed."""
        if style is Style.SRE:
            return Styled(block=in_style(style))
        sources: Mapping[str, str] = {}
        try:
            sources = self._sources.get(style) or company_sources(self._template)
            lay = self._company if style is Style.COMPANY else _brought
            return Styled(block=in_style(style, fingerprint(sources), layout_tree(lay(sources, tree))))
        except TemplateFailure as failure:
            because = failure.sentence
        except Exception:  # an edge: whatever a template does, there is a draft
            log.exception("document not laid out", extra={"style": style.value})
            because = "an unexpected error, which is in the log"
        return Styled(block=instead_of(style, fingerprint(sources), because), failure=because)

    def version(self, style: Style) -> str:
        """The hash of what lays *style* out as it is now; empty where nothing does."""
        try:
            sources = company_sources(self._template) if style is Style.COMPANY else self._sources.get(style, {})
        except TemplateFailure:
            return ""
        return fingerprint(sources)

    def _company(self, sources: Mapping[str, str], tree: Mapping[str, Any]) -> tuple[Block, ...]:
        """The layout of the company's template, if everything that it places is read whole in what is rendered."""
        blocks = _complete(lay_out_confined(sources, _entry(sources), tree), tree)
        styled = with_style(tree, in_style(Style.COMPANY, "", layout_tree(blocks)))
        shown = clean(plain_text(self._renderer.render(styled, form="markdown").decode()))
        if not all(sentence in shown for sentence in placed_sentences(styled)):
            # Which one is not said: the operator may not read this incident.
            raise TemplateFailure("a part of the document would not be shown whole, or without its entries")
        return blocks


def brought_source(style: Style) -> str | None:
    """The template of a style that Debrief brings along; none of one that has none of this kind."""
    path = template_folder() / "styles" / f"{style}{ENDING}"
    return _text(path) if path.exists() else None


def company_sources(template: Path | None) -> dict[str, str]:
    """The templates by name: of one file that one, of a folder all in it whose names end so, and nothing below it.

    What fails names the file and not its folder, because the document that is made instead says it.

    Raises
    ------
    TemplateFailure
        If they cannot be read, or are too large.
    """
    if template is None:
        raise TemplateFailure(NONE_SET)
    try:
        root = template.resolve(strict=True)
        found = sorted(root.glob(f"*{ENDING}")) if root.is_dir() else [root]
        # Whoever opens a pipe waits for somebody who writes into it.
        paths = [path for path in found if path.is_file()]
        # A link that leads out of the folder leads to nothing that was meant to be a template.
        sources = {path.name: _text(path) for path in paths if path.resolve().is_relative_to(root)}
    except (OSError, UnicodeDecodeError) as error:
        because = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TemplateFailure(f"{template.name} cannot be read: {because}") from error
    if sum(len(text.encode()) for text in sources.values()) > MOST_BYTES:
        raise TemplateFailure(f"{template.name} is larger than {MOST_BYTES // 1024} KB")
    if root.is_dir() and ENTRY not in sources:
        raise TemplateFailure(f"{template.name} has no {ENTRY} in it")
    if not sources:
        raise TemplateFailure(f"{template.name} cannot be read: it is no file")
    return sources


def _entry(sources: Mapping[str, str]) -> str:
    """The template that is rendered."""
    return ENTRY if ENTRY in sources else next(iter(sources))


def fingerprint(sources: Mapping[str, str]) -> str:
    """The beginning of the SHA-256 of templates; empty where there are none."""
    whole = "".join(f"{name}\0{sources[name]}\0" for name in sorted(sources))
    return hashlib.sha256(whole.encode()).hexdigest()[:_SHOWN_LETTERS] if sources else ""


def _brought(sources: Mapping[str, str], tree: Mapping[str, Any]) -> tuple[Block, ...]:
    """The layout of a style that Debrief brings along, which needs no process of its own."""
    return _complete(lay_out(sources, _entry(sources), outline(tree)), tree)


def _complete(blocks: tuple[Block, ...], tree: Mapping[str, Any]) -> tuple[Block, ...]:
    """*blocks*, if nothing is missing that must stand in a document and nothing in them is strange."""
    try:
        read_layout(layout_tree(blocks), tree)
    except InvalidInput as error:
        raise TemplateFailure(error.message) from error
    names = placed(blocks)
    often = next((name for name, times in Counter(names).items() if times > MOST_TIMES), None)
    if often:
        raise TemplateFailure(f"it places {often} more than {MOST_TIMES} times")
    lacks = missing(tree, names)
    if lacks:
        raise TemplateFailure(f"it leaves out {'; and '.join(lacks)}")
    return blocks


def _text(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as file:
        return file.read(MOST_BYTES + 1)
