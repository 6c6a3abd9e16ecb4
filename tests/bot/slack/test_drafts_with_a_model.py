"""A draft with a model, as people in Slack and at a terminal see it: asked, offered, signed."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis.writing.account import KEY
from bot.flows.drafting import MOST_WAITING
from bot.ports.paging import EgressPurpose
from bot.ports.records import Revision
from tests.bot.flows.desk import asking, label_of, resolved
from tests.bot.record.processes import revisions
from tests.effort import leading
from tests.model_endpoint import FakeEndpoint, endpoint, says, status
from tests.slack_room import COMMANDER, RESPONDER, Room, open_room, served_again

#: How long the model keeps a test waiting at most, which is less than the drafts wait for it.
HELD_SECONDS, PATIENCE_SECONDS = 50.0, 60.0
#: Stopping takes a second, and much longer on a busy machine, but not as long as the model.
STOPS_SECONDS = 25.0


class Model:
    """An endpoint of which each test says what it does."""

    def __init__(self) -> None:
        """Answer nothing of use, at once."""
        self.text: str | Callable[[dict[str, Any]], str] = "{}"
        self.go_on = threading.Event()
        self.go_on.set()
        self.at_once = 0
        self.most_at_once = 0

    def __call__(self, handler: Any, body: dict[str, Any]) -> None:
        """Answer once it may."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.go_on.wait(HELD_SECONDS)
        self.at_once -= 1
        says(self.text if isinstance(self.text, str) else self.text(body))(handler, body)


@pytest.fixture(scope="module")
def model() -> Model:
    """Return what the module's endpoint does."""
    return Model()


@pytest.fixture(scope="module")
def fake(model: Model) -> Iterator[FakeEndpoint]:
    """Yield the endpoint."""
    with endpoint(model) as running:
        yield running


@pytest.fixture(scope="module")
def room(fake: FakeEndpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Yield a room whose bot asks that endpoint."""
    folder: Path = tmp_path_factory.mktemp("model")
    over = asking(fake.url, llm_patience_seconds=PATIENCE_SECONDS)
    with open_room(f"sqlite:///{folder / 'debrief.db'}", folder, **over) as opened:
        yield opened


@pytest.fixture
def incident(room: Room, model: Model) -> Iterator[tuple[int, str]]:
    """Yield a resolved incident with a fact, and a model that writes one true sentence about it."""
    number, channel = room.declare()
    room.join(COMMANDER, channel)
    room.ask(RESPONDER, "note The payment gateway was restarted by 3 engineers", channel)
    label = label_of(room, number, "restarted")
    room.ask(COMMANDER, f"promote {label} as fact", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    model.text = _answer(label)
    yield number, channel
    model.go_on.set()
    room.settle()


def _all_turns_taken(room: Room, model: Model, text: str = "SEV3 Card payments fail") -> list[tuple[int, str]]:
    """Resolved incidents: one declared as *text*, and as many more as may wait for the model, which all do."""
    opened = [room.declare(COMMANDER, text), *(room.declare() for _ in range(MOST_WAITING))]
    for _, channel in opened:
        room.join(COMMANDER, channel)
        room.ask(COMMANDER, "impact Payments fail", channel)
        room.ask(COMMANDER, "resolve", channel)
    room.settle()
    model.go_on.clear()
    for _, channel in opened[1:]:
        room.ask(COMMANDER, "draft", channel)
    room.wait_for("the model to be asked", lambda: model.at_once == MOST_WAITING)
    return opened


def _after_a_turn(room: Room, number: int) -> tuple[Revision, ...]:
    """The drafts of an incident once its turn may have come again."""
    room.clock.move(seconds=1)
    room.app.dispatcher.wake()
    return revisions(room.app, number)


def _answer(label: str) -> str:
    text = f"The payment gateway was restarted at {{t:{label}}}"
    return json.dumps({"sentences": [{"events": [label], "section": "response", "text": text}]})


def _repeats_what_was_drained(body: dict[str, Any]) -> str:
    events = json.loads(body["messages"][1]["content"])["events"]
    (drained,) = [event for event in events if "drained" in event.get("text", "")]
    sentence = {"events": [drained["id"]], "section": "response", "text": drained["text"]}
    return json.dumps({"sentences": [sentence]})


def test_request_says_that_the_model_is_asked_and_until_when(room: Room, incident: tuple[int, str]) -> None:
    """Whoever asks knows when the draft comes at the latest; the draft names the model and what stands of it."""
    number, channel = incident
    room.clock.set(room.clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1, seconds=3))
    latest = room.clock.now() + timedelta(seconds=57 + PATIENCE_SECONDS)

    answer = room.draft(COMMANDER, channel)
    room.settle()

    (revision,) = revisions(room.app, number)
    offer = [post["text"] for post in room.slack.posts(channel)][-1]
    told = f"<!date^{latest.timestamp():.0f}^{{time}} {{date_short}}|{latest:%Y-%m-%d %H:%M} UTC>"
    assert f"the model is asked, and the template draft comes at the latest at {told};" in answer
    assert KEY in {section["key"] for section in revision.document["sections"]}
    assert " The one sentence that pinned gave stands in it." in offer


def test_name_of_somebody_in_the_workspace_stays_here(room: Room, model: Model, fake: FakeEndpoint) -> None:
    """Also one of two ordinary words in small letters, which nothing but the directory says is a name."""
    user = f"U0ROSE{next(room.slack.numbers)}"
    room.slack.add_user(user, "Rose Banks")
    room.ask(user, "list")
    room.wait_for("the look-up", lambda: room.app.directory.is_known(user))
    number, channel = room.declare()
    room.join(COMMANDER, channel)
    room.ask(RESPONDER, "note The queue was drained by rose banks", channel)
    room.ask(COMMANDER, f"promote {label_of(room, number, 'drained')} as fact", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    model.text, before = _repeats_what_was_drained, len(fake.received)

    room.draft(COMMANDER, channel)

    (revision,) = revisions(room.app, number)
    (account,) = [section for section in revision.document["sections"] if section["key"] == KEY]
    (received,) = [each.body.decode().lower() for each in fake.received[before:]]
    assert "drained by [[person_" in received
    assert [part for part in ("rose", "banks") if part in received] == []
    assert "drained by rose banks" in account["statements"][0]["text"].lower()


@pytest.mark.thorough
def test_model_that_says_nothing_of_use_leaves_a_marked_draft_and_may_be_asked_again(
    room: Room, incident: tuple[int, str], model: Model
) -> None:
    """The offer says why; a second request is not refused as up to date, and one after a model wrote is."""
    number, channel = incident
    good, model.text = model.text, "no JSON"
    room.draft(COMMANDER, channel)
    model.text = good
    first = revisions(room.app, number)[-1]

    room.draft(COMMANDER, channel)
    second = revisions(room.app, number)[-1]
    third = room.ask(COMMANDER, "draft", channel)

    assert first.document["writing"]["because"] == "The model's answer is no JSON"
    assert second.document["writing"]["kept"] == 1
    assert third == f"Draft 2 of #{number} is up to date: nothing on record changed since."


@pytest.mark.thorough
def test_few_drafts_wait_for_the_model_and_slack_goes_on_meanwhile(room: Room, model: Model) -> None:
    """However many drafts are asked for, the lanes have workers left for what is told in Slack."""
    opened = [room.declare() for _ in range(MOST_WAITING + 2)]
    for _, channel in opened:
        room.join(COMMANDER, channel)
        room.ask(COMMANDER, "impact Payments fail", channel)
        room.ask(COMMANDER, "resolve", channel)
    room.settle()
    model.go_on.clear()
    model.most_at_once = 0
    for _, channel in opened:
        room.ask(COMMANDER, "draft", channel)
    room.wait_for("the model to be asked", lambda: model.at_once == MOST_WAITING)

    other = room.ask(RESPONDER, "declare SEV4 Something else", opened[0][1])
    room.app.dispatcher.wake()
    room.wait_for("another incident's channel", lambda: len(room.slack.calls_of("conversations.create")) > len(opened))
    model.go_on.set()
    room.settle(horizon=timedelta(minutes=10))

    assert other
    assert model.most_at_once == MOST_WAITING
    assert all(len(revisions(room.app, number)) == 1 for number, _ in opened)


def test_draft_whose_turn_does_not_come_is_made_by_its_deadline(room: Room, model: Model) -> None:
    """It does not wait for those that wait for the model: it has no time left to wait for it, too."""
    (late, its_channel), *first = _all_turns_taken(room, model)

    room.ask(COMMANDER, "draft", its_channel)
    room.clock.move(seconds=PATIENCE_SECONDS)
    room.wait_for("the late draft", lambda: _after_a_turn(room, late))
    others = [revisions(room.app, number) for number, _ in first]
    model.go_on.set()
    room.settle(horizon=timedelta(minutes=10))

    (revision,) = revisions(room.app, late)
    assert others == [()] * MOST_WAITING
    assert revision.document["writing"]["because"] == "There was no time left to ask it"


def test_draft_for_which_the_model_is_not_asked_takes_no_turn(room: Room, model: Model) -> None:
    """That of a private incident is there in a moment, as its answer said, whoever waits for the model."""
    (private, its_channel), *first = _all_turns_taken(room, model, "SEV3 private: Payout file leaked")

    answer = room.ask(COMMANDER, "draft", its_channel)
    room.wait_for("the private draft, while the clock stands", lambda: revisions(room.app, private))
    others = [revisions(room.app, number) for number, _ in first]
    model.go_on.set()
    room.settle(horizon=timedelta(minutes=10))

    assert "the model is asked" not in answer
    assert others == [()] * MOST_WAITING


def test_account_is_signed_and_published_with_the_document(room: Room, incident: tuple[int, str]) -> None:
    """An approver signs what the model wrote as well; what is published says so."""
    number, channel = incident
    room.draft(COMMANDER, channel)
    room.settle()
    (revision,) = revisions(room.app, number)

    approved = room.ask(COMMANDER, f"approve {revision.hash.hex()[:12]}", channel)
    published = room.ask(COMMANDER, "publish confirm", channel)
    room.settle()

    assert "approved" in approved.lower(), approved
    assert "publish" in published.lower(), published
    content = list(room.slack.files.values())[-1]["content"].decode()
    assert "- The payment gateway was restarted at 2026-03-01" in content
    assert "(model)" in content
    assert "the account by a language model (pinned): its one sentence stands, checked by code against" in content


@pytest.mark.parametrize("is_busy", leading(1, [False, True]), ids=str)
def test_server_that_stops_waits_for_no_model_and_the_next_one_asks_it(
    ready_url: str, tmp_path: Path, *, is_busy: bool
) -> None:
    """A restart takes no longer because a draft is made, and costs nobody the model's part in it."""
    model = Model()

    def asked(handler: Any, body: dict[str, Any]) -> None:
        busy = is_busy and not model.go_on.is_set()
        (status(429, retry_after="50") if busy else model)(handler, body)

    with endpoint(asked) as fake:
        over = asking(fake.url, llm_patience_seconds=PATIENCE_SECONDS)
        with open_room(ready_url, tmp_path, **over) as room:
            number, channel = resolved(room)
            model.text = _answer(label_of(room, number, "restarted"))
            model.go_on.clear()
            room.ask(COMMANDER, "draft", channel)
            room.app.dispatcher.wake()
            room.wait_for("the model to be asked", lambda: fake.received)
            began = time.monotonic()
            room.app.stop()
            seconds = time.monotonic() - began
            model.go_on.set()
            with served_again(room) as again:
                again.settle()
                drafts = revisions(again.app, number)
                calls = [one for one in again.app.store.egress.calls() if one.purpose is EgressPurpose.MODEL]

    assert seconds < STOPS_SECONDS
    assert [draft.document["writing"]["kept"] for draft in drafts] == [1]
    assert len(fake.received) == 2
    assert [call.outcome for call in calls][-1] == "answered"
    assert all(call.ended_at for call in calls)
