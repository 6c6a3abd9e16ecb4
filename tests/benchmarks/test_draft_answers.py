"""What the inventory says of prompts and schema is what the kept answers of a real model say."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from analysis.inventory.things import Thing
from analysis.inventory.validations import VALIDATIONS, validations_of
from benchmarks.draft_answers import Asked, figures, figures_of_sentences, kept, main
from benchmarks.draft_reading import CASSETTES
from bot.render.prompts import PromptTemplates
from bot.render.templates import template_folder
from tests.shared_data import RECORDS, needs_records

_VERSION = re.compile(r"\b[0-9a-f]{16}\b")

pytestmark = pytest.mark.evals


def entered(thing: Thing) -> str:
    """The figures of the last measurement of *thing*, of whichever version."""
    return [one.figures for one in VALIDATIONS if one.thing is thing][-1]


def altered(folder: Path, text: str) -> Asked:
    """The first kept question as if it had been answered with *text*."""
    tape = yaml.safe_load((CASSETTES / "pm2019-009.yaml").read_text())
    body = tape["interactions"][0]["response"]["body"]
    answer = json.loads(body["string"])
    answer["choices"][0]["message"]["content"] = text
    body["string"] = json.dumps(answer)
    (folder / "altered.yaml").write_text(yaml.safe_dump(tape))
    return next(kept(folder, PromptTemplates()))


@pytest.mark.parametrize("thing", [Thing.PROMPTS, Thing.SCHEMA])
def test_figures_of_the_inventory_are_those_of_the_kept_answers(thing: Thing) -> None:
    """Today's prompts and schema ask each kept question so, and the answers say what is entered."""
    assert entered(thing).startswith(figures(list(kept(CASSETTES, PromptTemplates()))))


@pytest.mark.thorough
@needs_records
def test_sentences_that_stand_are_as_many_as_the_inventory_says() -> None:
    """Played back with today's verifier; where it lets others stand, the benchmark is run and entered again."""
    found = figures_of_sentences(RECORDS, CASSETTES)

    assert _VERSION.sub("", entered(Thing.PROMPTS)).endswith(_VERSION.sub("", found))
    assert entered(Thing.PROMPTS) == entered(Thing.SCHEMA)


def test_changed_prompt_is_not_validated(tmp_path: Path) -> None:
    """A word more, and no kept question is asked so any more; the inventory has no measurement of it."""
    folder = tmp_path / "prompts"
    shutil.copytree(template_folder() / "prompts", folder)
    instructions = folder / "instructions.txt.j2"
    instructions.write_text(f"Be brief. {instructions.read_text()}")
    changed = PromptTemplates(folder)

    asked = list(kept(CASSETTES, changed))

    assert validations_of(Thing.PROMPTS, PromptTemplates().version)
    assert validations_of(Thing.PROMPTS, changed.version) == ()
    assert not any(one.prompts_ask for one in asked)
    assert all(one.schema_asks for one in asked)


def test_answers_of_another_form_and_entries_that_were_not_listed_are_counted(tmp_path: Path) -> None:
    """Prose cannot be read, and what was not to choose from is no citation of the list."""
    row = {"section": "summary", "text": "It broke."}

    prose = altered(tmp_path, "It broke.")
    strange = altered(tmp_path, json.dumps({"sentences": [{**row, "events": ["E2", "E99"]}]}))

    assert prose.said is None
    assert (strange.listed, strange.cited) == (1, 2)
    assert "1 of 1 (2.5%–100.0%) answers" in figures([strange])


def test_question_that_is_not_asked_so_any_more_fails_the_benchmark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says it, so that nobody enters its figures."""
    tape = (CASSETTES / "pm2019-009.yaml").read_text()
    (tmp_path / "older.yaml").write_text(tape.replace("You write a short account", "You write an account"))

    status = main(["--cassettes", str(tmp_path)])

    said = capsys.readouterr()
    assert status == 1
    assert "0 of 2 kept questions" in said.out
    assert "record the cassettes anew" in said.err
