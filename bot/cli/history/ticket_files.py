"""Files of tickets: CSV with a header, or one JSON document, read whole before anything is made of a row."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import InvalidInput
from bot.cli.history.alert_history import file_content

#: Where an export in JSON has its rows: ServiceNow's table API and its older exports, Jira's search.
_LISTS = ("result", "records", "issues")
MAXIMUM_FIELD_LETTERS = 1024 * 1024
_MOST_COLUMNS = 5000
#: How what else both systems export begins.
_OTHERS = {b"PK\x03\x04": "an Excel workbook", b"\xd0\xcf\x11\xe0": "an Excel workbook", b"<": "XML or HTML"}
#: The line by which Excel is told what stands between cells.
_SEPARATOR = re.compile('"?sep=([,;\t])"?')


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row and its place in words; a column that comes several times has all of its values in a list.

    `is_csv` is whether it is one of a table, whose times are on somebody's own clock. `names` gives fields of a JSON
    document the names that people know them by, where the document has them.
    """

    where: str
    fields: Mapping[str, Any]
    is_csv: bool
    names: Mapping[str, Any]


def read_rows(path: Path) -> list[Row]:
    """The rows of *path*.

    Raises
    ------
    InvalidInput
        If it cannot be read, or is neither CSV with a header nor a JSON document with rows.
    """
    content = file_content(path)
    begin = content.removeprefix(codecs.BOM_UTF8)
    if named := next((name for magic, name in _OTHERS.items() if begin.startswith(magic)), ""):
        message = f"{path} is {named}, which is not read; export it as CSV, or as JSON."
        raise InvalidInput(message)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        likely = "UTF-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "WINDOWS-1252"
        message = (
            f"{path} is not UTF-8 at byte {error.start}; export it as UTF-8, or convert it "
            f"(`iconv -f {likely} -t UTF-8 {path.name}`)."
        )
        raise InvalidInput(message) from error
    if "\0" in text:
        message = f"{path} has a NUL in it, so it is no export of tickets."
        raise InvalidInput(message)
    rows = list(_json_rows(path, text) if text.lstrip()[:1] in {"[", "{"} else _csv_rows(path, text))
    if not rows:
        message = f"{path} holds no tickets."
        raise InvalidInput(message)
    return rows


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        told = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        message = f"{path} is no JSON: {told}."
        raise InvalidInput(message) from error
    names: Any = value.get("names") if isinstance(value, dict) else None
    if isinstance(value, dict):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        message = f"{path} has no rows: a list, or an object with {', '.join(_LISTS)} is what exports are."
        raise InvalidInput(message)
    for place, row in enumerate(value, start=1):
        if not isinstance(row, dict):
            message = f"{path}, row {place}: it is no object."
            raise InvalidInput(message)
        known = names if isinstance(names, dict) else {}
        yield Row(where=f"row {place}", fields=row, is_csv=False, names=known)


def _csv_rows(path: Path, text: str) -> Iterator[Row]:
    """Each row by its header; a cell beyond the header is refused, because then all cells may be moved.

    Empty lines are passed over, also before the header, and so is a first line such as `sep=;`, which counts.
    """
    csv.field_size_limit(MAXIMUM_FIELD_LETTERS)
    first = text.lstrip().partition("\n")[0]
    named = _SEPARATOR.fullmatch(first.strip(" \r"))
    delimiter = named[1] if named else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines = (cells for cells in reader if any(cell.strip() for cell in cells))
        if named:
            next(lines)
        header = [name.strip() for name in next(lines, [])]
        if len(header) > _MOST_COLUMNS:
            message = f"{path} has {len(header)} columns; at most {_MOST_COLUMNS} are read."
            raise InvalidInput(message)
        for cells in lines:
            if len(cells) > len(header):
                message = f"{path}, line {reader.line_num}: it has {len(cells)} cells and the header {len(header)}."
                raise InvalidInput(message)
            yield Row(where=f"line {reader.line_num}", fields=_by_name(header, cells), is_csv=True, names={})
    except csv.Error as error:
        message = f"{path}, line {reader.line_num}: it is no CSV: {error}."
        raise InvalidInput(message) from error


def _by_name(header: list[str], cells: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        if name in found:
            known = found[name]
            found[name] = [*known, cell] if isinstance(known, list) else [known, cell]
        else:
            found[name] = cell
    return found
