"""Asking the canary set: what the endpoint can do, then each record's account, judged as a draft's would be.

A run is kept in one step when it has ended, so that a kill in the middle leaves nothing but calls that were made.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from analysis.canaries.comparing import broken, differing_abilities
from analysis.canaries.observing import Behaviour, Observed, Seen, from_json, named, observe
from analysis.canaries.records import CANARIES, Canary
from analysis.errors import DebriefError, InvalidInput, Unavailable
from analysis.events import Source
from analysis.incident import WORKSPACE_LOG_NUMBER
from analysis.outgoing.vault import Vault
from analysis.people import Person
from analysis.timeline import timeline
from analysis.writing.account import Judge, is_citable
from bot.flows.governance import Governance
from bot.flows.leaving import Leaving, Place
from bot.flows.patience import within
from bot.flows.questions import About, Asking, Terms, key_of, question_about
from bot.ports.inventory import CanaryRun
from bot.ports.ledger import Snapshots, Writer
from bot.ports.model import Answer, ModelCall, ModelCalls, OpenModel, Probe, Prompts, Question, Redacted, Redaction
from bot.ports.outside import Clock
from bot.ports.paging import Egress, EgressLog, EgressPurpose
from bot.usecases.composing import TemplatesAlone
from bot.usecases.finish_canary import FinishCanary, finish_canary
from bot.usecases.model_standing import ownerless

log = logging.getLogger(__name__)

#: So much longer answers than the set needs would be another question after each change of a setting.
ANSWER_TOKENS = 400
SEED = 20_260_105
#: What all questions about the endpoint's abilities cost at most, with their answers.
PROBE_TOKENS = 4_000
_PROBE_SECONDS = 60.0


class FixedVault:
    """The vault of records that hold nothing secret: the same placeholders each time, and kept nowhere."""

    def open(self, _: UUID, __: int) -> Vault:
        """Return an empty vault."""
        return Vault(salt=bytes(16))

    def keep(self, _: UUID, __: Vault, ___: int) -> None:
        """Keep nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """Runs the set against the model of the settings."""

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

    @property
    def steps(self) -> int:
        """How many steps `run` takes, for a display of progress."""
        return 1 + len(CANARIES)

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
            because = "an unexpected error, which is in the log"
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
        )
        self.writer.submit(finish_canary, command).result()
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
        session = _Session(canaries=self, about=about, versions=versions, occasion=str(self.new_id()))
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
        try:
            accepted = from_json(run.content.get("behaviour") or {}) if run else None
        except InvalidInput:
            accepted = None
        return accepted, About(incident_id=place.id, ledger_seq=seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """One run on its way; `models` and `fingerprints` are what the endpoint said of itself."""

    canaries: Canaries
    about: About
    versions: Mapping[str, str]
    occasion: str
    models: set[str] = field(default_factory=set)
    fingerprints: set[str] = field(default_factory=set)

    def abilities(self, accepted: Behaviour | None) -> Mapping[str, bool]:
        """What it can do; what differs from what was *accepted* is asked for a second time before it counts."""
        found = self._probed()
        seen = Seen(abilities=found, models=())
        if accepted is None or not differing_abilities(accepted.seen, seen):
            return found
        again = self._probed()
        return {
            name: has if again.get(name) == has else accepted.seen.abilities.get(name, has)
            for name, has in found.items()
        }

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
        answer = self._answer(question, redacted, f"{self.occasion}:{attempt}")
        self.models.add(named(answer.model))
        self.fingerprints.update(filter(None, [named(answer.fingerprint)]))
        judge = Judge(document, redacted.restore)
        asked = f"{question.instructions}\n{question.material}"
        return observe(canary, asked, answer.text, judge, is_whole=answer.is_whole)

    def _answer(self, question: Question, redacted: Redacted, occasion: str) -> Answer:
        whole = self.canaries
        leaving = Leaving(
            log=whole.egress,
            clock=whole.clock,
            place=whole.place,
            check=redacted.gate,
            purpose=EgressPurpose.CANARY,
        )
        with whole.open_model(leaving.gate) as model:
            asking = Asking(
                terms=whole.terms,
                calls=whole.calls,
                clock=whole.clock,
                new_id=whole.new_id,
                permit=lambda: None,
                versions=self.versions,
                about=self.about,
                leaving=leaving,
                model=model,
                ends=time.monotonic() + whole.terms.patience_seconds,
            )
            return asking.patiently(question, key_of(whole.terms.model, occasion, question))

    def _probed(self) -> dict[str, bool]:
        """What it says that it can do.

        Raises
        ------
        analysis.errors.Unavailable
            If it gave no answer that tells.
        """
        with _logged(self) as gate:
            found = within(_PROBE_SECONDS * 2, lambda: self.canaries.probe(gate))
        unknown = [name for name, has in found.items() if has is None]
        if unknown:
            message = f"The model's endpoint did not say whether it does {unknown[0]}."
            raise Unavailable(message)
        return {name: bool(has) for name, has in found.items()}


@contextmanager
def _logged(session: _Session) -> Iterator[Callable[[bytes], None]]:
    """A gate for probes: they are reserved together, and each is in the log of what left."""
    whole = session.canaries
    call = _probe_call(session)
    whole.calls.begin(call)
    left: list[Egress] = []
    is_over = threading.Event()

    def gate(body: bytes) -> None:
        if is_over.is_set():
            raise Unavailable("Nobody waits for the question any more; it was not sent.")
        _end(whole, left)
        left.append(_egress(session, call, body))
        whole.egress.begin(left[-1])

    try:
        yield gate
    finally:
        is_over.set()
        _end(whole, left)
        whole.calls.end(call, "probed", call.most)


def _probe_call(session: _Session) -> ModelCall:
    terms, whole = session.canaries.terms, session.canaries
    most = replace(
        terms.most("", 0, _PROBE_SECONDS), tokens=PROBE_TOKENS, money=terms.money(PROBE_TOKENS, PROBE_TOKENS)
    )
    return ModelCall(
        id=whole.new_id(),
        key=f"probe:{session.occasion}",
        incident_id=session.about.incident_id,
        ledger_seq=session.about.ledger_seq,
        model=terms.model,
        policy="probe",
        began_at=whole.clock.now(),
        most=most,
        content="probe",
    )


def _egress(session: _Session, call: ModelCall, body: bytes) -> Egress:
    whole = session.canaries
    # The newest part of the interface is asked for beside the others, and its requests alone limit what is put out.
    path = whole.place.path
    if b'"max_output_tokens"' in body:
        path = f"{path.removesuffix('/chat/completions')}/responses"
    return Egress(
        id=whole.new_id(),
        purpose=EgressPurpose.CANARY,
        method="POST",
        host=whole.place.host,
        path=path,
        policy=call.policy,
        actor="debrief",
        incident_id=call.incident_id,
        began_at=whole.clock.now(),
        body=body,
        body_hash=sha256(body).digest(),
    )


def _end(whole: Canaries, left: Sequence[Egress]) -> None:
    """Say of the last request that it is over; what came back is told by what the run saw."""
    if left:
        whole.egress.end(replace(left[-1], ended_at=whole.clock.now(), outcome="probed"))
