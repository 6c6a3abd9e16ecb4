"""A process that has imported the bot once and forks a served one for each line it reads.

It spares a campaign of hundreds of lives the seconds that Python takes to import; each life still opens the database,
migrates, learns who it is and serves exactly as `python -m bot serve` does. A line is a JSON object: `environment` and
`log`, a file to append to. Answered with the process id, and once that process has ended with its exit status.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.cli.main import main as debrief


def main() -> None:
    """Fork until nothing more is asked for."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(order["environment"], Path(order["log"]))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(environment: Mapping[str, str], log: Path) -> None:
    os.setsid()
    with Path(os.devnull).open("rb") as nothing, log.open("ab") as said:
        os.dup2(nothing.fileno(), 0)
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.environ.update(environment)
    status = 70
    try:
        debrief(["serve"])
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        # Nothing of the parent's (its input, its exit handlers) may run here.
        os._exit(status)


if __name__ == "__main__":
    main()
