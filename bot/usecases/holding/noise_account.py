"""What is known of noise in a stretch of days: what fired, what waited or would have, and which rules are noise.

It holds nothing of private incidents: what rests on them alone was left out when the night was kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from analysis.wording import counted
from bot.ports.holding import Counted, Hold, HoldPolicy, Night, PolicyState, Switch
from bot.ports.ledger import Reads

WEEK = timedelta(days=7)
_SHOWN_STATES = (PolicyState.LIVE, PolicyState.SECOND, PolicyState.PROPOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseAccount:
    """`days` are the UTC days on which alerts fired, with how many did and how many of them waited or would have.

    `waited` and `would` count by pattern; `rules` are what the newest nightly replay knows of the busiest rules. What
    may wait and what waits is as it is at `now`, also where the days end before.
    """

    since: datetime
    until: datetime
    now: datetime
    days: Sequence[tuple[str, int, int]]
    waited: Sequence[Counted]
    would: Sequence[Counted]
    policies: Sequence[HoldPolicy]
    open: Sequence[Hold]
    switch: Switch | None
    night: Night | None
    rules: Sequence[Mapping[str, Any]]
    is_stopped_by_file: bool = False

    @property
    def fired(self) -> int:
        """How many alerts fired."""
        return sum(fired for _, fired, _ in self.days)

    @property
    def is_stopped(self) -> bool:
        """Whether the kill switch is on."""
        return self.is_stopped_by_file or (self.switch is not None and self.switch.is_on)

    @property
    def live(self) -> list[HoldPolicy]:
        """What may wait now."""
        return [one for one in self.policies if one.permit(self.now)]

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        fired = counted(self.fired, "alert")
        waited, would = sum(one.held for one in self.waited), sum(one.held for one in self.would)
        if self.is_stopped:
            how = " by the file on the server" if self.is_stopped_by_file else ""
            some = f", and {waited} of them waited" if waited else ""
            return f"{fired} fired{some}. Holding back is stopped{how}: every alert is told."
        if waited:
            by = counted(len(self.waited), "approved pattern")
            return f"{fired} fired, and {waited} of them waited by {by}."
        if not self.fired:
            return "No alert fired."
        return f"{fired} fired, and none waited. {would} would have if somebody had approved."


def noise_account(
    reads: Reads,
    workspace_id: UUID,
    *,
    span: timedelta = WEEK,
    until: datetime | None = None,
    is_stopped_by_file: bool = False,
) -> NoiseAccount:
    """The account of the days before *until*, or up to now."""
    end = until or reads.now
    holds, since = reads.holds, end - span
    night = holds.newest_night(workspace_id, until=reads.now)
    return NoiseAccount(
        since=since,
        until=end,
        now=reads.now,
        days=holds.daily(workspace_id, since=since, until=until),
        waited=holds.counted(workspace_id, since=since, until=until, waited=True),
        would=holds.counted(workspace_id, since=since, until=until, waited=False),
        policies=holds.policies(workspace_id, _SHOWN_STATES),
        open=holds.open(workspace_id),
        switch=holds.switch(workspace_id),
        night=night,
        rules=night.found["rules"] if night and night.found else (),
        is_stopped_by_file=is_stopped_by_file,
    )


def end_of_week(week: str) -> datetime:
    """When an ISO week such as `2026-W48` is over, in UTC."""
    year, _, number = week.partition("-W")
    return datetime.combine(date.fromisocalendar(int(year), int(number), 1), time(), UTC) + WEEK
