"""Before the model is asked: that it may be, and with which versions of everything."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from analysis.errors import Unavailable
from analysis.events import Source
from analysis.inventory.things import Thing, digest, owner_of
from analysis.people import Person
from bot.ports.ledger import Reads, Snapshots, Writer
from bot.usecases.asking import DEBRIEF
from bot.usecases.inventory.model_standing import Governed, problem_about
from bot.usecases.inventory.take_stock import InUse, TakeStock, news, take_stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Governance:
    """Of the model that the settings name.

    `versions` are those of what asks it and judges it, by thing, `others` those of what has no part in a draft;
    `endpoint` is what the settings say of the model, empty where none is set up; `actor` is who had it asked, as the
    inventory names whoever saw a version first.
    """

    snapshots: Snapshots
    writer: Writer
    governed: Governed
    versions: Mapping[str, str]
    others: Mapping[str, str]
    endpoint: Mapping[str, Any]
    actor: Person = DEBRIEF

    def permit(self, incident_id: UUID) -> None:
        """Pass where the model may be asked about this incident now, as public or private as it is now.

        Raises
        ------
        analysis.errors.Unavailable
            If it may not; the sentence says why.
        """
        with self.snapshots.snapshot() as reads:
            incident = reads.incident(incident_id)
            because = problem_about(reads, incident, self.governed) if incident else "There is no such incident."
        if because:
            raise Unavailable(because)

    def recognise(self, workspace_id: UUID, model: str, fingerprint: str) -> None:
        """Pass where an answer says that it is of the model that somebody accepted, or nobody accepted any yet.

        Raises
        ------
        analysis.errors.Unavailable
            If it says that it is of another one, or what was accepted cannot be read: the answer must not be used.
        """
        with self.snapshots.snapshot() as reads:
            standing = reads.inventory.accepted(workspace_id, self.governed.subject)
            run = reads.inventory.run(standing.run_id) if standing else None
        if standing is None:
            return
        seen = ((run.content if run else {}).get("behaviour") or {}).get("seen") or {}
        is_known = model in seen.get("models", ()) and fingerprint in (seen.get("fingerprints") or ("",))
        if not is_known:
            message = (
                "The endpoint's answer is not used, because it names another model or system fingerprint than was "
                "accepted, or none; `debrief canary` looks at it."
            )
            raise Unavailable(message)

    @property
    def identity(self) -> str:
        """The model at its endpoint in the form that it is held to: of what another one answered nothing is used."""
        return json.dumps({**self.endpoint, "subject": self.governed.subject}, sort_keys=True)

    def take_stock(self, workspace_id: UUID) -> Mapping[str, str]:
        """The version of the model, where there is one, once all versions in use are on record."""
        with self.snapshots.snapshot() as reads:
            known = reads.inventory.newest(workspace_id)
            in_use = self.in_use(reads, workspace_id)
        self._add(workspace_id, news(known, in_use))
        return {one.thing.value: one.version for one in in_use if one.thing is Thing.MODEL}

    def in_use(self, reads: Reads, workspace_id: UUID) -> Sequence[InUse]:
        """Everything that is in use now."""
        others = self._ours(self.others)
        if not self.endpoint:
            return others
        return [self.model_with(self._seen(reads, workspace_id)), *self._ours(self.versions), *others]

    def model_with(self, seen: Mapping[str, Any]) -> InUse:
        """The version of the model of which this was *seen*."""
        content = {**self.endpoint, "subject": self.governed.subject, "seen": dict(seen)}
        version = digest(content)
        return InUse(thing=Thing.MODEL, version=version, content={**content, "owner": self._owner(Thing.MODEL)})

    def _ours(self, versions: Mapping[str, str]) -> Sequence[InUse]:
        return [
            InUse(thing=Thing(name), version=version, content={"owner": self._owner(Thing(name))})
            for name, version in versions.items()
        ]

    def _seen(self, reads: Reads, workspace_id: UUID) -> Mapping[str, Any]:
        """What the last run that was answered saw; of a model that none has seen only the settings are known."""
        runs = reads.inventory.runs(workspace_id, self.governed.subject, limit=1, until=reads.now, is_answered=True)
        behaviour = runs[0].content.get("behaviour") if runs else None
        return dict(behaviour["seen"]) if behaviour else {}

    def _owner(self, thing: Thing) -> str:
        return owner_of(thing, self.governed.owners)

    def _add(self, workspace_id: UUID, new: Sequence[InUse]) -> None:
        if not new:
            return
        command = TakeStock(
            person=self.actor,
            workspace_id=workspace_id,
            natural_key=f"debrief:stock:{uuid4()}",
            source=Source.DEBRIEF,
            in_use=tuple(new),
        )
        self.writer.submit(take_stock, command).result()
