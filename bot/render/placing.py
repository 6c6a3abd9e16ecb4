"""The parts of a document where a layout places them, ready for the templates; and how a line of them reads."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from analysis.places import more, sections, to_look_at
from analysis.styles import STYLE, has_timeline
from bot.render.escaping import Markdown, clean, escape_markdown
from bot.render.filters import cite, is_at_odds, labels, mark

#: How words of a template stand out in Markdown, before and behind them.
_MARKS = {"strong": "**", "emphasis": "*"}
_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}
#: What a span of code cannot show in every dialect, or in a table.
_ENDS_CODE = frozenset("`|\\")
_LISTS = {"item": "list", "step": "steps"}


def laid_out(tree: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates need beside *tree*: the blocks of its layout, if it has one, with each part in its place."""
    layout = tree.get(STYLE, {}).get("layout")
    blocks = None if layout is None else list(_grouped([_block(block, tree) for block in layout]))
    return {"blocks": blocks, "has_timeline": has_timeline(tree)}


def placed_sentences(tree: Mapping[str, Any]) -> list[str]:
    """Each statement, question, header line and duration that the layout of *tree* places, as a reader must find it."""
    blocks = laid_out(tree)["blocks"] or []
    runs = [run for block in blocks for line in _lines(block) for run in line]
    found = [_plain(run) for run in runs if run["kind"] != "words"]
    for block in blocks:
        if block["kind"] == "section":
            section = block["section"]
            found += [_plain(_said("", statement)) for statement in section["statements"]]
            found += [clean(ask) for ask in section["asks"]]
        elif block["kind"] == "facts":
            found += [_plain(_said(fact["name"], {**fact, "text": fact["value"]})) for fact in tree["facts"]]
    return [sentence for sentence in found if sentence]


def runs_markdown(runs: Sequence[Mapping[str, Any]]) -> Markdown:
    """One line in Markdown: words of a template escaped and marked, parts of the document whole."""
    return Markdown("".join(_run_markdown(run) for run in runs).strip())


def words_html(run: Mapping[str, Any]) -> Markup:
    """Words of a template in HTML, escaped and marked."""
    text, tag = _shown(run["text"]), _TAGS.get(run["mark"])
    words = Markup("<{0}>{1}</{0}>").format(tag, text) if tag and text.strip() else escape(text)
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(run["link"], words) if run["link"] else words


def hashes(level: int) -> Markdown:
    """What begins a heading."""
    return Markdown("#" * level)


def _shown(text: str) -> str:
    """*text* cleaned, with a space where one parts it from what stands beside it."""
    before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    return f"{before}{clean(text)}{after}" if text.strip() else before


def _block(block: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    if block["kind"] == "place":
        return _part(block["place"], tree)
    runs = [_run(run, tree) for run in block["runs"]]
    rows = [[[_run(run, tree) for run in cell] for cell in row] for row in block["rows"]]
    return {"kind": block["kind"], "level": block["level"], "runs": runs, "rows": rows}


def _part(place: str, tree: Mapping[str, Any]) -> dict[str, Any]:
    """A part that takes lines of its own."""
    if place == "to_look_at":
        return {"kind": "to_look_at", "counted": to_look_at(tree)}
    if place == "facts":
        return {"kind": "facts"}
    section = next((one for one in sections(tree) if one["key"] == place.partition(":")[2]), None)
    return {"kind": "section", "section": section} if section else {"kind": "nothing"}


def _run(run: Mapping[str, Any], tree: Mapping[str, Any]) -> dict[str, Any]:
    if not run["place"]:
        return {"kind": "words", **run}
    name, _, rest = run["place"].partition(":")
    key, _, number = rest.rpartition(":")
    match name:
        case "title" | "number":
            return _words(str(tree[name]))
        case "severity":
            return _severity(tree)
        case "fact":
            fact = tree["facts"][int(number)]
            return _said(fact["name"], {**fact, "text": fact["value"]})
        case "duration":
            row = tree["durations"][int(number)]
            return _said(f"{row['title']}, phase {row['phase']}", row)
    section = next((one for one in sections(tree) if one["key"] == key), None)
    return _of_section(name, section, int(number)) if section else _words("")


def _of_section(name: str, section: Mapping[str, Any], number: int) -> dict[str, Any]:
    if name == "more":
        rest = more(section, number)
        return _said(rest.name, {"text": rest.where, "events": ()}) if rest else _words("")
    if name == "ask":
        return _words(section["asks"][number])
    return _said("", section["statements"][number])


def _words(text: str) -> dict[str, Any]:
    """Words of the document that cite nothing."""
    return _said("", {"text": text, "events": ()})


def _said(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the document within a line."""
    is_model = said.get("basis") == "written"
    return {"kind": "said", "name": name, "said": said, "is_model": is_model}


def _severity(tree: Mapping[str, Any]) -> dict[str, Any]:
    fact = next((one for one in tree["facts"] if one["name"] == "Severity"), None)
    if fact is None:
        return _words("no severity on record")
    return _said("", {**fact, "text": fact["value"]})


def _grouped(blocks: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """*blocks* with the lines of one list in one block."""
    for kind, group in groupby(blocks, key=lambda block: _LISTS.get(block["kind"], "")):
        if kind:
            yield {"kind": kind, "lines": [block["runs"] for block in group]}
        else:
            yield from (block for block in group if block["kind"] != "nothing")


def _lines(block: Mapping[str, Any]) -> Iterator[Sequence[Mapping[str, Any]]]:
    yield block.get("runs", ())
    yield from block.get("lines", ())
    for row in block.get("rows", ()):
        yield from row


def _run_markdown(run: Mapping[str, Any]) -> str:
    if run["kind"] == "said":
        said, name = run["said"], run["name"]
        before = f"**{escape_markdown(name)}:** " if name else ""
        by_model = " (model)" if run["is_model"] else ""
        return f"{before}{escape_markdown(said['text'])}{by_model}{cite(said['events'])}{mark(said)}"
    text, around = run["text"], _MARKS.get(run["mark"], "")
    words = escape_markdown(text)
    if not words:
        return " " if text else ""
    if run["mark"] == "code" and not _ENDS_CODE & set(text):
        words = f"`{clean(text)}`"
    words = f"{around}{words}{around}"
    shown = f"[{words}]({run['link']})" if run["link"] else words
    return f"{' ' if text[0].isspace() else ''}{shown}{' ' if text[-1].isspace() else ''}"


def _plain(run: Mapping[str, Any]) -> str:
    """A part as a reader sees it, its entries with it."""
    said = run["said"]
    before = f"{clean(run['name'])}: " if run["name"] else ""
    by_model = " (model)" if run["is_model"] else ""
    cites = f" ({labels(said['events'])})" if said["events"] else ""
    odds = " (at odds with the entries cited)" if is_at_odds(said) else ""
    return f"{before}{clean(said['text'])}{by_model}{cites}{odds}".strip()
