"""The one writer: a thread that owns the only write connection, so that acknowledged means committed."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar
from uuid import UUID

from uuid_utils.compat import uuid7

from analysis.errors import DebriefError, Refused
from bot.ports.ledger import Reads
from bot.ports.outside import Clock
from bot.ports.records import Changes, InboxKey, Reply
from bot.store.database.engine import Database
from bot.store.record.sealing import Sealer
from bot.store.writing.attempts import Attempts
from bot.store.writing.batch import Outcome, decide_all
from bot.store.writing.jobs import Call, Command, Jobs
from bot.store.writing.transaction import Transaction

log = logging.getLogger(__name__)

C = TypeVar("C")
T = TypeVar("T")
CommitHook = Callable[[Sequence[Changes]], None]


class SqlWriter:
    """Runs use cases one after another, each in a transaction of its own or, in bulk, sharing one.

    A future that `submit` returns can be cancelled until its transaction begins: `cancel()` that answers true means
    that nothing was and nothing will be recorded. When it answers false the transaction is running and will settle
    the future within moments; only then, and only if the database is lost during that very commit, can the answer
    `Unavailable` stand for something that was recorded after all. A key makes asking again safe in every case.
    """

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        clock: Clock,
        *,
        new_id: Callable[[], UUID] = uuid7,
        revision: str | None = None,
    ) -> None:
        """Write to *database* once `start` is called, while its tables are at *revision*, where one is given."""
        self._attempts = Attempts(database, sealer, clock, new_id, revision)
        self._jobs = Jobs()
        self._hooks: list[CommitHook] = []
        self._traces = ""
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    @property
    def is_outdated(self) -> bool:
        """Whether another version had changed the tables when this one last looked; waits for nothing."""
        return self._attempts.is_outdated

    @property
    def meets_locked_rows(self) -> bool:
        """Whether another program kept a row locked just now that was to be written; waits for nothing."""
        return self._attempts.is_impatient

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Finish what was submitted, refuse what comes later, and let go of the connection."""
        self._jobs.close()
        if self._thread.is_alive():
            self._thread.join()

    def add_commit_hook(self, hook: CommitHook) -> None:
        """Call *hook* with what was written after each commit, on the writer's thread: it must not wait."""
        self._hooks.append(hook)

    @property
    def queue(self) -> Jobs:
        """What waits for its turn."""
        return self._jobs

    def traces_left(self) -> str:
        """What is left in the database of what was erased last, and what to do; waits until that was tried."""
        return self.call(lambda _: self._traces).result()

    def submit(
        self, use_case: Callable[[Reads, C], Changes], command: C, *, key: InboxKey | None = None, bulk: bool = False
    ) -> Future[Reply]:
        """Queue *command*; see `bot.ports.ledger.Writer`."""
        job = Command(decide=lambda reads: use_case(reads, command), key=key, is_bulk=bulk)
        self._jobs.put(job)
        return job.future

    def call(self, run: Callable[[Transaction], T], *, tidies: bool = False) -> Future[T]:
        """Queue *run*, the store's own bookkeeping, in a transaction of its own; with *tidies*, tidy up behind it."""
        job = Call(run=run, tidies=tidies)
        self._jobs.put(job)
        return job.future

    def _run(self) -> None:
        while jobs := self._jobs.take():
            started = [job for job in jobs if job.future.set_running_or_notify_cancel()]
            self._work_off(started)
        self._attempts.close()

    def _work_off(self, jobs: Sequence[Command | Call]) -> None:
        commands = [job for job in jobs if isinstance(job, Command)]
        if len(commands) > 1:
            try:
                self._settle(commands, lambda transaction: decide_all(transaction, commands))
            except Exception:  # noqa: BLE001 - whatever it was, each command alone meets it again and answers for it
                log.info("bulk transaction rolled back, commands rerun one by one", extra={"commands": len(commands)})
            else:
                return
        for job in jobs:
            self._alone(job)

    def _alone(self, job: Command | Call) -> None:
        try:
            if isinstance(job, Command):
                self._settle([job], lambda transaction: decide_all(transaction, [job]))
            else:
                self._settle([job], lambda transaction: [job.run(transaction)])
        except DebriefError as error:
            job.future.set_exception(error)
        except Exception as error:  # an edge: the thread must outlive a faulty use case
            log.exception("use case failed")
            job.future.set_exception(error)

    def _settle(self, jobs: Sequence[Command | Call], work: Callable[[Transaction], Sequence[Outcome]]) -> None:
        """Commit *work* and answer *jobs*; leaves them unanswered when it raises."""
        is_repeatable = all(isinstance(job, Command) and job.key is not None for job in jobs)
        outcomes, written = self._attempts.commit(work, is_repeatable=is_repeatable, is_batch=len(jobs) > 1)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, Refused):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)
        hooks = [*self._hooks]
        if any(changes.erasures for changes in written):
            hooks.append(self._scrub)
        if any(isinstance(job, Call) and job.tidies for job in jobs):
            hooks.append(self._tidy)
        for hook in hooks:
            try:
                hook(written)
            except Exception:  # an edge: what was committed stays answered
                log.exception("commit hook failed")

    def _scrub(self, _written: Sequence[Changes]) -> None:
        self._traces = self._attempts.scrub()
        if self._traces:
            log.warning("an erasure left traces in the database", extra={"because": self._traces})

    def _tidy(self, _written: Sequence[Changes]) -> None:
        self._attempts.tidy()
