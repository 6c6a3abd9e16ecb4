"""Ctrl-C in a long command: whoever presses it hears how far it came, and what has become of what it did."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress, TaskID

from analysis.wording import counted
from bot.cli.terminal import StoppedError


@contextmanager
def stopping(so_far: Callable[[], str]) -> Iterator[None]:
    """Let a command that is stopped end with what *so_far* says then.

    Raises
    ------
    StoppedError
        If it is.
    """
    try:
        yield
    except KeyboardInterrupt as error:
        raise StoppedError(so_far()) from error


def done(shown: Progress, task: TaskID) -> int:
    """How many steps of *task* are done; it may have none yet."""
    return next((int(one.completed) for one in shown.tasks if one.id == task), 0)


def rows_so_far(count: int, what: str, out: Path | None) -> str:
    """What a command says that makes rows for *out*, which takes them only once it is whole, or for the terminal."""
    kept = f"; {out} is as it was before" if out and (out.is_file() or not out.exists()) else ""
    return f"Stopped after {counted(count, what)}{kept}."


def recorded_so_far(count: int, whole: int, what: str) -> str:
    """What a command says that records *whole* things in parts; the part that it was at may be on record or not."""
    return (
        f"Stopped after {count} of {counted(whole, what)} had been recorded. Run it again with the same file, and it "
        "goes on there."
    )
