"""A long incident record, as three teams might paste it together: `python -m tests.long_record FILE` writes it.

500 entries over the night in which Berlin's clocks are put back, in three zones, partly out of order and at equal
times, with a reopening. The incident is made up; the same program always writes the same bytes.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FILE = Path(__file__).parent / "data" / "long_record.json"
ENTRIES = 500
START = datetime(2026, 10, 24, 19, 4, tzinfo=UTC)
#: The hour that Berlin's clocks show twice, in UTC: from 02:00+02:00 to 03:00+01:00.
TWICE = (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, 0, tzinfo=UTC))
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
#: Every so many entries, one is pasted so many places too late.
LATE_EVERY, LATE_BY = 37, 5

SYSTEMS = (
    "card-auth",
    "acquirer gateway",
    "ledger writer",
    "3DS server",
    "payout queue",
    "fraud scorer",
    "token vault",
)
SIGHTINGS = (
    "p99 latency of {system} at {number} ms",
    "{system}: {number} requests waiting, retries on",
    "error rate of {system} is {number} per 10,000",
    "restarted one node of {system}, {number} connections moved",
    "{system} answers again, backlog {number}",
    "support counts {number} tickets about {system}",
    "replica lag of {system} is {number} s",
    "canary of {system} at {number} % of traffic",
)
#: Texts that a careless reader would take for something else.
ODD = (
    "14:02 is when the first alert fired, says the pager's log",
    "=SUM(A1:A9) is what the export showed instead of the total",
    "S&amp;P feed and R&amp;D cluster are not affected",
    "query in the runbook reads amount &lt; 100 &amp;&amp; currency = 'EUR'",
    "*all* declines carry code 91 | issuer [unavailable](see runbook)",
    "<!channel> was typed into the status page by hand, removed again",
    "Søren → Zoë: „läuft wieder“ 👍🏽",
    "12:00",
)
MOVES: dict[int, dict[str, str]] = {
    3: {"kind": "impact", "text": "4 % of card payments in the EU fail at checkout"},
    9: {"kind": "status", "to": "investigating"},
    20: {"kind": "severity", "to": "SEV1", "text": "Payouts are late as well"},
    41: {
        "kind": "update",
        "text": "Card payments in the EU fail for some customers; the next update is in 30 minutes.",
    },
    60: {"kind": "status", "to": "mitigating", "text": "Traffic moves to the second acquirer"},
    150: {"kind": "status", "to": "monitoring"},
    230: {"kind": "update", "text": "Card payments work again since the traffic was moved."},
    261: {"kind": "milestone", "milestone": "recovery"},
    290: {"kind": "status", "to": "resolved", "text": "Two quiet hours"},
    330: {"kind": "reopen", "text": "Declines rose again with the batch of the morning"},
    345: {"kind": "status", "to": "mitigating"},
    400: {"kind": "severity", "to": "SEV2"},
    440: {"kind": "status", "to": "monitoring"},
    499: {"kind": "status", "to": "resolved"},
}


def make_record() -> dict[str, Any]:
    """Return the record."""
    return {
        "id": "long-night",
        "title": "Card payments and payouts fail through the night of the clock change",
        "timezone": ZONES[0],
        "severity": "SEV2",
        "key_events": {"occurrence": "2026-10-24T20:58", "detection": "2026-10-24T21:02:30", "classification": None},
        "timeline": _pasted(list(islice(_entries(), ENTRIES))),
    }


def _entries() -> Iterator[dict[str, Any]]:
    """Entries in order of time; every tenth shares its instant with the one before."""
    at, zones = START, cycle(ZONES)
    for number in range(ENTRIES):
        zone = next(zones)
        yield {**_written(at, zone), **(MOVES.get(number) or {"text": _text(number)})}
        at += timedelta(seconds=0 if number % 10 == 8 else 95 + 37 * (number % 7) + (5400 if number % 90 == 69 else 0))


def _written(at: datetime, zone: str) -> dict[str, str]:
    """A time as somebody in *zone* writes it: Berlin's own without its name, with the offset where it needs one."""
    local = at.astimezone(ZoneInfo(zone))
    form = "%Y-%m-%dT%H:%M:%S" if at.second else "%Y-%m-%dT%H:%M"
    if zone != ZONES[0]:
        return {"at": local.strftime(form), "zone": zone}
    if TWICE[0] <= at < TWICE[1]:
        return {"at": local.isoformat()}
    return {"at": local.strftime(form)}


def _text(number: int) -> str:
    if number % 31 == 30:
        return f"{ODD[number // 31 % len(ODD)]}"
    sighting, system = SIGHTINGS[number % len(SIGHTINGS)], SYSTEMS[number % len(SYSTEMS)]
    return f"{sighting.format(system=system, number=3 + number * 7)}"


def _pasted(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries as three people pasted them one after another: some came late."""
    pasted = list(entries)
    for place in range(LATE_EVERY, len(pasted) - LATE_BY, LATE_EVERY):
        if not any("kind" in entry for entry in pasted[place : place + LATE_BY + 1]):
            pasted.insert(place + LATE_BY, pasted.pop(place))
    return pasted


def as_bytes() -> bytes:
    """Return the record as the file has it."""
    return (json.dumps(make_record(), ensure_ascii=False, indent=1) + "\n").encode()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(as_bytes())
