"""Rows in columns for people, lines with tabs for programs."""

import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.terminal import safe


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, last_wraps: bool = True) -> None:
    """Print rows in aligned columns: the last wraps on a terminal; on a pipe every row is one line with tabs."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(" ".join(safe(cell).split()) for cell in row))
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns, start=1):
        shown.add_column(column, no_wrap=not (last_wraps and number == len(columns)), overflow="fold")
    for row in rows:
        shown.add_row(*(Text(safe(cell)) for cell in row))
    Console().print(shown)
