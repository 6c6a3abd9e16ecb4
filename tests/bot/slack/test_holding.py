"""Holding back in Slack, from the question whether a pattern may wait to the digest and the word that it mattered."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from uuid import UUID, uuid4

import pytest

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.held_patterns import Pattern, PatternKind
from analysis.alerts.hold_reasons import Action
from analysis.alerts.waiting import End
from analysis.people import Access, Person
from bot.ports.grouping import FeedbackKind, GroupChanges, InputKind, NewInput
from bot.ports.holding import Hold, HoldChanges, HoldDigest, PolicyState
from bot.ports.records import Changes
from bot.store.database.insert import insert_rows
from bot.store.grouping.group_tables import FEEDBACK
from bot.store.holding.hold_rows import hold_values
from bot.store.holding.hold_tables import ALERT_HOLD
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.usecases.holding.asking import news
from bot.usecases.incident.declare import Declare, declare
from tests.bot.flows.held import NOISE, certain_seed
from tests.bot.flows.nights import night_of
from tests.bot.slack.alert_room import buttons_of, fire, groups_of, messages, settle, text_of
from tests.effort import leading
from tests.fake_slack_limits import check_blocks
from tests.slack_room import ALERTS, COMMANDER, GUEST, OTHER, RESPONDER, START, Room, open_room

HOSTS = tuple(f"h{number}" for number in range(12))
SOMEBODY = Person(id="slack:U0SOMEBODY", access=frozenset({Access.RESPONDER}))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room that was watched for a month of noise and twenty incidents, in the night of the first question."""
    folder: Path = tmp_path_factory.mktemp("holding")
    url = f"sqlite:///{folder / 'debrief.db'}"
    with open_room(url, folder, alerts_channel=ALERTS, hold_stop_file=folder / "hold-nothing") as opened:
        # Looking for signals after each alert of a month would take longer than all else; `settle` looks at the end.
        opened.app.relating.stop()
        watch(opened)
        yield opened


def watch(room: Room) -> None:
    """Live through a month."""
    room.app.reports.nights.step()
    seed = certain_seed(range(425, 530), "generic", START)
    content = {"seed": seed, "is_killed": False, "permits": [], "at": START.isoformat()}
    give(room, InputKind.HOLDING, content)
    for day in range(14, 32):
        began = START + timedelta(days=day)
        say(room, AlertStatus.FIRING, began, began)
        say(room, AlertStatus.RESOLVED, began + timedelta(minutes=2), began)
    for number in range(20):
        command = Declare(
            person=SOMEBODY, workspace_id=room.app.workspace_id, natural_key=f"i:{number}", title="Card payments fail"
        )
        room.app.store.writer.submit(declare, command).result()
    for day in range(1, 32):
        changes = Changes(holds=HoldChanges(night=night_of(room.app.workspace_id, START + timedelta(days=day))))
        room.app.store.writer.submit(partial(_written, changes), None).result()
    room.clock.set(START + timedelta(days=32))
    settle(room)
    room.app.reports.nights.step()
    settle(room)
    room.slack.channels[ALERTS].messages[:] = messages(room, "P-1: may")


def _written(changes: Changes, _reads: object, _command: object) -> Changes:
    return changes


def say(room: Room, status: AlertStatus, now: datetime, since: datetime) -> None:
    """Let the noisy rule say something at every host."""
    told = [
        Alert(
            id="",
            source="generic",
            rule=NOISE,
            severity=AlertSeverity.WARNING,
            severity_word="warning",
            status=status,
            labels={"service": host, "pod": host},
            starts_at=since,
            ends_at=now if status is AlertStatus.RESOLVED else None,
            received_at=now + timedelta(seconds=place),
        )
        for place, host in enumerate(HOSTS)
    ]
    alerts = [ToldAlert(alert=one, extra=MappingProxyType({})) for one in told]
    command = ReceiveAlerts(workspace_id=room.app.workspace_id, told=alerts)
    room.app.store.writer.submit(receive_alerts, command).result()


def give(room: Room, kind: InputKind, content: dict[str, object]) -> None:
    """Give grouping an input."""
    given = NewInput(workspace_id=room.app.workspace_id, kind=kind, natural_key=f"test:{uuid4()}", content=content)
    room.app.store.writer.submit(lambda _reads, _command: Changes(groups=GroupChanges(inputs=(given,))), None).result()


def let_pass(room: Room, **span: float) -> None:
    """Let time go by without an alert, and what is due then be done."""
    room.clock.move(**span)
    room.app.grouping.wake()
    room.wait_for("the end of waiting", lambda: not overdue(room))
    settle(room)


def overdue(room: Room) -> bool:
    """Whether something waits that should not any more."""
    with room.app.store.snapshots.snapshot() as reads:
        return any(reads.now - one.since > timedelta(minutes=5) for one in reads.holds.open(room.app.workspace_id))


def policies(room: Room) -> list[PolicyState]:
    """The states of all policies, the newest first."""
    with room.app.store.snapshots.snapshot() as reads:
        return [one.state for one in reads.holds.policies(room.app.workspace_id)]


def group_messages(room: Room, place: str) -> list[str]:
    """What the channel says of alerts at *place*."""
    return [text_of(one) for one in messages(room, f"*Where:* {place}")]


def test_noise_is_asked_about_held_listed_and_taken_back(room: Room) -> None:
    """A month's proof is posted; approved it waits; what nothing resolves is told; what resolved is in the digest."""
    room.app.reports.nights.step()
    settle(room)
    (question,) = [text_of(one) for one in messages(room, "P-1: may")]
    buttons = buttons_of(messages(room, "P-1: may")[0])
    button = room.buttons(messages(room, "P-1: may")[0]["blocks"])["Approve"]
    other = room.press(COMMANDER, "hold.approve", f"1|{uuid4()}", ALERTS)  # as before the number was given again
    refused = room.press(RESPONDER, "hold.approve", "1", ALERTS)
    approved = room.press(COMMANDER, button["action_id"], button["value"], ALERTS)
    settle(room)
    live = text_of(messages(room, "P-1: may")[0])

    fire(room, NOISE, "h0")
    waiting, silent = room.ask(COMMANDER, "noise"), group_messages(room, "h0")
    blocks = str(room.say(COMMANDER, "noise").json["blocks"])
    let_pass(room, minutes=5, seconds=10)
    told = group_messages(room, "h0")

    assert "Would have been held" in question
    assert "never mattered: at most 1." in question
    assert buttons == ["Approve", "Decline"]
    assert "a P-1 that is not on record any more" in other
    assert "Only admin or commander may hold" in refused
    assert "is live until <!date^" in approved
    assert "approved by cleo" in live
    assert silent == []
    assert "1 of them waited by 1 approved pattern" in waiting
    assert "Waiting now: 1 alert" in blocks
    assert "(was held back)" in told[0]
    assert "Held for 5 min as" in told[0]
    assert "nothing resolved it" in told[0]

    digested(room)


def digested(room: Room) -> None:
    """The second half: what resolves while it waits is listed once, and a word ends the pattern."""
    early = resolve_while_held(room, "h1")
    room.clock.move(minutes=61)
    for _ in range(2):
        room.app.reports.accounts.step()
        settle(room)
    (digest,) = messages(room, "held back and not told")
    show, word = digest["blocks"][-1]["elements"][0], digest["blocks"][1]["accessory"]
    shown = room.press(RESPONDER, show["action_id"], show["value"], ALERTS)
    reasons = str(room.slack.responses[-1]["blocks"])
    another = room.press(RESPONDER, word["action_id"], f"{word['value'].partition('|')[0]}|{uuid4()}", ALERTS)
    said = room.press(RESPONDER, word["action_id"], word["value"], ALERTS)
    settle(room)
    question, told = text_of(messages(room, "P-1: may")[0]), messages(room, "P-1 is revoked, because a held alert")
    fire(room, NOISE, "h2")

    assert (early, group_messages(room, "h1")) == ([], [])
    assert f"{NOISE} at h1 ×1, resolved by itself" in text_of(digest)
    assert "held back and not told" in shown
    assert "at most 2.0% do" in reasons
    assert "a held alert that is not on record any more" in another  # as before the number was given again
    assert "P-1 is revoked" in said
    assert "*Revoked*: a held alert mattered" in question
    assert len(told) == 1
    assert policies(room) == [PolicyState.REVOKED]
    assert len(group_messages(room, "h2")) == 1
    assert labels(room) == [FeedbackKind.MATTERED.value]
    group = next(one for one in groups_of(room, NOISE) if "h1" in one.digest.places)
    assert room.ask(OTHER, f"alerts {group.reference} mattered").startswith(f"Noted: {group.reference} mattered.")


def resolve_while_held(room: Room, host: str) -> list[str]:
    """Let an alert fire and resolve while it waits; the digests that follow at once."""
    began = room.clock.now()
    fire(room, NOISE, host)
    room.clock.move(minutes=2)
    fire(room, NOISE, host, status="resolved", since=began)
    room.app.reports.accounts.step()
    settle(room)
    return [text_of(one) for one in messages(room, "held back and not told")]


def labels(room: Room) -> list[str]:
    """The kinds of all labels."""
    with room.app.store.database.reading() as connection:
        return [row.kind for row in connection.execute(FEEDBACK.select())]


def test_show_gives_every_entry_of_a_long_digest(room: Room) -> None:
    """Slack takes some twenty of them in one message, so the others come with another press."""
    digest, entries = list_noise(room, 60)

    value, read = str(digest), []
    while value:
        room.press(RESPONDER, "hold.show", value, ALERTS)
        blocks = room.slack.responses[-1]["blocks"]
        read += [line for line in text_of({"blocks": blocks}).splitlines() if line.startswith("•")]
        value = room.buttons(blocks)["Show more"]["value"] if "Show more" in buttons_of({"blocks": blocks}) else ""
        assert check_blocks(blocks) is None

    assert len(read) == len(set(read)) == entries
    assert " to 60 of 60." in str(blocks)
    assert "no such digest" in room.press(RESPONDER, "hold.show", f"{digest}|60", ALERTS)


@pytest.mark.parametrize("count", [30, 60])
def test_news_of_many_patterns_is_whole_or_says_what_is_left_out(room: Room, count: int) -> None:
    """A night may revoke all that was approved; each of them is named, as far as Slack takes it in one message."""
    sentences = [f"P-9{number} is revoked, and Rule{number} is told again. {'x' * 300}" for number in range(count)]
    room.app.store.writer.submit(lambda reads, _command: Changes(deliveries=(news(reads, sentences),)), None).result()
    settle(room)

    told = text_of(messages(room, "P-90 is revoked")[-1])
    named = sum(f"Rule{number} is told again" in told for number in range(count))

    assert named == count or f"And {count - named} more: `debrief noise` lists" in told
    assert named >= 30


def list_noise(room: Room, entries: int) -> tuple[UUID, int]:
    """Let so many alerts of the month have waited, all in one digest."""
    workspace, digest = room.app.workspace_id, uuid4()
    with room.app.store.snapshots.snapshot() as reads:
        fired = [
            one
            for one in reads.groups.events(workspace, after=0, limit=2 * 12 * 18)
            if one.alert.status is AlertStatus.FIRING and one.group_id
        ][:entries]
    rows = [
        hold_values(
            Hold(
                seq=one.seq,
                workspace_id=workspace,
                alert_id=one.alert_id,
                group_id=one.group_id,
                pattern=Pattern(kind=PatternKind.RULE, source="generic", name=NOISE),
                action=Action.HOLD,
                would=Action.HOLD,
                since=one.alert.received_at,
                ended_at=one.alert.received_at,
                end=End.RESOLVED,
            )
        )
        for one in fired
        if one.group_id
    ]
    room.app.store.writer.call(lambda transaction: insert_rows(transaction.connection, ALERT_HOLD, rows)).result()
    made = HoldDigest(id=digest, workspace_id=workspace, at=room.clock.now())
    changes = Changes(holds=HoldChanges(digest=made, listed=tuple(one.seq for one in fired)))
    room.app.store.writer.submit(lambda _reads, _command: changes, None).result()
    return digest, len(rows)


def test_week_is_accounted_for_once(room: Room) -> None:
    """On Monday the channel reads what fired, what the history proves of each rule, and what may wait."""
    days = (7 - room.clock.now().weekday()) % 7 or 7
    room.clock.set((room.clock.now() + timedelta(days=days)).replace(hour=10))

    room.app.reports.accounts.step()
    room.app.reports.accounts.step()
    settle(room)

    account = text_of(messages(room, "*Noise, ")[-1])
    assert f"{NOISE} (generic)" in account
    assert "The busiest rules, and what the history proved* in the night of 2026-" in account
    assert ": at most 2.0% do. The rule was never the first or only signal of an incident. It" in account
    assert len(messages(room, "*Noise, ")) <= 2
    week = messages(room, "*Noise, ")
    room.app.reports.accounts.step()
    settle(room)
    assert messages(room, "*Noise, ") == week


def test_kill_switch_is_one_step_for_whoever_records(room: Room) -> None:
    """A responder may stop it, and a commander lets it go on; a guest may do neither."""
    before = len(messages(room, "Holding back noise. Stopped"))
    stopped = room.ask(RESPONDER, "noise stop")
    settle(room)
    shown = room.ask(RESPONDER, "noise")
    again = room.press(RESPONDER, "hold.stop", "", ALERTS)
    not_mine = room.ask(RESPONDER, "noise resume")
    resumed = room.ask(COMMANDER, "noise resume")
    settle(room)

    assert stopped.startswith("Stopped: every alert is told from now on")
    assert "Holding back is stopped" in shown
    assert "stopped already" in again
    assert "Only admin or commander" in not_mine
    assert resumed.startswith("Goes on")
    assert "Guests" in room.ask(GUEST, "noise stop")
    assert len(messages(room, "Holding back noise. Stopped")) == before + 1


def test_resuming_names_the_file_that_stops_it_all_the_same(room: Room) -> None:
    """Nobody is told that it goes on while the file is there."""
    file = room.app.settings.hold_stop_file
    before = len(messages(room, "Goes on"))
    file.touch()
    room.ask(COMMANDER, "noise stop")
    resumed = room.ask(COMMANDER, "noise resume")
    again = room.ask(COMMANDER, "noise resume")
    settle(room)
    file.unlink()

    assert resumed.startswith(f"Resumed. The file {file.absolute()} on the server still has every alert told")
    assert again.startswith(f"The file {file.absolute()} on the server still has every alert told")
    assert "not stopped" in room.ask(COMMANDER, "noise resume")
    assert len(messages(room, "Goes on")) == before


@pytest.mark.parametrize(
    ("words", "told"),
    leading(
        1,
        [
            pytest.param("noise approve 1", "Say which one", id="a bare number"),
            pytest.param("noise approve P-999", "There is no P-999", id="nobody's number"),
            pytest.param("noise soon", "noise stop", id="no such word"),
            pytest.param("noise stop it", "takes no words", id="too many words"),
            pytest.param("noise 400d", "at most 90d", id="too long"),
            pytest.param(f"noise decline P-1 {'x' * 600}", "500 fit", id="a long reason"),
        ],
    ),
)
def test_bad_words_are_refused_with_what_to_do(room: Room, words: str, told: str) -> None:
    """Nothing is recorded."""
    assert told in room.ask(COMMANDER, words)
