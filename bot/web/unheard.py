"""Alerts that a known sender has and that are not taken: few send those again, so people must hear of it here."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from analysis.masking import masked
from analysis.operator_notes import alerts_left_out, alerts_refused, issues_unchosen, sender_tested, sender_unproven
from bot.usecases.hourly_notes import HourlyNotes

#: So many of its intervals, and so long at least, the outside heartbeat is silent after that on a route in line:
#: whoever hears nothing for two of them pages people directly.
_SILENT_INTERVALS, _SILENT_SECONDS = 3, 180


class Unheard:
    """Tells the operator hourly, since a storm that is refused is refused with each notification.

    What is refused and what is left out are told apart: neither hides the other. Of each source that a route in line
    leads from it remembers when that last was so.
    """

    def __init__(self, tell: Callable[[str], object], in_line: Collection[str], *, heartbeat_seconds: float) -> None:
        """Everything was taken so far."""
        self._silent_for = timedelta(seconds=max(_SILENT_SECONDS, _SILENT_INTERVALS * heartbeat_seconds))
        self._tell, self._notes = tell, HourlyNotes(tell)
        self._unchosen: set[str] = set()
        self._in_line = frozenset(in_line)
        self._unheard_at: dict[str, datetime] = {}

    def refused(self, source: str, because: str, now: datetime) -> None:
        """Take in that alerts of *source* were refused, and so are told to nobody."""
        self._unheard(source, alerts_refused(source, masked(because)), now, what="refused")

    def left_out(self, source: str, count: int, now: datetime) -> None:
        """Take in that *source* left *count* alerts out of a notification."""
        self._unheard(source, alerts_left_out(source, count), now, what="left out")

    def problem(self, now: datetime) -> str:
        """Which route in line did not take alerts just now; empty where each did."""
        silent = sorted(source for source, at in self._unheard_at.items() if now - at < self._silent_for)
        return f"alerts of {silent[0]} were not taken" if silent else ""

    def unproven(self, source: str, now: datetime) -> None:
        """Take in that somebody sends as *source* and cannot prove it; as that may be anybody, the heart beats on."""
        self._notes.tell(f"unproven {source}", sender_unproven(source), now)

    def tested(self, source: str, now: datetime) -> None:
        """Take in that somebody tries *source*, who would see nothing of it otherwise."""
        self._notes.tell(f"tested {source}", sender_tested(source), now)

    def unchosen(self, source: str) -> None:
        """Take in a new issue that is no alert because nobody decided; told once, since that is how it should be."""
        if source not in self._unchosen:
            self._unchosen.add(source)
            self._tell(issues_unchosen(source))

    def _unheard(self, source: str, sentence: str, now: datetime, *, what: str) -> None:
        if source in self._in_line:
            self._unheard_at[source] = now
        self._notes.tell(f"{what} {source}", sentence, now)
