"""The command line: `debrief …`."""

import sys

try:
    from bot.cli.main import main
except KeyboardInterrupt:  # loading takes a moment, in which nothing is recorded yet
    print("Stopped.", file=sys.stderr)
    sys.exit(130)

__all__ = ["main"]
