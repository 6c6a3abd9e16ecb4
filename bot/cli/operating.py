"""What an operator does: look at the configuration, let a parked lane go on, show the demo."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import bot
from analysis.errors import InvalidInput, NotFound
from bot.cli.incident_verbs import JsonOption
from bot.cli.office import open_office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json, warn
from bot.settings import Settings, load_settings, unknown_settings
from bot.store.engine import parse_url
from bot.store.waiting import lanes_that_wait

NO_DEMO = "The demo is part of the source, not of an installation. Instead: debrief replay INCIDENT.json --out DIR"


def config(*, as_json: JsonOption = False) -> None:
    """Show the settings in force, and which of them the environment sets; secrets stay hidden.

    Example: `debrief config --json`
    """
    settings = load_settings()
    for sentence in unknown_settings(os.environ):
        warn(sentence)
    shown = {name: _shown(name, getattr(settings, name)) for name in Settings.model_fields}
    given = settings.model_fields_set
    if as_json:
        say_json({f"DEBRIEF_{name.upper()}": value for name, value in shown.items()})
        return
    rows = [
        (f"DEBRIEF_{name.upper()}", "environment" if name in given else "default", "" if value is None else str(value))
        for name, value in shown.items()
    ]
    table(("setting", "from", "value"), rows)


lanes = typer.Typer(rich_markup_mode=None)


@lanes.callback(invoke_without_command=True)
def show_lanes(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the lanes with messages that wait, and why; `resume` lets a parked lane go on.

    Example: `debrief lanes`
    """
    if context.invoked_subcommand is None:
        list_lanes(as_json=as_json)


@lanes.command("list")
def list_lanes(*, as_json: JsonOption = False) -> None:
    """List the lanes with messages that wait, and why.

    Example: `debrief lanes list --json`
    """
    with open_office() as office:
        waiting = lanes_that_wait(office.store.database)
    if as_json:
        say_json(
            [{"lane": one.key, "waiting": one.waiting, "parked": one.parked, "because": one.because} for one in waiting]
        )
    elif waiting:
        rows = [(one.key, str(one.waiting), str(one.parked), one.because) for one in waiting]
        table(("lane", "waiting", "parked", "because"), rows)
    else:
        say("Nothing waits.")


@lanes.command("resume")
def resume_lane(lane: Annotated[str, typer.Argument(help="Its name, as `debrief lanes` shows it.")]) -> None:
    """Let a parked lane go on, its parked messages first.

    Example: `debrief lanes resume operator`, once the bot is back in the channel.
    """
    with open_office() as office:
        known = {one.key: one for one in lanes_that_wait(office.store.database)}
        if lane not in known:
            message = f"No message waits in a lane {lane}. `debrief lanes` lists those that have some."
            raise NotFound(message)
        again = office.store.outbox.resume(lane)
    say(f"{lane} goes on: {again} parked messages wait again, {known[lane].waiting} behind them.")


def demo(
    *,
    headless: Annotated[bool, typer.Option("--headless", help="Without a browser: scripted people approve.")] = False,
) -> None:
    """Live through a real public incident in a Slack stand-in in the browser, as `make demo` does.

    Example: `debrief demo`, in a checkout. It ends with a draft that waits for your approval.
    """
    root = Path(bot.__file__).resolve().parents[1]
    if not (root / "demo" / "run.py").is_file():
        raise InvalidInput(NO_DEMO)
    arguments = ["--headless"] if headless else []
    done = subprocess.run([sys.executable, "-m", "demo.run", *arguments], cwd=root, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


def _shown(name: str, value: Any) -> Any:  # noqa: ANN401 - any setting
    """A setting as it may be seen."""
    if name == "database_url":
        return parse_url(str(value)).render_as_string(hide_password=True)
    if hasattr(value, "get_secret_value"):
        return "(hidden)" if value.get_secret_value() else ""
    if isinstance(value, dict):
        return {str(key): _shown("", each) for key, each in value.items()}
    if isinstance(value, frozenset | tuple):
        return [_shown("", each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    return value if isinstance(value, bool | int | float) or value is None else str(value)


COMMANDS = {"config": config, "lanes": lanes, "demo": demo}
