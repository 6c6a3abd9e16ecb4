"""`debrief eval ground`: which sentences follow from the entries that they cite, decided by code."""

import json
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from analysis.grounding.checking import check
from analysis.grounding.rows import Question, Timelines, read_question, read_timelines
from bot.cli.evaluation.evaluation_files import read_rows, read_value, written
from bot.cli.progress import progress
from bot.cli.stopping import done, rows_so_far, stopping


def add_ground(evaluations: typer.Typer) -> None:
    """Make `ground` a verb of `debrief eval`."""
    evaluations.command()(ground)


def ground(
    timelines: Annotated[Path, typer.Option(help="The timelines, a JSON list of incidents with their events.")],
    sentences: Annotated[Path, typer.Option("--in", help="Sentences with what they cite, one JSON object a line.")],
    out: Annotated[Path | None, typer.Option(help="Where the rows go; by default to the terminal.")] = None,
) -> None:
    """Say for each sentence whether it follows from the entries that it cites, and if not, why.

    Example: `debrief eval ground --timelines timelines.json --in sentences.jsonl --out verdicts.jsonl`. One row comes
    out for each sentence, in order. No model is asked, and the same input gives the same bytes. What the rows hold is
    in docs/reference/evaluation.md.
    """
    known = read_value(timelines, read_timelines)
    with ExitStack() as stack:
        shown = stack.enter_context(progress())
        task = shown.add_task("Checking", total=None)
        stack.enter_context(stopping(lambda: rows_so_far(done(shown, task), "sentence", out)))
        file = stack.enter_context(written(out)) if out else sys.stdout
        for question in read_rows(sentences, partial(read_question, known)):
            shown.advance(task)
            file.write(_line(question, known))


def _line(question: Question, known: Timelines) -> str:
    failures = check(question.sentence, known[question.incident])
    row = {
        "id": question.id,
        "supported": not failures,
        "failures": [{"code": one.code.value, "detail": one.detail} for one in failures],
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
