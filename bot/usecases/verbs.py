"""The verbs people type: one table, read by Slack and the command line alike.

A text becomes a `Request` (a use case with its command), a `Query` (something to show) or a `Form` (something to
ask). What is not understood is refused with the nearest verb and its usage, never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from analysis.changes import change_named, hours_said
from analysis.errors import InvalidInput
from analysis.events import Tag
from analysis.incident import ACTIVE_STATUSES, DEFAULT_SEVERITY, Role, Status, Visibility
from analysis.lifecycle import Move
from analysis.people import Person
from analysis.verb_words import (
    NONE,
    declare_words,
    duplicate_and_reason,
    first_word,
    label_and_words,
    milestone_words,
    named_group,
    named_incident,
    nothing,
    severity_and_reason,
    target_and_tag,
    timeline_words,
    unknown_verb,
    verb_and_words,
)
from bot.usecases.asked import WHO_IS_MEANT, Asker, Form, Late, Parsed, Query, Request
from bot.usecases.groups.attach import AttachGroup, attach_group
from bot.usecases.groups.detach import DetachGroup, detach_group
from bot.usecases.groups.words import group_words
from bot.usecases.holding.noise_words import noise_words
from bot.usecases.incident.assign_role import AssignRole, assign_role
from bot.usecases.incident.change_severity import ChangeSeverity, change_severity
from bot.usecases.incident.change_status import ChangeStatus, change_status
from bot.usecases.incident.declare import Declare, declare
from bot.usecases.incident.end import EndIncident, end_incident
from bot.usecases.incident.inform import SendUpdate, SetImpact, send_update, set_impact
from bot.usecases.incident.reopen import Reopen, reopen
from bot.usecases.incident.resolve import Resolve, resolve
from bot.usecases.postmortem.unapprove import Unapprove, unapprove
from bot.usecases.privacy.make_public import MakePublic, make_public
from bot.usecases.privacy.set_visibility import SetVisibility, set_visibility
from bot.usecases.signals.judge import judge_signal, judgement
from bot.usecases.timeline.attach_change import AttachChange, attach_change
from bot.usecases.timeline.clear_milestone import ClearMilestone, clear_milestone
from bot.usecases.timeline.correct import Correct, correct
from bot.usecases.timeline.note import Note, note
from bot.usecases.timeline.promote import Promote, promote
from bot.usecases.timeline.set_milestone import SetMilestone, set_milestone
from bot.usecases.timeline.unpromote import Unpromote, unpromote
from bot.usecases.timeline.withdraw import Restore, Withdraw, restore, withdraw

__all__ = ["VERBS", "Asker", "Form", "Late", "Parsed", "Query", "Request", "Verb", "parse"]

_LIST = re.compile(r"(?P<all>all)?(?:(?:^| )before #?(?P<before>[1-9][0-9]{0,8}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb: how it is used, what it does, and how its words are read."""

    name: str
    usage: str
    summary: str
    read: Callable[[Asker, str], Parsed]


def parse(text: str, asker: Asker) -> Parsed:
    """Read what was typed after `/incident`; a leading `#12` names the incident.

    Raises
    ------
    analysis.errors.InvalidInput
        If it is not understood: the sentence has the nearest verb and its usage.
    """
    number, words = named_incident(text.strip())
    if number is not None:
        asker = replace(asker, channel=None, number=number, pressed=None)
    word, rest = verb_and_words(words)
    if not word:
        return Query(name="card", number=asker.number) if asker.number or asker.channel else Form(name="declare")
    verb = VERBS.get(word.lower())
    if verb is None:
        raise InvalidInput(unknown_verb(word, {name: known.usage for name, known in VERBS.items()}))
    return verb.read(asker, rest.strip())


def _declare(asker: Asker, words: str) -> Parsed:
    said = declare_words(words)
    severity = said.severity or DEFAULT_SEVERITY
    if not said.title:
        return Form(name="declare", values={"severity": severity.value, "visibility": said.visibility.value})
    command = Declare(**asker.base(), title=said.title, severity=severity, visibility=said.visibility)
    return Request(use_case=declare, command=command)


def _list(_: Asker, words: str) -> Parsed:
    said = _LIST.fullmatch(words.strip().lower())
    if said is None:
        message = (
            "Use `list` for the open incidents, or `list all` for the newest of any state; `before 120` shows those "
            "with a lower number."
        )
        raise InvalidInput(message)
    return Query(name="list_all" if said["all"] else "list", words=said["before"] or "")


def _help(_: Asker, __: str) -> Parsed:
    return Query(name="help")


def _timeline(asker: Asker, words: str) -> Parsed:
    label = timeline_words(words)
    return Query(name="timeline", number=asker.number, words=label)


def _alerts(asker: Asker, words: str) -> Parsed:
    named, said = first_word(words)
    group = named_group(named, "alerts") if named else None
    if group is None or not said:
        return Query(name="alerts", number=asker.number, group=group)
    use_case, command = group_words(asker.base(), group, said)
    return Request(use_case=use_case, command=command)


def _changes(asker: Asker, words: str) -> Parsed:
    return Query(name="changes", number=asker.number, hours=hours_said(words))


def _signals(asker: Asker, words: str) -> Parsed:
    if not words.strip():
        return Query(name="signals", number=asker.number)
    return Request(use_case=judge_signal, command=judgement(asker.on_incident(), words))


def _attach(asker: Asker, words: str) -> Parsed:
    change = change_named(words)
    if change is not None:
        return Request(use_case=attach_change, command=AttachChange(**asker.on_incident(), change=change))
    command = AttachGroup(**asker.on_incident(), group=named_group(words, "attach"))
    return Request(use_case=attach_group, command=command)


def _detach(asker: Asker, words: str) -> Parsed:
    command = DetachGroup(**asker.on_incident(), group=named_group(words, "detach"))
    return Request(use_case=detach_group, command=command)


def _noise(asker: Asker, words: str) -> Parsed:
    asked = noise_words(asker.base(), words)
    if isinstance(asked, int):
        return Query(name="noise", hours=24 * asked)
    return Request(use_case=asked[0], command=asked[1])


def _status(asker: Asker, words: str) -> Parsed:
    if not words:
        return Query(name="card", number=asker.number)
    name = words.lower().replace(" ", "_")
    if name not in {status.value for status in ACTIVE_STATUSES}:
        message = (
            f"“{words[:40]}” is not a status to go to. Use `status investigating`, `status mitigating` or "
            "`status monitoring`; `resolve` and `reopen` are verbs of their own."
        )
        raise InvalidInput(message)
    return Request(use_case=change_status, command=ChangeStatus(**asker.on_incident(), target=Status(name)))


def _severity(asker: Asker, words: str) -> Parsed:
    severity, reason = severity_and_reason(words)
    command = ChangeSeverity(**asker.on_incident(), severity=severity, reason=reason)
    return Request(use_case=change_severity, command=command)


def _role(asker: Asker, words: str) -> Parsed:
    match = re.fullmatch(r"(?P<role>[A-Za-z][A-Za-z _-]*?)(?:\s+(?P<who><@[^>]+>|@\S+|none|nobody|me))?", words)
    if not match:
        message = "Say the role and who: `role commander @name`."
        raise InvalidInput(message)
    role, who = Role.parse(match["role"]), match["who"] or "me"
    holder = _holder(asker, who)
    return Request(use_case=assign_role, command=AssignRole(**asker.on_incident(), role=role, holder=holder))


def _holder(asker: Asker, who: str) -> Person | None:
    if who in {"none", "nobody"}:
        return None
    if who == "me":
        return asker.person
    person = asker.resolve_person(who)
    if person is None:
        message = f"I do not know {who}. {WHO_IS_MEANT}"
        raise InvalidInput(message)
    return person


def _note(asker: Asker, words: str) -> Parsed:
    return Request(use_case=note, command=Note(**asker.on_incident(), text=words))


def _update(asker: Asker, words: str) -> Parsed:
    return Request(use_case=send_update, command=SendUpdate(**asker.on_incident(), text=words))


def _impact(asker: Asker, words: str) -> Parsed:
    return Request(use_case=set_impact, command=SetImpact(**asker.on_incident(), text=words))


def _milestone(asker: Asker, words: str) -> Parsed:
    said = milestone_words(words)
    if said.is_cleared:
        clear = ClearMilestone(**asker.on_incident(), milestone=said.milestone, phase=said.phase)
        return Request(use_case=clear_milestone, command=clear)
    command = SetMilestone(**asker.on_incident(), milestone=said.milestone, when=said.when, phase=said.phase)
    return Request(use_case=set_milestone, command=command)


def _correct(asker: Asker, words: str) -> Parsed:
    label, text = label_and_words(words, "correct E7 [time] text")
    return Request(use_case=correct, command=Correct(**asker.on_incident(), label=label, text=text))


def _withdraw(asker: Asker, words: str) -> Parsed:
    label, reason = label_and_words(words, "withdraw E7 reason")
    return Request(use_case=withdraw, command=Withdraw(**asker.on_incident(), label=label, reason=reason))


def _restore(asker: Asker, words: str) -> Parsed:
    label, reason = label_and_words(words, "restore E7 [reason]")
    return Request(use_case=restore, command=Restore(**asker.on_incident(), label=label, reason=reason))


def _promote(asker: Asker, words: str) -> Parsed:
    what, tag = target_and_tag(words, "promote E7 as cause")
    if tag == NONE:
        return _unpromote(asker, what)
    command = Promote(**asker.on_incident(), what=what, tag=Tag(tag) if tag else Tag.FACT)
    return Request(use_case=promote, command=command)


def _unpromote(asker: Asker, words: str) -> Parsed:
    label, rest = label_and_words(words, "unpromote E7 [as cause]")
    _, tag = target_and_tag(f"{label} {rest}", "unpromote E7 [as cause]")
    command = Unpromote(**asker.on_incident(), label=label, tag=Tag(tag) if tag and tag != NONE else None)
    return Request(use_case=unpromote, command=command)


def _resolve(asker: Asker, words: str) -> Parsed:
    is_confirmed = words.lower() == "confirm"
    nothing("" if is_confirmed else words, "resolve")
    return Request(use_case=resolve, command=Resolve(**asker.on_incident(), is_confirmed=is_confirmed))


def _reopen(asker: Asker, words: str) -> Parsed:
    return Request(use_case=reopen, command=Reopen(**asker.on_incident(), reason=words))


def _duplicate(asker: Asker, words: str) -> Parsed:
    number, reason = duplicate_and_reason(words)
    command = EndIncident(**asker.on_incident(), move=Move.DUPLICATE, duplicate_of=number, reason=reason)
    return Request(use_case=end_incident, command=command)


def _ending(move: Move) -> Callable[[Asker, str], Parsed]:
    def read(asker: Asker, words: str) -> Parsed:
        return Request(use_case=end_incident, command=EndIncident(**asker.on_incident(), move=move, reason=words))

    return read


def _private(asker: Asker, words: str) -> Parsed:
    nothing(words, "private")
    command = SetVisibility(**asker.on_incident(), visibility=Visibility.PRIVATE)
    return Request(use_case=set_visibility, command=command)


def _public(asker: Asker, words: str) -> Parsed:
    is_confirmed = words.lower() == "confirm"
    nothing("" if is_confirmed else words, "public")
    return Request(use_case=make_public, command=MakePublic(**asker.on_incident(), is_confirmed=is_confirmed))


def _page(asker: Asker, words: str) -> Parsed:
    if words.lower() in {"", "list"}:
        return Query(name="pages", number=asker.number)
    return Late(name="page", words=words, asker=asker)


def _oncall(_: Asker, words: str) -> Parsed:
    return Query(name="oncall", words=words)


def _unapprove(asker: Asker, words: str) -> Parsed:
    return Request(use_case=unapprove, command=Unapprove(**asker.on_incident(), reason=words))


def _late(name: str) -> Callable[[Asker, str], Parsed]:
    def read(asker: Asker, words: str) -> Parsed:
        return Late(name=name, words=words, asker=asker)

    return read


_TABLE = (
    ("declare", "declare [SEV1…SEV5] [private:] title", "open an incident; alone, it asks with a form", _declare),
    ("list", "list [all] [before 120]", "the open incidents; `list all` for the newest of any state", _list),
    ("status", "status [investigating|mitigating|monitoring]", "show the incident, or move it", _status),
    ("severity", "severity SEV2 [reason]", "change how bad it is", _severity),
    ("role", "role commander @name", "give a role; also deputy, scribe, communications, responder", _role),
    ("note", "note [time] text", "write into the record, now or back-dated in your zone", _note),
    ("impact", "impact text", "what customers feel, in one line", _impact),
    ("update", "update text", "tell stakeholders, in the channel", _update),
    ("milestone", "milestone detection 09:12 [phase 1]", "set one of the seven instants; `none` clears it", _milestone),
    ("timeline", "timeline [E7]", "the newest of the record with its labels, or from E7 on", _timeline),
    (
        "alerts",
        "alerts [G-42 [mattered|noise 1d why|split NAME|put back]]",
        "the groups of alerts, of this incident or of now; one with its reasons; say something of one",
        _alerts,
    ),
    ("signals", "signals [G-42 useful|not related]", "what may belong here and why, or say it of one", _signals),
    ("changes", "changes [12h]", "deploys, flags and events around its start, to be attached", _changes),
    ("attach", "attach G-42|C-7", "the alerts, or the change, are a part of this incident", _attach),
    ("detach", "detach G-42", "they are not, after all", _detach),
    (
        "page",
        "page SERVICE|@name|policy NAME [text]",
        "wake somebody; asks first; `page ack 1`, `page resolve 1`",
        _page,
    ),
    ("oncall", "oncall SERVICE|policy NAME", "who is on call, the first to be woken first", _oncall),
    ("noise", "noise [7d|stop|resume|approve P-3|decline P-3]", "what is noise, with proof; stop holding back", _noise),
    ("correct", "correct E7 [time] text", "say what is right; what was said stays on record", _correct),
    ("withdraw", "withdraw E7 reason", "take an entry off the timeline; it stays on record", _withdraw),
    ("restore", "restore E7 [reason]", "put a withdrawn entry back", _restore),
    ("promote", "promote E7 [as cause]", "vouch for an event: fact, cause, went_well, action_item, …", _promote),
    ("unpromote", "unpromote E7 [as cause]", "take that back", _unpromote),
    ("resolve", "resolve", "it is over", _resolve),
    ("reopen", "reopen reason", "it was not over: the next phase begins", _reopen),
    ("draft", "draft [sre|pagerduty|short|company]", "make the postmortem draft from the record", _late("draft")),
    ("approve", "approve HASH", "sign the draft by the first letters of its hash", _late("approve")),
    ("unapprove", "unapprove [reason]", "take your approval back, while nothing is published", _unapprove),
    ("publish", "publish", "publish the approved draft", _late("publish")),
    ("close", "close [reason]", "finish; with a reason if nothing was published", _late("close")),
    ("duplicate", "duplicate of 12 [reason]", "it belongs to another incident", _duplicate),
    ("decline", "decline reason", "it was not an incident", _ending(Move.DECLINE)),
    ("cancel", "cancel reason", "give it up", _ending(Move.CANCEL)),
    ("private", "private", "only role holders and channel members may see it", _private),
    ("public", "public", "everybody may see it; asks first", _public),
    ("help", "help", "this list", _help),
)

VERBS = {name: Verb(name=name, usage=usage, summary=summary, read=read) for name, usage, summary, read in _TABLE}
