"""What becomes of a real model's sentences: drafts of records with a model, and how many of its sentences stand.

`python -m benchmarks.model_drafts RECORD.json … --url http://127.0.0.1:18080/v1 --cassettes DIR --out rows.jsonl`

Each record is lived through in a database of its own, and its account is asked for by the real flow: redacted, gated,
judged, asked for once more. What the model answers is kept in a cassette for each record, so that the run can be
interrupted and taken up again: what is in a cassette is not asked anew. Serve the model with `benchmarks.local_model`.
The cassettes of the tests are recorded anew by

    python -m benchmarks.model_drafts tests/data/drafting/*.json --url … --cassettes tests/data/cassettes

after the old ones are removed. A row says for each sentence whether it stands and which checks it failed.
"""

import argparse
import itertools
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.events import EventKind
from analysis.incident_record import read_record
from benchmarks.cassettes import recorder, sign
from benchmarks.local_model import ALIAS
from bot.cli.replay_run import DATABASE, KEY, WORKSPACE, live_through
from bot.late import build_author
from bot.parts import SystemClock
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import open_store
from bot.usecases.postmortem.composing import Material, TemplatesAlone, Written, gather
from bot.usecases.replaying import NUMBER

#: A real model on a busy core takes minutes; the deadline of drafts is no subject here.
PATIENCE_SECONDS = 600.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a row for each record, and the shares at the end."""
    options = _options(arguments)
    rows = []
    for path in options.records:
        row = drafted(path, options.url, options.cassettes, tokens=options.tokens, mode=options.mode)
        rows.append(row)
        line = json.dumps(row, ensure_ascii=False)
        print(f"{path.stem}: {row['kept']} of {row['asked']} stand {row['because']}", file=sys.stderr, flush=True)
        if options.out:
            with options.out.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    print(json.dumps(summed(rows)))
    return 0


def drafted(path: Path, url: str, cassettes: Path, *, tokens: int, mode: str) -> dict[str, Any]:
    """The account of one record as a row."""
    tape = cassettes / f"{path.stem}.yaml"
    with recorder(cassettes, mode=mode).use_cassette(tape.name):
        written = account(path, url, tokens=tokens)
    if tape.exists() and mode != "none":
        sign(tape)
    block = written.block
    said = [
        {name: one[name] for name in ("events", "section", "said", "text", "attempt", "failures")}
        for one in block["verdicts"]
    ]
    return {"record": path.stem, **{name: block[name] for name in ("asked", "kept", "because")}, "said": said}


def account(path: Path, url: str, *, tokens: int) -> Written:
    """What the flow makes of the record at *path*."""
    record = read_record(path.read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        live_through(record, Path(folder), speed=None, on_step=lambda: None)
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / DATABASE}",
            key_file=Path(folder) / KEY,
            anchors_file=None,
            llm_base_url=url,
            llm_model=ALIAS,
            llm_networks=("127.0.0.0/8",),
            llm_answer_tokens=tokens,
            llm_patience_seconds=PATIENCE_SECONDS,
            inventory_owners={"all": "this benchmark"},
        )
        clock = SystemClock()
        store = open_store(settings, clock, prepare=upgrade)
        try:
            with store.snapshots.snapshot() as reads:
                incident = reads.incident_by_number(store.workspace(WORKSPACE, ""), NUMBER)
                assert incident is not None
                material = _undrafted(gather(reads, incident))
            document = TemplatesAlone(names=str)(material.incident, material.events)
            return build_author(settings, store, clock)(material, document, until=None)
        finally:
            store.close()


def _undrafted(material: Material) -> Material:
    """The record as it is when its first draft is written, which alone moves it to “in review”."""
    events = itertools.takewhile(lambda event: event.kind is not EventKind.DRAFTED, material.events)
    return replace(material, events=tuple(events))


def summed(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Shares over all records."""
    failed = Counter(code for row in rows for one in row["said"] for code in set(one["failures"]))
    firsts = [one for row in rows for one in row["said"] if one["attempt"] == 1]
    return {
        "records": len(rows),
        "without_model": sum(not row["kept"] for row in rows),
        "sentences": sum(row["asked"] for row in rows),
        "stand": sum(row["kept"] for row in rows),
        "stand_at_first": sum(not one["failures"] for one in firsts),
        "failures": dict(failed.most_common()),
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("records", nargs="+", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:18080/v1")
    parser.add_argument("--cassettes", type=Path, required=True)
    parser.add_argument("--tokens", type=int, default=400)
    parser.add_argument("--mode", choices=("none", "new_episodes"), default="new_episodes")
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
