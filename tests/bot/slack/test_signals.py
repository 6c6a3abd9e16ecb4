"""Signals on an incident: what is attached by itself, what is suggested, and what people say of it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.ports.grouping import FeedbackKind
from bot.ports.services import EdgeSource, ServiceEdge
from bot.store.delivery.waiting import lanes_that_wait
from bot.store.grouping.group_tables import FEEDBACK
from tests.bot.slack.alert_room import buttons_of, fire, groups_of, messages, settle, tell_an_end, text_of
from tests.bot.slack.test_groups import a_rule, place
from tests.slack_room import ALERTS, COMMANDER, GUEST, OTHER, RESPONDER, Room, open_room, served_again


@pytest.fixture
def room(alerts_room: Room) -> Iterator[Room]:
    """Yield the room whose groups are posted in a channel, and leave it at rest."""
    yield alerts_room
    settle(alerts_room)


def named_incident(room: Room, *alerts: int, minutes: int = 0) -> tuple[int, str, str, list[str]]:
    """An incident whose title names a place, with groups there of so many series, so many *minutes* later.

    Returns number, channel, place and rules.
    """
    where, rules = place(), []
    number, channel = room.declare(text=f"SEV3 {where} is slow")
    room.clock.move(minutes=minutes)
    for series in alerts:
        rules.append(a_rule())
        fire(room, rules[-1], *[f"{where}/{one}" for one in range(series)])
    return number, channel, where, rules


def panel(room: Room, channel: str) -> str:
    """What the one message says that lists the signals in *channel*."""
    found = [text_of(one) for one in room.slack.posts(channel) if "*Signals on" in text_of(one)]
    assert len(found) == 1
    return found[0]


def test_what_the_title_names_is_attached_by_itself(room: Room) -> None:
    """A line with its reasons is on the timeline, and one press takes it back for good."""
    number, channel, where, (rule,) = named_incident(room, 3)
    (group,) = groups_of(room, rule)
    attached = panel(room, channel)
    card, buttons = text_of(room.card(channel)), buttons_of(room.card(channel))
    asked = room.press(OTHER, "incident.signals", str(number), channel)
    (line,) = [one for one in room.timeline(COMMANDER, number) if group.reference in one]
    pressed = room.press(RESPONDER, "signal.not_related", f"{number}|{group.reference}", channel)
    settle(room)
    taken_off, card_after = panel(room, channel), text_of(room.card(channel))
    fire(room, a_rule(), f"{where}/9")

    assert "attached by Debrief (very likely" in attached
    assert "attached by Debrief" not in taken_off
    assert "attached" not in card_after
    assert f"the title names {where}" in attached
    assert "1 group of alerts attached" in card
    assert "Signals" in buttons
    assert group.reference in asked
    assert "Debrief attached it, because: the title names" in line
    assert pressed == f"{group.reference} is not attached to #{number} any more."
    lines = [one for one in room.timeline(COMMANDER, number) if group.reference in one]
    assert ["attached" in lines[0], "detached" in lines[1], len(lines)] == [True, True, 2]
    assert f"Attached to *#{number}*" not in text_of(messages(room, rule)[-1])


def test_list_of_signals_keeps_up_with_what_is_attached(room: Room) -> None:
    """Responders read in their channel whether it is still on and how bad, without asking."""
    _, channel, where, (rule,) = named_incident(room, 3)
    began = room.clock.now()
    first = panel(room, channel)
    fire(room, a_rule(), *[f"{where}/{one}" for one in range(3)], severity="critical")
    worse = panel(room, channel)
    ended = room.clock.now().isoformat()
    room.clock.move(minutes=2)
    for each in {rule, *groups_of(room, rule)[0].digest.rules}:
        fire(room, each, *[f"{where}/{one}" for one in range(3)], status="resolved", since=began, ends_at=ended)
    over = panel(room, channel)

    assert "*warning, firing*: " in first
    assert "*critical, firing*: " in worse
    assert "firing*" not in over
    assert ["(firing since <!date^" in said for said in (first, worse, over)] == [True, True, False]
    assert "(fired from <!date^" in over
    assert f"over since <!date^{int(datetime.fromisoformat(ended).timestamp())}^" in over


def test_alerts_are_told_of_on_each_readers_own_clock(room: Room) -> None:
    """In the list, the news, the timeline and the answers, as every other time; UTC is for where Slack cannot."""
    number, channel, where, _ = named_incident(room, 3)
    other, elsewhere = a_rule(), place()
    room.clock.move(hours=3)  # so that nothing of before has it join a group
    fire(room, other, elsewhere)
    (group,) = groups_of(room, other)
    answers = [room.ask(COMMANDER, f"attach {group.reference}", channel)]
    settle(room)
    answers += [room.ask(COMMANDER, "signals", channel)]
    form = room.open_form(RESPONDER, "group_noise", group.number, ALERTS)
    answers += [text_of(room.submit(RESPONDER, form, span="1d", reason="a drill")["view"])]
    room.ask(COMMANDER, "resolve", channel)
    settle(room)
    posts = [text_of(one) for one in room.slack.posts(channel)]

    said = [*answers, *posts, *room.timeline(COMMANDER, number)]
    assert [one for one in said if " UTC" in re.sub("<!date[^>]+>", "", one)] == []
    since = re.compile(r"alerts? since <!date\^\d+\^\{time_secs\} \{date_short\}\|\S+ \S+ UTC>")
    told = [one for one in said if since.search(one)]
    assert len([one for one in told if elsewhere in one]) >= 5  # the answer, both lists, the post and two lines
    assert "is called noise until <!date^" in answers[2]
    assert where in "".join(told)


def test_document_has_what_was_attached_with_its_reasons(room: Room) -> None:
    """As a line of the timeline, quoted whole, so that the statement is supported by its entry."""
    number, channel, where, (rule,) = named_incident(room, 3)
    (group,) = groups_of(room, rule)
    room.ask(COMMANDER, "role commander me", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.draft(COMMANDER, channel)

    with room.app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(room.app.workspace_id, number)
        assert incident is not None
        document = str(reads.revisions(incident.id)[-1].document)
    room.settle()
    offered = "\n".join(text_of(one) for one in room.slack.posts(channel))
    assert f"Alerts {group.reference} attached" in document
    assert f"the title names {where}" in document
    assert "3 of 3 series of its alerts still fired then" in document
    assert "at odds" not in offered


def test_what_is_less_sure_is_suggested(room: Room) -> None:
    """Nothing is attached; a press does, and the message is edited, not posted again."""
    number, channel, _, (rule,) = named_incident(room, 1, minutes=3)
    (group,) = groups_of(room, rule)
    suggested = panel(room, channel)
    before = [one for one in room.timeline(COMMANDER, number) if group.reference in one]
    (shown,) = [one for one in room.slack.posts(channel) if "*Signals on" in text_of(one)]
    attach = room.buttons(shown["blocks"])["Attach"]
    # as before the database was brought back from a copy, and the number was given again
    another = room.press(RESPONDER, attach["action_id"], f"{number}|{group.reference}|{uuid4()}", channel)
    room.press(RESPONDER, attach["action_id"], attach["value"], channel)
    settle(room)

    assert f"a {group.reference} that is not on record any more" in another
    assert "suggested (likely" in suggested
    assert before == []
    assert "attached by a person" in panel(room, channel)
    assert f"Attached to *#{number}*" in text_of(messages(room, rule)[0])


@pytest.mark.thorough
def test_suggestion_that_faded_is_taken_out_of_every_message(room: Room) -> None:
    """Once the incident has alerts of its own, what was less sure is no longer offered."""
    number, channel, _, (rule,) = named_incident(room, 1, minutes=3)
    own = a_rule()
    room.clock.move(minutes=30)
    fire(room, own, place())
    (other,) = groups_of(room, own)
    offered, card = text_of(messages(room, rule)[0]), text_of(room.card(channel))

    room.ask(COMMANDER, f"attach {other.reference}", channel)
    settle(room)

    assert f"may be a part of *#{number}*" in offered
    assert "1 suggested" in card
    assert f"#{number}" not in text_of(messages(room, rule)[0])
    assert "suggested" not in text_of(room.card(channel))


def test_buttons_are_those_that_make_sense(room: Room) -> None:
    """What is attached is not offered again, and nothing can be pressed once the incident is over."""
    number, channel, _, (rule,) = named_incident(room, 1, minutes=3)
    (group,) = groups_of(room, rule)
    message = next(one for one in room.slack.posts(channel) if "*Signals on" in text_of(one))
    offered = buttons_of(message)
    useful = room.press(RESPONDER, "signal.useful", f"{number}|{group.reference}", channel)
    settle(room)

    assert offered == ["Attach", "Useful", "Not related"]
    assert useful == f"Noted: {group.reference} is useful for #{number}."
    assert buttons_of(message) == ["Attach", "Not related"]
    assert "called useful" in text_of(message)
    room.ask(RESPONDER, f"attach {group.reference}", channel)
    settle(room)
    assert "attached by a person, called useful" in text_of(message)


@pytest.mark.thorough
def test_nothing_is_offered_once_it_is_over(room: Room) -> None:
    """The list has no buttons any more, and the group's message suggests it no longer."""
    number, channel, _, (rule,) = named_incident(room, 1, minutes=3)
    before = text_of(messages(room, rule)[0])

    room.ask(RESPONDER, "resolve confirm", channel)
    settle(room)

    (message,) = [one for one in room.slack.posts(channel) if "*Signals on" in text_of(one)]
    assert f"may be a part of *#{number}*" in before
    assert f"#{number}" not in text_of(messages(room, rule)[0])
    assert buttons_of(message) == []


def test_not_related_is_never_suggested_again(room: Room) -> None:
    """It is a label, it stays in the list as declined, and more alerts of the group change nothing."""
    number, channel, where, (rule,) = named_incident(room, 1, minutes=3)
    (group,) = groups_of(room, rule)
    suggested = text_of(messages(room, rule)[-1])
    said = room.ask(RESPONDER, f"signals {group.reference} not related", channel)
    settle(room)
    declined = text_of(messages(room, rule)[-1])
    fire(room, rule, *[f"{where}/{one}" for one in range(1, 6)])
    listed = room.ask(COMMANDER, "signals", channel)

    assert said == f"Noted: {group.reference} has nothing to do with #{number}."
    assert [f"may be a part of *#{number}*" in each for each in (suggested, declined)] == [True, False]
    assert "nothing stands out any more" in panel(room, channel)
    assert "a person said that it is not related" in listed
    assert [one for one in room.timeline(COMMANDER, number) if group.reference in one] == []
    with room.app.store.database.reading() as connection:
        kinds = [row.kind for row in connection.execute(FEEDBACK.select().where(FEEDBACK.c.group_id == group.id))]
    assert kinds == [FeedbackKind.NOT_RELATED]


def test_nothing_goes_into_an_incident_that_is_over(room: Room) -> None:
    """What fires after the resolution is neither attached nor suggested."""
    where = place()
    number, channel = room.declare(text=f"SEV3 {where} is slow")
    room.ask(COMMANDER, "resolve", channel)
    rule = a_rule()

    fire(room, rule, *[f"{where}/{one}" for one in range(4)])

    assert "Nothing stands out so far" in room.ask(COMMANDER, "signals", channel)
    assert f"#{number}" not in text_of(messages(room, rule)[0])


def test_alerts_of_the_minutes_before_are_attached_at_the_declaration(room: Room) -> None:
    """The group was there first; the declaration makes it a part of the incident."""
    rule, where = a_rule(), place()
    fire(room, rule, *[f"{where}/{one}" for one in range(3)])
    room.clock.move(minutes=2)

    number, channel = room.declare(text=f"SEV3 {where} is slow")
    settle(room)

    assert "attached by Debrief" in panel(room, channel)
    assert f"Attached to *#{number}*" in text_of(messages(room, rule)[0])


def test_group_of_an_incident_that_is_over_is_a_signal_where_it_is_attached(room: Room) -> None:
    """It was the wrong incident's: where it is attached instead it has its reasons, and no look finds it anew."""
    _, channel, _, (rule,) = named_incident(room, 3)
    (group,) = groups_of(room, rule)
    room.ask(COMMANDER, "resolve", channel)
    settle(room)
    room.clock.move(minutes=2)
    fire(room, a_rule(), place())  # a step in which the group becomes one that takes nothing more
    _, other = room.declare(COMMANDER, f"private: {a_rule()}")

    room.ask(COMMANDER, f"attach {group.reference}", other)
    settle(room)  # waits until nothing is found any more

    assert groups_of(room, rule)[0].is_closed
    assert f"{group.reference}* *warning, firing*" in room.ask(COMMANDER, "signals", other)
    assert "3 alerts at 1 place" in room.ask(COMMANDER, "signals", other)


def test_group_of_a_duplicate_goes_on_where_it_is_one_of(room: Room) -> None:
    """Responders go on there, so its alerts do, whatever that title names; nobody's alerts are of something over."""
    _, channel, where, (rule,) = named_incident(room, 3)
    (group,) = groups_of(room, rule)
    original, other = room.declare(OTHER, f"SEV2 {a_rule()}")
    settle(room)
    before = room.ask(OTHER, "alerts", other)

    room.ask(COMMANDER, f"duplicate of {original}", channel)
    room.wait_for("the alerts of the duplicate", lambda: group.reference in room.ask(OTHER, "alerts", other))
    settle(room)
    room.clock.move(minutes=2)
    fire(room, rule, *[f"{where}/{one}" for one in range(3, 6)])

    assert "No alerts are attached" in before
    assert "attached by Debrief" in panel(room, other)
    assert "it belongs to what a person called a duplicate of this" in panel(room, other)
    (grown,) = groups_of(room, rule)
    assert (grown.reference, grown.alerts, grown.is_closed) == (group.reference, 6, False)
    room.ask(OTHER, f"detach {group.reference}", other)
    settle(room)
    assert "nothing stands out any more" in panel(room, other)


def test_group_of_a_private_duplicate_stays_with_it(room: Room) -> None:
    """Who reads of the one would learn of the other."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    number, channel = room.declare(COMMANDER, f"private: {a_rule()}")
    room.ask(COMMANDER, f"attach {group.reference}", channel)
    original, other = room.declare(COMMANDER, a_rule())

    room.ask(COMMANDER, f"#{number} duplicate of {original}")
    settle(room)

    assert "No alerts are attached" in room.ask(OTHER, "alerts", other)


def test_group_of_a_duplicate_of_a_private_incident_goes_on_there(room: Room) -> None:
    """That one knows what is a duplicate of it, though nobody else may, also once the group takes nothing more."""
    where, rule = place(), a_rule()
    _, channel = room.declare(text=f"SEV3 {where} is slow")
    fire(room, rule, *[f"{where}/{one}" for one in range(3)])
    (group,) = groups_of(room, rule)
    original, other = room.declare(COMMANDER, f"private: {a_rule()}")
    settle(room)

    room.ask(COMMANDER, f"duplicate of {original}", channel)
    fire(room, a_rule(), place())  # a step in which the group becomes one that takes nothing more

    assert groups_of(room, rule)[0].is_closed
    assert group.reference in room.ask(COMMANDER, "alerts", other)
    assert "it belongs to what a person called a duplicate of this" in panel(room, other)
    assert f"#{original}" not in text_of(messages(room, rule)[-1])


def test_group_of_a_duplicate_and_of_what_is_over_belongs_to_nothing_else(room: Room) -> None:
    """It is not found again and again where it can never be suggested."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    (_, first), (_, second) = room.declare(text=f"SEV3 {a_rule()}"), room.declare(text=f"SEV3 {a_rule()}")
    for channel in (first, second):
        room.ask(COMMANDER, f"attach {group.reference}", channel)
    original, other = room.declare(OTHER, f"SEV3 {a_rule()}")
    room.ask(COMMANDER, "resolve", first)
    settle(room)

    room.ask(COMMANDER, f"duplicate of {original}", second)
    fire(room, a_rule(), place())  # a step in which the group becomes one that takes nothing more

    assert groups_of(room, rule)[0].is_closed
    assert "Nothing stands out" in room.ask(OTHER, "signals", other)


def test_group_of_what_was_called_off_belongs_to_nothing(room: Room) -> None:
    """It was suggested at most while it was another incident's; that one was none."""
    _, channel, where, (rule,) = named_incident(room, 3)
    _, other = room.declare(OTHER, f"SEV2 {where} is down")
    settle(room)
    before = panel(room, other)

    room.ask(COMMANDER, "cancel declared twice", channel)
    room.clock.move(minutes=1)
    for _ in range(2):  # steps in which it is seen which incidents are over, and then what was attached meanwhile
        fire(room, a_rule(), place())

    assert "suggested" in before
    assert "attached by Debrief" in panel(room, other)
    assert not groups_of(room, rule)[0].is_closed


@pytest.mark.parametrize("later", [timedelta(hours=50), timedelta(minutes=10)], ids=["days", "minutes"])
def test_what_fires_when_it_is_reopened_is_a_part_of_it(room: Room, later: timedelta) -> None:
    """Days or minutes later; what belonged to it before keeps the reasons for which it does."""
    _, channel, where, (first,) = named_incident(room, 3)
    fire(room, first, *[f"{where}/{one}" for one in range(3)], status="resolved", since=room.clock.now())
    room.ask(COMMANDER, "resolve", channel)
    room.clock.move(seconds=later.total_seconds())
    again = a_rule()
    fire(room, again, *[f"{where}/{one}" for one in range(3)])
    (group,) = groups_of(room, again)

    room.ask(RESPONDER, "reopen it is back", channel)
    settle(room)

    listed = room.ask(RESPONDER, "signals", channel).split("\n*G-")
    assert [("attached by Debrief" in one, "declared or reopened" in one) for one in listed[1:]] == [(True, False)] * 2
    assert group.reference in panel(room, channel)


def test_old_alerts_of_a_duplicate_are_no_part_of_what_is_reopened(room: Room) -> None:
    """What is quiet for hours belonged to what was wrong then; what fires on is a part of what is wrong now."""
    where, over, on = place(), a_rule(), a_rule()
    first, channel = room.declare(text=f"SEV3 {a_rule()}")
    fire(room, over, f"{where}/1")
    room.clock.move(minutes=40)  # so that they are no group
    fire(room, on, f"{place()}/1")
    old, firing = groups_of(room, over)[0].reference, groups_of(room, on)[0].reference
    assert old != firing
    room.ask(COMMANDER, "resolve", channel)
    fire(room, over, f"{where}/1", status="resolved", since=room.clock.now())
    _, other = room.declare(OTHER, f"SEV3 {a_rule()}")
    for group in (old, firing):
        room.ask(OTHER, f"attach {group}", other)
    room.clock.move(hours=2)

    room.ask(RESPONDER, "reopen it is back", channel)
    room.ask(COMMANDER, f"duplicate of {first}", other)
    settle(room)

    listed = room.ask(RESPONDER, "alerts", channel)
    assert (old in listed, firing in listed) == (False, True)


def test_reopened_incident_offers_again_what_can_be_said(room: Room) -> None:
    """Its list has buttons again, and its group's message does not go on to say that it is over."""
    _, channel, _, (rule,) = named_incident(room, 3)
    room.ask(COMMANDER, "resolve", channel)
    fire(room, a_rule(), place())  # a step in which the group becomes one that takes nothing more
    (shown,) = [one for one in room.slack.posts(channel) if "*Signals on" in text_of(one)]
    over = text_of(messages(room, rule)[-1])
    buttons = buttons_of(shown)

    room.ask(RESPONDER, "reopen it still fires", channel)
    room.settle()

    assert "Its incident is over" in over
    assert "Its incident is over" not in text_of(messages(room, rule)[-1])
    assert (buttons, buttons_of(shown)) == ([], ["Useful", "Not related"])


def test_list_goes_on_where_its_incident_does(room: Room) -> None:
    """The channel that a private incident goes on in has it, and so has that of a reopening."""
    number, channel, _, (rule,) = named_incident(room, 3)
    room.ask(COMMANDER, "private", channel)
    settle(room)
    (private,) = [one for one in room.slack.channels.values() if rule in str(one.messages) and one.id != ALERTS]
    first = panel(room, private.id)
    room.join(COMMANDER, private.id)
    room.ask(COMMANDER, f"#{number} resolve")
    settle(room)
    room.clock.move(hours=1)  # its first half hour has had its messages
    private.is_archived = True
    archived = {"type": "group_archive", "channel": private.id, "user": OTHER, "event_ts": room.slack.next_ts()}
    room.event(archived)
    room.ask(COMMANDER, f"#{number} reopen it is back")
    settle(room)

    assert "attached by Debrief" in first
    (after,) = [
        one for one in room.slack.channels.values() if rule in str(one.messages) and one.id not in {ALERTS, private.id}
    ]
    assert "attached by Debrief" in panel(room, after.id)


def test_what_is_attached_leaves_room_for_what_waits_for_a_press(room: Room) -> None:
    """An incident that has five groups still offers the sixth in its channel."""
    others, where, rule = [a_rule() for _ in range(5)], place(), a_rule()
    for one in others:
        fire(room, one, place())
        room.clock.move(minutes=20)
    room.clock.move(minutes=60)
    _, channel = room.declare(text=f"SEV3 {where} is slow")
    for one in others:
        room.ask(COMMANDER, f"attach {groups_of(room, one)[0].reference}", channel)

    fire(room, rule, where)

    room.clock.move(minutes=31)  # five attachments are more than its first half hour takes
    settle(room)

    listed = room.ask(COMMANDER, "signals", channel).split("\n*G-")
    assert ["attached by a person" in one for one in listed[1:]] == [True] * 5 + [False]
    assert "unlikely" not in str(listed)
    assert "suggested (possible" in panel(room, channel)
    (shown,) = [one for one in room.slack.posts(channel) if "*Signals on" in text_of(one)]
    assert buttons_of(shown).count("Attach") == 1
    assert buttons_of(shown).count("Not related") == 5
    assert "1 more. As of" in panel(room, channel)


def test_group_that_was_emptied_is_no_signal(room: Room) -> None:
    """Its only series was put back where it fires on: nothing is over."""
    rule, where = a_rule(), place()
    fire(room, rule, f"{where}/0", f"{where}/1")
    (group,) = groups_of(room, rule)
    form = room.open_form(RESPONDER, "group_split", f"{group.number}|{group.id}")
    series = form["blocks"][0]["element"]["options"][0]["value"]
    room.submit(RESPONDER, form, series=series)
    settle(room)
    apart = max(groups_of(room, rule), key=lambda one: one.number)
    _, channel = room.declare(text=f"SEV3 {a_rule()}")
    room.ask(COMMANDER, f"attach {apart.reference}", channel)
    before = room.ask(COMMANDER, "signals", channel)

    room.press(RESPONDER, "group.put_back", f"{apart.number}|{apart.id}", ALERTS)
    settle(room)

    assert f"*{apart.reference}* *warning, firing*" in before
    assert f"*{apart.reference}*" not in room.ask(COMMANDER, "signals", channel)
    room.ask(COMMANDER, "status monitoring", channel)
    settle(room)
    assert "attached" not in text_of(room.card(channel))


def test_not_related_means_the_incident_that_is_open(room: Room) -> None:
    """Not the later one, which was resolved with the group: what was found of that stands."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    first, one = room.declare(COMMANDER, f"SEV3 {a_rule()}")
    second, other = room.declare(COMMANDER, f"SEV3 {a_rule()}")
    room.ask(COMMANDER, f"attach {group.reference}", one)
    room.ask(COMMANDER, f"attach {group.reference}", other)
    room.ask(COMMANDER, "resolve", other)
    settle(room)

    said = room.press(RESPONDER, "group.not_related", f"{group.number}|{group.id}", ALERTS)
    settle(room)

    assert said == f"{group.reference} is not attached to #{first} any more."
    assert f"Attached to *#{second}*" in text_of(messages(room, rule)[-1])


def test_private_incident_is_attached_to_and_shown_to_nobody_else(room: Room) -> None:
    """The group's message, its listing and other incidents say nothing of it; its own channel does."""
    where, rule = place(), a_rule()
    room.ask(COMMANDER, f"declare private: {where} leaks")
    private = room.ask(COMMANDER, "list").splitlines()[0].split("*")[1]
    settle(room)
    public, channel = room.declare(text=f"SEV3 {where} is slow")

    fire(room, rule, *[f"{where}/{one}" for one in range(3)])
    (group,) = groups_of(room, rule)

    own = room.slack.channel_named(f"inc-{private.removeprefix('#')}-")
    assert own is not None
    assert f"*Signals on {private}*" in panel(room, own.id)
    assert "attached by Debrief" in panel(room, channel)
    assert private not in text_of(messages(room, rule)[0])
    assert private not in panel(room, channel)
    assert private not in room.ask(OTHER, f"alerts {group.reference}")
    assert f"Attached to *#{public}*" in text_of(messages(room, rule)[0])
    assert "no incident" in room.ask(OTHER, f"{private} signals")
    assert "no incident" in room.press(
        OTHER, "signal.attach", f"{room.named_by_button(int(private.removeprefix('#')))}|{group.reference}"
    )


def test_incident_that_becomes_private_is_taken_out_of_every_message(room: Room) -> None:
    """What lists its signals is emptied in the channel that it leaves, and its group's message names it no more."""
    number, channel, _, (rule,) = named_incident(room, 3)
    named = text_of(messages(room, rule)[0])

    room.ask(COMMANDER, "private", channel)
    settle(room)

    assert f"*#{number}*" in named
    assert f"#{number}" not in text_of(messages(room, rule)[0])
    assert [one for one in room.slack.posts(channel) if rule in text_of(one)] == []
    ours = [text_of(one) for one in room.slack.posts(channel) if one["user"] == room.slack.bot]
    assert not any("*Signals on" in said for said in ours)


def test_message_of_an_app_that_is_gone_does_not_keep_a_private_incident_unsaid(
    ready_sqlite_url: str, tmp_path: Path
) -> None:
    """Nobody can edit what it posted: the operator hears of the title that stays, and the list is posted anew."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as before:
        tell_an_end(before)
        number, channel, where, (rule,) = named_incident(before, 3)
        before.slack.bot = "U0BOTANEW"
        before.slack.channels[channel].members.add(before.slack.bot)
        before.slack.channels[ALERTS].members.add(before.slack.bot)

        with served_again(before) as again:
            latest = a_rule()
            fire(again, latest, f"{where}/9")
            again.ask(COMMANDER, f"#{number} attach {groups_of(again, latest)[0].reference}")
            settle(again)
            lists = [text_of(one) for one in again.slack.posts(channel) if "*Signals on" in text_of(one)]
            again.ask(COMMANDER, f"#{number} private")
            settle(again)
            stays = [one for one in messages(again, rule) if f"#{number}" in text_of(one)]
            because = str([lane for lane in lanes_that_wait(again.app.store.database) if lane.parked])

    assert [latest in each for each in lists] == [True]  # of the new app
    assert stays
    assert "Slack answered cant_update_message" in because


@pytest.mark.thorough
def test_as_likely_a_part_of_two_incidents_is_suggested_to_both(room: Room) -> None:
    """Which of them it belongs to is for people to say, and if none, of all in one press."""
    where, rule = place(), a_rule()
    first, one = room.declare(text=f"SEV3 {where} is slow")
    second, other = room.declare(text=f"SEV3 {where} fails")

    fire(room, rule, *[f"{where}/{each}" for each in range(3)])

    assert "suggested" in panel(room, one)
    assert "suggested" in panel(room, other)
    said = text_of(messages(room, rule)[0])
    assert f"*#{first}*" in said
    assert f"*#{second}*" in said
    assert "Attached to" not in said
    room.press(RESPONDER, "group.not_related", str(groups_of(room, rule)[0].number), ALERTS)
    settle(room)
    assert all("nothing stands out any more" in panel(room, channel) for channel in (one, other))
    assert "may be a part of" not in text_of(messages(room, rule)[0])


def test_bad_words_are_refused_with_what_to_write(room: Room) -> None:
    """Nothing is recorded."""
    number, channel, _, (rule,) = named_incident(room, 1, minutes=3)
    (group,) = groups_of(room, rule)
    stranger = a_rule()
    room.clock.move(hours=2)
    fire(room, stranger, place())
    (other,) = groups_of(room, stranger)

    said = room.ask(RESPONDER, f"signals {group.reference} nonsense", channel)
    assert said.startswith(f"Say what G-{group.number} is")
    assert "Say which group" in room.ask(RESPONDER, "signals useful", channel)
    assert "There is no group" in room.ask(RESPONDER, "signals G-99999 useful", channel)
    assert f"is no signal on #{number}" in room.ask(RESPONDER, f"signals {other.reference} useful", channel)
    assert "There is no incident" in room.ask(GUEST, f"signals {group.reference} useful", channel)


@pytest.mark.thorough
def test_attaching_two_services_confirms_that_one_calls_the_other(room: Room) -> None:
    """The later one is held to be the caller; detaching takes that back.

    What another incident confirms as well stays until that takes it back, too, and may be said anew.
    """
    first, second, callee, caller = a_rule(), a_rule(), place(), place()
    fire(room, first, callee)
    room.clock.move(hours=1)
    fire(room, second, caller)
    (one,), (other,) = groups_of(room, first), groups_of(room, second)
    _, channel = room.declare()
    room.ask(COMMANDER, f"attach {one.reference}", channel)
    room.ask(COMMANDER, f"attach {other.reference}", channel)
    known = edges(room)[caller, callee]
    _, elsewhere = room.declare()
    for group in (other, one):
        room.ask(COMMANDER, f"attach {group.reference}", elsewhere)
    both = edges(room)[caller, callee]
    room.ask(COMMANDER, f"detach {one.reference}", channel)
    left = edges(room)[caller, callee]
    room.ask(COMMANDER, f"detach {one.reference}", elsewhere)
    gone = edges(room)[caller, callee]
    room.ask(COMMANDER, f"attach {one.reference}", elsewhere)
    again = edges(room)[caller, callee]

    assert known.source is EdgeSource.RESPONDERS
    assert [len(each.evidence) for each in (known, both, left, gone, again)] == [1, 2, 1, 0, 1]
    assert [each.withdrawn_at is None for each in (known, both, left, gone, again)] == [True, True, True, False, True]


def edges(room: Room) -> dict[tuple[str, str], ServiceEdge]:
    """What is known of what calls what."""
    with room.app.store.snapshots.snapshot() as reads:
        return {edge.call: edge for edge in reads.services.edges(room.app.workspace_id).values()}
