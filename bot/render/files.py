r"""The files of a replay: the document's timeline, claims, findings and figures for programs and spreadsheets.

All are UTF-8 with `\n` line ends, in the document's order, so the same document gives the same bytes.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.chain import stamp
from analysis.contradictions import Contradiction
from analysis.document import Document, claim_rows
from analysis.findings import Gap
from analysis.invisible import INVISIBLE
from analysis.unlooked import Unlooked
from analysis.wording import whole

COLUMNS = (
    "label",
    "at",
    "text",
    "kind",
    "who",
    "source",
    "precision",
    "basis",
    "tags",
    "revised",
    "deleted",
    "corrected",
    "link",
)
#: What a formula begins with, also in full-width letters.
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
#: A spreadsheet may run a cell that begins so, also behind what nobody sees.
_FORMULA = re.compile(rf"[\t\r\n]|[\s\x00-\x1f{INVISIBLE}]*[{_SIGNS}]")
#: Where commas are for decimals, Excel divides cells at semicolons and minds no quotes behind the first cell: a part of
#: a text begins a cell of its own there, as the next line of it does.
_INNER_FORMULA = re.compile(rf"(?<=[;\t\r\n])(?=(?:[^\S\t\r\n]|[\x00-\x08\x0b\x0c\x0e-\x1f{INVISIBLE}])*[{_SIGNS}])")


def timeline_csv(document: Document) -> bytes:
    """The timeline, one line an entry; `text` is what the record holds word for word, where there are words.

    What a spreadsheet could run as a formula gets an apostrophe in front: the cell, and in it a line or what follows a
    semicolon. Programs that want the very text take it from the ledger's export.
    """
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n", quoting=csv.QUOTE_ALL)  # a lone \r splits an unquoted cell
    writer.writerow(COLUMNS)
    for row in document.timeline:
        values = {
            "label": row.label,
            "at": stamp(row.at),
            "text": row.said or row.text,
            "kind": row.kind,
            "who": row.who,
            "source": row.source,
            "precision": row.precision,
            "basis": row.basis.value,
            "tags": " ".join(row.tags),
            "revised": "yes" if row.is_revised else "",
            "deleted": "yes" if row.is_deleted else "",
            "corrected": ". ".join(row.history),
            "link": row.link,
        }
        writer.writerow([_cell(values[column]) for column in COLUMNS])
    return made.getvalue().encode(errors="replace")


def claims_jsonl(document: Document) -> bytes:
    """The claims, one a line."""
    return _lines(claim_rows(document))


def findings_jsonl(document: Document) -> bytes:
    """The contradictions, then the gaps, then the alerts that nobody looked at, one a line."""
    found = document.findings
    return _lines([*map(_contradiction, found.contradictions), *map(_gap, found.gaps), *map(_unlooked, found.unlooked)])


def incident_json(document: Document) -> bytes:
    """Durations in seconds and milestones by phase, the record's span, and its pauses in order.

    What nobody set is `null`. A span is the last entry's instant minus the first's, a pause the difference of two
    consecutive entries where it is not zero.
    """
    figures = {
        "number": document.number,
        "title": document.title,
        "severity": document.severity.value if document.severity else None,
        "visibility": document.visibility,
        "zone": document.zone,
        "phases": [_phase(document, phase.number) for phase in document.phases],
        "entries": len(document.timeline),
        **_span(document),
    }
    return f"{json.dumps(figures, ensure_ascii=False, indent=2)}\n".encode(errors="replace")


def _cell(value: str) -> str:
    inner = _INNER_FORMULA.sub("'", value)
    return f"'{inner}" if _FORMULA.match(value) else inner


def _lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode(errors="replace")


def _contradiction(found: Contradiction) -> dict[str, Any]:
    return {
        "finding": "contradiction",
        "kind": found.kind.value,
        "phase": found.phase,
        "text": found.text,
        "events": list(found.labels),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "finding": "gap",
        "phase": gap.phase,
        "text": gap.text,
        "events": [gap.after, gap.before],
        "started_at": stamp(gap.started_at),
        "ended_at": stamp(gap.ended_at),
        "seconds": whole(gap.length.total_seconds()),
        "severity": gap.severity.value if gap.rated else None,
        "limit_seconds": whole(gap.limit.total_seconds()),
    }


def _unlooked(found: Unlooked) -> dict[str, Any]:
    return {"finding": "unlooked", "group": found.group, "text": found.text, "events": [found.label]}


def _phase(document: Document, number: int) -> dict[str, Any]:
    phase = next(phase for phase in document.phases if phase.number == number)
    return {
        "phase": number,
        "started_at": stamp(phase.started_at),
        "ended_at": stamp(phase.ended_at) if phase.ended_at else None,
        "milestones": {
            row.milestone.value: stamp(row.at) if row.at else None for row in document.milestones if row.phase == number
        },
        "durations": {row.name: row.seconds for row in document.durations if row.phase == number},
    }


def _span(document: Document) -> dict[str, Any]:
    span = document.findings.span
    if span is None:
        return {"first_at": None, "last_at": None, "span_seconds": None, "longest_pause_seconds": None, "pauses": []}
    return {
        "first_at": stamp(span.started_at),
        "last_at": stamp(span.ended_at),
        "span_seconds": whole(span.length.total_seconds()),
        "longest_pause_seconds": whole(span.longest.length.total_seconds()) if span.longest else 0,
        "pauses": [
            {"after": pause.after, "before": pause.before, "seconds": whole(pause.length.total_seconds())}
            for pause in span.pauses
        ],
    }
