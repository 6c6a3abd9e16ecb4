"""How many invented sentences the verifier finds, and how many true ones it refuses.

Three judges in the same run: that the cited ids exist, the same with times, lengths and numbers, and everything.
Intervals: Wilson for a rate of sentences, and a bootstrap over whole incidents, because sentences of one incident
share its words. Nobody who mends the verifier has looked at the `unseen` halves of the second and the third set, nor at
`long-5`, `plain-4`, `plain-6` and `answers-2`; docs/benchmarks/verification.md lists each score taken on them.
"""

import gzip
import json
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.grounding.checking import check
from analysis.grounding.records import FailureCode, Ground, Sentence, Tier
from analysis.precision import Precision
from benchmarks.measuring import ROOT, SHARED, argument_parser, commit, print_table, write_json
from bot.inventory.sources import verifier_hash

SETS = ROOT / "benchmarks" / "grounding"
SPLITS = (
    *("dev", "seen", "unseen", "third-seen", "third-unseen", "plain-1", "plain-2"),
    *("plain-3", "plain-4", "plain-5", "plain-6"),
    *("long-1", "long-2", "long-3", "long-4", "long-5"),
    *("answers-1", "answers-2"),
)
_AMOUNTS = frozenset(
    {FailureCode.CITATION, FailureCode.TIME, FailureCode.DURATION, FailureCode.NUMBER, FailureCode.UNIT}
)
_DRAWS = 2_000
_SEED = 20_261_125
_EXACT = frozenset({"time", "date", "number", "duration", "unit", "cite", "citation"})

Record = Mapping[str, Ground]
Judge = Callable[[Sentence, Record], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A labelled sentence; `caught` by judge, `distance` from the events' words where the set says it."""

    id: str
    incident: str
    split: str
    family: str
    op: str
    is_true: bool
    text: str
    caught: Mapping[str, bool]
    codes: tuple[str, ...]
    distance: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Score and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED, help="the folder with grounding and incidents/dfds")
    parser.add_argument("--sets", type=Path, default=SETS, help="the folder with the second and later sets")
    parser.add_argument(
        "--splits", nargs="+", default=["dev", "seen"], choices=SPLITS, metavar="SPLIT", help=", ".join(SPLITS)
    )
    given = parser.parse_args(arguments)
    print(f"commit {commit()}, configuration {configuration_hash()[:16]}\n")
    rows = _all_rows(given.data, given.sets, set(given.splits))
    measured: dict[str, Any] = {}
    for split in given.splits:
        measured[split] = _report(split, [row for row in rows if row.split == split])
    write_json(given.json, {"commit": commit(), "configuration": configuration_hash()}, measured)
    return 0


def configuration_hash() -> str:
    """The SHA-256 of every file that decides which sentences stand, the verifier's tables among them."""
    return verifier_hash()


def _ids_exist(sentence: Sentence, record: Record) -> bool:
    return not sentence.cites or any(label not in record for label in sentence.cites)


def _amounts(sentence: Sentence, record: Record) -> bool:
    found = {failure.code for failure in check(sentence, record)} & _AMOUNTS
    return _ids_exist(sentence, record) or bool(found - {FailureCode.CITATION})


def _everything(sentence: Sentence, record: Record) -> bool:
    return bool(check(sentence, record))


JUDGES: Mapping[str, Judge] = {
    "cited ids exist": _ids_exist,
    "+ times, lengths, numbers": _amounts,
    "everything": _everything,
}


def _all_rows(data: Path, sets: Path, splits: set[str]) -> list[Row]:
    rows = []
    if "dev" in splits:
        folder = data / "grounding"
        rows += _rows(folder / "sentences.jsonl", _timelines(folder / "timelines.json"), splits)
    if splits & {"seen", "unseen"}:
        folder = data / "incidents" / "dfds"
        records = {path.stem: _dfds(path) for path in sorted(folder.glob("*.json"))}
        rows += _rows(sets / "second_set.jsonl", records, splits)
    if splits & {"third-seen", "third-unseen"}:
        records = _timelines(sets / "third_timelines.json")
        rows += _rows(sets / "third_set.jsonl", records, splits, prefix="third-")
    if splits & {"plain-1", "plain-2", "long-1", "long-2"}:
        folder = data / "incidents" / "dfds"
        records = {path.stem: _dfds(path) for path in sorted(folder.glob("*.json"))}
        records |= _timelines(data / "grounding" / "timelines.json") | _timelines(sets / "third_timelines.json")
        records |= _status_posts(data / "status" / "github_incidents.jsonl.gz")
        rows += _rows(sets / "fourth_set.jsonl", records, splits)
    if splits & {"long-3", "long-4", "long-5"}:
        records = _status_posts(data / "status" / "github_incidents.jsonl.gz")
        rows += _rows(sets / "fifth_set.jsonl", records, splits)
        rows += _rows(sets / "sixth_set.jsonl", records, splits)
    if splits & {"plain-3", "plain-4"}:
        records = _timelines(sets / "seventh_timelines.json")
        rows += _rows(sets / "seventh_set.jsonl", records, splits)
    if splits & {"plain-5", "plain-6"}:
        records = _timelines(sets / "eighth_timelines.json")
        rows += _rows(sets / "eighth_set.jsonl", records, splits)
    if splits & {"answers-1", "answers-2"}:
        rows += _rows(sets / "answers_set.jsonl", _timelines(sets / "answers_timelines.json"), splits)
    return rows


def _status_posts(path: Path) -> dict[str, Record]:
    """The posts of a status page as entries, by the id of the incident there."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {one["id"]: _posts(one["updates"]) for one in map(json.loads, file)}


def _posts(updates: Sequence[Mapping[str, str]]) -> Record:
    return {
        f"E{number}": Ground(
            at=datetime.fromisoformat(one["at"]),
            precision=Precision.MINUTE,
            text=one["message"],
            who="status page",
            tier=Tier.PROMOTED,
        )
        for number, one in enumerate(updates, 1)
    }


def _timelines(path: Path) -> dict[str, Record]:
    return {one["incident"]: _record(one["events"]) for one in json.loads(path.read_text("utf-8"))}


def _record(events: Sequence[Mapping[str, str]]) -> Record:
    return {
        one["id"]: Ground(
            at=datetime.fromisoformat(one["ts"]),
            precision=Precision.MINUTE,
            text=one["text"],
            who=one["actor"],
            tier=Tier.PROMOTED,
            kind=one["kind"],
        )
        for one in events
    }


def _dfds(path: Path) -> Record:
    timeline = json.loads(path.read_text("utf-8"))["timeline"]
    return {
        f"E{number}": Ground(
            at=datetime.fromisoformat(one["at"]),
            precision=Precision.MINUTE,
            text=one["text"],
            tier=Tier.PROMOTED,
        )
        for number, one in enumerate(timeline, 1)
    }


def _rows(path: Path, records: Mapping[str, Record], splits: set[str], *, prefix: str = "") -> list[Row]:
    """The sentences of *splits*; *prefix* tells a set's own `seen` and `unseen` from those of another set."""
    with path.open(encoding="utf-8") as file:
        return [
            _row(one, records[one["incident"]], prefix + one["split"])
            for one in map(json.loads, file)
            if prefix + one["split"] in splits
        ]


def _row(one: Mapping[str, Any], record: Record, split: str) -> Row:
    sentence = Sentence(text=one["text"], cites=tuple(one["cites"]))
    return Row(
        id=one["id"],
        incident=one["incident"],
        split=split,
        family=_family(one),
        op=one["op"] or "-",
        is_true=one["label"] == "supported",
        text=one["text"],
        caught={name: judge(sentence, record) for name, judge in JUDGES.items()},
        codes=tuple(dict.fromkeys(failure.code.value for failure in check(sentence, record))),
        distance=one.get("distance", ""),
    )


def _family(one: Mapping[str, Any]) -> str:
    op = one["op"] or ""
    if op.startswith("model"):
        return "model, true" if one["label"] == "supported" else "model, false"
    if not op:
        return "true"
    if op == "invented:short":
        return "short inventions"
    return "free inventions" if op.startswith("invented") else "edits"


def _report(split: str, rows: Sequence[Row]) -> dict[str, Any]:
    print(f"{split}: {len(rows)} sentences of {len({row.incident for row in rows})} incidents\n")
    groups = _groups(rows)
    shown, measured = [], {}
    for name, members in groups.items():
        for judge in JUDGES:
            caught = [row.caught[judge] for row in members]
            low, high = wilson(sum(caught), len(caught))
            first, last = clustered(members, judge)
            measured[f"{name} / {judge}"] = [sum(caught), len(caught), low, high, first, last]
            rate = sum(caught) / len(caught)
            shown.append(
                (
                    name,
                    judge,
                    f"{sum(caught)}/{len(caught)}",
                    f"{rate:.1%}",
                    f"{low:.1%}–{high:.1%}",
                    f"{first:.1%}–{last:.1%}",
                )
            )
    print_table(("sentences", "judge", "refused", "share", "Wilson 95 %", "by incident 95 %"), shown)
    _print_codes(rows)
    return measured


def _groups(rows: Sequence[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups["all true (false alarms)" if row.is_true else "all false (detection)"].append(row)
        groups[row.family].append(row)
        if row.distance:
            groups[f"true: {row.distance}"].append(row)
        if row.family == "edits":
            groups["edits of amounts and citations"] += [row] if row.op in _EXACT else []
            groups[f"edit: {row.op}"].append(row)
    return {name: members for name, members in sorted(groups.items()) if members}


def _print_codes(rows: Sequence[Row]) -> None:
    """Which checks refuse true sentences, since those are the price."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.is_true:
            for code in row.codes:
                counts[code] += 1
    print(
        "\nfalse alarms by check: " + (", ".join(f"{code} {n}" for code, n in sorted(counts.items())) or "none") + "\n"
    )


def wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's interval for a share."""
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def clustered(rows: Sequence[Row], judge: str) -> tuple[float, float]:
    """The 95 % interval of the share from a bootstrap that draws whole incidents."""
    by_incident: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by_incident[row.incident].append(row.caught[judge])
    clusters, chance = list(by_incident.values()), random.Random(_SEED)
    drawn = [[one for cluster in chance.choices(clusters, k=len(clusters)) for one in cluster] for _ in range(_DRAWS)]
    shares = [sum(one) / len(one) for one in drawn]
    cuts = statistics.quantiles(shares, n=40)
    return cuts[0], cuts[-1]


if __name__ == "__main__":
    sys.exit(main())
