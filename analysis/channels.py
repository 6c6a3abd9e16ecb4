"""Which channels an incident was in: under which identifiers, and which of them everybody may read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.events import EventKind, NewEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Which identifier of a channel followed which, as far as the entries still say so."""

    followed_by: Mapping[str, str] = field(default_factory=dict)

    def newest(self, channel: str) -> str:
        """The identifier that *channel* has now; itself where it never changed."""
        while channel in self.followed_by:
            channel = self.followed_by[channel]
        return channel

    def earlier(self, channel: str) -> tuple[str, ...]:
        """The other identifiers that *channel* had before this one."""
        return tuple(was for was in self.followed_by if self.newest(was) == channel)


def moves(events: Iterable[NewEvent]) -> Moves:
    """The changes of identifiers that *events* tell, in the order of the record."""
    followed: dict[str, str] = {}
    for event in events:
        if event.kind is EventKind.CHANNEL_LINKED and "was" in event.payload:
            followed[event.payload["was"]] = event.payload["channel"]
            followed.pop(event.payload["channel"], None)  # nothing follows the newest, though it was left before
    return Moves(followed_by=followed)


def public_channels(events: Iterable[NewEvent]) -> tuple[str, ...]:
    """The channels that an incident is or was in and has not left, unless *events* say that they are private.

    Of one whose links were erased, as with a title, the end is known: it counts as public.
    """
    is_private: dict[str, bool] = {}
    for event in events:
        payload = event.payload
        if event.kind is EventKind.CHANNEL_LINKED and "channel" in payload:
            before = is_private.pop(payload.get("was", payload["channel"]), False)
            is_private[payload["channel"]] = payload.get("is_private", before)
        elif event.kind is EventKind.CHANNEL_CLOSED and "channel" in payload:
            is_private.setdefault(payload["channel"], False)
        elif event.kind is EventKind.CHANNEL_LEFT:
            is_private.pop(payload.get("channel", ""), None)
    return tuple(channel for channel, known in is_private.items() if not known)
