"""What a real model answered, played back with its server gone; recorded by `benchmarks.model_drafts`, never typed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from vcr import VCR
from vcr.cassette import Cassette

from analysis.document import at_odds
from analysis.outgoing.gate import leaks
from analysis.outgoing.vault import Vault
from analysis.writing.account import KEY
from benchmarks.canary_rounds import CANARY_CASSETTES
from benchmarks.cassettes import FOLDER, HOST, RECORDED, recorder, signature, unsigned
from benchmarks.local_model import MODELS
from benchmarks.model_drafts import account
from tests.effort import leading

RECORDS = Path(__file__).parents[2] / "data" / "drafting"
CASSETTES = sorted(FOLDER.glob("*.yaml"))
ALL = [*CASSETTES, *sorted(CANARY_CASSETTES.glob("*.yaml"))]
#: Nobody listens there: whatever is not in a cassette fails.
NOBODY = "http://127.0.0.1:9/v1"
TOKENS = 400

pytestmark = pytest.mark.evals


@pytest.fixture(scope="module")
def vcr() -> VCR:
    """Return the recorder that the cassettes were made with, in the mode that never records."""
    return recorder(FOLDER)


@pytest.fixture
def vcr_cassette_name(request: pytest.FixtureRequest) -> str:
    """Return the name of the cassette that the test is about."""
    path: Path = request.getfixturevalue("path")
    return path.name


@pytest.mark.parametrize("path", leading(1, CASSETTES), ids=lambda path: path.stem)
def test_real_answer_gives_an_account_of_which_every_sentence_is_cited(path: Path, vcr_cassette: Cassette) -> None:
    """The question is the one that was recorded, and what stands of the answer agrees with the record."""
    written = account(RECORDS / f"{path.stem}.json", NOBODY, tokens=TOKENS)

    sections = {section.key: section for section in written.document.sections}
    assert vcr_cassette.play_count >= 1
    assert written.block["asked"] >= 1
    assert at_odds(written.document) == ()
    assert (KEY in sections) == bool(written.block["kept"])
    assert all(statement.events for section in sections.values() for statement in section.statements)
    assert sections["contributing_factors"].statements == ()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_cassette_says_how_it_was_recorded_and_holds_no_place(path: Path) -> None:
    """The weights by their hash, the day, the script; no host, and only headers of the lists."""
    tape = yaml.safe_load(path.read_text())
    made = signature(path)

    assert (made["model"], made["sha256"]) in {(one.name, one.sha256) for one in MODELS.values()}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", made["date"])
    assert made["script"].startswith("python -m benchmarks.")
    for talk in tape["interactions"]:
        assert talk["request"]["uri"].startswith(f"{HOST}/")
        assert {name.lower() for name in talk["request"]["headers"]} <= {"content-type", "accept"}
        assert {name.lower() for name in talk["response"]["headers"]} <= {"content-type"}


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_redactor_finds_nothing_in_a_cassette(path: Path) -> None:
    """Neither what was asked nor what was answered gives anything away."""
    vault = Vault(salt=bytes(16))

    for talk in yaml.safe_load(path.read_text())["interactions"]:
        assert leaks(talk["request"]["body"].encode(), vault) == ()
        assert leaks(_text(talk["response"]).encode(), vault) == ()


def test_every_cassette_is_signed(tmp_path: Path) -> None:
    """One that does not say how it was recorded is found and refused."""
    (tmp_path / "typed.yaml").write_text(yaml.safe_dump({"interactions": [], "version": 1}))
    (tmp_path / "half.yaml").write_text(yaml.safe_dump({"interactions": [], RECORDED: {"date": "2026-11-25"}}))

    assert unsigned(tmp_path) == ["half.yaml", "typed.yaml"]
    assert unsigned(FOLDER) == unsigned(CANARY_CASSETTES) == []


def _text(response: dict[str, Any]) -> str:
    found: str = response["body"]["string"]
    return found
