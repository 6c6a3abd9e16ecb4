"""`debrief train`: learns the weights of grouping from what people said of alerts."""

import os
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from importlib.metadata import version as version_of
from typing import Annotated, Any

import typer

from analysis.alerts.prior import SHIPPED
from analysis.alerts.stored_weights import weights_of
from analysis.alerts.training import Obstacle, Training, deliveries, train
from analysis.errors import InvalidInput, Unavailable
from analysis.people import Action, require
from analysis.wording import counted, instant
from bot.cli.incidents.incident_verbs import JsonOption
from bot.cli.lazy import load
from bot.cli.learning.model_facts import figures, gain_sentence, metrics, moved, safety, verdict
from bot.cli.office import Office, open_office
from bot.cli.progress import progress
from bot.cli.terminal import say, say_json, warn
from bot.parts import SystemClock, read_service_graph
from bot.ports.learning import TrackedRun, Tracking
from bot.render.model_cards import CardRenderer
from bot.usecases.learning.labelled_history import LabelledHistory, labelled_history
from bot.usecases.learning.store_model import StoreModel, store_model
from bot.usecases.verbs import Request

DRAWS = 1000
SEED = 1
NO_TRACKING = "Tracking is off, because the extra mlops is not installed: pip install 'debrief[mlops]'."
_TOO_FEW = frozenset({Obstacle.FEW_PAIRS, Obstacle.FEW_CAUSES})
_MOST_DAYS = 3650


def train_grouping(
    days: Annotated[int, typer.Option(help="How many days back alerts are looked at.")] = 90,
    *,
    is_rehearsal: Annotated[bool, typer.Option("--dry-run", help="Train and judge, and keep nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Learn the weights of grouping from what people said, and judge them on a later part of the past.

    Example: `debrief train --days 60`. The weights act only once somebody else approves them, such as by
    `debrief models approve 1`. What counts as a label, and when weights are refused, is in
    docs/how-to/learn-from-labels.md. Exit status 1 if the shipped weights stay. Needs admin access. The same alerts and
    labels give the same weights.
    """
    if not 1 <= days <= _MOST_DAYS:
        message = f"--days is {days}; it must be between 1 and {_MOST_DAYS}."
        raise InvalidInput(message)
    with open_office() as office:
        require(office.asker().person, Action.ADMINISTER)
        known, training = _trained(office, days)
        number = 0 if is_rehearsal or _TOO_FEW & set(training.obstacles) else _stored(office, known, training, days)
    _tell(known, training, number, as_json=as_json)
    if not training.is_promoted:
        raise typer.Exit(1)


def draws(things: int) -> Iterable[Sequence[int]]:
    """The draws of the bootstrap: always the same for as many things."""
    chance = random.Random(SEED)  # noqa: S311 - a bootstrap, not cryptography
    return ([chance.randrange(things) for _ in range(things)] for _ in range(DRAWS))


def _trained(office: Office, days: int) -> tuple[LabelledHistory, Training]:
    graph = read_service_graph(office.settings.service_graph).graph
    since = SystemClock().now() - timedelta(days=days)
    with progress() as shown:
        reading = shown.add_task("Reading", total=None)
        known = labelled_history(
            office.store.snapshots,
            office.workspace_id,
            since=since,
            graph=graph,
            on_event=lambda: shown.advance(reading),
        )
        learning = shown.add_task("Grouping anew", total=deliveries(known.history) or None)
        training = train(known.history, draws=draws, on_alert=lambda: shown.advance(learning))
    return known, training


def _stored(office: Office, known: LabelledHistory, training: Training, days: int) -> int:
    asker = office.asker()
    digest = training.prior.digest()
    card = CardRenderer().render(_facts(known, training, asker.person.id))
    content = {
        "weights": weights_of(training.prior),
        "card": card,
        "metrics": metrics(training.judgement),
        "verdict": verdict(training),
        "known_digest": SHIPPED.digest(),
        "labels": dict(known.labels),
        "query": {"since": known.since.isoformat(), "until": known.until.isoformat(), "days": days},
        "code_version": version_of("debrief"),
        "seed": SEED,
    }
    command = StoreModel(
        **asker.base(),
        digest=digest,
        data_hash=known.data_hash,
        is_promoted=training.is_promoted,
        content=content,
    )
    reply = office.submit(Request(use_case=store_model, command=command))
    number = reply.number or 0
    _track(office, TrackedRun(f"version {number}", *_tracked(known, training), card))
    return number


def _tracked(
    known: LabelledHistory, training: Training
) -> tuple[Mapping[str, str], Mapping[str, float], Mapping[str, str]]:
    parameters = {"spread": f"{training.spread:g}", "pairs": str(training.pairs), "seed": str(SEED)}
    parameters |= {one["name"].replace(" ", "."): one["after"] for one in moved(training.prior)}
    measured = {name: float(value) for name, value in metrics(training.judgement).items()}
    tags = {
        "digest": training.prior.digest(),
        "data_hash": known.data_hash,
        "promoted": str(training.is_promoted).lower(),
        "code_version": version_of("debrief"),
    }
    return parameters, measured, tags


def _track(office: Office, run: TrackedRun) -> None:
    """Tell the tracking store; what is on record stays where it cannot be told."""
    tracking = open_tracking(office.settings.mlflow_uri.get_secret_value())
    if tracking is None:
        warn(NO_TRACKING)
        return
    try:
        warn(f"Tracked as {tracking.track(run)}.")
    except Unavailable as error:
        warn(f"{error.message} The version is on record all the same.")


def open_tracking(uri: str) -> Tracking | None:
    """MLflow at *uri*, which is told nothing but runs; none where the extra is not installed."""
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
    try:
        found: Tracking = load("bot.tracking.mlflow_runs").MlflowTracking(uri)
    except ImportError:
        return None
    return found


def _facts(known: LabelledHistory, training: Training, person: str) -> dict[str, Any]:
    return {
        **figures(training),
        "digest": training.prior.digest(),
        "known_digest": SHIPPED.digest(),
        "verdict": verdict(training),
        "made_at": instant(known.until),
        "trained_by": person,
        "code_version": version_of("debrief"),
        "alerts": len(known.history.alerts),
        "since": instant(known.since),
        "until": instant(known.until),
        "labels": ", ".join(f"{count} {name}" for name, count in sorted(known.labels.items())),
        "data_hash": known.data_hash,
        "draws": DRAWS,
        "seed": SEED,
    }


def _tell(known: LabelledHistory, training: Training, number: int, *, as_json: bool) -> None:
    judgement = training.judgement
    if as_json:
        say_json(
            {
                "version": number or None,
                "promoted": training.is_promoted,
                "obstacles": [one.value for one in training.obstacles],
                "pairs": training.pairs,
                "missing_pairs": training.missing_pairs,
                "missing_causes": training.missing_causes,
                "digest": training.prior.digest(),
                "data_hash": known.data_hash,
                "metrics": metrics(judgement),
            }
        )
        return
    looked = f"{counted(len(known.history.alerts), 'alert')}, {counted(training.pairs, 'confirmed pair')}"
    say(f"Looked at {looked}, {training.causes} causes before the cut and {training.judged} after it.")
    if known.ungrouped:
        waiting = (
            f"{counted(known.ungrouped, 'alert')} on record {'is' if known.ungrouped == 1 else 'are'} not grouped yet"
        )
        it = "it" if known.ungrouped == 1 else "them"
        say(f"{waiting} and not looked at; a running `debrief serve` groups {it}.")
    if judgement:
        say(f"{gain_sentence(judgement)}.")
        say(safety(judgement))
    say(verdict(training))
    if not training.is_promoted:
        say("The weights that act stay as they are.")
    if number:
        approve = f"Somebody else lets it act: debrief models approve {number}"
        say(f"Kept as version {number}. {approve if training.is_promoted else 'It cannot be approved.'}")


COMMANDS = {"train": train_grouping}
