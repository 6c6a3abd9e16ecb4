"""What is read on a thread of its own for all who ask."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from bot.flows.shared_reading import SharedReading


def test_reading_is_tried_again_where_there_was_no_thread_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that had too many threads once is not said to have no database for the rest of its life."""

    def read() -> Mapping[str, Any]:
        return {"parked_lanes": 0}

    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    reading = SharedReading(read, what="health")
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            reading.begin()

    assert reading.begin().result(5) == {"parked_lanes": 0}
