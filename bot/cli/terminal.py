"""What the terminal shows as plain text: results on stdout, everything else on stderr."""

import codecs
import io
import json
import sys
from typing import Any, TextIO

from analysis.slacktext import clean


class StoppedError(Exception):
    """Somebody stopped the command; the message says how far it came."""

    def __init__(self, message: str) -> None:
        """Say so in one sentence."""
        super().__init__(message)
        self.message = message


def say(sentence: str) -> None:
    """Print a result as it is."""
    print(safe(sentence))


def say_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print one JSON value on one line."""
    print(json.dumps(value, ensure_ascii=False, default=str))


def warn(sentence: str) -> None:
    """Tell what is not a result."""
    print(safe(sentence), file=sys.stderr)


def take_every_letter(stream: TextIO) -> None:
    """Let *stream* fail on no letter: what was recorded must not be followed by an error about how it is shown.

    A terminal keeps its encoding and shows an escape; files and pipes get UTF-8, which is what JSON is.
    """
    if not isinstance(stream, io.TextIOWrapper) or codecs.lookup(stream.encoding).name == "utf-8":
        return
    if stream.isatty():
        stream.reconfigure(errors="backslashreplace")
    else:
        stream.reconfigure(encoding="utf-8")


def spoken(text: str) -> str:
    """An answer that was written for Slack, with the commands of the command line."""
    return text.replace("`/incident ", "`debrief ")


def safe(text: str) -> str:
    """Text of the record without what a terminal would obey, such as escape sequences."""
    return clean(text)


def ask(question: str) -> bool:
    """Ask once for a yes on a terminal; where nobody can answer, the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{safe(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
