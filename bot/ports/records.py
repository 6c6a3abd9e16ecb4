"""The plain records that cross the ports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from analysis.alerts.alert import Alert
from analysis.alerts.episodes import Series
from analysis.events import NewEvent
from analysis.incident import Incident
from bot.ports.grouping import GroupChanges
from bot.ports.holding import HoldChanges
from bot.ports.inventory import InventoryChanges
from bot.ports.learning import ModelChanges
from bot.ports.paging import Forward, Page
from bot.ports.signals import SignalChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxKey:
    """The natural key of one arrival: the same key with another body is a conflict."""

    source: str
    external_id: str
    body_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the asker is told; `incident` lets an adapter show more than the sentence.

    `form_errors` maps a form's field to its sentence; `repeated` says that nothing new was recorded. `instants` are
    those that the text names in UTC: an adapter may show them on the reader's own clock.
    """

    text: str = ""
    instants: tuple[datetime, ...] = ()
    incident: UUID | None = None
    number: int | None = None
    form_errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    repeated: bool = False


class DeliveryKind(StrEnum):
    """What the outside must be told; rendered from the record when it is sent, so it holds no content."""

    OPEN_CHANNEL = "open_channel"  #: create the incident's channel
    INVITE = "invite"  #: arguments: people
    TOPIC = "topic"  #: set the channel's topic from the incident
    CARD = "card"  #: post the incident's card, or edit it in place
    PIN_CARD = "pin_card"  #: pin the posted card
    ANNOUNCE = "announce"  #: a new post about one event; arguments: event
    MAKE_DRAFT = "make_draft"  #: compose a revision and store it; arguments: number, who asked by which door, tries
    OFFER_DRAFT = "offer_draft"  #: post a revision with its buttons; arguments: revision
    SHOW_DRAFT_STATE = "show_draft_state"  #: edit the offer after an approval or voiding; arguments: revision
    PUBLISH = "publish"  #: write to one target; arguments: revision, target
    LEAVE_CHANNEL = "leave_channel"  #: say in a public channel that was left where to ask; arguments: channel, ask
    RENAME_CHANNEL = "rename_channel"  #: take the title out of its name; arguments: channel
    HIDE_MESSAGE = "hide_message"  #: edit a message of ours; arguments: channel, ts, sentence
    DELETE_FILE = "delete_file"  #: an upload of ours; arguments: file
    FETCH_MESSAGE = "fetch_message"  #: read one marked message; arguments: channel, ts
    ALERT_GROUP = (
        "alert_group"  #: post a group's message anew, or edit it; arguments: group, notice (empty: edit), former
    )
    ALERT_STORM = "alert_storm"  #: post or edit the one message about several groups; arguments: storm
    SIGNALS = "signals"  #: post the message that lists an incident's signals, or edit it
    GROUP_CHART = "group_chart"  #: draw and upload the chart of a group; arguments: group
    SEND_PAGE = "send_page"  #: ask the pager; arguments: page, event
    TELL_PAGER = "tell_pager"  #: acknowledge or resolve a page there; arguments: page, news
    LOOK_FOR_PAGE = "look_for_page"  #: whether the pager made anything of what it took; arguments: page
    FORWARD_ALERT = "forward_alert"  #: an alert of a route in line; arguments: what the pager is told
    HOLD_PROPOSAL = "hold_proposal"  #: post or edit the question whether a pattern may be held; arguments: policy
    HOLD_DIGEST = "hold_digest"  #: list what was held; arguments: digest
    NOISE_ACCOUNT = "noise_account"  #: the week's account of noise; arguments: week
    HOLD_NEWS = "hold_news"  #: a sentence for on-call leads; arguments: sentence
    REMINDER = "reminder"  #: a post about what waits for somebody, or is not as it seems; arguments: about, revision
    TELL_PERSON = "tell_person"  #: arguments: person, channel, sentence
    TELL_OPERATOR = "tell_operator"  #: arguments: sentence


class DeliveryState(StrEnum):
    """Where a delivery is."""

    PENDING = "pending"  #: waits for its turn
    SENDING = "sending"  #: an attempt has begun; after a crash it is reconciled first
    SENT = "sent"  #: done
    UNKNOWN = "unknown"  #: it may have arrived and Slack could not be asked; never resent blindly
    PARKED = "parked"  #: cannot be sent until somebody acts
    SUPERSEDED = "superseded"  #: a newer one made it unnecessary


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """Something to tell the outside, in order within its `lane`.

    A pending delivery with the same `coalesce` key is replaced by this one. `is_post` counts towards an
    incident's message budget; one that `must_be_noticed` may use all of it: a rise in severity, a reopening, an
    approval that no longer holds, a document that somebody asked for and waits for.
    """

    id: UUID
    kind: DeliveryKind
    lane: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    incident_id: UUID | None = None
    coalesce: str | None = None
    is_post: bool = False
    must_be_noticed: bool = False


#: What the `result` of a message that the budget held back has from the start.
HELD_BACK = "held_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPost:
    """A message that waits for the end of an incident's first half hour, by its `coalesce` key.

    `event` is the natural key of the one event that it tells, empty where it is about more.
    """

    coalesce: str | None
    until: datetime
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(NewDelivery):
    """A stored delivery that a dispatcher has claimed; `attempts` counts this one too."""

    seq: int
    attempts: int
    created_at: datetime
    result: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a delivery left in Slack: a message (`channel`, `ts`), files and the message that carries them (`file_ts`).

    What was not kept is empty.
    """

    kind: DeliveryKind
    arguments: Mapping[str, Any]
    channel: str = ""
    ts: str = ""
    file_ts: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionHead:
    """What can be said of a revision without opening its document, which may be long.

    With `is_erased` something that it quoted was destroyed on request: the hash still names what was signed, the
    content is less.
    """

    id: UUID
    incident_id: UUID
    number: int
    hash: bytes
    ledger_seq: int
    ledger_hash: bytes
    targets: tuple[str, ...]
    created_at: datetime
    is_superseded: bool = False
    is_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(RevisionHead):
    """One version of an incident's document.

    `document` is the JSON tree of the postmortem; `hash` covers it with everything that approval signs;
    `cites` are the events it rests on; `authors` may not approve it where four eyes are needed.
    """

    document: Mapping[str, Any]
    authors: frozenset[str]
    cites: frozenset[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's signature on a revision's hash; `is_alone` marks an approval by its own author."""

    id: UUID
    revision_id: UUID
    approver: str
    hash: bytes
    approved_at: datetime
    is_alone: bool = False
    voided_because: str | None = None


class PublicationState(StrEnum):
    """How far a target of a draft is."""

    WAITING = "waiting"
    FAILING = "failing"  #: it has not been taken for a while and is tried again; `where` is the instant since when
    PUBLISHED = "published"
    DELIVERED = "delivered"  #: to be read and approved, which is all that happens to the offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What became of one target of an approved revision; `where` it is, or since when it fails (ISO 8601)."""

    id: UUID
    revision_id: UUID
    target: str
    state: PublicationState
    where: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDelivery:
    """A delivery that is to be sent or is parked, by its place `seq` in its lane, and what its attempts have left."""

    incident_id: UUID | None
    seq: int
    attempts: int
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """What Slack said of a user when it was last asked."""

    slack_id: str
    name: str
    zone: str
    is_outsider: bool = False
    is_bot: bool = False
    is_deactivated: bool = False
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Whether somebody is in a channel, by the joining or leaving that Slack dates `at`; the latest one counts."""

    channel: str
    actor: str
    is_member: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """An edit or deletion of a message nobody has marked yet, kept for a few minutes in case a mark is late."""

    channel: str
    ts: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAlert:
    """An alert as it will be kept: masked, with its identity, and what else its sender wrote of it.

    `is_past` where it was imported after it happened, so that it is no news to anybody.
    """

    workspace_id: UUID
    fingerprint: str
    alert: Alert
    is_past: bool = False
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class RepeatedAlert(NamedTuple):
    """An alert that was told before in the same words, prose and value apart: all that it adds is that it was heard.

    `series` is what it tells, of its own severity alone where `is_per_severity`. `reread` reads and masks it, should it
    be news after all. A named tuple, because a storm is made of them.
    """

    workspace_id: UUID
    fingerprint: str
    series: Series
    is_per_severity: bool
    reread: Callable[[], ReceivedAlert]


@dataclass(slots=True, kw_only=True)
class Changes:
    """All that one use case wants written, in one transaction, and what to answer; nobody changes it once it is made.

    It is not frozen, because making it would then cost five times as much: a fortieth of an append in bulk.

    `incident` is the state before `events` (for a new incident: the state that its first event opens); the
    ledger drops events whose natural key it has, places the others and folds them into the state. `erasures` are
    fields of entries to destroy, `redactions` drafts with what is left of them. `reopened_lanes` go on if they were
    parked. `also` is what has to be written about
    other incidents at once; only the reply of the whole is anybody's answer.
    """

    reply: Reply = field(default_factory=Reply)
    incident: Incident | None = None
    is_new_incident: bool = False
    events: tuple[NewEvent, ...] = ()
    deliveries: tuple[NewDelivery, ...] = ()
    revision: Revision | None = None
    approval: Approval | None = None
    voided_approvals: tuple[Approval, ...] = ()
    publications: tuple[Publication, ...] = ()
    held: tuple[HeldMessage, ...] = ()
    memberships: tuple[Membership, ...] = ()
    erasures: tuple[tuple[UUID, int, str], ...] = ()
    alerts: tuple[ReceivedAlert | RepeatedAlert, ...] = ()
    redactions: tuple[Revision, ...] = ()
    groups: GroupChanges | None = None
    signals: SignalChanges | None = None
    pages: tuple[Page, ...] = ()
    forwards: tuple[Forward, ...] = ()
    models: ModelChanges | None = None
    holds: HoldChanges | None = None
    inventory: InventoryChanges | None = None
    reopened_lanes: tuple[str, ...] = ()
    also: "tuple[Changes, ...]" = ()


def erasure_key(seq: int, field: str) -> str:
    """The natural key of the `erased` event for *field* of entry *seq*: verification reads it without any key."""
    return f"erased:{seq}:{field}"


def draft_erasure_key(number: int) -> str:
    """The natural key of the `erased` event for draft *number*, of which something was destroyed."""
    return f"erased:draft:{number}"
