"""`debrief import alerts`: the past, once, as of when it happened, whole or not at all."""

import codecs
import getpass
import gzip
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.cli.history import alert_history, importing
from bot.cli.history.alert_history import read_alert_file
from bot.cli.office import open_office
from bot.settings import AlertFormat, load_settings
from bot.store.database.engine import open_database
from bot.store.record.tables import ALERT, ALERT_EVENT
from tests.alert_payloads import payload
from tests.bot.cli.conftest import Debrief
from tests.dialects import on_both
from tests.effort import thinned

FIRED = {"id": "1", "source": "nagios", "rule": "DiskFull", "severity": "critical", "labels": {"host": "db-1"}}
ROWS = [
    {**FIRED, "status": "firing", "starts_at": "2026-01-05T10:00:00Z", "received_at": "2026-01-05T10:00:20Z"},
    {**FIRED, "status": "resolved", "starts_at": "2026-01-05T10:00:00Z", "ends_at": "2026-01-05T11:00:00Z"},
    {**FIRED, "status": "firing", "starts_at": "2026-02-01T03:00:00Z"},
]
API_ALERT = {
    "labels": {"alertname": "DiskFull", "host": "db-1"},
    "annotations": {},
    "startsAt": "2026-01-05T10:00:00Z",
    "endsAt": "2026-01-05T10:05:00Z",
    "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
    "fingerprint": "0011223344556677",
}


def lines(rows: Sequence[object]) -> bytes:
    """The rows as JSON lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def recorded() -> list[tuple[str, str, str, str]]:
    """What the configured database holds: source, rule, news and when it was heard of."""
    database = open_database(load_settings().database_url, only_to_read=True)
    try:
        found = select(ALERT.c.source, ALERT.c.rule, ALERT_EVENT.c.news, ALERT_EVENT.c.received_at)
        with database.reading() as connection:
            rows = connection.execute(found.join_from(ALERT_EVENT, ALERT).order_by(ALERT_EVENT.c.seq)).all()
    finally:
        database.close()
    return [(source, rule, news, received_at.isoformat()[:16]) for source, rule, news, received_at in rows]


@pytest.fixture
def on_database(debrief: Debrief, ready_url: str, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` on a database of each kind with nothing on record."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_url)
    return debrief


@on_both("ready_url")
def test_alerts_of_a_file_are_recorded_as_of_when_they_happened(on_database: Debrief, own_folder: Path) -> None:
    """Rows in any order become a history in the order of their times, and the same file again adds nothing."""
    rows = [*ROWS]
    random.Random(4).shuffle(rows)
    (own_folder / "past.jsonl").write_bytes(lines(rows))

    first, again = (on_database("import", "alerts", "past.jsonl", "--format", "generic", "--json") for _ in range(2))

    assert (first.status, again.status) == (0, 0)
    assert [json.loads(answer.out)["recorded"] for answer in (first, again)] == [3, 0]
    assert json.loads(first.out) == {
        "alerts": 4,
        "series": 1,
        "from": "2026-01-05T10:00:00+00:00",
        "to": "2026-02-01T03:00:00+00:00",
        "recorded": 3,
    }
    assert recorded() == [
        ("nagios", "DiskFull", "fired", "2026-01-05T10:00"),
        ("nagios", "DiskFull", "resolved", "2026-01-05T11:00"),
        ("nagios", "DiskFull", "refired", "2026-02-01T03:00"),
    ]


@pytest.mark.parametrize("form", ["alertmanager", "generic"])
def test_every_alert_of_a_row_with_many_is_recorded(
    form: str, debrief: Debrief, own_folder: Path, ready_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written in parts, which all are of that row: none may pass for another that is on record."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    began = {"startsAt": "2026-01-05T10:00:00Z", "starts_at": "2026-01-05T10:00:00Z", "rule": "DiskFull"}
    alerts = [{**began, "labels": {"alertname": "DiskFull", "host": f"db-{number}"}} for number in range(1200)]
    (own_folder / "past.json").write_text(json.dumps({"receiver": "debrief", "status": "firing", "alerts": alerts}))

    answers = [debrief("import", "alerts", "past.json", "--format", form) for _ in range(2)]

    assert [answer.out for answer in answers] == [
        f"past.json: 1200 alerts of 1200 series read, {new} of them new and recorded.\n" for new in (1200, 0)
    ]
    assert len(recorded()) == 1200


@pytest.mark.parametrize(("parts", "new"), [(0, 0), (3, 2)])
def test_whoever_stops_it_reads_how_far_it_came_and_goes_on_there(
    parts: int, new: int, debrief: Debrief, own_folder: Path, ready_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two parts; the same file again records the rest, once."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    (own_folder / "past.jsonl").write_bytes(lines(ROWS))
    whole, left = importing.ImportAlerts, iter(range(parts))

    def asked(**fields: Any) -> importing.ImportAlerts:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return whole(**fields)

    with monkeypatch.context() as stopping:
        stopping.setattr(importing, "BATCH", 1)
        stopping.setattr(importing, "ImportAlerts", asked)
        stopped = debrief("import", "alerts", "past.jsonl", "--format", "generic")
    halfway = len(recorded())
    again = debrief("import", "alerts", "past.jsonl", "--format", "generic")

    assert (stopped.status, stopped.out) == (130, "")
    assert stopped.err == (
        f"Stopped after {parts} of 4 alerts had been recorded. Run it again with the same file, and it goes on there.\n"
    )
    assert halfway == new
    assert again.out == f"past.jsonl: 4 alerts of 1 series read, {3 - new} of them new and recorded.\n"


def test_whoever_stops_it_while_it_reads_has_recorded_nothing(
    debrief: Debrief, own_folder: Path, ready_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read whole first."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", ready_sqlite_url)
    (own_folder / "past.jsonl").write_bytes(lines(ROWS))

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(alert_history, "read_history", stop)
    answer = debrief("import", "alerts", "past.jsonl", "--format", "generic")

    assert (answer.status, answer.out, answer.err) == (130, "", "Stopped. Nothing was recorded.\n")
    assert recorded() == []


@on_both("ready_url")
def test_only_what_is_new_in_a_later_export_is_said_to_be_recorded(on_database: Debrief, own_folder: Path) -> None:
    """Exports overlap, and their rows stand in other parts of the file; what was there is neither kept nor counted."""
    (own_folder / "january.jsonl").write_bytes(lines(ROWS[:2]))
    (own_folder / "until_february.jsonl").write_bytes(lines(ROWS[1:]))
    files = ("january.jsonl", "until_february.jsonl")

    answers = [on_database("import", "alerts", file, "--format", "generic") for file in files]

    assert [answer.out for answer in answers] == [
        "january.jsonl: 3 alerts of 1 series read, 2 of them new and recorded.\n",
        "until_february.jsonl: 3 alerts of 1 series read, 1 of them new and recorded.\n",
    ]
    assert len(recorded()) == 3


FIRST_LIFE = [("fired", "2026-01-05T10:00"), ("resolved", "2026-01-05T11:00")]
LIFE = [("fired", "2026-01-05T10:00"), ("resolved", "2026-01-05T10:05")]
INCIDENT = {
    **payload("pagerduty_resolved")["event"]["data"],
    "created_at": "2026-01-05T10:00:00Z",
    "last_status_change_at": "2026-01-05T10:05:00Z",
}
AGAIN = {**INCIDENT, "id": "Q2", "created_at": "2026-01-06T08:00:00Z", "last_status_change_at": "2026-01-06T08:30:00Z"}
NOTIFICATION = {"version": "4", "status": "resolved", "alerts": [{**API_ALERT, "status": "resolved"}]}


@pytest.mark.parametrize(
    ("form", "content", "news"),
    thinned(
        [
            pytest.param("alertmanager", lines([NOTIFICATION]), LIFE, id="notifications as lines"),
            pytest.param(
                "alertmanager", json.dumps([API_ALERT], indent=1).encode(), LIFE[:1], id="an export of the API"
            ),
            pytest.param("alertmanager", gzip.compress(lines([NOTIFICATION])), LIFE, id="gzipped"),
            pytest.param(
                "alertmanager", codecs.BOM_UTF8 + lines([NOTIFICATION, NOTIFICATION]), LIFE, id="as Windows writes it"
            ),
            pytest.param("alertmanager", json.dumps(NOTIFICATION, indent=1).encode(), LIFE, id="one notification"),
            pytest.param(
                "pagerduty",
                json.dumps({"incidents": [AGAIN, INCIDENT], "more": False}).encode(),
                [*LIFE, ("refired", "2026-01-06T08:00"), ("resolved", "2026-01-06T08:30")],
                id="incidents, the newest first",
            ),
            pytest.param(
                "pagerduty",
                lines([payload("pagerduty_ping"), payload("pagerduty_resolved"), payload("pagerduty_triggered")]),
                [("fired", "2026-03-01T08:53"), ("resolved", "2026-03-01T08:58")],
                id="webhooks as lines",
            ),
            pytest.param(
                "grafana",
                lines([payload("grafana_resolved")]),
                [("fired", "2026-03-01T08:50"), ("resolved", "2026-03-01T09:02")],
                id="grafana",
            ),
            pytest.param(
                "generic",
                lines([{**payload("generic_resolved"), "receiver": "x"}]),
                [("fired", "2026-03-01T07:00"), ("resolved", "2026-03-01T08:40")],
                id="bodies of the generic form",
            ),
            pytest.param("generic", json.dumps({"alerts": [ROWS[1]]}).encode(), FIRST_LIFE, id="one body of it"),
            pytest.param("generic", lines([{**ROWS[1], "status": "firing"}]), FIRST_LIFE[:1], id="an end that is none"),
            pytest.param("generic", lines([{**ROWS[1], "starts_at": None}]), FIRST_LIFE[1:], id="an end alone"),
        ],
        every=3,
    ),
)
def test_each_kind_of_export_is_read(
    debrief: Debrief, own_folder: Path, tables: None, form: str, content: bytes, news: list[tuple[str, str]]
) -> None:
    """An episode that is over had begun; what says nothing of alerts is passed over."""
    (own_folder / "past").write_bytes(content)

    answer = debrief("import", "alerts", "past", "--format", form, "--source", "old")

    assert (answer.status, answer.err) == (0, "")
    assert [(each[2], each[3]) for each in recorded()] == news
    assert {each[0] for each in recorded()} == {"old"}


def test_only_what_still_fires_is_no_past(own_folder: Path) -> None:
    """The last word on a series counts, and what nobody has heard of for a week is of the past, too."""
    now = datetime(2026, 3, 9, tzinfo=UTC)
    said = [("a", 4, "firing"), ("a", 5, "resolved"), ("b", 4, "resolved"), ("b", 5, "firing"), ("c", 1, "firing")]
    times = [dict.fromkeys(("starts_at", "received_at"), f"2026-03-0{day}T10:00:00Z") for _, day, _ in said]
    rows = [
        {"rule": "DiskFull", "status": status, "labels": {"host": host}, **at}
        for (host, _, status), at in zip(said, times, strict=True)
    ]
    (own_folder / "past").write_bytes(lines(rows))

    found = read_alert_file(Path("past"), AlertFormat.GENERIC, source="", now=now, on_row=lambda _: None)

    of_now = [(one.told.alert.labels["host"], one.told.alert.starts_at.day) for one in found if not one.told.is_past]
    assert (of_now, len(found)) == ([("b", 5)], 5)


def test_past_is_on_record_as_past(on_database: Debrief, own_folder: Path) -> None:
    """Whoever groups it later knows that nobody is to be told."""
    (own_folder / "past").write_bytes(lines(ROWS))
    on_database("import", "alerts", "past", "--format", "generic")

    with open_office() as office, office.store.snapshots.snapshot() as reads:
        events = reads.groups.events(office.workspace_id, after=0, limit=10)
    assert [event.is_past for event in events] == [True, True, True]


def test_import_that_was_stopped_goes_on_where_it_was(debrief: Debrief, own_folder: Path) -> None:
    """A file of which a part is on record is recorded to its end, each of its news once."""
    rows = [{**FIRED, "labels": {"host": f"db-{n}"}, "starts_at": f"2026-01-05T10:{n % 60:02}:00Z"} for n in range(700)]
    for name, part in (("half", rows[:600]), ("whole", rows)):
        (own_folder / name).write_bytes(lines(part))
        assert debrief("import", "alerts", name, "--format", "generic").status == 0

    assert len(recorded()) == len(rows)


def test_bad_row_is_named_and_nothing_is_recorded(debrief: Debrief, own_folder: Path) -> None:
    """The file is read whole before its first row is written."""
    (own_folder / "good.jsonl").write_bytes(lines(ROWS[:1]))
    (own_folder / "past.jsonl").write_bytes(lines([*ROWS, {"status": "firing"}]))
    debrief("import", "alerts", "good.jsonl", "--format", "generic")

    answer = debrief("import", "alerts", "past.jsonl", "--format", "generic")

    assert answer.status == 2
    assert answer.err.startswith("past.jsonl, line 4: `received_at` and `starts_at` are missing")
    assert answer.err.endswith("Nothing was recorded.\n")
    assert [news for _, _, news, _ in recorded()] == ["fired"]


@pytest.mark.parametrize("none", [None, "", 0, "0001-01-01T00:00:00Z"])
def test_end_that_states_none_is_no_bad_time(debrief: Debrief, own_folder: Path, none: object) -> None:
    """Senders write “none” in their own ways."""
    (own_folder / "past.jsonl").write_bytes(lines([{**ROWS[0], "ends_at": none}]))

    answer = debrief("import", "alerts", "past.jsonl", "--format", "generic", "--dry-run")

    assert (answer.status, "1 alert of 1 series" in answer.out) == (0, True)


def test_dry_run_reads_and_records_nothing(debrief: Debrief, own_folder: Path) -> None:
    """It says what it would do, and not even a database is made."""
    (own_folder / "past.jsonl").write_bytes(lines(ROWS))

    answer = debrief("import", "alerts", "past.jsonl", "--format", "generic", "--dry-run")

    assert answer.out == "past.jsonl: 4 alerts of 1 series read, nothing was recorded.\n"
    assert [path.name for path in own_folder.iterdir()] == ["past.jsonl"]


def test_import_needs_admin_access(debrief: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """History is what models learn from, so not everybody writes it."""
    (own_folder / "past.jsonl").write_bytes(lines(ROWS))
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({getpass.getuser(): "U0RESPONDER"}))

    answer = debrief("import", "alerts", "past.jsonl", "--format", "generic")

    assert answer.status == 1
    assert recorded() == []


def test_secrets_of_the_past_are_masked(debrief: Debrief, own_folder: Path) -> None:
    """A card number in a rule is masked before it is on record, as at the door."""
    (own_folder / "past.jsonl").write_bytes(lines([{**ROWS[2], "rule": "Declined 4111 1111 1111 1111"}]))

    debrief("import", "alerts", "past.jsonl", "--format", "generic")

    assert "4111" not in str(recorded())
    assert b"4111 1111" not in (own_folder / ".debrief" / "debrief.db").read_bytes()


@pytest.mark.parametrize(
    ("content", "arguments", "told"),
    [
        pytest.param(None, (), "past cannot be read: No such file or directory.", id="no file"),
        pytest.param(b"", (), "past holds no alerts.", id="nothing"),
        pytest.param(b"{}\n", ("--format", "opsgenie"), "“opsgenie” is no format of alerts", id="no format"),
        pytest.param(b"{}\n{\n", (), "past, line 1: `received_at` and `starts_at` are missing", id="no time"),
        pytest.param(lines(ROWS) + b"{\n", (), "past, line 4: The body is not valid JSON.", id="half a line"),
        pytest.param(
            lines(ROWS) + b'{"rule": "a", "stat',
            (),
            "past, line 4: The body is not valid JSON. It breaks at column 15: Unterminated string starting at. ",
            id="where a line is cut",
        ),
        pytest.param(
            b'{"incidents": [{"id": "P1",\n"title": "x"},\n {"id":',
            (),
            " Read as one document, it breaks at line 3, column 8: Expecting value. Nothing was recorded.",
            id="where a document is cut",
        ),
        pytest.param(
            lines(ROWS) + b'{"rule": "\xfc"}',
            (),
            "The body is not UTF-8. It breaks at byte 11.",
            id="which byte",
        ),
        pytest.param(lines(ROWS) + b"[1]\n", (), "past, line 4: The body must be a JSON object.", id="no object"),
        pytest.param(b"\x1f\x8b\x00", (), "past cannot be read: it is no whole gzip file.", id="half a gzip"),
        pytest.param(b"\xff\xfe", (), "past, line 1: The body is not UTF-8.", id="another encoding"),
        pytest.param(b"[" * 100_000, (), "past, line 1: The body is nested more than 20 deep.", id="deep"),
        pytest.param(
            lines([{**ROWS[0], "received_at": "2999-01-01T00:00:00Z"}]), (), "in the future", id="in the future"
        ),
        pytest.param(
            lines([*ROWS, {**ROWS[0], "starts_at": "2026-01-05 10:00:00"}]),
            (),
            "past, line 4: `starts_at` is no time with its zone",
            id="a start without a zone beside a receipt",
        ),
        pytest.param(
            lines([{**ROWS[0], "received_at": "05.01.2026 10:00"}]),
            (),
            "past, row 1: `received_at` is no time with its zone",
            id="a receipt on a clock",
        ),
        pytest.param(
            lines([{"alerts": [{**ROWS[0], "status": "resolved", "ends_at": "soon"}], "received_at": 1772409630}]),
            (),
            "past, row 1: `ends_at` is no time with its zone",
            id="an end within a body",
        ),
        pytest.param(
            lines([{"created_at": "?"}]), ("--format", "pagerduty"), "`created_at` is missing", id="pagerduty"
        ),
        pytest.param(
            lines([{**API_ALERT, "startsAt": None}]),
            ("--format", "alertmanager"),
            "no time at which",
            id="alertmanager",
        ),
        pytest.param(
            lines([{**API_ALERT, "status": "resolved", "endsAt": "soon"}]),
            ("--format", "alertmanager"),
            "It does not say when it happened or was over",
            id="an end at no time",
        ),
        pytest.param(
            lines([{"event": {**payload("pagerduty_resolved")["event"], "occurred_at": "yesterday"}}]),
            ("--format", "pagerduty"),
            "It does not say when it happened or was over",
            id="a webhook at no time",
        ),
        pytest.param(
            lines([{**INCIDENT, "last_status_change_at": "9999-01-01T00:00:00Z"}]),
            ("--format", "pagerduty"),
            "says a time in the future",
            id="an incident that ends in the future",
        ),
    ],
)
def test_file_that_cannot_be_taken_is_refused_in_one_sentence(
    debrief: Debrief, own_folder: Path, content: bytes | None, arguments: tuple[str, ...], told: str
) -> None:
    """It names the row and what is wrong, never with a traceback, and no database is made."""
    if content is not None:
        (own_folder / "past").write_bytes(content)

    answer: Any = debrief("import", "alerts", "past", *(arguments or ("--format", "generic")))

    assert (answer.status, answer.out) == (2, "")
    assert told in answer.err
    assert not (own_folder / ".debrief").exists()
