"""Streams of alerts with known causes: the simulated storms, and real telemetry of injected faults, laid over another.

The overlay takes the labelled faults of `alerts/online_boutique` (70 are in its label file) with their metric, log and
trace alerts. Fault k is moved so that faults start as a Poisson process of one per mean fault duration, which makes the
mean concurrency 1; every move is a whole number of minutes, so that alerts keep the phase of the 60-second evaluation
grid (a phase that tells faults apart would be a leak). A series fires once per fault, at its first alert, and its cause
is the fault in whose window it was recorded. Series that come in more than half of the faults, such as a cache's
periodic saving and most traces, would have come without them: they count in "all alerts" and not in "fault alerts".
"""

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from analysis.alerts.alert import Alert
from analysis.alerts.alert_rows import Happening, ServiceGraph, read_alert, read_graph, read_happening

STORMS_TO_TUNE_ON = ("t0_sparse", "t0_dense", "t1_sparse", "t1_dense", "t4_six_weeks")
STORMS_HELD_OUT = ("t2_sparse", "t2_dense", "t3_sparse", "t3_dense")
_START = datetime(2026, 3, 2, tzinfo=UTC)
_BACKGROUND_SHARE = 0.5
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Alerts in order of arrival, what is known beside them, and the cause of each firing one."""

    name: str
    alerts: list[Alert]
    happenings: list[Happening]
    graph: ServiceGraph
    causes: dict[str, str]
    fault_causes: dict[str, str]


def storm(folder: Path) -> Stream:
    """One of the simulated streams; `truth.jsonl` is read for scoring only."""
    truth = list(_rows(folder / "truth.jsonl.gz"))
    return Stream(
        name=folder.name,
        alerts=[read_alert(row) for row in _rows(folder / "alerts.jsonl.gz")],
        happenings=[read_happening(row) for row in _rows(folder / "events.jsonl.gz")],
        graph=read_graph(json.loads((folder / "graph.json").read_text(encoding="utf-8"))),
        causes={row["id"]: row["cause"] for row in truth},
        fault_causes={row["id"]: row["cause"] for row in truth if not row["is_noise"]},
    )


def overlay(folder: Path, *, seed: int, concurrency: float = 1.0) -> Stream:
    """The faults of Online Boutique laid over each other."""
    faults = _faults(folder)
    chance = random.Random(seed)
    chance.shuffle(faults)
    graph = _boutique_graph(folder / "graph" / "Online-Boutique-cloudbed-1-KG.json")
    seen_in = Counter(series for fault in faults for series in fault.firings)
    background = {series for series, count in seen_in.items() if count > _BACKGROUND_SHARE * len(faults)}
    mean_gap = sum(fault.duration for fault in faults) / len(faults) / concurrency
    rows: list[tuple[float, dict[str, Any], str, bool]] = []
    at = 0.0
    for fault in faults:
        shift = round((at - fault.start) / _MINUTE) * _MINUTE
        for series, (when, labels, text) in fault.firings.items():
            row = _row(series, labels, text, when + shift)
            rows.append((when + shift, row, f"fault {fault.id}", series not in background))
        at += chance.expovariate(1 / mean_gap)
    rows.sort(key=lambda one: (one[0], one[1]["rule"], sorted(one[1]["labels"].items())))
    return _numbered(f"overlay_{seed}", rows, graph)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    id: str
    start: float
    duration: float
    firings: dict[str, tuple[float, dict[str, str], str]]


def _faults(folder: Path) -> list[_Fault]:
    metrics = json.loads((folder / "metric" / "metrics.json").read_text(encoding="utf-8"))
    logs = json.loads((folder / "log" / "logs.json").read_text(encoding="utf-8"))
    traces = json.loads((folder / "trace" / "traces.json").read_text(encoding="utf-8"))
    faults = []
    for line in (folder / "label.csv").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, _, _, start, end, *_ = line.split(",")
        firings: dict[str, tuple[float, dict[str, str], str]] = {}
        found = (*_metric(metrics[name]), *_trace(traces[name]), *_log(logs[name]))
        for when, rule, labels, text in sorted(found, key=lambda one: one[0]):
            firings.setdefault(f"{rule} {sorted(labels.items())}", (when, {**labels, "alertname": rule}, text))
        faults.append(_Fault(id=name, start=float(start), duration=float(end) - float(start), firings=firings))
    return faults


def _metric(rows: list[list[Any]]) -> Iterator[tuple[float, str, dict[str, str], str]]:
    for when, entity, node, metric, direction in rows:
        labels = {"job": "metric", **_entity(entity)} | ({"node": node} if node else {})
        yield int(when) / 1000, f"{metric} {direction}", labels, f"{metric} is {direction}"


def _trace(rows: list[list[Any]]) -> Iterator[tuple[float, str, dict[str, str], str]]:
    for when, caller, callee, operation, kind in rows:
        labels = {"job": "trace", **_entity(callee), "caller": caller}
        yield int(when) / 1000, f"{operation} {kind}", labels, f"{operation} is slow or fails"


def _log(rows: list[list[Any]]) -> Iterator[tuple[float, str, dict[str, str], str]]:
    for entity, template, samples, *_ in rows:
        when, _, text = samples[0].partition(" | ")
        at = datetime.fromisoformat(when).replace(tzinfo=UTC) - timedelta(hours=8)  # the data set's local time
        yield at.timestamp(), f"log template {template}", {"job": "log", **_entity(entity)}, text


def _entity(name: str) -> dict[str, str]:
    if name.startswith("node-"):
        return {"node": name}
    service, dash, place = name.rpartition("-")
    if dash and place.isdigit():
        return {"service": service.removesuffix("2"), "pod": name}
    return {"service": name}


def _row(series: str, labels: dict[str, str], text: str, at: float) -> dict[str, Any]:
    instant = (_START + timedelta(seconds=at)).isoformat()
    return {
        "id": series,
        "source": labels["job"],
        "rule": labels["alertname"],
        "severity": "warning",
        "status": "firing",
        "labels": labels,
        "annotations": {"summary": text},
        "starts_at": instant,
        "received_at": instant,
    }


def _numbered(name: str, rows: list[tuple[float, dict[str, Any], str, bool]], graph: ServiceGraph) -> Stream:
    alerts, causes, fault_causes = [], {}, {}
    for number, (_, row, cause, is_fault) in enumerate(rows):
        alert = read_alert({**row, "id": f"o{number:05}"})
        alerts.append(alert)
        causes[alert.id] = cause
        if is_fault:
            fault_causes[alert.id] = cause
    return Stream(name=name, alerts=alerts, happenings=[], graph=graph, causes=causes, fault_causes=fault_causes)


def _boutique_graph(path: Path) -> ServiceGraph:
    raw = json.loads(path.read_text(encoding="utf-8"))
    pods: dict[str, list[str]] = {}
    calls, pod_node = [], {}
    for edge in raw["edges"]:
        if edge["label"] in {"control_flow", "data_flow"}:
            calls.append([edge["source"], edge["target"]])
        elif edge["label"] == "has_instance":
            pods.setdefault(edge["source"], []).append(edge["target"])
        elif edge["label"] == "hosted_on":
            pod_node[edge["source"]] = edge["target"]
    services = [{"name": name, "kind": "app", "pods": names} for name, names in pods.items()]
    return read_graph({"services": services, "calls": calls, "pod_node": pod_node})


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
