"""`debrief eval group`: file in, file out."""

import gzip
import json
import math
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.measuring import SHARED
from bot.cli import main
from tests.bot.cli.conftest import Debrief

STORM = SHARED / "alerts" / "storm" / "t0_sparse"
GRAPH = {"services": [{"name": "store", "pods": ["store-0"]}], "calls": [["cart", "store"], ["pay", "store"]]}
ALERTS = [
    {"id": "a1", "service": "store", "rule": "StoreReplicationLag", "at": "00:00:30"},
    {"id": "a2", "service": "cart", "rule": "BlackboxProbeFailed", "at": "00:02:30"},
    {"id": "a3", "service": "mail", "rule": "MailQueueFull", "at": "00:03:00"},
]


def row(name: str, service: str, rule: str, at: str) -> dict[str, Any]:
    """One alert as a file has it."""
    return {
        "id": name,
        "source": "alertmanager",
        "rule": rule,
        "severity": "warning",
        "status": "firing",
        "labels": {"service": service},
        "annotations": {"summary": f"{rule} on {service} – é"},
        "starts_at": f"2026-03-02T{at}Z",
        "received_at": f"2026-03-02T{at}Z",
    }


def written(path: Path, rows: list[Any]) -> Path:
    """Write rows, gzipped where the name says so."""
    content = "".join(json.dumps(one) + "\n" for one in rows).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


@pytest.fixture
def alerts(own_folder: Path) -> Path:
    """Return a file of three alerts, two of one cause."""
    return written(
        own_folder / "alerts.jsonl", [row(one["id"], one["service"], one["rule"], one["at"]) for one in ALERTS]
    )


def lines(text: str) -> list[dict[str, Any]]:
    """Return the rows in a text."""
    return [json.loads(line) for line in text.splitlines()]


def test_group_writes_a_row_for_each_alert(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """Fingerprint, group, action and reasons, in the order of the input; weights add up to the logit."""
    graph = own_folder / "graph.json"
    graph.write_text(json.dumps(GRAPH))

    answer = debrief("eval", "group", "--in", str(alerts), "--graph", str(graph))

    rows = lines(answer.out)
    assert (answer.status, answer.err) == (0, "")
    assert [one["id"] for one in rows] == ["a1", "a2", "a3"]
    assert [one["group_id"] for one in rows] == ["G-1", "G-1", "G-2"]
    assert {one["action"] for one in rows} == {"pass"}
    assert all(len(one["fingerprint"]) == 16 for one in rows)
    assert "calls store" in [reason["text"] for reason in rows[1]["reasons"]]
    for one in rows:
        assert math.fsum(reason["weight"] for reason in one["reasons"]) == pytest.approx(one["logit"], abs=1e-9)
        assert all(set(reason) == {"code", "weight", "evidence", "text"} for reason in one["reasons"])


def test_group_reads_and_writes_gzip_and_repeats_to_the_byte(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """The same rows make the same bytes, packed or not, into a file or to the terminal."""
    packed = written(own_folder / "alerts.jsonl.gz", lines(alerts.read_text()))
    plain = debrief("eval", "group", "--in", str(alerts)).out

    for name in ("one.jsonl", "one.jsonl.gz", "two.jsonl.gz"):
        assert debrief("eval", "group", "--in", str(packed), "--out", name).out == ""

    assert (own_folder / "one.jsonl").read_text() == plain
    assert gzip.decompress((own_folder / "one.jsonl.gz").read_bytes()).decode() == plain
    assert (own_folder / "one.jsonl.gz").read_bytes() == (own_folder / "two.jsonl.gz").read_bytes()


def test_history_teaches_and_makes_no_rows(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """A series that repeated in the past is in its lane at once, and the past has no rows."""
    past = [row(f"p{hour}", "mail", "MailQueueFull", f"{hour:02}:00:00") for hour in range(3, 9)]
    now = [row("n", "mail", "MailQueueFull", "12:00:00")]
    history, today = written(own_folder / "past.jsonl", past), written(own_folder / "now.jsonl", now)

    fresh = lines(debrief("eval", "group", "--in", str(today)).out)
    taught = lines(debrief("eval", "group", "--in", str(today), "--history", str(history)).out)

    assert [(one["id"], one["decision"]) for one in fresh] == [("n", "new")]
    assert [(one["id"], one["decision"]) for one in taught] == [("n", "lane")]


def test_labels_that_are_no_texts_are_read_as_the_webhook_reads_them(debrief: Debrief, own_folder: Path) -> None:
    """A file of another program has numbers, and nothing where it knows nothing: they name the same series."""
    texts = row("7", "pay", "Errors", "12:00:00")
    texts["labels"] |= {"code": "500", "is_canary": "true", "zones": '["a", "b"]'}
    values = {**texts, "id": 7, "labels": {**texts["labels"], "code": 500, "is_canary": True, "zones": ["a", "b"]}}
    values["labels"]["team"] = None

    by_form = [
        debrief("eval", "group", "--in", str(written(own_folder / f"{name}.jsonl", [one]))).out
        for name, one in (("texts", texts), ("values", values))
    ]
    past = written(own_folder / "past.jsonl", [{**values, "incident": None}])
    judged = debrief("eval", "suppress", "--history", str(past), "--in", str(own_folder / "values.jsonl"))

    assert by_form[0] == by_form[1] != ""
    assert (judged.status, lines(judged.out)[0]["fingerprint"]) == (0, lines(by_form[0])[0]["fingerprint"])


def test_events_are_known_from_their_own_time_on(debrief: Debrief, own_folder: Path) -> None:
    """A deploy explains the alerts after it, whatever the order of the events' file."""
    rows = [row("a", "cart", "CartRestarted", "00:01:00"), row("b", "cart", "CartRestarted", "01:01:00")]
    events = [{"at": f"2026-03-02T0{hour}:00:00Z", "kind": "deploy", "service": "cart"} for hour in (1, 0)]
    stream, known = written(own_folder / "in.jsonl", rows), written(own_folder / "events.jsonl", events)

    found = lines(debrief("eval", "group", "--in", str(stream), "--events", str(known)).out)

    assert [one["reasons"][0]["evidence"] for one in found] == [["deploy:cart"], ["deploy:cart"]]
    assert found[0]["group_id"] != found[1]["group_id"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"id": "a"}\n', "Line 1 of bad.jsonl: “starts_at” is missing"),
        (b"\n\n{]\n", "Line 3 of bad.jsonl is no JSON"),
        (b"[" * 100_000 + b"\n", "Line 1 of bad.jsonl is no JSON: it is nested too deeply."),
        (b"\xff\xfe\n", "Line 1 of bad.jsonl is no JSON"),
        (b"\x1f\x8b\x08\x00", "bad.jsonl cannot be read from line 1 on"),
        (gzip.compress(b"{}\n" * 9)[:-9], "bad.jsonl"),
        ("{}\n".encode("utf-16"), "Convert it (`iconv -f UTF-16 -t UTF-8 bad.jsonl`)."),
        ('{"id":"Zähler"}\n'.encode("cp1252"), "Convert it (`iconv -f WINDOWS-1252 -t UTF-8 bad.jsonl`)."),
        (b"[{}]\n", "Line 1 of bad.jsonl is a list. One object a line is read; `jq -c '.[]' bad.jsonl` writes"),
        (b"\xef\xbb\xbf[\r\n{},\r\n{}\r\n]\r\n", "One object a line is read; `jq -c '.[]' bad.jsonl` writes"),
        (b"{},\n{}\n", "Line 1 of bad.jsonl is no JSON: Extra data: line 1 column 3 (char 2). One object a line"),
        (b'"' + b"x" * 5_000_000 + b'"\n', "Line 1 of bad.jsonl has more than 4 MiB."),
    ],
    ids=["field", "syntax", "depth", "bytes", "gzip", "cut", "utf16", "cp1252", "list", "pretty", "commas", "size"],
)
def test_bad_input_is_one_sentence_with_its_line(debrief: Debrief, own_folder: Path, content: bytes, told: str) -> None:
    """Exit status 2, nothing half-written, nothing left behind."""
    (own_folder / "bad.jsonl").write_bytes(content)

    answer = debrief("eval", "group", "--in", "bad.jsonl", "--out", "out.jsonl")

    assert (answer.status, answer.out) == (2, "")
    assert told in answer.err
    assert answer.err.count("\n") == 1
    assert sorted(one.name for one in own_folder.iterdir()) == ["bad.jsonl"]


def test_earlier_result_is_kept_when_a_later_row_is_bad(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """A file is replaced by a whole one only."""
    debrief("eval", "group", "--in", str(alerts), "--out", "out.jsonl")
    before = (own_folder / "out.jsonl").read_bytes()
    written(own_folder / "bad.jsonl", [*lines(alerts.read_text()), {"id": 1}])

    answer = debrief("eval", "group", "--in", "bad.jsonl", "--out", "out.jsonl")

    assert (answer.status, "Line 4 of bad.jsonl" in answer.err) == (2, True)
    assert (own_folder / "out.jsonl").read_bytes() == before


def test_what_is_no_file_is_written_to_and_not_replaced(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """A pipe and /dev/null stay what they are; whoever reads the pipe gets the rows."""
    pipe = own_folder / "pipe"
    os.mkfifo(pipe)
    descriptor = os.open(pipe, os.O_RDWR)  # both ends, so that nobody waits for the other
    try:
        answer = debrief("eval", "group", "--in", str(alerts), "--out", str(pipe))
        assert (answer.status, answer.err, pipe.is_fifo()) == (0, "", True)
        assert len(os.read(descriptor, 65_536).splitlines()) == 3
    finally:
        os.close(descriptor)


def test_link_stays_a_link(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """What it leads to is replaced."""
    (own_folder / "kept").mkdir()
    link = own_folder / "latest.jsonl"
    link.symlink_to(own_folder / "kept" / "one.jsonl")

    debrief("eval", "group", "--in", str(alerts), "--out", "latest.jsonl")

    assert link.is_symlink()
    assert len((own_folder / "kept" / "one.jsonl").read_text().splitlines()) == 3


def test_folder_is_no_place_for_rows(debrief: Debrief, alerts: Path) -> None:
    """One sentence, also for the folder where one is."""
    answer = debrief("eval", "group", "--in", str(alerts), "--out", ".")

    assert (answer.status, answer.out, answer.err) == (3, "", ". cannot be written: Is a directory.\n")


def test_full_disk_is_told_and_leaves_what_was_there(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """A sentence names the file; the earlier result is whole."""
    debrief("eval", "group", "--in", str(alerts), "--out", "out.jsonl")
    before = (own_folder / "out.jsonl").read_bytes()
    written(
        own_folder / "many.jsonl",
        [{**one, "id": f"{one['id']}-{n}"} for n in range(90) for one in lines(alerts.read_text())],
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, hard))
    try:
        answer = debrief("eval", "group", "--in", "many.jsonl", "--out", "out.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (answer.status, answer.out) == (3, "")
    assert "out.jsonl cannot be written: File too large.\n" in answer.err
    assert (own_folder / "out.jsonl").read_bytes() == before
    assert sorted(one.name for one in own_folder.iterdir()) == ["alerts.jsonl", "many.jsonl", "out.jsonl"]


def test_output_without_room_is_told(alerts: Path) -> None:
    """Standard output may be a file on a full disk."""
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            (sys.executable, "-m", "bot", "eval", "group", "--in", str(alerts)),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(main.__code__.co_filename).parents[2])},
        )

    assert ended.returncode == 3
    assert ended.stderr.startswith("what this prints could not be written whole: No space left on device.")


def test_whoever_stops_it_reads_how_far_it_came_and_keeps_the_earlier_result(own_folder: Path, alerts: Path) -> None:
    """Here it waits for more of a pipe when Ctrl-C is pressed; nothing half-made is left."""
    (own_folder / "out.jsonl").write_text("earlier\n")
    rows = alerts.read_text().splitlines(keepends=True)
    environment = {"PYTHONPATH": str(Path(main.__code__.co_filename).parents[2]), "PYTHONUNBUFFERED": "1"}
    ended = {}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what runs in its background ignore it
    for out in ((), ("--out", "out.jsonl")):
        with subprocess.Popen(
            (sys.executable, "-m", "bot", "eval", "group", "--in", "/dev/stdin", *out),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        ) as running:
            assert running.stdin
            assert running.stdout
            running.stdin.write("".join(rows[:2]))
            running.stdin.flush()
            wait_for((own_folder / ".out.jsonl.unfinished").exists) if out else running.stdout.readline()
            running.send_signal(signal.SIGINT)
            ended[out] = (running.wait(timeout=60), running.stderr.read() if running.stderr else "")

    printed, kept = ended.values()
    assert re.fullmatch(r"Stopped after [12] alerts?\.\n", printed[1])
    assert re.fullmatch(r"Stopped after [012] alerts?; out\.jsonl is as it was before\.\n", kept[1])
    assert (printed[0], kept[0]) == (130, 130)
    assert (own_folder / "out.jsonl").read_text() == "earlier\n"
    assert sorted(one.name for one in own_folder.iterdir()) == ["alerts.jsonl", "out.jsonl"]


def wait_for(look: Callable[[], bool]) -> None:
    """Return once *look* finds what it looks for."""
    ends = time.monotonic() + 60
    while not look():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_other_order_than_of_arrival_is_said(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """Exports are often newest first; seconds by which senders overtake each other are none of it."""
    rows = lines(alerts.read_text())
    written(own_folder / "newest.jsonl", rows[::-1])
    written(own_folder / "overtaken.jsonl", [rows[0], rows[2], rows[1]])

    newest = debrief("eval", "group", "--in", "newest.jsonl", "--history", "newest.jsonl")
    overtaken = debrief("eval", "group", "--in", "overtaken.jsonl")

    said = "newest.jsonl is not in order of arrival: 1 of 3 alerts is more than a minute earlier than one before"
    assert (newest.status, len(newest.out.splitlines()), newest.err.count(said)) == (0, 3, 2)
    assert "the first of them a1. Sort it by received_at" in newest.err
    assert overtaken.err == ""


def test_file_without_alerts_is_said(debrief: Debrief, own_folder: Path, alerts: Path) -> None:
    """A filter that let nothing through looks like a site without alerts."""
    (own_folder / "none.jsonl").write_text("\n")

    answer = debrief("eval", "group", "--in", "none.jsonl", "--history", str(alerts))

    assert (answer.status, answer.out, answer.err) == (0, "", "none.jsonl holds no alerts.\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--in", "none.jsonl"), "none.jsonl cannot be read: No such file or directory."),
        (("--in", "alerts.jsonl", "--graph", "alerts.jsonl"), "alerts.jsonl is no JSON"),
        ((), "--in"),
    ],
    ids=["absent", "graph", "nothing"],
)
def test_wrong_usage_is_told(debrief: Debrief, alerts: Path, arguments: tuple[str, ...], told: str) -> None:
    """Exit status 2 and a sentence."""
    answer = debrief("eval", "group", *arguments)

    assert answer.status == 2
    assert told in answer.err


@pytest.mark.skipif(not STORM.is_dir(), reason="the storms are not here; DEBRIEF_SHARED_DATA names their folder")
def test_storm_is_grouped_whole(debrief: Debrief, own_folder: Path) -> None:
    """Every delivery of a real file has its row, and links name groups that have rows."""
    inputs = ("--in", STORM / "alerts.jsonl.gz", "--graph", STORM / "graph.json", "--events", STORM / "events.jsonl.gz")

    answer = debrief("eval", "group", *map(str, inputs), "--out", "out.jsonl.gz")

    rows = lines(gzip.decompress((own_folder / "out.jsonl.gz").read_bytes()).decode())
    ids = [one["id"] for one in lines(gzip.decompress((STORM / "alerts.jsonl.gz").read_bytes()).decode())]
    links = [one["link"] for one in rows if "link" in one]
    assert answer.status == 0
    assert [one["id"] for one in rows if "id" in one] == ids
    assert {name for link in links for name in link} <= {one.get("group_id") for one in rows}


def test_terminated_command_leaves_nothing_beside_its_file(tmp_path: Path) -> None:
    """SIGTERM, as a supervisor or a container sends it, ends it as Ctrl-C does: the earlier file stays, alone."""
    given, out = tmp_path / "given", tmp_path / "rows.jsonl"
    os.mkfifo(given)
    out.write_text("earlier")
    command = [sys.executable, "-m", "bot", "eval", "group", "--in", str(given), "--out", str(out)]
    running = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    try:
        with given.open("wb") as sender:
            sender.write(json.dumps(row("a1", "store", "Lag", "00:00:30")).encode() + b"\n")
            sender.flush()
            ends = time.monotonic() + 60
            while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < ends:
                time.sleep(0.02)
            begun = {path.name for path in tmp_path.iterdir()} - {"given", "rows.jsonl"}
            running.terminate()
            running.wait(timeout=60)
    finally:
        running.kill()

    assert len(begun) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"given", "rows.jsonl"}
    assert out.read_text() == "earlier"
    assert running.returncode == 130
