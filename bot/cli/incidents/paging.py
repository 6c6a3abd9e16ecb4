"""Paging on the command line, and what left for other systems."""

import time
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import typer

from analysis.chain import stamp
from analysis.errors import InvalidInput, NotFound, Refused, Unavailable
from analysis.operator_notes import instant
from analysis.page_sentences import PAGE_KINDS, page_sentence
from analysis.paging import PageStatus
from analysis.people import Action, Person, can_see, require
from bot.cli.incidents.incident_verbs import JsonOption, command, incident_number, submit
from bot.cli.office import Office, open_office, open_reading_office
from bot.cli.tables import table
from bot.cli.terminal import say_json
from bot.pager.building import TITLES, build_pager_side
from bot.pager.config import read_pager_file
from bot.parts import SystemClock
from bot.ports.model import MILLIONTHS, Usage
from bot.ports.paging import Egress, Page, Shift
from bot.ports.records import Reply
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.paging.page import PAGED_KEY, AskPage
from bot.usecases.paging.requests import page_requests
from bot.usecases.verbs import VERBS, Late

#: So long the server may take before whoever pages is told to call.
PATIENCE_SECONDS = 20.0
_STEP_SECONDS = 0.2


def finish(office: Office, parsed: Late, is_sure: bool) -> Reply:  # noqa: FBT001 - as `Finish` has it
    """Page, and wait for the server to say what became of it.

    Raises
    ------
    InvalidInput
        If the pager's file cannot be read: then nobody is paged.
    Unavailable
        If no server has taken it: then nobody is paged.
    Refused
        If the pager refused it.
    """
    try:
        plan = read_pager_file(office.settings).plan()
    except InvalidInput as error:
        message = f"{error.message} So nobody was paged. Call whoever is on call, by telephone."
        raise InvalidInput(message) from error
    request = page_requests(plan, TITLES)(parsed.asker, parsed.words)
    reply = submit(office, request, is_sure=is_sure)
    if not isinstance(request.command, AskPage) or reply.incident is None:
        return reply
    page = _settled(office, reply.incident, f"{request.command.natural_key}:{PAGED_KEY}")
    if page is None or page.status is PageStatus.ASKED:
        call = plan.call_for(page.kind, page.name) if page else plan.call
        message = (
            f"The page is on record, but nobody is paged yet: no server has brought it to the pager within "
            f"{PATIENCE_SECONDS:.0f} s. See that `debrief serve` runs, or call {call}."
        )
        raise Unavailable(message)
    if page.status is PageStatus.FAILED:
        raise Refused(_failure(office, page))
    later = f"`debrief page -i {reply.number}` says what becomes of it."
    return Reply(text=f"Page {page.number} of #{reply.number} is {page.status}. {later}", number=reply.number)


def oncall(
    words: Annotated[list[str] | None, typer.Argument(metavar="SERVICE|policy NAME")] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Who is on call, the first to be woken first.

    Example: `debrief oncall payments`
    """
    with open_office() as office:
        asker = office.asker()
        require(asker.person, Action.VIEW)
        file = read_pager_file(office.settings)
        on_calls = build_pager_side(
            file, office.settings, office.store.egress, SystemClock(), office.store.new_id
        ).on_calls
        found = on_calls.look(on_calls.target(" ".join(words or ())), asker.person.id)
    rows = [
        (str(one.level), one.name, office.directory.name(f"slack:{one.slack_id}") if one.slack_id else "", _until(one))
        for one in found.shifts
    ]
    names = ("level", "name", "in Slack", "until")
    if as_json:
        say_json([dict(zip(names, row, strict=True)) for row in rows])
    elif rows:
        gaps = [(str(level), "nobody", "", "") for level in found.gaps]
        table(names, sorted([*rows, *gaps], key=lambda row: int(row[0])))
    else:
        said = f"Nobody is on call for {found.target}, says the pager, so a page would wake nobody."
        message = f"{said} Call {found.call}."
        raise NotFound(message)


def egress(
    incident: Annotated[
        int | None,
        typer.Option("--incident", "-i", parser=incident_number, metavar="N", help="What left about one incident."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many of the newest calls.")] = 50,
    *,
    as_json: JsonOption = False,
) -> None:
    """List what left for other systems.

    Example: `debrief egress --incident 12 --json`: when, why, where to, by whom, what, and what came back, with what a
    question to the model cost; of private incidents that you are not in, not by whom and what. Needs admin access.
    """
    with open_reading_office() as office:
        asker = office.asker(number=incident)
        require(asker.person, Action.ADMINISTER)
        found = None
        if incident is not None:
            with office.store.snapshots.snapshot() as reads:
                found = find(reads, IncidentCommand(**asker.on_incident()), Action.ADMINISTER).id
        calls = office.store.egress.calls(found, limit=limit)
        hidden = _hidden(office, asker.person, calls)
    if as_json:
        say_json([_value(call, is_hidden=call.incident_id in hidden) for call in calls])
        return
    rows = [
        (
            instant(call.began_at),
            call.purpose.value,
            f"{call.method} {call.host}{call.path}",
            call.outcome or "never ended",
            f"{call.usage.tokens:,}" if call.usage else "",
            call.body_hash.hex()[:16],
        )
        for call in calls
    ]
    table(("when", "why", "where to", "what came back", "tokens", "hash"), rows)


def _hidden(office: Office, person: Person, calls: Sequence[Egress]) -> frozenset[UUID]:
    """The incidents of *calls* that *person* may not know of."""
    with office.store.snapshots.snapshot() as reads:
        found = {each: reads.incident(each) for each in {call.incident_id for call in calls} if each}
    return frozenset(each for each, incident in found.items() if incident is None or not can_see(person, incident))


def _until(shift: Shift) -> str:
    return instant(shift.until) if shift.until else ""


def _settled(office: Office, incident_id: UUID, fact: str) -> Page | None:
    """The page that was asked for by *fact*, once it is no longer on its way."""
    with office.store.snapshots.snapshot() as reads:
        number = next((event.payload.get("page") for event in reads.events_about(incident_id, fact)), None)
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        with office.store.snapshots.snapshot() as reads:
            page = next((one for one in reads.pages.of_incident(incident_id) if one.number == number), None)
        if page is None or page.status is not PageStatus.ASKED or time.monotonic() > ends:
            return page
        time.sleep(_STEP_SECONDS)


def _failure(office: Office, page: Page) -> str:
    with office.store.snapshots.snapshot() as reads:
        events = reads.events_of_kind(page.incident_id, PAGE_KINDS)
    last = [event for event in events if event.payload.get("page") == page.number][-1]
    return page_sentence(last, office.directory.name) + "."


def _value(call: Egress, *, is_hidden: bool) -> dict[str, Any]:
    return {
        "began_at": stamp(call.began_at),
        "ended_at": call.ended_at and stamp(call.ended_at),
        "purpose": call.purpose.value,
        "policy": call.policy,
        "actor": "" if is_hidden else call.actor,
        "method": call.method,
        "host": call.host,
        "path": call.path,
        "body": "" if is_hidden else call.body.decode("utf-8", "replace"),
        "is_hidden": is_hidden,
        "body_sha256": call.body_hash.hex(),
        "status": call.status,
        "outcome": call.outcome,
        "answer_sha256": call.answer_hash.hex(),
        "model": call.model,
        "usage": _cost(call.usage) if call.usage else None,
    }


def _cost(usage: Usage) -> dict[str, float]:
    """With money in the unit of the prices."""
    return {"tokens": usage.tokens, "seconds": round(usage.seconds, 3), "money": usage.money / MILLIONTHS}


COMMANDS = {"page": command(VERBS["page"], finish), "oncall": oncall, "egress": egress}
