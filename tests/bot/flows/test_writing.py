"""Asking a model for the account: what a good answer gives, and that every bad one gives a draft in time."""

import http.server
import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from analysis.document import Basis
from analysis.document_tree import to_tree
from analysis.outgoing.typed import People
from analysis.writing.account import KEY
from bot.flows.model.questions import TRIES, UNFORESEEN
from bot.flows.patience import GivenUpError, Stopping
from bot.flows.redacting import VaultRedaction
from bot.flows.writing import ModelWriting
from bot.late import build_author, open_model
from bot.llm.leak_gate import gate_for
from bot.ports.model import Gate, LanguageModel
from bot.ports.paging import EgressPurpose
from bot.settings import AnswerForm
from bot.store.model.model_call_tables import MODEL_CALL
from bot.store.model.vault_tables import VAULT
from bot.usecases.postmortem.composing import Written
from tests.bot.flows.desk import Desk, asking, label_of, resolved
from tests.effort import leading, thinned
from tests.erasing import erase_field
from tests.model_endpoint import Answering, breaks, drips, endpoint, hangs, says, status
from tests.slack_room import COMMANDER, RESPONDER, Room

LATE_SECONDS = 2.0
SPENT = b'{"error": {"message": "Budget has been exceeded!", "type": "budget_exceeded", "code": "400"}}'


@pytest.fixture(scope="module")
def incident(sqlite_room: Room) -> tuple[int, str]:
    """Return an incident whose account can be written."""
    return resolved(sqlite_room)


@pytest.fixture
def desk(sqlite_room: Room, incident: tuple[int, str]) -> Iterator[Desk]:
    """Yield a desk at that incident, without a model; the day's budget is whole, whoever asked in this room before."""
    _forget(sqlite_room)
    yield Desk(room=sqlite_room, number=incident[0], channel=incident[1])
    _forget(sqlite_room)


def sentence(text: str, *events: str, number: int | None = None, section: str = "response") -> dict[str, Any]:
    """One sentence of an answer."""
    numbered = {} if number is None else {"number": number}
    return {**numbered, "events": list(events), "section": section, "text": text}


def answers(*sentences: dict[str, Any]) -> str:
    """An answer as it is asked for."""
    return json.dumps({"sentences": list(sentences)})


def in_turn(*answering: Answering) -> Answering:
    """Answer each request by the next of these, and by the last for ever."""
    left = list(answering)
    lock = threading.Lock()

    def answer(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        with lock:
            now = left.pop(0) if len(left) > 1 else left[0]
        now(handler, body)

    return answer


def ask(desk: Desk, answering: Answering, **over: Any) -> tuple[Written, float, list[bytes]]:
    """What the flow makes of an endpoint that answers so, how long it took, and what the endpoint received."""
    with endpoint(answering) as fake:
        made = Desk(room=desk.room, number=desk.number, channel=desk.channel, over=asking(fake.url, **over))
        written, seconds = made.write()
        return written, seconds, [each.body for each in fake.received]


def test_true_sentence_stands_in_a_section_of_its_own(desk: Desk) -> None:
    """Its slots are filled, it is cited, and everything else is as the templates made it."""
    label = label_of(desk.room, desk.number, "restarted")
    text = f"The payment gateway was restarted at {{t:{label}}}"

    written, _, received = ask(desk, says(answers(sentence(text, label))))

    account = written.document.section(KEY)
    assert [one.basis for one in account.statements] == [Basis.WRITTEN]
    row = next(row for row in written.document.timeline if row.label == label)
    assert account.statements[0].text == f"The payment gateway was restarted at {row.at:%Y-%m-%d %H:%M:%S} UTC."
    assert (written.block["kept"], written.block["asked"], written.block["because"]) == (1, 1, "")
    assert _without_account(written) == to_tree(desk.document(desk.material()))
    assert len(received) == 1


def test_question_holds_redacted_events_as_data_and_nothing_else_of_the_record(desk: Desk) -> None:
    """Events are JSON in the second message; chat and times stay."""
    _, _, received = ask(desk, says("{}"))

    body = json.loads(received[0])
    events = json.loads(body["messages"][1]["content"])["events"]
    assert body["model"] == "pinned"
    assert body["temperature"] == 0
    assert "tools" not in body
    assert "09:00" not in received[0].decode()
    (restarted,) = [event for event in events if "restarted" in event.get("text", "")]
    assert restarted["numbers"] == {f"{{n:{restarted['id']}}}": "3"}
    ids = body["response_format"]["json_schema"]["schema"]["properties"]["sentences"]["items"]["properties"]["events"]
    assert ids["items"]["enum"] == [event["id"] for event in events]


def test_draft_says_of_how_many_entries_the_model_saw_the_beginning_alone(sqlite_room: Room) -> None:
    """Long ones are cut before they leave, and whoever reads the account is told."""
    number, channel = resolved(sqlite_room)
    sqlite_room.ask(COMMANDER, f"note The queue was slow{' and slower' * 150}", channel)
    sqlite_room.ask(COMMANDER, f"promote {label_of(sqlite_room, number, 'queue')} as fact", channel)
    label = label_of(sqlite_room, number, "restarted")
    made = Desk(room=sqlite_room, number=number, channel=channel)

    written, _, received = ask(made, says(answers(sentence("The payment gateway was restarted", label))))

    events = json.loads(json.loads(received[0])["messages"][1]["content"])["events"]
    (shown,) = [event["text"] for event in events if "queue" in event.get("text", "")]
    assert 900 < len(shown) <= 1_006
    assert set(shown.split()) == {"The", "queue", "was", "slow", "and", "slower", "[cut]"}  # no half of a word
    assert written.block["note"] == "Of 1 entry the model was shown the first 1,000 letters alone."


def test_failing_sentence_is_asked_for_once_more_with_its_code(desk: Desk) -> None:
    """The second answer takes its place."""
    label = label_of(desk.room, desk.number, "restarted")
    good = sentence("The payment gateway was restarted", label)
    bad = sentence("The attackers deleted all the money at 10:00", label)
    better = sentence("3 engineers restarted the payment gateway", label, number=2)

    written, _, received = ask(desk, in_turn(says(answers(good, bad)), says(answers(better))))

    refused = json.loads(json.loads(received[1])["messages"][1]["content"])["refused"]
    assert len(received) == 2
    assert [one["number"] for one in refused] == [2]
    assert "typed_time" in refused[0]["wrong"]
    assert (refused[0]["events"], refused[0]["words"]) == ([label], ["10:00"])
    assert written.block["kept"] == 2
    assert [one["attempt"] for one in written.block["verdicts"]] == [1, 1, 2]


def test_sentence_that_may_not_leave_costs_no_other_its_second_chance(desk: Desk) -> None:
    """A model's own words can look like a secret; they are not sent back, and the rest is asked for."""
    label = label_of(desk.room, desk.number, "restarted")
    secret = sentence(f"Somebody fixed the secret {{t:{label}}}-hunter2hunter2", label)
    bad = sentence("The attackers deleted all the money", label)
    better = sentence("3 engineers restarted the payment gateway", label, number=2)

    written, _, received = ask(desk, in_turn(says(answers(secret, bad)), says(answers(better))))

    refused = json.loads(json.loads(received[1])["messages"][1]["content"])["refused"]
    assert [one["number"] for one in refused] == [2]
    assert written.block["kept"] == 1


@pytest.mark.parametrize(
    ("second", "named"),
    [
        pytest.param("no JSON", "fp1", id="of no use"),
        pytest.param(answers(sentence("[[PERSON_99]] broke it", "E1", number=2)), "fp1", id="rejected"),
        pytest.param(answers(sentence("Status changed", "E1", number=2)), "fp1, fp2", id="used"),
    ],
)
def test_draft_names_the_models_whose_answers_are_in_it_and_no_other(desk: Desk, second: str, named: str) -> None:
    """An endpoint may become another between two questions; what is signed says whose sentences these are."""
    label = label_of(desk.room, desk.number, "restarted")
    good, bad = sentence("The payment gateway was restarted", label), sentence("It exploded", label)

    written, _, _ = ask(desk, in_turn(says(answers(good, bad)), says(second, fingerprint="fp2")))

    assert written.block["kept"] == 1
    assert written.block["versions"]["fingerprint"] == named


def test_name_that_a_draft_has_found_first_is_put_back_and_does_not_leave(sqlite_room: Room) -> None:
    """Its placeholder is as good as one of an earlier draft: also where the model itself guesses what stands behind."""
    made, _ = _named(sqlite_room)

    def guesses(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        events = json.loads(body["messages"][1]["content"])["events"]
        (impact,) = [event for event in events if "Payments of" in event.get("text", "")]
        good = sentence(impact["text"], impact["id"], section="impact")
        bad = sentence("Kowalski stole all the money", impact["id"], section="impact")
        says(answers(good, bad))(handler, body)

    written, _, received = ask(made, guesses)

    assert [b"Kowalski" in body for body in received] == [False]
    assert "Payments of Kowalski fail" in written.document.section(KEY).statements[0].text
    assert written.block["kept"] == 1


def test_second_question_is_not_begun_where_no_time_is_left_for_its_answer(desk: Desk) -> None:
    """It would be paid for, and given up."""
    label = label_of(desk.room, desk.number, "restarted")
    good, bad = sentence("The payment gateway was restarted", label), sentence("It exploded", label)

    def takes_its_time(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        time.sleep(2.2)
        says(answers(good, bad))(handler, body)

    written, _, received = ask(desk, takes_its_time, llm_patience_seconds=5.0)

    assert (len(received), written.block["kept"]) == (1, 1)


def test_sentence_that_fails_twice_is_the_templates(desk: Desk) -> None:
    """No third question is asked."""
    label = label_of(desk.room, desk.number, "restarted")
    good, bad = sentence("The payment gateway was restarted", label), sentence("All money is gone", label)
    worse = sentence("The database was deleted", label, number=2)

    written, _, received = ask(desk, in_turn(says(answers(good, bad)), says(answers(worse))))

    texts = [(one.basis, one.text) for one in written.document.section(KEY).statements]
    assert len(received) == 2
    assert written.block["kept"] == 1
    assert [basis for basis, _ in texts] == [Basis.WRITTEN, Basis.FACT]
    assert "restarted by 3 engineers" in texts[1][1]


def test_second_question_that_fails_unforeseen_loses_nothing_of_the_first(desk: Desk) -> None:
    """Such as by an answer that a newer version kept, before a process was killed and an older one took over."""
    label = label_of(desk.room, desk.number, "restarted")
    good, bad = sentence("The payment gateway was restarted", label), sentence("It exploded", label)
    better = answers(sentence("3 engineers restarted the payment gateway", label, number=2))

    with endpoint(in_turn(says(answers(good, bad)), says(better))) as fake:
        made = replace(desk, over=asking(fake.url))
        whole, _ = made.write()
        (second,) = [call for call in _calls_of(desk) if _answer_of(desk.room, call)["text"] == better]
        _keep(desk.room, second, {**_answer_of(desk.room, second), "of_a_newer_version": 1})
        written, _ = made.write()

    assert [whole.block["kept"], written.block["kept"]] == [2, 1]
    assert len(fake.received) == 2


def test_server_that_stops_during_the_second_question_leaves_the_draft_to_the_next_one(desk: Desk) -> None:
    """Else a restart would cost the draft what the second question mends."""
    label = label_of(desk.room, desk.number, "restarted")
    good, bad = sentence("The payment gateway was restarted", label), sentence("It exploded", label)
    stopping, is_over = Stopping(), threading.Event()

    def stops(handler: http.server.BaseHTTPRequestHandler, _: Mapping[str, Any]) -> None:
        stopping.begin()
        is_over.wait(10)
        handler.close_connection = True

    with endpoint(in_turn(says(answers(good, bad)), stops)) as fake:
        made, material = replace(desk, over=asking(fake.url)), desk.material()
        author = build_author(made.settings, desk.room.app.store, desk.room.clock, stopping=stopping)
        with pytest.raises(GivenUpError):
            author(material, desk.document(material), until=None)
        is_over.set()

    assert len(fake.received) == 2
    assert all(call["ended_at"] for call in _calls_of(desk))


def test_server_that_has_stopped_asks_nothing(desk: Desk) -> None:
    """A draft that was begun just then reserves nothing, and is left to the next one."""
    stopping = Stopping()
    stopping.begin()

    with endpoint(says("{}")) as fake:
        made, material = replace(desk, over=asking(fake.url)), desk.material()
        author = build_author(made.settings, desk.room.app.store, desk.room.clock, stopping=stopping)
        with pytest.raises(GivenUpError):
            author(material, desk.document(material), until=None)

    assert (fake.received, _calls_of(desk)) == ([], [])


def test_answer_to_the_same_question_is_paid_once(desk: Desk) -> None:
    """A draft that is begun anew, as after a kill, uses what is known."""
    label = label_of(desk.room, desk.number, "restarted")
    good = says(answers(sentence("The payment gateway was restarted", label)))

    with endpoint(in_turn(good, breaks)) as fake:
        made = Desk(room=desk.room, number=desk.number, channel=desk.channel, over=asking(fake.url))
        (first, _), (second, _) = made.write(), made.write()

    assert len(fake.received) == 1
    assert to_tree(second.document) == to_tree(first.document)


def test_answer_of_a_model_elsewhere_is_not_used(desk: Desk) -> None:
    """One of the same name at another address is asked itself: the draft says which one wrote it."""
    label = label_of(desk.room, desk.number, "restarted")
    good = says(answers(sentence("The payment gateway was restarted", label)))

    first, _, _ = ask(desk, good)
    second, _, received = ask(desk, good)

    assert len(received) == 1
    assert first.block["versions"]["model"] != second.block["versions"]["model"]


def test_answer_in_another_form_is_not_used(desk: Desk) -> None:
    """The form that answers are held to is part of the model's version, so that it is asked again in the new one."""
    label = label_of(desk.room, desk.number, "restarted")

    ways = [*({"llm_answer_form": form} for form in AnswerForm), {"llm_extra_body": {"reasoning_effort": "low"}}]
    with endpoint(says(answers(sentence("The payment gateway was restarted", label)))) as fake:
        for way in ways:
            replace(desk, over=asking(fake.url, **way)).write()
        replace(desk, over=asking(f"{fake.url}?api-version=2")).write()

    assert len(fake.received) == len(ways) + 1


@pytest.mark.parametrize(
    ("answering", "because"),
    thinned(
        [
            pytest.param(hangs(6), "did not answer in time", id="hangs"),
            pytest.param(drips(every=0.05), "in time", id="drips"),
            pytest.param(drips(every=0.0, size=100_000), "long", id="huge"),
            pytest.param(breaks, "connection", id="breaks"),
            pytest.param(status(500), "status 500", id="500"),
            pytest.param(status(429), "busy", id="429"),
            pytest.param(status(503), "status 503", id="503"),
            pytest.param(status(401), "LLM_API_KEY", id="401"),
            pytest.param(status(307, location="http://127.0.0.1:9/v1"), "redirect", id="redirect"),
            pytest.param(status(200, b"<html>"), "a page instead", id="html"),
            pytest.param(status(200, b"\xff\xfe\x00"), "no completion", id="bytes"),
            pytest.param(says("Here is what happened: all is well."), "no JSON", id="prose"),
            pytest.param(says(None), "without a text", id="no text"),
            pytest.param(says("{}"), "does not hold", id="schema ignored"),
            pytest.param(says(json.dumps({"sentences": [{"text": "x"}]})), "not of the form", id="form ignored"),
            pytest.param(says(answers(sentence("It broke", "E999"))), "not follow from the record", id="unknown id"),
            pytest.param(
                says(answers(sentence("[[PERSON_99]] broke it", "E1"))), "placeholder", id="unknown placeholder"
            ),
            pytest.param(
                says(answers(sentence("Lesson: test more", "E1", section="lessons"))), "not follow", id="lesson"
            ),
            pytest.param(says("[" * 50_000), "no JSON", id="deep"),
            pytest.param(says(answers(sentence("\ud800", "E1"))), "half of a character", id="half of a character"),
            pytest.param(
                says(answers(sentence("x", "E1", section="\ud800"))), "half of a character", id="half a section"
            ),
            pytest.param(says(answers(sentence("x", "\ud800"))), "half of a character", id="half a label"),
        ],
        every=8,
    ),
)
def test_bad_answer_gives_the_template_draft_in_time(desk: Desk, answering: Answering, because: str) -> None:
    """Whatever an endpoint does, there is the complete draft of the templates, marked so, in time."""
    written, seconds, _ = ask(desk, answering, llm_patience_seconds=3.0)

    assert to_tree(written.document) == to_tree(desk.document(desk.material()))
    assert written.block["kept"] == 0
    assert because in written.block["because"]
    assert seconds <= 3.0 + LATE_SECONDS


def test_long_record_leaves_more_time_for_its_document(desk: Desk) -> None:
    """Rendering thousands of entries takes seconds on a busy machine, and the draft is not to be late for that."""
    material = desk.material()
    document = desk.document(material)
    long = replace(document, timeline=document.timeline * (4_000 // len(document.timeline)))

    with endpoint(hangs(20)) as fake:
        made = replace(desk, over=asking(fake.url, llm_patience_seconds=9.0))
        author = build_author(made.settings, desk.room.app.store, desk.room.clock)
        began = time.monotonic()
        written = author(material, long, until=None)
        seconds = time.monotonic() - began

    assert "did not answer in time" in written.block["because"]
    assert 3.0 < seconds < 7.0


@pytest.mark.thorough
def test_endpoint_that_is_down_is_tried_a_few_times_and_gives_the_template_draft_in_time(desk: Desk) -> None:
    """A refused connection cost nothing, so nothing is counted; the pauses between the tries take three seconds."""
    with endpoint(says("{}")) as fake:
        url = fake.url
    made = Desk(room=desk.room, number=desk.number, channel=desk.channel, over=asking(url))

    written, seconds = made.write()

    assert "connection" in written.block["because"]
    assert [(call["tokens"], call["ended_at"] is not None) for call in _calls_of(desk)] == [(0, True)] * TRIES
    assert 3.0 <= seconds < made.settings.llm_patience_seconds


@pytest.mark.parametrize(
    ("code", "body", "times"),
    leading(
        1,
        [
            pytest.param(401, b"{}", 1, id="401"),
            pytest.param(429, b"{}", 3, id="429"),
            pytest.param(503, b"{}", 1, id="503"),
            pytest.param(429, SPENT, 1, id="429 for a budget"),
            pytest.param(529, b'{"error": {"type": "overloaded_error"}}', 3, id="529"),
        ],
    ),
)
def test_question_is_asked_again_where_that_may_help(desk: Desk, code: int, body: bytes, times: int) -> None:
    """Who does not let us in is not shown the record three times; who is busy is asked again.

    A proxy's 503 says nothing of what the endpoint has done for it. Who does not say when waits a second, then two.
    """
    _, seconds, received = ask(desk, status(code, body))

    assert len(received) == times
    assert seconds >= 1.5 * (times - 1)


def test_busy_endpoint_is_asked_again_when_it_says_so(desk: Desk) -> None:
    """Asked before, it would refuse again, and after three refusals the draft would be made without it."""
    label = label_of(desk.room, desk.number, "restarted")
    good = says(answers(sentence("The payment gateway was restarted", label)))
    since = time.monotonic()

    def busy_for_a_while(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        left = since + 4 - time.monotonic()
        (status(429, retry_after=str(math.ceil(left))) if left > 0 else good)(handler, body)

    written, _, received = ask(desk, busy_for_a_while)

    assert (len(received), written.block["kept"]) == (2, 1)


def test_endpoint_that_is_busy_for_longer_than_there_is_time_is_asked_once(desk: Desk) -> None:
    """The draft is there at once, and says for how long the endpoint wants to be left alone."""
    written, seconds, received = ask(desk, status(429, retry_after="60"))

    assert (len(received), seconds < 3.0) == (1, True)
    assert written.block["because"] == "The model's endpoint is busy (status 429), and asks to be left alone for 60 s"


@pytest.mark.parametrize("code", leading(1, [422, 400, 429]))
def test_gateway_that_has_nothing_left_for_us_costs_nothing(desk: Desk, code: int) -> None:
    """It asked no model, whatever status its version gives that; the draft says who is to be asked for more."""
    written, _, received = ask(desk, status(code, SPENT))

    (call,) = _calls_of(desk)
    (egress,) = [one for one in desk.room.app.store.egress.calls() if one.id == call["id"]]
    assert f"is used up there (status {code}, budget_exceeded)" in written.block["because"]
    assert (len(received), call["tokens"], egress.body) == (1, 0, received[0])
    assert "budget_exceeded" in egress.outcome


def test_answer_without_a_text_counts_with_what_it_did_cost(desk: Desk) -> None:
    """A model that thought until its tokens were used up did not cost all that was reserved."""
    written, _, _ = ask(desk, says("", finish="length"))

    (call,) = _calls_of(desk)
    assert "DEBRIEF_LLM_ANSWER_TOKENS" in written.block["because"]
    assert (call["tokens"], call["ended_at"] is not None) == (18, True)


@pytest.mark.parametrize("code", leading(1, [429, 402]))
def test_error_of_an_answer_that_was_paid_for_counts_and_is_not_asked_again(desk: Desk, code: int) -> None:
    """A router that calls its provider busy after 5,800 tokens would else bill them three times, past every budget."""
    choice = {"finish_reason": "error", "message": {"content": ""}, "error": {"code": code, "message": "x"}}
    usage = {"prompt_tokens": 5000, "completion_tokens": 800, "total_tokens": 5800}

    written, _, received = ask(desk, status(200, json.dumps({"choices": [choice], "usage": usage}).encode()))

    (call,) = _calls_of(desk)
    assert f"status 200 with code {code}" in written.block["because"]
    assert (len(received), call["tokens"]) == (1, 5800)


_NOTHING_SAID = {"prompt_tokens": 11, "completion_tokens": 0, "total_tokens": 11}


def _kept_back(usage: Mapping[str, int], *, finish: str = "content_filter", **message: str) -> Answering:
    choice = {"finish_reason": finish, "message": {"role": "assistant", **message}}
    return status(200, json.dumps({"model": "pinned", "choices": [choice], "usage": usage}).encode())


@pytest.mark.parametrize(
    ("answering", "because", "is_said"),
    [
        pytest.param(_kept_back(_NOTHING_SAID), "A filter", True, id="free"),
        pytest.param(_kept_back({"prompt_tokens": 11}), "A filter", False, id="no total"),
        pytest.param(_kept_back(_NOTHING_SAID, finish="stop"), "without a text", False, id="no filter"),
        pytest.param(_kept_back(_NOTHING_SAID, reasoning="Hm."), "A filter", False, id="thought"),
    ],
)
def test_answer_that_a_filter_kept_back_counts_with_what_the_endpoint_says(
    desk: Desk, answering: Answering, because: str, *, is_said: bool
) -> None:
    """An answer that cost nothing, as it says itself, uses up no budget; where it does not say, all counts."""
    written, _, _ = ask(desk, answering)

    (call,) = _calls_of(desk)
    assert because in written.block["because"]
    assert (call["tokens"] == 11) is is_said


def test_cost_is_settled_by_both_prices_and_rounded_up(desk: Desk) -> None:
    """11 tokens of a question at 0.30 a million and 7 of an answer at 10 are 73.3 millionths."""
    ask(desk, says("{}"), llm_question_price=Decimal("0.3"), llm_answer_price=Decimal(10))

    (call,) = _calls_of(desk)
    assert (call["tokens"], call["money"]) == (18, 74)


@pytest.mark.parametrize("usage", [{"completion_tokens": 7, "total_tokens": 18}, {"prompt_tokens": 11}, {}])
def test_answer_that_says_no_whole_costs_counts_with_all_that_was_reserved(desk: Desk, usage: dict[str, int]) -> None:
    """As many tokens as the question has bytes and the answer may have, at both prices: it cannot have cost more."""
    choice = {"finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}
    said = status(200, json.dumps({"model": "pinned", "choices": [choice], "usage": usage}).encode())

    _, _, received = ask(desk, said, llm_question_price=Decimal(1), llm_answer_price=Decimal(10))

    (call,) = _calls_of(desk)
    asked = call["tokens"] - 800
    assert asked >= len(received[0])
    assert call["money"] == asked + 800 * 10


def test_question_that_no_minute_may_have_is_asked_once(desk: Desk) -> None:
    """OpenAI calls it a rate limit, and it would refuse it again for ever; nothing was worked on."""
    said = {"message": "Request too large for gpt-4o on tokens per min (TPM)", "code": "rate_limit_exceeded"}

    written, _, received = ask(desk, status(429, json.dumps({"error": said}).encode()))

    (call,) = _calls_of(desk)
    assert (len(received), call["tokens"]) == (1, 0)
    assert "DEBRIEF_LLM_MOST_EVENTS" in written.block["because"]


@pytest.mark.parametrize(
    ("cut", "because"),
    [
        pytest.param('```json\n{"sentences": [{"events": ["E1"], "text": "The pay', "breaks off", id="a sentence"),
        pytest.param('{"sente', "breaks off", id="its beginning"),
        pytest.param("{}", "does not hold", id="nothing"),
        pytest.param("Well, then", "does not hold", id="prose"),
    ],
)
def test_answer_that_is_cut_within_its_first_sentence_names_the_setting(desk: Desk, cut: str, because: str) -> None:
    """Whoever reads the draft learns what to change, rather than that the form was wrong."""
    written, _, _ = ask(desk, says(cut, finish="length"))

    assert because in written.block["because"]
    assert ("DEBRIEF_LLM_ANSWER_TOKENS" in written.block["because"]) is (because == "breaks off")


def test_answer_that_a_server_wraps_up_gives_an_account(desk: Desk) -> None:
    """Thought before it, in a fence, in parts, with fields that nobody asked for and no word of its costs."""
    label = label_of(desk.room, desk.number, "restarted")
    given = answers(sentence("The payment gateway was restarted", label))
    part = {"type": "text", "text": f"<think>[{{1}}]</think>\n```json\n{given}\n```"}
    message = {"role": "assistant", "content": [part], "annotations": []}
    completion = {
        "model": "pinned",
        "prompt_filter_results": [{"prompt_index": 0}],
        "choices": [{"message": message, "finish_reason": "stop", "content_filter_results": {}}],
    }

    written, _, received = ask(desk, status(200, json.dumps(completion).encode()))

    (call,) = _calls_of(desk)
    assert (written.block["kept"], written.block["because"]) == (1, "")
    assert written.block["dropped"].endswith("was dropped: what the model thought and a fence of code.")
    assert call["tokens"] > len(received[0]) // 2  # nobody said what it cost: all that was reserved counts


@pytest.mark.parametrize(
    ("before", "behind", "dropped"),
    [
        ("", "", None),
        ("Here is the JSON:\n```json\n", "\n```\nLet me know!", "a fence of code and words"),
        ("<|channel|>analysis<|message|>Hm.<|end|><|channel|>final<|message|>", "<|return|>", "signs of its template"),
    ],
)
def test_account_is_taken_out_of_what_stands_around_it(
    desk: Desk, before: str, behind: str, dropped: str | None
) -> None:
    """The one object counts, and the draft keeps what was dropped, also where the answer is taken from the store."""
    label = label_of(desk.room, desk.number, "restarted")
    given = answers(sentence("The payment gateway was restarted", label))

    with endpoint(in_turn(says(f"{before}{given}{behind}"), breaks)) as fake:
        made = Desk(room=desk.room, number=desk.number, channel=desk.channel, over=asking(fake.url))
        (first, _), (second, _) = made.write(), made.write()

    assert first.block == second.block
    assert first.block["kept"] == 1
    assert (dropped or "") in first.block.get("dropped", "")
    assert ("dropped" in first.block) is (dropped is not None)


@pytest.mark.parametrize(
    ("count", "because"),
    leading(
        1,
        [
            (1, "the one sentence it gave does not follow from the record"),
            (2, "neither of the 2 sentences it gave follows from the record"),
            (3, "none of the 3 sentences it gave follows from the record"),
        ],
    ),
)
def test_draft_says_that_nothing_follows_as_people_say_it(desk: Desk, count: int, because: str) -> None:
    """Of one sentence, of two and of more."""
    written, _, _ = ask(desk, says(answers(*[sentence("All money is gone", "E1")] * count)))

    assert written.block["because"] == because


def test_nothing_is_chosen_of_two_answers(desk: Desk) -> None:
    """The draft is that of the templates, and says why; what it did cost is counted."""
    given = answers(sentence("The payment gateway was restarted", label_of(desk.room, desk.number, "restarted")))

    written, _, _ = ask(desk, says(f"{given}\nOr: {given}", finish="length"))

    (call,) = _calls_of(desk)
    assert "more than one JSON object" in written.block["because"]
    assert (written.block["kept"], call["tokens"]) == (0, 18)


@pytest.mark.parametrize(
    ("body", "is_counted"),
    [
        pytest.param(b"<html>503 Service Temporarily Unavailable</html>", True, id="a proxy"),
        pytest.param(b'{"error": {"message": "Loading model", "code": 503}}', False, id="the endpoint itself"),
    ],
)
def test_status_503_counts_unless_the_endpoint_itself_says_it(desk: Desk, body: bytes, *, is_counted: bool) -> None:
    """Behind a proxy the model may have worked for minutes; what nobody knows counts with all that was reserved."""
    ask(desk, status(503, body), llm_patience_seconds=3.0)

    assert (_calls_of(desk)[-1]["tokens"] > 0) is is_counted


@pytest.mark.parametrize(
    ("over", "setting"),
    leading(
        2,
        [
            ({"llm_tokens_per_incident": 500}, "DEBRIEF_LLM_TOKENS_PER_INCIDENT"),
            ({"llm_tokens_per_day": 500}, "DEBRIEF_LLM_TOKENS_PER_DAY"),
            ({"llm_seconds_per_incident": 0.5}, "DEBRIEF_LLM_SECONDS_PER_INCIDENT"),
            ({"llm_answer_price": 1000, "llm_money_per_day": 0}, "DEBRIEF_LLM_MONEY_PER_DAY"),
        ],
    ),
)
def test_over_budget_nothing_is_sent(desk: Desk, over: dict[str, Any], setting: str) -> None:
    """The draft names the setting, and no byte leaves."""
    written, _, received = ask(desk, says("{}"), **over)

    assert received == []
    assert setting in written.block["because"]


def test_secret_in_the_record_that_the_gate_sees_stops_the_question(desk: Desk) -> None:
    """A value that slipped through everything before is seen in the final bytes, and nothing is sent."""
    written, _, received = ask(desk, says("{}"), llm_model="key-AKIAIOSFODNN7EXAMPLE")

    (call,) = _calls_of(desk)
    assert received == []
    assert "nothing was sent" in written.block["because"]
    assert call["tokens"] == 0
    assert not [one for one in desk.room.app.store.egress.calls() if one.id == call["id"]]


def test_words_of_the_site_leave_as_they_are(sqlite_room: Room) -> None:
    """Where the settings name them; what an earlier draft of the incident covered stays covered."""
    known = {"llm_known_words": frozenset({"traefikus"})}
    drafted, new = _about_traefikus(sqlite_room), _about_traefikus(sqlite_room)

    _, _, before = ask(drafted, says("{}"))
    _, _, after = ask(drafted, says("{}"), **known)
    written, _, received = ask(new, says("{}"), **known)

    assert [b"Traefikus" in body for body in (*before, *after, *received)] == [False, False, True]
    assert written.block["versions"]["words"]


def test_what_people_say_of_it_in_the_review_is_in_the_document_and_never_leaves(sqlite_room: Room) -> None:
    """It is what they think, and often of colleagues; a note that is vouched for beside it leaves as before."""
    number, channel = resolved(sqlite_room)
    sqlite_room.ask(RESPONDER, "note The runbook was outdated", channel)
    sqlite_room.ask(RESPONDER, f"promote {label_of(sqlite_room, number, 'runbook')} as not_so_well", channel)
    made = Desk(room=sqlite_room, number=number, channel=channel)

    written, _, received = ask(made, says("{}"))

    (said,) = written.document.section("not_so_well").statements
    assert "“The runbook was outdated” (tagged as what did not go so well by " in said.text
    assert [(b"runbook" in body, b"restarted" in body) for body in received] == [(False, True)]


def test_question_that_goes_nowhere_costs_nothing_and_has_not_left(desk: Desk) -> None:
    """An endpoint at an address that nobody named is not asked, so that neither budget nor log has anything of it."""
    written, _, received = ask(desk, says("{}"), llm_networks=())

    (call,) = _calls_of(desk)
    assert received == []
    assert "DEBRIEF_LLM_NETWORKS" in written.block["because"]
    assert call["tokens"] == 0
    assert not [one for one in desk.room.app.store.egress.calls() if one.id == call["id"]]


def test_question_that_fails_unforeseen_before_it_leaves_costs_nothing(desk: Desk) -> None:
    """A number that JSON has not cannot be sent: each draft would else use up what all may cost, for nothing."""
    written, _, received = ask(desk, says("{}"), llm_extra_body={"top_p": math.nan})

    (call,) = _calls_of(desk)
    assert written.block["because"] == UNFORESEEN
    assert to_tree(written.document) == to_tree(desk.document(desk.material()))
    assert received == []
    assert (call["tokens"], call["outcome"], call["ended_at"] is not None) == (0, UNFORESEEN, True)


def test_every_question_is_in_the_log_of_what_left(desk: Desk) -> None:
    """Byte for byte as it reached the endpoint, with what came back, under the id of its costs."""
    _, _, received = ask(desk, says("no JSON"))

    (call,) = _calls_of(desk)
    (egress,) = [one for one in desk.room.app.store.egress.calls() if one.id == call["id"]]
    assert egress.body == received[0]
    assert egress.purpose is EgressPurpose.MODEL
    assert (egress.host, egress.path) == ("127.0.0.1", "/v1/chat/completions")
    assert (egress.outcome, egress.status) == ("answered", 200)
    assert (egress.model, egress.usage and egress.usage.tokens) == ("pinned", 18)
    assert call["tokens"] == 18


@pytest.mark.parametrize(
    ("answering", "status_said", "outcome"),
    thinned(
        [
            pytest.param(status(400, SPENT), 400, "answered 400: What may be spent", id="refused"),
            pytest.param(
                drips(every=0.0, size=100_000), 200, "answered 200: The endpoint's answer was longer", id="long"
            ),
            pytest.param(drips(every=0.05), 200, "answered 200: ", id="late"),
            pytest.param(breaks, 0, "no answer: The connection to", id="breaks"),
            pytest.param(hangs(4), 0, "no answer: The model's endpoint did not answer in time", id="hangs"),
            pytest.param(says(None), 200, "answered 200: The model's endpoint answered without a text", id="silent"),
            pytest.param(status(200, b'{"error": {"code": 502}}'), 200, "answered 200: ", id="an error with 200"),
            pytest.param(status(307, location="/"), 307, "answered 307: ", id="redirect"),
        ],
        every=3,
    ),
)
def test_log_of_what_left_tells_what_came_back(
    desk: Desk, answering: Answering, status_said: int, outcome: str
) -> None:
    """An auditor sees the status that there was, and tells no answer from one that could not be used."""
    ask(desk, answering, llm_patience_seconds=3.0)

    (call,) = _calls_of(desk)
    (egress,) = [one for one in desk.room.app.store.egress.calls() if one.id == call["id"]]
    assert (egress.status, egress.outcome[: len(outcome)]) == (status_said, outcome)


def test_log_of_what_left_tells_two_questions_of_one_draft_apart(desk: Desk) -> None:
    """Each row says what came back for it, and each is settled by itself."""
    label = label_of(desk.room, desk.number, "restarted")
    good, bad = sentence("The payment gateway was restarted", label), sentence("It exploded", label)

    written, _, received = ask(desk, in_turn(says(answers(good, bad)), status(500)))

    tokens = {call["id"]: call["tokens"] for call in _calls_of(desk)}
    found = [one for one in desk.room.app.store.egress.calls() if one.id in tokens]
    assert [one.body for one in found] == received
    assert [(one.status, one.outcome) for one in found] == [
        (200, "answered"),
        (500, "answered 500: The model's endpoint answered with status 500."),
    ]
    assert [bool(one.answer_hash) for one in found] == [True, False]
    assert tokens[found[0].id] == 18
    assert written.block["kept"] == 1


@pytest.mark.thorough
def test_log_of_what_left_tells_what_nobody_was_there_to_take(desk: Desk) -> None:
    """The row was written before the first byte could leave, and none did."""
    with endpoint(says("{}")) as fake:
        url = fake.url

    replace(desk, over=asking(url)).write()

    ids = [call["id"] for call in _calls_of(desk)]
    found = [one for one in desk.room.app.store.egress.calls() if one.id in ids]
    assert {(one.status, one.outcome) for one in found} == {
        (0, "not sent: The connection to the model's endpoint failed.")
    }


@pytest.mark.parametrize("code", leading(1, [400, 422]))
def test_question_that_is_refused_as_it_is_asked_names_who_finds_out_why(desk: Desk, code: int) -> None:
    """Its words may repeat the record, so that a draft has none of them; doctor asks in fixed words."""
    written, _, _ = ask(
        desk, status(code, b'{"error": {"message": "Unsupported: a secret", "code": "unsupported_value"}}')
    )

    assert written.block["because"].startswith(
        f"The model's endpoint answered with status {code}, unsupported_value; `debrief doctor` asks it in fixed words"
    )
    assert "secret" not in json.dumps(written.block)


def test_erasure_while_a_draft_is_made_stops_the_second_question(room: Room) -> None:
    """Nothing more of it leaves, and no copy of what was asked and answered stays; the record gives the next draft."""
    made, label = _named(room)
    bad = says(answers(sentence("The attackers deleted all the money", label)))

    def erases(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        _erase(made)
        bad(handler, body)

    _, _, received = ask(made, erases)

    assert len(received) == 1
    assert [one["content"] for one in _calls_of(made)] == [None]
    assert not _has_vault(made)


def test_erasure_before_anything_is_redacted_keeps_and_sends_nothing(room: Room) -> None:
    """What a draft read before the erasure comes into no vault and to no endpoint."""
    made, _ = _named(room)
    material = made.material()
    _erase(made)

    with endpoint(says("{}")) as fake:
        written, _ = replace(made, over=asking(fake.url)).write(material)
        received = fake.received

    assert "overtaken by an erasure" in written.block["because"]
    assert received == []
    assert _calls_of(made) == []
    assert not _has_vault(made)


def test_erasure_while_a_record_is_redacted_leaves_no_placeholder_of_it(room: Room) -> None:
    """Between the look into the vault and what is added to it: what was erased must not come back there."""
    made, _ = _named(room)
    store = room.app.store

    def erases() -> People:
        _erase(made)
        return People()

    with endpoint(says("{}")) as fake:
        author = build_author(replace(made, over=asking(fake.url)).settings, store, room.clock)
        assert isinstance(author, ModelWriting)
        redaction, material = VaultRedaction(store.vaults, erases, gate_for), made.material()
        written = replace(author, redaction=redaction)(material, made.document(material), until=None)

    assert "overtaken by an erasure" in written.block["because"]
    assert (fake.received, _has_vault(made)) == ([], False)


def test_erasure_before_a_question_leaves_keeps_it_here_and_costs_nothing(room: Room) -> None:
    """Between the reservation and the first byte: nothing left, so that no budget has less for it."""
    made, _ = _named(room)

    with endpoint(says("{}")) as fake:
        settings = replace(made, over=asking(fake.url)).settings
        author = build_author(settings, room.app.store, room.clock)
        assert isinstance(author, ModelWriting)

        @contextmanager
        def open_after_an_erasure(gate: Gate) -> Iterator[LanguageModel]:
            def erases(body: bytes) -> Callable[[int], object] | None:
                _erase(made)
                return gate(body)

            with open_model(settings, erases) as model:
                yield model

        material = made.material()
        written = replace(author, open_model=open_after_an_erasure)(material, made.document(material), until=None)

    (call,) = _calls_of(made)
    assert "overtaken by an erasure" in written.block["because"]
    assert fake.received == []
    assert (call["tokens"], call["content"], call["ended_at"] is not None) == (0, None, True)


def test_incident_that_becomes_private_meanwhile_is_not_asked_about_again(room: Room) -> None:
    """Whoever made it private while the first question was out keeps the second one here, and the answer unused."""
    made, label = _named(room)
    answering = in_turn(
        says(answers(sentence("The payment gateway was restarted", label), sentence("Gold fell down", label)))
    )

    def closes(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        room.ask(COMMANDER, "private", made.channel)
        answering(handler, body)

    written, _, received = ask(made, closes)

    assert len(received) == 1
    assert "is private" in written.block["because"]
    assert KEY not in {section.key for section in written.document.sections}


def _named(room: Room) -> tuple[Desk, str]:
    """A desk at an incident of which one entry has a name; and that entry's label."""
    number, channel = resolved(room)
    room.ask(COMMANDER, "impact Payments of Kowalski fail", channel)
    room.settle()
    return Desk(room=room, number=number, channel=channel), label_of(room, number, "restarted")


def _about_traefikus(room: Room) -> Desk:
    """A desk at an incident that names a product which no vocabulary has."""
    number, channel = resolved(room)
    room.ask(COMMANDER, "impact Payments by Traefikus fail", channel)
    return Desk(room=room, number=number, channel=channel)


def _erase(desk: Desk) -> None:
    seq = next(event.seq for event in desk.room.events(desk.number) if "Kowalski" in event.text)
    erase_field(desk.room, desk.number, seq)


def _calls_of(desk: Desk) -> list[Any]:
    return [one for one in _calls(desk.room) if one["incident_id"] == desk.material().incident.id]


def _answer_of(room: Room, call: Mapping[str, Any]) -> dict[str, Any]:
    """The answer that a call keeps."""
    found: dict[str, Any] = json.loads(room.app.store.sealer.open_whole("model_call", call["content"]))["answer"]
    return found


def _keep(room: Room, call: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Have a call keep this answer."""
    sealed = room.app.store.sealer.seal_whole("model_call", json.dumps({"answer": answer}).encode())
    this = update(MODEL_CALL).where(MODEL_CALL.c.id == call["id"]).values(content=sealed)
    room.app.store.writer.call(lambda transaction: transaction.connection.execute(this)).result()


def _has_vault(desk: Desk) -> bool:
    kept = select(VAULT.c.incident_id).where(VAULT.c.incident_id == desk.material().incident.id)
    with desk.room.app.store.database.reading() as connection:
        return connection.execute(kept).first() is not None


def _without_account(written: Written) -> dict[str, Any]:
    tree = to_tree(written.document)
    return {**tree, "sections": [section for section in tree["sections"] if section["key"] != KEY]}


def _forget(room: Room) -> None:
    """Take back what calls were made and counted, for the next test."""
    room.app.store.writer.call(lambda transaction: transaction.connection.execute(delete(MODEL_CALL))).result()


def _calls(room: Room) -> list[Any]:
    with room.app.store.database.reading() as connection:
        return list(connection.execute(select(MODEL_CALL)).mappings())
