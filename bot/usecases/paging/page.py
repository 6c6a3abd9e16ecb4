"""Page somebody: asked once, then on its way to the pager, and what becomes of it is told in the channel."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from analysis.errors import Conflict, IllegalTransition, InvalidInput, NeedsConfirmation, NotFound, Refused
from analysis.events import EventKind
from analysis.incident import Incident, Visibility
from analysis.page_sentences import target_words
from analysis.paging import PageStatus, PageWords, TargetKind, spoken_target, what_leaves
from analysis.people import Action, Person, can_see
from analysis.precision import Precision
from analysis.slacktext import nearest
from bot.ports.ledger import Reads
from bot.ports.paging import Page, PagingPlan
from bot.ports.records import Changes, DeliveryKind, NewDelivery
from bot.usecases.asked import WHO_IS_MEANT
from bot.usecases.asking import IncidentCommand, Wanted, find, moment, record

#: Two people who press at once, or one who presses twice, mean one page.
TWICE = timedelta(seconds=60)
PAGED_KEY = "paged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage(IncidentCommand):
    """Page whom `words` name; `whom` is the person, where they name one."""

    words: PageWords
    whom: Person | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Who is paged, by which pager, and how that is said."""

    kind: TargetKind
    name: str
    pager: str
    spoken: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The use case `page`; `titles` has what people call each pager."""

    plan: PagingPlan
    titles: dict[str, str]

    def __call__(self, reads: Reads, command: AskPage) -> Changes:
        """Put the page on record and on its way; nothing leaves before that is committed."""
        incident = find(reads, command, Action.RECORD)
        if not incident.status.is_active:
            state = incident.status.value.replace("_", " ")
            message = f"{incident.reference} is {state}, so nobody is paged for it. Reopen it first if it is not over."
            raise IllegalTransition(message)
        target = self._target(command)
        earlier = [
            page
            for page in reads.pages.of_incident(incident.id)
            if page.is_open and (page.kind, page.name) == (target.kind, target.name)
        ]
        if not command.is_confirmed:
            raise NeedsConfirmation(
                self._question(incident, target, command.words, earlier) + _to_be_let_in(incident, command.whom),
                verb="page",
                number=incident.number,
                incident_id=incident.id,
                about=command.words.spoken,
            )
        _check_not_twice(reads, target, earlier)
        return self._ask(reads, command, incident, target)

    def _ask(self, reads: Reads, command: AskPage, incident: Incident, target: Target) -> Changes:
        page = Page(
            id=reads.new_id(),
            incident_id=incident.id,
            number=len(reads.pages.of_incident(incident.id)) + 1,
            pager=target.pager,
            kind=target.kind,
            name=target.name,
            status=PageStatus.ASKED,
            asked_at=reads.now,
        )
        payload = {
            "page": page.number,
            "kind": target.kind.value,
            "target": target.name,
            "pager": self.titles[target.pager],
        }
        wanted = Wanted(kind=EventKind.PAGED, text=command.words.text, payload=payload, key=PAGED_KEY)
        changes = record(
            reads,
            command,
            incident,
            [wanted],
            reply=(
                f"Page {page.number} of {incident.reference} for {target.spoken} is on its way to "
                f"{self.titles[target.pager]}. The channel is told whether it arrived; "
                f"if you read nothing there within a minute, call {self.plan.call_for(target.kind, target.name)}."
                f"{_to_be_let_in(incident, command.whom)}"
            ),
            deliveries=[page_delivery(reads, page, DeliveryKind.SEND_PAGE, event=f"{command.natural_key}:{PAGED_KEY}")],
        )
        return replace(changes, pages=(page,))

    def _target(self, command: AskPage) -> Target:
        """Who is meant, exactly."""
        words, plan = command.words, self.plan
        if plan.is_empty:
            message = f"No pager is set up, so nobody was paged. Call {plan.call or 'whoever is on call'}."
            raise Refused(message)
        if words.kind is TargetKind.SERVICE:
            found = plan.service(words.name)
            if found is None:
                raise NotFound(_unknown(plan, TargetKind.SERVICE, words.name))
            return Target(kind=words.kind, name=found[0], pager=found[1].pager, spoken=found[0])
        if not plan.rest_pager:
            message = f"Only services can be paged here, not people or policies: {_names(sorted(plan.services))}."
            raise Refused(message)
        if words.kind is TargetKind.POLICY:
            policy = plan.policy(words.name)
            if policy is None:
                raise NotFound(_unknown(plan, TargetKind.POLICY, words.name))
            return Target(kind=words.kind, name=policy, pager=plan.rest_pager, spoken=f"the policy {policy}")
        return self._person(command)

    def _person(self, command: AskPage) -> Target:
        whom = command.whom
        if whom is None or whom.slack_id is None or whom.is_outsider:
            services = f" Whoever is on call is paged by a service: {_names(sorted(self.plan.services))}."
            message = f"I do not know {command.words.name}, so nobody was paged. {WHO_IS_MEANT}{services}"
            raise InvalidInput(message)
        spoken = target_words({"kind": TargetKind.PERSON, "target": whom.slack_id}, lambda _: whom.name)
        return Target(kind=TargetKind.PERSON, name=whom.slack_id, pager=self.plan.rest_pager, spoken=spoken)

    def _question(self, incident: Incident, target: Target, words: PageWords, earlier: Sequence[Page]) -> str:
        """What will happen, what leaves, and what was paged before."""
        again = "".join(
            f" It was paged at {moment(page.asked_at, Precision.MINUTE)} already (page {page.number}, {page.status})."
            for page in earlier[-1:]
        )
        return (
            f"Page {target.spoken} through {self.titles[target.pager]}?{again} "
            f"This leaves: “{what_leaves(incident, words.text)}”"
        )


def _to_be_let_in(incident: Incident, whom: Person | None) -> str:
    """Whom the asker must let into a private incident, or a page brings somebody who is told that there is none."""
    if incident.visibility is Visibility.PUBLIC or (whom and can_see(whom, incident)):
        return ""
    if whom:
        return f" {whom.name} is not in this private incident and can see nothing of it: invite them to its channel."
    return " Whoever answers can see nothing of this private incident before you invite them to its channel."


def page_delivery(reads: Reads, page: Page, kind: DeliveryKind, **arguments: str) -> NewDelivery:
    """What the pager must be told of *page*, in its order, beside all other pages."""
    return NewDelivery(
        id=reads.new_id(),
        kind=kind,
        lane=page_lane(page),
        arguments={"page": str(page.id), **arguments},
        incident_id=page.incident_id,
    )


def page_lane(page: Page) -> str:
    """The lane of one page."""
    return f"page:{page.id}"


def _check_not_twice(reads: Reads, target: Target, earlier: Sequence[Page]) -> None:
    for page in earlier:
        since = abs(reads.now - page.asked_at)  # a clock that is set back must not make it of the last minute
        seconds = round(since.total_seconds())
        if since < TWICE:
            message = (
                f"{target.spoken} was paged {seconds} s ago (page {page.number}); nobody was paged a second time. "
                f"To page again, wait {round(TWICE.total_seconds()) - seconds} s."
            )
            raise Conflict(message)


def _unknown(plan: PagingPlan, kind: TargetKind, name: str) -> str:
    known = sorted(plan.policies if kind is TargetKind.POLICY else plan.services)
    near = nearest(name.lower(), known)
    guess = _of_other_kind(plan, kind, name) or (spoken_target(kind, near) if near else "")
    meant = f" Did you mean `page {guess}`?" if guess else ""
    there = f" There are: {_names(known)}." if known else f" None is set up; call {plan.call}."
    return f"There is no {kind} “{name[:40]}” to page, so nobody was paged.{meant}{there}"


def _of_other_kind(plan: PagingPlan, kind: TargetKind, name: str) -> str:
    """What is called so and is a service instead of a policy, or the reverse, as it is typed."""
    if kind is TargetKind.POLICY:
        found = plan.service(name)
        return found[0] if found else ""
    policy = plan.policy(name) if plan.rest_pager else None
    return spoken_target(TargetKind.POLICY, policy) if policy else ""


def _names(known: Sequence[str]) -> str:
    return ", ".join(known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
