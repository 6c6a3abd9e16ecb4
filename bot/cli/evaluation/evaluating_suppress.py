"""`debrief eval suppress`: what would be held back on your own history, and what people would still be told."""

import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.alerts.alert import Alert, AlertStatus
from analysis.alerts.alert_rows import ServiceGraph, read_graph, read_happening
from analysis.alerts.hold_reasons import HoldDecision
from analysis.alerts.holding import Holding
from analysis.alerts.holding_policy import Approval, HoldingPolicy, Mode
from analysis.alerts.identity import fingerprint
from analysis.alerts.noise_evidence import Evidence, EvidenceBook
from analysis.alerts.playback import Turn, in_order, play
from analysis.alerts.rule_classes import class_of
from analysis.alerts.telling import Folding, Gathering, Post
from analysis.alerts.whereabouts import place_of, rule_of
from bot.cli.evaluation.evaluation_files import read_rows, read_value, written
from bot.cli.evaluation.evaluation_order import ArrivalWatch, in_arrival_order
from bot.cli.evaluation.evaluation_rows import alert_in, past_in
from bot.cli.progress import progress
from bot.cli.stopping import done, rows_so_far, stopping
from bot.cli.terminal import warn

_TWO = frozenset({"one person", "another person"})


def add_suppress(evaluations: typer.Typer) -> None:
    """Make `suppress` a verb of `debrief eval`."""
    evaluations.command()(suppress)


def suppress(
    history: Annotated[Path, typer.Option(help="Alerts from before, each with its incident or null.")],
    alerts: Annotated[Path, typer.Option("--in", help="Alerts, one JSON object a line, in order of arrival.")],
    graph: Annotated[Path | None, typer.Option(help="The service graph, a JSON object.")] = None,
    events: Annotated[Path | None, typer.Option(help="Deploys, flags and outages, one JSON object a line.")] = None,
    approve: Annotated[
        list[str] | None, typer.Option(help="A rule or class that two people would let wait though it is critical.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the rows go; by default to the terminal.")] = None,
) -> None:
    """Say for each alert whether it would be told, held or put in the digest, and why, as if the policy acted.

    Example: `debrief eval suppress --history past.jsonl.gz --in alerts.jsonl.gz --out decisions.jsonl`. One row comes
    out for each alert, in order. The same input gives the same bytes. What the rows hold is in
    docs/reference/holding-back.md.
    """
    service_graph = read_value(graph, read_graph) if graph else ServiceGraph()
    happenings = list(read_rows(events, read_happening)) if events else []
    approvals = tuple(Approval(rule=one, approved_by=_TWO) for one in approve or ())
    with ExitStack() as stack:
        shown = stack.enter_context(progress())
        learning = shown.add_task("Learning", total=None)
        with stopping(lambda: rows_so_far(done(shown, learning), "alert", out)):
            evidence = _learnt(history, lambda: shown.advance(learning))
        deciding = shown.add_task("Deciding", total=None)
        policy = HoldingPolicy(mode=Mode.LIVE, approvals=approvals)
        holding = Holding(policy, evidence=evidence, graph=service_graph)
        rules: set[str] = set()
        turns = play(in_order(_heard(alerts, rules), happenings), holding)
        stack.enter_context(stopping(lambda: rows_so_far(done(shown, deciding), "alert", out)))
        file = stack.enter_context(written(out)) if out else sys.stdout
        for row in _Rows(evidence).of(turns):
            shown.advance(deciding)
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    for name in _unmet(approve or (), rules):
        warn(f"--approve {name} changed nothing: no alert of {alerts} has a rule or class that is written so.")


def _heard(alerts: Path, rules: set[str]) -> Iterator[Alert]:
    """The alerts to judge; *rules* takes in which rules they have."""
    for alert in in_arrival_order(alerts, read_rows(alerts, alert_in)):
        rules |= {alert.rule, rule_of(alert)[1]}
        yield alert


def _unmet(approved: Iterable[str], rules: set[str]) -> list[str]:
    """What was approved and is neither one of *rules* nor a class of one."""
    known = rules | {class_of(rule).value for rule in rules}
    return [name for name in approved if name not in known]


def _learnt(history: Path, on_row: Callable[[], None]) -> Evidence:
    book, watch = EvidenceBook(), ArrivalWatch(history)
    for past in read_rows(history, past_in):
        watch.see(past.alert)
        book.add(past.alert, past.membership)
        on_row()
    watch.tell()
    return book.evidence()


@dataclass(slots=True, kw_only=True)
class _Row:
    """A row that may still change: an alert that waits, or whose post is still open."""

    alert: Alert
    decision: HoldDecision | None
    group: str
    end: str | None = None
    notified_at: datetime | None = None
    is_final: bool = False


class _Rows:
    """Makes the rows in order of arrival, each when nothing about it can change any more."""

    def __init__(self, evidence: Evidence) -> None:
        self._fitted_at = evidence.fitted_at
        self._rows: deque[_Row] = deque()
        self._open: dict[int, _Row] = {}
        self._folding = Folding()
        self._gathering = Gathering()
        self._lanes: dict[str, str] = {}

    def of(self, turns: Iterable[Turn]) -> Iterator[dict[str, Any]]:
        """One row for each delivery among *turns*."""
        for turn in turns:
            self._warn(turn.at)
            self._take(turn)
            yield from self._final()
        self._posted(self._gathering.rest())
        yield from self._final()

    def _take(self, turn: Turn) -> None:
        self._posted(self._gathering.closed(turn.at))
        if turn.end is None:
            row = _Row(alert=turn.alert, decision=turn.decision, group=self._group(turn))
            self._rows.append(row)
            self._open[id(turn.alert)] = row
        else:
            row = self._open[id(turn.alert)]
            row.end = turn.end.value
        is_resolution = turn.alert.status is AlertStatus.RESOLVED
        is_news = (turn.is_told or is_resolution) and self._folding.is_news(turn.alert, turn.at)
        if is_news:
            self._posted(self._gathering.add(turn.alert, turn.at))
        elif turn.is_told or is_resolution or turn.end is not None:
            self._close(row)

    def _group(self, turn: Turn) -> str:
        """What it was grouped with; a resolution, on which nothing is decided, is in the group of its series."""
        place, series = place_of(turn.alert), fingerprint(turn.alert)
        if turn.decision is None:
            return self._lanes.get(series, place)
        if turn.decision.group == place:
            self._lanes.pop(series, None)
        else:
            self._lanes[series] = turn.decision.group
        return turn.decision.group

    def _posted(self, posts: Iterable[Post]) -> None:
        for post in posts:
            for alert in post.alerts:
                row = self._open[id(alert)]
                row.notified_at = post.at
                self._close(row)

    def _close(self, row: _Row) -> None:
        row.is_final = True
        del self._open[id(row.alert)]

    def _final(self) -> Iterator[dict[str, Any]]:
        while self._rows and self._rows[0].is_final:
            yield _shown(self._rows.popleft())

    def _warn(self, at: datetime) -> None:
        """Say once when the history reaches into what it is asked about."""
        if self._fitted_at is not None and self._fitted_at > at:
            warn("The history ends after the alerts begin, so some decisions rest on what was not known yet.")
        self._fitted_at = None


def _shown(row: _Row) -> dict[str, Any]:
    decision = row.decision
    reasons = decision.reasons if decision else ()
    return {
        "id": row.alert.id,
        "fingerprint": fingerprint(row.alert),
        "group_id": row.group,
        "action": decision.action.value if decision else "pass",
        "reasons": [
            {"code": one.code.value, "weight": one.weight, "evidence": list(one.evidence), "text": one.text}
            for one in reasons
        ],
        "notified": row.notified_at is not None,
        "notified_at": row.notified_at.isoformat().replace("+00:00", "Z") if row.notified_at else None,
        "end": row.end,
        "propensity": decision.propensity if decision else 0.0,
    }
