"""The chart of a group's rate: uploaded, shown in its one message, replaced, and done without where it must be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.slack.alert_room import fire, messages, settle, text_of
from tests.bot.slack.test_groups import a_rule, place
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
        "Alerts a minute over the last half hour: at most 1, 1 in the latest minute with one."
    )
    assert "Alerts a minute, at most 1, until" in text_of(message)
    assert len(room.slack.posts(ALERTS)) == posts + 1


@pytest.mark.thorough
def test_newer_chart_replaces_the_one_before(room: Room) -> None:
    """Not more often than once a minute while it fires, at once when it is quiet; the old file is deleted."""
    rule, where = a_rule(), place()
    fire_twice(room, rule, where)
    first = pictures(messages(room, rule)[0])[0]["slack_file"]["id"]
    fire(room, rule, f"{where}/2")
    same = pictures(messages(room, rule)[0])[0]["slack_file"]["id"]
    room.clock.move(minutes=1)

    fire(room, rule, f"{where}/3")

    second = pictures(messages(room, rule)[0])[0]["slack_file"]["id"]
    assert same == first
    assert second != first
    assert first not in room.slack.files
    assert second in room.slack.files


@pytest.mark.parametrize("error", ["missing_scope", "file_uploads_disabled"])
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
    """The file is gone: the message is edited all the same, with bars of text."""
    rule, where = a_rule(), place()
    fire_twice(room, rule, where)
    (picture,) = pictures(messages(room, rule)[0])
    room.slack.files.pop(picture["slack_file"]["id"])

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
