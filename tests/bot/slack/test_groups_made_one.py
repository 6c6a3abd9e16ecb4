"""What groups that people made one, and took apart again, say and do from then on."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest

from analysis.alerts.alert_rows import ServiceGraph
from bot.flows.alerts.night_history import read_belonging
from bot.ports.grouping import AlertGroup, FeedbackKind
from bot.usecases.learning.labelled_history import LabelledHistory, labelled_history
from tests.bot.slack.alert_room import fire, groups_of, messages, settle, text_of
from tests.bot.slack.test_group_words import actions_of, name, two_that_may_be_one
from tests.slack_room import ALERTS, COMMANDER, OTHER, RESPONDER, Room


@pytest.fixture
def room(alerts_room: Room) -> Room:
    """Return the room whose groups are posted in a channel."""
    return alerts_room


def test_rise_after_a_merge_with_what_is_over_is_told(room: Room) -> None:
    """What is over was critical; one is as bad as what fires of it, so that a rise to critical is news."""
    first, second, where = name(), name(), name("s")
    fire(room, first, f"{where}/0", severity="critical")
    room.clock.move(minutes=15)
    fire(room, second, f"{where}/1")
    (earlier,), (later,) = groups_of(room, first), groups_of(room, second)
    room.clock.move(minutes=2)
    fire(room, first, f"{where}/0", severity="critical", status="resolved")
    buttons = actions_of(messages(room, f"*{later.reference} ")[-1])

    room.press(RESPONDER, buttons[f"Merge with {earlier.reference}"], f"{later.number}|{later.id}", ALERTS)
    settle(room)
    (merged,), before = groups_of(room, second), len(posts(room))
    room.clock.move(minutes=5)
    fire(room, second, f"{where}/1", severity="critical")

    assert (merged.number, merged.severity, merged.firing) == (earlier.number, "warning", 1)
    assert len(posts(room)) == before + 1
    assert f"*{earlier.reference} critical*" in text_of(posts(room)[-1])


def test_group_that_was_taken_apart_is_as_bad_as_what_fires_of_it(room: Room) -> None:
    """A critical series of it is over: what fires is of severity info, and its rise to critical is told."""
    first, over, on = name(), name(), name()
    fire(room, first, f"{name('s')}/0", severity="info")
    room.clock.move(minutes=90)
    where = name("s")
    fire(room, over, f"{where}/0", severity="critical")
    fire(room, on, f"{where}/0", severity="info")
    (earlier,), (later,) = groups_of(room, first), groups_of(room, over)
    fire(room, over, f"{where}/0", severity="critical", status="resolved")
    room.clock.move(hours=3)

    made_one(room, later, earlier)
    taken_apart(room, later)
    (apart,), before = apart_of(room, on), len(posts(room))
    room.clock.move(minutes=5)
    fire(room, on, f"{where}/0", severity="critical")

    assert (apart.severity, apart.series, apart.firing) == ("info", 2, 1)
    assert len(posts(room)) == before + 1


def test_what_mattered_does_so_where_it_was_taken_apart_to(room: Room) -> None:
    """Said of the later before the two were made one: the earlier did not, neither do the others hear that it did."""
    earlier, later = two_that_may_be_one(room)
    (rule,) = later.digest.rules
    room.ask(RESPONDER, f"alerts {later.reference} mattered")
    made_one(room, later, earlier)
    together = mattered(room, earlier)

    taken_apart(room, later)
    (apart,) = apart_of(room, rule)
    after, shown = [mattered(room, one) for one in (earlier, apart)], messages(room, f"*{apart.reference} ")[-1]
    names = [named(room, (rule_of,)) for rule_of in (rule, *earlier.digest.rules)]
    room.ask(RESPONDER, f"alerts {apart.reference} put back")
    settle(room)
    back, name_back = mattered(room, earlier), named(room, (rule,))
    taken_back = room.ask(OTHER, f"alerts {earlier.reference} not mattered")

    assert (together, after, back) == (True, [False, True], True)
    assert "It mattered: somebody had to act on it." in text_of(shown)
    assert names == [{str(apart.id)}, {""}]
    assert name_back == {str(earlier.id)}
    assert taken_back.startswith(f"Taken back: nobody had to act on {earlier.reference}.")
    assert not mattered(room, earlier)
    assert named(room, (rule,)) == {""}


def test_what_mattered_itself_does_so_after_what_was_folded_into_it_has_left(room: Room) -> None:
    """Both mattered; each does so still where it is, and taking one back says nothing of the other."""
    earlier, later = two_that_may_be_one(room)
    for one in (earlier, later):
        room.ask(RESPONDER, f"alerts {one.reference} mattered")
    made_one(room, later, earlier)
    taken_apart(room, later)
    (apart,) = apart_of(room, next(iter(later.digest.rules)))

    both = [mattered(room, one) for one in (earlier, apart)]
    room.ask(OTHER, f"alerts {apart.reference} noise 1d a drill")

    assert both == [True, True]
    assert [mattered(room, one) for one in (earlier, apart)] == [True, False]
    assert named(room, earlier.digest.rules) == {str(earlier.id)}


def test_merge_that_is_not_done_is_one_label_and_judges_nothing(room: Room) -> None:
    """A private incident has one of them: whoever asks twice reads what everybody does; once it has not, it is done."""
    earlier, later = two_that_may_be_one(room)
    _, channel = room.declare(COMMANDER, f"private: {name()}")
    room.ask(COMMANDER, f"attach {earlier.reference}", channel)
    settle(room)
    judged = judged_rules(room)

    first, second, third = (made_one(room, later, earlier, person) for person in (OTHER, OTHER, RESPONDER))
    kinds, counted, still = labels_of(room, later), learned(room).labels.get("merged", 0), judged_rules(room)
    room.ask(COMMANDER, f"detach {earlier.reference}", channel)
    settle(room)
    again = made_one(room, later, earlier, OTHER)
    (rule,) = later.digest.rules

    assert first.startswith(f"Noted: {later.reference} and {earlier.reference} are one.")
    assert second == third == again
    assert second == (
        f"It was asked already that {later.reference} and {earlier.reference} are one: "
        f"{later.reference} is folded into {earlier.reference}, unless an incident has one of them."
    )
    assert (kinds, counted, still) == ([FeedbackKind.MERGED], 0, judged)
    assert [group.number for group in groups_of(room, rule)] == [earlier.number]
    assert labels_of(room, later).count(FeedbackKind.MERGED) == 1
    assert learned(room).labels["merged"] == 1


def test_chain_of_merges_is_taken_apart_as_it_was_made(room: Room) -> None:
    """What was one with a group before leaves with it; nobody reads that a person said more than that person did."""
    first, second, third = (alone(room) for _ in range(3))
    made_one(room, third, second)
    made_one(room, second, first)
    together = text_of(messages(room, f"*{third.reference}* ")[-1])

    said = taken_apart(room, second)
    (apart,) = apart_of(room, next(iter(second.digest.rules)))
    told = [text_of(messages(room, f"*{one.reference}* was one with ")[-1]) for one in (second, third)]

    assert (
        f"*{third.reference}* is one with *{first.reference}*: it was one with {second.reference} before: "
        "a person said that they are one"
    ) in together
    assert said == (
        f"What came in {second.reference} leaves {first.reference}, 2 series: it gets a group of its own in a moment."
    )
    assert (apart.series, apart.opened_at) == (2, second.opened_at)
    assert [f"was taken apart: see *{apart.reference}*" in one for one in told] == [True, True]


def alone(room: Room) -> AlertGroup:
    """A group of one series, two hours after all others."""
    room.clock.move(hours=2)
    fire(room, rule := name(), f"{name('s')}/0")
    (group,) = groups_of(room, rule)
    return group


def made_one(room: Room, later: AlertGroup, earlier: AlertGroup, person: str = RESPONDER) -> str:
    """Say that two groups are one; the answer."""
    said = room.ask(person, f"alerts {later.reference} with {earlier.reference}")
    settle(room)
    return said


def taken_apart(room: Room, folded: AlertGroup, person: str = RESPONDER) -> str:
    """Take what came in a *folded* group apart again; the answer."""
    said = room.ask(person, f"alerts {folded.reference} apart")
    settle(room)
    return said


def apart_of(room: Room, rule: str) -> list[AlertGroup]:
    """The groups with *rule* that a person made, and that hold something."""
    return [group for group in groups_of(room, rule) if group.digest.is_apart and group.series]


def posts(room: Room) -> list[Mapping[str, Any]]:
    """The messages in the alerts channel."""
    return list(room.slack.channels[ALERTS].messages)


def mattered(room: Room, group: AlertGroup) -> bool:
    """Whether people hear that a group mattered."""
    return "It mattered" in room.ask(RESPONDER, f"alerts {group.reference}")


def named(room: Room, rules: Collection[str]) -> set[str]:
    """What the nightly replay goes by for the firings of *rules*: what that mattered they are parts of."""
    with room.app.store.snapshots.snapshot() as reads:
        belonging = read_belonging(reads, room.app.workspace_id)
        events = reads.groups.events(room.app.workspace_id, after=0, limit=10_000)
    return {belonging.mattered.name_of(each) for each in events if each.alert.rule in rules}


def labels_of(room: Room, group: AlertGroup) -> list[FeedbackKind]:
    """What people said of a group, but what belongs to an incident."""
    with room.app.store.snapshots.snapshot() as reads:
        labels = reads.learning.feedback(room.app.workspace_id)
    return [one.kind for one in labels if one.group_id == group.id and one.incident_id is None]


def learned(room: Room) -> LabelledHistory:
    """What training has to learn from of the last hour."""
    since = room.clock.now() - timedelta(hours=1)
    snapshots, workspace = room.app.store.snapshots, room.app.workspace_id
    return labelled_history(snapshots, workspace, since=since, graph=ServiceGraph(), on_event=lambda: None)


def judged_rules(room: Room) -> set[str]:
    """The rules of the last hour whose alerts have a cause for training, because somebody looked at their group."""
    history = learned(room).history
    return {alert.rule for alert in history.alerts if alert.id in history.truth.causes}
