"""Put on record what changed, since the last start, of the settings that decide who may do what and what leaves."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.events import EventKind
from bot.ports.ledger import Reads
from bot.ports.records import Changes
from bot.usecases.asking import Command, Wanted, record
from bot.usecases.holding.asking import workspace_log


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSettings(Command):
    """These are in force from now on, each by the variable that sets it; no secret is among them."""

    now: Mapping[str, str]


def record_settings(reads: Reads, command: RecordSettings) -> Changes:
    """Record what is not as at the last start in the workspace's log, and nothing where all is."""
    log = workspace_log(reads, command)
    earlier = reads.events_of_kind(log.id, {EventKind.SETTINGS_CHANGED})
    before: Mapping[str, str] | None = earlier[-1].payload.get("now") if earlier else None
    if before == command.now:
        return Changes()
    changed = {
        name: [(before or {}).get(name, ""), command.now.get(name, "")]
        for name in sorted({*(before or {}), *command.now})
        if (before or {}).get(name, "") != command.now.get(name, "")
    }
    text = f"Settings changed since the last start: {', '.join(changed)}" if before is not None else "First settings"
    payload = {"now": dict(command.now), "changed": changed if before is not None else {}}
    return record(reads, command, log, [Wanted(kind=EventKind.SETTINGS_CHANGED, text=text, payload=payload)], reply="")
