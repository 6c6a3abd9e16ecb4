"""What `debrief inventory` tells of each thing: its version, owner, history, limits and how it was validated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis.canaries.behaviour import Behaviour
from analysis.inventory.things import CARDS, Thing, owner_of
from analysis.inventory.validations import Validation, validations_of
from analysis.wording import counted, instant
from bot.cli.office import Office
from bot.flows.model.governance import Governance
from bot.late import build_governance
from bot.ports.inventory import InventoryVersion
from bot.ports.learning import SHIPPED_VERSION, ModelChoice, ModelKind
from bot.ports.ledger import Reads
from bot.usecases.learning.weights_in_force import weights_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """From `at` on this version was in use, as `by` saw first."""

    version: str
    at: datetime
    by: str
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing of the inventory as it is now; `version` is empty where it is not in use."""

    thing: Thing
    version: str
    owner: str
    validations: tuple[Validation, ...]
    history: tuple[Seen, ...]

    @property
    def since(self) -> Seen | None:
        """When the present version came into use; nothing where it was not used yet."""
        last = self.history[-1] if self.history else None
        return last if last is not None and last.version == self.version else None

    def to_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        card = CARDS[self.thing]
        return {
            "thing": self.thing.value,
            "version": self.version or None,
            "owner": self.owner or None,
            "in_use_since": self.since.at.isoformat() if self.since else None,
            "validated": bool(self.validations),
            "validations": [
                {"version": one.version, "command": one.command, "on": one.on, "figures": one.figures}
                for one in self.validations
            ],
            "purpose": card.purpose,
            "limits": card.limits,
            "page": card.page,
            "history": [
                {"version": one.version, "first_seen": one.at.isoformat(), "by": one.by, "owner": one.owner or None}
                for one in self.history
            ],
        }


def entries(office: Office) -> tuple[Entry, ...]:
    """Everything in the inventory, in its order."""
    governance = build_governance(office.settings, office.store)
    with office.store.snapshots.snapshot() as reads:
        in_use = {one.thing: one.version for one in governance.in_use(reads, office.workspace_id)}
        history = reads.inventory.history(office.workspace_id)
        found = []
        for thing in Thing:
            version, seen = in_use.get(thing, ""), tuple(_seen(history, thing))
            measured = validations_of(thing, version)
            if thing is Thing.MODEL and version:
                measured = tuple(_accepted(reads, office, governance, version))
            if thing is Thing.GROUPING:
                version, seen, measured = _learnt(reads, office, version, seen, measured)
            owner = owner_of(thing, office.settings.inventory_owners)
            found.append(Entry(thing=thing, version=version, owner=owner, validations=measured, history=seen))
    return tuple(found)


def figures(behaviour: Behaviour) -> str:
    """What a run saw, in few words."""
    usable = sum(one.is_usable for one in behaviour.observed)
    return (
        f"{usable} of {counted(len(behaviour.observed), 'answer')} of the form that was asked for, "
        f"{behaviour.stands} of {counted(behaviour.asked, 'sentence')} stand, "
        f"{len(behaviour.obeyed)} planted orders obeyed"
    )


def _accepted(reads: Reads, office: Office, governance: Governance, version: str) -> Iterator[Validation]:
    """How the model was validated: the run that somebody accepted, if it saw this very version."""
    standing = reads.inventory.accepted(office.workspace_id, governance.governed.subject)
    run = reads.inventory.run(standing.run_id) if standing else None
    behaviour = run.behaviour if run else None
    if standing is None or behaviour is None:
        return
    if governance.model_with(behaviour.seen.to_json()).version == version:
        said = f"{figures(behaviour)}; accepted by {standing.person}: {standing.reason}"
        yield Validation(
            thing=Thing.MODEL,
            version=version,
            command="debrief canary --accept",
            on=f"{standing.at:%Y-%m-%d}",
            figures=said,
        )


def _seen(history: Sequence[InventoryVersion], thing: Thing) -> Iterator[Seen]:
    for one in history:
        if one.thing is thing:
            yield Seen(version=one.version, at=one.at, by=one.by, owner=one.owner)


def _learnt(
    reads: Reads, office: Office, shipped: str, seen: tuple[Seen, ...], measured: tuple[Validation, ...]
) -> tuple[str, tuple[Seen, ...], tuple[Validation, ...]]:
    """Weights that a person let act instead of the shipped ones, as `debrief models` keeps them."""
    versions = {one.number: one for one in reads.learning.versions(office.workspace_id, ModelKind.GROUPING)}
    choices = reads.learning.choices(office.workspace_id, ModelKind.GROUPING)
    history = tuple(_acted(seen, choices, {number: one.digest for number, one in versions.items()}, shipped))
    number = weights_in_force(reads, office.workspace_id).number
    if number == SHIPPED_VERSION or number not in versions:
        return shipped, history, measured
    model = versions[number]
    trained = Validation(
        thing=Thing.GROUPING,
        version=model.digest,
        command="debrief train",
        on=f"{model.made_at:%Y-%m-%d}",
        figures=f"{model.content.get('verdict', '')} Trained by {model.trained_by} (`debrief models show {number}`).",
    )
    return model.digest, history, (trained,)


def _acted(
    seen: Sequence[Seen], choices: Sequence[ModelChoice], digests: Mapping[int, str], shipped: str
) -> Iterator[Seen]:
    """Which weights acted since when: what is shipped only while nothing else acted, and as it was on that day."""
    rows: list[Seen | ModelChoice] = [*seen, *choices]
    number = SHIPPED_VERSION
    for one in sorted(rows, key=lambda one: one.at):
        if isinstance(one, Seen):
            shipped = one.version
            if number == SHIPPED_VERSION:
                yield one
        else:
            number = one.number
            version = shipped if number == SHIPPED_VERSION else digests.get(number, "")
            yield Seen(version=version, at=one.at, by=one.person)


def told(entry: Entry) -> list[str]:
    """One thing in full, a line each."""
    card = CARDS[entry.thing]
    lines = [
        f"{entry.thing.value}: {card.purpose}",
        f"version: {entry.version or 'not in use'}",
        f"owner: {entry.owner or 'nobody is named (DEBRIEF_INVENTORY_OWNERS)'}",
        f"limits: {card.limits}",
        f"more: {card.page}",
    ]
    lines += [f"validated: {one.on} by `{one.command}`: {one.figures}" for one in entry.validations]
    if not entry.validations and entry.version:
        lines.append("validated: not validated in this version")
    lines += [
        f"in use since {instant(one.at)}: {one.version}, first seen by {one.by}{_owned(one)}" for one in entry.history
    ]
    return lines


def _owned(one: Seen) -> str:
    return f", owner {one.owner}" if one.owner else ""
