"""Hashes of our own source, so that every score and every draft can say which code it is of."""

import hashlib
from functools import cache
from pathlib import Path

import analysis
from analysis.inventory.things import DIGITS

_HERE = Path(analysis.__file__).parent
#: Of masking, beside the whole of `analysis/outgoing`: they decide, too, what leaves.
_ALSO_REDACTING = ("payment_numbers.py", "secret_patterns.py", "slacktext.py")


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
    return folder_hash(_HERE / "writing")[:DIGITS]


def verifier_hash(folder: Path = _HERE / "grounding") -> str:
    """The SHA-256 of every file of the verifier, its tables among them."""
    return folder_hash(folder)


def redactor_hash() -> str:
    """The SHA-256 of all that decides what leaves: every source file of the redactor and of masking."""
    files = sorted((_HERE / "outgoing").glob("*.py")) + [_HERE / name for name in _ALSO_REDACTING]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def folder_hash(folder: Path) -> str:
    """The SHA-256 of every Python file in *folder*, with its name."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
