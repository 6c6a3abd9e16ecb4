"""Asking the canary set through the real door: what is kept, what switches the model off, and what does not."""

import http.server
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from analysis.errors import Forbidden, InvalidInput, NotFound, Refused, Unavailable
from analysis.events import Source
from analysis.inventory.things import Thing
from analysis.people import Access, Person
from bot.flows.model.abilities import PROBE_TOKENS
from bot.flows.model.questions import UNFORESEEN
from bot.flows.patience import Stopping
from bot.late import build_canaries, governed_by, probe_seconds
from bot.parts import open_workspace
from bot.ports.inventory import CanaryOutcome, CanaryRun, InventoryVersion, ModelStanding, StandingAct
from bot.ports.paging import EgressPurpose
from bot.settings import AnswerLimits, Settings
from bot.store.migrate import upgrade
from bot.store.model.inventory_tables import CANARY_RUN, MODEL_STANDING
from bot.store.model.model_call_tables import MODEL_CALL
from bot.store.model.model_calls import spent_on
from bot.store.opening import Store, open_store
from bot.store.record.tables import DELIVERY
from bot.usecases.inventory.accept_canary import AcceptCanary, accept_canary
from bot.usecases.inventory.model_standing import problem
from tests.bot.flows.desk import asking
from tests.canary_model import CanaryModel, Manner
from tests.effort import thinned
from tests.model_endpoint import Answering, FakeEndpoint, breaks, endpoint, hangs, says, status
from tests.slack_room import MovingClock

ADMIN = Person(id="slack:U0ADMIN", access=frozenset({Access.ADMIN}))


@dataclass(slots=True, kw_only=True)
class Watch:
    """A database with a model, and what a person does there."""

    settings: Settings
    store: Store
    model: CanaryModel
    fake: FakeEndpoint
    clock: MovingClock
    workspace_id: Any
    over: dict[str, Any] = field(default_factory=dict)
    probe_seconds: float = 20.0

    @property
    def subject(self) -> str:
        """The model at its endpoint."""
        return f"pinned at 127.0.0.1:{self.fake.port}/v1"

    def run(self) -> CanaryRun:
        """Ask the set."""
        settings = self.settings.model_copy(update=self.over)
        canaries = build_canaries(settings, self.store, self.clock)
        canaries = replace(canaries, probe_seconds=self.probe_seconds)
        self.clock.move(minutes=1)
        return canaries.run(self.workspace_id, ADMIN, source=Source.COMMAND_LINE)

    def accept(self, run: CanaryRun, *, person: Person = ADMIN, reason: str = "read") -> str:
        """Accept what *run* saw."""
        command = AcceptCanary(
            person=person,
            workspace_id=self.workspace_id,
            natural_key=f"accept:{run.id}",
            source=Source.COMMAND_LINE,
            run_id=run.id,
            reason=reason,
        )
        self.clock.move(minutes=1)
        return self.store.writer.submit(accept_canary, command).result().text

    def accepted(self) -> CanaryRun:
        """A run that was accepted."""
        run = self.run()
        self.accept(run)
        return run

    def standing(self) -> ModelStanding | None:
        """How the model stands."""
        with self.store.snapshots.snapshot() as reads:
            return reads.inventory.standing(self.workspace_id, self.subject)

    def is_off(self) -> bool:
        """Whether it is switched off."""
        standing = self.standing()
        return standing is not None and standing.act is StandingAct.SWITCHED_OFF

    def refused(self) -> str:
        """Why a draft may not ask; empty where it may."""
        with self.store.snapshots.snapshot() as reads:
            return problem(reads, self.workspace_id, governed_by(self.settings))

    def history(self, thing: Thing) -> list[InventoryVersion]:
        """The versions of one thing."""
        with self.store.snapshots.snapshot() as reads:
            return [one for one in reads.inventory.history(self.workspace_id) if one.thing is thing]

    def count(self, table: Any, *where: Any) -> int:
        """How many rows there are."""
        with self.store.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar() or 0)


@pytest.fixture
def watch(ready_url: str, tmp_path: Path) -> Iterator[Watch]:
    """Yield a database of each kind with a model that nobody has accepted yet."""
    yield from _watch(ready_url, tmp_path)


@pytest.fixture
def file_watch(ready_sqlite_url: str, tmp_path: Path) -> Iterator[Watch]:
    """Yield the same on SQLite alone, for what no database decides."""
    yield from _watch(ready_sqlite_url, tmp_path)


def _watch(url: str, folder: Path) -> Iterator[Watch]:
    model, clock = CanaryModel(), MovingClock()
    with endpoint(model) as fake:
        settings = Settings(database_url=url, key_file=folder / "debrief.key", **asking(fake.url))
        store = open_store(settings, clock, prepare=upgrade)
        try:
            workspace_id = open_workspace(store, "T0", "")
            yield Watch(settings=settings, store=store, model=model, fake=fake, clock=clock, workspace_id=workspace_id)
        finally:
            store.close()


def test_first_run_is_compared_with_nothing_and_may_be_accepted(watch: Watch) -> None:
    """Who accepted what, when and why is kept; the model's version follows from what was seen."""
    run = watch.run()
    text = watch.accept(run, reason="read the answers")

    standing = watch.standing()
    assert run.outcome is CanaryOutcome.NOT_COMPARED
    assert run.content["behaviour"]["seen"] == {
        "abilities": dict.fromkeys(sorted(run.content["behaviour"]["seen"]["abilities"]), True),
        "models": ["pinned"],
        "fingerprints": ["fp1"],
    }
    assert all(one["usable"] and one["stands"] == one["asked"] > 0 for one in run.content["behaviour"]["observed"])
    assert standing is not None
    assert (standing.act, standing.person, standing.reason) == (StandingAct.ACCEPTED, ADMIN.id, "read the answers")
    assert standing.run_id == run.id
    assert watch.subject in text
    assert [one.content["seen"]["fingerprints"] for one in watch.history(Thing.MODEL)] == [["fp1"]]
    assert [len(watch.history(thing)) for thing in Thing] == [1] * len(Thing)


def test_model_that_thinks_first_can_be_accepted(file_watch: Watch) -> None:
    """It may think as long before an answer of the set as before a draft's: else nobody would notice its changes."""
    file_watch.model.thinks_tokens = 900
    file_watch.over = {"llm_answer_limits": AnswerLimits.REASONING, "llm_answer_tokens": 3_000}

    run = file_watch.accepted()

    abilities = run.content["behaviour"]["seen"]["abilities"]
    assert (abilities["chat"], abilities["json_schema"]) == (True, True)
    assert all(one["usable"] for one in run.content["behaviour"]["observed"])
    assert file_watch.run().outcome is CanaryOutcome.UNCHANGED


def test_run_says_what_to_set_for_a_model_that_thinks_first(file_watch: Watch) -> None:
    """How long drafts' answers may be has no part in it."""
    file_watch.model.thinks_tokens = 900

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.UNANSWERED
    assert "set DEBRIEF_LLM_ANSWER_LIMITS=reasoning" in run.content["because"]


def test_run_ends_when_the_server_does(file_watch: Watch) -> None:
    """It is not waited for, nor counts as a change, and every call is settled."""
    stopping, model = Stopping(), file_watch.model
    model.holds_from = 2
    canaries = build_canaries(file_watch.settings, file_watch.store, file_watch.clock, stopping=stopping)

    def stop() -> None:
        while len(model.asked) < model.holds_from:
            time.sleep(0.01)
        stopping.begin()

    stops = threading.Thread(target=stop)
    stops.start()
    run = canaries.run(file_watch.workspace_id, ADMIN, source=Source.DEBRIEF)
    stops.join()
    asked = len(model.asked)
    model.held.set()

    assert run.outcome is CanaryOutcome.UNANSWERED
    assert run.content["because"] == "The server was stopped while the model was asked."
    assert asked == model.holds_from
    assert file_watch.count(MODEL_CALL, MODEL_CALL.c.ended_at.is_(None)) == 0


@pytest.mark.thorough
def test_same_behaviour_changes_nothing(watch: Watch) -> None:
    """A model that answers as before is as it was accepted, to the byte."""
    watch.accepted()

    run = watch.run()

    assert (run.outcome, run.content["changes"], run.content["remarks"]) == (CanaryOutcome.UNCHANGED, [], [])
    assert watch.refused() == ""
    assert len(watch.history(Thing.MODEL)) == 1


@pytest.mark.parametrize(
    ("change", "because"),
    thinned(
        [
            ({"fingerprint": "fp2"}, "its system fingerprint is fp2 where it was fp1"),
            ({"fingerprint": None}, "it gives no system fingerprint any more"),
            ({"name": "pinned-2"}, "it calls its model pinned-2 where it was pinned"),
            ({"lacks": frozenset({"tools"})}, "it does tools no more"),
            ({"manner": Manner.PROSE}, "none of its answers has the form that was asked for"),
            ({"manner": Manner.INVENTS}, "sentences stand where it was"),
            ({"manner": Manner.OBEYS}, "it obeyed an order that is planted in a record (order, turn)"),
        ],
        every=7,
    ),
    ids=lambda value: str(value)[:40],
)
def test_change_under_the_same_name_switches_off(file_watch: Watch, change: dict[str, Any], because: str) -> None:
    """Each by its rule, and the run says by which."""
    file_watch.accepted()
    for name, value in change.items():
        setattr(file_watch.model, name, value)

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.CHANGED
    assert because in "; ".join(run.content["changes"])
    assert "is off since" in file_watch.refused()


@pytest.mark.thorough
def test_change_is_told_once(watch: Watch) -> None:
    """It stays off when it is seen again, and the operator is not told twice."""
    watch.accepted()
    watch.model.fingerprint = "fp2"

    first, second = watch.run(), watch.run()

    standing = watch.standing()
    assert (first.outcome, second.outcome) == (CanaryOutcome.CHANGED, CanaryOutcome.CHANGED)
    assert standing is not None
    assert (standing.run_id, standing.person) == (first.id, "debrief")
    assert watch.count(DELIVERY, DELIVERY.c.kind == "tell_operator") == 1
    assert watch.count(MODEL_STANDING) == 2


@pytest.mark.thorough
def test_two_processes_that_see_the_change_at_once_switch_off_once(watch: Watch) -> None:
    """The server and somebody at a terminal: one row says so, and the operator is told once."""
    watch.accepted()
    watch.model.fingerprint = "fp2"
    other = open_store(watch.settings, watch.clock, prepare=upgrade)
    runs = [
        threading.Thread(
            target=build_canaries(watch.settings, store, watch.clock).run,
            args=(watch.workspace_id, ADMIN),
            kwargs={"source": Source.COMMAND_LINE},
        )
        for store in (watch.store, other)
    ]

    for run in runs:
        run.start()
    for run in runs:
        run.join()
    other.close()

    assert watch.count(CANARY_RUN) == 3
    assert watch.count(MODEL_STANDING) == 2
    assert watch.count(DELIVERY, DELIVERY.c.kind == "tell_operator") == 1
    assert watch.is_off()


@pytest.mark.thorough
def test_switched_off_stays_off_until_somebody_accepts(watch: Watch) -> None:
    """Also when the model behaves as before again, and whoever opens the database; then a reason lets it on."""
    watch.accepted()
    watch.model.fingerprint = "fp2"
    watch.run()
    watch.model.fingerprint = "fp1"
    back = watch.run()
    other = open_store(watch.settings, watch.clock, prepare=upgrade)
    try:
        with other.snapshots.snapshot() as reads:
            standing = reads.inventory.standing(watch.workspace_id, watch.subject)
    finally:
        other.close()
    still = watch.refused()

    watch.accept(back)

    assert back.outcome is CanaryOutcome.UNCHANGED
    assert standing is not None
    assert standing.act is StandingAct.SWITCHED_OFF
    assert "is off since" in still
    assert watch.refused() == ""


@pytest.mark.thorough
def test_other_bytes_are_a_remark_and_not_a_change(file_watch: Watch) -> None:
    """Model servers are not deterministic to the byte."""
    file_watch.accepted()
    file_watch.model.manner = Manner.OTHER_WORDS

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.UNCHANGED
    assert "in other words than before" in run.content["remarks"][0]
    assert file_watch.refused() == ""


def test_endpoint_that_is_down_is_not_changed(watch: Watch) -> None:
    """Nothing is known of it, which is kept, and drafts may ask it as before."""
    watch.accepted()
    watch.model.manner = Manner.DOWN

    run = watch.run()

    assert (run.outcome, run.content["behaviour"], run.content["changes"]) == (CanaryOutcome.UNANSWERED, None, [])
    assert run.content["because"] == (
        "What the model's endpoint can do (chat) is not known: The model's endpoint answered with status 503."
    )
    assert watch.refused() == ""
    with pytest.raises(Refused, match="no answer"):
        watch.accept(run)


@pytest.mark.parametrize(
    ("answering", "because"),
    thinned(
        [
            pytest.param(status(200, b"<html>"), "a page instead of a completion", id="page of a proxy"),
            pytest.param(status(401), "DEBRIEF_LLM_API_KEY", id="key"),
            pytest.param(status(404), "status 404", id="no such model"),
            pytest.param(status(307, location="http://127.0.0.1:9/v1"), "redirect", id="redirect"),
            pytest.param(breaks, "connection", id="breaks"),
            pytest.param(hangs(3), "did not answer in time", id="hangs"),
        ],
        every=6,
    ),
)
def test_endpoint_that_answers_nothing_of_use_is_not_changed(
    file_watch: Watch, answering: Answering, because: str
) -> None:
    """Whatever stands in the way of it: nothing is known of the model, and drafts go on as they would."""
    file_watch.accepted()
    file_watch.probe_seconds = 1.0
    file_watch.model.instead = answering

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.UNANSWERED
    assert because in run.content["because"]
    assert file_watch.refused() == ""


@pytest.mark.parametrize(
    "answering",
    thinned(
        [
            pytest.param(status(401, b'{"error": {"message": "Missing scopes: api.responses.write"}}'), id="key"),
            pytest.param(status(403, b'{"message": "Missing Authentication Token"}'), id="a gateway without the path"),
            pytest.param(status(403, b"<html>Forbidden</html>"), id="a firewall"),
            pytest.param(status(503, b"no healthy upstream"), id="a proxy"),
        ],
        every=4,
    ),
)
def test_what_no_draft_needs_keeps_nobody_from_accepting(file_watch: Watch, answering: Answering) -> None:
    """A key or a gateway that lets us chat and nothing else tells nothing of the rest, which then is no change."""
    whole = file_watch.accepted()
    file_watch.model.elsewhere = answering

    run = file_watch.run()
    file_watch.accept(run)
    again = file_watch.run()

    assert (run.outcome, again.outcome) == (CanaryOutcome.UNCHANGED, CanaryOutcome.UNCHANGED)
    assert whole.behaviour is not None
    assert again.behaviour is not None
    assert again.behaviour.seen == whole.behaviour.seen


def test_what_was_never_known_is_no_change_once_it_is(file_watch: Watch) -> None:
    """Nobody accepted that it cannot do it, and nothing of a draft depends on it."""
    file_watch.model.elsewhere = status(403)
    first = file_watch.accepted()
    file_watch.model.elsewhere = None

    run = file_watch.run()

    assert first.behaviour is not None
    assert "responses" not in first.behaviour.seen.abilities
    assert run.outcome is CanaryOutcome.UNCHANGED


@pytest.mark.parametrize("manner", [Manner.OBEYS, Manner.OBEYS_BESIDE])
def test_order_that_is_obeyed_switches_off_before_anything_was_accepted(file_watch: Watch, manner: Manner) -> None:
    """Also in words that no draft would have; and nobody can accept it."""
    file_watch.model.manner = manner

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.CHANGED
    assert file_watch.is_off()
    with pytest.raises(Refused, match="Nobody can accept this: it obeyed an order"):
        file_watch.accept(run)
    (told,) = file_watch.store.outbox.claim(limit=5, busy_lanes=frozenset())
    note = str(told.arguments["sentence"])
    assert "is off, because it does what nobody has accepted: it obeyed an order" in note
    assert "otherwise" not in f"{note} {file_watch.refused()}"
    assert "Nobody can accept that, so have it mended there" in note


def test_only_who_may_accepts_and_says_why(file_watch: Watch) -> None:
    """An admin or an approver, with a reason, what the newest run saw."""
    run = file_watch.run()

    with pytest.raises(Forbidden):
        file_watch.accept(run, person=Person(id="slack:U1", access=frozenset({Access.COMMANDER})))
    with pytest.raises(InvalidInput, match="--reason"):
        file_watch.accept(run, reason="  ")
    file_watch.model.fingerprint = "fp9"
    file_watch.run()
    with pytest.raises(Refused, match="A later run saw"):
        file_watch.accept(run)
    file_watch.accept(file_watch.run(), person=Person(id="slack:U2", access=frozenset({Access.APPROVER})))
    assert file_watch.refused() == ""


def test_later_run_without_an_answer_keeps_nobody_from_accepting(file_watch: Watch) -> None:
    """An endpoint that was away for a while has shown nothing else."""
    run = file_watch.run()
    file_watch.model.manner = Manner.DOWN
    later = file_watch.run()

    file_watch.accept(run)

    standing = file_watch.standing()
    assert later.outcome is CanaryOutcome.UNANSWERED
    assert standing is not None
    assert (standing.act, standing.run_id) == (StandingAct.ACCEPTED, run.id)


def test_run_that_is_not_there_is_not_accepted(file_watch: Watch) -> None:
    """Whoever asks learns how to get one."""
    run = file_watch.run()

    with pytest.raises(NotFound, match="There is no such run"):
        file_watch.accept(replace(run, id=uuid4()))
    assert file_watch.count(MODEL_STANDING) == 0


def test_run_that_fails_unforeseen_is_on_record_and_changes_nothing(file_watch: Watch) -> None:
    """What it asked is paid for by then; such as where the display of its progress ends before it."""
    file_watch.accepted()
    canaries = build_canaries(file_watch.settings, file_watch.store, file_watch.clock)

    def ends() -> None:
        raise BrokenPipeError

    run = canaries.run(file_watch.workspace_id, ADMIN, source=Source.COMMAND_LINE, on_step=ends)

    assert (run.outcome, run.content["because"]) == (CanaryOutcome.UNANSWERED, UNFORESEEN)
    assert file_watch.refused() == ""


def test_every_byte_that_left_is_in_the_log(file_watch: Watch) -> None:
    """Probes and questions, in order, about no incident of anybody, with a seed and nothing to choose."""
    file_watch.run()

    calls = file_watch.store.egress.calls()
    questions = [json.loads(call.body) for call in calls if b'"seed"' in call.body]
    assert [call.body for call in calls] == [each.body for each in file_watch.fake.received]
    assert {call.purpose for call in calls} == {EgressPurpose.CANARY}
    assert {(call.status, call.outcome) for call in calls} == {(200, "probed"), (200, "answered")}
    assert [f"/v1{call.path.removeprefix('/v1')}" for call in calls] == [each.path for each in file_watch.fake.received]
    assert all(call.ended_at for call in calls)
    assert len(questions) == 5
    assert {(one["temperature"], one["seed"], one["max_tokens"]) for one in questions} == {(0, 20_260_105, 400)}


def test_run_stays_within_its_own_budget(file_watch: Watch) -> None:
    """What does not fit is not asked, names its setting, and switches nothing off."""
    file_watch.accepted()
    received = len(file_watch.fake.received)
    file_watch.over = {"canary_tokens_per_day": PROBE_TOKENS * 2 + 1000}

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.UNANSWERED
    assert "DEBRIEF_CANARY_TOKENS_PER_DAY" in run.content["because"]
    assert len(file_watch.fake.received) - received <= 6
    assert file_watch.refused() == ""
    file_watch.clock.move(days=1)
    file_watch.over = {}
    assert file_watch.run().outcome is CanaryOutcome.UNCHANGED


def test_what_is_left_of_the_seconds_of_the_day_is_enough(watch: Watch) -> None:
    """All that the endpoint can do may take longer than a small budget has, and hardly ever does."""
    watch.over = {"llm_seconds_per_day": 100.0}
    watch.probe_seconds = probe_seconds(watch.settings)
    run = watch.accepted()
    watch.model.fingerprint = "fp2"

    changed = watch.run()

    assert watch.probe_seconds > 100
    assert run.outcome is CanaryOutcome.NOT_COMPARED
    assert changed.outcome is CanaryOutcome.CHANGED
    assert spent_on(watch.store.database, watch.clock.now()).seconds < 100


def test_seconds_of_a_day_that_are_less_than_a_draft_waits_are_told_of(file_watch: Watch) -> None:
    """Nothing is asked that would be given up; nor would a draft be asked for."""
    file_watch.over = {"llm_seconds_per_day": 9.5}

    run = file_watch.run()

    assert "DEBRIEF_LLM_SECONDS_PER_DAY" in run.content["because"]
    assert file_watch.fake.received == []


def test_run_that_the_seconds_of_the_day_cut_short_says_so(file_watch: Watch) -> None:
    """Else whoever reads it would look for what is slow, at an endpoint that drafts get their answers from."""

    def slow(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        time.sleep(1.2)
        says('{"colour": "green"}')(handler, body)

    file_watch.over = {"llm_patience_seconds": 2.0, "llm_seconds_per_day": 2.5}
    file_watch.model.instead = slow

    run = file_watch.run()

    assert "within the 2 s that were left of this day (DEBRIEF_LLM_SECONDS_PER_DAY)" in run.content["because"]


def test_money_of_the_day_bounds_the_set_too(file_watch: Watch) -> None:
    """The budget of all questions of a day is the site's own; the set has no way around it."""
    file_watch.over = {"llm_answer_price": 1000, "llm_money_per_day": 0}

    run = file_watch.run()

    assert "DEBRIEF_LLM_MONEY_PER_DAY" in run.content["because"]
    assert file_watch.fake.received == []


def test_money_of_the_set_itself_bounds_it(file_watch: Watch) -> None:
    """As its tokens do, whatever is left of the day's."""
    file_watch.over = {"llm_answer_price": 1000, "canary_money_per_day": 0}

    run = file_watch.run()

    assert "DEBRIEF_CANARY_MONEY_PER_DAY" in run.content["because"]
    assert file_watch.fake.received == []


def test_question_of_the_set_passes_the_gate_as_a_draft_does(file_watch: Watch) -> None:
    """Its records hold nothing secret, but what else is in its bytes may."""
    file_watch.over = {"llm_model": "key-AKIAIOSFODNN7EXAMPLE"}

    run = file_watch.run()

    assert run.outcome is CanaryOutcome.UNANSWERED
    assert "must not leave" in run.content["because"]
    assert file_watch.model.asked == []


def test_without_an_owner_nothing_leaves(file_watch: Watch) -> None:
    """Neither for the set nor for a draft."""
    file_watch.over = {"inventory_owners": {"model": "ada", "prompts": "ben"}}

    with pytest.raises(Unavailable, match="no owner of schema, verifier and redactor"):
        file_watch.run()
    assert file_watch.fake.received == []
    assert file_watch.count(CANARY_RUN) == 0


@pytest.mark.thorough
def test_acceptance_that_cannot_be_read_passes_for_nothing(file_watch: Watch) -> None:
    """Whoever alters what was accepted switches the model off."""
    run = file_watch.accepted()
    with file_watch.store.database.write_engine.begin() as connection:
        connection.execute(update(CANARY_RUN).where(CANARY_RUN.c.id == run.id).values(content=b"altered"))

    after = file_watch.run()

    assert after.content["changes"] == ["what was accepted of it cannot be read any more"]
    assert file_watch.is_off()


@pytest.mark.thorough
def test_flicker_of_an_ability_is_asked_about_twice(file_watch: Watch) -> None:
    """An answer of chance, once, is no change."""
    file_watch.accepted()
    file_watch.model.refuses_tools = 1

    run = file_watch.run()

    assert file_watch.model.refuses_tools == 0
    assert run.outcome is CanaryOutcome.UNCHANGED


@pytest.mark.thorough
def test_costs_are_settled_by_what_the_endpoint_says(file_watch: Watch) -> None:
    """Nothing stays reserved after a run."""
    file_watch.run()

    with file_watch.store.database.reading() as connection:
        rows = list(connection.execute(select(MODEL_CALL)).mappings())
    assert all(row["ended_at"] for row in rows)
    assert sorted(row["tokens"] for row in rows) == [360, 360, 360, 360, 360, PROBE_TOKENS]


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://llm.example.com/v1", True),
        ("https://LLM.Example.com:443/v1/", True),
        ("https://llm.example.com./v1", True),
        ("https://llm.example.com:8443/v1", False),
        ("https://llm.example.com/v2", False),
        ("https://[::1]/v1", False),
    ],
)
def test_model_is_the_same_however_its_address_is_written(url: str, same: bool) -> None:  # noqa: FBT001 - a table
    """A capital letter or the usual port make no other model of it, so that what is off stays off."""
    subject = governed_by(Settings(llm_base_url=url, llm_model="pinned")).subject

    assert (subject == "pinned at llm.example.com/v1") is same
    assert "[::1]" not in url or subject == "pinned at [::1]/v1"


@pytest.mark.thorough
def test_names_that_differ_at_their_end_alone_are_two_models(file_watch: Watch) -> None:
    """Some servers call a model by the path of its file, of which only the end says how it was made smaller."""
    path = "/srv/models/meta-llama/Llama-3.1-8B-Instruct-GGUF/Llama-3.1-8B-Instruct-{}.gguf"
    file_watch.model.name = path.format("Q8_0")
    file_watch.accepted()
    same = file_watch.run()
    file_watch.model.name = path.format("Q2_K")
    other = file_watch.run()

    assert (same.outcome, other.outcome) == (CanaryOutcome.UNCHANGED, CanaryOutcome.CHANGED)
    assert file_watch.is_off()


def test_stricter_verifier_of_ours_is_no_change_of_the_model(file_watch: Watch) -> None:
    """After an upgrade fewer sentences may stand of the same answers; somebody is asked to accept that."""
    canaries = build_canaries(file_watch.settings, file_watch.store, file_watch.clock)
    governance = canaries.governance
    older = replace(governance, versions={**governance.versions, Thing.VERIFIER.value: "older"})
    before = replace(canaries, governance=older).run(file_watch.workspace_id, ADMIN, source=Source.COMMAND_LINE)
    file_watch.accept(before)
    file_watch.model.manner = Manner.INVENTS

    after = file_watch.run()
    file_watch.accept(after)
    again = file_watch.run()

    assert (after.outcome, again.outcome) == (CanaryOutcome.UNCHANGED, CanaryOutcome.UNCHANGED)
    assert any("how many stand is not compared; accept them anew" in one for one in after.content["remarks"])
    assert not any("not compared" in one for one in again.content["remarks"])
    assert not file_watch.is_off()
