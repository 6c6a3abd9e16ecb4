"""What a command costs the one writer on a long record, against the same command on a record of ten entries.

One incident a length, a fifth of its entries marked messages. On each, in turn:

* while it is active: a note, a mark of a message, an edit of a marked one; by label a promotion and its taking back,
  a correction, a withdrawal and a restoration; an erasure;
* in review: an approval, and with it standing a note, a mark, an edit, a correction;
* a draft: asking for it and storing it on the writer, composing beside it; meanwhile another thread writes notes on
  another incident, one after the other, and the longest of them counts. The same notes in as much time with nothing
  beside them, and with the draft composed in the writer's own transaction, stand beside it.

Times are of the writer's thread: CPU, and from submission to commit with nobody else in the queue.
"""

import itertools
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from analysis.events import EventKind, Source, Tag
from analysis.incident import FOUR_EYES_SEVERITIES, Severity
from analysis.people import Access, Person
from analysis.timeline import timeline
from benchmarks.databases import DIALECTS, database_urls, temporary_folder
from benchmarks.measuring import argument_parser, machine, print_machine, print_table, write_json
from bot.late import build_drafts, build_signing
from bot.parts import SystemClock, open_workspace
from bot.ports.ledger import Reads
from bot.ports.records import Changes, Reply
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.opening import Store, open_store
from bot.usecases.incident.channels import LinkChannel, link_channel
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.resolve import Resolve, resolve
from bot.usecases.postmortem.approving import Approve, Approving
from bot.usecases.postmortem.composing import Composing, TemplatesAlone, gather
from bot.usecases.postmortem.drafting import Drafting, MakeDraft
from bot.usecases.postmortem.store_draft import StoreDraft, store_draft
from bot.usecases.privacy.erase import Erase, erase
from bot.usecases.timeline.correct import Correct, correct
from bot.usecases.timeline.messages import ChangeMessage, MarkMessage, Version, change_message, mark_message
from bot.usecases.timeline.note import Note, note
from bot.usecases.timeline.promote import Promote, promote
from bot.usecases.timeline.unpromote import Unpromote, unpromote
from bot.usecases.timeline.withdraw import Restore, Withdraw, restore, withdraw

LENGTHS = (10, 100, 1_000, 5_000)
COMMANDS = 40
EVERY_FIFTH = 5
ANA = Person(id="slack:U0ANA", access=frozenset(Access))
BEN = Person(id="slack:U0BEN", access=frozenset(Access))
TS = 1_772_355_600

C = TypeVar("C")

Ask = Callable[[int], tuple[Callable[[Reads, Any], Changes], Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Medians of one command, in milliseconds."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCost:
    """One draft, in milliseconds: on the writer, in all, and the longest that another command waited."""

    asking_cpu: float
    storing_cpu: float
    whole: float
    longest_wait: float
    longest_wait_alone: float
    longest_wait_inside: float


@dataclass(slots=True, kw_only=True)
class Bench:
    """An opened store, and incidents to write on."""

    store: Store
    workspace: Any
    signing: Any
    keys: Any = field(default_factory=lambda: itertools.count(1))

    def base(self, number: int | None = None, person: Person = ANA) -> dict[str, Any]:
        """The common fields of a command."""
        fields = {"person": person, "workspace_id": self.workspace, "natural_key": f"bench:{next(self.keys)}"}
        return {**fields, "number": number} if number else fields

    def write(self, use_case: Callable[[Reads, C], Changes], command: C) -> Reply:
        """Submit and wait."""
        return self.store.writer.submit(use_case, command).result()

    def incident(self, length: int) -> int:
        """Open an incident and give its record *length* entries."""
        number = self.write(declare, Declare(**self.base(), title="Card payments fail", severity=Severity.SEV3)).number
        assert number is not None
        channel = _channel(number)
        linked = LinkChannel(**self.base(number), channel=channel, channel_name=f"inc-{number}")
        self.write(link_channel, linked)
        waiting = []
        for place in range((length - 3) // EVERY_FIFTH):
            commands = [(note, self.note(number, place * 10 + one)) for one in range(EVERY_FIFTH - 2)]
            waiting += [self.store.writer.submit(*one, bulk=True) for one in [*commands, self.mark(number, place)]]
        for one in waiting:
            one.result()
        return number

    def note(self, number: int, place: int) -> Note:
        """A note that says something."""
        text = f"Error rate of card-auth in zone {place % 7} is {place} per 10,000 and the queue behind it grows."
        return Note(**self.base(number), text=text)

    def mark(self, number: int, place: int) -> tuple[Callable[[Reads, Any], Changes], MarkMessage]:
        """A mark that brings its message along: two entries."""
        ts = f"{TS + place}.000100"
        version = Version(text=f"Rolled back deploy {place} of card-auth", since=ts, author=BEN.id)
        channel = _channel(number)
        command = MarkMessage(**self.base(), channel=channel, ts=ts, emoji="pushpin", at=f"{ts}9", version=version)
        return mark_message, command

    def edit(self, number: int, place: int, *, after: str) -> tuple[Callable[[Reads, Any], Changes], ChangeMessage]:
        """An edit of a message."""
        ts, at = f"{TS + place}.000100", f"{TS + place + 60}.{next(self.keys) % 1_000_000:06d}"
        said = Version(text=after, since=at.partition(".")[0] + ".000000", author=BEN.id, change=at)
        return change_message, ChangeMessage(
            **self.base(), channel=_channel(number), ts=ts, at=at, before=None, after=said
        )

    def erasure(self, number: int) -> Erase:
        """The erasure of a new note; writing that costs nothing here, because it is asked before the measuring."""
        self.write(note, self.note(number, next(self.keys)))
        with self.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(self.workspace, number)
            assert incident is not None
            seq, _ = reads.head(incident.id)
        why = "the customer asked for it, request 4711"
        return Erase(**self.base(number), what=str(seq), field="text", reason=why, is_confirmed=True)

    def labels_of_notes(self, number: int) -> list[str]:
        """The labels of the notes from the later half of the record."""
        with self.store.snapshots.snapshot() as reads:
            incident = reads.incident_by_number(self.workspace, number)
            assert incident is not None
            notes = [each.label for each in timeline(reads.events(incident.id)) if each.event.kind is EventKind.NOTE]
        return notes[len(notes) // 2 :]

    def writer_cpu(self) -> float:
        """How long the writer's thread has run, in milliseconds."""
        return self.store.writer.call(lambda _: time.thread_time() * 1e3).result()


def measure(bench: Bench, ask: Ask, commands: int = COMMANDS) -> Cost:
    """The cost of what *ask* gives, one after the other."""
    bench.write(*ask(-1))
    asked = [ask(place) for place in range(commands)]
    walls, began = [], bench.writer_cpu()
    for use_case, command in asked:
        submitted = time.perf_counter()
        bench.write(use_case, command)
        walls.append((time.perf_counter() - submitted) * 1e3)
    return Cost(cpu=(bench.writer_cpu() - began) / commands, wall=statistics.median(walls))


def measure_active(bench: Bench, number: int, length: int) -> dict[str, Cost]:
    """Commands on an active incident; its record grows by a few of them."""
    new = itertools.count(1_000_000)
    last = max((length - 3) // EVERY_FIFTH, 1)
    costs = {
        "note": measure(bench, lambda place: (note, bench.note(number, place))),
        "mark": measure(bench, lambda _: bench.mark(number, next(new))),
        "edit": measure(bench, lambda place: bench.edit(number, place % last, after=f"It was deploy {place}")),
    }
    # Now, because messages of earlier instants have moved the labels.
    return costs | _measure_deciding(bench, number, bench.labels_of_notes(number))


def _measure_deciding(bench: Bench, number: int, labels: Sequence[str]) -> dict[str, Cost]:
    """Commands about an entry of the record."""
    first, why = labels[0], "it was about another incident"
    asked: dict[str, Ask] = {
        "promote": lambda n: (promote, Promote(**bench.base(number), what=labels[n % len(labels)], tag=Tag.FACT)),
        "unpromote": lambda _: (unpromote, Unpromote(**bench.base(number), label=labels[-1])),
        "correct": lambda n: (correct, Correct(**bench.base(number), label=first, text=f"It was deploy {n}.")),
        "withdraw": lambda _: (withdraw, Withdraw(**bench.base(number), label=first, reason=why)),
        "restore": lambda _: (restore, Restore(**bench.base(number), label=first)),
        "erase": lambda _: (erase, bench.erasure(number)),
    }
    return {name: measure(bench, ask) for name, ask in asked.items()}


def measure_in_review(bench: Bench, number: int, approval: Cost) -> dict[str, Cost]:
    """Commands on an incident whose draft is approved; none of them touches what it cites."""
    new = itertools.count(2_000_000)
    marked = [next(new) for _ in range(COMMANDS + 1)]
    marks = iter(marked)
    costs = {
        "approve": approval,
        "note": measure(bench, lambda place: (note, bench.note(number, place))),
        "mark": measure(bench, lambda _: bench.mark(number, next(marks))),
        "edit": measure(bench, lambda place: bench.edit(number, marked[place], after=f"It was deploy {place}")),
    }
    newest = bench.labels_of_notes(number)[-1]  # now, because messages of earlier instants have moved the labels
    costs["correct"] = measure(
        bench, lambda place: (correct, Correct(**bench.base(number), label=newest, text=f"It was deploy {place}."))
    )
    with bench.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(bench.workspace, number)
        assert incident is not None
        revision = reads.revision_heads(incident.id)[-1]
        assert [one.voided_because for one in reads.approvals(revision.id)] == [None]
    return costs


def measure_draft(bench: Bench, number: int, other: int) -> DraftCost:
    """Draft the incident twice: as it is done, and with everything inside the writer's transaction."""
    bench.write(resolve, Resolve(**bench.base(number), is_confirmed=True))
    before = bench.writer_cpu()
    bench.write(Drafting(signing=bench.signing), MakeDraft(**bench.base(number)))
    asking = bench.writer_cpu() - before
    drafts = build_drafts(bench.signing, bench.store.snapshots, _nobody)
    storing: list[float] = []

    def store(command: StoreDraft) -> Reply:
        began = bench.writer_cpu()
        reply = bench.write(store_draft, command)
        storing.append(bench.writer_cpu() - began)
        return reply

    whole, longest = _beside(bench, other, lambda: drafts.make_now(MakeDraft(**bench.base(number)), store))
    _, alone = _beside(bench, other, lambda: time.sleep(whole / 1e3))
    bench.write(note, bench.note(number, 0))
    inside = _beside(bench, other, lambda: bench.write(_inside(bench), MakeDraft(**bench.base(number))))[1]
    return DraftCost(
        asking_cpu=asking,
        storing_cpu=min(storing),
        whole=whole,
        longest_wait=longest,
        longest_wait_alone=alone,
        longest_wait_inside=inside,
    )


def approve(bench: Bench, number: int) -> Cost:
    """Draft the incident anew and let its draft be approved; what the approval costs."""
    drafts = build_drafts(bench.signing, bench.store.snapshots, _nobody)
    bench.write(note, bench.note(number, 1))
    drafts.make_now(MakeDraft(**bench.base(number)), lambda command: bench.write(store_draft, command))
    with bench.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(bench.workspace, number)
        assert incident is not None
        head = reads.revision_heads(incident.id)[-1]
    approving = Approving(signing=bench.signing, floor=FOUR_EYES_SEVERITIES)
    command = Approve(**bench.base(number, BEN), source=Source.COMMAND_LINE, hash_prefix=head.hash.hex())
    with bench.store.snapshots.snapshot() as reads:
        prepared = approving.prepare(reads, command)
    before, began = bench.writer_cpu(), time.perf_counter()
    bench.write(approving, prepared)
    wall = (time.perf_counter() - began) * 1e3
    return Cost(cpu=bench.writer_cpu() - before, wall=wall)


def run(url: str, folder: Path, lengths: Sequence[int]) -> dict[int, dict[str, Any]]:
    """All measures on one database, by length."""
    settings = Settings(database_url=url, key_file=folder / "bench.key", anchors_file=None)
    store = open_store(settings, SystemClock(), prepare=upgrade)
    try:
        workspace = open_workspace(store, "T0BENCH", "Benchmark")
        bench = Bench(store=store, workspace=workspace, signing=build_signing(settings))
        other = bench.incident(10)
        return {length: _measured(bench, length, other) for length in lengths}
    finally:
        store.close()


def _measured(bench: Bench, length: int, other: int) -> dict[str, Any]:
    number = bench.incident(length)
    active = measure_active(bench, number, length)
    draft = measure_draft(bench, number, other)
    approval = approve(bench, number)
    return {"active": active, "in review": measure_in_review(bench, number, approval), "draft": draft}


def _beside(bench: Bench, other: int, work: Callable[[], object]) -> tuple[float, float]:
    """How long *work* takes, and the longest that a note on *other* waited meanwhile, in milliseconds."""
    waits: list[float] = [0.0]
    done = threading.Event()

    def write_notes() -> None:
        while not done.is_set():
            submitted = time.perf_counter()
            bench.write(note, bench.note(other, len(waits)))
            waits.append((time.perf_counter() - submitted) * 1e3)
            time.sleep(0.005)

    thread = threading.Thread(target=write_notes)
    thread.start()
    began = time.perf_counter()
    work()
    took = (time.perf_counter() - began) * 1e3
    done.set()
    thread.join()
    return took, max(waits)


def _inside(bench: Bench) -> Callable[[Reads, MakeDraft], Changes]:
    """The draft as one use case: read, composed and stored in one transaction."""
    composing = Composing(signing=bench.signing, composer=TemplatesAlone(names=_nobody), names=_nobody)

    def draft(reads: Reads, command: MakeDraft) -> Changes:
        incident = reads.incident_by_number(command.workspace_id, command.number or 0)
        assert incident is not None
        composed = composing(gather(reads, incident), command.person.id)
        return store_draft(reads, StoreDraft(**bench.base(command.number), composed=composed))

    return draft


def _channel(number: int) -> str:
    return f"C0BENCH{number}"


def _nobody(_: str) -> str:
    return ""


def _print(dialect: str, measured: dict[int, dict[str, Any]]) -> None:
    shortest = measured[min(measured)]
    columns = (dialect, *(f"{length:,} entries" for length in measured))
    rows = []
    for state in ("active", "in review"):
        for name, base in shortest[state].items():
            costs = [one[state][name] for one in measured.values()]
            rows.append(
                (f"{name}, {state}: CPU ms (x)", *(f"{one.cpu:.2f} ({one.cpu / base.cpu:.1f})" for one in costs))
            )
            rows.append(
                (f"{name}, {state}: ms (x)", *(f"{one.wall:.2f} ({one.wall / base.wall:.1f})" for one in costs))
            )
    drafts = [one["draft"] for one in measured.values()]
    for title, name in _DRAFT_ROWS.items():
        rows.append((title, *(f"{getattr(one, name):.1f}" for one in drafts)))
    print_table(columns, rows)
    print()


_DRAFT_ROWS = {
    "draft, asking: writer CPU ms": "asking_cpu",
    "draft, storing: writer CPU ms": "storing_cpu",
    "draft, whole: ms": "whole",
    "longest note beside it: ms": "longest_wait",
    "longest note, no draft: ms": "longest_wait_alone",
    "longest note, draft in the writer: ms": "longest_wait_inside",
}


def main() -> int:
    """Measure and print."""
    parser = argument_parser(__doc__)
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS, help="entries of the records")
    parser.add_argument("--database", choices=(*DIALECTS, "both"), default="both")
    arguments = parser.parse_args()
    dialects = DIALECTS if arguments.database == "both" else (arguments.database,)
    with temporary_folder() as folder, database_urls(folder, dialects) as databases:
        facts = machine(folder)
        print_machine(facts)
        measured = {}
        for dialect in dialects:
            measured[dialect] = run(databases.url(dialect), folder / dialect, arguments.lengths)
            _print(dialect, measured[dialect])
    write_json(arguments.json, facts, measured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
