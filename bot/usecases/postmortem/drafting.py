"""Ask for a draft of the postmortem: decided at once, while the document itself is made outside of the writer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.approval import is_known
from analysis.chain import stamp
from analysis.errors import Conflict
from analysis.events import EventKind, TimelineEvent
from analysis.incident import Incident, Status
from analysis.lifecycle import Move, check_move
from analysis.people import Action
from analysis.precision import Precision
from analysis.styles import Style
from analysis.writing.marking import MODEL
from bot.ports.ledger import Reads
from bot.ports.records import Changes, DeliveryKind, NewDelivery, PublicationState, RevisionHead
from bot.usecases.asking import IncidentCommand, find, held_until, moment, record, tell, whole_minute
from bot.usecases.inventory.model_standing import Governed, problem_about
from bot.usecases.postmortem.approving import current_head, erased_since, standing_approval, was_sent
from bot.usecases.postmortem.drafted import drafted_key
from bot.usecases.postmortem.news import has_news
from bot.usecases.postmortem.signing import Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeDraft(IncidentCommand):
    """Draft the incident's postmortem as its next revision, in `style`; `template` is the hash of what lays it out."""

    style: Style = Style.SRE
    template: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """The use case `draft`; the state of the incident changes when there is something to review, not before.

    Where a language model is asked as well, `patience` is how long the draft waits for it, and `governed` the model.
    """

    signing: Signing
    patience: timedelta | None = None
    governed: Governed | None = None

    def __call__(self, reads: Reads, command: MakeDraft) -> Changes:
        """Have the next revision made, once however many ask while it is."""
        incident = self.check(reads, command)
        number = len(reads.revision_heads(incident.id)) + 1
        at = reads.may_post_at(incident, DeliveryKind.OFFER_DRAFT, must_be_noticed=True)
        where = "here" if command.channel == incident.channel_id else "in its channel"
        offered = f"it is offered {where}{held_until(reads, incident, at) or ' in a moment'}."
        if reads.is_queued(draft_lane(incident)):
            message = f"Draft {number} of {incident.reference} is being made already; {offered}"
            raise Conflict(message)
        entries, _ = reads.head(incident.id)
        until = reads.now + self.patience if self.patience and self._is_asked(reads, incident) else None
        latest = whole_minute(until) if until else None
        return record(
            reads,
            command,
            incident,
            [],
            reply=f"Drafting {incident.reference} from the {entries} entries of its ledger;{_asked(latest)} {offered}",
            instants=[at, *([latest] if latest else [])],
            deliveries=[
                make_draft(
                    reads, incident, command, number=number, asked_after=entries, until=until, style=command.style
                )
            ],
        )

    def check(self, reads: Reads, command: MakeDraft) -> Incident:
        """The incident, if it may be drafted and its current draft does not say what another one would.

        Raises
        ------
        analysis.errors.Refused
            If not; the sentence says why.
        """
        incident = find(reads, command, Action.DRAFT)
        check_move(incident, Move.DRAFT, Status.IN_REVIEW)
        self._check_news(reads, incident, command)
        return incident

    def _check_news(self, reads: Reads, incident: Incident, command: MakeDraft) -> None:
        """Refuse a draft that would say what the current one says, such as for a second click."""
        current = current_head(reads, incident)
        if current is None or has_news(reads, incident, current.ledger_seq) or erased_since(reads, current):
            return
        if incident.status is Status.CLOSED:
            _check_unpublished(reads, incident, current)
            return  # in a closed incident the current draft cannot be signed, and another leads back into review
        if was_sent(reads, current) and not standing_approval(reads, current):
            return  # whoever signed it took that back on its way, and no draft is sent to a target twice
        if not made_under_terms(reads, incident, current, self.signing) or self._lacks_model(reads, incident, current):
            return
        if not _is_laid_out(reads, incident, current, command) or _is_of_unknown(reads, incident, current, command):
            return
        message = f"Draft {current.number} of {incident.reference} is up to date: nothing on record changed since."
        raise Conflict(message)

    def _lacks_model(self, reads: Reads, incident: Incident, current: RevisionHead) -> bool:
        """Whether the model had no part in the current draft, such as because it did not answer, so that it may now."""
        made = _drafted(reads, incident, current)
        may = self.patience is not None and self._is_asked(reads, incident)
        return may and not any(event.payload.get(MODEL) for event in made)

    def _is_asked(self, reads: Reads, incident: Incident) -> bool:
        """Whether the model may be asked about *incident* now, where there is one."""
        return self.governed is None or not problem_about(reads, incident, self.governed)


def _is_of_unknown(reads: Reads, incident: Incident, draft: RevisionHead, command: MakeDraft) -> bool:
    """Whether somebody of Slack asks where nobody knows who asked for *draft*, such as an unmapped login.

    They count among its authors, and with one whom nobody knows nobody may sign it where four eyes are needed.
    """
    asked_by = [event.actor for event in _drafted(reads, incident, draft)]
    return is_known(command.person.id) and not all(map(is_known, asked_by))


def _check_unpublished(reads: Reads, incident: Incident, draft: RevisionHead) -> None:
    if any(one.state is PublicationState.PUBLISHED for one in reads.publications(draft.id)):
        message = f"Draft {draft.number} of {incident.reference} is published, and nothing on record changed since."
        raise Conflict(message)


def _asked(latest: datetime | None) -> str:
    """That a model is asked, and by when it is done; nothing where none is."""
    if latest is None:
        return ""
    return f" the model is asked, and the template draft comes at the latest at {moment(latest, Precision.MINUTE)};"


def made_under_terms(reads: Reads, incident: Incident, draft: RevisionHead, signing: Signing) -> bool:
    """Whether *draft* was made under today's terms; asked of the record, because rendering it takes long."""
    terms = signing.terms(incident.visibility)
    return any(_has(event.payload, terms) for event in _drafted(reads, incident, draft))


def make_draft(
    reads: Reads,
    incident: Incident,
    command: IncidentCommand,
    *,
    number: int,
    tries: int = 1,
    asked_after: int,
    until: datetime | None = None,
    style: Style = Style.SRE,
) -> NewDelivery:
    """Have revision *number* made for who asked for it, in a lane of its own: messages must not wait for it.

    They asked when the incident's ledger had the entries up to *asked_after*.
    """
    return tell(
        reads,
        incident,
        DeliveryKind.MAKE_DRAFT,
        lane=draft_lane(incident),
        revision=number,
        person=command.person.id,
        source=command.source.value,
        key=command.natural_key,
        channel=command.channel or "",
        tries=tries,
        asked_after=asked_after,
        until=stamp(until) if until else "",
        style=style.value,
    )


def draft_lane(incident: Incident) -> str:
    """Where an incident's drafts are made, one at a time."""
    return f"draft:{incident.id}"


def _drafted(reads: Reads, incident: Incident, draft: RevisionHead) -> list[TimelineEvent]:
    about = reads.events_about(incident.id, drafted_key(incident, draft.number))
    return [event for event in about if event.kind is EventKind.DRAFTED]


def _is_laid_out(reads: Reads, incident: Incident, draft: RevisionHead, command: MakeDraft) -> bool:
    """Whether *draft* is in the style that *command* asks for; one that a template failed for may be tried again."""
    wanted = {"style": command.style.value, "template": command.template}
    made = [event.payload for event in _drafted(reads, incident, draft)]
    known = [{"style": one.get("style", Style.SRE.value), "template": one.get("template", "")} for one in made]
    return wanted in known


def _has(payload: Mapping[str, object], terms: Mapping[str, object]) -> bool:
    return all(payload.get(name) == value for name, value in terms.items())
