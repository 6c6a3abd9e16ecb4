"""Are a record's drafts the same bytes every time? `python -m benchmarks.draft_bytes --runs 100 [--record FILE]`.

The record is lived through once. Then each run is a process of its own with another seed of Python's hashes, which
opens that ledger, composes the draft in every style as `debrief draft` does, a company's template in its sandbox among
them, and prints a hash of the Markdown, the HTML and the signature. One hash a style is what is wanted.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from analysis.incident_record import read_record
from analysis.styles import Style, style_of
from bot.cli.replay_run import DATABASE, KEY, live_through
from bot.late import build_signing
from bot.parts import SystemClock
from bot.render.styling import Styles, brought_source
from bot.settings import Settings
from bot.store.opening import open_store_to_read
from bot.store.workspaces import only_workspace
from bot.usecases.postmortem.composing import Composing, TemplatesAlone, gather
from bot.usecases.replaying import NUMBER

ROOT = Path(__file__).parent.parent
RECORD = ROOT / "tests/data/long_record.json"
TEMPLATE = "own.md.j2"


def main() -> int:
    """Compare the runs; 1 where a style has more than one hash."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100, help="How many processes.")
    parser.add_argument("--record", type=Path, default=RECORD, help="An incident record, as `debrief replay` reads it.")
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.folder:
        print(json.dumps(digests(asked.folder)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        entries = prepare(folder, asked.record)
        found = compare(folder, range(1, asked.runs + 1))
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{asked.record.name}: {entries} rows in its ledger, {asked.runs} processes, each with another hash seed")
    for style, counts in found.items():
        size, digest = counts.most_common(1)[0][0].split()
        print(f"{style:10} {len(counts)} different of {counts.total()}, {size} bytes of Markdown, {digest[:16]}")
    print(f"{(seconds.ru_utime + seconds.ru_stime) / asked.runs:.1f} s of CPU for a process")
    return int(any(len(counts) > 1 for counts in found.values()))


def prepare(folder: Path, record: Path) -> int:
    """Live through *record* in *folder*; how many rows its ledger has. The company's template is PagerDuty's."""
    source = brought_source(Style.PAGERDUTY)
    assert source is not None
    (folder / TEMPLATE).write_text(source, encoding="utf-8")
    return live_through(read_record(record.read_bytes()), folder, speed=None, on_step=lambda: None).entries


def compare(folder: Path, seeds: Sequence[int]) -> dict[str, Counter[str]]:
    """How often each hash came, by style: a process for each of *seeds*."""
    found: dict[str, Counter[str]] = {style.value: Counter() for style in Style}
    for seed in seeds:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.draft_bytes", "--in", str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        )
        for style, digest in json.loads(done.stdout).items():
            found[style][digest] += 1
    return found


def digests(folder: Path) -> dict[str, str]:
    """What this process makes of the ledger in *folder*: the length of the Markdown and a hash, for each style."""
    settings = Settings(database_url=f"sqlite:///{folder / DATABASE}", key_file=folder / KEY, anchors_file=None)
    signing = build_signing(settings)
    store = open_store_to_read(settings, SystemClock())
    try:
        workspace = only_workspace(store.database)
        with store.snapshots.snapshot() as reads:
            found = reads.incident_by_number(workspace, NUMBER)
            assert found is not None
            material = gather(reads, found)
    finally:
        store.close()
    styling = Styles(folder / TEMPLATE)
    composing = Composing(signing=signing, composer=TemplatesAlone(names=str), names=str, styling=styling)
    made = {}
    for style in Style:
        revision = composing(material, "cli:benchmark", style=style).revision
        assert style_of(revision.document) is style, revision.document["style"]
        forms = [signing.renderer.render(revision.document, form=form) for form in ("markdown", "html")]
        made[style.value] = f"{len(forms[0])} {hashlib.sha256(revision.hash + b''.join(forms)).hexdigest()}"
    return made


if __name__ == "__main__":
    sys.exit(main())
