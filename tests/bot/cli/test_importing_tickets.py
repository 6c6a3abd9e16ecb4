"""`debrief import tickets`: closed tickets label the alerts that they name, and nothing is guessed."""

import contextlib
import csv
import getpass
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from analysis.errors import InvalidInput
from bot.cli.history import importing_tickets
from bot.cli.history.ticket_files import read_rows
from bot.cli.history.ticket_formats import Reading, TicketSystem, checked_form, read_ticket
from bot.cli.office import Office
from bot.settings import load_settings
from bot.store.database.engine import open_database
from bot.store.grouping.group_tables import FEEDBACK
from bot.store.record.tables import ALERT
from tests.bot.cli.conftest import Debrief
from tests.effort import ON_FIXTURES, examples, thinned
from tests.labelled_site import LabelledSite

GERMAN = (
    "t, line 2: it has no number, so it is no export of servicenow; it has Nummer, Text. "
    "Export it with English names of columns."
)
RUNBOOK = "https://grafana.bank.example/alerting/grafana/be1abc/view"
PAST = [
    ("DiskFull", "db-1", "2026-01-05T09:50:00Z", {}),
    ("DiskFull", "db-2", "2026-01-05T09:52:00Z", {}),
    ("CheckoutErrors", "checkout", "2026-01-06T12:00:00Z", {"generatorURL": RUNBOOK}),
    ("CheckoutErrors", "checkout", "2026-01-07T03:00:00Z", {}),
    ("CertExpiry", "edge", "2026-01-08T08:00:00Z", {}),
]
#: As a list of ServiceNow exports it, its columns by their names; times on the clock of who exported it.
SERVICENOW = """\
"number","short_description","opened_at","resolved_at","close_code","cmdb_ci","correlation_id"
"INC0010001","DiskFull on a database","2026-01-05 11:00:00","2026-01-05 13:30:00","Solved (Permanently)","db-1",""
"INC0010002","DiskFull again","2026-01-05 11:00:00","2026-01-05 13:30:00","Solved (Permanently)","",""
"INC0010003","Customers cannot pay","2026-01-06 13:05:00","2026-01-06 14:00:00","False alarm","","alert-3"
"INC0010004","Printer broken","2026-01-06 13:05:00","2026-01-06 14:00:00","Solved (Permanently)","",""
"INC0010005","CertExpiry edge","2026-01-08 09:30:00","","","edge",""
"INC0010006","CertExpiry edge","2026-01-08 09:30:00","2026-01-08 10:00:00","Closed/Resolved by Caller","edge",""
"""
#: The same table with the labels of its columns, as some instances export it.
SERVICENOW_LABELS = """\
Number,Short description,Opened,Resolved,Resolution code,Configuration item\r
INC0010001,DiskFull on a database,2026-01-05 10:00:00,2026-01-05 12:30:00,Solved (Permanently),db-1\r
"""
#: As ServiceNow's table API answers with `sysparm_display_value=all`.
SERVICENOW_API = {
    "result": [
        {
            "number": {"display_value": "INC0010001", "value": "INC0010001"},
            "short_description": {"display_value": "DiskFull on a database", "value": "DiskFull on a database"},
            "opened_at": {"display_value": "05.01.2026 11:00:00", "value": "2026-01-05 10:00:00"},
            "close_code": {"display_value": "Solved (Permanently)", "value": "Solved (Permanently)"},
            "cmdb_ci": {"display_value": "db-1", "link": "https://bank.service-now.com/api/x", "value": "109562a3c6"},
        }
    ]
}
#: As Jira exports a search, "Export CSV (all fields)": columns come several times.
JIRA = """\
Summary,Issue key,Issue id,Issue Type,Status,Resolution,Created,Resolved,Labels,Labels,Component/s,Description,\
Custom field (Alert ID)
"DiskFull, volume data",OPS-1,10001,Incident,Closed,Fixed,05/Jan/26 10:00 AM,05/Jan/26 1:30 PM,db,now,db-1,"Paged, a",
Checkout slow?,OPS-2,10002,Incident,Done,Done,06/Jan/26 12:10 PM,06/Jan/26 1:00 PM,noise,,,"See %s, thanks",
Certificate,OPS-3,10003,Incident,Open,,08/Jan/26 9:00 AM,,,,edge,CertExpiry,
Pay,OPS-4,10004,Incident,Closed,Done,07/Jan/26 3:20 AM,07/Jan/26 4:00 AM,,,,Nobody could pay,alert-4
Nothing,OPS-5,10005,Incident,Closed,Won't Do,07/Jan/26 3:20 AM,07/Jan/26 4:00 AM,,,checkout,CheckoutErrors,
""".replace("%s", RUNBOOK)
#: As Jira's search API answers: the description is a tree, and fields of the site's own have numbers for names.
JIRA_API = {
    "names": {"customfield_10050": "Alert fingerprint"},
    "issues": [
        {
            "key": "OPS-1",
            "fields": {
                "summary": "Volume full",
                "description": {
                    "type": "doc",
                    "version": 1,
                    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Disk of db-1"}]}],
                },
                "created": "2026-01-05T11:00:00.000+0100",
                "resolutiondate": "2026-01-05T13:30:00.000+0100",
                "resolution": {"name": "Fixed", "description": "A fix was made."},
                "labels": ["db"],
                "components": [{"name": "db"}],
                "customfield_10050": "%FINGERPRINT%",
            },
        }
    ],
}


@pytest.fixture
def past(debrief: Debrief, own_folder: Path, ready_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Return what runs `debrief` where those alerts are on record."""
    return with_past(debrief, own_folder, ready_sqlite_url, monkeypatch)


def with_past(debrief: Debrief, folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Debrief:
    """Record those alerts in an empty database."""
    monkeypatch.setenv("DEBRIEF_DATABASE_URL", url)
    debrief("migrate")
    rows = [
        {
            "id": f"alert-{number}",
            "source": "prometheus",
            "rule": rule,
            "severity": "critical",
            "status": "firing",
            "labels": {"service": service},
            "starts_at": at,
            **more,
        }
        for number, (rule, service, at, more) in enumerate(PAST, start=1)
    ]
    (folder / "past.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    assert debrief("import", "alerts", "past.jsonl", "--format", "generic").status == 0
    return debrief


def labels() -> list[tuple[str, str, int, str | None]]:
    """What the configured database has of labels: kind, origin, the number of the event, the group."""
    database = open_database(load_settings().database_url, only_to_read=True)
    try:
        with database.reading() as connection:
            row = FEEDBACK.c
            found = connection.execute(select(row.kind, row.origin, row.seq, row.group_id).order_by(row.id)).all()
    finally:
        database.close()
    return [(kind, origin, seq, group) for kind, origin, seq, group in found]


def told(answer: Any) -> dict[str, Any]:
    """The answer of a command that went well."""
    assert answer.status == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_tickets_label_the_alerts_they_name(
    debrief: Debrief, own_folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By id first, else by rule, place and time; what fits several or none is listed, and a second run adds nothing."""
    past = with_past(debrief, own_folder, database_url, monkeypatch)
    (own_folder / "inc.csv").write_text(SERVICENOW)
    arguments = ("import", "tickets", "inc.csv", "--from", "servicenow", "--zone", "Europe/Berlin", "--json")

    first, again = told(past(*arguments)), told(past(*arguments))

    assert [(one["ticket"], one["says"], one["by"], [a["rule"] for a in one["alerts"]]) for one in first["labels"]] == [
        ("INC0010001", "mattered", "rule and place", ["DiskFull"]),
        ("INC0010003", "noise", "id", ["CheckoutErrors"]),
    ]
    assert [(one["where"], one["ticket"], one["because"]) for one in first["passed"]] == [
        ("line 6", "INC0010005", "it is not closed yet"),
        ("line 7", "INC0010006", "“Closed/Resolved by Caller” does not say whether its alert mattered"),
        ("line 3", "INC0010002", "it names no alert that began in the time before it was opened"),
        ("line 5", "INC0010004", "it names no alert that began in the time before it was opened"),
    ]
    assert (first["recorded"], again["recorded"]) == (2, 0)
    assert labels() == [("mattered", "ticket", 1, None), ("noise", "ticket", 3, None)]


def test_whoever_stops_it_reads_how_far_it_came_and_goes_on_there(
    debrief: Debrief, own_folder: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two parts."""
    past = with_past(debrief, own_folder, database_url, monkeypatch)
    (own_folder / "inc.csv").write_text(SERVICENOW)
    arguments = ("import", "tickets", "inc.csv", "--from", "servicenow", "--zone", "Europe/Berlin")
    whole, left = Office.submit, iter([1])

    def submit(office: Office, *asked: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return whole(office, *asked)

    with monkeypatch.context() as stopping:
        stopping.setattr(importing_tickets, "BATCH", 1)
        stopping.setattr(Office, "submit", submit)
        stopped = past(*arguments)
    halfway = labels()
    again = told(past(*arguments, "--json"))

    assert (stopped.status, stopped.out) == (130, "")
    assert stopped.err.startswith("Stopped after 1 of 2 labels had been recorded. Run it again with the same file,")
    assert halfway == [("mattered", "ticket", 1, None)]
    assert again["recorded"] == 1


def test_texts_of_tickets_may_be_html(past: Debrief, own_folder: Path) -> None:
    """A link is the same with its `&` written for HTML, and so is a name with a letter beyond ASCII."""
    link = "https://prometheus.bank.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
    rows = [
        {"id": "a", "rule": "Down", "labels": {"service": "pay"}, "annotations": {"generatorURL": link}},
        {"id": "b", "rule": "Überlast", "labels": {"service": "zürich"}},
    ]
    times = {"source": "prometheus", "severity": "critical", "starts_at": "2026-01-09T10:00:00Z"}
    (own_folder / "more.jsonl").write_text("\n".join(json.dumps(row | times) for row in rows))
    assert past("import", "alerts", "more.jsonl", "--format", "generic").status == 0
    (own_folder / "inc.csv").write_text(
        "number,description,opened_at,close_code\n"
        f'INC1,"<p>See <a href=""{escape(link)}"">here</a></p>",2026-01-09 10:05:00,Solution provided\n'
        "INC2,<p>&Uuml;berlast at <b>z&uuml;rich</b></p>,2026-01-09 10:05:00,Solution provided\n"
    )

    found = told(past("import", "tickets", "inc.csv", "--from", "servicenow", "--json"))

    assert [(one["ticket"], one["by"]) for one in found["labels"]] == [("INC1", "link"), ("INC2", "rule and place")]


def test_ticket_that_fits_several_alerts_is_not_guessed(past: Debrief, own_folder: Path) -> None:
    """A ticket that names one rule and two places is listed with both."""
    text = SERVICENOW.replace("DiskFull again", "DiskFull on db-1, later db-2")
    (own_folder / "inc.csv").write_text(text)

    answer = past("import", "tickets", "inc.csv", "--from", "servicenow", "--zone", "Europe/Berlin")

    assert "by its rule and place it may be about several alerts: DiskFull at db-1, DiskFull at db-2" in answer.out
    assert answer.out.endswith("6 tickets read, 2 matched to 2 alerts, 2 labels recorded, 4 listed above.\n")


def test_repeated_columns_links_and_labels_of_jira_are_read(past: Debrief, own_folder: Path) -> None:
    """A link in the text, an id in a field of the site's own, and a label that says noise although it is done."""
    (own_folder / "jira.csv").write_text(JIRA)

    found = told(past("import", "tickets", "jira.csv", "--from", "jira", "--json"))

    assert [(one["ticket"], one["says"], one["by"], one["alerts"][0]["seq"]) for one in found["labels"]] == [
        ("OPS-1", "mattered", "rule and place", 1),
        ("OPS-2", "noise", "link", 3),
        ("OPS-4", "mattered", "id", 4),
    ]
    assert [one["because"] for one in found["passed"]] == [
        "it is not closed yet",
        "“Won't Do” does not say whether its alert mattered",
    ]


@pytest.mark.parametrize(
    ("system", "content", "options"),
    thinned(
        [
            pytest.param("servicenow", SERVICENOW_LABELS, (), id="labels of columns"),
            pytest.param("servicenow", json.dumps(SERVICENOW_API), (), id="table API with display values"),
            pytest.param("jira", json.dumps(JIRA_API), (), id="search API"),
            pytest.param("servicenow", SERVICENOW_LABELS.replace(",", ";"), (), id="semicolons"),
            pytest.param(
                "servicenow", "\ufeffsep=;\r\n" + SERVICENOW_LABELS.replace(",", ";"), (), id="separator for Excel"
            ),
            pytest.param(
                "servicenow", "sep=\t\r\n" + SERVICENOW_LABELS.replace(",", "\t"), (), id="tab as the separator"
            ),
            pytest.param("servicenow", "\ufeff" + SERVICENOW_LABELS, (), id="byte order mark"),
            pytest.param("servicenow", "\r\n,,\r\n" + SERVICENOW_LABELS, (), id="empty lines before the header"),
            pytest.param(
                "servicenow",
                SERVICENOW_LABELS.replace("2026-01-05 10:00:00", "01/05/2026 10:00").replace("2026-01-05 12:30:00", ""),
                ("--time-format", "%m/%d/%Y %H:%M"),
                id="a form of times of its own",
            ),
            pytest.param(
                "servicenow",
                SERVICENOW_LABELS.replace("Solved (Permanently)", "Behoben"),
                ("--mattered", "behoben"),
                id="a word of the site's own",
            ),
        ],
        every=4,
    ),
)
def test_export_is_read_however_it_was_made(
    past: Debrief, own_folder: Path, system: str, content: str, options: tuple[str, ...]
) -> None:
    """Each says that the first alert mattered."""
    database = open_database(load_settings().database_url, only_to_read=True)
    with database.reading() as connection:
        first = connection.execute(select(ALERT.c.fingerprint).order_by(ALERT.c.id)).scalars().first()
    database.close()
    (own_folder / "tickets").write_bytes(gzip.compress(content.replace("%FINGERPRINT%", str(first)).encode()))

    found = told(past("import", "tickets", "tickets", "--from", system, "--json", *options))

    assert [(one["says"], [each["seq"] for each in one["alerts"]]) for one in found["labels"]] == [("mattered", [1])]
    assert labels() == [("mattered", "ticket", 1, None)]


def test_ticket_that_names_a_group_labels_each_series_of_it(past: Debrief, own_folder: Path) -> None:
    """The newest firing of each."""
    site = LabelledSite()
    site.group()
    group = next(number for named, number in site.groups().items() if named[1] == "db-1")
    site.close()
    (own_folder / "inc.csv").write_text(SERVICENOW_LABELS.replace("DiskFull on a database", f"Volumes (G-{group})"))

    found = told(past("import", "tickets", "inc.csv", "--from", "servicenow", "--json"))

    assert [(one["by"], [each["rule"] for each in one["alerts"]]) for one in found["labels"]] == [
        ("group", ["DiskFull"])
    ]


@pytest.mark.parametrize(
    ("system", "content"),
    [
        pytest.param(
            "servicenow",
            SERVICENOW_LABELS.replace("Number,", "Number,State,").replace("INC0010001,", "INC0010001,In Progress,"),
            id="state of a list",
        ),
        pytest.param(
            "servicenow",
            json.dumps({"result": [{**SERVICENOW_API["result"][0], "state": {"display_value": "Neu", "value": "1"}}]}),
            id="state of the table API",
        ),
        pytest.param("jira", JIRA.replace("Incident,Closed,", "Incident,Reopened,"), id="status of a search"),
        pytest.param(
            "jira",
            JIRA.replace(",Status,", ",Status,Status Category,").replace(
                "Incident,Closed,", "Incident,Wartet,In Progress,"
            ),
            id="category of a status of the site's own",
        ),
        pytest.param(
            "jira",
            json.dumps(
                {
                    "issues": [
                        {
                            "key": "OPS-1",
                            "fields": {
                                **JIRA_API["issues"][0]["fields"],
                                "status": {
                                    "name": "Wartet",
                                    "statusCategory": {"key": "indeterminate", "name": "In Arbeit"},
                                },
                            },
                        }
                    ]
                }
            ),
            id="category of the search API",
        ),
    ],
)
def test_ticket_that_was_opened_again_says_nothing(past: Debrief, own_folder: Path, system: str, content: str) -> None:
    """Both systems leave the words of the first closing in a ticket that somebody opened again."""
    (own_folder / "tickets").write_text(content)

    found = told(past("import", "tickets", "tickets", "--from", system, "--json"))

    because = {one["ticket"]: one["because"] for one in found["passed"]}
    assert because[{"servicenow": "INC0010001", "jira": "OPS-1"}[system]] == "it is not closed yet"


def test_dry_run_matches_and_records_nothing(past: Debrief, own_folder: Path) -> None:
    """It says what would follow."""
    (own_folder / "jira.csv").write_text(JIRA)

    found = told(past("import", "tickets", "jira.csv", "--from", "jira", "--json", "--dry-run"))

    assert (found["matched"], found["recorded"], labels()) == (3, 0, [])


def test_tickets_need_admin_access(past: Debrief, own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A responder is refused, and nothing is recorded."""
    (own_folder / "jira.csv").write_text(JIRA)
    monkeypatch.setenv("DEBRIEF_COMMAND_LINE_USERS", json.dumps({getpass.getuser(): "U0RESPONDER"}))

    answer = past("import", "tickets", "jira.csv", "--from", "jira")

    assert (answer.status, labels()) == (1, [])
    assert "Only admin may administer" in answer.err


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    thinned(
        [
            (b"", (), "t holds no tickets."),
            (
                b"\xff\xfe",
                (),
                "t is not UTF-8 at byte 0; export it as UTF-8, or convert it (`iconv -f UTF-16 -t UTF-8 t`).",
            ),
            (b"PK\x03\x04x", (), "t is an Excel workbook, which is not read; export it as CSV, or as JSON."),
            (b"<?xml version='1.0'?>", (), "t is XML or HTML, which is not read; export it as CSV, or as JSON."),
            (b"Nummer;Text\nINC1;x\n", (), f"{GERMAN} Nothing was recorded."),
            (b"a\0b", (), "t has a NUL in it, so it is no export of tickets."),
            (
                b'{"result": 1}',
                (),
                "t has no rows: a list, or an object with result, records, issues is what exports are.",
            ),
            (b"[1]", (), "t, row 1: it is no object."),
            (b"[{}]", (), "t, row 1: it has no number, so it is no export of servicenow. Nothing was recorded."),
            (
                b"number,close_code\nINC1,Fixed\n",
                (),
                "t, line 2: INC1 has no opened_at: without it nobody can tell which alert it is about. Nothing was",
            ),
            (
                b"number,close_code,opened_at\nINC1,Fixed,3/4/26 9:00\n",
                (),
                "t, line 2: “3/4/26 9:00” in opened_at is no time that can be read; give its form by --time-format.",
            ),
            (
                "number,close_code,opened_at\nINC1,Fixed,05/Mär/26 10:00 AM\n".encode(),
                (),
                "t, line 2: “05/Mär/26 10:00 AM” in opened_at is no time that can be read; months are read in English",
            ),
            (
                b"number,close_code,opened_at\nINC1,Fixed,2999-01-01 10:00\n",
                (),
                "t, line 2: “2999-01-01 10:00” in opened_at is in the future, or before 1990 on the clock UTC",
            ),
            (
                b"number,close_code,opened_at\nINC1,Fixed,2026-01-05\n",
                (),
                (
                    "t, line 2: “2026-01-05” in opened_at is a day without a time; "
                    "export it with the time of day. Nothing was"
                ),
            ),
            (
                b"number\nINC1\n",
                ("--time-format", "%m/%d/%Y"),
                "--time-format “%m/%d/%Y” leaves out a part of the time;",
            ),
            (
                b"number\nINC1\n",
                ("--time-format", "%m/%d/%Y %I:%M"),
                "--time-format “%m/%d/%Y %I:%M” leaves out a part of the time;",
            ),
            (b"number,opened_at\nINC1,2026-01-01,3\n", (), "t, line 2: it has 3 cells and the header 2."),
            (b'number\n"INC1\n', (), "t, line 2: it is no CSV: unexpected end of data."),
            (b"[" * 100_000, (), "t is no JSON: it is nested too deeply."),
            (
                b"number\nINC1\n",
                ("--time-format", "%d/%m/%y %H:%m"),
                "--time-format “%d/%m/%y %H:%m” reads no time, because",
            ),
            (b"number\nINC1\n", ("--time-format", "%d.%q"), "--time-format “%d.%q” reads no time, because"),
            (b"number\nINC1\n", ("--time-format", "%d.%m.%"), "--time-format “%d.%m.%” reads no time, because"),
            (b"number\nINC1\n", ("--zone", "Mars"), "Mars is not a known time zone."),
            (b"number\nINC1\n", ("--zone", "EST"), "EST is ambiguous. Write a zone such as America/New_York"),
            (b"number\nINC1\n", ("--window", "0"), "--window is 0; it must be between 1 and 10080 minutes."),
            (b"number\nINC1\n", ("--from", "trac"), "“trac” is no system of tickets; it is one of servicenow, jira."),
        ],
        every=3,
    ),
)
def test_file_that_cannot_be_read_is_refused_in_one_sentence(
    debrief: Debrief, own_folder: Path, content: bytes, options: tuple[str, ...], sentence: str
) -> None:
    """With its row where one is to blame; no database is made."""
    (own_folder / "t").write_bytes(content)

    answer = debrief("import", "tickets", "t", "--from", "servicenow", *options)

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(sentence)
    assert answer.err.count("\n") == 1
    assert not (own_folder / ".debrief").exists()


def test_time_that_exists_twice_is_listed(past: Debrief, own_folder: Path) -> None:
    """Nobody can tell which of the two was meant, so the ticket is not matched."""
    text = SERVICENOW_LABELS.replace("2026-01-05 10:00:00", "2025-10-26 02:30:00")
    (own_folder / "inc.csv").write_text(text)

    found = told(past("import", "tickets", "inc.csv", "--from", "servicenow", "--zone", "Europe/Berlin", "--json"))

    assert found["labels"] == []
    assert "exists twice in Europe/Berlin" in found["passed"][0]["because"]


def test_short_word_beside_others_names_no_alert(tmp_path: Path) -> None:
    """Senders number their alerts, too: “1” is the id of one where a column has nothing else, not in “1 of 2”."""
    header, rows = "number,opened_at,close_code,correlation_display", ("Alert 1 of 2, Ev4711", "1")
    written = [f'INC{n},2026-01-05 10:00,Fixed,"{row}"' for n, row in enumerate(rows)]
    (tmp_path / "t").write_text("\n".join([header, *written]))
    reading = Reading(system=TicketSystem.SERVICENOW, zone=UTC, now=datetime.now(UTC))

    some, alone = (read_ticket(row, reading).references for row in read_rows(tmp_path / "t"))

    assert ("Ev4711" in some, "1" in some, "1" in alone) == (True, False, True)


# ---------------------------------------------------------------- whatever a file holds

NAMES = st.sampled_from(
    [
        *("number", "Number", "opened_at", "Opened", "close_code", "Resolution code", "cmdb_ci", "correlation_id"),
        *("key", "Issue key", "Created", "created", "Resolution", "resolution", "Labels", "labels", "fields"),
        *("Summary", "description", "Description", "Component/s", "customfield_1", "Alert ID", "resolved_at"),
    ]
)
WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["2026-01-05 10:00:00", "05/Jan/26 10:00 AM", "Fixed", "Done", "0001-01-01", "9999-12-31T23:59-14"]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(NAMES, st.sampled_from(["value", "display_value", "name", "content", "text", "attrs"])),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)
#: A row that either system's reader takes, before some of its fields hold anything.
RIGHT = {
    "number": "INC1",
    "opened_at": "2026-01-05 10:00:00",
    "close_code": "Fixed",
    "short_description": "DiskFull",
    "key": "OPS-1",
    "Created": "2026-01-05 10:00:00",
    "Resolution": "Done",
    "Summary": "DiskFull",
}
NOW = datetime(2026, 6, 1, tzinfo=UTC)
ODD = st.dictionaries(NAMES, VALUES, max_size=3)
ROWS = st.lists(ODD | ODD.map(lambda odd: {**RIGHT, **odd}), max_size=4)
READINGS = st.builds(
    Reading,
    system=st.sampled_from(TicketSystem),
    zone=st.just(UTC),
    now=st.just(NOW),
    time_format=st.just("") | st.sampled_from(["%d.%m.%Y", "%", "%Q", "%Y-%m-%d %H:%M:%S", "(?", "%Y%Y"]),
)


def read_all(path: Path, reading: Reading) -> None:
    """Read a file as the command does: each row is a ticket or is refused by a sentence."""
    rows: list[Any] = []
    with contextlib.suppress(InvalidInput):
        reading = replace(reading, time_format=checked_form(reading.time_format))
        rows = list(read_rows(path))
    for row in rows:
        with contextlib.suppress(InvalidInput):
            assert read_ticket(row, reading).opened_at <= reading.now


@given(rows=ROWS, named=VALUES, reading=READINGS)
@settings(suppress_health_check=ON_FIXTURES, deadline=None, max_examples=examples(150))
def test_any_json_is_read_or_refused(
    tmp_path: Path, rows: list[Mapping[str, Any]], named: object, reading: Reading
) -> None:
    """No value of any field ends in anything else than a ticket or a sentence."""
    (tmp_path / "t").write_text(json.dumps({"issues": rows, "names": named}))

    read_all(tmp_path / "t", reading)


@given(
    header=st.lists(NAMES, max_size=4),
    rows=st.lists(st.lists(WORDS, max_size=4), max_size=4),
    is_right=st.booleans(),
    reading=READINGS,
)
@settings(suppress_health_check=ON_FIXTURES, deadline=None, max_examples=examples(150))
def test_any_table_is_read_or_refused(
    tmp_path: Path, header: list[str], rows: list[list[str]], reading: Reading, *, is_right: bool
) -> None:
    """Columns may come in any order and several times, cells may hold anything."""
    text, right = io.StringIO(), RIGHT if is_right else {}
    csv.writer(text).writerows([[*right, *header], *([*right.values(), *row] for row in rows)])
    (tmp_path / "t").write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))

    read_all(tmp_path / "t", reading)


#: Files that are read, to be cut open anywhere.
WHOLE = st.sampled_from(
    [json.dumps({"issues": [RIGHT]}).encode(), f"{','.join(RIGHT)}\n{','.join(RIGHT.values())}\n".encode()]
)


@given(file=st.just(b"") | WHOLE, place=st.integers(0, 300), content=st.binary(max_size=400), reading=READINGS)
@example(file=b"", place=0, content=b"\x1f\x8b\x08\x00", reading=Reading(system=TicketSystem.JIRA, zone=UTC, now=NOW))
@settings(suppress_health_check=ON_FIXTURES, deadline=None, max_examples=examples(150))
def test_any_bytes_are_read_or_refused(
    tmp_path: Path, file: bytes, place: int, content: bytes, reading: Reading
) -> None:
    """Also those of a broken archive, and in the middle of a file that can be read."""
    (tmp_path / "t").write_bytes(file[:place] + content + file[place:])

    read_all(tmp_path / "t", reading)
