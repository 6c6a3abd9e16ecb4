"""What the terminal shows: results on stdout, everything else on stderr, colours and progress for people only."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from analysis.slacktext import clean


def say(sentence: str) -> None:
    """Print a result as it is."""
    print(safe(sentence))


def say_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON value on one line."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def warn(sentence: str) -> None:
    """Tell what is not a result."""
    print(safe(sentence), file=sys.stderr)


def spoken(text: str) -> str:
    """An answer that was written for Slack, with the commands of the command line."""
    return text.replace("`/incident ", "`debrief ")


def safe(text: str) -> str:
    """Text of the record without what a terminal would obey, such as escape sequences."""
    return clean(text)


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


def progress() -> Progress:
    """Progress with rate and time left on a terminal, nothing on a pipe."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def ask(question: str) -> bool:
    """Ask once for a yes on a terminal; where nobody can answer, the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{safe(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


class _Rate(ProgressColumn):
    """How many steps a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "")
