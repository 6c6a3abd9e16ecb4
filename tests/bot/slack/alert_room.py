"""A room in which alerts are taken, grouped, posted in a channel, and answered by people."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from analysis.alerts.channel_news import SPREADS_EVERY
from analysis.alerts.telling import GATHERING
from bot.ports.grouping import AlertGroup
from tests.slack_room import ALERTS, Room

#: A storm on a busy machine takes longer than a click.
PATIENCE_SECONDS = 60


def fire(room: Room, rule: str, *places: str, **over: Any) -> None:
    """Let *rule* fire (or be resolved) at each of *places*, and all that follows be done."""
    take(room, rule, *places, **over)
    settle(room)


def take(room: Room, rule: str, *places: str, status: str = "firing", severity: str = "warning", **over: Any) -> None:
    """Let *rule* fire (or be resolved) at each of *places*, in one request."""
    now = room.clock.now()
    began: datetime = over.pop("since", now)
    alerts = [
        {
            "rule": rule,
            "severity": severity,
            "status": status,
            "labels": {"service": place.split("/")[0], "pod": place.replace("/", "-")},
            "annotations": {"summary": f"{rule} at {place}"},
            "starts_at": began.isoformat(),
            **({"ends_at": now.isoformat()} if status == "resolved" else {}),
            **over,
        }
        for place in places
    ]
    answer = room.alerts("generic", {"alerts": alerts})
    assert answer.status == 200, answer


def tell_an_end(room: Room) -> None:
    """Let the sender show that it tells ends, so that groups are told of at once, whatever other tests left firing."""
    take(room, "Over", "elsewhere", status="resolved")


def settle(room: Room) -> None:
    """Wait until everything that was taken or said is grouped, and everything that follows is sent."""
    ends = time.monotonic() + PATIENCE_SECONDS
    wait_until_grouped(room)
    while room.app.relating.step():
        assert time.monotonic() < ends, "the signals do not come to rest"
    room.settle()


def wait_until_grouped(room: Room) -> None:
    """Wait until everything that was taken is grouped, and what is new of it is to be told; nothing may be sent yet."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_grouped(room) or has_news(room):
        assert time.monotonic() < ends, "the alerts are not grouped, or what is new of them is not told"
        time.sleep(0.01)


def has_news(room: Room) -> bool:
    """Whether something new waits to be told together with other news; the clock moves to when it is, if it is soon."""
    with room.app.store.snapshots.snapshot() as reads:
        since = [one.news_at for one in reads.groups.with_news(room.app.workspace_id) if one.news_at]
    waiting = [at for at in since if at - room.clock.now() <= SPREADS_EVERY]
    if waiting:
        left = min(waiting) + GATHERING - room.clock.now()
        room.clock.move(seconds=max(0.0, left.total_seconds()))
        room.app.grouping.wake()
    return bool(waiting)


def is_grouped(room: Room) -> bool:
    """Whether grouping has nothing left to do."""
    with room.app.store.snapshots.snapshot() as reads:
        workspace, groups = room.app.workspace_id, reads.groups
        position = groups.position(workspace)
        return not groups.events(workspace, after=position.seq, limit=1) and not groups.pending(workspace, 1)


def groups_of(room: Room, rule: str) -> list[AlertGroup]:
    """The groups with *rule*, the newest first."""
    with room.app.store.snapshots.snapshot() as reads:
        found = reads.groups.current(
            room.app.workspace_id, since=datetime.min.replace(tzinfo=room.clock.now().tzinfo), limit=500
        )
        return [group for group in found if rule in group.digest.rules]


def messages(room: Room, words: str) -> list[Mapping[str, Any]]:
    """The messages in the alerts channel that have *words*, as Slack has them now."""
    return [one for one in room.slack.channels[ALERTS].messages if words in text_of(one)]


def text_of(message: Mapping[str, Any]) -> str:
    """All that people read in a message."""
    return "\n".join([str(message.get("text", "")), *_texts(message.get("blocks") or [])])


def buttons_of(message: Mapping[str, Any]) -> list[str]:
    """What stands on the buttons of a message."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]


def _texts(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    found = [str(block["text"]["text"]) for block in blocks if "text" in block]
    return found + [str(each["text"]) for block in blocks if block["type"] == "context" for each in block["elements"]]
