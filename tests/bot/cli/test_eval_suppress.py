"""`debrief eval suppress`, on files as a team would have them."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from analysis.alerts.alert import Alert
from tests.analysis.alerts.streams import at, make_alert, noise_history, resolution
from tests.bot.cli.conftest import Debrief


def row_of(alert: Alert, **over: Any) -> dict[str, Any]:
    """Return an alert as a row of a file."""
    row = {
        "id": alert.id,
        "source": alert.source,
        "rule": alert.rule,
        "severity": alert.severity_word,
        "status": alert.status.value,
        "labels": dict(alert.labels),
        "annotations": {},
        "starts_at": alert.starts_at.isoformat(),
        "received_at": alert.received_at.isoformat(),
    }
    return {**row, **over}


def write(path: Path, rows: Iterable[dict[str, Any]]) -> str:
    """Write rows, gzipped where the name says so."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode())
    return str(path)


def past_rows(incident: str | None = None) -> list[dict[str, Any]]:
    """Return a clean history of one rule, or one whose last alert belonged to an incident."""
    rows = [row_of(past.alert, incident=None) for past in noise_history()]
    return [*rows[:-1], {**rows[-1], "incident": incident}]


def evaluated(debrief: Debrief, history: str, alerts: str, *more: str) -> list[dict[str, Any]]:
    """Return the rows that come out."""
    answer = debrief("eval", "suppress", "--history", history, "--in", alerts, *more)
    assert (answer.status, answer.err) == (0, "")
    return [json.loads(line) for line in answer.out.splitlines()]


@pytest.fixture
def stream() -> list[Alert]:
    """Return noise, an error of the same service eight minutes later, and a resolution."""
    noise, error = make_alert(0), make_alert(8, rule="HighErrorRate")
    return [make_alert(-20, place="pay"), noise, error, resolution(error, 9), make_alert(100, place="shop")]


def test_each_alert_has_its_row_in_order(debrief: Debrief, own_folder: Path, stream: list[Alert]) -> None:
    """Told, held back, released by a symptom: each with action, reasons and the moment people were told."""
    history = write(own_folder / "past.jsonl.gz", past_rows())
    alerts = write(own_folder / "alerts.jsonl", map(row_of, stream))

    rows = evaluated(debrief, history, alerts)

    assert [(row["id"], row["action"], row["end"], row["notified"], row["notified_at"]) for row in rows] == [
        ("BatchNoise:pay:-20", "digest", "listed", False, None),
        ("BatchNoise:cart:0", "digest", "released", True, "2026-03-02T08:08:30Z"),
        ("HighErrorRate:cart:8", "pass", None, True, "2026-03-02T08:08:30Z"),
        ("HighErrorRate:cart:8r", "pass", None, False, None),
        ("BatchNoise:shop:100", "digest", "listed", False, None),
    ]
    assert all(set(reason) == {"code", "weight", "evidence", "text"} for row in rows for reason in row["reasons"])
    assert [row["group_id"] for row in rows] == ["pay", "cart", "cart", "cart", "shop"]


def test_resolution_is_in_the_lane_of_its_series(debrief: Debrief, own_folder: Path) -> None:
    """What repeats by itself has a lane of its own, and so has its end: whoever joins rows by group finds both."""
    errors = [make_alert(30 * number, rule="HighErrorRate") for number in range(5)]
    both = [one for error, at in zip(errors, range(5, 150, 30), strict=True) for one in (error, resolution(error, at))]
    history = write(own_folder / "past.jsonl", past_rows())

    rows = evaluated(debrief, history, write(own_folder / "alerts.jsonl", map(row_of, both)))

    groups = [row["group_id"] for row in rows]
    assert groups[:2] == ["cart", "cart"]
    assert groups[-2:] == [f"lane:{rows[0]['fingerprint']}"] * 2


def test_incident_in_the_history_makes_the_difference(debrief: Debrief, own_folder: Path, stream: list[Alert]) -> None:
    """A rule that told of an incident is told; without its label it would wait."""
    alerts = write(own_folder / "alerts.jsonl", [row_of(stream[1])])
    clean = evaluated(debrief, write(own_folder / "clean.jsonl", past_rows()), alerts)
    learnt = evaluated(debrief, write(own_folder / "past.jsonl", past_rows("INC-7")), alerts)

    assert [row["action"] for row in (*clean, *learnt)] == ["digest", "pass"]
    assert {"share", "signal"} <= {reason["code"] for reason in learnt[0]["reasons"]}


def test_deploys_graph_and_approval_decide_what_is_held(debrief: Debrief, own_folder: Path) -> None:
    """A critical restart after a deploy waits only with `--approve`."""
    history = write(own_folder / "past.jsonl", past_rows())
    alerts = write(own_folder / "alerts.jsonl", [row_of(make_alert(1, rule="PodRestarted"), severity="critical")])
    events = write(own_folder / "events.jsonl", [{"at": at(0).isoformat(), "kind": "deploy", "service": "cart"}])
    graph = own_folder / "graph.json"
    graph.write_text(json.dumps({"calls": [["shop", "cart"]]}))

    told = evaluated(debrief, history, alerts, "--events", events, "--graph", str(graph))
    held = evaluated(debrief, history, alerts, "--events", events, "--graph", str(graph), "--approve", "restart")

    assert [row["action"] for row in (*told, *held)] == ["pass", "hold"]
    assert (held[0]["end"], held[0]["notified_at"]) == ("unresolved", "2026-03-02T08:06:00Z")


def test_same_input_gives_the_same_bytes(debrief: Debrief, own_folder: Path, stream: list[Alert]) -> None:
    """Also gzipped, and also twice."""
    history = write(own_folder / "past.jsonl", past_rows())
    alerts = write(own_folder / "alerts.jsonl", map(row_of, stream))
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        debrief("eval", "suppress", "--history", history, "--in", alerts, "--out", name)

    assert Path("one.jsonl.gz").read_bytes() == Path("two.jsonl.gz").read_bytes()
    assert len(gzip.decompress(Path("one.jsonl.gz").read_bytes()).splitlines()) == len(stream)


def test_same_delivery_twice_has_two_rows(debrief: Debrief, own_folder: Path) -> None:
    """Senders repeat themselves; both rows end."""
    history = write(own_folder / "past.jsonl", past_rows())
    alerts = write(own_folder / "alerts.jsonl", [row_of(make_alert(0))] * 2)

    assert [row["end"] for row in evaluated(debrief, history, alerts)] == ["listed", "listed"]


def test_history_that_ends_too_late_is_said(debrief: Debrief, own_folder: Path) -> None:
    """A history that knows the future flatters; the rows come all the same."""
    history = write(own_folder / "past.jsonl", [*past_rows(), row_of(make_alert(60), incident=None)])
    alerts = write(own_folder / "alerts.jsonl", [row_of(make_alert(0))])

    answer = debrief("eval", "suppress", "--history", history, "--in", alerts)

    assert (answer.status, len(answer.out.splitlines())) == (0, 1)
    assert answer.err.startswith("The history ends after the alerts begin")


def test_history_in_another_order_is_said(debrief: Debrief, own_folder: Path) -> None:
    """Sorted by a text it has more windows than were lived through, so that it proves too much."""
    rows = [row_of(make_alert(50 * number), incident=None, id=f"{number}") for number in range(100)]
    alerts = write(own_folder / "alerts.jsonl", [row_of(make_alert(6000))])
    in_order = write(own_folder / "past.jsonl", rows)
    by_text = write(own_folder / "by_text.jsonl", sorted(rows, key=lambda row: row["id"]))

    once = evaluated(debrief, in_order, alerts)
    answer = debrief("eval", "suppress", "--history", by_text, "--in", alerts)

    assert "0 of 1 independent window " in once[0]["reasons"][0]["text"]
    assert "0 of 4 independent windows " in answer.out
    assert f"{by_text} is not in order of arrival" in answer.err
    assert answer.err.count("\n") == 1


def test_approval_of_what_never_fires_is_said(debrief: Debrief, own_folder: Path) -> None:
    """A misspelt rule changes nothing, and looks like one that may not wait."""
    history = write(own_folder / "past.jsonl", past_rows())
    alerts = write(own_folder / "alerts.jsonl", [row_of(make_alert(0, rule="PodRestarted"))])
    asked = ("eval", "suppress", "--history", history, "--in", alerts, "--approve", "PodRestarted")

    right = debrief(*asked, "--approve", "restart")
    wrong = debrief(*asked, "--approve", "podrestarted")

    assert right.err == ""
    assert wrong.err == (
        f"--approve podrestarted changed nothing: no alert of {alerts} has a rule or class that is written so.\n"
    )
    assert right.out == wrong.out


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(row_of(make_alert()), "“incident” is missing", id="nothing about incidents"),
        pytest.param(row_of(make_alert(), incident=True), "“incident” must be an id or null", id="no id"),
        pytest.param(row_of(make_alert(), incident=None, private="no"), "“private” must be", id="no truth"),
        pytest.param(row_of(make_alert(), incident=None, rule=7), "“rule” is missing or is not a text", id="no alert"),
    ],
)
def test_history_that_cannot_be_read_is_refused(
    debrief: Debrief, own_folder: Path, row: dict[str, Any], told: str
) -> None:
    """One sentence names the line, and nothing comes out."""
    history = write(own_folder / "past.jsonl", [*past_rows(), row])
    alerts = write(own_folder / "alerts.jsonl", [row_of(make_alert())])

    answer = debrief("eval", "suppress", "--history", history, "--in", alerts, "--out", "rows.jsonl")

    assert (answer.status, answer.out) == (2, "")
    assert told in answer.err
    assert "Line 301" in answer.err
    assert not Path("rows.jsonl").exists()
