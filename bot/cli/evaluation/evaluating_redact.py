"""`debrief eval redact`: what would be taken out of texts before a model sees them."""

import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.errors import InvalidInput
from analysis.outgoing.directory import People
from analysis.outgoing.redacting import Redactor
from analysis.outgoing.vault import Register, Vault
from bot.cli.evaluation.evaluation_files import read_rows, read_value, written
from bot.cli.progress import progress
from bot.cli.stopping import done, rows_so_far, stopping

#: Nothing of a text evaluated here is kept, so its placeholders need no secret.
_SALT = bytes(16)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """One row of the input."""

    id: str | int
    text: str


def add_redact(evaluations: typer.Typer) -> None:
    """Make `redact` a verb of `debrief eval`."""
    evaluations.command()(redact)


def redact(
    texts: Annotated[Path, typer.Option("--in", help="Texts, one JSON object with id and text a line.")],
    people: Annotated[Path | None, typer.Option(help="Names by Slack id, a JSON object.")] = None,
    known: Annotated[Path | None, typer.Option(help="Your own words that may leave, a JSON list.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the rows go; by default to the terminal.")] = None,
) -> None:
    """Take out of each text what a model may not see, and say what was taken out and where it stood.

    Example: `debrief eval redact --in texts.jsonl --known services.json --out redacted.jsonl`. One row comes out for
    each text, with placeholders of its own. The same input gives the same bytes. What the rows hold is in
    docs/reference/redaction.md.
    """
    directory = People(names=read_value(people, _read_names)) if people else People()
    words = read_value(known, _read_words) if known else frozenset()
    with ExitStack() as stack:
        shown = stack.enter_context(progress())
        task = shown.add_task("Redacting", total=None)
        stack.enter_context(stopping(lambda: rows_so_far(done(shown, task), "text", out)))
        file = stack.enter_context(written(out)) if out else sys.stdout
        for text in read_rows(texts, _read_text):
            shown.advance(task)
            file.write(json.dumps(_row(text, directory, words), ensure_ascii=False, separators=(",", ":")) + "\n")


def _row(text: _Text, people: People, known: frozenset[str]) -> dict[str, Any]:
    redactor = Redactor(Register(Vault(salt=_SALT)), people, known=known)
    redactor.learn([text.text])
    redacted = redactor.examine(text.text)
    entities = [{"start": one.start, "end": one.end, "type": one.kind.value} for one in redacted.entities]
    return {"id": text.id, "text": redacted.text, "entities": entities}


def _read_text(raw: object) -> _Text:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str) or not isinstance(raw.get("id"), str | int):
        message = 'it is not an object with `id` and `text`, such as {"id":"1","text":"Rolled back."}.'
        raise InvalidInput(message)
    return _Text(id=raw["id"], text=raw["text"])


def _read_names(raw: object) -> Mapping[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw.values()):
        message = 'this is not an object of names by Slack id, such as {"U123":"Kim Doe"}.'
        raise InvalidInput(message)
    return {key if ":" in key else f"slack:{key}": name for key, name in raw.items()}


def _read_words(raw: object) -> frozenset[str]:
    if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
        message = 'this is not a list of words, such as ["traefik","ledger-api"].'
        raise InvalidInput(message)
    return frozenset(raw)
