"""Write a long incident record, as people on three continents paste it into one file: `… long_record FILE`.

500 entries over the night in which Lord Howe Island puts its clocks back by half an hour, in three zones, a fifth of
them out of order, some at equal instants, with two reopenings. The incident is made up. The same program always writes
the same bytes, and imports nothing of Debrief: it is the second record of its kind, so that a rule that only fits the
first one (`tests/long_record.py`) shows.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ENTRIES = 500
SEED = 20260404
START = datetime(2026, 4, 4, 9, 31, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/London", "Australia/Lord_Howe")
#: The half hour that Lord Howe's clocks show twice: 01:30 to 02:00, first at +11:00, then at +10:30.
TWICE = (datetime(2026, 4, 4, 14, 30, tzinfo=UTC), datetime(2026, 4, 4, 15, 30, tzinfo=UTC))
LATE_SHARE, LATE_BY = 0.2, 9
EQUAL_SHARE = 0.08

WHAT = (
    "{who} sees {count} declined payouts to {bank}",
    "{who}: queue of {bank} is at {count}, draining",
    "{who} restarted the signer, {count} messages replayed",
    "{bank} confirms receipt of {count} files",
    "checksum of batch {count} differs from what {bank} has",
    "{who} asks {bank} for the log of window {count}",
    "no change for {bank}: {count} payouts pending",
    "certificate of {bank} valid for {count} more days",
    '`kubectl logs` of the signer: {count} × "nonce too old" <retry & wait>',
    "{who} wrote: “it says 02:15 — which 02:15?” ({count})",
    "+{count} tickets since the last look",
    "ERROR {count} | {bank} | see runbook §4.2",
)
PEOPLE = ("Amara", "Bjørn", "Chloé", "Dmitri", "the bank's duty officer")
BANKS = ("Bank A", "the clearing house", "Bank C & Sons", "the correspondent in Sydney")
#: What some entries do, by their number in order of time.
MOVES: dict[int, dict[str, str]] = {
    6: {"kind": "status", "to": "investigating", "text": "Taking this"},
    14: {"kind": "impact", "text": "1,240 payouts of the Friday batch are late"},
    22: {"kind": "severity", "to": "SEV2"},
    75: {"kind": "severity", "to": "SEV1", "text": "The Saturday batch is late as well"},
    76: {"kind": "update", "text": "Payouts of Friday and Saturday are late. We will write again by 14:00 UTC."},
    160: {"kind": "status", "to": "mitigating"},
    198: {"kind": "status", "to": "monitoring", "text": "The signer answers again"},
    240: {"kind": "status", "to": "resolved"},
    247: {"kind": "reopen", "text": "The signer stopped again after the clock change"},
    261: {"kind": "milestone", "milestone": "detection"},
    299: {"kind": "severity", "to": "SEV3"},
    340: {"kind": "status", "to": "monitoring"},
    371: {"kind": "status", "to": "mitigating", "text": "One bank still refuses"},
    402: {"kind": "status", "to": "resolved", "text": "All banks confirmed"},
    433: {"kind": "reopen", "text": "Bank A found forty payouts twice"},
    455: {"kind": "update", "text": "Forty payouts were sent twice; the bank returns them on Tuesday."},
    488: {"kind": "milestone", "milestone": "recovery", "text": "The last of the forty is back"},
    499: {"kind": "status", "to": "resolved"},
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.parse_args(arguments).file.write_bytes(as_bytes())
    return 0


def as_bytes() -> bytes:
    """Return the record as the file has it."""
    return (json.dumps(make_record(), ensure_ascii=False, indent=1) + "\n").encode()


def make_record() -> dict[str, Any]:
    """Return the record."""
    draw = random.Random(SEED)
    entries = list(_entries(draw))
    return {
        "id": "payouts-twice",
        "title": "Payouts are late, and then some are sent twice",
        "timezone": ZONES[1],
        "key_events": {"started_at": "2026-04-04T08:55", "detected_at": None, "classified_at": "2026-04-04T13:40:00Z"},
        "timeline": _pasted(draw, entries),
    }


def _entries(draw: random.Random) -> Iterator[dict[str, str]]:
    """Entries in order of time, with pauses of half a minute to hours."""
    at = START
    for number in range(ENTRIES):
        said = MOVES.get(number) or {"text": _text(draw, number)}
        yield {**_written(at, draw.choice(ZONES)), **said}
        if number not in MOVES and draw.random() < EQUAL_SHARE:
            continue
        at += timedelta(seconds=round(draw.lognormvariate(5.0, 1.1)) + 30)


def _written(at: datetime, zone: str) -> dict[str, str]:
    """A time as somebody in *zone* writes it: without an offset, except where that could be misunderstood."""
    local = at.astimezone(ZoneInfo(zone))
    if TWICE[0] <= at < TWICE[1] and zone == ZONES[2]:
        return {"at": local.isoformat()}
    written = {"at": local.strftime("%Y-%m-%dT%H:%M:%S")}
    return written if zone == ZONES[1] else {**written, "zone": zone}


def _text(draw: random.Random, number: int) -> str:
    return draw.choice(WHAT).format(who=draw.choice(PEOPLE), bank=draw.choice(BANKS), count=number * 13 % 997)


def _pasted(draw: random.Random, entries: list[dict[str, str]]) -> list[dict[str, str]]:
    """The entries as they were pasted: some too late, none of one instant past another, since their order counts."""
    places = [place + (draw.randint(1, LATE_BY) if draw.random() < LATE_SHARE else 0) for place in range(len(entries))]
    for place in range(1, len(entries)):
        if _instant(entries[place]) == _instant(entries[place - 1]):
            places[place] = places[place - 1]
    return [entry for _, entry in sorted(zip(places, entries, strict=True), key=lambda pair: pair[0])]


def _instant(entry: dict[str, str]) -> datetime:
    moment = datetime.fromisoformat(entry["at"])
    zone = ZoneInfo(entry.get("zone") or ZONES[1])
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


if __name__ == "__main__":
    sys.exit(main())
