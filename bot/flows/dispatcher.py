"""Sends deliveries: one at a time in a lane, lanes side by side, the attempt on record before anything leaves."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from analysis.errors import DebriefError, Refused
from bot.flows.worker import Worker
from bot.ports.outbox import LONGEST_REST, Outbox, Outcome, Park, Retry, Sent, Step
from bot.ports.outside import Clock
from bot.ports.records import Delivery, DeliveryKind

log = logging.getLogger(__name__)

#: A lane rests this long at least after a failed attempt, and doubles it with each further one.
FIRST_RETRY = timedelta(seconds=1)
LONGEST_SLEEP_SECONDS = 5.0
WORKERS = 4
#: How often a process that may not send asks again.
TURN_SECONDS = 2.0

Handler = Callable[[Delivery], Outcome]
Settled = Sent | Retry | Park


class Dispatcher:
    """Runs until stopped; `wake` makes it look for work at once."""

    def __init__(
        self,
        outbox: Outbox,
        handlers: Mapping[DeliveryKind, Handler],
        clock: Clock,
        *,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        """Nothing starts before `start`; nothing is sent while *may_send* says that another process does."""
        self._outbox = outbox
        self._handlers = handlers
        self._clock = clock
        self._may_send = may_send
        self._is_waiting = False
        self._turned_at = time.monotonic()
        self._busy: set[str] = set()
        self._reopened: set[str] = set()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="lane")
        self._worker = Worker("dispatcher", self._look, when_failing="deliveries wait")

    @property
    def seconds_since_turn(self) -> float:
        """How long ago it looked for work: a few seconds, while it is alive."""
        return time.monotonic() - self._turned_at

    def sends(self, kinds: Collection[DeliveryKind]) -> bool:
        """Whether deliveries of one of these *kinds* leave here."""
        return not self._handlers.keys().isdisjoint(kinds)

    @property
    def is_busy(self) -> bool:
        """Whether something is being sent or looked for."""
        # In this order: a round that ends in between has said by then what it began to send.
        return not self._worker.is_at_rest or bool(self._busy)

    def start(self) -> None:
        """Begin to send."""
        self._worker.start()

    def wake(self) -> None:
        """Look for work now; called after each commit."""
        self._worker.wake()

    def reopen(self, lanes: Collection[str]) -> None:
        """Learn that *lanes* may go on: what is refused to an attempt that was on its way before that is tried anew."""
        with self._lock:
            self._reopened.update(self._busy.intersection(lanes))

    def stop(self) -> None:
        """Finish what is being sent and stop."""
        self._worker.stop()
        self._pool.shutdown(wait=True)

    def _look(self) -> float:
        self._turned_at = time.monotonic()
        if not self._is_our_turn():
            self._worker.rest(TURN_SECONDS)
            return 0.0
        return self._send_due()

    def _is_our_turn(self) -> bool:
        may_send = self._may_send()
        if self._is_waiting is may_send:
            self._is_waiting = not may_send
            log.info("sending" if may_send else "another process sends; this one waits for its turn")
        return may_send

    def _send_due(self) -> float:
        """Begin with what is due; returns the seconds until something else is."""
        with self._lock:
            busy = frozenset(self._busy)
        free = WORKERS - len(busy)
        due = self._outbox.next_due(busy_lanes=busy) if free > 0 else None
        if due is None:
            return LONGEST_SLEEP_SECONDS
        seconds = (due - self._clock.now()).total_seconds()
        if seconds > 0:
            return min(seconds, LONGEST_SLEEP_SECONDS)
        # Only now, because nobody's command is to wait for a transaction that finds nothing.
        for delivery in self._outbox.claim(limit=free, busy_lanes=busy):
            with self._lock:
                self._busy.add(delivery.lane)
            self._pool.submit(self._send, delivery)
        return 0.0

    def _send(self, delivery: Delivery) -> None:
        try:
            outcome = self._attempt(delivery)
            while isinstance(outcome, Step):
                delivery = self._outbox.remember(delivery, outcome.result)
                outcome = self._attempt(delivery)
            self._settle_once(delivery, self._as_of_now(delivery.lane, outcome))
        except DebriefError as error:  # the database is away: the claim comes out again, to be looked for
            log.warning("delivery not settled", extra={"delivery": str(delivery.id), "because": error.message})
        except Exception:  # a thread's edge: the lane must go on
            log.exception("delivery not settled", extra={"delivery": str(delivery.id)})
        finally:
            with self._lock:
                self._busy.discard(delivery.lane)
                self._reopened.discard(delivery.lane)
            self.wake()

    def _as_of_now(self, lane: str, outcome: Settled) -> Settled:
        """*outcome*, unless it would park a lane that somebody opened during the attempt, for a reason of before."""
        if isinstance(outcome, Park) and outcome.whole_lane and self._is_reopened(lane):
            return Retry(because=outcome.because, result=outcome.result)
        return outcome

    def _is_reopened(self, lane: str) -> bool:
        with self._lock:
            return lane in self._reopened

    def _attempt(self, delivery: Delivery) -> Outcome:
        try:
            return self._handlers[delivery.kind](delivery)
        except Refused as error:
            return Park(because=error.message, whole_lane=False)
        except DebriefError as error:
            return Retry(because=error.message, is_unknown=True)
        except Exception:  # a delivery that cannot be made must not stop the others
            log.exception("delivery failed", extra={"delivery": str(delivery.id), "kind": delivery.kind})
            return Park(because="an unexpected error; see the log", whole_lane=False)

    def _settle_once(self, delivery: Delivery, outcome: Settled) -> None:
        """Settle it, or park it where what follows from it crashes: it would do so each time it comes out again."""
        try:
            self._settle(delivery, outcome)
        except DebriefError:
            raise
        except Exception:
            log.exception("follow-up failed", extra={"delivery": str(delivery.id), "kind": delivery.kind})
            self._settle(delivery, Park(because="what follows from it failed; see the log", whole_lane=False))

    def _settle(self, delivery: Delivery, outcome: Settled) -> None:
        match outcome:
            case Sent():
                self._outbox.settle_sent(delivery, outcome.result, outcome.follow_up, pause=outcome.pause)
            case Retry():
                after = max(outcome.after, backoff(delivery.attempts)) if outcome.backs_off else outcome.after
                self._outbox.settle_retry(
                    delivery,
                    at=self._clock.now() + min(after, LONGEST_REST),
                    because=outcome.because,
                    is_unknown=outcome.is_unknown,
                    holds_lane=outcome.holds_lane,
                    result=outcome.result,
                    follow_up=outcome.follow_up,
                )
                log.info("delivery waits", extra={"delivery": str(delivery.id), "because": outcome.because})
            case Park():
                self._outbox.settle_parked(
                    delivery,
                    because=outcome.because,
                    whole_lane=outcome.whole_lane,
                    result=outcome.result,
                    follow_up=outcome.follow_up,
                )
                log.warning("delivery parked", extra={"delivery": str(delivery.id), "because": outcome.because})
                if outcome.whole_lane and self._is_reopened(delivery.lane):  # while its parking waited to be written
                    self._outbox.resume(delivery.lane)


def backoff(attempts: int) -> timedelta:
    """How long a lane rests after this many attempts that failed."""
    doublings: int = 2 ** min(attempts - 1, 16)
    return min(FIRST_RETRY * doublings, LONGEST_REST)
