"""The last look at the bytes of a question, and the log of what left."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from bot.ports.model import Answer, Gate, ModelCall
from bot.ports.outside import Clock
from bot.ports.paging import Egress, EgressLog, EgressPurpose

ACTOR = "debrief"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where questions go, as the log of what left names it."""

    host: str
    path: str


@dataclass(slots=True, kw_only=True)
class Leaving:
    """One draft's questions on their way: each is checked by *check* and logged before its first byte leaves."""

    log: EgressLog
    clock: Clock
    place: Place
    check: Gate
    expected: ModelCall | None = None
    under_way: list[Egress] = field(default_factory=list)

    def expect(self, call: ModelCall) -> None:
        """Say which question comes next."""
        self.expected = call

    def gate(self, body: bytes) -> None:
        """Let *body* leave, or raise."""
        self.check(body)
        call = self.expected
        if call is None:
            message = "a request that nobody announced"
            raise ValueError(message)
        egress = Egress(
            id=call.id,
            purpose=EgressPurpose.MODEL,
            method="POST",
            host=self.place.host,
            path=self.place.path,
            policy=call.policy,
            actor=ACTOR,
            incident_id=call.incident_id,
            began_at=self.clock.now(),
            body=body,
            body_hash=sha256(body).digest(),
        )
        self.log.begin(egress)
        self.under_way.append(egress)

    def ended(self, outcome: str, answer: Answer | None) -> None:
        """Complete what is under way by what came back."""
        for egress in self.under_way:
            ended = replace(
                egress,
                ended_at=self.clock.now(),
                status=200 if answer else 0,
                outcome=outcome,
                answer_hash=sha256(answer.text.encode()).digest() if answer else b"",
            )
            self.log.end(ended)
        self.under_way.clear()
