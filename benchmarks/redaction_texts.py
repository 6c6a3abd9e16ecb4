"""How well redaction tells what must go from what may stay: own templates with known places, and real records."""

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.outgoing.directory import People
from analysis.outgoing.redacting import Redactor
from analysis.outgoing.vault import Register, Vault
from benchmarks.redaction_canaries import canaries
from benchmarks.redaction_names import NAMES

_TEXTS = 3_000
_WORD = re.compile(r"[^\W_]+")
_SLOT = re.compile(r"\{(\w+)\}")
_MOST_UPDATES = 4_000
#: Sentences of incidents with places for values; the two parts share none.
TEMPLATES: dict[str, tuple[str, ...]] = {
    "seen": (
        "{name} rolled back the deployment after customers reported declined payments.",
        "Refunded card {card} twice, {name} is looking into the ledger.",
        "Support got a mail from {email} about a missing payout to {iban}.",
        "Connections from {ip} were dropped by the firewall between 10:05 and 10:20 UTC.",
        "The on-call engineer called {phone} and left a message.",
        "Found {key} in the logs of checkout, rotated it and restarted the workers.",
        "Error rate of the gateway fell from 12.5% to 0.3% after the cache was cleared.",
        "{name} and {name} agreed to fail over to the second region.",
        "Queue depth reached 12,400 messages; consumers were scaled from 4 to 16.",
        "Set {token} in the environment by mistake, says {name}.",
    ),
    "unseen": (
        "At 14:32 {name} noticed that authorisations took longer than 3 seconds.",
        "A merchant at {email} asked why {card} was charged again.",
        "The partner bank confirmed that transfers to {iban} are delayed until Monday.",
        "Paged {name}; nobody answered, so {name} was phoned at {phone}.",
        "Health checks to {ip} timed out, the load balancer removed the node.",
        "A dump with {token} was attached to the ticket and has been deleted.",
        "Replication lag rose to 45 minutes while the index was rebuilt.",
        "Latency is back to normal, p99 at 240 ms, and we keep monitoring.",
        "Whoever used {key} must replace it before the end of the day.",
        "Thanks to {name} for finding the expired certificate so quickly.",
    ),
}
_KINDS = {
    "card": "card",
    "email": "e-mail",
    "iban": "IBAN",
    "ip": "IP",
    "phone": "phone",
    "key": "key",
    "token": "token",
}


def detected(part: str, seed: int) -> dict[str, dict[str, Any]]:
    """Recall and precision by letters, for each kind; precision is of all that was taken out of the same texts."""
    drawn, values = random.Random(seed), _values(part, seed)
    gold, hit, taken = Counter[str](), Counter[str](), Counter[str]()
    counts = Counter[str]()
    for _ in range(_TEXTS):
        text, places, around = _filled(drawn, drawn.choice(TEMPLATES[part]), values)
        found = {at for one in _redactor().examine(text).entities for at in range(one.start, one.end)}
        meant = {at for start, end, _ in around for at in range(start, end)}
        taken["all"] += len(found)
        hit["of all"] += len(found & meant)
        for start, end, kind in places:
            counts[kind] += 1
            gold[kind] += len(_letters(text, start, end))
            hit[kind] += len(found & _letters(text, start, end))
    precision = round(hit["of all"] / taken["all"], 4)
    return {
        kind: {"gold": counts[kind], "recall": round(hit[kind] / gold[kind], 4), "precision": precision}
        for kind in gold
    }


def survival(data: Path) -> dict[str, dict[str, Any]]:
    """The share of words that leave, of records and status updates, without a list of the site's words."""
    records = sorted((data / "incidents" / "dfds").glob("*.json"))
    shares = {path.stem: _share(_texts_of(path)) for path in records}
    updates = data / "status" / "github_incidents.jsonl.gz"
    found = {"dfds": _summary(shares)} if shares else {}
    return {**found, "GitHub status": {"all": round(_share(_updates(updates)), 4)}} if updates.exists() else found


def _values(part: str, seed: int) -> dict[str, list[tuple[str, str]]]:
    plain = [one for one in canaries(40_000, seed) if one.disguise == "as it is"]
    found = {slot: [(one.core, one.text) for one in plain if one.kind == kind] for slot, kind in _KINDS.items()}
    return {**found, "name": [(one.core, one.core) for one in NAMES[part](2_000, seed)]}


Place = tuple[int, int, str]


def _filled(
    drawn: random.Random, template: str, values: dict[str, list[tuple[str, str]]]
) -> tuple[str, list[Place], list[Place]]:
    """A text, where the cores of its values stand, and where the values stand with what belongs to them."""
    text, position = "", 0
    cores: list[Place] = []
    wholes: list[Place] = []
    for slot in _SLOT.finditer(template):
        core, value = drawn.choice(values[slot[1]])
        text += template[position : slot.start()]
        at = len(text) + value.find(core) if core in value else len(text)
        cores.append((at, at + len(core if core in value else value), slot[1]))
        wholes.append((len(text), len(text) + len(value), slot[1]))
        text, position = text + value, slot.end()
    return text + template[position:], cores, wholes


def _letters(text: str, start: int, end: int) -> set[int]:
    return {at for at in range(start, end) if text[at].isalnum()}


def _redactor() -> Redactor:
    return Redactor(Register(Vault(salt=bytes(16))), People())


def _share(texts: list[str]) -> float:
    redactor = _redactor()
    redactor.learn(texts)
    words = lost = 0
    for text in texts:
        words += len(_WORD.findall(text))
        lost += sum(len(_WORD.findall(text[one.start : one.end])) for one in redactor.examine(text).entities)
    return 1 - lost / max(1, words)


def _summary(shares: dict[str, float]) -> dict[str, Any]:
    ordered = sorted(shares.values())
    median = ordered[len(ordered) // 2]
    return {
        "median": round(median, 4),
        "least": round(ordered[0], 4),
        "greatest": round(ordered[-1], 4),
        "each": {name: round(share, 3) for name, share in shares.items()},
    }


def _texts_of(path: Path) -> list[str]:
    record = json.loads(path.read_bytes())
    return [record["title"], *(entry["text"] for entry in record["timeline"])]


def _updates(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(_bodies(json.loads(line) for line in file))[:_MOST_UPDATES]


def _bodies(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield row["title"]
        yield from (update["message"] for update in row["updates"])
