"""Lines as responders paste and type them in a hurry: what of each must not leave, and what a draft needs.

`python -m benchmarks.redaction_pasted [--part seen|unseen] [--all]`

What stands between ⟦ and ⟧ must not leave: no five letters or digits of it in a row, or not all of it where it is
shorter. What stands between ⟪ and ⟫ must stay as it is. `seen` and `unseen` are halves of the kinds, told by a hash of
their names; rules were made for `seen`, and `unseen` was scored once after they were frozen. Each line is redacted by
itself, without a directory and without words of the site. Everything is made up.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.outgoing.directory import People
from analysis.outgoing.redacting import Redactor
from analysis.outgoing.vault import Register, Vault
from benchmarks.redaction_kinds import half
from benchmarks.redaction_pasted_lines import PASTED
from benchmarks.redaction_path import squeezed
from benchmarks.redaction_standings import shows

_MARK = re.compile(r"[⟦⟧⟪⟫]")
_SECRET, _NEEDED = re.compile(r"⟦([^⟧]+)⟧"), re.compile(r"⟪([^⟫]+)⟫")
_WINDOW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What came of one line: which of its secrets show in what is *left* of it, and what of the needed is missing."""

    kind: str
    text: str
    left: str
    secrets: int
    needed: int
    leaked: tuple[str, ...]
    lost: tuple[str, ...]


def pasted(part: str) -> Iterator[Pasted]:
    """Every line of the kinds of *part*, redacted."""
    for kind, lines in PASTED.items():
        for line in lines if half("p", kind) == part else ():
            secrets, needed = _SECRET.findall(line), _NEEDED.findall(line)
            text = _MARK.sub("", line)
            left = Redactor(Register(Vault(salt=bytes(16))), People()).redact(text)
            yield Pasted(
                kind=kind,
                text=text,
                left=left,
                secrets=len(secrets),
                needed=len(needed),
                leaked=tuple(one for one in secrets if shows(left, windows(one))),
                lost=tuple(one for one in needed if one not in left),
            )


def windows(secret: str) -> tuple[str, ...]:
    """What must not be seen of *secret*: each few letters or digits of it in a row."""
    core = squeezed(secret)
    length = min(_WINDOW, len(core))
    return tuple(core[at : at + length] for at in range(len(core) - length + 1))


def main() -> None:
    """Score and list what leaked and what was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--part", choices=("seen", "unseen"), default="seen")
    parser.add_argument("--all", action="store_true", help="show every line, not only those with something wrong")
    arguments = parser.parse_args()
    found = list(pasted(arguments.part))
    for one in found:
        if one.leaked or one.lost or arguments.all:
            print(f"{one.kind}: {one.text!r}\n  -> {one.left!r}\n  leaked {one.leaked}, lost {one.lost}")
    print(_summary(arguments.part, found))


def _summary(part: str, found: Sequence[Pasted]) -> str:
    leaked, secrets = sum(len(one.leaked) for one in found), sum(one.secrets for one in found)
    lost, needed = sum(len(one.lost) for one in found), sum(one.needed for one in found)
    kinds = len({one.kind for one in found})
    return f"{part}: {len(found)} lines of {kinds} kinds, {leaked} of {secrets} secrets leak, {lost} of {needed} lost"


if __name__ == "__main__":
    main()
