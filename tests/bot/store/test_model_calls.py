"""Budgets and the log of what was asked of the model, on both databases."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import NoResultFound

from analysis.errors import Conflict
from bot.late import limits_of
from bot.ports.model import Answer, ModelCall, OverBudgetError, Usage
from bot.ports.paging import Egress, EgressPurpose
from bot.store.model.model_call_tables import MODEL_CALL
from bot.store.model.model_calls import Limit, Limits, SqlModelCalls
from bot.store.opening import open_store
from tests.dialects import on_both
from tests.erasing import erase_field
from tests.slack_room import ADMIN, Room

pytestmark = on_both("room")


@pytest.fixture
def incident_id(room: Room) -> UUID:
    """Return a new incident."""
    number, _ = room.declare()
    return room.events(number)[0].incident_id


def calls(room: Room, **over: Any) -> SqlModelCalls:
    """The calls of a room whose budgets *over* sets."""
    store, settings = room.app.store, room.settings.model_copy(update=over)
    return SqlModelCalls(store.database, store.sealer, store.writer, clock=room.clock, limits=limits_of(settings))


def call(room: Room, incident_id: UUID, **over: Any) -> ModelCall:
    """A question that may cost 100 tokens."""
    values = {
        "id": uuid4(),
        "key": "k1",
        "incident_id": incident_id,
        "ledger_seq": 1_000,
        "model": "pinned",
        "policy": "p1",
        "began_at": room.clock.now(),
        "most": Usage(tokens=100, seconds=10.0, money=50),
        "content": '{"question": "what happened"}',
        **over,
    }
    return ModelCall(**values)


ANSWER = Answer(text="It broke", model="m", fingerprint="f", question_tokens=20, answer_tokens=5, is_whole=True)


def row(room: Room, made: ModelCall) -> Any:
    """What is stored of a call."""
    with room.app.store.database.reading() as connection:
        return connection.execute(select(MODEL_CALL).where(MODEL_CALL.c.id == made.id)).mappings().one()


def test_reservation_that_nobody_settled_counts_whole(room: Room, incident_id: UUID) -> None:
    """A process that died while it asked cannot lose count."""
    log = calls(room, llm_tokens_per_incident=150)
    log.begin(call(room, incident_id))

    with pytest.raises(OverBudgetError, match="DEBRIEF_LLM_TOKENS_PER_INCIDENT"):
        log.begin(call(room, incident_id))


def test_settled_call_counts_what_it_cost(room: Room, incident_id: UUID) -> None:
    """What was reserved and not used can be used by the next."""
    log = calls(room, llm_tokens_per_incident=150)
    first = call(room, incident_id)
    log.begin(first)
    log.end(first, "answered", Usage(tokens=25, seconds=1.0, money=5), ANSWER)

    log.begin(call(room, incident_id))

    assert row(room, first)["tokens"] == 25
    assert row(room, first)["outcome"] == "answered"


def test_two_processes_do_not_share_the_same_rest(room: Room, incident_id: UUID) -> None:
    """A question of another process waits until the first is reserved, and then finds less left."""
    later = room.clock.now() + timedelta(days=2_000 + incident_id.int % 1000)
    other_incident = room.events(room.declare()[0])[0].incident_id
    looks, go_on = threading.Event(), threading.Event()

    def tokens(usage: Usage) -> float:
        looks.set()
        go_on.wait()
        return usage.tokens

    limits = Limits(per_day=(Limit(setting="DEBRIEF_LLM_TOKENS_PER_DAY", what="tokens", of=tokens, most=150),))
    with closing(open_store(room.settings, room.clock, prepare=lambda _: None)) as other, ThreadPoolExecutor() as pool:
        both = [
            SqlModelCalls(one.database, one.sealer, one.writer, clock=room.clock, limits=limits)
            for one in (room.app.store, other)
        ]
        first = pool.submit(both[0].begin, call(room, incident_id, began_at=later))
        looks.wait()
        looks.clear()
        second = pool.submit(both[1].begin, call(room, other_incident, began_at=later))
        room.wait_for("the second question", lambda: looks.is_set() or _waits(room))
        go_on.set()
        first.result()

        with pytest.raises(OverBudgetError, match="DEBRIEF_LLM_TOKENS_PER_DAY"):
            second.result()


def _waits(room: Room) -> bool:
    """Whether another transaction waits for one that holds a lock; those of SQLite all do."""
    if room.app.store.database.is_sqlite:
        return True
    with room.app.store.database.reading() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())


def test_day_has_a_budget_of_its_own(room: Room, incident_id: UUID) -> None:
    """It is that of all incidents, and the next day by UTC has its own."""
    later = room.clock.now() + timedelta(days=400 + incident_id.int % 1000)
    log = calls(room, llm_tokens_per_day=150)
    log.begin(call(room, incident_id, began_at=later))

    with pytest.raises(OverBudgetError, match="DEBRIEF_LLM_TOKENS_PER_DAY"):
        log.begin(call(room, incident_id, began_at=later))
    log.begin(call(room, incident_id, began_at=later + timedelta(days=1)))


def test_day_begins_and_ends_at_midnight(room: Room, incident_id: UUID) -> None:
    """What was asked in its first instant and in its last one counts for it, and for no other."""
    later = room.clock.now() + timedelta(days=4_000 + incident_id.int % 1000)
    midnight, instant = later.replace(hour=0, minute=0, second=0, microsecond=0), timedelta(microseconds=1)
    log = calls(room, llm_tokens_per_day=150)

    log.begin(call(room, incident_id, began_at=midnight))
    log.begin(call(room, incident_id, began_at=midnight - instant))

    for began_at in (midnight - instant, midnight, midnight + timedelta(days=1) - instant):
        with pytest.raises(OverBudgetError, match="DEBRIEF_LLM_TOKENS_PER_DAY"):
            log.begin(call(room, incident_id, began_at=began_at))
    log.begin(call(room, incident_id, began_at=midnight + timedelta(days=1)))


@pytest.mark.parametrize(
    ("budget", "refused"),
    [
        ("per_incident", {("this", "today"), ("this", "tomorrow")}),
        ("per_day", {("this", "today"), ("other", "today")}),
        ("per_incident_and_day", {("this", "today")}),
    ],
)
def test_budget_counts_what_it_is_for(
    room: Room, incident_id: UUID, budget: str, refused: set[tuple[str, str]]
) -> None:
    """What one incident used up is no other's, and what was used up today is whole again tomorrow, where it is said."""
    incidents = {"this": incident_id, "other": room.events(room.declare()[0])[0].incident_id}
    today = room.clock.now() + timedelta(days=5_000 + incident_id.int % 1000)
    days = {"today": today, "tomorrow": today + timedelta(days=1)}
    limit = Limit(setting="DEBRIEF_CANARY_TOKENS_PER_DAY", what="tokens", of=lambda usage: usage.tokens, most=150)
    store = room.app.store
    log = SqlModelCalls(
        store.database, store.sealer, store.writer, clock=room.clock, limits=Limits(**{budget: (limit,)})
    )
    log.begin(call(room, incident_id, began_at=today))

    found = set()
    for incident, day in product(incidents, days):
        asked = call(room, incidents[incident], began_at=days[day])
        try:
            log.begin(asked)
        except OverBudgetError:
            found.add((incident, day))
        else:
            log.end(asked, "not sent", Usage())

    assert found == refused


def test_budget_may_be_used_up_to_its_last_token(room: Room, incident_id: UUID) -> None:
    """A question that costs all that is left is asked, and none after it."""
    log = calls(room, llm_tokens_per_incident=200)
    log.begin(call(room, incident_id))
    log.begin(call(room, incident_id))

    with pytest.raises(OverBudgetError, match="DEBRIEF_LLM_TOKENS_PER_INCIDENT"):
        log.begin(call(room, incident_id, most=Usage(tokens=1)))


def test_answer_is_known_by_its_question_and_sealed(room: Room, incident_id: UUID) -> None:
    """The same question about the same incident has its answer; the database shows neither without its key."""
    log, made = calls(room), call(room, incident_id)
    assert log.answered(incident_id, "k1") is None
    log.begin(made)
    assert log.answered(incident_id, "k1") is None
    log.end(made, "answered", Usage(tokens=25), ANSWER)

    assert log.answered(incident_id, "k1") == ANSWER
    assert log.answered(incident_id, "k2") is None
    assert log.answered(uuid4(), "k1") is None
    assert b"broke" not in row(room, made)["content"]
    assert len(row(room, made)["question_hash"]) == len(row(room, made)["answer_hash"]) == 32


def test_failed_call_is_no_answer(room: Room, incident_id: UUID) -> None:
    """What an endpoint refused is asked again."""
    log, made = calls(room), call(room, incident_id)
    log.begin(made)
    log.end(made, "The model's endpoint is busy.", Usage())

    assert log.answered(incident_id, "k1") is None
    assert row(room, made)["outcome"] == "The model's endpoint is busy."


def test_erasing_takes_questions_and_answers_away(room: Room) -> None:
    """What was asked about the incident is destroyed with what is erased of it; that it was asked stays."""
    number, channel = room.declare()
    incident_id = room.events(number)[0].incident_id
    room.ask(ADMIN, "note Kim Example broke it", channel)
    log, made, open_still = calls(room), call(room, incident_id), call(room, incident_id, key="k2")
    log.begin(made)
    log.begin(open_still)
    log.end(made, "answered", Usage(tokens=25), ANSWER)
    seq = next(event.seq for event in room.events(number) if "Kim" in event.text)

    erase_field(room, number, seq)
    log.end(open_still, "answered", Usage(tokens=25), replace(ANSWER, text="late"))

    assert row(room, made)["content"] is None
    assert row(room, open_still)["content"] is None
    assert row(room, made)["tokens"] == 25
    assert log.answered(incident_id, "k1") is None


def test_question_about_what_was_erased_since_is_not_reserved(room: Room) -> None:
    """It rests on a record that still had it, so it may not leave; one that was read later may."""
    number, channel = room.declare()
    incident_id = room.events(number)[0].incident_id
    room.ask(ADMIN, "note Kim Example broke it", channel)
    seq = next(event.seq for event in room.events(number) if "Kim" in event.text)
    log, head = calls(room), room.events(number)[-1].seq
    early, late = (call(room, incident_id, ledger_seq=each) for each in (head, head + 1))

    erase_field(room, number, seq)

    with pytest.raises(Conflict, match="erasure"):
        log.begin(early)
    log.begin(late)
    assert row(room, late)["content"] is not None
    with pytest.raises(NoResultFound):
        row(room, early)


def test_question_that_was_erased_before_it_left_does_not_leave(room: Room) -> None:
    """Between the reservation and the first byte: the bytes would stay in the log of what left."""
    number, channel = room.declare()
    incident_id = room.events(number)[0].incident_id
    room.ask(ADMIN, "note Kim Example broke it", channel)
    seq = next(event.seq for event in room.events(number) if "Kim" in event.text)
    early, egress = call(room, incident_id), room.app.store.egress
    calls(room).begin(early)

    erase_field(room, number, seq)

    with pytest.raises(Conflict, match="erasure"):
        egress.begin(_leaving(room, early))
    late = call(room, incident_id)
    calls(room).begin(late)
    egress.begin(_leaving(room, late))
    assert [one.id for one in egress.calls(incident_id) if one.purpose is EgressPurpose.MODEL] == [late.id]


def test_bytes_that_are_no_text_are_logged_as_they_left(room: Room, incident_id: UUID) -> None:
    """What left is on record byte for byte, whatever it was."""
    made, body = call(room, incident_id), b"\xff\x00 no text"
    calls(room).begin(made)

    room.app.store.egress.begin(replace(_leaving(room, made), body=body))

    (egress,) = [one for one in room.app.store.egress.calls(incident_id) if one.id == made.id]
    assert egress.body == body


def test_log_of_an_incident_has_what_left_about_it_alone(room: Room, incident_id: UUID) -> None:
    """Whoever may see one incident does not see what was sent about another, which may be private."""
    other = room.events(room.declare()[0])[0].incident_id
    both = [call(room, each) for each in (incident_id, other)]
    for made in both:
        calls(room).begin(made)
        room.app.store.egress.begin(_leaving(room, made))

    everything = {one.id for one in room.app.store.egress.calls()}
    of_this = {one.id for one in room.app.store.egress.calls(incident_id) if one.purpose is EgressPurpose.MODEL}

    assert {made.id for made in both} <= everything
    assert of_this == {both[0].id}


def _leaving(room: Room, made: ModelCall) -> Egress:
    return Egress(
        id=made.id,
        purpose=EgressPurpose.MODEL,
        method="POST",
        host="llm.example",
        path="/v1/chat/completions",
        policy=made.policy,
        actor="drafts",
        incident_id=made.incident_id,
        began_at=made.began_at,
        body=made.content.encode(),
        body_hash=hashlib.sha256(made.content.encode()).digest(),
    )
