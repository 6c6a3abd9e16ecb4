"""The commands, and the one place that turns errors into a sentence and an exit status."""

import sys
from collections.abc import Sequence

import typer
from pydantic import ValidationError

from analysis.errors import DebriefError, Refused, Unavailable
from bot.cli.serving import serve

USAGE_STATUS = 2
DEPENDENCY_STATUS = 3

app = typer.Typer(
    name="debrief",
    help="Keeps the record of an incident and turns it into a postmortem that a human signs.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(serve)


@app.callback()
def debrief() -> None:
    """Keeps the record of an incident and turns it into a postmortem that a human signs."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `debrief` and exit with 0 done, 1 the answer is no, 2 wrong usage, 3 a dependency is unavailable."""
    try:
        app(args=arguments)
    except Refused as error:
        _fail(error.message, USAGE_STATUS)
    except Unavailable as error:
        _fail(error.message, DEPENDENCY_STATUS)
    except DebriefError as error:
        _fail(error.message, DEPENDENCY_STATUS)
    except ValidationError as error:
        first = error.errors()[0]
        name = "DEBRIEF_" + "_".join(str(part) for part in first["loc"]).upper()
        _fail(f"{name} is not usable: {first['msg']}.", USAGE_STATUS)


def _fail(sentence: str, status: int) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(status)
