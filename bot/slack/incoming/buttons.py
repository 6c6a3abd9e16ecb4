"""Buttons: those that do something submit it at once, those that ask open a form after the answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from analysis.errors import DebriefError, InvalidInput
from analysis.incident import Status
from analysis.people import Action, require
from analysis.signals import Verdict
from analysis.slacktext import escape
from analysis.verb_words import named_group
from bot.slack.blocks import group_forms, ids
from bot.slack.blocks.forms import incident_form
from bot.slack.blocks.numbered_rows import change_of, check_row, read_number
from bot.slack.context import STRANGE, SlackContext, numbered, refusal
from bot.slack.incoming.commands import Answer, answer_query, open_form, private, submit_request
from bot.slack.incoming.noise_queries import digest_answer
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.call_mattered import (
    CallGroupMattered,
    CallMattered,
    CallNotMattered,
    call_group_mattered,
    call_mattered,
    call_not_mattered,
)
from bot.usecases.groups.call_noise import CallNotNoise, call_not_noise
from bot.usecases.groups.make_one import MakeOne, make_one
from bot.usecases.groups.not_related import NotRelated, not_related
from bot.usecases.groups.split import PutBack, put_back
from bot.usecases.groups.take_apart import TakeApart, take_apart
from bot.usecases.holding.approve import ApproveHold, approve_hold
from bot.usecases.holding.decline import DeclineHold, decline_hold
from bot.usecases.holding.stop import SwitchHolding, switch_holding
from bot.usecases.incident.change_status import ChangeStatus, change_status
from bot.usecases.incident.resolve import Resolve, resolve
from bot.usecases.postmortem.unapprove import Unapprove, unapprove
from bot.usecases.privacy.make_public import MakePublic, make_public
from bot.usecases.signals.judge import JudgeSignal, judge_signal
from bot.usecases.timeline.attach_change import AttachChange, attach_change
from bot.usecases.verbs import Asker, Form, Query, Request


def answer_button(context: SlackContext, body: Mapping[str, Any], asked_at: datetime) -> Answer | None:
    """Do what a pressed button says; `None` where it only opens a form or does nothing."""
    pressed = body["actions"][0]
    name, _, argument = str(pressed["action_id"]).partition(":")
    if name in {ids.OPEN_FORM, ids.RESOLVE_DENY}:
        return None
    try:
        value = str(pressed.get("value") or "")
        if name == ids.HOLD_SHOW:
            return private(*context.look(lambda: digest_answer(context, _asker(context, body, "", asked_at), value)))
        check_row(context, str(pressed["action_id"]), value)
        asker = _asker(context, body, value, asked_at)
        if name in _QUERIES:
            query = Query(name=_QUERIES[name], number=asker.number)
            return context.look(lambda: answer_query(context, asker, query))
        request = _request(context, asker, name, argument, str(pressed.get("value") or ""))
    except DebriefError as error:
        return private(escape(refusal(error)))
    said = {"action": pressed["action_id"], "value": pressed.get("value"), "user": body["user"]["id"]}
    return submit_request(context, request, str(body["trigger_id"]), said)


def form_of_button(context: SlackContext, body: Mapping[str, Any], asked_at: datetime) -> dict[str, Any] | None:
    """The form that a pressed button opens, if it opens one that its presser may see."""
    pressed = body["actions"][0]
    name, _, form = str(pressed["action_id"]).partition(":")
    if name != ids.OPEN_FORM:
        return None
    asker = _asker(context, body, str(pressed.get("value") or ""), asked_at)
    if form == "declare":
        require(asker.person, Action.DECLARE)
        return open_form(context, Form(name="declare"), str(body["user"]["id"]))
    if form.startswith(group_forms.PREFIX):
        check_row(context, str(pressed["action_id"]), str(pressed.get("value") or ""))
        return group_forms.group_form(context, form, asker)
    with context.snapshots.snapshot() as reads:
        incident = find(reads, IncidentCommand(**asker.on_incident()), Action.RECORD)
    return incident_form(form, incident)


def _asker(context: SlackContext, body: Mapping[str, Any], value: str, asked_at: datetime) -> Asker:
    channel = str((body.get("channel") or {}).get("id") or "")
    number, pressed = read_number(value, channel)
    return context.asker(
        str(body["user"]["id"]),
        f"slack:{body['trigger_id']}",
        channel=channel,
        number=number,
        pressed=pressed,
        asked_at=asked_at,
    )


def _request(context: SlackContext, asker: Asker, name: str, argument: str, value: str) -> Request:
    if name not in _REQUESTS:
        raise InvalidInput(STRANGE)
    return _REQUESTS[name](context, asker, argument or value)


def _status(_: SlackContext, asker: Asker, argument: str) -> Request:
    if argument not in {status.value for status in Status}:
        raise InvalidInput(STRANGE)
    command = ChangeStatus(**asker.on_incident(), target=Status(argument))
    return Request(use_case=change_status, command=command)


def _resolve(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=resolve, command=Resolve(**asker.on_incident()))


def _resolve_all_the_same(_: SlackContext, asker: Asker, value: str) -> Request:
    """What says yes to a question; one of an older version does not say of which phase, and so was of the first."""
    phase = numbered(value.partition("|")[2]) or 1
    return Request(use_case=resolve, command=Resolve(**asker.on_incident(), is_confirmed=True, phase=phase))


def _public(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=make_public, command=MakePublic(**asker.on_incident(), is_confirmed=True))


def _late(name: str) -> Callable[[SlackContext, Asker, str], Request]:
    def request(context: SlackContext, asker: Asker, value: str) -> Request:
        return context.late[name](asker, value.partition("|")[2])

    return request


def _unapprove(_: SlackContext, asker: Asker, value: str) -> Request:
    command = Unapprove(**asker.on_incident(), hash_prefix=value.partition("|")[2])
    return Request(use_case=unapprove, command=command)


def _attach_change(_: SlackContext, asker: Asker, argument: str) -> Request:
    number, event = change_of(argument)
    command = AttachChange(**asker.on_incident(), change=number, event=event)
    return Request(use_case=attach_change, command=command)


def _not_related(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=not_related, command=NotRelated(**asker.base(), group=asker.number or 0))


def _put_back(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=put_back, command=PutBack(**asker.base(), group=asker.number or 0))


def _merge(_: SlackContext, asker: Asker, argument: str) -> Request:
    number, other = change_of(argument)
    command = MakeOne(**asker.base(), group=asker.number or 0, other=number, other_id=other)
    return Request(use_case=make_one, command=command)


def _take_apart(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=take_apart, command=TakeApart(**asker.base(), group=asker.number or 0))


def _not_noise(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=call_not_noise, command=CallNotNoise(**asker.base(), group=asker.number or 0))


def _group_mattered(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=call_group_mattered, command=CallGroupMattered(**asker.base(), group=asker.number or 0))


def _group_not_mattered(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=call_not_mattered, command=CallNotMattered(**asker.base(), group=asker.number or 0))


def _approve_hold(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=approve_hold, command=ApproveHold(**asker.base(), policy=asker.number or 0))


def _decline_hold(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=decline_hold, command=DeclineHold(**asker.base(), policy=asker.number or 0))


def _stop_holding(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=switch_holding, command=SwitchHolding(**asker.base(), is_on=True))


def _mattered(_: SlackContext, asker: Asker, __: str) -> Request:
    return Request(use_case=call_mattered, command=CallMattered(**asker.base(), hold=asker.number or 0))


def _attach(_: SlackContext, asker: Asker, value: str) -> Request:
    command = AttachGroup(**asker.on_incident(), group=_group(value))
    return Request(use_case=attach_group, command=command)


def _judge(verdict: Verdict) -> Callable[[SlackContext, Asker, str], Request]:
    def request(_: SlackContext, asker: Asker, value: str) -> Request:
        command = JudgeSignal(**asker.on_incident(), group=_group(value), verdict=verdict)
        return Request(use_case=judge_signal, command=command)

    return request


def _group(value: str) -> int:
    """The number of the group after the incident's, as in `12|G-42`, whatever follows."""
    return named_group(value.partition("|")[2].partition("|")[0], "attach")


#: Buttons that show something.
_QUERIES = {ids.TIMELINE: "timeline", ids.SIGNALS: "signals"}
_REQUESTS: Mapping[str, Callable[[SlackContext, Asker, str], Request]] = {
    ids.MOVE_STATUS: _status,
    ids.RESOLVE: _resolve,
    ids.RESOLVE_CONFIRM: _resolve_all_the_same,
    ids.PUBLIC_CONFIRM: _public,
    ids.ATTACH_CHANGE: _attach_change,
    ids.DRAFT: _late("draft"),
    ids.APPROVE: _late("approve"),
    ids.UNAPPROVE: _unapprove,
    ids.PUBLISH: _late("publish"),
    ids.PAGE: _late("page"),
    ids.GROUP_NOT_RELATED: _not_related,
    ids.GROUP_PUT_BACK: _put_back,
    ids.GROUP_MERGE: _merge,
    ids.GROUP_TAKE_APART: _take_apart,
    ids.GROUP_NOT_NOISE: _not_noise,
    ids.GROUP_MATTERED: _group_mattered,
    ids.GROUP_NOT_MATTERED: _group_not_mattered,
    ids.SIGNAL_ATTACH: _attach,
    ids.SIGNAL_USEFUL: _judge(Verdict.USEFUL),
    ids.SIGNAL_NOT_RELATED: _judge(Verdict.NOT_RELATED),
    ids.HOLD_APPROVE: _approve_hold,
    ids.HOLD_DECLINE: _decline_hold,
    ids.HOLD_STOP: _stop_holding,
    ids.HOLD_MATTERED: _mattered,
}
