"""When people are told of what was held: a digest each period, and the account of the week."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from analysis.events import Source
from bot.ports.ledger import Snapshots, Writer
from bot.ports.outside import Clock
from bot.usecases.asking import DEBRIEF
from bot.usecases.holding.give_account import GiveAccount, give_account, is_given
from bot.usecases.holding.list_held import ListHeld, list_held

#: The week's account is due from Monday at this hour on, UTC.
ACCOUNT_HOUR = 9


class Accounts:
    """Run `step` often; what was due while nobody was there is told once on return."""

    def __init__(
        self, snapshots: Snapshots, writer: Writer, workspace_id: UUID, clock: Clock, *, period: timedelta
    ) -> None:
        """A digest lists what waited for *period* or less long."""
        self._snapshots = snapshots
        self._writer = writer
        self._workspace_id = workspace_id
        self._clock = clock
        self._period = period

    def step(self) -> None:
        """Tell what is due."""
        now = self._clock.now()
        due = account_due(now)
        with self._snapshots.snapshot() as reads:
            unlisted = reads.holds.unlisted(self._workspace_id, 1)
            watched_since = reads.holds.watched_since(self._workspace_id)
            is_due = watched_since is not None and watched_since < due
            is_due = is_due and not is_given(reads, self._workspace_id, week_before(due))
        if unlisted and now - (unlisted[0].ended_at or now) >= self._period:
            self._writer.submit(list_held, ListHeld(workspace_id=self._workspace_id, period=self._period)).result()
        if is_due:
            self._give(week_before(due))

    def _give(self, week: str) -> None:
        command = GiveAccount(
            person=DEBRIEF,
            workspace_id=self._workspace_id,
            natural_key=f"account:{week}",
            source=Source.DEBRIEF,
            week=week,
        )
        self._writer.submit(give_account, command).result()


def account_due(now: datetime) -> datetime:
    """The last Monday at nine, UTC."""
    shifted = now.astimezone(UTC) - timedelta(hours=ACCOUNT_HOUR)
    monday = shifted.date() - timedelta(days=shifted.weekday())
    return datetime.combine(monday, time(ACCOUNT_HOUR), UTC)


def week_before(due: datetime) -> str:
    """The ISO week that ended with the Monday of *due*."""
    year, week, _ = (due - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"
