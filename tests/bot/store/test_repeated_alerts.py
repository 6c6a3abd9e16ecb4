"""Alerts that are told again in the same words: whether they are remembered or not, the same is kept of them."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from analysis.errors import InvalidInput
from bot.ports.records import RepeatedAlert
from bot.store.record.tables import ALERT, ALERT_EVENT
from bot.usecases.alerts.receive import ReceiveAlerts, ToldAlert, receive_alerts
from bot.web.formats.alertmanager import read_alertmanager, read_repeating
from bot.web.formats.repeats import Repeats
from tests.bot.store.parts import START, Store
from tests.effort import ON_FIXTURES, examples

NO_END = "0001-01-01T00:00:00Z"


def told(pod: str = "cart-1", began: int = 0, ended: int | None = None, **over: Any) -> dict[str, Any]:
    """One alert as Alertmanager tells it; it *began* and *ended* so many minutes after the start."""
    return {
        "status": "firing" if ended is None else "resolved",
        "labels": {"alertname": "CartSlow", "severity": "warning", "pod": pod},
        "annotations": {"summary": "Cart is slow"},
        "startsAt": (START + timedelta(minutes=began)).isoformat(),
        "endsAt": NO_END if ended is None else (START + timedelta(minutes=ended)).isoformat(),
        "fingerprint": "0a",
        **over,
    }


def deliver(store: Store, source: str, repeats: Repeats | None, *alerts: Mapping[str, Any]) -> Sequence[object]:
    """Read the alerts of a notification, remembering them or not, and write them; returns what was read."""
    body, now = {"version": "4", "alerts": list(alerts)}, store.clock.now()
    if repeats is None:
        read: Sequence[ToldAlert | RepeatedAlert] = read_alertmanager(body, source=source, now=now)
    else:
        read = read_repeating(body, repeats, source=source, now=now)
    command = ReceiveAlerts(workspace_id=store.workspace, told=read)
    if repeats is not None:
        repeats.learn(read, command.received)
    store.write(lambda reads, _: receive_alerts(reads, command))
    return read


def kept(store: Store, source: str) -> list[object]:
    """Everything that is kept of a source's alerts, whatever the rows' numbers."""
    of_source = select(ALERT).where(ALERT.c.source == source)
    with store.database.reading() as connection:
        found: list[object] = []
        for row in connection.execute(of_source).mappings():
            events = select(ALERT_EVENT).where(ALERT_EVENT.c.alert_id == row["id"]).order_by(ALERT_EVENT.c.seq)
            news = [
                (*event[2:-1], json.loads(store.sealer.open_whole("alert", event.content)))
                for event in connection.execute(events)
            ]
            plain = {name: row[name] for name in row if name not in {"id", "fingerprint", "source"}}
            found.append((sorted(plain.items(), key=str), news))
    return sorted(found, key=str)


TIMES = st.integers(min_value=-30, max_value=60)
ALERTS = st.builds(
    told,
    pod=st.sampled_from(["cart-1", "cart-2"]),
    began=TIMES,
    ended=st.none() | TIMES,
    annotations=st.sampled_from([{}, {"summary": "p99 is 500 ms"}, {"summary": "token=hunter2secret99"}, None]),
    startsAt=st.sampled_from([*(START + timedelta(minutes=each) for each in (-5, 0, 5, 90))]).map(str) | st.none(),
)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=ON_FIXTURES)
@given(deliveries=st.lists(st.lists(ALERTS, min_size=1, max_size=4), min_size=1, max_size=8), number=st.uuids())
def test_repeats_change_nothing_of_what_is_kept(
    file_store: Store, deliveries: list[list[dict[str, Any]]], number: object
) -> None:
    """Rows, counts, news in their order and their masked contents are those of reading every alert anew."""
    remembering, reading, repeats = f"a{number}", f"b{number}", Repeats(file_store.workspace)
    file_store.clock.instant = START

    for alerts in deliveries:
        file_store.clock.move(minutes=3)
        deliver(file_store, remembering, repeats, *alerts)
        deliver(file_store, reading, None, *alerts)

    assert kept(file_store, remembering) == kept(file_store, reading)


def test_alert_told_again_is_counted_without_being_read(store: Store) -> None:
    """Other prose is no news, and another label, time or status is another alert."""
    repeats = Repeats(store.workspace)
    deliver(store, "am", repeats, told())

    (again,) = deliver(store, "am", repeats, told(annotations={"summary": "Cart is slower"}))
    others = [told("cart-2"), told(began=-1), told(ended=0)]
    read = deliver(store, "am", repeats, *others)

    assert isinstance(again, RepeatedAlert)
    assert all(isinstance(one, ToldAlert) for one in read)
    assert all(isinstance(one, ToldAlert) for one in deliver(store, "other", repeats, told()))


def test_alert_whose_first_telling_was_lost_is_kept_with_the_words_of_the_second(store: Store) -> None:
    """A transaction may fail after an alert was read; what is remembered of it must not be taken for a row."""
    repeats = Repeats(store.workspace)
    deliver(store, "am", repeats, told())
    with store.database.write_engine.begin() as connection:
        connection.execute(delete(ALERT_EVENT))
        connection.execute(delete(ALERT))

    (again,) = deliver(store, "am", repeats, told(annotations={"summary": "retry with token=hunter2secret99"}))

    assert isinstance(again, RepeatedAlert)
    ((row, ((news, *_, content),)),) = kept(store, "am")  # type: ignore[misc]
    assert dict(row)["deliveries"] == 1
    assert news == "fired"
    assert content["annotations"] == {"summary": "retry with token=[secret]"}


@pytest.mark.parametrize(
    "annotations",
    [pytest.param(["x"], id="list"), pytest.param({str(place): "x" for place in range(101)}, id="too many")],
)
def test_repeated_alert_is_refused_as_a_new_one_is(file_store: Store, annotations: object) -> None:
    """Nothing passes because its labels were seen before."""
    repeats = Repeats(file_store.workspace)
    deliver(file_store, "am", repeats, told())
    refusals = []

    for remembered in (repeats, None):
        with pytest.raises(InvalidInput) as refusal:
            deliver(file_store, "am", remembered, told(annotations=annotations))
        refusals.append(refusal.value.message)

    assert refusals[0] == refusals[1]
