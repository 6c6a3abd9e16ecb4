"""Rows in columns for people, lines with tabs for programs."""

import sys
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.terminal import safe

#: A column that wraps needs room for a word.
LEAST_WRAPPED = 6
_GAP = 2


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, last_wraps: bool = True) -> None:
    """Print rows in aligned columns: the last wraps on a terminal; on a pipe every row is one line with tabs.

    On a terminal that is too narrow for the columns before it, each cell has a line.
    """
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(" ".join(safe(cell).split()) for cell in row))
        return
    cells = [[Text(safe(cell)) for cell in row] for row in rows]
    console = Console()
    if not _fits(console.width, columns, cells, last_wraps=last_wraps):
        _print_below_each_other(columns, cells)
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns, start=1):
        shown.add_column(column, no_wrap=not (last_wraps and number == len(columns)), overflow="fold")
    for texts in cells:
        shown.add_row(*texts)
    console.print(shown)


def _fits(width: int, columns: Sequence[str], cells: Sequence[Sequence[Text]], *, last_wraps: bool) -> bool:
    """Whether every column has room: one that has not would be cut, or left out without a word."""
    widths = [max([cell_len(name), *(row[number].cell_len for row in cells)]) for number, name in enumerate(columns)]
    if last_wraps:
        widths[-1] = min(widths[-1], LEAST_WRAPPED)
    return sum(widths) + _GAP * (len(widths) - 1) <= width


def _print_below_each_other(columns: Sequence[str], cells: Sequence[Sequence[Text]]) -> None:
    """Each cell on a line of its own beside its column's name, in one piece, so that it can be copied."""
    widest = max(map(cell_len, columns))
    for number, row in enumerate(cells):
        if number:
            print()
        for name, cell in zip(columns, row, strict=True):
            if cell.plain:
                print(f"{name:<{widest}}{' ' * _GAP}{cell.plain}" if name else cell.plain)
