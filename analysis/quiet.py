"""How many messages an incident may bring into its channel at first, so that people there can still read each other."""

from datetime import datetime, timedelta

#: Edits are not counted: they notify nobody.
FIRST_MESSAGES = 6
FIRST_WHILE = timedelta(minutes=30)
#: How many of them only what must be noticed at once may use: SEV3, the severity of a declaration that names none,
#: can rise twice.
KEPT_FOR_NOTICE = 2


def may_post_at(
    declared_at: datetime, now: datetime, *, posted: int, must_be_noticed: bool, messages: int = 1
) -> datetime:
    """When an incident's next *messages* may be posted, after *posted* that were not held back: now, or later."""
    ends = declared_at + FIRST_WHILE
    allowed = FIRST_MESSAGES if must_be_noticed else FIRST_MESSAGES - KEPT_FOR_NOTICE
    return now if now >= ends or posted + messages <= allowed else ends
