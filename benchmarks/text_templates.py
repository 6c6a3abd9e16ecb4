"""Templates of free text, beside Drain3 where it is installed.

`python -m benchmarks.text_templates --data ../shared/data [--drain3 FOLDER]`

Two real texts with known templates: the log lines of Online Boutique with the templates that came with them (which a
Drain3 of the data set's authors found, so they favour it), and the texts of alerts by the rules of
`rules/`, filled in by the simulated storms t0, t1 and t4, whose truth is the rule. Grouping accuracy is the share of
texts whose template has exactly the texts of its truth; F1 is over pairs of texts. Time is processor time.

Drain3 0.9.1 with its default depth and a similarity of 0.4, the same masks for both; FOLDER is where
`pip install --target FOLDER drain3==0.9.1` put it. Without it one sentence says so.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from analysis.alerts.text_templates import TextTemplates, masked_words
from benchmarks.measuring import SHARED

_STORMS = ("t0_sparse", "t0_dense", "t1_sparse", "t1_dense", "t4_six_weeks")
_MOST_PER_STORM = 5_000


def main() -> None:
    """Score both on both texts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--drain3", type=Path)
    arguments = parser.parse_args()
    methods: dict[str, Callable[[list[str]], list[str]]] = {"Debrief": _ours}
    if arguments.drain3 and arguments.drain3.is_dir():
        sys.path.insert(0, str(arguments.drain3))
        methods["Drain3 0.9.1"] = _drain3
    else:
        print("Drain3 is not installed here, so only our own templates are scored.")
    for name, labelled in (("logs", _logs(arguments.data)), ("rules", _rules(arguments.data))):
        texts, truth = [text for text, _ in labelled], [label for _, label in labelled]
        for method, find in methods.items():
            started = time.process_time()
            found = find(texts)
            spent = (time.process_time() - started) / len(texts) * 1e6
            accuracy, f1 = grouping_accuracy(truth, found), pair_f1(truth, found)
            print(
                f"{name:<6} {method:<13} {len(texts):>6} texts {len(set(truth)):>4} templates"
                f" found {len(set(found)):>4}  grouping accuracy {accuracy:.3f}  F1 {f1:.3f}  {spent:.1f} µs a text"
            )


def grouping_accuracy(truth: list[str], found: list[str]) -> float:
    """The share of texts whose found template has exactly the texts of their true one."""
    pairs, true, ours = Counter(zip(truth, found, strict=True)), Counter(truth), Counter(found)
    return sum(count for (one, other), count in pairs.items() if count == true[one] == ours[other]) / len(truth)


def pair_f1(truth: list[str], found: list[str]) -> float:
    """F1 over pairs of texts: together in truth, together as found."""
    both = sum(count * (count - 1) for count in Counter(zip(truth, found, strict=True)).values())
    true = sum(count * (count - 1) for count in Counter(truth).values())
    ours = sum(count * (count - 1) for count in Counter(found).values())
    return 2 * both / (true + ours)


def _ours(texts: list[str]) -> list[str]:
    templates = TextTemplates()
    return [templates.key(text) for text in texts]


def _drain3(texts: list[str]) -> list[str]:
    from drain3.drain import Drain  # noqa: PLC0415 - not a dependency: installed apart, if at all

    drain = Drain(sim_th=0.4)
    return [str(drain.add_log_message(" ".join(masked_words(text)))[0].cluster_id) for text in texts]


def _logs(data: Path) -> list[tuple[str, str]]:
    """Log lines in their order of time, with their template's number."""
    rows = json.loads((data / "alerts" / "online_boutique" / "log" / "logs.json").read_text(encoding="utf-8"))
    found = set()
    for fault in rows.values():
        for entity, template, samples, *_ in fault:
            found.update((sample, entity, str(template)) for sample in samples)
    return [(sample.partition(" | ")[2], template) for sample, _, template in sorted(found)]


def _rules(data: Path) -> list[tuple[str, str]]:
    """Texts of alerts with their rule."""
    found = []
    for name in _STORMS:
        with gzip.open(data / "alerts" / "storm" / name / "alerts.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for _, line in zip(range(_MOST_PER_STORM), file, strict=False)]
        found.extend((row["annotations"]["summary"], row["rule"]) for row in rows)
    return found


if __name__ == "__main__":
    main()
