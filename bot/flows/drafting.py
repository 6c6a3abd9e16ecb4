"""Making drafts: read a snapshot, compose outside of any transaction, store what is still true.

A record that goes on growing meanwhile has the draft composed again, a few times. Where a model is asked, that is done
while the draft is composed (`bot.flows.writing`); asking and storing stay as they are.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from analysis.errors import Conflict, Refused
from analysis.events import Source
from analysis.people import Person
from analysis.styles import Style
from bot.flows.patience import GivenUpError
from bot.ports.ledger import Reads, Snapshots
from bot.ports.outbox import FollowUp, Outcome, Retry, Sent
from bot.ports.records import Changes, Delivery, Reply
from bot.usecases.asking import tell_person
from bot.usecases.inventory.model_standing import Governed, problem_about
from bot.usecases.postmortem.composing import Composing, Material, gather
from bot.usecases.postmortem.drafting import Drafting, MakeDraft, make_draft
from bot.usecases.postmortem.store_draft import MadeAlreadyError, OutdatedError, StoreDraft, store_draft

log = logging.getLogger(__name__)

#: How often a draft is composed for one request before whoever asked is told that the record does not keep still.
TRIES = 5
RESTLESS = (
    f"the record changed each of the {TRIES} times it was composed. Nothing is lost; ask again with `/incident draft` "
    "when less is being recorded."
)


#: How many drafts may wait for a model at once; the other workers of the lanes stay free for what is told in Slack.
MOST_WAITING = 2
TURN = timedelta(seconds=1)


class DraftMaking:
    """Handles `make_draft` deliveries, and makes drafts at once for who waits for them at a terminal.

    With *patience* a model is asked as well, for so long at most.
    """

    def __init__(
        self,
        composing: Composing,
        *,
        snapshots: Snapshots,
        patience: timedelta | None = None,
        governed: Governed | None = None,
    ) -> None:
        """Nothing is made yet."""
        self._composing = composing
        self._snapshots = snapshots
        self._patience = patience
        self._governed = governed
        self._turns = threading.BoundedSemaphore(MOST_WAITING)

    def make(self, delivery: Delivery) -> Outcome:
        """Compose the revision that was asked for and store it; repeating it makes no other."""
        if self._patience is None:
            return self._make(delivery, None)
        until = due(delivery, self._patience)
        if not self._turns.acquire(blocking=False):
            if not self._may_ask(delivery, until):
                return self._make(delivery, until)
            return Retry(because="other drafts wait for the model", after=TURN, backs_off=False)
        try:
            return self._make(delivery, until)
        except GivenUpError as error:
            return Retry(because=error.message, after=TURN, backs_off=False)
        finally:
            self._turns.release()

    def _may_ask(self, delivery: Delivery, until: datetime) -> bool:
        """Whether the model may be asked for it still when its turn is looked for once more: else it needs none."""
        with self._snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            if incident is None or reads.now + TURN >= until:
                return False
            return self._governed is None or not problem_about(reads, incident, self._governed)

    def _make(self, delivery: Delivery, until: datetime | None) -> Outcome:
        material = self._material(delivery)
        if material is None:
            return Sent()
        person = Person(id=str(delivery.arguments["person"]))
        # A request from before there were styles waits for the default one.
        style = Style(delivery.arguments.get("style", Style.SRE))
        command = StoreDraft(
            person=person,
            workspace_id=material.incident.workspace_id,
            natural_key=str(delivery.arguments["key"]),
            source=Source(delivery.arguments["source"]),
            channel=str(delivery.arguments["channel"]) or None,
            composed=self._composing(material, person.id, until=until, style=style),
            asked_after=delivery.arguments.get("asked_after"),  # a request of an older version does not say
        )
        tries = int(delivery.arguments["tries"])
        return Sent(follow_up=_stored(command, tries=tries, until=until, style=style))

    def make_now(self, command: MakeDraft, submit: Callable[[StoreDraft], Reply]) -> Reply:
        """Check, compose and *submit* here, without the lanes; the offer is queued for whoever sends.

        Raises
        ------
        analysis.errors.Refused
            If it may not be drafted, is up to date, or the record changed each time.
        """
        drafting = Drafting(signing=self._composing.signing, patience=self._patience, governed=self._governed)
        until: datetime | None = None
        for _ in range(TRIES):
            with self._snapshots.snapshot() as reads:
                material = gather(reads, drafting.check(reads, command))
                until = until or (reads.now + self._patience if self._patience else None)
            store = StoreDraft(
                person=command.person,
                workspace_id=command.workspace_id,
                natural_key=command.natural_key,
                source=command.source,
                composed=self._composing(material, command.person.id, until=until, style=command.style),
            )
            try:
                return submit(store)
            except OutdatedError:
                log.info("draft composed again", extra={"incident": str(material.incident.id)})
        message = f"Draft {material.number} of {material.incident.reference} was not made: {RESTLESS}"
        raise Conflict(message)

    def _material(self, delivery: Delivery) -> Material | None:
        """What to compose from; nothing where the revision is there already."""
        with self._snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            wanted = int(delivery.arguments["revision"])
            if incident is None or any(head.number >= wanted for head in reads.revision_heads(incident.id)):
                return None
            return gather(reads, incident)


def due(delivery: Delivery, patience: timedelta) -> datetime:
    """When the draft must be there; a request from before a model was set up has waited since it was made."""
    said = delivery.arguments.get("until")
    return datetime.fromisoformat(str(said)) if said else delivery.created_at + patience


def _stored(command: StoreDraft, *, tries: int, until: datetime | None, style: Style) -> FollowUp:
    """Store it in the transaction that settles its delivery, or write there what happens instead."""

    def written(reads: Reads) -> Changes:
        try:
            return store_draft(reads, command)
        except MadeAlreadyError:
            return Changes()
        except OutdatedError:
            return _again(reads, command, tries=tries, until=until, style=style)
        except Refused as refusal:
            return _told(reads, command, refusal.message)

    return written


def _again(reads: Reads, command: StoreDraft, *, tries: int, until: datetime | None, style: Style) -> Changes:
    revision = command.composed.revision
    incident = reads.incident(revision.incident_id)
    if incident is None:
        return Changes()
    if tries >= TRIES:
        return _told(reads, command, RESTLESS)
    again = make_draft(
        reads,
        incident,
        command,
        number=revision.number,
        tries=tries + 1,
        asked_after=command.asked_at_entry,
        until=until,
        style=style,
    )
    return Changes(deliveries=(again,))


def _told(reads: Reads, command: StoreDraft, because: str) -> Changes:
    """Tell who asked, where they asked, that there is no draft."""
    revision = command.composed.revision
    incident = reads.incident(revision.incident_id)
    if incident is None or command.channel is None:
        return Changes()
    sentence = f"Draft {revision.number} of {incident.reference} was not made: {because}"
    return Changes(deliveries=(tell_person(reads, incident, command.person.id, command.channel, sentence),))
