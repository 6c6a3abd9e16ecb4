"""The Markdown that a template makes, read as a layout: headings, paragraphs, quotations, flat lists, tables, lines.

HTML is text here, and so is everything of Markdown that is not named above. What would hide a part of the document,
such as the text of a link or of code, is refused rather than shown in part.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from analysis.evidence import is_safe_link
from analysis.layout import Block, BlockKind, Mark, Run, placed
from analysis.places import is_block
from bot.render.view import BEGIN, END, MARK, mark

_LEVELS = (2, 4)
_TEXT = frozenset({"text", "text_special", "softbreak", "hardbreak"})
#: How much of a line is repeated where it is refused, and what stands there for parts of the document.
_SHOWN_LETTERS = 60
_PLACED = re.compile(f"{BEGIN}[^{END}]*{END}?|{END}")
#: Blocks of Markdown that are refused, in words.
_REFUSED = {"fence": "a block of code", "image": "a picture, which its reader's browser would fetch"}


class MisplacedError(Exception):
    """What a template makes cannot be laid out; the text says why, as a clause."""


@dataclass(slots=True)
class _Line:
    """What is gathered of one line of the document."""

    runs: list[Run] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def add(self, text: str, mark_: Mark = Mark.PLAIN) -> None:
        """Words, with the parts that are placed among them."""
        at = 0
        for found in MARK.finditer(text):
            self._words(text[at : found.start()], mark_)
            self._place(found[0], found[1], is_plain=mark_ is Mark.PLAIN)
            at = found.end()
        self._words(text[at:], mark_)

    def _words(self, text: str, mark_: Mark) -> None:
        if BEGIN in text or END in text:
            raise MisplacedError("a filter changes a part of the document, which stands there whole or not at all")
        if text:
            shown = mark_ or (self.marks[-1] if self.marks else Mark.PLAIN)
            self.runs.append(Run(text=text, mark=shown, link=self.links[-1] if self.links else ""))

    def _place(self, whole: str, place: str, *, is_plain: bool) -> None:
        if whole != mark(place):
            raise MisplacedError("a filter changes a part of the document, which stands there whole or not at all")
        if self.marks or self.links or not is_plain:
            raise MisplacedError(f"{place} stands within code, a link or stressed words; let it stand by itself")
        self.runs.append(Run(place=place))


def read_markdown(text: str) -> tuple[Block, ...]:
    """The layout that *text* means.

    Raises
    ------
    MisplacedError
        If it holds what no layout can.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.disable(["code", "reference", "lheading", "html_block", "html_inline"]).parse(text)
    blocks: list[Block] = []
    for around, token in _lines(tokens):
        try:
            blocks += _blocks(around, token, tokens)
        except MisplacedError as error:
            raise MisplacedError(f"{error}{_where(token, text)}") from error
    _check_shown(text, blocks)
    return tuple(blocks)


def _where(token: Token, text: str) -> str:
    """In which line, and what stands there, since a template with a loop has not as many lines as what it makes."""
    if token.map is None:
        return ""
    lines = text.splitlines()[token.map[0] : token.map[1]]
    shown = next((line.strip() for line in lines if line.strip()), "")
    words = _PLACED.sub("…", shown)[:_SHOWN_LETTERS]
    return f" (line {token.map[0] + 1} of what it makes{f': “{words}”' if words else ''})"


def plain_text(markdown: str) -> str:
    """What a reader sees of a whole document, a line for each of its lines and cells."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    lines = [token for token in reader.parse(markdown) if token.type == "inline"]
    return "\n".join(
        "".join(" " if one.type in {"softbreak", "hardbreak"} else one.content for one in line.children or ())
        for line in lines
    )


def _lines(tokens: Sequence[Token]) -> Iterator[tuple[tuple[Token, ...], Token]]:
    """Each token that becomes a block, with the tokens that are open around it; a table is one, by its beginning."""
    around: list[Token] = []
    for token in tokens:
        is_in_table = any(one.type == "table_open" for one in around)
        if token.type in {"table_open", "hr", *_REFUSED} or (token.type == "inline" and not is_in_table):
            yield tuple(around), token
        if token.nesting == 1:
            around.append(token)
        elif token.nesting == -1:
            around.pop()


def _kind(around: Sequence[Token]) -> tuple[BlockKind, int]:
    match [one.type.removesuffix("_open") for one in around]:
        case ["heading"]:
            return BlockKind.HEADING, min(max(int(around[0].tag[1:]), _LEVELS[0]), _LEVELS[1])
        case ["paragraph"]:
            return BlockKind.PARAGRAPH, 0
        case ["blockquote", "paragraph"]:
            return BlockKind.QUOTE, 0
        case ["bullet_list", "list_item", "paragraph"]:
            return BlockKind.ITEM, 0
        case ["ordered_list", "list_item", "paragraph"]:
            return BlockKind.STEP, 0
    raise MisplacedError("a list or quotation stands within another one")


def _blocks(around: Sequence[Token], token: Token, tokens: Sequence[Token]) -> Iterator[Block]:
    if token.type in _REFUSED:
        raise MisplacedError(f"it has {_REFUSED[token.type]}")
    if token.type == "table_open":
        if around:
            raise MisplacedError("a table stands within a list or quotation")
        yield Block(kind=BlockKind.TABLE, rows=tuple(_rows(tokens, tokens.index(token))))
        return
    if token.type == "hr":
        yield Block(kind=BlockKind.RULE)
        return
    kind, level = _kind(around)
    runs = _runs(token)
    parts = [run for run in runs if run.place or run.text.strip()]
    if kind is BlockKind.PARAGRAPH and parts and all(is_block(run.place) for run in parts):
        yield from (Block(kind=BlockKind.PLACE, place=run.place) for run in parts)
    elif parts:
        _check_inline(parts)
        yield Block(kind=kind, level=level, runs=runs)


def _check_shown(text: str, blocks: Sequence[Block]) -> None:
    """Refuse what Markdown drops without a word: whoever placed a part there believes that it is shown."""
    lost = Counter(found[1] for found in MARK.finditer(text)) - Counter(placed(blocks))
    if lost:
        raise MisplacedError(
            f"{next(iter(lost))} stands where Markdown shows nothing, such as a link's title or a cell beyond the "
            "head of its table"
        )


def _rows(tokens: Sequence[Token], at: int) -> Iterator[tuple[tuple[Run, ...], ...]]:
    row: list[tuple[Run, ...]] = []
    for token in tokens[at:]:
        if token.type == "table_close":
            return
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(_runs(token))
            _check_inline(row[-1])
        elif token.type == "tr_close":
            yield tuple(row)


def _runs(token: Token) -> tuple[Run, ...]:
    line = _Line()
    for child in token.children or ():
        match child.type:
            case "strong_open" | "em_open":
                line.marks.append(Mark.STRONG if child.type == "strong_open" else Mark.EMPHASIS)
            case "strong_close" | "em_close":
                line.marks.pop()
            case "link_open":
                line.links.append(_link(str(child.attrs.get("href", ""))))
            case "link_close":
                line.links.pop()
            case "code_inline":
                line.add(child.content, Mark.CODE)
            case name if name in _TEXT:
                line.add(child.content or " ")
            case name:
                raise MisplacedError(f"it has {_REFUSED.get(name, name)}")
    return tuple(line.runs)


def _link(href: str) -> str:
    if not is_safe_link(href) or BEGIN in unquote(href):
        message = (
            f"the link to {href[:80]} is not plain https, which has no port, `#`, bracket or user name, or has a part "
            "of the document in it"
        )
        raise MisplacedError(message)
    return href


def _check_inline(runs: Sequence[Run]) -> None:
    block = next((run.place for run in runs if is_block(run.place)), None)
    if block is not None:
        raise MisplacedError(f"{block} takes lines of its own; let it stand in a paragraph by itself")
