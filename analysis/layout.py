"""How a style lays out a document: blocks of its own words, and places for the parts of the document.

A place is named, such as `section:impact` or `statement:impact:0`; what stands there is filled in by the renderer from
the document itself. So a layout holds no word of the record, and nothing in it can alter one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.document_tree import plain, typed
from analysis.errors import InvalidInput
from analysis.evidence import is_safe_link
from analysis.places import is_block, places

MOST_BLOCKS = 10_000


class BlockKind(StrEnum):
    """What a block is."""

    HEADING = "heading"  #: of a level from 2, since the document's title is the first
    PARAGRAPH = "paragraph"  #: words and places on one line
    QUOTE = "quote"  #: what people are asked for
    ITEM = "item"  #: one line of a list with dots
    STEP = "step"  #: one line of a list with numbers
    RULE = "rule"  #: a line across
    TABLE = "table"  #: its first row is the head
    PLACE = "place"  #: a part of the document that stands on lines of its own


class Mark(StrEnum):
    """How words of a template stand out."""

    PLAIN = ""  #: they do not
    STRONG = "strong"  #: important
    EMPHASIS = "emphasis"  #: stressed
    CODE = "code"  #: as they are typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some words of the template, or the name of a place within a line."""

    text: str = ""
    mark: Mark = Mark.PLAIN
    link: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block; which fields count is said by its kind."""

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    level: int = 0
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    place: str = ""


def layout_tree(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The JSON form of a layout."""
    return [plain(block) for block in blocks]


def read_layout(value: object, tree: Mapping[str, Any]) -> tuple[Block, ...]:
    """The layout that `layout_tree` made *value* from, if every place in it is one of *tree*.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is not: whoever made it is not trusted.
    """
    if not isinstance(value, list):
        message = "What the template makes is no layout."
        raise InvalidInput(message)
    if len(value) > MOST_BLOCKS:
        message = f"It makes more than {MOST_BLOCKS:,} blocks."
        raise InvalidInput(message)
    try:
        blocks = tuple(typed(Block, {**plain(_EMPTY), **each}) for each in value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = "What the template makes is no layout."
        raise InvalidInput(message) from error
    known = places(tree)
    strange = [place for place in placed(blocks) if place not in known]
    strange += [block.place for block in blocks if (block.kind is BlockKind.PLACE) != is_block(block.place)]
    strange += [run.place for block in blocks for run in _runs(block) if is_block(run.place)]
    strange += [run.link for block in blocks for run in _runs(block) if run.link and not is_safe_link(run.link)]
    if strange:
        message = f"“{strange[0][:80]}” cannot stand where the template has it."
        raise InvalidInput(message)
    return blocks


def placed(blocks: Sequence[Block]) -> list[str]:
    """The names of all places of a layout, in reading order."""
    return [name for block in blocks for name in (block.place, *(run.place for run in _runs(block))) if name]


def _runs(block: Block) -> Iterator[Run]:
    yield from block.runs
    for row in block.rows:
        for cell in row:
            yield from cell


_EMPTY = Block(kind=BlockKind.RULE)
