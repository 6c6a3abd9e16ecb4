"""The database does not answer: nobody is told that something was recorded that was not, and words are not lost."""

import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bot.slack.blocks import ids
from tests import slack_requests as requests
from tests.relay import relayed
from tests.slack_room import COMMANDER, OTHER, RESPONDER, Answer, Room, open_room

SLACKS_PATIENCE_SECONDS = 3.0
#: More than may look at once.
MANY = 20
#: All that may honestly be said then.
HONEST = re.compile(r"not recorded|try again|could not confirm", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What was answered while the database was locked, and when the same was sent again afterwards."""

    room: Room
    number: int
    before: list[str]
    during: dict[str, Answer]
    afterwards: dict[str, Answer]
    pressed: str


@contextmanager
def locked(room: Room) -> Iterator[None]:
    """Let another program hold on to the database, so that no commit gets through."""
    url = room.app.store.database.url
    if room.app.store.database.is_sqlite:
        connection = sqlite3.connect(str(url.database), isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()
        return
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as server:
        server.execute("LOCK TABLE inbox, incident, delivery, timeline_event IN ACCESS EXCLUSIVE MODE")
        yield
        server.rollback()


@pytest.fixture(scope="module")
def outage(shared_room: Room) -> Outage:
    """Send one request of every kind at once while the database is locked, and each of them again afterwards."""
    room = shared_room
    number, channel = room.declare()
    ts = room.slack.say(channel, OTHER, "The queue grows")
    view = room.open_form(RESPONDER, "note", number, channel)
    command = room.command(RESPONDER, "note <switch> & 4111 1111 1111 1111", channel)
    form = requests.submission(RESPONDER, view, {"text": "Written in a form"})
    mark, event_id = requests.reaction(RESPONDER, channel, ts), f"Ev{next(room.slack.numbers)}Z"
    deploy, key = {"kind": "deploy", "text": "api 1.2.3", "incident": number}, f"key-{number}"
    url = room.slack.response_url()
    press = requests.button(
        COMMANDER, "incident.status:monitoring", str(number), channel=channel, trigger="x.y", response_url=url
    )
    sends: dict[str, Callable[[], Answer]] = {
        "command": lambda: room.send(command),
        "form": lambda: room.send(form),
        "event": lambda: room.event(mark, event_id=event_id),
        "webhook": lambda: room.webhook(deploy, key=key),
        "press": lambda: room.send(press),
    }
    before, answers = room.facts(number), len(room.slack.responses)
    with locked(room), ThreadPoolExecutor(len(sends)) as pool:
        begun = {name: pool.submit(send) for name, send in sends.items()}
        during = {name: answer.result() for name, answer in begun.items()}
        room.wait_for("an answer to the press", lambda: len(room.slack.responses) > answers)
        pressed = str(room.slack.responses[-1]["text"])
    afterwards = {name: sends[name]() for name in ("command", "form", "event", "webhook", "command", "webhook")}
    room.settle()
    return Outage(room=room, number=number, before=before, during=during, afterwards=afterwards, pressed=pressed)


def test_everybody_hears_within_slacks_patience(outage: Outage) -> None:
    """Five requests that wait for one another are all answered before Slack gives up."""
    late = {name: answer.seconds for name, answer in outage.during.items() if name != "webhook"}

    assert max(late.values()) < SLACKS_PATIENCE_SECONDS


def test_command_gives_the_words_back(outage: Outage) -> None:
    """The asker alone hears that it is not known to be recorded, and has the text to copy, masked."""
    answer = outage.during["command"]

    assert HONEST.search(answer.text)
    assert answer.text.endswith("```note &lt;switch&gt; &amp; [card ****1111]```")
    assert answer.json["response_type"] == "ephemeral"


def test_form_stays_open_and_is_recorded_when_sent_again(outage: Outage) -> None:
    """The reason stands under a field; the same form is taken later."""
    refused, recorded = outage.during["form"].json, outage.afterwards["form"].json

    assert list(refused["errors"]) == ["text"]
    assert HONEST.search(refused["errors"]["text"])
    assert recorded["response_action"] == "update"


@pytest.mark.parametrize("name", ["event", "webhook"])
def test_senders_that_repeat_are_asked_to(outage: Outage, name: str) -> None:
    """Who sends again by itself hears 503 with Retry-After, and later 200."""
    assert (outage.during[name].status, outage.afterwards[name].status) == (503, 200)
    assert "retry-after" in outage.during[name].headers


def test_press_says_that_nothing_is_known_to_have_moved(outage: Outage) -> None:
    """A button answers its presser."""
    assert outage.during["press"].status == 200
    assert HONEST.search(outage.pressed)


def test_each_is_on_record_once_and_nothing_more(outage: Outage) -> None:
    """What was sent twice is there once: the command, the form, the mark with its message, the deploy."""
    room, texts = outage.room, [event.text for event in outage.room.events(outage.number)]

    new = [key for key in room.facts(outage.number) if key not in outage.before]

    assert [texts.count(text) for text in ("<switch> & [card ****1111]", "Written in a form", "api 1.2.3")] == [1, 1, 1]
    assert texts.count("The queue grows") == 1
    assert len(new) in {5, 7}  # a press that could not be confirmed may have counted: a status and its mitigation


def test_command_sent_again_gives_the_answer_that_was_lost(room: Room) -> None:
    """Committed, but the answer never arrived: the same request again answers as the first did."""
    number, channel = room.declare()
    signed = room.command(COMMANDER, "note Said once", channel)

    answers = {room.send(signed).text for _ in range(2)}

    assert answers == {f"Noted on #{number}: Said once"}
    assert sum("Said once" in line for line in room.timeline(RESPONDER, number)) == 1


@pytest.mark.postgres
def test_server_that_stands_still_keeps_nobody_waiting(ready_postgres_url: str, tmp_path: Path) -> None:
    """It neither answers nor hangs up, as with a disk that stalls: many who only look are told so, as is who records.

    Afterwards all goes on, and what was said not to be recorded is not.
    """
    with (
        tempfile.TemporaryDirectory(prefix="relay-") as folder,
        relayed(ready_postgres_url, Path(folder)) as (url, relay),
        open_room(url, tmp_path) as room,
    ):
        number, channel = room.declare()
        named = room.named_by_button(number)
        with relay.frozen(), ThreadPoolExecutor(MANY) as pool:
            looking = [pool.submit(room.say, RESPONDER, "list") for _ in range(MANY)]
            looked = [answer.result() for answer in looking]
            noted = room.say(RESPONDER, "note Still here", channel)
            pressed = room.press(RESPONDER, ids.TIMELINE, named, channel)
            health = room.get("/healthz")
        afterwards = room.wait_for("an answer", lambda: (told := room.say(RESPONDER, "list").text)[:2] == "*#" and told)

        assert max(answer.seconds for answer in (*looked, noted)) < SLACKS_PATIENCE_SECONDS
        assert {answer.text.splitlines()[0] for answer in looked} == {
            "The database did not answer in time, so nothing can be shown. Try again in a moment."
        }
        assert HONEST.search(pressed)
        assert HONEST.search(noted.text)
        assert noted.text.endswith("```note Still here```")
        assert (health.status, health.json["database"]) == (503, "The database did not answer in time.")
        assert f"#{number}" in afterwards
        recorded = sum("Still here" in event.text for event in room.events(number))
        assert recorded <= int("could not confirm" in noted.text)  # the server may have had it already
