"""`oncall`: who is on call for a service or a policy, on the reader's own clock."""

from dataclasses import dataclass
from typing import Any

from analysis.errors import DebriefError
from analysis.people import Action, require
from analysis.slacktext import escape
from bot.ports.paging import OnCall, Shift
from bot.slack.blocks.elements import plain, when
from bot.slack.context import SlackContext, refusal
from bot.usecases.verbs import Asker

NAME_LETTERS = 120
CALL_LETTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Something to look up after the answer, because it is asked of another system."""

    target: str
    asked_by: str


def on_call_answer(context: SlackContext, asker: Asker, words: str) -> tuple[str, LookUp | None]:
    """What is known already, else that it is being looked up; the pager is not asked before the acknowledgement."""
    require(asker.person, Action.VIEW)
    target = context.on_calls.target(words)
    known = context.on_calls.known(target)
    if known:
        return on_call_text(known, context), None
    return f"Looking up who is on call for {plain(target)}.", LookUp(target=target, asked_by=asker.person.id)


def looked_up(context: SlackContext, look_up: LookUp) -> dict[str, Any]:
    """The answer, once the pager was asked."""
    try:
        text = on_call_text(context.on_calls.look(look_up.target, look_up.asked_by), context)
    except DebriefError as error:
        text = f"Who is on call for {plain(look_up.target)} is not known: {escape(refusal(error))}"
    return {"response_type": "ephemeral", "text": text}


def on_call_text(found: OnCall, context: SlackContext) -> str:
    """Who is on call, the first to be woken first, a line each."""
    head = f"*On call for {plain(found.target)}*, as of {when(found.at)}"
    if found.trouble:
        head = f"{escape(refusal_of(found))} Then it was:\n{head}"
    if not found.shifts:
        return f"{head}\nNobody, says the pager, so a page would wake nobody. Call {plain(found.call, CALL_LETTERS)}."
    gaps = [(level, f"level {level}: nobody") for level in found.gaps]
    lines = sorted([*gaps, *((shift.level, _line(shift, context)) for shift in found.shifts)], key=lambda one: one[0])
    return "\n".join([head, *(line for _, line in lines)])


def refusal_of(found: OnCall) -> str:
    """Why nothing newer is known."""
    return f"The pager cannot be asked just now: {found.trouble.rstrip('.')}."


def _line(shift: Shift, context: SlackContext) -> str:
    known = context.directory.name(f"slack:{shift.slack_id}") if shift.slack_id else ""
    name = f"{known} ({shift.name})" if known and known not in {shift.name, shift.slack_id} else shift.name
    until = f", until {when(shift.until)}" if shift.until else ""
    return f"level {shift.level}: {plain(name, NAME_LETTERS)}{until}"
