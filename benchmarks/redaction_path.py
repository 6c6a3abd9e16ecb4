"""The real way of a record to the endpoint, with a canary in every field, and looking for it where it must not be."""

import base64
import html
import itertools
import json
import logging
import re
import tempfile
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from pydantic import SecretStr

from analysis.errors import Unavailable
from analysis.events import EventKind, Source
from analysis.outgoing.directory import People
from analysis.outgoing.gate import leaks
from analysis.outgoing.typed import Sending, typed
from analysis.outgoing.vault import Vault
from analysis.timeline import message_key, timeline
from benchmarks.redaction_canaries import Canary
from bot.llm.endpoint import Endpoint, EndpointSettings
from bot.llm.leak_gate import gate_for
from bot.ports.model import Question
from bot.store.database.engine import open_database
from bot.store.migrate import upgrade
from tests.bot.store.parts import Store, open_store
from tests.ledgers import Ledger
from tests.model_endpoint import FakeEndpoint, endpoint, says

A_RECORD = 40
#: In how many fields each canary stands; the fields take turns.
FIELDS_EACH = 4
#: So many letters or digits of a value in a row, wherever they are seen, count as the value.
_WINDOW = 8
_LOOPBACK = (ip_network("127.0.0.0/8"),)
_INSTRUCTIONS = "Write one sentence for each event. Cite its id. Answer with JSON."
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{8,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_PEOPLE = frozenset({"directory", "stranger"})
log = logging.getLogger("benchmarks.redaction")


@dataclass(slots=True, kw_only=True)
class Run:
    """What came of it; hits are (kind, disguise) of canaries that were seen.

    `by_chance` are those in files of values that were never planted: ids of rows are full of digits.
    """

    planted: int
    requests: int = 0
    bytes_sent: int = 0
    stopped: int = 0
    gate_asked: int = 0
    gate_alone: int = 0
    at_sink: list[tuple[str, str]] = field(default_factory=list)
    in_log: list[tuple[str, str]] = field(default_factory=list)
    in_files: list[tuple[str, str]] = field(default_factory=list)
    never_planted: int = 0
    by_chance: list[tuple[str, str]] = field(default_factory=list)


def _promoted_message(ledger: Ledger, text: str) -> None:
    ts = f"{len(ledger.events)}.000001"
    payload = {"channel": "C0", "ts": ts, "version": ts}
    ledger.add(EventKind.MESSAGE, 1, text, payload, natural_key=f"{message_key('C0', ts)}:{ts}")
    ledger.add(EventKind.MESSAGE_MARKED, 1, "", {"channel": "C0", "ts": ts, "emoji": "pin", "at": ts})
    tag = {"as": "fact", "message": message_key("C0", ts)}
    ledger.add(EventKind.FACT_PROMOTED, 2, "", tag)


def _tagged_note(ledger: Ledger, text: str) -> None:
    note = ledger.note(1, text)
    ledger.add(EventKind.FACT_PROMOTED, 2, "", {"as": "impact"}, refers_to=note.id)


def _corrected(ledger: Ledger, text: str) -> None:
    note = ledger.note(1, "Rolled back", source=Source.IMPORT)
    ledger.add(EventKind.CORRECTED, 2, text, {"changes": ["text"]}, refers_to=note.id)


def _machine(kind: EventKind, name: str, **payload: str) -> Callable[[Ledger, str], None]:
    def add(ledger: Ledger, text: str) -> None:
        filled = {
            key: value.format(text=text.replace("{", "{{")) if "{text}" in value else value
            for key, value in payload.items()
        }
        ledger.add(kind, 1, text if name == "text" else "", filled, source=Source.WEBHOOK, actor="webhook:ci")

    return add


#: Every field of a record that takes words, by what plants them there.
FIELDS: dict[str, Callable[[Ledger, str], None]] = {
    "title": lambda ledger, text: void(ledger.declare(title=text)),
    "note": lambda ledger, text: void(ledger.note(1, text)),
    "note, tagged": _tagged_note,
    "note, imported": lambda ledger, text: void(ledger.note(1, text, source=Source.IMPORT)),
    "correction": _corrected,
    "message, promoted": _promoted_message,
    "impact": lambda ledger, text: void(ledger.add(EventKind.IMPACT_SET, 1, text)),
    "update": lambda ledger, text: void(ledger.add(EventKind.UPDATE_SENT, 1, text)),
    "reason": lambda ledger, text: void(ledger.status(1, "declared", "investigating", reason=text)),
    "deploy": _machine(EventKind.DEPLOY, "text", service="checkout"),
    "service": _machine(EventKind.DEPLOY, "", service="{text}"),
    "version": _machine(EventKind.DEPLOY, "", service="checkout", version="{text}"),
    "link": _machine(EventKind.DEPLOY, "", service="checkout", link="https://ci.example/{text}"),
    "flag": _machine(EventKind.FEATURE_FLAG, "", flag="{text}"),
    "value of a flag": _machine(EventKind.FEATURE_FLAG, "", flag="new pool", value="{text}"),
    "external event": _machine(EventKind.EXTERNAL, "text"),
    "label of an event": _machine(EventKind.EXTERNAL, "text", service="{text}"),
    "alert annotation": _machine(EventKind.ALERT_GROUP_ATTACHED, "text", rule="HighErrorRate", since="x"),
    "sender": lambda ledger, text: void(
        ledger.add(EventKind.DEPLOY, 1, "", {}, source=Source.WEBHOOK, actor=f"webhook:{text}")
    ),
    "actor": lambda ledger, text: void(ledger.add(EventKind.IMPACT_SET, 1, "Cards fail", actor=f"slack:{text}")),
    "name of an actor": lambda ledger, _: void(
        ledger.add(EventKind.IMPACT_SET, 1, "Cards fail", actor=f"slack:UX{len(ledger.events)}")
    ),
    "holder of a role": lambda ledger, text: void(ledger.role(1, "incident_commander", f"slack:{text}")),
}


def void(_: object) -> None:
    """Nothing."""


def run(planted: Sequence[Canary], never: Sequence[Canary] = ()) -> Run:
    """Send *planted* through every field and look for it; in files also for what was *never* planted."""
    found = Run(planted=len(planted), never_planted=len(never))
    with tempfile.TemporaryDirectory() as name, logged(Path(name)) as written, endpoint(says("{}")) as server:
        folder = Path(name)
        with stored(folder) as store:
            for start in range(0, len(planted), A_RECORD):
                _send(planted[start : start + A_RECORD], server, store, found)
        found.in_log = seen(planted, [written.read_bytes()])
        files = [path for path in folder.rglob("*") if path.is_file() and path != written]
        contents = [path.read_bytes() for path in files]
        found.in_files, found.by_chance = seen(planted, contents), seen(never, contents)
    return found


def _send(planted: Sequence[Canary], server: FakeEndpoint, store: Store, found: Run) -> None:
    ledger, names = Ledger(), {}
    turns = itertools.cycle(FIELDS.items())
    for canary in planted:
        if canary.kind == "directory":
            names[f"slack:{canary.disguise.partition('|')[2]}"] = canary.core
        for field_name, plant in itertools.islice(turns, FIELDS_EACH):
            if field_name == "name of an actor":
                names[f"slack:UX{len(ledger.events)}"] = canary.text
            plant(ledger, canary.text)
    incident = store.declare()
    outgoing = typed(
        Sending(entries=timeline(ledger.events), vault=store.vaults.open(incident.id, 1)), People(names=names)
    )
    store.vaults.keep(incident.id, outgoing.vault, 1)
    rows = [
        {"id": one.id, "at": one.at.isoformat(), "kind": one.kind, "who": one.who, "tags": one.tags, "text": one.text}
        for one in outgoing.events
    ]
    sent = len(server.received)
    try:
        ask(server, outgoing.vault, json.dumps(rows, ensure_ascii=len(server.received) % 2 == 0))
    except Unavailable as error:
        found.stopped += 1
        log.warning("stopped: %s", error)
    for received in server.received[sent:]:
        found.requests += 1
        found.bytes_sent += len(received.body)
        found.at_sink += seen(
            planted, [received.body, received.path.encode(), json.dumps(dict(received.headers)).encode()]
        )
    # What a person is called, only the vault can know; of a value, its form must be enough.
    for canary in planted:
        vault = outgoing.vault if canary.kind in _PEOPLE else Vault(salt=bytes(16))
        found.gate_asked += 1
        request = json.dumps({"content": f"then {canary.text} failed"}).encode()
        found.gate_alone += bool(leaks(request, vault))


def ask(server: FakeEndpoint, vault: Vault, material: str) -> None:
    """Send *material* by the endpoint's client, with its gate."""
    settings = EndpointSettings(base_url=server.url, model="pinned", api_key=SecretStr("none"), networks=_LOOPBACK)
    with closing(Endpoint(settings, gate=gate_for(vault))) as model:
        question = Question(instructions=_INSTRUCTIONS, material=material, schema={"type": "object"}, answer_tokens=400)
        log.info("asked", extra={"answer": model.ask(question, seconds=30).text})


@contextmanager
def stored(folder: Path) -> Iterator[Store]:
    """An empty database in *folder*."""
    database = open_database(f"sqlite:///{folder / 'debrief.db'}")
    upgrade(database)
    with open_store(database, folder / "debrief.key") as store:
        yield store
    database.close()


@contextmanager
def logged(folder: Path) -> Iterator[Path]:
    """Everything that any logger says, at every level, in a file."""
    path = folder / "everything.log"
    handler, root = logging.FileHandler(path), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield path
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def seen(planted: Sequence[Canary], contents: Sequence[bytes]) -> list[tuple[str, str]]:
    """The canaries of which anything is in *contents*, in any reading of them."""
    letters = "\n".join(squeezed(reading) for content in contents for reading in readings(content))
    grams = {letters[at : at + _WINDOW] for at in range(len(letters) - _WINDOW + 1)}
    words = set(
        re.findall(r"\w+", "\n".join(reading for content in contents for reading in readings(content)).casefold())
    )
    return [(one.kind, one.disguise) for one in planted if _isseen(one, grams, words, letters)]


def _isseen(canary: Canary, grams: set[str], words: set[str], letters: str) -> bool:
    if canary.kind in _PEOPLE:
        parts = [part.casefold() for part in re.findall(r"\w+", canary.core) if len(part) > 1]
        parts.append(canary.disguise.partition("|")[2].casefold())
        return any(part in words for part in parts) or squeezed(canary.core) in letters
    core = squeezed(canary.core)
    return any(core[at : at + _WINDOW] in grams for at in range(max(1, len(core) - _WINDOW + 1)))


def readings(content: bytes) -> Iterator[str]:
    """What *content* may mean to whoever reads it: without escapes, base64 and hexadecimal."""
    text = content.decode("utf-8", errors="replace")
    for _ in range(3):
        yield text
        yield "\n".join(filter(None, map(_decoded, _TOKEN.findall(text))))
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text).replace('\\"', '"').replace("\\n", "\n")
        text = html.unescape(urllib.parse.unquote(text)).encode("utf-8", "replace").decode()


def _decoded(token: str) -> str:
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_" if "-" in token else None).decode()
    except ValueError:
        pass
    try:
        return bytes.fromhex(token).decode()
    except ValueError:
        return ""


def squeezed(text: str) -> str:
    """The letters and digits of *text* alone, in one width and case."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in plain if one.isalnum())
