"""What an acknowledgement waits for: one commit, and neither another query nor any call of Slack."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import event

from tests import slack_requests as requests
from tests.fake_slack import Fault
from tests.slack_requests import Signed
from tests.slack_room import COMMANDER, HOME, OTHER, RESPONDER, Room


@dataclass(slots=True)
class Watch:
    """What the database and Slack were asked while it watched."""

    commits: int = 0
    writes: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)


@contextmanager
def watching(room: Room) -> Iterator[Watch]:
    """Count what happens before an acknowledgement; the lanes stand still, so that nothing else does."""
    watch, database = Watch(), room.app.store.database
    calls = len(room.slack.calls)

    def on_commit(_: object) -> None:
        watch.commits += 1

    def on_query(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        watch.queries.append(statement)

    def on_write(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            watch.writes.append(statement)

    event.listen(database.write_engine, "commit", on_commit)
    event.listen(database.write_engine, "before_cursor_execute", on_write)
    event.listen(database.read_engine, "before_cursor_execute", on_query)
    try:
        yield watch
    finally:
        event.remove(database.write_engine, "commit", on_commit)
        event.remove(database.write_engine, "before_cursor_execute", on_write)
        event.remove(database.read_engine, "before_cursor_execute", on_query)
        watch.calls = [call.method for call in room.slack.calls[calls:]]


RECORDED: dict[str, Callable[[Room, int, str], Signed]] = {
    "declare": lambda room, _, __: room.command(RESPONDER, "declare SEV3 Watched"),
    "note": lambda room, _, channel: room.command(RESPONDER, "note hello", channel),
    "note from elsewhere": lambda room, number, _: room.command(RESPONDER, f"#{number} note hello"),
    "status": lambda room, _, channel: room.command(RESPONDER, "status monitoring", channel),
    "severity": lambda room, _, channel: room.command(RESPONDER, "severity SEV1", channel),
    "role": lambda room, _, channel: room.command(RESPONDER, f"role scribe <@{OTHER}>", channel),
    "resolve": lambda room, _, channel: room.command(COMMANDER, "resolve", channel),
    "button": lambda room, number, channel: requests.button(
        RESPONDER,
        "incident.status:mitigating",
        str(number),
        channel=channel,
        trigger="b",
        response_url=room.slack.response_url(),
    ),
    "form": lambda _, number, __: requests.submission(
        RESPONDER,
        {"id": "V0W", "callback_id": "form.note", "private_metadata": str(number), "blocks": [_TEXT]},
        {"text": "x"},
    ),
    "reaction": lambda _, __, channel: requests.event(requests.reaction(RESPONDER, channel, "1772355600.000100")),
    "deletion": lambda _, __, channel: requests.event(
        requests.deletion(channel, {"ts": "1772355600.000100", "user": OTHER, "text": "x"})
    ),
    "rename": lambda _, __, channel: requests.event(
        {"type": "channel_rename", "channel": {"id": channel, "name": "new"}, "event_ts": "1.5"}
    ),
    "archive": lambda _, __, channel: requests.event(
        {"type": "channel_archive", "channel": channel, "event_ts": "1.6"}
    ),
    "share": lambda _, __, channel: requests.event(
        {"type": "channel_id_changed", "old_channel_id": channel, "new_channel_id": "C0SHARED01", "event_ts": "1.7"}
    ),
    "join": lambda _, __, channel: requests.event(
        {"type": "member_joined_channel", "user": OTHER, "channel": channel, "team": "T0HOME"}
    ),
}
REFUSALS: dict[str, Callable[[Room, int, str], Signed]] = {
    "wrong verb": lambda room, _, channel: room.command(RESPONDER, "xyzzy", channel),
    "question before resolving": lambda room, _, channel: room.command(RESPONDER, "resolve", channel),
    "forbidden": lambda room, _, channel: room.command(RESPONDER, "cancel Nobody needs it any more", channel),
}
_TEXT = {"type": "input", "block_id": "text", "element": {"type": "plain_text_input", "action_id": "value"}}


@pytest.fixture
def still_room(own_room: Room) -> Room:
    """Return a room with an incident, where whatever works beside the requests stands still from now on."""
    own_room.declare()
    app = own_room.app
    for worker in (app.dispatcher, app.paging, app.grouping, app.relating, app.reports.schedule):
        worker.stop()
    return own_room


def test_acknowledgement_waits_for_one_commit_and_nothing_else(still_room: Room) -> None:
    """Whatever is recorded: one commit, no other query and no call of Slack come before the acknowledgement."""
    room, seen = still_room, {}

    for name, signed in RECORDED.items():
        with watching(room) as watch:
            answer = room.send(signed(room, 1, "C0NEW3"))
        seen[name] = (answer.status, watch.commits, watch.queries, watch.calls)

    assert seen == dict.fromkeys(RECORDED, (200, 1, [], []))


def test_refusal_commits_and_asks_nothing(still_room: Room) -> None:
    """A refusal writes nothing, looks nowhere else and calls nobody; its one transaction stays empty."""
    room, seen = still_room, {}

    for name, signed in REFUSALS.items():
        with watching(room) as watch:
            answer = room.send(signed(room, 1, "C0NEW3"))
        seen[name] = (answer.status, watch.writes, watch.queries, watch.calls)

    assert seen == dict.fromkeys(REFUSALS, (200, [], [], []))


def test_question_reads_once_and_commits_nothing(still_room: Room) -> None:
    """A question about the record is answered from it, without a commit or a call."""
    room = still_room

    with watching(room) as watch:
        answer = room.say(RESPONDER, "timeline", "C0NEW3")

    assert answer.text.startswith("*#1")
    assert (watch.commits, watch.calls) == (0, [])
    assert 0 < len(watch.queries) <= 4


def test_form_is_acknowledged_while_slack_is_slow(still_room: Room) -> None:
    """A command that only opens a form is acknowledged before Slack takes the form."""
    room, gate = still_room, threading.Event()
    room.slack.break_down(Fault(method="views.open", gate=gate))

    answer = room.say(RESPONDER, "declare")
    before = list(room.slack.views)
    gate.set()

    assert (answer.status, before) == (200, [])
    # Whoever waited for the form would have waited until it was given up.
    assert answer.seconds < room.settings.slack_timeout_seconds
    assert room.wait_for("the form", lambda: room.slack.views)


def test_answer_survives_what_fails_after_it(own_room: Room) -> None:
    """Work after the acknowledgement that cannot even begin does not take the acknowledgement back."""
    own_room.app.slack.afterwards.stop()

    answers = [
        own_room.say(RESPONDER, "").status,
        own_room.press_only(RESPONDER, "form.open:declare", "").status,
        own_room.press_only(RESPONDER, "incident.timeline", "1").status,
        own_room.say("U0UNHEARDOF", "list").status,
    ]

    assert answers == [200, 200, 200, 200]


def test_failure_after_the_answer_is_logged_and_the_next_one_works(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """A form that Slack refuses, an answer that nobody takes: logged without content, and forgotten."""
    room.slack.fail("views.open", "internal_error")
    room.say(RESPONDER, "declare")
    room.wait_for("the refusal", lambda: [call for call in room.slack.calls_of("views.open") if call.error])

    view = room.open_form_at_home(RESPONDER, "form.open:declare")

    assert view["callback_id"] == "form.declare"
    logged = room.wait_for("the log", lambda: [record for record in caplog.records if record.msg == "after the answer"])
    assert [record.__dict__.get("because") for record in logged] == ["internal_error"]


def test_nobody_waits_for_authorization(own_room: Room) -> None:
    """Slack is asked who the bot is once, at start, however many requests come."""
    for _ in range(5):
        own_room.ask(RESPONDER, "list")
        own_room.event({"type": "member_joined_channel", "user": OTHER, "channel": HOME})

    assert len(own_room.slack.calls_of("auth.test")) == 1


def test_listeners_are_few(own_room: Room) -> None:
    """Bolt scans them in order for every request: one for each kind of request."""
    assert len(own_room.app.slack.bolt._listeners) <= 12  # noqa: SLF001 - Bolt has no other way to count them


def test_acknowledgement_is_for_the_asker_alone(quick_room: Room) -> None:
    """Every answer to a command says outright that it is ephemeral."""
    _, channel = quick_room.kept_incident()

    answers = [
        quick_room.say(RESPONDER, text, channel).json for text in ("list", "help", "timeline", "xyzzy", "resolve")
    ]

    assert {answer["response_type"] for answer in answers} == {"ephemeral"}


def test_buttons_answers_leave_the_message_as_it_is(quick_room: Room) -> None:
    """An answer to a press never replaces the message that everybody reads."""
    number, channel = quick_room.kept_incident()

    quick_room.press(RESPONDER, "incident.timeline", str(number), channel)

    assert quick_room.slack.responses[-1]["replace_original"] is False
    assert quick_room.slack.responses[-1]["response_type"] == "ephemeral"


def test_method_that_slack_lacks_costs_one_note_to_the_operator(own_room: Room) -> None:
    """Without pins, topics and invitations incidents go on, and the operator hears of each once."""
    room = own_room
    for method in ("pins.add", "conversations.setTopic", "conversations.invite"):
        room.slack.fail(method, "unknown_method", times=None)

    channels = [room.declare()[1] for _ in range(3)]
    room.settle()

    notes = [post["text"] for post in room.slack.posts("C0OPS")]
    assert sorted(note.split()[3] for note in notes) == ["conversations.invite", "conversations.setTopic", "pins.add"]
    assert all(room.slack.posts(channel) for channel in channels)
    assert room.get("/healthz").json["parked_lanes"] == {}


def test_missing_scope_degrades_like_a_missing_method(own_room: Room) -> None:
    """A scope that the app was not given is named once; user groups are then nobody's."""
    own_room.slack.fail("pins.add", "missing_scope", times=None)

    for _ in range(2):
        own_room.declare()
    own_room.settle()

    (note,) = [post["text"] for post in own_room.slack.posts("C0OPS")]
    assert note.startswith("Slack has no pins.add for Debrief (missing_scope); incidents go on without it ")
    assert "`debrief doctor` names those that it lacks" in note


def test_operator_hears_why_marked_messages_have_no_text(own_room: Room) -> None:
    """Whoever marks one is told each time, who can put it right once."""
    room = own_room
    room.slack.fail("conversations.replies", "missing_scope", times=None)
    _, channel = room.declare()

    for text in ("The gateway is slow", "It recovered"):
        room.react(RESPONDER, channel, room.slack.say(channel, OTHER, text))
    room.settle()

    (note,) = [post["text"] for post in room.slack.posts("C0OPS")]
    assert note.startswith("Slack has no conversations.replies for Debrief (missing_scope); messages that people mark ")
    assert len(room.slack.calls_of("chat.postEphemeral")) == 2
    assert room.get("/healthz").json["parked_lanes"] == {}


def test_workspace_without_app_home_costs_one_note(own_room: Room) -> None:
    """Everything else goes on."""
    room = own_room
    room.slack.fail("views.publish", "unknown_method", times=None)

    for _ in range(2):
        room.event({"type": "app_home_opened", "user": RESPONDER, "channel": "D0HOME", "tab": "home"})
    room.wait_for("both", lambda: len(room.slack.calls_of("views.publish")) == 2)
    (note,) = room.wait_for("the note", lambda: room.slack.posts("C0OPS"))

    assert note["text"].startswith("Slack has no views.publish for Debrief (unknown_method); incidents go on ")


def test_unexpected_method_error_is_no_degradation(own_room: Room) -> None:
    """A method that an incident cannot do without parks its lane and says so."""
    own_room.slack.fail("chat.postMessage", "unknown_method", times=1)

    own_room.ask(RESPONDER, "declare SEV3 No posts")
    own_room.settle()

    assert "Slack answered unknown_method" in str(own_room.get("/healthz").json["parked_lanes"])
