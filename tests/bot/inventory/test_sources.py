"""Versions of code are hashes of its files, the same that the benchmarks print."""

import ast
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from benchmarks import grounding, redaction
from bot.inventory.sources import (
    ROOT,
    files_hash,
    redactor_files,
    redactor_version,
    schema_files,
    schema_version,
    verifier_files,
    verifier_version,
)

#: What no version covers though deciding code imports it, because it only carries what everybody reads.
CARRIERS = {
    "analysis/corrections.py": "what an entry said before it was corrected",
    "analysis/document.py": "the parts of a document; what it says of evidence is in the version of the schema",
    "analysis/errors.py": "the words of errors",
    "analysis/events.py": "the kinds of events and their fields",
    "analysis/incident.py": "an incident's fields, states and roles",
    "analysis/milestones.py": "which instant of the record is which milestone",
    "analysis/paging.py": "the kinds of what may be paged",
    "analysis/timeline.py": "which entries the record has, in order, with what corrects and tags them",
    "analysis/findings.py": "what else a draft lists, as a type",
    "analysis/grounding/checking.py": "the verifier, which has a version of its own",
    "analysis/grounding/records.py": "the verifier, which has a version of its own",
    "bot/llm/transport.py": "the way to the endpoint, which lets no byte pass that the gate was not shown",
    "bot/ports/model.py": "what is asked and answered, as types",
    "bot/ports/vaults.py": "where vaults are kept, as a type",
    "analysis/writing/sampling.py": "how many entries are shown, which is in the version of the schema",
}


def test_versions_are_those_that_scores_were_taken_with() -> None:
    """So that a score of the benchmark is one of what runs."""
    assert verifier_version() == grounding.configuration_hash()[:16]
    assert redactor_version() == redaction.configuration_hash()[:16]
    assert len({verifier_version(), redactor_version(), schema_version()}) == 3


def test_every_byte_and_name_of_a_file_counts(tmp_path: Path) -> None:
    """Changed, renamed or added, the files have another hash; their order does not count."""
    (tmp_path / "a.py").write_text("x = 1\n")
    seen = [_hash_of(tmp_path)]
    (tmp_path / "a.py").write_text("x = 2\n")
    seen.append(_hash_of(tmp_path))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    seen.append(_hash_of(tmp_path))
    (tmp_path / "c.py").write_text("")
    seen.append(_hash_of(tmp_path))

    assert len(set(seen)) == 4
    assert files_hash([tmp_path / "c.py", tmp_path / "b.py"], tmp_path) == seen[-1]


@pytest.mark.parametrize("files", [verifier_files, redactor_files, schema_files])
def test_whatever_deciding_code_imports_is_in_its_version(files: Callable[[], Sequence[Path]]) -> None:
    """Or it is named here with what it is for: nothing that decides changes unseen."""
    covered = {path.relative_to(ROOT).as_posix() for path in files()}
    imported = {name for path in files() for name in _imported(path)}

    assert all((ROOT / name).is_file() for name in covered)
    assert imported - covered <= CARRIERS.keys()


def test_nothing_is_excused_that_no_deciding_code_imports() -> None:
    """A line that excuses nothing any more is taken away."""
    files = {*verifier_files(), *redactor_files(), *schema_files()}

    assert CARRIERS.keys() <= {name for path in files for name in _imported(path)}


def _hash_of(folder: Path) -> str:
    return files_hash(folder.glob("*.py"), folder)


def _imported(path: Path) -> Iterator[str]:
    """The files of ours that the one at *path* imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            place = Path(*name.split(".")).with_suffix(".py")
            if (ROOT / place).is_file():
                yield place.as_posix()
