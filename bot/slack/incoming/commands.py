"""`/incident`: read the words, record, answer; the forms it opens come after the answer."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from analysis.errors import DebriefError, NeedsConfirmation, NotFound
from analysis.incident import ACTIVE_STATUSES, Incident, Status, Visibility
from analysis.lookalike import lookalikes
from analysis.people import Action, can_see, require
from analysis.slacktext import decode, escape
from analysis.timeline import taken_off, timeline
from bot.ports.ledger import Reads
from bot.ports.records import Reply
from bot.slack.blocks import ids
from bot.slack.blocks.cards import card, headline, listing
from bot.slack.blocks.elements import actions, button, dated, section
from bot.slack.blocks.forms import declare_form
from bot.slack.blocks.numbered_rows import of_question
from bot.slack.blocks.originals import original_of
from bot.slack.blocks.signals import signals_listing
from bot.slack.blocks.timeline_lines import timeline_text
from bot.slack.context import SlackContext, inbox_key, refusal
from bot.slack.incoming.change_queries import changes_shown
from bot.slack.incoming.group_queries import alerts_text
from bot.slack.incoming.noise_queries import aware_of_file, noise_answer
from bot.slack.incoming.on_call import LookUp, on_call_answer
from bot.slack.incoming.page_queries import pages_text
from bot.usecases.asking import IncidentCommand, find
from bot.usecases.signals.list_signals import signals_of, signals_summary
from bot.usecases.verbs import VERBS, Asker, Form, Query, Request

log = logging.getLogger(__name__)

Answer = dict[str, Any]
#: How many incidents a list counts; behind them are only older ones.
LOOKED_AT = 1000
OFFERED = 3
REPEATED = "That was recorded already; what I answered then was erased."


def answer_command(
    context: SlackContext, body: Mapping[str, Any], asked_at: datetime
) -> tuple[Answer, Form | LookUp | None]:
    """Do what `/incident` asks; the answer is for the asker alone, a form or another answer follows it."""
    text = str(body.get("text") or "")
    key = f"slack:{body['trigger_id']}"
    try:
        channel = str(body.get("channel_id") or "")
        asker = context.asker(str(body["user_id"]), key, channel=channel, asked_at=asked_at)
        parsed = context.parse(text, asker)
        if isinstance(parsed, Form):
            return ask_with(parsed, asker)
        if isinstance(parsed, Query) and parsed.name == "oncall":
            text, look_up = on_call_answer(context, asker, parsed.words)
            return private(text), look_up
        if isinstance(parsed, Query):
            return context.look(partial(_show, context, asker, parsed, is_bare=not text.strip()))
        parsed = aware_of_file(context, parsed)
        reply = context.submit(parsed, inbox_key("slack.command", str(body["trigger_id"]), _said(body)))
        return private(dated(escape(said_of(reply)), reply.instants)), None
    except NeedsConfirmation as question:
        return confirmation(question), None
    except DebriefError as error:
        return private(escape(refusal(error, decode(text)))), None


def private(text: str, blocks: list[dict[str, Any]] | None = None) -> Answer:
    """An answer only the asker sees; the type is said outright, because a stand-in's default differs."""
    answer: Answer = {"response_type": "ephemeral", "text": text}
    return {**answer, "blocks": blocks} if blocks else answer


def confirmation(question: NeedsConfirmation) -> Answer:
    """Ask once, with a button that does it."""
    does, words = _CONFIRMED[question.verb]
    value = of_question(question)
    yes = button(words, does, value, style="danger")
    buttons = actions(yes, button("Not yet", ids.RESOLVE_DENY, value))
    return private(escape(question.message), [section(escape(question.message)), buttons])


#: The button that says yes, and what stands on it.
_CONFIRMED: Mapping[str, tuple[str, str]] = {
    "resolve": (ids.RESOLVE_CONFIRM, "Resolve"),
    "publish": (ids.PUBLISH, "Publish"),
    "page": (ids.PAGE, "Page"),
    "public": (ids.PUBLIC_CONFIRM, "Make public"),
}


def answer_query(context: SlackContext, asker: Asker, query: Query) -> Answer:
    """Show something from the record; nothing is written."""
    require(asker.person, Action.VIEW)
    if query.name == "help":
        return private(help_text())
    if query.name == "alerts":
        return private(alerts_text(context, asker, query))
    if query.name in {"changes", "noise"}:
        shown = changes_shown(context, asker, query) if query.name == "changes" else noise_answer(context, query)
        return private(*shown)
    if query.name == "pages":
        return private(pages_text(context, _named(asker, query)))
    with context.snapshots.snapshot() as reads:
        if query.name.startswith("list"):
            return _list(context, reads, asker, query)
        incident = find(reads, _named(asker, query), Action.VIEW)
        return _SHOWN[query.name](context, reads, incident, query.words)


def _list(context: SlackContext, reads: Reads, asker: Asker, query: Query) -> Answer:
    """The incidents that its asker may see, with how many more there are."""
    statuses, before = ACTIVE_STATUSES if query.name == "list" else frozenset(Status), int(query.words or 0)
    found = reads.incidents(context.workspace_id, statuses=statuses, limit=LOOKED_AT, before=before)
    visible = [incident for incident in found if can_see(asker.person, incident)]
    if not visible:
        return private("No incidents." if before else "No open incidents.")
    verb, is_all = query.name.replace("_", " "), len(found) < LOOKED_AT
    return private("\n".join(listing(visible, context.directory.name, verb=verb, is_all=is_all)))


def ask_with(form: Form, asker: Asker) -> tuple[Answer, Form]:
    """Ask with a form whoever may answer it."""
    require(asker.person, Action.DECLARE)
    return {}, form


def beside(context: SlackContext, form: Form, channel: str) -> Form:
    """The declare form for a message of *channel*: private at first where that is a private incident's."""
    try:
        found = context.glance(lambda reads: reads.incident_by_channel(channel))
    except DebriefError as error:
        log.info("the message's channel left out", extra={"because": error.message})
        return form
    is_private = found is not None and found.visibility is Visibility.PRIVATE
    return replace(form, values={**form.values, "visibility": Visibility.PRIVATE.value}) if is_private else form


def open_form(context: SlackContext, form: Form, person_id: str) -> dict[str, Any]:
    """The declare form, which first lists open incidents: those that look the same, or the newest."""
    return declare_form(form.values, _alike(context, form.values.get("title", ""), person_id))


def _alike(context: SlackContext, title: str, person_id: str) -> list[Incident]:
    """Open incidents to offer; a slow or failing look leaves them out, because the form must not wait."""
    person = context.directory.person(person_id)
    try:
        incidents = context.glance(lambda reads: reads.incidents(context.workspace_id, limit=200))
    except DebriefError as error:
        log.info("look-alikes left out", extra={"because": error.message})
        return []
    visible = {incident.number: incident for incident in incidents if person and can_see(person, incident)}
    if not title:
        return list(visible.values())[:OFFERED]
    found = lookalikes(title, [(number, incident.title) for number, incident in visible.items()])
    return [visible[each.number] for each in found]


def help_text() -> str:
    """All verbs, a line each."""
    lines = [f"`/incident {verb.usage}`  {verb.summary}" for verb in VERBS.values()]
    tail = "In an incident's channel the verbs mean that incident; elsewhere begin with its number: "
    return "\n".join([*lines, f"{tail}`/incident #12 status`."])


def _show_card(context: SlackContext, reads: Reads, incident: Incident, _: str) -> Answer:
    entries = timeline(reads.events(incident.id))
    original = original_of(reads, incident)
    found = signals_summary(signals_of(reads, incident))
    head = reads.head(incident.id)
    blocks = card(
        incident,
        entries,
        head,
        context.directory.name,
        original=original,
        signals=found,
        is_gone=context.directory.is_gone,
    )
    return private(escape(headline(incident)), blocks)


def _show_timeline(context: SlackContext, reads: Reads, incident: Incident, label: str) -> Answer:
    events = reads.events(incident.id)
    withdrawn = [entry for entry in taken_off(events) if entry.withdrawal]
    return private(timeline_text(incident, timeline(events), withdrawn, context.directory.name, label=label))


def _show_signals(_: SlackContext, reads: Reads, incident: Incident, __: str) -> Answer:
    return private(signals_listing(incident, signals_of(reads, incident)))


_SHOWN: Mapping[str, Callable[[SlackContext, Reads, Incident, str], Answer]] = {
    "card": _show_card,
    "timeline": _show_timeline,
    "signals": _show_signals,
}


def _named(asker: Asker, query: Query) -> IncidentCommand:
    number = query.number or asker.number
    fields = {**asker.on_incident(), "number": number}
    return IncidentCommand(**fields)


def _show(context: SlackContext, asker: Asker, query: Query, *, is_bare: bool) -> tuple[Answer, Form | None]:
    """Answer a question; the bare command outside an incident's channel asks with a form instead."""
    try:
        return answer_query(context, asker, query), None
    except NotFound:
        if not is_bare:
            raise
        return ask_with(Form(name="declare"), asker)


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body.get(name) for name in ("text", "user_id", "channel_id", "command")}


def submit_request(context: SlackContext, request: Request, trigger: str, said: Mapping[str, Any]) -> Answer:
    """Submit what a button stands for and answer for the presser alone."""
    try:
        reply = context.submit(request, inbox_key("slack.action", trigger, said))
    except NeedsConfirmation as question:
        return confirmation(question)
    except DebriefError as error:
        return private(escape(refusal(error)))
    return private(dated(escape(said_of(reply)), reply.instants))


def said_of(reply: Reply) -> str:
    """The answer; an erasure destroys those that were given before, so of a repetition it may be all that is known."""
    return reply.text or (REPEATED if reply.repeated else "")
