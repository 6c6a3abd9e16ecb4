"""The rows, as SQLModel classes without behaviour; `mapping` turns them into records and back.

Content that a person could be named in, or asked to be erased from, is sealed (`bytes` columns whose names say so
below); what stays in plain columns is what the database must compare: ids, numbers, states, instants, hashes.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field

import bot.store.grouping.group_tables
import bot.store.grouping.signal_tables
import bot.store.holding.hold_tables
import bot.store.model.inventory_tables
import bot.store.model.model_call_tables
import bot.store.model.vault_tables
import bot.store.paging.paging_tables  # noqa: F401 - its rows are a part of METADATA, as are those of the others
from bot.store.database.rows import COUNTER, Row, table_of
from bot.store.database.types import KEY_TEXT, Bytes, UtcDateTime

#: Deliveries that still have to be sent; the partial index below keeps them quick to find among millions sent.
OPEN_STATES = "state IN ('pending', 'sending', 'unknown')"
#: Those that wait for somebody, in the words of an index of their own: every scrape asks for them.
PARKED_STATE = "state = 'parked'"


class SealingKeyRow(Row, table=True):
    """Which key the contents are sealed with, by a fingerprint that discloses nothing."""

    __tablename__ = "sealing_key"
    fingerprint: bytes = Field(primary_key=True, sa_type=Bytes)
    created_at: datetime = Field(sa_type=UtcDateTime)


class WorkspaceRow(Row, table=True):
    """A Slack workspace."""

    __tablename__ = "workspace"
    id: UUID = Field(primary_key=True)
    team_id: str = Field(sa_type=Text, unique=True)
    name: str = Field(sa_type=Text)


class IncidentRow(Row, table=True):
    """The state after the last event, and the head of the chain.

    `content` is sealed: title, impact, who declared it, roles, channel name.
    """

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("workspace_id", "number"),)
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    number: int
    severity: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    visibility: str = Field(sa_type=Text)
    phase: int
    declared_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime | None = Field(sa_type=UtcDateTime)
    channel_id: str | None = Field(sa_type=Text, index=True)
    card_ts: str | None = Field(sa_type=Text)
    duplicate_of: int | None
    content: bytes = Field(sa_type=Bytes)
    sequence_head: int
    head_hash: bytes = Field(sa_type=Bytes)


class TimelineEventRow(Row, table=True):
    """One fact, in its place of the chain. Only an erasure ever changes a row: it empties a salt and ciphertext."""

    __tablename__ = "timeline_event"
    __table_args__ = (UniqueConstraint("incident_id", "seq"), UniqueConstraint("incident_id", "natural_key"))
    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incident.id")
    seq: int
    kind: str = Field(sa_type=Text)
    occurred_at: datetime = Field(sa_type=UtcDateTime)
    precision: str = Field(sa_type=Text)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    source: str = Field(sa_type=Text)
    natural_key: str = Field(sa_type=KEY_TEXT)
    refers_to: UUID | None
    hash: bytes = Field(sa_type=Bytes)
    actor_salt: bytes | None = Field(sa_type=Bytes)
    actor_commitment: bytes = Field(sa_type=Bytes)
    actor_sealed: bytes | None = Field(sa_type=Bytes)
    text_salt: bytes | None = Field(sa_type=Bytes)
    text_commitment: bytes = Field(sa_type=Bytes)
    text_sealed: bytes | None = Field(sa_type=Bytes)
    payload_salt: bytes | None = Field(sa_type=Bytes)
    payload_commitment: bytes = Field(sa_type=Bytes)
    payload_sealed: bytes | None = Field(sa_type=Bytes)


class ChainAnchorRow(Row, table=True):
    """A head that was written down somewhere else, and where."""

    __tablename__ = "chain_anchor"
    __table_args__ = (UniqueConstraint("incident_id", "seq", "place"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    incident_id: UUID = Field(foreign_key="incident.id")
    seq: int
    hash: bytes = Field(sa_type=Bytes)
    anchored_at: datetime = Field(sa_type=UtcDateTime)
    place: str = Field(sa_type=Text)


class InboxRow(Row, table=True):
    """One arrival that was recorded, and the sealed answer it got, for when it arrives again."""

    __tablename__ = "inbox"
    source: str = Field(primary_key=True, sa_type=Text)
    external_id: str = Field(primary_key=True, sa_type=Text)
    body_hash: bytes = Field(sa_type=Bytes)
    reply: bytes | None = Field(sa_type=Bytes)
    received_at: datetime = Field(sa_type=UtcDateTime)


class HeldMessageRow(Row, table=True):
    """An edit or deletion that came before any mark; `body` is sealed and gone after `expires_at`."""

    __tablename__ = "held_message"
    __table_args__ = (Index(None, "channel", "ts"),)
    id: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    channel: str = Field(sa_type=Text)
    ts: str = Field(sa_type=Text)
    body: bytes = Field(sa_type=Bytes)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeliveryRow(Row, table=True):
    """Something to tell the outside; `arguments` is sealed.

    `seq` is the order within a lane, except that one which replaces a waiting one takes that one's `place`.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("ix_delivery_open", "lane", "seq", sqlite_where=text(OPEN_STATES), postgresql_where=text(OPEN_STATES)),
        Index("ix_delivery_parked", "lane", sqlite_where=text(PARKED_STATE), postgresql_where=text(PARKED_STATE)),
        Index(None, "incident_id"),
    )
    seq: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    id: UUID = Field(unique=True)
    lane: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    arguments: bytes = Field(sa_type=Bytes)
    incident_id: UUID | None = Field(foreign_key="incident.id")
    coalesce: str | None = Field(sa_type=Text)
    is_post: bool
    state: str = Field(sa_type=Text)
    attempts: int
    place: int | None = Field(sa_type=BigInteger)
    next_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    because: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)


class LaneRow(Row, table=True):
    """What holds a lane up: a rest after a post, or a reason to wait for somebody."""

    __tablename__ = "lane"
    key: str = Field(primary_key=True, sa_type=Text)
    rests_until: datetime | None = Field(sa_type=UtcDateTime)
    parked_because: str | None = Field(sa_type=Text)
    operator_told: bool


class RevisionRow(Row, table=True):
    """One version of an incident's document; `content` is sealed: the tree and its authors.

    With `is_erased` the content lost what was erased on request, so it is no longer what `hash` covers.
    """

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)
    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incident.id")
    number: int
    hash: bytes = Field(sa_type=Bytes)
    ledger_seq: int
    ledger_hash: bytes = Field(sa_type=Bytes)
    cites: str = Field(sa_type=Text)
    targets: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    is_superseded: bool
    is_erased: bool
    content: bytes = Field(sa_type=Bytes)


class ApprovalRow(Row, table=True):
    """A signature on a revision; `content` is sealed: who signed, and why it no longer counts."""

    __tablename__ = "approval"
    __table_args__ = (Index(None, "revision_id"),)
    id: UUID = Field(primary_key=True)
    revision_id: UUID = Field(foreign_key="revision.id")
    hash: bytes = Field(sa_type=Bytes)
    approved_at: datetime = Field(sa_type=UtcDateTime)
    is_alone: bool
    is_voided: bool
    content: bytes = Field(sa_type=Bytes)


class PublicationRow(Row, table=True):
    """What became of one target of a revision; `location` is sealed, because paths carry titles."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("revision_id", "target"),)
    id: UUID = Field(primary_key=True)
    revision_id: UUID = Field(foreign_key="revision.id")
    target: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    location: bytes = Field(sa_type=Bytes)
    published_at: datetime | None = Field(sa_type=UtcDateTime)


class PersonRow(Row, table=True):
    """What Slack said of a user when it was last asked; `name` is sealed."""

    __tablename__ = "person"
    id: str = Field(primary_key=True, sa_type=Text)
    name: bytes = Field(sa_type=Bytes)
    zone: str = Field(sa_type=Text)
    groups: str = Field(sa_type=Text)
    is_outsider: bool
    is_bot: bool
    is_deactivated: bool
    fetched_at: datetime = Field(sa_type=UtcDateTime)


class MembershipRow(Row, table=True):
    """A person is in a channel or has left it, by what Slack dated last (`moved_at`)."""

    __tablename__ = "membership"
    channel: str = Field(primary_key=True, sa_type=Text)
    person: str = Field(primary_key=True, sa_type=Text)
    has_left: bool
    moved_at: datetime = Field(sa_type=UtcDateTime)


class AlertRow(Row, table=True):
    """A series of alerts by its newest episode, and how often it was heard of; `parts` are the same by severity."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("workspace_id", "fingerprint"),)
    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id")
    fingerprint: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    severity: str = Field(sa_type=Text)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    began_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(sa_type=UtcDateTime)
    first_received_at: datetime = Field(sa_type=UtcDateTime)
    last_received_at: datetime = Field(sa_type=UtcDateTime)
    deliveries: int = Field(sa_type=BigInteger)
    parts: str | None = Field(sa_type=Text)


class AlertEventRow(Row, table=True):
    """Something new that a delivery told of a series, in the order of arrival; `content` is sealed."""

    __tablename__ = "alert_event"
    __table_args__ = (UniqueConstraint("alert_id", "starts_at", "status", "severity"),)
    seq: int | None = Field(default=None, primary_key=True, sa_type=COUNTER)
    alert_id: UUID = Field(foreign_key="alert.id")
    news: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    severity: str = Field(sa_type=Text)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    content: bytes = Field(sa_type=Bytes)


METADATA = Row.metadata


SEALING_KEY = table_of(SealingKeyRow)
WORKSPACE = table_of(WorkspaceRow)
INCIDENT = table_of(IncidentRow)
TIMELINE_EVENT = table_of(TimelineEventRow)
CHAIN_ANCHOR = table_of(ChainAnchorRow)
INBOX = table_of(InboxRow)
HELD_MESSAGE = table_of(HeldMessageRow)
DELIVERY = table_of(DeliveryRow)
LANE = table_of(LaneRow)
REVISION = table_of(RevisionRow)
APPROVAL = table_of(ApprovalRow)
PUBLICATION = table_of(PublicationRow)
PERSON = table_of(PersonRow)
MEMBERSHIP = table_of(MembershipRow)
ALERT = table_of(AlertRow)
ALERT_EVENT = table_of(AlertEventRow)
