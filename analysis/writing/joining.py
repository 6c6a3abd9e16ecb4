"""Two entries in one sentence: side by side, or welded into one event that neither of them tells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from analysis.grounding.checking import check
from analysis.grounding.records import Ground, Sentence
from analysis.wording import stopped

#: Where one statement can end and another begin.
_JOINT = re.compile(r"(?<=[.;!?])\s+|,?\s+(?:and|but|while|then|when|once|until|before|after)\s+")


def is_side_by_side(text: str, cites: Sequence[str], grounds: Mapping[str, Ground]) -> bool:
    """Whether *text* is two statements, one after the other, of which each follows from one of the two *cites*.

    All words of “A user reported an object applied to the cluster” can stand in two entries, “Object applied to the
    cluster” and “First report by a user”, and nobody has said what it says.
    """
    return any(
        all(_follows(piece, label, grounds) for piece, label in zip(pieces, labels, strict=True))
        for pieces in _halves(text)
        for labels in permutations(cites)
    )


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for joint in _JOINT.finditer(text):
        yield text[: joint.start()], text[joint.end() :]


def _follows(piece: str, label: str, grounds: Mapping[str, Ground]) -> bool:
    return not check(Sentence(text=stopped(piece.strip()), cites=(label,)), grounds)
