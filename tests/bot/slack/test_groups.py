"""Groups of alerts in Slack: one message for one thing, posted anew for what must be noticed, and people's answers."""

import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.ports.grouping import GroupState
from bot.usecases.groups.messages import BUDGET
from tests.alert_payloads import payload
from tests.bot.slack.alert_room import (
    PATIENCE_SECONDS,
    buttons_of,
    fire,
    groups_of,
    messages,
    settle,
    take,
    text_of,
)
from tests.effort import leading
from tests.erasing import erase_field
from tests.factories import own_name
from tests.fake_slack import Fault
from tests.slack_room import (
    ALERTS,
    COMMANDER,
    GUEST,
    OPERATIONS,
    OTHER,
    RESPONDER,
    START,
    Room,
    number_in,
    open_room,
    served_again,
)


@pytest.fixture
def room(alerts_room: Room) -> Iterator[Room]:
    """Yield the room whose groups are posted in a channel, and leave it well and at rest."""
    yield alerts_room
    alerts_room.slack.heal()
    settle(alerts_room)


def a_rule() -> str:
    """A rule that no other test sends."""
    return own_name("Rule")[:16]


def place() -> str:
    """A service that no other test has."""
    return f"s{uuid.uuid4().hex[:10]}"


def test_alerts_of_one_place_become_one_message(room: Room) -> None:
    """It says what, where, since when, how many and why together; counts are edits."""
    first, second, where = a_rule(), a_rule(), place()

    fire(room, first, where, severity="critical")
    room.clock.move(seconds=20)
    fire(room, second, where)

    (message,) = messages(room, first)
    said = text_of(message)
    assert second in said
    assert f"*Where:* {where}" in said
    assert "×2, 2 of 2 series firing" in said
    assert f"Together because: {second} at {where}: same service, {where}" in said
    assert buttons_of(message) == ["Declare", "Attach…", "Split…", "Not related", "Mattered", "Noise…"]


def test_message_names_the_environment_and_another_one_has_its_own(room: Room) -> None:
    """Production is not an edit of what staging does, though rule and service are called alike; nor is it attached."""
    rule, where = a_rule(), place()
    fire(room, rule, where, labels={"service": where, "env": "staging"})
    room.clock.move(seconds=20)
    fire(room, rule, where, labels={"service": where, "env": "production"}, severity="critical")
    production, staging = groups_of(room, rule)
    _, channel = room.declare(COMMANDER, f"{where} is down")
    settle(room)
    offered = room.ask(COMMANDER, "signals", channel)
    if production.reference not in room.ask(COMMANDER, "alerts", channel):
        room.ask(COMMANDER, f"attach {production.reference}", channel)
    room.ask(COMMANDER, f"detach {staging.reference}", channel)
    settle(room)

    words = [text_of(one) for one in messages(room, rule)]

    assert [
        f"*Where:* {where}, {environment}" in said
        for said, environment in zip(words, ("staging", "production"), strict=True)
    ]
    assert production.reference in offered  # whatever of staging was attached by itself
    assert "in production" in room.ask(COMMANDER, "alerts", channel)
    assert staging.reference not in room.ask(COMMANDER, "alerts", channel)


def test_watcher_that_is_restarted_is_no_new_message(room: Room) -> None:
    """What fires for hours is told from another address then: its message is edited, and it is not called over."""
    rule, where = a_rule(), place()
    told = {"alertname": rule, "job": "kube-state-metrics", "deployment": where, "severity": "warning"}
    addresses = ({"instance": "10.0.0.1:8080"}, {"instance": "10.0.0.2:8080"})
    began = room.clock.now()

    tell_prometheus(room, told | addresses[0], began)
    room.clock.move(hours=2)
    tell_prometheus(room, told | addresses[1], room.clock.now())
    tell_prometheus(room, told | addresses[0], began, is_over=True)

    (message,) = messages(room, rule)
    assert f"*Where:* {where}" in text_of(message)
    assert "1 of 1 series firing" in text_of(message)


def test_watcher_whose_address_a_rule_left_out_is_taken(room: Room) -> None:
    """A rule that sums by deployment keeps the job alone of what Prometheus adds."""
    rule, where = a_rule(), place()

    labels = {"alertname": rule, "job": "kube-state-metrics", "deployment": where, "severity": "warning"}
    tell_prometheus(room, labels, room.clock.now())

    (message,) = messages(room, rule)
    assert f"*Where:* {where}" in text_of(message)


def test_quiet_group_says_how_long_it_took(room: Room) -> None:
    """Once nothing fires, the message says so first, and then how long that took and how many alerts it folds."""
    rule, where = a_rule(), place()
    began = room.clock.now()

    fire(room, rule, where)
    (group,) = groups_of(room, rule)
    while_on = text_of(messages(room, rule)[0])
    room.clock.set(began + timedelta(minutes=14))  # lanes that rested have moved it
    fire(room, rule, where, status="resolved", since=began)

    (message,) = messages(room, rule)
    assert "*Resolved* after 14 min, 1 alert folded." in text_of(message)
    assert str(message["text"]).startswith(f"resolved: {group.reference} warning: {rule}")
    assert f"*{group.reference} warning, resolved*  {rule}" in text_of(message)
    assert f"*{group.reference} warning*  {rule}" in while_on


def test_refire_and_rise_are_posted_anew(room: Room) -> None:
    """An edit notifies nobody, so a rise in severity and a re-fire after the resolution are new messages."""
    rule, where = a_rule(), place()
    began = room.clock.now()

    fire(room, rule, where)
    room.clock.move(minutes=2)
    fire(room, rule, where, severity="critical", since=began)
    room.clock.move(minutes=2)
    fire(room, rule, where, status="resolved", since=began)
    room.clock.move(minutes=5)
    fire(room, rule, where, severity="critical")

    posted = [call.arguments["text"] for call in room.slack.calls_of("chat.postMessage")]
    *former, newest = [text_of(one) for one in messages(room, rule)]
    assert len(former) == 2
    assert all("told again further down" in said and "Firing" not in said for said in former)
    assert "*Firing since*" in newest
    assert [text.split(" G-")[0] for text in posted if rule in text][1:] == ["is worse now:", "fires again:"]
    *former, newest = messages(room, rule)
    assert all("told again further down" in text_of(one) and "iring since" not in text_of(one) for one in former)
    assert [bool(one["blocks"][1:]) for one in (*former, newest)] == [False, False, True]


@pytest.mark.parametrize(
    ("annotations", "because"),
    [
        ({"grafana_state_reason": "MissingSeries"}, "its series has no data any more"),
        ({"ended_because": "it moved <!here>"}, "it moved &lt;!here&gt;"),
    ],
)
def test_end_that_is_no_recovery_is_not_called_resolved(room: Room, annotations: dict[str, str], because: str) -> None:
    """A host that is gone fires no more, either; what fires there again takes the words back."""
    rule, where, began = a_rule(), place(), room.clock.now()
    fire(room, rule, where)
    room.clock.move(minutes=3)

    fire(room, rule, where, status="resolved", since=began, annotations=annotations)
    (message,) = messages(room, rule)
    gone = text_of(message)
    room.clock.move(minutes=3)
    fire(room, rule, where)
    room.clock.move(minutes=3)
    fire(room, rule, where, status="resolved", since=room.clock.now() - timedelta(minutes=3))

    assert "*Ended, not known to be well,* after " in gone
    assert f", ended*  {rule}" in gone
    assert f"*Ended without recovery:* {rule} at {where}: {because}" in gone
    assert "*Resolved* after 3 min" in text_of(messages(room, rule)[-1])
    assert "without recovery" not in text_of(messages(room, rule)[-1])


@pytest.mark.thorough
def test_message_is_resolved_once_no_severity_of_the_rule_fires(room: Room) -> None:
    """Two rules of Prometheus have one name: while the milder fires the message says so, and `alerts` says why."""
    rule, where = a_rule(), place()
    since = {"warning": room.clock.now()}
    tell(room, rule, where, "warning", since["warning"])
    room.clock.move(minutes=5)
    since["critical"] = room.clock.now()
    tell(room, rule, where, "critical", since["critical"])
    room.clock.move(minutes=5)

    tell(room, rule, where, "critical", since["critical"], is_over=True)
    (group,) = groups_of(room, rule)
    milder = text_of(messages(room, rule)[-1])
    room.clock.move(minutes=5)
    tell(room, rule, where, "warning", since["warning"], is_over=True)

    over = text_of(messages(room, rule)[-1])
    why = room.ask(OTHER, f"alerts {group.reference}")
    assert f"*{group.reference} warning*" in milder
    assert "*Firing since*" in milder
    assert "1 of 1 series firing" in milder
    assert "is over as critical and still fires" in why
    assert "*Resolved* after 15 min" in over
    assert "2 alerts folded" in over


def tell(room: Room, rule: str, service: str, severity: str, since: datetime, *, is_over: bool = False) -> None:
    """Send as Alertmanager."""
    tell_prometheus(room, {"alertname": rule, "severity": severity, "service": service}, since, is_over=is_over)


def tell_prometheus(
    room: Room, labels: dict[str, str], since: datetime, *, is_over: bool = False, page: str = ""
) -> None:
    """Send an alert with these labels as Alertmanager; *page* is that of its rule at Prometheus."""
    alert = {
        "status": "resolved" if is_over else "firing",
        "labels": labels,
        "startsAt": since.isoformat(),
        "endsAt": room.clock.now().isoformat() if is_over else "0001-01-01T00:00:00Z",
        "generatorURL": page,
    }
    assert room.alerts("alertmanager", {"version": "4", "alerts": [alert]}).status == 200
    settle(room)


def test_group_that_fires_again_says_since_when(room: Room) -> None:
    """What was over for hours has not fired since its first alert; how many there were since then is counted."""
    rule, where, began = a_rule(), place(), room.clock.now()
    fire(room, rule, where)
    room.clock.move(minutes=10)
    fire(room, rule, where, status="resolved", since=began)
    room.clock.move(hours=6)
    again = room.clock.now()

    fire(room, rule, where)

    *_, message = messages(room, rule)
    first = f"since <!date^{int(began.timestamp())}^"
    assert f"*Firing since* <!date^{int(again.timestamp())}^" in text_of(message)
    assert f"×2 {first}" in text_of(message)
    room.clock.set(again + timedelta(minutes=4))  # settling may have moved it
    fire(room, rule, where, status="resolved", since=again)
    *_, message = messages(room, rule)
    assert "*Resolved* after 4 min, 2 alerts folded " + first in text_of(message)


def test_group_that_fires_again_milder_is_told_of_when_it_gets_worse(room: Room) -> None:
    """What was critical in the morning says nothing of a warning at night; where that rises, people hear of it."""
    rule, service, began = a_rule(), place(), room.clock.now()
    tell(room, rule, service, "critical", began)
    room.clock.move(minutes=10)
    tell(room, rule, service, "critical", began, is_over=True)
    room.clock.move(hours=6)

    tell(room, rule, service, "warning", room.clock.now())
    *_, again = messages(room, rule)
    assert "fires again: " in text_of(again)
    assert "warning*" in text_of(again)
    room.clock.move(minutes=2)
    tell(room, rule, service, "critical", room.clock.now())

    *_, worse = messages(room, rule)
    assert worse["ts"] > again["ts"], "it is a message of its own"
    assert "critical*" in text_of(worse)


def test_series_for_the_record_that_repeats_is_edited_and_its_message_says_so(room: Room) -> None:
    """After two hours of it the next is told after four; each is counted meanwhile, and what is worse comes at once."""
    rule, service, first = a_rule(), place(), room.clock.now()
    for number in range(6):
        room.clock.set(first + number * timedelta(minutes=35))
        fire(room, rule, service, severity="info")
        began = room.clock.now()
        room.clock.move(seconds=30)
        fire(room, rule, service, severity="info", status="resolved", since=began)

    repeated = len(messages(room, rule))
    room.clock.set(first + timedelta(hours=4))
    began = room.clock.now()
    take(room, rule, service, severity="info")
    room.clock.move(seconds=30)
    fire(room, rule, service, severity="info", status="resolved", since=began)
    *former, message = messages(room, rule)
    said = text_of(message)
    fire(room, rule, service, severity="error")
    *_, worse = messages(room, rule)

    assert (len(former) + 1, repeated) == (4, 4)
    assert "It repeats by itself: each time is counted here, and told anew 4 h after its last message" in said
    assert "7 alerts folded since" in said
    assert worse["ts"] > message["ts"]
    # As it was posted: an edit, which may come at once, takes out why.
    assert "is worse now: " in room.slack.calls_of("chat.postMessage", channel=ALERTS)[-1].arguments["text"]
    assert "It repeats by itself" not in text_of(worse)


def test_message_has_the_runbooks_of_its_rules(room: Room) -> None:
    """What is to be done is a link away, which shows where it goes; what is no plain link is text."""
    first, second, third, where = a_rule(), a_rule(), a_rule(), place()
    link = "https://runbooks.example/pools?a=1&b=2"
    fire(room, first, where, annotations={"summary": "Pool is exhausted", "runbook_url": link})
    fire(room, second, where, annotations={"Runbook": "http://wiki/<!channel>|x"})
    fire(room, third, where, annotations={"runbook_url": "see the wiki"})

    (message,) = messages(room, first)
    said = text_of(message)

    assert f"{first} <https://runbooks.example/pools?a=1&amp;b=2|runbooks.example>" in said
    assert f"{second} http://wiki/&lt;!channel&gt;|x" in said
    assert "see the wiki" not in said


def test_message_has_the_page_of_its_sender(room: Room) -> None:
    """What PagerDuty and Prometheus know of it is a click away; an address that only Prometheus' pods know is not."""
    inside, outside, title = a_rule(), a_rule(), a_rule()
    query = "prometheus.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
    pages = {inside: "http://prometheus-0:9090/graph?g0=up", outside: f"https://{query}"}
    for rule, page in pages.items():
        room.clock.move(hours=2)  # what begins together may be one
        tell_prometheus(room, {"alertname": rule, "service": place()}, room.clock.now(), page=page)
        settle(room)
    room.clock.move(hours=2)
    event = payload("pagerduty_triggered")["event"]
    event["data"] |= {"title": title, "incident_key": title, "created_at": room.clock.now().isoformat()}
    assert room.alerts("pagerduty", {"event": event}).status == 200
    settle(room)

    unknown, known, incident = (text_of(messages(room, rule)[-1]) for rule in (inside, outside, title))

    assert "9090" not in unknown
    assert f"Source: {outside} <https://{query.replace('&', '&amp;')}|prometheus.example>" in known
    assert "/incidents/Q1CARDS00001|bank.pagerduty.example>" in incident
    assert f"> {title}" not in incident


def test_text_of_alerts_is_escaped(room: Room) -> None:
    """Mentions and markup in names, labels and annotations are shown as they are."""
    rule = f"{a_rule()} <!channel> <@U0RESPONDER> & *bold*"

    fire(room, rule, f"{place()}<https://evil.example|click>", annotations={"summary": "<!here> look <http://x|y>"})

    (message,) = messages(room, rule.split(maxsplit=1)[0])
    for planted in ("<!channel>", "<@U0RESPONDER>", "<!here>", "<https", "<http"):
        assert planted not in text_of(message)
    assert "&lt;!channel&gt;" in text_of(message)


def test_group_is_attached_and_detached(room: Room) -> None:
    """Both are on the timeline and in the message; the channel hears of the attachment."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    number, channel = room.declare()

    told = room.ask(COMMANDER, f"attach {group.reference}", channel)
    settle(room)
    attached, card = text_of(messages(room, rule)[0]), text_of(room.card(channel))
    listed = room.ask(COMMANDER, "alerts", channel)
    posted = [one for one in room.slack.posts(channel) if rule in text_of(one)]
    again = room.ask(COMMANDER, f"attach {group.reference}", channel)
    undone = room.ask(COMMANDER, f"detach {group.reference}", channel)
    settle(room)

    assert told.startswith(f"{group.reference} is attached to #{number}")
    assert f"Attached to *#{number}*" in attached
    assert "1 group of alerts attached" in card
    assert rule in listed
    assert len(posted) == 1
    assert "already" in again
    assert undone == f"{group.reference} is not attached to #{number} any more."
    assert f"Attached to *#{number}*" not in text_of(messages(room, rule)[0])
    assert "attached" not in text_of(room.card(channel))
    kinds = [line for line in room.timeline(COMMANDER, number) if group.reference in line]
    assert ["attached" in kinds[0], "detached" in kinds[1]] == [True, True]


def test_resolution_says_what_the_alerts_had_come_to(room: Room) -> None:
    """A group grows after it is attached: the record counts it at the end, and who resolves hears what still fires."""
    first, second, quiet, where = a_rule(), a_rule(), a_rule(), place()
    elsewhere = place()
    fire(room, quiet, elsewhere)
    room.clock.move(hours=2)
    fire(room, first, where)
    (group,), (other,) = groups_of(room, first), groups_of(room, quiet)
    number, channel = room.declare()
    for each in (group, other):
        room.ask(COMMANDER, f"attach {each.reference}", channel)
    room.clock.move(seconds=20)
    fire(room, second, where)
    fire(room, first, where, status="resolved")
    fire(room, quiet, elsewhere, status="resolved")

    told = room.ask(COMMANDER, "resolve", channel)

    assert f"{group.reference} (1 of 2 series) still fires: `/incident reopen` if it is not over." in told
    assert other.reference not in told
    counted = [line for line in room.timeline(COMMANDER, number) if "up to the resolution" in line]
    assert [other.reference in counted[0], group.reference in counted[1], len(counted)] == [True, True, 2]
    assert f"UTC> Debrief: Alerts {other.reference} up to the resolution" in counted[0]  # nobody said it
    assert "1 alert of 1 series since" in counted[0]
    assert "none firing since" in counted[0]
    assert f"{first} and {second} at {where}, 2 alerts of 2 series since" in counted[1]
    assert "1 of 2 still firing" in counted[1]


@pytest.mark.parametrize(("rules", "more"), [(5, "2 more"), (14, "at least 9 more")], ids=["few", "many"])
def test_resolution_says_how_many_rules_it_does_not_name(room: Room, rules: int, more: str) -> None:
    """The document that people sign quotes that line; of more rules than are kept the number is a lower bound."""
    where = place()
    first, *others = [a_rule() for _ in range(rules)]
    for rule in (first, *others):
        fire(room, rule, where)
    (group,) = groups_of(room, first)
    number, channel = room.declare()
    room.ask(COMMANDER, f"attach {group.reference}", channel)

    room.ask(COMMANDER, "resolve", channel)

    (line,) = [line for line in room.timeline(COMMANDER, number) if "up to the resolution" in line]
    assert f" and {more} at {where}, {rules} alerts of {rules} series since" in line


def test_resolution_does_not_say_that_what_nobody_heard_of_for_a_day_still_fires(room: Room) -> None:
    """A rule or host that is gone tells no end; neither the record nor who resolves is told that it fires."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    number, channel = room.declare()
    room.ask(COMMANDER, f"attach {group.reference}", channel)
    room.clock.move(hours=25)

    told = room.ask(COMMANDER, "resolve", channel)

    assert "still fire" not in told
    (line,) = [line for line in room.timeline(COMMANDER, number) if "up to the resolution" in line]
    assert "1 of 1 with no end told and nothing heard since" in line
    assert "still firing" not in line


@pytest.mark.thorough
def test_nothing_goes_into_the_group_of_an_incident_that_is_over(room: Room) -> None:
    """What fires again after that becomes a group of its own, and nothing can be attached there."""
    rule, other, where = a_rule(), a_rule(), place()
    fire(room, rule, where)
    (group,) = groups_of(room, rule)
    _, channel = room.declare()
    room.ask(COMMANDER, f"attach {group.reference}", channel)
    room.ask(COMMANDER, "resolve", channel)
    settle(room)

    room.clock.move(seconds=30)
    fire(room, other, where)
    (fresh,) = groups_of(room, other)
    refused = room.ask(COMMANDER, f"attach {fresh.reference}", channel)

    assert fresh.number != group.number
    assert groups_of(room, rule)[0].state is GroupState.CLOSED
    assert "nothing is attached to it" in refused


@pytest.mark.parametrize("visibility", ["", "private: "])
def test_group_of_two_incidents_is_over_with_the_last_that_everybody_may_see(room: Room, visibility: str) -> None:
    """One of them is called a duplicate or resolved: what fires at the place goes on in the group of the other."""
    rule, second, third, where = a_rule(), a_rule(), a_rule(), place()
    fire(room, rule, where)
    (group,) = groups_of(room, rule)
    channels = [room.declare(COMMANDER, f"{each}{a_rule()}")[1] for each in ("", visibility)]
    for channel in channels:
        room.ask(COMMANDER, f"attach {group.reference}", channel)

    room.ask(COMMANDER, "resolve", channels[0])
    settle(room)
    room.clock.move(seconds=30)
    fire(room, second, where)
    goes_on = [one.number for one in groups_of(room, second)]
    room.ask(COMMANDER, "resolve", channels[1])
    settle(room)
    room.clock.move(seconds=30)
    fire(room, third, where)

    assert (goes_on == [group.number]) is not bool(visibility)
    assert group.number not in [one.number for one in groups_of(room, third)]


@pytest.mark.parametrize("visibility", ["", "private: "])
def test_what_fires_is_not_resolved_because_its_incident_is(room: Room, visibility: str) -> None:
    """The message and the list say that it fires until its sender says otherwise, whoever reads."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    _, channel = room.declare(COMMANDER, f"{visibility}{a_rule()}")
    room.ask(COMMANDER, f"attach {group.reference}", channel)
    room.ask(COMMANDER, "resolve", channel)
    settle(room)
    room.clock.move(minutes=2)
    fire(room, a_rule(), place())

    (message,) = messages(room, rule)
    listed = [line for line in room.ask(OTHER, "alerts").splitlines() if rule in line]

    assert groups_of(room, rule)[0].is_closed
    assert "Firing since" in text_of(message)
    assert "Resolved" not in text_of(message)
    assert ("Its incident is over" in text_of(message)) is not bool(visibility)
    assert "firing since" in listed[0]


def test_declare_from_the_message_attaches_it(room: Room) -> None:
    """The form is filled in from the group, and the incident has it from the start."""
    rule, where = a_rule(), place()
    fire(room, rule, where)
    (group,) = groups_of(room, rule)

    form = room.open_form(RESPONDER, "group_declare", group.number, ALERTS)
    title = form["blocks"][0]["element"]["initial_value"]
    done = room.submit(RESPONDER, form, title=title, severity="SEV3", visibility="public")
    settle(room)

    assert title == f"{rule} at {where}"
    assert f"{group.reference} is attached to it." in str(done)
    channel = room.slack.channel_named(f"inc-{number_in(str(done))}-")
    assert channel is not None
    assert f"{title} <#{channel.id}>" in text_of(messages(room, rule)[0])


def test_second_declaration_from_a_message_names_the_first(room: Room) -> None:
    """Two people press at once: whoever comes second is told which incident has the group, if they may see it."""
    (rule, other), where = (a_rule(), a_rule()), place()
    fire(room, rule, where)
    room.clock.move(hours=2)
    fire(room, other, place())

    def declared(rule: str, user: str, title: str, visibility: str = "public") -> str:
        (group,) = groups_of(room, rule)
        form = room.open_form(user, "group_declare", group.number, ALERTS)
        return str(room.submit(user, form, title=title, severity="SEV3", visibility=visibility))

    first = number_in(declared(rule, RESPONDER, "Pool is exhausted"))
    second = declared(rule, OTHER, "Checkout is slow")
    room.ask(COMMANDER, f"#{first} cancel Nobody needs it any more")
    third = declared(rule, OTHER, "Basket is slow")
    declared(other, RESPONDER, "A customer is named", visibility="private")
    unseen = declared(other, OTHER, "Login is slow")
    settle(room)

    told = second.partition("as it is to ")[2]  # perhaps of others as well, which other tests left open
    assert f"#{first} “Pool is exhausted”. If it is the same, say `/incident duplicate of {first}`" in told
    assert "“Checkout is slow”" in third.partition("as it is to ")[2]
    assert "Pool is exhausted" not in third
    assert "as it is" not in unseen
    assert "customer" not in unseen


def test_attach_form_offers_what_the_presser_may_see(room: Room) -> None:
    """A private incident is offered to nobody else, and its group's message says nothing of it."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    room.ask(COMMANDER, f"declare private: {a_rule()}")
    private = room.ask(COMMANDER, "list").splitlines()[0].split("*")[1]
    room.settle()

    mine = room.open_form(COMMANDER, "group_attach", group.number, ALERTS)
    done = room.submit(COMMANDER, mine, incident=private.removeprefix("#"))
    settle(room)
    theirs = room.open_form(OTHER, "group_attach", group.number, ALERTS)
    words = room.ask(OTHER, f"alerts {group.reference}")

    assert "is attached" in str(done)
    assert private not in str(theirs["blocks"])
    assert private not in words
    assert private in room.ask(COMMANDER, f"alerts {group.reference}")
    assert private not in text_of(messages(room, rule)[0])
    assert private not in room.press(OTHER, "group.not_related", str(group.number), ALERTS)


@pytest.mark.thorough
def test_attach_form_chooses_only_what_is_suggested(room: Room) -> None:
    """Who presses on without a look attaches nothing to whatever incident is the newest."""
    rule, named, where = a_rule(), a_rule(), place()
    fire(room, rule, place())
    room.clock.move(hours=1)
    number, _ = room.declare(text=f"SEV3 {where} is slow")
    room.declare(COMMANDER, f"private: {a_rule()}")
    room.clock.move(minutes=3)
    fire(room, named, where)
    (other,), (group,) = groups_of(room, rule), groups_of(room, named)

    (blank, chosen) = (room.open_form(COMMANDER, "group_attach", one.number, ALERTS) for one in (other, group))
    refused = room.submit(COMMANDER, blank, incident="")

    assert "initial_option" not in blank["blocks"][0]["element"]
    assert chosen["blocks"][0]["element"]["initial_option"]["value"] == str(number)
    assert "Choose one of the open incidents." in str(refused)


def test_not_related_means_the_incident_that_the_message_names(room: Room) -> None:
    """Though its presser has attached the group to a private one after that."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    public, private = (room.declare(COMMANDER, f"{word}{a_rule()}")[0] for word in ("", "private: "))
    for number in (public, private):
        room.submit(COMMANDER, room.open_form(COMMANDER, "group_attach", group.number, ALERTS), incident=str(number))
        settle(room)

    said = room.press(COMMANDER, "group.not_related", str(group.number), ALERTS)

    assert said.startswith(f"{group.reference} is not attached to #{public} any more")


def test_erased_title_is_taken_out_of_the_messages_of_its_groups(room: Room) -> None:
    """They are in a channel that everybody reads: the title that stood there is gone, which is said in its place."""
    rule, secret = a_rule(), uuid.uuid4().hex[:8]
    number, channel = room.declare(text=f"SEV3 Payouts of Zorp{secret} fail")
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    room.ask(COMMANDER, f"attach {group.reference}", channel)
    room.ask(COMMANDER, "resolve", channel)
    settle(room)
    before = text_of(messages(room, rule)[0])

    erase_field(room, number, 1)
    settle(room)

    after = text_of(messages(room, rule)[0])
    assert secret in before
    assert secret not in after
    assert f"*#{number}* title erased" in after
    assert "title erased" in room.ask(OTHER, f"alerts {group.reference}")


@pytest.mark.thorough
@pytest.mark.parametrize("seconds", leading(1, [1, 4]), ids=["answered", "answer lost"])
def test_erasure_of_a_title_reaches_a_message_that_is_being_posted(room: Room, seconds: float) -> None:
    """The message that was composed with the title is edited once it is known where it is, also if it is found."""
    rule, where, secret = a_rule(), place(), uuid.uuid4().hex[:8]
    number, channel = room.declare(text=f"SEV3 Payouts of Zorp{secret} fail")
    began = room.clock.now()
    fire(room, rule, where)
    room.ask(COMMANDER, f"attach {groups_of(room, rule)[0].reference}", channel)
    settle(room)
    room.slack.break_down(Fault(method="chat.postMessage", channel=ALERTS, delay_seconds=seconds))

    worse = {"rule": rule, "severity": "critical", "labels": {"service": where, "pod": where}}
    room.alerts("generic", {"alerts": [{**worse, "starts_at": began.isoformat()}]})
    wait_until(lambda: "chat.postMessage" in room.slack.delayed)
    erase_field(room, number, 1)
    settle(room)

    assert len(messages(room, rule)) == 2
    assert not any(secret in text_of(one) for one in messages(room, rule))


@pytest.mark.thorough
@pytest.mark.parametrize("act", leading(1, ["private", "erase"]))
def test_earlier_message_of_a_group_keeps_no_title(room: Room, act: str) -> None:
    """What was posted before a re-fire is edited no more, so the newest message alone names incidents."""
    rule, where, secret = a_rule(), place(), uuid.uuid4().hex[:8]
    number, channel = room.declare(text=f"SEV3 Payouts of Zorp{secret} fail")
    began = room.clock.now()
    fire(room, rule, where)
    room.ask(COMMANDER, f"attach {groups_of(room, rule)[0].reference}", channel)
    settle(room)
    room.clock.move(minutes=2)
    fire(room, rule, where, severity="critical", since=began)
    named = [secret in text_of(one) for one in messages(room, rule)]

    if act == "private":
        room.ask(COMMANDER, f"#{number} private")
    else:
        erase_field(room, number, 1)
    settle(room)

    assert named == [False, True]
    assert not any(secret in text_of(one) for one in messages(room, rule))


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for something that another thread does."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.thorough
def test_not_related_means_what_the_message_suggests(room: Room) -> None:
    """Where it names no incident that the group is attached to, a private one that has it keeps it all the same."""
    rule, where = a_rule(), place()
    number, _ = room.declare(text=f"SEV3 {where} is slow")
    room.clock.move(minutes=3)
    fire(room, rule, where)
    (group,) = groups_of(room, rule)
    private, _ = room.declare(COMMANDER, f"private: {a_rule()}")
    room.ask(COMMANDER, f"#{private} attach {group.reference}")
    settle(room)

    said = room.press(COMMANDER, "group.not_related", str(group.number), ALERTS)

    assert said == f"Noted: {group.reference} has nothing to do with #{number}."
    assert f"#{private}" in room.ask(COMMANDER, f"alerts {group.reference}")


def test_series_is_put_apart_and_back(room: Room) -> None:
    """It stays where a person put it when it fires again, and that can be taken back."""
    first, second, where = a_rule(), a_rule(), place()
    began = room.clock.now()
    fire(room, first, where)
    room.clock.move(seconds=10)
    fire(room, second, where, since=began)
    (group,) = groups_of(room, first)

    form = room.open_form(RESPONDER, "group_split", group.number, ALERTS)
    options = form["blocks"][0]["element"]["options"]
    chosen = next(one["value"] for one in options if second in one["text"]["text"])
    room.submit(RESPONDER, form, series=chosen)
    settle(room)
    apart = groups_of(room, second)[0]
    room.clock.move(minutes=1)
    fire(room, second, where, status="resolved", since=began)
    stayed = groups_of(room, second)[0]
    room.press(RESPONDER, "group.put_back", str(apart.number), ALERTS)
    settle(room)
    (back,) = [one for one in groups_of(room, first) if one.number == group.number]

    assert apart.number != group.number
    assert (stayed.number, stayed.state) == (apart.number, GroupState.QUIET)
    assert (back.series, back.alerts) == (2, 2)


def test_group_says_nothing_more_of_what_was_put_apart(room: Room) -> None:
    """Neither its message nor the timeline names the rule that left, or calls what stayed as bad; both come back."""
    first, second, where = a_rule(), a_rule(), place()
    fire(room, first, f"{where}/0", f"{where}/1")
    fire(room, second, f"{where}/0", severity="critical")
    (group,) = groups_of(room, first)
    form = room.open_form(RESPONDER, "group_split", group.number, ALERTS)
    options = form["blocks"][0]["element"]["options"]
    room.submit(RESPONDER, form, series=next(one["value"] for one in options if second in one["text"]["text"]))
    settle(room)
    left, number = text_of(messages(room, f"*{group.reference} ")[-1]), room.declare()[0]
    attached = room.ask(RESPONDER, f"#{number} attach {group.reference}")
    (apart,) = groups_of(room, second)
    room.press(RESPONDER, "group.put_back", str(apart.number), ALERTS)
    settle(room)

    assert f"*{group.reference} warning*  {first}\n" in left
    assert second not in left
    assert attached.endswith(f": {first} at {where}, 2 alerts since {attached.rpartition('since ')[2]}")
    assert f"*{group.reference} critical*  {first} and {second}" in text_of(messages(room, f"*{group.reference} ")[-1])


def test_empty_group_of_an_incident_keeps_nothing_from_being_found(room: Room) -> None:
    """Put apart, attached, and put back, it says that it is empty; what fires elsewhere is attached all the same."""
    first, second, where = a_rule(), a_rule(), place()
    fire(room, first, where)
    fire(room, second, where)
    form = room.open_form(RESPONDER, "group_split", groups_of(room, first)[0].number, ALERTS)
    options = form["blocks"][0]["element"]["options"]
    room.submit(RESPONDER, form, series=next(one["value"] for one in options if second in one["text"]["text"]))
    settle(room)
    (apart,) = [one for one in groups_of(room, second) if one.digest.is_apart]
    number, channel = room.declare(text=f"SEV3 {where} is slow")
    room.ask(RESPONDER, f"attach {apart.reference}", channel)
    room.press(RESPONDER, "group.put_back", str(apart.number), ALERTS)
    settle(room)
    emptied = [text_of(one) for one in messages(room, f"*{apart.reference} ")]
    room.clock.move(hours=2)
    other, there = room.declare(text=f"SEV3 {(elsewhere := place())} is slow")
    fire(room, (third := a_rule()), *[f"{elsewhere}/{pod}" for pod in range(3)])

    assert emptied
    assert all("Nothing is in it any more" in said and "Resolved" not in said for said in emptied)
    assert "Nothing is in it any more" in room.ask(RESPONDER, f"#{number} alerts", channel)
    assert third in room.ask(RESPONDER, f"#{other} alerts", there)


def test_noise_is_a_label_and_can_be_taken_back(room: Room) -> None:
    """It says until when and why; the group is shown all the same."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)

    form = room.open_form(RESPONDER, "group_noise", group.number, ALERTS)
    unsaid = room.submit(RESPONDER, form, span="1d", reason="")
    room.submit(RESPONDER, room.open_form(RESPONDER, "group_noise", group.number, ALERTS), span="1d", reason="a drill")
    settle(room)
    called, buttons = text_of(messages(room, rule)[0]), buttons_of(messages(room, rule)[0])
    taken_back = room.press(OTHER, "group.not_noise", str(group.number), ALERTS)
    settle(room)

    assert "reason" in unsaid["errors"]
    assert "Called noise until" in called
    assert "a drill" in called
    assert "Not noise" in buttons
    assert taken_back == f"{group.reference} is not called noise any more."
    assert "Called noise" not in text_of(messages(room, rule)[0])


def test_message_that_comes_late_does_not_say_that_what_is_over_fires(room: Room) -> None:
    """Slack took nothing while it fired: whoever is woken by the message reads first that it is over."""
    rule, where = a_rule(), place()
    channel = room.slack.channels[ALERTS]

    for _ in range(2):
        channel.members.discard(room.slack.bot)
        fire(room, rule, where)
        room.clock.move(minutes=2)
        fire(room, rule, where, status="resolved", since=room.clock.now() - timedelta(minutes=2))
        channel.members.add(room.slack.bot)
        joined = {"type": "member_joined_channel", "user": room.slack.bot, "channel": ALERTS}
        room.event({**joined, "event_ts": room.slack.next_ts()})
        settle(room)
        room.clock.move(minutes=2)

    (group,) = groups_of(room, rule)
    posts = [call for call in room.slack.calls_of("chat.postMessage") if not call.error]
    told = [str(call.arguments["text"]) for call in posts]
    said = [text.partition(group.reference)[0] for text in told if rule in text]
    assert said == ["is over by now: ", "fired again, is over by now: "]


def test_group_that_fired_again_meanwhile_is_told_of_once(room: Room) -> None:
    """A message that was refused is not sent beside the newer one that waits: both would say what is so now."""
    rule, where = a_rule(), place()
    channel = room.slack.channels[ALERTS]
    channel.members.discard(room.slack.bot)
    fire(room, rule, where)
    room.clock.move(minutes=2)
    fire(room, rule, where, status="resolved", since=room.clock.now() - timedelta(minutes=2))
    room.clock.move(minutes=20)
    fire(room, rule, where)

    channel.members.add(room.slack.bot)
    joined = {"type": "member_joined_channel", "user": room.slack.bot, "channel": ALERTS}
    room.event({**joined, "event_ts": room.slack.next_ts()})
    settle(room)

    (group,) = groups_of(room, rule)
    assert len(messages(room, rule)) == 1
    asked = [str(call.arguments["text"]) for call in room.slack.calls_of("chat.postMessage", channel=ALERTS)]
    assert [text for text in asked if rule in text][-1].startswith(f"fires again: {group.reference}")


@pytest.mark.parametrize("is_in_reach", leading(1, [True, False]))
def test_message_in_the_channel_of_before_ends_with_what_is_so(
    ready_sqlite_url: str, tmp_path: Path, *, is_in_reach: bool
) -> None:
    """Alerts are told elsewhere from now on: nobody reads in the old channel for ever that something fires."""
    places = {a_rule(): place(), a_rule(): place()}
    (over, again) = places
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        began = room.clock.now()
        for rule, where in places.items():
            fire(room, rule, where)
            room.clock.move(minutes=30)
        room.slack.add_channel("C0NEXT", "alerts-next")
        with served_again(room, alerts_channel="C0NEXT") as later:
            if not is_in_reach:
                room.slack.channels[ALERTS].members.discard(room.slack.bot)
            for rule, where in places.items():
                fire(later, rule, where, status="resolved", since=began)
                later.clock.move(minutes=30)
            fire(later, again, places[again])
            parked = later.app.store.lane_report()["parked_lanes"]

    told = [str(one["text"]) for one in room.slack.channels["C0NEXT"].messages]
    left = {rule: text_of(messages(room, rule)[0]) for rule in places}
    assert [again in text for text in told] == [True]
    assert parked == {}
    assert ("*Resolved* after" in left[over], "told again in <#C0NEXT>" in left[again]) == (is_in_reach, is_in_reach)


@pytest.mark.parametrize("event", ["member_joined_channel", "channel_unarchive"])
def test_channel_that_takes_messages_again_hears_what_it_missed(room: Room, event: str) -> None:
    """Debrief is removed or the channel archived; let in again, it says what fires by itself, without a command."""
    rule, channel = a_rule(), room.slack.channels[ALERTS]
    is_archived = event == "channel_unarchive"
    channel.is_archived, members = is_archived, set(channel.members)
    if not is_archived:
        channel.members.discard(room.slack.bot)
    fire(room, rule, place(), severity="critical")
    silent = messages(room, rule)
    parked = dict(room.app.store.lane_report()["parked_lanes"])
    told = room.wait_for("the operator's note", lambda: room.slack.posts(OPERATIONS))[-1]["text"]

    channel.is_archived = False
    channel.members |= members
    user = OTHER if is_archived else room.slack.bot
    room.event({"type": event, "user": user, "channel": ALERTS, "event_ts": room.slack.next_ts()})
    settle(room)

    assert silent == []
    assert "alerts" in parked  # and that of edits, where a group of another test had one waiting
    assert told.startswith("Nothing more can be sent to the alerts channel: Slack answered ")
    assert len(messages(room, rule)) == 1
    assert room.app.store.lane_report()["parked_lanes"] == {}


def test_what_nobody_speaks_of_any_more_does_not_come_before_what_fires(room: Room) -> None:
    """A rule that is gone never ends: after a day without a word it is named behind what is heard of, not above it."""
    gone, repeated, new = a_rule(), a_rule(), a_rule()
    fire(room, gone, place(), severity="critical")
    room.clock.move(hours=5)
    where, began = place(), room.clock.now()
    fire(room, repeated, where, severity="error")
    for _ in range(2):
        room.clock.move(hours=12)
        fire(room, repeated, where, severity="error", since=began)
    room.clock.move(hours=1)
    fire(room, new, place())
    names = {rule: groups_of(room, rule)[0].reference for rule in (gone, repeated, new)}

    said = room.ask(RESPONDER, "alerts")

    listed, _, silent = said.partition("Nothing was heard of")
    lines = [line for line in listed.splitlines() if line.startswith("G-")]
    assert [line.split()[0] for line in lines[:2]] == [names[repeated], names[new]]
    assert names[gone] not in listed
    assert f" for a day: {names[gone]} critical (since <!date" in silent


@pytest.mark.parametrize("button", ["Not related", "Attach…"])
def test_button_from_before_a_restore_means_no_other_group(room: Room, button: str) -> None:
    """The database came back from a copy and gave the number again: an older message acts on nothing."""
    rule = a_rule()
    fire(room, rule, place())
    pressed = room.buttons(messages(room, rule)[0]["blocks"])[button]
    action, number = str(pressed["action_id"]), str(pressed["value"]).partition("|")[0]

    def press(value: str) -> str:
        if not action.startswith("form.open:"):
            return room.press(RESPONDER, action, value, ALERTS)
        return str(room.open_form(RESPONDER, action.removeprefix("form.open:"), value, ALERTS))

    refused, known = press(f"{number}|{uuid.uuid4()}"), press(str(pressed["value"]))

    gone = f"a G-{number} that is not on record any more, because the database was brought back from a copy"
    assert [gone in refused, gone in known] == [True, False]
    assert "`/incident alerts` lists those of now" in refused


def test_guest_and_bad_words_are_refused(room: Room) -> None:
    """Nothing is recorded, and the sentence says what to do."""
    rule = a_rule()
    fire(room, rule, place())
    (group,) = groups_of(room, rule)
    _, channel = room.declare()

    assert "Guests" in room.press(GUEST, "group.not_related", str(group.number), ALERTS)
    assert "Guests" in room.ask(GUEST, f"alerts {group.reference}")
    assert "Say which group" in room.ask(COMMANDER, f"attach {group.number}", channel)
    assert "There is no group G-99999" in room.ask(COMMANDER, "attach G-99999", channel)
    assert "not attached" in room.ask(COMMANDER, f"detach {group.reference}", channel)
    assert "Nobody calls" in room.press(OTHER, "group.not_noise", str(group.number), ALERTS)
    assert "put apart" in room.press(OTHER, "group.put_back", str(group.number), ALERTS)
    assert "attached to no incident" in room.press(OTHER, "group.not_related", str(group.number), ALERTS)
    assert "nothing to put apart" in str(room.open_form(OTHER, "group_split", group.number, ALERTS))


def test_open_incident_about_the_same_place_is_suggested(room: Room) -> None:
    """It is named in the message, as long as nobody says that it is not related; that is told where it was offered."""
    rule, where = a_rule(), place()
    number, channel = room.declare(text=f"SEV3 {where} is slow")
    room.clock.move(minutes=3)

    fire(room, rule, where)
    suggested = text_of(messages(room, rule)[0])
    (group,) = groups_of(room, rule)
    declined = room.press(RESPONDER, "group.not_related", str(group.number), ALERTS)
    settle(room)

    assert f"may be a part of *#{number}* {where} is slow" in suggested
    assert f"the title names {where}" in suggested
    assert declined == f"Noted: {group.reference} has nothing to do with #{number}."
    assert "may be a part of" not in text_of(messages(room, rule)[0])
    (panel,) = [text_of(one) for one in room.slack.posts(channel) if "*Signals on" in text_of(one)]
    assert "nothing stands out any more" in panel


def test_lost_answer_to_a_post_makes_no_second_message(room: Room) -> None:
    """Killed or cut off after the post, it is found again by its delivery."""
    rule = a_rule()
    room.slack.break_down(Fault(method="chat.postMessage", loses="answer", times=1))

    fire(room, rule, place())

    assert len(messages(room, rule)) == 1


def test_storm_is_few_messages(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Many alerts of a dozen faults are a few posts and one message with a count; the worst is posted."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        for fault in range(12):
            place, severity = f"service-{fault}", "critical" if fault == 11 else "warning"
            alerts = [
                {"rule": f"Rule{fault}", "severity": severity, "labels": {"service": place, "pod": f"{place}-{pod}"}}
                for pod in range(100)
            ]
            assert room.alerts("generic", {"alerts": alerts}).status == 200
            room.clock.move(seconds=1)
        settle(room)

        with room.app.store.snapshots.snapshot() as reads:
            groups = reads.groups.current(room.app.workspace_id, since=START, limit=100)
        posts = room.slack.posts(ALERTS)
        storms = [text_of(post) for post in posts if "groups of alerts have something new*" in text_of(post)]
        assert sum(group.alerts for group in groups) == 1200
        assert len(groups) >= 10
        assert len(posts) <= BUDGET + 1
        assert len(storms) == 1
        assert f"{len(groups) - len(posts) + 1} groups of alerts have something new*" in storms[0]
        assert any("Rule11" in text_of(post) and post not in storms for post in posts)

        fire(room, "Latest", "elsewhere", severity="info")
        head, first, *_ = room.ask(OTHER, "alerts").splitlines()
        assert head == f"*{len(groups) + 1} groups of alerts now*"
        assert "critical: Rule11" in first
