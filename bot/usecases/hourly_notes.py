"""What goes on for long and is told the operator once in each hour of it: what is refused, and what Slack drops."""

from collections.abc import Callable
from datetime import datetime, timedelta

TOLD_AGAIN_AFTER = timedelta(hours=1)


class HourlyNotes:
    """Tells the operator, and remembers when it last did of each thing; that is forgotten with the process."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        """Nothing was told yet."""
        self._tell = tell
        self._told_at: dict[str, datetime] = {}

    def tell(self, what: str, sentence: str, now: datetime) -> None:
        """Tell *sentence*, unless one of *what* was told within the hour, by a clock that may be set back."""
        told_at = self._told_at.get(what)
        if told_at is None or not timedelta(0) <= now - told_at < TOLD_AGAIN_AFTER:
            self._told_at[what] = now
            self._tell(sentence)
