"""Publishing an approved revision to targets outside Slack."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from analysis.errors import Unavailable
from analysis.events import Source
from analysis.incident import Incident
from analysis.slacktext import slug
from bot.ports.ledger import Reads, Snapshots
from bot.ports.outbox import FollowUp, Outcome, Park, Retry, Sent
from bot.ports.outside import Clock, Publisher
from bot.ports.records import Approval, Changes, Delivery, Revision
from bot.usecases.asking import DEBRIEF
from bot.usecases.postmortem.approving import standing_approval
from bot.usecases.postmortem.going_out import KeptBack, Signed, going_out, parked
from bot.usecases.postmortem.publishing import CHANNEL, TargetSettled, target_settled
from bot.usecases.postmortem.signing import Signing
from bot.usecases.postmortem.target_failing import TargetFailing, target_answered, target_failing, target_unknown
from bot.usecases.postmortem.terms_changed import TermsChanged, terms_changed

log = logging.getLogger(__name__)

#: A target that has failed so often, which takes about two minutes, is told of; one that blinks is not.
TOLD_AFTER_ATTEMPTS = 8
#: How often a target is asked whether it has a draft that may go there no more, and how far apart: two minutes, too.
LOOKS = 5
LOOK_AGAIN = timedelta(seconds=30)


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
        try:
            where = self._publishers[target].publish(
                name=document_name(incident), content=content, note=_note(incident, revision)
            )
        except Unavailable as error:
            return self._failing(delivery, incident, revision, error.message)
        return Sent(follow_up=_settled(incident, revision, target, where))

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
        return Sent(follow_up=_settled(incident, revision, target, where))

    def _not_known(
        self, delivery: Delivery, incident: Incident, revision: Revision, because: str, then: FollowUp | None
    ) -> Outcome:
        """Look a few times, as other documents wait behind this one; then it waits alone for somebody to resume it.

        *then* is told with it: an approval that nothing can be published by any more is of no use meanwhile.
        """
        sentence = f"whether it has draft {revision.number} already is not known: {because}"
        looks = int(delivery.result.get("looks") or 0) + 1
        result = {**self._failing_since(delivery), "looks": looks}
        if looks < LOOKS:
            return Retry(because=sentence, after=LOOK_AGAIN, backs_off=False, result=result)
        failing = self._as_failing(replace(delivery, result=result), incident, revision, sentence)
        # The operator is told by its being parked.
        return Park(because=sentence, whole_lane=False, result=result, follow_up=partial(_unknown, failing, then))

    def _keep_back(
        self, delivery: Delivery, incident: Incident, revision: Revision, kept_back: KeptBack | None
    ) -> Outcome:
        if kept_back and kept_back.apart:
            return parked(incident, revision, kept_back.apart)
        if kept_back is None:
            # Nothing of this revision can be published any more, and everybody concerned has been told why.
            log.info("not published", extra={"delivery": str(delivery.id), "because": "its approval no longer holds"})
        then = _taken_back(incident, revision, kept_back)
        return Sent(follow_up=partial(_answered, self._as_failing(delivery, incident, revision, ""), then))

    def _failing(self, delivery: Delivery, incident: Incident, revision: Revision, because: str) -> Retry:
        """Try again, and say so once it has failed for a while."""
        result = self._failing_since(delivery)
        follow_up: FollowUp | None = None
        if delivery.attempts >= TOLD_AFTER_ATTEMPTS:
            command = self._as_failing(replace(delivery, result=result), incident, revision, because)
            log.warning(
                "publishing fails", extra={"target": command.target, "incident": incident.number, "because": because}
            )
            follow_up = partial(_told, command)
        return Retry(because=because, result=result, follow_up=follow_up)

    def _failing_since(self, delivery: Delivery) -> dict[str, Any]:
        """What its attempts have left, with the instant of the first one that failed."""
        return {"failing_since": self._clock.now().isoformat(), **delivery.result}

    def _as_failing(self, delivery: Delivery, incident: Incident, revision: Revision, because: str) -> TargetFailing:
        return TargetFailing(
            **_as_debrief(incident),
            revision=revision,
            target=str(delivery.arguments["target"]),
            since=datetime.fromisoformat(str(self._failing_since(delivery)["failing_since"])),
            because=because,
            publisher=str(delivery.arguments.get("publisher", "")),
        )

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


def _settled(incident: Incident, revision: Revision, target: str, where: str) -> Callable[[Reads], Changes]:
    command = TargetSettled(**_as_debrief(incident), revision=revision, target=target, where=where)

    def written(reads: Reads) -> Changes:
        return target_settled(reads, command)

    return written


def _told(command: TargetFailing, reads: Reads) -> Changes:
    return target_failing(reads, command)


def _unknown(command: TargetFailing, then: FollowUp | None, reads: Reads) -> Changes:
    return target_unknown(reads, command, then(reads) if then else Changes())


def _answered(command: TargetFailing, then: FollowUp | None, reads: Reads) -> Changes:
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
