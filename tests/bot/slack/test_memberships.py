"""Who is in which channel and group, in whatever order and however often Slack tells of it."""

from pathlib import Path
from typing import Any

import pytest

from bot.slack.workspace.directory import SlackDirectory
from bot.slack.workspace.user_groups import UserGroup
from tests import slack_requests as requests
from tests.fake_slack import Fault
from tests.slack_room import APPROVER, COMMANDER, OPERATIONS, OTHER, Room, number_in, open_room, served_again

JOINED = {
    "type": "member_joined_channel",
    "user": OTHER,
    "channel": "C0PRIVATE",
    "team": requests.TEAM,
    "event_ts": "1772355600.000100",
}
CANARY = "Insider trading suspected"


def _moved(room: Room, kind: str, channel: str, at: str) -> dict[str, str]:
    return {"type": kind, "user": OTHER, "channel": channel, "team": room.slack.team, "event_ts": at}


def _commands(room: Room) -> bool:
    person = room.app.directory.person(COMMANDER)
    return person is not None and "commander" in person.access


def _access(room: Room, user: str) -> frozenset[str]:
    person = room.app.directory.person(user)
    return frozenset(person.access) if person else frozenset()


def _private(room: Room) -> tuple[int, str]:
    number = number_in(room.ask(COMMANDER, f"declare SEV2 private: {CANARY}"))
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

    directory.learn_groups([UserGroup(id="S0OTHERS", users=frozenset({OTHER}))], is_all=True)

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


@pytest.mark.parametrize("kind", ["list", "delta"])
def test_older_account_of_a_group_gives_nobody_access_again(own_room: Room, kind: str) -> None:
    """Who was taken out of a group stays out, though Slack delivers again what it said of the group before."""
    own_room.wait_for("the group", lambda: _commands(own_room))
    group = {"id": "S0COMMANDERS", "users": [COMMANDER, OTHER], "user_count": 2, "date_update": 100}
    moved: dict[str, Any] = {"type": "subteam_members_changed", "subteam_id": "S0COMMANDERS"}
    lates: dict[str, dict[str, Any]] = {
        "list": {"type": "subteam_updated", "subteam": group},
        "delta": {**moved, "added_users": [COMMANDER], "date_update": 100},
    }
    late = lates[kind]
    own_room.event(late)
    before = _commands(own_room)

    own_room.event({**moved, "removed_users": [COMMANDER], "date_update": 300})
    own_room.event(late)

    assert before
    assert not _commands(own_room)


def test_who_is_in_a_big_group_keeps_access(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Slack names the first 500 of a group; the others are in it as well, at start and when it changes."""
    many = [f"U1MANY{number:03}" for number in range(510)]
    access = {"commander": {"S0COMMANDERS"}, "admin": {"S0BIG"}}
    with open_room(ready_sqlite_url, tmp_path / "first", access=access) as room:
        for user in many:
            room.slack.add_user(user, user.lower())
        room.slack.groups["S0BIG"] = many
        with served_again(room) as again:
            again.wait_for("the people", lambda: "admin" in _access(again, many[0]))
            first = [again.app.directory.person(user) for user in many]
            group = {"id": "S0BIG", "users": many[:500], "user_count": 510, "date_update": 200}
            again.event({"type": "subteam_updated", "subteam": group})
            changed = {"type": "subteam_members_changed", "subteam_id": "S0BIG", "date_update": 300}
            again.event({**changed, "added_users": [OTHER], "removed_users": [many[0], many[509]]})
            seen = {user: "admin" in _access(again, user) for user in (many[0], many[1], many[508], many[509], OTHER)}

    assert all(person and "admin" in person.access for person in first)
    assert seen == {many[0]: False, many[1]: True, many[508]: True, many[509]: False, OTHER: True}


def test_big_group_that_slack_does_not_name_whole_keeps_nothing_else_from_being_read(own_room: Room) -> None:
    """Such as one that was deleted that moment: who left a private incident's channel is found out all the same."""
    number, channel = _private(own_room)
    join(own_room, channel, OTHER)
    own_room.slack.channels[channel].members.symmetric_difference_update({OTHER, APPROVER})
    own_room.slack.groups["S0BIG"] = [f"U1MANY{number:03}" for number in range(510)]
    own_room.slack.fail("usergroups.users.list", "no_such_subteam", times=None)

    with served_again(own_room) as again:
        again.wait_for("the members", lambda: CANARY in again.ask(APPROVER, f"#{number} status"))
        seen = CANARY in again.ask(OTHER, f"#{number} status")

    assert not seen
    assert len(own_room.slack.calls_of("usergroups.users.list")) == 1


@pytest.mark.parametrize("fault", ["none", "limited", "lost"])
def test_who_left_a_private_incident_unseen_sees_it_no_more(own_room: Room, fault: str) -> None:
    """Removed while Debrief was away, or since the copy that the database was brought back from: Slack is asked."""
    number, channel = _private(own_room)
    join(own_room, channel, OTHER)
    own_room.slack.channels[channel].members.symmetric_difference_update({OTHER, APPROVER})
    faults = {"limited": Fault(method="conversations.members", error="ratelimited", status=429, retry_after=1)}
    faults["lost"] = Fault(method="conversations.members", loses="answer")
    before = CANARY in own_room.ask(OTHER, f"#{number} status")
    if fault in faults:
        own_room.slack.break_down(faults[fault])

    with served_again(own_room) as again:
        again.wait_for("the members", lambda: CANARY in again.ask(APPROVER, f"#{number} status"))
        seen = [CANARY in again.ask(who, f"#{number} status") for who in (COMMANDER, OTHER)]
        kept = {each.actor: each.is_member for each in again.app.store.people.load_memberships()}

    assert before
    assert seen == [True, False]
    assert (kept[f"slack:{OTHER}"], kept[f"slack:{APPROVER}"]) == (False, True)


def test_who_was_removed_while_debrief_was_out_of_the_channel_sees_it_no_more(own_room: Room) -> None:
    """Nothing is heard of a private channel from outside of it: Slack is asked as soon as Debrief is let in again."""
    number, channel = _private(own_room)
    join(own_room, channel, OTHER)
    bot, members = own_room.slack.bot, own_room.slack.channels[channel].members
    leave(own_room, channel, bot)
    members.symmetric_difference_update({OTHER, APPROVER})
    before = CANARY in own_room.ask(OTHER, f"#{number} status")

    join(own_room, channel, bot)

    own_room.wait_for("the members", lambda: CANARY in own_room.ask(APPROVER, f"#{number} status"))
    assert before
    assert CANARY not in own_room.ask(OTHER, f"#{number} status")


@pytest.mark.parametrize("error", ["channel_not_found", "missing_scope", "fetch_members_failed"])
def test_members_that_slack_does_not_tell_stay_as_events_said(own_room: Room, error: str) -> None:
    """Without an answer nobody is locked out, and Slack is not asked again and again."""
    number, channel = _private(own_room)
    join(own_room, channel, OTHER)
    own_room.slack.fail("conversations.members", error, times=None)
    asked = len(own_room.slack.calls_of("conversations.members"))

    with served_again(own_room, operations_channel=OPERATIONS) as again:
        again.wait_for("the question", lambda: len(again.slack.calls_of("conversations.members")) > asked)
        again.settle()
        sees = CANARY in again.ask(OTHER, f"#{number} status")
        notes = [post["text"] for post in again.slack.posts(OPERATIONS)]

    assert sees
    assert len(own_room.slack.calls_of("conversations.members")) == asked + 1
    assert any("Slack has no conversations.members" in note for note in notes) is (error == "missing_scope")


def test_event_that_comes_while_members_are_read_counts(own_room: Room) -> None:
    """Who joins, or is removed, between Slack's answer and our reading of it is where the event says."""
    number, channel = _private(own_room)
    join(own_room, channel, OTHER)
    directory = own_room.app.directory
    moves = directory.moves(channel)

    join(own_room, channel, APPROVER)
    leave(own_room, channel, OTHER)
    directory.learn_members(channel, [own_room.slack.bot, COMMANDER, OTHER], moves=moves)
    at_once = [CANARY in own_room.ask(who, f"#{number} status") for who in (APPROVER, OTHER)]
    directory.learn_members(channel, [own_room.slack.bot, OTHER], moves=directory.moves(channel))
    read = [CANARY in own_room.ask(who, f"#{number} status") for who in (APPROVER, OTHER)]
    leave(own_room, channel, OTHER)
    later = CANARY in own_room.ask(OTHER, f"#{number} status")

    assert (at_once, read, later) == ([True, False], [False, True], False)


def join(room: Room, channel: str, user: str) -> None:
    """Let somebody enter, and tell of it."""
    room.slack.channels[channel].members.add(user)
    room.event({**JOINED, "user": user, "channel": channel, "event_ts": room.slack.next_ts()})


def leave(room: Room, channel: str, user: str) -> None:
    """Let somebody be removed, and tell of it."""
    room.slack.channels[channel].members.discard(user)
    left = {**JOINED, "type": "member_left_channel"}
    room.event({**left, "user": user, "channel": channel, "event_ts": room.slack.next_ts()})
