"""Asking an endpoint what it can do, with every request in the log of what left and all of them in the budget."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from analysis.errors import Unavailable
from bot.flows.model.leaving import Place, came_back, egress_of
from bot.flows.model.questions import About, Terms
from bot.flows.patience import Stopping, within
from bot.ports.model import Gate, ModelCall, ModelCalls, Probe, Usage
from bot.ports.outside import Clock
from bot.ports.paging import Egress, EgressLog, EgressPurpose

#: What all questions about the endpoint's abilities cost at most, with their answers.
PROBE_TOKENS = 4_000
#: What a model that thinks first may think beyond that.
THOUGHT_TOKENS = 2_500
PATIENCE_SECONDS = 120.0
_CHAT, _RESPONSES = "/chat/completions", "/responses"
_POLICY = "fixed words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """Asks, with fixed words that hold nothing of any incident; drafts need what `needed` names."""

    terms: Terms
    probe: Probe
    calls: ModelCalls
    egress: EgressLog
    place: Place
    clock: Clock
    new_id: Callable[[], UUID]
    about: About
    needed: frozenset[str]
    patience_seconds: float = PATIENCE_SECONDS
    most_tokens: int = PROBE_TOKENS
    stopping: Stopping = field(default_factory=Stopping)

    def __call__(self) -> dict[str, bool]:
        """What the endpoint says that it can do; of what no draft needs, only where it gave an answer that tells.

        Raises
        ------
        analysis.errors.Unavailable
            If it gave none of what drafts need, or the budget has less left.
        """
        seconds = self._seconds()
        with self._logged(seconds) as gate:
            found = self._found(seconds, gate)
        for name, has in found.items():
            if isinstance(has, str) and name in self.needed:
                message = f"What the model's endpoint can do ({name}) is not known: {has}"
                raise Unavailable(message)
        return {name: has for name, has in found.items() if not isinstance(has, str)}

    def _found(self, seconds: float, gate: Gate) -> Mapping[str, bool | str]:
        ends = time.monotonic() + seconds
        try:
            return within(seconds, lambda: self.probe(gate), self.stopping)
        except Unavailable as error:
            if seconds == self.patience_seconds or time.monotonic() < ends:
                raise
            left = f"the {seconds:,.0f} s that were left of this day (DEBRIEF_LLM_SECONDS_PER_DAY)"
            raise Unavailable(f"What the model's endpoint can do was not known within {left}.") from error

    @contextmanager
    def _logged(self, seconds: float) -> Iterator[Gate]:
        self.stopping.check()
        call = self._call(seconds)
        self.calls.begin(call)
        left: list[Egress] = []
        is_over, lock = threading.Event(), threading.Lock()

        def begun(status: int) -> None:
            with lock:
                if not is_over.is_set():
                    left[-1] = replace(left[-1], status=status)

        def gate(body: bytes) -> Callable[[int], None]:
            with lock:
                if is_over.is_set():
                    raise Unavailable("Nobody waits for the question any more; it was not sent.")
                self._end(left)
                left.append(self._egress(call, body))
                self.egress.begin(left[-1])
            return begun

        began = time.monotonic()
        try:
            yield gate
        finally:
            with lock:  # a request under way has either left, and counts, or never will
                is_over.set()
                self._end(left)
            used = replace(call.most, seconds=time.monotonic() - began) if left else Usage()
            self.calls.end(call, "probed", used)

    def _seconds(self) -> float:
        """How long to wait for all answers: few endpoints need all of it, so that what is left of the day will do.

        With less than one draft may wait for, which could not ask either, all of it is asked for, and refused by the
        sentence that names the setting.
        """
        left = self.calls.seconds_left(self.clock.now())
        if left >= self.patience_seconds or left < self.terms.patience_seconds:
            return self.patience_seconds
        return float(math.floor(left))  # what is added up again must not be more than the limit by a rounding

    def _call(self, seconds: float) -> ModelCall:
        most = replace(
            self.terms.most("", 0, seconds),
            tokens=self.most_tokens,
            money=self.terms.money(self.most_tokens, self.most_tokens),
        )
        return ModelCall(
            id=self.new_id(),
            key="abilities",
            incident_id=self.about.incident_id,
            ledger_seq=self.about.ledger_seq,
            model=self.terms.model,
            policy=_POLICY,
            began_at=self.clock.now(),
            most=most,
            content=_POLICY,
        )

    def _egress(self, call: ModelCall, body: bytes) -> Egress:
        # The newest part of the interface has a path of its own, and its requests alone name their limit so.
        is_newest = b'"max_output_tokens"' in body
        path = f"{self.place.path.removesuffix(_CHAT)}{_RESPONSES}" if is_newest else self.place.path
        place = replace(self.place, path=path)
        egress = egress_of(call, body, purpose=EgressPurpose.CANARY, place=place, at=self.clock.now())
        return replace(egress, id=self.new_id())  # one call of the budget, several requests

    def _end(self, left: list[Egress]) -> None:
        """Say of the last request that it is over; what came back is told by what the run saw."""
        if left:
            outcome = "probed" if left[-1].status else f"probed: {came_back(0)}"
            self.egress.end(replace(left[-1], ended_at=self.clock.now(), outcome=outcome))
