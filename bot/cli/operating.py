"""What an operator does: look at the configuration, let a parked lane go on, show the demo."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import bot
from analysis.errors import InvalidInput, NotFound
from analysis.operator_notes import instant
from bot.cli.incidents.incident_verbs import JsonOption, refuse_early_json
from bot.cli.office import open_office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json, warn
from bot.settings import Settings, load_settings, unknown_settings
from bot.store.database.engine import parse_url
from bot.store.delivery.waiting import WaitingLane, lanes_that_wait
from bot.tracking.told import without_password

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
        (f"DEBRIEF_{name.upper()}", "environment" if name in given else "default", _as_set(value))
        for name, value in shown.items()
    ]
    table(("setting", "from", "value"), rows)


lanes = typer.Typer(rich_markup_mode=None, add_completion=False)


@lanes.callback(invoke_without_command=True)
def show_lanes(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the lanes with messages that wait, and why; `resume` lets a parked lane go on.

    Example: `debrief lanes`
    """
    refuse_early_json(context, as_json=as_json)
    if context.invoked_subcommand is None:
        list_lanes(as_json=as_json)


@lanes.command("list")
def list_lanes(*, as_json: JsonOption = False) -> None:
    """List the lanes with messages that wait: of which incident, how many, since when, why, and what to run.

    Example: `debrief lanes list --json`
    """
    with open_office() as office:
        waiting = lanes_that_wait(office.store.database)
    if as_json:
        say_json([_lane_value(lane) for lane in waiting])
    elif waiting:
        table(("lane", "incident", "waiting", "parked", "since", "why", "run"), [_lane_row(lane) for lane in waiting])
    else:
        say("Nothing waits.")


@lanes.command("resume")
def resume_lane(
    lane: Annotated[str | None, typer.Argument(help="Its name, as `debrief lanes` shows it.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every parked lane, such as after a new token.")] = False,
) -> None:
    """Let a parked lane go on, its parked messages first.

    Example: `debrief lanes resume operator`, once the bot is back in the channel.
    """
    if every is (lane is not None):
        message = "Name one lane, as `debrief lanes` shows it, or say --all."
        raise InvalidInput(message)
    with open_office() as office:
        known = {one.key: one for one in lanes_that_wait(office.store.database)}
        if lane is not None and lane not in known:
            message = f"No message waits in a lane {lane}. `debrief lanes` lists those that have some."
            raise NotFound(message)
        chosen = [one for one in known.values() if (one.command if every else one.key == lane)]
        for one in chosen:
            again = office.store.outbox.resume(one.key)
            say(f"{one.key} goes on: {again} parked messages wait again, {one.waiting} behind them.")
    if not chosen:
        say("No lane is parked.")


def _lane_value(lane: WaitingLane) -> dict[str, Any]:
    return {
        "lane": lane.key,
        "incidents": lane.incidents,
        "waiting": lane.waiting,
        "unknown": lane.unknown,
        "parked": lane.parked,
        "since": lane.since.isoformat() if lane.since else None,
        "because": lane.because,
        "command": lane.command,
    }


def _lane_row(lane: WaitingLane) -> tuple[str, ...]:
    because = f"{lane.because}; it may have arrived, and is looked for" if lane.unknown else lane.because
    return (
        lane.key,
        ", ".join(f"#{number}" for number in lane.incidents),
        str(lane.waiting),
        str(lane.parked),
        instant(lane.since) if lane.since else "",
        because or "waits for its turn",
        lane.command or "nothing, it goes on by itself",
    )


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
    # In our place, so that Ctrl-C and `kill` reach the demo itself, which takes seconds to end what it has started.
    sys.stdout.flush()
    os.chdir(root)
    os.execv(sys.executable, [sys.executable, "-m", "demo.run", *arguments])  # noqa: S606 - no shell is wanted


def _as_set(value: Any) -> str:  # noqa: ANN401 - as `_shown` gives it
    """A value as it is written in the environment."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _shown(name: str, value: Any) -> Any:  # noqa: ANN401 - any setting
    """A setting as it may be seen."""
    if name == "database_url":
        return parse_url(str(value)).render_as_string(hide_password=True)
    if name == "mlflow_uri":
        return without_password(value.get_secret_value())
    if hasattr(value, "get_secret_value"):
        return "(hidden)" if value.get_secret_value() else ""
    if isinstance(value, dict):
        return {str(key): _shown("", each) for key, each in value.items()}
    if isinstance(value, frozenset | tuple):
        return [_shown("", each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    return value if isinstance(value, bool | int | float) or value is None else str(value)


COMMANDS = {"config": config, "lanes": lanes, "demo": demo}
