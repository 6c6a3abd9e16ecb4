"""Rounds of the canary set against a real model, kept in cassettes that the tests play back with the server gone.

`python -m benchmarks.canary_rounds first --state DIR --url http://127.0.0.1:18080/v1`, then `again`, then `other`. Each
asks the whole set as `debrief canary` does: what the endpoint can do, then the five records. `first` is accepted, so
that the later two are compared with it; DIR keeps the database between them. Serve `qwen` with `benchmarks.local_model`
for the first two, and `smollm` on the same port for `other`: another model under the same name.

A cassette is written once and never typed. What a round saw is printed as it is stored.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from analysis.events import Source
from analysis.people import Access, Person
from benchmarks.cassettes import FOLDER, recorder, sign
from benchmarks.local_model import ALIAS, MODELS
from bot.late import build_canaries
from bot.parts import SystemClock, open_workspace
from bot.ports.inventory import CanaryRun
from bot.ports.outside import Clock
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.usecases.inventory.accept_canary import AcceptCanary, accept_canary

CANARY_CASSETTES = FOLDER / "canaries"
#: Each round by name, and the model that was served for it.
ROUNDS = {"first": "qwen", "again": "qwen", "other": "smollm"}
SCRIPT = "python -m benchmarks.canary_rounds"
WORKSPACE = "T0"
ASKER = Person(id="command:canary-rounds", access=frozenset({Access.ADMIN}))
#: A small model on a busy core takes minutes; how long an answer takes is no subject here.
PATIENCE_SECONDS = 600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask one round and record it; 1 where it is on record already or nothing was answered."""
    options = _options(arguments)
    tape = CANARY_CASSETTES / f"{options.round}.yaml"
    if tape.exists():
        print(f"{tape} is there already; remove it to record it anew.", file=sys.stderr)
        return 1
    options.state.mkdir(parents=True, exist_ok=True)
    settings, clock = settings_for(options.url, options.state), SystemClock()
    store = open_store(settings, clock, prepare=upgrade)
    try:
        with recorder(CANARY_CASSETTES, mode="once").use_cassette(tape.name):
            run = ask(settings, store, clock)
        if run.behaviour is not None and options.round == "first":
            accept(store, run)
    finally:
        store.close()
    sign(tape, MODELS[ROUNDS[options.round]], script=SCRIPT)
    print(json.dumps({"outcome": run.outcome.value, **run.content}, ensure_ascii=False, indent=1))
    return 0 if run.behaviour is not None else 1


def settings_for(url: str, folder: Path) -> Settings:
    """The settings of a site with the model at *url*, its database and key in *folder*."""
    return Settings(
        database_url=f"sqlite:///{folder / 'debrief.db'}",
        key_file=folder / "debrief.key",
        anchors_file=None,
        llm_base_url=url,
        llm_model=ALIAS,
        llm_networks=("127.0.0.0/8",),
        llm_patience_seconds=PATIENCE_SECONDS,
        inventory_owners={"all": "this benchmark"},
    )


def ask(settings: Settings, store: Store, clock: Clock) -> CanaryRun:
    """One round, compared with what was accepted."""
    workspace_id = open_workspace(store, WORKSPACE, "")
    return build_canaries(settings, store, clock).run(workspace_id, ASKER, source=Source.COMMAND_LINE)


def accept(store: Store, run: CanaryRun) -> str:
    """Accept what *run* saw, and what is answered to that."""
    command = AcceptCanary(
        person=ASKER,
        workspace_id=run.workspace_id,
        natural_key=f"accept:{uuid4()}",
        source=Source.COMMAND_LINE,
        run_id=run.id,
        reason="the first round",
    )
    return store.writer.submit(accept_canary, command).result().text


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("round", choices=ROUNDS)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--url", default="http://127.0.0.1:18080/v1")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
