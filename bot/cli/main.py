"""The commands, and the one place that turns errors into a sentence and an exit status."""

import errno
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from analysis.errors import DebriefError, InvalidInput, NeedsConfirmation, Refused
from bot.cli.commands import MODULES, SUMMARIES
from bot.cli.lazy import lazy_group
from bot.cli.terminal import StoppedError, spoken, take_every_letter, warn

NO_STATUS = 1
USAGE_STATUS = 2
DEPENDENCY_STATUS = 3
STOPPED_STATUS = 130
_ANY_NUMBER = -1
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: What the library says of a value, and how people say it.
_PLAINLY = {
    "Value error, ": "",
    "Input should be a valid integer, unable to parse string as an integer": "it must be a whole number",
    "Input should be a valid number, unable to parse string as a number": "it must be a number",
}

log = logging.getLogger(__name__)

app = typer.Typer(
    name="debrief",
    cls=lazy_group(MODULES, SUMMARIES),
    help="Keeps the record of an incident and turns it into a postmortem that a human signs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(is_asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if is_asked:
        from importlib.metadata import version  # noqa: PLC0415 - slow to import, and seldom asked for

        typer.echo(f"debrief {version('debrief')}")
        raise typer.Exit


@app.callback()
def debrief(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", callback=_tell_version, is_eager=True)
    ] = False,
) -> None:
    """Keeps the record of an incident and turns it into a postmortem that a human signs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `debrief` and exit with 0 done, 1 the answer is no, 2 wrong usage, 3 a dependency is unavailable."""
    logging.getLogger().addHandler(logging.NullHandler())  # a command answers for itself; `serve` logs in its own way
    take_every_letter(sys.stdout)
    with _tidy_when_terminated():
        sys.exit(_run(arguments))


@contextmanager
def _tidy_when_terminated() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does, so that it takes away what it had begun; `serve` has its own way."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        status = int(app(args=arguments, prog_name="debrief", standalone_mode=False) or 0)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # the only exit that typer makes by itself is for a broken pipe
        return _unread()
    except DebriefError as error:
        warn(spoken(error.message))
        return status_of(error)
    except (StoppedError, typer.Abort, KeyboardInterrupt) as error:
        warn(error.message if isinstance(error, StoppedError) else "Stopped.")
        return STOPPED_STATUS
    except typer.TyperException as error:
        return _misused(error)
    except Exception as error:  # the edge of the process: a person gets a sentence, the log the rest
        log.exception("command failed")
        warn(_unforeseen(error))
        return DEPENDENCY_STATUS
    return status


def _unforeseen(error: Exception) -> str:
    """What to say of an error that no part of a command answered for."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        what = error.filename or "what this prints"
        return (
            f"{what} could not be written whole: {error.strerror}. What is recorded stays so; make room before you run "
            "it again."
        )
    return f"Something went wrong that Debrief did not foresee ({type(error).__name__}: {error})."


def status_of(error: DebriefError) -> int:
    """The exit status that an error of ours stands for."""
    if isinstance(error, InvalidInput | NeedsConfirmation):
        return USAGE_STATUS
    return NO_STATUS if isinstance(error, Refused) else DEPENDENCY_STATUS


def _misused(error: typer.TyperException) -> int:
    """Wrong usage, in one sentence with where to look."""
    context = getattr(error, "ctx", None)
    if context is not None and type(error).__name__ == "NoArgsIsHelpError":
        warn(context.get_help())
        return USAGE_STATUS
    told = " ".join(getattr(error, "format_message", lambda: str(error))().split())
    for words, plain in _PLAINLY.items():
        told = told.replace(words, plain)
    path = context.command_path if context else "debrief"
    sentence = told if told.endswith("?") else f"{told.rstrip('.')}."
    warn(" ".join(filter(None, (sentence, _hint(error, told), f"`{path} --help` shows how it is used."))))
    return USAGE_STATUS


def _hint(error: typer.TyperException, told: str) -> str:
    """What helps whom the sentence alone does not: which incidents there are, and where a dash may stand."""
    context = getattr(error, "ctx", None)
    kind = type(error).__name__
    if kind == "MissingParameter" and "'--incident'" in told:
        return "Name it, such as --incident 12; `debrief list` shows the open ones."
    if kind != "NoSuchOption" or context is None:
        return ""
    if context.parent is None:
        return "Options come after the command."
    takes_words = any(one.nargs == _ANY_NUMBER for one in context.command.params)
    return "Words that begin with a dash come after --." if takes_words else ""


def _unread() -> int:
    """Whoever read our output has seen enough; Python would complain once more when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
