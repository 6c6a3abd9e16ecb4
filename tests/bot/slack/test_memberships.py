"""Who is in which channel and group, in whatever order and however often Slack tells of it."""

from pathlib import Path

import pytest

from bot.slack.directory import SlackDirectory
from tests import slack_requests as requests
from tests.slack_room import COMMANDER, OTHER, Room, number_in, open_room

JOINED = {
    "type": "member_joined_channel",
    "user": OTHER,
    "channel": "C0PRIVATE",
    "team": requests.TEAM,
    "event_ts": "1772355600.000100",
}


def _moved(room: Room, kind: str, channel: str, at: str) -> dict[str, str]:
    return {"type": kind, "user": OTHER, "channel": channel, "team": room.slack.team, "event_ts": at}


def _commands(room: Room) -> bool:
    person = room.app.directory.person(COMMANDER)
    return person is not None and "commander" in person.access


def _private(room: Room) -> tuple[int, str]:
    number = number_in(room.ask(COMMANDER, "declare SEV2 private: Insider trading suspected"))
    room.settle()
    channel = room.slack.channel_named(f"inc-{number}-")
    assert channel is not None
    return number, channel.id


def test_joining_delivered_again_after_the_leaving_lets_nobody_in(room: Room) -> None:
    """Slack repeats a joining whose answer it missed: who has left since stays out."""
    number, channel = _private(room)
    joined = requests.event(_moved(room, "member_joined_channel", channel, "1772355600.000100"))
    room.send(joined)
    during = room.ask(OTHER, f"#{number} status")
    room.event(_moved(room, "member_left_channel", channel, "1772355600.000200"))

    answer = room.send(joined)

    assert during.startswith(f"#{number} ")
    assert answer.status == 200
    assert room.ask(OTHER, f"#{number} status").startswith("There is no incident")


def test_joining_that_arrives_after_its_leaving_lets_nobody_in(room: Room) -> None:
    """The later of the two decides, not the one that is delivered last."""
    number, channel = _private(room)

    room.event(_moved(room, "member_left_channel", channel, "1772355600.000200"))
    room.event(_moved(room, "member_joined_channel", channel, "1772355600.000100"))

    assert room.ask(OTHER, f"#{number} status").startswith("There is no incident")
    kept = [each for each in room.app.store.people.load_memberships() if each.channel == channel]
    assert [each.is_member for each in kept if each.actor == f"slack:{OTHER}"] == [False]


@pytest.mark.thorough
def test_joining_of_an_earlier_run_delivered_again_changes_nothing(ready_sqlite_url: str, tmp_path: Path) -> None:
    """What was recorded before a restart is loaded at start; a repetition does not undo what came after it."""
    joined = requests.event(JOINED)
    with open_room(ready_sqlite_url, tmp_path / "first") as room:
        room.send(joined)
        room.event({**JOINED, "type": "member_left_channel", "event_ts": "1772355600.000200"})

    with open_room(ready_sqlite_url, tmp_path / "second", key_file=tmp_path / "first" / "debrief.key") as room:
        room.send(joined)
        person = room.app.directory.person(OTHER)

    assert person is not None
    assert person.channels == frozenset()


def test_leaving_is_remembered_over_a_restart(ready_url: str, tmp_path: Path) -> None:
    """A joining that Slack delivers only after a restart does not undo the leaving before it."""
    left = {**JOINED, "type": "member_left_channel", "event_ts": "1772355600.000200"}
    with open_room(ready_url, tmp_path / "first") as room:
        room.event(left)

    with open_room(ready_url, tmp_path / "second", key_file=tmp_path / "first" / "debrief.key") as room:
        answer = room.event(JOINED)
        person = room.app.directory.person(OTHER)

    with open_room(ready_url, tmp_path / "third", key_file=tmp_path / "first" / "debrief.key") as room:
        later = room.app.directory.person(OTHER)
    assert answer.status == 200
    assert person is not None
    assert later is not None
    assert (person.channels, later.channels) == (frozenset(), frozenset())


def test_older_account_of_a_person_is_ignored(room: Room) -> None:
    """A change of somebody's account that Slack delivers late does not undo the one after it."""
    user = f"U0LATE{next(room.slack.numbers)}"
    account = {**room.slack.users[OTHER], "id": user, "name": "ola", "real_name": "ola"}
    room.event({"type": "team_join", "user": {**account, "updated": 1772355600}})

    room.event({"type": "user_change", "user": {**account, "deleted": True, "updated": 1772355700}})
    room.event({"type": "user_change", "user": {**account, "updated": 1772355650}})

    assert room.app.directory.person(user) is None


def test_group_missing_from_the_full_list_has_no_members(own_room: Room) -> None:
    """A group that is gone gives no access any more, on disk neither."""
    directory = own_room.app.directory
    own_room.wait_for("the group", lambda: _commands(own_room))

    directory.learn_groups({"S0OTHERS": [OTHER]}, is_all=True)

    again = SlackDirectory(own_room.app.store.people, own_room.settings).person(COMMANDER)
    assert not _commands(own_room)
    assert again is not None
    assert "commander" not in again.access


def test_disabled_group_gives_no_access(own_room: Room) -> None:
    """Slack still names the members of a group that was disabled."""
    group = {"id": "S0COMMANDERS", "users": [COMMANDER], "date_delete": 1772355600}
    own_room.wait_for("the group", lambda: _commands(own_room))

    own_room.event({"type": "subteam_updated", "subteam": group})

    assert not _commands(own_room)
