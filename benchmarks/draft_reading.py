"""Whole drafts to be read by people: every sentence of each draft beside the record, and what readers found.

`python -m benchmarks.draft_reading sheets RECORD.json … [--cassettes benchmarks/drafts] --out DIR` writes a sheet for
each record: its sentences (header, account, statements, durations, timeline, questions that quote) with the entries
they cite, numbered over all records in random order and without a word on who wrote which, so that readers judge them
blind. Sentences of a model are those that stand when its cassette is played back. `keys.jsonl` says what each is.

`python -m benchmarks.draft_reading count DIR VERDICTS.jsonl … [--out FILE]` joins what readers found, a line a sentence
(`{"id": "S1", "verdict": "supported" | "arguable" | "unsupported", "why": "…"}`), with the keys and counts it, with
exact 95 % intervals.

Example: `python -m benchmarks.draft_reading sheets ../shared/data/incidents/dfds/*.json --out reading`
"""

import argparse
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.alerts.evidence_bounds import exact_interval
from analysis.document import Basis, Document, Row, claims
from analysis.precision import Precision
from analysis.wording import instant
from benchmarks.cassettes import recorder
from benchmarks.model_drafts import account

CASSETTES = Path(__file__).parent / "drafts"
NOBODY = "http://127.0.0.1:9/v1"
TOKENS = 400
#: Fixed, so that a sheet can be made again.
SEED = 34
VERDICTS = ("supported", "arguable", "unsupported")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the sheets, or count what readers found."""
    options = _options(arguments)
    if options.verb == "sheets":
        return write_sheets(options.records, options.cassettes, options.out)
    return count(options.folder, options.verdicts, options.out)


def write_sheets(records: Sequence[Path], cassettes: Path, out: Path) -> int:
    """A sheet for each record and the keys of all sentences."""
    out.mkdir(parents=True, exist_ok=True)
    drafts = {path.stem: _document(path, cassettes) for path in records}
    found = [{"record": name, **one} for name, document in drafts.items() for one in sentences(document)]
    random.Random(SEED).shuffle(found)
    keys = [{"id": f"S{number}", **one} for number, one in enumerate(found, 1)]
    for name, document in drafts.items():
        mine = [one for one in keys if one["record"] == name]
        (out / f"{name}.md").write_text(_sheet(name, document, mine), encoding="utf-8")
    _write(out / "keys.jsonl", keys)
    print(f"{len(keys)} sentences of {len(drafts)} drafts in {out}: {dict(Counter(one['kind'] for one in keys))}")
    return 0


def sentences(document: Document) -> Iterator[dict[str, Any]]:
    """Every sentence of *document* that says something of the incident, with the kind of its author."""
    written = {
        (one.text, one.events)
        for section in document.sections
        for one in section.statements
        if one.basis is Basis.WRITTEN
    }
    for claim in claims(document):
        kind = "model" if (claim.text, claim.events) in written else "template"
        yield {"kind": kind, "section": claim.section, "text": claim.text, "cites": list(claim.events)}
    for row in document.timeline:
        yield {"kind": "timeline", "section": "timeline", "text": _told(row), "cites": [row.label]}
    for section in document.sections:
        for ask in section.asks:
            if "“" in ask:
                yield {"kind": "question", "section": section.key, "text": ask, "cites": []}


def _told(row: Row) -> str:
    return f"{instant(row.at, Precision(row.precision))}, {row.who}: {row.text}"


def _document(path: Path, cassettes: Path) -> Document:
    # Where the verifier has changed since, a cassette may lack the second question; the first one's sentences stand.
    logging.getLogger("bot.flows.writing").setLevel(logging.CRITICAL)
    with recorder(cassettes).use_cassette(f"{path.stem}.yaml"):
        return account(path, NOBODY, tokens=TOKENS).document


def _sheet(name: str, document: Document, keys: Sequence[dict[str, Any]]) -> str:
    """What a reader gets; the entries are those of the document, to find a label by, the record itself is the truth."""
    labels = [
        f"* {row.label} = {instant(row.at, Precision(row.precision))}, {row.source}: {row.said or row.text}"
        for row in document.timeline
    ]
    told = [f"* **{one['id']}** (cites {', '.join(one['cites']) or 'nothing'}): {one['text']}" for one in keys]
    return "\n".join([f"# {name}: {document.title}", "", "## Entries", "", *labels, "", "## Sentences", "", *told, ""])


def count(folder: Path, verdicts: Sequence[Path], out: Path | None) -> int:
    """Join, say what is missing, and print the shares by kind."""
    keys = {one["id"]: one for one in _rows(folder / "keys.jsonl")}
    said = {one["id"]: one for path in verdicts for one in _rows(path)}
    missing = sorted(keys.keys() - said.keys())
    if missing or any(one["verdict"] not in VERDICTS for one in said.values()):
        print(
            f"{len(missing)} sentences have no verdict, or one is none of {', '.join(VERDICTS)}: {missing[:5]}",
            file=sys.stderr,
        )
        return 1
    joined = [{**keys[key], "verdict": said[key]["verdict"], "why": said[key].get("why", "")} for key in keys]
    for kind in (*dict.fromkeys(one["kind"] for one in joined), "all"):
        _show(kind, [one for one in joined if kind in {one["kind"], "all"}])
    if out:
        _write(out, sorted(joined, key=lambda one: (one["record"], int(one["id"][1:]))))
    return 0


def _show(kind: str, rows: Sequence[dict[str, Any]]) -> None:
    for verdict in VERDICTS:
        hits = sum(one["verdict"] == verdict for one in rows)
        low, high = exact_interval(hits, len(rows))
        print(f"{kind:10} {verdict:12} {hits:4} of {len(rows):4}  {hits / len(rows):6.1%} ({low:.1%} to {high:.1%})")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    sheets = verbs.add_parser("sheets", help="write a sheet for each record")
    sheets.add_argument("records", nargs="+", type=Path)
    sheets.add_argument("--cassettes", type=Path, default=CASSETTES)
    sheets.add_argument("--out", type=Path, required=True)
    counting = verbs.add_parser("count", help="count what readers found")
    counting.add_argument("folder", type=Path)
    counting.add_argument("verdicts", nargs="+", type=Path)
    counting.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
