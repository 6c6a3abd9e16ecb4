"""The facts of the ledger: their kinds, and the record of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from analysis.precision import Precision


class EventKind(StrEnum):
    """What an event states. `TIMELINE_KINDS` says which people see as lines of the timeline."""

    DECLARED = "declared"  #: the incident was opened; payload: title, severity, visibility, phase
    NOTE = "note"  #: somebody wrote a note for the record
    MESSAGE = "message"  #: the text of a marked message, one event a version; payload: channel, ts, version
    MESSAGE_MARKED = "message_marked"  #: somebody marked a message; payload: channel, ts, emoji, at
    MESSAGE_UNMARKED = "message_unmarked"  #: the mark was taken back; payload as above
    MESSAGE_DELETED = "message_deleted"  #: Slack says the message is gone; payload: channel, ts
    FACT_PROMOTED = "fact_promoted"  #: a responder vouches for an event; payload: as; `refers_to` the event
    FACT_UNPROMOTED = "fact_unpromoted"  #: that is taken back; payload: as (empty: every tag); `refers_to` the event
    CORRECTED = "corrected"  #: what an event says; payload: changes, at, precision, sets_impact; `refers_to` it
    WITHDRAWN = "withdrawn"  #: an event is taken off the timeline, `text` says why; `refers_to` it
    RESTORED = "restored"  #: a withdrawn event is on the timeline again; `refers_to` it
    STATUS_CHANGED = "status_changed"  #: payload: move, from, to, reason, phase
    REOPENED = "reopened"  #: the next phase began; payload: from, to, reason, phase
    SEVERITY_CHANGED = "severity_changed"  #: payload: from, to
    ROLE_ASSIGNED = "role_assigned"  #: payload: role, person (empty: nobody)
    VISIBILITY_CHANGED = "visibility_changed"  #: payload: from, to
    MILESTONE_SET = "milestone_set"  #: payload: milestone, phase, said_at, replaces; `occurred_at` is the instant
    MILESTONE_CLEARED = "milestone_cleared"  #: nobody knows it after all; payload: milestone, phase, said_at
    IMPACT_SET = "impact_set"  #: customer impact in one line
    UPDATE_SENT = "update_sent"  #: what stakeholders were told
    DEPLOY = "deploy"  #: by webhook; payload: service, version, link
    FEATURE_FLAG = "feature_flag"  #: by webhook; payload: service, flag, value, link
    EXTERNAL = "external"  #: a generic event by webhook
    CHANNEL_LINKED = "channel_linked"  #: the incident's Slack channel; payload: channel, name, is_private where known,
    #: and `was` where Slack gave the channel that was the incident's another identifier
    ALERT_GROUP_ATTACHED = "alert_group_attached"  #: alerts belong to it; payload: group, rule, alerts, since
    ALERT_GROUP_DETACHED = "alert_group_detached"  #: they do not, after all; payload as above
    ALERT_GROUP_COUNTED = "alert_group_counted"  #: what it had come to at the resolution; payload: group, phase,
    #: alerts, series, firing, since, until; for what has no line of its own `groups` in place of the group and times
    PAGED = "paged"  #: somebody asked the pager to wake somebody; payload: page, kind, target, pager
    PAGE_SENT = "page_sent"  #: the pager took it; payload: page, pager, link
    PAGE_FAILED = "page_failed"  #: the pager has not got it (yet); payload: page, because, call, is_final
    PAGE_ACKNOWLEDGED = "page_acknowledged"  #: somebody works on it; payload: page
    PAGE_RESOLVED = "page_resolved"  #: it is over, there as here; payload: page
    PAGE_REOPENED = "page_reopened"  #: it is open again, or nobody works on it; payload: page
    CHANNEL_CLOSED = "channel_closed"  #: that channel was archived or deleted; payload: channel
    CHANNEL_LEFT = (
        "channel_left"  #: private by now, it goes on in another channel than this public one; payload: channel
    )
    CARD_PINNED = "card_pinned"  #: the incident's card; payload: ts
    HOLDING_CHANGED = (
        "holding_changed"  #: which alerts may wait, on the workspace's log; payload: move, policy, pattern
    )
    SETTINGS_CHANGED = "settings_changed"  #: on the workspace's log, at a start; payload: now, changed (before, after)
    DRAFTED = "drafted"  #: a revision was made; payload: revision, hash, templates, audience, targets
    APPROVED = "approved"  #: a revision was signed; payload: revision, hash
    APPROVAL_VOIDED = "approval_voided"  #: the approval no longer counts; payload: revision, because
    DOCUMENT_FLAGGED = "document_flagged"  #: the record changed under a published document; payload as above
    PUBLISHED = "published"  #: payload: revision, target, where
    REMINDED = "reminded"  #: people were told, once, of what waits for them; payload: about
    GLASS_BROKEN = "glass_broken"  #: an admin outside of a private incident acted in it; payload: act; `text` says why
    ERASED = "erased"  #: a field's content and salt were destroyed; payload: seq, field, reason


#: What people see as lines of the timeline; the rest is how the record came to be.
TIMELINE_KINDS = frozenset(
    {
        EventKind.DECLARED,
        EventKind.NOTE,
        EventKind.MESSAGE,
        EventKind.STATUS_CHANGED,
        EventKind.REOPENED,
        EventKind.SEVERITY_CHANGED,
        EventKind.ROLE_ASSIGNED,
        EventKind.VISIBILITY_CHANGED,
        EventKind.MILESTONE_SET,
        EventKind.IMPACT_SET,
        EventKind.UPDATE_SENT,
        EventKind.DEPLOY,
        EventKind.FEATURE_FLAG,
        EventKind.EXTERNAL,
        EventKind.ALERT_GROUP_ATTACHED,
        EventKind.ALERT_GROUP_DETACHED,
        EventKind.ALERT_GROUP_COUNTED,
        EventKind.PAGED,
        EventKind.PAGE_FAILED,
        EventKind.PAGE_ACKNOWLEDGED,
        EventKind.PAGE_RESOLVED,
        EventKind.PAGE_REOPENED,
    }
)

#: What a Slack message is put together from.
MESSAGE_KINDS = frozenset(
    {EventKind.MESSAGE, EventKind.MESSAGE_MARKED, EventKind.MESSAGE_UNMARKED, EventKind.MESSAGE_DELETED}
)

#: What is a line of the timeline by itself, at its own instant.
LINE_KINDS = TIMELINE_KINDS - MESSAGE_KINDS

#: What decides which entries there are and in which order, by columns that are not sealed.
PLACING_KINDS = LINE_KINDS | {EventKind.MESSAGE, EventKind.MESSAGE_MARKED}

#: What follows from the document, from Slack's answers and from who looked, and leaves the document as it is.
BOOKKEEPING_KINDS = frozenset(
    {
        EventKind.CHANNEL_LINKED,
        EventKind.CHANNEL_CLOSED,
        EventKind.CHANNEL_LEFT,
        EventKind.CARD_PINNED,
        EventKind.DRAFTED,
        EventKind.APPROVED,
        EventKind.APPROVAL_VOIDED,
        EventKind.DOCUMENT_FLAGGED,
        EventKind.PUBLISHED,
        EventKind.REMINDED,
        EventKind.GLASS_BROKEN,
        EventKind.PAGE_SENT,
    }
)


class Source(StrEnum):
    """By which door an event came in."""

    SLACK = "slack"  #: a command, button, form, reaction or message
    COMMAND_LINE = "command_line"  #: `debrief …`
    WEBHOOK = "webhook"  #: a signed request from another system
    IMPORT = "import"  #: an incident record read by `replay` or `import`
    DEBRIEF = "debrief"  #: follows from another event, such as a milestone from a change of status


class Tag(StrEnum):
    """What a promoted event stands for in the document."""

    FACT = "fact"  #: true, says a responder; may be stated without attribution
    IMPACT = "impact"  #: what customers felt
    TRIGGER = "trigger"  #: what set it off
    CAUSE = "cause"  #: a contributing factor
    DETECTION = "detection"  #: how it was noticed
    RESOLUTION = "resolution"  #: what ended it
    WENT_WELL = "went_well"  #: what went well, in the review
    NOT_SO_WELL = "not_so_well"  #: what made it harder or slower
    LUCKY = "lucky"  #: what could have made it worse and did not
    RECURRENCE = "recurrence"  #: whether it had happened before
    ACTION_ITEM = "action_item"  #: what will change, by whom and until when


#: What people think of it afterwards. It stands under their names, and nothing that happened follows from it.
REVIEW_TAGS = frozenset({Tag.WENT_WELL, Tag.NOT_SO_WELL, Tag.LUCKY, Tag.RECURRENCE, Tag.ACTION_ITEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A fact before the ledger gives it a place; equal natural keys in one incident are one fact."""

    id: UUID
    kind: EventKind
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    source: Source
    natural_key: str
    precision: Precision = Precision.SECOND
    text: str = ""
    payload: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    refers_to: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse naive times, because they would later be read in the wrong zone."""
        if self.occurred_at.tzinfo is None or self.recorded_at.tzinfo is None:
            message = "an event's times need a time zone"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent(NewEvent):
    """A recorded fact: its incident, its place there from 1 on, and its hash in the chain.

    `erased` names the fields whose content was destroyed on request; they read as empty.
    """

    incident_id: UUID
    seq: int
    hash: bytes
    erased: frozenset[str] = frozenset()

    @property
    def lost_details(self) -> bool:
        """Whether its payload is gone: what it decided or was about cannot be read from it any more.

        Nobody can have such an entry erased, but a damaged database must still be read.
        """
        return "payload" in self.erased
