"""Does anything leave that must not? Canaries in every field of a record, through the real path to an endpoint.

`python -m benchmarks.redaction [--canaries 12000] [--names 2000] [--part seen|unseen] [--data FOLDER] [--json FILE]`

Each canary and each name stands in four of the 22 fields of an incident's record that take words (`FIELDS`); they take
turns, so that every field gets every kind. The record goes through `typed`, the client of the endpoint with its gate,
and over a socket to a server that keeps every byte; the
vault goes sealed to a database. Then every canary is looked for, by code that shares nothing with the redactor, in
what the server received, in the log and in every file of the folder: as it was written, and by any eight letters or
digits in a row of its core, after all escapes, base64, hexadecimal, widths and signs are read. In files, values that
were never planted are looked for as well, because ids of rows have eight digits in a row, too.

Six values of each of 157 more kinds (`benchmarks/redaction_kinds.py`: identity numbers, accounts, telephones,
addresses, keys and names of seven countries), each in four of 37 ways of standing in a text, go through every field,
too; there each row that arrives is looked at by itself, for any five letters or digits of a value in a row.

Beside it: how much of ordinary words survives (incident records of dfds, status updates of GitHub), how precise and
complete redaction is on texts from our own templates, and what the gate alone would stop if redaction did nothing.

The parts differ in seed, in names and in templates: `unseen` was first scored after the hash of the configuration
(`--hash`) was committed. Intervals are exact (Clopper and Pearson), 95 %.
"""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from analysis.alerts.evidence_bounds import exact_interval
from benchmarks.measuring import SHARED
from benchmarks.redaction_canaries import canaries
from benchmarks.redaction_names import NAMES
from benchmarks.redaction_path import FIELDS, FIELDS_EACH, Run, run
from benchmarks.redaction_standings import Looked, look, standings
from benchmarks.redaction_texts import detected, survival
from bot.inventory.sources import redactor_hash

#: How many times as many values are looked for that were never planted, and how far from the seed theirs is.
_CONTROLS, _CONTROL = 4, 100


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--canaries", type=int, default=12_000)
    parser.add_argument("--names", type=int, default=2_000)
    parser.add_argument("--part", choices=("seen", "unseen"), default="seen")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--hash", action="store_true", help="print the hash of the configuration and end")
    arguments = parser.parse_args()
    if arguments.hash:
        print(configuration_hash())
        return
    report = measured(arguments)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def configuration_hash() -> str:
    """The hash of all that decides what leaves: every source file of the redactor and of masking."""
    return redactor_hash()


def measured(arguments: argparse.Namespace) -> dict[str, object]:
    """Everything, printed as it is found."""
    seed = {"seen": 1, "unseen": 2}[arguments.part]
    print(f"configuration {configuration_hash()}, part {arguments.part}")
    values = run(canaries(arguments.canaries, seed), canaries(_CONTROLS * arguments.canaries, seed + _CONTROL))
    _show_run("canaries", values)
    names = run(NAMES[arguments.part](arguments.names, seed + 10))
    _show_run("names", names)
    kinds = look(standings(arguments.part, seed))
    _show_kinds(kinds)
    texts = detected(arguments.part, seed + 20)
    for kind, one in texts.items():
        print(f"  {kind:>8}: recall {one['recall']}, precision {one['precision']} of {one['gold']} values")
    survived = survival(arguments.data)
    for name, one in survived.items():
        print(f"words that survive, {name}: {one}")
    return {
        "configuration": configuration_hash(),
        "part": arguments.part,
        "canaries": asdict(values),
        "names": asdict(names),
        "kinds": [[*where, left] for where, left in kinds.leaked.items()],
        "texts": texts,
        "survival": survived,
    }


def _show_run(what: str, found: Run) -> None:
    sent = f"{found.requests} requests, {found.bytes_sent:,} bytes at the sink"
    print(f"{what}: {found.planted} × {FIELDS_EACH} of {len(FIELDS)} fields, {sent}")
    for place, hits in (("sink", found.at_sink), ("log", found.in_log), ("files", found.in_files)):
        low, high = exact_interval(len(hits), found.planted)
        print(f"  {place}: {len(hits)} ({low:.4%} to {high:.4%}) {hits[:5]}")
    if found.never_planted:
        chance, of = found.by_chance, found.never_planted
        print(f"  files, by chance: {len(chance)} of {of} values that were never planted {chance[:5]}")
    print(f"  requests stopped by the gate: {found.stopped} (of redacted records)")
    print(f"  the gate alone, without redaction, would stop {found.gate_alone} of {found.gate_asked}")


def _show_kinds(found: Looked) -> None:
    """What left of values of many kinds; the same value in the same way counts once, in however many fields."""
    leaked = list(dict.fromkeys((kind, way, text) for kind, way, _, text in found.leaked))
    low, high = exact_interval(len(leaked), found.standings)
    print(f"kinds: {found.standings} values in a way, {found.requests} requests, {found.stopped} stopped by the gate")
    print(f"  sink: {len(leaked)} ({low:.4%} to {high:.4%}) in {len(found.leaked)} fields: {leaked[:8]}")


if __name__ == "__main__":
    main()
