"""What the signals on an incident look like in Slack; everything that came with alerts is escaped."""

from collections.abc import Sequence
from datetime import datetime

from analysis.incident import Incident
from analysis.signals import Signal, SignalState, Verdict, likelihood, why
from analysis.wording import counted
from bot.slack.blocks import ids
from bot.slack.blocks.elements import Block, actions, button, context, plain, section, when, zoned
from bot.slack.blocks.numbered_rows import of_incident

ROWS = 5
#: How many of them are kept for what waits for a press: what is attached is likelier, and needs none.
KEPT_FOR_SUGGESTED = 2
LISTED = 20
WORDS_LETTERS = 300
_STATES = {
    SignalState.ATTACHED: "attached by a person",
    SignalState.ATTACHED_ITSELF: "attached by Debrief",
    SignalState.SUGGESTED: "suggested",
    SignalState.FAINT: "not suggested now",
    SignalState.DECLINED: "a person said that it is not related",
}


def signals_text(incident: Incident, signals: Sequence[Signal]) -> str:
    """What a notification says; escaped."""
    shown = [one for one in signals if one.is_shown]
    first = f": {shown[0].reference} {shown[0].what}" if shown else ""
    return zoned(plain(f"{incident.reference} {counted(len(shown), 'signal')}{first}", WORDS_LETTERS))


def signals_blocks(incident: Incident, signals: Sequence[Signal], at: datetime) -> list[Block]:
    """The one message that lists them as they are *at* that time: why each is here, and what can be said of it.

    It is edited for what matters, not for each alert.
    """
    shown = [one for one in signals if one.is_shown]
    blocks = [section(f"*Signals on {incident.reference}*, the most likely first")]
    if not shown:
        blocks = [section(f"*Signals on {incident.reference}*: nothing stands out any more.")]
    for one in _foremost(shown):
        blocks += [section(_row(one)), *([actions(*_buttons(incident, one))] if incident.status.is_active else [])]
    more = f"{len(shown) - ROWS} more. " if len(shown) > ROWS else ""
    tail = "`/incident signals` lists them all, with what speaks for and against each."
    return [*blocks, context(f"{more}As of {when(at)}. {tail}")]


def _foremost(shown: Sequence[Signal]) -> list[Signal]:
    """The rows of the message, in their order."""
    waiting = [one for one in shown if one.state is SignalState.SUGGESTED][:KEPT_FOR_SUGGESTED]
    others = [one for one in shown if one not in waiting][: ROWS - len(waiting)]
    return [one for one in shown if one in waiting or one in others]


def signals_listing(incident: Incident, signals: Sequence[Signal]) -> str:
    """All signals, a few lines each; escaped."""
    if not signals:
        return f"Nothing stands out so far on {incident.reference}. `attach G-42` attaches a group of alerts."
    lines = [f"*{counted(len(signals), 'signal')} on {incident.reference}*, the most likely first"]
    lines += [_row(one) for one in signals[:LISTED]]
    if len(signals) > LISTED:
        lines.append(f"and {len(signals) - LISTED} more")
    return "\n".join(lines)


def _row(signal: Signal) -> str:
    useful = ", called useful" if signal.verdict is Verdict.USEFUL else ""
    what = zoned(plain(signal.what, WORDS_LETTERS))
    fires = "firing since" if signal.now else "fired from"  # not since its first alert, which may be of days ago
    return (
        f"*{signal.reference}* {_now(signal)}{what} ({fires} {when(signal.since)})\n"
        f"{_STATES[signal.state]}{useful} ({likelihood(signal)}): {plain(why(signal.all_reasons), WORDS_LETTERS)}"
    )


def _now(signal: Signal) -> str:
    """Whether it is on: what responders ask first."""
    if signal.now:
        return f"*{plain(signal.now)}*: "
    return f"over since {when(signal.over_at)}: " if signal.over_at else ""


def _buttons(incident: Incident, signal: Signal) -> list[Block]:
    value = f"{of_incident(incident)}|{signal.reference}|{signal.row}"
    attach = [button("Attach", ids.SIGNAL_ATTACH, value)] if signal.state is SignalState.SUGGESTED else []
    useful = [] if signal.verdict is Verdict.USEFUL else [button("Useful", ids.SIGNAL_USEFUL, value)]
    return [*attach, *useful, button("Not related", ids.SIGNAL_NOT_RELATED, value)]
