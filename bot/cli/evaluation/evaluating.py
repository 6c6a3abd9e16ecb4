"""`debrief eval`: judge the models on your own history, file in, file out, without a database."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.alerts.alert import Alert
from analysis.alerts.alert_rows import Happening, read_graph, read_happening
from analysis.alerts.decisions import Decision, Link
from analysis.alerts.grouping import Grouper
from analysis.alerts.reasons import Reason
from analysis.alerts.topology import Topology
from bot.cli.evaluation.evaluating_ground import add_ground
from bot.cli.evaluation.evaluating_redact import add_redact
from bot.cli.evaluation.evaluating_suppress import add_suppress
from bot.cli.evaluation.evaluation_files import read_rows, read_value, written
from bot.cli.evaluation.evaluation_order import in_arrival_order
from bot.cli.evaluation.evaluation_rows import alert_in
from bot.cli.progress import progress
from bot.cli.stopping import done, rows_so_far, stopping

evaluations = typer.Typer(
    help="Judge the models on your own history: file in, file out, no database.",
    rich_markup_mode=None,
    add_completion=False,
)

InOption = Annotated[Path, typer.Option("--in", help="Alerts, one JSON object a line, in order of arrival.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Where the rows go; by default to the terminal.")]


@evaluations.callback()
def evaluate() -> None:
    """Judge the models on your own history: file in, file out, no database."""


@evaluations.command()
def group(
    alerts: InOption,
    graph: Annotated[Path | None, typer.Option(help="The service graph, a JSON object.")] = None,
    events: Annotated[Path | None, typer.Option(help="Deploys, flags and outages, one JSON object a line.")] = None,
    history: Annotated[Path | None, typer.Option(help="Alerts from before, to learn from; no rows for them.")] = None,
    out: OutOption = None,
) -> None:
    """Group alerts by their cause, each decided when it arrives, with reasons.

    Example: `debrief eval group --in alerts.jsonl.gz --graph graph.json --events events.jsonl --out groups.jsonl`.
    One row comes out for each alert, and a row more where two groups turn out to be one. The same input gives the
    same bytes. What the rows hold is in docs/reference/evaluation.md.
    """
    grouper = Grouper(Topology(read_value(graph, read_graph)) if graph else None)
    happenings = sorted(read_rows(events, read_happening), key=lambda one: one.at) if events else []
    decisions = _decided(grouper, _deliveries(history, alerts), happenings)
    with ExitStack() as stack:
        shown = stack.enter_context(progress())
        task = shown.add_task("Grouping", total=None)
        stack.enter_context(stopping(lambda: rows_so_far(done(shown, task), "alert", out)))
        file = stack.enter_context(written(out)) if out else sys.stdout
        for is_history, alert, decision in decisions:
            shown.advance(task)
            if not is_history:
                file.writelines(_lines(alert, decision))


def _deliveries(history: Path | None, alerts: Path) -> Iterator[tuple[bool, Alert]]:
    """Alerts of the past, then those to group; a file is read as far as it is used."""
    if history:
        for alert in in_arrival_order(history, read_rows(history, alert_in)):
            yield True, alert
    for alert in in_arrival_order(alerts, read_rows(alerts, alert_in)):
        yield False, alert


def _decided(
    grouper: Grouper, deliveries: Iterable[tuple[bool, Alert]], happenings: list[Happening]
) -> Iterator[tuple[bool, Alert, Decision]]:
    """Each delivery with its decision; an event is known from its own time on."""
    seen = 0
    for is_history, alert in deliveries:
        while seen < len(happenings) and happenings[seen].at <= alert.received_at:
            grouper.observe(happenings[seen])
            seen += 1
        yield is_history, alert, grouper.decide(alert)


def _lines(alert: Alert, decision: Decision) -> Iterator[str]:
    row = {
        "id": decision.alert_id,
        "fingerprint": decision.fingerprint,
        "group_id": decision.group_id,
        "action": "pass",
        "decision": decision.kind,
        "logit": decision.logit,
        "reasons": [_reason(one) for one in decision.reasons],
    }
    if decision.suggested:
        row["suggested"] = decision.suggested
    yield _line(row)
    for link in decision.links:
        yield _line(_link(link, alert))


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "weight": reason.weight,
        "evidence": list(reason.evidence),
        "text": reason.text,
    }


def _link(link: Link, alert: Alert) -> dict[str, Any]:
    return {"link": [link.kept, link.gone], "at": _instant(alert), "reasons": [_reason(link.reason)]}


def _instant(alert: Alert) -> str:
    return alert.received_at.isoformat().replace("+00:00", "Z")


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


add_suppress(evaluations)
add_ground(evaluations)
add_redact(evaluations)
COMMANDS = {"eval": evaluations}
