"""The kill switch: from now on everything is told, and what waits is told at once; and back again."""

from dataclasses import dataclass, replace

from analysis.errors import Refused
from analysis.events import EventKind
from analysis.people import Action, require
from bot.ports.holding import HoldChanges, Switch
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command, Wanted, record
from bot.usecases.holding.asking import news, workspace_log


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchHolding(Command):
    """Turn the kill switch on, or off; `file` names the file on the server that stops holding back all the same."""

    is_on: bool
    file: str = ""


def switch_holding(reads: Reads, command: SwitchHolding) -> Changes:
    """Whoever records may stop it; who decides that alerts wait may let it go on."""
    require(command.person, Action.RECORD if command.is_on else Action.HOLD)
    known = reads.holds.switch(command.workspace_id)
    if bool(known and known.is_on) == command.is_on:
        state = "stopped already: every alert is told" if command.is_on else "not stopped"
        message = f"Holding back is {state}."
        raise Refused(_by_file(command.file) if command.file else message)
    switch = Switch(
        workspace_id=command.workspace_id, is_on=command.is_on, changed_at=reads.now, person=command.person.id
    )
    did = _did(command)
    wanted = Wanted(
        kind=EventKind.HOLDING_CHANGED,
        text=f"Holding back: {did}",
        payload={"move": "stopped" if command.is_on else "resumed"},
    )
    changes = record(
        reads,
        command,
        workspace_log(reads, command),
        [wanted],
        reply=_reply(command, did),
        deliveries=[news(reads, [f"Holding back noise. {did}."])],
    )
    return replace(changes, holds=HoldChanges(switch=switch))


def _did(command: SwitchHolding) -> str:
    if command.is_on:
        return "Stopped: every alert is told from now on"
    if command.file:
        return "Resumed, but a file on the server still has every alert told"
    return "Goes on: what was approved may wait again"


def _reply(command: SwitchHolding, did: str) -> str:
    if command.is_on:
        return f"{did}, and so is what waited. `noise resume` undoes it."
    return f"Resumed. {_by_file(command.file)}" if command.file else f"{did}."


def _by_file(file: str) -> str:
    return f"The file {file} on the server still has every alert told: remove it there, or run `debrief noise resume`."
