"""Values of many kinds in the ways in which they stand in a record, through the real path; each row is looked at."""

import base64
import itertools
import json
import random
import re
import string
import tempfile
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import Unavailable
from analysis.outgoing.directory import People
from analysis.outgoing.typed import Sending, typed
from analysis.outgoing.vault import PLACEHOLDER
from analysis.slacktext import decode
from analysis.timeline import timeline
from benchmarks.redaction_kinds import KINDS, draw, half
from benchmarks.redaction_path import A_RECORD, FIELDS, FIELDS_EACH, ask, logged, readings, squeezed, stored
from tests.bot.store.parts import Store
from tests.ledgers import Ledger
from tests.model_endpoint import FakeEndpoint, endpoint, says

#: How many values are drawn of a kind, and in how many ways each of them stands.
VALUES, WAYS = 6, 4
#: So many letters and digits in a row of a value with digits count as the value; one without must be there whole.
_WINDOW = 5
_LIKE_LATIN = str.maketrans(
    "aeopcxABEKMHOPCTX",
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425",
)
_READ_LATIN = {after: before for before, after in _LIKE_LATIN.items()}
_WIDE = {ord(one): ord(one) + 0xFEE0 for one in map(chr, range(ord("!"), ord("~") + 1))}
_HEX_PAIRS = re.compile(r"(?:[0-9a-f]{2} ?){4,}")
_WALL = "\u0001"

STANDINGS: dict[str, Callable[[str], str]] = {
    "sentence": lambda value: f"The call was about {value} and we are looking into it.",
    "alone": str,
    "after colon": lambda value: f"Reported by support: {value}",
    "brackets": lambda value: f"Payment declined ({value}) at 10:42",
    "possessive sentence start": lambda value: f"{value} was charged twice.",
    "JSON dump": lambda value: json.dumps({"ref": value, "status": "failed", "attempt": 3}, ensure_ascii=False),
    "JSON escaped": lambda value: json.dumps({"body": json.dumps({"v": value})}),
    "SQL": lambda value: f"UPDATE payments SET state = 'failed' WHERE note = '{value}';",  # noqa: S608 - a text
    "URL query": lambda value: f"GET /v1/search?limit=5&q={urllib.parse.quote(value)}&page=2 returned 500",
    "URL query plus": lambda value: f"https://admin.internal/find?term={urllib.parse.quote_plus(value)}",
    "Slack link title": lambda value: decode(f"<https://wiki.internal/page/7|{value}>"),
    "Slack bold": lambda value: f"*{value}* was _refused_",
    "Slack code": lambda value: f"`{value}` in the log",
    "Slack block": lambda value: f"```\nstate=failed\n{value}\nretry=3\n```",
    "table": lambda value: f"| failed | {value} | 12 |",
    "CSV": lambda value: f"failed,{value.replace(',', ';')},12,retry",
    "file name": lambda value: f"export_{value.replace(' ', '_').replace('/', '-')}.csv was uploaded",
    "stack trace": lambda value: f"ValueError: cannot parse '{value}'\n  at parse (handler.js:12)",
    "log line": lambda value: f'level=error msg="refused" value="{value}" took=12ms',
    "log key": lambda value: f"level=error user={value.replace(' ', '_')} took=12ms",
    "XML": lambda value: f"<ref>{value}</ref><state>failed</state>",
    "YAML": lambda value: f"ref: {value}\nstate: failed",
    "bullet": lambda value: f"- state failed\n- {value}\n- retried",
    "base64": lambda value: f"payload {base64.b64encode(value.encode()).decode()} refused",
    "base64 url": lambda value: f"token={base64.urlsafe_b64encode(value.encode()).decode().rstrip('=')}",
    "hex": lambda value: f"bytes {value.encode().hex()} refused",
    "hex pairs": lambda value: f"dump {value.encode().hex(' ')}",
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "zero width": lambda value: "value " + "\u200b".join(value),
    "full width": lambda value: f"value {value.translate(_WIDE)}",
    "homoglyph": lambda value: f"value {value.translate(_LIKE_LATIN)}",
    "lines": lambda value: (
        value.replace(" ", "\n") if " " in value else f"{value[: len(value) // 2]}\n{value[len(value) // 2 :]}"
    ),
    "upper": lambda value: f"SEE {value.upper()}",
    "lower": lambda value: f"see {value.lower()}",
    "mail header": lambda value: f"Subject: Re: {value}\nTo: support",
    "quoted": lambda value: f"> “{value}”, they said",
    "spaced": lambda value: f"value {' '.join(value)}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One value in one way: `cores` of it must not be seen."""

    kind: str
    way: str
    text: str
    cores: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Looked:
    """What came of it; `leaked` has by kind, way, field and text what left of a value."""

    standings: int
    requests: int = 0
    stopped: int = 0
    leaked: dict[tuple[str, str, str, str], str] = field(default_factory=dict)


def standings(part: str, seed: int) -> list[Standing]:
    """All kinds of *part* in its ways, in turn."""
    drawn, ways = random.Random(seed), itertools.cycle([name for name in STANDINGS if half("c", name) == part])
    made = []
    for kind in KINDS:
        for _ in range(VALUES if half("k", kind) == part else 0):
            text, cores = draw(KINDS[kind], drawn)
            taken = itertools.islice(ways, WAYS)
            made += [Standing(kind=kind, way=way, text=STANDINGS[way](text), cores=cores) for way in taken]
            next(ways)
    return made


def look(placed: Sequence[Standing]) -> Looked:
    """Send *placed* through every field and look at the rows that arrive."""
    found, turns = Looked(standings=len(placed)), itertools.cycle(FIELDS)
    with (
        tempfile.TemporaryDirectory() as name,
        logged(Path(name)),
        endpoint(says("{}")) as server,
        stored(Path(name)) as store,
    ):
        for start in range(0, len(placed), A_RECORD):
            _send(placed[start : start + A_RECORD], turns, server, store, found)
    return found


def _send(placed: Sequence[Standing], turns: Iterator[str], server: FakeEndpoint, store: Store, found: Looked) -> None:
    ledger, names = Ledger(), {}
    whose: dict[int, tuple[Standing, str]] = {}
    for one in placed:
        for name in itertools.islice(turns, FIELDS_EACH):
            before = len(ledger.events)
            if name == "name of an actor":
                names[f"slack:UX{before}"] = one.text
            FIELDS[name](ledger, one.text)
            whose |= {event.seq: (one, name) for event in ledger.events[before:]}
    entries, incident = timeline(ledger.events), store.declare()
    outgoing = typed(Sending(entries=entries, vault=store.vaults.open(incident.id, 1)), People(names=names))
    rows = [[event.id, event.who, event.text] for event in outgoing.events]
    arrived = len(server.received)
    try:
        ask(server, outgoing.vault, json.dumps(rows))
    except Unavailable:
        found.stopped += 1
    labels = {entry.label: whose[entry.event.seq] for entry in entries}
    for received in server.received[arrived:]:
        found.requests += 1
        for label, who, text in json.loads(json.loads(received.body)["messages"][-1]["content"]):
            one, name = labels[label]
            if shows(f"{who}{_WALL}{text}", one.cores):
                found.leaked[one.kind, one.way, name, one.text] = text


def shows(text: str, cores: Sequence[str]) -> bool:
    """Whether *text* gives away anything of *cores*, in any reading; placeholders part what stands beside them."""
    plain = PLACEHOLDER.sub(_WALL, text.translate(_READ_LATIN))
    more = [bytes.fromhex(pairs[0]).decode(errors="ignore") for pairs in _HEX_PAIRS.finditer(plain)]
    # What is decoded must begin after the sign of an assignment.
    ways = itertools.chain.from_iterable(readings(one.encode()) for one in (plain, plain.replace("=", " ")))
    for reading in (*ways, urllib.parse.unquote_plus(plain), *more):
        pieces = [squeezed(piece) for piece in reading.split(_WALL)]
        if any(part in piece for core in cores for part in _parts(squeezed(core)) for piece in pieces):
            return True
    return False


def _parts(core: str) -> list[str]:
    if not any(one in string.digits for one in core):
        return [core]
    window = min(len(core), _WINDOW)
    return [core[at : at + window] for at in range(len(core) - window + 1)]
