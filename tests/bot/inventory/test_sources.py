"""Versions of code are hashes of its files, the same that the benchmarks print."""

from pathlib import Path

from benchmarks import grounding, redaction
from bot.inventory.sources import folder_hash, redactor_version, schema_version, verifier_version


def test_versions_are_those_that_scores_were_taken_with() -> None:
    """So that a score of the benchmark is one of what runs."""
    assert verifier_version() == grounding.configuration_hash()[:16]
    assert redactor_version() == redaction.configuration_hash()[:16]
    assert len({verifier_version(), redactor_version(), schema_version()}) == 3


def test_every_byte_and_name_of_a_file_counts(tmp_path: Path) -> None:
    """Changed, renamed or added, the folder has another hash; what is no code does not count."""
    (tmp_path / "a.py").write_text("x = 1\n")
    seen = [folder_hash(tmp_path)]
    (tmp_path / "a.py").write_text("x = 2\n")
    seen.append(folder_hash(tmp_path))
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    seen.append(folder_hash(tmp_path))
    (tmp_path / "c.py").write_text("")
    seen.append(folder_hash(tmp_path))
    (tmp_path / "notes.txt").write_text("no code")

    assert len(set(seen)) == 4
    assert folder_hash(tmp_path) == seen[-1]
