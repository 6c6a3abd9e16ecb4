"""Files that are whole or not there: whoever runs out of room, or is stopped, keeps what was there before."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: Path, *, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """What to write to so that it is at *path* in the end, whole, for whom *mode* allows.

    Raises
    ------
    OSError
        If there is no place for it; what was at *path* is still there.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():
        with path.open("wb") as raw:
            yield raw
        return
    whole = path.resolve()
    unfinished = whole.with_name(f".{whole.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # what a killed command left may be another's
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as raw:
            yield raw
        unfinished.replace(whole)
    finally:
        unfinished.unlink(missing_ok=True)
