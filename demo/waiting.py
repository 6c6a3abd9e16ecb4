"""Waiting with an end: every wait names what it waits for and when it gives up."""

import time
from collections.abc import Callable
from typing import TypeVar

_Found = TypeVar("_Found")

DEFAULT_SECONDS = 20.0
_PAUSE_SECONDS = 0.05


class TookTooLong(Exception):
    """What was waited for did not happen in time."""


def wait_for(
    what: str, look: Callable[[], _Found | None], *, seconds: float = DEFAULT_SECONDS, every: float = _PAUSE_SECONDS
) -> _Found:
    """Look until there is something, and return it; empty answers count as nothing.

    Raises
    ------
    TookTooLong
        If *seconds* pass first; the message names *what*.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TookTooLong(f"{what}: not within {seconds:g} s")
        time.sleep(every)
