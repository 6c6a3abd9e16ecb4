"""The signals on an incident for a terminal or a program, the most likely first."""

from collections.abc import Sequence
from typing import Any

from analysis.chain import stamp
from analysis.errors import NotFound
from analysis.incident import Incident
from analysis.signals import Signal, likelihood, why
from bot.cli.terminal import say, say_json
from bot.ports.ledger import Reads
from bot.usecases.signals.list_signals import signals_of


def show_signals(reads: Reads, incident: Incident, *, as_json: bool) -> None:
    """Show every signal with its reasons.

    Raises
    ------
    analysis.errors.NotFound
        If there is none.
    """
    signals = signals_of(reads, incident)
    if as_json:
        say_json([_value(one) for one in signals])
    else:
        _say(signals)
    if not signals:
        message = f"Nothing stands out so far on {incident.reference}."
        raise NotFound(message)


def _say(signals: Sequence[Signal]) -> None:
    for one in signals:
        now = one.now or "over"
        say(f"{one.reference} {one.state.value.replace('_', ' ')} ({likelihood(one)}): {one.what}; {now}")
        say(f"  {why(one.all_reasons)}")


def _value(signal: Signal) -> dict[str, Any]:
    return {
        "signal": signal.reference,
        "kind": signal.kind.value,
        "state": signal.state.value,
        "verdict": signal.verdict.value if signal.verdict else None,
        "what": signal.what,
        "since": stamp(signal.since),
        "now": signal.now,
        "over_at": stamp(signal.over_at) if signal.over_at else None,
        "logit": signal.logit,
        "reasons": [
            {"code": one.code.value, "weight": one.weight, "evidence": list(one.evidence), "text": one.text}
            for one in signal.all_reasons
        ],
    }
