"""In which style a document is written: which of its parts stand in it, in which order, under which headings.

A style chooses and orders; it writes no sentence of the record. So the statements of a document, their events and their
verdicts are the same in every style, and only what is rendered differs.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from analysis.errors import InvalidInput
from analysis.slacktext import nearest
from analysis.wording import joined


class Style(StrEnum):
    """The styles that can be asked for."""

    SRE = "sre"  #: every section, as in Google's SRE book; the default
    PAGERDUTY = "pagerduty"  #: the sections of PagerDuty's public postmortem template
    SHORT = "short"  #: what, impact, when, cause and actions, on one screen
    COMPANY = "company"  #: the company's own template


#: Where the style stands in the tree, so that the signature covers it.
STYLE = "style"


def style_named(words: str) -> Style | None:
    """The style that *words* after `draft` name; none where nothing is said.

    Raises
    ------
    analysis.errors.InvalidInput
        If there is no such style.
    """
    name = words.strip().lower()
    if not name:
        return None
    names = [style.value for style in Style]
    if name not in names:
        meant = nearest(name, names)
        hint = f" Did you mean `draft {meant}`?" if meant else ""
        known = joined(names, last="or")
        message = f"“{name[:40]}” is no style of a draft; use {known}.{hint} Nothing was recorded."
        raise InvalidInput(message)
    return Style(name)


def in_style(style: Style, template: str = "", layout: object = None) -> dict[str, Any]:
    """The block of a document in *style*; `template` is the hash of what laid it out, where something did."""
    block: dict[str, Any] = {"name": style.value}
    return block if layout is None else {**block, "template": template, "layout": layout}


def instead_of(wanted: Style, template: str, because: str) -> dict[str, Any]:
    """The block of a document in the default style, made because *wanted* could not be."""
    return {"name": Style.SRE.value, "instead_of": wanted.value, "template": template, "because": _sentence(because)}


def with_style(tree: Mapping[str, Any], block: Mapping[str, Any]) -> dict[str, Any]:
    """*tree* with *block*."""
    return {**tree, STYLE: dict(block)}


def style_of(tree: Mapping[str, Any]) -> Style:
    """The style that *tree* is written in; documents from before there were several are in the default one."""
    return Style(tree.get(STYLE, {}).get("name", Style.SRE))


def wanted_style(tree: Mapping[str, Any]) -> Style:
    """The style that was asked for, which is another one where a template failed."""
    return Style(tree.get(STYLE, {}).get("instead_of") or style_of(tree))


def how_styled(tree: Mapping[str, Any]) -> str:
    """The end of a summary, with a space before it: in which style, if not the default one, and why not in another."""
    block = tree.get(STYLE, {})
    if block.get("because"):
        return f" In the style {block['name']}, because the style {block['instead_of']} failed: {block['because']}"
    return "" if style_of(tree) is Style.SRE else f" In the style {style_of(tree)}."


def style_terms(tree: Mapping[str, Any]) -> dict[str, str]:
    """What the fact that a draft was made says of its style."""
    block = tree.get(STYLE, {})
    terms = {STYLE: style_of(tree).value}
    return terms | {name: block[name] for name in ("template", "instead_of") if block.get(name)}


def has_timeline(tree: Mapping[str, Any]) -> bool:
    """Whether the timeline stands in the rendered document, so that its labels lead somewhere."""
    return stands_in(tree)("section:timeline")


def stands_in(tree: Mapping[str, Any]) -> Callable[..., bool]:
    """What says whether any of some places stands in the rendered document; all do where no layout chooses."""
    layout = tree.get(STYLE, {}).get("layout")
    if layout is None:
        return lambda *_: True
    cells = [cell for block in layout for row in block["rows"] for cell in row]
    runs = [run for runs in (*(block["runs"] for block in layout), *cells) for run in runs]
    placed = frozenset(one["place"] for one in (*layout, *runs))
    return lambda *places: not placed.isdisjoint(places)


def _sentence(because: str) -> str:
    return f"{because.strip().rstrip('.')}."
