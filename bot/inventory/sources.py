"""Hashes of our own source, so that every score and every draft can say which code it is of.

A version covers each module that helps to decide, wherever it stands. What such a module imports is covered as well, or
the tests name it among what only carries the record, the same for all its readers.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import analysis
from analysis.inventory.things import DIGITS

ROOT = Path(analysis.__file__).parent.parent

#: Beside the whole of `analysis/grounding`.
_ALSO_VERIFYING = ("analysis/invisible.py", "analysis/precision.py")
#: Beside the whole of `analysis/outgoing`: masking's forms of numbers and keys, what the words of an entry are and
#: whose they are, the door that shows entries to a model, and the gate itself.
_ALSO_REDACTING = (
    "analysis/invisible.py",
    "analysis/masking.py",
    "analysis/page_sentences.py",
    "analysis/payment_numbers.py",
    "analysis/precision.py",
    "analysis/replayed.py",
    "analysis/secret_patterns.py",
    "analysis/sensitive.py",
    "analysis/service_keys.py",
    "analysis/slacktext.py",
    "analysis/telling.py",
    "analysis/tools.py",
    "analysis/voice.py",
    "analysis/wording.py",
    "bot/flows/redacting.py",
    "bot/llm/leak_gate.py",
)
#: Beside the whole of `analysis/writing`: what a sentence is compared with, and how its slots read.
_ALSO_WRITING = (
    "analysis/document.py",
    "analysis/invisible.py",
    "analysis/precision.py",
    "analysis/support.py",
    "analysis/wording.py",
)


@cache
def verifier_version() -> str:
    """The beginning of `verifier_hash`."""
    return verifier_hash()[:DIGITS]


@cache
def redactor_version() -> str:
    """The beginning of `redactor_hash`."""
    return redactor_hash()[:DIGITS]


@cache
def schema_version() -> str:
    """The beginning of the hash of all that makes the schema, reads an answer by it and puts its sentences together."""
    return files_hash(schema_files())[:DIGITS]


def verifier_hash() -> str:
    """The SHA-256 of every file of the verifier, its tables among them."""
    return files_hash(verifier_files())


def redactor_hash() -> str:
    """The SHA-256 of all that decides what leaves: every source file of the redactor, of its gate and of masking."""
    return files_hash(redactor_files())


def verifier_files() -> tuple[Path, ...]:
    """The files that decide which sentences stand."""
    return _files("analysis/grounding", _ALSO_VERIFYING)


def redactor_files() -> tuple[Path, ...]:
    """The files that decide what leaves."""
    return _files("analysis/outgoing", _ALSO_REDACTING)


def schema_files() -> tuple[Path, ...]:
    """The files that make the schema of an answer and sentences of what follows it."""
    return _files("analysis/writing", _ALSO_WRITING)


def files_hash(files: Iterable[Path], root: Path = ROOT) -> str:
    """The SHA-256 of all *files* with their places under *root*, in the order of these."""
    found = hashlib.sha256()
    for path in sorted(files):
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _files(folder: str, others: Iterable[str]) -> tuple[Path, ...]:
    return (*sorted((ROOT / folder).glob("*.py")), *(ROOT / name for name in others))
