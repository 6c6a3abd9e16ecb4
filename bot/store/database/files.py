"""Looking whether a file is there, where looking itself may be forbidden."""

from pathlib import Path

from analysis.errors import Unavailable


def is_there(file: Path, *, what: str, setting: str) -> bool:
    """Whether *file* is there, which people call *what* and name in *setting*.

    Raises
    ------
    Unavailable
        If nobody can tell, as in a folder that another user has closed.
    """
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        todo = f"Run this as the user who runs Debrief, or name another one in {setting}."
        message = f"{what} {file} cannot be looked at: {error.strerror}. {todo}"
        raise Unavailable(message) from error
    return True
