"""Where tests keep their files: in memory where there is room, because every commit waits until a disk has it."""

import os
import shutil
from pathlib import Path

#: Linux's file system in memory. Folders of a run in it are its user's alone.
_MEMORY = Path("/dev/shm")
#: What pytest takes for the folder of all temporary ones.
_ROOT = "PYTEST_DEBUG_TEMPROOT"
#: Three runs, which pytest keeps, take less than half.
_ROOM_BYTES = 2 * 1024**3


def keep_files_in_memory() -> None:
    """Let `tmp_path` be in memory, unless somebody says where it is."""
    if _ROOT not in os.environ and _is_roomy():
        os.environ[_ROOT] = str(_MEMORY)


def _is_roomy() -> bool:
    return _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
