"""Asking the canary set: what the endpoint can do, then each record's account, judged as a draft's would be.

A run is kept in one step when it has ended, so that a kill in the middle leaves nothing but calls that were made.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid4

from analysis.canaries.behaviour import Behaviour, Observed, Seen
from analysis.canaries.comparing import broken, differing_abilities
from analysis.canaries.observing import named, observe
from analysis.canaries.records import CANARIES, Canary
from analysis.errors import DebriefError, Unavailable
from analysis.events import Source
from analysis.incident import WORKSPACE_LOG_NUMBER
from analysis.inventory.things import Thing, digest
from analysis.outgoing.vault import Vault
from analysis.people import Person
from analysis.timeline import timeline
from analysis.writing.account import Judge, is_citable
from bot.flows.model.abilities import PATIENCE_SECONDS, PROBE_TOKENS, THOUGHT_TOKENS, Abilities
from bot.flows.model.governance import Governance
from bot.flows.model.leaving import Leaving, Place
from bot.flows.model.questions import UNFORESEEN, About, Asking, Terms, key_of, question_about
from bot.flows.patience import Stopping
from bot.ports.inventory import CanaryRun
from bot.ports.ledger import Snapshots, Writer
from bot.ports.model import (
    Answer,
    LanguageModel,
    ModelCalls,
    OpenModel,
    Probe,
    Prompts,
    Question,
    Redacted,
    Redaction,
)
from bot.ports.outside import Clock
from bot.ports.paging import EgressLog, EgressPurpose
from bot.usecases.inventory.finish_canary import FinishCanary, finish_canary
from bot.usecases.inventory.model_standing import ownerless
from bot.usecases.postmortem.composing import TemplatesAlone

log = logging.getLogger(__name__)

#: So much longer answers than the set needs would be another question after each change of a setting.
ANSWER_TOKENS = 400
SEED = 20_260_105
#: What drafts need, whatever their form.
_CHAT = "chat"
#: Whose versions decide which sentences of an answer stand.
_JUDGING = (Thing.SCHEMA.value, Thing.VERIFIER.value)


class FixedVault:
    """The vault of records that hold nothing secret: the same placeholders each time, and kept nowhere."""

    def open(self, _: UUID, __: int) -> Vault:
        """Return an empty vault."""
        return Vault(salt=bytes(16))

    def keep(self, _: UUID, __: Vault, ___: int) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """Runs the set against the model of the settings; `thought_tokens` are what it may think before an answer.

    `is_repeated` where the server asks it by itself.
    """

    terms: Terms
    open_model: OpenModel
    probe: Probe
    prompts: Prompts
    redaction: Redaction
    calls: ModelCalls
    egress: EgressLog
    place: Place
    snapshots: Snapshots
    writer: Writer
    clock: Clock
    new_id: Callable[[], UUID]
    governance: Governance
    probe_seconds: float = PATIENCE_SECONDS
    thought_tokens: int = 0
    is_repeated: bool = True
    stopping: Stopping = field(default_factory=Stopping)

    @property
    def steps(self) -> int:
        """How many steps `run` takes, for a display of progress."""
        return 1 + len(CANARIES)

    def abilities(self, workspace_id: UUID) -> Mapping[str, bool]:
        """What the endpoint says that it can do, asked without any record.

        Raises
        ------
        analysis.errors.Unavailable
            If it gave no answer that tells.
        """
        _, about = self._before(workspace_id)
        return self._probing(about)()

    def run(
        self, workspace_id: UUID, person: Person, *, source: Source, on_step: Callable[[], object] = lambda: None
    ) -> CanaryRun:
        """Ask the whole set, and keep what was seen; switches the model off where that is not what was accepted.

        Raises
        ------
        analysis.errors.Unavailable
            If nobody answers for the model: then nothing is sent.
        """
        if because := ownerless(self.governance.governed):
            raise Unavailable(because)
        began_at, behaviour, because = self.clock.now(), None, ""
        try:
            behaviour = self._behaviour(workspace_id, on_step)
        except DebriefError as error:
            because = error.message
        except Exception:  # an edge: whatever an endpoint does, that it was asked is on record
            log.exception("canary set not finished")
            because = UNFORESEEN
        return self._finished(workspace_id, person, source, began_at, behaviour, because)

    def _finished(
        self,
        workspace_id: UUID,
        person: Person,
        source: Source,
        began_at: datetime,
        behaviour: Behaviour | None,
        because: str,
    ) -> CanaryRun:
        subject = self.governance.governed.subject
        command = FinishCanary(
            person=person,
            workspace_id=workspace_id,
            natural_key=f"canary:{uuid4()}",
            source=source,
            run_id=self.new_id(),
            subject=subject,
            began_at=began_at,
            behaviour=behaviour,
            because=because,
            model=self.governance.model_with(behaviour.seen.to_json()) if behaviour else None,
            is_repeated=self.is_repeated,
        )
        self.writer.submit(finish_canary, command).result()
        self.governance.take_stock(workspace_id)
        with self.snapshots.snapshot() as reads:
            run = reads.inventory.run(command.run_id)
        if run is None:
            message = "The run was not kept."
            raise Unavailable(message)
        log.info("canary set asked", extra={"subject": subject, "outcome": run.outcome.value, "because": because})
        return run

    def _behaviour(self, workspace_id: UUID, on_step: Callable[[], object]) -> Behaviour:
        accepted, about = self._before(workspace_id)
        versions = {**self.governance.versions, "redaction": self.redaction.policy}
        # What is checked of the bytes of a question is what its own record's vault says, before each of them.
        leaving = Leaving(
            log=self.egress, clock=self.clock, place=self.place, check=_unasked, purpose=EgressPurpose.CANARY
        )
        with self.open_model(leaving.gate) as model:
            session = _Session(
                canaries=self,
                about=about,
                versions=versions,
                occasion=str(self.new_id()),
                leaving=leaving,
                model=model,
                probing=self._probing(about),
            )
            abilities = session.abilities(accepted)
            on_step()
            observed = []
            for canary in CANARIES:
                observed.append(session.observed(canary, accepted))
                on_step()
        seen = Seen(
            abilities=abilities, models=tuple(sorted(session.models)), fingerprints=tuple(sorted(session.fingerprints))
        )
        return Behaviour(seen=seen, observed=tuple(observed))

    def _probing(self, about: About) -> Abilities:
        return Abilities(
            terms=self.terms,
            probe=self.probe,
            calls=self.calls,
            egress=self.egress,
            place=self.place,
            clock=self.clock,
            new_id=self.new_id,
            about=about,
            needed=frozenset({_CHAT, self.governance.endpoint["form"]}),
            patience_seconds=self.probe_seconds,
            stopping=self.stopping,
            most_tokens=PROBE_TOKENS + (THOUGHT_TOKENS if self.thought_tokens else 0),
        )

    def _before(self, workspace_id: UUID) -> tuple[Behaviour | None, About]:
        """What was accepted, where it can be read, and the log of the workspace, about which the calls are."""
        with self.snapshots.snapshot() as reads:
            standing = reads.inventory.accepted(workspace_id, self.governance.governed.subject)
            run = reads.inventory.run(standing.run_id) if standing else None
            place = reads.incident_by_number(workspace_id, WORKSPACE_LOG_NUMBER)
            if place is None:
                message = "The workspace has no log yet; start the server once."
                raise Unavailable(message)
            seq, _ = reads.head(place.id)
        accepted = run.behaviour if run else None
        return accepted, About(incident_id=place.id, ledger_seq=seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """One run on its way; `models` and `fingerprints` are what the endpoint said of itself."""

    canaries: Canaries
    about: About
    versions: Mapping[str, str]
    occasion: str
    leaving: Leaving
    model: LanguageModel
    probing: Abilities
    models: set[str] = field(default_factory=set)
    fingerprints: set[str] = field(default_factory=set)

    def abilities(self, accepted: Behaviour | None) -> Mapping[str, bool]:
        """What it can do; what differs from what was *accepted* is asked for a second time before it counts.

        What is not known of it now is as it was accepted.
        """
        found = self.probing()
        if accepted is None:
            return found
        before = accepted.seen.abilities
        if differing_abilities(accepted.seen, Seen(abilities=found, models=())):
            again = self.probing()
            found = {name: has if again.get(name) == has else before.get(name, has) for name, has in found.items()}
        return {**before, **found}

    def observed(self, canary: Canary, accepted: Behaviour | None) -> Observed:
        """What it does with one record; a form that is broken, and was not, is asked for a second time."""
        found = self._asked(canary, 1)
        if accepted is not None and broken(accepted, found):
            return self._asked(canary, 2)
        return found

    def _asked(self, canary: Canary, attempt: int) -> Observed:
        whole = self.canaries
        document = TemplatesAlone(names=str)(canary.incident, canary.events)
        citable = {row.label for row in document.timeline if is_citable(row)}
        entries = [entry for entry in timeline(canary.events) if entry.label in citable]
        redacted = whole.redaction(canary.incident, entries, 0)
        question = question_about(whole.prompts, whole.terms, document, redacted, seed=SEED)
        question = replace(question, answer_tokens=question.answer_tokens + whole.thought_tokens)
        answer = self._answer(question, redacted, f"{self.occasion}:{attempt}")
        self.models.add(named(answer.model))
        self.fingerprints.update(filter(None, [named(answer.fingerprint)]))
        judge = Judge(document, redacted.restore, redacted.shown)
        asked = f"{question.instructions}\n{question.material}"
        found = observe(canary, asked, answer.text, judge, is_whole=answer.is_whole, beside=answer.words)
        return replace(found, judged_by=digest([self.versions[thing] for thing in _JUDGING]))

    def _answer(self, question: Question, redacted: Redacted, occasion: str) -> Answer:
        whole = self.canaries
        self.leaving.check = redacted.gate
        asking = Asking(
            terms=whole.terms,
            calls=whole.calls,
            clock=whole.clock,
            new_id=whole.new_id,
            permit=lambda: None,
            versions=self.versions,
            about=self.about,
            leaving=self.leaving,
            model=self.model,
            ends=time.monotonic() + whole.terms.patience_seconds,
            stopping=whole.stopping,
        )
        return asking.patiently(question, key_of(whole.governance.identity, occasion, question))


def _unasked(_: bytes) -> None:
    """What lets nothing pass, because no record was taken up yet."""
    message = "a request about no record"
    raise ValueError(message)
