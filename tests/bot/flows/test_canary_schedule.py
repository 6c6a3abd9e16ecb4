"""When the canary set is asked by itself: in each period once, at the site's own instant, and not after a change."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import Conflict
from analysis.events import Source
from analysis.inventory.things import Thing
from analysis.wording import instant
from bot.app import build
from bot.cli.checking.endpoint_check import check_endpoint
from bot.flows.model.canary_schedule import CanarySchedule, FirstLook, is_due
from bot.late import build_canaries, build_governance
from bot.ports.inventory import CanaryOutcome, CanaryRun
from bot.settings import Settings
from bot.usecases.asking import DEBRIEF
from bot.usecases.inventory.finish_canary import FinishCanary, finish_canary
from tests.bot.flows.desk import asking
from tests.bot.flows.test_canaries import Watch, _watch
from tests.canary_model import Manner
from tests.effort import examples

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


def ran(at: datetime, outcome: CanaryOutcome = CanaryOutcome.UNCHANGED) -> CanaryRun:
    """A run that began at *at*."""
    return CanaryRun(
        id=UUID(int=1),
        workspace_id=UUID(int=2),
        subject="m",
        began_at=at,
        ended_at=at,
        outcome=outcome,
        content={},
    )


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (ran(NOON - timedelta(hours=11)), False),
        (ran(NOON - timedelta(hours=13)), True),
        (ran(NOON - timedelta(minutes=59), CanaryOutcome.UNANSWERED), False),
        (ran(NOON - timedelta(minutes=61), CanaryOutcome.UNANSWERED), True),
        (ran(NOON - timedelta(hours=25), CanaryOutcome.UNANSWERED), True),
    ],
)
def test_day_begins_at_the_offset(last: CanaryRun | None, due: bool) -> None:  # noqa: FBT001 - a table
    """With an offset of 0 at midnight by UTC; what was not answered is tried again after an hour."""
    assert is_due(NOON, last, DAY, 0) is due


def test_period_below_a_second_is_a_second() -> None:
    """A setting of hours may be as small as that; what is asked then is bounded by the budget."""
    assert not is_due(NOON, ran(NOON), timedelta(seconds=0.3), 7)
    assert is_due(NOON + timedelta(seconds=1), ran(NOON), timedelta(seconds=0.3), 7)


@given(st.integers(0, 2**64), st.integers(1, 30 * 24))
@settings(max_examples=examples(100))
def test_each_period_has_one_run_wherever_it_begins(offset: int, hours: int) -> None:
    """Looking every ten minutes, there are as many runs as periods, one more or less at the ends."""
    period, at, last, runs = timedelta(hours=hours), NOON, None, 0
    while at < NOON + 5 * period:
        if is_due(at, last, period, offset):
            last, runs = ran(at), runs + 1
        at += max(period / 20, timedelta(minutes=10))

    assert 5 <= runs <= 6


@pytest.fixture
def watch(ready_sqlite_url: str, tmp_path: Path) -> Iterator[Watch]:
    """Yield a database with a model."""
    yield from _watch(ready_sqlite_url, tmp_path)


def schedule(watch: Watch) -> CanarySchedule:
    """The schedule of the server."""
    return CanarySchedule(
        canaries=build_canaries(watch.settings, watch.store, watch.clock),
        snapshots=watch.store.snapshots,
        clock=watch.clock,
        workspace_id=watch.workspace_id,
        period=DAY,
    )


def first_look(watch: Watch, **over: Any) -> FirstLook:
    """What the server does after its start, with the settings that *over* replaces."""
    canaries = build_canaries(watch.settings.model_copy(update=over), watch.store, watch.clock)
    return FirstLook(canaries, watch.store.snapshots, watch.workspace_id)


def runs(watch: Watch) -> list[CanaryOutcome]:
    """How the runs ended, the oldest first."""
    with watch.store.snapshots.snapshot() as reads:
        found = reads.inventory.runs(watch.workspace_id, watch.subject, limit=50, until=LATEST)
    return [one.outcome for one in reversed(found)]


def test_nothing_is_asked_before_somebody_accepted(watch: Watch) -> None:
    """So that nothing is spent on a model that nobody looked at."""
    schedule(watch).step()

    assert runs(watch) == []


@pytest.mark.parametrize("hours", [0.0, 24.0])
def test_server_watches_no_model_where_the_period_is_nought(
    ready_sqlite_url: str, tmp_path: Path, hours: float
) -> None:
    """A site may leave it to its people, who ask it by `debrief canary`."""
    asking_nobody = asking("http://127.0.0.1:9/v1", canary_hours=hours)
    app = build(Settings(database_url=ready_sqlite_url, key_file=tmp_path / "debrief.key", **asking_nobody))
    app.store.close()

    assert (app.reports.canaries is not None) is (hours > 0)


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        (frozenset(), "the model does what is asked of it"),
        (frozenset({"json_schema"}), "the model does not do what is asked of it; see `debrief doctor`"),
    ],
)
def test_server_asks_once_after_its_start_what_the_model_can_do(
    watch: Watch, caplog: pytest.LogCaptureFixture, lacks: frozenset[str], said: str
) -> None:
    """Before anybody accepted it; what it was asked is in the log of what left, and no run is kept of it."""
    caplog.set_level(logging.INFO)
    watch.model.lacks = lacks
    first = FirstLook(
        build_canaries(watch.settings, watch.store, watch.clock), watch.store.snapshots, watch.workspace_id
    )

    first.step()
    first.step()

    assert said in [record.message for record in caplog.records]
    assert [one.body for one in watch.store.egress.calls()] == [one.body for one in watch.fake.received]
    assert runs(watch) == []


def test_first_look_at_an_endpoint_that_is_down_says_so(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    """It is no error of the server, and nothing is known of the model."""
    watch.model.manner = Manner.DOWN

    first_look(watch).step()

    (told,) = [record for record in caplog.records if record.message == "what the model can do is not known"]
    assert "status 503" in vars(told)["because"]
    assert told.levelno == logging.WARNING


def test_first_look_leaves_what_is_accepted_or_nobodys(watch: Watch) -> None:
    """Of the one the canary set tells more, and to the other nothing is sent."""
    first_look(watch, inventory_owners={}).step()
    before = len(watch.fake.received)
    watch.accepted()
    asked = len(watch.fake.received)
    FirstLook(
        build_canaries(watch.settings, watch.store, watch.clock), watch.store.snapshots, watch.workspace_id
    ).step()

    assert before == 0
    assert len(watch.fake.received) == asked


def test_server_asks_once_a_day_retries_what_is_down_and_stops_after_a_change(watch: Watch) -> None:
    """Down is tried hourly and changes nothing; a change waits for a person."""
    watch.accepted()
    steps = schedule(watch)
    steps.step()
    watch.clock.move(days=1)
    steps.step()
    steps.step()
    watch.model.manner = Manner.DOWN
    watch.clock.move(days=1)
    steps.step()
    steps.step()
    may_ask = watch.refused() == ""
    watch.model.manner, watch.model.fingerprint = Manner.GOOD, "fp2"
    watch.clock.move(hours=1)
    steps.step()
    watch.clock.move(days=3)
    steps.step()

    assert runs(watch) == [
        CanaryOutcome.NOT_COMPARED,
        CanaryOutcome.UNCHANGED,
        CanaryOutcome.UNANSWERED,
        CanaryOutcome.CHANGED,
    ]
    assert may_ask
    assert watch.is_off()


@pytest.mark.thorough
def test_clock_that_was_ahead_neither_repeats_runs_nor_keeps_anybody_from_accepting(watch: Watch) -> None:
    """Runs of a time that is still to come decide nothing: one run a day, and what is seen now can be accepted."""
    watch.accepted()
    steps = schedule(watch)
    watch.clock.move(days=365)
    watch.model.fingerprint = "fp2"
    watch.run()
    watch.clock.move(days=-364)
    watch.model.fingerprint = "fp3"
    watch.accepted()
    watch.clock.move(days=1)
    for _ in range(3):
        steps.step()
        watch.clock.move(minutes=10)

    assert not watch.is_off()
    assert sorted(runs(watch)) == sorted(
        [CanaryOutcome.NOT_COMPARED, CanaryOutcome.CHANGED, CanaryOutcome.CHANGED, CanaryOutcome.UNCHANGED]
    )


def test_operator_hears_once_that_the_set_goes_unanswered_and_once_that_it_is(watch: Watch) -> None:
    """After a day of hourly tries: until then it is an endpoint that is down, and after it nobody sees a change."""
    watch.accepted()
    steps, heard = schedule(watch), list[tuple[int, str]]()
    watch.clock.move(days=1)
    watch.model.manner = Manner.DOWN
    for hour in range(0, 48, 6):
        steps.step()
        heard += [(hour, note) for note in told(watch)]
        watch.clock.move(hours=6)
    watch.model.manner = Manner.GOOD
    steps.step()
    steps.step()
    heard += [(48, note) for note in told(watch)]

    (silent_after, silent), (again_after, again) = heard
    assert (silent_after, again_after) == (24, 48)
    assert silent.startswith(f"{watch.subject} has answered no run of the canary set since ")
    assert "status 503. Until it does, nobody notices when it changes under the same name" in silent
    assert again == f"{watch.subject} answers the canary set again, and behaves as it was accepted."


def test_endpoint_that_is_down_for_less_than_a_day_is_nobodys_news(watch: Watch) -> None:
    """Neither that it is, nor that it is over; and each silence begins anew."""
    watch.accepted()
    steps = schedule(watch)
    for _ in range(2):
        watch.clock.move(days=1)
        watch.model.manner = Manner.DOWN
        for _ in range(3):
            steps.step()
            watch.clock.move(hours=7)
        watch.model.manner = Manner.GOOD
        steps.step()

    assert told(watch) == []
    assert not watch.is_off()


def test_doctor_says_since_when_the_set_goes_unanswered_however_long(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two days of hourly tries do not make it one that never answered, nor the model another version."""
    run = watch.accepted()
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", str(watch.settings.database_url))
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(watch.settings.key_file))
    for _ in range(55):
        watch.clock.move(hours=1)
        unanswered(watch)
    build_governance(watch.settings, watch.store).take_stock(watch.workspace_id)

    (said,) = [one.said for one in check_endpoint(watch.settings) if one.name == "canary set"]

    assert f"last answered {instant(run.began_at)}: " in said
    assert len(watch.history(Thing.MODEL)) == 1


def test_silence_of_which_nobody_was_told_is_told_however_old_it_is(watch: Watch) -> None:
    """While the model was off nobody was told; once it is asked again, somebody has to know that nothing is noticed."""
    watch.accepted()
    watch.model.fingerprint = "fp2"
    run = watch.run()
    told(watch)
    for _ in range(30):
        watch.clock.move(hours=1)
        unanswered(watch)
    watch.accept(run)
    while_off = told(watch)

    notes = []
    for _ in range(3):
        watch.clock.move(hours=1)
        unanswered(watch)
        notes.append(told(watch))
    watch.run()
    (again,) = told(watch)

    assert while_off == []
    assert [len(one) for one in notes] == [1, 0, 0]
    assert "has answered no run of the canary set since" in notes[0][0]
    assert again == f"{watch.subject} answers the canary set again, and behaves as it was accepted."


def test_end_of_a_silence_of_which_nobody_heard_is_nobodys_news(watch: Watch) -> None:
    """It fell silent while it was off, was accepted by what it did before, and answers the next run."""
    watch.accepted()
    watch.model.fingerprint = "fp2"
    run = watch.run()
    told(watch)
    for _ in range(2):
        watch.clock.move(days=2)
        unanswered(watch)
    watch.accept(run)
    watch.run()

    assert told(watch) == []
    assert not watch.is_off()


def test_change_is_not_forgotten_behind_runs_without_an_answer(watch: Watch) -> None:
    """Whoever accepts an earlier run after a long silence is told that a later one saw the model behave otherwise."""
    run = watch.accepted()
    watch.model.fingerprint = "fp2"
    watch.run()
    for _ in range(25):
        watch.clock.move(hours=1)
        unanswered(watch)

    with pytest.raises(Conflict, match="A later run saw the model behave otherwise"):
        watch.accept(run)


@pytest.mark.parametrize(
    ("hours", "tried", "todo"),
    [
        (0.0, "Nothing tries it again but `debrief canary`, and", "Run `debrief canary` once that is mended, or set"),
        (24.0, "It is tried again within the hour, and", "The server asks again within the hour."),
    ],
)
def test_what_goes_unanswered_is_tried_again_by_whom_it_says(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, hours: float, tried: str, todo: str
) -> None:
    """Where the set is asked by hand alone nobody may wait for the server."""
    watch.accepted()
    watch.over["canary_hours"] = hours
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", str(watch.settings.database_url))
    monkeypatch.setenv("DEBRIEF_KEY_FILE", str(watch.settings.key_file))
    watch.model.manner = Manner.DOWN
    watch.run()
    watch.clock.move(days=2)
    watch.run()
    (note,) = told(watch)
    looked = check_endpoint(watch.settings.model_copy(update=watch.over))

    assert tried in note
    assert todo in next(one.todo for one in looked if one.name == "canary set")


def unanswered(watch: Watch) -> None:
    """A run that ends without an answer, as the server keeps it."""
    command = FinishCanary(
        person=DEBRIEF,
        workspace_id=watch.workspace_id,
        natural_key=f"canary:{uuid4()}",
        source=Source.DEBRIEF,
        run_id=uuid4(),
        subject=watch.subject,
        began_at=watch.clock.now(),
        because="The model's endpoint answered with status 503.",
    )
    watch.store.writer.submit(finish_canary, command).result()


def told(watch: Watch) -> list[str]:
    """What the operator was told since this was asked last."""
    notes = []
    while claimed := watch.store.outbox.claim(limit=1, busy_lanes=frozenset()):
        for note in claimed:
            notes.append(str(note.arguments["sentence"]))
            watch.store.outbox.settle_sent(note, {}, None, pause=timedelta(0))
    return notes
