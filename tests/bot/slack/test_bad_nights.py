"""Bad nights in the alerts channel: whoever is woken reads what fires now, in few messages, and none of them lies."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from analysis.alerts.alert import AlertSeverity
from analysis.alerts.digest import Digest
from bot.ports.grouping import AlertGroup
from bot.slack.blocks.groups import ShownGroup, group_blocks
from bot.usecases.groups.asking import Suggested
from bot.usecases.groups.current import current_groups
from bot.usecases.groups.messages import BUDGET
from tests.alert_streams import GRAPH
from tests.bot.slack.alert_room import (
    buttons_of,
    fire,
    groups_of,
    messages,
    settle,
    take,
    tell_an_end,
    text_of,
    wait_until_grouped,
)
from tests.effort import leading
from tests.factories import make_incident
from tests.fake_slack import Fault
from tests.fake_slack_limits import check_blocks
from tests.slack_room import ALERTS, COMMANDER, OTHER, RESPONDER, START, Room, open_room, served_again

SEVERAL = "groups of alerts have something new"


def lets_in(room: Room) -> None:
    """Somebody invites Debrief into the alerts channel."""
    room.slack.channels[ALERTS].members.add(room.slack.bot)
    joined = {"type": "member_joined_channel", "user": room.slack.bot, "channel": ALERTS}
    room.event({**joined, "event_ts": room.slack.next_ts()})


@pytest.mark.parametrize("why", leading(1, ["down", "removed"]))
def test_what_fired_while_slack_took_nothing_is_few_messages(ready_sqlite_url: str, tmp_path: Path, why: str) -> None:
    """Hours of it would be a message a second, what is over before what fires; the latest and worst would be last."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        settle(room)
        room.slack.is_down = why == "down"
        if why == "removed":
            room.slack.channels[ALERTS].members.discard(room.slack.bot)
        for number in range(24):
            began = room.clock.now()
            take(room, f"Rule{number}", f"service-{number}", severity="critical" if number in {9, 23} else "warning")
            wait_until_grouped(room)
            room.clock.move(minutes=5)
            if number < 20:
                take(room, f"Rule{number}", f"service-{number}", status="resolved", since=began)
            wait_until_grouped(room)

        room.slack.heal()
        lets_in(room)
        room.clock.move(minutes=5)
        settle(room)

        posts = room.slack.posts(ALERTS)
        told = [str(call.arguments["text"]) for call in room.slack.calls_of("chat.postMessage", channel=ALERTS)]
        listed = room.ask(OTHER, "alerts")
        firing = [f"Rule{number}" for number in range(20, 24)]
        assert len(posts) <= BUDGET + 2
        assert all(rule in listed for rule in firing)
        assert any("Rule23" in text and "over by now" not in text for text in told)


def test_message_about_many_groups_says_which_fire(ready_sqlite_url: str, tmp_path: Path) -> None:
    """What fires comes before what is over, however bad that was; so the notification says, too, as of then."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        for number in range(12):
            take(room, f"Rule{number}", f"service-{number}", severity="critical" if number < 8 else "warning")
            wait_until_grouped(room)
        settle(room)
        (before,) = messages(room, SEVERAL)
        said = text_of(before)
        over = [number for number in range(8) if f"Rule{number} " in said]
        room.clock.move(minutes=3)
        for number in over:
            take(room, f"Rule{number}", f"service-{number}", status="resolved", since=room.clock.now())
        settle(room)

        (message,) = messages(room, SEVERAL)

        lines = [line for line in text_of(message).splitlines() if line.startswith("• ")]
        fires = [" · firing since <!date^" in line for line in lines]
        assert over
        assert fires == sorted(fires, reverse=True)
        assert any(fires)
        assert all(" · quiet since <!date^" in line for line, on in zip(lines, fires, strict=True) if not on)
        assert f"as of <!date^{int(room.clock.now().timestamp())}^" in text_of(message)
        assert str(message["text"]).partition(": ")[2] in lines[0]


def test_what_gets_worse_than_all_of_a_storm_is_told_anew(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Whoever was woken by warnings and went back to sleep is woken once more, not by each."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        began = room.clock.now()
        for number in range(16):
            take(room, f"Rule{number}", f"service-{number}")
            wait_until_grouped(room)
        settle(room)
        warnings = [str(one["text"]) for one in room.slack.posts(ALERTS)]
        for number in range(8, 16):
            room.clock.move(seconds=20)
            fire(room, f"Rule{number}", f"service-{number}", severity="critical", since=began)

        posts = [str(one["text"]) for one in room.slack.posts(ALERTS)][len(warnings) :]

        assert [text.partition(": ")[0] for text in posts] == [*["is worse now"] * 2, f"6 {SEVERAL}, 6 firing"]
        assert all("critical" in text for text in posts)
        assert len(messages(room, SEVERAL)) == 2


def test_every_group_of_a_storm_is_listed(ready_sqlite_url: str, tmp_path: Path) -> None:
    """The message about them names five; whoever asks what else fires reads the others, the worst first."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        for number in range(30):
            take(room, f"Rule{number}", f"service-{number}", severity="critical" if number == 29 else "warning")
        settle(room)
        few = room.ask(OTHER, "alerts").splitlines()
        with room.app.store.snapshots.snapshot() as reads:
            firing = len(current_groups(reads, room.app.workspace_id).groups)
        for number in range(60):
            take(room, f"Long{number}{'&' * 200}", f"other-{number}", severity="info")
        settle(room)
        many = room.ask(OTHER, "alerts")

        assert "critical" in few[1]
        assert len(few) == firing + 1
        assert firing > 20
        assert len(many) < 13_000
        assert many.endswith(" more, which `debrief alerts` lists on the command line")


def test_message_about_many_groups_is_right_after_the_next_one(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Who scrolls up reads there what fires of them now; of what is told again elsewhere it says nothing any more."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        for minutes in (6, 0):
            for number in range(8):
                take(room, f"Rule{number}", f"service-{minutes}-{number}")
                wait_until_grouped(room)
            settle(room)
            room.clock.move(minutes=minutes)
        before, after = (dict(one) for one in messages(room, SEVERAL))
        told = "".join(text_of(one) for one in messages(room, "*Where:*"))
        left = [number for number in range(8) if f"service-6-{number}\n" not in told]

        fire(room, f"Rule{left[0]}", f"service-6-{left[0]}", status="resolved", since=room.clock.now())
        one_less = room.slack.find_message(ALERTS, before["ts"])["text"]
        for number in left:
            room.clock.move(minutes=6)
            fire(room, f"Rule{number}", f"service-6-{number}", severity="critical")

        earlier, later = (room.slack.find_message(ALERTS, one["ts"]) for one in (before, after))
        assert f"{len(left)} firing: " in before["text"]
        assert f"{len(left) - 1} firing: " in one_less
        assert text_of(earlier).splitlines()[-1].startswith("All groups of alerts that this told of have messages")
        assert f"{len(left)} firing: " in str(later["text"])


def test_message_about_many_groups_that_somebody_deletes_is_posted_anew_for_new_ones(
    ready_sqlite_url: str, tmp_path: Path
) -> None:
    """Nothing else tells of them; for counts and ends alone it stays away, because that is what was wanted."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        for number in range(12):
            take(room, f"Rule{number}", f"service-{number}", severity="critical")
            wait_until_grouped(room)
        settle(room)
        (message,) = messages(room, SEVERAL)
        room.slack.channels[ALERTS].messages.remove(message)
        groups = [number for number in range(12) if not messages(room, f"Rule{number} at")]

        fire(room, f"Rule{groups[0]}", f"service-{groups[0]}", status="resolved", since=room.clock.now())
        after_an_end = messages(room, SEVERAL)
        fire(room, "Latest", "elsewhere")

        (anew,) = messages(room, SEVERAL)
        assert after_an_end == []
        assert [int(str(one["text"]).split()[0]) for one in (message, anew)] == [len(groups), len(groups) + 1]
        assert room.app.store.lane_report()["parked_lanes"] == {}


def graph_file(folder: Path) -> Path:
    """The small world of the streams, as a site has it in a file."""
    services = [{"name": name, "kind": kind} for name, kind in GRAPH.kinds.items()]
    file = folder / "graph.json"
    file.write_text(json.dumps({"services": services, "calls": sorted(GRAPH.calls)}))
    return file


def take_at(room: Room, rule: str, service: str, pod: str) -> None:
    """Let *rule* fire at one pod of a service."""
    take(room, rule, service, labels={"service": service, "pod": pod})
    wait_until_grouped(room)
    room.clock.move(seconds=1)


@pytest.mark.parametrize("is_lost", [False, True])
def test_message_of_a_group_that_was_folded_says_into_which_and_why(
    ready_sqlite_url: str, tmp_path: Path, *, is_lost: bool
) -> None:
    """Also one whose answer was lost before that: nobody reads for ever that its group fires, or presses Declare."""
    graph = graph_file(tmp_path)
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS, service_graph=graph) as room:
        tell_an_end(room)
        take_at(room, "Rule0", "cart", "p1")
        settle(room)
        room.clock.move(seconds=5)
        take_at(room, "Rule1", "pay", "p2") if not is_lost else lose_answer(room)
        room.clock.move(seconds=36)
        for number in (2, 3, 4):
            take_at(room, f"Rule{number}", "store", "p3")
        room.slack.heal()
        settle(room)
        room.settle(horizon=timedelta(minutes=10))

        kept, folded = (messages(room, reference)[-1] for reference in ("G-2", "G-3 is one with"))

        assert [rule for rule in range(5) if groups_of(room, f"Rule{rule}")[0].reference != "G-2"] == []
        assert "*Firing since*" in text_of(kept)
        assert "*Firing since*" not in text_of(folded)
        assert folded["text"] == "G-3 is one with G-2"
        assert "*G-3* is one with *G-2*: store explains both groups" in text_of(folded)
        assert buttons_of(folded) == ["Take apart"]


def test_groups_that_were_folded_are_taken_apart_by_one_press(ready_sqlite_url: str, tmp_path: Path) -> None:
    """What came in the later is one group again, as bad and as old as it was, and can be put back."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS, service_graph=graph_file(tmp_path)) as room:
        (gone, kept) = folded_groups(room)
        before = room.clock.now()
        said = room.press(RESPONDER, "group.take_apart", f"{gone.number}|{gone.id}", ALERTS)
        settle(room)
        (apart,) = [one for one in groups_of(room, "Rule1") if one.digest.is_apart]
        told = [text_of(one) for one in messages(room, gone.reference)][-1]
        shown = text_of(messages(room, f"*{apart.reference} ")[-1])
        room.press(RESPONDER, "group.put_back", f"{apart.number}|{apart.id}", ALERTS)
        settle(room)
        (back,) = [one for one in groups_of(room, "Rule1") if one.number == kept.number]

        assert said.startswith(f"What came in {gone.reference} leaves {kept.reference}, 3 series: it gets a group")
        assert (apart.series, apart.firing, apart.alerts) == (3, 3, 3)
        assert (apart.severity.value, apart.opened_at) == ("warning", gone.opened_at)
        assert apart.opened_at < before
        assert told.endswith(f"was one with *{kept.reference}*, and was taken apart: see *{apart.reference}*.")
        assert "Rule1" in shown
        assert "Together because: a person put it apart" in shown
        assert (back.series, back.firing) == (kept.series, kept.firing)
        assert f"*{gone.reference}* is one with *{kept.reference}*" in text_of(messages(room, gone.reference)[-1])


def test_words_take_folded_groups_apart(ready_url: str, tmp_path: Path) -> None:
    """As the button does; of what was never folded, and a second time, they say that there is nothing to do.

    What came in the group stays apart when it fires again, also after a restart.
    """
    with open_room(ready_url, tmp_path, alerts_channel=ALERTS, service_graph=graph_file(tmp_path)) as room:
        (gone, kept) = folded_groups(room)

        done = room.ask(RESPONDER, f"alerts {gone.reference} apart")
        settle(room)

        assert done.startswith(f"What came in {gone.reference} leaves {kept.reference}")
        assert room.ask(RESPONDER, f"alerts {gone.reference} apart") == (
            f"Nothing that came in {gone.reference} is in {kept.reference} any more."
        )
        assert room.ask(RESPONDER, f"alerts {kept.reference} apart") == (
            f"{kept.reference} was folded into no other group; `split` takes one series out of it."
        )
        (apart,) = [one for one in groups_of(room, "Rule1b") if one.digest.is_apart]
        with served_again(room) as later:
            take(later, "Rule1b", "pay", labels={"service": "pay", "pod": "p2"}, status="resolved")
            later.clock.move(minutes=3)
            take_at(later, "Rule1b", "pay", "p2")
            settle(later)
            (again,) = [one for one in groups_of(later, "Rule1b") if one.number == apart.number]
            assert (again.alerts, again.firing) == (apart.alerts + 1, apart.firing)


def folded_groups(room: Room) -> tuple[AlertGroup, AlertGroup]:
    """Let two groups turn out to be one: the later, as it was when it was told of, and the earlier as it is now."""
    tell_an_end(room)
    take_at(room, "Rule0", "cart", "p1")
    settle(room)
    room.clock.move(seconds=5)
    take_at(room, "Rule1", "pay", "p2")
    take_at(room, "Rule1b", "pay", "p2")
    settle(room)
    (gone,) = groups_of(room, "Rule1")
    room.clock.move(seconds=36)
    for number in (2, 3, 4):
        take_at(room, f"Rule{number}", "store", "p3")
    settle(room)
    (kept,) = groups_of(room, "Rule1")
    assert kept.number < gone.number
    return gone, kept


def lose_answer(room: Room) -> None:
    """Let the message about an alert arrive whose answer is lost, and not be looked for yet."""
    room.slack.break_down(Fault(method="chat.postMessage", channel=ALERTS, loses="answer"))
    room.slack.fail("conversations.history", "internal_error", times=None)
    take_at(room, "Rule1", "pay", "p2")
    room.app.dispatcher.wake()
    room.wait_for("the message", lambda: messages(room, "G-3 warning"))


def test_older_message_that_is_found_late_is_not_the_newest(ready_sqlite_url: str, tmp_path: Path) -> None:
    """An operator lets the post go on that nothing was known of: what was posted since says how it is now."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        settle(room)
        room.slack.break_down(Fault(method="chat.postMessage", channel=ALERTS, loses="answer"))
        room.slack.fail("conversations.history", "invalid_ts_latest")
        fire(room, "DiskFull", "ledger")
        room.clock.move(minutes=2)
        fire(room, "DiskFull", "ledger", severity="critical", since=room.clock.now() - timedelta(minutes=2))

        room.app.store.outbox.resume("alerts")
        settle(room)

        first, second = messages(room, "DiskFull")
        assert "told again further down" in text_of(first)
        assert "*Firing since*" in text_of(second)


def test_name_with_line_breaks_adds_no_line(ready_sqlite_url: str, tmp_path: Path) -> None:
    """A rule, service or environment that goes on in a line of its own would read as what Debrief says."""
    forged = "*Resolved* after 3 min, 2 alerts folded."
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        for rule in (f"Disk full\n{forged}", f"Disk slow\r\n{forged}"):
            labels = {"service": f"ledger\n{forged}", "env": f"eu\n{forged}"}
            take(room, rule, "ledger", severity="critical", labels=labels)
            settle(room)
        (message,) = messages(room, "Disk full")
        number = groups_of(room, f"Disk full {forged}")[0].number

        form = room.open_form(OTHER, "group_declare", number, ALERTS)
        said = [text_of(message), room.ask(OTHER, "alerts"), room.ask(OTHER, f"alerts G-{number}")]
        said.append(form["blocks"][0]["element"]["initial_value"])

        assert all("Disk full *Resolved*" in text for text in said)
        assert [line for text in said for line in text.splitlines() if line.startswith("*Resolved*")] == []
        assert "*Firing since*" in said[0]


def test_message_of_a_group_that_many_incidents_may_have_is_whole(ready_sqlite_url: str, tmp_path: Path) -> None:
    """The likeliest are named and the others counted: a wall of them hides the rest, and Slack's limit cuts links."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        for number in range(9):
            room.ask(COMMANDER, f"declare SEV3 payments is slow for partner {number} {'&' * 60}")
        room.settle()
        room.clock.move(seconds=10)
        for number in range(4):
            fire(room, f"{'&' * 100}{number}", "payments", annotations={"summary": "&" * 300})
        (message,) = messages(room, "payments")
        suggested = text_of(message)

        for number in range(1, 10):
            room.ask(COMMANDER, f"#{number} attach {groups_of(room, '&' * 100 + '0')[0].reference}")
        settle(room)

        attached = text_of(room.slack.find_message(ALERTS, message["ts"]))
        assert [suggested.count(one) for one in ("It may be a part of", "Attach it?")] == [3, 3]
        assert "\nand 6 more: *Attach…* offers them" in suggested
        assert attached.count("Attached to *#") == 3
        assert "\nand 6 more: `/incident alerts G-2` names them" in attached


def test_longest_message_of_a_group_is_cut_nowhere() -> None:
    """Every line is there whole, in as many parts as Slack's limit asks for."""
    long = "&" * 300
    news = tuple(f"{number}{long}" for number in range(3))
    digest = Digest(rules={long: 1}, places={long: 1}, summary=long, why=long, news=news, since=START)
    group = AlertGroup(
        id=uuid.uuid4(),
        workspace_id=uuid.uuid4(),
        number=4711,
        opened_at=START,
        last_at=START,
        severity=AlertSeverity.CRITICAL,
        alerts=9,
        series=9,
        firing=9,
        digest=digest,
    )
    incidents = [make_incident(number=number, title=long) for number in range(1, 8)]
    suggested = [Suggested(incident=one, why=long) for one in incidents]

    blocks = group_blocks(ShownGroup(group=group, suggested=suggested))

    assert check_blocks(blocks) is None
    assert text_of({"blocks": blocks}).count("Attach it?") == 3
    assert "and 4 more" in text_of({"blocks": blocks})


def test_attachment_that_was_taken_back_before_it_was_told_is_not_told(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Slack was down meanwhile: the incident's channel would read that they are its own, and nothing after that."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        _, channel = room.declare(COMMANDER, "SEV3 Card payments fail")
        room.clock.move(minutes=40)
        for rule in ("DiskFull", "QueueGrows"):
            fire(room, rule, rule.lower())
        one, other = (groups_of(room, rule)[0].reference for rule in ("DiskFull", "QueueGrows"))
        room.slack.is_down = True
        said = [room.ask(COMMANDER, text, channel) for text in (f"attach {one}", f"detach {one}", f"attach {other}")]
        said.append(room.ask(COMMANDER, f"detach {other}", channel))
        said.append(room.ask(COMMANDER, f"attach {other}", channel))

        room.slack.heal()
        room.clock.move(minutes=5)
        settle(room)

        told = "".join(text_of(post) for post in room.slack.posts(channel))
        assert [" is attached to " in text for text in said] == [True, False, True, False, True]
        assert f"Alerts {one} attached" not in told
        assert told.count(f"*#1* Alerts {other} attached") == 1


def test_series_that_is_put_apart_is_told_of_as_what_it_is(ready_sqlite_url: str, tmp_path: Path) -> None:
    """Not as bad as the group that it did not belong to, nor with the rules and sentence of that."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        fire(room, "HighErrorRate", "web", severity="critical")
        room.clock.move(minutes=1)
        since = int(room.clock.now().timestamp())
        fire(room, "CertExpiry", "web", severity="info")
        (group,) = groups_of(room, "CertExpiry")
        room.clock.move(minutes=1)
        form = room.open_form(COMMANDER, "group_split", group.number, ALERTS)
        options = form["blocks"][0]["element"]["options"]
        (series,) = [one["value"] for one in options if one["text"]["text"].startswith("CertExpiry")]

        room.submit(COMMANDER, form, series=series)
        settle(room)

        said = text_of(room.slack.posts(ALERTS)[-1])
        assert f"G-{group.number + 1} info: CertExpiry at web" in said
        assert "HighErrorRate" not in said
        assert f"*Firing since* <!date^{since}^" in said
        assert "Together because: a person put it apart" in said


def test_who_read_resolved_and_went_to_bed_hears_that_it_is_back_and_stays(
    ready_sqlite_url: str, tmp_path: Path
) -> None:
    """An alert of the fourth time within a day was an edit for as long as it fired, also where it is critical."""
    with open_room(ready_sqlite_url, tmp_path, alerts_channel=ALERTS) as room:
        tell_an_end(room)
        for _ in range(3):
            began = room.clock.now()
            fire(room, "DiskFull", "ledger", severity="critical")
            room.clock.move(minutes=3)
            fire(room, "DiskFull", "ledger", severity="critical", status="resolved", since=began)
            room.clock.move(minutes=7)
        read = str(messages(room, "*Resolved* after 3 min")[-1]["text"])
        posts = len(room.slack.posts(ALERTS))

        take(room, "DiskFull", "ledger", severity="critical")
        room.settle()
        at_once = len(room.slack.posts(ALERTS)) - posts
        settle(room)
        room.clock.move(minutes=90)
        settle(room)

        (shown,) = room.slack.posts(ALERTS)[posts:]
        told = str(room.slack.calls_of("chat.postMessage", channel=ALERTS)[-1].arguments["text"])
        assert read == "resolved: G-2 critical: DiskFull at ledger"
        assert at_once == 0
        assert told == "fires again and stays: G-2 critical: DiskFull at ledger"
        assert "*Firing since*" in text_of(shown)
