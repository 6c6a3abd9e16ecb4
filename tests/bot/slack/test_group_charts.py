"""The chart of a group's rate: uploaded, shown in its one message, replaced, and done without where it must be."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.ports.signals import GroupChart
from bot.usecases.groups.charts import CHART_EVERY
from tests.bot.slack.alert_room import fire, groups_of, messages, settle, take, tell_an_end, text_of
from tests.bot.slack.test_groups import a_rule, place
from tests.effort import leading
from tests.fake_slack import Fault
from tests.slack_room import ALERTS, Room, open_room


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room whose groups are posted in a channel."""
    folder = tmp_path_factory.mktemp("charts")
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder, alerts_channel=ALERTS) as room:
        yield room


@pytest.fixture
def room(opened: Room) -> Iterator[Room]:
    """Yield it hours later, so that no test meets the alerts of another."""
    opened.clock.move(hours=5)
    tell_an_end(opened)
    yield opened
    opened.slack.heal()
    settle(opened)


def fire_twice(room: Room, rule: str, where: str) -> None:
    """Alerts in two minutes, so that there is a rate."""
    fire(room, rule, f"{where}/0")
    room.clock.move(minutes=1)
    fire(room, rule, f"{where}/1")


def pictures(message: Any) -> list[dict[str, Any]]:
    """The pictures that a message shows."""
    return [block for block in message["blocks"] if block["type"] == "image"]


def test_rate_is_a_picture_with_words(room: Room) -> None:
    """It is a PNG in no channel, shown by the group's message, which says the same in words."""
    rule, where = a_rule(), place()
    posts = len(room.slack.posts(ALERTS))

    fire_twice(room, rule, where)

    (message,) = messages(room, rule)
    (picture,) = pictures(message)
    assert room.slack.files[picture["slack_file"]["id"]]["content"].startswith(b"\x89PNG")
    assert picture["alt_text"] == (
        "Alerts a minute over the half hour up to the latest one: at most 1, 1 in the latest minute."
    )
    assert "Alerts a minute, at most 1, until" in text_of(message)
    assert len(room.slack.posts(ALERTS)) == posts + 1


def shown_chart(room: Room, rule: str) -> GroupChart:
    """The chart of the group's message, which shows all that is on record."""
    (group,) = groups_of(room, rule)
    with room.app.store.snapshots.snapshot() as reads:
        chart = reads.signals.chart(group.id)
    assert chart is not None
    assert chart.drawn == group.digest.drawn
    assert chart.file == pictures(messages(room, rule)[0])[0]["slack_file"]["id"]
    return chart


@pytest.mark.thorough
def test_newer_chart_replaces_the_one_before(room: Room) -> None:
    """A minute later, though nothing more comes, so that a burst is shown to its end; the old file is deleted."""
    rule, where = a_rule(), place()
    fire_twice(room, rule, where)
    first = shown_chart(room, rule)

    fire(room, rule, f"{where}/2")

    second = shown_chart(room, rule)
    assert second.made_at - first.made_at >= CHART_EVERY
    assert first.file not in room.slack.files
    assert second.file in room.slack.files


def test_what_comes_while_the_chart_is_uploaded_is_drawn_too(room: Room) -> None:
    """The upload takes a while, and no alert comes after it."""
    rule, where, gate = a_rule(), place(), threading.Event()
    fire(room, rule, f"{where}/0")
    room.clock.move(minutes=1)
    room.slack.break_down(Fault(method="files.getUploadURLExternal", gate=gate))
    take(room, rule, f"{where}/1")
    room.wait_for("the upload", lambda: room.slack.delayed)

    take(room, rule, f"{where}/2")
    room.wait_for("the group", lambda: groups_of(room, rule)[0].alerts == 3)
    gate.set()
    settle(room)

    shown_chart(room, rule)


@pytest.mark.parametrize("error", leading(1, ["missing_scope", "file_uploads_disabled"]))
def test_without_files_it_is_bars_of_text(room: Room, error: str) -> None:
    """A workspace that takes no files loses nothing else, and nothing is parked."""
    room.slack.break_down(Fault(method="files.getUploadURLExternal", error=error))
    rule, where = a_rule(), place()

    fire_twice(room, rule, where)

    (message,) = messages(room, rule)
    assert pictures(message) == []
    assert "alerts a minute, until" in text_of(message)
    assert "█" in text_of(message)
    assert room.app.store.lane_report()["parked_lanes"] == {}


def test_picture_that_slack_does_not_show_leaves_the_words(room: Room) -> None:
    """The file is gone and none is taken any more: the message is edited all the same, with bars of text."""
    rule, where = a_rule(), place()
    fire_twice(room, rule, where)
    (picture,) = pictures(messages(room, rule)[0])
    room.slack.files.pop(picture["slack_file"]["id"])
    room.slack.break_down(Fault(method="files.getUploadURLExternal", error="missing_scope"))

    fire(room, rule, f"{where}/7")

    (message,) = messages(room, rule)
    assert pictures(message) == []
    assert "×3" in text_of(message)
    assert "alerts a minute, until" in text_of(message)


@pytest.mark.thorough
def test_killed_after_the_upload_it_is_one_message(ready_sqlite_url: str, tmp_path: Path) -> None:
    """An answer that is lost costs another upload that nobody sees, never another message."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        rule, where = a_rule(), place()
        room.slack.break_down(Fault(method="files.completeUploadExternal", loses="answer", times=1))

        fire_twice(room, rule, where)

        assert len(messages(room, rule)) == 1
        assert len(pictures(messages(room, rule)[0])) == 1
