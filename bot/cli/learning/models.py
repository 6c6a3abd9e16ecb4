"""`debrief models`: what was learnt, who let it act, and the way back."""

from typing import Annotated, Any

import typer

from analysis.errors import InvalidInput, NotFound
from analysis.people import Action, require
from analysis.wording import instant
from bot.cli.incidents.incident_verbs import JsonOption, refuse_early_json
from bot.cli.office import open_office, open_reading_office
from bot.cli.tables import table
from bot.cli.terminal import say, say_json, warn
from bot.ports.learning import SHIPPED_VERSION, ModelChoice, ModelKind, ModelVersion
from bot.usecases.learning.approve import ApproveModel, approve_model
from bot.usecases.learning.roll_back import RollBackModel, roll_back_model
from bot.usecases.learning.weights_in_force import weights_in_force
from bot.usecases.verbs import Request

_SHIPPED = frozenset({"prior", "shipped", "0"})

models = typer.Typer(rich_markup_mode=None, add_completion=False)

NumberArgument = Annotated[int, typer.Argument(metavar="VERSION", help="Its number in `debrief models`.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stays on record.")]


@models.callback(invoke_without_command=True)
def list_models(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the versions of the weights of grouping, which of them acts, and who let it.

    Example: `debrief models`, then `debrief models show 2`
    """
    refuse_early_json(context, as_json=as_json)
    if context.invoked_subcommand is not None:
        return
    with open_reading_office() as office:
        require(office.asker().person, Action.VIEW)
        with office.store.snapshots.snapshot() as reads:
            versions = reads.learning.versions(office.workspace_id, ModelKind.GROUPING)
            choices = reads.learning.choices(office.workspace_id, ModelKind.GROUPING)
            chosen = reads.learning.in_force(office.workspace_id, ModelKind.GROUPING)
            known = weights_in_force(reads, office.workspace_id)
    if known.problem:
        warn(known.problem)
    if as_json:
        value = {"in_force": known.number, "versions": [_value(one) for one in versions], "choices": _choices(choices)}
        say_json({**value, "problem": known.problem} if known.problem else value)
        return
    unused = chosen if known.problem else None
    table(("version", "made", "by", "weights", "state", "let act by"), _rows(versions, choices, known.number, unused))


@models.command("show")
def show_model(number: NumberArgument, *, as_json: JsonOption = False) -> None:
    """Print the card of a version: what it rests on, how it was judged, what moved.

    Example: `debrief models show 2 > card.md`
    """
    with open_reading_office() as office:
        require(office.asker().person, Action.VIEW)
        with office.store.snapshots.snapshot() as reads:
            version = reads.learning.version(office.workspace_id, ModelKind.GROUPING, number)
    if version is None:
        message = f"There is no version {number}. `debrief models` lists those that there are."
        raise NotFound(message)
    if as_json:
        say_json({**_value(version), "content": dict(version.content)})
        return
    say(str(version.content.get("card", "Its card cannot be read any more.")))


@models.command("approve")
def approve(number: NumberArgument, reason: ReasonOption = "") -> None:
    """Let a version act. Whoever trained it cannot; you need approver access.

    Example: `debrief models approve 2 --reason "read the card"`. The running bot takes it up with its next step, within
    seconds and without a restart.
    """
    with open_office() as office:
        command = ApproveModel(**office.asker().base(), number=number, reason=reason)
        say(office.submit(Request(use_case=approve_model, command=command)).text)


@models.command("rollback")
def roll_back(
    to: Annotated[str, typer.Argument(metavar="VERSION", help="`prior` for what is shipped, or a number.")] = "prior",
    reason: ReasonOption = "",
) -> None:
    """Go back to the shipped weights, or to a version that was approved before. Needs admin access.

    Example: `debrief models rollback`, `debrief models rollback 1 --reason "version 2 splits zones"`
    """
    number = SHIPPED_VERSION if to.lower() in _SHIPPED else _number(to)
    with open_office() as office:
        command = RollBackModel(**office.asker().base(), number=number, reason=reason)
        say(office.submit(Request(use_case=roll_back_model, command=command)).text)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < 7):
        message = f"“{word}” is no version; write `prior` or a number of `debrief models`."
        raise InvalidInput(message)
    return int(word)


def _rows(
    versions: tuple[ModelVersion, ...], choices: tuple[ModelChoice, ...], in_force: int, unused: int | None
) -> list[tuple[str, ...]]:
    """A row for each; *unused* is the version that should act and cannot."""
    by = {one.number: f"{one.person}, {instant(one.at)}" for one in choices}
    shipped = ("prior", "", "", "", "acts" if in_force == SHIPPED_VERSION else "", by.get(SHIPPED_VERSION, ""))
    return [
        shipped,
        *(
            (
                str(one.number),
                instant(one.made_at),
                one.trained_by,
                one.digest,
                "not used" if one.number == unused else _state(one, in_force, by),
                by.get(one.number, ""),
            )
            for one in versions
        ),
    ]


def _state(version: ModelVersion, in_force: int, by: dict[int, str]) -> str:
    if version.number == in_force:
        return "acts"
    if not version.is_promoted:
        return "refused by its evaluation"
    return "acted before" if version.number in by else "waits for approval"


def _value(version: ModelVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "made_at": version.made_at.isoformat(),
        "trained_by": version.trained_by,
        "digest": version.digest,
        "data_hash": version.data_hash,
        "promoted": version.is_promoted,
        "verdict": version.content.get("verdict"),
        "metrics": version.content.get("metrics"),
    }


def _choices(choices: tuple[ModelChoice, ...]) -> list[dict[str, Any]]:
    return [
        {
            "version": one.number,
            "act": one.act.value,
            "at": one.at.isoformat(),
            "person": one.person,
            "reason": one.reason,
        }
        for one in choices
    ]


COMMANDS = {"models": models}
