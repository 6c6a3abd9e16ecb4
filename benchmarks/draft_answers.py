"""How prompts and schema are validated: by what a real model answered to exactly these questions.

`python -m benchmarks.draft_answers RECORD.json … [--cassettes benchmarks/drafts]` looks at each kept question and
answer: whether today's prompts and schema ask it so, to the letter; whether the answer can be read by the schema; and
whether each entry that it cites was in the list that it had to choose from. With records their drafts are made anew
from the cassettes, which says how many sentences stand with today's verifier, and how blind readers judged those
(`benchmarks/drafts/sentences*.jsonl`). What it prints is what
`analysis/inventory/validations.py` has of these versions.

Example: `python -m benchmarks.draft_answers ../shared/data/incidents/dfds/*.json`
"""

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.errors import InvalidInput
from analysis.writing.answers import Part, Proposed, parse
from benchmarks.draft_reading import CASSETTES, NOBODY, TOKENS, VERDICTS
from benchmarks.measuring import share_of
from benchmarks.model_drafts import drafted
from bot.flows.model.questions import Terms, question_of
from bot.inventory.sources import schema_version, verifier_version
from bot.ports.model import Prompts
from bot.render.prompts import PromptTemplates

#: Three readings, by others each time: of the drafts at score 11, of those at score 15, and of those to the next
#: question at score 18, among the sentences of able writers.
READINGS = tuple(CASSETTES / name for name in ("sentences.jsonl", "sentences-again.jsonl", "sentences-able.jsonl"))
#: libyaml where it is there: cassettes are long.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kept question and its answer.

    `prompts_ask` and `schema_asks` say whether today's code asks exactly so; `said` is nothing where the answer cannot
    be read; `listed` counts the citations of entries from the list, of all that are `cited`.
    """

    record: str
    is_first: bool
    prompts_ask: bool
    schema_asks: bool
    said: tuple[Proposed, ...] | None
    listed: int = 0
    cited: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the versions and the figures; 1 where a question is not asked so any more."""
    options = _options(arguments)
    asked = list(kept(options.cassettes, PromptTemplates()))
    print(f"prompts {PromptTemplates().version}, schema {schema_version()}, verifier {verifier_version()}")
    print(figures(asked))
    if options.records:
        print(figures_of_sentences(options.records, options.cassettes))
    is_asked_so = all(one.prompts_ask and one.schema_asks for one in asked)
    if not is_asked_so:
        print("Not every question is asked so any more: record the cassettes anew.", file=sys.stderr)
    return 0 if is_asked_so else 1


def kept(folder: Path, prompts: Prompts) -> Iterator[Asked]:
    """Every question in the cassettes of *folder*, held against *prompts* and the schema of today."""
    for path in sorted(folder.glob("*.yaml")):
        for talk in yaml.load(path.read_text(encoding="utf-8"), _LOADER)["interactions"]:  # noqa: S506 - a safe one
            question, answer = json.loads(talk["request"]["body"]), json.loads(talk["response"]["body"]["string"])
            yield _asked(path.stem, question, answer["choices"][0], prompts)


def figures(asked: Sequence[Asked]) -> str:
    """What the answers themselves say, in one sentence, without any verifier."""
    firsts = sum(one.is_first for one in asked)
    readable = [one for one in asked if one.said is not None]
    said = sum(len(one.said or ()) for one in readable)
    listed, cited = sum(one.listed for one in readable), sum(one.cited for one in readable)
    prompts, schemas = sum(one.prompts_ask for one in asked), sum(one.schema_asks for one in asked)
    return (
        f"{len({one.record for one in asked})} records and a small model: {prompts} of {len(asked)} kept questions are "
        f"asked so by these prompts and {schemas} with this schema, {firsts} of them for an account and "
        f"{len(asked) - firsts} for refused sentences; {share_of(len(readable), len(asked))} answers have the form, "
        f"and {share_of(listed, cited)} citations in their {said} sentences are of entries that were listed"
    )


def figures_of_sentences(records: Sequence[Path], cassettes: Path) -> str:
    """How many sentences stand today in drafts of *records*, and what readers held of these."""
    # Where the verifier has changed since, a cassette may lack the second question; the first one's sentences stand.
    logging.getLogger("bot.flows.writing").setLevel(logging.CRITICAL)
    rows = [drafted(path, NOBODY, cassettes, tokens=TOKENS, mode="none") for path in records]
    stand, given = sum(row["kept"] for row in rows), sum(row["asked"] for row in rows)
    read = read_blind([(row["record"], one["text"]) for row in rows for one in row["said"] if not one["failures"]])
    told = ", ".join(f"{read[verdict]} {verdict}" for verdict in VERDICTS)
    return (
        f"{share_of(stand, given)} sentences stand with verifier {verifier_version()}; blind readers held of "
        f"these {told}, and {read['']} were not read"
    )


def read_blind(standing: Sequence[tuple[str, str]]) -> Counter[str]:
    """How the strictest reader judged each of *standing*, a sentence and its record; empty where nobody read it."""
    rows = [json.loads(line) for path in READINGS for line in path.read_text(encoding="utf-8").splitlines()]
    rows.sort(key=lambda row: VERDICTS.index(row["verdict"]))  # the strictest last
    verdicts = {(row["record"], row["text"]): row["verdict"] for row in rows if row["kind"] == "model"}
    return Counter(verdicts.get(one, "") for one in standing)


def _asked(record: str, question: Mapping[str, Any], choice: Mapping[str, Any], prompts: Prompts) -> Asked:
    instructions, material = (message["content"] for message in question["messages"])
    shown = json.loads(material)
    form = question["response_format"]["json_schema"]["schema"]
    properties = form["properties"]["sentences"]["items"]["properties"]
    labels, again = properties["events"]["items"]["enum"], shown.get("refused", [])
    parts = [Part(name) for name in properties["section"]["enum"]]
    today = question_of(
        prompts, Terms(model="", answer_tokens=question["max_tokens"]), shown["events"], parts, again=again
    )
    said = _said(choice, [one["number"] for one in again])
    cited = [label for one in said or () for label in one.events]
    return Asked(
        record=record,
        is_first=not again,
        prompts_ask=(today.instructions, today.material) == (instructions, material),
        schema_asks=today.schema == form,
        said=said,
        listed=sum(label in labels for label in cited),
        cited=len(cited),
    )


def _said(choice: Mapping[str, Any], numbers: Sequence[int]) -> tuple[Proposed, ...] | None:
    try:
        return parse(choice["message"]["content"], numbers=numbers, is_whole=choice["finish_reason"] == "stop")
    except InvalidInput:
        return None


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("records", nargs="*", type=Path)
    parser.add_argument("--cassettes", type=Path, default=CASSETTES)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
