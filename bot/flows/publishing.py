"""Publishing an approved revision to targets outside Slack."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from analysis.errors import Unavailable
from analysis.events import Source
from analysis.incident import Incident
from analysis.slacktext import slug
from bot.flows.dispatcher import backoff
from bot.flows.troubles import Trouble, Whose, has_answered, is_known, kept, met, since, was_told
from bot.ports.ledger import Reads, Snapshots
from bot.ports.outbox import FollowUp, Outcome, Retry, Sent
from bot.ports.outside import Clock, NotTaken, Publisher
from bot.ports.records import Approval, Changes, Delivery, Revision
from bot.usecases.asking import DEBRIEF
from bot.usecases.postmortem.approving import standing_approval
from bot.usecases.postmortem.going_out import KeptBack, Signed, going_out, parked
from bot.usecases.postmortem.publishing import CHANNEL, TargetSettled, target_settled
from bot.usecases.postmortem.signing import Signing
from bot.usecases.postmortem.target_failing import (
    TargetAnswered,
    TargetFailing,
    target_answered,
    target_failing,
    target_unknown,
)
from bot.usecases.postmortem.terms_changed import TermsChanged, terms_changed

log = logging.getLogger(__name__)

#: How soon a draft looks again whether a newer one of its incident has left the lane.
NEXT_TURN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Met:
    """What an attempt met: `because` of what, of whose, and what else is the same trouble where it is said so."""

    because: str
    whose: Whose
    about: str = ""


class Publications:
    """Handles `publish` deliveries: each target gets the approved bytes or nothing."""

    def __init__(
        self,
        publishers: Mapping[str, Publisher],
        to_channel: Callable[[Delivery], Outcome],
        *,
        clock: Clock,
        snapshots: Snapshots,
        signing: Signing,
        names: Callable[[str], str],
    ) -> None:
        """*to_channel* publishes to the incident's own channel."""
        self._publishers = publishers
        self._to_channel = to_channel
        self._clock = clock
        self._snapshots = snapshots
        self._signing = signing
        self._names = names

    def publish(self, delivery: Delivery) -> Outcome:
        """Write one target; repeating it writes nothing new. What it refuses is parked (`Dispatcher`).

        Where the bytes would not be the signed ones, it waits for the settings of the signature; where no settings
        bring those bytes back, the approval is taken back. What an earlier attempt has written is published all the
        same.
        """
        target = str(delivery.arguments["target"])
        if target == CHANNEL:
            return self._to_channel(delivery)
        found = self._look_up(delivery)
        if found is None:
            return Sent()
        incident, revision, approval = found
        content = self._content(incident, revision, approval, target) if approval else None
        if not isinstance(content, bytes):
            left_there = self._left_there(delivery, incident, revision, content)
            return left_there or self._keep_back(delivery, incident, revision, content)
        if self._is_behind(delivery):
            because = "a newer draft of the incident has begun to go there"
            return Retry(because=because, after=NEXT_TURN, backs_off=False, holds_lane=False)
        return self._write(delivery, incident, revision, content)

    def _write(self, delivery: Delivery, incident: Incident, revision: Revision, content: bytes) -> Outcome:
        target = str(delivery.arguments["target"])
        try:
            where = self._publishers[target].publish(
                name=document_name(incident), content=content, note=_note(incident, revision)
            )
        except NotTaken as error:
            about = error.message if error.may_be_all else ""
            return self._failing(delivery, incident, revision, _Met(error.message, Whose.DOCUMENT, about=about))
        except Unavailable as error:
            return self._failing(delivery, incident, revision, _Met(error.message, Whose.TARGET))
        return Sent(follow_up=_settled(incident, revision, delivery, where))

    def _is_behind(self, delivery: Delivery) -> bool:
        """Whether a newer draft of the same incident was begun: it may be there, and nothing older goes on top of it.

        It went past this one, which the target did not take or which was parked. One that is parked itself may have
        been written before that.
        """
        with self._snapshots.snapshot() as reads:
            return any(
                other.incident_id == delivery.incident_id and other.seq > delivery.seq and other.attempts > 0
                for other in reads.unsettled_in(delivery.lane)
            )

    def _content(self, incident: Incident, revision: Revision, approval: Approval, target: str) -> bytes | KeptBack:
        name = self._names(approval.approver)
        signed = Signed(incident=incident, revision=revision, approval=approval, name=name)
        return going_out(self._snapshots, signed, target, self._signing)

    def _left_there(
        self, delivery: Delivery, incident: Incident, revision: Revision, kept_back: KeptBack | None
    ) -> Outcome | None:
        """What becomes of a document that an attempt has written which died before it was on record, if one has.

        Whatever took the approval back since, it can be read there.
        """
        target = str(delivery.arguments["target"])
        publisher = self._publishers.get(target)
        if delivery.attempts == 1 or publisher is None:
            return None
        try:
            where = publisher.find(note=_note(incident, revision))
        except Unavailable as error:
            then = _taken_back(incident, revision, kept_back)
            return self._not_known(delivery, incident, revision, error.message, then)
        if not where:
            return None
        log.info("document found published", extra={"delivery": str(delivery.id), "target": target})
        return Sent(follow_up=_settled(incident, revision, delivery, where))

    def _not_known(
        self, delivery: Delivery, incident: Incident, revision: Revision, because: str, then: FollowUp | None
    ) -> Outcome:
        """Look again, which holds up nobody; once that lasts, *then* is told with it.

        An approval that nothing can be published by any more is of no use meanwhile.
        """
        sentence = f"whether it has draft {revision.number} already is not known: {because}"
        retry, command = self._met(delivery, incident, revision, _Met(sentence, Whose.TARGET))
        follow_up = partial(_unknown, command, then) if command else None
        return replace(retry, holds_lane=False, follow_up=follow_up)

    def _keep_back(
        self, delivery: Delivery, incident: Incident, revision: Revision, kept_back: KeptBack | None
    ) -> Outcome:
        if kept_back and kept_back.apart:
            return parked(incident, revision, kept_back.apart)
        if kept_back is None:
            # Nothing of this revision can be published any more, and everybody concerned has been told why.
            log.info("not published", extra={"delivery": str(delivery.id), "because": "its approval no longer holds"})
        then = _taken_back(incident, revision, kept_back)
        target = str(delivery.arguments["target"])
        command = TargetAnswered(
            **_as_debrief(incident),
            revision=revision,
            target=target,
            tells_operator=was_told(delivery),
            # One that is configured no more was not asked.
            has_answered=target in self._publishers and was_told(delivery, Whose.TARGET),
        )
        return Sent(follow_up=partial(_answered, command, then))

    def _failing(self, delivery: Delivery, incident: Incident, revision: Revision, met_now: "_Met") -> Retry:
        """Try again, and say so once it has failed for a while."""
        retry, command = self._met(delivery, incident, revision, met_now)
        if command:
            log.warning(
                "publishing fails",
                extra={"target": command.target, "incident": incident.number, "because": met_now.because},
            )
        return replace(retry, follow_up=partial(_told, command) if command else None)

    def _met(
        self, delivery: Delivery, incident: Incident, revision: Revision, met_now: "_Met"
    ) -> tuple[Retry, TargetFailing | None]:
        """When to try again, and what to tell: nothing of a target that blinks.

        A document that alone is not taken holds up no other. The time grows with the attempts that met the same
        trouble: one that was refused for days lets nobody wait for long for a target that is away for a second.
        """
        now = self._clock.now()
        troubles = met(delivery, met_now.whose, now, about=met_now.about)
        trouble = troubles[met_now.whose]
        answered = has_answered(delivery, met_now.whose)
        is_told = answered or (
            trouble.is_due(now) and not trouble.told_at and not self._is_known(delivery, met_now, trouble)
        )
        if is_told:
            troubles[met_now.whose] = replace(trouble, told_at=now)
        retry = Retry(
            because=met_now.because,
            after=backoff(trouble.tries),
            backs_off=False,
            holds_lane=met_now.whose is Whose.TARGET,
            result=kept(delivery, troubles),
        )
        if not (is_told or trouble.is_due(now)):
            return retry, None
        return retry, TargetFailing(
            **_as_debrief(incident),
            revision=revision,
            target=str(delivery.arguments["target"]),
            since=since(delivery, troubles),
            because=met_now.because,
            because_since=since(delivery, troubles) if answered else trouble.since,
            publisher=str(delivery.arguments.get("publisher", "")),
            tells_operator=is_told,
            has_answered=answered,
            is_alone=None if met_now.about else met_now.whose is Whose.DOCUMENT,
        )

    def _is_known(self, delivery: Delivery, met_now: "_Met", trouble: Trouble) -> bool:
        """Whether the operator knows of it by another document."""
        target = str(delivery.arguments["target"])
        with self._snapshots.snapshot() as reads:
            others = [other for other in reads.unsettled_in(delivery.lane) if other.seq != delivery.seq]
            return is_known(met_now.whose, trouble, others, partial(reads.taken_at, target), self._clock.now())

    def _look_up(self, delivery: Delivery) -> tuple[Incident, Revision, Approval | None] | None:
        with self._snapshots.snapshot() as reads:
            incident = reads.incident(delivery.incident_id) if delivery.incident_id else None
            wanted = UUID(str(delivery.arguments["revision"]))
            revisions = reads.revisions(incident.id) if incident else ()
            revision = next((one for one in revisions if one.id == wanted), None)
            if incident is None or revision is None:
                return None
            return incident, revision, standing_approval(reads, revision)


def document_name(incident: Incident) -> str:
    """The document's name without its ending: stable for one incident, so that a new version replaces the old."""
    return f"{incident.number:04d}-{slug(incident.title)}"


def _note(incident: Incident, revision: Revision) -> str:
    """What a target keeps beside the document, by which it is found: the hash is of this one revision."""
    return f"Postmortem {incident.reference}, draft {revision.number}, approved hash {revision.hash.hex()}"


def _settled(incident: Incident, revision: Revision, delivery: Delivery, where: str) -> FollowUp:
    command = TargetSettled(
        **_as_debrief(incident),
        revision=revision,
        target=str(delivery.arguments["target"]),
        where=where,
        was_told=was_told(delivery),
    )
    return partial(_written, command)


def _written(command: TargetSettled, reads: Reads) -> Changes:
    return target_settled(reads, command)


def _told(command: TargetFailing, reads: Reads) -> Changes:
    return target_failing(reads, command)


def _unknown(command: TargetFailing, then: FollowUp | None, reads: Reads) -> Changes:
    return target_unknown(reads, command, then(reads) if then else Changes())


def _answered(command: TargetAnswered, then: FollowUp | None, reads: Reads) -> Changes:
    return target_answered(reads, command, then(reads) if then else Changes())


def _taken_back(incident: Incident, revision: Revision, kept_back: KeptBack | None) -> FollowUp | None:
    """What takes back an approval whose bytes no setting brings back."""
    if kept_back is None or kept_back.apart:
        return None
    return partial(_changed, TermsChanged(**_as_debrief(incident), revision=revision))


def _changed(command: TermsChanged, reads: Reads) -> Changes:
    return terms_changed(reads, command)


def _as_debrief(incident: Incident) -> dict[str, Any]:
    return {
        "person": DEBRIEF,
        "workspace_id": incident.workspace_id,
        "natural_key": f"debrief:{incident.id}",
        "source": Source.DEBRIEF,
        "number": incident.number,
    }
