"""How many alerts a second are grouped, with reasons, on one core, and in how much memory.

`python -m benchmarks.grouping_speed [--alerts 1000000] [--storm ../shared/data/alerts/storm/t4_six_weeks]`

A stream of alerts without end over a topology of 400 services: failures with their callers, single alerts, series that
repeat by themselves; every firing is resolved later, so half of the deliveries are resolutions. With `--storm` a shared
stream is timed instead. Alerts are made before they are timed, a batch at a time. Time is processor time of
`Grouper.decide` with every reason made and added up (their texts are made when somebody reads them). The cost of an
alert at the end is compared with that at the start, after a warm-up; memory is the process's resident set at the end
against that before the first alert.
"""

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from types import MappingProxyType

from analysis.alerts.alert import Alert, AlertSeverity, AlertStatus
from analysis.alerts.alert_rows import ServiceGraph
from analysis.alerts.grouping import Grouper
from analysis.alerts.topology import Topology
from benchmarks.grouping import debrief_groups
from benchmarks.grouping_streams import storm
from bot.telemetry.garbage import settle_garbage

_START = datetime(2026, 3, 2, tzinfo=UTC)
_SERVICES = 400
_BATCH = 1_000
_WARM_UP = 2_000
_AT_LEAST = 20_000


def main() -> None:
    """Print rates at 1e3 alerts and at the end, their ratio, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=1_000_000)
    parser.add_argument("--storm", type=Path)
    arguments = parser.parse_args()
    settle_garbage()  # as `debrief serve` does
    if arguments.storm:
        stream = storm(arguments.storm)
        rates = sorted(len(stream.alerts) / debrief_groups(stream)[1] for _ in range(3))
        print(
            f"{stream.name}: {len(stream.alerts)} alerts, {rates[1]:,.0f} a second ({rates[0]:,.0f} to {rates[2]:,.0f})"
        )
        return
    total = arguments.alerts
    chance = random.Random(1)
    grouper = Grouper(Topology(_graph(chance)))
    deliveries = _deliveries(chance)
    _timed(grouper, deliveries, _WARM_UP)
    before = _resident()
    costs = [_timed(grouper, deliveries, _BATCH) for _ in range(total // _BATCH)]
    first, last = sum(costs[:5]) / 5, sum(costs[-20:]) / len(costs[-20:])
    whole = sum(costs) / len(costs)
    print(
        f"{total} alerts: {1 / whole:,.0f} a second over all, {1 / first:,.0f} at the start, {1 / last:,.0f} at the end"
    )
    print(f"cost at the end against the start: {last / first:.2f} x; memory: +{_resident() - before:.0f} MB")
    print("meets the goal" if 1 / whole >= _AT_LEAST else f"misses {_AT_LEAST:,} a second")


def _timed(grouper: Grouper, deliveries: Iterator[Alert], count: int) -> float:
    """Seconds an alert, over the next *count*."""
    batch = [next(deliveries) for _ in range(count)]
    started = time.process_time()
    for alert in batch:
        assert grouper.decide(alert).logit is not None
    return (time.process_time() - started) / count


def _deliveries(chance: random.Random) -> Iterator[Alert]:
    """Alerts in order of arrival, for ever."""
    waiting: list[tuple[float, int, Alert]] = []
    now, number = 0.0, 0
    while True:
        now += chance.expovariate(1 / 30)
        for delay, labels, rule in _happening(chance, number):
            number += 1
            start, end = now + delay, now + delay + chance.uniform(60, 1_500)
            for status, at in ((AlertStatus.FIRING, start), (AlertStatus.RESOLVED, end)):
                alert = _alert(f"a{number}{status[0]}", rule, labels, status, start, at)
                heappush(waiting, (at, 2 * number + (status is AlertStatus.RESOLVED), alert))
        while waiting and waiting[0][0] <= now:
            yield heappop(waiting)[2]


def _happening(chance: random.Random, number: int) -> Iterator[tuple[float, dict[str, str], str]]:
    service = chance.randrange(_SERVICES)
    if number % 3:
        yield 0.0, _labels(service, chance), f"Rule{_rule(service, chance)}"
        return
    for _ in range(chance.randint(2, 8)):
        yield chance.expovariate(1 / 90), _labels(service, chance), f"Rule{_rule(service, chance)}Memory"
    for caller in chance.sample(range(_SERVICES), 3):
        yield 60 + chance.expovariate(1 / 150), _labels(caller, chance), f"Rule{_rule(caller, chance)}Latency"


def _rule(service: int, chance: random.Random) -> int:
    """One of the six rules that watch a service of its product."""
    return (service * 7 + chance.randrange(6)) % 300


def _labels(service: int, chance: random.Random) -> dict[str, str]:
    pod = f"s{service}-{chance.randrange(3)}"
    return {"service": f"s{service}", "pod": pod, "node": f"n{hash_of(pod)}", "zone": f"z{hash_of(pod) % 3}"}


def hash_of(text: str) -> int:
    """A node for a pod, the same in every run."""
    return sum(text.encode()) % 60


def _alert(name: str, rule: str, labels: dict[str, str], status: AlertStatus, start: float, at: float) -> Alert:
    return Alert(
        id=name,
        source="prometheus",
        rule=rule,
        severity=AlertSeverity.WARNING,
        status=status,
        starts_at=_START + timedelta(seconds=start),
        received_at=_START + timedelta(seconds=at),
        ends_at=_START + timedelta(seconds=at) if status is AlertStatus.RESOLVED else None,
        labels=MappingProxyType({**labels, "alertname": rule}),
        annotations=MappingProxyType({"summary": f"{rule} fires on {labels['pod']}"}),
    )


def _graph(chance: random.Random) -> ServiceGraph:
    calls = frozenset(
        (f"s{caller}", f"s{callee}")
        for caller in range(_SERVICES // 2)
        for callee in chance.sample(range(_SERVICES // 4, _SERVICES), 3)
        if caller < callee
    )
    pods = {f"s{service}-{place}": f"s{service}" for service in range(_SERVICES) for place in range(3)}
    return ServiceGraph(
        calls=calls,
        kinds={f"s{service}": "app" for service in range(_SERVICES)},
        pods=pods,
        pod_node={pod: f"n{hash_of(pod)}" for pod in pods},
        node_zone={f"n{node}": f"z{node % 3}" for node in range(60)},
    )


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
