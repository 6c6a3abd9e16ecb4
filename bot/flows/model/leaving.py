"""The last look at the bytes of a question, and the log of what left."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID

from analysis.errors import Unavailable
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
    """One draft's questions on their way: each is checked by *check* and logged before its first byte leaves.

    A question that took too long may still be on its way to `gate` in its own thread. Under the lock it has either
    left, and counts, or never will.
    """

    log: EgressLog
    clock: Clock
    place: Place
    check: Gate
    purpose: EgressPurpose = EgressPurpose.MODEL
    expected: ModelCall | None = None
    under_way: list[Egress] = field(default_factory=list)
    statuses: dict[UUID, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def expect(self, call: ModelCall) -> None:
        """Say which question comes next."""
        with self.lock:
            self.expected = call

    def gate(self, body: bytes) -> Callable[[int], None]:
        """Let *body* leave, or raise; what is returned takes the status of the answer once it begins.

        Raises
        ------
        analysis.errors.Unavailable
            If nobody waits for it.
        """
        self.check(body)
        with self.lock:
            if self.expected is None:
                raise Unavailable("Nobody waits for the question any more; it was not sent.")
            egress = self._egress(self.expected, body)
            self.log.begin(egress)
            self.under_way.append(egress)
        return partial(self._begun, egress.id)

    def close(self) -> bool:
        """Let nothing more of the question leave; whether anything of it left."""
        with self.lock:
            self.expected = None
            return bool(self.under_way)

    def ended(self, outcome: str, answer: Answer | None, *, is_sent: bool = True) -> None:
        """Complete what is under way by what came back; nothing more of it leaves.

        Without `is_sent` nobody was there to take it.
        """
        self.close()
        with self.lock:
            statuses, self.statuses = self.statuses, {}
        for egress in self.under_way:
            status = 200 if answer else statuses.get(egress.id, 0)
            ended = replace(
                egress,
                ended_at=self.clock.now(),
                status=status,
                outcome=outcome if answer else f"{came_back(status, is_sent=is_sent)}: {outcome}",
                answer_hash=sha256(answer.text.encode()).digest() if answer else b"",
            )
            self.log.end(ended)
        self.under_way.clear()

    def _begun(self, egress_id: UUID, status: int) -> None:
        """Note the *status* under which an answer began; who does not wait any more is not told."""
        with self.lock:
            if any(one.id == egress_id for one in self.under_way):
                self.statuses[egress_id] = status

    def _egress(self, call: ModelCall, body: bytes) -> Egress:
        return egress_of(call, body, purpose=self.purpose, place=self.place, at=self.clock.now())


def came_back(status: int, *, is_sent: bool = True) -> str:
    """What became of a request, as the log says it before the reason."""
    if status:
        return f"answered {status}"
    return "no answer" if is_sent else "not sent"


def egress_of(
    call: ModelCall,
    body: bytes,
    *,
    purpose: EgressPurpose,
    place: Place,
    at: datetime,
) -> Egress:
    """The row of the log of what left for *body*, a request of *call*."""
    return Egress(
        id=call.id,
        purpose=purpose,
        method="POST",
        host=place.host,
        path=place.path,
        policy=call.policy,
        actor=ACTOR,
        incident_id=call.incident_id,
        began_at=at,
        body=body,
        body_hash=sha256(body).digest(),
    )
