"""Long lists of values in parts that fit into one statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

#: How many values one IN list gets: well below what either database takes.
CHUNK = 500

T = TypeVar("T")


def chunks(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """*values* in parts that fit into one statement."""
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]
